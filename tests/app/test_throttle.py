"""The sign-in throttle: it slows guessing down, and keeps nobody out for good."""

import pytest
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter
from werkzeug.test import Client

from flasklogin_tutorial.app import passwords
from flasklogin_tutorial.lab.browser_tab import UnthreadedStorage
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, credentials, log_in, populate, send_form, snapshot

WRONG = {"password": "not the password"}


@pytest.fixture(params=["memory://", f"{UnthreadedStorage.STORAGE_SCHEME[0]}://"])
def storage(request):
    return request.param


@pytest.fixture
def app(make_app, storage):
    limits = {"SIGN_IN_LIMIT_PER_NAME": "3 per hour", "SIGN_IN_LIMIT_PER_ADDRESS": "8 per hour"}
    return populate(make_app(RATELIMIT_STORAGE_URI=storage, **limits))


def attempt(app, name="bob", client=None, address="203.0.113.1", **more):
    body = credentials("bob") | {"username": name} | more
    client = client or Client(app)
    return client.post("/login", json=body, environ_overrides={"REMOTE_ADDR": address})


@pytest.mark.parametrize("name", ["bob", "nobody"])
def test_too_many_attempts_are_a_429_that_says_when_to_come_back(app, name):
    statuses = [attempt(app, name, **WRONG).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    answer = attempt(app, name, **WRONG)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert answer.json["code"] == "too_many_attempts"
    assert f"Wait {answer.headers['Retry-After']} seconds" in answer.json["advice"]


def test_a_throttled_attempt_compares_nothing_and_changes_nothing(app, monkeypatch):
    for _ in range(3):
        attempt(app, **WRONG)
    monkeypatch.setattr(passwords, "is_right", lambda *_: pytest.fail("a password was compared"))
    before = snapshot()
    assert attempt(app).status_code == 429
    assert snapshot() == before


def test_another_name_and_another_address_are_not_affected(app):
    for _ in range(4):
        attempt(app, **WRONG)
    assert attempt(app, "ada", password="analytical engine one").status_code == 200


def test_guessing_one_name_from_many_addresses_is_slowed_down(app):
    statuses = [attempt(app, address=f"203.0.113.{n}", **WRONG).status_code for n in range(6)]
    assert statuses == [401] * 3 + [429] * 3


def test_guessing_many_names_from_one_address_is_slowed_down(app):
    statuses = [attempt(app, f"name{n}", **WRONG).status_code for n in range(10)]
    assert statuses == [401] * 8 + [429] * 2


def test_a_forwarding_header_makes_no_new_address(app):
    client = Client(app)
    statuses = [
        client.post(
            "/login",
            json=credentials("bob") | WRONG | {"username": f"name{n}"},
            headers={"X-Forwarded-For": f"198.51.100.{n}"},
            environ_overrides={"REMOTE_ADDR": "203.0.113.1"},
        ).status_code
        for n in range(10)
    ]
    assert statuses[-2:] == [429, 429]


def test_a_right_password_sets_the_count_of_its_name_back(app):
    for _ in range(2):
        assert attempt(app, **WRONG).status_code == 401
        assert attempt(app, **WRONG).status_code == 401
        assert attempt(app).status_code == 200


def test_but_not_the_count_of_the_address(app):
    for _ in range(8):
        attempt(app)
    assert attempt(app).status_code == 429


def test_it_ends_with_its_time(app, monkeypatch):
    for _ in range(4):
        attempt(app, **WRONG)
    assert attempt(app).status_code == 429
    import time

    moment = time.time() + 3601
    monkeypatch.setattr(time, "time", lambda: moment)
    assert attempt(app).status_code == 200


def test_the_form_is_throttled_too_and_says_so_on_a_page(app):
    browser = in_process(app)
    statuses = []
    for _ in range(4):
        answer = send_form(browser, "/login", credentials("bob") | WRONG, page="/login")
        statuses.append(answer.status_code)
    assert statuses == [401, 401, 401, 429]
    assert "Too many attempts" in answer.text
    assert "Retry-After" in answer.headers


def test_the_current_password_cannot_be_guessed_on_the_account_page(app):
    bob = log_in(app, "bob")
    new = "a quite different password"
    form = {"current_password": "a guess at it", "new_password": new, "again": new}
    statuses = [send_form(bob, "/account/password", form).status_code for _ in range(4)]
    assert statuses == [422, 422, 422, 429]
    assert bob.get("/account", headers=PAGE).status_code == 200


def test_without_its_storage_a_login_is_a_503(app, monkeypatch):
    def away(*args, **kwargs):
        raise StorageError(ConnectionError("refused"))

    monkeypatch.setattr(FixedWindowRateLimiter, "hit", away)
    answer = attempt(app)
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_two_apps_do_not_share_their_counts(app, make_app):
    for _ in range(4):
        attempt(app, **WRONG)
    assert attempt(make_app()).status_code == 200
