"""Device cookies: strangers who guess cannot keep a user out of a browser that the user knows."""

import re
import time
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import Client

from flasklogin_tutorial.app.devices import DEVICE_USERS
from flasklogin_tutorial.app.models import Login, hash_secret

from .conftest import PASSWORDS, PROPERTY, SECRET, credentials, populate, stored
from .test_cookies import changes, mutate

WRONG = {"password": "not the password"}
LIMITS = {"SIGN_IN_LIMIT_PER_NAME": "3 per hour", "SIGN_IN_LIMIT_PER_ADDRESS": "8 per hour"}
SECURE = {"base_url": "https://localhost"}


@pytest.fixture
def app(make_app):
    return populate(make_app(**LIMITS))


def attempt(client, name="bob", address="198.51.100.7", **more):
    body = credentials(name) | more
    return client.post("/login", json=body, environ_overrides={"REMOTE_ADDR": address})


def attempt_with(app, cookie, **more):
    """Try to log in with one raw device cookie."""
    environ = {"HTTP_COOKIE": f"device={cookie}", "REMOTE_ADDR": "198.51.100.9"}
    body = credentials("bob") | more
    return Client(app, use_cookies=False).post("/login", json=body, environ_overrides=environ)


def device_cookie(client):
    return client.get_cookie("device").value


@pytest.fixture
def home(app):
    """Open a browser in which bob has signed in, and out again."""
    client = Client(app)
    assert attempt(client).status_code == 200
    client.post("/logout")
    return client


def strangers_guess(app, name="bob"):
    """Fill the limit of a name, from many addresses."""
    for n in range(4):
        status = attempt(Client(app), name, address=f"203.0.113.{n}", **WRONG).status_code
    assert status == 429


def is_throttled(answer):
    return answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 3600


# ---- what it is for


def test_strangers_keep_a_user_out_of_no_browser_that_is_known(app, home):
    strangers_guess(app)
    assert is_throttled(attempt(Client(app)))
    assert attempt(home).status_code == 200
    assert is_throttled(attempt(Client(app)))


def test_not_even_strangers_at_the_same_address(app, home):
    for n in range(9):
        status = attempt(Client(app), username=f"name{n}", **WRONG).status_code
    assert status == 429
    assert is_throttled(attempt(Client(app)))
    assert attempt(home).status_code == 200


def test_the_form_knows_the_browser_too(app):
    home = Client(app)

    def send(client):
        page = client.get("/login").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return client.post("/login", data=credentials("bob") | {"csrf_token": token})

    assert send(home).status_code == 302
    home.post("/logout")
    strangers_guess(app)
    assert send(Client(app)).status_code == 429
    assert send(home).status_code == 302


# ---- it makes nobody guess faster


def test_guesses_from_a_known_browser_are_limited_on_their_own(app, home):
    statuses = [attempt(home, **WRONG).status_code for _ in range(3)]
    assert statuses == [401] * 3
    assert is_throttled(attempt(home, **WRONG))
    assert is_throttled(attempt(home))
    assert attempt(Client(app)).status_code == 200  # the name itself has not been guessed at


def test_a_right_password_sets_the_count_of_the_browser_back(app, home):
    cookie = device_cookie(home)
    for _ in range(2):
        statuses = [attempt_with(app, cookie, **more).status_code for more in (WRONG, WRONG, {})]
        assert statuses == [401, 401, 200]


def test_known_browsers_at_one_address_are_limited_together(app):
    browsers = [Client(app) for _ in range(9)]
    for n, browser in enumerate(browsers):
        assert attempt(browser, address=f"203.0.113.{n}").status_code == 200
    statuses = [attempt(browser, **WRONG).status_code for browser in browsers]
    assert statuses == [401] * 8 + [429]


def test_copies_of_one_cookie_share_its_count(app, home):
    cookie = device_cookie(home)
    statuses = [attempt_with(app, cookie, **WRONG).status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


# ---- what counts as none


def test_it_says_nothing_about_another_user(app, home):
    strangers_guess(app, "ada")
    assert is_throttled(attempt(home, "ada"))


def test_it_signs_nobody_in(app, home):
    stranger = Client(app)
    stranger.set_cookie("device", device_cookie(home))
    assert stranger.post("/user_info").status_code == 401
    assert stranger.get("/account", headers={"Accept": "text/html"}).status_code == 302
    assert attempt(stranger, **WRONG).status_code == 401


def test_a_browser_in_which_the_password_was_wrong_is_not_known(app):
    client = Client(app)
    attempt(client, **WRONG)
    assert client.get_cookie("device") is None


def test_it_ends_after_half_a_year(app, home, monkeypatch):
    now = time.time()
    for days, known in [(179, True), (181, False)]:
        moment = now + timedelta(days=days).total_seconds()
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        strangers_guess(app)
        # `attempt` would get a new cookie; a copy keeps its age
        assert attempt_with(app, device_cookie(home)).status_code == (200 if known else 429)


def signed(said, key=SECRET):
    return URLSafeTimedSerializer(key, salt="device cookie").dumps(said)


def test_one_that_somebody_else_signed_counts_as_none(app):
    strangers_guess(app)
    said = {hash_secret("bob"): "a number"}
    assert is_throttled(attempt_with(app, signed(said, "another key")))
    assert attempt_with(app, signed(said)).status_code == 200


@pytest.mark.parametrize("number", [None, 5, [], {}, True, ["a"], ""])
def test_even_a_signed_one_of_another_shape_counts_as_none(app, number):
    strangers_guess(app)
    for said in ({hash_secret("bob"): number}, number):
        assert is_throttled(attempt_with(app, signed(said)))


@PROPERTY
@given(change=changes())
def test_a_changed_one_counts_as_none_and_is_no_error(app, change):
    client = Client(app)
    attempt(client, "cy")
    strangers_guess(app, "cy")
    value = mutate(device_cookie(client), change)
    answer = attempt_with(app, value, **credentials("cy"))
    # Base64 has spellings that mean the same, and quotes may stand around a value.
    same = value.strip('" ').rpartition(".")[0] == device_cookie(client).rpartition(".")[0]
    assert is_throttled(answer) or (same and answer.status_code == 200)
    app.extensions["sign_in_limiter"].reset()


@PROPERTY
@given(value=st.text(st.characters(max_codepoint=255), max_size=300))
def test_an_invented_one_counts_as_none_and_is_no_error(app, value):
    strangers_guess(app)
    assert is_throttled(attempt_with(app, value))


# ---- how it is kept


@pytest.mark.parametrize("https", [False, True])
def test_only_this_host_reads_it_and_no_script(make_app, https):
    client = Client(populate(make_app(HTTPS=https)))
    answer = client.post("/login", json=credentials("bob"), **(SECURE if https else {}))
    name = "__Host-device" if https else "device"
    line = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{name}="))
    parts = {part.strip() for part in line.split(";")}
    wanted = {"HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={180 * 24 * 3600}"}
    assert wanted | ({"Secure"} if https else set()) <= parts
    assert not any(part.startswith("Domain") for part in parts)


def test_it_works_on_https(make_app):
    app = populate(make_app(HTTPS=True, **LIMITS))
    home = Client(app)
    assert home.post("/login", json=credentials("bob"), **SECURE).status_code == 200
    for _ in range(4):
        Client(app).post("/login", json=credentials("bob") | WRONG, **SECURE)
    assert is_throttled(Client(app).post("/login", json=credentials("bob"), **SECURE))
    assert home.post("/login", json=credentials("bob"), **SECURE).status_code == 200


def test_it_holds_nothing_of_the_user_and_the_database_nothing_of_it(app, home):
    cookie = device_cookie(home)
    said = URLSafeTimedSerializer(SECRET, salt="device cookie").loads(cookie)
    assert list(said) == [hash_secret("bob")]
    [number] = said.values()
    assert len(number) >= 43  # 256 bits
    assert number not in str(stored("bob")) + str([one.to_mongo() for one in Login.objects])


def test_each_login_gives_a_new_number(app, home):
    before = device_cookie(home)
    attempt(home)
    for _ in range(4):
        attempt_with(app, before, **WRONG)
    assert is_throttled(attempt_with(app, before))
    assert attempt(home).status_code == 200


def test_a_rotated_secret_keeps_it_until_the_former_one_is_dropped(make_app, home):
    cookie = device_cookie(home)
    rotated = make_app(SECRET_KEY="new " * 12, SECRET_KEY_FALLBACKS=[SECRET], **LIMITS)
    strangers_guess(rotated)
    kept = attempt_with(rotated, cookie)
    assert kept.status_code == 200
    dropped = make_app(SECRET_KEY="new " * 12, **LIMITS)
    strangers_guess(dropped)
    assert is_throttled(attempt_with(dropped, cookie))
    [line] = [c for c in kept.headers.getlist("Set-Cookie") if c.startswith("device=")]
    renewed = line.removeprefix("device=").partition(";")[0]
    assert attempt_with(dropped, renewed).status_code == 200


def test_a_browser_is_known_for_the_last_users_who_signed_in_there(app):
    names = [f"user{n}" for n in range(DEVICE_USERS + 1)]
    admin, shared = Client(app), Client(app)
    assert attempt(admin, "ada", address="192.0.2.1").status_code == 200
    own = {"password": "four words for all"}
    for n, name in enumerate(names):
        record = {"name": name, "email": "x@example.org", **own}
        put = admin.put("/", json=record, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
        assert put.status_code == 201
        address = f"192.0.2.{n}"
        assert attempt(shared, username=name, address=address, **own).status_code == 200
        for m in range(4):
            attempt(Client(app), username=name, address=f"203.0.{n}.{m}", **WRONG)
    cookie = device_cookie(shared)
    statuses = [attempt_with(app, cookie, username=name, **own).status_code for name in names]
    assert statuses == [429] + [200] * DEVICE_USERS


def test_a_changed_password_leaves_the_users_other_browsers_known(app, home):
    away, new = Client(app), "a quite different password"
    attempt(away)
    body = {"name": "bob", "password": new, "current_password": PASSWORDS["bob"]}
    environ = {"REMOTE_ADDR": "198.51.100.7"}
    assert away.post("/", json=body, environ_overrides=environ).status_code == 200
    strangers_guess(app)
    assert attempt(home).status_code == 401
    assert attempt(home, password=new).status_code == 200
