"""There are so many ways in, each as strong as docs/app.md says, and no other."""

import base64
import re
import secrets

import pytest

from flasklogin_tutorial.app import models, new_passwords, passwords, tokens
from flasklogin_tutorial.app.accounts import OPERATOR, find
from flasklogin_tutorial.app.views import auth
from flasklogin_tutorial.visit import in_process

from .access import CALLS
from .conftest import MAIL, PAGE, PASSWORDS, credentials, populate, send_form, who


@pytest.fixture
def app(make_app):
    """Make an app with all that there is: it sends mail, and takes passkeys."""
    return populate(make_app(**MAIL, REGISTRATION=True, PASSKEYS=True))


def bits(make):
    """Return how many random bits are in what a function makes: its longest text of base64."""
    text = max(re.findall(r"[A-Za-z0-9_-]+", make()), key=len)
    return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) * 8


@pytest.mark.parametrize(
    ("make", "least"), [(models.new_secret, 256), (passwords.make_password, 144)]
)
def test_what_is_random_has_as_many_bits_as_the_page_says(make, least):
    assert bits(make) == least
    assert len({make() for _ in range(1000)}) == 1000


def test_what_is_random_comes_from_the_systems_generator(monkeypatch):
    asked = []
    real = secrets.token_urlsafe
    monkeypatch.setattr(secrets, "token_urlsafe", lambda size: asked.append(size) or real(size))
    for make in (models.new_secret, passwords.make_password):
        make()
    assert asked == [32, 18]


def test_a_password_of_the_fewest_characters_is_as_long_as_the_page_says():
    assert new_passwords.SHORTEST == 15
    assert new_passwords.LONGEST == 128


@pytest.mark.parametrize(
    "sent",
    [
        {"headers": {"Authorization": "Basic Ym9iOmJ1aWxkZXIgb2YgYnJpZGdlcw=="}},
        {"headers": {"Authorization": "Token {token}"}},
        {"headers": {"X-API-Key": "{token}"}},
        {"headers": {"X-Auth-Token": "{token}"}},
        {"headers": {"Remote-User": "bob"}},
        {"headers": {"X-Forwarded-User": "bob"}},
        {"headers": {"Cookie": "session={token}"}},
        {"headers": {"Cookie": "remember={token}"}},
        {"headers": {"Cookie": "remember={id}"}},
        {"params": {"token": "{token}", "access_token": "{token}"}},
        {"params": credentials("bob")},
        {"json": {"token": "{token}", "access_token": "{token}", **credentials("bob")}},
    ],
    ids=str,
)
def test_there_is_no_other_way_in(app, sent):
    with app.app_context():
        bob = find("bob")
        known = {"token": tokens.create(bob, "x", by=OPERATOR), "id": str(bob.id)}
    filled = {
        kind: {
            name: re.sub(r"\{(\w+)\}", lambda found: known[found[1]], text)
            for name, text in given.items()
        }
        for kind, given in sent.items()
    }
    browser = in_process(app)
    for call in ("/user_info", "/logout"):
        browser.post(call, **filled)
    assert who(browser, **filled) is None
    assert who(browser) is None


def test_only_the_login_makes_somebody_logged_in(app):
    """A name and a password that are right, sent to every other call, are nothing there."""
    for call in CALLS:
        if "<" in call.path or call.path == "/login":
            continue
        browser = in_process(app)
        browser.request(call.verb, call.path, json=credentials("bob"))
        browser.request(call.verb, call.path, data=credentials("bob"), headers=PAGE)
        assert who(browser) is None, call


@pytest.mark.parametrize("form", [False, True], ids=["JSON", "the form"])
def test_the_form_and_the_api_ask_for_the_same(app, form, monkeypatch):
    asked = []
    monkeypatch.setattr(auth, "check_password", lambda *given: asked.append(given))
    browser = in_process(app)
    if form:
        send_form(browser, "/login", credentials("bob"), page="/login")
    else:
        browser.post("/login", json=credentials("bob"))
    assert asked == [("bob", PASSWORDS["bob"])]
