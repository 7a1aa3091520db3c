"""What a run makes an app do: no hash twice, no search twice, and all that is measured."""

import hashlib

import pytest
from flask import request
from werkzeug.security import check_password_hash, generate_password_hash

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import Verdict, run_attacks
from flasklogin_tutorial.attacks.slow_hashes import all_computed, computed_once
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import new_app

CHEAP = "scrypt:128:8:1"


@pytest.fixture
def computed(monkeypatch):
    """Give a list that grows with each hash that is computed."""
    real, calls = hashlib.scrypt, []

    def counted(*values, **named):
        calls.append(values)
        return real(*values, **named)

    monkeypatch.setattr(hashlib, "scrypt", counted)
    return calls


def test_a_hash_of_the_same_is_computed_once_and_every_answer_is_the_same(computed):
    stored = generate_password_hash("right", CHEAP)
    with computed_once():
        del computed[:]
        answers = [check_password_hash(stored, one) for one in ("right", "wrong") * 3]
    assert answers == [True, False] * 3
    assert len(computed) == 2
    check_password_hash(stored, "right")
    assert len(computed) == 3


def test_what_is_computed_before_a_login_need_not_be_at_the_login(computed):
    with computed_once():
        stored = generate_password_hash("right", CHEAP)
        assert check_password_hash(stored, "right")
        assert len(computed) == 1


def test_all_is_computed_where_it_is_measured(computed):
    stored = generate_password_hash("right", CHEAP)
    del computed[:]
    with computed_once(), all_computed():
        assert all(check_password_hash(stored, "right") for _ in range(3))
    assert len(computed) == 3


def test_what_cannot_be_looked_up_is_computed():
    given = {"salt": bytearray(b"salt"), "n": 128, "r": 8, "p": 1}
    with computed_once():
        assert hashlib.scrypt(b"right", **given) == hashlib.scrypt(b"right", **given)


def test_sixty_logins_of_a_user_are_little_work(computed):
    config = {"TESTING": True, "SECRET_KEY": "k" * 40, "HTTPS": True}
    run_attacks(lambda: create_app(config), only=["bounded-by-nothing"])
    assert len(computed) < 20


def test_a_login_that_is_measured_is_all_the_work_that_it_is(computed):
    config = {"TESTING": True, "SECRET_KEY": "k" * 40, "PASSWORD_METHOD": "scrypt:8192:8:1"}
    [row] = run_attacks(lambda: create_app(config), only=["names-found-by-work"]).rows
    assert row.outcome.verdict is Verdict.HELD
    measured = int(row.outcome.exchanges[-1].called.split()[0])
    assert len(computed) >= 2 * measured


def test_whether_one_name_is_stopped_is_found_out_once():
    app, tried = new_app(step06.create_app), []

    @app.before_request
    def count():
        if request.path == "/login":
            tried.append(request.path)

    only = ["unbounded-guessing", "throttle-fooled-by-header", "forgiven-by-a-right-login"]
    report = run_attacks(app, only=only)
    got_in = [row.attack.name for row in report.having(Verdict.GOT_IN)]
    assert got_in == ["unbounded-guessing"] and len(report.having(Verdict.NOT_TRIED)) == 2
    # A hundred with one name, and two hundred from one address.
    assert len(tried) < 350
