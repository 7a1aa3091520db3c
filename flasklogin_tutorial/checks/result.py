"""What came of the checks; it shows itself."""

from dataclasses import dataclass, field

from flasklogin_tutorial.checks.steps import Check
from flasklogin_tutorial.show import BAD, GOOD, Cell, html_table
from flasklogin_tutorial.visit import Mismatch


@dataclass(frozen=True)
class Row:
    """The answer to one check.

    Attributes:
        check: what was asked.
        mismatch: what was wrong; None if nothing was.
    """

    check: Check
    mismatch: Mismatch | None = None

    @property
    def mark(self) -> str:
        """A tick or a cross."""
        return "✗" if self.mismatch else "✓"

    @property
    def blocked_by(self) -> str:
        """Why the check could not ask its own question; empty if it could."""
        return self.mismatch.blocked_by if self.mismatch else ""

    @property
    def details(self) -> list[tuple[str, str]]:
        """What was called, what came back, what was expected, and a hint; empty if all is well."""
        if self.mismatch is None:
            return []
        hint = self.mismatch.hint
        if self.blocked_by:
            hint = f"It could not ask: {self.blocked_by}. {hint}".strip()
        return [
            ("called", self.mismatch.called),
            ("came back", self.mismatch.came_back),
            ("expected", self.mismatch.expected),
            ("hint", hint or self.check.hint),
        ]


@dataclass
class Result:
    """The answers to all checks of a step and the steps before it; true if all passed.

    Attributes:
        step: the step that was checked.
        rows: one answer for each check.
    """

    step: int
    rows: list[Row] = field(default_factory=list)

    @property
    def failed(self) -> list[Row]:
        """The checks that did not pass."""
        return [row for row in self.rows if row.mismatch is not None]

    def __bool__(self) -> bool:
        return bool(self.rows) and not self.failed

    @property
    def headline(self) -> str:
        """The result in one line."""
        if self.failed:
            return f"step {self.step}: {len(self.failed)} of {len(self.rows)} checks failed"
        earlier = sum(row.check.step < self.step for row in self.rows)
        these = len(self.rows) - earlier
        and_earlier = f", and {earlier} of the steps before it" if earlier else ""
        return f"step {self.step}: {these} check{'s' if these > 1 else ''} passed{and_earlier}"

    @property
    def shown(self) -> list[Row]:
        """The rows worth showing: the first failures to mend, or else those of the step itself."""
        if not self.failed:
            return [row for row in self.rows if row.check.step == self.step]
        causes = [row for row in self.failed if not row.blocked_by] or self.failed
        return [row for row in causes if row.check.step == causes[0].check.step]

    @property
    def footnote(self) -> str:
        """What is not shown, in one line; empty if all is."""
        hidden = [row for row in self.failed if row not in self.shown]
        if not hidden:
            return ""
        reasons = dict.fromkeys(row.blocked_by for row in hidden)
        because = " and ".join(reason for reason in reasons if reason)
        return f"{len(hidden)} more failed{because and f', because {because}'}: mend these first."

    def __repr__(self) -> str:
        lines = [self.headline]
        for row in self.shown:
            lines.append(f"  {row.mark} {row.check.name}")
            lines += [f"      {label:<9}  {text}" for label, text in row.details]
        return "\n".join([*lines, self.footnote]).rstrip()

    def _repr_html_(self) -> str:
        rows: list[list[Cell | str]] = []
        for row in self.shown:
            colour = BAD if row.mismatch else GOOD
            rows.append([Cell(row.mark, colour=colour), Cell(row.check.name, span=2)])
            for label, text in row.details:
                rows.append([Cell(style=""), label, Cell(text, code=label != "hint")])
        if self.footnote:
            rows.append([Cell(style=""), Cell(self.footnote, span=2)])
        return html_table(rows, caption=self.headline)
