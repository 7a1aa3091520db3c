"""Running the attacks, and showing what came of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from flasklogin_tutorial.attacks.attack import ATTACKS, Attack
from flasklogin_tutorial.attacks.names import Names
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, Verdict
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.show import (
    BAD,
    GOOD,
    NEITHER,
    Cell,
    column_widths,
    html_table,
    labelled,
    text_table,
    wrap,
)
from flasklogin_tutorial.visit import describe_error, require_app

#: The version of what `as_dict` returns.
SCHEMA_VERSION = 1


class MightBeReal(Exception):
    """The attacks would write to a database that may matter to somebody."""

    def __init__(self) -> None:
        super().__init__(
            "The attacks make, change and delete users in whatever database the app is configured "
            "with. This app does not run on mongomock or on SQLite in memory. Configure it for a "
            "database that may be ruined, and say so."
        )


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
            lines += labelled(label, text, room=10)
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
        trouble: why most of them could not be tried; empty if they could.
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
        trouble = f"No user could be made: {self.trouble}" if self.trouble else ""
        below = [*wrap(self.remark, width), *wrap(trouble, width)]
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


def find_attacks(names: Sequence[str]) -> list[Attack]:
    """Return the attacks with these names.

    Args:
        names: the names; none means all attacks.

    Returns:
        The attacks, in the order of the list.

    Raises:
        ValueError: there is no attack of that name.
    """
    known = {one.name for one in ATTACKS}
    for name in names:
        if name not in known:
            raise ValueError(f"There is no attack {name!r}. There are: {', '.join(sorted(known))}.")
    return [one for one in ATTACKS if not names or one.name in names]


def try_attack(one: Attack, target: Target) -> Outcome:
    """Try one attack on a target; whatever goes wrong in it, there is an outcome.

    Args:
        one: the attack.
        target: the app.

    Returns:
        The outcome. What cannot be tried is `not tried`, with the reason, and never `held`.
    """
    try:
        return one.run(target)
    except NotTried as reason:
        return Outcome(Verdict.NOT_TRIED, str(reason))
    except Exception as error:
        says = f"The attack could not be carried out: {describe_error(error)}"
        return Outcome(Verdict.NOT_TRIED, says)


def run_attacks(
    app: Flask | str | Callable[[], Flask],
    names: Names | None = None,
    *,
    only: Sequence[str] = (),
    may_write: bool = False,
    progress: Callable[[int, int, str], None] = lambda done, all_of_them, name: None,
) -> Report:
    """Try the attacks on an app.

    **The attacks make, change and delete users in whatever database the app is configured with.**

    Args:
        app: a Flask app, a function that makes one, or the address of a running one on this
            machine, such as `http://127.0.0.1:5000`.
        names: what the app calls its routes and fields; the article's names if left out.
        only: the names of the attacks to try; all if left out.
        may_write: that the app's database may be ruined. Needed unless it is mongomock, or SQLite
            in memory.
        progress: called before each attack with the number done, the number of all, and its name.

    Returns:
        What came of each attack.

    Raises:
        MightBeReal: the database is not known to be disposable, and `may_write` was not given.
        NotAFlaskApp: `app` is none, and did not return one.
        ValueError: an address that is not on this machine, or an attack that does not exist.
    """
    chosen = find_attacks(only)
    if callable(app) and not isinstance(app, Flask):
        app = app()
    if not isinstance(app, str):
        require_app(app)
    target = Target(app, names)
    if not may_write and not target.inside.is_disposable():
        raise MightBeReal
    report = Report()
    for number, one in enumerate(chosen):
        progress(number, len(chosen), one.name)
        report.rows.append(Row(one, try_attack(one, target)))
    report.trouble = target.people.accounts.trouble
    _clean_up(target)
    progress(len(chosen), len(chosen), "done")
    return report


def _clean_up(target: Target) -> None:
    try:
        target.people.clean_up()
    except Exception:  # an app that fell apart keeps what it has
        return
