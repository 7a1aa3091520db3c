"""Mail and a second factor together: a mailbox is no telephone, and its user hears of both."""

import pytest

from flasklogin_tutorial.app.models import HalfLogin, NewFactor
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.visit import in_process

from .conftest import (
    MAIL,
    PAGE,
    csrf_token,
    link_of,
    log_in,
    populate,
    send_form,
    stored,
    who,
)
from .phones import (
    FACTOR_PAGE,
    give_factor,
    give_recovery_code,
    log_in_with,
    set_up,
    type_code,
    type_password,
)

NEW = "a quite different password"
BOB = {"email": "bob@example.org"}
OF_THE_FACTOR = ("totp_seed", "totp_step", "factor_since", "recovery_hashes")


@pytest.fixture
def app(make_app):
    return populate(make_app(**MAIL, SECOND_FACTOR="offered"))


def reset_of_bob(app, browser=None):
    """Choose a new password with the link of a mail, as whoever reads bob's mailbox."""
    browser = browser or in_process(app)
    assert browser.post("/forgot", json=BOB).status_code == 202
    return browser.post("/reset", json={"token": link_of(app), "password": NEW})


def type_new_password(browser):
    return browser.post("/login", json={"username": "bob", "password": NEW})


# ---- a reset goes around nothing


def test_after_a_reset_the_code_is_asked_for_as_before(app):
    phone = give_factor(app, "bob")
    before = {name: stored("bob").get(name) for name in OF_THE_FACTOR}
    browser = in_process(app)
    assert reset_of_bob(app, browser).status_code == 200
    assert {name: stored("bob").get(name) for name in OF_THE_FACTOR} == before
    assert who(browser) is None
    answer = type_new_password(browser)
    assert (answer.status_code, answer.json()["code"]) == (202, "code_wanted")
    assert who(browser) is None
    assert type_code(browser, "000000").status_code == 401
    assert who(browser) is None
    assert type_code(browser, phone.code()).status_code == 200
    assert who(browser) == "bob"


def test_on_the_pages_too(app):
    phone, browser = give_factor(app, "bob"), in_process(app)
    browser.post("/forgot", json=BOB)
    token = link_of(app)
    form = {"token": token, "new_password": NEW, "again": NEW}
    answer = send_form(browser, "/reset", form, page=f"/reset?token={token}")
    assert answer.headers["Location"] == "/login"
    form = {"username": "bob", "password": NEW}
    answer = send_form(browser, "/login", form, page="/login")
    assert answer.headers["Location"] == "/login/code"
    answer = send_form(browser, "/login/code", {"code": phone.code()}, page="/login/code")
    assert answer.headers["Location"] == "/account"
    assert who(browser) == "bob"


def test_a_reset_ends_half_logins(app):
    phone, browser = give_factor(app, "bob"), in_process(app)
    type_password(browser, "bob")
    assert reset_of_bob(app).status_code == 200
    assert HalfLogin.objects.count() == 0
    answer = type_code(browser, phone.code())
    assert (answer.status_code, answer.json()["code"]) == (401, "password_first")


def test_a_reset_ends_a_second_factor_that_was_about_to_begin(app):
    """Whoever had the open browser would else set one up that the owner does not have."""
    browser = log_in(app, "bob")
    assert "secret" in send_form(browser, FACTOR_PAGE, page=FACTOR_PAGE).text
    assert NewFactor.objects.count() == 1
    assert reset_of_bob(app).status_code == 200
    assert NewFactor.objects.count() == 0


def test_a_link_ends_when_a_second_factor_begins(app):
    browser = log_in(app, "bob")
    browser.post("/forgot", json=BOB)
    token = link_of(app)
    set_up(browser)
    answer = browser.post("/reset", json={"token": token, "password": NEW})
    assert (answer.status_code, answer.json()["code"]) == (404, "link_over")


def test_a_link_is_no_code_and_no_half_login(app):
    give_factor(app, "bob")
    browser = in_process(app)
    browser.post("/forgot", json=BOB)
    token = link_of(app)
    type_password(browser, "bob")
    assert type_code(browser, token).status_code in (401, 422)
    assert who(browser) is None


# ---- an address


def test_another_address_takes_a_login_with_a_code(app):
    phone, browser = give_factor(app, "bob"), in_process(app)
    type_password(browser, "bob")
    answer = browser.post("/", json={"name": "bob", "email": "bob@elsewhere.example"})
    assert answer.status_code == 401
    assert read_outbox(app) == []
    type_code(browser, phone.code())
    send_form(browser, "/account/email", {"email": "bob@elsewhere.example"})
    token, half = link_of(app), in_process(app)
    type_password(half, "bob")
    assert half.post("/confirm", json={"token": token}).status_code == 401
    assert browser.post("/confirm", json={"token": token}).status_code == 200
    assert stored("bob")["email"] == "bob@elsewhere.example"


# ---- the user hears of it


def said(app):
    """Return what the letters say that have come, and forget them."""
    letters = read_outbox(app)
    texts = [" ".join(one.get_content().split()) for one in letters]
    assert {one["To"] for one in letters} <= {"bob@example.org"}
    letters.clear()
    return texts


def press(browser, step, **form):
    answer = send_form(browser, FACTOR_PAGE + step, form, page=FACTOR_PAGE)
    assert answer.status_code in (201, 302), answer.text


def test_what_changes_a_second_factor_is_told_by_mail(app):
    browser = log_in(app, "bob")
    phone, codes = set_up(browser)
    [text] = said(app)
    assert "Your account has a second factor now" in text
    assert log_in_with(in_process(app), "bob", codes[0]).status_code == 200
    [text] = said(app)
    assert "A recovery code of your account was used" in text
    press(browser, "/recovery-codes", code=codes[1])
    used, renewed = said(app)
    assert "A recovery code of your account was used" in used
    assert "new recovery codes" in renewed
    press(browser, "/remove", code=give_recovery_code("bob"))
    texts = said(app)
    assert "Your account has no second factor any more" in texts[-1]
    for secret in (phone.totp.secret, *codes):
        assert secret not in str(texts)


def test_an_ordinary_code_is_no_news(app):
    phone = give_factor(app, "bob")
    assert log_in_with(in_process(app), "bob", phone.code()).status_code == 200
    assert said(app) == []


def test_a_command_that_takes_it_away_tells_the_user_too(app):
    give_factor(app, "bob")
    done = app.test_cli_runner().invoke(
        args=["users", "remove-factor", "bob", "--proof", "passport, seen by Grace"]
    )
    assert done.exit_code == 0, done.output
    [text] = said(app)
    assert "Your account has no second factor any more" in text
    assert "passport" not in text


def test_another_name_is_told_too(app):
    done = app.test_cli_runner().invoke(args=["users", "rename", "bob", "robert"])
    assert done.exit_code == 0, done.output
    [text] = said(app)
    assert "Your account has another name now" in text
    assert "robert" not in text


# ---- where everybody has to have one


@pytest.fixture
def strict(make_app):
    return populate(make_app(**MAIL, SECOND_FACTOR="everybody", REGISTRATION=True))


def test_whoever_makes_an_account_sets_one_up_before_anything_else(strict):
    browser = in_process(strict)
    asked = {"name": "dora", "email": "dora@example.org"}
    assert browser.post("/register", json=asked).status_code == 202
    made = browser.post("/welcome", json={"token": link_of(strict), "password": NEW})
    assert made.status_code == 201
    assert who(browser) is None
    given = {"username": "dora", "password": NEW}
    assert browser.post("/login", json=given).status_code == 200
    assert browser.post("/user_info").json()["code"] == "second_factor_required"
    phone, _ = set_up(browser)
    assert who(browser) == "dora"
    other = in_process(strict)
    assert other.post("/login", json=given).status_code == 202
    assert type_code(other, phone.code()).status_code == 401  # it began the factor, and is used up
    assert who(other) is None


def test_whoever_has_none_yet_and_forgot_the_password_gets_a_new_one(strict):
    """The page on which one is set up asks them for a password that they have forgotten."""
    browser = log_in(strict, "bob", remember=True)
    assert "/forgot" in browser.get("/login", headers=PAGE).text
    assert browser.get("/forgot", headers=PAGE, allow_redirects=False).status_code == 200
    assert reset_of_bob(strict, browser).status_code == 200
    assert type_new_password(browser).status_code == 200
    set_up(browser)
    assert who(browser) == "bob"


def test_without_one_nobody_confirms_an_address(strict):
    browser = log_in(strict, "bob")
    form = {"csrf_token": csrf_token(browser.get("/login", headers=PAGE)), "email": "b@x.example"}
    answer = browser.post("/account/email", data=form, headers=PAGE, allow_redirects=False)
    assert answer.headers["Location"] == FACTOR_PAGE
    assert browser.post("/confirm", json={"token": "x"}).status_code == 403
    assert stored("bob")["email"] == "bob@example.org"
