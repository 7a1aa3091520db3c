"""The table of a graded class, as CSV and as a page."""

import csv
import io
from collections.abc import Iterable
from html import escape
from itertools import groupby
from pathlib import Path

from flasklogin_tutorial.exercises.exercise import Exercise
from flasklogin_tutorial.exercises.grading import Graded
from flasklogin_tutorial.exercises.result import Verdict
from flasklogin_tutorial.visit import cut

#: What is said to whoever grades, in the help and on the page.
CAUTION = (
    "Submissions are code. They ran as the account that graded them, and could do what it may do. "
    "The limits here keep a mistake from harm and notice a careless cheat; they do not stop "
    "somebody who means it. Grade in an account of its own or in a container without a network, "
    "where there is nothing to read or to break, and read an answer that looks too good."
)

_WIDTH = 500

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; padding: 0 1em; max-width: 90em;
  color: #1f2328; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #afb8c1; padding: .4em .6em; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
td.points, th.points { text-align: right; white-space: nowrap; }
.right { background: #dafbe1; } .wrong { background: #ffebe9; } .zero { background: #fff8c5; }
.caution { border-left: .3em solid #9a6700; padding: .2em 1em; }
small { color: #424a53; }
"""


def clean(text: str) -> str:
    """Return a text of a submission in one short line, without what could upset a terminal."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return cut(" ".join(printable.split()), _WIDTH, keep=_WIDTH - 1)


def write_report(path: Path, results: Iterable[Graded]) -> None:
    """Write the table into a file.

    Args:
        path: a file whose name ends with .csv or .html.
        results: what came of each submission.

    Raises:
        OSError: it cannot be written.
    """
    results = list(results)
    text = as_csv(results) if path.suffix.lower() == ".csv" else as_html(results)
    path.write_text(text, encoding="utf-8", newline="")


def as_csv(results: list[Graded]) -> str:
    """Return the table as CSV: a row for each submission, two columns for each exercise."""
    exercises = {one.number: one for graded in results for one in graded.exercises}
    rows = [["student", "notebook", "points", "of", "not graded because"]]
    for number in exercises:
        rows[0] += [f"{number} points", f"{number} message"]
    for graded in results:
        row = [graded.student, graded.notebook, str(graded.total), str(graded.most), graded.reason]
        for one in exercises.values():
            mine = one in graded.exercises
            row += [str(graded.points(one)), _message(graded, one)] if mine else ["", ""]
        rows.append(row)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_cell(one) for one in row] for row in rows)
    return text.getvalue()


def as_html(results: list[Graded]) -> str:
    """Return the table as a page that needs nothing else."""
    tables = "".join(
        _table(notebook, list(own))
        for notebook, own in groupby(results, key=lambda graded: graded.notebook)
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>What the class handed in</title><style>{_STYLE}</style></head>\n"
        f'<body><h1>What the class handed in</h1><p class="caution">{escape(CAUTION)}</p>\n'
        f"{tables}</body></html>\n"
    )


def _table(notebook: str, results: list[Graded]) -> str:
    exercises = results[0].exercises
    graded = sum(not one.reason for one in results)
    heads = "".join(
        f'<th scope="col">{escape(one.number)} {escape(one.title)} '
        f"<small>({one.grade.points})</small></th>"
        for one in exercises
    )
    rows = "".join(_row(one) for one in results)
    return (
        f"<h2>{escape(clean(notebook))}</h2>"
        f"<p>{len(results)} students, {graded} graded, {len(results) - graded} not graded.</p>\n"
        f'<table><thead><tr><th scope="col">student</th><th scope="col" class="points">points</th>'
        f"{heads}</tr></thead><tbody>\n{rows}</tbody></table>\n"
    )


def _row(graded: Graded) -> str:
    start = (
        f'<tr><th scope="row">{escape(clean(graded.student))}</th>'
        f'<td class="points">{graded.total} of {graded.most}</td>'
    )
    if graded.reason:
        said = f"<strong>not graded, 0 points:</strong> {escape(clean(graded.reason))}"
        return f'{start}<td class="zero" colspan="{len(graded.exercises)}">{said}</td></tr>\n'
    cells = ""
    for one in graded.exercises:
        verdict, message = graded.verdicts[one.number]
        kind = {Verdict.RIGHT: "right", Verdict.WRONG: "wrong"}.get(verdict, "")
        said = "" if verdict is Verdict.RIGHT else f"<br><small>{escape(clean(message))}</small>"
        cells += f'<td class="{kind}">{graded.points(one)} · {escape(verdict)}{said}</td>'
    return f"{start}{cells}</tr>\n"


def _message(graded: Graded, one: Exercise) -> str:
    if graded.reason:
        return ""
    verdict, message = graded.verdicts[one.number]
    return str(verdict) if verdict is Verdict.RIGHT else f"{verdict}: {message}"


def _cell(text: str) -> str:
    """Return what stands in a cell; a spreadsheet takes some beginnings for a formula."""
    text = clean(text)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
