"""The sign-in throttle: it slows guessing down, and keeps nobody out for good."""

import subprocess
import sys

import pytest
from limits.errors import StorageError
from limits.strategies import FixedWindowRateLimiter
from werkzeug.test import Client

from flasklogin_tutorial.app import passwords, throttle
from flasklogin_tutorial.lab.browser_tab import UnthreadedStorage
from flasklogin_tutorial.visit import in_process

from .conftest import (
    PAGE,
    PASSWORDS,
    credentials,
    log_in,
    populate,
    send_form,
    snapshot,
    thief_of,
)

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


def test_guesses_from_one_network_of_ipv6_are_counted_together(app):
    statuses = [
        attempt(app, f"name{n}", address=f"2001:db8:0:1::{n:x}", **WRONG).status_code
        for n in range(10)
    ]
    assert statuses == [401] * 8 + [429] * 2
    assert attempt(app, address="2001:db8:0:2::1").status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8:0:0:ffff::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        (None, "unknown"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("203.0.113.7:80", "unknown"),
    ],
)
def test_what_an_address_is_counted_under(address, network):
    assert throttle.network_of(address) == network


def test_what_is_too_much_for_an_address_shuts_no_user_out(app):
    for n in range(8):
        attempt(app, f"name{n}", **WRONG)
    assert [attempt(app, **WRONG).status_code for _ in range(5)] == [429] * 5
    assert attempt(app, address="203.0.113.2").status_code == 200


def test_one_visitor_makes_no_counters_without_end(app):
    for n in range(300):
        attempt(app, f"name{n}", **WRONG)
    counters = len(counted(app))
    # One of the address, and two for each attempt that was looked at.
    assert counters == 1 + 2 * 8


def counted(app):
    storage = app.extensions["sign_in_limiter"].limiter.storage
    return storage._counts if isinstance(storage, UnthreadedStorage) else storage.storage


def test_many_visitors_make_no_counters_without_end(make_app, monkeypatch):
    monkeypatch.setattr(throttle, "MOST_COUNTERS", 50)
    app = populate(make_app())
    for n in range(100):
        attempt(app, f"name{n}", address=f"203.0.113.{n}", **WRONG)
    assert len(counted(app)) <= 50
    assert attempt(app).status_code == 200


def test_a_right_password_forgives_no_guess_from_elsewhere(app):
    guessed = []
    for n in range(6):
        guessed.append(attempt(app, address=f"203.0.113.{n}", **WRONG).status_code)
        attempt(app, address="198.51.100.1")  # a program that logs in again and again
    assert guessed == [401] * 3 + [429] * 3


def test_a_program_that_logs_in_often_is_not_slowed_down(app):
    statuses = [attempt(app, address="198.51.100.1").status_code for _ in range(8)]
    assert statuses == [200] * 8


def test_new_passwords_are_counted_by_who_asks(make_app):
    app = populate(make_app(NEW_PASSWORD_LIMIT="2 per hour"))
    bob, cy = log_in(app, "bob"), log_in(app, "cy")
    weak = {"password": "passwordpassword"}
    body = {"name": "bob", "current_password": PASSWORDS["bob"], **weak}
    assert [bob.post("/", json=body).status_code for _ in range(3)] == [422, 422, 429]
    answer = bob.post("/", json=body)
    assert answer.json()["code"] == "too_many_passwords"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    body |= {"name": "cy", "current_password": PASSWORDS["cy"]}
    assert cy.post("/", json=body).status_code == 422
    assert bob.post("/", json={"name": "bob", "email": "bob@example.net"}).status_code == 200


def test_a_thief_does_not_use_up_the_new_passwords_of_the_owner(make_app):
    app = populate(make_app(NEW_PASSWORD_LIMIT="2 per hour"))
    body = {"name": "bob", "password": "a quite different password"}
    owner = log_in(app, "bob")
    thief = thief_of(owner, app)

    def guess():
        return thief.post("/", json=body | {"current_password": "a guess"}).status_code

    assert [guess() for _ in range(3)] == [422, 422, 429]
    assert send_form(thief, "/account/sign-out-everywhere").is_redirect
    assert guess() == 429  # the login has gone on in another, and is the same
    again = log_in(app, "bob")
    right = body | {"current_password": PASSWORDS["bob"]}
    assert again.post("/", json=right).status_code == 200


def test_all_logins_of_a_user_have_a_bound_too(make_app):
    app = populate(make_app(NEW_PASSWORD_LIMIT="2 per hour"))
    body = {"name": "bob", "password": "x", "current_password": "a guess"}
    statuses = []
    for _ in range(4):
        browser = log_in(app, "bob")
        statuses += [browser.post("/", json=body).status_code for _ in range(2)]
    assert statuses == [422] * 2 * throttle.LOGINS_COUNTED + [429] * 2


def test_and_by_the_page_too(make_app):
    app = populate(make_app(NEW_PASSWORD_LIMIT="1 per hour"))
    bob, weak = log_in(app, "bob"), "passwordpassword"
    form = {"current_password": PASSWORDS["bob"], "new_password": weak, "again": weak}
    sent = [send_form(bob, "/account/password", form) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [422, 429]
    assert "too many new passwords" in sent[1].text
    assert "Retry-After" in sent[1].headers


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


def test_the_current_password_cannot_be_guessed_on_the_account_page(make_app):
    app = populate(make_app(NEW_PASSWORD_LIMIT="3 per hour"))
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


#: Makes an app whose throttle is never used, drops it, and lets the garbage collector find it while
#: the driver starts threads.
DROPPED = """
import gc
from flasklogin_tutorial.app import create_app
from flasklogin_tutorial.app.throttle import _InMongoDB
opened = []
_InMongoDB._init_mongo_client = lambda *args, **options: opened.append(args)
app = create_app({"TESTING": True, "RATELIMIT_STORAGE_URI": "mongodb://127.0.0.1:1/counts"})
storage = app.extensions["sign_in_limiter"].limiter.storage
assert storage._database_name == "counts", storage._database_name
assert isinstance(storage, _InMongoDB)
app.extensions.clear()
del app, storage
gc.collect()
assert not opened, "a connection was opened to close it"
print("dropped")
"""


def test_an_app_that_is_dropped_opens_no_connection():
    done = subprocess.run(
        [sys.executable, "-c", DROPPED], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["dropped"]
    assert "Traceback" not in done.stderr
