"""The findings as text, in the width of a terminal, in colour where there is one."""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from flasklogin_tutorial.attacks.findings import Finding, Findings, visible
from flasklogin_tutorial.attacks.outcome import Verdict
from flasklogin_tutorial.attacks.severity import Grade
from flasklogin_tutorial.show import wrap

#: Columns that are used where there are as many or fewer.
_NARROWEST = 60


class Style(StrEnum):
    """How a word is shown, as SGR numbers it. A colour never says alone what it says."""

    BAD = "1;31"
    WARNING = "33"
    GOOD = "32"
    STRONG = "1"
    QUIET = "2"


_GRADES = {
    Grade.CRITICAL: Style.BAD,
    Grade.SERIOUS: Style.BAD,
    Grade.MODERATE: Style.WARNING,
    Grade.MINOR: Style.WARNING,
}


class Paint:
    """Colours words, or leaves them as they are.

    Args:
        on: whether to colour.
    """

    def __init__(self, on: bool) -> None:
        self.on = on

    def __call__(self, text: str, style: Style) -> str:
        """Return a text as it is written to the terminal."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.on and text else text


_PLAIN = Paint(False)


def may_colour(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether colours may be written to a stream.

    Source: https://no-color.org, on NO_COLOR; a terminal that is called dumb knows none.

    Args:
        stream: where to.
        environment: the variables that say so.

    Returns:
        Whether it is a terminal, and nobody has said no.
    """
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return stream.isatty()


def as_text(findings: Findings, width: int = 120, *, colours: bool = False) -> str:
    """Return the findings as text.

    Args:
        findings: the findings.
        width: characters of a line.
        colours: whether to use colours.

    Returns:
        The text: the result in one line, what got in, what was not tried, what held.
    """
    width, paint, report = max(width, _NARROWEST), Paint(colours), findings.report
    lines = [paint(report.headline, Style.STRONG)]
    lines += [*wrap(report.remark, width), *wrap(visible(findings.trouble), width)]
    if got_in := findings.having(Verdict.GOT_IN):
        lines += ["", paint("GOT IN, the worst first", Style.STRONG)]
        for one in got_in:
            lines += ["", *told_in_full(one, findings.root, width, paint)]
    for verdict, style in ((Verdict.NOT_TRIED, Style.WARNING), (Verdict.HELD, Style.GOOD)):
        if some := findings.having(verdict):
            lines += ["", paint(verdict.value.upper(), Style.STRONG), ""]
            room = max(len(one.row.attack.name) for one in some)
            for one in some:
                lines += _in_short(one, room, width, paint, style)
    return "\n".join(line.rstrip() for line in lines)


def told_in_full(
    one: Finding,
    root: Path,
    width: int = 100,
    paint: Paint = _PLAIN,
    *,
    exchanges: int = 0,
) -> list[str]:
    """Return all that is to be said of an attack that got in.

    Args:
        one: what came of it.
        root: the folder that the reader's code is in.
        width: characters of a line.
        paint: how to colour.
        exchanges: how many of its requests and answers to show.

    Returns:
        The lines.
    """
    attack, grade = one.row.attack, one.severity.grade
    known = "  (known: the baseline accepts it)" if one.known else ""
    name = paint(attack.name, Style.STRONG)
    lines = [f"{paint(grade.value, _GRADES[grade])}  {name}{paint(known, Style.QUIET)}"]
    told = [
        ("attack", attack.title),
        ("evidence", one.row.outcome.says),
        *(
            pair
            for each in one.row.outcome.exchanges[:exchanges]
            for pair in (("sent", each.called), ("came back", each.came_back))
        ),
        (f"why {grade.value}", one.severity.reason),
        ("where", "" if one.place is None else f"{one.place.shown(root)}, {one.place.name}"),
        ("rule", f"{attack.source.title}: {attack.source.url}"),
        ("lesson", attack.fixed_in),
    ]
    room = max(len(label) for label, _ in told)
    for label, text in told:
        first = f"  {label:<{room}}  "
        wrapped = wrap(visible(text), width, first=first, rest=" " * len(first), whole_words=True)
        lines += [paint(line[: len(first)], Style.QUIET) + line[len(first) :] for line in wrapped]
    return lines


def _in_short(one: Finding, room: int, width: int, paint: Paint, style: Style) -> list[str]:
    first = f"  {one.row.attack.name:<{room}}  "
    says, rest = visible(one.row.outcome.says), " " * len(first)
    wrapped = wrap(says, width, first=first, rest=rest, whole_words=True) or [first]
    return [paint(wrapped[0][: len(first)], style) + wrapped[0][len(first) :], *wrapped[1:]]
