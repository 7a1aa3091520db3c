"""The mail that somebody reads in a lesson."""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.lab import add_user, last_link, log_in
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import in_process, new_app

SENDS = {
    "TESTING": True,
    "MAIL_SERVER": "outbox",
    "MAIL_FROM": "accounts@example.org",
    "PUBLIC_ADDRESS": "https://app.example",
}
GOOD = "four words are enough"


@pytest.mark.parametrize("name", ["reset-by-mail", "reset-on-sight"])
def test_the_latest_link_of_a_variant_is_that_of_the_address(name):
    app = new_app(VARIANTS[name].create_app)
    for person in ("ada", "grace"):
        add_user(app, person, "forgotten")
        in_process(app).post("/forgot", json={"email": f"{person}@example.org"})
    first = last_link(app, "ada@example.org")
    assert f"{first}\n" in app.extensions["outbox"][0].get_body(("plain",)).get_content()
    in_process(app).post(
        "/forgot", json={"email": "ada@example.org"}, headers={"Host": "evil.example"}
    )
    assert last_link(app, "ada@example.org").startswith("http://evil.example/reset/")


def test_what_waits_in_the_queue_of_the_finished_app_is_sent_first():
    app = new_app(create_app, SENDS)
    add_user(app, "ada", GOOD)
    link = last_link(app, "ada@example.org")
    assert link.startswith("https://app.example/confirm?token=")
    # A notice has no link, and is no reason to see none.
    browser = log_in(app, "ada", GOOD)
    browser.post("/", json={"name": "ada", "email": "ada@new.example"})
    assert read_outbox(app)[-2]["To"] == "ada@example.org"
    assert last_link(app, "ada@example.org") == link


@pytest.mark.parametrize("settings", [SENDS, {"TESTING": True}])
def test_where_no_link_has_come_that_is_said(settings):
    app = new_app(create_app, settings)
    with pytest.raises(LookupError, match=r"No link has come to nobody@example\.org"):
        last_link(app, "nobody@example.org")
