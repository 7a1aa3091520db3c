"""The app as it runs in production: several gunicorn workers, forked from one process.

They share a MongoDB server of their own, which goes away and comes back.
"""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
import uuid

import pymongo
import pytest
import requests

from .processes import PATIENCE, mongodb_in, needs_gunicorn, needs_server, workers

pytestmark = [pytest.mark.slow, needs_gunicorn, needs_server]

PASSWORD = "four words are enough"
ADA = {"username": "ada", "password": PASSWORD}


@pytest.fixture(scope="module")
def mongodb(tmp_path_factory):
    """Give a function that runs a MongoDB server on one port, with the same data each time."""
    return mongodb_in(tmp_path_factory.mktemp("secantus"))


@pytest.fixture(scope="module")
def settings(mongodb):
    return {
        "FLASKLOGIN_MONGODB_URI": f"{mongodb.uri}/test_{uuid.uuid4().hex}",
        "FLASKLOGIN_SECRET_KEY": secrets.token_hex(),
        "FLASKLOGIN_HTTPS": "false",
        "FLASKLOGIN_RATELIMIT_STORAGE_URI": mongodb.uri,
        "PYTHONWARNINGS": "default",
    }


def test_workers_share_logins_and_the_throttle_and_outlive_the_database(
    mongodb, settings, tmp_path
):
    log = tmp_path / "gunicorn.txt"
    with mongodb():
        add = ["users", "add", "ada", "--email", "ada@example.org", "--password-stdin"]
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "flasklogin_tutorial", *add],
            input=PASSWORD,
            text=True,
            check=True,
            capture_output=True,
            env=os.environ | settings,
            timeout=PATIENCE,
        )
        with workers(settings, log) as address:
            ada = requests.Session()
            assert ada.post(f"{address}/login", json=ADA, timeout=PATIENCE).status_code == 200

            answered = [ask(ada, address, log) for _ in range(40)]
            assert {status for status, _ in answered} == {200}
            assert len({worker for _, worker in answered}) == 3, "one login, known to all workers"

            wrong = ADA | {"username": "grace", "password": "wrong"}
            tries = [
                requests.post(f"{address}/login", json=wrong, timeout=PATIENCE).status_code
                for _ in range(13)
            ]
            assert tries == [401] * 10 + [429] * 3, "ten tries in all, not ten for each worker"
    # The server is gone, and with it the fixture's process; the app's processes were ended too.
    with workers(settings, log) as address:
        away = ada.post(f"{address}/user_info", timeout=PATIENCE)
        assert away.status_code == 503
        assert int(away.headers["Retry-After"]) > 0
        with mongodb():
            deadline = time.monotonic() + PATIENCE
            while (back := ada.post(f"{address}/user_info", timeout=PATIENCE)).status_code == 503:
                assert time.monotonic() < deadline, "the database is back, and the app is not"
                time.sleep(0.2)
            assert back.json()["data"]["name"] == "ada"
    said = log.read_text("utf-8")
    assert "Traceback" not in said
    assert "opened before fork" not in said, "pymongo's warning about a client that was forked"


def ask(browser, address, log):
    """Ask who is logged in; return the status and the number of the worker that answered."""
    before = log.stat().st_size
    status = browser.post(f"{address}/user_info", timeout=PATIENCE).status_code
    deadline = time.monotonic() + PATIENCE
    while not (found := re.findall(r"worker <(\d+)> ", log.read_text("utf-8")[before:])):
        assert time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.01)
    return status, found[-1]


#: Raw requests that gunicorn lets through: the first line, what follows, and the status.
ODD = {
    "a host that is none": ("GET /login", b"Host: .\r\n\r\n", 400),
    "a host with an umlaut": ("GET /login", b"Host: \xe4.example\r\n\r\n", 400),
    "a host that only looks encoded": ("GET /account", b"Host: xn--zzzz99\r\n\r\n", 400),
    "no host": ("GET /login", b"\r\n", 200),
    "a chunk without a size": ("POST /login", b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    "a chunk below nothing": ("POST /login", b"Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
    "a part without a name": (
        "POST /login",
        b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 47\r\n\r\n"
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        400,
    ),
    "a body that breaks off": (
        "POST /login",
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na=b",
        400,
    ),
    "a path that nobody vouches for": ("GET /login", b"SCRIPT_NAME: /x\r\n\r\n", 200),
    "a cookie of odd bytes": ("GET /login", b"Cookie: session=\xff\xfe; =;\r\n\r\n", 200),
}


def send_raw(address, line, rest):
    """Send bytes, say that there are no more, and return the status and the headers."""
    host, port = address.removeprefix("http://").split(":")
    if b"Content-Type" not in rest:
        rest = b"Content-Type: application/json\r\n" + rest
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        connection.sendall(f"{line} HTTP/1.1\r\n".encode() + rest)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head = answer.partition(b"\r\n\r\n")[0].decode("latin-1")
    return int(head.split()[1]), head


def test_odd_requests_are_answered_by_the_app_and_log_no_error(mongodb, settings, tmp_path):
    log = tmp_path / "gunicorn.txt"
    with mongodb(), workers(settings, log, number=1) as address:
        for name, (line, rest, status) in ODD.items():
            answered, head = send_raw(address, line, rest)
            assert answered == status, (name, head)
            assert "Content-Security-Policy: default-src 'none'" in head, (name, head)
    assert "Traceback" not in log.read_text("utf-8")


#: What the server has to have, and whether it is unique.
OF_A_BEARER = {"_id_": False, "token_hash_1": True, "user_1": False, "until_1": False}
INDEXES = {
    "user": {
        "_id_": False,
        "name_1": True,
        "name_key_1": True,
        "name_looks_1": True,
        "confirmed_email_1": False,
    },
    **dict.fromkeys(["login", "api_token", "half_login", "new_factor"], OF_A_BEARER),
    "challenge": {"_id_": False, "challenge_hash_1": True, "until_1": False},
    "passkey": {"_id_": False, "credential_id_1": True, "user_1": False},
    "mailed_link": {
        "_id_": False,
        "token_hash_1": True,
        "user_1_purpose_1": True,
        "until_1": False,
    },
    "registration": {"_id_": False, "token_hash_1": True, "email_key_1": True, "until_1": False},
    "mail_order": {"_id_": False, "after_1": False},
}


def indexes_of(uri):
    with pymongo.MongoClient(uri) as client:
        database = client.get_default_database()
        return {
            kind: {
                name: index.get("unique", False)
                for name, index in database[kind].index_information().items()
            }
            for kind in INDEXES
        }


def test_the_server_that_was_used_has_the_indexes(mongodb, settings):
    with mongodb():
        assert indexes_of(settings["FLASKLOGIN_MONGODB_URI"]) == INDEXES


def test_a_command_makes_the_indexes_once_and_lists_them(mongodb, settings):
    elsewhere = settings["FLASKLOGIN_MONGODB_URI"] + "_new"
    command = [sys.executable, "-m", "flask", "--app", "flasklogin_tutorial", "make-indexes"]
    with mongodb():
        said = [
            subprocess.run(
                command,
                text=True,
                check=True,
                capture_output=True,
                env=os.environ | settings | {"FLASKLOGIN_MONGODB_URI": elsewhere},
                timeout=PATIENCE,
            ).stdout
            for _ in range(2)
        ]
        assert indexes_of(elsewhere) == INDEXES
    assert said[0] == said[1]
    listed = [line.removesuffix(", unique") for line in said[0].splitlines()]
    assert sorted(listed) == sorted(f"{kind}: {name}" for kind in INDEXES for name in INDEXES[kind])
    assert "user: name_1, unique" in said[0]
