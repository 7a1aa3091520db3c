"""The lab does with a passkey what the script of a page does, and a trace tells of it."""

import json
from hashlib import sha256

import pytest

from flasklogin_tutorial.lab import make_passkey, trace, use_passkey
from flasklogin_tutorial.lab.passkeys import (
    add_passkey_login,
    new_key,
    parts_of,
    read_new,
    read_question,
)
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import BrowserRefuses, SoftKey, add_user, in_process, new_app
from flasklogin_tutorial.visit.p256 import verify

from .keyed import ORIGIN, SITE, make_club
from .test_trace_drawn import FOUR, assert_is_mermaid
from .traced import WIDEST, told


@pytest.fixture
def club():
    return make_club()


@pytest.fixture
def key():
    return SoftKey(seed=19)


@pytest.fixture
def ada(club, key):
    """Give a browser whose owner has a passkey in the key."""
    browser = in_process(club)
    assert make_passkey(browser, key, ORIGIN, "ring").status_code == 201
    return browser


def test_a_passkey_is_made_and_opens_the_login(club, key, ada):
    ((_, count, label),) = club.passkeys.values()
    assert (count, label) == (0, "ring")
    assert use_passkey(ada, key, ORIGIN).text == "token 7"


def test_a_page_elsewhere_is_not_answered_and_a_careless_browser_helps_nobody(key, ada):
    with pytest.raises(BrowserRefuses):
        use_passkey(ada, key, "https://c1ub.example")
    careless = use_passkey(ada, key, "https://c1ub.example", careless=True)
    assert (careless.status_code, careless.text[:6]) == (401, "origin")


def test_a_page_that_asks_for_no_passkey_is_named(ada):
    for path in ("/plain", "/nowhere"):
        with pytest.raises(LookupError, match=f"{path} asks for no passkey"):
            read_question(ada, path)


# ---- what lessons take apart


def test_what_an_app_keeps_of_a_new_passkey_checks_what_it_signs(key):
    asked = {"rp": {"id": SITE}, "user": {"id": "YWRh"}, "challenge": "aaaa"}
    key_id, public_key = read_new(key.register(asked, ORIGIN))
    assert key_id == key.credentials[0].id
    parts = parts_of(key.sign({"rpId": SITE, "challenge": "aaaa"}, ORIGIN))
    assert list(parts) == ["clientDataJSON", "authenticatorData", "signature", "userHandle"]
    assert json.loads(parts["clientDataJSON"])["origin"] == ORIGIN
    assert parts["userHandle"] == b"ada"
    signed = parts["authenticatorData"] + sha256(parts["clientDataJSON"]).digest()
    assert verify(public_key, signed, parts["signature"])


@pytest.mark.parametrize(
    ("how", "flags", "count"),
    [({}, 0b101, 1), ({"verifies": False}, 0b001, 1), ({"synced": True}, 0b11101, 0)],
)
def test_a_new_key_has_a_passkey_and_is_the_same_each_time(how, flags, count):
    asked = {"rpId": "shop.example", "challenge": "aaaa"}
    first, second = (new_key("https://shop.example", **how) for _ in range(2))
    said = parts_of(first.sign(asked, "https://shop.example"))
    assert said == parts_of(second.sign(asked, "https://shop.example"))
    data = said["authenticatorData"]
    assert (data[32], int.from_bytes(data[33:])) == (flags, count)
    with pytest.raises(BrowserRefuses, match="no passkey"):
        first.sign({"rpId": "club.example", "challenge": "aaaa"}, "https://club.example")


def test_the_login_of_a_lesson_does_what_a_function_of_the_lesson_says():
    app, key, seen = new_app(step06.create_app), new_key(), []

    def is_right(parts, challenge):
        seen.append(json.loads(parts["clientDataJSON"])["challenge"] == challenge)
        return len(seen) > 1

    add_user(app, "ada", "lovelace")
    add_passkey_login(app, is_right)
    browser = in_process(app)
    assert use_passkey(browser, key, "https://club.example").status_code == 401
    assert browser.post("/user_info").json()["result"] == 401
    assert use_passkey(browser, key, "https://club.example").status_code == 200
    assert browser.post("/user_info").json()["data"]["name"] == "ada"
    assert seen == [True, True]


# ---- the trace


def test_a_trace_tells_what_the_key_was_asked_and_what_it_and_the_browser_said(key, ada):
    seen = trace(ada).use_passkey(key, ORIGIN)
    assert seen.response.status_code == 200
    asked, said, back, added, sent = told(seen.events)[:5]
    assert asked.startswith("browser → key: sign '") and asked.endswith(f"for {SITE}")
    assert said == "key: touched, finger or PIN; count 1"
    assert back == "key → browser: signature"
    assert added == f"browser: signed with it: origin {ORIGIN}"
    assert sent == "browser → Flask: POST /login/passkey"


def test_a_trace_of_a_refusal_ends_at_the_browser(key, ada):
    seen = trace(ada).use_passkey(key, "https://c1ub.example")
    assert seen.exchanges == []
    asked, refused = seen.events
    assert asked.text.endswith(f"for {SITE}")
    assert refused.text.startswith("✗ SecurityError: ")
    assert refused.failed
    assert "POST" not in repr(seen)


def test_a_careless_browser_sends_what_it_has(key, ada):
    seen = trace(ada).use_passkey(key, "https://c1ub.example", careless=True)
    assert seen.response.status_code == 401
    assert "origin https://c1ub.example" in repr(seen)


def test_a_key_that_is_copied_says_so(ada):
    copied = SoftKey(synced=True, verifies=False)
    copied.register({"rp": {"id": SITE}, "user": {"id": ""}, "challenge": "aaaa"}, ORIGIN)
    seen = told(trace(ada).use_passkey(copied, ORIGIN).events)
    assert seen[1] == "key: touched, copied; count 0"


def test_the_lane_of_the_key_is_the_first_and_is_drawn_only_with_a_key(key, ada):
    four = [lane.title for lane in FOUR]
    for seen, titles in (
        (trace(ada).use_passkey(key, ORIGIN), ["key", *four]),
        (trace(ada).use_passkey(key, "https://c1ub.example"), ["key", *four]),
        (trace(ada).get("/plain"), four),
    ):
        assert repr(seen).splitlines()[0].split() == titles
        assert max(map(len, repr(seen).splitlines())) <= WIDEST
        assert_is_mermaid(seen._repr_mimebundle_()["text/vnd.mermaid"])
