"""Exercises to notebook 03: the user model."""

import json

from flask import Flask, jsonify, request
from flask_login import UserMixin, login_user
from mongoengine.queryset.base import BaseQuerySet

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.steps import step03_user_model as step03
from flasklogin_tutorial.visit import read_session

db = step03.db


class Account(UserMixin, db.Document):
    """A user whose account can be closed, for exercise 3.3."""

    name = db.StringField()
    password = db.StringField()
    email = db.StringField()
    closed = db.BooleanField(default=False)

    @property
    def is_active(self) -> bool:
        """Whether `login_user` may log this user in."""
        return not self.closed

    def public(self) -> dict[str, str]:
        """Return what the API shows of a record: everything but the password."""
        return {"name": self.name, "email": self.email}


def broken_member():
    """Make the class of exercise 3.2. Something in it is wrong."""

    class Member(UserMixin, db.Document):
        name = db.StringField()
        password = db.StringField()
        closed = db.BooleanField(default=False)

        def is_active(self):
            return not self.closed

    return Member


def app_of(member) -> Flask:
    """Make an app in which the users of a class log in."""
    app = step03.create_app()

    def login():
        info = json.loads(request.data)
        user = member.objects(name=info["username"], password=info["password"]).first()
        if user is None:
            return jsonify(reason="Username or Password Error"), 401
        return jsonify(logged_in=login_user(user))

    app.view_functions["login"] = login
    return app


def _cookies(ask: Ask, app: Flask, *requests: tuple[str, str, object]) -> dict[str, str | None]:
    """Return the cookies of a browser after some requests."""
    browser = ask.visitor(app)
    for method, path, body in requests:
        ask.send(browser, method, path, json=body)
    return browser.cookies.get_dict()


@exercise(
    "3.1",
    "follow",
    "Tell whose cookie it is",
    idea="Whoever holds a session cookie can read whose it is: it is signed, and not encrypted.",
    answer="owner_of",
    hints=(
        "`read_session(cookies)` gives a dictionary, as in the notebook, or None where there is no "
        "session cookie.",
        "Three things can be missing: the cookie, the id in it, and the user with this id. For "
        "each of them the answer is None, and no error.",
        "The id stands under `_user_id`, if anybody is logged in: `said.get('_user_id')`. The "
        "notebook looked a user up by name; here it is `User.objects(id=…).first()`.",
        "said = read_session(cookies) or {}; "
        "return User.objects(id=said['_user_id']).first() if '_user_id' in said else None",
    ),
    not_checked="whether the cookie is genuine: to read one proves nothing",
    claims=[
        Claim(
            "it is signed, and not encrypted",
            "https://flask.palletsprojects.com/en/stable/quickstart/#sessions",
        ),
    ],
)
def _owner_of(ask: Ask) -> None:
    app = ask.fresh(step03.create_app)
    app.add_url_rule("/private", view_func=lambda: app.login_manager.unauthorized())
    people = [
        step03.User(name=name, email=f"{name}@example.org", password=f"pass of {name}").save()
        for name in ("ada", "grace", "joan")
    ]
    held = {}
    for user in people:
        login = {"username": user.name, "password": user.password}
        held[user.name] = _cookies(ask, app, ("POST", "/login", login))
    people.pop().delete()
    for user in people:
        found = ask(held[user.name], expected=f"the user {user.name}")
        ask.must(
            isinstance(found, step03.User) and found.id == user.id,
            ask.described(held[user.name]),
            _named(found),
            f"the user {user.name}",
            "This is a list of results, also where it has one: `.first()` takes the user out."
            if isinstance(found, BaseQuerySet)
            else "This user has logged in and got the cookie. Return the user whose id it has.",
        )
    for cookies, why in (
        ({}, "There is no cookie."),
        (
            _cookies(ask, app, ("GET", "/private", None)),
            "The session has a message for the login page, and no _user_id: nobody has logged in.",
        ),
        ({"session": "not-a-session"}, "This cookie cannot be read."),
        (held["joan"], "Joan has logged in, and was deleted after that."),
    ):
        found = ask(cookies, expected=f"None. {why}")
        ask.must(found is None, ask.described(cookies), _named(found), "None", why)


def _named(found: object) -> str:
    if isinstance(found, step03.User):
        return f"the user {found.name}"
    return "nothing" if found is None else f"{found!r:.80}"


@exercise(
    "3.2",
    "apply",
    "Find the mistake: a closed account logs in",
    idea="Flask-Login reads `is_active` and never calls it: a method there is always true.",
    answer="mended_member",
    begins_with="broken_member",
    hints=(
        "The trace says what `login_user` gave for the closed account. Which member of the class "
        "does it ask?",
        "Look at `Member(closed=True).is_active` in a cell of your own, without brackets behind "
        "it. That is what Flask-Login reads.",
        "What makes a value of a method is the decorator `@property` above it. It belongs above "
        "which line of the class?",
        "In the class, above def is_active(self): write @property, and leave the rest as it is.",
    ),
    not_checked="people who are logged in while their account is closed",
)
def _mended_member(ask: Ask) -> None:
    member = ask(expected="a class in which is_active is a value")
    ask.must(
        isinstance(member, type) and issubclass(member, db.Document) and "closed" in dir(member),
        ask.described(),
        "nothing" if member is None else f"{member!r:.60}",
        "the class of the exercise, mended",
        "Does the function end with `return Member`, without brackets behind it?",
    )
    ask.must(
        member().closed is False,
        "Member().closed",
        f"{member().closed!r}",
        "False: an account that nobody has closed is open",
        "The fields of the class are right. Leave them as they are.",
    )
    app = ask.fresh(lambda: app_of(member))
    ada, grace = (
        member(name=name, password=f"pass of {name}", closed=closed).save()
        for name, closed in (("ada", False), ("grace", True))
    )
    for closed in (grace, ada):
        for user in (ada, grace):
            user.closed = user is closed
            user.save()
        for user in (closed, *{ada, grace} - {closed}):
            _must_log_in_unless_closed(ask, app, user)


def _must_log_in_unless_closed(ask: Ask, app: Flask, user: db.Document) -> None:
    """Raise `Mismatch` unless an account can log in exactly if it is open."""
    body = {"username": user.name, "password": user.password}
    state = "closed" if user.closed else "open"
    said = ask.send(ask.visitor(app), "POST", "/login", json=body, who=f"whose account is {state}")
    value = getattr(type(user), "is_active", None)
    hint = f"is_active has to be {not user.closed} for an account that is {state}."
    if callable(value):
        hint = "is_active is still a function, and nobody calls it. Flask-Login reads a value."
    elif isinstance(value, bool):
        hint = f"is_active is {value} for the whole class. It has to look at `closed` of each user."
    said.must(
        said.data.get("logged_in") is (not user.closed),
        f'a JSON object with {{"logged_in": {json.dumps(not user.closed)}}}',
        hint,
    )


@exercise(
    "3.3",
    "stretch",
    "Tell a closed account that it is closed",
    idea="`login_user` says whether it logged anybody in, and a view has to heed it.",
    answer="login_or_refuse",
    hints=(
        "`login_user` gave True or False in the traces of the notebook, and the view threw it "
        "away. Keep it.",
        "There are three answers: no such name and password, a closed account, a login. Ask for "
        "the password first.",
        "Put the call into an `if`: `if not login_user(account):`. Below it stands what a closed "
        "account is told, with the number 403.",
        'if not login_user(account): return jsonify(reason="This account is closed"), 403',
    ),
    not_checked="what the reasons say, and people who are logged in while their account is closed",
)
def _login_or_refuse(ask: Ask) -> None:
    app = ask.fresh(step03.create_app)
    app.view_functions["login"] = ask.answer
    ada, grace = (
        Account(
            name=name, email=f"{name}@example.org", password=f"pass of {name}", closed=closed
        ).save()
        for name, closed in (("ada", False), ("grace", True))
    )
    _must_refuse_a_guess(ask, app, ada)
    _must_refuse_a_guess(ask, app, grace)
    for closed in (grace, ada):
        for account in (ada, grace):
            account.closed = account is closed
            account.save()
        _must_refuse_closed(ask, app, closed)
        _must_log_in(ask, app, grace if closed is ada else ada)


def _must_refuse_a_guess(ask: Ask, app: Flask, account: Account) -> None:
    """Raise `Mismatch` unless a wrong password is refused the same for every account."""
    state = "closed" if account.closed else "open"
    browser, body = ask.visitor(app), {"username": account.name, "password": "a guess"}
    said = ask.send(browser, "POST", "/login", json=body, who=f"whose account is {state}")
    said.must(
        said.response.status_code == 401,
        "401 Unauthorized",
        "Only who knows the password may learn that the account is closed. Ask for it first."
        if said.response.status_code == 403
        else "A wrong password is refused, and the status says so.",
    )


def _must_refuse_closed(ask: Ask, app: Flask, account: Account) -> None:
    """Raise `Mismatch` unless a closed account is refused, and told."""
    browser, body = ask.visitor(app), {"username": account.name, "password": account.password}
    said = ask.send(browser, "POST", "/login", json=body, who="whose account is closed")
    said.must(
        "_user_id" not in (read_session(browser.cookies) or {}),
        "nobody logged in",
        "The session cookie has this user's id. login_user(account) alone refuses a closed "
        "account; force=True does not.",
    )
    said.must(
        said.response.status_code == 403,
        "403 Forbidden",
        "login_user(account) gives False here. Does the view ask it, and look at what it gives?",
    )
    said.must(
        account.email not in said.response.text,
        "an answer without the record",
        "Nobody is logged in, so nobody gets the record.",
    )


def _must_log_in(ask: Ask, app: Flask, account: Account) -> None:
    """Raise `Mismatch` unless an open account is logged in."""
    browser, body = ask.visitor(app), {"username": account.name, "password": account.password}
    said = ask.send(browser, "POST", "/login", json=body, who="whose account is open")
    said.must(
        said.response.status_code == 200 and said.data == account.public(),
        f"200 OK and {json.dumps(account.public())}",
        "login_user(account) gives True here. Answer with account.public().",
    )
    said.must(
        (read_session(browser.cookies) or {}).get("_user_id") == str(account.id),
        "a session cookie with the id of the user",
        "The view answers, and nobody is logged in. Is login_user(account) called?",
    )
