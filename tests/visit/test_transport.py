"""The two ways to an app, over a server and in process, make no difference."""

import io
import json

import pytest

from flasklogin_tutorial.lab import serve
from flasklogin_tutorial.visit import describe_error, in_process, read_session
from flasklogin_tutorial.visit.gate import TICKET_HEADER

from .visited import SERVER_HEADERS, VERBS, make_app


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
