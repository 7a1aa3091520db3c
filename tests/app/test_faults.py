"""A database that is killed or answers nothing, on a real socket."""

import importlib.util
import signal
import sys
import uuid

import pytest
from werkzeug.test import Client

from .conftest import credentials, populate
from .processes import mongodb_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows stops no process"),
    pytest.mark.skipif(
        importlib.util.find_spec("secantus") is None,
        reason="SecantusDB is not installed, so there is no server that can be killed",
    ),
]

NEW = "another four good words"


@pytest.fixture
def mongodb(tmp_path):
    """Give a function that runs a MongoDB server, with the same data each time."""
    return mongodb_in(tmp_path)


@pytest.fixture
def make_live_app(make_app, mongodb):
    uri = f"{mongodb.uri}/test_{uuid.uuid4().hex}"
    return lambda: make_app(MONGODB_URI=uri)


def log_in(app, name, **more):
    client = Client(app)
    return client, client.post("/login", json=credentials(name) | more).status_code


def test_what_was_answered_is_there_after_the_server_was_killed(make_live_app, mongodb):
    names = ("ada", "bob", "cy")
    with mongodb() as server:
        app = populate(make_live_app())
        clients = [log_in(app, name)[0] for name in names]
        for name, client in zip(names, clients, strict=True):
            body = {"name": name, "password": f"{NEW} of {name}"}
            assert client.post("/", json=body).status_code == 200
        server.send_signal(signal.SIGKILL)
        server.wait()
    with mongodb():
        for name in names:
            assert log_in(app, name, password=f"{NEW} of {name}")[1] == 200
            assert log_in(app, name)[1] == 401


def test_a_server_that_answers_nothing_is_a_503_and_no_endless_wait(make_live_app, mongodb):
    with mongodb() as server:
        app = populate(make_live_app())
        bob, status = log_in(app, "bob")
        assert status == 200
        server.send_signal(signal.SIGSTOP)
        try:
            answers = [
                bob.post("/user_info"),
                bob.post("/login", json=credentials("bob")),
                Client(app).get("/?name=bob"),
            ]
        finally:
            server.send_signal(signal.SIGCONT)
        assert [answer.status_code for answer in answers] == [503] * 3
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
        assert bob.post("/user_info").json["data"]["name"] == "bob"
