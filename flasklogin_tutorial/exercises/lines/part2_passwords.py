"""The lines that the reader writes in lessons 08b and 08c: how passwords are kept and compared."""

import hashlib
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from werkzeug.security import check_password_hash, generate_password_hash

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.visit import Mismatch

Names = Mapping[str, Any]

#: Hashes that cost little, for the checks.
_CHEAP = "scrypt:1024:8:1"

_ORDER = "`check_password_hash` takes what is kept first, and then what was typed."
_AS_TEXT = "This compares the hash itself with what was typed. `check_password_hash` compares them."
_BY_NAME = "This is another user. Does the query ask for the name?"
_NEVER = (
    "The right password is refused. A query cannot find it, and two hashes of it differ: only "
    "`check_password_hash(kept, typed)` tells whether it fits."
)


@line(
    "8c",
    "Find a user by the name, and compare the password in Python",
    idea="The query asks for the name alone. The hash is compared where no operator counts.",
    name="find_user",
    solution="""
def find_user(name, password):
    user = step06.User.objects(name=name).first()
    if user is not None and check_password_hash(user.password, password):
        return user
    return None
""",
    hints=(
        "The query asks for one thing alone: the name. The password is compared in the `if`.",
        "`check_password_hash(kept, typed)` says whether a password fits a hash. The hash is in "
        "`user.password`.",
        "user = step06.User.objects(name=name).first()\n"
        "    if user is not None and check_password_hash(user.password, password):",
    ),
)
def _find_user(ask: Ask, names: Names) -> None:
    user_class, mark = names["step06"].User, uuid.uuid4().hex[:8]
    for name, said in (("joan", "of arc"), ("alan", "on machines")):
        kept = generate_password_hash(said, _CHEAP)
        user = user_class(name=f"{name}-{mark}", password=kept).save()
        try:
            _must_find(ask, user, said)
        finally:
            user.delete()


def _must_find(ask: Ask, user: Any, said: str) -> None:
    wanted = f"the user {user.name}"
    found = ask(user.name, said, expected=wanted)
    if found is None:
        hint = _why_refused(ask, user)
    elif isinstance(found, type(user)):
        hint = _BY_NAME
    else:
        hint = "Leave `return user` and `.first()` as they were."
    ask.must(
        isinstance(found, type(user)) and found.id == user.id,
        f"find_user({user.name!r}, {said!r})",
        f"{found!r:.60}",
        wanted,
        hint,
    )
    for name, typed, hint in (
        (user.name, "a guess", "Who compares the password?"),
        (user.name, user.password, _AS_TEXT),
        (f"nobody-{user.name}", said, _BY_NAME),
    ):
        found = ask(name, typed, expected="None")
        called = f"find_user({name!r}, {typed[:20]!r})"
        ask.must(found is None, called, f"{found!r:.60}", "None", hint)


def _why_refused(ask: Ask, user: Any) -> str:
    """Say why the right password is refused: by what else would be accepted."""
    with suppress(Mismatch):
        if ask(user.name, user.password) is not None:
            return _AS_TEXT
    with suppress(Mismatch):
        if ask(user.name, generate_password_hash(user.password, _CHEAP)) is not None:
            return _ORDER
    return _NEVER


@line(
    "8d",
    "Keep a new hash after a login that was right",
    idea="Only at a login does the app know the password, so that is when a hash can be renewed.",
    name="renew",
    solution="""
def renew(user, typed):
    if not user.password.startswith(METHOD):
        user.update(password=generate_password_hash(typed, METHOD))
""",
    hints=(
        "A string has a method that says whether it begins with another. What is kept is in "
        "`user.password`.",
        "`user.password.startswith(METHOD)` is true for what may stay. The new hash is made of "
        "what was typed.",
        "if not user.password.startswith(METHOD):\n"
        "        user.update(password=generate_password_hash(typed, METHOD))",
    ),
)
def _renew(ask: Ask, names: Names) -> None:
    user_class, method = names["step06"].User, names["METHOD"]
    right = generate_password_hash("of arc", method)
    for kept in (generate_password_hash("of arc", _CHEAP), "of arc", right):
        user = user_class(name=f"joan-{uuid.uuid4().hex[:8]}", password=kept).save()
        try:
            ask(user, "of arc", expected=f"the user keeps a hash of {method}")
            now = user_class.objects(id=user.id).first().password
        finally:
            user.delete()
        called = f"renew(joan, 'of arc'), where {kept[:18]!r} was kept"
        if kept is right:
            hint = "This hash is of the method. A new one is work for nothing."
            ask.must(now == kept, called, "another hash is kept", "the hash stays", hint)
        else:
            wanted = f"a hash of {method} that fits what was typed"
            ask.must(
                now != kept and now.startswith(method) and check_password_hash(now, "of arc"),
                called,
                f"{now[:24]!r} is kept",
                wanted,
                _why_not_renewed(now, kept, method),
            )


def _why_not_renewed(now: str, kept: str, method: str) -> str:
    if now == kept:
        return "Nothing was kept anew. `startswith` is true for what may stay as it is."
    if "$" not in now:
        return "This is what was typed. Keep a hash of it."
    if not now.startswith(method):
        return "This hash is of another method. `generate_password_hash` takes `METHOD` too."
    return "This is no hash of what was typed."


@line(
    "8e",
    "Find the names that have an account",
    idea="Where the work differs, whoever measures it has a list of the accounts.",
    name="accounts_among",
    solution="""
def accounts_among(names, app):
    return [name for name in names if scrypt_calls(app, name) > 0]
""",
    hints=(
        "For which names does the login call scrypt?",
        "`scrypt_calls(app, name)` is 0 where the login returned early.",
        "return [name for name in names if scrypt_calls(app, name) > 0]",
    ),
)
def _accounts_among(ask: Ask, names: Names) -> None:
    user_class, app, mark = names["step06"].User, names["quick_exit"], uuid.uuid4().hex[:8]
    people = [
        user_class(name=f"{name}-{mark}", password=generate_password_hash(name, _CHEAP)).save()
        for name in ("joan", "alan")
    ]
    there = [user.name for user in people]
    asked = [f"bob-{mark}", there[0], f"eve-{mark}", there[1]]
    called, wanted = f"accounts_among({asked}, app)", f"{there}"
    try:
        found = ask(asked, app, expected=wanted)
    finally:
        for user in people:
            user.delete()
    hint = "Go through the names, and keep those that the login does work for."
    if found == asked:
        hint = "Every name came back. Where nobody has the name, `scrypt_calls` is 0."
    elif found == [name for name in asked if name not in there]:
        hint = "These are the names without an account: for them the login does no work."
    ask.must(found == there, called, f"{found!r:.120}", wanted, hint)


@line(
    "8f",
    "Do the work for nobody too",
    idea="The work is the same whether or not there is a user, so it tells nothing.",
    name="fits_user",
    solution="""
def fits_user(user, password):
    kept = NOBODYS if user is None else user.password
    return check_password_hash(kept, password) and user is not None
""",
    hints=(
        "There has to be a hash to compare with, also where there is no user. Which one is there?",
        "`NOBODYS` is a hash that fits no password anybody types. `a if condition else b` is one "
        "of two values.",
        "kept = NOBODYS if user is None else user.password",
    ),
)
def _fits_user(ask: Ask, names: Names) -> None:
    joan = names["step06"].User(name="joan", password=generate_password_hash("of arc", _CHEAP))
    for user, said, wanted in (
        (joan, "of arc", True),
        (joan, "a guess", False),
        (None, "a guess", False),
        (None, "a password that no one has", False),
    ):
        called = f"fits_user({'None' if user is None else 'joan'}, {said!r})"
        with patch("hashlib.scrypt", wraps=hashlib.scrypt) as scrypt:
            try:
                found = ask(user, said, expected=str(wanted))
            except Mismatch as error:
                if user is None and "NoneType" in error.came_back:
                    error.hint = "Where there is no user, `user` is None: take `NOBODYS` then."
                raise
        ask.must(
            bool(found) is wanted,
            called,
            f"{found!r:.60}",
            str(wanted),
            "Leave the last line: nobody is not let in."
            if user is None
            else "For a user there is, the hash to compare with is `user.password`.",
        )
        ask.must(
            scrypt.call_count == 1,
            called,
            f"{scrypt.call_count} calls of scrypt",
            "one call of scrypt, as for everybody",
            "A hash has to be compared in every case: for nobody that is `NOBODYS`."
            if scrypt.call_count == 0
            else "One hash is compared with. Nothing is hashed anew here.",
        )
