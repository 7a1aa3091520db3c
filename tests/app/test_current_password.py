"""Whoever changes their own password types the current one too, at every door."""

import json
import logging

import pytest

from flasklogin_tutorial.app import accounts, audit, passwords, refusals
from flasklogin_tutorial.app.models import User, now
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, credentials, log_in, populate, send_form, snapshot, stored
from .test_rules import logged_in

NEW = "a quite different password"


def over_the_api(browser, current, new=NEW, name="bob"):
    body = {"name": name, "password": new}
    if current is not None:
        body["current_password"] = current
    return browser.post("/", json=body)


def on_the_page(browser, current, new=NEW):
    form = {"current_password": current or "", "new_password": new, "again": new}
    return send_form(browser, "/account/password", form)


DOORS = {"over the API": over_the_api, "on the page": on_the_page}


@pytest.fixture(params=DOORS)
def change(request):
    return DOORS[request.param]


def opens(app, name, password):
    given = {"username": name, "password": password}
    return in_process(app).post("/login", json=given).status_code == 200


# ---- one's own


@pytest.mark.parametrize("current", [None, "", "not the password", PASSWORDS["ada"], NEW])
def test_without_the_current_password_nothing_changes(app, bob, change, current):
    before = snapshot()
    answer = change(bob, current)
    assert answer.status_code == 422
    assert snapshot() == before
    assert bob.post("/user_info").status_code == 200


def test_with_it_the_password_is_changed(app, bob, change):
    answer = change(bob, PASSWORDS["bob"])
    assert answer.status_code == 200 or answer.is_redirect
    assert opens(app, "bob", NEW)
    assert not opens(app, "bob", PASSWORDS["bob"])


@pytest.mark.parametrize("later", DOORS)
def test_of_two_changes_at_once_the_one_that_was_answered_first_stays(app, bob, later, monkeypatch):
    """Each said the current password, and the first change ends the login that asks for the later.

    The later one is being hashed at that moment.
    """
    elsewhere, first = log_in(app, "bob"), "what the first one chose"
    hash_password = passwords.hash_password

    def hash_while_another_changes_it(password):
        monkeypatch.setattr(passwords, "hash_password", hash_password)
        assert over_the_api(elsewhere, PASSWORDS["bob"], first).status_code == 200
        return hash_password(password)

    monkeypatch.setattr(passwords, "hash_password", hash_while_another_changes_it)
    answer = DOORS[later](bob, PASSWORDS["bob"])
    assert answer.status_code == 401 or answer.headers["Location"].startswith("/login?next=")
    assert opens(app, "bob", first)
    assert not opens(app, "bob", NEW)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "This field is missing. Send your current password too."),
        ({"current_password": "not the password"}, "This is not your current password."),
    ],
)
def test_a_program_is_told_which_field_it_is_about(bob, sent, said):
    answer = bob.post("/", json={"name": "bob", "password": NEW} | sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert answer.json()["fields"] == {"current_password": [said]}


def test_a_new_password_that_will_not_do_is_told_only_to_whoever_knows_the_current_one(bob):
    assert over_the_api(bob, "a guess", "short").json()["fields"].keys() == {"current_password"}
    told = over_the_api(bob, PASSWORDS["bob"], "short").json()["fields"]
    assert told.keys() == {"password"}


def test_each_guess_counts_at_both_doors_together(make_app):
    app = populate(make_app(NEW_PASSWORD_LIMIT="4 per hour"))
    bob, before = log_in(app, "bob"), stored("bob")
    tried = [
        over_the_api(bob, "a guess"),
        over_the_api(bob, None),
        on_the_page(bob, "a guess"),
        on_the_page(bob, "another guess"),
        over_the_api(bob, PASSWORDS["bob"]),
        on_the_page(bob, PASSWORDS["bob"]),
    ]
    assert [answer.status_code for answer in tried] == [422, 422, 422, 422, 429, 429]
    assert stored("bob") == before
    assert log_in(app, "bob")  # a guess there is none at the login


def test_a_wrong_one_is_in_the_audit_log(bob, change, caplog):
    caplog.set_level(logging.INFO, logger=audit.logger.name)
    change(bob, "not the password")
    event = json.loads(caplog.messages[-1])
    assert event["event"] == "current_password_wrong"
    assert event["name"] == "bob"
    assert "not the password" not in caplog.text


def test_a_first_password_is_the_current_one(app, bob, change):
    User.objects(name="bob").update(first_password_until=now().replace(year=now().year + 1))
    assert change(bob, "not the password").status_code == 422
    change(bob, PASSWORDS["bob"])
    assert opens(app, "bob", NEW)


def test_what_the_articles_app_stored_is_the_current_one_too(app):
    User._get_collection().insert_one(
        {
            "name": "old",
            "name_key": "old",
            "name_looks": ["old"],
            "password": "s3cret",
            "email": "o@x.org",
        }
    )
    with app.app_context():
        old = logged_in("old")
        for current in (None, "wrong", "s3cret "):
            with pytest.raises(refusals.Refusal):
                accounts.change(old, by=old, password=NEW, current_password=current)
        accounts.change(old, by=old, password=NEW, current_password="s3cret")
    assert opens(app, "old", NEW)
    assert "password" not in stored("old")


def test_the_rule_stands_beside_the_deed(app):
    with app.app_context():
        bob = logged_in("bob")
        before = snapshot()
        with pytest.raises(refusals.CurrentPasswordMissing):
            accounts.change(bob, by=bob, password=NEW)
        with pytest.raises(refusals.CurrentPasswordMissing):
            accounts.change(bob, by=bob, password=NEW, email="new@example.org")
        with pytest.raises(refusals.CurrentPasswordWrong):
            accounts.change(bob, by=bob, password=NEW, current_password="a guess")
        assert snapshot() == before


# ---- another's


def test_an_administrator_gives_another_a_first_password_and_is_not_asked(app, ada):
    assert over_the_api(ada, None).status_code == 200
    assert User.objects.get(name="bob").first_password_until > now()


def test_and_is_asked_for_their_own(app, ada):
    assert over_the_api(ada, None, name="ada").status_code == 422
    assert over_the_api(ada, PASSWORDS["ada"], name="ada").status_code == 200
    assert User.objects.get(name="ada").first_password_until is None


@pytest.mark.parametrize(
    ("who", "body"),
    [
        ("ada", {"name": "bob", "password": NEW, "current_password": PASSWORDS["ada"]}),
        ("ada", {"name": "bob", "password": NEW, "current_password": PASSWORDS["bob"]}),
        ("bob", {"name": "bob", "email": "b@x.org", "current_password": PASSWORDS["bob"]}),
    ],
)
def test_where_nobody_asks_for_it_it_is_refused_and_not_dropped(app, who, body):
    before = stored("bob")
    answer = log_in(app, who).post("/", json=body)
    assert answer.status_code == 422
    said = "This belongs to a new password of your own. Leave it out."
    assert answer.json()["fields"] == {"current_password": [said]}
    assert stored("bob") == before


def test_nobody_guesses_anothers(app, bob):
    body = {"name": "cy", "password": NEW, "current_password": PASSWORDS["cy"]}
    assert bob.post("/", json=body).status_code == 403
    assert opens(app, "cy", credentials("cy")["password"])
