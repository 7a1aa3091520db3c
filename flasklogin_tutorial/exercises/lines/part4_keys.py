"""The lines that the reader writes in lessons 19 and 19b, on keys. No check needs a database."""

from collections.abc import Mapping
from typing import Any

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
        if found is None:
            hint = "Nothing came back. Is `return` there?"
        called = f"is_verified(32 bytes, the flags {flags:08b}, a count of 5)"
        said = found is not None and bool(found) == wanted
        ask.must(said, called, f"{found!r:.60}", f"{wanted}", hint)


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
        if found is None:
            hint = "Nothing came back. Is `return` there?"
        said = found is not None and bool(found) == wanted
        ask.must(said, ask.described(kept, sent), f"{found!r:.60}", f"{wanted}", hint)
