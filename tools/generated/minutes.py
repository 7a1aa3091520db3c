"""The minutes of each lesson: in its second line, and in the map in the first notebook.

Nobody has been timed. They are made by a model, so that all lessons are measured by one ruler:

- prose at 130 words a minute: a technical text, read in a second language;
- 15 seconds for each cell with code, 5 for each line in it, and 2 for each line of what it prints;
- 20 seconds for a question, one minute for lines that the reader writes, four for "Your turn".

Exercises are not in it.
"""

import json
import re
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from generated import Wrong, notebooks_in, without_blocks

WORDS_A_MINUTE = 130
CELL, LINE, PRINTED, QUESTION, WRITTEN, YOUR_TURN = 15, 5, 2, 20, 60, 240

STATED = re.compile(r"· \d+ minutes? to read, \d+ to try")
START = "00"


class Minutes(NamedTuple):
    """How long a lesson takes.

    Attributes:
        read: minutes to read it.
        attempt: minutes to run and write what is in it.
    """

    read: int
    attempt: int


def make(root: Path) -> dict[str, str]:
    """Return every notebook of the course with its minutes.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: a notebook has no place for them.
    """
    paths = notebooks_in(root / "notebooks")
    loaded = {number: json.loads(path.read_text("utf-8")) for number, path in paths.items()}
    found = {number: minutes_of(notebook) for number, notebook in loaded.items()}
    for number, (read, attempt) in found.items():
        source = loaded[number]["cells"][0]["source"]
        unit = "minute" if read == 1 else "minutes"
        text, count = STATED.subn(f"· {read} {unit} to read, {attempt} to try", "".join(source))
        if count != 1:
            raise Wrong(f"{paths[number].name}: the second line has no minutes to replace")
        source[:] = text.splitlines(keepends=True)
    _put_into_the_map(loaded[START], found)
    return {
        path.relative_to(root).as_posix(): json.dumps(loaded[number], indent=1, ensure_ascii=False)
        + "\n"
        for number, path in paths.items()
    }


def minutes_of(notebook: dict[str, Any]) -> Minutes:
    """Return how long a lesson takes, by the model.

    Args:
        notebook: the notebook, as its file has it.
    """
    seconds = 0
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            seconds += CELL + LINE * len(source.splitlines())
            seconds += PRINTED * sum(map(_lines_of, cell["outputs"]))
            seconds += QUESTION * source.count("quiz(")
            seconds += WRITTEN * ("write" in cell["metadata"])
            seconds += YOUR_TURN * ("try" in cell["metadata"])
    read = ceil(words_of(notebook) / WORDS_A_MINUTE)
    return Minutes(max(1, read), max(1, ceil(seconds / 60)))


def words_of(notebook: dict[str, Any]) -> int:
    """Return how many words of prose a lesson has.

    Args:
        notebook: the notebook, as its file has it.
    """
    texts = ["".join(one["source"]) for one in notebook["cells"] if one["cell_type"] == "markdown"]
    return sum(len(_prose(text).split()) for text in texts)


def _prose(source: str) -> str:
    """Return a text without its tables, its blocks of code and the marks of what opens."""
    lines = re.sub(r"</?(details|summary)\b[^>]*>", " ", without_blocks(source)).splitlines()
    return "\n".join(line for line in lines if not line.startswith("|"))


def _lines_of(output: dict[str, Any]) -> int:
    """Count the lines that a reader sees of an output."""
    data = output.get("data", {})
    text = output.get("text") or data.get("text/markdown") or data.get("text/plain") or ""
    return len("".join(text).splitlines())


def _put_into_the_map(notebook: dict[str, Any], found: dict[str, Minutes]) -> None:
    """Write the sums into the table of notebooks, a row of which begins with `| [NN Title](…)`."""
    row = re.compile(r"^(\| (?:\[|\*\*)(\d\d[a-z]?) .*\| )\d+( \|)$", re.MULTILINE)
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if "| notebook |" in source:
            text = row.sub(lambda it: f"{it[1]}{sum(found[it[2]])}{it[3]}", source)
            cell["source"] = text.splitlines(keepends=True)
