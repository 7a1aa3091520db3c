"""What a browser does: where an address leads, which cookies go along, and where visitors are."""

from urllib.parse import urlunsplit

import pytest
from flask import Flask, request

from flasklogin_tutorial.attacks import Target, try_attack, web
from flasklogin_tutorial.attacks.families.cross_site import NEXT_FORMS, OWN_FORMS
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import new_app

from .attacked import BY_NAME

# ---- the forms of next


def test_there_are_twenty_forms_of_next():
    assert len(NEXT_FORMS) == len(set(NEXT_FORMS.values())) == 20


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/account", "127.0.0.1"),
        ("account", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("?page=2", "127.0.0.1"),
        ("/a//b", "127.0.0.1"),
        ("/.//evil.example", "127.0.0.1"),
        ("/%2f/evil.example", "127.0.0.1"),
        ("/%5Cevil.example", "127.0.0.1"),
        ("https:account", "127.0.0.1"),
        ("https:/account", "127.0.0.1"),
        ("https://127.0.0.1/account", "127.0.0.1"),
        ("https://127.0.0.1:5000/account", "127.0.0.1"),
        ("//evil.example", "evil.example"),
        ("////evil.example", "evil.example"),
        ("/\\evil.example", "evil.example"),
        ("\\\\evil.example", "evil.example"),
        ("\t//evil.example", "evil.example"),
        ("/\t/evil.example", "evil.example"),
        ("/\n/evil.example", "evil.example"),
        ("\x00 //evil.example", "evil.example"),
        ("http:evil.example", "evil.example"),
        ("http:/evil.example", "evil.example"),
        ("https:///evil.example", "evil.example"),
        ("HTTPS://evil.example:443/x", "evil.example"),
        ("//127.0.0.1@evil.example", "evil.example"),
        ("//evil.example\\@127.0.0.1", "evil.example"),
        ("//127.0.0.1.evil.example", "127.0.0.1.evil.example"),
        ("javascript:alert(1)", "javascript:"),
        ("java\tscript:alert(1)", "javascript:"),
        ("data:text/html,x", "data:"),
    ],
)
def test_a_location_is_read_as_a_browser_reads_it(location, leads_to):
    assert web.where_it_leads(location, "https://127.0.0.1") == leads_to


# What Python makes of `////evil.example` and `http:evil.example` in a Location: the oldest of those
# that are supported, 3.12.4, and 3.12.6 and 3.13.
@pytest.mark.parametrize(
    ("slashes", "scheme"),
    [
        ("//evil.example", "http:///evil.example"),
        ("////evil.example", "http:///evil.example"),
        ("////evil.example", "http:evil.example"),
    ],
)
def test_the_usual_look_at_netloc_lets_eight_forms_through(slashes, scheme, monkeypatch):
    said = {("", "", "//evil.example"): slashes, ("http", "", "evil.example"): scheme}
    monkeypatch.setattr(
        "werkzeug.urls.urlunsplit", lambda parts: said.get(tuple(parts[:3])) or urlunsplit(parts)
    )
    target = Target(new_app(VARIANTS["redirect-to-next"].create_app))
    outcome = try_attack(BY_NAME["open-redirect"], target)
    assert outcome.says == "8 of 20 forms of next lead away."
    assert len(outcome.exchanges) == len(NEXT_FORMS) + len(OWN_FORMS)
    through = outcome.exchanges[:8]
    for shown in ("four slashes", "five slashes", "scheme without slashes", "javascript"):
        assert any(f"({shown})" in each.called for each in through), through
    for location in (slashes, scheme):
        assert any(each.came_back.endswith(f"to {location}") for each in through), through


# ---- cookies and visitors


def attached(samesite, navigation):
    app = Flask("cookies")

    @app.get("/")
    def give():
        return "", 200, {"Set-Cookie": f"session=1; Path=/{samesite}"}

    browser = Target(app).visitor()
    browser.get("/")
    (cookie,) = browser.cookies
    return web.attached_from_elsewhere(cookie, navigation)


@pytest.mark.parametrize(
    ("samesite", "by_form", "by_link"),
    [
        ("", True, True),
        ("; SameSite=None", True, True),
        ("; SameSite=Lax", False, True),
        ("; samesite=lax", False, True),
        ("; SameSite=Strict", False, False),
    ],
)
def test_a_cookie_goes_along_as_its_rule_says(samesite, by_form, by_link):
    assert attached(samesite, navigation=False) is by_form
    assert attached(samesite, navigation=True) is by_link


def test_visitors_come_by_https_from_addresses_of_their_own():
    app, seen = Flask("seen"), []

    @app.get("/")
    def look():
        seen.append((request.remote_addr, request.scheme, request.headers["User-Agent"]))
        return ""

    target = Target(app)
    for _ in range(600):
        target.new_address()
    for _ in range(2):
        target.visitor().get("/")
    target.visitor("198.51.100.7").get("/")
    addresses = [address for address, _, _ in seen]
    assert len(set(addresses)) == 3 and addresses[2] == "198.51.100.7"
    assert {(scheme, agent) for _, scheme, agent in seen} == {("https", "tutorial-browser")}
