"""Excerpts of files in the text of a lesson are the files' own lines, and few of them.

A Markdown cell with an excerpt names the file in its metadata `listing`, as a code cell does, and
`# ...` stands for what is left out. So an excerpt can hold lines that do not run by themselves.
"""

import re
from pathlib import Path

import pytest

from .listing_rules import MOST_LISTED, differences, short_name
from .notebook_rules import Notebook, notebooks_in, text_of, without_blocks

ROOT = Path(__file__).parent.parent.parent
FOUND = notebooks_in(ROOT / "notebooks")

FEWEST = 3


def excerpt_problems(notebook, root=ROOT):
    """Yield what is wrong with the excerpts in the text of a notebook."""
    for cell in notebook.cells:
        path = cell["metadata"].get("listing")
        if cell["cell_type"] != "markdown" or path is None or cell["metadata"].get("whole"):
            continue
        text = re.sub(r"<details[^>]*>.*?</details>", "", text_of(cell), flags=re.S)  # a solution
        blocks = re.findall(r"^```python\n(.*?)^```$", text, flags=re.M | re.S)
        if not (root / path).is_file() or not blocks:
            yield f"a cell names {path}, which is no file, or has no excerpt of it"
            continue
        for block in blocks:
            lines = len([line for line in block.splitlines() if line.strip()])
            if not FEWEST <= lines <= MOST_LISTED:
                yield f"an excerpt has {FEWEST} to {MOST_LISTED} lines, and this one has {lines}"
            yield from differences(block, (root / path).read_text(encoding="utf-8"))
        if not {path, short_name(path)} & set(re.findall(r"`([^`]+)`", without_blocks(text))):
            yield f"an excerpt of `{path}`, and the text does not name the file"


@pytest.mark.parametrize("number", FOUND)
def test_an_excerpt_is_in_the_file_that_its_cell_names(number):
    assert list(excerpt_problems(Notebook.read(FOUND[number]))) == []


FILE = """\
x = 1


def one(name):
    look(name)
    if name:
        raise KeyError
    return 3
"""


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("In `a.py`\n\n```python\nx = 1\n# ...\nreturn 3\n```", "a.py", None),
        ("In `a.py`\n\n```python\nlook(name)\n# ...\nreturn 3\n```", "a.py", None),
        ("In `a.py`\n\n```python\nlook(name)\n# ...\nreturn 4\n```", "a.py", "not in the file"),
        (
            "In a.py\n\n```python\nlook(name)\n# ...\nreturn 3\n```",
            "a.py",
            "does not name the file",
        ),
        ("In `a.py`\n\n```python\nx = 1\nreturn 3\n```", "a.py", "this one has 2"),
        ("In `a.py`", "a.py", "has no excerpt"),
        ("In `a.py`<details>\n```python\ny = 1\n```\n</details>", "a.py", "has no excerpt"),
        ("\n```python\nx = 1\n# ...\nreturn 3\n```\nin `a.py`", "a.py", None),
        ("In `b.py`\n\n```python\nx = 1\n```", "b.py", "which is no file"),
    ],
)
def test_what_is_no_excerpt_is_found(tmp_path, text, path, said):
    (tmp_path / "a.py").write_text(FILE)
    cell = {"cell_type": "markdown", "source": text, "metadata": {"listing": path}}
    found = list(excerpt_problems(Notebook(tmp_path / "14_it.ipynb", [cell]), tmp_path))
    assert re.search(said, " ".join(found)) if said else found == []
