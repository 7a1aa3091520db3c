"""A page drawn as a picture: what is on it, how it looks, and nothing of what it hides."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from flask import Flask

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import add_user, log_in, new_app, serve, show_page
from flasklogin_tutorial.visit import in_process

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>A & B</title>
<link rel="stylesheet" href="/style.css"><script>bad()</script></head>
<body onload="bad()"><h1>First &amp; <em>foremost</em></h1>
<form method="post" action="/x"><input type="hidden" name="csrf_token" value="t0ken">
<label for="a">Name</label><input id="a" name="a" value='&lt;"&gt;' required><br>
<button onclick="bad()">Send</button></form><script>bad()</script><p>a &lt; b
<a href="javascript:bad()">a link</a></body></html>"""


@pytest.fixture
def browser():
    """Give a browser on an app that has a page with a style sheet of its own."""
    app = Flask("pages")
    app.add_url_rule("/page", "page", lambda: PAGE)
    app.add_url_rule("/style.css", "style", lambda: "h1 > em { color: red }")
    return in_process(app)


@pytest.fixture
def picture(browser):
    return show_page(browser, "/page", height=321)


class _Images(HTMLParser):
    found: dict[str, str] | None = None

    def handle_starttag(self, tag, attrs):
        assert (tag, self.found) == ("img", None)
        self.found = dict(attrs)


def image_of(picture):
    reader = _Images()
    reader.feed(picture._repr_html_())
    return reader.found


def texts(element):
    return " ".join("".join(element.itertext()).split())


def test_the_image_is_the_page_with_its_styles(picture):
    svg = ElementTree.fromstring(picture.svg)
    assert svg.attrib["height"] == "321"
    style, box = svg
    assert "h1 > em { color: red }" in style.text
    assert texts(box) == "First & foremost Name Senda < b a link"
    (field,) = box.iter("{http://www.w3.org/1999/xhtml}input")
    assert field.attrib == {"id": "a", "value": '<">'}


def test_nothing_in_it_acts_or_is_secret(picture):
    assert "bad" not in picture.svg
    assert "t0ken" not in picture.svg
    assert "action" not in picture.svg


def test_whoever_does_not_see_it_is_told_what_is_on_it(picture):
    assert repr(picture) == "A & B\n  First & foremost · Name · Send"
    image = image_of(picture)
    assert image["alt"] == "The page “A & B”. On it: First & foremost, Name, Send."


def test_the_image_is_in_the_output_itself(picture):
    kind, _, data = image_of(picture)["src"].partition(",")
    assert kind == "data:image/svg+xml;charset=utf-8"
    assert unquote(data) == picture.svg
    assert not re.search(r"[#<>\"%](?![0-9A-F]{2})", data)


def test_the_words_begin_where_the_picture_does(browser):
    picture = show_page(browser, "/page#a")
    assert picture.words == ["Send"]
    assert '[id="a"]' in picture.svg


def test_the_pages_of_the_finished_app_are_drawn():
    app = new_app(create_app, {"TESTING": True})
    add_user(app, "ada", "countess of lovelace", admin=True)
    ada = log_in(app, "ada", "countess of lovelace")
    for browser, path, title in (
        (serve(app), "/login", "Log in"),
        (ada, "/account", "Account of ada"),
        (ada, "/people", "People"),
    ):
        drawn = show_page(browser, path)
        svg = ElementTree.fromstring(drawn.svg)
        assert drawn.title.startswith(f"{title} ")
        assert title in drawn.words
        assert "--paper" in svg[0].text
        assert "csrf" not in drawn.svg
