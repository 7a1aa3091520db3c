"""What the login of the article's app answers at each step, flaws included.

The flaws are pinned on purpose: part 2 of the course attacks them one by one, so whoever mends one
here takes a lesson away.
"""

import pytest
from flask import current_app

from flasklogin_tutorial.visit import in_process, read_session

from .article import (
    ADA,
    BOB,
    LOGIN,
    NAMES,
    REFUSED,
    USER,
    add,
    assert_crashes,
    credentials,
    each_step,
    module_of,
    number_of,
    public,
    start,
    with_page,
)

# ---- what binding and naming the login view change


def test_step_0_has_no_login_manager():
    assert_crashes(with_page(start(NAMES[0])).get("/page"), "AttributeError")


@each_step(first=1, last=3)
def test_a_bound_login_manager_without_a_user_loader_says_what_is_missing(name):
    answer = with_page(start(name, {"SECRET_KEY": "some key"})).get("/page")
    assert_crashes(answer, "Exception")
    assert "Missing user_loader or request_loader" in str(answer.visit.error)


@each_step(first=1)
def test_who_has_to_log_in_is_refused_and_from_step_2_on_sent_to_the_login_view(name):
    app = start(name)

    @app.get("/refuse")
    def refuse():
        return current_app.login_manager.unauthorized()

    answer = in_process(app).get("/refuse", allow_redirects=False)
    if number_of(name) < LOGIN:
        assert answer.status_code == 401
    else:
        assert answer.is_redirect
        assert answer.headers["Location"] == "/login?next=%2Frefuse"


# ---- the login


def test_in_step_2_the_plain_document_cannot_be_logged_in():
    app = start(NAMES[LOGIN])
    add(app, ADA)
    answer = in_process(app).post("/login", json=credentials(ADA))
    assert_crashes(answer, "AttributeError")
    assert "is_active" in str(answer.visit.error)


@each_step(first=LOGIN)
@pytest.mark.parametrize(
    "given",
    [
        {"username": "ada", "password": "wrong"},
        {"username": "nobody", "password": "lovelace"},
        {"username": "ada"},
        {"password": "lovelace"},
        {},
    ],
    ids=str,
)
def test_a_refused_login_is_answered_with_200_and_a_401_in_the_body(name, given):
    app = start(name)
    add(app, ADA)
    answer = in_process(app).post("/login", json=given)
    assert (answer.status_code, answer.json()) == (200, REFUSED)
    assert "Set-Cookie" not in answer.headers


@each_step(first=LOGIN)
@pytest.mark.parametrize(
    ("body", "error"),
    [("{", "JSONDecodeError"), ("", "JSONDecodeError"), ("[]", "AttributeError")],
)
def test_a_login_body_that_is_no_object_is_a_500(name, body, error):
    assert_crashes(in_process(start(name)).post("/login", data=body), error)


@each_step(first=USER)
def test_the_right_password_is_answered_with_the_user_and_a_cookie_with_the_id(name):
    app = start(name)
    add(app, ADA)
    browser = in_process(app)
    answer = browser.post("/login", json=credentials(ADA))
    assert (answer.status_code, answer.json()) == (200, public(ADA))
    ada = module_of(name).User._get_collection().find_one({"name": "ada"})
    assert read_session(browser.cookies)["_user_id"] == str(ada["_id"])


@each_step(first=USER)
def test_missing_login_fields_mean_a_guest_with_an_empty_password(name):
    app = start(name)
    guest = {"name": "guest", "password": "", "email": "guest@example.org"}
    add(app, guest)
    assert in_process(app).post("/login", json={}).json() == public(guest)


@each_step(first=USER)
def test_query_operators_in_the_login_body_log_in_as_the_first_user(name):
    app = start(name)
    add(app, ADA, BOB)
    body = {"username": {"$ne": None}, "password": {"$ne": None}}
    browser = in_process(app)
    assert browser.post("/login", json=body).json() == public(ADA)
    assert "_user_id" in read_session(browser.cookies)


@each_step(first=USER)
def test_a_regex_in_place_of_the_password_tells_how_it_begins(name):
    app = start(name)
    add(app, ADA)

    def begins_with(text):
        body = {"username": "ada", "password": {"$regex": f"^{text}"}}
        return in_process(app).post("/login", json=body).json() == public(ADA)

    assert begins_with("love")
    assert not begins_with("hate")


@each_step(first=USER)
def test_a_login_sent_as_plain_text_is_accepted(name):
    app = start(name)
    add(app, ADA)
    body = '{"username": "ada", "password": "lovelace"}'
    answer = in_process(app).post("/login", data=body, headers={"Content-Type": "text/plain"})
    assert answer.json() == public(ADA)


@each_step(first=USER)
def test_the_session_cookie_is_httponly_and_has_no_other_flag(name):
    app = start(name)
    add(app, ADA)
    header = in_process(app).post("/login", json=credentials(ADA)).headers["Set-Cookie"]
    cookie, *flags = header.split("; ")
    assert cookie.startswith("session=")
    assert sorted(flags) == ["HttpOnly", "Path=/"]  # neither Secure nor SameSite, and no end
