"""What a trace shows of an exchange, and that watching changes nothing."""

import hashlib
import html
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from difflib import ndiff

import pytest
from flask import Flask, jsonify, request, session
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    fresh_login_required,
    login_required,
    login_user,
)

from flasklogin_tutorial import create_app as create_finished_app
from flasklogin_tutorial import lab
from flasklogin_tutorial.lab import new_app, serve, trace
from flasklogin_tutorial.lab.recorder import Lane
from flasklogin_tutorial.steps.step06_logout_and_user_info import User
from flasklogin_tutorial.visit import forge_session, in_process, read_session

ADA = {"name": "ada", "password": "lovelace", "email": "ada@example.org"}
BOB = {"name": "bob", "password": "builder", "email": "bob@example.org"}
EVE = {"name": "eve", "password": "apple", "email": "eve@example.org"}

#: Columns of a text output in JupyterLab with its file browser open, on a laptop.
WIDEST = 110

#: Seconds after which a test that waits for another thread gives up.
PATIENCE = 30


def credentials(record, **other):
    return {"username": record["name"], "password": record["password"], **other}


def log_in(browser, record=ADA):
    assert browser.post("/login", json=credentials(record)).json()["name"] == record["name"]


def told(events):
    """Write events as lines, without the part of an id that is another one in every run."""
    lines = []
    for event in events:
        where = event.source.title
        if event.source is not event.target:
            where = f"{where} → {event.target.title}"
        lines.append(f"{where}: {event.text}")
    return [re.sub(r"…[0-9a-f]{4}\b", "…id", line) for line in lines]


def inside(events):
    """Leave out what the browser sent and got."""
    return [line for line in told(events) if not line.startswith("browser") or "→" in line][1:-1]


def forge(app, **said):
    """Sign a session cookie with the key of an app."""
    return {"Cookie": f"session={forge_session(app.secret_key or 'any key', said)}"}


def difference(before, after):
    """Return the lines that went and the lines that came, from one list of lines to another."""
    changes = list(ndiff(before, after))
    return tuple([line[2:] for line in changes if line[0] == sign] for sign in "-+")


@pytest.fixture
def app(step_app, add_user):
    """Make the article's complete app with Ada in it."""
    app = step_app("step06")
    add_user(app, **ADA)
    return app


class Member(UserMixin):
    """A user who needs no database."""

    def __init__(self, id):
        self.id = self.name = id


@pytest.fixture
def club():
    """Make a small app without a database: `/login/<name>` logs anybody in."""
    app = Flask("club")
    app.secret_key = "some key"
    manager = LoginManager(app)

    @manager.user_loader
    def load_member(user_id):
        return Member(user_id)

    @app.get("/login/<name>")
    def login(name):
        return f"{login_user(Member(name), remember='remember' in request.args)}"

    return app


# ---- a refused visitor

REFUSED = [
    "browser → Flask: PUT /",
    'browser: {"name": "bob", "password": "builder", "email": "bob@example.org"}',
    "browser: no cookie",
    "Flask → Flask-Login: login_required",
    "Flask-Login: current_user",
    "Flask-Login: session: no _user_id",
    "Flask-Login: current_user is anonymous",
    "Flask-Login: redirect to /login?next=/",
    "Flask-Login → Flask: ✗ refused",
    "Flask → browser: 302 Found",
    "browser: Location: /login?next=/",
    "browser: sets cookie session: _flashes=1 message",
]
NO_VIEW = [
    "browser → Flask: GET /login?next=/",
    "browser: cookie session: _flashes=1 message",
    "Flask: ✗ no view: this path takes OPTIONS, POST",
    "Flask → browser: 405 Method Not Allowed",
]


def test_a_refused_write_shows_the_redirect_and_the_405_that_it_leads_to(visit, app):
    seen = trace(visit(app)).put("/", json=BOB)
    assert [told(exchange.events) for exchange in seen.exchanges] == [REFUSED, NO_VIEW]
    assert told(seen.events) == REFUSED + NO_VIEW
    assert seen.response.status_code == 405
    assert seen.operations == []


def test_a_redirect_that_is_not_followed_is_one_exchange(app):
    seen = trace(in_process(app)).put("/", json=BOB, allow_redirects=False)
    assert told(seen.events) == REFUSED
    assert seen.response.status_code == 302


def test_refusals_and_errors_are_marked_as_failed(app):
    seen = trace(in_process(app)).put("/", json=BOB)
    failed = [event.text for event in seen.events if event.failed]
    assert failed == [
        "✗ refused",
        "✗ no view: this path takes OPTIONS, POST",
        "405 Method Not Allowed",
    ]


# ---- logging in and out


def test_a_wrong_password_finds_no_document_and_logs_nobody_in(visit, app):
    seen = trace(visit(app)).post("/login", json=credentials(ADA, password="wrong"))
    assert inside(seen.events) == [
        "Flask: view login",
        "Flask → MongoDB: user.find {name: 'ada', password: 'wrong'}",
        "MongoDB → Flask: 0 documents",
    ]
    assert told(seen.events)[-1] == (
        'browser: {"reason": "Username or Password Error", "status": 401}'
    )


def test_the_right_password_logs_the_user_in_and_sets_the_cookie(visit, app):
    seen = trace(visit(app)).post("/login", json=credentials(ADA))
    assert inside(seen.events) == [
        "Flask: view login",
        "Flask → MongoDB: user.find {name: 'ada', password: 'lovelace'}",
        "MongoDB → Flask: 1 document",
        "Flask → Flask-Login: login_user(ada)",
        "Flask-Login → Flask: True",
    ]
    ada = User.objects.get(name="ada")
    assert re.fullmatch(
        rf"sets cookie session: _fresh=True, _id='[0-9a-f]{{4}}…', _user_id='…{str(ada.id)[-4:]}'",
        seen.events[-1].text,
    )


def test_user_info_knows_nobody_before_the_login_and_the_user_after_it(visit, app):
    ada = visit(app)
    assert inside(trace(ada).post("/user_info").events) == [
        "Flask: view user_info",
        "Flask → Flask-Login: current_user",
        "Flask-Login: session: no _user_id",
        "Flask-Login → Flask: current_user is anonymous",
    ]
    log_in(ada)
    assert inside(trace(ada).post("/user_info").events) == [
        "Flask: view user_info",
        "Flask → Flask-Login: current_user",
        "Flask-Login: session: _user_id='…id'",
        "Flask-Login: load_user('…id')",
        "Flask-Login → MongoDB: user.find {_id: …id}",
        "MongoDB → Flask-Login: 1 document",
        "Flask-Login: gives ada",
        "Flask-Login → Flask: current_user is ada",
    ]


def test_the_ids_in_a_trace_are_the_ends_of_the_users_own(app):
    ada = in_process(app)
    log_in(ada)
    end = str(User.objects.get(name="ada").id)[-4:]
    texts = "\n".join(event.text for event in trace(ada).post("/user_info").events)
    assert f"_user_id='…{end}'" in texts
    assert f"load_user('…{end}')" in texts
    assert f"user.find {{_id: …{end}}}" in texts


def test_a_logout_loads_the_user_and_leaves_no_id_in_the_cookie(app):
    ada = in_process(app)
    log_in(ada)
    seen = trace(ada).post("/logout")
    assert inside(seen.events) == [
        "Flask: view logout",
        "Flask → Flask-Login: logout_user()",
        "Flask-Login: current_user",
        "Flask-Login: session: _user_id='…id'",
        "Flask-Login: load_user('…id')",
        "Flask-Login → MongoDB: user.find {_id: …id}",
        "MongoDB → Flask-Login: 1 document",
        "Flask-Login: gives ada",
        "Flask-Login: current_user is ada",
        "Flask-Login → Flask: True",
    ]
    assert seen.events[-1].text == "deletes session"


def test_an_inactive_user_is_not_logged_in(changed_step, add_user):
    app = changed_step(
        "step06", ('log this user in."""\n        return True', 'log in."""\n        return False')
    )()
    add_user(app, **ADA)
    seen = trace(in_process(app)).post("/login", json=credentials(ADA))
    assert inside(seen.events)[-2:] == [
        "Flask → Flask-Login: login_user(ada)",
        "Flask-Login → Flask: False",
    ]
    assert [event.text for event in seen.events if event.failed] == ["False"]
    assert not any("sets cookie" in event.text for event in seen.events)


# ---- writing

LET_THROUGH = [
    "Flask → Flask-Login: login_required",
    "Flask-Login: current_user",
    "Flask-Login: session: _user_id='…id'",
    "Flask-Login: load_user('…id')",
    "Flask-Login → MongoDB: user.find {_id: …id}",
    "MongoDB → Flask-Login: 1 document",
    "Flask-Login: gives ada",
    "Flask-Login: current_user is ada",
    "Flask-Login → Flask: let through",
]


def test_writes_show_their_operations_and_filters(visit, app):
    ada = visit(app)
    log_in(ada)
    created = trace(ada).put("/", json=BOB)
    assert inside(created.events) == [
        *LET_THROUGH,
        "Flask: view create_record",
        "Flask → MongoDB: user.insert_one {name: 'bob', password: 'builder', email: "
        "'bob@example.org'}",
        "MongoDB → Flask: 1 inserted",
    ]
    updated = trace(ada).post("/", json=BOB | {"email": "new@example.org"})
    assert inside(updated.events) == [
        *LET_THROUGH,
        "Flask: view update_record",
        "Flask → MongoDB: user.find {name: 'bob'}",
        "MongoDB → Flask: 1 document",
        "Flask → MongoDB: user.update_one {_id: …id} {$set: {email: 'new@example.org', password: "
        "'builder'}}",
        "MongoDB → Flask: 1 matched, 1 changed",
    ]
    deleted = trace(ada).delete("/", json={"name": "bob"})
    assert inside(deleted.events) == [
        *LET_THROUGH,
        "Flask: view delete_record",
        "Flask → MongoDB: user.find {name: 'bob'}",
        "MongoDB → Flask: 1 document",
        "Flask → MongoDB: user.delete_many {_id: …id}",
        "MongoDB → Flask: 1 deleted",
    ]
    assert [line.split(" {")[0] for line in created.operations + deleted.operations] == [
        *["user.find", "user.insert_one"],
        *["user.find", "user.find", "user.delete_many"],
    ]


@pytest.mark.parametrize(
    ("call", "operation", "result"),
    [
        (lambda c: list(c.find({"n": {"$gt": 1}})), "find {n: {$gt: 1}}", "3 documents"),
        (lambda c: list(c.find()), "find", "5 documents"),
        (lambda c: c.find({"n": 2})[0], "find {n: 2}", "1 document"),
        (lambda c: c.find_one({"n": 7}), "find {n: 7}", "0 documents"),
        (lambda c: c.count_documents({"n": 3}), "count_documents {n: 3}", "1"),
        (lambda c: c.distinct("n", {"n": 3}), "distinct 'n' {n: 3}", "[3]"),
        (lambda c: c.insert_one({"n": 9}), "insert_one {n: 9}", "1 inserted"),
        (lambda c: c.insert_many([{"n": 8}, {"n": 9}]), "insert_many", "2 inserted"),
        (
            lambda c: c.update_one({"n": 1}, {"$set": {"n": 1}}),
            "update_one {n: 1} {$set: {n: 1}}",
            "1 matched, 0 changed",
        ),
        (
            lambda c: c.update_many({"n": {"$lt": 3}}, {"$inc": {"n": 1}}),
            "update_many {n: {$lt: 3}} {$inc: {n: 1}}",
            "3 matched, 3 changed",
        ),
        (
            lambda c: c.replace_one({"n": 7}, {"n": 8}),
            "replace_one {n: 7} {n: 8}",
            "0 matched, 0 changed",
        ),
        (lambda c: c.delete_one({"n": 1}), "delete_one {n: 1}", "1 deleted"),
        (lambda c: c.delete_many({}), "delete_many {}", "5 deleted"),
        (
            lambda c: c.find_one_and_update({"n": 1}, {"$set": {"n": 5}}),
            "find_one_and_update {n: 1} {$set: {n: 5}}",
            "1 document",
        ),
        (lambda c: c.find_one_and_delete({"n": 7}), "find_one_and_delete {n: 7}", "nothing"),
        (lambda c: c.find_one_and_delete({"n": 4}), "find_one_and_delete {n: 4}", "1 document"),
        (lambda c: c.estimated_document_count(), "estimated_document_count", "5"),
        (lambda c: c.create_index([("n", 1)]), "create_index [['n', 1]]", "'n_1'"),
    ],
)
def test_every_kind_of_operation_is_shown_with_its_filter_and_its_result(
    step_app, call, operation, result
):
    app = step_app("step00")
    collection = app.extensions["mongoengine"]
    [database] = [state["conn"]["default"]["tutorial"] for state in collection.values()]
    database["number"].insert_many([{"n": n} for n in range(5)])

    @app.get("/operate")
    def operate():
        call(database["number"])
        return "done"

    lines = [
        line for line in told(trace(in_process(app)).get("/operate").events) if "Mongo" in line
    ]
    assert len(lines) == 2
    assert lines[0].startswith(f"Flask → MongoDB: number.{operation}")
    assert lines[1] == f"MongoDB → Flask: {result}"


def test_a_query_that_nobody_reads_is_no_operation(step_app):
    app = step_app("step00")

    @app.get("/lazy")
    def lazy():
        User.objects(name="ada")
        return "never asked"

    assert trace(in_process(app)).get("/lazy").operations == []


# ---- the user loader


def test_without_a_user_loader_the_error_stands_where_it_is_raised(step_app, add_user, visit):
    app = step_app("step03")
    add_user(app, **ADA)

    @app.get("/me")
    def me():
        return jsonify(current_user.public())

    ada = visit(app)
    log_in(ada)
    seen = trace(ada).get("/me")
    assert inside(seen.events) == [
        "Flask: view me",
        "Flask → Flask-Login: current_user",
        "Flask-Login: session: _user_id='…id'",
        "Flask-Login: ✗ Exception: Missing user_loader or request_loader",
    ]
    assert seen.response.status_code == 500


@pytest.mark.parametrize("user_id", ["7", "not an id", ""])
def test_an_id_that_is_none_names_the_error_under_the_loader(app, user_id):
    seen = trace(in_process(app)).post("/user_info", headers=forge(app, _user_id=user_id))
    lines = inside(seen.events)
    assert lines[:4] == [
        "Flask: view user_info",
        "Flask → Flask-Login: current_user",
        f"Flask-Login: session: _user_id={user_id!r}",
        f"Flask-Login: load_user({user_id!r})",
    ]
    assert lines[4].startswith(
        f"Flask-Login: ✗ ValidationError: '{user_id}' is not a valid ObjectId"
    )
    assert len(lines) == 5
    assert seen.operations == []


def test_a_loader_that_finds_nobody_gives_none_and_the_visitor_is_anonymous(app):
    ada = in_process(app)
    log_in(ada)
    User.objects(name="ada").delete()
    assert inside(trace(ada).post("/user_info").events)[3:] == [
        "Flask-Login: load_user('…id')",
        "Flask-Login → MongoDB: user.find {_id: …id}",
        "MongoDB → Flask-Login: 0 documents",
        "Flask-Login: gives None",
        "Flask-Login → Flask: current_user is anonymous",
    ]


def test_current_user_used_twice_in_a_request_is_loaded_once(club):
    @club.get("/twice")
    def twice():
        return f"{current_user.name} {current_user.name}"

    ada = in_process(club)
    ada.get("/login/ada")
    seen = trace(ada).get("/twice")
    assert seen.response.text == "ada ada"
    assert told(seen.events).count("Flask-Login: load_member('ada')") == 1


def test_two_requests_load_the_user_twice(club):
    @club.get("/me")
    def me():
        return current_user.name

    ada = in_process(club)
    ada.get("/login/ada")
    for _ in range(2):
        assert "Flask-Login: load_member('ada')" in told(trace(ada).get("/me").events)


def test_a_request_loader_is_shown_with_what_it_gives(club):
    @club.login_manager.request_loader
    def load_from_key(request):
        return Member("ada") if request.headers.get("X-Key") == "the key" else None

    @club.get("/me")
    @login_required
    def me():
        return current_user.name

    browser = in_process(club)
    with_key = trace(browser).get("/me", headers={"X-Key": "the key"})
    assert inside(with_key.events) == [
        "Flask → Flask-Login: login_required",
        "Flask-Login: current_user",
        "Flask-Login: session: no _user_id",
        "Flask-Login: load_from_key(request)",
        "Flask-Login: gives ada",
        "Flask-Login: current_user is ada",
        "Flask-Login → Flask: let through",
        "Flask: view me",
    ]
    without = inside(trace(browser).get("/me").events)
    assert without[3:6] == [
        "Flask-Login: load_from_key(request)",
        "Flask-Login: gives None",
        "Flask-Login: current_user is anonymous",
    ]


def test_a_remember_cookie_brings_the_user_back_and_a_fresh_login_is_asked_for(club):
    @club.get("/safe")
    @fresh_login_required
    def safe():
        return "opened"

    ada = in_process(club)
    assert ada.get("/login/ada?remember").text == "True"
    assert "Flask: view safe" in told(trace(ada).get("/safe").events)
    ada.cookies.clear(domain="127.0.0.1", path="/", name="session")
    seen = trace(ada).get("/safe")
    lines = told(seen.events)
    assert lines[1] == "browser: cookie remember_token: 'ada', signed"
    assert lines[2:] == [
        "Flask → Flask-Login: fresh_login_required",
        "Flask-Login: current_user",
        "Flask-Login: session: no _user_id",
        "Flask-Login: load_member('ada')",
        "Flask-Login: gives ada",
        "Flask-Login: current_user is ada",
        "Flask-Login: ✗ 401 Unauthorized",
        "Flask → browser: 401 Unauthorized",
        "browser: sets cookie session: _fresh=False, _user_id='ada'",
    ]

    club.login_manager.refresh_view = "/login/ada"
    again = trace(ada).get("/safe", allow_redirects=False)
    assert inside(again.events)[-3:] == [
        "Flask-Login: current_user is ada",
        "Flask-Login: redirect to /login/ada?next=/safe",
        "Flask-Login → Flask: ✗ refused",
    ]


# ---- other answers of an app


def test_an_unauthorized_handler_gives_the_apps_own_answer(app):
    @app.login_manager.unauthorized_handler
    def refuse():
        return jsonify(error="log in first"), 401

    seen = trace(in_process(app)).put("/", json=BOB)
    assert told(seen.events)[3:] == [
        "Flask → Flask-Login: login_required",
        "Flask-Login: current_user",
        "Flask-Login: session: no _user_id",
        "Flask-Login: current_user is anonymous",
        "Flask-Login: the app's own answer",
        "Flask-Login → Flask: ✗ refused",
        "Flask → browser: 401 Unauthorized",
        'browser: {"error": "log in first"}',
    ]


def test_a_guard_above_the_route_is_never_seen(changed_step):
    route = '@app.route("/", methods=["PUT"])'
    app = changed_step(
        "step05",
        (f"{route}\n    @login_required\n", f"@login_required\n    {route}\n"),
    )()
    seen = trace(in_process(app)).put("/", json=BOB)
    assert inside(seen.events) == [
        "Flask: view create_record",
        "Flask → MongoDB: user.insert_one {name: 'bob', password: 'builder', email: "
        "'bob@example.org'}",
        "MongoDB → Flask: 1 inserted",
    ]
    assert not any(Lane.LOGIN in (event.source, event.target) for event in seen.events)


def test_an_app_without_a_login_manager_never_meets_flask_login(step_app):
    seen = trace(in_process(step_app("step00"))).get("/?name=ada")
    assert told(seen.events) == [
        "browser → Flask: GET /?name=ada",
        "browser: no cookie",
        "Flask: view query_record",
        "Flask → MongoDB: user.find {name: 'ada'}",
        "MongoDB → Flask: 0 documents",
        "Flask → browser: 200 OK",
        'browser: {"error": "data not found"}',
    ]


def test_a_view_that_raises_shows_the_error_and_a_500(app):
    seen = trace(in_process(app)).post("/login", data="no json")
    assert told(seen.events)[3:] == [
        "Flask: view login",
        "Flask: ✗ JSONDecodeError: Expecting value: line 1 column 1 (char 0)",
        "Flask → browser: 500 Internal Server Error",
    ]


@pytest.mark.parametrize("guard", [lambda view: view, login_required], ids=["open", "guarded"])
def test_an_error_that_the_app_turns_into_an_answer_is_still_shown(club, guard):
    @club.get("/boom")
    @guard
    def boom():
        raise RuntimeError("no more fuel")

    club.register_error_handler(RuntimeError, lambda error: "all is well")
    ada = in_process(club)
    ada.get("/login/ada")
    seen = trace(ada).get("/boom")
    assert seen.response.text == "all is well"
    assert inside(seen.events)[-2:] == [
        "Flask: view boom",
        "Flask: ✗ an exception, which the app caught",
    ]


@pytest.mark.parametrize(
    ("method", "path", "reason", "status"),
    [
        ("GET", "/nowhere", "✗ no view", "404 Not Found"),
        ("GET", "/login", "✗ no view: this path takes OPTIONS, POST", "405 Method Not Allowed"),
        (
            "DELETE",
            "/user_info",
            "✗ no view: this path takes OPTIONS, POST",
            "405 Method Not Allowed",
        ),
    ],
)
def test_a_path_or_a_verb_without_a_view_is_named(app, method, path, reason, status):
    seen = trace(in_process(app)).request(method, path)
    assert told(seen.events) == [
        f"browser → Flask: {method} {path}",
        "browser: no cookie",
        f"Flask: {reason}",
        f"Flask → browser: {status}",
    ]


@pytest.mark.parametrize("change", ["signature", "id", "key"])
def test_a_forged_cookie_is_sent_by_the_browser_and_not_believed_by_the_server(app, change):
    ada = str(User.objects.get(name="ada").id)
    payload, stamp, signature = forge(app, _user_id=ada)["Cookie"].split(".")
    if change == "signature":
        signature = signature[::-1]
    elif change == "id":
        payload = forge(app, _user_id="fedcba987654321001234567")["Cookie"].split(".")[0]
    else:
        payload, stamp, signature = forge(stranger_app(), _user_id=ada)["Cookie"].split(".")
    cookie = {"Cookie": f"{payload}.{stamp}.{signature}"}
    assert told(trace(in_process(app)).post("/user_info", headers=cookie).events)[1:6] == [
        "browser: cookie session: _user_id='…id'",
        "Flask: view user_info",
        "Flask → Flask-Login: current_user",
        "Flask-Login: session: no _user_id",
        "Flask-Login → Flask: current_user is anonymous",
    ]


def stranger_app():
    app = Flask("stranger")
    app.secret_key = "another key"
    return app


# ---- what the browser sends and gets


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ({"json": {"name": "ä"}}, '{"name": "ä"}'),
        ({"data": {"name": "ada"}}, "name=ada"),
        ({"data": "two\nlines   and gaps"}, "two lines and gaps"),
        ({"data": b"\xff\xfe"}, "\ufffd\ufffd"),
        ({"data": "x" * 200}, "x" * 72 + "…"),
        ({"headers": {"Cookie": "theme=dark"}}, "cookie theme: 'dark'"),
        ({"headers": {"Cookie": "session=garbage"}}, "cookie session: 'garbage'"),
        ({}, "no cookie"),
    ],
)
def test_bodies_and_cookies_are_shown_on_one_line(club, sent, line):
    seen = trace(in_process(club)).post("/nowhere", **sent)
    assert seen.events[1].text == line


def test_cookies_that_an_answer_sets_and_deletes_are_named(club):
    @club.get("/cookies")
    def cookies():
        session["theme"] = {"colour": "dark"}
        answer = jsonify("done")
        answer.set_cookie("plain", "value")
        answer.delete_cookie("old")
        return answer

    texts = [event.text for event in trace(in_process(club)).get("/cookies").events]
    assert texts[-4:] == [
        '"done"',
        "sets cookie plain: 'value'",
        "deletes old",
        "sets cookie session: theme={colour: 'dark'}",
    ]


def test_a_query_is_shown_as_a_person_would_write_it(club):
    seen = trace(in_process(club)).get("/nowhere", params={"next": "/café?a=1"})
    assert seen.events[0].text == "GET /nowhere?next=/café?a=1"


# ---- it shows what happened, never a template


def test_another_user_changes_the_name_and_the_id_and_nothing_else(app, add_user):
    add_user(app, **BOB)
    ada, bob = in_process(app), in_process(app)
    for browser, record in ((ada, ADA), (bob, BOB)):
        log_in(browser, record)
    of_ada, of_bob = ([e.text for e in trace(b).post("/user_info").events] for b in (ada, bob))
    ids = {name: str(User.objects.get(name=name).id)[-4:] for name in ("ada", "bob")}
    changed = [(a, b) for a, b in zip(of_ada, of_bob, strict=True) if a != b]
    assert [a.replace(ids["ada"], ids["bob"]).replace("ada", "bob") for a, _ in changed] == [
        b for _, b in changed
    ]
    assert [a for a, _ in changed] == [
        text for text in of_ada if ids["ada"] in text or re.search(r"\bada\b", text)
    ]
    assert len(changed) == 7


def test_another_id_in_the_cookie_changes_the_id_what_is_found_and_who_it_is(app):
    known = str(User.objects.get(name="ada").id)
    unknown = "0" * 20 + "beef"
    browser = in_process(app)
    seen = []
    for user_id in (known, unknown):
        exchange = trace(browser).post("/user_info", headers=forge(app, _user_id=user_id))
        seen.append([event.text.replace(known[-4:], "ada's") for event in exchange.events])
    assert difference(*seen) == (
        [
            "cookie session: _user_id='…ada's'",
            "session: _user_id='…ada's'",
            "load_user('…ada's')",
            "user.find {_id: …ada's}",
            "1 document",
            "gives ada",
            "current_user is ada",
            '{"data": {"email": "ada@example.org", "name": "ada"}, "result": 200}',
            "sets cookie session: _fresh=False, _user_id='…ada's'",
        ],
        [
            "cookie session: _user_id='…beef'",
            "session: _user_id='…beef'",
            "load_user('…beef')",
            "user.find {_id: …beef}",
            "0 documents",
            "gives None",
            "current_user is anonymous",
            '{"data": {"message": "user no login"}, "result": 401}',
            "sets cookie session: _fresh=False, _user_id='…beef'",
        ],
    )


def test_another_filter_changes_the_operation_and_its_result(app):
    browser = in_process(app)
    seen = [told(trace(browser).get(f"/?name={name}").events) for name in ("ada", "eve")]
    assert difference(*seen) == (
        [
            "browser → Flask: GET /?name=ada",
            "Flask → MongoDB: user.find {name: 'ada'}",
            "MongoDB → Flask: 1 document",
            'browser: {"email": "ada@example.org", "name": "ada"}',
        ],
        [
            "browser → Flask: GET /?name=eve",
            "Flask → MongoDB: user.find {name: 'eve'}",
            "MongoDB → Flask: 0 documents",
            'browser: {"error": "data not found"}',
        ],
    )


def test_a_view_without_its_guard_loses_exactly_the_lines_of_the_guard(changed_step, add_user):
    seen = []
    for guard in ("    @login_required\n", ""):
        route = '    @app.route("/", methods=["PUT"])\n'
        app = changed_step("step06", (f"{route}    @login_required\n", route + guard))()
        add_user(app, **ADA)
        ada = in_process(app)
        log_in(ada)
        seen.append(told(trace(ada).put("/", json=BOB).events))
    assert difference(*seen) == (LET_THROUGH, [])


def test_a_loader_that_gives_none_changes_what_is_found_and_lets_nobody_through(
    changed_step, add_user
):
    seen = []
    found = "return User.objects(id=user_id).first()"
    for gives in (found, "return None"):
        app = changed_step("step06", (found, gives))()
        add_user(app, **ADA)
        ada = in_process(app)
        log_in(ada)
        seen.append(inside(trace(ada).post("/user_info").events))
    assert difference(*seen) == (
        [
            "Flask-Login → MongoDB: user.find {_id: …id}",
            "MongoDB → Flask-Login: 1 document",
            "Flask-Login: gives ada",
            "Flask-Login → Flask: current_user is ada",
        ],
        [
            "Flask-Login: gives None",
            "Flask-Login → Flask: current_user is anonymous",
        ],
    )


# ---- watching changes nothing

CALLS = [
    ("POST", "/login", credentials(ADA, password="wrong")),
    ("PUT", "/", BOB),
    ("POST", "/user_info", None),
    ("POST", "/login", credentials(ADA)),
    ("POST", "/user_info", None),
    ("PUT", "/", BOB),
    ("PUT", "/", {"name": "nobody"}),
    ("POST", "/", BOB | {"email": "new@example.org"}),
    ("GET", "/?name=bob", None),
    ("DELETE", "/", {"name": "bob"}),
    ("PUT", "/", EVE),
    ("GET", "/nowhere", None),
    ("POST", "/logout", None),
    ("POST", "/user_info", None),
]


def test_an_app_answers_and_stores_the_same_whether_it_is_watched_or_not(visit, changed_step):
    answers, stored = [], []
    for watched in (False, True):
        app = changed_step("step06")()
        User.drop_collection()
        User(id="0123456789abcdef01234567", **ADA).save()
        browser = visit(app)
        answers.append([])
        for method, path, body in CALLS:
            sender = trace(browser) if watched else browser
            got = sender.request(method, path, json=body, allow_redirects=False)
            response = got.response if watched else got
            headers = [
                (name, value.partition(".")[0])  # a session cookie ends with the time
                for name, value in response.raw.headers.items()
                if name != "Date"
            ]
            answers[-1].append((response.status_code, headers, response.content))
        documents = [document.to_mongo().to_dict() for document in User.objects]
        stored.append([{k: v for k, v in d.items() if k != "_id"} for d in documents])
    assert answers[0] == answers[1]
    assert stored[0] == stored[1] == [ADA, EVE]


def test_watching_reads_no_session_so_that_no_vary_header_is_added(visit, step_app):
    browser = visit(step_app("step00", {"SECRET_KEY": "some key"}))
    assert "Vary" not in browser.get("/").headers
    assert "Vary" not in trace(browser).get("/").response.headers


def test_watching_does_not_run_into_the_errors_of_a_users_own_members(club):
    class Nameless(Member):
        @property
        def name(self):
            raise ValueError("no name")

        @name.setter
        def name(self, value):
            pass

    @club.login_manager.user_loader
    def load_nameless(user_id):
        return Nameless(user_id)

    @club.get("/me")
    def me():
        return current_user.id

    ada = in_process(club)
    ada.get("/login/ada")
    seen = trace(ada).get("/me")
    assert seen.response.text == ada.get("/me").text == "ada"
    assert "Flask-Login: load_nameless('ada')" in told(seen.events)


def test_watching_asks_a_users_members_no_more_often_than_the_app_does(club):
    asked = []

    class Telling(Member):
        """A user who tells when a member is read, as a learner tries it out."""

        @property
        def is_anonymous(self):
            asked.append("is_anonymous")
            return False

    @club.login_manager.user_loader
    def load_telling(user_id):
        return Telling(user_id)

    @club.get("/me")
    def me():
        return current_user.id

    ada = in_process(club)
    ada.get("/login/ada")
    trace(ada).get("/me")
    assert asked == []


@pytest.mark.parametrize("path", ["/me", "/boom", "/nowhere"])
def test_the_profile_function_of_the_thread_is_put_back(club, path):
    club.testing = True

    @club.get("/me")
    def me():
        return f"{current_user.is_authenticated}"

    @club.get("/boom")
    def boom():
        raise RuntimeError("no more fuel")

    def profile(*_):
        pass

    browser = in_process(club)
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        trace(browser).get(path)
        after = sys.getprofile()
    finally:
        sys.setprofile(before)
    assert after is profile


def test_a_trace_that_fails_leaves_the_browser_unwatched(club):
    browser = in_process(club)
    with pytest.raises(ValueError, match="visits one app only"):
        trace(browser).get("http://example.org")
    assert browser.get("/nowhere").visit.seen is None


def test_only_the_traced_request_is_recorded(visit, club):
    ada, bob = visit(club), visit(club)
    assert trace(ada).get("/login/ada").response.visit.seen is not None
    assert ada.get("/login/ada").visit.seen is None
    assert bob.get("/login/bob").visit.seen is None


def test_what_another_browser_does_meanwhile_is_not_recorded(app, add_user):
    started, go_on = threading.Event(), threading.Event()

    @app.get("/slow")
    def slow():
        started.set()
        go_on.wait(PATIENCE)
        return "in the end"

    with serve(app) as ada, serve(app) as bob, ThreadPoolExecutor(1) as other_thread:
        slow_trace = other_thread.submit(trace(ada).get, "/slow")
        assert started.wait(PATIENCE)
        log_in(bob)
        go_on.set()
        assert inside(slow_trace.result(PATIENCE).events) == ["Flask: view slow"]


def test_two_traces_at_once_do_not_mix(app, add_user):
    people = [{**BOB, "name": f"visitor-{number}"} for number in range(4)]
    for person in people:
        add_user(app, **person)
    everyone_is_here = threading.Barrier(len(people), timeout=PATIENCE)

    @app.get("/meet/<name>")
    def meet(name):
        before = current_user.is_authenticated
        everyone_is_here.wait()
        User.objects(name=name).first()
        return f"{before}"

    def visit_and_trace(browser, person):
        seen = trace(browser).get(f"/meet/{person['name']}")
        return [line for line in inside(seen.events) if "name" in line or "gives" in line]

    browsers = [serve(app) for _ in people]
    try:
        for browser, person in zip(browsers, people, strict=True):
            log_in(browser, person)
        with ThreadPoolExecutor(len(people)) as threads:
            seen = list(threads.map(visit_and_trace, browsers, people))
    finally:
        for browser in browsers:
            browser.close()
    assert seen == [
        [
            f"Flask-Login: gives {person['name']}",
            f"Flask → MongoDB: user.find {{name: '{person['name']}'}}",
        ]
        for person in people
    ]


# ---- the drawings


def test_the_text_of_a_refusal_has_one_column_for_each_who_takes_part(app):
    drawn = repr(trace(in_process(app)).put("/", json=BOB, allow_redirects=False)).splitlines()
    columns = [drawn[0].index(lane.title) for lane in Lane]
    assert columns == sorted(columns)
    assert drawn[1:] == [
        line.rstrip()
        for line in [
            "PUT /".ljust(columns[1] - 5) + " ──▶",
            '  {"name": "bob", "password": "builder", "email": "bob@example.org"}',
            "  no cookie",
            " " * columns[1]
            + "login_required".ljust(columns[2] - columns[1] - 5)
            + " ──▶ current_user",
            " " * columns[2] + "session: no _user_id",
            " " * columns[2] + "current_user is anonymous",
            " " * columns[2] + "redirect to /login?next=/",
            " " * (columns[2] - 5) + " ◀── ✗ refused",
            "302 Found".ljust(columns[1] - 5) + " ◀──",
            "  Location: /login?next=/",
            "  sets cookie session: _flashes=1 message",
        ]
    ]


def course_exchanges(app, browser):
    """Trace the exchanges of the course, the long ones among them."""
    for method, path, body in CALLS:
        yield trace(browser).request(method, path, json=body)
    yield trace(browser).post(
        "/login", json={"username": {"$ne": None}, "password": {"$regex": "^l"}}
    )
    yield trace(browser).post("/login", data="no json")
    yield trace(browser).post("/user_info", headers=forge(app, _user_id="not an id"))
    yield trace(browser).put("/", json=BOB, headers=forge(app, _user_id="0" * 24))


@pytest.mark.parametrize("step", [f"step0{number}" for number in range(7)])
def test_no_drawing_of_the_course_is_wider_than_a_page(step_app, add_user, step):
    app = step_app(step)
    add_user(app, **ADA)
    for seen in course_exchanges(app, in_process(app)):
        assert max(map(len, repr(seen).splitlines())) <= WIDEST, repr(seen)


def test_both_drawings_say_all_that_happened_in_order(app):
    for seen in course_exchanges(app, in_process(app)):
        bundle = seen._repr_mimebundle_()
        labels = [
            html.unescape(re.sub(r"#(\d+);", r"&#\1;", line.partition(": ")[2])).split()
            for line in bundle["text/vnd.mermaid"].replace("<br/>", " ").splitlines()
            if re.match(r"  (Note over \w+|\w+-?->>\w+): ", line)
        ]
        assert labels == [event.text.split() for event in seen.events]
        for event in seen.events:
            assert event.text.split()[0] in bundle["text/plain"]


def test_a_trace_offers_a_diagram_and_a_text_and_nothing_that_hides_them(app):
    seen = trace(in_process(app)).get("/?name=ada")
    bundle = seen._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/vnd.mermaid", "text/plain"}
    assert bundle["text/plain"] == repr(seen)


def test_a_diagram_has_only_lines_that_mermaid_knows(app):
    for seen in course_exchanges(app, in_process(app)):
        assert_is_mermaid(seen._repr_mimebundle_()["text/vnd.mermaid"])


HOSTILE = "a;b#c<d>&e <br/> %% {x} end -->> Note: \"'`\\ é ✓"


@pytest.mark.parametrize(
    "text",
    [HOSTILE, "100 %", "%%{init: {}}%%", "line\nbreak", "tab\tand\rreturn", " ", "#35;", "&lt;"],
)
def test_nothing_that_is_sent_breaks_a_diagram(app, text):
    browser = in_process(app)
    for seen in (
        trace(browser).get("/", params={"name": text}),
        trace(browser).post("/login", json={"username": text, "password": text}),
        trace(browser).post("/login", data=text.encode()),
        trace(browser).post("/user_info", headers=forge(app, _user_id=text)),
    ):
        assert_is_mermaid(seen._repr_mimebundle_()["text/vnd.mermaid"])
        assert len(repr(seen).splitlines()[0].split()) == len(Lane)


def assert_is_mermaid(source):
    """Read a sequence diagram by the few rules that the drawings keep to."""
    text = r"(?:[^;#<>&%]|%(?!%\{)|#\d+;|<br/>)*"  # %%{ begins a directive, wherever it stands
    lane = f"(?:{'|'.join(lane.name for lane in Lane)})"
    kinds = [
        rf"accTitle: {text}",
        rf"participant {lane} as [\w-]+",
        rf"Note over {lane}: {text}",
        rf"{lane}-?->>{lane}: {text}",
        r"rect rgba\([\d,.]+\)",
        "end",
    ]
    lines = source.splitlines()
    if lines[0].startswith("%%{init:"):
        del lines[0]
    assert lines[0] == "sequenceDiagram"
    open_boxes = 0
    for line in lines[1:]:
        assert re.fullmatch(f"  (?:{'|'.join(kinds)})", line), line
        open_boxes += line.startswith("  rect") - (line == "  end")
        assert open_boxes in (0, 1)
    assert open_boxes == 0


def test_a_diagram_frames_what_failed_and_nothing_else(app):
    seen = trace(in_process(app)).put("/", json=BOB)
    lines = seen._repr_mimebundle_()["text/vnd.mermaid"].splitlines()
    framed = [
        line.partition(": ")[2] for i, line in enumerate(lines) if lines[i - 1].startswith("  rect")
    ]
    assert framed == [event.text for event in seen.events if event.failed]


def test_a_long_error_is_cut_to_a_few_lines(club):
    @club.get("/boom")
    def boom():
        raise RuntimeError("no more fuel " * 100)

    drawn = repr(trace(in_process(club)).get("/boom"))
    assert "✗ RuntimeError: no" in drawn
    assert len(drawn.splitlines()) <= 15


# ---- the same on both ways, and how to ask


def test_both_ways_to_the_app_show_the_same_events(step_app, add_user):
    seen = []
    for way in (serve, in_process):
        app = step_app("step06")
        User.drop_collection()
        add_user(app, **ADA)
        with way(app) as browser:
            seen.append([told(one.events) for one in course_exchanges(app, browser)])
    assert seen[0] == seen[1]


@pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
def test_each_verb_is_sent_as_such_with_what_goes_with_it(club, verb):
    @club.route("/echo", methods=["GET", "POST", "PUT", "DELETE"])
    def echo():
        return f"{request.method} {request.args['a']} {request.headers['X-Key']}"

    seen = getattr(trace(in_process(club)), verb)("/echo", params={"a": 1}, headers={"X-Key": "b"})
    assert seen.response.text == f"{verb.upper()} 1 b"
    assert seen.events[0].text == f"{verb.upper()} /echo?a=1"


@pytest.mark.parametrize("thing", [None, "ada", Flask("app")])
def test_something_else_than_a_browser_is_named_with_what_to_do(thing):
    with pytest.raises(TypeError, match=rf"this is {type(thing).__name__}\..*ada = serve\(app\)"):
        trace(thing)


def test_the_finished_apps_one_read_shows_the_token_in_the_cookie_and_its_hash_as_one_thing():
    app = new_app(create_finished_app, {"TESTING": True, "SECRET_KEY": "for this test"})
    lab.add_user(app, "ada", "four words are enough")
    with lab.log_in(app, "ada", "four words are enough") as ada:
        exchange = trace(ada).post("/user_info")
        token = read_session(ada.cookies)["_user_id"]
    end = hashlib.sha256(token.encode()).hexdigest()[-4:]
    shown = str(exchange)
    assert f"load_user('…{end}')" in shown
    assert f"token_hash: '…{end}'" in shown
    assert token not in shown
    assert len(exchange.operations) == 1
    assert "1 document" in shown


@pytest.mark.parametrize(("names", "said"), [([], "0 documents"), (["ada", "bob"], "2 documents")])
def test_an_aggregate_shows_how_many_documents_were_read(app, names, said):
    with app.app_context():
        for name in names:
            User(name=name, email="x@example.org").save()

    @app.get("/counted")
    def counted():
        pipeline = [{"$match": {"email": "x@example.org"}}]
        return {"names": [found["name"] for found in User.objects.aggregate(pipeline)]}

    with serve(app) as browser:
        exchange = trace(browser).get("/counted")
    assert exchange.response.json() == {"names": names}
    assert said in str(exchange)


def test_a_remember_cookie_shows_whose_login_it_names_and_hides_what_is_random():
    app = new_app(create_finished_app, {"TESTING": True, "SECRET_KEY": "for this test"})
    lab.add_user(app, "ada", "four words are enough")
    with lab.log_in(app, "ada", "four words are enough", remember=True) as ada:
        shown = str(trace(ada).post("/user_info"))
        token = read_session(ada.cookies)["_user_id"]
    end = hashlib.sha256(token.encode()).hexdigest()[-4:]
    assert f"cookie remember: '…{end}', signed" in shown
    assert re.search(r"cookie device: …[0-9a-f]{4}='…[0-9a-f]{4}'", shown)
