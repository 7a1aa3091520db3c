"""What came of the attacks, in the order in which somebody wants to read it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from flasklogin_tutorial.attacks.outcome import Verdict
from flasklogin_tutorial.attacks.places import Place, place_of
from flasklogin_tutorial.attacks.report import Report, Row
from flasklogin_tutorial.attacks.severity import Severity, severity_of

#: What got in comes first, then what nobody knows, then what is well.
_ORDER = (Verdict.GOT_IN, Verdict.NOT_TRIED, Verdict.HELD)


@dataclass(frozen=True)
class Finding:
    """What came of one attack, with all that a report says of it.

    Attributes:
        row: the attack and its outcome.
        severity: how bad it is if it gets in.
        place: where in the app's source it got in; None if it did not, or that is not known.
        known: whether the baseline accepts that it gets in.
    """

    row: Row
    severity: Severity
    place: Place | None = None
    known: bool = False


@dataclass(frozen=True)
class Findings:
    """What came of all attacks.

    Attributes:
        report: the report that these are of.
        target: the app, as the command line has it.
        all: one for each attack: what got in first, the worst before the others.
        root: the folder that the reader's code is in.
        when: when the attacks were over.
        gated: whether there was a baseline.
    """

    report: Report
    target: str
    all: Sequence[Finding]
    root: Path
    when: datetime
    gated: bool = False

    @property
    def trouble(self) -> str:
        """Why most attacks could not be tried, as a sentence; empty if they could."""
        said = self.report.trouble
        return f"No user could be made: {said}" if said[:1].islower() else said

    def having(self, verdict: Verdict) -> list[Finding]:
        """Return those with one verdict, in their order."""
        return [one for one in self.all if one.row.outcome.verdict is verdict]


def find(
    report: Report,
    app: Flask | str,
    target: str,
    *,
    accepted: Container[str] | None = None,
    root: Path | None = None,
) -> Findings:
    """Put together what a report says of each attack.

    Args:
        report: what came of the attacks.
        app: the app, or the address of a running one.
        target: the app, as the command line has it.
        accepted: the names of the attacks that may get in; None if there is no baseline.
        root: the folder that the reader's code is in; the current one if left out.

    Returns:
        The findings.
    """
    root = (root or Path.cwd()).resolve()
    found = []
    for row in report.rows:
        place = place_of(row, app, target, root) if row.got_in else None
        known = row.got_in and accepted is not None and row.attack.name in accepted
        found.append(Finding(row, severity_of(row.attack), place, known))
    found.sort(key=_how_urgent)
    return Findings(report, target, found, root, datetime.now(UTC), accepted is not None)


def _how_urgent(one: Finding) -> tuple[int, bool, int]:
    rank = one.severity.grade.rank if one.row.got_in else 0
    return _ORDER.index(one.row.outcome.verdict), one.known, rank


def visible(text: str) -> str:
    r"""Return a text in which every character can be seen.

    What an app answers is in the evidence, and may be written by somebody who wants to move a
    cursor, hide a line or turn it round: such a character is written as in Python, as `\x1b`.
    """
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
