"""Passwords as people type them: masked, pasted, long, and compared as they are."""

import re

import pytest

from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, PASSWORDS, send_form, who

#: What a page names each field of a password for whatever fills it in.
PURPOSES = {
    "/login": {"password": "current-password"},
    "/account": {
        "current_password": "current-password",
        "new_password": "new-password",
        "again": "new-password",
    },
}


def inputs(page):
    """Return the attributes of each input of a page, by its name."""
    found = [
        dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]*>", page)
    ]
    return {one["name"]: one for one in found if "name" in one}


@pytest.mark.parametrize("path", PURPOSES)
def test_a_password_is_masked_and_a_password_manager_finds_its_field(bob, path):
    page = bob.get(path, headers=PAGE)
    fields = inputs(page.text)
    masked = {name for name, one in fields.items() if one.get("type") == "password"}
    assert masked == set(PURPOSES[path])
    for name, purpose in PURPOSES[path].items():
        assert fields[name]["autocomplete"] == purpose
        assert "value" not in fields[name] or not fields[name]["value"]
    assert fields["username"]["autocomplete"] == "username"
    assert "<script" not in page.text and "onpaste" not in page.text  # nothing stops pasting


LONG = "Correct Horse, " + "battery und Öl ünd staple. " * 3 + " Ende "


def test_a_password_is_compared_as_it_was_typed(app, bob):
    chosen = f"{LONG}{'x' * (128 - len(LONG))}"
    form = {"current_password": PASSWORDS["bob"], "new_password": chosen, "again": chosen}
    assert send_form(bob, "/account/password", form).is_redirect

    def opens(typed):
        browser = in_process(app)
        browser.post("/login", json={"username": "bob", "password": typed})
        return who(browser) == "bob"

    assert opens(chosen)
    for other in (chosen[:-1], chosen[:72], chosen.lower(), chosen.strip("x"), chosen + "x"):
        assert not opens(other)
    for spaced in (f" {chosen[:-1]}", chosen.replace(", ", ",")):
        assert not opens(spaced)


@pytest.mark.parametrize("size", [64, 100, 128])
def test_a_password_of_sixty_four_characters_and_more_is_taken(app, bob, size):
    chosen = (LONG * 2)[:size]
    form = {"current_password": PASSWORDS["bob"], "new_password": chosen, "again": chosen}
    assert send_form(bob, "/account/password", form).is_redirect
    given = {"username": "bob", "password": chosen}
    assert in_process(app).post("/login", json=given).status_code == 200


def test_nobody_is_there_from_the_start(make_app):
    app = make_app()
    for name in ("admin", "root", "administrator", "test", "guest", "user"):
        for password in (name, "password", "admin", "", "changeme"):
            browser = in_process(app)
            browser.post("/login", json={"username": name, "password": password})
            assert who(browser) is None
    with app.app_context():
        assert User.objects.count() == 0
