"""Print how long each lesson is: words, cells, what the reader writes, new ideas, minutes.

    python tools/lesson_sizes.py               the lessons as they are
    python tools/lesson_sizes.py REVISION      as they were in a commit

The words are those of the prose, without tables and code. A place to write is a cell with `...` or
the cell of *Your turn*. New ideas are the terms, names and parts of Python that
tests/course/terms.toml gives to the lesson. The minutes are made by `generated.minutes`, and are
those to read and those to try together.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from generated import notebooks_in
from generated.glossary import TABLE as TERMS
from generated.minutes import minutes_of, words_of

ROOT = Path(__file__).resolve().parent.parent


class Size(NamedTuple):
    """How long a lesson is.

    Attributes:
        number: what the name of the notebook begins with.
        words: words of prose.
        cells: cells with code.
        written: cells that the reader fills.
        ideas: what it introduces.
        minutes: to read and to try, by the model.
    """

    number: str
    words: int
    cells: int
    written: int
    ideas: int
    minutes: int


def sizes(names: list[str], read: Callable[[str], str]) -> Iterator[Size]:
    """Yield the size of each notebook.

    Args:
        names: the paths of the notebooks, below the folder of the checkout.
        read: gives the text of a path.
    """
    introduced = Counter(_introduced(tomllib.loads(read(TERMS))))
    for name in sorted(names, key=lambda name: name.partition("_")[0]):
        number = Path(name).name.partition("_")[0]
        notebook = json.loads(read(name))
        code = [cell["metadata"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
        written = sum("write" in one or "try" in one for one in code)
        minutes = sum(minutes_of(notebook))
        yield Size(number, words_of(notebook), len(code), written, introduced[number], minutes)


def _introduced(terms: dict[str, Any]) -> Iterator[str]:
    """Yield the notebook of each term, name and part of Python."""
    for kind in ("term", "python"):
        yield from (one["introduced"] for one in terms[kind].values() if "introduced" in one)
    for number, names in terms["names"].items():
        yield from [number] * len(names)


def table(rows: list[Size]) -> str:
    """Return the sizes as a table of Markdown, with the sums below."""
    sums = Size("all", *map(sum, zip(*[row[1:] for row in rows], strict=True)))
    head = "| lesson | words | code cells | to write | new ideas | minutes |"
    rule = "|:--|--:|--:|--:|--:|--:|"
    lines = [[one.number, *(f"{figure:,}" for figure in one[1:])] for one in [*rows, sums]]
    return "\n".join([head, rule, *(f"| {' | '.join(line)} |" for line in lines)])


def of_files() -> list[Size]:
    """Return the sizes of the notebooks as they are."""
    found = notebooks_in(ROOT / "notebooks").values()
    names = [path.relative_to(ROOT).as_posix() for path in found]
    return list(sizes(names, lambda name: (ROOT / name).read_text(encoding="utf-8")))


def of_commit(revision: str) -> list[Size]:
    """Return the sizes of the notebooks as they were in a commit.

    Args:
        revision: what git knows it by.
    """

    def git(*command: str) -> str:
        done = subprocess.run(
            ["git", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode:
            sys.exit(f"git knows no lessons of {revision!r}: {done.stderr.strip()}")
        return done.stdout

    listed = git("ls-tree", "--name-only", revision, "notebooks/").splitlines()
    names = [name for name in listed if name.endswith(".ipynb")]
    return list(sizes(names, lambda name: git("show", f"{revision}:{name}")))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("revision", nargs="?", help="a commit; the files as they are if left out")
    given = parser.parse_args()
    print(table(of_commit(given.revision) if given.revision else of_files()))


if __name__ == "__main__":
    main()
