"""Causes that no question knows: a missing import, a second view, a cell that did not run."""

import os
from importlib import import_module

import nbformat
import pytest
from flask_login import logout_user
from nbclient import NotebookClient

from flasklogin_tutorial.exercises import Verdict, all_exercises, judge

EXERCISES = {one.number: one for one in all_exercises()}


def said(number, source, **names):
    """Return what a check says of an answer that has these names and no others."""
    one = EXERCISES[number]
    space = {"__name__": "__main__", **names}
    exec(source, space)
    result = judge(one, space[one.answer])
    assert result.verdict is Verdict.WRONG
    return dict(result.rows).get("look at", "")


@pytest.mark.parametrize(
    ("number", "source", "line"),
    [
        (
            "0.3",
            "def delete_if_allowed():\n    record = json.loads(request.data)",
            "json is not imported in this notebook: import json",
        ),
        (
            "0.3",
            "import json\ndef delete_if_allowed():\n    record = json.loads(request.data)",
            "request is not imported in this notebook: from flask import request",
        ),
        (
            "4.1",
            "def load_by_email(user_id):\n    return User.objects(email=user_id).first()",
            "User is not imported in this notebook: "
            "from flasklogin_tutorial.steps.step04_user_loader import User",
        ),
        (
            "4.3",
            "def mended_app():\n    return broken_app()",
            "broken_app is not imported in this notebook: "
            "from flasklogin_tutorial.exercises.ch04 import broken_app",
        ),
        (
            "6.1",
            "def add_me(app):\n    @app.get('/me')\n    @login_required\n    def me(): ...",
            "login_required is not imported in this notebook: "
            "from flask_login import login_required",
        ),
        (
            "8.1",
            "def known_user(name, typed):\n    return check_password_hash('x', typed)",
            "check_password_hash is not imported in this notebook: "
            "from werkzeug.security import check_password_hash",
        ),
        (
            "4.1",
            "def load_by_email(user_id):\n    return Usr.objects(email=user_id).first()",
            "Usr is not defined in this notebook, where the answer stands. Is User meant?",
        ),
        (
            "4.1",
            "def load_by_email(user_id):\n    return the_user_of(user_id)",
            "the_user_of is not defined in this notebook, where the answer stands.",
        ),
    ],
)
def test_a_missing_name_is_told_with_the_line_that_imports_it(number, source, line):
    assert said(number, source) == line


def test_a_name_that_is_missing_in_a_view_is_told_too():
    source = (
        "def add_me(app):\n    @app.get('/me')\n    def me():\n        return jsonify(name='ada')"
    )
    wanted = "jsonify is not imported in this notebook: from flask import jsonify"
    assert said("6.1", source) == wanted


def test_a_variable_that_is_not_set_yet_is_no_missing_import():
    source = "def load_by_email(user_id):\n    json = json.loads(user_id)"
    assert "import" not in said("4.1", source)


def test_every_name_that_an_exercise_module_uses_is_known_by_its_import():
    for one in all_exercises():
        wrong = NameError("name 'check_answer' is not defined", name="check_answer")

        def answer(*given, raised=wrong):
            raise raised

        found = dict(judge(one, answer).rows)
        if "look at" in found and "went wrong" not in found:
            assert found["look at"] == (
                "check_answer is not imported in this notebook: "
                "from flasklogin_tutorial.exercises import check_answer"
            ), one.number


@pytest.mark.parametrize(
    ("number", "source", "view"),
    [
        (
            "0.1",
            "def refuse_deletes(app):\n"
            "    @app.route('/', methods=['DELETE'])\n"
            "    def refuse():\n"
            "        return {'error': 'no'}, 403",
            "delete_record",
        ),
        (
            "6.2",
            "def mended_logout():\n"
            "    app = sticky_app()\n"
            "    @app.post('/logout')\n"
            "    def leave():\n"
            "        logout_user()\n"
            "        return {'result': 200}\n"
            "    return app",
            "logout",
        ),
    ],
)
def test_a_second_view_behind_the_first_is_told(number, source, view):
    sticky_app = import_module("flasklogin_tutorial.exercises.ch06").sticky_app
    hint = said(number, source, logout_user=logout_user, sticky_app=sticky_app)
    assert hint.startswith("Two views answer ")
    assert (
        f'{view} answers still. Put your function in its place: app.view_functions["{view}"]'
        in (hint)
    )


def test_a_view_that_is_replaced_is_no_second_one():
    def refuse_deletes(app):
        app.view_functions["delete_record"] = lambda: ({"error": "no"}, 404)

    rows = dict(judge(EXERCISES["0.1"], refuse_deletes).rows)
    assert "Two views" not in rows["look at"]


# ---- in a kernel

FIRST = """\
from flasklogin_tutorial.exercises import check_answer
from flasklogin_tutorial.steps.step04_user_loader import User


def load_by_email(user_id):
    return None
"""
CHECK = 'check_answer("4.1", load_by_email)'
RIGHT = "def load_by_email(user_id):\n    return User.objects(email=user_id).first()"


def run(tmp_path, *sources):
    """Run cells in one kernel, and return what each shows as text; empty for one that failed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in sources])
    client = NotebookClient(
        notebook,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": tmp_path}},
    )
    client.execute(env=dict(os.environ, FLASKLOGIN_TUTORIAL_PROGRESS=str(tmp_path / "p.json")))
    return [
        "".join(one.data["text/plain"] for one in cell.outputs if "data" in one)
        for cell in notebook.cells
    ]


@pytest.mark.slow
def test_a_cell_that_did_not_run_leaves_no_verdict_on_the_function_of_before(tmp_path):
    broken = "def load_by_email(user_id):\n    return User.objects(email=user_id.first()"
    misspelt = "fed load_by_email(user_id):\n    return User.objects(email=user_id).first()"
    raising = f"@login_required\n{RIGHT}"
    shown = run(
        tmp_path, FIRST, CHECK, broken, CHECK, misspelt, CHECK, raising, CHECK, RIGHT, CHECK
    )
    assert shown[1].startswith("✗ 4.1")
    for place in (3, 5, 7):
        assert shown[place].startswith("… 4.1"), shown[place]
        assert "came back" not in shown[place]
        assert "stopped" in shown[place]
    assert "SyntaxError: " in shown[3]
    assert "login_required is not imported in this notebook: from flask_login" in shown[7]
    assert shown[9].startswith("✓ 4.1")


@pytest.mark.slow
def test_a_trial_that_fails_takes_nothing_from_the_answer(tmp_path):
    shown = run(tmp_path, FIRST, RIGHT, "load_by_email(1, 2)", "load_by_email(", CHECK)
    assert shown[4].startswith("✓ 4.1")
