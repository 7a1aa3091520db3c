"""The OpenAPI document, made from the schemas that check the API's input and output."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, has_request_context, request
from marshmallow import Schema

from .schemas import (
    ChangeInput,
    CodeInput,
    CodeWanted,
    ConfirmInput,
    Done,
    ForgotInput,
    Health,
    LoggedOut,
    LoginInput,
    NameInput,
    Problem,
    PublicRecord,
    Record,
    RecordInput,
    RegisterInput,
    ResetInput,
    UserInfo,
)

#: The version of the API, which changes when a caller has to change something.
_VERSION = "0.1.0"

#: What each refusal means, wherever it can happen.
_REFUSALS = {
    400: "The body is no JSON, or the header Authorization is no bearer token.",
    401: "Nobody is logged in, the token opens nothing, or the password or the code is wrong.",
    403: "You may not do this, have to set up a second factor first, or a page of another site "
    "sent the request.",
    404: "There is no such user, or the link of a mail is over.",
    409: "The name is taken, or the last administrator would be gone.",
    413: "The body is too large.",
    415: "The body is not declared as JSON.",
    422: "A field is missing, unknown or not what it has to be.",
    429: "There were too many attempts to sign in, codes, new passwords, or mails.",
    503: "The database cannot be reached.",
}
_HEADERS = {
    401: ("WWW-Authenticate", "how to show who you are", {"type": "string"}),
    429: ("Retry-After", "seconds to wait", {"type": "integer"}),
    503: ("Retry-After", "seconds to wait", {"type": "integer"}),
}

#: Any of these opens what is protected. A session begins with `POST /login`.
_CREDENTIALS: list[dict[str, list[str]]] = [{"session": []}, {"token": []}]

#: What needs the password in the last minutes, also the code after it, which comes with the session
#: of the password. A token stands for nobody who has typed one.
_LOGIN: list[dict[str, list[str]]] = [{"session": []}]
_BODY_REFUSALS = (400, 401, 403, 413, 415, 422, 503)


def describe_api(app: Flask) -> dict[str, Any]:
    """Describe the API of an app.

    Args:
        app: the app, for its name and that of its session cookie.

    Returns:
        An OpenAPI 3.0 document, ready to become JSON.
    """
    spec = APISpec(
        app.config["SERVICE_NAME"],
        _VERSION,
        "3.0.3",
        plugins=[MarshmallowPlugin()],
        info={"description": "Records of users, as the article has them, with access control."},
        servers=[{"url": (request.script_root if has_request_context() else "") or "/"}],
    )
    cookie = app.config["SESSION_COOKIE_NAME"]
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": cookie})
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.path(
        "/",
        operations={
            "get": _operation(
                "Show a record",
                {200: ("The record; the e-mail address for its owner and administrators.", None)},
                (400, 401, 404, 422, 503),
                query=NameInput,
                shown=_either(PublicRecord, Record),
                security=[{}, *_CREDENTIALS],
            ),
            "put": _operation(
                "Create a user; for administrators",
                {201: ("The record.", Record)},
                (*_BODY_REFUSALS, 409),
                body=RecordInput,
                security=_CREDENTIALS,
            ),
            "post": _operation(
                "Change a user; for the user and administrators. A new password of one's own takes "
                "the current one too. In an app that sends mail a new address shows when its user "
                "has confirmed it",
                {200: ("The record as it is now.", Record)},
                (*_BODY_REFUSALS, 404, 429),
                body=ChangeInput,
                security=_LOGIN,
            ),
            "delete": _operation(
                "Delete a user; for the user and administrators",
                {200: ("The record as it was.", Record)},
                (*_BODY_REFUSALS, 404, 409),
                body=NameInput,
                security=_LOGIN,
            ),
        },
    )
    spec.path(
        "/login",
        operations={
            "get": _page("Show the form, for people", query="next"),
            "post": _operation(
                "Log in",
                {
                    200: ("The user's own record, and a session cookie.", Record),
                    202: (
                        "The password is right, and not enough: the user has a second factor or a "
                        "passkey. Nobody is logged in yet; the session cookie goes along with the "
                        "code. With a passkey people log in on a page of its own.",
                        CodeWanted,
                    ),
                },
                (*_BODY_REFUSALS, 429),
                body=LoginInput,
            ),
        },
    )
    spec.path(
        "/login/code",
        operations={
            "get": {
                "summary": "Show the form for the code, for people; or lead to the login",
                "security": [{}, *_LOGIN],
                "parameters": [{"in": "query", "name": "next", "schema": {"type": "string"}}],
                "responses": {
                    "200": {"description": "A page.", "content": {"text/html": {}}},
                    "302": {"description": "To the login: the password comes first."},
                    **_refusals((400, 401, 503)),
                },
            },
            "post": _operation(
                "Log in with a code of the second factor, or a recovery code, in the minutes after "
                "a password that was right",
                {200: ("The user's own record, and a new session cookie.", Record)},
                (*_BODY_REFUSALS, 429),
                body=CodeInput,
                security=_LOGIN,
            ),
        },
    )
    spec.path(
        "/logout",
        operations={
            "post": _operation(
                "Log out; also right for whoever is not logged in",
                {200: ("Nobody is logged in any more.", LoggedOut)},
                (400, 401, 403, 413, 415, 503),
                security=[{}, *_CREDENTIALS],
            )
        },
    )
    spec.path(
        "/user_info",
        operations={
            "post": _operation(
                "Tell who is logged in",
                {200: ("The user's own record.", UserInfo)},
                (400, 401, 403, 413, 415, 503),
                security=_CREDENTIALS,
            )
        },
    )
    spec.path(
        "/healthz",
        operations={
            "get": _operation("Tell whether the app works", {200: ("It does.", Health)}, (503,))
        },
    )
    spec.path(
        "/openapi.json",
        operations={
            "get": _operation(
                "Describe the API",
                {200: ("This document.", None)},
                (),
                shown={"type": "object"},
            )
        },
    )
    if app.config["MAIL_SERVER"] is not None:
        _describe_mail(spec)
    if app.config["REGISTRATION"]:
        _describe_registration(spec)
    return spec.to_dict()


def _describe_mail(spec: APISpec) -> None:
    """Add what an app has that sends mail."""
    spec.path(
        "/forgot",
        operations={
            "get": _page("Show the form, for people"),
            "post": _operation(
                "Ask for a mail with which to choose a new password. Whether or not somebody has "
                "the address, the answer is the same",
                {202: ("If somebody has confirmed the address, a mail is on its way.", Done)},
                (*_BODY_REFUSALS, 429),
                body=ForgotInput,
            ),
        },
    )
    spec.path(
        "/reset",
        operations={
            "get": _page("Show the form of a link, for people", 404, query="token"),
            "post": _operation(
                "Choose a new password with the link of a mail. All logins and API tokens of the "
                "user end, and nobody is logged in",
                {200: ("The password is changed.", Done)},
                (*_BODY_REFUSALS, 404, 429),
                body=ResetInput,
            ),
        },
    )
    spec.path(
        "/confirm",
        operations={
            "get": _page("Show the question of a link, for people", 404, query="token"),
            "post": _operation(
                "Confirm an address with the link of a mail; for whoever asked for it",
                {200: ("The user's own record, with the address.", Record)},
                (*_BODY_REFUSALS, 404),
                body=ConfirmInput,
                security=_LOGIN,
            ),
        },
    )


def _describe_registration(spec: APISpec) -> None:
    """Add what an app has in which people make accounts for themselves."""
    spec.path(
        "/register",
        operations={
            "get": _page("Show the form, for people"),
            "post": _operation(
                "Ask for a mail with which to make an account. Whatever is taken, the answer is "
                "the same",
                {202: ("A mail is on its way, which says how to go on.", Done)},
                (*_BODY_REFUSALS, 429),
                body=RegisterInput,
            ),
        },
    )
    spec.path(
        "/welcome",
        operations={
            "get": _page("Show the form of a link, for people", 404, query="token"),
            "post": _operation(
                "Make the account with the link of the mail. Nobody is logged in by it",
                {201: ("The record.", Record)},
                (*_BODY_REFUSALS, 404, 409, 429),
                body=ResetInput,
            ),
        },
    )


def _page(summary: str, *refusals: int, query: str | None = None) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": "A page.", "content": {"text/html": {}}},
            **_refusals((400, 401, *refusals, 503)),
        },
    }
    if query is not None:
        schema = {"in": "query", "name": query, "schema": {"type": "string"}}
        described["parameters"] = [schema]
    return described


def _operation(
    summary: str,
    answers: dict[int, tuple[str, type[Schema] | None]],
    refusals: tuple[int, ...],
    *,
    body: type[Schema] | None = None,
    query: type[Schema] | None = None,
    shown: dict[str, Any] | None = None,
    security: list[dict[str, list[str]]] | None = None,
) -> dict[str, Any]:
    operation: dict[str, Any] = {"summary": summary, "responses": {}, "security": security or []}
    if body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body}},
        }
    if query is not None:
        operation["parameters"] = [{"in": "query", "schema": query}]
    for status, (words, schema) in answers.items():
        content = {"application/json": {"schema": shown or schema}}
        operation["responses"][str(status)] = {"description": words, "content": content}
    operation["responses"] |= _refusals(refusals)
    return operation


def _refusals(statuses: tuple[int, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status in sorted(statuses):
        refusal = found[str(status)] = {
            "description": _REFUSALS[status],
            "content": {"application/json": {"schema": Problem}},
        }
        if status in _HEADERS:
            name, words, schema = _HEADERS[status]
            refusal["headers"] = {name: {"description": words, "schema": schema}}
    return found


def _either(*schemas: type[Schema]) -> dict[str, Any]:
    return {"anyOf": list(schemas)}
