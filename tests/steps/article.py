"""The article's app at each step, and the people who use it."""

import importlib
from pathlib import Path

import pytest
from flask_login import current_user

from flasklogin_tutorial import steps
from flasklogin_tutorial.visit import in_process

NAMES = sorted(path.stem for path in Path(steps.__file__).parent.glob("step[0-9][0-9]_*.py"))

#: The steps that have a login view, a user to log in, protected views, and a logout.
LOGIN, USER, PROTECTED, LOGOUT = 2, 3, 5, 6

ADA = {"name": "ada", "password": "lovelace", "email": "ada@example.org"}
BOB = {"name": "bob", "password": "builder", "email": "bob@example.org"}
NOT_FOUND = {"error": "data not found"}
REFUSED = {"status": 401, "reason": "Username or Password Error"}


def each_step(first=0, last=6):
    """Run a test once for every step from `first` to `last`."""
    return pytest.mark.parametrize("name", NAMES[first : last + 1])


def module_of(name):
    return importlib.import_module(f"flasklogin_tutorial.steps.{name}")


def start(name, config=None):
    return module_of(name).create_app(config)


def number_of(name):
    return int(name[4:6])


def public(record):
    return {"name": record["name"], "email": record["email"]}


def credentials(record):
    return {"username": record["name"], "password": record["password"]}


def add(app, *records):
    """Put users into an app: with the command where there is one, else with the open PUT."""
    for record in records:
        if "add-user" in app.cli.commands:
            arguments = [record["name"], record["email"], "--password", record["password"]]
            result = app.test_cli_runner().invoke(args=["add-user", *arguments])
            assert result.exit_code == 0, result.output
        else:
            assert in_process(app).put("/", json=record).json() == public(record)


def member(app, record=ADA):
    """Return a browser in which a user is logged in."""
    browser = in_process(app)
    assert browser.post("/login", json=credentials(record)).json() == public(record)
    return browser


def writer(app):
    """Return a browser that may write: anyone's until the routes are protected, then Bob's."""
    if "add-user" not in app.cli.commands:
        return in_process(app)
    add(app, BOB)
    return member(app, BOB)


def stored(name):
    """Return what the database holds of all records, without their ids."""
    documents = module_of(name).User._get_collection().find()
    return [{k: v for k, v in document.items() if k != "_id"} for document in documents]


def assert_crashes(response, error):
    assert response.status_code == 500
    assert type(response.visit.error).__name__ == error


def with_page(app):
    """Add a page to an app that asks for `current_user`, as a view of a later step does."""

    @app.get("/page")
    def page():
        return current_user.name if current_user.is_authenticated else "nobody"

    return in_process(app)
