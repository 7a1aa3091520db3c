"""The lines that the reader writes in lessons 08 and 09, about what comes in."""

import hashlib
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from marshmallow import Schema, ValidationError
from werkzeug.security import generate_password_hash

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.visit import Mismatch, describe_error

Names = Mapping[str, Any]

#: Hashes that cost little, for the checks.
_CHEAP = "scrypt:1024:8:1"


@line(
    "8a",
    "Say what a login has to be",
    idea="A schema says what an input is. What does not fit goes no further.",
    name="LoginInput",
    value=True,
    solution="""
class LoginInput(Schema):
    username = fields.String(required=True)
    password = fields.String(required=True)
""",
    hints=(
        "Each field of a schema is an object from `fields`, named after the type that it takes.",
        "A string is `fields.String(…)`. Whether it may be missing is said by `required=`.",
        "username = fields.String(required=True)\npassword = fields.String(required=True)",
    ),
)
def _login_input(ask: Ask, names: Names) -> None:
    schema = ask()
    ask.must(
        isinstance(schema, type) and issubclass(schema, Schema),
        "LoginInput",
        f"{schema!r:.60}",
        "a class made of Schema",
        "Leave the first line of the class as it was.",
    )
    right = {"username": "joan", "password": "clarke"}
    refused = "a ValidationError"
    for given, hint in (
        (right, "Both fields take a string."),
        (right | {"username": {"$ne": None}}, "An object came through. `fields.String` stops it."),
        (right | {"password": {"$ne": None}}, "An object came through. `fields.String` stops it."),
        (right | {"password": 7}, "A number came through. `fields.String` takes strings alone."),
        ({"password": "clarke"}, "username is missing, and nothing says so. Is it required?"),
        ({"username": "joan"}, "password is missing, and nothing says so. Is it required?"),
    ):
        called = f"LoginInput().load({given})"
        try:
            found = schema().load(dict(given))
        except ValidationError as error:
            found = error
        except Exception as error:
            raise Mismatch(called, describe_error(error), "a dictionary, or a refusal") from error
        if given is right:
            ask.must(found == right, called, f"{found!r:.80}", f"{right}", hint)
        else:
            ask.must(isinstance(found, ValidationError), called, f"{found!r:.80}", refused, hint)


_ORDER = "`check_password_hash` takes what is kept first, and then what was typed."
_AS_TEXT = "This compares the hash itself with what was typed. `check_password_hash` compares them."
_BY_NAME = "This is another user. Does the query ask for the name?"
_NEVER = (
    "The right password is refused. A query cannot find it, and two hashes of it differ: only "
    "`check_password_hash(kept, typed)` tells whether it fits."
)


@line(
    "8b",
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
    "8c",
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
            found = ask(user, said, expected=str(wanted))
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
