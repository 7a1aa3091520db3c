"""Apps that answer everything, that end Python, that are none, or that cannot be made."""

import sys
from types import ModuleType

import pytest
from flask import Flask, jsonify, request

from flasklogin_tutorial.lab import check, new_app, serve, trace
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import NotAFlaskApp, in_process

from .mistakes import FIND, FOUND, KEY, LOADER, NOT_FOUND, ROUTE_LOGIN

# ---- an app that answers everything


def test_a_get_that_finds_everybody_is_named_instead_of_asking_for_ever(changed_step):
    app = new_app(
        changed_step(
            "step00",
            (FIND + NOT_FOUND + FOUND, '        return jsonify(name=request.args["name"])\n'),
        )
    )
    asked = []

    @app.before_request
    def end_at_last():
        asked.append(request.path)
        return jsonify(error="enough") if len(asked) > 1000 else None

    result = check(app, step=0)
    assert len(asked) < 1000
    assert "GET says when there is no such record" in repr(result)


# ---- a view that ends Python


@pytest.fixture
def leaving():
    app = Flask("leaving")

    @app.get("/leave")
    def leave():
        sys.exit("goodbye")

    @app.get("/")
    def stay():
        return "still here"

    return app


def test_a_view_that_ends_python_is_a_500_and_python_goes_on(visit, leaving):
    browser = visit(leaving)
    answer = browser.get("/leave")
    assert answer.status_code == 500
    assert isinstance(answer.visit.error, SystemExit)
    assert browser.get("/").text == "still here"


def test_a_trace_of_a_view_that_ends_python_names_it(visit, leaving):
    browser = visit(leaving)
    seen = trace(browser).get("/leave")
    assert "✗ SystemExit: goodbye" in [event.text for event in seen.events]
    assert trace(browser).get("/").response.text == "still here"


# ---- what is no app


NO_APPS = {
    "None": (None, "return app"),
    "the function": (step06.create_app, "Call it: create_app()"),
    "the module": (ModuleType("my_app"), "what create_app() returns"),
    "the class": (Flask, "Call it: Flask()"),
    "the database": (step06.db, "what create_app() returns"),
    "a browser": (in_process(Flask("visited")), "what create_app() returns"),
    "the answer of another check": (check(None, step=0), "what create_app() returns"),
}


@pytest.mark.parametrize(("thing", "advice"), NO_APPS.values(), ids=NO_APPS)
def test_what_is_no_app_fails_one_check_that_says_what_to_do(thing, advice):
    result = check(thing, step=4)
    assert not result
    assert len(result.rows) == 1
    for words in ("what is checked is a Flask app", "a Flask app", advice):
        assert words in repr(result)
    assert advice in result._repr_html_()


@pytest.mark.parametrize(("thing", "advice"), NO_APPS.values(), ids=NO_APPS)
def test_what_is_no_app_is_not_served_and_not_traced(thing, advice):
    with pytest.raises(NotAFlaskApp) as raised:
        serve(thing)
    assert advice in str(raised.value)
    if thing is not NO_APPS["a browser"][0]:
        with pytest.raises(TypeError, match=r"ada = serve\(app\)"):
            trace(thing)


def test_create_app_without_return_is_named_by_new_app(changed_step):
    create_app = changed_step("step06", ("\n    return app\n", "\n"))
    with pytest.raises(NotAFlaskApp, match=r"this is None\..*return app"):
        new_app(create_app)


def test_an_app_that_is_called_too_early_is_named_by_new_app():
    with pytest.raises(TypeError, match=r"given Flask\. Hand over the function"):
        new_app(step06.create_app())


@pytest.mark.parametrize("step", [7, -1, "4", None, True, 3.5])
def test_a_step_that_is_none_is_answered_with_the_steps_that_are(step):
    with pytest.raises(ValueError, match=r"the steps go from 0 to 6.*check\(app, step=4\)"):
        check(step06.create_app(), step=step)


# ---- an app that cannot be made: Flask's own words reach the cell, and the next cell works


@pytest.mark.parametrize(
    ("edit", "error", "words"),
    [
        (
            ("    def update_record", "    def create_record"),
            AssertionError,
            "overwriting an existing endpoint function: create_record",
        ),
        ((ROUTE_LOGIN, ROUTE_LOGIN.replace('"/login', '"login')), ValueError, "start with a slash"),
        ((ROUTE_LOGIN, ROUTE_LOGIN.replace("methods", "method")), TypeError, "'method'"),
        (
            (ROUTE_LOGIN, ROUTE_LOGIN.replace('["POST"]', '"POST"')),
            TypeError,
            "must be a list of strings",
        ),
        ((LOADER, "    @login_manager.user_loader()\n"), TypeError, "'callback'"),
        ((KEY, KEY.replace("app.config", "app.confg")), AttributeError, "'confg'"),
    ],
)
def test_an_app_that_cannot_be_made_shows_flasks_own_error(changed_step, edit, error, words):
    with pytest.raises(error, match=words):
        new_app(changed_step("step06", edit))


def test_a_route_after_the_first_request_is_refused_and_the_app_still_answers():
    app = new_app(step06.create_app)
    with serve(app) as browser:
        browser.get("/")
        with pytest.raises(AssertionError, match="has already handled its first request"):
            app.add_url_rule("/late", view_func=lambda: "late")
        assert browser.get("/?name=ada").json() == {"error": "data not found"}
    assert check(app, step=6)
