"""What a trace shows of an exchange with an app of the course, and how to ask for one."""

import hashlib
import re

import pytest
from flask import Flask, request

from flasklogin_tutorial import create_app as create_finished_app
from flasklogin_tutorial import lab
from flasklogin_tutorial.lab import new_app, serve, trace
from flasklogin_tutorial.steps.step06_logout_and_user_info import User
from flasklogin_tutorial.visit import in_process, read_session

from .traced import ADA, BOB, LET_THROUGH, course_exchanges, credentials, inside, log_in, told

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
