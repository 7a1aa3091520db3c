"""A login between two writes that change what opens an account, and mail that strangers ask for."""

import pytest
from mongoengine.queryset.base import BaseQuerySet

from flasklogin_tutorial.app.models import Passkey
from flasklogin_tutorial.visit import in_process
from flasklogin_tutorial.visit.soft_key import SoftKey

from .conftest import ELSEWHERE, MAIL, PAGE, credentials, log_in, populate, send_form, stored, who
from .keys import LOGIN, NEW, OWN, add, ask, log_in_by, make, remove, send
from .phones import read_recovery_codes, set_up


@pytest.fixture
def app(make_app):
    return populate(make_app(PASSKEYS=True, SECOND_FACTOR="offered", REGISTRATION=True, **MAIL))


@pytest.fixture
def before(monkeypatch):
    """Give a function that lets something happen before the next call of a method."""

    def arrange(owner, name, act):
        real = getattr(owner, name)

        def late(self, *values, **named):
            monkeypatch.setattr(owner, name, real)
            act()
            return real(self, *values, **named)

        monkeypatch.setattr(owner, name, late)

    return arrange


def by_command(app, bob):
    command = ["users", "remove-factor", "bob", "--proof", "passport"]
    return app.test_cli_runner().invoke(args=command).exit_code == 0


def by_its_user(app, bob):
    return remove(bob).is_redirect


@pytest.mark.parametrize("taken_away", [by_its_user, by_command])
def test_a_login_by_a_passkey_while_it_is_removed_is_ended(app, bob, before, taken_away):
    key, thief = add(bob), in_process(app)
    asked = ask(thief, LOGIN)
    answer = key.sign(asked.options, MAIL["PUBLIC_ADDRESS"])
    before(BaseQuerySet, "delete", lambda: send(thief, asked, answer))
    assert taken_away(app, bob)
    assert (Passkey.objects.count(), who(thief)) == (0, None)


def test_a_login_by_the_password_while_the_first_passkey_is_added_is_ended(app, bob, before):
    thief, came = in_process(app), []

    def come():
        came.append(thief.post("/login", json=credentials("bob")).status_code)

    before(Passkey, "save", come)
    add(bob)
    assert (came, who(thief), who(bob)) == ([200], None, "bob")


def test_a_passkey_that_is_added_while_all_are_taken_away_is_not_kept(app, bob, before):
    add(bob)
    before(Passkey, "save", lambda: by_command(app, bob))
    assert make(bob, SoftKey(), "second").status_code in (401, 403, 302)
    assert Passkey.objects.count() == 0


def test_who_finds_an_open_browser_makes_no_codes_beside_a_telephone(app, bob):
    set_up(bob)
    before = stored("bob")["recovery_hashes"]
    key = SoftKey()
    assert not read_recovery_codes(make(bob, key))
    assert "Make new recovery codes" not in bob.get(OWN, headers=PAGE).text
    refused = send_form(bob, f"{OWN}/recovery-codes", page=NEW)
    assert refused.status_code == 409
    assert stored("bob")["recovery_hashes"] == before
    assert log_in_by(in_process(app), key).is_redirect


def test_no_other_kind_of_mail_keeps_somebody_from_a_reset(app, bob, stranger):
    elsewhere, cy = in_process(app, address=ELSEWHERE), log_in(app, "cy")
    address = {"email": "bob@example.org"}
    for number in range(3):
        elsewhere.post("/register", json={"name": f"newcomer{number}", **address})
        cy.post("/", json={"name": "cy", **address})
    assert stranger.post("/forgot", json=address).status_code == 202
