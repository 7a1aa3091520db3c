"""The lines that the reader writes in lessons 11, 11b and 11c, about requests of other sites."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, session
from werkzeug.exceptions import HTTPException

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.visit import Mismatch, describe_error

Names = Mapping[str, Any]

_HOST = "https://app.example.org"


#: The status of a refusal, and what it is for.
_WRONG_TYPE = (415, "415 is the status for a type that the app does not take.")
_NOT_ALLOWED = (403, "403 is the status for what somebody may not do.")


def _must_end(
    ask: Ask, called: str, wanted: int | None, hint: str, *, refusal: tuple[int, str]
) -> None:
    """Ask what was written whether it ends the request of this moment, as it should.

    Args:
        ask: asks it.
        called: the call and the request, in words.
        wanted: the status with which it has to end it; None if it has to let it pass.
        hint: what to look at, if it does not.
        refusal: the status of a refusal, and the hint for any other status.
    """
    status, what_for = refusal
    expected = (
        "it lets the request pass" if wanted is None else f"it ends the request with {status}"
    )
    found = _status_of(ask, called, expected)
    came_back = "it passes" if found is None else f"{found}"
    ask.must(
        found == wanted, called, came_back, expected, hint if found in (None, status) else what_for
    )


def _status_of(ask: Ask, called: str, expected: str) -> int | None:
    """Return the status with which what was written ends a request; None if it lets it pass."""
    try:
        answer = ask.answer()
    except HTTPException as error:
        return error.code
    except Exception as error:
        raise Mismatch(called, describe_error(error), expected) from error
    ask.must(
        answer is None,
        called,
        f"{answer!r:.60}",
        expected,
        "What such a function returns becomes the answer. `abort(415)` ends the request.",
    )
    return None


_TYPES: tuple[tuple[str, int | None, str], ...] = (
    ("application/json", None, "JSON that is called JSON has to pass."),
    (
        "application/json; charset=utf-8",
        None,
        "Behind the semicolon stands an encoding. `request.mimetype` is the type without it.",
    ),
    ("application/x-www-form-urlencoded", None, "The app has a form, so forms have to pass."),
    ("multipart/form-data; boundary=x", None, "The app has a form, so forms have to pass."),
    ("", None, "A request without a body has no type: it is the empty string."),
    ("text/plain", 415, "Text has to be refused: JSON hides in it. Does `abort` stand there?"),
    ("text/html", 415, "Every type that is not named has to be refused, not `text/plain` alone."),
)


@line(
    "11a",
    "Refuse a body that is called neither JSON nor a form",
    idea="A form of another site can call its body a form or text, and nothing else.",
    name="check_type",
    solution="""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def check_type():
    if request.mimetype not in ("", "application/json", *FORMS):
        abort(415)
""",
    hints=(
        "Ask whether `request.mimetype` is one of those that may pass. There are four: none at "
        "all, JSON, and the two in `FORMS`.",
        '`("", "application/json", *FORMS)` is a tuple of the four. `abort(415)` ends the request '
        "with that status.",
        'if request.mimetype not in ("", "application/json", *FORMS):\n        abort(415)',
    ),
    claims=(
        Claim(
            "A form of another site can call its body a form or text, and nothing else.",
            "https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fs-enctype",
            "tests/lab/test_foreign.py::test_chromium_sends_the_same",
        ),
    ),
)
def _check_type(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    for kind, wanted, hint in _TYPES:
        called = f"check_type(), for a body of type {kind or 'none'}"
        headers = {"Content-Type": kind} if kind else {}
        with app.test_request_context("/", headers=headers, method="POST"):
            _must_end(ask, called, wanted, hint, refusal=_WRONG_TYPE)


_PROGRAM = "A program sends neither header, and none of them is None for it. Let it pass."
_SENDERS: tuple[tuple[dict[str, str], bool, str], ...] = (
    ({"Sec-Fetch-Site": "same-origin"}, True, "A page of this very origin may send."),
    (
        {"Sec-Fetch-Site": "none"},
        True,
        "`none` is an address that somebody typed: no page sent it.",
    ),
    (
        {"Sec-Fetch-Site": "cross-site"},
        False,
        "A page of another site. Is `return` in front of the answer?",
    ),
    (
        {"Sec-Fetch-Site": "same-site"},
        False,
        "`same-site` is another origin: another port, or another host of example.org.",
    ),
    ({}, True, _PROGRAM),
    ({"Origin": _HOST}, True, "This is the app's own origin. `request.host_url` has a slash more."),
    ({"Origin": "https://evil.example"}, False, "Compare `origin` with the app's own."),
    (
        {"Origin": f"{_HOST}.evil.example"},
        False,
        "This begins like the app's origin, and is another. Compare the whole.",
    ),
    ({"Origin": "http://app.example.org"}, False, "The scheme is a part of an origin."),
    ({"Origin": "null"}, False, "A page that hides its origin sends the word null."),
)


@line(
    "11b",
    "Tell whether a request comes from a page of this app",
    idea="The browser writes these two headers, and no page can change them.",
    name="comes_from_here",
    solution="""
def comes_from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")
""",
    hints=(
        "The first place lets two values of `site` pass: `same-origin`, and `none` for an address "
        "that somebody typed. The second lets `origin` pass if it is missing, or the app's own.",
        "`site in {…}` asks whether a value is one of several. The app's own origin is "
        '`request.host_url.rstrip("/")`: the address without the slash at its end.',
        'return site in {"same-origin", "none"}\n'
        'and in the last line: return origin is None or origin == request.host_url.rstrip("/")',
    ),
    claims=(
        Claim(
            "The browser writes these two headers, and no page can change them.",
            "https://fetch.spec.whatwg.org/#forbidden-request-header",
            "tests/course/test_what_browsers_do.py::test_a_page_cannot_change_what_is_said_of_where_a_request_comes_from",
        ),
    ),
)
def _comes_from_here(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    for headers, wanted, hint in _SENDERS:
        said = " and ".join(f"{name}: {value}" for name, value in headers.items())
        called = f"comes_from_here(), for a request with {said or 'neither of the two headers'}"
        with app.test_request_context("/", base_url=_HOST, headers=headers, method="POST"):
            found = ask(expected=str(wanted))
        look = hint if found is not None else "Nothing came back. Is `return` there?"
        ask.must(bool(found) is wanted, called, f"{found!r:.60}", str(wanted), look)


_TOKENS: tuple[tuple[dict[str, str], dict[str, str], bool, str], ...] = (
    ({"token": "abc"}, {"token": "abc"}, True, "The form carries the token of this session."),
    ({"token": "abc"}, {"token": "xyz"}, False, "This is the token of another session."),
    ({"token": "abc"}, {"token": ""}, False, "The form has an empty token."),
    ({"token": "abc"}, {}, False, "The form has no token."),
    ({}, {"token": "abc"}, False, "The session has no token, so no form can carry it."),
    (
        {},
        {},
        False,
        "Neither has a token, and two times None are equal. Ask first whether there is one.",
    ),
    ({"token": "abc"}, {"token": "abcd"}, False, "Compare the whole of it."),
)


@line(
    "11c",
    "Tell whether a form carries the token of its session",
    idea="A page of another site can send a form, and cannot read the token that belongs in it.",
    name="has_token",
    solution="""
def has_token():
    kept, sent = session.get("token"), request.form.get("token")
    return kept is not None and sent == kept
""",
    hints=(
        "Two things have to hold: there is a token in the session, and the form has the same.",
        "`kept` is None where the session has none, and `sent` is None where the form has none. "
        "Two times None are equal.",
        "return kept is not None and sent == kept",
    ),
    claims=(
        Claim(
            "A page of another site can send a form, and cannot read the token that belongs in it.",
            "https://www.rfc-editor.org/rfc/rfc6454.html#section-3.4.2",
            "tests/course/test_what_browsers_do.py::test_a_script_of_another_origin_reads_no_answer_without_permission",
        ),
    ),
)
def _has_token(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    app.secret_key = "for one check"
    for kept, sent, wanted, hint in _TOKENS:
        called = (
            f"has_token(), with {kept.get('token')!r} in the session and {sent.get('token')!r} in "
            "the form"
        )
        with app.test_request_context("/", data=sent, method="POST"):
            session.update(kept)
            found = ask(expected=str(wanted))
        look = hint if found is not None else "Nothing came back. Is `return` there?"
        ask.must(bool(found) is wanted, called, f"{found!r:.60}", str(wanted), look)


_LINKS: tuple[tuple[str, str, int | None, str], ...] = (
    ("/logout", "cross-site", 403, "This is the link of another site."),
    ("/logout", "same-site", 403, "This is another origin. Ask `comes_from_here`."),
    ("/logout", "same-origin", None, "A page of this app may link to it."),
    ("/logout", "none", None, "Somebody typed this address."),
    ("/", "cross-site", None, "Links to other pages are what the web is made of. Let them pass."),
    ("/account", "cross-site", None, "Only the path that changes something is looked at."),
    ("/logouts", "cross-site", None, "This path only begins like the other. Compare the whole."),
)


@line(
    "11d",
    "Refuse a link of another site to the logout",
    idea="A check of links has to know which path changes something.",
    name="check_link",
    solution="""
def check_link():
    if request.path == "/logout" and not comes_from_here():
        abort(403)
""",
    hints=(
        "Two things together make the refusal: which path it is, and where the request comes from.",
        '`request.path` is the path, here a string such as "/logout". `comes_from_here()` says '
        "whether a page of this app sent the request.",
        'if request.path == "/logout" and not comes_from_here():\n        abort(403)',
    ),
)
def _check_link(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    for path, site, wanted, hint in _LINKS:
        called = f"check_link(), for a GET of {path} with Sec-Fetch-Site: {site}"
        headers = {"Sec-Fetch-Site": site}
        with app.test_request_context(path, base_url=_HOST, headers=headers):
            _must_end(ask, called, wanted, hint, refusal=_NOT_ALLOWED)


_PATHS = (
    ("/account", True, "This is a path of the app."),
    ("/exports?page=2", True, "A path may have a query, behind the question mark."),
    (
        "/people?from=a//b",
        True,
        'What stands behind the question mark is no path. `target.partition("?")[0]` is what '
        "stands before it.",
    ),
    ("https://evil.example/", False, "A path of this app begins with a slash."),
    ("account", False, "A path of this app begins with a slash."),
    ("javascript:alert(1)", False, "A path of this app begins with a slash."),
    ("//evil.example", False, "Two slashes lead to another host."),
    ("/account//evil.example", False, "Let no two slashes stand anywhere in the path."),
    ("/\\evil.example", False, "To a browser a backslash is a slash. Leave the other lines."),
    ("/\t/evil.example", False, "A browser drops a tab. Leave the other lines as they were."),
)


@line(
    "11e",
    "Allow paths of this app, and nothing else",
    idea="Say what is allowed. What is forbidden is a list that nobody can finish.",
    name="is_safe_next",
    solution="""
def is_safe_next(target: Any) -> bool:
    return (
        isinstance(target, str)
        and target.startswith("/")
        and target.isascii()
        and target.isprintable()
        and not set(target) & set("\\\\ ")
        and "//" not in target.partition("?")[0]
    )
""",
    hints=(
        "The first place asks how `target` begins. The second asks what its path must not hold.",
        'A string has the method `startswith`. `"//" not in …` asks whether something is missing, '
        'and `target.partition("?")[0]` is what stands before the question mark.',
        'and target.startswith("/")\nand "//" not in target.partition("?")[0]',
    ),
)
def _is_safe_next(ask: Ask, names: Names) -> None:
    for target, wanted, hint in _PATHS:
        found = ask(target, expected=str(wanted))
        ask.must(
            bool(found) is wanted, f"is_safe_next({target!r})", f"{found!r:.60}", str(wanted), hint
        )
    found = ask(None, expected="False: a login without next has none")
    ask.must(
        not found,
        "is_safe_next(None)",
        f"{found!r:.60}",
        "False: a login without next has none",
        "Leave the first line: it asks whether there is a string.",
    )


@line(
    "11f",
    "Say in each answer that nobody may frame it, and that no copy is kept",
    idea="What a browser may do with an answer, the answer says.",
    name="add_headers",
    solution="""
def add_headers(response):
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response
""",
    hints=(
        "The first place is about frames, the second about copies. Both words stand in the text "
        "above.",
        "In a policy the word none has quotes of its own, within those of the string. "
        "`frame-ancestors` says who may frame the answer.",
        '"frame-ancestors \'none\'" and "no-store"',
    ),
    claims=(
        Claim(
            "`frame-ancestors` says who may frame the answer.",
            "https://www.w3.org/TR/CSP3/#directive-frame-ancestors",
        ),
    ),
)
def _add_headers(ask: Ask, names: Names) -> None:
    answer = ask(Response("a page"), expected="the response, with three headers")
    ask.must(
        isinstance(answer, Response),
        "add_headers(response)",
        f"{answer!r:.60}",
        "the response",
        "What such a function returns is sent. Leave `return response`.",
    )
    said = answer.headers
    rules = [one.split() for one in said.get("Content-Security-Policy", "").split(";")]
    framing = next((one[1:] for one in rules if one and one[0] == "frame-ancestors"), None)
    hint = "`frame-ancestors` is the part of the policy that says who may frame the answer."
    if framing == ["none"]:
        hint = "Without quotes of its own, none is a host that is called none: write 'none'."
    ask.must(
        framing == ["'none'"],
        "Content-Security-Policy",
        f"{said.get('Content-Security-Policy')!r:.60}",
        "frame-ancestors 'none'",
        hint,
    )
    kept = [one.strip() for one in said.get("Cache-Control", "").split(",")]
    hint = "Which word keeps a browser from storing the answer at all?"
    if "no-cache" in kept:
        hint = "no-cache lets a copy be kept, and asks before it is used again."
    elif "private" in kept:
        hint = "private keeps the copy out of caches that many share, and not out of the browser."
    ask.must(
        "no-store" in kept,
        "Cache-Control",
        f"{said.get('Cache-Control')!r:.60}",
        "no-store",
        hint,
    )
    ask.must(
        said.get("X-Content-Type-Options") == "nosniff",
        "X-Content-Type-Options",
        f"{said.get('X-Content-Type-Options')!r:.60}",
        "nosniff",
        "Leave the first line.",
    )
