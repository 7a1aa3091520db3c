"""What an exercise shows can be pasted: every name in it is one of the notebook's, and the same."""

import builtins
import dis
import inspect
import re
from importlib import import_module

import nbformat
import pytest

from flasklogin_tutorial.exercises import Verdict, judge

from .test_bank import EXERCISES, SOLUTIONS, answer_of, begun, names, tools_stay  # noqa: F401

pytestmark = pytest.mark.slow

SHOWN = re.compile(r'show_source\("exercises\.(?P<module>ch\d\d)", "(?P<name>\w+)"\)')
HUNTS = [number for number, one in EXERCISES.items() if one.begins_with]


def listings():
    """Yield the module and the name of each function that an exercise notebook shows."""
    for path in sorted(SOLUTIONS.glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            found = SHOWN.fullmatch(cell.source) if cell.cell_type == "code" else None
            if found:
                yield found["module"], found["name"]


LISTINGS = list(listings())


def source_of(module, name):
    """Return the text of a function, as `show_source` shows it."""
    return inspect.getsource(
        getattr(import_module(f"flasklogin_tutorial.exercises.{module}"), name)
    )


def globals_of(code):
    """Return the names that code looks up outside of itself, also in the functions within it."""
    found = {
        one.argval
        for one in dis.get_instructions(code)
        if one.opname in ("LOAD_GLOBAL", "LOAD_NAME")
    }
    return found.union(*(globals_of(one) for one in code.co_consts if inspect.iscode(one)))


def rows_of(number, answer):
    """Return what a check says of an answer, without ids and random texts."""
    result = judge(EXERCISES[number], answer)
    assert result.verdict is Verdict.WRONG
    return re.sub(r"[0-9a-f]{16,}|\d+\.\d+|[$][\w.$]+", "…", result.message)


def test_every_hunt_begins_with_what_its_notebook_shows():
    shown = {(int(module[2:]), name) for module, name in LISTINGS}
    hunts = [one.number for one in EXERCISES.values() if one.title.startswith("Find the mistake")]
    assert hunts == HUNTS
    assert {
        (EXERCISES[number].notebook, EXERCISES[number].begins_with) for number in HUNTS
    } <= shown


@pytest.mark.parametrize(("module", "name"), LISTINGS)
def test_every_name_in_a_listing_is_one_of_the_notebook(module, name):
    last = max(number for number, one in EXERCISES.items() if one.notebook == int(module[2:]))
    code = compile(source_of(module, name), name, "exec")
    missing = globals_of(code) - names(last).keys() - vars(builtins).keys() - {name}
    assert not missing


@pytest.mark.parametrize("number", HUNTS)
def test_a_pasted_listing_does_what_the_function_of_the_exercise_does(number):
    one = EXERCISES[number]
    module = import_module(f"flasklogin_tutorial.exercises.ch{one.notebook:02d}")
    pasted = source_of(module.__name__[-4:], one.begins_with)
    renamed = pasted.replace(f"def {one.begins_with}(", f"def {one.answer}(", 1)
    wanted = rows_of(number, getattr(module, one.begins_with))
    assert "is not imported" not in wanted
    assert rows_of(number, answer_of(number, renamed)) == wanted


@pytest.mark.parametrize("number", HUNTS)
def test_the_answer_of_a_hunt_begins_as_the_broken_code(number):
    one, given = EXERCISES[number], begun(number)
    assert f"This is {one.begins_with}, with its mistake. Mend it here." in given
    module = import_module(f"flasklogin_tutorial.exercises.ch{one.notebook:02d}")
    wanted = rows_of(number, getattr(module, one.begins_with))
    assert rows_of(number, answer_of(number, given)) == wanted
