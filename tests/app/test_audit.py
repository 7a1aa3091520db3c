"""The audit log: every event one line of JSON, and no secret in any."""

import json
import logging

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import accounts, audit, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.schemas import LONGEST_NAME
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, SECRET, credentials, log_in, send_form, stored


def test_a_login_and_a_logout_are_written_down(app, events):
    bob = log_in(app, "bob")
    bob.post("/logout")
    came, left = events()[-2:]
    assert (came["event"], came["outcome"], came["name"]) == ("sign_in", "accepted", "bob")
    assert (left["event"], left["name"]) == ("sign_out", "bob")
    for event in (came, left):
        assert event["user"] == str(stored("bob")["_id"])
        assert event["address"] == "127.0.0.1"
        assert event["agent"] == "tutorial-browser"
        assert event["time"]


def test_a_refused_login_is_written_down_without_a_name_that_nobody_has(app, events):
    events()
    typed = "a password in the wrong field"
    in_process(app).post("/login", json={"username": typed, "password": "x"})
    in_process(app).post("/login", json=credentials("bob") | {"password": "wrong"})
    unknown, wrong = events()
    assert (unknown["outcome"], unknown["user"]) == ("refused", None)
    assert "name" not in unknown
    assert (wrong["outcome"], wrong["name"]) == ("refused", "bob")


def test_a_throttled_login_is_written_down(make_app, events):
    browser = in_process(make_app(SIGN_IN_LIMIT_PER_NAME="1 per hour"))
    for _ in range(2):
        browser.post("/login", json={"username": "nobody", "password": "x"})
    assert [one["outcome"] for one in events()] == ["refused", "throttled"]


def test_changes_say_who_made_them(app, ada, events):
    events()
    ada.post(
        "/", json={"name": "bob", "email": "b@example.org", "password": "chosen by ada for bob"}
    )
    send_form(ada, f"/people/{stored('bob')['_id']}/disable", page="/people")
    ada.delete("/", json={"name": "bob"})
    said = [(one["event"], one["name"], one["by"]) for one in events()]
    by = str(stored("ada")["_id"])
    names = ["email_changed", "password_changed", "user_disabled", "user_deleted"]
    assert said == [(name, "bob", by) for name in names]


def test_nothing_secret_is_written_anywhere(app, caplog):
    caplog.set_level(logging.DEBUG)
    bob = log_in(app, "bob", remember=True)
    wrong = "a wrong password that must not be logged"
    in_process(app).post("/login", json=credentials("bob") | {"password": wrong})
    answer = send_form(bob, "/account/tokens", {"label": "x"})
    token = answer.text.partition('class="secret">')[2].partition("<")[0]
    secrets = [*PASSWORDS.values(), wrong, token, SECRET, *bob.cookies.values(), "bob@example.org"]
    # The driver of a server writes whole commands at DEBUG, which nothing in the app switches on.
    written = "\n".join(
        one.getMessage() for one in caplog.records if not one.name.startswith("pymongo")
    )
    for secret in secrets:
        assert secret not in written


def test_input_cannot_forge_a_line(app, caplog, events):
    agent = 'x", "event": "sign_in\r\n{"event": "forged"}'
    in_process(app).post(
        "/login", json=credentials("bob"), headers={"User-Agent": agent.replace("\r\n", " ")}
    )
    assert all("\n" not in one.getMessage() for one in caplog.records)
    assert all(one["event"] != "forged" for one in events())


def test_no_line_is_longer_than_the_page_says(app, ada, caplog, events):
    """JSON writes such a letter with twelve characters, and each sign of the header with six."""
    letter, password = "\U00010428", "compilers are my hobby"
    deep, agent = letter * LONGEST_NAME, {"User-Agent": '\xff"\\' * 1_000}
    ada.put("/", json={"name": deep, "password": password, "email": "d@example.org"})
    client = app.test_client()  # a browser sends no such header
    for typed in ("a guess", password):
        client.post("/login", json={"username": deep, "password": typed}, headers=agent)
    own = {"name": deep, "password": "a quite different password", "current_password": password}
    assert client.post("/", json=own, headers=agent).status_code == 200
    client.delete("/", json={"name": "ada"}, headers=agent)
    with app.test_request_context(headers=agent):
        user = accounts.find(deep)
        tokens.create(user, letter * 60, by=OPERATOR)
        accounts.rename(user, "\U00010429" * LONGEST_NAME, by=OPERATOR)
    lines = [one.getMessage() for one in caplog.records if one.name == audit.logger.name]
    assert {json.loads(one)["event"] for one in lines} >= {
        "sign_in",
        "refused",
        "password_changed",
        "token_created",
        "user_renamed",
    }
    assert max(map(len, lines)) < 2_000


def test_outside_tests_the_lines_go_to_stderr_unless_the_server_says_otherwise(monkeypatch):
    monkeypatch.setattr(audit.logger, "propagate", False)
    monkeypatch.setattr(audit.logger, "handlers", [])
    level = audit.logger.level
    try:
        create_app({"SECRET_KEY": SECRET})
        create_app({"SECRET_KEY": SECRET})
        assert len(audit.logger.handlers) == 1
        assert audit.logger.isEnabledFor(logging.INFO)
    finally:
        audit.logger.setLevel(level)
