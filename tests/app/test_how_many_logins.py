"""How many logins a user may have at once, and who may end them."""

import json
import logging

import pytest

from flasklogin_tutorial.app import audit, passwords
from flasklogin_tutorial.app.config import BadConfig
from flasklogin_tutorial.app.models import ApiToken, Login
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, credentials, log_in, populate, send_form, stored, who


@pytest.fixture
def small(make_app):
    """Make an app in which a user may have three logins at once."""
    return populate(make_app(LOGINS_PER_USER=3))


def test_one_login_more_ends_the_one_that_was_used_longest_ago(small, later):
    first, second, third = (log_in(small, "bob") for _ in range(3))
    later(minutes=6)
    assert [who(one) for one in (first, third)] == ["bob", "bob"]
    fourth = log_in(small, "bob")
    assert [who(one) for one in (first, second, third, fourth)] == ["bob", None, "bob", "bob"]


def test_a_login_that_is_not_too_many_costs_a_look_and_no_more(small):
    log_in(small, "bob")
    tried = trace(in_process(small)).post("/login", json=credentials("bob"))
    assert tried.response.status_code == 200
    done = [one.split(" {")[0] for one in tried.operations]
    assert done == ["user.find", "login.insert_one", "login.find"]


def test_however_many_there_were_the_bound_holds(small):
    log_in(small, "bob")
    record = Login.objects.get().to_mongo()
    del record["_id"]
    Login._get_collection().insert_many(
        [{**record, "token_hash": f"hash {number}"} for number in range(20)]
    )
    browser = log_in(small, "bob")
    assert Login.objects.count() == 3
    assert browser.get("/account", headers=PAGE).text.count("unknown browser") == 3


def test_a_login_that_begins_while_all_are_ended_ends_none_that_came_after(make_app, monkeypatch):
    app, is_right = populate(make_app(LOGINS_PER_USER=2)), passwords.is_right
    owner, thief = log_in(app, "bob"), in_process(app)

    def late(*given):
        monkeypatch.setattr(passwords, "is_right", is_right)
        assert send_form(owner, "/account/sign-out-everywhere").is_redirect
        log_in(app, "bob")
        return is_right(*given)

    monkeypatch.setattr(passwords, "is_right", late)
    assert thief.post("/login", json=credentials("bob")).status_code == 200
    assert (who(owner), who(thief)) == ("bob", None)
    assert Login.objects.count() == 3


def test_one_that_opens_nothing_takes_nobodys_place(make_app):
    app = populate(make_app(LOGINS_PER_USER=2))
    owner = log_in(app, "bob")
    log_in(app, "bob")
    Login.objects.order_by("-id").first().update(set__epoch=-1)
    assert (who(log_in(app, "bob")), who(owner)) == ("bob", "bob")


def test_the_page_shows_no_more_either(make_app):
    app = populate(make_app(LOGINS_PER_USER=30))
    browsers = [log_in(app, "bob") for _ in range(12)]
    app.config["LOGINS_PER_USER"] = 4  # the app was started again with another setting
    assert browsers[0].get("/account", headers=PAGE).text.count("unknown browser") == 4


def test_the_bound_is_for_each_user(small):
    cy = log_in(small, "cy")
    for _ in range(5):
        log_in(small, "bob")
    assert who(cy) == "cy"


def test_whoever_logs_in_on_the_page_is_told(small, caplog):
    caplog.set_level(logging.INFO, logger=audit.logger.name)
    for _ in range(3):
        log_in(small, "bob")
    browser = in_process(small)
    send_form(browser, "/login", credentials("bob"), page="/login")
    page = browser.get("/account", headers=PAGE).text
    assert "You were logged in in too many places at once." in page
    events = [json.loads(line) for line in caplog.messages]
    assert [one["number"] for one in events if one["event"] == "logins_crowded_out"] == [1]
    send_form(browser, "/login", credentials("bob"), page="/login")
    assert "too many places" not in browser.get("/account", headers=PAGE).text


@pytest.mark.parametrize("value", [0, -1, 2.5, "50", True, None])
def test_the_bound_is_a_whole_number(make_app, value):
    with pytest.raises(BadConfig, match="LOGINS_PER_USER"):
        make_app(LOGINS_PER_USER=value)


# ---- administrators


def make_token(browser):
    assert send_form(browser, "/account/tokens", {"label": "x"}).status_code == 201


def by_page(app, ada, name):
    path = f"/people/{stored(name)['_id']}/sign-out" if name else "/people/sign-out"
    assert send_form(ada, path, page="/people").is_redirect


def by_command(app, ada, name):
    arguments = ["sign-out", name] if name else ["sign-out-everybody"]
    result = app.test_cli_runner().invoke(args=["users", *arguments])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("end", [by_page, by_command])
def test_an_administrator_ends_the_logins_and_tokens_of_one_user(app, ada, bob, end):
    cy = log_in(app, "cy")
    make_token(bob)
    make_token(cy)
    end(app, ada, "bob")
    assert [who(one) for one in (ada, bob, cy)] == ["ada", None, "cy"]
    assert [token.user for token in ApiToken.objects] == [stored("cy")["_id"]]
    assert who(log_in(app, "bob")) == "bob"


@pytest.mark.parametrize("end", [by_page, by_command])
def test_an_administrator_ends_the_logins_and_tokens_of_everybody(app, ada, bob, end, caplog):
    caplog.set_level(logging.INFO, logger=audit.logger.name)
    cy = log_in(app, "cy", remember=True)
    make_token(bob)
    end(app, ada, None)
    assert [who(one) for one in (ada, bob, cy)] == [None, None, None]
    assert (Login.objects.count(), ApiToken.objects.count()) == (0, 0)
    assert any(json.loads(line)["event"] == "everybody_signed_out" for line in caplog.messages)
    assert who(log_in(app, "bob")) == "bob"


def test_an_administrator_who_ends_everybodys_logins_comes_to_the_login_form(ada):
    answer = send_form(ada, "/people/sign-out", page="/people")
    assert answer.headers["Location"] == "/login"
    assert "Everybody is logged out everywhere" in ada.get("/login", headers=PAGE).text


@pytest.mark.parametrize("path", ["/people/sign-out", "/people/{}/sign-out"])
def test_nobody_else_does(app, ada, bob, path):
    path = path.format(stored("ada")["_id"])
    assert send_form(bob, path).status_code == 403
    assert (who(ada), who(bob)) == ("ada", "bob")
