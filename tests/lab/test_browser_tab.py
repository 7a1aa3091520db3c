"""In a browser tab the finished app counts without threads, whoever makes it there."""

import sys
import threading

import pytest
from limits import parse
from limits.strategies import FixedWindowRateLimiter

import flasklogin_tutorial
from flasklogin_tutorial.lab import new_app
from flasklogin_tutorial.lab.browser_tab import UnthreadedStorage

pytestmark = pytest.mark.mongomock("a browser tab reaches no server, and the driver needs threads")


@pytest.fixture
def tab(monkeypatch):
    """Make this Python look like the one in a browser tab, which has no threads."""

    def start(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setenv("FLASKLOGIN_RATELIMIT_STORAGE_URI", "")
    monkeypatch.delenv("FLASKLOGIN_RATELIMIT_STORAGE_URI")  # and puts back what was there
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(threading.Thread, "start", start)
    return monkeypatch


def test_in_a_tab_logins_are_counted_without_a_thread(tab):
    settings = {"TESTING": True, "SIGN_IN_LIMIT_PER_NAME": "2 per hour"}
    client = new_app(flasklogin_tutorial.create_app, settings).test_client()
    given = {"username": "ada", "password": "not the password"}
    statuses = [client.post("/login", json=given).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]


def test_a_storage_that_was_chosen_stays(tab):
    tab.setenv("FLASKLOGIN_RATELIMIT_STORAGE_URI", "nowhere://")
    with pytest.raises(Exception, match="nowhere"):
        flasklogin_tutorial.create_app()


def test_elsewhere_the_app_counts_as_its_setting_says(monkeypatch):
    monkeypatch.delenv("FLASKLOGIN_RATELIMIT_STORAGE_URI", raising=False)
    app = new_app(flasklogin_tutorial.create_app, {"TESTING": True})
    assert app.config["RATELIMIT_STORAGE_URI"] == "memory://"


def test_the_storage_counts_and_forgets():
    storage = UnthreadedStorage()
    strategy = FixedWindowRateLimiter(storage)
    limit = parse("2 per minute")
    assert [strategy.hit(limit, "x") for _ in range(3)] == [True, True, False]
    assert not strategy.test(limit, "x")
    assert storage.reset() == 1
    assert strategy.hit(limit, "x")
    assert storage.check()
