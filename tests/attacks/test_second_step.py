"""What the attacks on a second factor are worth: with one protection less they get in.

They are tried on the finished app, with users who may set a second factor up.
"""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import accounts, factors, second_step
from flasklogin_tutorial.app.accounts import reset_password
from flasklogin_tutorial.app.links import RESET
from flasklogin_tutorial.app.login import start_login
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.app.refusals import LinkOver
from flasklogin_tutorial.app.views import auth
from flasklogin_tutorial.attacks import Verdict
from flasklogin_tutorial.visit import new_app

from .attacked import outcome_of

SETTINGS = {"TESTING": True, "SECRET_KEY": "k" * 40, "HTTPS": True, "SECOND_FACTOR": "offered"}

ON_THE_SECOND_STEP = [
    "second-step-skipped",
    "second-step-of-somebody-else",
    "code-twice",
    "code-guessed",
    "code-in-a-race",
    "recovery-code-twice",
    "seed-shown-again",
    "owner-locked-out-by-codes",
]

WITH_MAIL = SETTINGS | {"MAIL_SERVER": "outbox"}


def spend_nothing(user, *more):
    return user


WITHOUT = {
    "second-step-skipped": (auth, "ask_for_code", start_login),
    "code-twice": (factors, "_spend", spend_nothing),
    "code-in-a-race": (factors, "_spend", spend_nothing),
    "recovery-code-twice": (factors, "_spend", spend_nothing),
    "owner-locked-out-by-codes": (second_step, "find_device_of_factor", lambda user: None),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WITHOUT)
def test_without_its_protection_the_finished_app_is_got_into(name, monkeypatch):
    monkeypatch.setattr(*WITHOUT[name])
    outcome = outcome_of(name, new_app(create_app, SETTINGS))
    assert outcome.verdict is Verdict.GOT_IN, outcome


def test_without_a_limit_codes_are_guessed():
    app = new_app(create_app, SETTINGS | {"CODE_LIMIT": "9999 per hour"})
    assert outcome_of("code-guessed", app).verdict is Verdict.GOT_IN


@pytest.mark.parametrize("name", ON_THE_SECOND_STEP)
def test_where_there_are_no_second_factors_nothing_is_said_to_hold(name):
    outcome = outcome_of(name, new_app(create_app, SETTINGS | {"SECOND_FACTOR": "off"}))
    assert outcome.verdict is Verdict.NOT_TRIED
    assert outcome.says.startswith("No second factor could be set up: ")


# ---- a reset by mail beside it


def reset_and_log_in(token, password):
    user = reset_password(token, password)
    start_login(user)
    return user


def reset_and_take_away(token, password):
    user = reset_password(token, password)
    User.objects(id=user.id).update(unset__totp_seed=True)
    return user


@pytest.mark.parametrize("wrong", [reset_and_log_in, reset_and_take_away])
def test_a_reset_that_goes_around_it_is_seen(monkeypatch, wrong):
    monkeypatch.setattr(accounts, "reset_password", wrong)
    outcome = outcome_of("reset-goes-around", new_app(create_app, WITH_MAIL))
    assert outcome.verdict is Verdict.GOT_IN, outcome


def test_a_reset_that_asks_for_the_code_holds_too(monkeypatch):
    """Whoever writes an app may ask before the password changes: then the former one stays."""

    def refuse(token, password):
        raise LinkOver

    def reset_unless_guarded(token, password):
        _, user = accounts.find_link(token, RESET)
        return (refuse if user.has_factor else reset_password)(token, password)

    monkeypatch.setattr(accounts, "reset_password", reset_unless_guarded)
    outcome = outcome_of("reset-goes-around", new_app(create_app, WITH_MAIL))
    assert outcome.verdict is Verdict.HELD, outcome


@pytest.mark.parametrize("missing", ["MAIL_SERVER", "SECOND_FACTOR"])
def test_without_one_of_the_two_nothing_goes_around_the_other(missing):
    settings = {name: value for name, value in WITH_MAIL.items() if name != missing}
    outcome = outcome_of("reset-goes-around", new_app(create_app, settings))
    assert outcome.verdict is Verdict.NOT_TRIED
