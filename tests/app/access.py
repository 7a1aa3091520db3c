"""Two tables that are documentation and test at once: what each call demands, and what ends what.

test_access.py and test_lives.py walk them over HTTP. docs/app.md shows them: `tools/build.py` puts
them there.
"""

from dataclasses import dataclass

EVERYBODY = "everybody"
LOGGED_IN = "whoever is logged in"
OWNER_OR_ADMIN = "the user, administrators"
ADMIN = "administrators"
MAIL, REGISTRATION, PASSKEYS = "mail", "registration", "passkeys"


@dataclass(frozen=True)
class Call:
    """What one call of the app demands.

    Attributes:
        verb: the HTTP verb.
        path: the path, as the app's routes have it, but with the deed named.
        what: what it does.
        who: who may.
        recent: whether the password has to have been typed in the last minutes, at this address.
        token: whether an API token will do.
        only: what the app has to have for it: "mail", "registration" or "passkeys".
        sent: what is sent along so that nothing but the caller can be in the way. A mapping for a
            form or a JSON object.
    """

    verb: str
    path: str
    what: str
    who: str
    recent: bool = False
    token: bool = False
    sent: dict[str, str] | None = None
    only: str = ""

    def __str__(self) -> str:
        return f"{self.verb} {self.path} ({self.what})"


NEW = "a quite different password"
GRACE = {"name": "grace", "password": "compilers are my hobby", "email": "grace@example.org"}
DORA = {"name": "dora", "email": "dora@example.org"}

CALLS = [
    Call("GET", "/", "shows a record", EVERYBODY, token=True),
    Call("PUT", "/", "creates a user", ADMIN, recent=True, token=True, sent=GRACE),
    Call(
        "POST",
        "/",
        "changes an address",
        OWNER_OR_ADMIN,
        recent=True,
        sent={"name": "bob", "email": "new@example.org"},
    ),
    Call(
        "POST",
        "/",
        "changes a password; one's own takes the current one too",
        OWNER_OR_ADMIN,
        recent=True,
        sent={"name": "bob", "password": NEW},
    ),
    Call("DELETE", "/", "deletes a user", OWNER_OR_ADMIN, recent=True, sent={"name": "bob"}),
    Call("GET", "/login", "shows the form", EVERYBODY, token=True),
    Call("POST", "/login", "logs in", EVERYBODY, token=True),
    Call("GET", "/login/code", "shows the form for the code", EVERYBODY, token=True),
    Call("POST", "/login/code", "logs in with the code, after the password", EVERYBODY, token=True),
    Call("POST", "/logout", "logs out here", EVERYBODY, token=True),
    Call("POST", "/user_info", "tells who is logged in", LOGGED_IN, token=True),
    Call("GET", "/account", "shows the account", LOGGED_IN),
    Call(
        "POST",
        "/account/email",
        "changes the own address",
        LOGGED_IN,
        recent=True,
        sent={"email": "new@example.org"},
    ),
    Call(
        "POST",
        "/account/password",
        "changes the own password; takes the current one too",
        LOGGED_IN,
        recent=True,
        sent={"new_password": NEW, "again": NEW},
    ),
    Call(
        "POST",
        "/account/devices/<login_id>/sign-out",
        "ends another login of one's own",
        LOGGED_IN,
        recent=True,
        sent={},
    ),
    Call(
        "POST",
        "/account/sign-out-everywhere",
        "ends all other logins and all API tokens of one's own",
        LOGGED_IN,
        recent=True,
        sent={},
    ),
    Call(
        "POST",
        "/account/tokens",
        "makes an API token; not with a first password",
        LOGGED_IN,
        recent=True,
        sent={"label": "nightly"},
    ),
    Call(
        "POST",
        "/account/tokens/<token_id>/revoke",
        "revokes an API token of one's own",
        LOGGED_IN,
        sent={},
    ),
    Call("GET", "/account/second-factor", "shows whether one has a second factor", LOGGED_IN),
    *[
        Call("POST", f"/account/second-factor{step}", what, LOGGED_IN, recent=True, sent={})
        for step, what in [
            ("", "shows a seed for a new second factor; not with a first password"),
            ("/begin", "begins it; takes the first code too"),
            ("/recovery-codes", "makes new recovery codes; takes a code too"),
            ("/remove", "takes one's own second factor away; takes a code too"),
        ]
    ],
    Call("GET", "/login/passkey", "asks the browser for a passkey", EVERYBODY, only=PASSKEYS),
    Call("POST", "/login/passkey", "logs in with a passkey", EVERYBODY, sent={}, only=PASSKEYS),
    Call("GET", "/account/passkeys", "shows the own passkeys", LOGGED_IN, only=PASSKEYS),
    Call(
        "GET",
        "/account/passkeys/new",
        "asks the browser to make a passkey; not with a first password",
        LOGGED_IN,
        recent=True,
        only=PASSKEYS,
    ),
    *[
        Call("POST", f"/account/passkeys/{step}", what, LOGGED_IN, True, sent={}, only=PASSKEYS)
        for step, what in [
            ("new", "adds a passkey; not with a first password"),
            ("recovery-codes", "makes new recovery codes, for whoever has a passkey"),
            ("<passkey_id>/remove", "removes a passkey of one's own, if it is not the last way in"),
        ]
    ],
    Call("GET", "/people", "lists the users", ADMIN),
    Call("POST", "/people", "adds a user", ADMIN, recent=True, sent=DORA),
    *[
        Call("POST", f"/people/<user_id>/{deed}", what, ADMIN, recent=True, sent={})
        for deed, what in [
            ("disable", "keeps a user out"),
            ("enable", "lets a user in again"),
            ("promote", "makes an administrator"),
            ("demote", "unmakes one"),
            ("sign-out", "ends all logins and API tokens of a user"),
        ]
    ],
    Call(
        "POST",
        "/people/<user_id>/start-reset",
        "mails a user, who has confirmed an address, how to choose a new password",
        ADMIN,
        recent=True,
        sent={},
        only=MAIL,
    ),
    Call("POST", "/people/sign-out", "ends those of everybody", ADMIN, recent=True, sent={}),
    Call("GET", "/people/<user_id>/delete", "asks whether to delete", ADMIN, recent=True),
    Call("POST", "/people/<user_id>/delete", "deletes a user", ADMIN, recent=True, sent={}),
    Call("GET", "/forgot", "asks for an address", EVERYBODY, token=True, only=MAIL),
    Call(
        "POST",
        "/forgot",
        "orders a mail with a reset link",
        EVERYBODY,
        token=True,
        sent={"email": "bob@example.org"},
        only=MAIL,
    ),
    Call(
        "GET",
        "/reset",
        "shows the form of a reset link, to whoever has it",
        EVERYBODY,
        token=True,
        only=MAIL,
    ),
    Call(
        "POST",
        "/reset",
        "changes a password, for whoever has the reset link",
        EVERYBODY,
        token=True,
        sent={"new_password": NEW, "again": NEW},
        only=MAIL,
    ),
    Call(
        "GET",
        "/confirm",
        "shows the question of a confirmation link, to whoever has it",
        EVERYBODY,
        token=True,
        only=MAIL,
    ),
    Call(
        "POST",
        "/confirm",
        "confirms one's own address, with the confirmation link",
        LOGGED_IN,
        recent=True,
        sent={},
        only=MAIL,
    ),
    Call("GET", "/register", "shows the form", EVERYBODY, token=True, only=REGISTRATION),
    Call(
        "POST",
        "/register",
        "orders a mail with a registration link",
        EVERYBODY,
        token=True,
        sent=DORA,
        only=REGISTRATION,
    ),
    Call(
        "GET",
        "/welcome",
        "shows the form of a registration link, to whoever has it",
        EVERYBODY,
        token=True,
        only=REGISTRATION,
    ),
    Call(
        "POST",
        "/welcome",
        "makes an account, for whoever has the registration link",
        EVERYBODY,
        token=True,
        sent={"new_password": NEW, "again": NEW},
        only=REGISTRATION,
    ),
    Call("GET", "/healthz", "tells whether the app works", EVERYBODY, token=True),
    Call("GET", "/openapi.json", "describes the API", EVERYBODY, token=True),
    Call("GET", "/static/<filename>", "gives a file of the pages", EVERYBODY, token=True),
]

# ---- the lives of credentials

ENDS, STAYS = "ends", "stays"

#: Each credential: what makes it, and when its time is over.
CREDENTIALS = {
    "login": ("a password", "`IDLE_MINUTES` without use, at most `LOGIN_HOURS`"),
    "remember cookie": ("a password, with the box ticked", "`REMEMBER_DAYS`"),
    "API token": ("a fresh login with a password of one's own", "`API_TOKEN_DAYS`"),
    "first password": ("an administrator or a command", "`FIRST_PASSWORD_HOURS`"),
    "device cookie": ("a password", "180 days"),
    "reset link": ("whoever asks for it; it goes to the confirmed address", "`RESET_MINUTES`"),
    "confirmation link": ("a fresh login, or whoever adds a user", "`CONFIRMATION_HOURS`"),
    "half login": ("a password, where there is a second factor or a passkey", "5 minutes"),
    "recovery code": (
        "a code of the second factor, or the first passkey",
        "none: it works once",
    ),
    "passkey": ("a fresh login with a password of one's own", "none"),
    "form token": ("a page, for its browser", "31 days after its session cookie was written"),
}

_ALL = list(CREDENTIALS)
_LOGINS = ["login", "remember cookie", "half login"]
_LINKS = ["reset link", "confirmation link"]
_ACTING = [*_LOGINS, "API token", *_LINKS]

#: Each event, and the credentials that it ends. Everything else stays.
EVENTS = {
    "logout, in its browser": [*_LOGINS, "form token"],
    "logging out everywhere else, from another browser": _ACTING,
    "a new password, by the user in another browser": [*_ACTING, "first password"],
    "a new password, by an administrator": [*_ACTING, "first password"],
    "a new password, by command": [*_ACTING, "first password"],
    "a new password, by a reset link": [*_ACTING, "first password"],
    "a new address, with its confirmation link": _LINKS,
    "being logged out by an administrator": _ACTING,
    "everybody being logged out": _ACTING,
    "a second factor being set up, or set up anew, in another browser": [*_ACTING, "recovery code"],
    "the second factor being removed, by the user in another browser": [*_ACTING, "recovery code"],
    "the second factor being removed, by command": [*_ACTING, "recovery code", "passkey"],
    "a passkey being added, in another browser": _ACTING,
    "a passkey being removed, by the user in another browser": [*_ACTING, "passkey"],
    "being disabled": [*_ACTING, "first password", "recovery code", "passkey"],
    "being disabled, and enabled again": _ACTING,
    "promotion and demotion": [],
    "deletion": [*_ACTING, "first password", "recovery code", "passkey"],
    "a new secret key, the former one kept in the list": ["form token"],
    "a new secret key alone": [*_LOGINS, "device cookie", "form token"],
}


def expected(event: str, credential: str) -> str:
    """Return what a table says of a credential after an event."""
    return ENDS if credential in EVENTS[event] else STAYS


# ---- the page


def calls_table() -> str:
    """Return the calls as Markdown."""
    marks = {True: "yes", False: "no"}
    rows = ["| call | what it does | who may | password typed just now | API token will do |"]
    rows += ["|:--|:--|:--|:--|:--|"]
    rows += [
        f"| `{one.verb} {one.path}` | {one.what}{one.only and f' (with {one.only})'} "
        f"| {one.who} | {marks[one.recent]} | {marks[one.token]} |"
        for one in CALLS
    ]
    return "\n".join(rows)


def lives_table() -> str:
    """Return the lives of the credentials as Markdown."""
    rows = [f"| | {' | '.join(_ALL)} |", f"|:--{'|:--' * len(_ALL)}|"]
    rows += [f"| made by | {' | '.join(made for made, _ in CREDENTIALS.values())} |"]
    rows += [f"| its time | {' | '.join(until for _, until in CREDENTIALS.values())} |"]
    rows += [
        f"| {event} | {' | '.join(expected(event, one) for one in _ALL)} |" for event in EVENTS
    ]
    return "\n".join(rows)
