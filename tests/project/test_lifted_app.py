"""The folder of the finished app works elsewhere, under another name, without the course.

The environment has the packages that requirements/production.txt names and no others. They are not
downloaded: each is a link to the one that runs the tests, so this needs no network and a second.
That pip finds the pinned versions themselves is for the tests of the locks.
"""

import gzip
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import requests
from app.processes import PATIENCE, environment, free_port, mongodb_in, running
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
APP = ROOT / "flasklogin_tutorial" / "app"
LOCK = ROOT / "requirements" / "production.txt"

ADA = {"username": "ada", "password": "four words are enough"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="the links are for Unix"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Give a folder with the app as myapp, and beside it an environment for it alone."""
    place = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(APP, place / "myapp", ignore=shutil.ignore_patterns("__pycache__"))
    venv.create(place / "env", symlinks=True)
    (packages,) = (place / "env").glob("lib/python*/site-packages")
    for line in re.findall(r"^([\w.-]+==.*?) *\\?$", LOCK.read_text("utf-8"), re.MULTILINE):
        pin = Requirement(line)
        if pin.marker is None or pin.marker.evaluate():
            link(importlib.metadata.distribution(pin.name), packages)
    return place


def link(distribution, packages):
    for name in {path.parts[0] for path in distribution.files} - {"..", "__pycache__"}:
        (packages / name).symlink_to(distribution.locate_file(name))


@pytest.fixture(scope="module")
def python(place):
    """Give a function that runs the environment's Python beside the app."""
    program = str(place / "env" / "bin" / "python")

    def run(*arguments, typed=None, **variables):
        return subprocess.run(
            [program, *arguments],
            cwd=place,
            env=environment(**variables),
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    run.program = program
    return run


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Run a MongoDB server, and give the settings of an app that uses it."""
    pytest.importorskip("secantus", reason="SecantusDB is not installed, so there is no server")
    mongodb = mongodb_in(tmp_path_factory.mktemp("secantus"))
    with mongodb():
        yield {
            "FLASKLOGIN_MONGODB_URI": f"{mongodb.uri}/myapp",
            "FLASKLOGIN_SECRET_KEY": "0123456789abcdef" * 4,
            "FLASKLOGIN_HTTPS": "false",
        }


def test_the_environment_has_nothing_of_the_course(python):
    for name in ("flasklogin_tutorial", "mongomock", "requests", "pytest"):
        assert "ModuleNotFoundError" in python("-c", f"import {name}").stderr, name
    assert python("-c", "import flask, myapp").stderr == ""


def test_without_a_server_it_says_what_to_set_or_to_install(python):
    done = python("-m", "flask", "--app", "myapp", "run")
    assert done.returncode == 1
    assert "FLASKLOGIN_MONGODB_URI" in done.stderr
    assert "pip install mongomock" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_runs_and_lets_people_log_in(python, place, settings):
    flask, port = ["-m", "flask", "--app", "myapp"], free_port()
    add = ["users", "add", "ada", "--email", "ada@example.org", "--admin", "--password-stdin"]
    done = python(*flask, *add, typed=ADA["password"], **settings)
    assert "added ada, an administrator" in done.stdout, done.stderr
    command = [python.program, *flask, "run", "--port", str(port)]
    with running(command, "Running on", place / "log.txt", **settings):
        address = f"http://127.0.0.1:{port}"
        page = requests.get(f"{address}/login", timeout=PATIENCE)
        browser = requests.Session()
        answer = browser.post(f"{address}/login", json=ADA, timeout=PATIENCE)
        account = browser.get(f"{address}/account", headers={"Accept": "text/html"}, timeout=30)
        style = requests.get(f"{address}/static/style.css", timeout=PATIENCE)
    assert page.status_code == 200
    assert re.search("<title>Log in . myapp</title>", page.text)
    assert answer.json() == {"name": "ada", "email": "ada@example.org"}
    assert "ada@example.org" in account.text
    assert style.ok
    assert "Traceback" not in (place / "log.txt").read_text("utf-8")


def test_its_commands_and_its_api_call_it_by_its_name_there(python, settings):
    flask = ["-m", "flask", "--app", "myapp"]
    said = python(*flask, "demo", **settings).stderr
    assert "flask --app myapp users add NAME" in said
    named = python(*flask, "openapi", **settings, FLASKLOGIN_SERVICE_NAME="123")
    assert json.loads(python(*flask, "openapi", **settings).stdout)["info"]["title"] == "myapp"
    assert json.loads(named.stdout)["info"]["title"] == "123"


def test_no_file_of_the_app_names_the_course():
    for path in APP.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            content = path.read_bytes()
            text = gzip.decompress(content) if path.suffix == ".gz" else content
            assert b"flasklogin_tutorial" not in text, path
