"""Protected views and the logout of the article's app at each step, flaws included.

The flaws are pinned on purpose: part 2 of the course attacks them one by one, so whoever mends one
here takes a lesson away.
"""

import base64
import re
from pathlib import Path

import pytest

from flasklogin_tutorial.visit import forge_session, in_process, read_session

from .article import (
    ADA,
    BOB,
    LOGOUT,
    PROTECTED,
    REFUSED,
    add,
    assert_crashes,
    credentials,
    each_step,
    member,
    module_of,
    public,
    start,
    stored,
)

# ---- the protected views


@each_step(first=PROTECTED)
@pytest.mark.parametrize("verb", ["PUT", "POST", "DELETE"])
def test_an_anonymous_write_is_redirected_to_a_login_that_answers_405(name, verb):
    app = start(name)
    add(app, ADA)
    changed = ADA | {"email": "mallory@example.org"}
    answer = in_process(app).request(verb, "/", json=changed)
    refusal = answer.history[0]
    assert refusal.is_redirect
    assert refusal.headers["Location"] == "/login?next=%2F"
    assert answer.status_code == 405
    assert stored(name) == [ADA]


@each_step(first=PROTECTED)
def test_anyone_may_read_without_a_login(name):
    app = start(name)
    add(app, ADA)
    assert in_process(app).get("/?name=ada").json() == public(ADA)


@each_step(first=PROTECTED)
def test_there_is_no_first_user_without_the_command(name):
    app = start(name)
    stranger = in_process(app)
    assert stranger.put("/", json=ADA, allow_redirects=False).is_redirect
    assert stranger.post("/login", json=credentials(ADA)).json() == REFUSED
    add(app, ADA)
    assert member(app).put("/", json=BOB).json() == public(BOB)


@each_step(first=PROTECTED)
def test_add_user_asks_twice_for_a_password_that_was_not_given(name):
    app = start(name)
    command = ["add-user", ADA["name"], ADA["email"]]
    typed = "lovelace\nlovelaec\nlovelace\nlovelace\n"
    result = app.test_cli_runner().invoke(args=command, input=typed)
    assert result.exit_code == 0, result.output
    assert result.output.count("Password:") == 2  # the second time after the typing error
    assert result.output.count("Repeat for confirmation:") == 2
    assert "lovelace" not in result.output
    assert result.output.endswith("added ada\n")
    member(app)


@each_step(first=PROTECTED)
def test_add_user_asks_for_nothing_when_the_password_is_given(name):
    app = start(name)
    add(app, ADA)
    member(app)


@each_step(first=PROTECTED)
def test_any_user_rewrites_any_other_the_password_included(name):
    app = start(name)
    add(app, ADA, BOB)
    member(app, BOB).post("/", json=ADA | {"password": "bob's choice"})
    assert in_process(app).post("/login", json=credentials(ADA)).json() == REFUSED
    member(app, ADA | {"password": "bob's choice"})


@each_step(first=PROTECTED)
def test_any_user_deletes_any_other(name):
    app = start(name)
    add(app, ADA, BOB)
    assert member(app, BOB).delete("/", json={"name": "ada"}).json() == public(ADA)
    assert in_process(app).post("/login", json=credentials(ADA)).json() == REFUSED


@each_step(first=PROTECTED)
def test_the_cookie_of_a_deleted_user_opens_nothing(name):
    app = start(name)
    add(app, ADA, BOB)
    ada = member(app)
    member(app, BOB).delete("/", json={"name": "ada"})
    assert ada.put("/", json=ADA, allow_redirects=False).is_redirect


def forge(name, user_id):
    """Sign a session cookie with the secret key that stands in the source of a step."""
    source = Path(module_of(name).__file__).read_text(encoding="utf-8")
    key = re.search(r'\["SECRET_KEY"\] = "(.+)"', source)[1]
    return {"Cookie": f"session={forge_session(key, {'_user_id': user_id})}"}


@each_step(first=PROTECTED)
def test_whoever_reads_the_source_forges_a_cookie_for_anyone(name):
    app = start(name)
    add(app, ADA)
    ada = read_session(member(app).cookies)["_user_id"]
    answer = in_process(app).put("/", json=BOB, headers=forge(name, ada))
    assert answer.json() == public(BOB)


@each_step(first=PROTECTED)
@pytest.mark.parametrize("user_id", ["not an id", ""])
def test_a_cookie_whose_id_is_no_object_id_is_a_500(name, user_id):
    answer = in_process(start(name)).put("/", json=ADA, headers=forge(name, user_id))
    assert_crashes(answer, "ValidationError")


# ---- the logout, and who is logged in


@each_step(first=LOGOUT)
def test_a_logout_is_answered_with_a_message_whoever_asks(name):
    app = start(name)
    add(app, ADA)
    for browser in (member(app), in_process(app)):
        answer = browser.post("/logout")
        assert answer.status_code == 200
        assert answer.json() == {"result": 200, "data": {"message": "logout success"}}


@each_step(first=LOGOUT)
def test_user_info_names_the_user_until_the_logout(name):
    app = start(name)
    add(app, ADA)
    ada = member(app)
    answer = ada.post("/user_info")
    assert (answer.status_code, answer.json()) == (200, {"result": 200, "data": public(ADA)})
    ada.post("/logout")
    answer = ada.post("/user_info")
    assert answer.status_code == 200
    assert answer.json() == {"result": 401, "data": {"message": "user no login"}}


@each_step(first=LOGOUT)
def test_user_info_answers_a_stranger_with_200_and_a_401_in_the_body(name):
    answer = in_process(start(name)).post("/user_info")
    assert answer.status_code == 200
    assert answer.json() == {"result": 401, "data": {"message": "user no login"}}


@each_step(first=LOGOUT)
def test_a_cookie_copied_before_the_logout_works_after_it(name):
    app = start(name)
    add(app, ADA)
    ada, thief = member(app), in_process(app)
    copied = {"Cookie": f"session={ada.cookies['session']}"}
    ada.post("/logout")
    assert thief.post("/user_info", headers=copied).json()["data"] == public(ADA)


@each_step(first=LOGOUT)
def test_a_cookie_with_a_changed_id_is_nobodys(name):
    app = start(name)
    add(app, ADA)
    _, *signature = member(app).cookies["session"].rsplit(".", 2)
    said = base64.urlsafe_b64encode(b'{"_user_id":"0"}').decode().rstrip("=")
    changed = {"Cookie": f"session={'.'.join([said, *signature])}"}
    assert in_process(app).post("/user_info", headers=changed).json()["result"] == 401
