"""What came back chooses the hint, and the question only where that says nothing.

Each cause here is one that people ask about: a mistake in one place, which the checks meet in
another. A cause looks at the answer, at the exception behind it, and at what is registered with
the app, and knows nothing of the question.
"""

import builtins
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

import flask
import flask_login
from flask import Flask
from flask_login import LoginManager
from werkzeug.routing import BuildError

from flasklogin_tutorial.visit import Mismatch, Reply, own_code, raised_in

_PROBE = "/_checks/"

#: What strangers may ask for.
_OPEN = {("POST", "/login"), ("POST", "/user_info"), ("GET", "/")}


def hint_of(mismatch: Mismatch, app: Flask) -> str:
    """Return where to look, judged by what came back.

    Args:
        mismatch: what an app did, and what was expected.
        app: the app.

    Returns:
        The hint; empty if what came back says nothing that the question does not know.
    """
    reply = mismatch.reply
    if reply is None:
        return mismatch.hint
    known = next(filter(None, (cause(reply, app) for cause in _CAUSES)), "")
    return known or mismatch.hint or raised_in(reply.error, app)


def lost_cookie(reply: Reply) -> str:
    """Say why a browser does not send back the cookie that a login has set.

    Args:
        reply: the answer to the login.

    Returns:
        The reason, and where to look; empty if the cookie comes back, or there is none.
    """
    cookie = reply.response.headers.get("Set-Cookie", "")
    host = urlsplit(str(reply.response.request.url)).hostname or ""
    domain = _attribute(cookie, "Domain").lstrip(".")
    path = _attribute(cookie, "Path") or "/"
    if domain and not f".{host}".endswith(f".{domain}"):
        return (
            f"The cookie is set for the domain {domain}, and this app is visited at {host}: a "
            "browser does not even keep it. Leave SESSION_COOKIE_DOMAIN out."
        )
    if path != "/":
        return (
            f"The cookie is set for the path {path}, and is sent with no request outside of it. "
            "Leave SESSION_COOKIE_PATH and APPLICATION_ROOT out."
        )
    if cookie and not reply.response.cookies:
        return (
            "The cookie is set with an end that is past, so the browser drops it at once. How long "
            "is PERMANENT_SESSION_LIFETIME?"
        )
    return ""


def _attribute(cookie: str, name: str) -> str:
    found = re.search(rf"; *{name}=([^;,]*)", cookie, re.IGNORECASE)
    return found[1].strip() if found else ""


# ---- the causes; each says what it knows, or nothing


def _two_managers(reply: Reply, app: Flask) -> str:
    after = app.after_request_funcs.get(None, [])
    bound = {id(owner) for one in after if isinstance(owner := _owner(one), LoginManager)}
    if "Missing user_loader" not in reply.came_back or len(bound) < 2:
        return ""
    return (
        "The app has two login managers, and the last one bound is asked. The user loader is "
        "registered with the other: make one LoginManager() only."
    )


def _owner(function: Callable[..., object]) -> object:
    return getattr(function, "__self__", None)


def _hidden_name(reply: Reply, app: Flask) -> str:
    """Recognize a view that hides a function of Flask-Login's, which another one calls."""
    hidden = [name for name in app.view_functions if name in flask_login.__all__]
    if not hidden or not (reply.crashed or "error" in reply.data):
        return ""
    return (
        f"A view of the app is called {hidden[0]}, as a name of Flask-Login's is, and hides it: "
        f"inside the app, {hidden[0]} is the view. Give the view another name."
    )


def _lost_answer(reply: Reply, app: Flask) -> str:
    """Recognize a function that gets the response, and gives none back."""
    own = [one for one in app.after_request_funcs.get(None, []) if _owner(one) is None]
    error = reply.error
    no_answer = isinstance(error, AttributeError) and "'NoneType' object" in str(error)
    if error is None or not own or not no_answer or own_code(error):
        return ""
    return f"The after_request function {own[0].__name__} has to return the response it was given."


def _endless(reply: Reply, app: Flask) -> str:
    own = own_code(reply.error) if isinstance(reply.error, RecursionError) else None
    return f"{own.code.co_name} calls itself without end." if own else ""


def _missing_name(reply: Reply, app: Flask) -> str:
    error = reply.error
    if not isinstance(error, NameError) or isinstance(error, UnboundLocalError) or not error.name:
        return ""
    name = error.name
    for module in (flask_login, flask):
        if name in dir(module) and name not in dir(builtins):
            return f"{name} is not imported: from {module.__name__} import {name}"
    return f"The name {name} is not there: is it imported or made above, and spelt so?"


def _no_such_view(reply: Reply, app: Flask) -> str:
    error = reply.error
    if not isinstance(error, BuildError):
        return ""
    if error.endpoint == getattr(getattr(app, "login_manager", None), "login_view", None):
        views = ", ".join(name for name in app.view_functions if name != "static")
        return (
            f"No view is called {error.endpoint!r}. The name of a view is that of its function: "
            f'{views}. Name the login: login_manager.login_view = "login".'
        )
    return (
        f"url_for() names a view that is not there, {error.endpoint!r}. This app is an API: it "
        "answers with jsonify(…) and sends nobody on."
    )


def _a_slash_too_many(reply: Reply, app: Flask) -> str:
    path = _path_of(reply)
    there = urlsplit(reply.response.headers.get("Location", "")).path
    if path == _PROBE.rstrip("/") or not there.endswith("/") or there == "/":
        return ""
    return (
        f"The route ends with a slash, {there!r}, so Flask sends every request for "
        f"{there.rstrip('/')!r} on to another address. Leave the slash out of the route."
    )


def _no_such_path(reply: Reply, app: Flask) -> str:
    path, paths = _path_of(reply), sorted({rule.rule for rule in app.url_map.iter_rules()})
    if reply.response.status_code != HTTPStatus.NOT_FOUND or path in paths:
        return ""
    own = ", ".join(one for one in paths if not one.startswith("/static/"))
    return f"The app has no route {path!r}. It has: {own}. Is the path spelt right?"


def _misspelt_login(reply: Reply, app: Flask) -> str:
    """Recognize that the login view is named, and has another path than /login."""
    view = getattr(getattr(app, "login_manager", None), "login_view", None)
    paths = {rule.rule for rule in app.url_map.iter_rules() if rule.endpoint == view}
    there = urlsplit(reply.response.headers.get("Location", "")).path
    if not _path_of(reply).startswith(_PROBE) or there not in paths or there.endswith("login"):
        return ""
    return f"The login view is named, and its route is {there!r}. Is the path spelt right?"


def _no_such_verb(reply: Reply, app: Flask) -> str:
    if reply.response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return ""
    verb, path = reply.response.request.method, _path_of(reply)
    taken = ", ".join(sorted({*reply.response.headers.get("Allow", "").split(", ")} - {"OPTIONS"}))
    return (
        f"A view for {verb} {path} is missing: the route there takes {taken}. Write it as "
        f'@app.route("{path}", methods=["{verb}"]).'
    )


def _guarded_door(reply: Reply, app: Flask) -> str:
    """Recognize a guard in front of what has to be open: the login, and reading a record."""
    verb, path = reply.response.request.method, _path_of(reply)
    if (verb, path) not in _OPEN or reply.crashed:
        return ""
    to_login = reply.response.is_redirect and "login" in reply.response.headers["Location"]
    before = [one.__name__ for one in app.before_request_funcs.get(None, [])]
    if before and (to_login or reply.response.status_code in {401, 403}):
        return (
            f"Before every view runs {before[0]}, and it sends away whoever is not logged in, also "
            f"from what is open. Nobody can log in like that: let {verb} {path} through, by "
            "request.endpoint."
        )
    if to_login:
        return (
            f"{verb} {path} is open to everybody, and has a guard: take @login_required away from "
            "this view."
        )
    return ""


def _sent_on(reply: Reply, app: Flask) -> str:
    if _path_of(reply) != "/login" or not reply.response.is_redirect:
        return ""
    return (
        "The login view sends its caller on, as in an app with pages. This app is an API: "
        "return jsonify(user.public())."
    )


def _wrong_body(reply: Reply, app: Flask) -> str:
    if reply.response.status_code not in {400, 415}:
        return ""
    return (
        "The app cannot read the body. It is JSON: request.get_json() or json.loads(request.data), "
        "and not request.form. Are the keys spelt as in the request?"
    )


def _nobody_found(reply: Reply, app: Flask) -> str:
    if reply.data.get("reason") != "Username or Password Error" or reply.called.count("not the"):
        return ""
    return (
        "This is the right password, and the view found nobody with it. The body is JSON with the "
        "keys username and password; the fields of User are name and password."
    )


def _stored_member(reply: Reply, app: Flask) -> str:
    """Recognize a member of the user that has a value, and the wrong one."""
    if not _path_of(reply).startswith(_PROBE):
        return ""
    right = {"is_authenticated": True, "is_active": True}
    if not reply.data.get("name"):
        return ""
    wrong = [name for name, value in right.items() if reply.data.get(name) in (None, False)]
    return (
        f"{wrong[0]} of this user is {json.dumps(reply.data.get(wrong[0]))}: is it a field of the "
        "document, which nobody has set? What is stored cannot say who is logged in. Write a "
        "property that returns True."
        if wrong
        else ""
    )


def _path_of(reply: Reply) -> str:
    return urlsplit(str(reply.response.request.url)).path


_CAUSES = (
    _two_managers,
    _hidden_name,
    _lost_answer,
    _endless,
    _missing_name,
    _no_such_view,
    _a_slash_too_many,
    _no_such_path,
    _misspelt_login,
    _no_such_verb,
    _guarded_door,
    _sent_on,
    _wrong_body,
    _nobody_found,
    _stored_member,
)
