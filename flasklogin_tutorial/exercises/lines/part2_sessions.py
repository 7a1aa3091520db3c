"""The lines that the reader writes in lessons 10, 10b and 10c, about sessions and cookies."""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from bson import ObjectId
from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin

from flasklogin_tutorial.app.models import Login, hash_secret, new_secret, now
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.lines.line import line

Names = Mapping[str, Any]


@line(
    "10a",
    "Find the login that a token belongs to",
    idea="The database keeps the hash. Whoever reads it has no token to send.",
    name="find_login",
    solution="""
def find_login(token):
    return Login.objects(token_hash=hash_secret(token)).first()
""",
    hints=(
        "The database does not hold the token. What does it hold in its place?",
        "The field is called `token_hash`, and `hash_secret` makes the hash of a token. `.first()` "
        "gives the one login, or None.",
        "return Login.objects(token_hash=hash_secret(token)).first()",
    ),
)
def _find_login(ask: Ask, names: Names) -> None:
    for _ in range(2):
        token = new_secret()
        kept = Login(token_hash=hash_secret(token), user=ObjectId(), epoch=0, until=now()).save()
        try:
            nobodys = ask(new_secret(), expected="None: no login has this token")
            ask.must(
                nobodys is None,
                "find_login(a token that no login has)",
                f"{type(nobodys).__name__}",
                "None",
                "Ask for one login: by its `token_hash`, and with `.first()` at the end.",
            )
            found = ask(token, expected="the login with this token")
            hint = "Ask for the login whose `token_hash` is the hash of the token."
            if found is None:
                hint = (
                    "Nobody came back. Is `return` there? The database holds no token: only its "
                    "hash, which `hash_secret` makes."
                )
            ask.must(
                isinstance(found, Login) and found.id == kept.id,
                "find_login(token)",
                "None" if found is None else f"{type(found).__name__}",
                "the login with this token",
                hint,
            )
            stolen = ask(kept.token_hash, expected="None: this is a hash, and no token")
            ask.must(
                stolen is None,
                "find_login(the hash that the database keeps)",
                "the login",
                "None: this is a hash, and no token",
                "Whoever reads the database would be logged in. Hash what comes with the request.",
            )
        finally:
            kept.delete()


def _standing(login: dict[str, Any], user: dict[str, Any]) -> tuple[Any, Any]:
    """Return a login that lets its user in, and the user, but for what is said."""
    a_login = {"until": now() + timedelta(hours=1), "epoch": 3}
    a_user = {"is_active": True, "login_epoch": 3, "first_password_is_over": False}
    return SimpleNamespace(**a_login | login), SimpleNamespace(**a_user | user)


@line(
    "10b",
    "Say whether a login still opens the account",
    idea="The server looks at its own clock and its own records, at every request.",
    name="lets_in",
    solution="""
def lets_in(self, user: User) -> bool:
    return (
        self.until > now()  # the database deletes what is over about once a minute
        and user.is_active
        and self.epoch == user.login_epoch
        and not user.first_password_is_over
    )
""",
    hints=(
        "The first place is about the time: `self.until` is when the login is over. The second is "
        "about the epoch: the login has one, and the user has one now.",
        "`now()` is the moment of the request. The user's number is `user.login_epoch`, the "
        "login's is `self.epoch`.",
        "self.until > now()\nand self.epoch == user.login_epoch",
    ),
)
def _lets_in(ask: Ask, names: Names) -> None:
    ago, hint_on_time = timedelta(seconds=5), "Compare `self.until`, when it is over, with `now()`."
    for what, login, user, wanted, hint in (
        ("a login that holds", {}, {}, True, hint_on_time),
        ("a login that is over", {"until": now() - ago}, {}, False, hint_on_time),
        (
            "a login from before the new password",
            {"epoch": 2},
            {},
            False,
            "Its epoch is 2, and the user's is 3 by now. They have to be equal.",
        ),
        (
            "a login of a later epoch than the user's",
            {"epoch": 4},
            {},
            False,
            "The two numbers have to be equal.",
        ),
        (
            "the login of a user who was shut out",
            {},
            {"is_active": False},
            False,
            "Leave the line about `user.is_active`.",
        ),
        (
            "a login with a first password whose time is over",
            {},
            {"first_password_is_over": True},
            False,
            "Leave the last line.",
        ),
    ):
        one, owner = _standing(login, user)
        found = ask(one, owner, expected=f"{wanted}")
        ask.must(
            bool(found) is wanted, f"{what}: lets_in(user)", f"{found!r:.60}", f"{wanted}", hint
        )


_HERE, _THERE = "203.0.113.7", "198.51.100.4"


@line(
    "10c",
    "Say whether the password was typed a short time ago, and here",
    idea="What is dangerous asks for a password that was typed minutes ago, and not weeks.",
    name="is_recent",
    solution="""
def is_recent(login: Login, address: str | None) -> bool:
    span = timedelta(minutes=current_app.config["FRESH_MINUTES"])
    return login.made > now() - span and login.address == address
""",
    hints=(
        "Two questions, joined by `and`: is it young, and is its browser still where it was?",
        "`login.made` is the moment at which the password was typed, `login.address` where that "
        "was. `now() - span` is the moment before which it is too old.",
        "return login.made > now() - span and login.address == address",
    ),
)
def _is_recent(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    app.config["FRESH_MINUTES"] = 15
    young = "The password was typed 14 minutes ago, and it is fresh for 15."
    old = (
        "The password was typed too long ago. Do both have to hold? Which moment is `now() - span`?"
    )
    for minutes, address, wanted, hint in (
        (0, _HERE, True, young),
        (14, _HERE, True, young),
        (16, _HERE, False, old),
        (3, _THERE, False, "The browser is somewhere else by now. Compare the two addresses."),
        (16, _THERE, False, "Both have to hold. `and` joins them."),
    ):
        login = SimpleNamespace(made=now() - timedelta(minutes=minutes), address=_HERE)
        called = f"is_recent(a login of {minutes} minutes ago from {_HERE}, {address!r})"
        with app.app_context():
            found = ask(login, address, expected=f"{wanted}")
        ask.must(bool(found) is wanted, called, f"{found!r:.60}", f"{wanted}", hint)


@line(
    "10d",
    "Renew a login, and keep it as fresh as it was",
    idea="`login_user` makes a login fresh unless it is told otherwise.",
    name="renew",
    solution="""
def renew(user):
    login_user(user, remember=True, fresh=session["_fresh"])
""",
    hints=(
        "Nobody has typed a password here. So the login may be no fresher than before.",
        'The session says how fresh it is: `session["_fresh"]`.',
        'login_user(user, remember=True, fresh=session["_fresh"])',
    ),
    claims=(
        Claim(
            "`login_user` makes a login fresh unless it is told otherwise.",
            "https://flask-login.readthedocs.io/en/latest/#fresh-logins",
        ),
    ),
)
def _renew(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    app.secret_key = "for one check"
    LoginManager(app)
    for fresh, hint in (
        (False, "Nobody typed a password, and now the login is fresh. Keep what it was."),
        (True, "Ada typed her password a moment ago, and is asked again. Keep what it was."),
    ):
        user = UserMixin()
        user.id = "joan"  # type: ignore[attr-defined]
        with app.test_request_context("/"):
            session["_fresh"], session["_user_id"] = fresh, "joan of before"
            ask(user, expected=f"a login that is {'fresh' if fresh else 'not fresh'}")
            renewed, kept = session.get("_user_id"), session.get("_fresh")
            remembered = session.get("_remember") == "set"
        called = f"renew(user), in a session where _fresh is {fresh}"
        ask.must(
            renewed == "joan",
            called,
            "nobody was logged in anew",
            "the user is logged in",
            "Leave `login_user(user, remember=True, …)`.",
        )
        ask.must(
            remembered,
            called,
            "a login that ends with the browser",
            "a login that is remembered, as before",
            "Leave `remember=True`.",
        )
        ask.must(kept is fresh, called, f"_fresh is {kept}", f"_fresh is {fresh}", hint)


class _KeptSession(dict[str, Any], SessionMixin):
    """A session of which the cookie holds an id alone, as flask-mongoengine's is."""

    sid = "an id that the attacker knows"


class _Kept(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> _KeptSession:
        return _KeptSession(planted="by the attacker")

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep nothing: the check is over."""


@line(
    "10e",
    "Begin a new session at the login",
    idea="Whoever knew the id before the login must not know it after.",
    name="begin_anew",
    solution="""
def begin_anew():
    session.clear()
    session.sid = secrets.token_urlsafe()
""",
    hints=(
        "The attacker knows the id that is there. Which one can nobody know?",
        "It has to be a random string, and another one at each login. The module `secrets` makes "
        "such strings.",
        "session.sid = secrets.token_urlsafe()",
    ),
)
def _begin_anew(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    app.session_interface = _Kept()
    found: list[Any] = []
    for _ in range(2):
        with app.test_request_context("/"):
            ask(expected="a session with an id that nobody knows")
            sid, rest = session.sid, dict(session)  # type: ignore[attr-defined]
        called = "begin_anew(), in a session that the attacker has planted"
        random = "a random string"
        ask.must(sid != _KeptSession.sid, called, "the id of before", random, "Give it a new id.")
        ask.must(
            isinstance(sid, str) and len(sid) >= 16 and _KeptSession.sid not in sid,
            called,
            f"{sid!r:.60}",
            random,
            "The id is a string, long enough that nobody guesses it, and made of nothing known.",
        )
        ask.must(
            sid not in found,
            "begin_anew(), for a second login",
            "the same id again",
            "another random string",
            "An id that all logins share is one that the attacker has too. Make a random one.",
        )
        ask.must(
            rest == {},
            called,
            "what the attacker had put into the session",
            "an empty session",
            "Leave `session.clear()`.",
        )
        found.append(sid)


_SENDERS: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "What the network says of the visitor is `request.remote_addr`."),
    ({"X-Forwarded-For": _HERE}, "Anybody can send this header. Leave it alone."),
    ({"X-Forwarded-For": f"{_HERE}, 192.0.2.1"}, "Anybody can send this header."),
    ({"X-Real-IP": _HERE, "Forwarded": f"for={_HERE}"}, "Anybody can send these headers."),
    ({"User-Agent": "tutorial-browser"}, "A browser's name for itself is a header as well."),
)


@line(
    "10f",
    "Compare where a visitor is, and nothing that they say",
    idea="A header is what the visitor says. The address is what the network says.",
    name="where_from",
    solution="""
def where_from():
    return request.remote_addr
""",
    hints=(
        "Headers are out. What else does Flask know of a request, before it reads any of them?",
        "`request` has the address from which the connection came.",
        "return request.remote_addr",
    ),
)
def _where_from(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    for headers, hint in _SENDERS:
        found = []
        for address in (_HERE, _THERE):
            seen_from = {"REMOTE_ADDR": address}
            with app.test_request_context("/", environ_base=seen_from, headers=headers):
                found.append(ask(expected="something that tells one address from another"))
        said = " and ".join(f"{name}: {value}" for name, value in headers.items()) or "no header"
        called = f"where_from(), from {_HERE} and from {_THERE}, with {said}"
        look = "Nothing came back. Is `return` there?" if found[0] is None else hint
        ask.must(
            None not in found and found[0] != found[1],
            called,
            f"{found[0]!r:.30} and {found[1]!r:.30}",
            "two that are not equal",
            look,
        )
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": _HERE}):
        plain = ask(expected="the same for one address")
    for headers, hint in _SENDERS:
        seen_from = {"REMOTE_ADDR": _HERE}
        with app.test_request_context("/", environ_base=seen_from, headers=headers):
            said_more = ask(expected="the same for one address")
        ask.must(
            plain == said_more,
            f"where_from(), twice from {_HERE}, with other headers",
            "two that are not equal",
            "the same both times",
            hint,
        )
