"""Right answers are accepted, wrong ones are rejected with a message that names the cause."""

import contextlib
import io
import sys
from functools import cache
from pathlib import Path

import nbformat
import pytest

from flasklogin_tutorial.exercises import Verdict, all_exercises, judge
from flasklogin_tutorial.exercises import ask as asking

from .bank import BANK, read

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
SOLUTIONS = ROOT / "notebooks" / "solutions"

sys.path.insert(0, str(ROOT / "tools"))
from generated.exercises import SOLUTION, stub  # noqa: E402

EXERCISES = {one.number: one for one in all_exercises()}

each = pytest.mark.parametrize("number", EXERCISES)


@pytest.fixture(autouse=True)
def tools_stay():
    """Put back what an answer replaced, so that it spoils no other test."""
    yield
    for (owner, name), original in zip(asking._TOOLS, asking._ORIGINAL, strict=True):
        if vars(owner).get(name) is not original:
            setattr(owner, name, original)


def cells(number):
    """Return the code cells of a solution notebook up to the answer, and the answer."""
    (path,) = SOLUTIONS.glob(f"{int(number.partition('.')[0]):02d}_*.ipynb")
    before = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        kind, _, place = cell.metadata.get("nbgrader", {}).get("grade_id", "").partition("-")
        if kind == "answer" and place == number.replace(".", "-"):
            return before, cell.source
        if kind == "":
            before.append(cell.source)
    raise AssertionError(f"there is no answer to {number} in {path.name}")


@cache
def names(number):
    """Return the names that the answer to an exercise can use: those of its notebook."""
    found = {"__name__": "__main__"}
    before, _ = cells(number)
    with contextlib.redirect_stdout(io.StringIO()):
        for source in before:
            exec(source, found)
    return found


def answer_of(number, source):
    """Run an answer in the names of its notebook, and return the function.

    Before that, the cell runs as it was given. So an answer that stands in a wrong cell, or has
    another name, leaves what was there.
    """
    one, found = EXERCISES[number], dict(names(number))
    exec(begun(number), found)
    exec(source, found)
    return found[one.answer]


@cache
def begun(number):
    """Return the cell of an answer as the exercise gives it."""
    one = EXERCISES[number]
    _, source = cells(number)
    return SOLUTION.sub(lambda found: stub(one, found["indent"]), source)


@each
def test_the_solution_is_accepted(number):
    one = EXERCISES[number]
    _, source = cells(number)
    result = judge(one, answer_of(number, source))
    assert result.right, result


@each
def test_what_the_exercise_begins_with_is_not_yet_an_answer(number):
    one = EXERCISES[number]
    verdict = judge(one, answer_of(number, begun(number))).verdict
    assert verdict is (Verdict.WRONG if one.begins_with else Verdict.NOT_YET)


@each
def test_there_are_answers_enough(number):
    there = BANK[number]
    assert len(there.wrong) >= 5
    assert len(there.right) >= 2
    _, solution = cells(number)
    assert len({solution, *there.right}) == 1 + len(there.right)


def test_no_answer_is_to_an_exercise_that_is_not_there():
    assert set(BANK) <= set(EXERCISES)


@pytest.mark.parametrize(
    ("number", "source"),
    [(number, source) for number, there in BANK.items() for source in there.right],
    ids=[f"{number}-{n}" for number, there in BANK.items() for n, _ in enumerate(there.right)],
)
def test_a_right_answer_is_accepted(number, source):
    result = judge(EXERCISES[number], answer_of(number, source))
    assert result.right, result


@pytest.mark.parametrize(
    ("number", "name"),
    [(number, name) for number, there in BANK.items() for name in there.wrong],
)
def test_a_wrong_answer_is_rejected_and_told_why(number, name):
    source, says = BANK[number].wrong[name]
    result = judge(EXERCISES[number], answer_of(number, source))
    assert not result.right, result
    assert says in result.message
    assert any(label in ("expected", "next") for label, _ in result.rows)


CELLS = '''"""Answers to exercise 7.1."""


# %% right
def answer():
    pass


# %% wrong: nothing: at all
# says: the first part of it
#     and the rest
# The student's own comment.
def answer():
    return None
'''


def test_each_cell_of_a_file_is_an_answer(tmp_path):
    path = tmp_path / "ex07_1.py"
    path.write_text(CELLS, "utf-8")
    found = read(path)
    assert found.right == ["def answer():\n    pass"]
    source = "# The student's own comment.\ndef answer():\n    return None"
    assert found.wrong == {"nothing: at all": (source, "the first part of it and the rest")}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("# %% right", "# %% rigth", "not '# %% rigth'"),
        ("# %% right", "# %% right: in its way", "not '# %% right: in its way'"),
        ("# %% wrong: nothing: at all", "# %% wrong", "not '# %% wrong'"),
        ("# says: the", "# the", "right below '# %% wrong: nothing: at all'"),
        ("# %% right", "# %% wrong: nothing: at all\n# says: x", "two answers are called"),
    ],
)
def test_a_cell_that_is_no_answer_is_refused(tmp_path, old, new, says):
    path = tmp_path / "ex07_1.py"
    path.write_text(CELLS.replace(old, new), "utf-8")
    with pytest.raises(ValueError, match=f"ex07_1.py: .*{says}"):
        read(path)
