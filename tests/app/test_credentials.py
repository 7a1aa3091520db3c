"""What outlives what: no credential opens anything after what it was made with has ended."""

from datetime import timedelta

import pytest

from flasklogin_tutorial.app.models import ApiToken, Login, User, now
from flasklogin_tutorial.visit import in_process

from .conftest import (
    ELSEWHERE,
    PAGE,
    PASSWORDS,
    credentials,
    log_in,
    send_form,
    snapshot,
    stored,
    thief_of,
    who,
)

NEW = "a quite different password"
GRACE = {"name": "grace", "password": "compilers are my hobby", "email": "grace@example.org"}


def make_token(browser):
    """Make an API token on the account page, and return the header that a program sends."""
    answer = send_form(browser, "/account/tokens", {"label": "night watch"})
    assert answer.status_code == 201, answer.text
    token = answer.text.partition('class="secret">')[2].partition("<")[0]
    return {"Authorization": f"Bearer {token}"}


def acts_as(app, header):
    """Return who a program with a token acts as, or None if the token has ended."""
    answer = in_process(app).post("/user_info", headers=header)
    if answer.status_code == 401:
        assert answer.json()["code"] == "invalid_token"
        return None
    return answer.json()["data"]["name"]


def first_password_of(ada, name="dora"):
    form = {"name": name, "email": f"{name}@example.org"}
    answer = send_form(ada, "/people", form, page="/people")
    return answer.text.partition('class="secret">')[2].partition("<")[0]


def choose_password(browser, current, new=NEW):
    form = {"current_password": current, "new_password": new, "again": new}
    return send_form(browser, "/account/password", form)


# ---- a login that is not fresh


@pytest.fixture
def thief(app):
    """Open a browser elsewhere, with a copy of an administrator's remember cookie."""
    return thief_of(log_in(app, "ada", remember=True), app, "remember", address=ELSEWHERE)


API = {
    "creating a user": ("PUT", GRACE),
    "deleting another": ("DELETE", {"name": "bob"}),
    "another's address": ("POST", {"name": "bob", "email": "m@example.org"}),
    "another's password": ("POST", {"name": "bob", "password": NEW}),
    "deleting oneself": ("DELETE", {"name": "ada"}),
    "one's own address": ("POST", {"name": "ada", "email": "m@example.org"}),
    "one's own password": ("POST", {"name": "ada", "password": NEW}),
}


@pytest.mark.parametrize("deed", API)
def test_the_api_asks_for_the_password_again_before_what_is_dangerous(app, thief, deed):
    User.objects(name="cy").update(is_admin=True)  # so that ada is not the last one
    assert who(thief) == "ada"
    before = snapshot()
    method, body = API[deed]
    answer = thief.request(method, "/", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "fresh_login_required")
    assert snapshot() == before


def test_the_page_asks_for_the_password_again_before_an_address_changes(app, bob, later):
    later(minutes=16)
    before = stored("bob")
    answer = send_form(bob, "/account/email", {"email": "mallory@example.org"})
    assert answer.headers["Location"] == "/login?next=%2Faccount"
    assert stored("bob") == before
    page = bob.get("/account", headers=PAGE).text
    assert "bob@example.org" in page
    assert 'name="email"' not in page


@pytest.mark.parametrize("deed", ["everywhere", "another device"])
def test_the_page_asks_for_the_password_again_before_other_logins_end(app, later, deed):
    owner, other = log_in(app, "bob", remember=True), log_in(app, "bob", remember=True)
    thief = thief_of(owner, app, "remember", address=ELSEWHERE)
    theirs = Login.objects.order_by("-made").first()
    paths = {"everywhere": "sign-out-everywhere", "another device": f"devices/{theirs.id}/sign-out"}
    answer = send_form(thief, f"/account/{paths[deed]}")
    assert answer.headers["Location"] == "/login?next=%2Faccount"
    assert (who(owner), who(other)) == ("bob", "bob")


def test_ones_own_device_is_logged_out_without_a_password(app):
    owner = log_in(app, "bob", remember=True)
    copy = thief_of(owner, app, "remember", address=ELSEWHERE)
    mine = Login.objects.get()
    assert send_form(copy, f"/account/devices/{mine.id}/sign-out").headers["Location"] == "/login"
    assert who(owner) is None


# ---- API tokens

ENDINGS = {
    "a new password of one's own, over the API": lambda app, ada, bob: bob.post(
        "/", json={"name": "bob", "password": NEW, "current_password": PASSWORDS["bob"]}
    ),
    "a new password of one's own, on the page": lambda app, ada, bob: choose_password(
        bob, PASSWORDS["bob"]
    ),
    "a new password by an administrator": lambda app, ada, bob: ada.post(
        "/", json={"name": "bob", "password": NEW}
    ),
    "ending all logins": lambda app, ada, bob: send_form(bob, "/account/sign-out-everywhere"),
    "being closed and opened again": lambda app, ada, bob: [
        send_form(ada, f"/people/{stored('bob')['_id']}/{deed}", page="/people")
        for deed in ("disable", "enable")
    ],
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_token_ends_when_all_logins_of_its_user_do(app, ada, bob, ending):
    header, others = make_token(bob), make_token(ada)
    assert acts_as(app, header) == "bob"
    ENDINGS[ending](app, ada, bob)
    assert acts_as(app, header) is None
    assert acts_as(app, others) == "ada"
    again = in_process(app)
    given = credentials("bob")
    if "password" in ending:
        given["password"] = NEW
    assert again.post("/login", json=given).status_code == 200
    assert "night watch" not in again.get("/account", headers=PAGE).text


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_token_that_is_being_made_at_that_moment_has_ended_too(
    app, ada, bob, ending, monkeypatch
):
    """The request for it has asked all that it asks, and is held up right before it writes."""
    save, run = ApiToken.save, ENDINGS[ending]
    helper = log_in(app, "bob")

    def be_slow(token, **how):
        monkeypatch.setattr(ApiToken, "save", save)
        run(app, ada, helper)
        return save(token, **how)

    monkeypatch.setattr(ApiToken, "save", be_slow)
    header = make_token(bob)
    assert acts_as(app, header) is None


# ---- first passwords


def test_with_a_first_password_no_token_is_made(app, ada):
    first = first_password_of(ada)
    whoever = in_process(app)
    whoever.post("/login", json={"username": "dora", "password": first})
    page = whoever.get("/account", headers=PAGE).text
    assert "Choose a password of your own first." in page
    assert 'name="label"' not in page
    answer = send_form(whoever, "/account/tokens", {"label": "night watch"})
    assert answer.status_code == 403
    assert "Choose a password of your own first." in answer.text
    assert snapshot()["ApiToken"] == []
    choose_password(whoever, first)
    assert acts_as(app, make_token(whoever)) == "dora"


@pytest.mark.parametrize("remember", [False, True])
def test_a_login_ends_with_the_first_password_that_began_it(app, ada, later, remember):
    first = first_password_of(ada)
    later(hours=71)
    browser = in_process(app)
    given = {"username": "dora", "password": first, "remember": remember}
    browser.post("/login", json=given)
    record = Login.objects(user=stored("dora")["_id"]).get()
    assert record.until <= User.objects.get(name="dora").first_password_until
    last = User.objects.get(name="dora").first_password_until
    assert f"{last:%d %b %Y, %H:%M} UTC" in browser.get("/account", headers=PAGE).text
    later(hours=71, minutes=20)
    assert who(browser) == "dora"
    later(hours=72, minutes=1)
    assert who(browser) is None


def test_a_login_from_before_ends_with_the_first_password_too(app, bob):
    """An earlier version of the app gave it a longer life, and its record says so still."""
    past = now() - timedelta(minutes=1)
    User.objects(name="bob").update(first_password_until=past)
    assert Login.objects.get().until > now()
    assert who(bob) is None


def test_with_a_password_of_ones_own_the_login_goes_on(app, ada, later):
    first = first_password_of(ada)
    browser = in_process(app)
    browser.post("/login", json={"username": "dora", "password": first, "remember": True})
    choose_password(browser, first)
    later(days=29)
    assert who(browser) == "dora"


# ---- two logins in one browser


@pytest.mark.parametrize("other", ["bob", "cy"])
def test_a_logout_ends_both_logins_of_a_browser(app, other):
    remembered, browser = log_in(app, other, remember=True), log_in(app, "bob")
    copies = [thief_of(remembered, app, "remember"), thief_of(browser, app)]
    for cookie in remembered.cookies:
        if cookie.name == "remember":
            browser.cookies.set_cookie(cookie)
    assert [who(copy) for copy in copies] == [other, "bob"]
    assert browser.post("/logout").status_code == 200
    assert [who(copy) for copy in copies] == [None, None]
    assert Login.objects.count() == 0


# ---- an API token beside a cookie


@pytest.mark.parametrize("cookie", ["remember", "session"])
@pytest.mark.parametrize("value", ["broken", "x|y", "ä"])
def test_a_good_token_is_good_beside_a_broken_cookie(app, bob, cookie, value):
    header = make_token(bob) | {"Cookie": f"{cookie}={value}"}
    answer = app.test_client(use_cookies=False).post("/user_info", headers=header)
    assert (answer.status_code, answer.json["data"]["name"]) == (200, "bob")
