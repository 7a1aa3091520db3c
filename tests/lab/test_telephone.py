"""A telephone that makes codes, and the clock that goes to its next one."""

import time

import pytest
from flask import Flask

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import factors
from flasklogin_tutorial.lab import attack, later, next_code, pair_telephone, with_telephone
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import add_user, in_process, log_in, new_app

GOOD = "four words are enough"
LOGIN = {"username": "ada", "password": GOOD}
SETTINGS = {"TESTING": True, "SECOND_FACTOR": "offered"}


def send(app, code):
    browser = in_process(app)
    browser.post("/login", json=LOGIN)
    return browser.post("/login/code", json={"code": code})


@pytest.mark.parametrize("name", ["code-after-login", "code-by-name", "code-remembered"])
def test_a_telephone_is_paired_with_a_variant(name):
    app, _, telephone = with_telephone(VARIANTS[name].create_app, LOGIN)
    assert len(telephone.recovery_codes) == (8 if name == "code-by-name" else 0)
    with next_code():
        sent = {"username": "ada", "code": telephone.code()}
        browser = in_process(app)
        browser.post("/login", json=LOGIN)
        assert browser.post("/login/code", json=sent).json()["name"] == "ada"


def test_a_telephone_is_paired_with_the_finished_app_and_shown_recovery_codes():
    app, browser, telephone = with_telephone(create_app, LOGIN, SETTINGS)
    assert browser.post("/user_info").json()["data"]["name"] == "ada"
    assert len(telephone.recovery_codes) == 10
    assert send(app, telephone.recovery_codes[3]).json()["name"] == "ada"
    with next_code():
        assert send(app, telephone.code()).json()["name"] == "ada"


def test_where_no_seed_is_shown_it_is_said_what_was_answered():
    app = new_app(create_app, {"TESTING": True, "SECOND_FACTOR": "off"})
    add_user(app, "ada", GOOD)
    with pytest.raises(LookupError, match="has no form for /account/second-factor"):
        pair_telephone(log_in(app, "ada", GOOD))
    with pytest.raises(LookupError, match=r"shows no seed: it was answered 404"):
        pair_telephone(in_process(Flask("empty")))


def test_a_first_code_that_is_not_taken_is_told():
    app = Flask("no codes")

    @app.post("/account/second-factor")
    def show_seed():
        return {"address": "otpauth://totp/ada?secret=" + "A" * 32}

    @app.post("/account/second-factor/begin")
    def begin():
        return {"reason": "no"}, 401

    with pytest.raises(LookupError, match=r"first code was not taken: it was answered 401"):
        pair_telephone(in_process(app))


def test_the_clock_goes_to_where_the_next_code_has_begun():
    step = time.time() // 30
    with next_code():
        assert time.time() // 30 == step + 1
        assert 1 <= time.time() % 30 < 20
        with next_code():
            assert time.time() // 30 == step + 2
    assert time.time() // 30 <= step + 1


def test_an_attack_that_waits_for_a_code_moves_the_clock_and_nobody_sits_there(monkeypatch):
    def wait(seconds):
        raise AssertionError(f"somebody sits before the notebook for {seconds} seconds")

    monkeypatch.setattr(factors, "wait", wait)
    began = time.time()
    with later(seconds=45 - time.time() % 30):  # this code is used up by the first one typed
        assert attack(new_app(create_app, SETTINGS), "code-twice").held
    assert time.time() - began < 600  # the clock is right again
