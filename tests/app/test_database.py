"""The database: one for a process, its indexes, and what happens while it is away."""

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import mongoengine
import mongomock
import pytest
from mongomock.collection import Collection
from pymongo.errors import AutoReconnect

from flasklogin_tutorial.app.config import BadConfig
from flasklogin_tutorial.app.models import ApiToken, Login, User
from flasklogin_tutorial.visit import in_process

from .conftest import credentials, log_in, populate, who


def named(database):
    return {
        "db": database,
        "host": "mongodb://localhost",
        "mongo_client_class": mongomock.MongoClient,
        "tz_aware": True,
    }


def test_a_second_app_with_the_same_database_is_fine(make_app):
    populate(make_app())
    second = make_app()
    assert second.test_client().get("/?name=ada").status_code == 200


def test_a_second_app_with_another_database_is_a_clear_error(make_app):
    make_app(MONGODB_SETTINGS=named("first"))
    with pytest.raises(BadConfig, match="another database"):
        make_app(MONGODB_SETTINGS=named("second"))


def test_after_disconnecting_another_database_is_really_used():
    """In a process of its own: the steps, which tests load, have documents of the same name."""
    program = """
import mongoengine, mongomock
from flasklogin_tutorial.app import create_app
from flasklogin_tutorial.app.models import User

def make(database):
    client = {"mongo_client_class": mongomock.MongoClient}
    settings = {"db": database, "host": "mongodb://localhost", **client}
    return create_app({"TESTING": True, "MONGODB_SETTINGS": settings})

make("first")
User(name="ada").save()
mongoengine.disconnect_all()
assert make("second").test_client().get("/?name=ada").status_code == 404
assert User._get_db().name.endswith("second")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_document_cannot_be_sent_as_json_by_mistake(app):
    with app.app_context(), pytest.raises(TypeError):
        app.json.dumps(User.objects.first())


# ---- the indexes


def test_names_and_tokens_are_unique_and_what_is_over_is_deleted_by_the_database(app):
    users = User._get_collection().index_information()
    assert users["name_1"]["unique"]
    for document in (Login, ApiToken):
        indexes = document._get_collection().index_information()
        assert indexes["token_hash_1"]["unique"]
        assert indexes["until_1"]["expireAfterSeconds"] == 0
        assert "user_1" in indexes


def test_the_indexes_are_made_by_the_first_request_that_needs_the_database(make_app):
    app = make_app()
    client = app.test_client()
    assert client.get("/openapi.json").status_code == 200
    assert "name_1" not in User._get_collection().index_information()
    client.get("/?name=ada")
    assert User._get_collection().index_information()["name_1"]["unique"]


@pytest.mark.parametrize("names", [["ada"], ["ada", "ada"], ["ada", "ADA"]])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_users_whose_names_were_not_compared_are_a_503_that_says_what_to_do(
    make_app, caplog, names, accept
):
    app = make_app()
    ids = User._get_collection().insert_many([{"name": name} for name in names]).inserted_ids
    for path in ("/?name=ada", "/login"):
        answer = app.test_client().get(path, headers={"Accept": accept})
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert "users check-names --mend" in answer.text
    assert caplog.text.count("users check-names") == 1  # however many ask
    User._get_collection().delete_many({"_id": {"$in": ids[1:]}})
    run = app.test_cli_runner().invoke
    assert run(args=["users", "promote", "ada"]).exit_code == 1
    assert run(args=["users", "check-names", "--mend"]).exit_code == 0
    assert app.test_client().get("/?name=ada").status_code == 200  # without a restart


def test_no_two_users_can_be_stored_with_one_key(app):
    names = User._get_collection().index_information()
    assert names["name_key_1"]["unique"]
    assert names["name_looks_1"]["unique"]
    with pytest.raises(mongoengine.NotUniqueError):
        User(name="ADA").save()
    with pytest.raises(mongoengine.ValidationError, match="cannot be seen"):
        User(name="a\u200bda").save()


# ---- the database away

NOWHERE = {
    "host": "mongodb://127.0.0.1:1/app",
    "connect": False,
    "serverSelectionTimeoutMS": 50,
    "tz_aware": True,
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/?name=ada"),
        ("PUT", "/"),
        ("POST", "/login"),
        ("POST", "/user_info"),
        ("GET", "/account"),
        ("GET", "/login/passkey"),
        ("GET", "/healthz"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_without_a_database_everything_is_a_503_with_retry_after(make_app, method, path, accept):
    browser = in_process(make_app(MONGODB_SETTINGS=NOWHERE, PASSKEYS=True))
    answer = browser.request(
        method,
        path,
        json=credentials("ada") if method != "GET" else None,
        headers={"Accept": accept},
    )
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "127.0.0.1:1" not in answer.text
    is_page = accept == "text/html" and method == "GET"
    assert answer.headers["Content-Type"].startswith("text/html" if is_page else "application/json")


def test_the_api_description_needs_no_database(make_app):
    assert in_process(make_app(MONGODB_SETTINGS=NOWHERE)).get("/openapi.json").status_code == 200


def test_a_database_that_goes_and_comes_back_needs_no_restart(app, bob, monkeypatch):
    def away(*args, **kwargs):
        raise AutoReconnect("connection closed")

    with monkeypatch.context() as broken:
        collection = type(User._get_collection())
        broken.setattr(collection, "aggregate", away)
        broken.setattr(collection, "find", away)
        assert bob.post("/user_info").status_code == 503
        assert bob.post("/login", json=credentials("bob")).status_code == 503
        assert bob.get("/account", headers={"Accept": "text/html"}).status_code == 503
    assert bob.post("/user_info").status_code == 200


# ---- a real server


@pytest.fixture
def server(tmp_path):
    """Give a function that starts a MongoDB server on one port, again after it was stopped."""
    pytest.importorskip("secantus", reason="SecantusDB has no wheel for this Python or machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = []

    def start():
        command = [sys.executable, "-m", "secantus", "--port", str(port)]
        process = subprocess.Popen(
            [*command, "--storage-path", str(tmp_path / "data")],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(process)
        for line in process.stdout:
            if "listening on" in line:
                return process
        raise AssertionError("the server did not start")

    start.uri = f"mongodb://127.0.0.1:{port}/app"
    yield start
    mongoengine.disconnect_all()
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def test_an_app_that_starts_before_its_server_works_as_soon_as_there_is_one(make_app, server):
    app = make_app(MONGODB_SETTINGS=NOWHERE | {"host": server.uri})
    browser = in_process(app)
    assert browser.get("/healthz").status_code == 503
    process = server()
    deadline = time.monotonic() + 30
    while browser.get("/healthz").status_code != 200:
        assert time.monotonic() < deadline, "the app did not recover"
    populate(app)
    assert User._get_collection().index_information()["name_1"]["unique"]
    ada = log_in(app, "ada")
    assert who(ada) == "ada"
    assert ada.put("/", json=GRACE).status_code == 201
    assert ada.put("/", json=GRACE).status_code == 409
    process.kill()
    process.wait()
    assert ada.post("/user_info").status_code == 503
    server()
    while ada.post("/user_info").status_code == 503:
        assert time.monotonic() < deadline, "the app did not recover"
    assert ada.post("/user_info").status_code in (200, 401)  # a killed server may lose a login


GRACE = {"name": "grace", "password": "compilers are my hobby", "email": "grace@example.org"}


@pytest.mark.mongomock("a server finds and changes in one step by itself")
@pytest.mark.parametrize("deed", ["change", "delete"])
def test_of_two_threads_that_use_one_record_one_finds_it(app, monkeypatch, deed):
    """The embedded database looks first and changes afterwards; here others come in between."""
    find = Collection.find

    def find_and_wait(*args, **named):
        found = list(find(*args, **named))
        time.sleep(0.05)
        return iter(found)

    users, unused = User._get_collection(), {"name": "bob", "totp_step": None}

    def use(_):
        if deed == "change":
            return bool(users.find_one_and_update(unused, {"$set": {"totp_step": 5}}))
        return bool(users.delete_one(unused).deleted_count)

    monkeypatch.setattr(Collection, "find", find_and_wait)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(4))) == [False, False, False, True]
