"""Exercises to notebook 02: the login view."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, current_app

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import managed
from flasklogin_tutorial.steps import step01_bind_login_manager as step01
from flasklogin_tutorial.steps import step03_user_model as step03
from flasklogin_tutorial.visit import Reply, read_session


def _send_away() -> Any:
    return current_app.login_manager.unauthorized()


def _must_send_to(ask: Ask, app: Flask, path: str, page: str) -> None:
    """Raise `Mismatch` unless a page sends a stranger to the login view at a path."""
    sent = ask.send(ask.visitor(app), "GET", page, who="not logged in")
    location = urlsplit(sent.response.headers.get("Location", ""))
    ask.must(
        sent.response.is_redirect and location.path == path,
        sent.called,
        sent.came_back,
        f"a redirect to {path}?next={page}",
        _why_not_sent(sent),
    )
    ask.must(
        parse_qs(location.query).get("next") == [page],
        sent.called,
        sent.came_back,
        f"a redirect to {path}?next={page}",
        "unauthorized() sends the path along as next. A redirect of your own does not.",
    )


def _why_not_sent(sent: Reply) -> str:
    """Return a hint; those that are known from the steps name other views."""
    if "secret key" in sent.came_back:
        return 'The message for the login page needs a session: set app.config["SECRET_KEY"].'
    if "BuildError" in sent.came_back:
        return "login_view is the name of a view function. No view has the name that was set."
    if sent.response.status_code == 401:
        return (
            "401 and no place to go: the login manager of this app knows no login view. On which "
            "object was it set?"
        )
    if sent.response.is_redirect:
        return "A text that begins with / is taken for a path. Give the name of the view as it is."
    return "login_view is an attribute of app.login_manager, and a text: the name of a view."


@exercise(
    "2.1",
    "follow",
    "Name another login view",
    idea="`login_view` is the name of a view, and Flask finds the path to it.",
    answer="send_strangers_to",
    hints=(
        "The notebook sets two things. One is an attribute of the login manager, the other one a "
        "setting of the app.",
        "The app has its login manager with it: `app.login_manager`. The name of the view is what "
        "your function is given.",
        'A setting of the app is set as a key of its dictionary, `app.config["SECRET_KEY"] = …`. '
        "The other one is assigned to an attribute: `app.login_manager.login_view = …`.",
        'app.config["SECRET_KEY"] = "some key"; app.login_manager.login_view = view',
    ),
    not_checked="whether the secret key can be guessed",
)
def _send_strangers_to(ask: Ask) -> None:
    for view, path in (("sign_in", "/people/sign-in"), ("front_door", "/welcome")):
        app = ask.fresh(step01.create_app)
        app.add_url_rule(path, view, lambda: "Log in here.")
        app.add_url_rule("/private", view_func=_send_away)
        ask(app, view, expected=f"strangers are sent to the view {view}")
        _must_send_to(ask, app, path, "/private")


@exercise(
    "2.2",
    "apply",
    "Refuse a login in the status too",
    idea="A refusal says so in the status line, where programs look.",
    answer="login_with_status",
    hints=(
        "Begin with the view of the notebook. Which of its two answers is the refusal?",
        "A view that returns a pair gives the body and the status.",
        "Copy the view of the notebook, and change one line of it: the one below `if user is "
        "None:`. The number stands behind the brackets of jsonify, after a comma.",
        'return jsonify(reason="Username or Password Error"), 401',
    ),
    not_checked="how often somebody may guess, and bodies that are no JSON object",
)
def _login_with_status(ask: Ask) -> None:
    app = ask.fresh(step03.create_app)
    app.view_functions["login"] = ask.answer
    people = [
        step03.User(name=name, email=f"{name}@example.org", password=f"pass of {name}").save()
        for name in ("ada", "grace")
    ]
    for body in (
        {"username": "ada", "password": "a guess"},
        {"username": "ada", "password": "pass of grace"},
        {"username": "nobody", "password": "pass of ada"},
        {"username": "ada"},
        {},
    ):
        browser = ask.visitor(app)
        refused = ask.send(browser, "POST", "/login", json=body)
        refused.must(
            "_user_id" not in (read_session(browser.cookies) or {}),
            "nobody logged in",
            "The app put a user into the session. Name and password have to be of one user.",
        )
        refused.must(
            refused.response.status_code == 401,
            "401 Unauthorized",
            _of_a_crash(refused.error)
            if refused.crashed
            else "The status stands behind the body: return jsonify(…), 401",
        )
        refused.must(
            refused.data.get("reason") == "Username or Password Error",
            'a JSON object with {"reason": "Username or Password Error"}',
            "The reason stays what it was in the notebook, whatever of the two is wrong.",
        )
    for user in people:
        browser = ask.visitor(app)
        body = {"username": user.name, "password": user.password}
        done = ask.send(browser, "POST", "/login", json=body)
        done.must(
            done.response.status_code == 200 and done.data == user.public(),
            f"200 OK and {json.dumps(user.public())}",
            "This is the right password. Answer with user.public().",
        )
        done.must(
            (read_session(browser.cookies) or {}).get("_user_id") == str(user.id),
            "a session cookie with the id of the user",
            "The view answers, and nobody is logged in. Is login_user(user) called?",
        )


def _of_a_crash(error: BaseException | None) -> str:
    """Return where to look when the view of 2.2 crashed."""
    if not isinstance(error, KeyError):
        return "A view returns a body, or a body and a status."
    if error.args[0] in ("username", "password"):
        return "A body without this key is refused too: info.get(…) gives None where there is none."
    return f"The body has the keys username and password, and no {error.args[0]!r}."


@exercise(
    "2.3",
    "apply",
    "Find the mistake: nobody is told where to log in",
    idea="A setting on the wrong object is no error: the login view belongs to the login manager.",
    answer="mended_app",
    begins_with="broken_app",
    hints=(
        "The trace ends with 401, and the notebook has shown when it does: the login manager knows "
        "no login view.",
        "Read the line that sets the login view. What is to the left of the dot?",
        "The notebook sets `login_view` on the login manager. The app keeps that one as "
        "`app.login_manager`.",
        'app.login_manager.login_view = "log_in"',
    ),
    not_checked="the login itself, which nobody has written yet",
)
def _mended_app(ask: Ask) -> None:
    app = managed(ask)
    app.add_url_rule("/members", view_func=_send_away)
    _must_send_to(ask, app, "/people/log-in", "/private")
    _must_send_to(ask, app, "/people/log-in", "/members")
    page = ask.send(ask.visitor(app), "GET", "/people/log-in", who="not logged in")
    page.must(
        page.response.status_code == 200,
        "the page of the exercise, which everybody may see",
        "Whoever is sent to a login page must be let in there.",
    )


def broken_app():
    """Make the app of exercise 2.3. Something in it is wrong."""
    app = step01.create_app()
    app.config["SECRET_KEY"] = "some key"
    app.login_view = "log_in"

    @app.get("/people/log-in")
    def log_in():
        return "Log in here."

    @app.get("/private")
    def private():
        return app.login_manager.unauthorized()

    return app
