"""The switch of `make test-mongo`: where the code asks for mongomock, it gets a server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pymongo
import pytest
import stand_in
from app.processes import PATIENCE, mongodb_in, needs_server

pytestmark = [pytest.mark.slow, needs_server]

ROOT = Path(__file__).parent.parent.parent

TRIED = """
import subprocess, sys
import pytest

SHOW = "import mongomock; print(mongomock.MongoClient.__mro__[1].__module__)"

def test_the_embedded_database_is_a_servers():
    import mongoengine
    from flasklogin_tutorial import create_app
    from flasklogin_tutorial.app.models import User

    client = create_app({"TESTING": True}).test_client()
    assert client.get("/?name=ada").status_code == 404
    database = User._get_db()
    assert User._get_collection().index_information()["name_1"]["unique"]
    assert database.client.list_database_names() == ["flasklogin"]
    print("server:", *database.client.address)

def test_each_client_finds_nothing_of_those_before_it():
    import mongomock

    one = mongomock.MongoClient()
    one["kept"]["things"].insert_one({"a": 1})
    assert one["kept"]["things"].count_documents({}) == 1
    assert mongomock.MongoClient()["kept"]["things"].count_documents({}) == 0
    one.close()

def test_a_program_is_on_the_server_too():
    done = subprocess.run([sys.executable, "-c", SHOW], capture_output=True, text=True)
    print("program:", done.stdout)

@pytest.mark.mongomock("a reason")
def test_what_is_about_mongomock_is_left_out():
    raise AssertionError
"""

NOTEBOOK = """
import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

def said(text):
    return [new_output("stream", name="stdout", text=text)]

cells = [
    new_code_cell("import mongomock\\nprint(mongomock.MongoClient.__mro__[1].__module__)"),
    new_code_cell("1 / 0"),
    new_code_cell("print(2)", outputs=said("1\\n")),
]
for cell in cells:
    cell["execution_count"] = 1
cells[0]["outputs"] = said("pymongo.synchronous.mongo_client\\n")
cells[1]["metadata"]["tags"] = ["mongomock"]
cells[2]["metadata"]["tags"] = ["mongomock-output"]
nbformat.write(new_notebook(cells=cells), "shown.ipynb")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run a server that somebody names, so that what is left there can be looked at."""
    mongodb = mongodb_in(tmp_path_factory.mktemp("server"))
    with mongodb():
        yield mongodb.uri


@pytest.fixture
def run(tmp_path, server):
    """Give a function that runs pytest in a folder of its own, with the switch of this project."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in (stand_in.SERVER, stand_in.PREFIX, "PYTHONPATH")
    }

    def pytest_on(*arguments, **more):
        (tmp_path / "test_tried.py").write_text(TRIED, "utf-8")
        for name, here, there in (
            ("conftest.py", 'Path(__file__).parent / "tests"', f'Path(r"{ROOT / "tests"}")'),
            ("pyproject.toml", "tests/sanitize.cfg", (ROOT / "tests" / "sanitize.cfg").as_posix()),
        ):
            text = (ROOT / name).read_text("utf-8")
            assert here in text
            (tmp_path / name).write_text(text.replace(here, there), "utf-8")
        subprocess.run([sys.executable, "-c", NOTEBOOK], cwd=tmp_path, check=True)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rP", "-s"]
        return subprocess.run(
            [*command, *arguments],
            cwd=tmp_path,
            env=clean | more,
            capture_output=True,
            text=True,
            timeout=5 * PATIENCE,
        )

    return pytest_on


def test_everything_is_on_the_server_that_is_named_and_nothing_stays_there(run, server):
    done = run("--mongodb", "test_tried.py", "shown.ipynb", MONGODB_URI=server)
    assert done.returncode == 0, done.stdout
    assert re.search(r"on a server: (MongoDB|SecantusDB) \d", done.stdout)
    host, port = server.removeprefix("mongodb://").split(":")
    assert f"server: {host} {port}" in done.stdout
    assert "program: pymongo.synchronous.mongo_client" in done.stdout
    assert "5 passed, 2 skipped" in done.stdout
    with pymongo.MongoClient(server) as client:
        assert not [name for name in client.list_database_names() if name.startswith("tests_")]


def test_without_a_name_it_starts_a_server_itself(run, server):
    done = run("--mongodb", "test_tried.py", MONGODB_URI="")
    assert done.returncode == 0, done.stdout
    port = server.rpartition(":")[2]
    assert re.search(r"server: 127\.0\.0\.1 \d+", done.stdout)
    assert f"server: 127.0.0.1 {port}" not in done.stdout
    assert "3 passed, 1 skipped" in done.stdout


def test_without_the_switch_it_is_mongomock(run):
    done = run("test_tried.py", "-k", "program or mongomock")
    assert "program: builtins" in done.stdout, done.stdout  # what mongomock's client derives from
    assert "on a server" not in done.stdout
    assert "1 failed, 1 passed" in done.stdout  # nothing is left out
