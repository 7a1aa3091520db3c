"""Exercises to notebook 06: logging out, and asking who is logged in."""

import json

from flask import request, session
from flask_login import current_user, login_user

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, log_in, mended
from flasklogin_tutorial.steps import step05_protect_routes as step05
from flasklogin_tutorial.steps.step06_logout_and_user_info import User, create_app
from flasklogin_tutorial.visit import Browser, Reply


def _who(ask: Ask, browser: Browser, when: str) -> Reply:
    return ask.send(browser, "POST", "/user_info", who=when)


def _must_be(reply: Reply, name: str, hint: str) -> None:
    """Raise `Mismatch` unless `/user_info` names this user."""
    said = reply.data.get("data")
    reply.must(
        not reply.crashed and isinstance(said, dict) and said.get("name") == name,
        f"200 in the body, and the name {name}",
        hint,
    )


@exercise(
    "6.1",
    "follow",
    "Say in the status line that nobody is logged in",
    idea="A view that everybody may ask decides itself what a stranger is told.",
    answer="add_me",
    hints=(
        "`user_info` in the notebook has two answers. Which one needs another status?",
        'Begin with `@app.get("/me")` and a view below it. `current_user.is_authenticated` says '
        "which of the two answers it is.",
        "A view that returns a pair, `return answer, 401`, sets the status as well.",
        'Without a login: return jsonify(error="nobody is logged in"), 401',
    ),
    not_checked="the words in which a stranger is told",
)
def _add_me(ask: Ask) -> None:
    app = ask.fresh(create_app)
    ask(app)
    users = add_members(User, "grace", "emmy")
    browsers = [log_in(ask, app, user) for user in users]
    for user, browser in zip(users, browsers, strict=True):
        shown = ask.send(browser, "GET", "/me", who=f"logged in as {user.name}")
        shown.must_show(**user.public())
        shown.must(
            shown.response.status_code == 200 and user.password not in shown.response.text,
            "200, and what `public()` gives: the password is nobody's business",
        )
    first = ask.send(browsers[0], "GET", "/me", who="logged in as grace, after emmy has asked")
    first.must_show(**users[0].public())
    ask.send(browsers[0], "POST", "/logout", who="grace")
    for browser, who in ((ask.visitor(app), "not logged in"), (browsers[0], "grace, logged out")):
        nobody = ask.send(browser, "GET", "/me", who=who)
        nobody.must(
            nobody.response.status_code == 401,
            "the status 401: nobody is logged in here",
            "A program reads the status line first. A redirect or 200 tells it something else.",
        )
        nobody.must(
            not nobody.data.get("name"), "no name, because nobody is logged in", "Whose is it?"
        )


@exercise(
    "6.2",
    "apply",
    "Find the mistake: a logout that forgets nothing",
    idea="You are logged out when the session forgets you, whatever the answer says.",
    answer="mended_logout",
    begins_with="sticky_app",
    hints=(
        "Trace the logout. Which keys are in her cookie before, and does the app send a new one?",
        "The view takes out a key that is not there. `pop` with a default does not complain.",
        "Flask-Login keeps the id under `_user_id`, and more beside it. `logout_user()` takes out"
        " all of it.",
        "Let a view that calls logout_user() take the place of "
        'app.view_functions["logout"], and return the app.',
    ),
    not_checked="what the answer to a logout says, and a cookie that somebody copied before it: "
    "that still works, see notebook 10",
    claims=[
        Claim(
            "Flask-Login keeps the id under `_user_id`, and more beside it. "
            "`logout_user()` takes out all of it.",
            "https://github.com/maxcountryman/flask-login/blob/0.6.3/src/flask_login/utils.py",
        ),
    ],
)
def _mended_logout(ask: Ask) -> None:
    app = mended(ask)
    users = add_members(step05.User, "grace", "emmy")
    grace, emmy = (log_in(ask, app, user) for user in users)
    for browser, user in ((grace, users[0]), (emmy, users[1])):
        _must_be(
            _who(ask, browser, f"{user.name}, logged in"),
            user.name,
            "The mistake is in the logout. This view is right.",
        )
    left = ask.send(grace, "POST", "/logout", who="grace")
    left.must(left.response.status_code == 200, "200: she may leave")
    after = _who(ask, grace, "grace, after her logout")
    after.must(
        after.data.get("result") == 401,
        "401 in the body, because nobody is logged in",
        "The logout has to take her id out of the session. What is its key called?",
    )
    _must_be(
        _who(ask, emmy, "emmy, after grace has left"),
        "emmy",
        "Grace leaves, and emmy stays: the logout is for the browser that asks.",
    )
    again = log_in(ask, app, users[0])
    _must_be(_who(ask, again, "grace, logged in again"), "grace", "Who leaves may come back later.")


@exercise(
    "6.3",
    "apply",
    "Find the mistake: new members are shut out",
    idea="`get_id` reads the id, and a document has none before it is saved: first save, then log "
    "in.",
    answer="mended_signup",
    begins_with="signup_app",
    hints=(
        "Trace the request after the sign-up. What does the session hold as `_user_id`?",
        "`login_user` asks `get_id()` at once. Which id has a document that is not saved?",
        "A document gets its id when it is saved. Until then `str(user.id)` is the text 'None', "
        "and that is what the session keeps.",
        "user.save() has to stand above login_user(user).",
    ),
    not_checked="two people who sign up with one name, and a sign-up without a password",
    claims=[
        Claim(
            "A document gets its id when it is saved.",
            "https://www.mongodb.com/docs/manual/core/document/#the-_id-field",
            "tests/course/test_what_libraries_do.py::test_the_driver_makes_the_id_of_a_document_before_anything_is_sent",
        ),
    ],
)
def _mended_signup(ask: Ask) -> None:
    app = mended(ask)
    browsers = {}
    for name in ("grace", "emmy"):
        browsers[name] = ask.visitor(app)
        record = {"name": name, "email": f"{name}@example.org", "password": f"pass of {name}"}
        made = ask.send(browsers[name], "POST", "/signup", json=record)
        made.must_show(name=name, email=record["email"])
        stored = User.objects(name=name).count()
        ask.must(
            stored == 1,
            f"POST /signup, as {name}",
            f"{stored} records with the name {name}",
            "one record",
            "The user that is saved and the user that is logged in are one document.",
        )
    for name, browser in browsers.items():
        said = _who(ask, browser, f"{name}, after the sign-up")
        ask.must(
            not said.crashed,
            said.called,
            said.came_back,
            f"200 in the body, and the name {name}",
            "What does the session hold as _user_id? It is what get_id() gave at the login.",
        )
        _must_be(said, name, "Signing up logs in: the session has to hold the id of the new user.")
        typed = User(name=name, password=f"pass of {name}")
        log_in(ask, app, typed, "Log in again with what was signed up with: is all of it stored?")
    stranger = _who(ask, ask.visitor(app), "not logged in")
    stranger.must(stranger.data.get("result") == 401, "401 in the body: a stranger is nobody")


def sticky_app():
    """Make the app of exercise 6.2. Something in it is wrong."""
    app = step05.create_app()

    @app.post("/logout")
    def logout():
        session.pop("user_id", None)
        return {"result": 200, "data": {"message": "logout success"}}

    @app.post("/user_info")
    def user_info():
        if current_user.is_authenticated:
            return {"result": 200, "data": current_user.public()}
        return {"result": 401, "data": {"message": "user no login"}}

    return app


def signup_app():
    """Make the app of exercise 6.3. Something in it is wrong."""
    app = create_app()

    @app.post("/signup")
    def signup():
        info = json.loads(request.data)
        user = User(name=info["name"], password=info["password"], email=info["email"])
        login_user(user)
        user.save()
        return user.public()

    return app
