"""The tables of the attacks that were met say the truth about where that was."""

import re

from flasklogin_tutorial.attacks import ATTACKS

from .notebook_rules import LAST, Notebook, calls_of, notebooks_in, text_of
from .test_excerpts import ROOT

FOUND = {path.stem: Notebook.read(path) for path in notebooks_in(ROOT / "notebooks").values()}


def last():
    return [one for one in FOUND.values() if one.step == LAST][-1]


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


def test_the_last_count_says_what_the_readme_says():
    printed = "".join(
        "".join(output.get("text", "")) for cell in last().code for output in cell["outputs"]
    )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    total, as_it_stands, more = re.search(
        r"\*\*(\d+) attacks\..*?\((\d+) on the app as it stands, (\d+) on the app with", readme
    ).groups()
    assert f"Of {total} attacks\n{as_it_stands} get into the article's app as it stands" in printed
    assert f"{more} into it with one more feature" in printed
    assert "and 0 into the finished app" in printed


def test_every_attack_has_a_row():
    rows = [
        line.split()
        for cell in last().code
        for output in cell["outputs"]
        for line in "".join(output.get("text", "")).splitlines()
    ]
    named = {word for row in rows for word in row}
    assert {one.name for one in ATTACKS} <= named
    numbers = {tuple(row[:2]) for row in rows}
    assert {(one.lesson, one.name) for one in ATTACKS} <= numbers
