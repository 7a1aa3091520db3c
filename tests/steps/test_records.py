"""What the records of the article's app answer at each step, flaws included.

The flaws are pinned on purpose: part 2 of the course attacks them one by one, so whoever mends one
here takes a lesson away.
"""

import pytest

from flasklogin_tutorial.visit import in_process

from .article import (
    ADA,
    LOGIN,
    LOGOUT,
    NOT_FOUND,
    PROTECTED,
    add,
    assert_crashes,
    each_step,
    number_of,
    public,
    start,
    stored,
    writer,
)

# ---- the routes


@each_step()
def test_a_step_has_its_routes_and_no_others(name):
    app = start(name)
    expected = {"/": {"GET", "PUT", "POST", "DELETE"}}
    if number_of(name) >= LOGIN:
        expected["/login"] = {"POST"}
    if number_of(name) >= LOGOUT:
        expected |= {"/logout": {"POST"}, "/user_info": {"POST"}}

    routed = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"}
    assert routed == set(expected)
    for path, verbs in expected.items():
        allowed = in_process(app).options(path).headers["Allow"]
        assert set(allowed.split(", ")) - {"HEAD", "OPTIONS"} == verbs


# ---- the records


@each_step()
def test_put_answers_with_the_record_and_get_finds_it(name):
    app = start(name)
    created = writer(app).put("/", json=ADA)
    assert (created.status_code, created.json()) == (200, public(ADA))
    found = in_process(app).get("/?name=ada")
    assert (found.status_code, found.json()) == (200, public(ADA))


@each_step()
def test_a_record_that_is_not_there_is_answered_with_200_and_an_error(name):
    app = start(name)
    browser = writer(app)
    for answer in (
        browser.get("/?name=ada"),
        browser.get("/"),
        browser.post("/", json=ADA),
        browser.delete("/", json={"name": "ada"}),
    ):
        assert (answer.status_code, answer.json()) == (200, NOT_FOUND)


@each_step()
def test_an_update_answers_with_the_old_email_and_stores_the_new_one(name):
    app = start(name)
    add(app, ADA)
    updated = writer(app).post("/", json=ADA | {"email": "new@example.org"})
    assert (updated.status_code, updated.json()) == (200, public(ADA))
    assert in_process(app).get("/?name=ada").json()["email"] == "new@example.org"


@each_step()
def test_delete_answers_with_the_record_and_removes_it(name):
    app = start(name)
    add(app, ADA)
    deleted = writer(app).delete("/", json={"name": "ada"})
    assert (deleted.status_code, deleted.json()) == (200, public(ADA))
    assert in_process(app).get("/?name=ada").json() == NOT_FOUND


@each_step()
def test_two_puts_with_one_name_make_two_records(name):
    app = start(name)
    browser = writer(app)
    browser.put("/", json=ADA)
    browser.put("/", json=ADA | {"email": "other@example.org"})
    browser.delete("/", json={"name": "ada"})
    assert browser.get("/?name=ada").json() == {"name": "ada", "email": "other@example.org"}


@each_step()
def test_a_password_is_stored_as_plain_text(name):
    app = start(name)
    add(app, ADA)
    assert stored(name) == [ADA]


@each_step()
@pytest.mark.parametrize("verb", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize(
    ("body", "error"),
    [("{", "JSONDecodeError"), ("", "JSONDecodeError"), ("[]", "TypeError"), ("{}", "KeyError")],
)
def test_a_body_that_is_no_record_is_a_500(name, verb, body, error):
    answer = writer(start(name)).request(verb, "/", data=body)
    assert_crashes(answer, error)


@each_step()
@pytest.mark.parametrize("key", sorted(ADA))
def test_a_missing_key_is_a_500(name, key):
    app = start(name)
    browser = writer(app)
    incomplete = {k: v for k, v in ADA.items() if k != key}
    assert_crashes(browser.put("/", json=incomplete), "KeyError")
    browser.put("/", json=ADA)
    assert_crashes(browser.post("/", json=incomplete), "KeyError")


@each_step()
def test_a_name_that_is_no_text_is_a_500(name):
    assert_crashes(writer(start(name)).put("/", json=ADA | {"name": 7}), "ValidationError")


@each_step()
def test_json_sent_as_plain_text_is_accepted_as_a_foreign_form_can_send_it(name):
    app = start(name)
    body = '{"name": "ada", "password": "lovelace", "email": "ada@example.org"}'
    sent = writer(app).put("/", data=body, headers={"Content-Type": "text/plain"})
    assert sent.json() == public(ADA)
    assert in_process(app).get("/?name=ada").json() == public(ADA)


@each_step()
def test_a_query_operator_in_place_of_a_name_deletes_the_first_record(name):
    app = start(name)
    add(app, ADA)
    deleted = writer(app).delete("/", json={"name": {"$ne": None}})
    assert deleted.json() == public(ADA)


@each_step(last=PROTECTED - 1)
def test_a_stranger_writes_and_deletes_until_the_routes_are_protected(name):
    app = start(name)
    stranger = in_process(app)
    assert stranger.put("/", json=ADA).json() == public(ADA)
    stranger.post("/", json=ADA | {"email": "mallory@example.org"})
    assert stranger.get("/?name=ada").json()["email"] == "mallory@example.org"
    stranger.delete("/", json={"name": "ada"})
    assert stranger.get("/?name=ada").json() == NOT_FOUND
