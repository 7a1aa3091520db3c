"""Nobody knows the lasting password of another: whatever an administrator chooses ends."""

import re
from datetime import timedelta

import pytest

from flasklogin_tutorial.app.models import User, now
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, PASSWORDS, credentials, log_in, send_form, snapshot

GIVEN = "compilers are my hobby"
NEW = "a quite different password"


def by_put(app, ada):
    body = {"name": "grace", "password": GIVEN, "email": "grace@example.org"}
    assert ada.put("/", json=body).status_code == 201
    return "grace", GIVEN


def by_post(app, ada):
    assert ada.post("/", json={"name": "bob", "password": GIVEN}).status_code == 200
    return "bob", GIVEN


def by_page(app, ada):
    form = {"name": "dora", "email": "dora@example.org"}
    answer = send_form(ada, "/people", form, page="/people")
    return "dora", answer.text.partition('class="secret">')[2].partition("<")[0]


def run(app, *arguments, typed=""):
    ran = app.test_cli_runner().invoke(args=["users", *arguments], input=typed)
    assert ran.exit_code == 0, ran.output
    assert "The password works until" in ran.output
    return ran.output


def by_set_password(app, ada):
    run(app, "set-password", "bob", typed=f"{GIVEN}\n{GIVEN}\n")
    return "bob", GIVEN


def by_generated_password(app, ada):
    said = run(app, "set-password", "bob", "--generate-password")
    return "bob", re.search(r"password: (\S+)", said)[1]


def by_add_with_typed_password(app, ada):
    run(app, "add", "grace", "--email", "grace@example.org", typed=f"{GIVEN}\n{GIVEN}\n")
    return "grace", GIVEN


def by_add_with_password_from_stdin(app, ada):
    options = ["--email", "grace@example.org", "--admin", "--password-stdin"]
    run(app, "add", "grace", *options, typed=f"{GIVEN}\n")
    return "grace", GIVEN


def by_add_with_generated_password(app, ada):
    said = run(app, "add", "grace", "--email", "grace@example.org", "--generate-password")
    return "grace", re.search(r"password: (\S+)", said)[1]


WAYS = [
    by_put,
    by_post,
    by_page,
    by_set_password,
    by_generated_password,
    by_add_with_typed_password,
    by_add_with_password_from_stdin,
    by_add_with_generated_password,
]


@pytest.mark.parametrize("give", WAYS)
def test_a_password_that_somebody_else_chose_ends(app, ada, later, give):
    name, password = give(app, ada)
    given = {"username": name, "password": password}
    browser = in_process(app)
    assert browser.post("/login", json=given).status_code == 200
    assert "Choose a password of your own" in browser.get("/account", headers=PAGE).text
    later(hours=73)
    answer = in_process(app).post("/login", json=given)
    assert (answer.status_code, answer.json()["code"]) == (401, "first_password_over")


@pytest.mark.parametrize("give", WAYS)
def test_the_password_that_stays_is_another(app, ada, later, give):
    name, password = give(app, ada)
    browser = in_process(app)
    browser.post("/login", json={"username": name, "password": password})
    before = snapshot()["User"]
    form = {"current_password": password, "new_password": password, "again": password}
    answer = send_form(browser, "/account/password", form)
    assert answer.status_code == 422
    assert "This is the password that you were given. Choose another." in answer.text
    assert snapshot()["User"] == before
    form |= {"new_password": NEW, "again": NEW}
    assert send_form(browser, "/account/password", form).is_redirect
    later(days=400)
    given = {"username": name, "password": NEW}
    assert in_process(app).post("/login", json=given).status_code == 200


@pytest.mark.parametrize("give", [by_put, by_set_password])
def test_nor_does_it_come_back_after_another(app, ada, give):
    name, password = give(app, ada)
    browser, current = in_process(app), password
    browser.post("/login", json={"username": name, "password": password})
    for wanted, status in ((NEW, 200), (password, 422), (f"{NEW} too", 200), (password, 422)):
        body = {"name": name, "password": wanted, "current_password": current}
        answer = browser.post("/", json=body)
        assert answer.status_code == status
        current = wanted if status == 200 else current
    assert "the password that you were given" in answer.json()["fields"]["password"][0]


def test_the_password_that_one_chose_for_oneself_stays(app, ada, later):
    for name in ("ada", "bob"):
        browser = log_in(app, name)
        body = {"name": name, "password": NEW, "current_password": PASSWORDS[name]}
        assert browser.post("/", json=body).status_code == 200
        assert User.objects.get(name=name).first_password_until is None


@pytest.mark.parametrize(
    ("more", "typed"), [([], f"{GIVEN}\n{GIVEN}\n"), (["--password-stdin"], f"{GIVEN}\n")]
)
def test_whoever_makes_themself_a_user_has_a_password_of_their_own(app, more, typed):
    """The first administrator has nobody who could hand one over."""
    options = ["--email", "root@example.org", "--admin", "--for-myself", *more]
    ran = app.test_cli_runner().invoke(args=["users", "add", "root", *options], input=typed)
    assert ran.exit_code == 0, ran.output
    assert "works until" not in ran.output
    assert User.objects.get(name="root").first_password_until is None


def test_a_password_that_is_made_is_nobodys_own(app):
    before = snapshot()
    options = ["--email", "root@example.org", "--for-myself", "--generate-password"]
    ran = app.test_cli_runner().invoke(args=["users", "add", "root", *options])
    assert ran.exit_code == 2
    assert "--for-myself or --generate-password, not both" in ran.output
    assert snapshot() == before


def test_the_command_says_until_when_a_typed_password_works(app):
    said = run(app, "add", "grace", "--email", "g@example.org", typed=f"{GIVEN}\n{GIVEN}\n")
    assert "works until" in said
    assert "By then grace has to have chosen another on the account page." in said


def test_an_address_that_is_changed_makes_no_first_password_last(app, ada):
    by_post(app, ada)
    ada.post("/", json={"name": "bob", "email": "new@example.org"})
    until = User.objects.get(name="bob").first_password_until
    assert now() < until <= now() + timedelta(hours=72)
    assert in_process(app).post("/login", json=credentials("bob")).status_code == 401
