"""Exercises to notebook 14: APIs and tokens."""

import secrets
from base64 import b64encode
from typing import ClassVar

from flask import Flask, redirect, request
from flask_login import current_user, login_required, login_user
from flask_login.utils import login_url

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.variants import VARIANTS, Account
from flasklogin_tutorial.visit import Browser, Reply

_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


class Token(step06.db.Document):
    """What a script sends in place of its owner's password.

    Attributes:
        owner: the name of the user as whom the script acts.
        label: what the script is.
        token: the token itself.
        token_hash: its hash, where the token itself is not kept.
    """

    owner = step06.db.StringField(required=True)
    label = step06.db.StringField()
    token = step06.db.StringField()
    token_hash = step06.db.StringField()

    meta: ClassVar = {"collection": "script_token"}


def _token(owner: str, label: str) -> str:
    """Make a token, store it as it is, and return it."""
    made = f"club_{secrets.token_hex(16)}"
    Token(owner=owner, label=label, token=made).save()
    return made


def _user(document: type[step06.db.Document], name: str) -> step06.db.Document:
    """Store a user."""
    return document(name=name, email=f"{name}@example.org", password=f"pass of {name}").save()


def _call(ask: Ask, browser: Browser, who: str, authorization: str | None = None) -> Reply:
    """Ask the app who is calling."""
    headers = {} if authorization is None else {"Authorization": authorization}
    return ask.send(browser, "POST", "/user_info", who=who, headers=headers)


def _must_be(said: Reply, name: str, hint: str = "") -> None:
    """Raise `Mismatch` unless the app took the caller for somebody."""
    shown = said.data.get("data") or {}
    said.must(shown.get("name") == name, f"the record of {name}", hint)


def _must_be_nobody(said: Reply, hint: str = "") -> None:
    """Raise `Mismatch` unless the app took the caller for nobody, and did not fail."""
    nobody = said.data.get("result") == 401 or said.response.status_code in (400, 401)
    said.must(nobody, 'nobody, which is {"result": 401, …}', hint)


def _must_be_a_stranger(said: Reply) -> None:
    """Raise `Mismatch` unless the view was asked, and knew nobody."""
    nobody = said.data.get("result") == 401
    hint = "The view answers strangers itself. A loader that refuses them closes open views too."
    said.must(nobody, 'nobody, which is {"result": 401, …}', hint)


def _must_set_no_cookie(ask: Ask, said: Reply, expected: str, hint: str) -> None:
    """Raise `Mismatch` if an answer sets a cookie."""
    cookie = said.response.headers.get("Set-Cookie", "").partition("=")[0]
    ask.must(
        not cookie, said.called, f"{said.came_back}, with Set-Cookie: {cookie}=…", expected, hint
    )


# ---- 14.1


@exercise(
    "14.1",
    "follow",
    "Find the mistake: a script is sent to a form",
    idea="Who wants a page has to say so: what takes anything is a program, and gets a 401.",
    answer="mended_api",
    begins_with="broken_api",
    hints=(
        "The script sends `Accept: */*`. What does `accept_html` say to that? And what would "
        "`accept_json` say to a browser?",
        "`request.accept_mimetypes.best_match([…])` returns the type that suits the caller best. "
        "Where two suit equally, it is the one that is named first.",
        "Name JSON first in the list, and a caller who takes anything gets JSON. Only where "
        '`best_match` gives "text/html", a page was asked for.',
        'if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html": '
        'return redirect(login_url("form", request.url))',
    ),
    not_checked="the pages themselves, and what is answered to a login that is refused",
    claims=[
        Claim(
            "Where two suit equally, it is the one that is named first.",
            "https://werkzeug.palletsprojects.com/en/stable/datastructures/#werkzeug.datastructures.Accept.best_match",
        ),
    ],
)
def _mended_api(ask: Ask) -> None:
    app = ask.app()
    ada = _user(step06.User, "ada")
    for who, accept in (("a browser", _BROWSER), ("a plain browser", "text/html")):
        sent = _ask_for_account(ask, app, "GET", "/account", who, accept)
        place = sent.response.headers.get("Location", "")
        sent.must(
            sent.response.is_redirect and place.partition("?")[0] == "/login",
            "302 Found, to /login, because a person is asking",
            "A browser names text/html first, and takes anything else if it must.",
        )
        sent.must(
            "next=/account" in place.replace("%2F", "/"),
            "302 Found, to /login?next=/account",
            "`login_url` adds the way back.",
        )
    programs: dict[str, str | None] = {
        "curl, or requests": "*/*",
        "a careful program": "application/json",
        "a program that also takes pages": "application/json, text/html;q=0.5",
        "the same, in another order": "text/html;q=0.5, application/json",
        "a program that does not say": None,
    }
    for who, takes in programs.items():
        for method, path in (("GET", "/account"), ("DELETE", "/")):
            said = _ask_for_account(ask, app, method, path, who, takes)
            said.must(
                said.response.status_code == 401,
                "401 Unauthorized, because a program is asking",
                "Compare how well the two kinds of answers suit. Where both do, it is no browser.",
            )
            said.must(
                "WWW-Authenticate" in said.response.headers and said.data,
                "a 401 in JSON, with the header WWW-Authenticate",
                "The 401 of `broken_api` was right. Take it over.",
            )
            _must_set_no_cookie(
                ask, said, "a 401 without a cookie", "No program looks at a message for a page."
            )
    known = ask.visitor(app)
    login = {"username": ada.name, "password": ada.password}
    ask.send(known, "POST", "/login", json=login, who="ada").must_show(name="ada")
    shown = ask.send(known, "GET", "/account", who="ada, logged in")
    shown.must_show(name="ada")


def _ask_for_account(
    ask: Ask, app: Flask, method: str, path: str, who: str, accept: str | None
) -> Reply:
    """Send a request for something guarded, with a header Accept or without one."""
    said = "without Accept" if accept is None else f"Accept: {accept}"
    return ask.send(
        ask.visitor(app), method, path, who=f"{who}, {said}", headers={"Accept": accept}
    )


def broken_api():
    """Make the app of exercise 14.1. Something in it is wrong."""
    app = step06.create_app()

    @app.get("/login")
    def form():
        return '<form method="post">Log in</form>'

    @app.get("/account")
    @login_required
    def account():
        return {"name": current_user.name}

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        if request.accept_mimetypes.accept_html:
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# ---- 14.2


@exercise(
    "14.2",
    "apply",
    "Find the mistake: a token that cannot be taken back",
    idea="A request loader finds out who is calling, and all that a login would have asked.",
    answer="mended_app",
    begins_with="broken_app",
    hints=(
        "Look at the cookie in the first answer. Who asked for a session?",
        "`login_user` does two things here: it writes the session, and it returns False for an "
        "account that is closed. Only one of them has to go.",
        "A loader returns the user, and logs nobody in. Ask three things before that: is there "
        "such a token, is there its owner, and is the account open?",
        "return user if user is not None and user.is_active else None",
    ),
    not_checked="how the tokens are kept; that is the next exercise",
)
def _mended_app(ask: Ask) -> None:
    app = ask.app()
    tokens = {}
    for name in ("ada", "grace"):
        _user(Account, name)
        tokens[name] = f"Bearer {_token(name, 'nightly')}"
    for name, token in tokens.items():
        script = ask.visitor(app)
        said = _call(ask, script, f"with the token of {name}", token)
        _must_be(said, name, "The loader gets the request, and returns the user with its token.")
        _must_set_no_cookie(
            ask,
            said,
            "the same, without a cookie",
            "Which function in the loader writes into the session?",
        )
        nobody = _call(ask, script, f"the script of {name} again, without its token")
        _must_be_nobody(nobody, "Was something kept from the request before?")
    for who, sent in (
        ("with a token that nobody has", "Bearer club_0"),
        ("with an empty token", "Bearer "),
    ):
        _must_be_nobody(_call(ask, ask.visitor(app), who, sent), "Then the loader returns None.")
    scheme = _call(
        ask,
        ask.visitor(app),
        "with the token of ada and another scheme",
        tokens["ada"].replace("Bearer", "Basic"),
    )
    _must_be_nobody(scheme, "Only a token behind the word Bearer says who is calling.")
    for who, other in (("with a name and a password", "Basic YWRhOmFkYQ=="), ("a stranger", None)):
        _must_be_a_stranger(_call(ask, ask.visitor(app), who, other))
    known = ask.visitor(app)
    login = {"username": "ada", "password": "pass of ada"}
    ask.send(known, "POST", "/login", json=login, who="ada").must_show(name="ada")
    _must_be(_call(ask, known, "ada, logged in"), "ada", "People log in as before.")
    Account.objects(name="ada").update(active=False)
    closed = _call(
        ask, ask.visitor(app), "the token of ada, whose account is closed", tokens["ada"]
    )
    _must_be_nobody(
        closed,
        "Flask-Login looks at is_active in login_user, and nowhere else. Who looks at it for a "
        "token?",
    )
    Token.objects(owner="grace").delete()
    gone = _call(ask, ask.visitor(app), "the token of grace, which is deleted", tokens["grace"])
    _must_be_nobody(gone, "The loader asks the database each time.")


def broken_app():
    """Make the app of exercise 14.2. Something in it is wrong."""
    app = VARIANTS["disabled-users"].create_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        return user if user and login_user(user) else None

    return app


# ---- 14.3


@exercise(
    "14.3",
    "stretch",
    "Keep only hashes, and let every script go on",
    idea="What opens a door is kept as a hash: who reads the database can open nothing with it.",
    answer="keep_hashes",
    hints=(
        "There are two parts: what stands in the database has to change once, and the loader has "
        "to look for something else from then on.",
        "For each document with a token: put `hash_secret(one.token)` into `token_hash`, and None "
        "into `token`. At the next start, a document without a token is left alone. The loader "
        "hashes what was sent, and looks for the hash.",
        "`one.update(token_hash=…, unset__token=True)` writes the hash and takes the token away, "
        "in one step. The new loader differs from the old one in one line.",
        "for one in Token.objects(token__ne=None): one.update(token_hash=hash_secret(one.token), "
        "unset__token=True); and a loader with Token.objects(token_hash=hash_secret(sent)).first()",
    ),
    not_checked="how good the hash is, and whether a copy of the database was made before",
)
def _keep_hashes(ask: Ask) -> None:
    app = ask.fresh(token_app)
    for name in ("ada", "grace"):
        _user(step06.User, name)
    owners = [("ada", "nightly"), ("ada", "weekly"), ("grace", "nightly")]
    tokens = {(owner, label): _token(owner, label) for owner, label in owners}
    ask(app, expected="it changes what is stored, and the loader")
    _must_have_no_token(ask, app, tokens)
    _must_know_all(
        ask,
        app,
        tokens,
        "The scripts send what they sent before. Does the loader look for what is stored now?",
    )
    for kept in _texts_in_database():
        said = _call(
            ask, ask.visitor(app), "with a string of the database for a token", f"Bearer {kept}"
        )
        _must_be_nobody(said, "What stands in the database must not open anything.")
    for sent in (
        "Bearer",
        "Bearer ",
        "Bearer None",
        "Bearer club_0",
        f"Basic {tokens['ada', 'weekly']}",
    ):
        said = _call(ask, ask.visitor(app), f"Authorization: {sent[:12]!r}", sent)
        _must_be_nobody(said, "Only a token behind the word Bearer says who is calling.")
    again = token_app()
    ask(again, expected="at the next start it finds the hashes, and leaves them alone")
    _must_know_all(ask, again, tokens, "keep_hashes ran at two starts. What did the second one do?")
    _must_have_no_token(ask, again, tokens)
    Token.objects(owner="ada", label="weekly").delete()
    for one in (app, again):
        taken = f"Bearer {tokens['ada', 'weekly']}"
        said = _call(
            ask, ask.visitor(one), "the weekly script of ada, whose document is deleted", taken
        )
        _must_be_nobody(said, "The loader asks the database each time.")
    left = {place: token for place, token in tokens.items() if place != ("ada", "weekly")}
    _must_know_all(ask, again, left, "Only one token was deleted.")


def _must_know_all(ask: Ask, app: Flask, tokens: dict[tuple[str, str], str], hint: str) -> None:
    """Raise `Mismatch` unless each token opens the record of its owner, and has its document."""
    for (owner, label), token in tokens.items():
        said = _call(ask, ask.visitor(app), f"the {label} script of {owner}", f"Bearer {token}")
        _must_be(said, owner, hint)
        _must_set_no_cookie(
            ask,
            said,
            "the same, without a cookie",
            "A session outlives the token that it was made of.",
        )
        ask.must(
            Token.objects(owner=owner, label=label).count() == 1,
            f"Token.objects(owner={owner!r}, label={label!r}).count()",
            str(Token.objects(owner=owner, label=label).count()),
            "1: each token keeps its document, so that it can be taken away",
        )


def _must_have_no_token(ask: Ask, app: Flask, tokens: dict[tuple[str, str], str]) -> None:
    """Raise `Mismatch` if a token, or what it can be read from, stands in the database."""
    kept = _texts_in_database()
    for token in tokens.values():
        plain = token.encode()
        for way, form in (
            ("as it is", token),
            ("without its beginning", token.removeprefix("club_")),
            ("backwards", token[::-1]),
            ("in Base64, which anybody can read", b64encode(plain).decode().rstrip("=")),
            ("in hex, which anybody can read", plain.hex()),
        ):
            ask.must(
                not any(form in text for text in kept),
                ask.described(app),
                f"a database with the token {token[:9]}… in it, {way}",
                "a database with hashes, and with no token",
                "Look at all of it: list(Token.objects.as_pymongo()).",
            )


def _texts_in_database() -> list[str]:
    """Return every string in the documents of the tokens, and of whatever else was stored."""
    database = Token._get_db()
    found = []
    for name in database.list_collection_names():
        if name != step06.User._get_collection_name():
            for document in database[name].find():
                found += [value for value in document.values() if isinstance(value, str)]
    return found


def token_app():
    """Make the app of exercise 14.3, which keeps tokens as they are."""
    app = step06.create_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        return step06.User.objects(name=token.owner).first() if token else None

    return app
