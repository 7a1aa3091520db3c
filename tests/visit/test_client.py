"""The browser, and what lies between it and an app: the same on both ways to the app."""

import datetime
import http
import io
import json
import logging
import threading
import uuid
from types import ModuleType

import pytest
import requests
from flask import (
    Flask,
    Response,
    abort,
    jsonify,
    make_response,
    redirect,
    request,
)
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user

from flasklogin_tutorial.lab import serve
from flasklogin_tutorial.visit import (
    Browser,
    NotAFlaskApp,
    describe_error,
    in_process,
    read_session,
    require_app,
    status_text,
)
from flasklogin_tutorial.visit import browser as browsers
from flasklogin_tutorial.visit.gate import TICKET_HEADER

VERBS = ["GET", "POST", "PUT", "DELETE", "PATCH"]

#: What an HTTP server adds to the answer of an app.
SERVER_HEADERS = {"Server", "Date", "Connection", "Transfer-Encoding"}

#: Seconds after which a test that waits for another thread gives up.
PATIENCE = 30


class Member(UserMixin):
    def __init__(self, id):
        self.id = id


def make_app():
    """Make an app that tells what it was sent, and answers in many ways."""
    app = Flask("visited")
    app.secret_key = "some key"
    app.received = []
    login_manager = LoginManager(app)
    login_manager.user_loader(Member)

    @app.before_request
    def remember():
        app.received.append(request.path)

    @app.route("/echo/", methods=VERBS)
    @app.route("/echo/<path:rest>", methods=VERBS)
    def echo(rest=""):
        return jsonify(
            rest=rest,
            path=request.path,
            method=request.method,
            args=request.args.to_dict(flat=False),
            form=request.form.to_dict(flat=False),
            files={name: file.read().decode() for name, file in request.files.items()},
            body=request.get_data(as_text=True),
            headers=dict(request.headers),
            cookies=request.cookies,
            address=request.remote_addr,
        )

    @app.get("/redirect")
    def redirect_to():
        return redirect(request.args["to"])

    @app.get("/cookies")
    def set_cookies():
        answer = make_response("two cookies")
        answer.set_cookie("first", "1", max_age=3600, httponly=True)
        answer.set_cookie("second", "2; with = signs")
        return answer

    @app.get("/no-cookies")
    def delete_cookie():
        answer = make_response("one cookie less")
        answer.delete_cookie("first")
        return answer

    @app.get("/status/<int:code>")
    def status(code):
        return Response("", status=code, headers=[("X-Two", "a"), ("X-Two", "b")])

    @app.get("/stream")
    def stream():
        return Response(iter(["one ", "two"]), mimetype="text/plain")

    @app.get("/bytes")
    def some_bytes():
        return Response(bytes(range(256)), mimetype="application/octet-stream")

    @app.get("/forbidden")
    def forbidden():
        abort(403)

    @app.get("/boom")
    def boom():
        app.logger.warning("about to fail")
        raise RuntimeError("no more fuel\nand no oil")

    @app.get("/half")
    def half():
        def chunks():
            yield "one"
            raise RuntimeError("no second half")

        return Response(chunks())

    @app.get("/log")
    def log():
        app.logger.error("something odd")
        return "logged"

    @app.get("/login/<name>")
    def login(name):
        login_user(Member(name))
        return jsonify(user=current_user.id)

    @app.get("/me")
    def me():
        return jsonify(user=getattr(current_user, "id", None))

    return app


@pytest.fixture
def app():
    return make_app()


@pytest.fixture(scope="module")
def both_ways():
    """Open two browsers: one on an app behind a server, one on its twin without a server."""
    with serve(make_app()) as served, in_process(make_app()) as direct:
        yield served, direct


@pytest.fixture(scope="module", params=[serve, in_process], ids=["server", "in process"])
def echo(request):
    """Open a browser for tests that leave nothing behind."""
    with request.param(make_app()) as browser:
        yield browser


# ---- addresses


def test_a_path_goes_to_the_app(visit, app):
    assert visit(app).get("/echo/here").json()["path"] == "/echo/here"


def test_a_whole_address_goes_to_the_app_if_it_is_the_apps(visit, app):
    browser = visit(app)
    assert browser.get(f"{browser.base_url}/echo/here").json()["path"] == "/echo/here"


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/echo/",
        "//example.org/echo/",
        "http://127.0.0.1.example.org/echo/",
        "http://127.0.0.1:1/echo/",
        "http://localhost/echo/",
        "http://127.0.0.1@example.org/echo/",
    ],
)
def test_an_address_elsewhere_is_refused_before_anything_is_sent(visit, app, address):
    with pytest.raises(ValueError, match=r"visits one app only.*browser\.get\('/'\)"):
        visit(app).get(address)
    assert app.received == []


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "http://0.0.0.0:5000",
        "http://192.168.0.1",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
        "127.0.0.1:5000",
        "",
    ],
)
def test_a_browser_is_made_for_this_machine_only(address):
    with pytest.raises(ValueError, match="not a loopback address"):
        Browser(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_every_name_of_this_machine_will_do(host):
    with Browser(f"http://{host}:5000") as browser:
        assert browser.base_url == f"http://{host}:5000"


def test_a_redirect_within_the_app_is_followed_and_each_hop_has_its_visit(visit, app):
    answer = visit(app).get("/redirect?to=/boom")
    assert app.received == ["/redirect", "/boom"]
    assert [hop.status_code for hop in answer.history] == [302]
    assert answer.history[0].visit.error is None
    assert str(answer.visit.error) == "no more fuel\nand no oil"


@pytest.mark.parametrize("to", ["http://example.org/", "//example.org/", "https://127.0.0.1/"])
def test_a_redirect_that_leads_elsewhere_is_refused_and_says_how_to_look_at_it(visit, app, to):
    browser = visit(app)
    with pytest.raises(ValueError, match=r"is not on .*redirect led here.*allow_redirects=False"):
        browser.get("/redirect", params={"to": to})
    answer = browser.get("/redirect", params={"to": to}, allow_redirects=False)
    assert answer.headers["Location"] == to


def test_proxies_and_passwords_of_the_environment_are_left_alone(visit, app, monkeypatch, tmp_path):
    passwords = tmp_path / "netrc"
    passwords.write_text("machine 127.0.0.1 login ada password lovelace\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(passwords))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert "Authorization" not in visit(app).get("/echo/").json()["headers"]


def test_a_browser_stops_waiting_for_an_app_that_never_answers(app, monkeypatch):
    monkeypatch.setattr(browsers, "TIMEOUT_SECONDS", 0.1)
    go_on = threading.Event()

    @app.get("/slow")
    def slow():
        go_on.wait(PATIENCE)
        return "at last"

    with serve(app) as browser:
        with pytest.raises(requests.Timeout):
            browser.get("/slow")
        go_on.set()


# ---- cookies


def test_a_browser_keeps_its_cookies_and_shows_them_to_no_other(visit, app):
    ada, bob = visit(app), visit(app)
    ada.get("/cookies")
    kept = {"first": "1", "second": "2; with = signs"}
    assert ada.get("/echo/").json()["cookies"] == kept
    assert bob.get("/echo/").json()["cookies"] == {}


def test_a_browser_drops_a_cookie_that_the_app_deletes(visit, app):
    ada = visit(app)
    ada.get("/cookies")
    ada.get("/no-cookies")
    assert list(ada.get("/echo/").json()["cookies"]) == ["second"]


def test_a_cookie_for_https_only_comes_back_on_this_machine_as_real_browsers_do_it(visit, app):
    app.config["SESSION_COOKIE_SECURE"] = True
    ada = visit(app)
    ada.get("/login/ada")
    assert ada.get("/me").json() == {"user": "ada"}


def test_a_browser_shows_the_names_of_its_cookies_and_no_value(app):
    ada = in_process(app)
    assert repr(ada) == "<a browser, cookies: none>"
    ada.get("/cookies")
    assert repr(ada) == "<a browser, cookies: first, second>"


# ---- closing


def test_a_browser_in_a_with_statement_is_closed_at_its_end_and_only_once():
    closed = []
    with Browser("http://127.0.0.1", on_close=lambda: closed.append("closed")) as browser:
        assert closed == []
    assert closed == ["closed"]
    browser.close()
    assert closed == ["closed"]


def test_a_browser_is_closed_when_its_block_fails():
    closed = []
    with (
        pytest.raises(KeyError),
        Browser("http://127.0.0.1", on_close=lambda: closed.append("closed")),
    ):
        raise KeyError
    assert closed == ["closed"]


# ---- the same on both ways to the app


@pytest.mark.parametrize("path", ["/echo/", "/nowhere", "/stream", "/bytes", "/forbidden", "/half"])
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
def test_both_ways_give_the_same_answer(both_ways, method, path):
    answers = []
    for browser in both_ways:
        answer = browser.request(method, path, headers={"Host": "localhost"})
        answers.append((answer.status_code, answer.reason, app_headers(answer), answer.content))
        answers[-1] += (answer.visit.error and describe_error(answer.visit.error),)
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "path",
    ["/status/204", "/status/404", "/status/503", "/cookies", "/no-cookies", "/redirect?to=/echo/"],
)
def test_both_ways_give_the_same_headers_and_cookies(both_ways, path):
    answers = []
    for browser in both_ways:
        browser.cookies.clear()
        answer = browser.get(path, allow_redirects=False)
        cookies = sorted((cookie.name, cookie.value, cookie.path) for cookie in browser.cookies)
        answers.append((answer.status_code, app_headers(answer), cookies))
    assert answers[0] == answers[1]


def app_headers(response):
    """Return the headers of an answer as they came, without those of the server."""
    return [(k, v) for k, v in response.raw.headers.items() if k not in SERVER_HEADERS]


def test_both_ways_read_the_same_session_out_of_the_cookie(both_ways):
    said = []
    for ada in both_ways:
        ada.get("/login/ada")
        said.append(read_session(ada.cookies))
    assert said[0]["_user_id"] == "ada"
    assert said[0] == said[1]


def test_two_set_cookie_headers_stay_two(visit, app):
    answer = visit(app).get("/cookies")
    names = [line.partition("=")[0] for line in answer.raw.headers.getlist("Set-Cookie")]
    assert names == ["first", "second"]
    assert set(answer.cookies.keys()) == {"first", "second"}


def test_the_app_sees_a_loopback_address_and_no_trace_of_the_gate(echo):
    seen = echo.get("/echo/").json()
    assert seen["address"] == "127.0.0.1"
    assert TICKET_HEADER not in seen["headers"]
    assert seen["headers"]["User-Agent"] == "tutorial-browser"


@pytest.mark.parametrize(
    ("body", "received"),
    [
        (b"some bytes", "some bytes"),
        ("some text", "some text"),
        ("grüße ☃", "grüße ☃"),
        ("grüße".encode(), "grüße"),
        (b"", ""),
        (None, ""),
        (b"x" * 1_000_000, "x" * 1_000_000),
        (io.BytesIO(b"a file"), "a file"),
    ],
    ids=["bytes", "text", "unicode", "utf-8", "empty", "none", "1 MB", "file"],
)
def test_a_body_arrives_as_it_was_sent(echo, body, received):
    if isinstance(body, io.BytesIO):
        body.seek(0)
    assert echo.put("/echo/", data=body).json()["body"] == received


def test_a_body_that_is_sent_in_pieces_arrives_whole(echo):
    answer = echo.put("/echo/", data=iter([b"one ", b"two"]))
    assert answer.json()["body"] == "one two"


def test_json_a_form_and_a_file_arrive_as_what_they_are(echo):
    sent = echo.post("/echo/", json={"name": "grüße"}).json()
    assert sent["headers"]["Content-Type"] == "application/json"
    assert json.loads(sent["body"]) == {"name": "grüße"}
    assert echo.post("/echo/", data={"a": ["1", "ü"]}).json()["form"] == {"a": ["1", "ü"]}
    assert echo.post("/echo/", files={"f": b"inside"}).json()["files"] == {"f": "inside"}


@pytest.mark.parametrize(
    ("path", "params", "rest", "args"),
    [
        ("a?name=ada", None, "a", {"name": ["ada"]}),
        ("a", {"name": "ada & böb"}, "a", {"name": ["ada & böb"]}),
        ("a?x=1&x=2", {"x": "3"}, "a", {"x": ["1", "2", "3"]}),
        ("a?x=%26%3D%25&y=a+b", None, "a", {"x": ["&=%"], "y": ["a b"]}),
        ("a?x=grüße", None, "a", {"x": ["grüße"]}),
        ("grüße/%C3%BC/a%20b", None, "grüße/ü/a b", {}),
        ("a%2Fb%3Fc%25d", None, "a/b?c%d", {}),
        ("a?x=#frag", None, "a", {"x": [""]}),
    ],
)
def test_paths_and_queries_arrive_as_they_were_written(echo, path, params, rest, args):
    seen = echo.get(f"/echo/{path}", params=params).json()
    assert (seen["rest"], seen["args"]) == (rest, args)


def test_a_head_request_brings_the_headers_and_no_body(echo):
    answer = echo.head("/bytes")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == "256"


def test_an_options_request_names_the_verbs_of_a_path(echo):
    allowed = echo.options("/echo/").headers["Allow"]
    assert set(allowed.split(", ")) == {*VERBS, "HEAD", "OPTIONS"}


# ---- what goes wrong behind the gate


def without_pytests_log_handlers(monkeypatch):
    """Let Flask log as it does outside of pytest: where there is a handler it adds none."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])


def test_an_exception_in_a_view_is_a_500_that_names_it(visit, app, monkeypatch, capfd):
    without_pytests_log_handlers(monkeypatch)
    answer = visit(app).get("/boom")
    assert answer.status_code == 500
    assert describe_error(answer.visit.error) == "RuntimeError: no more fuel"
    log = answer.visit.log.getvalue()
    assert "about to fail" in log
    assert log.rstrip().endswith("and no oil")
    assert capfd.readouterr() == ("", "")


def test_what_an_app_logs_stays_with_the_visit(visit, app, monkeypatch, capfd):
    without_pytests_log_handlers(monkeypatch)
    browser = visit(app)
    assert "something odd" in browser.get("/log").visit.log.getvalue()
    assert browser.get("/echo/").visit.log.getvalue() == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("setting", ["TESTING", "PROPAGATE_EXCEPTIONS", "DEBUG"])
def test_an_exception_that_leaves_the_app_is_a_500_and_does_not_reach_the_client(
    visit, app, setting, capfd
):
    app.config[setting] = True
    answer = visit(app).get("/boom")
    assert answer.status_code == 500
    assert describe_error(answer.visit.error) == "RuntimeError: no more fuel"
    assert capfd.readouterr().err == ""


def test_an_exception_in_the_middle_of_an_answer_is_a_500(visit, app):
    answer = visit(app).get("/half")
    assert answer.status_code == 500
    assert describe_error(answer.visit.error) == "RuntimeError: no second half"


def test_an_answer_that_the_app_means_to_give_is_no_error(visit, app):
    app.register_error_handler(RuntimeError, lambda error: ("mended", 418))
    browser = visit(app)
    for path, status in [("/forbidden", 403), ("/nowhere", 404), ("/boom", 418)]:
        answer = browser.get(path)
        assert (answer.status_code, answer.visit.error) == (status, None)


def test_an_error_is_not_put_down_to_another_request_that_runs_at_the_same_time(app):
    started, go_on = threading.Event(), threading.Event()
    answers = []

    @app.get("/slow")
    def slow():
        started.set()
        go_on.wait(PATIENCE)
        return "in the end"

    with serve(app) as ada, serve(app) as bob:
        waiting = threading.Thread(target=lambda: answers.append(bob.get("/slow")))
        waiting.start()
        assert started.wait(PATIENCE)
        assert ada.get("/boom").visit.error is not None
        go_on.set()
        waiting.join(PATIENCE)
    assert [(answer.text, answer.visit.error) for answer in answers] == [("in the end", None)]


def test_an_app_context_that_is_held_open_lends_its_user_to_nobody(visit, app):
    with app.app_context():
        ada, bob = visit(app), visit(app)
        assert ada.get("/login/ada").json() == {"user": "ada"}
        assert bob.get("/me").json() == {"user": None}
        assert ada.get("/me").json() == {"user": "ada"}


# ---- reading a session cookie


def cookie_with(value, key="some key"):
    app = Flask("signer")
    app.secret_key = key
    return SecureCookieSessionInterface().get_signing_serializer(app).dumps(value)


def test_a_session_is_read_without_the_key():
    cookie = cookie_with({"_user_id": "ada"}, key="a key that nobody knows")
    assert read_session({"session": cookie}) == {"_user_id": "ada"}


def test_a_long_session_is_compressed_and_read_all_the_same():
    said = {"text": "ada " * 500}
    cookie = cookie_with(said)
    assert cookie.startswith(".")
    assert read_session({"session": cookie}) == said


def test_a_session_with_a_broken_signature_is_read_because_the_key_only_keeps_it_unchanged():
    payload, stamp, signature = cookie_with({"_user_id": "ada"}).split(".")
    assert read_session({"session": f"{payload}.{stamp}.{signature[::-1]}"}) == {"_user_id": "ada"}


def test_values_that_json_lacks_come_back_as_what_they_were():
    said = {
        "since": datetime.datetime(2024, 2, 29, 12, 30, tzinfo=datetime.UTC),
        "id": uuid.UUID(int=1),
        "raw": b"\x00\xff",
        "pair": (1, 2),
    }
    assert read_session({"session": cookie_with(said)}) == said


@pytest.mark.parametrize(
    "value",
    [
        "",
        "garbage",
        "a.b.c",
        "....",
        ".eJ.eJ.eJ",
        "grüße",
        "ada|0123456789abcdef",
        cookie_with(["no", "dictionary"]),
        cookie_with("text"),
        "eyIgdSI6IDF9.ZgAAAA.c2lnbmF0dXJl",
    ],
    ids=range(10),  # the signed ones hold the time
)
def test_a_cookie_that_is_no_session_is_none(value):
    assert read_session({"session": value}) is None


def test_a_cookie_that_is_not_there_is_none():
    assert read_session({}) is None
    assert read_session({"session": cookie_with({})}, "other") is None


def test_the_session_cookie_may_have_another_name(app):
    app.config["SESSION_COOKIE_NAME"] = "visited"
    ada = in_process(app)
    ada.get("/login/ada")
    assert read_session(ada.cookies, "visited")["_user_id"] == "ada"
    assert read_session(ada.cookies) is None


def test_a_session_cookie_with_nothing_in_it_is_an_empty_session():
    assert read_session({"session": cookie_with({})}) == {}


# ---- what is no app


def create_app():
    return make_app()


@pytest.mark.parametrize(
    ("thing", "what", "advice"),
    [
        (None, "this is None", "return app"),
        (create_app, "the function create_app", r"Call it: create_app\(\)"),
        (Flask, "the type Flask", r"Call it: Flask\(\)"),
        (ModuleType("my_app"), "a module", r"what create_app\(\) returns"),
        ("app", "a str", r"what create_app\(\) returns"),
        (browsers, "a module", r"what create_app\(\) returns"),
    ],
)
@pytest.mark.parametrize("use", [require_app, in_process, serve])
def test_something_else_than_an_app_is_named_with_what_to_do(use, thing, what, advice):
    with pytest.raises(NotAFlaskApp, match=f"{what}.*{advice}"):
        use(thing)


def test_an_app_is_an_app_also_if_it_is_of_a_class_of_ones_own():
    class Shop(Flask):
        pass

    shop = Shop("shop")
    assert require_app(shop) is shop


# ---- words


def test_a_status_is_shown_with_its_name_if_it_has_one():
    assert status_text(405) == "405 Method Not Allowed"
    assert status_text(599) == "599"


def test_the_name_of_a_status_is_the_same_on_every_python(monkeypatch):
    for status in http.HTTPStatus:
        monkeypatch.setattr(status, "phrase", "Named By Another Python")
    assert status_text(413) == "413 Request Entity Too Large"
    assert status_text(422) == "422 Unprocessable Entity"


def test_an_error_is_shown_by_its_type_and_its_first_line():
    assert describe_error(ValueError("\n no \nnumber")) == "ValueError: no "
    assert describe_error(ValueError()) == "ValueError"
    assert describe_error(KeyError("name")) == "KeyError: 'name'"
