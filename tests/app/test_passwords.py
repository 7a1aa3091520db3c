"""Passwords: how they are kept, and that a wrong name costs a right one's work."""

import os
import threading

import pytest

from flasklogin_tutorial.app import passwords
from flasklogin_tutorial.app.config import DEFAULTS
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.app.name_check import check_names, mend_names
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, credentials, log_in, stored


def test_the_default_method_is_one_that_owasp_names():
    assert DEFAULTS["PASSWORD_METHOD"] == "scrypt:32768:8:3"


def test_the_database_holds_a_salted_hash_and_nothing_else(app):
    record = stored("ada")
    assert record["password_hash"].startswith(app.config["PASSWORD_METHOD"])
    assert PASSWORDS["ada"] not in str(record)
    assert "password" not in record


def test_two_spellings_of_one_character_are_one_password(app):
    with app.app_context():
        user = User(password_hash=passwords.hash_password("fløde og ﬁne caf\u00e9er"))
        assert passwords.is_right(user, "fløde og ﬁne cafe\u0301er")


def test_a_hash_with_old_parameters_is_renewed_at_login(app):
    with app.app_context():
        app.config["PASSWORD_METHOD"] = "scrypt:512:8:1"
        old = passwords.hash_password(PASSWORDS["bob"])
        User.objects(name="bob").update(set__password_hash=old)
        app.config["PASSWORD_METHOD"] = "scrypt:1024:8:1"
    log_in(app, "bob")
    assert stored("bob")["password_hash"].startswith("scrypt:1024:8:1$")
    renewed = stored("bob")["password_hash"]
    log_in(app, "bob")
    assert stored("bob")["password_hash"] == renewed


def test_a_wrong_password_renews_nothing(app):
    app.config["PASSWORD_METHOD"] = "scrypt:2048:8:1"
    before = stored("bob")
    body = credentials("bob") | {"password": "not the password"}
    assert in_process(app).post("/login", json=body).status_code == 401
    assert stored("bob") == before


@pytest.fixture
def legacy(app):
    """Put a record of the article's app into the database."""
    User._get_collection().insert_one(
        {"name": "grace", "password": "s3cret", "email": "grace@example.org"}
    )
    mend_names(check_names())
    return app


def test_a_record_of_the_articles_app_is_migrated_at_its_login(legacy):
    given = {"username": "grace", "password": "s3cret"}
    for _ in range(2):
        answer = in_process(legacy).post("/login", json=given)
        assert answer.json() == {"name": "grace", "email": "grace@example.org"}
        record = stored("grace")
        assert "password" not in record
        assert record["password_hash"].startswith("scrypt:")


@pytest.mark.parametrize("typed", ["wrong", "s3cret ", "S3cret", "s3cre", "s3crets"])
def test_a_record_of_the_articles_app_takes_no_other_password(legacy, typed):
    given = {"username": "grace", "password": typed}
    assert in_process(legacy).post("/login", json=given).status_code == 401
    assert stored("grace")["password"] == "s3cret"


def test_a_user_without_any_password_cannot_log_in(app):
    User._get_collection().insert_one({"name": "ghost"})
    for typed in ("", "None", "nobody has this password"):
        given = {"username": "ghost", "password": typed}
        assert in_process(app).post("/login", json=given).status_code in (401, 422)


@pytest.fixture
def hashed(monkeypatch):
    """Collect the method of each hash that a password is compared with; none is right."""
    methods = []

    def compare(stored_hash, password):
        methods.append(stored_hash.split("$")[0])
        return False

    monkeypatch.setattr(passwords, "check_password_hash", compare)
    return methods


@pytest.mark.parametrize("name", ["ada", "nobody", "grace", "cy"])
def test_every_failed_login_hashes_once_and_reads_once(legacy, name, hashed):
    User.objects(name="cy").update(disabled=True)
    given = {"username": name, "password": "not the password"}
    in_process(legacy).get("/?name=x")  # the first request of an app makes the indexes
    tried = trace(in_process(legacy)).post("/login", json=given)
    assert tried.response.status_code == 401
    assert [one.split(" {")[0] for one in tried.operations] == ["user.find"]
    assert hashed == [legacy.config["PASSWORD_METHOD"]]


@pytest.mark.parametrize("name", ["ada", "bob", "nobody", "grace"])
def test_while_hashes_of_two_methods_are_stored_each_failed_login_does_the_work_of_both(
    legacy, name, hashed
):
    former, method = "scrypt:256:8:1", legacy.config["PASSWORD_METHOD"]
    with legacy.app_context():
        legacy.config["PASSWORD_METHOD"] = former
        User.objects(name="bob").update(set__password_hash=passwords.hash_password("of before"))
    legacy.config.update(PASSWORD_METHOD=method, FORMER_PASSWORD_METHODS=[former, method])
    given = {"username": name, "password": "not the password"}
    assert in_process(legacy).post("/login", json=given).status_code == 401
    assert sorted(hashed) == sorted([former, method])


def test_a_process_hashes_so_many_passwords_at_the_same_time_and_no_more(app, monkeypatch):
    """Each takes memory, and a server with threads would take it for every one of them."""
    bound = max(2, os.cpu_count() or 1)
    at_once, most, look = 0, 0, threading.Lock()

    def compare(stored_hash, password):
        nonlocal at_once, most
        with look:
            at_once += 1
            most = max(most, at_once)
        threading.Event().wait(0.05)
        with look:
            at_once -= 1
        return False

    def guess():
        with app.app_context():
            passwords.is_right(None, "a guess")

    with app.app_context():
        passwords.is_right(None, "a guess")  # makes the hash that nobody has
    monkeypatch.setattr(passwords, "check_password_hash", compare)
    threads = [threading.Thread(target=guess) for _ in range(3 * bound)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == bound
