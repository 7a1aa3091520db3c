"""The four verbs: who may, what is answered, and that a refusal changes nothing."""

import threading

import pytest

from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.visit import in_process

from .conftest import log_in, snapshot, stored

GRACE = {"name": "grace", "password": "compilers are my hobby", "email": "grace@example.org"}


def test_everybody_reads_the_name_and_only_owner_and_admin_the_email(app, ada, bob, stranger):
    both = {"name": "bob", "email": "bob@example.org"}
    assert stranger.get("/?name=bob").json() == {"name": "bob"}
    assert log_in(app, "cy").get("/?name=bob").json() == {"name": "bob"}
    assert bob.get("/?name=bob").json() == both
    assert ada.get("/?name=bob").json() == both


def test_put_answers_201_and_says_where_the_record_is(ada):
    answer = ada.put("/", json=GRACE)
    assert answer.status_code == 201
    assert ada.get(answer.headers["Location"]).json()["name"] == "grace"


def test_post_answers_with_the_record_as_it_is_now(bob):
    answer = bob.post("/", json={"name": "bob", "email": "new@example.org"})
    assert answer.json() == {"name": "bob", "email": "new@example.org"}


def test_an_administrator_changes_another_user(app, ada):
    body = {"name": "bob", "email": "b@example.org", "password": "chosen by ada for bob"}
    assert ada.post("/", json=body).json() == {"name": "bob", "email": "b@example.org"}
    given = {"username": "bob", "password": body["password"]}
    assert in_process(app).post("/login", json=given).status_code == 200


def test_a_user_deletes_themself_and_is_logged_out(app, bob):
    assert bob.delete("/", json={"name": "bob"}).status_code == 200
    assert stored("bob") is None
    assert "session" not in bob.cookies
    assert bob.post("/user_info").status_code == 401


def test_an_administrator_deletes_another_user(ada):
    assert ada.delete("/", json={"name": "bob"}).json()["name"] == "bob"
    assert stored("bob") is None


def test_a_created_user_is_no_administrator(ada):
    ada.put("/", json=GRACE)
    assert stored("grace")["is_admin"] is False


REFUSED = [
    # who, method, body, status, code
    ("stranger", "PUT", GRACE, 401, "login_required"),
    ("stranger", "POST", {"name": "bob", "email": "x@example.org"}, 401, "login_required"),
    ("stranger", "DELETE", {"name": "bob"}, 401, "login_required"),
    ("bob", "PUT", GRACE, 403, "forbidden"),
    ("bob", "POST", {"name": "cy", "email": "x@example.org"}, 403, "forbidden"),
    ("bob", "POST", {"name": "ada", "password": "chosen by bob for ada"}, 403, "forbidden"),
    ("bob", "DELETE", {"name": "cy"}, 403, "forbidden"),
    ("bob", "POST", {"name": "nobody", "email": "x@example.org"}, 404, "not_found"),
    ("ada", "POST", {"name": "nobody", "email": "x@example.org"}, 404, "not_found"),
    ("ada", "DELETE", {"name": "nobody"}, 404, "not_found"),
    ("ada", "PUT", GRACE | {"name": "bob"}, 409, "name_taken"),
    ("ada", "DELETE", {"name": "ada"}, 409, "last_admin"),
    ("bob", "POST", {"name": "bob"}, 422, "invalid_input"),
    ("bob", "POST", {"name": "bob", "is_admin": True}, 422, "invalid_input"),
    (
        "bob",
        "POST",
        {"name": "bob", "email": "x@example.org", "_id": "0" * 24},
        422,
        "invalid_input",
    ),
    ("ada", "PUT", GRACE | {"is_admin": True}, 422, "invalid_input"),
    ("ada", "PUT", GRACE | {"password_hash": "x"}, 422, "invalid_input"),
    ("ada", "PUT", GRACE | {"login_epoch": 5}, 422, "invalid_input"),
    ("ada", "PUT", GRACE | {"password": "too short"}, 422, "invalid_input"),
    ("ada", "PUT", GRACE | {"password": "passwordpassword"}, 422, "invalid_input"),
    ("bob", "POST", {"name": "bob", "email": "b@x.org", "password": "short"}, 422, "invalid_input"),
    ("ada", "PUT", {"name": "grace"}, 422, "invalid_input"),
    ("ada", "DELETE", {"name": {"$ne": None}}, 422, "invalid_input"),
    ("ada", "POST", {"name": {"$gt": ""}, "email": "x@example.org"}, 422, "invalid_input"),
]


@pytest.mark.parametrize(("who", "method", "body", "status", "code"), REFUSED, ids=str)
def test_a_refusal_says_why_and_changes_nothing(app, who, method, body, status, code):
    browser = in_process(app) if who == "stranger" else log_in(app, who)
    before = snapshot()
    answer = browser.request(method, "/", json=body)
    said = answer.json()
    assert (answer.status_code, said["status"], said["code"]) == (status, status, code)
    assert said["error"]
    assert said["reason"]
    assert said["advice"]
    assert ("fields" in said) == (status == 422)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert snapshot() == before


def test_the_fields_that_are_wrong_are_named(ada):
    said = ada.put("/", json={"name": "", "email": "nonsense", "more": 1}).json()["fields"]
    assert said.keys() == {"name", "email", "password", "more"}
    assert said["password"] == ["This field is missing."]
    assert said["more"] == ["There is no such field."]


def test_one_of_many_wins_the_race_for_a_name(app):
    browsers = [log_in(app, "ada") for _ in range(8)]
    start, statuses = threading.Barrier(len(browsers)), []

    def put(browser):
        start.wait()
        statuses.append(browser.put("/", json=GRACE).status_code)

    threads = [threading.Thread(target=put, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201] + [409] * (len(browsers) - 1)
    assert User.objects(name="grace").count() == 1


@pytest.mark.parametrize("query", ["", "?name=", "?name=a&name=b", "?name=ada&x=1", "?nam=ada"])
def test_a_query_that_makes_no_sense_is_a_422(stranger, query):
    answer = stranger.get(f"/{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize(
    "query", ["?name=%00", "?name=%ff", "?name=%ED%A0%80", "?name=%F0%9F", "?%ff=1"]
)
def test_bytes_that_are_no_text_are_no_500(stranger, query):
    assert stranger.get(f"/{query}").status_code in (404, 422)


def test_no_answer_holds_a_password_or_its_hash(app, ada, bob):
    answers = [
        ada.put("/", json=GRACE),
        ada.get("/?name=bob"),
        bob.post("/", json={"name": "bob", "email": "b@example.org"}),
        bob.post("/user_info"),
        ada.delete("/", json={"name": "grace"}),
    ]
    for answer in answers:
        assert answer.ok
        assert "password" not in answer.text
        assert "scrypt" not in answer.text
