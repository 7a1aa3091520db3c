"""The clock jumps forward, for everything in the process at once."""

from datetime import UTC, datetime, timedelta

import pytest
from freezegun import freeze_time

from flasklogin_tutorial.app import accounts, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.visit import forget, in_process

from .conftest import credentials, log_in, populate

pytestmark = pytest.mark.slow

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FIRST = "a first password for dora"

#: How long each works, as docs/app.md says. A login is looked at without having been used.
LIVES = {
    "too many attempts": 15 * MINUTE,
    "fresh": 15 * MINUTE,
    "login": 30 * MINUTE,
    "first password": 72 * HOUR,
    "remember": 30 * DAY,
    "token": 365 * DAY,
}
JUMPS = sorted(
    {MINUTE, 13 * HOUR, 400 * DAY}
    | {life - 2 * MINUTE for life in LIVES.values()}
    | {life + 2 * MINUTE for life in LIVES.values()}
)


WRONG = credentials("ada") | {"password": "wrong"}


def make_world(app):
    """Give a credential of each kind to somebody, and make a stranger wait."""
    with app.app_context():
        accounts.create("dora", "dora@example.org", FIRST, is_first=True)
        token = tokens.create(accounts.find("bob"), "a test", by=OPERATOR)
    program = in_process(app)
    program.headers["Authorization"] = f"Bearer {token}"
    remembered = log_in(app, "cy", remember=True)
    remembered.cookies.clear(name="session", domain="127.0.0.1", path="/")
    stranger = in_process(app, address="203.0.113.5")
    while stranger.post("/login", json=WRONG).status_code != 429:
        pass
    return {
        "login": log_in(app, "bob"),
        "fresh": log_in(app, "bob"),
        "remember": remembered,
        "token": program,
        "too many attempts": stranger,
        "first password": in_process(app),
    }


def what_works(world):
    """Return which of the credentials work, and whether the stranger still has to wait."""
    change = {"name": "bob", "email": "new@example.org"}
    dora = {"username": "dora", "password": FIRST}
    return {
        "fresh": world["fresh"].post("/", json=change).status_code == 200,
        "too many attempts": world["too many attempts"].post("/login", json=WRONG).status_code
        == 429,
        "first password": world["first password"].post("/login", json=dora).status_code == 200,
        **{
            name: world[name].post("/user_info").status_code == 200
            for name in ("login", "remember", "token")
        },
    }


def test_after_a_jump_of_the_clock_everything_is_over_that_should_be(make_app, figure):
    for jump in JUMPS:
        world = make_world(populate(make_app()))
        with freeze_time(datetime.now(UTC) + jump, tick=True):
            assert what_works(world) == {name: jump < life for name, life in LIVES.items()}, jump
        forget()
    figure(f"{len(JUMPS)} jumps, {len(LIVES)} credentials and waits: each as documented")
