"""Every refusal, in one JSON shape for programs and on one page for people.

The shape holds the article's own keys (`status` and `reason` of its login, `error` of its records):

    {"status": 404, "code": "not_found", "error": "data not found",
     "reason": "No user has this name.", "advice": "Check the spelling."}

`status` repeats the HTTP status, `code` is for programs, `error` says what happened, `reason` why,
and `advice` what to do next. A refusal of input adds `fields`: for each field a list of sentences.

What the rules of the app refuse has neither a status nor a sentence (see `refusals`). Both are
given here, from the table in `answers`, to the views and to the commands.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from limits.errors import StorageError
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError
from werkzeug.exceptions import HTTPException, PreconditionFailed, SecurityError
from werkzeug.routing import RequestRedirect

from . import audit
from .answers import ANSWERS, challenge
from .entrance import BadPrefix
from .failures import log_failure
from .refusals import NoSuchLogin, NoSuchToken, Refusal

#: Seconds after which a client may ask again while the database is away.
RETRY_AFTER = 5

#: What to say of an HTTP error that none of our own code raised.
_COMMON = {
    400: ("bad_request", "bad request", "The request cannot be read.", "Send well-formed JSON."),
    401: ("login_required", "login required", "Nobody is logged in.", "Log in, and try again."),
    403: ("forbidden", "forbidden", "You may not do this.", "Ask an administrator."),
    404: ("not_found", "not found", "There is nothing at this address.", "Check the address."),
    405: (
        "method_not_allowed",
        "method not allowed",
        "This address does not take this method.",
        "The header Allow lists those that it takes.",
    ),
    412: (
        "precondition_failed",
        "precondition failed",
        "A header such as If-Match asks for another version of this.",
        "Send the request without it.",
    ),
    413: (
        "too_large",
        "request too large",
        "The body is larger than anything this app takes.",
        "Send less.",
    ),
    415: (
        "unsupported_media_type",
        "unsupported media type",
        "The body has to be JSON, and the header Content-Type has to say so.",
        "Send Content-Type: application/json.",
    ),
    500: (
        "internal_error",
        "internal error",
        "The app failed. The failure is written to its log.",
        "Try again later.",
    ),
    503: (
        "unavailable",
        "service unavailable",
        "The database cannot be reached.",
        "Try again in a few seconds.",
    ),
}

#: What of the refusals is written to the audit log: what somebody may not do or tried too often,
#: and what only goes round a protection. What is left out are mistakes of whoever asks.
#: Source: OWASP ASVS 5.0, 16.3.2 and 16.3.3.
_WRITTEN_STATUSES = {401, 403, 429}
_WRITTEN_CODES = {
    "form_expired",
    "unknown_host",
    "bad_prefix",
    "invalid_request",
    "last_admin",
    "link_over",
}
#: An id that is another's is told as one that is none.
_WRITTEN_KINDS = (NoSuchLogin, NoSuchToken)
#: These are attempts to sign in, which `logins` and `factors` write down with their name.
_WRITTEN_ALREADY = {
    "wrong_credentials",
    "first_password_over",
    "too_many_attempts",
    "wrong_code",
    "too_many_codes",
}


class Refused(HTTPException):
    """A request is refused, for a reason that the caller may know.

    Args:
        status: the HTTP status.
        code: the reason for programs.
        error: what happened.
        reason: why.
        advice: what to do next.
        fields: for each field of the input the sentences about it.
        extra: more keys of the JSON answer.
        headers: more headers of the answer.
    """

    code: int

    def __init__(
        self,
        status: int,
        code: str,
        error: str,
        reason: str,
        advice: str,
        *,
        fields: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(description=f"{error}. {reason} {advice}")
        self.code, self.slug = status, code
        self.error, self.reason, self.advice = error, reason, advice
        self.fields, self.extra, self.more_headers = fields, extra or {}, dict(headers or {})


def refuse_login(
    code: str = "login_required",
    reason: str = "Nobody is logged in.",
    error: str = "login required",
    advice: str = "Log in, or send an API token, and try again.",
    **more: Any,
) -> Refused:
    """Make the refusal for a caller who has not shown who they are.

    Args:
        code: the reason for programs.
        reason: why.
        error: what happened.
        advice: what to do next.
        **more: as for `Refused`.

    Returns:
        A 401 to raise.
    """
    return Refused(401, code, error, reason, advice, **more)


def explain(refusal: Refusal) -> Refused:
    """Give a refusal of the app's rules its status and its sentences.

    Args:
        refusal: what a rule said no to.

    Returns:
        The HTTP error. A command takes its sentences and leaves the rest.
    """
    told, facts = ANSWERS[type(refusal)], vars(refusal)
    fields = None
    if told.fields is not None:
        fields = {name: [said.format(**facts)] for name, said in told.fields.items()}
    return Refused(
        told.status,
        refusal.slug,
        told.error,
        told.reason.format(**facts),
        told.advice.format(**facts),
        fields=fields,
        headers={name: said.format(**facts) for name, said in told.headers.items()},
    )


def wants_page() -> bool:
    """Tell whether to answer with a page, for a person in a browser, instead of JSON."""
    if request.is_json:
        return False
    offered = ["application/json", "text/html"]
    return request.accept_mimetypes.best_match(offered) == "text/html"


def register_errors(app: Flask) -> None:
    """Answer every error of an app in the one shape.

    Args:
        app: the app.
    """
    app.before_request(refuse_undecodable_query)
    app.register_error_handler(HTTPException, _answer_error)
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(CSRFError, _answer_form)
    app.register_error_handler(SecurityError, _answer_host)
    app.register_error_handler(BadPrefix, _answer_prefix)
    app.after_request(_shape_precondition)
    for away in (ConnectionFailure, ExecutionTimeout, StorageError):
        app.register_error_handler(away, _answer_away)


def refuse_undecodable_query() -> None:
    """Refuse a query of bytes that are no UTF-8.

    Percent-encoded bytes never fail, but Werkzeug's `request.args` raises UnicodeDecodeError for
    bare ones, which would be a 500.

    Raises:
        Refused: a 400.
    """
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        raise Refused(
            400,
            "bad_request",
            "bad request",
            "The query holds bytes that are no UTF-8.",
            "Write everything outside ASCII in percent-encoding.",
        ) from None


def _answer_error(error: HTTPException) -> ResponseReturnValue:
    write_down(error)
    return _answer(error)


def write_down(error: HTTPException) -> None:
    """Write a refusal to the audit log, if it is one that belongs there.

    Args:
        error: what is being answered.
    """
    told = _describe(error)
    code, status = told["code"], error.code
    if (status in _WRITTEN_STATUSES or code in _WRITTEN_CODES) and code not in _WRITTEN_ALREADY:
        audit.record_refusal(code, told["reason"])


def _answer(error: HTTPException, *, may_be_page: bool = True) -> ResponseReturnValue:
    """Answer one HTTP error.

    It starts from the error's own response, which keeps headers such as Allow.

    Source: Flask's documentation, the example "Return JSON instead of HTML for HTTP errors".
    """
    if isinstance(error, RequestRedirect):
        return error
    body = _describe(error)
    response = error.get_response()
    if may_be_page and wants_page():
        response.data = render_template("error.html", **body)
        response.content_type = "text/html; charset=utf-8"
    else:
        response.data = jsonify(body).data
        response.content_type = "application/json"
    if isinstance(error, Refused):
        response.headers.update(error.more_headers)
    if error.code == 401:
        # Every 401 carries a challenge (RFC 9110, section 15.5.2). It names an error only where
        # there were credentials (RFC 6750, section 3.1).
        response.headers.setdefault("WWW-Authenticate", challenge())
    if error.code == 503:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER))
    return response


def _describe(error: HTTPException) -> dict[str, Any]:
    if isinstance(error, Refused):
        said = (error.slug, error.error, error.reason, error.advice)
    else:
        fallback = ("error", error.name.lower(), f"{error.name}.", "Check the request.")
        said = _COMMON.get(error.code or 500, fallback)
    keys = ("code", "error", "reason", "advice")
    body: dict[str, Any] = {"status": error.code} | dict(zip(keys, said, strict=True))
    if isinstance(error, Refused):
        body |= error.extra
        if error.fields is not None:
            body["fields"] = error.fields
    return body


def answer_refusal(refusal: Refusal) -> ResponseReturnValue:
    """Answer a refusal of the domain, with its status and its sentences.

    Args:
        refusal: what a rule raised.

    Returns:
        A page for a person, JSON for a program.
    """
    return _answer(refuse(refusal))


def refuse(refusal: Refusal) -> Refused:
    """Explain a refusal to whoever sent the request, and write it to the audit log.

    A command says `explain` instead: whoever runs it may do everything, and is told on the spot.

    Args:
        refusal: what a rule raised.

    Returns:
        As for `explain`.
    """
    told = explain(refusal)
    if isinstance(refusal, _WRITTEN_KINDS):
        audit.record_refusal(told.slug, told.reason)
    else:
        write_down(told)
    return told


def _answer_form(error: CSRFError) -> ResponseReturnValue:
    return _answer_error(
        Refused(
            400,
            "form_expired",
            "form expired",
            "The form carries no valid proof that it comes from a page of this app.",
            "Go back, reload the page and send the form again.",
        )
    )


def _shape_precondition(response: Response) -> Response:
    """Give the one shape to a refusal that Werkzeug makes of a file and does not raise."""
    if response.status_code != 412:
        return response
    response.close()
    return current_app.make_response(_answer(PreconditionFailed()))


def _answer_host(error: SecurityError) -> ResponseReturnValue:
    refused = Refused(
        400,
        "unknown_host",
        "unknown host",
        "The app does not answer to the name in this address.",
        "Use the app's own address. Whoever runs the app lists its names in TRUSTED_HOSTS.",
    )
    write_down(refused)
    # A page has links, and Flask builds none for a host that it does not trust.
    return _answer(refused, may_be_page=False)


def _answer_prefix(error: BadPrefix) -> ResponseReturnValue:
    refused = Refused(
        400,
        "bad_prefix",
        "bad prefix",
        "The proxy in front of the app says that it is below something that is no path.",
        "Whoever runs the app lets the proxy set X-Forwarded-Prefix, to a path such as /shop.",
    )
    write_down(refused)
    return _answer(refused, may_be_page=False)


def _answer_away(error: Exception) -> ResponseReturnValue:
    kind = "database" if isinstance(error, PyMongoError) else "storage of the sign-in throttle"
    log_failure("the %s cannot be reached: %s", kind, type(error).__name__)
    code, said, reason, advice = _COMMON[503]
    return _answer(Refused(503, code, said, reason, advice))
