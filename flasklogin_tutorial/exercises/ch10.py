"""Exercises to notebook 10: sessions and cookies."""

import secrets
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask_login import logout_user

from flasklogin_tutorial import create_app as finished_app
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, copy_of, log_in
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import (
    Browser,
    add_user,
    forge_session,
    read_session,
)

_PASSWORDS = {"grace": "nine tall ships at anchor", "emmy": "seven rings without a king"}


def _must_be(ask: Ask, browser: Browser, name: str | None, who: str, hint: str) -> None:
    """Raise `Mismatch` unless the browser is logged in as this user, or as nobody for None."""
    reply = ask.send(browser, "POST", "/user_info", who=who)
    said = reply.data.get("data")
    found = said.get("name") if isinstance(said, dict) else None
    reply.must(
        not reply.crashed and found == name,
        f"the name {name}" if name else "nobody is logged in",
        hint,
    )


def _forge(ask: Ask, app: Flask, key: Any, user_id: Any) -> Browser:
    """Open a browser with a session cookie that is signed with this key."""
    forger = ask.visitor(app)
    forger.cookies.set("session", forge_session(key, {"_user_id": str(user_id)}))
    return forger


# ---- 10.1


@exercise(
    "10.1",
    "follow",
    "Ask for the password before a delete",
    idea="A remembered login says who it was. Before what is dangerous, ask for the password.",
    answer="ask_again",
    hints=(
        "Flask-Login writes into the session how this browser got in. What is the key called?",
        "A remembered login is not fresh, and the session says so: `_fresh` is False. Flask-Login"
        " has a second guard, which asks for that as well.",
        "`fresh_login_required` guards a view as `login_required` does. The view is in "
        "`app.view_functions`.",
        'app.view_functions["delete_record"] = '
        'fresh_login_required(app.view_functions["delete_record"])',
    ),
    not_checked="a copied session cookie, which is as fresh as the original, and whose record "
    "somebody deletes",
    claims=[
        Claim(
            "A remembered login is not fresh",
            "https://flask-login.readthedocs.io/en/latest/#fresh-logins",
        ),
    ],
)
def _ask_again(ask: Ask) -> None:
    app = ask.fresh(VARIANTS["remember-me"].create_app)
    ask(app)
    users = add_members(step06.User, "grace", "emmy", "linus", "ada", "edsger", "alan")
    for user, first, second in ((users[0], *users[2:4]), (users[1], *users[4:])):
        fresh = ask.visitor(app)
        login = {"username": user.name, "password": user.password}
        entered = ask.send(fresh, "POST", "/login", json=login | {"remember": True})
        entered.must_show(name=user.name)
        who = f"{user.name}, who has typed her password"
        _must_delete(ask, fresh, first, who, "A login with the password is fresh.")
        later = copy_of(ask, app, fresh, "remember_token")
        who = f"{user.name}, who comes back with the remember cookie alone"
        known = "She is remembered, and may do all else."
        _must_be(ask, later, user.name, who, known)
        refused = ask.send(later, "DELETE", "/", json={"name": second.name}, who=who)
        refused.must(
            refused.response.status_code == 401,
            "the status 401: she has to type her password again",
            "How did this browser get in? The session says so.",
        )
        there = step06.User.objects(id=second.id).first()
        ask.must(
            there,
            refused.called,
            f"401, and {second.name} is deleted",
            f"401, and {second.name} is there still",
            "Ask before the view runs.",
        )
        new = {"name": f"friend of {user.name}", "email": "f@example.org", "password": "a friend"}
        made = ask.send(later, "PUT", "/", json=new, who=who)
        made.must(made.data.get("name") == new["name"], "the new record, as before", known)
        moved = ask.send(later, "POST", "/", json=new | {"email": "g@example.org"}, who=who)
        moved.must(moved.data.get("name") == new["name"], "the record, as before", known)
        ask.send(later, "POST", "/login", json=login, who=who).must_show(name=user.name)
        who = f"{user.name}, who has typed her password again, in that browser"
        _must_delete(ask, later, second, who, "She did what was asked of her.")
    stranger = ask.send(ask.visitor(app), "DELETE", "/", json={"name": "emmy"}, who="not logged in")
    stranger.must(stranger.refused, "a refusal, as before", "Is the guard of the view still there?")


def _must_delete(ask: Ask, browser: Browser, user: step06.User, who: str, hint: str) -> None:
    reply = ask.send(browser, "DELETE", "/", json={"name": user.name}, who=who)
    reply.must(
        reply.response.status_code == 200 and reply.data.get("name") == user.name,
        f"200, and the record of {user.name}",
        hint,
    )
    left = step06.User.objects(id=user.id).count()
    ask.must(not left, reply.called, f"200, and {user.name} is there still", f"{user.name} is gone")


# ---- 10.2


@exercise(
    "10.2",
    "apply",
    "Find the mistake: a logout for the browser only",
    idea="A logout has to end what the server keeps. To forget a cookie ends no copy of it.",
    answer="mended_logout",
    begins_with="leaving_app",
    hints=(
        "What does the logout do in the lane of MongoDB, and what does the loader ask there for "
        "the thief?",
        "`current_user.login` is the login by which the user was loaded. A stranger has none. "
        "After `logout_user()`, `current_user` is a stranger.",
        "The record of the login has to be deleted, `Login.objects(id=…).delete()`, and while "
        "`current_user` is still known: before the old logout runs.",
        "Before logout_user(): if current_user.is_authenticated: "
        "Login.objects(id=current_user.login.id).delete()",
    ),
    not_checked="logouts with a form, and API tokens",
)
def _mended_logout(ask: Ask) -> None:
    app = ask.app()
    ask.must(
        "auth.logout" in app.view_functions,
        ask.described(),
        "an app without the finished app's logout",
        "the app of the exercise, mended",
        "Call the function of the exercise, and change what it returns.",
    )
    for name, password in _PASSWORDS.items():
        add_user(app, name, password)
    here, phone, emmy = (_enter(ask, app, name) for name in ("grace", "grace", "emmy"))
    thief = copy_of(ask, app, here)
    _must_be(ask, thief, "grace", "a copy of grace's cookie", "The copy works until her logout.")
    at_once = "After logout_user(), current_user is a stranger. What do you need of it before?"
    strangers = "Everybody may ask for a logout, also who is not logged in."
    for browser, who, why in (
        (here, "grace", at_once),
        (ask.visitor(app), "not logged in", strangers),
    ):
        left = ask.send(browser, "POST", "/logout", who=who)
        left.must(
            left.response.status_code == 200 and "message" in str(left.data.get("data")),
            "200 and the message, as before",
            why,
        )
    _must_be(ask, here, None, "grace, after her logout", "Did the session forget her?")
    _must_be(
        ask,
        thief,
        None,
        "a copy of grace's cookie, after her logout",
        "The record of this login is in the database still. It is what the loader asks.",
    )
    other = "This logout is for one browser: end its login, and leave all others."
    _must_be(ask, phone, "grace", "grace's second browser, after the logout in the first", other)
    _must_be(ask, emmy, "emmy", "emmy, after grace has left", other)
    remembered = _enter(ask, app, "emmy", remember=True)
    thief = copy_of(ask, app, remembered, "remember")
    ask.send(remembered, "POST", "/logout", who="emmy, remembered")
    for browser, who in ((remembered, "emmy"), (thief, "a copy of emmy's remember cookie")):
        _must_be(ask, browser, None, f"{who}, after her logout", "One record is behind both.")
    again = _enter(ask, app, "grace")
    _must_be(ask, again, "grace", "grace, logged in again", "Who leaves may come back.")


def _enter(ask: Ask, app: Flask, name: str, remember: bool = False) -> Browser:
    browser = ask.visitor(app)
    login = {"username": name, "password": _PASSWORDS[name]}
    reply = ask.send(browser, "POST", "/login", json=login | {"remember": remember})
    reply.must_show(name=name)
    return browser


def leaving_app():
    """Make the app of exercise 10.2. Something in it is wrong."""
    app = finished_app({"TESTING": True, "SECRET_KEY": secrets.token_hex()})

    def logout():
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# ---- 10.3


@exercise(
    "10.3",
    "stretch",
    "Let a new password end what was copied before",
    idea="A cookie holds for as long as something on the server agrees with it.",
    answer="bind_to_password",
    hints=(
        "At the login, put a stamp into the session that comes out differently for every "
        "password. At each request, make it again from the user in the database, and compare.",
        "Everybody can read a session cookie, so the stamp must not help to guess the password: "
        '`hmac.new(key, password, "sha256").hexdigest()` needs the secret key. '
        "`@user_logged_in.connect_via(app)` registers a function(sender, user) that runs at "
        "each login.",
        "Three parts: a function `stamp(user)`, a function at the login that puts the stamp into "
        "`session`, and a loader that compares. A session without a stamp belongs to nobody.",
        "def stamp(user): return hmac.new(app.secret_key.encode(), user.password.encode(), "
        '"sha256").hexdigest() - at the login session["stamp"] = stamp(user), and a user loader '
        'that gives the user only if session.get("stamp") == stamp(user)',
    ),
    not_checked="a user who takes a former password again, and whether the browser stays logged "
    "in from which a password is changed",
)
def _bind_to_password(ask: Ask) -> None:
    _must_tell_nothing(ask)
    app = ask.fresh(step06.create_app, SECRET_KEY=secrets.token_hex())
    ask(app)
    grace, emmy = add_members(step06.User, "grace", "emmy")
    here, others = (log_in(ask, app, user) for user in (grace, emmy))
    at_first = "The login has to leave in the session what the loader looks for. A function that "
    at_first += "`connect` is given is forgotten unless somebody holds it; `connect_via` keeps it."
    for browser, user in ((here, grace), (others, emmy)):
        _must_be(ask, browser, user.name, f"{user.name}, logged in", at_first)
    phone = log_in(ask, app, grace)
    for browser, which in ((here, "first"), (phone, "second")):
        who = f"grace in her {which} browser, logged in from two"
        _must_be(ask, browser, "grace", who, "One password is good for any number of logins.")
    thief = copy_of(ask, app, here)

    change = grace.public() | {"email": "grace@example.com", "password": grace.password}
    moved = ask.send(here, "POST", "/", json=change, who="logged in as grace")
    moved.must(moved.response.status_code == 200, "200: a new address, and the same password")
    for browser, who in ((here, "grace"), (phone, "grace's second browser"), (thief, "a copy")):
        _must_be(
            ask, browser, "grace", f"{who}, after a new address", "The password is what it was."
        )

    ask.send(here, "POST", "/", json=change | {"password": "a new one"}, who="logged in as grace")
    ended = "This cookie was made with the former password. Who compares the two?"
    _must_be(ask, thief, None, "a copy of grace's cookie, after her new password", ended)
    _must_be(ask, phone, None, "grace's second browser, after her new password", ended)
    _must_be(ask, others, "emmy", "emmy, after grace's new password", "Emmy has changed nothing.")
    back = log_in(ask, app, grace.reload())
    _must_be(ask, back, "grace", "grace, logged in with her new password", at_first)

    grace.update(password="set by an administrator")
    _must_be(
        ask,
        back,
        None,
        "grace's cookie, after another program has changed her password in the database",
        "What the cookie is compared with has to come from the database.",
    )
    unstamped = _forge(ask, app, app.secret_key, emmy.id)
    _must_be(
        ask,
        unstamped,
        None,
        "a cookie from before this change, without a stamp",
        "Such a cookie may have been copied, too. Nothing in it agrees with the password.",
    )
    emmy.delete()
    _must_be(ask, others, None, "emmy, after she was deleted", "No user, no password: None.")


def _must_tell_nothing(ask: Ask) -> None:
    """Raise `Mismatch` if a session cookie helps to guess the password.

    One user logs in to two apps that differ in their secret key alone. What is made with the key,
    or with chance, comes out differently.
    """
    record = {"id": "65f0c0de65f0c0de65f0c0de", "name": "ada", "password": "pass of ada"}
    hint = "A session cookie is signed, not encrypted. Use a hash that needs the app's secret key."
    found = []
    for _ in range(2):
        app = ask.fresh(step06.create_app, SECRET_KEY=secrets.token_hex())
        ask(app)
        browser = log_in(ask, app, step06.User(email="ada@example.org", **record).save())
        said = read_session(browser.cookies) or {}
        own = [value for key, value in said.items() if key not in ("_id", "_user_id", "_fresh")]
        found.append(set(_texts(own)))
        ask.must(
            not any(record["password"] in text for text in found[-1]),
            "the session cookie of ada, read without a key",
            f"the password itself: {record['password']!r}",
            "nothing from which the password can be guessed",
            hint,
        )
    same = [text for text in found[0] & found[1] if len(text) >= len(record["password"])]
    ask.must(
        not same,
        "the session cookies of ada in two apps with different keys, read without a key",
        f"the same in both: {', '.join(same):.40}",
        "nothing that anybody can make of a guessed password, to see whether it fits",
        hint,
    )


def _texts(value: Any) -> Iterator[str]:
    """Return every text in what a session holds."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, bytes):
        yield value.decode(errors="replace")
        yield value.hex()
    else:
        yield str(value)
