"""docs/claims.md: what the course says of other software, and where each of it can be checked.

A Markdown cell names its claims in its metadata, each in the words of the cell, with the address of
a source, and with the test that shows it, where there is one:

    "claims": [{"says": "Flask signs the cookie", "source": "https://…", "test": "tests/….py::…"}]

The prompts of the exercises do the same, in notebooks/solutions. A question, a place where the
reader writes, and an exercise have their claims beside them in the package, as `claims=`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from flasklogin_tutorial.exercises import find_exercise
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.lines import find_line
from flasklogin_tutorial.exercises.quiz import all_quizzes
from generated import Wrong, notebooks_in
from generated.topics import link

HEAD = """\
# What the course says of other software

<!-- made by tools/build.py -->

Most of what a lesson says, a cell next to it shows. These sentences are about software, browsers
and standards, and rest on something outside the course: here is where each can be checked. Where a
test of the course shows it as well, it is named. What is not in the text itself says where it is
told: with a question, with lines that the reader writes, or with an exercise.

| the course says | where | source |
|:--|:--|:--|
"""

ASKED = re.compile(r"""\bquiz\(\s*["']([^"']+)["']""")
EXERCISE = re.compile(r"^(\d+\.\d) ")


class Found(NamedTuple):
    """A claim, and where a reader meets it.

    Attributes:
        path: the notebook.
        heading: the heading above it.
        told: what tells it, such as "question 10e"; empty for the text of the notebook.
        says: the claim, in the words of the course.
        source: the address of what says the same.
        test: the test that shows it, if there is one.
    """

    path: Path
    heading: str
    told: str
    says: str
    source: str
    test: str


def make(root: Path) -> dict[str, str]:
    """Return the page.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: a claim is not in the words of what tells it, or has no source.
    """
    found = list(find_claims(root / "notebooks"))
    tail = f"\n{len(found)} claims, each with its source.\n"
    return {"docs/claims.md": HEAD + "\n".join(map(write_row, found)) + "\n" + tail}


def find_claims(folder: Path) -> Iterator[Found]:
    """Yield the claims of the notebooks in a folder, in the order of reading.

    Args:
        folder: the folder.

    Raises:
        Wrong: a claim is not in the words of what tells it, or has no source.
    """
    for path in notebooks_in(folder).values():
        yield from _find_in(path, path)
    for path in notebooks_in(folder / "solutions").values():
        name = path.name.replace("_solutions", "_exercises")
        yield from _find_in(path, folder / "exercises" / name)


def _find_in(path: Path, shown: Path) -> Iterator[Found]:
    """Yield the claims of a notebook; `shown` is the one that a reader opens."""
    heading = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            for told, words, claims in _told_by(cell):
                yield from _placed(claims, words, shown, heading, told)
            continue
        left = [Claim(**row) for row in cell.metadata.get("claims", [])]
        for words, below in _paragraphs(cell.source, heading):
            heading = below
            here = [one for one in left if plain(one.says) in plain(words)]
            left = [one for one in left if one not in here]
            yield from _placed(here, [words], shown, heading, "")
            if number := EXERCISE.match(below) if words.startswith("## ") else None:
                exercise = find_exercise(number[1])
                told = f"exercise {number[1]}"
                yield from _placed(exercise.claims, exercise.texts, shown, heading, told)
        if left:
            raise Wrong(f"{path.name}: cell {cell.id} does not say {left[0].says!r}.")


def _paragraphs(source: str, heading: str) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs of a cell, each with the heading above it."""
    in_code = False
    for paragraph in source.split("\n\n"):
        for line in paragraph.splitlines():
            in_code ^= line.startswith("```")
            if line.startswith("#") and not in_code:
                heading = line.lstrip("# ").strip()
        yield paragraph, heading


def _told_by(cell: NotebookNode) -> Iterator[tuple[str, Sequence[str], Sequence[Claim]]]:
    """Yield what a cell of code tells: its name, its texts and its claims."""
    for name in ASKED.findall(cell.source):
        if name in (quizzes := all_quizzes()):
            yield f"question {name}", quizzes[name].texts, quizzes[name].claims
    if number := cell.metadata.get("write"):
        line = find_line(number)
        yield f"lines {number}", line.texts, line.claims


def _placed(
    claims: Sequence[Claim], texts: Sequence[str], path: Path, heading: str, told: str
) -> Iterator[Found]:
    """Yield the claims of some texts, each with its place."""
    for one in claims:
        where = f"{path.name}{told and f', {told}'}"
        if not any(plain(one.says) in plain(text) for text in texts):
            raise Wrong(f"{where}: nothing there says {one.says!r}.")
        if not one.source.startswith("https://"):
            raise Wrong(f"{where}: no address says {one.says!r}.")
        yield Found(path, heading, told, plain(one.says), one.source, one.test)


def plain(markdown: str) -> str:
    """Return a text without its links, its stars and its line breaks."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("*", "")
    return " ".join(text.split())


def write_row(found: Found) -> str:
    """Return the row of a claim."""
    says = found.says.replace("|", "\\|")
    where = link(found.path, found.heading) + (found.told and f", {found.told}")
    source = f"<{found.source}>"
    if found.test:
        file, _, name = found.test.partition("::")
        source += f", [{name}](../{file})"
    return f"| {says} | {where} | {source} |"
