"""Errors of Flask, Flask-Login and mongoengine whose cause is known better than a question can.

And where an error comes from: the deepest of its frames that is the learner's own.
"""

import inspect
import linecache
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any, NamedTuple

from flask import Flask

from flasklogin_tutorial.visit.installed import is_installed

_LOOK_UP = "With MongoEngine it is User.objects(id=user_id).first()."
_LOGIN_TAKES = "login_user() takes the user, which is the document that first() found"

#: A pattern of the words of an error, and a hint. `{0}` stands for what its first group found.
KNOWN_ERRORS = (
    (r"default connection", "Bind the database to the app: db.init_app(app)."),
    (
        r"'list' object has no attribute 'login_manager'",
        "init_app() takes one app, and was given a list: call it for each app in the list.",
    ),
    (r"no attribute 'login_manager'", "Bind the login manager: login_manager.init_app(app)."),
    (r"Missing user_loader", "Register a user loader: write @login_manager.user_loader above it."),
    (r"no secret key was set", 'Set a key: app.config["SECRET_KEY"] = "some key".'),
    (
        r"'function' object has no attribute 'startswith'",
        'login_view is the name of a view, a text: login_manager.login_view = "login".',
    ),
    (
        r"invalid literal for int\(\)",
        "int() is for databases that number their records. An id of MongoDB has letters: hand it "
        "on as it is, User.objects(id=user_id).first().",
    ),
    (
        r"type object '(\w+)' has no attribute '(query|get)'",
        "{0}.{1} belongs to another database layer. " + _LOOK_UP,
    ),
    (
        r"'BaseQuerySet' object has no attribute '(filter_by|query)'",
        "{0} belongs to another database layer. " + _LOOK_UP,
    ),
    (
        r"has no attribute 'session'",
        "db.session belongs to another database layer. With MongoEngine a document saves itself: "
        "user.save().",
    ),
    (
        r"<Request .* is not a valid ObjectId",
        "The loader was given the request and no id: it is registered as request_loader. Write "
        "@login_manager.user_loader above it.",
    ),
    (
        r"'None' is not a valid ObjectId",
        "The session holds the text 'None': login_user() was given a document that is not saved "
        "and has no id. Give it the one that first() found, or save it before.",
    ),
    (
        r"not a valid ObjectId",
        "The user loader gets what get_id() returned: return str(self.id) there, and look it up as "
        "an id.",
    ),
    (
        r"'NoneType' object has no attribute 'is_active'",
        _LOGIN_TAKES + ", and it gave None: return the reason first when no user was found.",
    ),
    (
        r"'BaseQuerySet' object has no attribute '(?:is_active|get_id)'",
        _LOGIN_TAKES + ". Without first() it is a list of results.",
    ),
    (
        r"'BaseQuerySet' object has no attribute '(?!is_authenticated)",
        "This is a list of results, also where it has one. first() takes one document out, or "
        "gives None.",
    ),
    (
        r"'User' object has no attribute '(?:is_active|get_id)'",
        "login_user() reads is_active and calls get_id(): does User have both, spelt so?",
    ),
    (
        r"'(\w+)' object has no attribute '(?:is_active|get_id)'",
        _LOGIN_TAKES + ". It was given a {0}.",
    ),
    (
        r"'User' object has no attribute '(is_authenticated|is_anonymous)'",
        "Flask-Login reads {0} of the user: has User this member, spelt so, below @property?",
    ),
    (
        r"no attribute 'is_authenticated'",
        "That is what current_user is: the user loader has to return a User, with is_authenticated "
        "among its members.",
    ),
    (r"'str' object has no attribute 'id'", "The user loader is given the id itself, a text."),
    (
        r"'bool' object is not callable",
        "is_authenticated, is_active and is_anonymous are values: read them without brackets.",
    ),
    (
        r"'str' object is not callable",
        "A text is called like a function. get_id is a method and no property: has it @property "
        "above it?",
    ),
    (
        r"'dict' object is not callable",
        "request.json is a value: read it without brackets, or call request.get_json().",
    ),
    (
        r"JSON object must be str, bytes or bytearray, not dict",
        "request.get_json() has read the JSON already: no json.loads around it.",
    ),
    (
        r"load_user\(\) (?:takes|missing) ",
        "Flask-Login calls the user loader with one argument, the id: def load_user(user_id).",
    ),
)

#: Errors with a likely cause. A question that knows more of it has the better hint.
LIKELY_ERRORS = (
    (
        r"'AnonymousUserMixin' object has no attribute",
        "Nobody is logged in, and current_user is the anonymous user: ask "
        "current_user.is_authenticated before using it.",
    ),
    (
        r"'NoneType' object has no attribute '(?:public|name|email|password|id|update|delete)'",
        "Test what first() gave for None: it found no document.",
    ),
    (
        r"Object of type method is not JSON serializable",
        "public is a method: call it, with brackets, user.public().",
    ),
    (
        r"Object of type \w+ is not JSON serializable",
        "JSON has texts, numbers, lists and dictionaries: return jsonify(user.public()).",
    ),
    (
        r"view function for '(\w+)' did not return a valid response\. The function either",
        "The view {0} has to return an answer: does it end with return jsonify(…)?",
    ),
    (
        r"did not return a valid response",
        "A view returns a text, a dictionary or what jsonify makes: return jsonify(user.public()).",
    ),
    (
        r'fields "\{([^}]*)\}" do not exist on the document',
        "Is the field {0} spelt as in the class of the document, and is it one of its fields?",
    ),
    (
        r'Cannot resolve field "(\w+)"',
        "The document has no field {0}. Is it spelt as in the class?",
    ),
    (
        r"^500 Internal Server Error: KeyError: ('[^']*')",
        "The body has no key {0}. Is it spelt as in the request?",
    ),
    (
        r"TemplateNotFound",
        "There are no templates here: the app is an API, and answers with jsonify(…).",
    ),
    (
        r"outside of (?:application|request) context",
        "request, session and current_user are there only while a request is answered: use them "
        "inside a view.",
    ),
)


def known_hint(came_back: str) -> str:
    """Return what is known about an error that came back.

    Args:
        came_back: the answer, in words.

    Returns:
        The hint; empty if nothing is known.
    """
    return _first_of(KNOWN_ERRORS, came_back)


def likely_hint(came_back: str) -> str:
    """Return the likely cause of an error that came back; empty if none is known."""
    return _first_of(LIKELY_ERRORS, came_back)


def _first_of(errors: Iterable[tuple[str, str]], came_back: str) -> str:
    for pattern, hint in errors:
        if found := re.search(pattern, came_back):
            return hint.format(*found.groups())
    return ""


_COURSE = Path(__file__).resolve().parent.parent


class OwnCode(NamedTuple):
    """Where an error was raised in somebody's own code.

    Attributes:
        code: the piece of code.
        number: the number of the line that was running.
        line: the line itself; empty if its text cannot be had.
    """

    code: CodeType
    number: int
    line: str


def own_code(error: BaseException) -> OwnCode | None:
    """Return the deepest piece of code in an error's traceback that is the learner's own.

    Args:
        error: the error.

    Returns:
        The code with the line that was running; None where the traceback has nothing of the
        learner's.
    """
    own = [one for one in _steps(error.__traceback__) if _is_own(one.tb_frame.f_code.co_filename)]
    if not own:
        return None
    frame, number = own[-1].tb_frame, own[-1].tb_lineno
    line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals)
    return OwnCode(frame.f_code, number, line.strip())


def raised_in(error: BaseException | None, app: Flask) -> str:
    """Say where in the learner's own code an error was raised.

    Args:
        error: the error.
        app: the app that raised it.

    Returns:
        A sentence; empty where it is not known.
    """
    found = own_code(error) if error is not None else None
    if found is None:
        return ""
    line = found.line and f", in the line: {found.line}"
    return f"The error is raised in {_role(found.code, app)}{line}."


def _role(code: CodeType, app: Flask) -> str:
    """Return what a function is to an app, and its name."""
    for role, functions in _registered(app):
        if any(_code_of(function) is code for function in functions):
            return f"{role} {code.co_name}"
    return code.co_name


def _registered(app: Flask) -> Iterator[tuple[str, list[Any]]]:
    manager = getattr(app, "login_manager", None)
    yield "the user loader", [getattr(manager, "_user_callback", None)]
    yield "the request loader", [getattr(manager, "_request_callback", None)]
    yield "the unauthorized handler", [getattr(manager, "unauthorized_callback", None)]
    yield "the before_request function", app.before_request_funcs.get(None, [])
    yield "the after_request function", app.after_request_funcs.get(None, [])
    yield "the view", [*app.view_functions.values()]


def _code_of(function: Callable[..., Any] | None) -> CodeType | None:
    return getattr(inspect.unwrap(function), "__code__", None) if function else None


def _steps(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _is_own(file: str) -> bool:
    if file.startswith("<frozen"):
        return False
    path = Path(file).resolve()
    if path.is_relative_to(_COURSE):
        return path.is_relative_to(_COURSE / "steps")
    return not is_installed(path)
