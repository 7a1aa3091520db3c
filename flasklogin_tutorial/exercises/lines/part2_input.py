"""The lines that the reader writes in lessons 08 and 09, about what comes in."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from bson import ObjectId
from flask import Flask
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException
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


def _app_that_answers(handler: Any) -> Flask:
    """Make an app with one view, whose errors are answered by a handler."""
    app = Flask("lines")
    app.register_error_handler(HTTPException, handler)

    @app.post("/here")
    def here() -> str:
        raise RuntimeError("an error that nobody catches")

    return app


@line(
    "9a",
    "Give every error one shape",
    idea="One handler answers whatever ends a request, so no answer is forgotten.",
    name="answer_in_json",
    solution="""
def answer_in_json(error):
    response = error.get_response()  # keeps its headers
    response.data = jsonify(status=error.code, error=error.name).data
    response.content_type = "application/json"
    return response
""",
    hints=(
        "The error knows both. It is a `NotFound` or another HTTPException.",
        "`error.code` is its number, and `error.name` its name, such as Not Found.",
        "response.data = jsonify(status=error.code, error=error.name).data",
    ),
)
def _answer_in_json(ask: Ask, names: Names) -> None:
    app = _app_that_answers(ask.answer)
    for verb, path, code, said in (
        ("GET", "/nowhere", 404, "Not Found"),
        ("GET", "/here", 405, "Method Not Allowed"),
        ("POST", "/here", 500, "Internal Server Error"),
    ):
        reply = ask.send(ask.visitor(app), verb, path)
        wanted = {"status": code, "error": said}
        hint = "Each error has its own code and its own name: read both from `error`."
        if reply.data.get("error") not in (None, said) and reply.data.get("status") == code:
            hint = "This is more than the name. `error.name` is the name alone."
        reply.must(reply.data == wanted, f"the JSON object {wanted}", hint)
        reply.must(reply.response.status_code == code, f"the status {code}", hint)
        if code == 405:
            allowed = reply.response.headers.get("Allow")
            reply.must(allowed, "the header Allow", "Leave `error.get_response()`.")


_BODIES = (
    (
        '{"username": "joan", "password": "clarke"}',
        "application/json",
        None,
        "This is what a login takes. `load` gives it back: is `return` there?",
    ),
    (
        '{"username": ',
        "application/json",
        400,
        "This is no JSON. `request.get_json()` ends the request with 400 by itself.",
    ),
    (
        "[]",
        "application/json",
        422,
        "This can be read, and is no login. The status for that is 422.",
    ),
    (
        '{"username": {"$ne": null}, "password": "x"}',
        "application/json",
        422,
        "This can be read, and is no login. The status for that is 422.",
    ),
    (
        '{"username": "joan", "password": "clarke"}',
        "text/plain",
        415,
        "This does not say that it is JSON. `request.get_json()` looks at that.",
    ),
)


@line(
    "9b",
    "Look at the input before it is used",
    idea="400, 415 and 422 say that the client has to change something, and what.",
    name="read_login",
    solution="""
def read_login():
    try:
        return LoginInput().load(request.get_json())
    except ValidationError:
        abort(422)
""",
    hints=(
        "`request` can read its body as JSON, and ends the request where that is none. Which "
        "status says that it was read, and is not what this takes?",
        "The method is `request.get_json()`. `abort` takes the status: 422.",
        "return LoginInput().load(request.get_json())\nand below: abort(422)",
    ),
)
def _read_login(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    for body, kind, wanted, hint in _BODIES:
        called = f"read_login(), for the body {body} of type {kind}"
        expected = json.loads(body) if wanted is None else f"it ends the request with {wanted}"
        found: Any
        with app.test_request_context("/", method="POST", data=body, content_type=kind):
            try:
                found = ask.answer()
                came_back = f"{found!r:.60}"
            except HTTPException as error:
                found, came_back = error.code, f"it ends the request with {error.code}"
            except Exception as error:
                ask.errors.append(error)
                raise Mismatch(called, describe_error(error), f"{expected}", hint) from error
        right = found == (expected if wanted is None else wanted)
        ask.must(right, called, came_back, f"{expected}", hint)


@line(
    "9c",
    "Ask whether a string can be an id",
    idea="Ask first, and there is nothing to catch.",
    name="as_object_id",
    solution="""
def as_object_id(text: str) -> ObjectId | None:
    return ObjectId(text) if ObjectId.is_valid(text) else None
""",
    hints=(
        "`ObjectId` can say of a string whether it is the id of a document.",
        "`ObjectId.is_valid(text)` asks, and `ObjectId(text)` makes the id. `a if condition else "
        "b` is one of two values.",
        "return ObjectId(text) if ObjectId.is_valid(text) else None",
    ),
)
def _as_object_id(ask: Ask, names: Names) -> None:
    wanted = ObjectId()
    for text, expected, hint in (
        (str(wanted), wanted, "This is an id. Make an `ObjectId` of it."),
        ("not-an-id", None, "This is none: `ObjectId.is_valid` says so."),
        ("z" * 24, None, "24 characters are not enough: `ObjectId.is_valid` looks at each."),
        ("", None, "This is none: `ObjectId.is_valid` says so."),
    ):
        found = ask(text, expected=f"{expected!r}")
        if found is None and expected is not None:
            hint = "Nothing came back for an id. Is `return` there?"
        elif isinstance(found, str):
            hint = "This is a string. `ObjectId(text)` makes an id of it."
        called = f"as_object_id({text!r})"
        ask.must(found == expected, called, f"{found!r:.60}", f"{expected!r}", hint)
