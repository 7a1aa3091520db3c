"""Each step stands alone: it is configured, run and imported by itself."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from mongomock import MongoClient

from flasklogin_tutorial.visit import in_process

from .article import ADA, LOGIN, NOT_FOUND, add, each_step, module_of, number_of, public, start

ROOT = Path(__file__).parent.parent.parent

#: Seconds that a server may take to start before it counts as broken.
PATIENCE = 60


# ---- configuration


@each_step()
def test_what_create_app_is_given_wins_over_the_environment_and_the_environment_over_the_file(
    name, monkeypatch
):
    before = start(name).config
    assert before["SECRET_KEY"] == (None if number_of(name) < LOGIN else "some key")
    monkeypatch.setenv("FLASK_SECRET_KEY", "from the environment")
    monkeypatch.setenv("FLASK_SESSION_COOKIE_NAME", "from_the_environment")
    config = start(name, {"SESSION_COOKIE_NAME": "given"}).config
    assert config["SECRET_KEY"] == "from the environment"
    assert config["SESSION_COOKIE_NAME"] == "given"


def on_database(name, database):
    """Make an app of a step on an embedded database with a name of its own."""
    chosen = {"db": database, "host": "mongodb://localhost", "mongo_client_class": MongoClient}
    return start(name, {"MONGODB_SETTINGS": chosen})


@each_step()
def test_the_database_can_be_chosen(name):
    add(on_database(name, "chosen"), ADA)
    assert module_of(name).User._get_collection().database.name.endswith("chosen")


@each_step()
def test_a_second_app_finds_the_records_of_the_first_whichever_database_it_is_given(name):
    add(on_database(name, "first"), ADA)
    assert in_process(on_database(name, "second")).get("/?name=ada").json() == public(ADA)


# ---- a step stands alone


def clean_environment():
    """Return the environment without settings for Flask."""
    return {key: value for key, value in os.environ.items() if not key.startswith("FLASK_")}


@each_step()
def test_a_step_runs_by_itself(name, tmp_path):
    log = tmp_path / "log.txt"
    command = [sys.executable, "-m", "flask", "--app", f"flasklogin_tutorial.steps.{name}"]
    with (
        log.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            [*command, "run", "--port", "0"],  # the system picks a free one
            cwd=ROOT,
            env=clean_environment() | {"PYTHONUNBUFFERED": "1"},
            stdout=stream,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            address = wait_for_address(server, log)
            answer = requests.get(f"{address}/?name=ada", timeout=PATIENCE)
        finally:
            server.kill()
    assert (answer.status_code, answer.json()) == (200, NOT_FOUND)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)


def wait_for_address(server, log):
    """Return the address on which a server says that it runs."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        said = re.search(r"Running on (http://\S+)", log.read_text(encoding="utf-8"))
        if said:
            return said[1]
        time.sleep(0.05)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


IMPORT = """
import importlib, socket, sys, threading
import mongoengine.connection as connection, mongomock

def refuse(*args, **kwargs):
    raise AssertionError("work at import")

importlib.import_module("flask_mongoengine")
socket.socket.connect = mongomock.MongoClient.__init__ = threading.Thread.start = refuse
module = importlib.import_module("flasklogin_tutorial.steps." + sys.argv[1])
assert not connection._connection_settings and not connection._connections, "a connection"
assert not [name for name, value in vars(module).items() if type(value).__name__ == "Flask"], "app"
loaded = {name for name in sys.modules if name.startswith("flasklogin_tutorial.")}
assert loaded == {"flasklogin_tutorial.steps", module.__name__}, loaded
"""


@each_step()
def test_importing_a_step_does_no_work_and_loads_nothing_else_of_the_course(name):
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, name],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
