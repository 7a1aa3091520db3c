"""Every refusal in one shape, for programs and for people."""

import json

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from flasklogin_tutorial.app.errors import Refused
from flasklogin_tutorial.app.models import Login
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, PASSWORDS, credentials, csrf_token, who

SHAPE = {"status", "code", "error", "reason", "advice"}
JSON = {"Content-Type": "application/json"}

BROKEN = [
    # method, path, body, headers, status
    ("GET", "/nowhere", None, {}, 404),
    ("GET", "/static/nowhere.css", None, {}, 404),
    ("PATCH", "/", None, {}, 405),
    ("GET", "/logout", None, {}, 405),
    ("POST", "/login", b"", JSON, 400),
    ("POST", "/login", b"{", JSON, 400),
    ("POST", "/login", b"\xff\xfe\x00", JSON, 400),
    ("POST", "/login", b"[" * 30_000, JSON, 400),
    ("POST", "/login", b'{"a":' * 10_000, JSON, 400),
    ("POST", "/login", b"1" * 10_000, JSON, 400),
    ("POST", "/login", b"{}", {}, 415),
    ("POST", "/login", b"{}", {"Content-Type": "text/plain"}, 415),
    ("POST", "/login", b"{}", {"Content-Type": "application/xml"}, 415),
    ("POST", "/logout", b"x", {"Content-Type": "text/plain"}, 415),
    ("POST", "/login", b'"' + b"x" * 70_000 + b'"', JSON, 413),
    ("POST", "/login", b"null", JSON, 422),
    ("POST", "/login", b"[]", JSON, 422),
    ("POST", "/login", b"5", JSON, 422),
    ("POST", "/login", b"NaN", JSON, 422),
    ("POST", "/login", b'"text"', JSON, 422),
    ("POST", "/login", b'{"username": "\\ud800", "password": "x"}', JSON, 422),
    ("POST", "/login", b'{"\\ud800": 1}', JSON, 422),
    ("POST", "/login", b"username=ada", {"Content-Type": "application/x-www-form-urlencoded"}, 400),
    ("POST", "/user_info", None, {}, 401),
    ("GET", "/account", None, {}, 401),
]


@pytest.mark.parametrize(("method", "path", "body", "headers", "status"), BROKEN, ids=str)
@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "text/html;q=0.1, */*", "nonsense;;"]
)
def test_a_program_gets_the_shape(stranger, method, path, body, headers, status, accept):
    answer = stranger.request(method, path, data=body, headers={"Accept": accept, **headers})
    assert answer.status_code == status, answer.text
    said = answer.json()
    assert said.keys() >= SHAPE
    assert said["status"] == status
    assert all(isinstance(said[key], str) and said[key] for key in SHAPE - {"status"})
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("more", [0, 1, 200_000])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_in_chunks_is_not_cut_off_where_it_is_too_large(app, stranger, kind, more):
    token = csrf_token(stranger.get("/login", headers=PAGE))
    form = f"csrf_token={token}&username=bob&password={PASSWORDS['bob'].replace(' ', '+')}&x="
    body = json.dumps(credentials("bob")) if kind == "application/json" else form
    whole = body.ljust(app.config["MAX_CONTENT_LENGTH"]) + " " * more
    parts = iter([whole[:100].encode(), whole[100:].encode()])
    headers = {"Content-Type": kind}
    answer = stranger.post("/login", data=parts, headers=headers, allow_redirects=False)
    assert answer.status_code == (413 if more else 302 if body == form else 200), answer.text
    assert (who(stranger) == "bob") == (not more)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/?name=nobody", 404),
        ("PATCH", "/", 405),
        ("GET", "/?x=1", 422),
    ],
)
def test_a_person_gets_a_page(stranger, method, path, status):
    answer = stranger.request(method, path, headers=PAGE)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text


def test_405_lists_what_is_allowed(stranger):
    assert set(stranger.patch("/").headers["Allow"].split(", ")) >= {"GET", "PUT", "POST", "DELETE"}


@pytest.mark.parametrize("path", ["/account", "/people"])
def test_a_person_who_is_not_logged_in_is_sent_to_the_form_and_back(stranger, path):
    answer = stranger.get(path, headers=PAGE, allow_redirects=False)
    assert answer.is_redirect
    assert answer.headers["Location"] == f"/login?next={path.replace('/', '%2F')}"


def test_a_401_carries_a_challenge_without_an_error_code(stranger):
    answer = stranger.put("/", json={})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="flasklogin"'


def test_an_error_in_the_app_is_a_500_that_tells_nothing(make_app, caplog):
    app = make_app(TESTING=False)

    @app.get("/broken")
    def broken():
        raise RuntimeError("a secret detail")

    for accept in ("application/json", "text/html"):
        answer = in_process(app).get("/broken", headers={"Accept": accept})
        assert answer.status_code == 500
        assert "secret detail" not in answer.text
        assert "Traceback" not in answer.text
    assert "secret detail" in caplog.text


def test_a_database_that_is_away_is_in_the_log(app, ada, monkeypatch, caplog):
    def be_away(token):
        raise ServerSelectionTimeoutError

    monkeypatch.setattr(Login, "find", be_away)
    assert ada.post("/user_info").status_code == 503
    assert "the database cannot be reached: ServerSelectionTimeoutError" in caplog.text


def test_however_many_ask_meanwhile_the_log_says_it_once_a_minute(
    app, ada, monkeypatch, caplog, later
):
    def be_away(token):
        raise ServerSelectionTimeoutError

    monkeypatch.setattr(Login, "find", be_away)
    for minutes in range(3):
        later(minutes=minutes)
        for _ in range(20):
            assert ada.post("/user_info").status_code == 503
    assert caplog.text.count("cannot be reached") == 3


def test_a_name_from_outside_is_escaped_on_a_page(app, ada):
    body = {"name": "<b>x</b>", "email": "x@example.org", "password": "a name with some marks"}
    assert ada.put("/", json=body).status_code == 201
    page = ada.get("/people", headers=PAGE).text
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_the_message_of_a_refusal_says_what_why_and_what_next():
    refusal = Refused(418, "teapot", "no coffee", "This is a teapot.", "Ask for tea.")
    assert str(refusal.description) == "no coffee. This is a teapot. Ask for tea."


def test_an_answer_about_a_member_is_never_cached(bob):
    assert bob.post("/user_info").headers["Cache-Control"] == "no-store"
    assert "no-store" not in bob.get("/static/style.css").headers.get("Cache-Control", "")
