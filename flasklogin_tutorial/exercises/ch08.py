"""Exercises to notebooks 08, 08b and 08c: passwords, and input that becomes a part of a query."""

import hashlib
from typing import Any
from unittest.mock import patch

from flask import Flask, request
from flask_login import login_user
from marshmallow import Schema, fields
from werkzeug.security import check_password_hash, generate_password_hash

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, mended
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import Browser

#: How much work one call of scrypt is.
_COST = ("n", "r", "p")

#: What the app of exercise 8.3 says to a wrong password.
_REFUSAL = {"status": 401, "reason": "Username or Password Error"}


@exercise(
    "8.1",
    "follow",
    "Do the same work for nobody",
    idea="A login that returns early tells by its work which names exist.",
    answer="known_user",
    hints=(
        "How often does your function call scrypt for a wrong password, and how often for a name "
        "that nobody has?",
        "`check_password_hash` wants a hash, also where there is no user. `NOBODYS_HASH` is one.",
        "Take the user's hash, or else the one of nobody, and compare once. After that, give the "
        "user only if there is one and the comparison said yes.",
        "stored = user.password if user else NOBODYS_HASH; matches = "
        "check_password_hash(stored, typed); return user if matches and user else None",
    ),
    not_checked="the time itself, and the first call, which may make a hash for nobody",
)
def _known_user(ask: Ask) -> None:
    ask.fresh(step06.create_app)
    grace, emmy = add_members(step06.User, "grace", "emmy")
    for user in (grace, emmy):
        user.modify(password=generate_password_hash(f"pass of {user.name}"))
    ask("nobody", "a guess", expected="None")
    for user in (grace, emmy):
        found = ask(user.name, f"pass of {user.name}", expected=f"the user {user.name}")
        ask.must(
            isinstance(found, step06.User) and found.id == user.id,
            ask.described(user.name, f"pass of {user.name}"),
            "nothing" if found is None else f"{getattr(found, 'name', found)!r}",
            f"the user {user.name}, whose password this is",
            "The database keeps a hash, with a salt in it: `check_password_hash` compares."
            if found is None
            else "Return the user, and not whether the password fits.",
        )
        ask.returns(None, user.name, "a guess", hint="This password is wrong.")
        ask.returns(None, user.name, user.password, hint="That is the hash, and not the password.")
    wrong, wrong_cost = _work_of(ask, "emmy", "a guess")
    for name in ("nobody", "ada"):
        ask.returns(None, name, "a guess", hint="Nobody has this name.")
        called, cost = _work_of(ask, name, "a guess")
        ask.must(
            cost == wrong_cost,
            called,
            f"None, after {_in_words(cost)}",
            f"None, after {_in_words(wrong_cost)}, as for {wrong}",
            "Make the hash for nobody once, outside the function."
            if len(cost) > len(wrong_cost)
            else "Is a hash of the same method checked where there is no user?",
        )


def _work_of(ask: Ask, *given: str) -> tuple[str, list[list[int]]]:
    """Return a call of the learner's function in words, and the calls of scrypt that it makes."""
    with patch("hashlib.scrypt", wraps=hashlib.scrypt) as scrypt:
        ask(*given, expected="None")
    return ask.described(*given), [
        [call.kwargs[key] for key in _COST] for call in scrypt.mock_calls
    ]


def _in_words(cost: list[list[int]]) -> str:
    if not cost:
        return "no call of scrypt"
    called = f"{len(cost)} call{'s' if len(cost) > 1 else ''} of scrypt"
    return f"{called} with n={', '.join(str(n) for n, *_ in cost)}"


@exercise(
    "8.2",
    "apply",
    "Find the mistake: a schema that nobody heeds",
    idea="A schema stops nothing by itself: go on with what `load` returns, or not at all.",
    answer="mended_schema",
    begins_with="heedless_app",
    hints=(
        "Trace Mallory's request. What stands in the query, although there is a schema?",
        "`validate` returns what is wrong, and raises nothing. Who looks at what it returns? "
        "`load` raises a ValidationError.",
        "Write a view that loads the body with the schema first, in a `try`. Where that raises, "
        "answer with 422; else go on with the old view, or with what `load` gave.",
        "In a new login: try: asked = LoginInput().load(request.get_json()) - "
        "except ValidationError as error: return {'fields': error.messages}, 422",
    ),
    not_checked="the words of a refusal, bodies that are no JSON, and fields that the schema does "
    "not name",
)
def _mended_schema(ask: Ask) -> None:
    app = mended(ask)
    grace, emmy = add_members(step06.User, "grace", "emmy")
    right = {"username": "emmy", "password": emmy.password}
    for value in ({"$ne": None}, {"$regex": "^p"}, {"$gt": ""}, {"$in": [emmy.password]}):
        for field in right:
            _must_be_422(ask, app, right | {field: value}, "An object is a question to MongoDB.")
    for body in (right | {"password": 7}, right | {"username": ["emmy"]}, {"username": "emmy"}, {}):
        _must_be_422(ask, app, body, "Two strings are wanted, and both are required.")
    for user in (grace, emmy):
        browser = ask.visitor(app)
        login = {"username": user.name, "password": user.password}
        ask.send(browser, "POST", "/login", json=login).must_show(**user.public())
        _must_be(ask, browser, user.name, f"{user.name}, logged in")
        for password in ("a guess", "", '{"$ne": null}'):
            wrong = {"username": user.name, "password": password}
            refused = ask.send(ask.visitor(app), "POST", "/login", json=wrong)
            refused.must(
                not refused.crashed and refused.data.get("reason"),
                "the answer to a wrong password, with its `reason`, as before",
                "Two strings are input that can be read. They fit nobody.",
            )


def _must_be_422(ask: Ask, app: Flask, body: dict[str, Any], hint: str) -> None:
    browser = ask.visitor(app)
    reply = ask.send(browser, "POST", "/login", json=body, who="mallory")
    if reply.crashed:
        hint = "An exception that nobody catches is a 500. `load` raises one: answer 422 to it."
    elif "name" in reply.data:
        hint = f"{hint} Does the login go on although the schema has found something?"
    else:
        hint = f"{hint} Nobody got in, but this is no wrong password: the input cannot be."
    reply.must(
        reply.response.status_code == 422, "the status 422: this is not what a login takes", hint
    )
    _must_be(ask, browser, None, "mallory, after that")


def _must_be(ask: Ask, browser: Browser, name: str | None, who: str) -> None:
    """Raise `Mismatch` unless the browser is logged in as this user, or as nobody for None."""
    reply = ask.send(browser, "POST", "/user_info", who=who)
    said = reply.data.get("data")
    found = said.get("name") if isinstance(said, dict) else None
    reply.must(
        not reply.crashed and found == name,
        f"the name {name}" if name else "nobody is logged in",
        "Who gets in has to be logged in, and nobody else.",
    )


@exercise(
    "8.3",
    "apply",
    "Find the mistake: the hash opens the door",
    idea="Whoever reads a hash in the database must not be able to type it.",
    answer="mended_move",
    begins_with="moving_app",
    hints=(
        "Which of the two comparisons lets the thief in? For whom is it meant?",
        "A stored hash begins with its method, `scrypt:` or `pbkdf2:`. Plaintext does not. Make "
        "one comparison for each of the two.",
        "First ask how the stored string begins. If it is a hash, `check_password_hash` alone "
        "decides; only if it is none, the two strings are compared.",
        "Where user.password.startswith(('scrypt:', 'pbkdf2:')), check_password_hash alone "
        "decides, and else hmac.compare_digest(user.password, typed) or ==.",
    ),
    not_checked="plaintext that looks like a hash, and names that nobody has: see 8.1",
    claims=[
        Claim(
            "A stored hash begins with its method, `scrypt:` or `pbkdf2:`.",
            "https://werkzeug.palletsprojects.com/en/stable/utils/#werkzeug.security.generate_password_hash",
        ),
    ],
)
def _mended_move(ask: Ask) -> None:
    app = mended(ask)
    grace, emmy, ada, linus = add_members(step06.User, "grace", "emmy", "ada", "linus")
    grace.modify(password=generate_password_hash("pass of grace"))
    emmy.modify(password=generate_password_hash("pass of emmy", "pbkdf2:sha256:1000"))
    for user in (grace, emmy):
        _must_hold(ask, app, user, user.password, f"with {user.name}'s hash from the old disk")
        _must_hold(ask, app, user, "a guess", "with a guess")
        _must_let_in(
            ask,
            app,
            user,
            "Her password is a hash, and two hashes of one password differ: check_password_hash.",
        )
    for user in (ada, linus):
        _must_hold(ask, app, user, "a guess", f"with a guess, for {user.name}'s plaintext")
        _must_let_in(ask, app, user, "This password is plaintext until its next login.")
        moved = user.reload().password
        ask.must(
            moved.count("$") == 2 and check_password_hash(moved, f"pass of {user.name}"),
            f"{user.name}'s password in the database, after the login",
            repr(moved),
            "a hash that generate_password_hash has made of the password, saved",
            "A login is the one moment at which the app knows the password.",
        )
        _must_hold(ask, app, user, moved, f"with {user.name}'s new hash")
        _must_let_in(ask, app, user, "Her password is a hash now.")


def _log_in(ask: Ask, app: Flask, user: step06.User, typed: str, who: str) -> tuple[Browser, Any]:
    browser = ask.visitor(app)
    login = {"username": user.name, "password": typed}
    return browser, ask.send(browser, "POST", "/login", json=login, who=who)


def _must_hold(ask: Ask, app: Flask, user: step06.User, typed: str, who: str) -> None:
    before = user.reload().password
    browser, reply = _log_in(ask, app, user, typed, who)
    reply.must(
        not reply.crashed and "name" not in reply.data,
        "a refusal: this is not the password",
        "Which comparison says yes to it? That one is for plaintext, and the thief may not use it.",
    )
    reply.must(
        reply.response.status_code == 200 and reply.data == _REFUSAL,
        f"200, and {_REFUSAL}, as before",
        "Refuse as the app does: a thief must not see which comparison it was.",
    )
    _must_be(ask, browser, None, f"after a refused login {who}")
    ask.must(
        user.reload().password == before,
        f"{user.name}'s password in the database, after a refused login",
        repr(user.password),
        "what was there before",
        "Change a password only after a login that was right.",
    )


def _must_let_in(ask: Ask, app: Flask, user: step06.User, hint: str) -> None:
    browser, reply = _log_in(ask, app, user, f"pass of {user.name}", "with the password")
    reply.must(
        reply.data.get("name") == user.name,
        f'a JSON object with {{"name": "{user.name}"}}: this is the password',
        hint,
    )
    _must_be(ask, browser, user.name, f"{user.name}, logged in")


class LoginInput(Schema):
    """What a login takes; exercise 8.2 uses it."""

    username = fields.String(required=True)
    password = fields.String(required=True)


def heedless_app():
    """Make the app of exercise 8.2. Something in it is wrong."""
    app = step06.create_app()

    def login():
        asked = request.get_json()
        LoginInput().validate(asked)
        name, password = asked.get("username"), asked.get("password")
        user = step06.User.objects(name=name, password=password).first()
        if user is None:
            return {"status": 401, "reason": "Username or Password Error"}
        login_user(user)
        return user.public()

    app.view_functions["login"] = login
    return app


def moving_app():
    """Make the app of exercise 8.3. Something in it is wrong."""
    app = step06.create_app()

    def login():
        asked = request.get_json()
        user = step06.User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if user and (stored == typed or check_password_hash(stored, typed)):
            user.password = generate_password_hash(typed)
            user.save()
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app
