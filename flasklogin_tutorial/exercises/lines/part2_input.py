"""The lines that the reader writes in lessons 08 and 09, about what comes in, and what goes out."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from flask import Flask
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.finding import hinted
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.visit import Mismatch, describe_error

Names = Mapping[str, Any]


@line(
    "8a",
    "Write a login that asks a question",
    idea="To MongoDB an object is a question, and the app hands on whatever object comes in.",
    name="question",
    solution="""
def question(name, pattern):
    return {"username": name, "password": {"$regex": pattern}}
""",
    hints=(
        "Look at how the first login of this notebook asked for *not equal*: an object with one "
        "key, the operator.",
        "The operator is `$regex`, and its value is the pattern.",
        'return {"username": name, "password": {"$regex": pattern}}',
    ),
)
def _question(ask: Ask, names: Names) -> None:
    user_class, mark = names["step06"].User, uuid.uuid4().hex[:8]
    joan = user_class(name=f"joan-{mark}", password="clarke").save()
    alan = user_class(name=f"alan-{mark}", password="clarke").save()
    try:
        for user, pattern, fits in (
            (joan, "^c", True),
            (joan, "^x", False),
            (alan, "^clar", True),
            (alan, "^clerk", False),
        ):
            _must_ask(ask, user, pattern, fits)
    finally:
        joan.delete()
        alan.delete()


def _must_ask(ask: Ask, user: Any, pattern: str, fits: bool) -> None:
    body = ask(user.name, pattern, expected="the body of a login")
    called = ask.described(user.name, pattern)
    came_back, wanted = f"{body!r:.80}", "the body of a login that asks for this pattern"
    hint = "A login has two keys: username and password."
    ask.must(isinstance(body, dict) and len(body) == 2, called, came_back, wanted, hint)
    ask.must(
        body.get("username") == user.name, called, came_back, wanted, "Ask about the name given."
    )
    asked = body.get("password")
    hint = "This is compared as it is. An object with an operator in it asks a question."
    ask.must(isinstance(asked, dict), called, came_back, wanted, hint)
    hint = "The key of the object is the operator, with its dollar sign, and the pattern its value."
    ask.must(asked == {"$regex": pattern}, called, came_back, wanted, hint)
    found = type(user).objects(name=body["username"], password=asked).first()
    ask.must((found is not None) is fits, called, came_back, wanted, hint)


@line(
    "8b",
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
        kind = reply.response.headers["Content-Type"]
        reply.must(kind == "application/json", "a body that is called JSON", f"It says {kind}.")
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


@line(
    "9d",
    "Change a record, and show it as it is now",
    idea="One step changes the record and gives it back, so the answer is as new as the change.",
    name="change_email",
    solution="""
def change_email(name, email):
    return step06.User.objects(name=name).modify(new=True, email=email)
""",
    hints=(
        "Look for the user by the name, and call `modify` on what you look for.",
        "`new=True` asks for the record as it is afterwards. The field to change is an argument.",
        "return step06.User.objects(name=name).modify(new=True, email=email)",
    ),
)
def _change_email(ask: Ask, names: Names) -> None:
    user_class, mark = names["step06"].User, uuid.uuid4().hex[:8]
    people = [
        user_class(name=f"{name}-{mark}", email="before@example.org").save()
        for name in ("alan", "joan")
    ]
    try:
        for user in people:
            _must_change(ask, user, f"{user.name}@example.net")
        wanted = "None, for nobody has this name"
        called = ask.described(f"nobody-{mark}", "x@example.net")
        nobody = (
            "`first()` has found nobody, and None has no `modify`. Call it on what is looked for."
        )
        with hinted("NoneType", nobody):
            found = ask(f"nobody-{mark}", "x@example.net", expected=wanted)
        ask.must(found is None, called, f"{found!r:.60}", wanted, "Leave it to `modify`.")
    finally:
        for user in people:
            user.delete()


def _must_change(ask: Ask, user: Any, email: str) -> None:
    behind = "`modify` stands in the place of `first()`, and not behind it."
    with hinted("argument 'new'", behind):
        found = ask(user.name, email, expected=f"the user {user.name}")
    called, wanted = ask.described(user.name, email), f"the user {user.name}, with {email}"
    stored = type(user).objects(id=user.id).first().email
    hint = "Is the name looked for, and the field `email` given to `modify`?"
    ask.must(stored == email, called, f"{stored} is stored", f"{email} is stored", hint)
    if isinstance(found, int):
        hint = "This is how many were changed. `modify` gives back the record."
    elif found is None:
        hint = "Nothing came back. Is `return` there?"
    elif isinstance(found, type(user)):
        hint = "This is the record from before. `new=True` asks for the one afterwards."
    came_back = f"with {found.email}" if isinstance(found, type(user)) else f"{found!r:.60}"
    right = isinstance(found, type(user)) and (found.id, found.email) == (user.id, email)
    ask.must(right, called, came_back, wanted, hint)
