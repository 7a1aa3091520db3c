"""A call in words: what was called, what came back, and what was expected."""

import pytest
from flask import Flask, jsonify, redirect, request

from flasklogin_tutorial.visit import BODY_WIDTH, Mismatch, ask, call_in_words, in_process


@pytest.fixture
def browser():
    app = Flask("asked")

    @app.post("/echo")
    def echo():
        return jsonify(sent=request.get_data(as_text=True), accept=request.headers["Accept"])

    @app.get("/list")
    def some_list():
        return jsonify(["no object"])

    @app.get("/page")
    def page():
        return "<h1>a page</h1>"

    @app.get("/away")
    def away():
        return redirect("/login?next=/away")

    @app.get("/boom")
    def boom():
        raise RuntimeError("Missing user_loader or request_loader")

    @app.get("/long")
    def long():
        return jsonify(text="x" * 1000)

    return in_process(app)


def test_a_call_says_what_is_sent_and_by_whom():
    assert call_in_words("GET", "/") == "GET /"
    assert call_in_words("PUT", "/", '{"a": 1}', "ada") == 'PUT / {"a": 1}, ada'
    assert call_in_words("POST", "/", b"\xff\n\n a") == "POST / \N{REPLACEMENT CHARACTER} a"
    assert len(call_in_words("POST", "/", "x" * 1000)) == len("POST / …") + BODY_WIDTH


def test_a_body_is_shown_as_it_is_sent_unless_something_else_is_to_be_shown(browser):
    reply = ask(browser, "POST", "/echo", json={"name": "ada"}, who="a stranger")
    assert reply.called == 'POST /echo {"name": "ada"}, a stranger'
    assert reply.data["sent"] == '{"name": "ada"}'
    assert ask(browser, "POST", "/echo", data="a=1").called == "POST /echo a=1"
    assert ask(browser, "POST", "/echo", data="a=1", shown="…").called == "POST /echo …"


def test_json_is_asked_for_unless_other_headers_are_given(browser):
    assert ask(browser, "POST", "/echo").data["accept"] == "application/json"
    html = ask(browser, "POST", "/echo", headers={"Accept": "text/html"})
    assert html.data["accept"] == "text/html"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/list", '200 OK ["no object"]'),
        ("/page", "200 OK, a page"),
        ("/away", "302 Found, to /login?next=/away"),
        ("/nowhere", "404 Not Found, a page"),
        ("/boom", "500 Internal Server Error: RuntimeError: Missing user_loader or request_loader"),
    ],
)
def test_an_answer_is_told_with_what_matters_in_it(browser, path, words):
    assert ask(browser, "GET", path).came_back == words


def test_a_long_answer_is_cut(browser):
    said = ask(browser, "GET", "/long").came_back
    assert said.endswith("…") and len(said) < BODY_WIDTH + 20


def test_what_is_no_json_object_has_no_data(browser):
    for path in ("/list", "/page"):
        assert ask(browser, "GET", path).data == {}


def test_a_redirect_and_a_crash_are_told_apart(browser):
    away, boom = ask(browser, "GET", "/away"), ask(browser, "GET", "/boom")
    assert (away.refused, away.crashed) == (True, False)
    assert (boom.refused, boom.crashed) == (False, True)
    assert isinstance(boom.error, RuntimeError) and away.error is None


def test_a_mismatch_says_what_was_called_what_came_back_and_what_was_expected(browser):
    reply = ask(browser, "GET", "/page")
    reply.must(True, "a page")
    with pytest.raises(Mismatch) as raised:
        reply.must_show(name="ada")
    wrong = raised.value
    assert (wrong.called, wrong.came_back) == ("GET /page", "200 OK, a page")
    assert wrong.expected == 'a JSON object with {"name": "ada"}'
    assert (wrong.hint, wrong.blocked_by) == ("", "")


def test_a_known_error_gives_its_own_hint_and_any_other_that_of_the_question(browser):
    for path, hint in (("/boom", "Register a user loader"), ("/page", "Look at the view.")):
        with pytest.raises(Mismatch) as raised:
            ask(browser, "GET", path).must(False, "something else", "Look at the view.")
        assert raised.value.hint.startswith(hint)
