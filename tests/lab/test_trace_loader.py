"""What a trace shows of a user loader, and of answers that an app seldom gives."""

import pytest
from flask import Flask, jsonify
from flask_login import current_user, fresh_login_required, login_required

from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.lab.recorder import Lane
from flasklogin_tutorial.steps.step06_logout_and_user_info import User
from flasklogin_tutorial.visit import in_process

from .traced import ADA, BOB, Member, forge, inside, log_in, told

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
