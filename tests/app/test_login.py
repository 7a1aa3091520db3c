"""Logins that the server keeps: what ends them, what a copied cookie is worth, what they cost."""

import re
from datetime import timedelta

import pytest
from werkzeug.test import Client

from flasklogin_tutorial.app.login import is_safe_next
from flasklogin_tutorial.app.models import ApiToken, Login, User, hash_secret, now
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process, read_session

from .conftest import (
    PAGE,
    PASSWORDS,
    credentials,
    log_in,
    populate,
    send_form,
    stored,
    thief_of,
    who,
)


def test_the_cookie_carries_a_random_token_and_the_database_its_hash(app, bob):
    said = read_session(bob.cookies)
    token = said["_user_id"]
    assert len(token) >= 43  # 256 bits
    record = Login.objects.get()
    assert record.token_hash == hash_secret(token)
    assert token not in str(record.to_mongo())
    assert str(stored("bob")["_id"]) not in str(said)


def test_a_login_says_where_when_and_until_when(app):
    client = Client(app)
    headers = {"User-Agent": "a browser " + "x" * 500}
    environ = {"REMOTE_ADDR": "203.0.113.5"}
    client.post("/login", json=credentials("bob"), headers=headers, environ_overrides=environ)
    record = Login.objects.get()
    assert record.address == "203.0.113.5"
    assert record.agent.startswith("a browser")
    assert len(record.agent) == 200
    assert record.made == record.seen
    assert record.until - record.made == timedelta(minutes=30)
    assert not record.remembered


def test_each_login_has_a_token_of_its_own_and_ends_the_one_before(app, bob):
    thief = thief_of(bob, app)
    first = read_session(bob.cookies)["_user_id"]
    bob.post("/login", json=credentials("bob"))
    assert read_session(bob.cookies)["_user_id"] != first
    assert (who(bob), who(thief)) == ("bob", None)
    assert Login.objects.count() == 1


def test_nothing_of_an_earlier_session_survives_a_login(app, stranger):
    stranger.get("/login", headers={"Accept": "text/html"})  # plants a token for forms
    planted = read_session(stranger.cookies)["csrf_token"]
    stranger.post("/login", json=credentials("bob"))
    assert planted not in str(read_session(stranger.cookies))


# ---- what ends a login


def change_password(app, ada, bob):
    body = {"password": "a quite different password", "current_password": PASSWORDS["bob"]}
    assert bob.post("/", json={"name": "bob", **body}).status_code == 200


def change_password_on_the_page(app, ada, bob):
    new = "a quite different password"
    form = {"current_password": PASSWORDS["bob"], "new_password": new, "again": new}
    assert send_form(bob, "/account/password", form).status_code in (302, 303)


def sign_out_everywhere(app, ada, bob):
    assert send_form(bob, "/account/sign-out-everywhere").status_code in (302, 303)


def by_admin(method, body):
    def act(app, ada, bob):
        assert ada.request(method, "/", json=body).status_code == 200

    return act


def disable(app, ada, bob):
    path = f"/people/{stored('bob')['_id']}/disable"
    assert send_form(ada, path).status_code in (302, 303)


def by_command(*arguments, typed=""):
    def act(app, ada, bob):
        result = app.test_cli_runner().invoke(args=["users", *arguments], input=typed)
        assert result.exit_code == 0, result.output

    return act


ENDINGS = {
    "logout": lambda app, ada, bob: bob.post("/logout"),
    "a changed password": change_password,
    "a password changed on the page": change_password_on_the_page,
    "signing out everywhere": sign_out_everywhere,
    "an administrator's change of the password": by_admin(
        "POST", {"name": "bob", "password": "a quite different password"}
    ),
    "deletion": by_admin("DELETE", {"name": "bob"}),
    "being disabled": disable,
    "being disabled by command": by_command("disable", "bob"),
    "a password set by command": by_command(
        "set-password", "bob", typed="a quite different password\n" * 2
    ),
    "its record being gone": lambda app, ada, bob: Login.objects(
        user=stored("bob")["_id"]
    ).delete(),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_copied_cookie_ends_with_the_login(app, ada, bob, ending):
    remembered = log_in(app, "bob", remember=True)
    thieves = [
        thief_of(bob, app),
        thief_of(remembered, app),
        thief_of(remembered, app, "remember"),
    ]
    if ending == "logout":
        remembered.post("/logout")
    assert ending == "logout" or [who(thief) for thief in thieves] == ["bob"] * 3
    ENDINGS[ending](app, ada, bob)
    assert [who(thief) for thief in thieves] == [None] * 3


@pytest.mark.parametrize("ending", ["a changed password", "signing out everywhere"])
def test_the_browser_that_asked_for_it_stays_logged_in(app, ada, bob, ending):
    other = log_in(app, "bob")
    ENDINGS[ending](app, ada, bob)
    assert (who(bob), who(other)) == ("bob", None)


def test_who_is_disabled_in_the_database_itself_is_out_too(bob):
    User.objects(name="bob").update(disabled=True)
    assert who(bob) is None


def test_an_old_epoch_is_refused_even_while_its_record_is_there(app, bob):
    User.objects(name="bob").update(inc__login_epoch=1)
    assert Login.objects.count() == 1
    assert who(bob) is None


@pytest.mark.parametrize("ending", ["being disabled", "a password set by command", "deletion"])
def test_tokens_of_programs_end_too(app, ada, bob, ending):
    more = {"user": stored("bob")["_id"], "epoch": 0, "until": now() + timedelta(days=1)}
    ApiToken(token_hash="x", label="x", **more).save()
    assert ApiToken.objects.count() == 1
    ENDINGS[ending](app, ada, bob)
    assert ApiToken.objects.count() == 0


def test_enabling_again_does_not_bring_old_logins_back(app, ada, bob):
    for deed in ("disable", "enable"):
        result = app.test_cli_runner().invoke(args=["users", deed, "bob"])
        assert result.exit_code == 0
    assert who(bob) is None
    assert stored("bob")["login_epoch"] == 1  # so that a login that was being made is over too
    assert who(log_in(app, "bob")) == "bob"


# ---- time


def test_a_login_ends_after_its_hours_however_much_it_is_used(app, bob, later):
    for minutes in range(20, 12 * 60, 20):
        later(minutes=minutes)
        assert who(bob) == "bob"
    later(hours=12.01)
    assert Login.objects.count() == 1  # refused before the database deletes it
    assert who(bob) is None


def test_a_login_ends_when_it_is_not_used(app, bob, later):
    other = log_in(app, "bob")
    later(minutes=29)
    assert who(bob) == "bob"
    later(minutes=31)
    assert (who(bob), who(other)) == ("bob", None)
    later(minutes=58)
    assert who(bob) == "bob"
    later(minutes=89)
    assert who(bob) is None
    assert who(log_in(app, "bob")) == "bob"


def test_a_login_that_is_not_used_is_a_login_no_more_on_the_page_either(app, later):
    idle, remembered = log_in(app, "bob"), log_in(app, "bob", remember=True)
    later(minutes=31)
    page = remembered.get("/account", headers=PAGE).text
    assert page.count("unknown browser") == 1
    assert "Remembered until" in page
    assert "without use" not in page
    assert idle.get("/account", headers=PAGE, allow_redirects=False).is_redirect


def test_how_long_a_login_may_be_idle_is_a_setting_and_on_the_page(make_app, later):
    bob = log_in(populate(make_app(IDLE_MINUTES=7, LOGIN_HOURS=1)), "bob")
    last = (Login.objects.get().made + timedelta(hours=1)).strftime("%d %b %Y, %H:%M UTC")
    page = bob.get("/account", headers=PAGE).text
    assert re.search(rf"at most 7 minutes without use, and no later than <time [^>]+>{last}", page)
    later(minutes=8)
    assert who(bob) is None


def test_the_database_may_delete_a_login_as_soon_as_it_is_refused(app, bob, later):
    later(minutes=20)
    who(bob)
    record = Login.objects.get()
    assert record.until - record.seen == timedelta(minutes=30)


def test_a_remembered_login_ends_after_its_days_on_the_server_too(app, later):
    remembered = log_in(app, "bob", remember=True)
    thief = thief_of(remembered, app, "remember")
    later(days=29)
    assert who(thief) == "bob"
    later(days=30, minutes=1)
    assert who(thief) is None
    assert who(remembered) is None


def test_without_remember_there_is_no_remember_cookie(bob):
    assert "remember" not in bob.cookies


def test_a_login_without_remember_deletes_the_remember_cookie_of_the_one_before(app):
    browser = log_in(app, "bob", remember=True)
    assert "remember" in browser.cookies
    browser.post("/login", json=credentials("bob"))
    assert "remember" not in browser.cookies


def test_a_logout_deletes_both_cookies(app):
    browser = log_in(app, "bob", remember=True)
    browser.post("/logout")
    assert "remember" not in browser.cookies
    assert who(browser) is None


def test_on_https_the_remember_cookie_is_deleted_in_a_way_that_browsers_accept(make_app):
    client = Client(populate(make_app(HTTPS=True)))
    secure = {"base_url": "https://localhost"}
    client.post("/login", json=credentials("bob") | {"remember": True}, **secure)
    answer = client.post("/logout", **secure)
    deleted = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-remember=;")]
    assert len(deleted) == 1
    assert "Secure" in deleted[0]
    assert "Path=/" in deleted[0]


# ---- what a request costs


def test_an_authenticated_request_costs_one_read(app, bob):
    who(bob)  # the first request of an app makes the indexes
    operations = trace(bob).post("/user_info").operations
    assert len(operations) == 1, operations
    assert operations[0].startswith("login.aggregate")


def test_a_remembered_request_costs_one_read(app):
    browser = in_process(app)
    browser.cookies.set("remember", log_in(app, "bob", remember=True).cookies["remember"])
    assert len(trace(browser).post("/user_info").operations) == 1


def test_last_seen_is_written_every_few_minutes_and_not_with_every_request(app, bob, later):
    later(minutes=4)
    assert len(trace(bob).post("/user_info").operations) == 1
    later(minutes=6)
    operations = trace(bob).post("/user_info").operations
    assert [one.split()[0] for one in operations] == ["login.aggregate", "login.update_one"]
    assert len(trace(bob).post("/user_info").operations) == 1
    record = Login.objects.get()
    assert record.seen > record.made


# ---- fresh logins


def test_a_password_cannot_be_changed_long_after_it_was_typed(app, bob, later):
    later(minutes=16)
    before = stored("bob")
    answer = bob.post("/", json={"name": "bob", "password": "a quite different password"})
    assert (answer.status_code, answer.json()["code"]) == (401, "fresh_login_required")
    assert "WWW-Authenticate" in answer.headers
    assert stored("bob") == before


def test_a_remembered_login_is_not_fresh_until_the_password_is_typed(app):
    browser = in_process(app)
    browser.cookies.set("remember", log_in(app, "bob", remember=True).cookies["remember"])
    body = {"name": "bob", "password": "a quite different password"}
    body["current_password"] = PASSWORDS["bob"]
    assert browser.post("/", json=body).status_code == 401
    browser.post("/login", json=credentials("bob"))
    assert browser.post("/", json=body).status_code == 200


@pytest.mark.parametrize("forwarded", [{}, {"X-Forwarded-For": "127.0.0.1"}])
def test_from_another_address_a_login_is_not_fresh_whatever_the_header_says(app, bob, forwarded):
    client = Client(app)
    client.set_cookie("session", bob.cookies["session"])
    answer = client.post(
        "/",
        json={"name": "bob", "password": "a quite different password"},
        environ_overrides={"REMOTE_ADDR": "203.0.113.66"},
        headers=forwarded,
    )
    assert (answer.status_code, answer.json["code"]) == (401, "fresh_login_required")


# ---- where to go after a login

SAFE = ["/", "/account", "/people?x=1", "/account?next=/people", "/a%20b"]
UNSAFE = [
    "",
    None,
    5,
    "account",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "http:///evil.example",
    "https://127.0.0.1@evil.example",
    "https://127.0.0.1.evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\u2028/evil.example",
    "/..//evil.example",
    "/a//evil.example",
    "/\x00",
    "/\uff0f/evil.example",
]


@pytest.mark.parametrize("target", SAFE)
def test_a_path_of_this_app_is_followed(app, target):
    assert is_safe_next(target)
    form = {**credentials("bob"), "next": target}
    answer = send_form(in_process(app), "/login", form, page="/login")
    assert answer.headers["Location"] == target


@pytest.mark.parametrize("target", UNSAFE, ids=repr)
def test_anything_else_is_not(app, target):
    assert not is_safe_next(target)
    if isinstance(target, str):
        form = {**credentials("bob"), "next": target}
        answer = send_form(in_process(app), "/login", form, page="/login")
        assert answer.headers["Location"] == "/account"
