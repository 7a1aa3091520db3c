"""Which apps may be attacked, what is left behind, and what an app calls things."""

import io
import tokenize
from pathlib import Path

import pymongo
import pytest
from flask import Flask, request

from flasklogin_tutorial import attacks, create_app
from flasklogin_tutorial.attacks import (
    MightBeReal,
    Names,
    Target,
    Verdict,
    read_names,
    run_attacks,
)
from flasklogin_tutorial.attacks.storage import is_disposable, stored_texts
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import NotAFlaskApp, new_app, serve

from .apps import hardened

ROOM = Path(attacks.__file__).parent


# ---- which apps may be attacked


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "https://192.0.2.7:5000",
        "http://127.0.0.1.example.org",
        "http://0.0.0.0",
    ],
)
def test_another_machine_is_refused(address):
    with pytest.raises(ValueError, match="not a loopback address"):
        Target(address)
    with pytest.raises(ValueError, match="not a loopback address"):
        run_attacks(address, may_write=True)


@pytest.mark.parametrize("thing", [None, 7, "no address", lambda: None])
def test_what_is_no_app_is_refused(thing):
    with pytest.raises((NotAFlaskApp, ValueError)):
        run_attacks(thing)


def test_mongomock_and_sqlite_in_memory_may_be_ruined():
    assert is_disposable(new_app(step06.create_app))


def test_a_real_mongodb_may_not_be_ruined():
    app = Flask("real")
    with pymongo.MongoClient("mongodb://127.0.0.1:9", connect=False) as client:
        app.extensions["mongoengine"] = {object(): {"app": app, "conn": {"default": client}}}
        assert not is_disposable(app)
        with pytest.raises(MightBeReal, match="may be ruined"):
            run_attacks(app)


def test_an_app_that_does_not_say_where_its_users_are_may_not_be_ruined():
    called = []
    app = Flask("unknown")
    app.before_request(lambda: called.append(request.path))
    with pytest.raises(MightBeReal):
        run_attacks(app)
    assert not called
    assert run_attacks(app, may_write=True, only=["debug-mode"]).having(Verdict.HELD)
    assert called


def test_a_running_server_on_this_machine_can_be_attacked():
    app = new_app(step06.create_app)
    app.view_functions["create_record"] = app.view_functions["create_record"].__wrapped__
    only = ["operator-logs-in", "replay-after-logout", "missing-cookie-flags", "broken-ids"]
    with serve(app) as browser:
        with pytest.raises(MightBeReal):
            run_attacks(browser.base_url)
        report = run_attacks(browser.base_url, only=only, may_write=True)
    assert {row.attack.name for row in report.having(Verdict.GOT_IN)} == set(only)


def test_a_running_server_in_which_nobody_can_be_made_is_not_tried():
    with serve(new_app(step06.create_app)) as browser:
        report = run_attacks(browser.base_url, only=["operator-logs-in"], may_write=True)
    assert report.having(Verdict.NOT_TRIED)
    assert "302" in report.trouble


# ---- what is left behind


@pytest.mark.slow
@pytest.mark.parametrize("module", [step06, hardened], ids=["step 06", "hardened"])
def test_other_people_are_left_alone(module):
    app = new_app(module.create_app)
    arguments = ["olga", "olga@example.org", "--password", "seven rivers go south"]
    if module is hardened:
        arguments = ["olga", "--email", "olga@example.org", "--password", arguments[-1]]
    command = ["users", "add"] if module is hardened else ["add-user"]
    assert app.test_cli_runner().invoke(args=[*command, *arguments]).exit_code == 0
    before = stored_texts(app, "olga")
    run_attacks(app)
    assert stored_texts(app, "olga") == before


def test_the_attacks_clean_up_behind_them():
    app = new_app(step06.create_app)
    report = run_attacks(app, only=["replay-after-logout", "anyone-edits-anyone"])
    assert len(report.rows) == 2
    assert step06.User.objects.count() == 0


# ---- names


def test_names_that_are_left_out_are_the_articles():
    names = read_names('send = "form"\n[routes]\nread = ""\n[fields]\nemail = "mail"')
    assert names.send == "form"
    assert (names.routes.read, names.routes.login) == ("", "POST /login")
    assert (names.fields.email, names.fields.name) == ("mail", "name")
    assert read_names("") == Names()


def test_a_path_takes_the_name_of_the_user():
    names = read_names('[routes]\nread = "GET /users/{name}/card"')
    target = Target(Flask("any"), names)
    target._known_routes["read"] = True
    assert target.route("read", "a b/c") == ("GET", "/users/a%20b%2Fc/card")


def test_the_cookies_are_called_what_the_app_calls_them():
    app = Flask("any")
    app.config.update(SESSION_COOKIE_NAME="sid", REMEMBER_COOKIE_NAME="rid")
    assert (Target(app).session_cookie(), Target(app).remember_cookie()) == ("sid", "rid")
    names = read_names('[cookies]\nsession = "a"\nremember = "b"')
    assert Target(app, names).session_cookie() == "a"
    assert Target(app, names).remember_cookie() == "b"


@pytest.mark.parametrize("create, asks", [(step06.create_app, False), (create_app, True)])
def test_the_current_password_is_sent_where_the_app_asks_for_it_and_nowhere_else(create, asks):
    target, sent = Target(new_app(create)), []
    target.inside.app.before_request(lambda: sent.append(request.get_json(silent=True) or {}))
    person = target.people.member()
    before = person.password
    target.people.change_password(person)
    assert person.password != before
    asked = [body["current_password"] for body in sent if "current_password" in body]
    assert asked == ([before] if asks else [])


def test_where_its_field_has_another_name_nothing_is_held():
    names = read_names('[fields]\ncurrent_password = "wrong"')
    report = run_attacks(new_app(create_app), names, only=["replay-after-password-change"])
    assert [row.outcome.verdict for row in report.rows] == [Verdict.NOT_TRIED]


# ---- finding a way in may look inside the process, judging may not


def names_in(path):
    """Return every name that a file's code uses, whatever for."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def test_what_judges_and_what_acts_never_look_inside():
    for name in ("senses", "deeds", "doors"):
        assert not names_in(ROOM / f"{name}.py") & {"inside", "storage", "Flask", "app"}, name
    # But for one question: whom Flask-Login takes the sender of a request for.
    assert "callers" in names_in(ROOM / "senses.py")


def test_only_these_attacks_look_inside_for_what_no_answer_shows():
    families = [path for path in sorted((ROOM / "families").glob("*.py")) if path.stem[0] != "_"]
    assert len(families) == 16
    looking = {path.stem for path in families if "inside" in names_in(path)}
    # The database; debug mode and a planted error; the key; the clock, twice; and the pages.
    assert looking == {
        *("at_rest", "permissions", "operation", "sessions", "guessing", "remember"),
        "cross_site",
    }
    assert not any(names_in(path) & {"storage", "Flask"} for path in families)
