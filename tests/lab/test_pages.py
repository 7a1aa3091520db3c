"""Filling in the form of a page."""

import pytest
from flask import Flask, redirect, request

from flasklogin_tutorial.lab import fill_in
from flasklogin_tutorial.visit import in_process

PAGE = """
<form action="/other" method="post"><input name="a" value="1"></form>
<form method="post"><input type="hidden" name="token" value="t"><input name="name"></form>
"""


@pytest.fixture
def browser():
    """Give a browser on an app with a page that has two forms."""
    app = Flask("forms")

    @app.get("/form")
    def form():
        return PAGE

    @app.get("/private")
    def private():
        return redirect("/form")

    @app.post("/form")
    @app.post("/other")
    def sent():
        return dict(request.form)

    return in_process(app)


def test_what_is_hidden_in_a_form_is_sent_with_what_is_typed(browser):
    assert fill_in(browser, "/form", "/form", name="ada").json() == {"token": "t", "name": "ada"}
    assert fill_in(browser, "/form", "/other").json() == {"a": "1"}


def test_a_page_may_lead_to_the_one_with_the_form(browser):
    assert fill_in(browser, "/private", "/form", name="ada").json()["name"] == "ada"


def test_a_form_that_is_not_there_is_named_with_those_that_are(browser):
    with pytest.raises(
        LookupError, match=r"/form has no form for /missing\. It has: /other, /form"
    ):
        fill_in(browser, "/form", "/missing")
