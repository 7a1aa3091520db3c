"""A trace in which an app sends mail has a lane for it, and no other has."""

from email.message import EmailMessage

import pytest
from flask import Flask

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.lab import add_user, trace
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import in_process, new_app

from .test_trace_drawn import FOUR, assert_is_mermaid
from .traced import WIDEST, inside, told

MAIL = {
    "MAIL_SERVER": "outbox",
    "MAIL_FROM": "accounts@example.org",
    "PUBLIC_ADDRESS": "https://app.example",
}


def titles(seen):
    """Return what stands above the lanes, of both drawings."""
    bundle = seen._repr_mimebundle_()
    drawn = [
        line.partition(" as ")[2]
        for line in bundle["text/vnd.mermaid"].splitlines()
        if line.startswith("  participant")
    ]
    assert bundle["text/plain"].splitlines()[0].split() == drawn
    return drawn


@pytest.fixture
def reset():
    """Give the article's app with a reset by mail, and Ada in it."""
    app = new_app(VARIANTS["reset-by-mail"].create_app)
    add_user(app, "ada", "lovelace")
    return app


def ask(app, email, **headers):
    return trace(in_process(app)).post("/forgot", json={"email": email}, headers=headers)


def test_a_mail_is_told_with_whom_it_is_for_and_where_its_links_lead(reset):
    seen = ask(reset, "ada@example.org", Host="app.example")
    assert told(seen.events)[-4:-2] == [
        "Flask → mail: to ada@example.org",
        "mail: link http://app.example/reset/…",
    ]
    token = reset.extensions["outbox"][0].get_body(("plain",)).get_content().split("/")[-1]
    assert token.strip() not in repr(seen)


def test_the_lane_is_drawn_where_mail_takes_part_and_nowhere_else(reset):
    without = [lane.title for lane in FOUR]
    assert titles(ask(reset, "ada@example.org")) == [*without, "mail"]
    assert titles(ask(reset, "nobody@example.org")) == without  # the mail of before is old


def test_a_drawing_with_mail_is_a_diagram_and_no_wider_than_a_page(reset):
    seen = ask(reset, "ada@example.org", Host="a-long-name.of-an-app.example.org")
    assert_is_mermaid(seen._repr_mimebundle_()["text/vnd.mermaid"])
    assert max(map(len, repr(seen).splitlines())) <= WIDEST, repr(seen)


def test_a_request_to_the_finished_app_orders_a_mail_and_sends_none():
    app = new_app(create_app, {"SECRET_KEY": "k" * 40, "TESTING": True, **MAIL})
    in_process(app).get("/login")  # the first question makes the indexes
    seen = ask(app, "ada@example.org")
    assert titles(seen) == [lane.title for lane in FOUR]
    assert [one.split(" ")[0] for one in seen.operations] == ["mail_order.insert_one"]
    assert read_outbox(app) == []  # there is nobody who has the address


def test_each_of_several_mails_is_told_and_a_text_without_a_link_has_none():
    app = Flask("post")
    app.extensions["outbox"] = []

    @app.get("/")
    def write():
        for text, kind in (
            ("See https://a.example/x?t=1, or http://b.example", "plain"),
            ("<p>https://c.example/y</p>", "html"),
        ):
            message = EmailMessage()
            message["To"] = "ada@example.org"
            message.set_content(text, subtype=kind)
            app.extensions["outbox"].append(message)
        return "sent"

    assert inside(trace(in_process(app)).get("/").events)[1:] == [
        "Flask → mail: to ada@example.org",
        "mail: link https://a.example/x?t=…",
        "mail: link http://b.example",
        "Flask → mail: to ada@example.org",
    ]


@pytest.mark.parametrize("outbox", [None, "a box", {"ada": 1}])
def test_what_is_no_list_is_no_outbox(outbox):
    app = Flask("post")
    app.extensions["outbox"] = outbox
    app.get("/")(lambda: "sent")
    assert titles(trace(in_process(app)).get("/")) == [lane.title for lane in FOUR]


def test_an_outbox_that_was_emptied_tells_nothing():
    app = Flask("post")
    app.extensions["outbox"] = [EmailMessage(), EmailMessage()]

    @app.get("/")
    def empty():
        app.extensions["outbox"].clear()
        return "empty"

    assert titles(trace(in_process(app)).get("/")) == [lane.title for lane in FOUR]
