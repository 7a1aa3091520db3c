"""Who reads and who sets each field of a user, tried on every page and call, and compared."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from flasklogin_tutorial.app.models import User, now
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, PASSWORDS, log_in, snapshot, stored
from .fields import ADMIN, EVERYBODY, FIELDS, OWNER

#: Who asks for bob's record.
VISITORS = {EVERYBODY: "cy", OWNER: "bob", ADMIN: "ada"}

EPOCH = 918273
STEP = 827364

#: What the second factor of bob began with, and when. Until it is set, he has none, and logs in
#: with the password alone.
SINCE = datetime(2025, 3, 4, 5, 6, tzinfo=UTC)
SEED = "plain:what-bob-keeps-in-his-telephone"


@pytest.fixture
def world(app):
    """Give bob something to be recognised in every field."""
    until = now() + timedelta(hours=71)
    User.objects(name="bob").update(
        login_epoch=EPOCH,
        first_password_until=until,
        name_looks=["what-bob-looks-like"],
        given_password_hash="what-bob-was-given",
        confirmed_email="what-bob-confirmed",
        totp_step=STEP,
        recovery_hashes=["what-bob-wrote-down"],
    )
    return app


def what_is_shown(app, name):
    """Return all that a visitor is shown, on each page and by each call that shows a user."""
    browsers = [in_process(app), *([log_in(app, name)] if name else [])]
    User.objects(name="bob").update(totp_seed=SEED, factor_since=SINCE)
    for browser in browsers:
        yield browser.get("/?name=bob").text
        yield browser.post("/user_info").text
        for page in ("/account", "/account/second-factor", "/people", "/login"):
            yield browser.get(page, headers=PAGE).text


def marks():
    """Return for each field a pattern by which it is recognised where it is shown of bob."""
    bob = stored("bob")
    return {
        "id": str(bob["_id"]),
        "name": r"\bbob\b",
        "name_key": "name_key",
        "name_looks": "what-bob-looks-like",
        "email": re.escape(bob["email"]),
        "confirmed_email": "what-bob-confirmed",
        "password": "builder of bridges",
        "password_hash": re.escape(bob["password_hash"]),
        "given_password_hash": "what-bob-was-given",
        "first_password_until": f"{bob['first_password_until']:%d %b %Y, %H:%M}",
        "factor_since": "04 Mar 2025, 05:06",
        "totp_seed": "what-bob-keeps",
        "totp_step": str(STEP),
        "recovery_hashes": "what-bob-wrote-down",
        "is_admin": r'href="/people"',
        "disabled": r"bob@example.org, disabled|bob@example.org, administrator, disabled",
        "login_epoch": str(EPOCH),
    }


def may(who, allowed):
    """Tell whether somebody is among those who may; what everybody may, the others may too."""
    return who in allowed or EVERYBODY in allowed


#: Whoever is disabled is shown nothing, because they cannot log in.
READINGS = [
    (field, who) for field in FIELDS for who in VISITORS if (field, who) != ("disabled", OWNER)
]


@pytest.mark.parametrize(("field", "who"), READINGS)
def test_a_field_is_shown_to_whom_the_table_says_and_to_nobody_else(world, field, who):
    if field == "is_admin":  # whoever is one has a way to the people, and others see the word there
        User.objects(name="bob").update(is_admin=True)
    if field == "disabled":
        User.objects(name="bob").update(disabled=True)
    mark = "bob@example.org, administrator" if (field, who) == ("is_admin", ADMIN) else None
    shown = "\n".join(what_is_shown(world, VISITORS[who]))
    assert bool(re.search(mark or marks()[field], shown)) == may(who, FIELDS[field].read)


NEW = {
    "email": "new@example.org",
    "password": "a quite different password",
    "is_admin": True,
    "disabled": True,
    "login_epoch": 0,
}


@pytest.mark.parametrize("who", VISITORS)
@pytest.mark.parametrize("field", [name for name in FIELDS if name != "name"])
def test_a_field_is_set_by_whom_the_table_says_and_by_nobody_else(world, field, who):
    browser, before = log_in(world, VISITORS[who]), snapshot()["User"]
    body = {"name": "bob", field: NEW.get(field, "0" * 24)}
    if (field, who) == ("password", OWNER):
        body["current_password"] = PASSWORDS["bob"]
    answer = browser.post("/", json=body)
    if may(who, FIELDS[field].set):
        assert answer.status_code == 200
        assert snapshot()["User"] != before
    else:
        assert answer.status_code in (403, 422)
        assert snapshot()["User"] == before


@pytest.mark.parametrize(
    "field", [name for name in FIELDS if name not in ("name", "email", "password")]
)
def test_whoever_creates_a_user_sets_no_other_field_either(world, field):
    ada, before = log_in(world, "ada"), snapshot()["User"]
    grace = {"name": "grace", "password": NEW["password"], "email": "g@example.org"}
    assert ada.put("/", json=grace | {field: NEW.get(field, "0" * 24)}).status_code == 422
    assert snapshot()["User"] == before


def test_a_name_is_no_field_that_changes(world):
    ada, before = log_in(world, "ada"), snapshot()["User"]
    for more in ({"new_name": "rob"}, {"username": "rob"}):
        assert ada.post("/", json={"name": "bob", **more}).status_code == 422
    assert snapshot()["User"] == before


def test_the_table_has_every_field():
    kept = set(User._fields) - {"plaintext_password"}  # of the article's app; it goes at a login
    assert set(FIELDS) == kept | {"password"}
