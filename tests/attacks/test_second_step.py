"""What the attacks on a second factor are worth: with one protection less they get in.

They are tried on the finished app, with users who may set a second factor up.
"""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import factors, second_step
from flasklogin_tutorial.app.login import start_login
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
