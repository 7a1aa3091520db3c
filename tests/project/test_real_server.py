"""The article's complete app on a MongoDB server instead of the embedded database.

The server is SecantusDB, or the one that the environment variable MONGODB_URI names. Every test
has a database of its own, which is dropped afterwards.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pymongo
import pytest

from flasklogin_tutorial.lab import check, new_app, serve, trace
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import in_process

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
ADA = {"name": "ada", "password": "lovelace", "email": "ada@example.org"}
BOB = {"name": "bob", "password": "builder", "email": "bob@example.org"}
LOGIN = {"username": "ada", "password": "lovelace"}

#: Seconds that a process may take before it counts as stuck.
PATIENCE = 60


@pytest.fixture(scope="module")
def uri(tmp_path_factory):
    """Give the address of the server, which is started for these tests if none is named."""
    if "MONGODB_URI" in os.environ:
        yield os.environ["MONGODB_URI"]
        return
    if importlib.util.find_spec("secantus") is None:
        pytest.skip(
            "SecantusDB has no wheel for this Python or machine, and MONGODB_URI names no server"
        )
    place = tmp_path_factory.mktemp("secantus")
    with subprocess.Popen(
        [sys.executable, "-m", "secantus", "--port", "0", "--storage-path", str(place / "data")],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        try:
            yield f"mongodb://{wait_for_address(server)}"
        finally:
            server.terminate()


def wait_for_address(server):
    said = []
    for line in server.stdout:
        said.append(line)
        found = re.search(r"listening on (\S+:\d+)", line)
        if found:
            return found[1]
    return pytest.fail(f"the server did not start:\n{''.join(said)}")


@pytest.fixture
def database(uri):
    """Connect to a database that no other test uses."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with pymongo.MongoClient(uri) as client:
        yield client[name]
        client.drop_database(name)


@pytest.fixture
def settings(uri, database):
    """Say where the database is, as a reader would."""
    return {"host": urlsplit(uri)._replace(path=f"/{database.name}").geturl()}


def make_app(settings=None):
    """Make the app of the last step, on the server or else on the embedded database."""
    return new_app(lambda: step06.create_app(settings and {"MONGODB_SETTINGS": settings}))


def test_the_app_works_from_the_first_user_to_the_logout(settings, database, add_user):
    app = make_app(settings)
    add_user(app, **ADA)
    with serve(app) as ada, serve(app) as stranger:
        assert stranger.put("/", json=BOB, allow_redirects=False).is_redirect
        assert ada.post("/login", json=LOGIN).json() == {"name": "ada", "email": ADA["email"]}
        assert ada.put("/", json=BOB).json() == {"name": "bob", "email": BOB["email"]}
        ada.post("/", json=BOB | {"email": "new@example.org"})
        assert stranger.get("/?name=bob").json()["email"] == "new@example.org"
        assert database["user"].find_one({"name": "bob"})["email"] == "new@example.org"
        ada.delete("/", json={"name": "bob"})
        assert stranger.get("/?name=bob").json() == {"error": "data not found"}
        assert ada.post("/user_info").json()["data"]["name"] == "ada"
        ada.post("/logout")
        assert ada.post("/user_info").json()["result"] == 401
    assert [document["name"] for document in database["user"].find()] == ["ada"]


def test_the_app_passes_every_check(settings, database):
    result = check(make_app(settings), step=6)
    assert result, repr(result)
    assert "user" in database.list_collection_names()


EXCHANGES = {
    "a wrong password": ("POST", "/login", LOGIN | {"password": "wrong"}),
    "the right password": ("POST", "/login", LOGIN),
    "user_info": ("POST", "/user_info", None),
    "create": ("PUT", "/", BOB),
    "update": ("POST", "/", BOB | {"email": "new@example.org"}),
    "read": ("GET", "/?name=bob", None),
    "read what is not there": ("GET", "/?name=eve", None),
    "delete": ("DELETE", "/", {"name": "bob"}),
    "a query operator": ("DELETE", "/", {"name": {"$ne": None}}),
    "a deleted user": ("POST", "/user_info", None),
    "logout": ("POST", "/logout", None),
    "a stranger": ("PUT", "/", BOB),
}


def traces_of(app, add_user):
    add_user(app, **ADA)
    with serve(app) as ada:
        return {
            name: trace(ada).request(method, path, json=body)
            for name, (method, path, body) in EXCHANGES.items()
        }


def without_ids(text):
    return re.sub(r"…[0-9a-f]{4}", "…id", text)


def test_a_trace_shows_the_same_operations_as_with_the_embedded_database(settings, add_user):
    embedded = traces_of(make_app(), add_user)
    served = traces_of(make_app(settings), add_user)
    for name in EXCHANGES:
        shown = [[without_ids(one) for one in t[name].operations] for t in (served, embedded)]
        assert shown[0] == shown[1], name
    assert sum(len(one.operations) for one in served.values()) == 18


def test_a_trace_draws_the_same_as_with_the_embedded_database(settings, add_user):
    embedded = traces_of(make_app(), add_user)
    served = traces_of(make_app(settings), add_user)
    for name in EXCHANGES:
        assert without_ids(repr(served[name])) == without_ids(repr(embedded[name]))


def run_with(settings, *command):
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"FLASK_MONGODB_SETTINGS": json.dumps(settings)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


LOG_IN_ELSEWHERE = """
from flasklogin_tutorial.visit import in_process
from flasklogin_tutorial.steps.step06_logout_and_user_info import create_app

ada = in_process(create_app())
print(ada.post("/login", json={"username": "ada", "password": "lovelace"}).json()["email"])
"""


def test_a_user_from_the_command_line_can_log_in_from_another_process(settings, monkeypatch):
    user = ["ada", "ada@example.org", "--password", "lovelace"]
    said = run_with(settings, "-m", "flask", "--app", step06.__name__, "add-user", *user)
    assert said == "added ada\n"

    assert run_with(settings, "-c", LOG_IN_ELSEWHERE) == "ada@example.org\n"

    ada = in_process(make_app(settings))
    assert ada.post("/login", json=LOGIN).json()["name"] == "ada"

    monkeypatch.setenv("FLASK_MONGODB_SETTINGS", json.dumps(settings))
    ada = in_process(make_app())
    assert ada.post("/login", json=LOGIN).json()["name"] == "ada"


def test_a_server_that_is_away_is_named_in_the_answer_and_in_the_trace():
    nowhere = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"
    with serve(make_app({"host": nowhere})) as ada:
        seen = trace(ada).get("/?name=ada")
    assert seen.response.status_code == 500
    assert type(seen.response.visit.error).__name__ == "ServerSelectionTimeoutError"
    assert "ServerSelectionTimeoutError" in seen.events[-2].text


@pytest.mark.parametrize("notebook", ["16_on_a_database_server", "16b_go_live"])
def test_the_last_lesson_has_the_same_outputs_on_a_server_and_leaves_nothing_behind(uri, notebook):
    with pymongo.MongoClient(uri) as client:
        before = client.list_database_names()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", f"notebooks/{notebook}.ipynb"],
            cwd=ROOT,
            env=os.environ | {"MONGODB_URI": uri},
            capture_output=True,
            text=True,
            timeout=5 * PATIENCE,
        )
        assert done.returncode == 0, done.stdout
        after = client.list_database_names()
    # The throttle's counters, which end by themselves, are in a database that limits names.
    assert set(after) - {"limits"} == set(before) - {"limits"}


def test_checks_of_a_broken_app_leave_nothing_for_the_right_one(settings, database):
    wrong = make_app(settings)
    wrong.login_manager.user_loader(lambda user_id: None)
    for _ in range(7):
        assert not check(wrong, step=6)
    assert database["user"].count_documents({}) == 0
    right = step06.create_app({"MONGODB_SETTINGS": settings})
    result = check(right, step=6)
    assert result, repr(result)
    assert database["user"].count_documents({}) == 0
