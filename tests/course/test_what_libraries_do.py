"""What questions, hints and lessons say of libraries, where no cell shows it."""

import hashlib

import pytest
from bson import ObjectId
from flask import Flask
from flask_login import LoginManager
from pymongo import MongoClient
from pymongo.errors import ServerSelectionTimeoutError

from flasklogin_tutorial.app.config import DEFAULTS


def test_a_hash_of_the_finished_app_fills_32_megabytes():
    name, n, r, p = DEFAULTS["PASSWORD_METHOD"].split(":")
    assert name == "scrypt"
    setting = {"salt": b"s", "n": int(n), "r": int(r), "p": int(p)}
    megabyte = 2**20
    with pytest.raises(ValueError, match="memory limit"):
        hashlib.scrypt(b"x", **setting, maxmem=32 * megabyte)
    assert hashlib.scrypt(b"x", **setting, maxmem=33 * megabyte)


@pytest.mark.parametrize("login_view", ["login", "/login"])
def test_a_login_view_is_the_name_of_a_view_or_a_path(login_view):
    app = Flask("example")
    app.secret_key = "for this test"
    manager = LoginManager(app)
    manager.login_view = login_view
    app.add_url_rule("/login", endpoint="login", view_func=lambda: "")
    with app.test_request_context("/private"):
        assert manager.unauthorized().location == "/login?next=%2Fprivate"


def test_the_driver_makes_the_id_of_a_document_before_anything_is_sent():
    document = {"name": "ada"}
    nowhere = MongoClient("127.0.0.1", 1, serverSelectionTimeoutMS=1)
    with nowhere, pytest.raises(ServerSelectionTimeoutError):
        nowhere.db.people.insert_one(document)
    assert isinstance(document["_id"], ObjectId)
