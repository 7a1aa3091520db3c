"""The lines that the reader writes in part 3. Each check works without the lesson's database."""

import uuid
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from flask import Blueprint, Flask, request
from flask.testing import FlaskClient
from flask_login import logout_user
from pymongo.errors import AutoReconnect, ConnectionFailure

from flasklogin_tutorial.app import accounts, create_app
from flasklogin_tutorial.app.models import hash_secret, new_secret
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.exercises.lines.yours import source_of
from flasklogin_tutorial.visit import Mismatch, add_user, describe_error, known_hint, new_app

Names = Mapping[str, Any]


# ---- 13

#: A setting by where it is set, the value that has to come out, and what to say otherwise.
_MERGES: tuple[tuple[dict[str, int], dict[str, int], dict[str, int], int, str], ...] = (
    ({"HOURS": 12}, {"HOURS": 2}, {"HOURS": 1}, 1, "What create_app is given wins over both."),
    ({"HOURS": 12}, {"HOURS": 2}, {}, 2, "The environment wins over the default."),
    ({"HOURS": 12}, {}, {"HOURS": 1}, 1, "What create_app is given wins over the default."),
    ({"HOURS": 12}, {"DAYS": 3}, {"NAME": 1}, 12, "A setting that nobody makes has its default."),
    ({"HOURS": 12}, {"HOURS": 2}, {"HOURS": 0}, 0, "A 0 that was given is a value like another."),
)


@line(
    "13a",
    "Make one dictionary of three places",
    idea="The one who is nearest wins: the call over the environment, and that over the default.",
    name="merged",
    solution="""
def merged(defaults, environment, given):
    return defaults | environment | given
""",
    hints=(
        "`one | other` makes a new dictionary of two. Where both have a key, which value is in it?",
        "The value of the right one. So whoever wins stands last.",
        "return defaults | environment | given",
    ),
)
def _merged(ask: Ask, names: Names) -> None:
    for defaults, environment, given, wins, hint in _MERGES:
        places = [dict(defaults), dict(environment), dict(given)]
        found = ask(*places, expected="a dictionary")
        called = ask.described(defaults, environment, given)
        ask.must(
            isinstance(found, dict),
            called,
            f"{found!r:.60}",
            "a dictionary",
            "`update` changes a dictionary and returns None: make a new one."
            if found is None
            else "Return one dictionary with all settings.",
        )
        ask.must(found.get("HOURS") == wins, called, f"{found!r:.60}", f"HOURS is {wins}", hint)
        ask.must(
            set(found) == {*defaults, *environment, *given},
            called,
            f"{found!r:.60}",
            "all settings of the three",
            "One place does not replace another: each may have settings that the others lack.",
        )
        ask.must(
            places == [defaults, environment, given],
            f"{called}, and then the three dictionaries",
            "one of them has changed",
            "the three as they were",
            "`update` changes the dictionary on its left. The next app needs the defaults too.",
        )


@line(
    "13b",
    "Let an app take a blueprint",
    idea="A blueprint collects routes without an app. The app says where they go.",
    name="mount",
    solution="""
def mount(app, blueprint):
    app.register_blueprint(blueprint, url_prefix="/ops")
""",
    hints=(
        "The app has a method that takes a blueprint: its name is in the text above.",
        "Its first argument is the blueprint. `url_prefix=` is a string that begins with a slash.",
        'app.register_blueprint(blueprint, url_prefix="/ops")',
    ),
)
def _mount(ask: Ask, names: Names) -> None:
    app, blueprint = Flask("lines"), Blueprint("inner", "lines")
    blueprint.add_url_rule("/healthz", view_func=lambda: {"status": "ok"}, endpoint="healthz")
    ask(app, blueprint, expected="the app has the routes of the blueprint below /ops")
    ask.must(
        app.blueprints.get("inner") is blueprint,
        "mount(app, blueprint), and then app.blueprints",
        f"{list(app.blueprints)}",
        "['inner']",
        "The app has taken no blueprint. Which of its methods takes one?",
    )
    said = ask.send(ask.visitor(app), "GET", "/ops/healthz")
    there = ask.send(ask.visitor(app), "GET", "/healthz")
    hint = "Write the prefix as `/ops`, without anything behind it."
    if there.response.status_code == 200:
        hint = "The view answers at /healthz: which argument says what comes before it?"
    said.must(said.data == {"status": "ok"}, "the answer of the blueprint's view", hint)


# ---- 14


@line(
    "14a",
    "Refuse a program with a 401",
    idea="A program reads the status and the headers: 401, and what it can show.",
    name="ask_for_login",
    solution="""
def ask_for_login():
    return jsonify(error="login required"), 401, {"WWW-Authenticate": "Bearer"}
""",
    hints=(
        "Lesson 05 has shown how a status is returned. What comes behind it is for the headers.",
        "The headers are a dictionary from a name to a string.",
        'return jsonify(error="login required"), 401, {"WWW-Authenticate": "Bearer"}',
    ),
)
def _ask_for_login(ask: Ask, names: Names) -> None:
    app, returned = Flask("lines"), list[Any]()

    def view() -> Any:
        returned.append(ask(expected="a body, a status and headers"))
        return returned[-1]

    app.add_url_rule("/", view_func=view)
    said = ask.send(ask.visitor(app), "GET", "/")
    hint = "401 stands behind the body. 403 is for whoever is known, and may not."
    if returned == [None]:
        hint = "Nothing came back. Is `return` there?"
    said.must(said.response.status_code == 401, "the status is 401", hint)
    said.must(
        said.response.headers.get("WWW-Authenticate") == "Bearer",
        "the header WWW-Authenticate is Bearer",
        'Headers are a dictionary behind the status: `{"WWW-Authenticate": "Bearer"}`.',
    )
    said.must(
        isinstance(said.data, dict) and "error" in said.data,
        "the body says what is wrong, in JSON",
        "Leave the body as it was: `jsonify(error=...)`.",
    )


@line(
    "14b",
    "Find out whose token a request carries",
    idea="A request loader says who is calling, for this one request, and changes nothing.",
    name="load_user_from_request",
    solution="""
def load_user_from_request(request):
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or token not in known:
        return None
    return article.User.objects(name=known[token]).first()
""",
    hints=(
        "First send away who is none of yours: another scheme, or a token that is not in `known`.",
        "`known[token]` is the name. Notebook 04 looked for a user by one field of theirs.",
        'if scheme != "Bearer" or token not in known:\n    return None\n'
        "return article.User.objects(name=known[token]).first()",
    ),
)
def _user_of_request(ask: Ask, names: Names) -> None:
    known, user_class = names["known"], names["article"].User
    before, app = dict(known), Flask("lines")
    mark = uuid.uuid4().hex[:8]
    people = [user_class(name=f"{name}-{mark}").save() for name in ("joan", "alan")]
    tokens = {f"token-of-{user.name}": user for user in people}
    known.update({token: user.name for token, user in tokens.items()})
    try:
        for token, user in tokens.items():
            found = _loaded(ask, app, f"Bearer {token}", f"the user {user.name}")
            hint = "Look for the document whose name is `known[token]`."
            if found is None:
                hint = "Nobody came back. Is `return` there?"
            elif not isinstance(found, user_class):
                hint = "This is no user. Look the name up, and let `.first()` stand at the end."
            ask.must(
                isinstance(found, user_class) and found.id == user.id,
                f"a request with Authorization: Bearer {token}",
                _who(found),
                f"the user {user.name}",
                hint,
            )
        for sent, hint in (
            ("Bearer wrong", "A token that is not known is nobody's."),
            (f"Basic {next(iter(tokens))}", "The scheme is Basic: this is no bearer token."),
            (None, "There is no header, so the scheme is an empty string."),
        ):
            found = _loaded(ask, app, sent, "None", hint)
            called = f"a request with Authorization: {sent}" if sent else "a request without it"
            ask.must(found is None, called, _who(found), "None", hint)
    finally:
        for user in people:
            user.delete()
        known.clear()
        known.update(before)


def _who(found: Any) -> str:
    if found is None:
        return "None"
    return f"{type(found).__name__} {getattr(found, 'name', found)!r:.60}"


def _loaded(ask: Ask, app: Flask, sent: str | None, expected: str, hint: str = "") -> Any:
    headers = {} if sent is None else {"Authorization": sent}
    with app.test_request_context(headers=headers):
        try:
            return ask(request, expected=expected)
        except Mismatch as found:
            called = f"a request with {headers or 'no Authorization'}"
            raise Mismatch(called, found.came_back, expected, found.hint or hint) from found


@line(
    "14c",
    "Compare a token by its hash",
    idea="What opens is the secret. What is kept is its hash, and a hash opens nothing.",
    name="opens",
    solution="""
def opens(record, sent):
    return hash_secret(sent) == record.token_hash
""",
    hints=(
        "The database holds no token. What can be made of `sent` that it does hold?",
        "`hash_secret(sent)` is the hash of what was sent. Compare it.",
        "return hash_secret(sent) == record.token_hash",
    ),
)
def _opens(ask: Ask, names: Names) -> None:
    token, other = new_secret(), new_secret()
    record = SimpleNamespace(token_hash=hash_secret(token))
    for sent, wanted, said, hint in (
        (token, True, "its token", "What was sent has to be hashed, and then compared."),
        (other, False, "another token", "Another token has another hash."),
        (record.token_hash, False, "its hash", "A thief who reads the database would get in."),
        ("", False, "an empty string", "An empty string is no token."),
    ):
        found = ask(record, sent, expected=f"{wanted}")
        if found is None:
            hint = "Nothing came back. Is `return` there?"
        ask.must(
            found is not None and bool(found) is wanted,
            f"opens(record, sent), where {said} is sent",
            f"{found!r:.60}",
            f"{wanted}",
            hint,
        )


@line(
    "14d",
    "Ask a token what a login is asked",
    idea="A token is worth what its owner's login would be worth: it ends when that ends.",
    name="lets_in",
    solution="""
def lets_in(token, user, now):
    return token.until > now and user.is_active and token.epoch == user.login_epoch
""",
    hints=(
        "Two things may have happened to the owner: the account was closed, or all logins ended.",
        "`user.is_active` is a value. The two epochs have to be the same number.",
        "return token.until > now and user.is_active and token.epoch == user.login_epoch",
    ),
)
def _lets_in(ask: Ask, names: Names) -> None:
    for until, active, epochs, expected, said, hint in (
        (2, True, (3, 3), True, "nothing has happened", "Each of the three conditions holds."),
        (0, True, (3, 3), False, "its time is over", "Leave the first condition, joined by `and`."),
        (2, False, (3, 3), False, "the account is closed", "Is `user.is_active` asked?"),
        (2, True, (3, 4), False, "Ada has a new password", "Compare the two epochs."),
        (2, True, (4, 3), False, "the token is of another epoch", "The epochs have to be equal."),
    ):
        token = SimpleNamespace(until=until, epoch=epochs[0])
        user = SimpleNamespace(is_active=active, login_epoch=epochs[1])
        found = ask(token, user, 1, expected=f"{expected}: {said}")
        ask.must(
            bool(found) == expected,
            f"lets_in(token, user, now), where {said}",
            "None" if found is None else f"{bool(found)}",
            f"{expected}",
            hint if found is not None else "Is `return` there?",
        )


# ---- 15

_PASSWORD = "analytical engine one"


def _clients(app: Flask) -> Callable[..., FlaskClient]:
    """Return what the fixture `client` of lesson 15 gives to a test."""

    def open_for(name: str | None = None) -> FlaskClient:
        client = app.test_client()
        if name is not None:
            client.post("/login", json={"username": name, "password": _PASSWORD})
        return client

    return open_for


def _app_of_three() -> Flask:
    app = new_app(create_app, {"TESTING": True, "SECRET_KEY": "k" * 32})
    for name in ("ada", "grace", "cy"):
        add_user(app, name, _PASSWORD, admin=name == "cy")
    return app


def _failure(ask: Ask, app: str) -> AssertionError | None:
    """Run the reader's test on a new app, and return the assert that failed, if one did."""
    try:
        ask.answer(_clients(_app_of_three()))
    except AssertionError as error:
        return error
    except Exception as error:
        hint = known_hint(describe_error(error)) or "An error is no answer: only `assert` tells."
        raise Mismatch(f"the test, {app}", describe_error(error), "no error", hint) from error
    return None


def _must_pass(ask: Ask, expected: str, hint: str) -> None:
    """Require that the reader's test passes on the finished app."""
    failed = _failure(ask, "on the finished app")
    came_back = "it fails" if failed is None else f"it fails: {describe_error(failed)}"
    ask.must(failed is None, "the test, on the finished app", came_back, expected, hint)


@line(
    "15a",
    "Test that Grace is turned away",
    idea="A door has two halves, and only the second goes red where the rule is gone.",
    name="test_grace_may_not_delete_ada",
    solution="""
def test_grace_may_not_delete_ada(client):
    answer = client("grace").delete("/", json={"name": "ada"})
    assert answer.status_code == 403
""",
    hints=(
        "Look at the first test. What changes is who asks, and what comes back.",
        'The client is `client("grace")`. She is known, and may not: is that 401 or 403?',
        'answer = client("grace").delete("/", json={"name": "ada"})\n'
        "assert answer.status_code == 403",
    ),
)
def _turned_away(ask: Ask, names: Names) -> None:
    _must_pass(
        ask,
        "it passes: Grace is refused",
        "Grace is known, and may not: 403. And 401 is for whoever has not logged in.",
    )
    with patch.object(accounts, "require_owner_or_admin"):
        failed = _failure(ask, "on an app without the rule")
    hint = "Who asks, and whose record is it? With the rule gone, Grace gets another status."
    if "assert" not in (source_of(ask.answer) or "assert"):
        hint = "Nothing is asserted. A comparison without `assert` is thrown away."
    ask.must(
        failed is not None,
        "the test, on an app without the rule",
        "it passes",
        "it fails: Grace has deleted Ada's record",
        hint,
    )


_STRANGER_HINT = "401 says: show who you are. 403 says: I know who you are, and you may not."
_ROWS = {
    None: ("a stranger", _STRANGER_HINT),
    "grace": ("Grace", _STRANGER_HINT),
    "ada": ("Ada", "It is her own record."),
    "cy": ("Cy", "Cy is an administrator."),
}


@line(
    "15b",
    "Say what each of four people gets",
    idea="A stranger, another user, the owner, an administrator: four rows for one door.",
    name="ROWS",
    value=True,
    solution="""
ROWS = [(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]
""",
    hints=(
        "Two of the four may. What is the status of an answer that went well?",
        "Of the two who may not, one is known and one is not. There is a status for each.",
        '[(None, 401), ("grace", 403), ("ada", 200), ("cy", 200)]',
    ),
)
def _rows(ask: Ask, names: Names) -> None:
    rows = ask()
    ask.must(
        isinstance(rows, list)
        and all(isinstance(row, tuple) and len(row) == 2 for row in rows)
        and [row[0] for row in rows] == list(_ROWS),
        "ROWS",
        f"{rows!r:.80}",
        "the four pairs, each with a status in the place of ...",
        "Leave the names, the brackets and the order as they were.",
    )
    for who, status in rows:
        answer = _clients(_app_of_three())(who).delete("/", json={"name": "ada"})
        person, hint = _ROWS[who]
        ask.must(
            status == answer.status_code,
            f"{person} sends DELETE / with Ada's name",
            f"ROWS says {status!r}",
            f"{answer.status_code}",
            "Write a number, without quotes." if isinstance(status, str) else hint,
        )


@line(
    "15c",
    "Test that a logout ends a copied cookie",
    idea="A copy counts as ended only if it has worked before.",
    name="test_logout_ends_copies",
    solution="""
def test_logout_ends_copies(client):
    ada, thief = client("ada"), client()
    thief.set_cookie("session", ada.get_cookie("session").value)
    assert thief.post("/user_info").status_code == 200
    ada.post("/logout")
    assert thief.post("/user_info").status_code == 401
""",
    hints=(
        "Before the logout the copy is as good as Ada's own cookie. And after it?",
        "One status says that all went well, the other one: log in first.",
        "the first: == 200, and the second: == 401",
    ),
)
def _copies_end(ask: Ask, names: Names) -> None:
    _must_pass(
        ask,
        "it passes: the copy works, and after the logout it is nobody's",
        "Before the logout the copy is as good as the original: 200. After it, it is nobody: 401.",
    )
    changes = (
        (
            patch("flasklogin_tutorial.app.views.auth.end_login", logout_user),
            "on an app whose logout ends no copy",
            "Is there an `assert` after the logout, and is it about the thief?",
        ),
        (
            patch.object(FlaskClient, "set_cookie"),
            "with a copy that never worked",
            "Is there an `assert` before the logout? Without it, a copy that never worked passes.",
        ),
    )
    for change, where, hint in changes:
        with change:
            failed = _failure(ask, where)
        ask.must(failed is not None, f"the test, {where}", "it passes", "it fails", hint)


# ---- 16


@line(
    "16a",
    "Say that the database is away",
    idea="What an app knows to be its own trouble, for now, has a status: 503, and when to ask "
    "again.",
    name="unavailable",
    solution="""
def unavailable(error):
    return jsonify(error="try again later"), 503, {"Retry-After": "5"}
""",
    hints=(
        "The status comes behind the body, and the headers behind the status, with commas.",
        "The headers are a dictionary from a name to a string: `Retry-After`, and five seconds.",
        'return jsonify(error="try again later"), 503, {"Retry-After": "5"}',
    ),
)
def _unavailable(ask: Ask, names: Names) -> None:
    app = Flask("lines")

    def view() -> Any:
        raise AutoReconnect("connection closed")

    app.add_url_rule("/", view_func=view)
    returned: list[Any] = []

    def handler(error: Exception) -> Any:
        returned.append(ask(error, expected="a body, a status and headers"))
        return returned[-1]

    app.register_error_handler(ConnectionFailure, handler)
    said = ask.send(ask.visitor(app), "GET", "/")
    hint = "503 stands behind the body."
    if returned == [None]:
        hint = "Nothing came back. Is `return` there?"
    elif returned and isinstance(returned[0], tuple) and isinstance(returned[0][-1], str):
        hint = 'The headers are no string, but a dictionary: `{"Retry-After": "5"}`.'
    said.must(said.response.status_code == 503, "the status is 503", hint)
    said.must(
        said.response.headers.get("Retry-After") == "5",
        "the header Retry-After is 5",
        'Headers are a dictionary behind the status: `{"Retry-After": "5"}`, in seconds.',
    )
    said.must(
        isinstance(said.data, dict) and "error" in said.data,
        "the body says what is wrong, in JSON",
        "Leave the body as it was: `jsonify(error=...)`.",
    )


@line(
    "16b",
    "Write the settings of an app that goes live",
    idea="What is unsafe in production is a setting that nobody made. `check-config` names each.",
    name="production",
    solution="""
def production():
    return {
        "SECRET_KEY": secrets.token_hex(),
        "MONGODB_URI": "mongodb://127.0.0.1:1/people",
        "RATELIMIT_STORAGE_URI": "mongodb://127.0.0.1:1",
        "TRUSTED_HOSTS": ["people.example.org"],
        "TRUSTED_PROXIES": 1,
    }
""",
    hints=(
        "Read the lines with ✗ above: each names a setting, and what is wrong with it.",
        "`secrets.token_hex()` makes a key. An address is `mongodb://127.0.0.1:1`, and the app's "
        "own has the name of a database behind it: `…/people`. `TRUSTED_HOSTS` is a list of names.",
        '"SECRET_KEY": secrets.token_hex(), "MONGODB_URI": "mongodb://127.0.0.1:1/people", '
        '"RATELIMIT_STORAGE_URI": "mongodb://127.0.0.1:1", "TRUSTED_HOSTS": ["people.example.org"]',
    ),
)
def _production(ask: Ask, names: Names) -> None:
    settings = ask(expected="it returns a dict of settings")
    ask.must(
        isinstance(settings, dict),
        "production()",
        f"{settings!r:.60}",
        "a dict of settings",
        "Is `return` there?",
    )
    keys = [settings.get("SECRET_KEY"), ask().get("SECRET_KEY")]
    called = "create_app(production()), and then the command check-config"
    try:
        app = new_app(create_app, settings)
    except Exception as error:
        raise Mismatch(called, describe_error(error), "an app that starts") from error
    ran = app.test_cli_runner().invoke(args=["check-config"])
    wrong = [one[2:] for one in ran.output.splitlines() if one.startswith("✗")]
    ask.must(not wrong, called, wrong[0] if wrong else "", "nothing is unsafe for production")
    ask.must(
        ran.exit_code == 0,
        called,
        f"exit code {ran.exit_code}",
        "exit code 0",
        "Read what the command says of these settings.",
    )
    ask.must(
        keys[0] != keys[1],
        'production()["SECRET_KEY"], twice',
        "the same key twice: it stands in the source",
        "a key that nobody has read",
        "Let `secrets.token_hex()` make it.",
    )
