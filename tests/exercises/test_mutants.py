"""A solution with a small mistake in it is rejected, or survivors.toml says why it is not one."""

import tomllib
from pathlib import Path

import pytest

from flasklogin_tutorial.exercises import judge

from .mutants import mutants
from .test_bank import EXERCISES, cells, each, names, tools_stay  # noqa: F401

pytestmark = pytest.mark.slow

LIST = Path(__file__).with_name("survivors.toml")
SURVIVORS = tomllib.loads(LIST.read_text("utf-8"))


def survivors_of(number):
    """Return which small changes of a solution its check accepts, and how many there are in all."""
    one = EXERCISES[number]
    _, source = cells(number)
    found, total = [], 0
    for change, mutant in mutants(source):
        total += 1
        space = dict(names(number))
        try:
            exec(mutant, space)
        except Exception:  # a learner sees the error in the cell itself
            continue
        if judge(one, space[one.answer]).right:
            found.append(change)
    return found, total


@each
def test_a_small_mistake_is_rejected_or_told_to_be_none(number):
    found, total = survivors_of(number)
    assert total
    assert sorted(set(found)) == sorted(SURVIVORS.get(number, {}))


@pytest.mark.parametrize("number", SURVIVORS)
def test_each_survivor_has_a_reason(number):
    assert number in EXERCISES
    assert all(len(reason) > 10 for reason in SURVIVORS[number].values())


def test_a_change_is_one_change():
    found = dict(
        mutants("def f(a):\n    'doc'\n    if a == 1:\n        return 'x'\n    return None")
    )
    assert set(found) == {
        "a == 1 → opposite",
        "1 → constant",
        "'x' → constant",
        "None → constant",
        "if a == 1: → condition",
        "return 'x' → nothing_returned",
        "return None → nothing_returned",
        "if a == 1: → left out",
        "return None → left out",
    }
    assert found["a == 1 → opposite"].splitlines()[1] == "    if a != 1:"
