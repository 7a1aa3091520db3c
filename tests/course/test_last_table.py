"""The tables of the attacks that were met say the truth about where that was.

Notebook 16 counts those of parts 1 to 3. Part 4 comes after it, and has attacks of its own.
"""

import re

from flasklogin_tutorial.attacks import ATTACKS

from .notebook_rules import PART_4, Notebook, calls_of, notebooks_in, text_of
from .test_excerpts import ROOT

FOUND = {path.stem: Notebook.read(path) for path in notebooks_in(ROOT / "notebooks").values()}


MET = [one for one in ATTACKS if int(one.lesson[:2]) < PART_4]


def last():
    return [one for one in FOUND.values() if one.step == PART_4 - 1][-1]


def is_met(name, notebook):
    """Tell whether a notebook calls an attack by its name, in its text or in its code."""
    pattern = rf"(?<![\w-]){name}(?![\w-])"
    return any(re.search(pattern, text_of(cell)) for cell in notebook.cells)


def test_an_attack_was_met_by_name_in_the_notebook_of_its_row():
    assert [one.name for one in ATTACKS if not is_met(one.name, FOUND[one.fixed_in])] == []


def test_the_page_halfway_shows_what_was_met_up_to_the_lesson_before_it():
    (page,) = [one for one in FOUND.values() if calls_of(one, "Standing")]
    before, _ = page.neighbours()
    (call,) = calls_of(page, "Standing")
    assert before.name.startswith(f"{call.keywords[0].value.value}_")


def test_the_last_count_is_that_of_the_attacks_that_were_met():
    printed = "".join(
        "".join(output.get("text", "")) for cell in last().code for output in cell["outputs"]
    )
    as_it_stands = sum(not one.needs for one in MET)
    said = f"Of {len(MET)} attacks\n{as_it_stands} get into the article's app as it stands"
    assert said in printed
    assert f"{len(MET) - as_it_stands} into it with one more feature" in printed
    assert "and 0 into the finished app" in printed


def test_every_attack_that_was_met_has_a_row():
    rows = [
        line.split()
        for cell in last().code
        for output in cell["outputs"]
        for line in "".join(output.get("text", "")).splitlines()
    ]
    named = {word for row in rows for word in row}
    assert {one.name for one in MET} <= named
    numbers = {tuple(row[:2]) for row in rows}
    assert {(one.lesson, one.name) for one in MET} <= numbers
