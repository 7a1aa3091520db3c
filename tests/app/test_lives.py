"""Each credential after each event, tried over HTTP, and compared with the table."""

from datetime import timedelta

import pytest

from flasklogin_tutorial.app.models import User, now
from flasklogin_tutorial.lab.clock import later as move_the_clock
from flasklogin_tutorial.visit import in_process

from .access import CREDENTIALS, EVENTS, STAYS, expected
from .conftest import (
    MAIL,
    PAGE,
    PASSWORDS,
    credentials,
    csrf_token,
    link_of,
    log_in,
    populate,
    send_form,
    stored,
)
from .conftest import thief_of as copy_of
from .phones import (
    FACTOR_PAGE,
    give_factor,
    give_recovery_code,
    set_up,
    type_code,
    type_password,
)

NEW = "a quite different password"
STRANGERS_LIMIT = 5

#: What is not tried before the event, because that would be a guess, or would use it up.
NOT_ASKED = ("device cookie", "form token", "recovery code")


class World:
    """Bob, his browser, another one of his, and an administrator.

    Attributes:
        browser: where bob got the credential.
        copy: another with a copy of its cookies, but for the session.
        elsewhere: another browser in which he is logged in.
    """

    def __init__(self, app, credential):
        self.app = app
        if credential == "first password":
            until = now() + timedelta(hours=72)
            User.objects(name="bob").update(first_password_until=until)
        self.browser = log_in(app, "bob", remember=credential == "remember cookie")
        self.copy = copy_of(self.browser, app, "remember", "device")
        self.elsewhere = log_in(app, "bob")
        self.ada = log_in(app, "ada")

    def has_factor(self):
        return bool(stored("bob").get("totp_seed"))

    def by_admin(self, deed):
        path = f"/people/{stored('bob')['_id']}/{deed}"
        assert send_form(self.ada, path, page="/people").is_redirect

    def by_command(self, *arguments, typed=""):
        ran = self.app.test_cli_runner().invoke(args=["users", *arguments], input=typed)
        assert ran.exit_code == 0, ran.output

    def new_key(self, former):
        keys = [self.app.config["SECRET_KEY"]] if former else []
        self.app.config.update(SECRET_KEY="another key " * 4, SECRET_KEY_FALLBACKS=keys)


# ---- the credentials: each function gives another that tells whether a copy is still good


def opens(browser):
    answer = browser.post("/user_info")
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def try_login(world):
    copy = copy_of(world.browser, world.app, "session")
    return lambda: opens(copy)


def try_remember_cookie(world):
    return lambda: opens(copy_of(world.copy, world.app, "remember"))


def try_api_token(world):
    answer = send_form(world.browser, "/account/tokens", {"label": "nightly"})
    token = answer.text.partition('class="secret">')[2].partition("<")[0]
    program = in_process(world.app)
    program.headers["Authorization"] = f"Bearer {token}"
    return lambda: opens(program)


def try_first_password(world):
    return lambda: in_process(world.app).post("/login", json=credentials("bob")).status_code == 200


def try_device_cookie(world):
    """It is good while guesses by strangers do not keep out whoever has it."""

    def is_good():
        wrong = credentials("bob") | {"password": "a wrong one"}
        for _ in range(STRANGERS_LIMIT + 1):
            stranger = in_process(world.app).post("/login", json=wrong)
        assert stranger.status_code == 429
        known = copy_of(world.copy, world.app, "device")
        return known.post("/login", json=wrong).status_code == 401

    return is_good


def try_form_token(world):
    """It is good while its browser can send a form with it."""
    token = csrf_token(world.browser.get("/account", headers=PAGE))

    def is_good():
        form = {"csrf_token": token, "username": "nobody", "password": "whatever it is"}
        answer = world.browser.post("/login", data=form, headers=PAGE)
        assert answer.status_code in (400, 401)
        return answer.status_code == 401

    return is_good


def try_reset_link(world):
    assert world.browser.post("/forgot", json={"email": "bob@example.org"}).status_code == 202
    token = link_of(world.app)
    return lambda: in_process(world.app).get(f"/reset?token={token}").status_code == 200


def try_confirmation_link(world):
    form = {"email": "bob@elsewhere.example"}
    assert send_form(world.browser, "/account/email", form).is_redirect
    token = link_of(world.app)
    return lambda: in_process(world.app).get(f"/confirm?token={token}").status_code == 200


def try_half_login(world):
    """It is good while a code is looked at that comes with it."""
    give_factor(world.app, "bob")
    type_password(world.browser, "bob")
    copy = copy_of(world.browser, world.app, "session")

    def is_good():
        answer = type_code(copy, "no code")
        assert answer.status_code == 401
        return answer.json()["code"] == "wrong_code"

    return is_good


def try_recovery_code(world):
    """It is good while it opens the account, after whatever password is the right one."""
    give_factor(world.app, "bob")
    code = give_recovery_code("bob")

    def is_good():
        browser = in_process(world.app)
        for password in (PASSWORDS["bob"], NEW):
            browser.post("/login", json=credentials("bob") | {"password": password})
        return type_code(browser, code).status_code == 200

    return is_good


TRIALS = {
    "login": try_login,
    "remember cookie": try_remember_cookie,
    "API token": try_api_token,
    "first password": try_first_password,
    "device cookie": try_device_cookie,
    "reset link": try_reset_link,
    "confirmation link": try_confirmation_link,
    "half login": try_half_login,
    "recovery code": try_recovery_code,
    "form token": try_form_token,
}

# ---- the events


def log_out(world):
    assert world.browser.post("/logout").status_code == 200


def end_other_logins(world):
    assert send_form(world.elsewhere, "/account/sign-out-everywhere").is_redirect


def change_password(world):
    form = {"current_password": PASSWORDS["bob"], "new_password": NEW, "again": NEW}
    assert send_form(world.elsewhere, "/account/password", form).is_redirect


def be_given_a_password(world):
    body = {"name": "bob", "password": NEW}
    assert world.ada.post("/", json=body).status_code == 200


def reset_by_mail(world):
    world.elsewhere.post("/forgot", json={"email": "bob@example.org"})
    body = {"token": link_of(world.app), "password": NEW}
    assert in_process(world.app).post("/reset", json=body).status_code == 200


def confirm_another_address(world):
    assert send_form(world.elsewhere, "/account/email", {"email": "b@example.net"}).is_redirect
    answer = world.elsewhere.post("/confirm", json={"token": link_of(world.app)})
    assert answer.json()["email"] == "b@example.net"


def remove_factor(world):
    if not world.has_factor():
        give_factor(world.app, "bob")
    code = {"code": give_recovery_code("bob")}
    assert send_form(world.elsewhere, f"{FACTOR_PAGE}/remove", code, page=FACTOR_PAGE).is_redirect


def set_up_factor(world):
    if world.has_factor():
        remove_factor(world)
    if "first_password_until" not in stored("bob"):  # with one, there can be no second factor
        set_up(world.elsewhere)


def remove_factor_by_command(world):
    give_factor(world.app, "bob")
    world.by_command("remove-factor", "bob", "--proof", "passport, seen by Ada")


def be_closed_and_opened(world):
    world.by_admin("disable")
    world.by_admin("enable")


def rise_and_fall(world):
    world.by_admin("promote")
    world.by_admin("demote")


HAPPENINGS = {
    "logout, in its browser": log_out,
    "logging out everywhere else, from another browser": end_other_logins,
    "a new password, by the user in another browser": change_password,
    "a new password, by an administrator": be_given_a_password,
    "a new password, by command": lambda world: world.by_command(
        "set-password", "bob", typed=f"{NEW}\n{NEW}\n"
    ),
    "a new password, by a reset link": reset_by_mail,
    "a new address, with its confirmation link": confirm_another_address,
    "being logged out by an administrator": lambda world: world.by_admin("sign-out"),
    "everybody being logged out": lambda world: world.by_command("sign-out-everybody"),
    "a second factor being set up, or set up anew, in another browser": set_up_factor,
    "the second factor being removed, by the user in another browser": remove_factor,
    "the second factor being removed, by command": remove_factor_by_command,
    "being disabled": lambda world: world.by_admin("disable"),
    "being disabled, and enabled again": be_closed_and_opened,
    "promotion and demotion": rise_and_fall,
    "deletion": lambda world: world.by_admin("delete"),
    "a new secret key, the former one kept in the list": lambda world: world.new_key(former=True),
    "a new secret key alone": lambda world: world.new_key(former=False),
}


@pytest.fixture
def world_of(make_app):
    """Give a function that makes bob's world for a credential."""

    def make(credential):
        limit = f"{STRANGERS_LIMIT} per hour"
        app = populate(make_app(**MAIL, SIGN_IN_LIMIT_PER_NAME=limit, SECOND_FACTOR="offered"))
        return World(app, credential)

    return make


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize("event", EVENTS)
def test_after_an_event_a_credential_is_what_the_table_says(world_of, credential, event):
    world = world_of(credential)
    is_good = TRIALS[credential](world)
    if credential not in NOT_ASKED:
        assert is_good()
    HAPPENINGS[event](world)
    assert is_good() == (expected(event, credential) == STAYS)


#: For each credential a time at which it is still good, and one at which it is not.
TIMES = {
    "login": ({"minutes": 29}, {"minutes": 31}),
    "remember cookie": ({"days": 29, "hours": 23}, {"days": 30, "hours": 1}),
    "API token": ({"days": 364}, {"days": 366}),
    "first password": ({"hours": 71}, {"hours": 73}),
    "device cookie": ({"days": 179}, {"days": 181}),
    "reset link": ({"minutes": 29}, {"minutes": 31}),
    "confirmation link": ({"hours": 23}, {"hours": 25}),
    "half login": ({"minutes": 4}, {"minutes": 6}),
    "recovery code": ({"days": 3650}, None),
    "form token": ({"days": 30}, {"days": 32}),
}


@pytest.mark.parametrize("is_over", [False, True])
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_credential_ends_with_its_time(world_of, credential, is_over):
    if TIMES[credential][is_over] is None:
        assert is_over
        return
    is_good = TRIALS[credential](world_of(credential))
    with move_the_clock(**TIMES[credential][is_over]):
        assert is_good() != is_over


def test_the_tables_have_the_same_rows():
    assert EVENTS.keys() == HAPPENINGS.keys()
    assert CREDENTIALS.keys() == TRIALS.keys() == TIMES.keys()
