"""Exercises to notebook 09: bad input, and honest errors."""

from typing import Any

from flask import Flask, abort

from flasklogin_tutorial.checks import Reply
from flasklogin_tutorial.client import Browser
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, log_in, mended
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06

#: What the article's login says to a wrong password. Its clients look for `reason`.
_REFUSAL = {"status": 401, "reason": "Username or Password Error"}


@exercise(
    "9.1",
    "follow",
    "Let a refused login say so in the status line",
    idea="Programs read the status line. What older clients read in the body stays there.",
    answer="honest_login",
    hints=(
        "The login that is there says what you need, in its body. Can you call it, and look at "
        "what it answers?",
        "`app.view_functions['login']` is the view. A view that returns a triple, `return body, "
        "401, {'WWW-Authenticate': …}`, sets the status and a header.",
        "answer = login(); if answer.json.get('status') == 401: return answer, 401, "
        "{'WWW-Authenticate': 'Bearer'}; return answer",
    ),
    not_checked="bodies that are no JSON, and what the header WWW-Authenticate says",
)
def _honest_login(ask: Ask) -> None:
    app = ask.fresh(step06.create_app)
    ask(app)
    users = add_members(step06.User, "grace", "emmy")
    for user in users:
        browser = log_in(ask, app, user)
        login = {"username": user.name, "password": user.password}
        again = ask.send(browser, "POST", "/login", json=login, who="with the right password")
        again.must(
            again.response.status_code == 200 and again.data == user.public(),
            f"200, and {user.public()}: this login is right",
            "Which answers of the login say 401 in their body? These alone change.",
        )
        _must_be(ask, browser, user.name, f"{user.name}, logged in")
    wrong = [{"username": user.name, "password": "a guess"} for user in users]
    for login in (*wrong, {"username": "nobody", "password": "pass of grace"}, {}):
        browser = ask.visitor(app)
        reply = ask.send(browser, "POST", "/login", json=login, who="refused")
        reply.must(
            reply.response.status_code == 401,
            "the status 401: nobody has shown who they are",
            "The status of an answer is not what its body says it is.",
        )
        reply.must(
            {key: reply.data.get(key) for key in _REFUSAL} == _REFUSAL,
            f"a JSON object with {_REFUSAL}, as before",
            "The article's own clients look for `reason` in the body. Keep what they read.",
        )
        reply.must(
            reply.response.headers.get("WWW-Authenticate"),
            "a header WWW-Authenticate beside the status 401",
            "RFC 9110 asks for one: it says how to identify oneself.",
        )
        _must_be(ask, browser, None, "after a refused login")
    found = ask.send(ask.visitor(app), "GET", "/?name=emmy", who="not logged in")
    found.must_show(name="emmy")


def _must_be(ask: Ask, browser: Browser, name: str | None, who: str) -> None:
    """Raise `Mismatch` unless the browser is logged in as this user, or as nobody for None."""
    reply = ask.send(browser, "POST", "/user_info", who=who)
    said = reply.data.get("data")
    found = said.get("name") if isinstance(said, dict) else None
    reply.must(
        reply.response.status_code == 200 and found == name,
        f"200, and {f'the name {name}' if name else 'nobody is logged in'}",
        "The login logs in who is right, and nobody else. /user_info stays as it is.",
    )


@exercise(
    "9.2",
    "apply",
    "Find the mistake: whatever happens, the app has failed",
    idea="A refusal is an exception too: a handler for every exception calls it a failure.",
    answer="mended_statuses",
    hints=(
        "Trace a request to an address that is not there. Which error is it, and who answers?",
        "`HTTPException` has a `code` of its own. A second handler, for HTTPException, gets these, "
        "and the first one keeps all others.",
        "With @app.errorhandler(HTTPException): response = error.get_response(); response.data = "
        "jsonify(error=error.name).data; response.content_type = 'application/json'; "
        "return response",
    ),
    not_checked="the words of an error, the header WWW-Authenticate, and bodies that crash a view",
)
def _mended_statuses(ask: Ask) -> None:
    app = mended(ask)
    _add_views(app)
    grace, emmy = add_members(step06.User, "grace", "emmy")
    stranger, record = ask.visitor(app), {"name": "emmy", "email": "e@example.org", "password": "x"}
    for verb in ("PUT", "POST", "DELETE"):
        reply = ask.send(stranger, verb, "/", json=record, who="not logged in")
        _must_refuse(reply, 401, "Who is not logged in is told so, and can log in.")
    missing = ask.send(stranger, "GET", "/nowhere")
    _must_refuse(missing, 404, "There is nothing at this address.")
    verb = ask.send(stranger, "PATCH", "/")
    _must_refuse(verb, 405, "This address does not take this verb.")
    verb.must(
        "DELETE" in verb.response.headers.get("Allow", ""),
        "405 with the header Allow, which lists the verbs that it takes",
        "`error.get_response()` is an answer that has the headers of the error.",
    )
    for path, status in (("/secret", 403), ("/twice", 409), ("/old", 410)):
        reply = ask.send(stranger, "GET", path, who=f"to a view that calls abort({status})")
        _must_refuse(reply, status, "Whatever a view refuses with, the answer has that status.")
    bug = ask.send(stranger, "GET", "/bug", who="to a view that fails")
    _must_refuse(bug, 500, "This one is the app's own failure.")
    bug.must(
        "swordfish" not in bug.response.text,
        "500, and nothing of what the exception says",
        "The text of an exception is for the log. A stranger reads the answer.",
    )
    member = log_in(ask, app, grace)
    made = {"name": "linus", "email": "linus@example.org", "password": "torvalds"}
    ask.send(member, "PUT", "/", json=made, who="logged in as grace").must_show(name="linus")
    ask.send(stranger, "GET", "/?name=emmy").must_show(**emmy.public())


def _must_refuse(reply: Reply, status: int, hint: str) -> None:
    reply.must(reply.response.status_code == status, f"the status {status}", hint)
    is_json = "json" in reply.response.headers.get("Content-Type", "")
    reply.must(
        is_json and reply.data.get("error"),
        f"{status}, and a JSON object with the key `error`",
        "Programs call this app: every refusal of it is JSON, as it was.",
    )


def _add_views(app: Flask) -> None:
    """Add views that refuse, and one that fails."""

    @app.get("/bug")
    def bug() -> Any:
        raise RuntimeError("the password of the database is swordfish")

    for path, status in (("/secret", 403), ("/twice", 409), ("/old", 410)):
        app.add_url_rule(path, path[1:], lambda status=status: abort(status))


@exercise(
    "9.3",
    "stretch",
    "Let a delete say no in four ways",
    idea="Each refusal tells the client what to do next: log in, leave it, look again, correct it.",
    answer="guard_delete",
    hints=(
        "Four questions, one after the other: is anybody logged in, is there a name, is there "
        "such a user, and is it the caller's own record? Delete below all of them.",
        "`abort(401)` ends a view with that status. `read_body(NameInput())` reads the body, and "
        "refuses with 422. `User.objects(name=name).first_or_404()` finds a user or refuses.",
        "if not current_user.is_authenticated: abort(401); name = read_body(NameInput())['name']; "
        "user = User.objects(name=name).first_or_404(); if user.id != current_user.id: abort(403)",
    ),
    not_checked="bodies that are no JSON, what the refusals say, and the header WWW-Authenticate",
)
def _guard_delete(ask: Ask) -> None:
    app = ask.fresh(step06.create_app)
    ask(app)
    users = add_members(step06.User, "grace", "emmy", "ada")
    grace, emmy, _ = (log_in(ask, app, user) for user in users)
    stranger = ask.visitor(app)
    for body in ({"name": "emmy"}, {"name": "nobody"}, {}):
        reply = ask.send(stranger, "DELETE", "/", json=body, who="not logged in")
        _must_say(reply, 401, "Who are you? The first question is whether anybody is logged in.")
    who = "logged in as grace"
    for body in ({"name": {"$ne": "grace"}}, {"name": ["emmy"]}, {"name": 7}, {"name": None}, {}):
        reply = ask.send(grace, "DELETE", "/", json=body, who=who)
        _must_say(reply, 422, "There has to be a name, and a name is a text.")
    for name in ("emmy", "ada"):
        reply = ask.send(grace, "DELETE", "/", json={"name": name}, who=who)
        _must_say(reply, 403, "Grace is known here, and this record is not hers.")
    for name in ("nobody", "gracE"):
        reply = ask.send(grace, "DELETE", "/", json={"name": name}, who=who)
        _must_say(reply, 404, "Nobody has this name.")
    there = sorted(user.name for user in step06.User.objects)
    ask.must(
        there == ["ada", "emmy", "grace"],
        "all these deletes, each of which was refused",
        f"the database has {', '.join(there) or 'nobody'}",
        "ada, emmy, grace are all there",
        "Refuse first, and delete afterwards.",
    )
    for browser, user in ((grace, users[0]), (emmy, users[1])):
        reply = ask.send(
            browser, "DELETE", "/", json={"name": user.name}, who=f"logged in as {user.name}"
        )
        reply.must(
            reply.response.status_code == 200 and reply.data == user.public(),
            f"200, and {user.public()}: this record is hers",
            "Whoever is logged in may delete what is theirs.",
        )
        gone = ask.send(stranger, "GET", f"/?name={user.name}", who="after that")
        gone.must("name" not in gone.data, "no such record: it was deleted")
    left = ask.send(grace, "DELETE", "/", json={"name": "ada"}, who="grace, who is deleted")
    _must_say(left, 401, "A deleted user is nobody.")


def _must_say(reply: Reply, status: int, hint: str) -> None:
    if reply.response.is_redirect:
        hint = "A program follows a redirect, and takes the page for its answer. `abort` refuses."
    reply.must(reply.response.status_code == status, f"the status {status}", hint)


def failing_app() -> Flask:
    """Make the app of exercise 9.2. Something in it is wrong."""
    app = step06.create_app()
    app.login_manager.login_view = None

    @app.errorhandler(Exception)
    def answer_in_json(error):
        return {"error": "the app has failed, try again later"}, 500

    return app
