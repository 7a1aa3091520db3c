"""Exercises to notebook 04: the user loader."""

import json

from flask import jsonify, request
from flask_login import UserMixin, current_user, login_user
from mongoengine.queryset.base import BaseQuerySet

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import managed
from flasklogin_tutorial.steps import step04_user_loader as step04
from flasklogin_tutorial.steps.step04_user_loader import User, create_app
from flasklogin_tutorial.visit import Browser, Mismatch

db = step04.db


class Staff(UserMixin, db.Document):
    """Somebody who works for the app, and is no user of it; for exercise 4.3."""

    name = db.StringField()
    password = db.StringField()


def _users(ask: Ask, *names: str) -> list[User]:
    """Make users on an empty database."""
    ask.fresh(create_app)
    emails = {name: f"{name}@example.org" for name in names}
    return [
        User(name=name, email=email, password=f"pass of {name}").save()
        for name, email in emails.items()
    ]


def _named(found: object) -> str:
    """Return what a loader gave, in words."""
    if found is None:
        return "nothing"
    if isinstance(found, User):
        return f"the user {found.name}"
    if isinstance(found, BaseQuerySet | list | tuple):
        return f"{type(found).__name__}, a list of {len(found)} users"
    return f"{type(found).__name__} {found!r:.60}"


def _of_one_user(found: object) -> str:
    """Return where to look when a loader gave something else than the one user."""
    if isinstance(found, BaseQuerySet | list | tuple):
        return (
            "This is a list of results, also where one user is in it. A loader returns one user: "
            "`.first()` takes the first one out, or gives None."
        )
    if isinstance(found, str):
        return "This is a text, and no user. Return the document itself."
    return "The function returns one document, and a different one for each user."


@exercise(
    "4.1",
    "follow",
    "Load a user by the e-mail address",
    idea="The user loader gets back what `get_id` gave out, whatever that is.",
    answer="load_by_email",
    hints=(
        "The function of the notebook looks an id up. Which field is it to look at here?",
        "Look at the one line of the notebook's loader. `objects(…)` takes the name of a field, "
        "an equals sign and a value.",
        "`User.objects(email=…)` finds users by their address, and `.first()` takes one or None.",
        "return User.objects(email=user_id).first()",
    ),
    not_checked="what happens when two users have one address",
)
def _load_by_email(ask: Ask) -> None:
    ada, grace = _users(ask, "ada", "grace")
    for user in (ada, grace):
        found = ask(user.email, expected=f"the user {user.name}")
        ask.must(
            isinstance(found, User) and found.id == user.id,
            ask.described(user.email),
            _named(found),
            f"the user {user.name}",
            _of_one_user(found),
        )
    ask.returns(
        None,
        "nobody@example.org",
        hint="For an id that nobody has, Flask-Login wants None, and no error.",
    )


@exercise(
    "4.2",
    "apply",
    "Survive an id that is none",
    idea="A cookie holds what somebody sent: a loader answers None for all that is no user.",
    answer="load_or_none",
    hints=(
        "Which error did the notebook show for the id 'not-an-id'? Where is it raised?",
        "Ask before the database is asked: can this text be an id? To count its letters is not "
        "enough: 24 times z is no id.",
        "`ObjectId.is_valid(user_id)` says whether a text can be an id. Ask it first; where it "
        "says no, the function ends, and the database is not asked.",
        "if not ObjectId.is_valid(user_id): return None",
    ),
    not_checked="ids of users who were deleted while they are logged in",
)
def _load_or_none(ask: Ask) -> None:
    (ada,) = _users(ask, "ada")
    found = ask(str(ada.id), expected="the user ada")
    ask.must(
        isinstance(found, User) and found.id == ada.id,
        ask.described(str(ada.id)),
        _named(found),
        "the user ada, whose id this is",
        "A loader that answers None to everybody logs everybody out."
        if found is None
        else _of_one_user(found),
    )
    none = "None, because no user has this id"
    for broken in ("not-an-id", "", "22", "f" * 23, "\x00", "z" * 24, "ü" * 24, "f" * 24):
        try:
            found = ask(broken, expected=none)
        except Mismatch as mismatch:
            if len(broken) == 24 and "not a valid ObjectId" in mismatch.came_back:
                mismatch.hint = (
                    "To count 24 is not enough: the digits of an id are 0 to 9 and a to f. "
                    "ObjectId.is_valid knows."
                )
            raise
        ask.must(found is None, ask.described(broken), _named(found), none)


@exercise(
    "4.3",
    "apply",
    "Find the mistake: since the staff can log in, nobody else can",
    idea="An app has one user loader: it has to find everybody who can log in.",
    answer="mended_app",
    begins_with="broken_app",
    hints=(
        "Trace a request of Ada's. Which loader does Flask-Login ask, and what does that one give?",
        "`create_app` has registered a loader already, as in the notebook. What becomes of it when "
        "a second one is registered?",
        "One loader has to find both kinds. `first()` gives None where it finds nobody, and then "
        "the second class can be asked: `… or …`.",
        "return User.objects(id=user_id).first() or Staff.objects(id=user_id).first()",
    ),
    not_checked="a member of the staff and a user who have the same id, which are made so "
    "that it does not happen",
)
def _mended_app(ask: Ask) -> None:
    app = managed(ask)
    ada, grace = (
        User(name=name, email=f"{name}@example.org", password=f"pass of {name}").save()
        for name in ("ada", "grace")
    )
    joan = Staff(name="joan", password="pass of joan").save()
    came = {}
    for person, path in ((ada, "/login"), (joan, "/staff/login"), (grace, "/login")):
        came[person.name] = ask.visitor(app)
        login = {"username": person.name, "password": person.password}
        reply = ask.send(came[person.name], "POST", path, json=login, who=person.name)
        reply.must_show(name=person.name)
    for name, browser in came.items():
        kind = "of the staff" if name == "joan" else "a user"
        hint = f"{name} is {kind}. Does the loader that is asked look among these too?"
        _must_know(ask, browser, name, f"{name}, {kind}, logged in", hint)
    _must_know(ask, ask.visitor(app), None, "not logged in", "A stranger has no cookie.")
    grace.delete()
    joan.delete()
    for name in ("grace", "joan"):
        hint = "Where both classes have nobody, the loader gives None."
        _must_know(ask, came[name], None, f"{name}, who was deleted", hint)


def _must_know(ask: Ask, browser: Browser, name: str | None, who: str, hint: str) -> None:
    """Raise `Mismatch` unless /me names this person, or nobody for None."""
    said = ask.send(browser, "GET", "/me", who=who)
    if name and said.data.get("name"):
        hint = "The loader found somebody else. It is given an id: which one does it look up?"
    said.must(
        said.response.ok and said.data.get("name", "") == name,
        f"a JSON object with {json.dumps({'name': name})}",
        hint,
    )


def broken_app():
    """Make the app of exercise 4.3. Something in it is wrong."""
    app = create_app()

    @app.post("/staff/login")
    def staff_login():
        info = json.loads(request.data)
        person = Staff.objects(name=info["username"], password=info["password"]).first()
        if person is None:
            return jsonify(status=401, reason="Username or Password Error")
        login_user(person)
        return jsonify(name=person.name)

    @app.login_manager.user_loader
    def load_staff(user_id):
        return Staff.objects(id=user_id).first()

    @app.get("/me")
    def me():
        return {"name": current_user.name if current_user.is_authenticated else None}

    return app
