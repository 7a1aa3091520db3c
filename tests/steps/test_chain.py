"""The steps are a chain: each is the one before it plus one small idea, and stands alone."""

import ast
import difflib
import io
import re
import tokenize
from importlib.util import resolve_name
from itertools import pairwise
from pathlib import Path

import pytest

import flasklogin_tutorial

PACKAGE = Path(flasklogin_tutorial.__file__).parent
NOTEBOOKS = PACKAGE.parent / "notebooks"
STEPS = sorted((PACKAGE / "steps").glob("step*.py"))
PAIRS = list(pairwise(STEPS))

LAST_STEP = 6

#: Lines that a step may add: what fits on one screen of a reader.
MOST_NEW_LINES = 25

#: All that a step may import.
LIBRARIES = {"click", "collections", "flask", "flask_login", "flask_mongoengine"} | {
    "json",
    "mongomock",
    "typing",
}

each_step = pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem)
each_pair = pytest.mark.parametrize(
    ("before", "after"), PAIRS, ids=lambda path: path.stem.partition("_")[0]
)


def read(path):
    return path.read_text(encoding="utf-8")


def number_of(path):
    return int(path.stem[4:6])


def imports(path):
    """Return the dotted names of all that a file imports, also within functions."""
    found = set()
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(path.relative_to(PACKAGE.parent).parent.parts)
            module = resolve_name("." * node.level + (node.module or ""), package)
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def of_the_course(path):
    """Return the modules of this package that a file imports, without `flasklogin_tutorial.`."""
    names = [name.split(".") for name in imports(path)]
    return {".".join(name[1:2]) for name in names if name[0] == "flasklogin_tutorial"}


def imported_names(path):
    """Return what a file imports at its top, as pairs of module and name."""
    found = set()
    for node in ast.parse(read(path)).body:
        if isinstance(node, ast.Import):
            found |= {(alias.name, None) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module, alias.name) for alias in node.names}
    return found


def code_lines(path):
    """Return the lines of a file without the docstrings of the module and its classes, and imports.

    These are what a step may rewrite.
    """
    source = read(path)
    tree = ast.parse(source)
    free = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    for owner in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        assert ast.get_docstring(owner), f"{path.name}: no docstring"
        free.append(owner.body[0])
    taken = {line for node in free for line in range(node.lineno, node.end_lineno + 1)}
    return [text for i, text in enumerate(source.splitlines(), 1) if i not in taken]


def names_in(path):
    """Return every name that a file's code uses, whatever for."""
    tokens = tokenize.generate_tokens(io.StringIO(read(path)).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def names_said(path):
    """Return the names in a file's text: what can be no English word, or stands in backticks."""
    words = re.findall(r"\w+", read(path))
    return {word for word in words if "_" in word} | set(re.findall(r"`(\w+)`", read(path)))


# ---- the chain


def test_the_steps_are_numbered_from_0_to_6_without_a_gap():
    assert [number_of(path) for path in STEPS] == list(range(LAST_STEP + 1))


@each_pair
def test_a_step_adds_a_few_lines_to_the_step_before_it_and_takes_none_away(before, after):
    lines = list(difflib.ndiff(code_lines(before), code_lines(after)))
    assert [line for line in lines if line.startswith("- ")] == []
    added = [line for line in lines if line.startswith("+ ") and line[2:].strip()]
    assert 1 <= len(added) <= MOST_NEW_LINES


@each_pair
def test_a_step_imports_what_the_step_before_it_imports_and_perhaps_more(before, after):
    assert imported_names(before) <= imported_names(after)


@each_pair
def test_a_step_says_no_name_that_a_later_step_introduces(before, after):
    introduced = names_in(after) - names_in(before)
    assert introduced
    for path in STEPS[: STEPS.index(after)]:
        assert introduced & (names_in(path) | names_said(path)) == set(), path.name


# ---- each step


@each_step
def test_a_step_has_db_a_user_and_create_app(path):
    tree = ast.parse(read(path))
    made = {node.name: node for node in tree.body if hasattr(node, "name")}
    assigned = {
        target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
    }
    assert assigned == {"db"}
    assert list(made) == ["User", "create_app"]
    assert ast.unparse(made["User"].bases[0]) == "db.Document"
    arguments = made["create_app"].args
    assert [argument.arg for argument in arguments.args] == ["config"]
    assert [ast.unparse(default) for default in arguments.defaults] == ["None"]


@each_step
def test_a_step_says_its_own_number_and_how_to_run_it(path):
    said = ast.get_docstring(ast.parse(read(path)))
    assert said.startswith(f"Step {number_of(path)} of {LAST_STEP}. ")
    assert said.endswith(f"Run it: `flask --app flasklogin_tutorial.steps.{path.stem} run`")


@each_step
def test_a_step_has_one_notebook_with_its_number(path):
    found = list(NOTEBOOKS.glob(f"{number_of(path):02d}_*.ipynb"))
    assert len(found) == 1, [notebook.name for notebook in found]


@each_step
def test_a_step_imports_nothing_of_the_course(path):
    outside = {name.partition(".")[0] for name in imports(path)}
    assert outside <= LIBRARIES
    assert not re.search(r"\b(__import__|importlib|exec|eval)\b", read(path))
