"""The places in the lessons where the reader writes, filled in as a reader would."""

import json
import re
import sys
from copy import deepcopy
from pathlib import Path

import pytest

from flasklogin_tutorial.exercises import hint
from flasklogin_tutorial.exercises.lines import all_lines, find_line
from flasklogin_tutorial.exercises.question import Typed
from flasklogin_tutorial.exercises.quiz import all_quizzes

from .line_rules import instead, must_be_right, must_be_told
from .notebook_rules import PAGES, notebooks_in

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from refresh_outputs import (  # noqa: E402
    code_cells,
    map_texts,
    normalise,
    read_notebook,
    read_rules,
    run,
    sanitize,
)

LESSONS = notebooks_in(ROOT / "notebooks")
#: The lessons in which the reader writes.
WRITTEN = [number for number, path in LESSONS.items() if '"write": "' in path.read_text("utf-8")]
#: Those, and the one that makes an app of what was written.
FILLED = [*WRITTEN, "07"]


def read(number):
    return read_notebook(LESSONS[number].read_bytes())


def below(notebook, cell):
    """Return the Markdown that comes next after a cell."""
    later = notebook.cells[notebook.cells.index(cell) + 1 :]
    return next(one.source for one in later if one.cell_type == "markdown")


def above(notebook, cell):
    """Return the Markdown that comes last before a cell."""
    before = notebook.cells[: notebook.cells.index(cell)]
    return next(one.source for one in reversed(before) if one.cell_type == "markdown")


def solution_in(markdown):
    """Return the code of the solution that Markdown opens with."""
    found = re.match(
        r"<details[^>]*><summary>Solution</summary>\n\n```python\n(.*?)```\n.*?</details>",
        markdown,
        re.S,
    )
    return found and found[1].strip()


def marked(notebook, mark):
    return [cell for cell in code_cells(notebook) if mark in cell.metadata]


def shown(cell):
    return "\n".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )


def test_every_place_is_in_a_lesson_and_in_their_order():
    places = [
        cell.metadata["write"] for number in WRITTEN for cell in marked(read(number), "write")
    ]
    assert places == [one.number for one in all_lines()]


@pytest.mark.parametrize("number", WRITTEN)
def test_each_place_has_its_check_and_its_solution_below_it(number):
    notebook = read(number)
    cells = code_cells(notebook)
    places = {cell.metadata["write"]: cell for cell in marked(notebook, "write")}
    for name, cell in places.items():
        assert int(name[:-1]) == int(number[:2]), f"{name} is a number of another lesson"
        one = find_line(name)
        assert "..." in cell.source, f"{name} leaves nothing to write"
        check = cells[cells.index(cell) + 1]
        assert check.metadata.get("yours") == name
        assert f'yours("{name}", {one.name})' in check.source
        assert solution_in(below(notebook, check)) == one.solution.strip()
        assert f"({name})" in above(notebook, cell), (
            f"the text above {name} does not say what to write there"
        )


@pytest.mark.parametrize("number", FILLED)
def test_your_turn_has_a_cell_and_a_solution(number):
    notebook = read(number)
    heading = [cell for cell in notebook.cells if "## Your turn" in cell.source]
    turns = marked(notebook, "try")
    assert len(heading) == 1
    assert [notebook.cells.index(heading[0]) + 1] == [notebook.cells.index(cell) for cell in turns]
    for cell in turns:
        assert solution_in(below(notebook, cell)) == cell.metadata["try"]["solution"]


def asked_in(notebook):
    """Return the names of the questions of a lesson, each with the two code cells below it."""
    cells = code_cells(notebook)
    asks = re.compile(r'quiz\("(\d\d[a-z]?(?:-\d)?)"')
    found = [(asks.match(cell.source), n) for n, cell in enumerate(cells)]
    return {match[1]: cells[n + 1 : n + 3] for match, n in found if match}


@pytest.mark.parametrize("number", [number for number in LESSONS if number not in {"07", *PAGES}])
def test_the_result_that_a_quiz_asks_for_is_folded_away_until_the_cell_runs(number):
    asked = asked_in(read(number))
    assert len(asked) >= (3 if number > "07" else 1)
    for name, after in asked.items():
        hidden = [cell.metadata.get("jupyter", {}).get("outputs_hidden") for cell in after]
        assert any(hidden), name


@pytest.mark.parametrize("number", sorted({number[:2] for number in WRITTEN if number > "07"}))
def test_a_lesson_asks_its_own_questions_each_of_them_once(number):
    """Where a lesson was divided, the letters of its questions go on from notebook to notebook."""
    parts = [read(one) for one in LESSONS if one[:2] == number]
    cells = [cell.source for one in parts for cell in code_cells(one)]
    for name in (name for name in all_quizzes() if name[:2] == number):
        assert sum(source.startswith(f'quiz("{name}"') for source in cells) == 1, name
    assert {name[:2] for one in parts for name in asked_in(one)} == {number}


@pytest.mark.parametrize("number", [number for number in WRITTEN if number > "07"])
def test_the_number_that_a_quiz_asks_for_is_in_the_result_below_it(number):
    for name, after in asked_in(read(number)).items():
        one = all_quizzes()[name]
        if isinstance(one, Typed):
            assert str(one.right) in re.findall(r"[\w.]+", "\n".join(map(shown, after))), name


def test_hints_come_one_at_a_time(capsys):
    hint("3b")
    hint("3b")
    assert [line[:11] for line in capsys.readouterr().out.splitlines()] == [
        "hint 1 of 3",
        "hint 2 of 3",
    ]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Give a function that runs a lesson with everything filled in, each in its turn."""
    folder = tmp_path_factory.mktemp("notebooks")
    done = {}

    def fill(number):
        if number not in done:
            notebook = deepcopy(read(number))
            for cell in marked(notebook, "write"):
                cell.source = find_line(cell.metadata["write"]).solution
            for cell in marked(notebook, "try"):
                cell.source = cell.metadata["try"]["solution"]
            run(notebook, LESSONS[number].parent, timeout=120, progress=folder / "progress.json")
            normalise(notebook)
            done[number] = notebook
        return done[number]

    return fill


@pytest.mark.slow
@pytest.mark.parametrize("number", FILLED)
def test_a_lesson_with_the_readers_lines_shows_what_it_shows_without_them(filled, number):
    rules = read_rules()

    def comparable(cell):
        return map_texts(cell.outputs, lambda text: sanitize(text, rules))

    stored, new = read(number), filled(number)
    normalise(stored)
    for was, now in zip(code_cells(stored), code_cells(new), strict=True):
        if "try" in was.metadata:
            for text in was.metadata["try"]["shows"]:
                assert text in shown(now), f"the solution of 'Your turn' shows:\n{shown(now)}"
        elif was.metadata.get("yours") == "all":
            assert "passed" in shown(now)
        elif "yours" in was.metadata:
            assert "not yet" in shown(was)
            assert f"✓ {was.metadata['yours']} " in shown(now), shown(now)
        elif comparable(was) != comparable(now):
            pytest.fail(f"{now.source}\n--- shows ---\n{shown(now)}\n--- not ---\n{shown(was)}")


@pytest.mark.slow
def test_the_last_lesson_makes_an_app_of_all_lines_that_were_written(filled):
    for number in (number for number in FILLED if number < "08"):
        notebook = filled(number)
    cell = next(one for one in marked(notebook, "yours") if one.metadata["yours"] == "all")
    assert "9 of 9 places in this app hold your lines." in shown(cell)


# ---- what a reader gets who writes something else


NAMES = {"2b": "step01_bind_login_manager", "3b": "step02_login_view", "4a": "step03_user_model"}


def guard(condition):
    """Return what somebody writes who lets the guard of 5c refuse on another condition."""
    right = "request.endpoint not in open_views and not current_user.is_authenticated"
    return instead("5c", (right, condition))


WRONG = [
    ("0b", "def loudly(function):\n    return function().upper()", "Leave the last line"),
    (
        "0b",
        "def loudly(function):\n    said = function()\n\n    def louder():\n"
        "        return said.upper()\n\n    return louder",
        "inside `louder`",
    ),
    (
        "0b",
        "def loudly(function):\n    def louder():\n        function().upper()\n\n    return louder",
        "Is `return` there",
    ),
    (
        "0b",
        "def loudly(function):\n    def louder():\n        return function\n\n    return louder",
        "Brackets behind its name",
    ),
    (
        "0b",
        "def loudly(function):\n    def louder():\n        return function()\n\n    return louder",
        "not in capitals",
    ),
    ("0b", "def loudly(function):\n    return None", "Leave the last line"),
    (
        "0b",
        "def loudly(function):\n    def louder():\n        return function.upper()\n\n"
        "    return louder",
        "behind the call",
    ),
    ("0c", "def find_by_email(email):\n    User.objects(email=email).first()", "Is `return` there"),
    ("0c", "def find_by_email(email):\n    return User.objects(email=email)", "`.first()`"),
    (
        "0c",
        "def find_by_email(email):\n    return User.objects(name=email).first()",
        "does it look for `email`",
    ),
    ("0c", "def find_by_email(email):\n    return User.objects.first()", "the one that was handed"),
    (
        "0a",
        "def delete_record_of(name, browser):\n    browser.delete('/', json={'name': name})",
        "ret",
    ),
    (
        "0a",
        "def delete_record_of(name, browser):\n    return browser.get('/?name=' + name)",
        "the verb",
    ),
    ("1a", "def bind(app):\n    login_manager = LoginManager()\n    return login_manager", "told"),
    ("1a", "def bind(app):\n    return LoginManager(app) and None", "Leave the last line"),
    ("2a", "login_view = '/login'", "Flask-Login goes to this path as well"),
    ("2a", "login_view = print", "This is the function"),
    ("3a", "def is_active(self):\n    return True", "Leave `@property`"),
    ("3a", "@property\ndef is_active(self):\n    return False", "Return True"),
    ("3a", "@property\ndef is_active(self):\n    return yes", "NameError"),
    ("3b", "def get_id(self):\n    return self.id", "This is an ObjectId"),
    ("3b", "def get_id(self):\n    str(self.id)", "Is `return` there"),
    ("3b", "def get_id(self):\n    return self.name", "Return the id"),
    ("4a", "def load_user(user_id):\n    User.objects(id=user_id).first()", "Is `return` there"),
    ("4a", "def load_user(user_id):\n    return User.objects(id=user_id)", "`.first()`"),
    ("4a", "def load_user(user_id):\n    return User.objects.first()", "Look for the document"),
    ("4a", "def load_user(user_id):\n    return User.objects.get(id=user_id)", "DoesNotExist"),
    (
        "5a",
        "def protect(app):\n    login_required(app.view_functions['create_record'])",
        "bare view",
    ),
    ("5b", "def refuse():\n    return jsonify(error='no')", "behind a comma"),
    ("5b", "def refuse():\n    return 'no', 401", "jsonify"),
    ("5c", guard("request.endpoint not in open_views"), "who is logged in"),
    ("5c", guard("not current_user.is_authenticated"), "The list holds names"),
    (
        "5c",
        guard("request.path not in open_views and not current_user.is_authenticated"),
        "as `request.endpoint` is one",
    ),
    (
        "5c",
        guard("request.endpoint in open_views and not current_user.is_authenticated"),
        "closed to strangers",
    ),
    (
        "5c",
        guard("request.endpoint not in open_views or not current_user.is_authenticated"),
        "it is on the list",
    ),
    (
        "5c",
        guard("request.endpoint not in open_views and current_user.is_authenticated"),
        "it is not on the list",
    ),
    ("5c", guard("open_views not in request.endpoint"), "TypeError"),
    ("6a", "def logout():\n    return jsonify(result=200)", "Which function"),
    (
        "6b",
        "def user_info():\n    return jsonify(result=200, data=current_user.public())",
        "Ask first",
    ),
    ("6b", "def user_info():\n    return jsonify(result=401)", "current_user.public()"),
    (
        "2b",
        find_line("2b").solution.replace(", password=password", ""),
        "ask for the password too",
    ),
    ("2b", find_line("2b").solution.replace("    login_user(user)\n", ""), "Is login_user called"),
]


@pytest.fixture
def names():
    """Give the names that a lesson has, by the number of the place."""

    def of(number):
        from importlib import import_module

        import flask
        import flask_login

        from flasklogin_tutorial.lab import new_app

        step = import_module(f"flasklogin_tutorial.steps.{NAMES.get(number, 'step04_user_loader')}")
        new_app(step.create_app)
        found = {name: getattr(flask, name) for name in ("jsonify", "request")}
        found |= {
            name: getattr(flask_login, name)
            for name in (
                "LoginManager",
                "current_user",
                "login_required",
                "login_user",
                "logout_user",
            )
        }
        return found | {"json": json, "User": step.User}

    return of


@pytest.mark.parametrize(("number", "source", "said"), WRONG)
def test_a_wrong_line_is_told_its_cause_and_the_lesson_goes_on(names, number, source, said):
    must_be_told(number, source, said, names(number))


@pytest.mark.parametrize(
    "one",
    [one for one in all_lines() if int(one.number[:-1]) <= 7],
    ids=lambda one: one.number,
)
def test_the_lessons_own_lines_are_right(names, one):
    must_be_right(one, names(one.number))


def test_a_check_leaves_no_record_behind(names):
    from flasklogin_tutorial.exercises.lines.yours import judge_line

    for number in ("2b", "3b", "4a"):
        one, namespace = find_line(number), names(number)
        judge_line(one, one.own(namespace), namespace)
        assert namespace["User"].objects.count() == 0
