"""Exercises to notebook 15: testing access control.

Two of the answers are tests. Such a test has to pass on good apps, and to fail on each app in which
a rule is broken: one that cannot fail proves nothing.
"""

import contextvars
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import GeneratorType
from typing import Any

from flask import Blueprint, Flask, redirect, request
from flask.testing import FlaskClient
from flask_login import current_user, login_required
from werkzeug.test import TestResponse

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import accounts
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.exercises.ask import Ask, Unfinished
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.written_tests import must_fail, must_pass
from flasklogin_tutorial.lab import add_user, new_app
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import Mismatch, describe_error, status_text

#: Everybody's password in the apps of these exercises.
PASSWORD = "analytical engine one"

_SETTINGS = {"TESTING": True, "SECRET_KEY": "k" * 32}


def open_client(app, name=None):
    """Return a test client that a user is logged in with, or nobody."""
    client = app.test_client()
    if name is not None:
        answer = client.post("/login", json={"username": name, "password": PASSWORD})
        assert answer.status_code == 200
    return client


# ---- 15.1


@dataclass(frozen=True)
class _Answer:
    """What an app does with a request to change Ada's address."""

    status: int
    writes: bool


_GOOD = {
    "stranger": _Answer(401, False),
    "other": _Answer(403, False),
    "owner": _Answer(200, True),
    "admin": _Answer(200, True),
}

#: What is broken, what the app does instead, and where to look.
_BROKEN_CHANGES = (
    (
        "an app in which whoever is logged in may change everybody",
        {"other": _Answer(200, True)},
        "Who is logged in, and may not? Let grace try, and expect 403.",
    ),
    (
        "an app in which strangers may change everybody",
        {"stranger": _Answer(200, True)},
        "open_client(app) is a stranger. Let them try, and expect 401.",
    ),
    (
        "an app in which nobody but an administrator may change Ada",
        {"owner": _Answer(403, False)},
        "A test that only refuses is green on an app that refuses everybody. Let Ada try.",
    ),
    (
        "an app in which Ada alone may change Ada",
        {"admin": _Answer(403, False)},
        "The rule lets administrators in too. Let cy try.",
    ),
    (
        "an app that tells grace 403, and changes Ada's address all the same",
        {"other": _Answer(403, True)},
        "A status says what the app claims. After a refusal, look up the address of Ada: "
        'User.objects(name="ada").first().email',
    ),
    (
        "an app that tells a stranger 401, and changes Ada's address all the same",
        {"stranger": _Answer(401, True)},
        "A status says what the app claims. Look up the address of Ada after each refusal.",
    ),
    (
        "an app that tells Ada 200, and changes nothing",
        {"owner": _Answer(200, False)},
        "Look up the address too where the change is allowed: it has to be the new one.",
    ),
    (
        "an app that tells cy 200, and changes nothing",
        {"admin": _Answer(200, False)},
        "Send another address each time. One that is stored already cannot tell a change.",
    ),
    (
        "an app that tells grace 200, and changes nothing",
        {"other": _Answer(200, False)},
        "Nothing happened, and grace was told the opposite. Look at the status as well.",
    ),
    (
        "an app that tells strangers 403 in place of 401",
        {"stranger": _Answer(403, False)},
        "401 says: log in first. The rule has a status for each who is refused.",
    ),
)


def new_club() -> Flask:
    """Make a good app with three people: ada, grace, and the administrator cy."""
    app = new_app(create_app, _SETTINGS)
    for name in ("ada", "grace", "cy"):
        add_user(app, name, PASSWORD, admin=name == "cy")
    return app


def _changed_club(changes: Mapping[str, _Answer]) -> Flask:
    """Make the app of `new_club` with another view for changes."""
    app, answers = new_club(), {**_GOOD, **changes}

    def change() -> Any:
        sent = request.get_json()
        user = User.objects(name=sent["name"]).first()
        if current_user.is_anonymous:
            who = "stranger"
        elif current_user.name == sent["name"]:
            who = "owner"
        else:
            who = "admin" if current_user.is_admin else "other"
        answer = answers[who]
        if answer.writes:
            user.update(email=sent.get("email"))
        shown = {"name": user.name, "email": sent.get("email")}
        return (shown if answer.status == 200 else {"error": "no"}), answer.status

    app.view_functions["records.update_record"] = change
    return app


@exercise(
    "15.1",
    "follow",
    "Test who may change Ada's address",
    idea="A door is tested from both sides, and by what happened behind it.",
    answer="test_change",
    hints=(
        "The notebook tests four people at the door for deleting. Who are they here, and which "
        "status does each get?",
        "Give each a new address to send, and look after each request at what is stored: "
        'User.objects(name="ada").first().email',
        "Two asserts for each of the four: one about the status, and one about the stored "
        "address. It is the new one exactly if the status is 200.",
        'for who, status in [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]: send, '
        "assert answer.status_code == status, and then assert "
        "(stored == email) == (status == 200)",
    ),
    not_checked="whether your test notices a changed password, or a person who is not there",
)
def _test_change(ask: Ask) -> None:
    good = "an app that keeps the rule"
    hint = "Here a stranger gets 401 and grace 403, and ada and cy get 200. The address changes at "
    hint += "200 and at nothing else. Is that what your test expects of POST /?"
    must_pass(ask, new_club(), on=good, hint=hint)
    for on, changes, look in _BROKEN_CHANGES:
        must_fail(ask, _changed_club(changes), on=on, hint=look)
    must_pass(ask, _changed_club({}), on=f"another app, which is {good}", hint=hint)


# ---- 15.2


def held_clients(app):
    """Prepare the clients of a test. Something in this fixture is wrong."""
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)

        def open_for(name=None):
            client = app.test_client()
            if name is not None:
                login = {"username": name, "password": PASSWORD}
                client.post("/login", json=login)
            return client

        yield open_for


@exercise(
    "15.2",
    "apply",
    "Find the mistake: the stranger in the test is Ada",
    idea="An app context that is held open lends its user to every client: close it before a "
    "request.",
    answer="mended_clients",
    begins_with="held_clients",
    hints=(
        "Ask `flask.has_app_context()` where the test runs. What does Flask-Login keep there?",
        "Which lines need the context? `accounts.create` reads a setting of the app. Does "
        "`open_for` need it, or the `yield`?",
        "A fixture is stopped at its `yield` while the test runs. What is open around the `yield`"
        " is open around each request of the test.",
        "Only the `for` stays inside the `with`. Move `def open_for` and `yield open_for` one step "
        "to the left.",
    ),
    not_checked="other tests of yours: look in them for `with app.app_context():` around a request",
)
def _mended_clients(ask: Ask) -> None:
    app = ask.fresh(create_app, **_SETTINGS)
    # In a context of its own: an app context that the answer leaves open ends with it.
    contextvars.copy_context().run(_use_clients, ask, app)


def _use_clients(ask: Ask, app: Flask) -> None:
    """Use the learner's fixture, as a test with three people does."""
    ask.must(
        not type(ask.answer).__module__.startswith("_pytest"),
        ask.name,
        "a fixture of pytest, which nobody but pytest can call",
        "the function itself",
        "Leave the decorator @pytest.fixture out here.",
    )
    fixture = ask(app, expected="it prepares two people, and yields a function")
    open_for = fixture
    try:
        if isinstance(fixture, GeneratorType):
            open_for = _first(ask, app, fixture)
        ask.must(
            callable(open_for),
            ask.described(app),
            f"{open_for!r:.60}",
            "it yields the function that opens clients",
            "Does the fixture end with `yield open_for`?",
        )
        _must_tell_apart(ask, open_for)
    finally:
        if isinstance(fixture, GeneratorType):
            fixture.close()


def _first(ask: Ask, app: Flask, fixture: Iterator[Any]) -> Any:
    try:
        return next(fixture)
    except StopIteration:
        return None
    except Unfinished:
        raise
    except Exception as error:
        ask.errors.append(error)
        outside = "outside of application context" in str(error)
        raise Mismatch(
            ask.described(app),
            describe_error(error),
            "two people are in the database, and a function is yielded",
            "`accounts.create` needs a context: open one around it, and around it alone."
            if outside
            else "Two people have to be made, each once.",
        ) from error


def _must_tell_apart(ask: Ask, open_for: Callable[..., FlaskClient]) -> None:
    held = "Is a context open while the test runs? In it, all requests share one g, and one user. "
    held += "Print flask.has_app_context() behind your yield."
    clients = {None: _opened(ask, open_for), "ada": _opened(ask, open_for, "ada")}
    _must_be(ask, clients["ada"], "ada", "ada's client", "She comes in by POST /login.")
    _must_be(ask, clients[None], None, "a stranger's client, after ada's", held)
    _must_be(ask, _opened(ask, open_for), None, "a stranger's client, opened after ada's", held)
    clients["grace"] = _opened(ask, open_for, "grace")
    for name in ("ada", "grace", None, "grace", "ada"):
        who = f"{name}'s client" if name else "the stranger's client"
        _must_be(ask, clients[name], name, f"{who}, of three that are open", held)
    clients["ada"].post("/logout")
    _must_be(ask, clients["ada"], None, "ada's client, after her logout", held)
    _must_be(ask, clients["grace"], "grace", "grace's client, after ada's logout", held)
    twins = [_opened(ask, open_for, "ada") for _ in range(2)]
    twins[0].post("/logout")
    hint = "Each call has to open a client of its own."
    _must_be(ask, twins[1], "ada", "ada's second client, after a logout in her first", hint)


def _opened(ask: Ask, open_for: Callable[..., FlaskClient], *name: str) -> FlaskClient:
    called = f"open_for({', '.join(map(repr, name))})"
    try:
        client = open_for(*name)
    except Unfinished:
        raise
    except Exception as error:
        ask.errors.append(error)
        raise Mismatch(called, describe_error(error), "a test client") from error
    ask.must(
        isinstance(client, FlaskClient),
        called,
        f"{client!r:.60}",
        "a test client",
        "app.test_client() makes one. Is it returned?",
    )
    return client


def _must_be(ask: Ask, client: FlaskClient, name: str | None, who: str, hint: str) -> None:
    """Raise `Mismatch` unless the app takes a client for this user, or for nobody."""
    answer: TestResponse = client.post("/user_info")
    data = answer.get_json(silent=True) or {}
    found = (data.get("data") or {}).get("name")
    ask.must(
        answer.status_code == (200 if name else 401) and found == name,
        f"POST /user_info, with {who}",
        f"{status_text(answer.status_code)}" + (f", and the name {found}" if found else ""),
        f"200 OK, and the name {name}" if name else "401 Unauthorized: nobody is logged in there",
        hint,
    )


# ---- 15.3

#: The doors of the app that are for everybody.
OPEN_DOORS = frozenset({"static", "login", "logout", "user_info", "query_record"})


def doors_app() -> Flask:
    """Make an app that sends strangers away with 401, from all doors but the open ones."""
    app = step06.create_app()
    app.login_manager.login_view = None

    @app.get("/members/<int:number>")
    @login_required
    def member(number):
        return {"number": number}

    return app


def _with(*doors: tuple[str, str, Callable[..., Any], list[str]]) -> Flask:
    """Make the app with more doors: the path, the name, the view and the verbs of each."""

    def make() -> Flask:
        app = doors_app()
        app.logger.disabled = True  # a view without its guard may crash
        for path, name, view, verbs in doors:
            app.add_url_rule(path, name, view, methods=verbs)
        return app

    return new_app(make)


def _done(**given: Any) -> Any:
    return {"done": True}


def _guarded_for(*verbs: str) -> Callable[[], Any]:
    """Return a view that guards some of its verbs."""

    def view() -> Any:
        if request.method in verbs and not current_user.is_authenticated:
            return {"error": "log in first"}, 401
        return {"done": True}

    return view


def _without_guard(name: str) -> Flask:
    app = _with()
    app.view_functions[name] = inspect.unwrap(app.view_functions[name])
    return app


def _with_blueprint(view: Callable[..., Any]) -> Flask:
    staff = Blueprint("staff", __name__, url_prefix="/staff")
    staff.add_url_rule("/<int:number>/notes", "notes", view, methods=["PATCH"])

    def make() -> Flask:
        app = doors_app()
        app.register_blueprint(staff)
        return app

    return new_app(make)


def _elsewhere() -> Any:
    return redirect("/members/1")


#: The door that stands open, how the app is made, and where to look.
_HOLES: tuple[tuple[str, Callable[[], Flask], str], ...] = (
    (
        "GET /report",
        lambda: _with(("/report", "report", _done, ["GET"])),
        "Is this door among those that your test asks? app.url_map.iter_rules() has them all.",
    ),
    (
        "POST /invite",
        lambda: _with(("/invite", "invite", _done, ["POST"])),
        "Ask each door with the verbs that it takes: rule.methods.",
    ),
    (
        "GET /motto, where POST is guarded",
        lambda: _with(("/motto", "motto", _guarded_for("POST"), ["GET", "POST"])),
        "A door with two verbs is two doors. Ask with each.",
    ),
    (
        "POST /motto, where GET is guarded",
        lambda: _with(("/motto", "motto", _guarded_for("GET"), ["GET", "POST"])),
        "A door with two verbs is two doors. Ask with each.",
    ),
    (
        "GET /files/<int:number>",
        lambda: _with(("/files/<int:number>", "file", _done, ["GET"])),
        "A path with a bracket left in it leads nowhere. Put 1 in place of each <…>.",
    ),
    (
        "PATCH /staff/<int:number>/notes, in a blueprint",
        lambda: _with_blueprint(_done),
        "A bracket may stand in the middle of a path, and in a blueprint.",
    ),
    (
        "PUT /, which crashes for want of a body",
        lambda: _without_guard("create_record"),
        "The view ran, so nobody stood before it. Only 401 is a refusal; 500 is none.",
    ),
    (
        "GET /lost, which answers 404",
        lambda: _with(("/lost", "lost", lambda: ({"error": "not found"}, 404), ["GET"])),
        "The view ran, so nobody stood before it. Only 401 is a refusal; 404 is none.",
    ),
    (
        "POST /old, which sends everybody to another page",
        lambda: _with(("/old", "old", _elsewhere, ["POST"])),
        "Only 401 is a refusal here, and a test client follows no redirect unless it is told to.",
    ),
    (
        "GET /login_attempts",
        lambda: _with(("/login_attempts", "login_attempts", _done, ["GET"])),
        "Compare whole names: login_attempts is not among the open doors.",
    ),
)


@exercise(
    "15.3",
    "stretch",
    "Test every door as a stranger, also those of tomorrow",
    idea="A test with a list of doors forgets the one that is added tomorrow: ask the app which "
    "doors it has.",
    answer="test_strangers",
    hints=(
        "`app.url_map.iter_rules()` gives every door: `rule.endpoint` is its name, `rule.methods` "
        "are its verbs, `rule.rule` is its path.",
        'Leave out the open doors, and of the verbs `{"HEAD", "OPTIONS"}`. For the path: '
        're.sub("<[^>]*>", "1", rule.rule)',
        "Three loops and conditions, one inside the other: each rule, unless its name is among "
        "the open doors; each of its verbs, without the two; and then one request and one assert.",
        "for rule in app.url_map.iter_rules(): if rule.endpoint not in open_doors: for method in "
        'rule.methods - {"HEAD", "OPTIONS"}: answer = app.test_client().open(path, '
        "method=method); assert answer.status_code == 401",
    ),
    not_checked="what members may do behind each door, and doors for words that 1 is not",
)
def _test_strangers(ask: Ask) -> None:
    hint = "Leave out what is in open_doors, and the verbs HEAD and OPTIONS. Ask as a stranger."
    good = "an app without a hole"
    must_pass(ask, _with(), OPEN_DOORS, on=good, hint=hint)
    grown = _with(
        ("/status", "status", _done, ["GET", "PUT"]),
        ("/report", "report", login_required(_done), ["GET", "POST"]),
        ("/files/<name>/<int:number>", "file", login_required(_done), ["GET", "DELETE"]),
    )
    grown_on = "a grown app without a hole, where /status is for everybody"
    must_pass(ask, grown, OPEN_DOORS | {"status"}, on=grown_on, hint=hint)
    for door, make, look in _HOLES:
        must_fail(ask, make(), OPEN_DOORS, on=f"an app with a hole: {door}", hint=look)
    guarded = _with_blueprint(login_required(_done))
    must_pass(ask, guarded, OPEN_DOORS, on="an app with a guarded blueprint", hint=hint)
