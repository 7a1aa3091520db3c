"""Exercises to notebook 07: the whole app."""

import json
from typing import Any

from flask import Flask, request

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, log_in, mended
from flasklogin_tutorial.steps.step06_logout_and_user_info import User, create_app
from flasklogin_tutorial.visit import Browser

_JSON = {"Accept": "application/json", "Content-Type": "application/json"}


def _must_be(ask: Ask, browser: Browser, who: str, user: dict[str, str] | None, hint: str) -> None:
    """Raise `Mismatch` unless `/user_info` shows this user, or nobody for None."""
    reply = ask.send(browser, "POST", "/user_info", who=who)
    wanted = f"200 in the body, and {user}" if user else "401 in the body: nobody is logged in"
    said = {"result": 200, "data": user} if user else {"result": 401}
    reply.must(
        not reply.crashed and {key: reply.data.get(key) for key in said} == said, wanted, hint
    )


@exercise(
    "7.1",
    "apply",
    "Find the mistake: deleted, and still logged in",
    idea="Who somebody is has to be asked anew at every request: a remembered answer grows old.",
    answer="mended_memory",
    begins_with="remembering_app",
    hints=(
        "Trace two requests of Ada's. What stands in the lane of MongoDB the second time?",
        "The loader looks into a dictionary first. Who takes out of it what the database has lost?",
        "`app.login_manager.user_loader` registers another loader in place of the first. It needs"
        " no dictionary at all.",
        "Register a loader that asks each time: return User.objects(id=user_id).first()",
    ),
    not_checked="how fast the app is; one read by its id costs little",
)
def _mended_memory(ask: Ask) -> None:
    app = mended(ask)
    users = add_members(User, "grace", "emmy")
    grace, emmy = (log_in(ask, app, user) for user in users)
    for browser, user in ((grace, users[0]), (emmy, users[1])):
        who = f"{user.name}, logged in"
        _must_be(ask, browser, who, user.public(), "Who is logged in is known.")
    users[0].update(email="grace@example.com")
    changed = users[0].reload().public()
    _must_be(
        ask,
        grace,
        "grace, after her address was changed in the database",
        changed,
        "Where does the old address come from, if not from the database?",
    )
    users[1].delete()
    _must_be(
        ask,
        emmy,
        "emmy, after her record was deleted from the database",
        None,
        "Another process may have deleted her: only the database knows.",
    )
    record = {"name": "mallory", "email": "m@example.org", "password": "back door"}
    reply = ask.send(emmy, "PUT", "/", json=record, who="emmy, who is deleted")
    reply.must(
        reply.refused,
        "a redirect to the login, or 401: she has no account any more",
        "The guard asks the same loader.",
    )
    _must_be(ask, grace, "grace, after emmy was deleted", changed, "Grace is still a member.")


@exercise(
    "7.2",
    "apply",
    "Answer a body that is no JSON with 400",
    idea="A body that cannot be read is the sender's mistake: the app says so, in one place for "
    "all views.",
    answer="refuse_no_json",
    hints=(
        "Trace such a request. Which error does `json.loads` raise, and who could catch it for "
        "every view at once?",
        "`@app.errorhandler(SomeError)` registers a function that answers in place of that error. "
        "Bytes that are no text raise UnicodeDecodeError: which error is above both?",
        "JSONDecodeError and UnicodeDecodeError are both of them a ValueError. What a handler "
        "returns is the answer: a body and a status.",
        'With @app.errorhandler(ValueError): return jsonify(error="send JSON"), 400',
    ),
    not_checked="the words that come with the 400, JSON that is no object or lacks a key, and "
    "other content types: see notebooks 09 and 11",
    claims=[
        Claim(
            "JSONDecodeError and UnicodeDecodeError are both of them a ValueError.",
            "https://docs.python.org/3/library/exceptions.html#exception-hierarchy",
        ),
    ],
)
def _refuse_no_json(ask: Ask) -> None:
    app = ask.fresh(_app_with_a_motto)
    ask(app)
    grace, _ = add_members(User, "grace", "emmy")
    stranger, member = ask.visitor(app), log_in(ask, app, grace)
    views = [(stranger, "POST", "/login"), (stranger, "PATCH", "/motto")]
    views += [(member, verb, "/") for verb in ("PUT", "POST", "DELETE")]
    for body in (b"no json", b"{'name': 'emmy'}", b'{"name": "emmy"', b"", b"\xff"):
        for browser, verb, path in views:
            who = f"with the body {body!r}"
            reply = ask.send(browser, verb, path, who=who, headers=_JSON, data=body)
            reply.must(
                reply.response.status_code == 400,
                "the status 400: the request is wrong, and not the app",
                "Every view that reads a body meets this, also one that is added later.",
            )
    _still_works(ask, app, member)


def _still_works(ask: Ask, app: Flask, member: Browser) -> None:
    """Raise `Mismatch` unless the app answers as before to whatever is no bad body."""
    record = {"name": "linus", "email": "linus@example.org", "password": "torvalds"}
    made = ask.send(member, "PUT", "/", json=record, who="logged in as grace")
    made.must_show(name="linus")
    ask.send(member, "PATCH", "/motto", json={"motto": "ship"}).must_show(motto="ship")
    ask.send(member, "GET", "/?name=emmy", who="without a body").must_show(name="emmy")
    for path in ("/user_info", "/logout"):
        reply = ask.send(member, "POST", path, who="without a body, logged in as grace")
        reply.must(
            reply.response.status_code == 200,
            "200: this view reads no body, so none is needed",
            "Not every POST has a body. Refuse where somebody tries to read it.",
        )
    nowhere = ask.send(ask.visitor(app), "GET", "/nowhere")
    nowhere.must(nowhere.response.status_code == 404, "404: there is no such path, as before")
    bug = ask.send(ask.visitor(app), "GET", "/bug", who="to a view with a mistake of its own")
    bug.must(
        bug.response.status_code == 500,
        "500: this is no fault of the caller's",
        "Catch the error of a body that is no JSON, and no other.",
    )


def _app_with_a_motto() -> Flask:
    """Make an app with one more view that reads a body, and one with a mistake."""
    app = create_app()

    @app.patch("/motto")
    def motto():
        return {"motto": json.loads(request.data)["motto"]}

    @app.get("/bug")
    def bug():
        raise RuntimeError("a mistake of the app")

    return app


@exercise(
    "7.3",
    "stretch",
    "Let users rename themselves and stay logged in",
    idea="The cookie holds the id, so everything else about a user may change.",
    answer="add_rename",
    hints=(
        "Which record is it? Not one that the body names: `current_user` is the document itself.",
        "Change the document and save it, in place of making a new one. Ask before that whether "
        "the name is a text, and whether anybody has it.",
        "The order: the guard, then 400 for what is no name, then 409 for a name that is taken, "
        "and then `current_user.name = name` and `current_user.save()`.",
        "Under @login_required: 400 unless isinstance(name, str) and name, 409 if "
        "User.objects(name=name).first(), else current_user.name = name; current_user.save()",
    ),
    not_checked="the words of a refusal, two people who take one name in the same instant, a "
    "rename to the name that one has, and bodies that are no JSON object",
)
def _add_rename(ask: Ask) -> None:
    app = ask.fresh(create_app)
    ask(app)
    users = add_members(User, "emmy", "grace")
    emmy, grace = (user.public() for user in users)
    browser, second = log_in(ask, app, users[1]), log_in(ask, app, users[1])
    _refuses_names(ask, app, browser)
    for name in ("hopper", "Grace M. Hopper"):
        done = ask.send(browser, "POST", "/rename", json={"name": name}, who="logged in as grace")
        grace["name"] = name
        done.must_show(**grace)
        for one, which in ((browser, "in the same browser"), (second, "in her second browser")):
            _must_be(
                ask,
                one,
                f"grace, after the rename, {which}",
                grace,
                "Her cookies hold an id. Is it still the id of her record, and did it get the "
                "new name?",
            )
    users[1].name = grace["name"]
    log_in(ask, app, users[1], "She logs in with a new name, and the password that she had.")
    old = ask.send(ask.visitor(app), "GET", "/?name=grace")
    old.must("error" in old.data, "no record: this name is free now", "A rename leaves no copy.")
    other = log_in(ask, app, users[0])
    _must_be(ask, other, "emmy, whom nobody has renamed", emmy, "Rename who asks, and no other.")


def _refuses_names(ask: Ask, app: Flask, browser: Browser) -> None:
    """Raise `Mismatch` unless the app refuses strangers, names that are none, and taken ones."""
    stranger = ask.send(
        ask.visitor(app), "POST", "/rename", json={"name": "mallory"}, who="not logged in"
    )
    stranger.must(
        stranger.refused,
        "a redirect to the login, or 401: a stranger has no name to change",
        "Does the guard stand below the route?",
    )
    bodies: list[Any] = [{"name": ""}, {"name": 7}, {"name": {"$ne": None}}, {}]
    for body in bodies:
        reply = ask.send(browser, "POST", "/rename", json=body, who="logged in as grace")
        reply.must(
            reply.response.status_code == 400,
            "the status 400: that is no name",
            "Look at what was sent before it goes to the database.",
        )
    taken = ask.send(browser, "POST", "/rename", json={"name": "emmy"}, who="logged in as grace")
    taken.must(
        taken.response.status_code == 409,
        "the status 409: emmy has this name",
        "The login finds a user by the name, so a name can belong to one user only.",
    )


def remembering_app():
    """Make the app of exercise 7.1. Something in it is wrong."""
    app = create_app()
    known = {}

    @app.login_manager.user_loader
    def load_user(user_id):
        if user_id not in known:
            known[user_id] = User.objects(id=user_id).first()
        return known[user_id]

    return app
