"""The lab does with a passkey what the script of a page does, and a trace tells of it."""

import pytest

from flasklogin_tutorial.lab import make_passkey, trace, use_passkey
from flasklogin_tutorial.lab.passkeys import read_question
from flasklogin_tutorial.visit import BrowserRefuses, SoftKey, in_process

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
