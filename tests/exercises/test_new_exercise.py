"""One command begins an exercise, and the tests fail until it is finished.

The command runs in a copy of the course that has the exercises to notebook 04 alone.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from flasklogin_tutorial.exercises import all_exercises

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
SOURCE = Path("flasklogin_tutorial/exercises")
SOLUTIONS = Path("notebooks/solutions")
BANK = Path("tests/exercises/bank")

sys.path.insert(0, str(ROOT / "tools"))
import new_exercise as tool  # noqa: E402

#: The number that the next exercise to notebook 04 would have.
NEXT = f"4.{sum(one.notebook == 4 for one in all_exercises()) + 1}"


@pytest.fixture
def course(tmp_path):
    """Copy what the command and the tests of exercises need."""
    patterns = ("__pycache__", "ch0[!4].py", "ch1?.py", "ex0[!4]_?.py", "ex1?_?.py")
    others = shutil.ignore_patterns(*patterns)
    for folder in ("flasklogin_tutorial", "tools", "tests/exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=others)
    for file in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "notebooks" / "exercises").mkdir(parents=True)
    (tmp_path / SOLUTIONS).mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, tmp_path / "notebooks")
    shutil.copy(ROOT / SOLUTIONS / "04_solutions.ipynb", tmp_path / SOLUTIONS)
    return tmp_path


def run(course, *command):
    """Run Python in the copy, with the course that is in it."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(course), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )


def new_exercise(course, *given):
    return run(course, "tools/new_exercise.py", *given)


def run_tests(course, number):
    """Run the tests of one exercise, and return how many passed and how many failed."""
    options = ["-q", "--override-ini=addopts=", "-p", "no:cacheprovider", "-k", number]
    done = run(course, "-m", "pytest", "tests/exercises/test_bank.py", *options)
    counts = dict(
        re.findall(r"(passed|failed)=(\d+)", re.sub(r"(\d+) (\w+)", r"\2=\1", done.stdout))
    )
    assert counts, done.stdout + done.stderr
    return int(counts.get("passed", 0)), int(counts.get("failed", 0))


def contents(course):
    """Return what is in the files of the copy."""
    files = (path for path in course.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path: path.read_bytes() for path in files}


def edit(path, *changes):
    """Replace texts in a file, each of which has to be there."""
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text, f"{old!r} is not in {path.name}"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def finish(course):
    """Fill in an exercise 4.4 that asks for twice a number."""
    edit(
        course / SOURCE / "ch04.py",
        ("TODO: the one idea that it trains, as a sentence.", "Twice is two times."),
        ("TODO: where to look.", "Add."),
        ("TODO: what to ask oneself.", "How often is it to be there?"),
        ("TODO: what to use.", "Use +."),
        ("TODO: nearly the answer.", "return n + n"),
        ("TODO: what the check does not look at", "very large numbers"),
        (
            'ask.returns("TODO: what it has to return", '
            'hint="TODO: what to look at when it does not")',
            'for n in (2, 3):\n        ask.returns(2 * n, n, hint="Count on your fingers.")',
        ),
    )
    path = course / SOLUTIONS / "04_solutions.ipynb"
    edit(
        path,
        ("TODO: the one idea that it trains, as a sentence.", "Twice is two times."),
        ("def twice():", "def twice(n):"),
        ("TODO: what it returns, in one line.", "Return twice the number."),
        ('raise NotImplementedError(\\"TODO: the solution\\")', "return 2 * n"),
    )
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = re.sub(r"TODO: the prompt.*", "Return twice a number.", cell.source)
    nbformat.write(notebook, path)
    says = "TODO: the part of the message that names this cause"
    edit(
        course / BANK / "ex04_4.py",
        ("def twice():", "def twice(n):"),
        ('raise NotImplementedError("TODO: as the solution, written differently")', "return n + n"),
        ('raise NotImplementedError("TODO: and differently again")', "return n << 1"),
        ('return "TODO: empty"', "pass"),
        ('return "TODO: the answer of the notebook"', "return n"),
        ('return "TODO: off by one idea"', "return n * n + 1"),
        ('return "TODO: right for the example only"', "return n**2"),
        ('return "TODO: says what is wanted"', "return 4"),
        (says, "Count on your fingers."),
    )


def test_an_exercise_is_begun_in_all_its_places_and_red_until_it_is_finished(course):
    done = new_exercise(course, "4.4", "twice", "Double a number", "--grade", "follow")
    assert done.returncode == 0, done.stderr
    for path in (SOURCE / "ch04.py", SOLUTIONS / "04_solutions.ipynb", BANK / "ex04_4.py"):
        assert re.search(rf"{re.escape(str(path))}: \d+ places to fill in", done.stdout)
    assert run(course, "tools/build.py", "--check", "exercises").returncode == 0
    style = run(course, "-m", "ruff", "format", "--check", "flasklogin_tutorial", "tests")
    assert style.returncode == 0, style.stdout

    passed, failed = run_tests(course, "4.4")
    assert failed == 1 + 2 + 5  # the solution, the right answers, the wrong ones
    finish(course)
    assert run(course, "tools/build.py", "exercises").returncode == 0
    assert "TODO" not in "".join(
        path.read_text("utf-8")
        for folder in (SOURCE, SOLUTIONS, BANK, Path("notebooks/exercises"))
        for path in (course / folder).iterdir()
        if path.is_file()
    )
    assert run_tests(course, "4.4") == (passed + failed, 0)


def test_a_notebook_without_exercises_gets_its_first(course):
    done = new_exercise(course, "05.1", "guarded_app", "Guard a view that somebody forgot")
    assert done.returncode == 0, done.stderr
    made = nbformat.read(course / "notebooks/exercises/05_exercises.ipynb", as_version=4)
    nbformat.validate(made)
    assert [cell.cell_type for cell in made.cells] == [
        *("markdown", "code"),
        *("markdown", "code", "code"),
        "markdown",
    ]
    assert made.cells[0].source.startswith("# Exercises to 05: protect the routes\n")
    assert 'raise Unfinished("exercise 5.1: Guard a view that somebody forgot")' in (
        made.cells[3].source
    )
    assert made.cells[4].metadata.nbgrader.points == 2
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    style = run(course, "-m", "ruff", "check", "flasklogin_tutorial", "tests", "notebooks")
    assert style.returncode == 0, style.stdout


def test_what_is_refused_changes_nothing(course):
    before = contents(course)
    done = new_exercise(course, "4.1", "twice", "Double a number")
    assert done.returncode == 1
    assert done.stderr == "new exercise: the next exercise to notebook 04 is 4.4\n"
    assert contents(course) == before


@pytest.mark.parametrize(
    ("number", "function", "title", "says"),
    [
        ("4.9", "twice", "Double a number", "the next exercise to notebook 04 is 4."),
        ("99.1", "twice", "Double a number", "there is no notebook 99"),
        ("four", "twice", "Double a number", "is no number"),
        (NEXT, "load_by_email", "Double a number", "has a function load_by_email already"),
        (NEXT, "broken_app", "Double a number", "has a function broken_app already"),
        (NEXT, "to double", "Double a number", "is no name for a function"),
        (NEXT, "twice", "double a number.", "begins with a capital"),
    ],
)
def test_what_does_not_fit_is_refused(number, function, title, says):
    with pytest.raises(tool.Wrong, match=re.escape(says)):
        tool.plan(number, function, title, "apply")


def test_no_exercise_is_unfinished():
    places = [ROOT / SOURCE, ROOT / SOLUTIONS, ROOT / BANK]
    files = [path for folder in places for path in folder.iterdir() if path.is_file()]
    assert [path.name for path in files if "TODO" in path.read_text("utf-8")] == []
