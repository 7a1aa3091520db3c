"""What the tests of the finished app share: apps, users and browsers."""

import json
import logging
import os
import re
import sys
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, settings
from werkzeug.security import generate_password_hash

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import audit
from flasklogin_tutorial.app.database import ensure_indexes
from flasklogin_tutorial.app.models import DOCUMENTS, User, now
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.visit import LOOPBACK, copy_cookies_into, in_process, read_token

from . import faults

SECRET = "a secret key that only the tests know"
PASSWORDS = {
    "ada": "analytical engine one",
    "bob": "builder of bridges",
    "cy": "cycling over mountains",
}
PAGE = {"Accept": "text/html"}

#: Mail that stays in the process, and mail that waits for a server that is not there.
MAIL = {
    "MAIL_SERVER": "outbox",
    "MAIL_FROM": "accounts@example.org",
    "PUBLIC_ADDRESS": "https://app.example",
}
QUEUED = MAIL | {"MAIL_SERVER": "smtp-plain://127.0.0.1:9"}

#: An app with everything that can be switched on.
ALL_THERE_IS = QUEUED | {"REGISTRATION": True, "SECOND_FACTOR": "offered", "PASSKEYS": True}

#: Where a thief is. The tests' browsers are at 127.0.0.1.
ELSEWHERE = "203.0.113.66"

#: For property tests: no time limit for one example on a busy machine, nothing written to the
#: checkout, and the same examples every time where nobody is there to look at a new one.
PROPERTY = settings(
    deadline=None,
    database=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch):
    """Keep settings of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith("FLASKLOGIN_"):
            monkeypatch.delenv(name)


@pytest.fixture
def make_app():
    """Give a function that makes an app for tests, with more settings if there are any."""
    return lambda **settings: create_app({"TESTING": True, "SECRET_KEY": SECRET, **settings})


@pytest.fixture
def app(make_app):
    """Make an app with an administrator, ada, and two users, bob and cy."""
    return populate(make_app())


def populate(app):
    with app.app_context():
        ensure_indexes()
        for name in PASSWORDS:
            User(
                name=name,
                email=f"{name}@example.org",
                confirmed_email=None if name == "cy" else f"{name}@example.org",
                password_hash=hashed(name, app.config["PASSWORD_METHOD"]),
                is_admin=name == "ada",
            ).save()
    return app


@cache
def hashed(name, method):
    return generate_password_hash(PASSWORDS[name], method)


def log_in(app, name, **more):
    """Open a browser in which somebody is logged in."""
    browser = in_process(app)
    answer = browser.post("/login", json=credentials(name) | more)
    assert answer.status_code == 200, answer.text
    return browser


def credentials(name):
    return {"username": name, "password": PASSWORDS[name]}


def thief_of(browser, app, *cookies, address=None):
    """Open another browser with copies of somebody's cookies, at an address of its own if given."""
    thief = in_process(app, address=address or LOOPBACK)
    wanted = cookies or ("session",)
    there = [cookie.name for cookie in browser.cookies if cookie.name in wanted]
    copy_cookies_into(thief, browser, there)
    return thief


def link_of(app):
    """Return what the link of the latest letter in the outbox carries, or None."""
    texts = [message.get_content() for message in read_outbox(app)]
    tokens = [found[1] for text in texts if (found := re.search(r"\?token=(\S+)", text))]
    return tokens[-1] if tokens else None


def who(browser, **more):
    """Return the name of whoever is logged in, or None."""
    answer = browser.post("/user_info", **more)
    assert answer.status_code in (200, 401), answer.text
    return answer.json()["data"].get("name")


def stored(name):
    """Return a user as it is in the database."""
    return User._get_collection().find_one({"name": name})


def snapshot():
    """Return everything that is in the database."""
    return {
        document.__name__: sorted(document._get_collection().find(), key=lambda one: one["_id"])
        for document in DOCUMENTS
    }


def csrf_token(page):
    return read_token(page.text)["csrf_token"]


def send_form(browser, path, form=None, page="/account", **more):
    """Send a form as a person does: open the page, fill it in, press the button."""
    opened = browser.get(page, headers=PAGE)
    data = {"csrf_token": csrf_token(opened)} | (form or {})
    return browser.post(path, data=data, headers=PAGE, allow_redirects=False, **more)


@pytest.fixture
def ada(app):
    return log_in(app, "ada")


@pytest.fixture
def bob(app):
    return log_in(app, "bob")


@pytest.fixture
def stranger(app):
    return in_process(app)


@pytest.fixture
def events(caplog):
    """Give a function that returns the events so far, and forgets them."""
    caplog.set_level(logging.INFO, logger=audit.logger.name)

    def take():
        lines = [one.getMessage() for one in caplog.records if one.name == audit.logger.name]
        caplog.clear()
        return [json.loads(line) for line in lines]

    return take


@pytest.fixture
def later(monkeypatch):
    """Give a function that lets time pass for the app."""

    def move(**span):
        moment = now() + timedelta(**span)
        for name, module in list(sys.modules.items()):
            if name.startswith("flasklogin_tutorial.app.") and hasattr(module, "now"):
                monkeypatch.setattr(module, "now", lambda: moment)

    return move


@pytest.fixture
def figure(request):
    """Give a function that notes what a test saw, for docs/faults.md: see faults.py."""
    test = f"{request.path.name}::{request.node.name}"
    return lambda text: faults.note(request.config, test, text)
