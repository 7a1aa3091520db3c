"""What the article's app does when all goes well, the finished app does too: one test for both."""

import pytest

from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, credentials, log_in, populate

GRACE = {"name": "grace", "password": "compilers are my hobby", "email": "grace@example.org"}


def public(record):
    return {"name": record["name"], "email": record["email"]}


@pytest.fixture(params=["step06", "finished"])
def either(request, make_app):
    if request.param == "finished":
        return populate(make_app())
    app = step06.create_app()
    for name, password in PASSWORDS.items():
        step06.User(name=name, email=f"{name}@example.org", password=password).save()
    return app


@pytest.fixture
def admin(either):
    return log_in(either, "ada")


def test_a_login_is_answered_with_the_user(either):
    answer = in_process(either).post("/login", json=credentials("bob"))
    assert answer.status_code == 200
    assert answer.json() == {"name": "bob", "email": "bob@example.org"}


def test_put_creates_a_record_and_answers_with_it(admin):
    answer = admin.put("/", json=GRACE)
    assert answer.ok
    assert answer.json() == public(GRACE)
    assert admin.get("/", params={"name": "grace"}).json() == public(GRACE)


def test_who_was_created_can_log_in(either, admin):
    admin.put("/", json=GRACE)
    browser = in_process(either)
    given = {"username": "grace", "password": GRACE["password"]}
    assert browser.post("/login", json=given).json() == public(GRACE)


def test_post_changes_a_record_and_answers_with_its_keys(either, admin):
    admin.put("/", json=GRACE)
    changed = GRACE | {"email": "new@example.org", "password": "a different password"}
    answer = admin.post("/", json=changed)
    assert answer.status_code == 200
    assert answer.json().keys() == {"name", "email"}
    assert admin.get("/?name=grace").json() == public(changed)
    given = {"username": "grace", "password": changed["password"]}
    assert in_process(either).post("/login", json=given).json() == public(changed)


def test_delete_answers_with_the_record_and_removes_it(admin):
    admin.put("/", json=GRACE)
    answer = admin.delete("/", json={"name": "grace"})
    assert (answer.status_code, answer.json()) == (200, public(GRACE))
    assert admin.get("/?name=grace").json()["error"] == "data not found"


def test_anyone_reads_a_name(either):
    answer = in_process(either).get("/?name=bob")
    assert answer.status_code == 200
    assert answer.json()["name"] == "bob"


def test_user_info_names_the_user(admin):
    answer = admin.post("/user_info")
    assert answer.status_code == 200
    data = {"name": "ada", "email": "ada@example.org"}
    assert answer.json() == {"result": 200, "data": data}


def test_a_logout_is_answered_with_a_message_whoever_asks(either, admin):
    for browser in (admin, in_process(either)):
        answer = browser.post("/logout")
        assert answer.status_code == 200
        assert answer.json() == {"result": 200, "data": {"message": "logout success"}}
    assert admin.post("/user_info").json()["result"] == 401


REFUSALS = [
    ("a wrong password", "/login", credentials("ada") | {"password": "not the password"}, 401),
    ("an unknown name", "/login", {"username": "nobody", "password": "whatever it is"}, 401),
]


@pytest.mark.parametrize(("what", "path", "body", "status"), REFUSALS, ids=lambda given: str(given))
def test_the_refusals_keep_the_articles_keys(either, what, path, body, status):
    said = in_process(either).post(path, json=body).json()
    assert said["status"] == status
    assert said["reason"] == "Username or Password Error"


def test_user_info_tells_a_stranger_in_the_articles_words(either):
    said = in_process(either).post("/user_info").json()
    assert said["result"] == 401
    assert said["data"] == {"message": "user no login"}
