"""docs/asvs.md: how the finished app stands against OWASP's ASVS, from tests/app/asvs.toml.

That each test and each attack it names is there is what tests/project/test_asvs.py asserts.
"""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

TABLE = "tests/app/asvs.toml"

CHAPTERS = {
    "V6": "Authentication",
    "V7": "Session management",
    "V8": "Authorization",
    "V9": "Self-contained tokens",
    "V16": "Security logging, of which section 16.3",
}

#: What was counted at first: V6 to V9 without the log.
COUNTED = ("V6", "V7", "V8", "V9")

YES, PART, NO, NOT_HERE = VERDICTS = ("yes", "in part", "no", "does not apply")

Row = dict[str, Any]


def make(root: Path) -> dict[str, str]:
    """Return the page.

    Args:
        root: the folder of the checkout, with the table.
    """
    return {"docs/asvs.md": page(read(root))}


def read(root: Path) -> dict[str, Row]:
    """Return the rows of the table by the numbers of their requirements."""
    return tomllib.loads((root / TABLE).read_text(encoding="utf-8"))


def page(rows: dict[str, Row]) -> str:
    """Return the whole page."""
    lines = [
        "# The finished app against OWASP's ASVS",
        "",
        "<!-- made by tools/build.py -->",
        "",
        "The [Application Security Verification Standard](https://owasp.org/www-project-application-"
        "security-verification-standard/) 5.0, its chapters V6 to V9 and section 16.3, each "
        "requirement in our own words; the standard's own text decides. *Yes* and *in part* name "
        "what holds them: tests in `tests/`, or attacks of [the course](attacks.md) that hold. "
        f"The table is `{TABLE}`, and a test looks whether everything that it names is there.",
        "",
        "*Before* is how the app stood when it was first held against the standard.",
        "",
        *counts("chapter", rows, lambda number, row: chapter_of(number), COUNTED),
        "",
        *counts("level", counted(rows), lambda number, row: f"L{row['level']}", ("L1", "L2", "L3")),
        "",
        *counts("chapter", rows, lambda number, row: chapter_of(number), ("V16",), whole=False),
    ]
    for chapter, title in CHAPTERS.items():
        lines += ["", f"## {chapter} {title}", ""]
        lines += ["| | level | requirement | met | by, or why not |", "|:--|:-:|:--|:--|:--|"]
        lines += [
            line(number, row) for number, row in rows.items() if chapter_of(number) == chapter
        ]
    return "\n".join(lines) + "\n"


def chapter_of(number: str) -> str:
    """Return the chapter of a requirement."""
    return f"V{number.partition('.')[0]}"


def counted(rows: dict[str, Row]) -> dict[str, Row]:
    """Return the rows of the chapters that were counted at first."""
    return {number: row for number, row in rows.items() if chapter_of(number) in COUNTED}


def counts(
    kind: str, rows: dict[str, Row], group: Any, groups: Iterable[str], *, whole: bool = True
) -> Iterator[str]:
    """Yield the lines of a table that counts rows, before and now.

    Args:
        kind: what the rows are grouped by.
        rows: the rows.
        group: the function that says to which group a row belongs.
        groups: the groups, a line each.
        whole: whether a last line has the sums.
    """
    yield f"| {kind} | all | apply | met before | in part before | met | in part | not met |"
    yield "|:--|--:|--:|--:|--:|--:|--:|--:|"
    sums = [0] * 7
    for name in groups:
        mine = [row for number, row in rows.items() if group(number, row) == name]
        apply = [row for row in mine if row["verdict"] != NOT_HERE]
        before = [row.get("before") for row in apply]
        now = [row["verdict"] for row in apply]
        numbers = [len(mine), len(apply), before.count(YES), before.count(PART)]
        numbers += [now.count(one) for one in (YES, PART, NO)]
        sums = [sum(pair) for pair in zip(sums, numbers, strict=True)]
        yield f"| {name} | {' | '.join(map(str, numbers))} |"
    if whole:
        yield f"| **all** | {' | '.join(f'**{number}**' for number in sums)} |"


def line(number: str, row: Row) -> str:
    """Return the line of one requirement."""
    why = [row["why"]] if "why" in row else []
    cell = "; ".join([*why, *(f"`{name}`" for name in row.get("held_by", ()))])
    cells = (number, str(row["level"]), row["says"], row["verdict"], cell)
    return f"| {' | '.join(text.replace('|', chr(92) + '|') for text in cells)} |"
