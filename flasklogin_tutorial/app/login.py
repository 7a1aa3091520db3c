"""Logging in and out: the login manager, and the logins that the server keeps.

Flask-Login puts what `User.get_id` returns into the session cookie, and into the remember cookie if
there is one, and hands it to the user loader with the next request. Here that is the random token
of a login that stands in the database. A copied cookie ends when that record ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Request, Response, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_login.utils import decode_cookie, login_url

from . import audit, passwords, throttle
from .errors import Refused, challenge, refuse_login, wants_page
from .models import ApiToken, Login, User, hash_secret, new_secret, now


class ServerSideLoginManager(LoginManager):
    """Flask-Login's manager, with a remember cookie that no input can turn into an error."""

    def _load_user_from_remember_cookie(self, cookie: str) -> User | None:
        # Flask-Login compares with one key, so a rotated key would end every remembered login, and
        # a digest outside ASCII makes its comparison raise TypeError. The cookie's own signature
        # guards little: the token in it cannot be guessed.
        if not cookie.isascii():
            return None
        for key in [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]:
            token = decode_cookie(cookie, key=key)
            user = load_user(token) if token is not None else None
            if user is not None:
                session["_user_id"] = token
                session["_fresh"] = False
                return user
        return None

    def _clear_cookie(self, response: Response) -> None:
        # Flask-Login leaves out Secure, and without it a browser ignores whatever is said about a
        # cookie whose name begins with __Host-.
        config = current_app.config
        response.delete_cookie(
            config["REMEMBER_COOKIE_NAME"],
            secure=config["REMEMBER_COOKIE_SECURE"],
            httponly=True,
            samesite=config["REMEMBER_COOKIE_SAMESITE"],
        )


login_manager = ServerSideLoginManager()
login_manager.login_view = "auth.login"
# Flask-Login's own session protection trusts X-Forwarded-For from anybody (its issue 700).
# `_is_fresh` compares the address that the proxies vouch for.
login_manager.session_protection = None


# ---- who is calling


@login_manager.user_loader
def load_user(token: str) -> User | None:
    """Return the user whose login a cookie names.

    One read for the login and its user together.

    Args:
        token: what the cookie carries.

    Returns:
        The user, or None if the login has ended or the user is disabled.
    """
    found = Login.find(token) if isinstance(token, str) else None
    if found is None:
        return None
    login, user = found
    if not user.is_active or login.epoch != user.login_epoch:
        return None
    login.token, user.login = token, login
    if session.get("_fresh") and not _is_fresh(login):
        session["_fresh"] = False
    _note_seen(login, until=_over_unless_used(login, now()))
    return user


def _is_fresh(login: Login) -> bool:
    """Tell whether the password was typed a short time ago, and from the same address.

    Source: OWASP Authentication Cheat Sheet, "Require Re-authentication for Sensitive Features" and
    "Re-authentication After Risk Events", which counts a change of address among them.
    """
    span = timedelta(minutes=current_app.config["FRESH_MINUTES"])
    return login.made > now() - span and login.address == request.remote_addr


def _note_seen(bearer: Login | ApiToken, **more: datetime) -> None:
    """Write down that a login or a token was seen, but not with every request.

    The write is the exception: within LAST_SEEN_MINUTES a request costs its one read and no more.
    """
    moment = now()
    if bearer.seen < moment - timedelta(minutes=current_app.config["LAST_SEEN_MINUTES"]):
        type(bearer).objects(id=bearer.id).update_one(seen=moment, **more)


def latest_end(login: Login) -> datetime:
    """Return when a login is over, however much it is used.

    Args:
        login: the login.

    Returns:
        That moment.
    """
    days, hours = current_app.config["REMEMBER_DAYS"], current_app.config["LOGIN_HOURS"]
    return login.made + (timedelta(days=days) if login.remembered else timedelta(hours=hours))


def _over_unless_used(login: Login, seen: datetime) -> datetime:
    """Return when a login is over that was last seen at a moment, unless it is used before.

    As that is written down every LAST_SEEN_MINUTES, a login ends after at most IDLE_MINUTES without
    use, and up to LAST_SEEN_MINUTES sooner. Whoever asks to be remembered asks to be so without use
    too.

    Source: OWASP Session Management Cheat Sheet, "Idle Timeout": every session has one, enforced on
    the server; common values for applications of low risk are 15 to 30 minutes.
    """
    if login.remembered:
        return latest_end(login)
    return min(latest_end(login), seen + timedelta(minutes=current_app.config["IDLE_MINUTES"]))


@login_manager.request_loader
def load_user_from_request(request: Request) -> User | None:
    """Return the user whose API token a request carries.

    Source: RFC 6750, section 3.1, for the answers to a bad one.

    Args:
        request: the request.

    Returns:
        The user, or None if the request carries no bearer token.

    Raises:
        Refused: a 400 for a header without a token, a 401 for a token that opens nothing.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    token = token.strip()
    if not token or " " in token:
        about = {"error": "invalid_request", "error_description": "one token after Bearer"}
        raise Refused(
            400,
            "invalid_request",
            "bad request",
            "The header Authorization has to hold one token after the word Bearer.",
            "Send Authorization: Bearer TOKEN.",
            headers={"WWW-Authenticate": challenge(**about)},
        )
    found = ApiToken.find(token)
    if found is None or not found[1].is_active:
        about = {"error": "invalid_token", "error_description": "unknown, revoked or expired"}
        raise refuse_login(
            "invalid_token",
            "The API token is unknown, revoked or expired.",
            advice="Create a new token on the account page.",
            headers={"WWW-Authenticate": challenge(**about)},
        )
    api_token, user = found
    _note_seen(api_token)
    user.api_token = api_token
    return user


# ---- signing in and out


def check_password(name: str, password: str) -> User | None:
    """Return the user with a name and a password.

    Whatever is wrong, the answer and the work are the same.

    Args:
        name: the name that was typed.
        password: the password that was typed.

    Returns:
        The user, or None if there is no such user, the password is wrong or the user is disabled.

    Raises:
        Refused: a 429, because of too many attempts; a 401 for a first password whose time is over,
            which only whoever has it is told.
    """
    try:
        throttle.spend_attempt(name)
    except Refused:
        audit.record("sign_in", outcome="throttled")
        raise
    user = User.objects(name=name).first()
    right = passwords.is_right(user, password)
    known = {"user": str(user.id), "name": user.name} if user is not None else {"user": None}
    if not right or not user.is_active:
        audit.record("sign_in", outcome="refused", **known)
        return None
    if user.first_password_until is not None and user.first_password_until <= now():
        audit.record("sign_in", outcome="first_password_over", **known)
        raise refuse_login(
            "first_password_over",
            "This password was for the first days, and nobody chose another in time.",
            error="login refused",
            advice="Ask an administrator for a new one.",
        )
    throttle.forgive(name)
    if passwords.needs_new_hash(user):
        store_new_hash(user, password)
    return user


def store_new_hash(user: User, password: str) -> None:
    """Store a new hash of the same password, unless the password was changed in between.

    Args:
        user: the user.
        password: the password, which is known to be right.
    """
    unchanged = User.objects(
        id=user.id,
        password_hash=user.password_hash,
        plaintext_password=user.plaintext_password,
    )
    unchanged.update_one(
        set__password_hash=passwords.hash_password(password), unset__plaintext_password=True
    )
    audit.record("password_upgraded", user=str(user.id), name=user.name)


def start_login(user: User, remember: bool = False) -> None:
    """Log a user in, in the browser that sent this request.

    Whatever login the browser had ends, and nothing of its session is carried over, so a session
    that somebody planted is worth nothing afterwards.

    Args:
        user: the user, whose password was checked.
        remember: whether the login outlives the browser.
    """
    end_login()
    token, begun = new_secret(), now()
    login = Login(
        token_hash=hash_secret(token),
        user=user.id,
        epoch=user.login_epoch,
        made=begun,
        seen=begun,
        remembered=remember,
        address=request.remote_addr,
        agent=audit.user_agent(),
    )
    login.until = _over_unless_used(login, begun)
    login.save(force_insert=True)
    login.token, user.login = token, login
    login_user(user, remember=remember)
    audit.record(
        "sign_in", outcome="accepted", user=str(user.id), name=user.name, remembered=remember
    )


def end_login() -> None:
    """Log out, in the browser that sent this request and on the server."""
    user = current_user._get_current_object()
    if user.is_authenticated and user.login is not None:
        Login.objects(id=user.login.id).delete()
        audit.record("sign_out", user=str(user.id), name=user.name)
    logout_user()
    order = session.get("_remember")
    if session:  # an empty one stays untouched, so that a program is sent no cookie
        session.clear()
    if order is not None:  # Flask-Login's note to itself, to delete the remember cookie
        session["_remember"] = order


def logins_of(user: User) -> Sequence[Login]:
    """Return the logins of a user that have not ended, the latest first.

    Args:
        user: the user.

    Returns:
        The logins.
    """
    alive = Login.objects(user=user.id, epoch=user.login_epoch, until__gt=now())
    return list(alive.order_by("-seen"))


# ---- what a visitor is told who is not logged in


@login_manager.unauthorized_handler
def ask_for_login() -> ResponseReturnValue:
    """Send a person to the login form, and tell a program that it has to log in.

    Returns:
        A redirect.

    Raises:
        Refused: a 401.
    """
    if wants_page():
        return redirect(login_url("auth.login", _way_back()))
    raise refuse_login()


@login_manager.needs_refresh_handler
def ask_for_password() -> ResponseReturnValue:
    """Ask for the password again, because this is dangerous and it was typed long ago.

    Returns:
        A redirect.

    Raises:
        Refused: a 401.
    """
    if wants_page():
        return redirect(login_url("auth.login", _way_back()))
    raise not_fresh()


def not_fresh() -> Refused:
    """Make the refusal for a login that is not fresh enough.

    Returns:
        A 401 to raise.
    """
    return refuse_login(
        "fresh_login_required",
        "This needs a login with the password in the last minutes, from this address.",
        error="fresh login required",
        advice="Log in again, then repeat the request.",
    )


def _way_back() -> str:
    """Return where to go after the login: a page, never an address that only takes forms."""
    return request.url if request.method == "GET" else url_for("pages.account")


def is_safe_next(target: Any) -> bool:
    """Tell whether a browser may be sent to a `next` that came with a request.

    Only a path of this app will do. What a browser reads as a path is narrower than what urlsplit
    does: a backslash counts as a slash, and tabs and line breaks are dropped before it looks.

    Source: OWASP Unvalidated Redirects and Forwards Cheat Sheet.

    Args:
        target: what the request said.

    Returns:
        Whether to follow it.
    """
    return (
        isinstance(target, str)
        and target.startswith("/")
        and target.isascii()
        and target.isprintable()
        and not set(target) & set("\\ ")
        and "//" not in target.partition("?")[0]
    )
