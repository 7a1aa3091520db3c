"""The probe: a page that the checks put in front of an app.

Two steps change nothing that a client can see: binding the login manager (1) and adding a user
loader (4) show only when a view asks for `current_user`. The probe asks exactly that, in the app's
context, and answers over HTTP like any other page. The app itself is not changed, and may have
answered requests before.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from flask import Flask, current_app, jsonify, make_response
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from flasklogin_tutorial.visit import describe_error

#: The path of the probe.
PROBE_PATH = "/_checks/probe"


def with_probe(app: Flask) -> Callable[..., Iterable[bytes]]:
    """Return the app with the probe in front of it, as a WSGI callable.

    The query of the probe's address is the question, one of two.
    """

    def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PROBE_PATH:
            return app(environ, start_response)
        with app.request_context(environ):
            try:
                answer = make_response(_QUESTIONS[environ["QUERY_STRING"]]())
            except HTTPException as error:
                answer = make_response(error)
            except Exception as error:
                answer = jsonify(error=describe_error(error))
            return app.process_response(answer)(environ, start_response)

    return front


def _describe_current_user() -> Any:
    members = ("name", "is_authenticated", "is_active", "is_anonymous")
    user = current_user._get_current_object()
    found = {member: getattr(user, member, None) for member in members}
    plain = (str, bool, type(None))
    return jsonify({k: v if isinstance(v, plain) else type(v).__name__ for k, v in found.items()})


def _send_away() -> Any:
    return cast(Any, current_app).login_manager.unauthorized()


_QUESTIONS: dict[str, Callable[[], Any]] = {
    "current_user": _describe_current_user,
    "login_manager.unauthorized()": _send_away,
}
