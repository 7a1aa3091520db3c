"""tools/lesson_sizes.py counts what a lesson asks of a reader."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

sys.path.insert(0, str(ROOT / "tools"))
import lesson_sizes  # noqa: E402

TERMS = """
[term.app]
introduced = "03"
[term.far]
introduced = "04"
[python.with]
introduced = "03"
[python.":="]
what = "used nowhere"
[names]
"03" = ["serve", "trace"]
"""


def code(source, **metadata):
    return {"cell_type": "code", "source": [source], "metadata": metadata, "outputs": []}


def text(source):
    return {"cell_type": "markdown", "source": [source], "metadata": {}}


CELLS = [
    text("# Two words\n\n```python\nnot = counted\n```\n\n| nor | this |"),
    code("x = ...", write="3a"),
    code("y = 1"),
    code("z = 2", **{"try": {}}),
]


def test_a_lesson_is_counted():
    files = {
        "notebooks/03_three.ipynb": json.dumps({"cells": CELLS}),
        "notebooks/03b_more.ipynb": json.dumps({"cells": [text("three words here")]}),
        lesson_sizes.TERMS: TERMS,
    }
    names = ["notebooks/03b_more.ipynb", "notebooks/03_three.ipynb"]
    first, second = lesson_sizes.sizes(names, files.__getitem__)
    # "#" is a word to the model. Three cells and lines are a minute, what is written five more.
    assert first == ("03", 3, 3, 2, 4, 7)
    assert second == ("03b", 3, 0, 0, 0, 2)
    assert lesson_sizes.table([first, second]).splitlines()[2:] == [
        "| 03 | 3 | 3 | 2 | 4 | 7 |",
        "| 03b | 3 | 0 | 0 | 0 | 2 |",
        "| all | 6 | 3 | 2 | 4 | 9 |",
    ]


def test_every_lesson_of_the_checkout_is_in_the_table():
    found = [one.number for one in lesson_sizes.of_files()]
    assert found == sorted(path.name.partition("_")[0] for path in ROOT.glob("notebooks/*.ipynb"))


def test_a_commit_that_there_is_not_is_said():
    with pytest.raises(SystemExit, match="git knows no lessons of 'nowhere'"):
        lesson_sizes.of_commit("nowhere")
