"""Exercises to notebook 04: the user loader."""

from flask import Flask
from flask_login import current_user

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import managed
from flasklogin_tutorial.steps import step04_user_loader as step04


def _users(ask: Ask, *names: str) -> list[step04.User]:
    """Make users on an empty database."""
    ask.fresh(step04.create_app)
    emails = {name: f"{name}@example.org" for name in names}
    return [
        step04.User(name=name, email=email, password=f"pass of {name}").save()
        for name, email in emails.items()
    ]


@exercise(
    "4.1",
    "apply",
    "Load a user by the e-mail address",
    idea="The user loader gets back what `get_id` gave out, whatever that is.",
    answer="load_by_email",
    hints=(
        "The function of the notebook looks an id up. Which field is it to look at here?",
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
            isinstance(found, step04.User) and found.id == user.id,
            ask.described(user.email),
            "nothing" if found is None else f"{getattr(found, 'name', found)!r}",
            f"the user {user.name}",
            "The function returns a document, and a different one for each address.",
        )
    ask.returns(
        None,
        "nobody@example.org",
        hint="For an id that nobody has, Flask-Login wants None, and no error.",
    )


@exercise(
    "4.2",
    "follow",
    "Survive an id that is none",
    idea="A cookie holds what somebody sent: a loader answers None for all that is no user.",
    answer="load_or_none",
    hints=(
        "Which error did the notebook show for the id 'not-an-id'? Where is it raised?",
        "`ObjectId.is_valid(user_id)` says whether a text can be an id. So does catching "
        "mongoengine's `ValidationError`.",
        "if not ObjectId.is_valid(user_id): return None",
    ),
    not_checked="ids of users who were deleted while they are logged in",
)
def _load_or_none(ask: Ask) -> None:
    (ada,) = _users(ask, "ada")
    found = ask(str(ada.id), expected="the user ada")
    ask.must(
        isinstance(found, step04.User) and found.id == ada.id,
        ask.described(str(ada.id)),
        "nothing" if found is None else repr(found),
        "the user ada, whose id this is",
        "A loader that answers None to everybody logs everybody out.",
    )
    for broken in ("not-an-id", "", "22", "f" * 23, "\x00", "f" * 24):
        found = ask(broken, expected="None, because no user has this id")
        ask.must(
            found is None,
            ask.described(broken),
            repr(found),
            "None, because no user has this id",
        )


@exercise(
    "4.3",
    "apply",
    "Find the mistake: nobody is ever known",
    idea="A user loader can fail without an error: a trace shows what it gave back.",
    answer="mended_app",
    hints=(
        "Trace a request with the cookie. What does the loader give back?",
        "Read the last line of the loader aloud. What does a Python function without return give?",
        "return User.objects(id=user_id).first()",
    ),
    not_checked="the rest of the app, which is right",
)
def _mended_app(ask: Ask) -> None:
    app = managed(ask)
    user = step04.User(name="ada", email="ada@example.org", password="lovelace").save()
    browser = ask.visitor(app)
    login = {"username": user.name, "password": user.password}
    ask.send(browser, "POST", "/login", json=login, who="ada").must_show(name="ada")
    said = ask.send(browser, "GET", "/me", who="ada, logged in")
    said.must(
        said.data.get("name") == "ada",
        'a JSON object with {"name": "ada"}',
        "The login sets the cookie. Who reads it?",
    )
    stranger = ask.send(ask.visitor(app), "GET", "/me", who="not logged in")
    stranger.must(
        stranger.data.get("name") is None,
        'a JSON object with {"name": null}',
        "A stranger has no cookie, so nobody is known.",
    )


def broken_app() -> Flask:
    """Make the app of exercise 4.3. Something in it is wrong."""
    app = step04.create_app()

    @app.login_manager.user_loader
    def load(user_id):
        step04.User.objects(id=user_id).first()

    @app.get("/me")
    def me():
        return {"name": current_user.name if current_user.is_authenticated else None}

    return app
