"""Exercises to notebook 19: keys that cannot be phished."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar

from flask import Flask, jsonify, request, session
from flask_login import login_user

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, copy_of
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import Browser, Mismatch, Reply, SoftKey
from flasklogin_tutorial.visit.encoded import Malformed, from_text, to_text
from flasklogin_tutorial.visit.key_answers import (
    Expected,
    NotAccepted,
    check_login,
    credential_id_of,
)

#: Where the app of 19.3 is, and the host that its passkeys are for.
ORIGIN, SITE = "https://club.example", "club.example"


# ---- 19.1


@dataclass
class Kept:
    """What a server keeps of somebody's passkey, and of what it has asked.

    Attributes:
        site: the host that the passkey is for.
        challenge: what was asked.
        count: the count of the last login.
    """

    site: str
    challenge: str
    count: int

    @property
    def origin(self) -> str:
        """Where the server's pages are."""
        return f"https://{self.site}"


def kept_by(site: str, count: int = 4) -> Kept:
    """Return what a server keeps that has asked a moment ago.

    Args:
        site: its host.
        count: the count of the last login.

    Returns:
        What it keeps.
    """
    return Kept(site, to_text(b"asked a moment ago"), count)


def sign(
    kept: Kept,
    origin: str = "",
    *,
    challenge: str = "",
    site: str = "",
    count: int = 5,
    **how: bool,
) -> tuple[dict[str, Any], bytes]:
    """Let a key answer a server's question, rightly or not.

    Args:
        kept: what the server keeps.
        origin: where the page is; at the server if left out.
        challenge: what is signed; what was asked if left out.
        site: the host that the key is for; the server's if left out.
        count: how often the key has signed with this.
        **how: what key it is; as for `SoftKey`.

    Returns:
        What the browser says, as a dictionary, and what the key says of itself, as bytes.
    """
    key, site = SoftKey(seed=19, **how), site or kept.site
    made = {"rp": {"id": site}, "user": {"id": ""}, "challenge": ""}
    key.register(made, kept.origin, careless=True)
    key.credentials[0].count = count - 1
    asked = {"rpId": site, "challenge": challenge or kept.challenge}
    answer = key.sign(asked, origin or kept.origin, careless=True)["response"]
    return json.loads(from_text(answer["clientDataJSON"])), from_text(answer["authenticatorData"])


_Check = Callable[[dict[str, Any], bytes, Kept], bool]


@exercise(
    "19.1",
    "follow",
    "Find the mistake: three checks, and each lets somebody in",
    idea="Each part of what was signed is there because of an attack, and holds it only if read.",
    answer="mended_checks",
    begins_with="broken_checks",
    hints=(
        "There are six comparisons, and each of the three has one less, or one that says less. Lay "
        "the three side by side.",
        'What does `shop` do with `said["origin"]`? Which bits does `club` look at? Which counts '
        "does `bank` accept after 4?",
        '`sign(kept, "https://evil.example")` is an answer from elsewhere, `sign(kept, '
        "verifies=False)` one of a key that asks for no finger, and `sign(kept, count=3)` one of a "
        "copy. Try them on each.",
        'shop: said["origin"] == kept.origin; club: data[32] & 0b101 == 0b101; bank: the count as '
        "the two others have it",
    ),
    not_checked="the signature itself, and answers that cannot be read",
)
def _mended_checks(ask: Ask) -> None:
    checks = ask(expected="three functions")
    ask.must(
        isinstance(checks, tuple | list) and len(checks) == 3 and all(map(callable, checks)),
        ask.described(),
        f"{checks!r:.60}",
        "three functions: shop, club, bank",
        "Does the function end with `return shop, club, bank`?",
    )
    for name, check in zip(("shop", "club", "bank"), checks, strict=True):
        _must_check(ask, name, check)


def _must_check(ask: Ask, name: str, check: _Check) -> None:
    kept = kept_by(f"{name}.example")
    _must_accept(ask, name, check, kept, "an answer as it has to be", {})
    _must_accept(ask, name, check, kept_by(kept.site, 0), "the first login", {"count": 1})
    copied = {"count": 1, "synced": True}
    _must_accept(ask, name, check, kept_by(kept.site, 0), "a key that is copied", copied)
    _must_accept(ask, name, check, kept, "a key that was used elsewhere too", {"count": 9})
    much = 2**24
    _must_accept(ask, name, check, kept_by(kept.site, much), "a large count", {"count": much + 1})
    for what, how, hint in (
        ("an answer to another question", {"challenge": to_text(b"another")}, "the challenge"),
        ("a page elsewhere", {"origin": "https://evil.example"}, "the origin"),
        ("a page whose address begins alike", {"origin": f"{kept.origin}.evil.test"}, "the origin"),
        ("a page of a sister", {"origin": f"https://a.{kept.site}"}, "the origin"),
        ("a page that is not encrypted", {"origin": f"http://{kept.site}"}, "the origin"),
        ("a key for another site", {"site": "evil.example"}, "the first 32 bytes"),
        ("a key that asks for no finger", {"verifies": False}, "the flags, both bits"),
        ("a copy that has signed as often", {"count": 4}, "the count"),
        ("a copy that has signed less", {"count": 3}, "the count"),
        ("a key that counts no more", {"count": 1, "synced": True}, "the count"),
    ):
        said, data = sign(kept, **how)  # type: ignore[arg-type]
        _must_refuse(ask, name, check, kept, what, said, data, hint)
    said, data = sign(kept)
    untouched = data[:32] + bytes([0b100]) + data[33:]
    what = "a key that nobody touched"
    _must_refuse(ask, name, check, kept, what, said, untouched, "the flags, both bits")
    new = said | {"type": "webauthn.create"}
    _must_refuse(ask, name, check, kept, "a passkey that is made", new, data, "the type")


def _must_accept(
    ask: Ask, name: str, check: _Check, kept: Kept, what: str, how: dict[str, Any]
) -> None:
    said, data = sign(kept, **how)
    found = _called(ask, name, check, f"True, for {what}", said, data, kept)
    hint = "This one is right, and has to come in."
    ask.must(found, f"{name}, for {what}", f"{found!r:.60}", "True", hint)


def _must_refuse(
    ask: Ask,
    name: str,
    check: _Check,
    kept: Kept,
    what: str,
    said: dict[str, Any],
    data: bytes,
    hint: str,
) -> None:
    found = _called(ask, name, check, f"False, for {what}", said, data, kept)
    refused = found is not None and not found
    hint = (
        f"Which comparison is about {hint}?" if found else "Nothing came back. Is `return` there?"
    )
    ask.must(refused, f"{name}, for {what}", f"{found!r:.60}", "False", hint)


def _called(ask: Ask, name: str, check: _Check, expected: str, *given: Any) -> Any:
    """Ask one of the three functions, and note an error of it where causes are looked for."""
    one = Ask(name, check)
    one.errors = ask.errors
    return one(*given, expected=expected)


def broken_checks():
    """Make the three checks of exercise 19.1. Each of them lets somebody in who must not."""

    def shop(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count > kept.count or count == kept.count == 0)
        )

    def club(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b001 == 0b001
            and (count > kept.count or count == kept.count == 0)
        )

    def bank(said, data, kept):
        count = int.from_bytes(data[33:37], "big")
        return (
            said["type"] == "webauthn.get"
            and said["challenge"] == kept.challenge
            and said["origin"] == kept.origin
            and data[:32] == sha256(kept.site.encode()).digest()
            and data[32] & 0b101 == 0b101
            and (count != kept.count or count == kept.count == 0)
        )

    return shop, club, bank


# ---- 19.2


@exercise(
    "19.2",
    "apply",
    "Read what a key says of itself",
    idea="Bytes from outside are read by their places, after somebody has counted them.",
    answer="read_by_hand",
    hints=(
        "Begin with what is there each time: 32 bytes of a hash, one of flags, four of a count.",
        "`data[32] & 4` is a number, 4 or 0: `bool(...)` makes True or False of it. "
        '`int.from_bytes(data[33:37], "big")` is the count.',
        "A new key is there where `data[32] & 64` is not 0. Then `data[37:53]` is the model, "
        "`data[53:55]` the length of the id, and the id begins at `data[55]`.",
        "if len(data) < 37, or the id is shorter than its length says: raise ValueError. "
        "id: data[55 : 55 + length]",
    ),
    not_checked="the public key behind the id, and what else may stand there",
)
def _read_by_hand(ask: Ask) -> None:
    for flags, count in (
        (0b00101, 7),
        (0b00001, 0),
        (0b11101, 0),
        (0b00100, 258),
        (0b10001, 2**31 + 7),
    ):
        _must_read(ask, flags, count, None)
    for length in (1, 16, 300):
        _must_read(ask, 0b1000101, 3, secrets.token_bytes(length))
    head = bytes(32) + bytes([0b1000101]) + bytes(4)
    for data, what in (
        (b"", "no bytes at all"),
        (bytes(36), "36 bytes"),
        (head, "a new key, and nothing behind the count"),
        (head + bytes(16) + b"\x00", "a new key without the length of its id"),
        (head + bytes(16) + b"\x00\x10" + bytes(15), "an id of 16 bytes, of which one is missing"),
    ):
        _must_raise(ask, data, what)


def _must_read(ask: Ask, flags: int, count: int, new: bytes | None) -> None:
    site = sha256(SITE.encode()).digest()
    data = site + bytes([flags]) + count.to_bytes(4)
    if new is not None:
        data += bytes(16) + len(new).to_bytes(2) + new + b"the public key"
    called = f"read_by_hand(…): flags {flags:08b}, count {count}"
    if new is not None:
        called += f", a new id of {len(new)} bytes"
    found = ask(data, expected="a dictionary")
    hint = "Nothing came back. Is `return` there?" if found is None else "Return one dictionary."
    ask.must(isinstance(found, dict), called, f"{found!r:.60}", "a dictionary", hint)
    for name, wanted, hint in (
        ("touched", bool(flags & 1), "The first bit from the right, 1."),
        ("verified", bool(flags & 4), "The third bit from the right, 4."),
        ("copied", bool(flags & 16), "The fifth bit from the right, 16."),
        ("count", count, "Four bytes behind the flags, the largest place first: `big`."),
        ("id", new, "Where the bit of 64 is not set, None. The length of the id has two bytes."),
    ):
        shown = f"{name}: {found.get(name)!r:.60}"
        same = found.get(name) == wanted and type(found.get(name)) is type(wanted)
        ask.must(same, called, shown, f"{name}: {wanted!r:.60}", hint)


def _must_raise(ask: Ask, data: bytes, what: str) -> None:
    called, hint = f"read_by_hand({what})", "A slice of bytes that are not there is shorter."
    try:
        found = ask(data, expected="ValueError")
    except Mismatch as raised:
        error = ask.errors[-1] if ask.errors else None
        if type(error) is not ValueError:
            hint = "Count the bytes before you read one of them."
            raise Mismatch(called, raised.came_back, "ValueError", hint) from None
        ask.errors.clear()
        return
    ask.must(False, called, f"{found!r:.60}", "ValueError", hint)


# ---- 19.3


class ClubPasskey(step06.db.Document):
    """The public half of somebody's passkey.

    Attributes:
        owner: the name of the user.
        credential_id: the id of the passkey, as text.
        public_key: its public key.
    """

    owner = step06.db.StringField(required=True)
    credential_id = step06.db.StringField(required=True)
    public_key = step06.db.BinaryField(required=True)

    meta: ClassVar = {"collection": "club_passkey"}


class Question(step06.db.Document):
    """A challenge that was asked and not answered yet.

    Attributes:
        challenge: the challenge.
    """

    challenge = step06.db.StringField(required=True)

    meta: ClassVar = {"collection": "club_question"}


def owner_of(answer: Any, challenge: str | None) -> str | None:
    """Tell whose passkey has signed a challenge, at a page of the club.

    Args:
        answer: what a browser sent.
        challenge: the challenge, if there is one.

    Returns:
        The name of the owner; None where the answer is not right.
    """
    try:
        found = ClubPasskey.objects(credential_id=to_text(credential_id_of(answer))).first()
        if found is None or challenge is None:
            return None
        check_login(answer, Expected(challenge, ORIGIN, SITE), found.public_key, 0)
    except (Malformed, NotAccepted):
        return None
    return str(found.owner)


def add_passkey(name: str) -> SoftKey:
    """Keep a passkey for a user.

    Args:
        name: the name of the user.

    Returns:
        The key, which is copied between devices and does not count.
    """
    key = SoftKey(synced=True)
    asked = {"rp": {"id": SITE}, "user": {"id": to_text(name.encode())}, "challenge": ""}
    key.register(asked, ORIGIN)
    (made,) = key.credentials
    ClubPasskey(owner=name, credential_id=to_text(made.id), public_key=made.public_key).save()
    return key


_PATH = "/login/passkey"


@exercise(
    "19.3",
    "stretch",
    "Find the mistake: an answer that is taken twice",
    idea="What is used up has to be kept where nobody has a copy of it.",
    answer="mended_login",
    begins_with="forgetful_login",
    hints=(
        "The view takes the challenge out of the session. Where is a session in Flask, and who can "
        "have another of it?",
        "Keep a document of `Question` for each challenge that was asked. Leave the challenge in "
        "the session too: it says which of them this browser was asked.",
        "`Question.objects(challenge=...).delete()` returns how many it has deleted: 1 for the "
        "first answer, 0 for every other.",
        'if not Question.objects(challenge=session.pop("challenge", "")).delete(): refuse, and '
        "only then ask `owner_of`",
    ),
    not_checked="how long a question may stand, and two answers that come in the same moment",
)
def _mended_login(ask: Ask) -> None:
    app = ask.app()
    keys = {user.name: add_passkey(user.name) for user in add_members(step06.User, "ada", "grace")}
    for name, key in keys.items():
        for _ in range(2):
            browser = ask.visitor(app)
            said = _answer(ask, browser, key.sign(_question(ask, browser), ORIGIN), name)
            said.must_show(name=name)
            known = ask.send(browser, "POST", "/user_info", who=f"{name}, after that")
            known.must((known.data.get("data") or {}).get("name") == name, f"the record of {name}")
    _must_be_taken_once(ask, app, keys["ada"])
    _must_be_asked_here(ask, app, keys)
    _must_know_other_workers(ask, app, keys["ada"])
    login = {"username": "ada", "password": "pass of ada"}
    ask.send(ask.visitor(app), "POST", "/login", json=login, who="ada").must_show(name="ada")


def _must_be_taken_once(ask: Ask, app: Flask, key: SoftKey) -> None:
    browser = ask.visitor(app)
    sent = key.sign(_question(ask, browser), ORIGIN)
    thief, late = copy_of(ask, app, browser), copy_of(ask, app, browser)
    _answer(ask, browser, sent, "ada").must_show(name="ada")
    hint = "The copy of the cookie still has the challenge. What tells that it was used?"
    _refused(_answer(ask, thief, sent, "a copy of ada's cookie, with a copy of her answer"), hint)
    _refused(_answer(ask, late, sent, "another copy of both"), hint)
    hint = "The same browser must not be let in by the same answer either."
    _refused(_answer(ask, browser, sent, "ada's browser, with the same answer again"), hint)


def _must_be_asked_here(ask: Ask, app: Flask, keys: dict[str, SoftKey]) -> None:
    elsewhere = ask.visitor(app)
    sent = keys["ada"].sign(_question(ask, elsewhere), "https://evil.example", careless=True)
    _refused(
        _answer(ask, elsewhere, sent, "ada, from a page elsewhere"),
        "Ask `owner_of`, and let it decide.",
    )
    first, second, third = (ask.visitor(app) for _ in range(3))
    answers = {
        name: key.sign(_question(ask, browser), ORIGIN)
        for browser, (name, key) in zip((first, second), keys.items(), strict=True)
    }
    _question(ask, third)
    hint = "The challenge was asked of another browser: compare with what this one was asked."
    who = "a browser that was asked another question, with ada's answer"
    _refused(_answer(ask, third, answers["ada"], who), hint)
    who = "a browser that was asked nothing, with ada's answer"
    _refused(_answer(ask, ask.visitor(app), answers["ada"], who), hint)
    hint = "Two people are asked at once, and each answers their own question."
    for browser, name in ((second, "grace"), (first, "ada")):
        said = _answer(ask, browser, answers[name], f"{name}, while the other is asked too")
        said.must(said.data.get("name") == name, f'a JSON object with {{"name": "{name}"}}', hint)


def _must_know_other_workers(ask: Ask, app: Flask, key: SoftKey) -> None:
    other = ask(expected="the app, as another worker makes it")
    browser = ask.visitor(app)
    sent = key.sign(_question(ask, browser), ORIGIN)
    there, late = copy_of(ask, other, browser), copy_of(ask, other, browser)
    hint = "Another worker has another memory. What do all of them share?"
    said = _answer(ask, there, sent, "ada, whose answer comes to another worker")
    said.must(said.data.get("name") == "ada", 'a JSON object with {"name": "ada"}', hint)
    _refused(_answer(ask, browser, sent, "the first worker, with the same answer"), hint)
    _refused(_answer(ask, late, sent, "the other worker, with the same answer"), hint)


def _question(ask: Ask, browser: Browser) -> dict[str, Any]:
    """Return what the app asks of a passkey."""
    said = ask.send(browser, "GET", _PATH)
    hint = "Leave the question as it was: a JSON object with rpId and challenge."
    asks = isinstance(said.data.get("challenge"), str) and said.data.get("rpId") == SITE
    said.must(asks, "a question with a challenge", hint)
    return said.data


def _answer(ask: Ask, browser: Browser, answer: dict[str, Any], who: str) -> Reply:
    return ask.send(browser, "POST", _PATH, json=answer, shown="(an answer)", who=who)


def _refused(said: Reply, hint: str) -> None:
    said.must(said.response.status_code == 401, "401 Unauthorized", hint)


def forgetful_login():
    """Make the app of exercise 19.3. Something in it is wrong."""
    app = step06.create_app()

    @app.get("/login/passkey")
    def ask_for_passkey():
        session["challenge"] = secrets.token_urlsafe(32)
        return jsonify(rpId=SITE, challenge=session["challenge"])

    @app.post("/login/passkey")
    def log_in_with_passkey():
        name = owner_of(request.get_json(), session.pop("challenge", None))
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    return app
