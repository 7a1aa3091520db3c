"""The lines that the reader writes in lessons 19 to 19c, on keys. See `part4`."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from mongoengine.queryset import QuerySet

from flasklogin_tutorial.app.challenges import LOG_IN, REGISTER, as_text
from flasklogin_tutorial.app.models import Challenge, hash_secret, now
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.line import line

Names = Mapping[str, Any]


# ---- 19

_ORIGIN, _CHALLENGE = "https://club.example", "bmV2ZXIgc2VudCBiZWZvcmU"
_OURS = {
    "type": "webauthn.get",
    "challenge": _CHALLENGE,
    "origin": _ORIGIN,
    "crossOrigin": False,
}

#: What the browser says in place of what it has to, and the hint for who lets it pass.
_OTHERS: tuple[tuple[dict[str, str], str], ...] = (
    ({"origin": "https://c1ub.example"}, "The page was elsewhere: compare `origin`."),
    (
        {"origin": "https://club.example.evil.test"},
        "This address begins as ours does, and is another one. Compare the whole of it.",
    ),
    (
        {"origin": "https://shop.club.example"},
        "This address ends as ours does, and is another one. Compare the whole of it.",
    ),
    ({"origin": "http://club.example"}, "The scheme is a part of the origin too."),
    ({"origin": "https://club.example:8443"}, "The port is a part of the origin too."),
    ({"origin": ""}, "The page was nowhere: compare the whole origin."),
    ({"challenge": "YW5vdGhlcg"}, "It answers another question: compare `challenge`."),
    ({"challenge": ""}, "It answers no question: compare the whole challenge."),
    ({"type": "webauthn.create"}, "This answer makes a passkey: compare `type`."),
)


@line(
    "19a",
    "Tell whether an answer was given to our page",
    idea="The browser says where the page was, and the signature is over what it says.",
    name="is_ours",
    solution="""
def is_ours(said, challenge):
    return (
        said["type"] == "webauthn.get"
        and said["challenge"] == challenge
        and said["origin"] == ORIGIN
    )
""",
    hints=(
        "There are three comparisons, and all three have to hold.",
        'The first is `said["type"] == "webauthn.get"`. Join the others to it with `and`. An '
        "origin is the same as ours, or it is another one: nothing in between.",
        'return said["type"] == "webauthn.get" and said["challenge"] == challenge and '
        'said["origin"] == ORIGIN',
    ),
)
def _is_ours(ask: Ask, names: Names) -> None:
    found = ask(dict(_OURS), _CHALLENGE, expected="True")
    called = f"is_ours({_shown({})}, challenge)"
    hint = "All that it says is as it has to be."
    if found is None:
        hint = "Nothing came back. Is `return` there?"
    ask.must(found is True, called, f"{found!r:.60}", "True", hint)
    for change, hint in _OTHERS:
        found = ask(_OURS | change, _CHALLENGE, expected="False")
        called = f"is_ours({_shown(change)}, challenge)"
        ask.must(found is False, called, f"{found!r:.60}", "False", hint)
    found = ask(_OURS | {"challenge": "bmV3"}, "bmV3", expected="True")
    ask.must(
        found is True,
        "is_ours for another challenge, and the answer to it",
        f"{found!r:.60}",
        "True",
        "Each login has a challenge of its own: compare with the one that was handed over.",
    )


def _shown(change: dict[str, str]) -> str:
    """Return in words what the browser says."""
    told = ", ".join(f"{name!r}: {value!r}" for name, value in change.items())
    return f"{{…, {told}}}" if change else "what our page's browser says"


# ---- 19b


@line(
    "19b",
    "Read two bits of the flags",
    idea="To touch a key is not to be its owner. The flags say which of the two it was.",
    name="is_verified",
    solution="""
def is_verified(data):
    return data[32] & 0b101 == 0b101
""",
    hints=(
        "The flags are the byte behind the hash: `data[32]`.",
        "`data[32] & 0b100` is 4 where that bit is set, and 0 where it is not. Both bits are "
        "wanted: what does `data[32] & 0b101` have to be?",
        "return data[32] & 0b101 == 0b101",
    ),
)
def _is_verified(ask: Ask, names: Names) -> None:
    for flags, wanted, hint in (
        (0b00101, True, "Somebody touched the key, and it asked for a finger or a PIN."),
        (0b00001, False, "The key was touched, and asked for nothing: the third bit is 0."),
        (0b00100, False, "Nobody touched the key: the first bit is 0."),
        (0b11101, True, "The key may be copied, and is. Look at two bits, not at the whole byte."),
        (0b1000101, True, "A new key stands behind. Look at two bits, not at the whole byte."),
        (0b11001, False, "The third bit from the right is 0, the fourth is not asked for."),
        (0b00000, False, "No bit is set."),
    ):
        found = ask(b"\x05" * 32 + bytes([flags]) + bytes([0, 0, 0, 5]), expected=f"{wanted}")
        called = f"is_verified(32 bytes, the flags {flags:08b}, a count of 5)"
        ask.must_be(called, found, wanted, hint)


@line(
    "19c",
    "Tell whether a count goes on",
    idea="Two keys that count apart cannot both go on from where the app is.",
    name="goes_on",
    solution="""
def goes_on(kept, sent):
    return sent > kept or sent == kept == 0
""",
    hints=(
        "There are two cases: the key counts, or it does not.",
        "A key that counts has sent more than was kept. A key that does not has sent 0, and 0 was "
        "kept.",
        "return sent > kept or sent == kept == 0",
    ),
)
def _goes_on(ask: Ask, names: Names) -> None:
    for kept, sent, wanted, hint in (
        (4, 5, True, "It has signed once more."),
        (4, 9, True, "It has signed elsewhere in between. More is enough."),
        (0, 1, True, "It is used for the first time."),
        (0, 0, True, "It does not count, as a key that is copied to several devices."),
        (4, 4, False, "The app has seen this count already: there are two keys."),
        (4, 3, False, "The count went back: there are two keys."),
        (4, 0, False, "It counted before. Only where 0 was kept, 0 may come again."),
    ):
        found = ask(kept, sent, expected=f"{wanted}")
        ask.must_be(ask.described(kept, sent), found, wanted, hint)


# ---- 19c


@line(
    "19d",
    "Use a challenge up",
    idea="Whoever deletes the record has used the challenge. No copy of a cookie brings it back.",
    name="spend",
    solution="""
def spend(challenge: bytes, purpose: str, *, browser: str | None) -> bool:
    if browser is None:
        return False
    asked = Challenge.objects(
        challenge_hash=hash_secret(as_text(challenge)),
        purpose=purpose,
        browser_hash=hash_secret(browser),
        until__gt=now(),
    )
    return bool(asked.delete())
""",
    hints=(
        "`delete` says how many it has deleted: 1, or 0 where there was nothing, or nothing any "
        "more.",
        "`bool` of a number is False for 0 and True for any other.",
        "return bool(asked.delete())",
    ),
)
def _spend(ask: Ask, names: Names) -> None:
    browser, other = secrets.token_urlsafe(), secrets.token_urlsafe()
    try:
        _must_spend(ask, browser, other)
    finally:
        for secret in (browser, other):
            Challenge.objects(browser_hash=hash_secret(secret)).delete()


def _must_spend(ask: Ask, browser: str, other: str) -> None:
    first, second, over = (_asked(browser, minutes) for minutes in (5, 5, -1))
    for called, challenge, purpose, where, hint in (
        ("in another browser", first, LOG_IN, other, "It was made for one browser."),
        ("in a browser without a secret", first, LOG_IN, None, "There it was not asked."),
        ("for another purpose", first, REGISTER, browser, "It was made for a login."),
        ("that nobody made", secrets.token_bytes(32), LOG_IN, browser, "There is no record."),
        ("whose time is over", over, LOG_IN, browser, "Let the condition on `until` stay."),
    ):
        _must_say(ask, f"spend a challenge {called}", (challenge, purpose, where), False, hint)
    ours = (first, LOG_IN, browser)
    hint = "Return whether something was deleted: more than 0."
    _must_say(ask, "spend a challenge", ours, True, hint)
    hint = "It is still there: nothing was deleted. `asked.delete()` does it."
    _must_say(ask, "spend it once more", ours, False, hint)
    with patch.object(QuerySet, "delete", return_value=0):
        hint = (
            "`delete` found nothing any more, so another request was quicker: look at its number."
        )
        _must_say(
            ask,
            "spend a challenge that is used up meanwhile",
            (second, LOG_IN, browser),
            False,
            hint,
        )
    hint = "Only the challenge that was named is used up, and no other of this browser."
    _must_say(ask, "spend another challenge of this browser", (second, LOG_IN, browser), True, hint)


def _asked(browser: str, minutes: int) -> bytes:
    challenge = secrets.token_bytes(32)
    Challenge(
        challenge_hash=hash_secret(as_text(challenge)),
        purpose=LOG_IN,
        browser_hash=hash_secret(browser),
        until=now() + timedelta(minutes=minutes),
    ).save(force_insert=True)
    return challenge


def _must_say(
    ask: Ask, called: str, given: tuple[bytes, str, str | None], wanted: bool, hint: str
) -> None:
    challenge, purpose, browser = given
    found = ask(challenge, purpose, browser=browser, expected=f"{wanted}")
    ask.must_be(called, found, wanted, hint)
