"""The lines that the reader writes in lessons 18, 18b and 18c, about codes. See `part4`."""

import base64
import hmac
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pyotp

from flasklogin_tutorial.app import factors
from flasklogin_tutorial.app.models import HalfLogin, User, hash_secret, now
from flasklogin_tutorial.app.refusals import PasswordFirst, WrongCode
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.exercises.raced import raced
from flasklogin_tutorial.visit import Mismatch, describe_error

Names = Mapping[str, Any]

_NO_RETURN = "Nothing came back. Is `return` there?"


@line(
    "18a",
    "Make a code of twenty bytes",
    idea="A code is a few digits of what only somebody with the seed can make of the time.",
    name="code_at",
    solution="""
def code_at(seed, step, digits=6):
    mac = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)
""",
    hints=(
        "Steps 3 and 4 of the list: a number of four bytes, and then its last digits.",
        "`number % 10**digits` is what is left when `number` is divided by a million. "
        "`str(7).zfill(6)` puts zeros in front.",
        'number = int.from_bytes(mac[place : place + 4], "big") & 0x7FFFFFFF\n'
        "return str(number % 10**digits).zfill(digits)",
    ),
)
def _code_at(ask: Ask, names: Names) -> None:
    seed = b"a seed of the check "
    known = pyotp.HOTP(base64.b32encode(seed).decode())
    for step in range(100, 130):
        _must_be_code(ask, seed, step, known.at(step))
    longer = pyotp.HOTP(base64.b32encode(seed).decode(), digits=8)
    for step in range(200, 215):
        _must_be_code(ask, seed, step, longer.at(step), digits=8)
    _must_be_code(ask, seed, _OF_FIVE_DIGITS, known.at(_OF_FIVE_DIGITS))
    _must_be_code(ask, seed, _OF_FIVE_DIGITS, longer.at(_OF_FIVE_DIGITS), digits=8)


#: A step for which the number of the four bytes has five digits: there is no sixth to take.
_OF_FIVE_DIGITS = 12_457

#: What Python says of lines that were nearly right, and what to say of them.
_RAISED = {
    "'int' object is not subscriptable": "A number has no places to take digits from. What is left "
    "of it when it is divided by `10**digits`?",
    "'int' object has no attribute 'zfill'": "`zfill` belongs to strings: `str(…).zfill(digits)`.",
    "cannot convert 'int' object to bytes": "`mac[place]` is one byte. Four bytes are "
    "`mac[place : place + 4]`.",
    "for &: 'str' and 'int'": 'Close the bracket behind `"big"`: `& 0x7FFFFFFF` comes after it.',
    "for &: 'bytes' and 'int'": 'Bytes are no number yet: `int.from_bytes(…, "big")` makes one.',
    "invalid literal for int()": '`int` reads digits. `int.from_bytes(…, "big")` reads bytes.',
}


def _must_be_code(ask: Ask, seed: bytes, step: int, expected: str, **more: int) -> None:
    try:
        found = ask(seed, step, expected=f"{expected!r}", **more)
    except Mismatch as raised:
        told = (why for said, why in _RAISED.items() if said in raised.came_back)
        raised.hint = next(told, raised.hint)
        raise
    ask.must(
        found == expected,
        ask.described(seed, step, **more),
        f"{found!r:.60}",
        f"{expected!r}",
        _cause(found, seed, step, len(expected)),
    )


def _cause(found: Any, seed: bytes, step: int, digits: int) -> str:
    """Say what is wrong with a code, where that can be told."""
    if found is None:
        return _NO_RETURN
    mac = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    place = mac[-1] & 15
    whole = int.from_bytes(mac[place : place + 4], "big")
    number = whole & 0x7FFFFFFF
    if isinstance(found, int):
        return "A code is a string: as a number it loses the zeros in front."
    if str(found).lstrip("0") in {str(number % digits), str(number % 10 * digits)}:
        return "A million is `10**6`: take `number % 10**digits`."
    if str(found).lstrip("0") == str(number // 10**digits):
        return "`//` says how often a million goes into it, and `%` what is left."
    if found == str(number % 10**digits) or found == str(number)[-digits:]:
        return "The zeros in front are missing: `zfill` puts them there."
    if found == str(whole % 10**digits).zfill(digits):
        return "The first of the 32 bits is still there: `& 0x7FFFFFFF` sets it to 0."
    if isinstance(found, str) and str(number).startswith(found):
        return "Take the last digits, and not the first: what is left of `number % 10**digits`."
    if isinstance(found, str) and len(found) != digits:
        return "The number of digits is an argument: `10**digits`, and `zfill(digits)`."
    return "Read `mac[place : place + 4]` as one number, in the order that `big` says."


@line(
    "18b",
    "Make half a login whole, once",
    idea="Whoever deletes the record has used it: of two, one deletes nothing.",
    name="finish",
    solution="""
def finish(half: HalfLogin, user: User, code: str, *, device: str | None) -> str:
    kind = factors.use_code(user, code, device=device)
    if not HalfLogin.objects(id=half.id).delete():
        raise PasswordFirst
    return kind
""",
    hints=(
        "`delete` says how many it has deleted. Which number means that somebody was quicker?",
        "0 is false: `if not ….delete():` is true where nothing was deleted.",
        "if not HalfLogin.objects(id=half.id).delete():\n    raise PasswordFirst",
    ),
)
def _finish(ask: Ask, names: Names) -> None:
    user = User(id=uuid.uuid4().hex[:24], name="ada")
    half, other = _half_login(user), _half_login(user)
    try:
        _must_finish(ask, user, half, other)
    finally:
        HalfLogin.objects(user=user.id).delete()


def _half_login(user: User) -> HalfLogin:
    made = now()
    return HalfLogin(
        token_hash=hash_secret(secrets.token_hex()),
        user=user.id,
        epoch=0,
        made=made,
        seen=made,
        until=made + timedelta(minutes=5),
    ).save()


def _must_finish(ask: Ask, user: User, half: HalfLogin, other: HalfLogin) -> None:
    def asked(what: HalfLogin, *, code: Any) -> Any:
        with patch.object(factors, "use_code", code):
            return ask.answer(what, user, "123456", device=None)

    kind = _first_use(ask, half, user)
    called = "finish(half, user, code, device=None), with a right code"
    ask.must(
        not HalfLogin.objects(id=half.id),
        called,
        "the half login is still there",
        "it is gone",
        "Is the record deleted? `HalfLogin.objects(id=half.id).delete()`",
    )
    ask.must(kind == "code", called, f"{kind!r:.60}", "'code'", "Leave `return kind` at the end.")
    ask.must(
        bool(HalfLogin.objects(id=other.id)),
        called,
        "another half login of the user is gone too",
        "it stays",
        "Delete the one with the id of `half`, and no other.",
    )
    ask.must(
        _raised(lambda: asked(half, code=_right_code), PasswordFirst, ask),
        "the same half login, once more",
        "no PasswordFirst",
        "PasswordFirst: another request has used it",
        "Where `HalfLogin.objects(id=half.id).delete()` returns 0, raise PasswordFirst.",
    )
    ask.must(
        _raised(lambda: asked(other, code=_wrong_code), WrongCode, ask)
        and bool(HalfLogin.objects(id=other.id)),
        "finish(half, user, code, device=None), with a wrong code",
        "the half login is gone",
        "WrongCode, and the half login is there for the next code",
        "Use the code first, and delete after that.",
    )
    with raced(HalfLogin, lambda: HalfLogin.objects(id=other.id).delete()):
        late = _raised(lambda: asked(other, code=_right_code), PasswordFirst, ask)
    ask.must(
        late,
        "a half login that another request deletes before this one does",
        "no PasswordFirst",
        "PasswordFirst: another request has used it",
        "Who looks first and then deletes comes too late. `delete` says how many it has deleted.",
    )


def _first_use(ask: Ask, half: HalfLogin, user: User) -> Any:
    """Send a right code with a half login that nobody has used."""
    try:
        with patch.object(factors, "use_code", _right_code):
            return ask(half, user, "123456", device=None, expected="'code'")
    except Mismatch as raised:
        if isinstance(ask.errors[-1], PasswordFirst):
            raised.hint = (
                "Nothing was deleted. Is it the id of `half` that you look for?"
                if HalfLogin.objects(id=half.id)
                else "The record was there, and it was deleted: raise where the number is 0. "
                "`HalfLogin.objects(id=half.id).delete()` returns a number, `half.delete()` none."
            )
        elif "is not a valid ObjectId" in raised.came_back:
            raised.hint = "`half` is the whole record, and its id is `half.id`."
        elif "Not a query object" in raised.came_back:
            raised.hint = "Say which field is looked for: `id=half.id`."
        raise


def _right_code(user: User, code: str, *, device: str | None) -> str:
    return "code"


def _wrong_code(user: User, code: str, *, device: str | None) -> str:
    raise WrongCode


def _raised(call: Callable[[], Any], kind: type[Exception], ask: Ask) -> bool:
    """Tell whether a call raises an error of a kind."""
    try:
        call()
    except kind:
        return True
    except Exception as error:
        ask.errors.append(error)
        ask.must(False, "the call", describe_error(error), kind.__name__)
    return False


@line(
    "18c",
    "Use a time step once",
    idea="Who looks and writes in one step lets nobody in between.",
    name="use_step",
    solution="""
def use_step(user, step):
    return User.objects(id=user.id, totp_step__lt=step).modify(totp_step=step) is not None
""",
    hints=(
        "Both parts are in the text: the first finds the user, the second changes what was found.",
        "`modify` returns the user, or None. `… is not None` makes True or False of that.",
        "return User.objects(id=user.id, totp_step__lt=step).modify(totp_step=step) is not None",
    ),
)
def _use_step(ask: Ask, names: Names) -> None:
    with _people(totp_step=10) as (user, other):
        for step, wanted, hint in (
            (12, True, "12 is greater than 10, which was used last."),
            (12, False, "12 was used a moment ago."),
            (11, False, "A step before the last one may have been seen by somebody."),
            (13, True, "13 is greater than 12, which was used last."),
        ):
            last = User.objects.get(id=user.id).totp_step
            called = f"use_step(user, {step}), where {last} was used last"
            found = ask(user, step, expected=f"{wanted}")
            _must_be_untouched(ask, called, User.objects.get(id=other.id).totp_step == 10)
            _must_say(ask, called, found, wanted, hint)
            stored = User.objects.get(id=user.id).totp_step
            right = step if wanted else last
            ask.must(
                stored == right,
                called,
                f"totp_step is {stored}",
                f"totp_step is {right}",
                "`modify(totp_step=step)` stores the step.",
            )
        with raced(User, lambda: User.objects(id=user.id).update(totp_step=20)):
            found = ask(user, 20, expected="False")
        _must_say(
            ask,
            "use_step(user, 20), while another request uses 20 before the write",
            found,
            False,
            "Who looks first and then writes comes too late. `modify` does both at once.",
        )


@contextmanager
def _people(**fields: Any) -> Iterator[tuple[User, User]]:
    """Put two users into the database that the lesson has, and take them out again."""
    mark = uuid.uuid4().hex[:8]
    people = [
        User(name=f"{name}-{mark}", email=f"{name}-{mark}@example.org", **fields).save()
        for name in ("ada", "grace")
    ]
    try:
        yield people[0], people[1]
    finally:
        for user in people:
            user.delete()


def _must_be_untouched(ask: Ask, called: str, untouched: bool) -> None:
    ask.must(
        untouched,
        called,
        "somebody else's record has changed",
        "it has not",
        "Find the one with `id=user.id`.",
    )


def _must_say(ask: Ask, called: str, found: Any, wanted: bool, hint: str) -> None:
    if found is None:
        hint = _NO_RETURN
    elif not isinstance(found, bool):
        hint = "Return True or False: `… is not None`."
    ask.must(found is wanted, called, f"{found!r:.60}", f"{wanted}", hint)


_LIMIT = 5

#: The codes before, the next one, whether it may be looked at, and what to say.
_TYPED: tuple[tuple[list[tuple[str, str | None]], tuple[str, str | None], bool, str], ...] = (
    ([], ("ada", None), True, "Nothing was counted yet."),
    ([("ada", None)] * (_LIMIT - 1), ("ada", None), True, f"{_LIMIT} codes are allowed."),
    (
        [("ada", None)] * _LIMIT,
        ("ada", None),
        False,
        f"{_LIMIT} codes are allowed. Is each one counted?",
    ),
    (
        [("ada", None)] * _LIMIT,
        ("ada", "7f3c"),
        True,
        "Strangers have used up their count. A browser that is known has its own.",
    ),
    (
        [("ada", "7f3c")] * _LIMIT,
        ("ada", "a01b"),
        True,
        "Each known browser has a count of its own.",
    ),
    ([("ada", "7f3c")] * _LIMIT, ("ada", "7f3c"), False, "A known browser has a limit too."),
    ([("ada", None)] * _LIMIT, ("grace", None), True, "Each user has counts of their own."),
    ([("ada", "7f3c")] * _LIMIT, ("grace", "7f3c"), True, "Two users of one browser are two."),
)


@line(
    "18d",
    "Count codes by user and by known browser",
    idea="Strangers share one count, and each browser that gave a code before has its own.",
    name="may_type",
    solution="""
from collections import Counter

LIMIT, counts = 5, Counter()


def may_type(user_id, device):
    key = (user_id, device)
    counts[key] += 1
    return counts[key] <= LIMIT
""",
    hints=(
        "Two browsers are counted together if the key is the same for both. For strangers "
        "`device` is None.",
        "`(user_id, device)` is the same for all strangers, and for nobody else. Count first, and "
        "compare then.",
        "key = (user_id, device)\ncounts[key] += 1\nreturn counts[key] <= LIMIT",
    ),
)
def _may_type(ask: Ask, names: Names) -> None:
    # The lines bring their own dictionary along, also where they are the lesson's.
    counts = getattr(ask.answer, "__globals__", {}).get("counts", {})
    before = dict(counts)
    try:
        for others, asked, wanted, hint in _TYPED:
            counts.clear()
            for one in others:
                ask(*one, expected="True")
            whose = f"{len(others)} codes of {others[0]}" if others else "no other code"
            found = ask(*asked, expected=f"{wanted}")
            ask.must(
                found is wanted,
                f"may_type{asked}, after {whose}",
                f"{found!r:.60}",
                f"{wanted}",
                _NO_RETURN if found is None else hint,
            )
    finally:
        counts.clear()
        counts.update(before)


@line(
    "18e",
    "Use a recovery code once",
    idea="What opens once is taken away in the step that finds it, and only its hash is kept.",
    name="use_recovery_code",
    solution="""
def use_recovery_code(user, code):
    kept = hash_secret(code)
    found = User.objects(id=user.id, recovery_hashes=kept)
    return found.modify(pull__recovery_hashes=kept) is not None
""",
    hints=(
        "It is the line of place 18c, in lesson 18b, with another thing to find and another to "
        "change.",
        "`User.objects(id=user.id, recovery_hashes=kept)` finds the user as long as the list holds "
        "`kept`.",
        "found = User.objects(id=user.id, recovery_hashes=kept)\n"
        "return found.modify(pull__recovery_hashes=kept) is not None",
    ),
)
def _use_recovery_code(ask: Ask, names: Names) -> None:
    codes = [secrets.token_hex(15) for _ in range(4)]
    hashes = [hash_secret(one) for one in codes]
    with _people(recovery_hashes=hashes) as (user, other):
        for sent, said, wanted, left, hint in (
            (codes[0], "the first code", True, hashes[1:], "Its hash is in the list."),
            (codes[0], "the first code again", False, hashes[1:], "It was used a moment ago."),
            (codes[2], "the third code", True, [hashes[1], hashes[3]], "Its hash is there."),
            (
                hashes[1],
                "the hash of a code",
                False,
                [hashes[1], hashes[3]],
                "What lies in the database opens nothing: what was sent has to be hashed.",
            ),
            ("a guess", "a guess", False, [hashes[1], hashes[3]], "Its hash is not in the list."),
        ):
            called = f"use_recovery_code(user, code), with {said}"
            found = ask(user, sent, expected=f"{wanted}")
            theirs = User.objects.get(id=other.id).recovery_hashes
            _must_be_untouched(ask, called, theirs == hashes)
            _must_say(ask, called, found, wanted, hint)
            stored = User.objects.get(id=user.id).recovery_hashes
            ask.must(
                stored == left,
                called,
                f"{len(stored)} hashes are left",
                f"{len(left)} are left, without that of a code that was used",
                "`modify(pull__recovery_hashes=kept)` takes the one out.",
            )
        update = User.objects(id=user.id).update
        with raced(User, lambda: update(pull__recovery_hashes=hashes[3])):
            found = ask(user, codes[3], expected="False")
        _must_say(
            ask,
            "use_recovery_code(user, code), while another request uses the code before the write",
            found,
            False,
            "Who looks first and then writes comes too late. `modify` does both at once.",
        )
