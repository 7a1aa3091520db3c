"""Exercises to notebooks 12 and 12c: who may do what, and who guesses."""

import json
from collections import Counter
from typing import Any

from flask import Flask, request
from flask_login import login_required

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, log_in, mended
from flasklogin_tutorial.steps.step06_logout_and_user_info import User, create_app
from flasklogin_tutorial.steps.variants import VARIANTS, Account
from flasklogin_tutorial.visit import Browser, Reply


@exercise(
    "12.1",
    "follow",
    "Find the mistake: an owner rule that lets others in",
    idea="Who asks is what the login says, `current_user`, and never what the request says.",
    answer="mended_owner",
    begins_with="believing_app",
    hints=(
        "Read Ada's request in the trace. Which two names does the view compare, and who wrote "
        "them?",
        "The cookie is signed, and the body is not. What does Flask-Login make of the cookie?",
        "What Flask-Login makes of the cookie is `current_user`. Compare its id with the id of "
        "the record that is to be changed, and read nothing but `email` from the body.",
        'In place of the comparison with record["by"]: if user.id != current_user.id: return '
        '{"error": "the record is another user\'s"}, 403',
    ),
    not_checked="the words of a refusal, bodies that are no JSON object, and the views of "
    "notebook 06, where anyone still edits anyone",
)
def _mended_owner(ask: Ask) -> None:
    app = mended(ask)
    users = add_members(User, "grace", "emmy")
    grace, emmy = (log_in(ask, app, user) for user in users)
    for by in ({"by": "emmy"}, {"by": "grace"}, {}, {"by": None}):
        body = {"email": "g@evil.example", **by}
        reply = ask.send(grace, "PUT", "/email/emmy", json=body, who="logged in as grace")
        reply.must(
            reply.response.status_code == 403,
            "403: the record is emmy's",
            "The body says what somebody wrote into it. Who is logged in stands in current_user.",
        )
        _must_keep(ask, reply, users[1])
    own: tuple[dict[str, str], ...] = ({}, {"by": "grace"}, {"by": "emmy"})
    for number, by in enumerate(own):
        for browser, user in ((grace, users[0]), (emmy, users[1])):
            body = {"email": f"{user.name}{number}@example.com", **by}
            who = f"logged in as {user.name}"
            reply = ask.send(browser, "PUT", f"/email/{user.name}", json=body, who=who)
            reply.must(
                reply.data.get("email") == body["email"] == user.reload().email,
                "her record with the new address: it is her own, whatever the body says of her",
                "Does the view still read `by`? Nobody needs to send it."
                if reply.crashed
                else "What is compared with what? A database id is no string, `get_id()` is.",
            )
    nobody = ask.send(grace, "PUT", "/email/nobody", json={"email": "n@example.org"})
    nobody.must(nobody.response.status_code == 404, "404: nobody has this name, as before")
    stranger = ask.send(
        ask.visitor(app),
        "PUT",
        "/email/grace",
        json={"email": "s@evil.example", "by": "grace"},
        who="not logged in",
    )
    stranger.must(
        stranger.refused,
        "a redirect to the login, or 401: first who you are, then whether you may",
        "A new view needs the guard that the old one had.",
    )
    _must_keep(ask, stranger, users[0])


def _must_keep(ask: Ask, reply: Reply, user: Any) -> None:
    """Raise `Mismatch` if the record in the database is not what it was when it was last read."""
    before = user.to_mongo().to_dict()
    after = type(user).objects.with_id(user.id).to_mongo().to_dict()
    changed = {key: after.get(key) for key in before | after if after.get(key) != before.get(key)}
    ask.must(
        not changed,
        reply.called,
        f"{reply.came_back}, and the record of {user.name} holds {changed}",
        f"the record of {user.name} is as it was",
        "Refuse before anything is written.",
    )


def believing_app():
    """Make the app of exercise 12.1. Something in it is wrong."""
    app = create_app()

    @app.put("/email/<name>")
    @login_required
    def change_email(name):
        record = json.loads(request.data)
        user = User.objects(name=name).first()
        if user is None:
            return {"error": "nobody has this name"}, 404
        if record["by"] != user.name:
            return {"error": "the record is another user's"}, 403
        user.update(email=record["email"])
        return user.reload().public()

    return app


_LIMIT = 5


@exercise(
    "12.2",
    "apply",
    "Find the mistake: a limit that stops nobody",
    idea="Count by what the sender cannot choose: a header is chosen, the address of the "
    "connection is not.",
    answer="mended_throttle",
    begins_with="forwarded_app",
    hints=(
        "Read what Flask says of `request.access_route`. Where does its first entry come from?",
        "`request.remote_addr` is the address that the connection came from. In this app no header "
        "changes it.",
        "`forwarded_app` has counted inside its own view already. Take `create_app()`, and put a "
        "login of your own around the one that it has.",
        "Begin with create_app(), write the login as below, and count tries[request.remote_addr].",
    ),
    not_checked="when a count ends, how long somebody has to wait, an app behind a proxy (see "
    "notebook 16), and guessers who do have many addresses",
    claims=[
        Claim(
            "`request.remote_addr` is the address that the connection came from.",
            "https://werkzeug.palletsprojects.com/en/stable/wrappers/#werkzeug.wrappers.Request.remote_addr",
        ),
    ],
)
def _mended_throttle(ask: Ask) -> None:
    app = mended(ask)
    grace, _ = add_members(User, "grace", "emmy")
    for address, disguise in (("203.0.113.7", False), ("203.0.113.8", True)):
        _must_stop(ask, app, address, disguise)
    right = {"username": grace.name, "password": grace.password}
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        for _ in range(_LIMIT + 1):
            headers = {name: "198.51.100.1" if name != "Forwarded" else "for=198.51.100.1"}
            _guess(ask, app, "203.0.113.9", headers, "grace")
    hint = "Each address has a count of its own, and nobody can add to another's."
    for address in ("198.51.100.1", "198.51.100.2"):
        reply = ask.send(
            ask.visitor(app, address),
            "POST",
            "/login",
            json=right,
            who=f"from {address}, where nobody has guessed",
        )
        reply.must(reply.data.get("name") == "grace", "grace is let in", hint)
    late = ask.send(
        ask.visitor(app, "203.0.113.7"),
        "POST",
        "/login",
        json=right,
        who=f"the right password, as try {_LIMIT + 3} from 203.0.113.7",
    )
    late.must(
        late.response.status_code == 429,
        "429: whoever has used up the tries learns nothing, not even by the right password",
        "Look at the count before the password.",
    )


def _must_stop(ask: Ask, app: Flask, address: str, disguise: bool) -> None:
    """Raise `Mismatch` unless the app takes five tries from an address, and no sixth."""
    for number in range(1, _LIMIT + 3):
        headers = {}
        if disguise:
            new = f"198.51.100.{100 + number}"
            headers = {
                "X-Forwarded-For": f"{new}, 192.0.2.{number}",
                "X-Real-IP": new,
                "Forwarded": f"for={new}",
                "User-Agent": f"browser {number}",
            }
        reply = _guess(ask, app, address, headers, "grace" if number % 2 else "emmy")
        who = f"try {number} from {address}, by a new browser"
        reply.called += f", {who}" + (f" with {headers}" if disguise else " without such headers")
        if number <= _LIMIT:
            reply.must(
                reply.response.status_code == 200 and reply.data.get("status") == 401,
                "401 in the body, as to every wrong password: five tries are allowed",
                "Five are allowed from each address, with whatever headers. Whose tries are these?",
            )
        else:
            reply.must(
                reply.response.status_code == 429,
                "the status 429: there were five tries from this address",
                "What are the tries counted by, and who chooses it?"
                if disguise
                else "Each try came from a new browser, by turns with two names, and all from one "
                "address. What is counted, and which try is the first that is refused?",
            )


def _guess(ask: Ask, app: Flask, address: str, headers: dict[str, str], name: str) -> Reply:
    """Send a wrong password, from a new browser at an address."""
    login = {"username": name, "password": "a guess"}
    headers = {"Accept": "application/json", **headers}
    return ask.send(ask.visitor(app, address), "POST", "/login", json=login, headers=headers)


def forwarded_app():
    """Make the app of exercise 12.2. Something in it is wrong."""
    app = create_app()
    plain_login = app.view_functions["login"]
    tries = Counter()

    def login():
        address = request.access_route[0]
        tries[address] += 1
        if tries[address] > 5:
            return {"error": "too many tries"}, 429
        return plain_login()

    app.view_functions["login"] = login
    return app


@exercise(
    "12.3",
    "stretch",
    "Let people change their own record, and no more",
    idea="Two questions at each write: may you do this to that record, and may you write that "
    "field?",
    answer="add_changes",
    hints=(
        "Ask in this order: is somebody logged in, is there such a record, is it theirs, and is "
        "each field on their list. Write after that.",
        "A list of what is forbidden is never complete: `set__is_admin` and `pk` work too. "
        "`request.get_json().keys() - LISTED[current_user.is_admin]` gives what is on no list.",
        "`Account.objects.get_or_404(name=name)` gives the record or 404. `abort(403)` and "
        "`abort(422)` end the view before `user.update(…)` is reached.",
        "Under @login_required: 403 if user.id != current_user.id and not current_user.is_admin, "
        "422 if a field is on no list, else user.update(**request.get_json()).",
    ),
    not_checked="values of the wrong kind, bodies that are no JSON object or empty, the last "
    "administrator, and passwords that ought to be hashed (see notebook 08b)",
)
def _add_changes(ask: Ask) -> None:
    app = ask.fresh(account_app)
    ask(app)
    root, grace, emmy = add_members(Account, "root", "grace", "emmy")
    root.update(is_admin=True)
    people = {user.name: log_in(ask, app, user) for user in (root.reload(), grace, emmy)}
    _own_record(ask, people["grace"], grace, emmy)
    _fields_on_no_list(ask, people["grace"], grace, emmy)
    _others(ask, app, people["grace"], emmy)
    _administrator(ask, people, {user.name: user for user in (root, grace, emmy)})


def _change(ask: Ask, browser: Browser, who: str, whom: str, body: dict[str, Any]) -> Reply:
    return ask.send(browser, "PATCH", f"/people/{whom}", json=body, who=who)


def _must_store(ask: Ask, reply: Reply, user: Any, body: dict[str, Any]) -> None:
    """Raise `Mismatch` unless a change was answered with the record, and stored, and no more."""
    reply.must(
        reply.response.status_code == 200 and reply.data.get("name") == user.name,
        f"200, and the record of {user.name}, as `public()` shows it",
        "Owners may, and so may administrators. Whoever asks has a list: who asks, and not whose "
        "record it is, says which.",
    )
    before = user.to_mongo().to_dict() | body
    after = user.reload().to_mongo().to_dict()
    wrong = {key: after.get(key) for key in before | after if after.get(key) != before.get(key)}
    ask.must(
        not wrong,
        reply.called,
        f"{reply.came_back}, and the record of {user.name} holds {wrong}",
        f"the record as it was, with {body}",
        "What is sent is stored, in the record that the path names, and all else stays.",
    )


def _own_record(ask: Ask, browser: Browser, user: Any, other: Any) -> None:
    """Raise `Mismatch` unless somebody may change what is theirs."""
    bodies: list[dict[str, Any]] = [
        {"email": "g1@example.org"},
        {"password": "new password"},
        {"email": "g2@example.org", "password": "newer password"},
    ]
    for body in bodies:
        reply = _change(ask, browser, "logged in as grace", "grace", body)
        _must_store(ask, reply, user, body)
        _must_keep(ask, reply, other)


def _fields_on_no_list(ask: Ask, browser: Browser, user: Any, other: Any) -> None:
    """Raise `Mismatch` unless the app refuses each field that a user may not write."""
    bodies: list[dict[str, Any]] = [
        {"is_admin": True},
        {"email": "g3@example.org", "is_admin": True},
        {"set__is_admin": True},
        {"__raw__": {"$set": {"is_admin": True}}},
        {"active": False},
        {"failures": 3},
        {"name": "root"},
        {"id": str(other.id)},
        {"emial": "g3@example.org"},
    ]
    for body in bodies:
        reply = _change(ask, browser, "logged in as grace", "grace", body)
        reply.must(
            not reply.crashed and reply.response.status_code == 422,
            "the status 422: a field of this request is on no list of hers",
            "Which fields may she write? Whatever else is sent, refuse: do not drop it in silence.",
        )
        _must_keep(ask, reply, user)


def _others(ask: Ask, app: Flask, browser: Browser, other: Any) -> None:
    """Raise `Mismatch` unless the app keeps strangers and users from another's record."""
    body = {"email": "e@evil.example"}
    for more in ({}, {"name": "grace"}, {"by": "emmy"}):
        reply = _change(ask, browser, "logged in as grace", "emmy", body | more)
        also = [422] if more else []
        reply.must(
            reply.response.status_code in [403, *also],
            "403: the record is emmy's" + (", or 422: it has a field too many" if also else ""),
            "Whose record is it, and who asks? The path says the one, the login says the other.",
        )
        _must_keep(ask, reply, other)
    for fields in (body, {"is_admin": True}):
        reply = _change(ask, ask.visitor(app), "not logged in", "emmy", fields)
        reply.must(
            reply.refused and not reply.crashed,
            "a redirect to the login, or 401",
            "First who you are, then whether you may: a stranger has no is_admin.",
        )
        _must_keep(ask, reply, other)


def _administrator(ask: Ask, people: dict[str, Browser], users: dict[str, Any]) -> None:
    """Raise `Mismatch` unless administrators may do more, as long as they are ones."""
    root, who = people["root"], "logged in as root, an administrator"
    nobody = _change(ask, root, who, "nobody", {"email": "n@example.org"})
    nobody.must(nobody.response.status_code == 404, "404: nobody has this name")
    body: dict[str, Any]
    for body in ({"email": "e1@example.org"}, {"password": "from root", "is_admin": True}):
        _must_store(ask, _change(ask, root, who, "emmy", body), users["emmy"], body)
    beyond: tuple[dict[str, Any], ...] = (
        {"failures": 0},
        {"set__active": False},
        {"is_admin": False, "active": False},
    )
    for too_much in beyond:
        reply = _change(ask, root, who, "emmy", too_much)
        reply.must(
            not reply.crashed and reply.response.status_code == 422,
            "the status 422: administrators have a list too",
            "is_admin is one field more, and not all fields.",
        )
        _must_keep(ask, reply, users["emmy"])
    body = {"email": "g4@example.org"}
    now_admin = _change(ask, people["emmy"], "emmy, an administrator by now", "grace", body)
    _must_store(ask, now_admin, users["grace"], body)
    body = {"is_admin": False}
    _must_store(ask, _change(ask, root, who, "emmy", body), users["emmy"], body)
    body = {"email": "g5@example.org"}
    no_more = _change(ask, people["emmy"], "emmy, no administrator any more", "grace", body)
    no_more.must(
        no_more.response.status_code == 403,
        "403: root has taken the role away",
        "A role has to be asked for at each request: current_user.is_admin comes from the "
        "database.",
    )


def account_app() -> Flask:
    """Make the app of exercise 12.3, whose users are of the class `Account`."""
    return VARIANTS["disabled-users"].create_app()
