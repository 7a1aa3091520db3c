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
