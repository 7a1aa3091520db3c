"""Serving apps beside a notebook, and starting each one on an empty database."""

import gc
import os
import socket
import socketserver
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask

from flasklogin_tutorial.lab import serve
from flasklogin_tutorial.visit import Browser, server
from flasklogin_tutorial.visit.transport import InProcess

ROOT = Path(__file__).parent.parent.parent
ADA = {"name": "ada", "password": "lovelace", "email": "ada@example.org"}
BOB = {"name": "bob", "password": "builder", "email": "bob@example.org"}

#: Seconds that something may take before it counts as stuck.
PATIENCE = 60


def log_in(browser, record):
    body = {"username": record["name"], "password": record["password"]}
    assert browser.post("/login", json=body).json()["name"] == record["name"]


def port_of(browser):
    return urlsplit(browser.base_url).port


def is_refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.fixture
def hello():
    """Make a small app that says its name."""

    def make(name="hello"):
        app = Flask(name)
        app.add_url_rule("/", view_func=lambda: name, endpoint="hello")
        return app

    return make


# ---- the server


def test_a_server_listens_on_the_loopback_address_only(hello, monkeypatch):
    listening = []
    listen = socket.socket.listen

    def note(self, *args):
        listening.append(self.getsockname()[0])
        return listen(self, *args)

    monkeypatch.setattr(socket.socket, "listen", note)
    with serve(hello()) as browser:
        assert urlsplit(browser.base_url).hostname == "127.0.0.1"
        assert browser.get("/").text == "hello"
    assert listening == ["127.0.0.1"]


def test_each_app_gets_a_free_port(hello):
    with serve(hello("one")) as one, serve(hello("two")) as two:
        assert port_of(one) != port_of(two)
        assert (one.get("/").text, two.get("/").text) == ("one", "two")


def test_many_apps_are_served_in_one_process_and_each_answers_for_itself(hello):
    names = [f"app {number}" for number in range(12)]
    browsers = [serve(hello(name)) for name in names]
    try:
        assert [browser.get("/").text for browser in browsers] == names
    finally:
        for browser in browsers:
            browser.close()
    assert all(is_refused(port_of(browser)) for browser in browsers)


def test_two_browsers_of_an_app_visit_one_server_as_two_people(step_app, add_user):
    app = step_app("step06")
    add_user(app, **ADA)
    with serve(app) as ada, serve(app) as bob:
        assert ada.base_url == bob.base_url
        log_in(ada, ADA)
        assert ada.post("/user_info").json()["result"] == 200
        assert bob.post("/user_info").json()["result"] == 401


def test_the_server_ends_with_its_last_browser(hello):
    app = hello()
    one, two = serve(app), serve(app)
    port = port_of(one)
    one.close()
    assert two.get("/").text == "hello"
    two.close()
    assert is_refused(port)


def test_a_browser_that_is_closed_twice_and_thrown_away_counts_once(hello):
    app = hello()
    with serve(app) as one:
        two = serve(app)
        two.close()
        two.close()
        assert one.get("/").text == "hello"
        del two
        gc.collect()
        assert one.get("/").text == "hello"


def test_the_server_ends_when_the_last_browser_is_thrown_away(hello):
    browser = serve(hello())
    browser.get("/")
    port = port_of(browser)
    del browser
    gc.collect()
    assert is_refused(port)


def test_the_server_ends_also_when_its_own_thread_collects_the_last_browser(hello, monkeypatch):
    # Python collects garbage in whichever thread happens to run.
    collect = threading.Event()
    action = lambda self: gc.collect() if collect.is_set() else None  # noqa: E731
    monkeypatch.setattr(socketserver.BaseServer, "service_actions", action)
    others = set(threading.enumerate())
    browser = serve(hello())
    browser.itself = browser
    [thread] = set(threading.enumerate()) - others
    gc.disable()
    try:
        del browser
        collect.set()
        thread.join(10)
    finally:
        gc.enable()
    assert not thread.is_alive()


def test_an_app_can_be_served_again_after_its_server_has_ended(hello):
    app = hello()
    for _ in range(3):
        with serve(app) as browser:
            assert browser.get("/").text == "hello"
        assert is_refused(port_of(browser))


def test_a_closed_browser_says_that_nobody_answers(hello):
    with serve(hello()) as browser:
        pass
    with pytest.raises(requests.ConnectionError, match="refused"):
        browser.get("/")


def test_a_server_survives_a_view_that_raises(hello, capfd):
    app = hello()

    @app.get("/boom")
    def boom():
        raise RuntimeError("no more fuel")

    with serve(app) as browser:
        assert browser.get("/boom").status_code == 500
        assert browser.get("/").text == "hello"
    assert capfd.readouterr() == ("", "")


def test_serving_writes_nothing_into_the_notebook(hello, capfd):
    with serve(hello()) as browser:
        for path in ("/", "/nowhere"):
            browser.get(path)
    assert capfd.readouterr() == ("", "")


def test_the_answer_of_a_slow_view_does_not_hold_up_another_visitor(hello):
    app = hello()
    started, go_on = threading.Event(), threading.Event()

    @app.get("/slow")
    def slow():
        started.set()
        return f"waited: {go_on.wait(PATIENCE)}"

    with serve(app) as ada, serve(app) as bob, ThreadPoolExecutor(1) as other_thread:
        answer = other_thread.submit(bob.get, "/slow")
        assert started.wait(PATIENCE)
        assert ada.get("/").text == "hello"
        go_on.set()
        assert answer.result(PATIENCE).text == "waited: True"


def test_visitors_in_several_threads_stay_who_they_are(step_app, add_user):
    app = step_app("step06")
    people = [BOB | {"name": f"visitor {number}"} for number in range(8)]
    for person in people:
        add_user(app, **person)
    all_logged_in = threading.Barrier(len(people), timeout=PATIENCE)

    def visit(browser, person):
        log_in(browser, person)
        all_logged_in.wait()
        answers = [browser.post("/user_info").json() for _ in range(10)]
        return {answer["data"]["name"] for answer in answers}

    with ExitStack() as open_browsers, ThreadPoolExecutor(len(people)) as threads:
        browsers = [open_browsers.enter_context(serve(app)) for _ in people]
        seen = list(threads.map(visit, browsers, people))
    assert seen == [{person["name"]} for person in people]


@pytest.mark.mongomock("the driver of a server has threads and sockets")
def test_where_there_are_no_threads_the_app_is_called_directly(step_app, add_user, monkeypatch):
    monkeypatch.setattr(server, "can_start_threads", lambda: False)
    monkeypatch.setattr(threading.Thread, "start", lambda self: pytest.fail("a thread"))
    monkeypatch.setattr(socket, "socket", lambda *args, **kwargs: pytest.fail("a socket"))
    app = step_app("step06")
    add_user(app, **ADA)
    with serve(app) as ada, serve(app) as bob:
        log_in(ada, ADA)
        assert ada.post("/user_info").json()["result"] == 200
        assert bob.post("/user_info").json()["result"] == 401


@pytest.mark.parametrize(("platform", "can"), [("linux", True), ("emscripten", False)])
def test_a_browser_tab_is_known_by_its_platform(monkeypatch, hello, platform, can):
    monkeypatch.setattr(sys, "platform", platform)
    assert server.can_start_threads() is can
    with serve(hello()) as browser:
        without_server = isinstance(browser.get_adapter(browser.base_url), InProcess)
    assert without_server is not can


LEAVES_A_SERVER_RUNNING = """
from flasklogin_tutorial.lab import new_app, serve
from flasklogin_tutorial.steps.step06_logout_and_user_info import create_app

ada, bob = serve(new_app(create_app)), serve(create_app())
print(ada.get("/?name=ada").status_code, bob.get("/?name=ada").status_code)
cycle = [ada]
cycle.append(cycle)
"""


def test_python_ends_although_a_server_is_still_running():
    done = subprocess.run(
        [sys.executable, "-c", LEAVES_A_SERVER_RUNNING],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "200 200\n", "")


def test_a_served_app_is_visited_by_a_browser_that_is_a_requests_session(hello):
    with serve(hello()) as browser:
        assert isinstance(browser, Browser)
        assert isinstance(browser, requests.Session)
