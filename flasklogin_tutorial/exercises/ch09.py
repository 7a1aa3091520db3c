"""Exercises to notebooks 09 and 09b: bad input, and honest errors."""

from typing import Any

from flask import Flask, abort

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, log_in, mended
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import Browser, Reply


@exercise(
    "9.1",
    "follow",
    "Show people only what is for them",
    idea="An allowlist names what goes out, and to whom. What nobody named stays inside.",
    answer="add_people",
    hints=(
        "Two lists: what everybody may know, and what the users themselves may know. The notebook "
        "has a schema for each.",
        "`Record().dump(user)` and `PublicRecord().dump(user)` make dictionaries. For each user, "
        "ask whether it is the one who is logged in.",
        "`current_user.is_authenticated and current_user.id == user.id` is true for one's own "
        "record only. Choose the schema by that, and put what `dump` gives into a list.",
        "own = current_user.is_authenticated and current_user.id == user.id; then "
        "(Record() if own else PublicRecord()).dump(user) for each user in User.objects",
    ),
    not_checked="the order of the people, and how many there can be",
)
def _add_people(ask: Ask) -> None:
    app = ask.fresh(step06.create_app)
    ask(app)
    users = add_members(step06.User, "grace", "emmy", "ada")
    _must_list(ask, ask.visitor(app), users, None, "not logged in")
    browsers = [(log_in(ask, app, user), user) for user in users[:2]]
    for browser, user in browsers:
        _must_list(ask, browser, users, user, f"logged in as {user.name}")
    users[2].delete()
    users[1].update(email="emmy@example.com")
    users[1].reload()
    for browser, user in browsers:
        who = f"logged in as {user.name}, after ada has left and emmy has moved"
        _must_list(ask, browser, users[:2], user, who)


def _must_list(
    ask: Ask, browser: Browser, users: list[step06.User], own: step06.User | None, who: str
) -> None:
    reply = ask.send(browser, "GET", "/people", who=who)
    wanted = [
        {"name": user.name} | ({"email": user.email} if user is own else {}) for user in users
    ]
    said = reply.data.get("people")
    people = said if isinstance(said, list) and all(isinstance(one, dict) for one in said) else []
    reply.must(
        _in_order(people) == _in_order(wanted),
        f'{{"people": {wanted}}}',
        "Everybody may ask, also who is not logged in."
        if reply.refused or reply.crashed
        else _what_is_wrong(people, own),
    )


def _in_order(people: list[dict[str, Any]]) -> list[str]:
    return sorted(str(sorted(one.items())) for one in people)


def _what_is_wrong(people: list[dict[str, Any]], own: step06.User | None) -> str:
    """Return a hint for a list that is not what this user may see, or a stranger for None."""
    more = sorted({key for one in people for key in one} - ({"name", "email"} if own else {"name"}))
    if more:
        return f"Who reads {', '.join(more)}? Name what goes out, in place of what does not."
    with_address = [one.get("name") for one in people if "email" in one]
    others = [name for name in with_address if name != own.name]
    if others:
        return f"The address of {others[0]} is for {others[0]} alone."
    if people and own and not with_address:
        return "Whoever is logged in may know their own address."
    return "Everybody who is in the database is in the list, as they are there now."


@exercise(
    "9.2",
    "apply",
    "Find the mistake: every refusal is a crash",
    idea="A refusal is an exception too: a handler for every exception calls it a failure.",
    answer="mended_statuses",
    begins_with="failing_app",
    hints=(
        "Trace a request to an address that is not there. Which error is it, and who answers?",
        "`HTTPException` has a `code` of its own. A second handler, for HTTPException, gets these, "
        "and the first one keeps all others.",
        "`error.get_response()` makes the answer that Flask would have sent, with its status and "
        "its headers. Replace its `data` and its `content_type`, and return it.",
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
    patched = ask.send(stranger, "PATCH", "/")
    _must_refuse(patched, 405, "This address does not take this verb.")
    patched.must(
        "DELETE" in patched.response.headers.get("Allow", ""),
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
    is_json = reply.response.headers.get("Content-Type") == "application/json"
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
        "Write the five lines of the table as five lines of the view, from the top down: `abort` "
        "ends the view, so the next line is reached only if nothing was refused.",
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
    no_name: tuple[dict[str, Any], ...] = (
        {"name": {"$ne": "grace"}},
        {"name": ["emmy"]},
        {"name": 7},
        {"name": None},
        {},
    )
    for wrong in no_name:
        reply = ask.send(grace, "DELETE", "/", json=wrong, who=who)
        _must_say(reply, 422, "There has to be a name, and a name is a string.")
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


def failing_app():
    """Make the app of exercise 9.2. Something in it is wrong."""
    app = step06.create_app()
    app.login_manager.login_view = None

    @app.errorhandler(Exception)
    def answer_in_json(error):
        return {"error": "the app has failed, try again later"}, 500

    return app
