"""What the attacks on passkeys are worth: with one protection less they get in.

They are tried on the finished app, with passkeys turned on.
"""

import pytest
import webauthn
from webauthn import verify_authentication_response
from webauthn.helpers import parse_client_data_json

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import challenges, passkeys
from flasklogin_tutorial.app.models import Challenge, Passkey, hash_secret
from flasklogin_tutorial.app.views import auth
from flasklogin_tutorial.attacks import Verdict
from flasklogin_tutorial.attacks.names import Names, Users
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import new_app

from .attacked import outcome_of

SETTINGS = {"TESTING": True, "SECRET_KEY": "k" * 40, "HTTPS": True, "PASSKEYS": True}

ON_PASSKEYS = [
    "challenge-from-the-answer",
    "challenge-in-the-cookie",
    "origin-not-checked",
    "presence-is-not-verification",
    "cloned-key",
    "key-taken-over",
    "downgrade-to-password",
]


def take_any(challenge, purpose, *, browser):
    return True


def leave_it_there(challenge, purpose, *, browser):
    text = challenges.as_text(challenge)
    return bool(Challenge.objects(challenge_hash=hash_secret(text)))


def ask_nothing_more(said, data, purpose, browser):
    """Compare the challenge, as the app does, and leave the rest to the library."""
    spent = challenges.spend(said.challenge, purpose, browser=browser)
    return None if spent else passkeys.NOT_ASKED


def at_any_page(**given):
    client_data = parse_client_data_json(given["credential"].response.client_data_json)
    return verify_authentication_response(**given | {"expected_origin": client_data.origin})


def by_a_touch(**given):
    return verify_authentication_response(**given | {"require_user_verification": False})


def count_nothing(passkey, count):
    pass


def read_and_forget_the_former_one(answer, browser, read=passkeys._read_new):
    made = read(answer, browser)
    Passkey.objects(credential_id=made.credential_id).delete()
    return made


_LEAVE_IT = (passkeys, "_find_problem", ask_nothing_more)
WITHOUT = {
    "challenge-from-the-answer": [(challenges, "spend", take_any)],
    "challenge-in-the-cookie": [(challenges, "spend", leave_it_there)],
    "origin-not-checked": [_LEAVE_IT, (webauthn, "verify_authentication_response", at_any_page)],
    "presence-is-not-verification": [
        _LEAVE_IT,
        (webauthn, "verify_authentication_response", by_a_touch),
    ],
    "cloned-key": [(passkeys, "_move_count_on", count_nothing)],
    "key-taken-over": [(passkeys, "_read_new", read_and_forget_the_former_one)],
    "downgrade-to-password": [(auth, "needs_second_step", lambda user: user.has_factor)],
}


@pytest.mark.parametrize("name", WITHOUT)
def test_without_its_protection_the_finished_app_is_got_into(name, monkeypatch):
    for place in WITHOUT[name]:
        monkeypatch.setattr(*place)
    outcome = outcome_of(name, new_app(create_app, SETTINGS))
    assert outcome.verdict is Verdict.GOT_IN, outcome


@pytest.mark.parametrize("name", ON_PASSKEYS)
def test_where_there_are_no_passkeys_nothing_is_said_to_hold(name):
    outcome = outcome_of(name, new_app(create_app, SETTINGS | {"PASSKEYS": False}))
    assert outcome.verdict is Verdict.NOT_TRIED
    assert "This app has no POST /login/passkey" in outcome.says


@pytest.mark.parametrize("name", ON_PASSKEYS)
def test_an_app_that_is_reached_at_another_address_is_told_where(name):
    address = "https://club.example:8443"
    app = new_app(create_app, SETTINGS | {"PUBLIC_ADDRESS": f"{address}/shop"})
    unknown = outcome_of(name, app)
    assert unknown.verdict is Verdict.NOT_TRIED
    assert "users.origin" in unknown.says
    told = outcome_of(name, app, Names(users=Users(origin=address)))
    assert told.verdict is Verdict.HELD, told


def test_the_variant_that_keeps_the_challenge_in_the_session_takes_no_old_answer():
    """It is one flaw less than the other: each attack is about one."""
    app = new_app(VARIANTS["passkeys"].create_app)
    assert outcome_of("challenge-from-the-answer", app).verdict is Verdict.HELD
