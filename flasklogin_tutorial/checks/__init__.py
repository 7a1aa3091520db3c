"""What an app must do after each step, asked over HTTP.

`check(app, step=4)` asks everything that steps 0 to 4 promise. Each question is one small function
below. It calls the app as a client would, says what was called, what came back and what was
expected, and knows a hint.

Two steps change nothing that a client can see: binding the login manager (1) and adding a user
loader (4) show only when a view asks for `current_user`. For these, the checks put one page of
their own in front of the app, the probe, which asks exactly that and answers over HTTP like any
other page. The app itself is not changed, and may have answered requests before.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask, current_app, jsonify, make_response
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from flasklogin_tutorial.visit.client import (
    Browser,
    NotAFlaskApp,
    describe_error,
    in_process,
    read_session,
    require_app,
    status_text,
)

#: The path of the page that the checks put in front of the app.
PROBE_PATH = "/_checks/probe"

#: Characters of a request or response body that a result shows.
BODY_WIDTH = 120


class Mismatch(Exception):
    """An app did something else than a check expected.

    Args:
        called: the request, in words.
        came_back: the answer, in words.
        expected: what the answer had to be.
        hint: where to look, where that is not what the check itself would say.
        blocked_by: why the check could not ask its own question; empty if it could.
    """

    def __init__(
        self, called: str, came_back: str, expected: str, hint: str = "", blocked_by: str = ""
    ) -> None:
        super().__init__(called, came_back, expected)
        self.called, self.came_back, self.expected = called, came_back, expected
        self.hint, self.blocked_by = hint, blocked_by


#: Errors whose cause is known better than a check can know it: what their text matches, and a hint.
KNOWN_ERRORS = (
    ("default connection", "Bind the database to the app: db.init_app(app)."),
    ("no attribute 'login_manager'", "Bind the login manager: login_manager.init_app(app)."),
    ("Missing user_loader", "Register a user loader: write @login_manager.user_loader above it."),
    ("no secret key was set", 'Set a key: app.config["SECRET_KEY"] = "some key".'),
    ("BuildError", 'Name a view that is there: login_manager.login_view = "login".'),
    (
        "no attribute 'is_authenticated'",
        "That is what current_user is: the user loader has to return a User, with is_authenticated "
        "among its members.",
    ),
    ("'str' object has no attribute 'id'", "The user loader is given the id itself, a text."),
    (
        "not a valid ObjectId",
        "The user loader gets what get_id() returned: return str(self.id) there.",
    ),
)


@contextmanager
def _on_the_way(blocked_by: str) -> Iterator[None]:
    """Mark a mismatch as none of the check's own: it stands in the way of its question."""
    try:
        yield
    except Mismatch as mismatch:
        mismatch.blocked_by = mismatch.blocked_by or blocked_by
        raise


@dataclass(frozen=True)
class Check:
    """One thing that an app must do.

    Attributes:
        step: the step that brings it.
        name: what must be true, as a sentence.
        hint: where to look when it is not.
        ask: asks the app; raises `Mismatch` when the answer is wrong.
    """

    step: int
    name: str
    hint: str
    ask: Callable[["World"], None]


#: Every check, in the order in which they are asked.
CHECKS: list[Check] = []


def _check(step: int, name: str, hint: str) -> Callable[..., Callable[["World"], None]]:
    def register(ask: Callable[["World"], None]) -> Callable[["World"], None]:
        CHECKS.append(Check(step, name, hint, ask))
        return ask

    return register


@dataclass
class Reply:
    """A response, and how it came about.

    Attributes:
        response: the response.
        called: the request in words.
    """

    response: requests.Response
    called: str

    @property
    def data(self) -> dict[str, Any]:
        """The JSON object of the response; empty if it has none."""
        try:
            data = self.response.json()
        except ValueError:
            return {}
        return data if isinstance(data, dict) else {}

    @property
    def came_back(self) -> str:
        """The response in words, with the exception behind it if there was one."""
        said = status_text(self.response.status_code)
        if self.response.visit.error is not None:
            return f"{said}: {describe_error(self.response.visit.error)}"
        if "Location" in self.response.headers:
            return f"{said}, to {self.response.headers['Location']}"
        if "html" in self.response.headers.get("Content-Type", ""):
            return f"{said}, a page"
        return f"{said} {_brief(self.response.text)}".strip()

    @property
    def crashed(self) -> bool:
        """Whether an exception in the app caused the response."""
        return self.response.visit.error is not None or self.response.status_code >= 500

    @property
    def refused(self) -> bool:
        """Whether the app told the caller to log in first, or that they may not."""
        return self.response.is_redirect or self.response.status_code in {401, 403}

    @property
    def hint(self) -> str:
        """What is known about an error in the app; empty if nothing is."""
        return next((hint for text, hint in KNOWN_ERRORS if text in self.came_back), "")

    def must(self, condition: object, expected: str, hint: str = "") -> None:
        """Raise `Mismatch` unless the condition holds."""
        if not condition:
            raise Mismatch(self.called, self.came_back, expected, self.hint or hint)

    def must_show(self, **fields: str) -> None:
        """Raise `Mismatch` unless the response is a JSON object with these fields."""
        wanted = json.dumps(fields)
        found = {key: self.data.get(key) for key in fields}
        self.must(not self.crashed and found == fields, f"a JSON object with {wanted}")


class World:
    """An app, with the people who visit it for the checks.

    Args:
        app: the app.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._names: list[str] = []
        self._invented = 0

    def call(
        self, browser: Browser, method: str, path: str, body: object = None, who: str = ""
    ) -> Reply:
        """Send one request and follow no redirect."""
        said = f" {_brief(json.dumps(body))}" if body is not None else ""
        called = f"{method} {path}{said}{f', {who}' if who else ''}"
        headers = {"Accept": "application/json"}
        response = browser.request(method, path, json=body, headers=headers, allow_redirects=False)
        return Reply(response, called)

    def probe(self, browser: Browser, question: str, who: str) -> Reply:
        """Ask the app, on a page in front of it, what only a view can know."""
        response = browser.get(
            f"{PROBE_PATH}?{question}", headers={"Accept": "text/html"}, allow_redirects=False
        )
        return Reply(response, f"{question}, {who}")

    def stranger(self) -> Browser:
        """Open a browser that nobody has logged in from."""
        return in_process(self.app, front=_with_probe(self.app))

    def new_record(self) -> dict[str, str]:
        """Invent a record that the app does not have yet, and that no person would have."""
        while True:
            self._invented += 1
            name = f"check-user-{self._invented}"
            found = self.call(self.stranger(), "GET", f"/?name={name}")
            if found.data.get("name") != name:
                break
            found.must(self._invented < 100, "no record: nobody has put one under this name")
        self._names.append(name)
        return {
            "name": name,
            "email": f"{name}@example.org",
            "password": f"password of {name}",
        }

    def new_user(self) -> dict[str, str]:
        """Put a user into the app: with an open PUT, or with the command `add-user`."""
        record = self.new_record()
        with _on_the_way("no user can be made"):
            created = self.call(self.stranger(), "PUT", "/", record, "not logged in")
            if created.refused:
                self.add_user(record)
            else:
                created.must_show(name=record["name"])
        return record

    def add_user(self, record: dict[str, str]) -> None:
        """Put a user into the app with the command `add-user`, and see that it is there."""
        called = f"flask add-user {record['name']} {record['email']} --password …"
        if "add-user" not in self.app.cli.commands:
            raise Mismatch(called, "the app has no command add-user", "the command adds the user")
        arguments = [record["name"], record["email"], "--password", record["password"]]
        result = self.app.test_cli_runner().invoke(args=["add-user", *arguments])
        if result.exit_code != 0:
            error = result.exception
            crashed = error is not None and not isinstance(error, SystemExit)
            lines = result.output.splitlines()
            said = [line for line in lines if line.startswith("Error:")] or lines
            said += [describe_error(error)] if crashed else []
            raise Mismatch(called, _brief(" ".join(said)), "the command adds the user")
        found = self.call(self.stranger(), "GET", f"/?name={record['name']}")
        if found.data.get("name") != record["name"]:
            expected = f"the record of {record['name']}"
            raise Mismatch(f"{called}; then {found.called}", found.came_back, expected)

    def member(self) -> tuple[Browser, dict[str, str]]:
        """Make a user and log them in from a new browser."""
        record = self.new_user()
        browser = self.stranger()
        with _on_the_way("the login itself fails"):
            self.log_in(browser, record).must_show(name=record["name"])
        return browser, record

    def log_in(self, browser: Browser, record: dict[str, str], **other: str) -> Reply:
        """Send a login with a record's name and password."""
        body = {"username": record["name"], "password": record["password"], **other}
        return self.call(browser, "POST", "/login", body)

    def write(self, method: str, body: dict[str, str]) -> Reply:
        """Create, update or delete: as a stranger, or logged in where strangers are refused."""
        reply = self.call(self.stranger(), method, "/", body)
        if not reply.refused:
            return reply
        browser, record = self.member()
        reply = self.call(browser, method, "/", body, f"logged in as {record['name']}")
        with _on_the_way("a user who has logged in is refused"):
            reply.must(not reply.refused, "an answer, because this user has logged in")
        return reply

    def must_have(self, record: dict[str, str], email: str | None = None) -> None:
        """Raise `Mismatch` unless anyone can read the record, with this e-mail if one is given."""
        found = self.call(self.stranger(), "GET", f"/?name={record['name']}")
        found.must_show(name=record["name"], **({"email": email} if email else {}))

    def must_not_have(self, record: dict[str, str]) -> None:
        """Raise `Mismatch` unless the record cannot be found."""
        found = self.call(self.stranger(), "GET", f"/?name={record['name']}")
        found.must("error" in found.data, 'a JSON object with "error": there is no such record')

    def clean_up(self) -> None:
        """Delete what the checks have put into the app, as far as it lets itself be deleted."""
        left = list(self._names)
        browser = self.stranger()
        with suppress(Mismatch):  # where nobody can log in, records of the checks may stay
            if left and self.call(browser, "DELETE", "/", {"name": left[0]}).refused:
                browser, own = self.member()
                left.append(own["name"])  # last: it ends the login
            for name in left:
                self.call(browser, "DELETE", "/", {"name": name})


# ---- step 0: the API


@_check(0, "PUT creates a record that GET finds", "Does the view save the record and return it?")
def _creates(world: World) -> None:
    record = world.new_record()
    created = world.write("PUT", record)
    created.must_show(name=record["name"], email=record["email"])
    shows_all = "Answer with user.public(): it leaves out the password."
    created.must("password" not in created.data, "no password in the answer", shows_all)
    world.must_have(record, record["email"])


@_check(0, "GET says when there is no such record", "Test what first() gave for None.")
def _says_not_found(world: World) -> None:
    world.must_not_have(world.new_record())


@_check(0, "POST changes the e-mail", "Does the view write the new e-mail to the database?")
def _updates(world: World) -> None:
    record, other = world.new_user(), world.new_user()
    changed = record | {"email": "new@example.org"}
    world.write("POST", changed).must_show(name=record["name"])
    world.must_have(record, "new@example.org")
    world.must_have(other, other["email"])


@_check(0, "DELETE removes the record", "Does the view call delete() on the record it found?")
def _deletes(world: World) -> None:
    record, other = world.new_user(), world.new_user()
    world.write("DELETE", {"name": record["name"]}).must_show(name=record["name"])
    world.must_not_have(record)
    world.must_have(other, other["email"])


# ---- step 1: bind the login manager


@_check(
    1,
    "the app has a login manager",
    "Bind one: login_manager = LoginManager(), then login_manager.init_app(app).",
)
def _has_manager(world: World) -> None:
    asked = world.probe(world.stranger(), "current_user", "asked by a view")
    asked.must(
        "login_manager" not in asked.data.get("error", ""),
        "an answer from Flask-Login, if only that a user loader is missing",
    )


# ---- step 2: the login view


@_check(
    2,
    "whoever has to log in is sent to the login view",
    'Name the view function: login_manager.login_view = "login".',
)
def _names_login_view(world: World) -> None:
    sent = world.probe(world.stranger(), "login_manager.unauthorized()", "not logged in")
    path = urlsplit(sent.response.headers.get("Location", "")).path
    sent.must(path.endswith("login"), "a redirect to the login view")


@_check(
    2,
    "a wrong password is refused with a reason",
    'A view for POST /login, methods=["POST"], returns the reason when no user was found.',
)
def _refuses_wrong_password(world: World) -> None:
    answer = world.log_in(world.stranger(), world.new_user(), password="not the password")
    answer.must_show(reason="Username or Password Error")


# ---- step 3: the user model


@_check(
    3,
    "the right password is answered with the user",
    "login_user() reads is_active and calls get_id(): does User have both?",
)
def _accepts_right_password(world: World) -> None:
    record = world.new_user()
    answer = world.log_in(world.stranger(), record)
    answer.must_show(name=record["name"], email=record["email"])


@_check(
    3,
    "a login puts the user's id into the session cookie",
    "Does the view call login_user(user), is is_active true, and does get_id() return a text?",
)
def _writes_cookie(world: World) -> None:
    browser, record = world.stranger(), world.new_user()
    answer = world.log_in(browser, record)
    said = read_session(browser.cookies, world.app.config["SESSION_COOKIE_NAME"]) or {}
    answer.must(isinstance(said.get("_user_id"), str), "a session cookie with _user_id, a text")


# ---- step 4: the user loader


@_check(
    4,
    "the request after the login knows the user",
    "Register a user loader, and let it return the user: @login_manager.user_loader.",
)
def _loads_user(world: World) -> None:
    browser, record = world.member()
    asked = world.probe(browser, "current_user", f"asked by a view, logged in as {record['name']}")
    asked.must(asked.data.get("name") == record["name"], f"the user {record['name']}")


@_check(
    4,
    "a visitor without a login is anonymous",
    "A login manager with no user loader raises an error when current_user is used.",
)
def _visitor_is_anonymous(world: World) -> None:
    asked = world.probe(world.stranger(), "current_user", "asked by a view, not logged in")
    asked.must(asked.data.get("is_anonymous") is True, "the anonymous user")


@_check(
    4,
    "is_authenticated, is_active and is_anonymous are values",
    "Write @property above each of the three. A method that is not called is always true.",
)
def _members_are_values(world: World) -> None:
    asked = world.probe(world.member()[0], "current_user", "asked by a view, logged in")
    members = {"is_authenticated": True, "is_active": True, "is_anonymous": False}
    found = {name: asked.data.get(name) for name in members}
    asked.must(found == members, f"a user with {json.dumps(members)}")


@_check(
    4,
    "the cookie of a deleted user belongs to nobody",
    "The user loader returns None when it finds no user: first() does, get() raises.",
)
def _deleted_user_is_nobody(world: World) -> None:
    browser, record = world.member()
    world.call(browser, "DELETE", "/", {"name": record["name"]}).must_show(name=record["name"])
    asked = world.probe(browser, "current_user", "asked by a view, with a deleted user's cookie")
    asked.must(asked.data.get("is_anonymous") is True, "the anonymous user")


# ---- step 5: protect the routes

_ORDER = "@login_required stands below @app.route: route registers what stands below it."


@_check(5, "a stranger cannot create a record", _ORDER)
def _stranger_cannot_create(world: World) -> None:
    record = world.new_record()
    answer = world.call(world.stranger(), "PUT", "/", record, "not logged in")
    answer.must(answer.refused, "401, or a redirect to the login view")
    world.must_not_have(record)


@_check(5, "a stranger cannot change a record", _ORDER)
def _stranger_cannot_update(world: World) -> None:
    record = world.new_user()
    changed = record | {"email": "mallory@example.org"}
    answer = world.call(world.stranger(), "POST", "/", changed, "not logged in")
    answer.must(answer.refused, "401, or a redirect to the login view")
    world.must_have(record, record["email"])


@_check(5, "a stranger cannot delete a record", _ORDER)
def _stranger_cannot_delete(world: World) -> None:
    record = world.new_user()
    answer = world.call(world.stranger(), "DELETE", "/", {"name": record["name"]}, "not logged in")
    answer.must(answer.refused, "401, or a redirect to the login view")
    world.must_have(record)


@_check(
    5,
    "the first user comes from the command line",
    'Register it on the app: @app.cli.command("add-user").',
)
def _command_adds_user(world: World) -> None:
    record = world.new_record()
    world.add_user(record)
    world.log_in(world.stranger(), record).must_show(name=record["name"])


# ---- step 6: log out, and ask who is logged in


@_check(6, "a logout is answered with a message", "A view for POST /logout calls logout_user().")
def _answers_logout(world: World) -> None:
    answer = world.call(world.member()[0], "POST", "/logout")
    expected = {"result": 200, "data": {"message": "logout success"}}
    answer.must(answer.data == expected, json.dumps(expected))


@_check(6, "after a logout the browser is nobody", "Does the view call logout_user()?")
def _logout_forgets(world: World) -> None:
    browser, record = world.member()
    left = world.call(browser, "POST", "/logout")
    left.must(left.response.ok, "200")
    asked = world.probe(browser, "current_user", f"asked by a view, after {record['name']} left")
    asked.must(asked.data.get("is_anonymous") is True, "the anonymous user")


@_check(6, "user_info names the user who is logged in", "Return what current_user.public() gives.")
def _user_info_member(world: World) -> None:
    browser, record = world.member()
    answer = world.call(browser, "POST", "/user_info", who=f"logged in as {record['name']}")
    public = {"name": record["name"], "email": record["email"]}
    answer.must(answer.data.get("data") == public, f'"data": {json.dumps(public)}')


@_check(
    6,
    "user_info tells a stranger that nobody is logged in",
    "Ask current_user.is_authenticated before using current_user.",
)
def _user_info_stranger(world: World) -> None:
    answer = world.call(world.stranger(), "POST", "/user_info", who="not logged in")
    expected = {"result": 401, "data": {"message": "user no login"}}
    answer.must(answer.data == expected, json.dumps(expected))


#: What stands for all checks where there is no app to ask.
_IS_APP = Check(0, "what is checked is a Flask app", "", lambda world: None)

#: The last step that there are checks for.
LAST_STEP = max(check.step for check in CHECKS)


# ---- the probe


def _with_probe(app: Flask) -> Callable[..., Iterable[bytes]]:
    """Return the app with the probe in front of it, as a WSGI callable."""

    def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PROBE_PATH:
            return app(environ, start_response)
        with app.request_context(environ):
            question = {
                "current_user": _describe_current_user,
                "login_manager.unauthorized()": _send_away,
            }[environ["QUERY_STRING"]]
            try:
                answer = make_response(question())
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
    return current_app.login_manager.unauthorized()


# ---- results


@dataclass(frozen=True)
class Row:
    """The answer to one check.

    Attributes:
        check: what was asked.
        mismatch: what was wrong; None if nothing was.
    """

    check: Check
    mismatch: Mismatch | None = None

    @property
    def mark(self) -> str:
        """A tick or a cross."""
        return "✗" if self.mismatch else "✓"

    @property
    def details(self) -> list[tuple[str, str]]:
        """What was called, what came back, what was expected, and a hint; empty if all is well."""
        if self.mismatch is None:
            return []
        blocked = self.mismatch.blocked_by and f"It could not ask: {self.mismatch.blocked_by}."
        return [
            ("called", self.mismatch.called),
            ("came back", self.mismatch.came_back),
            ("expected", self.mismatch.expected),
            ("hint", self.mismatch.hint or blocked or self.check.hint),
        ]


@dataclass
class Result:
    """The answers to all checks of a step and the steps before it; true if all passed.

    Attributes:
        step: the step that was checked.
        rows: one answer for each check.
    """

    step: int
    rows: list[Row] = field(default_factory=list)

    @property
    def failed(self) -> list[Row]:
        """The checks that did not pass."""
        return [row for row in self.rows if row.mismatch is not None]

    def __bool__(self) -> bool:
        return bool(self.rows) and not self.failed

    @property
    def headline(self) -> str:
        """The result in one line."""
        if self.failed:
            return f"step {self.step}: {len(self.failed)} of {len(self.rows)} checks failed"
        earlier = sum(row.check.step < self.step for row in self.rows)
        these = len(self.rows) - earlier
        and_earlier = f", and {earlier} of the steps before it" if earlier else ""
        return f"step {self.step}: {these} check{'s' if these > 1 else ''} passed{and_earlier}"

    @property
    def shown(self) -> list[Row]:
        """The rows worth showing: the first failures to mend, or else those of the step itself."""
        if not self.failed:
            return [row for row in self.rows if row.check.step == self.step]
        causes = [row for row in self.failed if not row.mismatch.blocked_by] or self.failed
        return [row for row in causes if row.check.step == causes[0].check.step]

    @property
    def footnote(self) -> str:
        """What is not shown, in one line; empty if all is."""
        hidden = [row for row in self.failed if row not in self.shown]
        if not hidden:
            return ""
        reasons = dict.fromkeys(row.mismatch.blocked_by for row in hidden)
        because = " and ".join(reason for reason in reasons if reason)
        return f"{len(hidden)} more failed{because and f', because {because}'}: mend these first."

    def __repr__(self) -> str:
        lines = [self.headline]
        for row in self.shown:
            lines.append(f"  {row.mark} {row.check.name}")
            lines += [f"      {label:<9}  {text}" for label, text in row.details]
        return "\n".join([*lines, self.footnote]).rstrip()

    def _repr_html_(self) -> str:
        left = 'style="text-align:left"'
        lines = ["<table>", f"<caption {left}>{escape(self.headline)}</caption>"]
        for row in self.shown:
            colour = "rgba(248,81,73,.25)" if row.mismatch else "rgba(46,160,67,.25)"
            mark = f'<td style="text-align:left;background:{colour}">{row.mark}</td>'
            lines.append(f'<tr>{mark}<td colspan="2" {left}>{escape(row.check.name)}</td></tr>')
            for label, text in row.details:
                shown = escape(text, quote=False)
                shown = shown if label == "hint" else f"<code>{shown}</code>"
                lines.append(f"<tr><td></td><td {left}>{label}</td><td {left}>{shown}</td></tr>")
        if self.footnote:
            lines.append(f'<tr><td></td><td colspan="2" {left}>{escape(self.footnote)}</td></tr>')
        return "\n".join([*lines, "</table>"])


def check(app: Flask, step: int) -> Result:
    """Ask an app for everything that it must do after a step.

    Args:
        app: the app, as `create_app()` returns it. It may be broken: an exception inside it is a
            failed check that names the exception.
        step: the step, from 0 to 6. The checks of earlier steps are asked too.

    Returns:
        The answers. The result is true only if every check passed, and shows itself as a table in
        a notebook and as text elsewhere.

    Raises:
        ValueError: there is no such step.
    """
    if step not in range(LAST_STEP + 1) or isinstance(step, bool):
        raise ValueError(
            f"There is no step {step!r}: the steps go from 0 to {LAST_STEP}. Write, for example, "
            "check(app, step=4)."
        )
    try:
        world = World(require_app(app))
    except NotAFlaskApp as error:
        mismatch = Mismatch("check()", error.what, "a Flask app", error.advice)
        return Result(step, [Row(_IS_APP, mismatch)])
    asked = [one for one in CHECKS if one.step <= step]
    result = Result(step, [Row(one, _ask(one, world)) for one in asked])
    world.clean_up()
    return result


def _ask(one: Check, world: World) -> Mismatch | None:
    try:
        one.ask(world)
    except Mismatch as mismatch:
        return mismatch
    return None


def _brief(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= BODY_WIDTH else f"{text[:BODY_WIDTH]}…"
