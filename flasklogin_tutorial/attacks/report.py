"""What came of the attacks: as a table, as plain values, and one by one."""

from dataclasses import dataclass, field
from typing import Any

from flasklogin_tutorial.attacks.attack import Attack
from flasklogin_tutorial.attacks.outcome import Outcome, Verdict
from flasklogin_tutorial.show import (
    BAD,
    GOOD,
    NARROW,
    NEITHER,
    Cell,
    column_widths,
    html_table,
    labelled,
    text_table,
    wrap,
)

#: The version of what `as_dict` returns.
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Row:
    """What came of one attack.

    Attributes:
        attack: the attack.
        outcome: what came of it.
    """

    attack: Attack
    outcome: Outcome

    @property
    def got_in(self) -> bool:
        """Whether the attacker got what they wanted."""
        return self.outcome.verdict is Verdict.GOT_IN

    @property
    def held(self) -> bool:
        """Whether the app withstood. An attack that could not be tried was not withstood."""
        return self.outcome.verdict is Verdict.HELD

    def __str__(self) -> str:
        lines = [f"{self.attack.name}: {self.outcome.verdict.value.upper()}"]
        for label, text in (("attack", self.attack.title), ("evidence", self.outcome.says)):
            lines += labelled(label, text, room=10, width=NARROW)
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain values, for JSON."""
        one, outcome = self.attack, self.outcome
        return {
            "name": one.name,
            "title": one.title,
            "who": one.who,
            "source": {"title": one.source.title, "url": one.source.url},
            "fixed_in": one.fixed_in,
            "verdict": outcome.verdict.value,
            "says": outcome.says,
            "exchanges": [
                {"called": each.called, "came_back": each.came_back} for each in outcome.exchanges
            ],
        }


@dataclass
class Report:
    """What came of all attacks; shows itself as a table.

    Attributes:
        rows: one for each attack.
        trouble: why the app was hardly looked at, as a sentence; empty if it was.
        remark: what else the table says below its first line; empty if nothing.
    """

    rows: list[Row] = field(default_factory=list)
    trouble: str = ""
    remark: str = ""

    def having(self, verdict: Verdict) -> list[Row]:
        """Return the rows with one verdict."""
        return [row for row in self.rows if row.outcome.verdict is verdict]

    @property
    def headline(self) -> str:
        """The result in one line."""
        counted = ", ".join(f"{len(self.having(one))} {one.value}" for one in Verdict)
        return f"{len(self.rows)} attack{'' if len(self.rows) == 1 else 's'}: {counted}"

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values, for JSON."""
        return {
            "version": SCHEMA_VERSION,
            "trouble": self.trouble,
            "totals": {one.value: len(self.having(one)) for one in Verdict},
            "attacks": [row.as_dict() for row in self.rows],
        }

    def as_table(self, width: int = 120) -> str:
        """Return the report as a table of plain text.

        Args:
            width: characters of a line, as far as that can be had.

        Returns:
            The lines.
        """
        head = ("attack", "result", "fixed in", "evidence")
        cells = [(r.attack.name, r.outcome.verdict.value, r.attack.fixed_in) for r in self.rows]
        widths = column_widths([head[:3], *cells])
        room = max(28, width - sum(widths) - 6)
        rows = [[*head], ["-" * width for width in (*widths, room)]]
        for cell, row in zip(cells, self.rows, strict=True):
            first, *more = wrap(row.outcome.says, room, whole_words=True) or [""]
            rows += [[*cell, first], *(["", "", "", text] for text in more)]
        below = [*wrap(self.remark, width), *wrap(self.trouble, width)]
        return "\n".join([self.headline, *below, "", *text_table(rows)])

    def __repr__(self) -> str:
        return self.as_table()

    def _repr_html_(self) -> str:
        colours = {Verdict.GOT_IN: BAD, Verdict.HELD: GOOD, Verdict.NOT_TRIED: NEITHER}
        rows = []
        for row in self.rows:
            verdict = row.outcome.verdict
            mark = Cell(verdict.value, colour=colours[verdict])
            rows.append((mark, row.attack.title, row.outcome.says, row.attack.fixed_in))
        return html_table(rows, caption=self.headline)
