"""The table at the end of the course says the truth about where its attacks were met."""

import ast
import re

from flasklogin_tutorial.attacks import ATTACKS

from .notebook_rules import LAST, Notebook, notebooks_in, text_of
from .test_excerpts import ROOT

FOUND = {path.stem: Notebook.read(path) for path in notebooks_in(ROOT / "notebooks").values()}


#: Will close the holes of a forgotten password; until then the finished app does it alone.
NOT_WRITTEN_YET = "17_send_a_link"


def last():
    return next(one for one in FOUND.values() if one.step == LAST)


def marked_as_new():
    """Return the names that the last notebook keeps in NEW."""
    nodes = [node for tree in filter(None, last().trees) for node in ast.walk(tree)]
    sets = [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign | ast.AugAssign)
        and "NEW" in ast.unparse(getattr(node, "target", None) or node.targets[0])
    ]
    return set().union(*map(ast.literal_eval, sets))


def is_met(name, notebook):
    """Tell whether a notebook calls an attack by its name, in its text or in its code."""
    texts = [text_of(cell) for cell in notebook.cells if not text_of(cell).startswith("NEW = ")]
    return any(re.search(rf"(?<![\w-]){name}(?![\w-])", text) for text in texts)


def test_an_attack_was_met_by_name_in_the_notebook_of_its_row_or_is_marked_as_new():
    not_met = {
        one.name
        for one in ATTACKS
        if one.fixed_in == NOT_WRITTEN_YET or not is_met(one.name, FOUND[one.fixed_in])
    }
    assert marked_as_new() == not_met


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
    numbers = {tuple(row[:3:2]) if row[1:2] == ["new"] else tuple(row[:2]) for row in rows}
    assert {(one.fixed_in[:2], one.name) for one in ATTACKS} <= numbers
