"""Logging in and out, as a browser sees it: the login manager, cookies, and who is calling.

Flask-Login puts what `User.get_id` returns into the session cookie, and into the remember cookie if
there is one, and hands it to the user loader with the next request. Here that is the random token
of a login that stands in the database (see `logins`).
"""

from collections.abc import Iterator
from typing import Any

from flask import Request, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_login.utils import decode_cookie, login_url

from . import audit, half_logins, logins
from .answers import challenge
from .cross_site import SAFE_METHODS
from .devices import find_device
from .errors import Refused, explain, refuse, refuse_login, wants_page, write_down
from .models import ApiToken, Login, User, now
from .prefix import PathOfCookies, cookie_path
from .refusals import NotFresh, TokenOver


class ServerSideLoginManager(LoginManager):
    """Flask-Login's manager, with a remember cookie that no input can turn into an error."""

    def _load_user_from_remember_cookie(self, cookie: str) -> User | None:
        for token in _remembered_tokens(cookie):
            user: User | None = load_user(token)
            if user is not None:
                session["_user_id"] = token
                session["_fresh"] = False
                return user
        # Flask-Login asks for no API token where there is a remember cookie, good or not.
        program: User | None = load_user_from_request(request)
        return program

    def _set_cookie(self, response: Response) -> None:
        super()._set_cookie(PathOfCookies(response))

    def _clear_cookie(self, response: Response) -> None:
        # Flask-Login leaves out Secure, and without it a browser ignores whatever is said about a
        # cookie whose name begins with __Host-.
        config = current_app.config
        response.delete_cookie(
            _remember_cookie_name(),
            path=cookie_path(_remember_cookie_name()),
            secure=config["REMEMBER_COOKIE_SECURE"],
            httponly=True,
            samesite=config["REMEMBER_COOKIE_SAMESITE"],
        )


#: Where the session keeps the token of a half login, between the password and the code.
HALF_LOGIN = "_half_login"

login_manager = ServerSideLoginManager()
login_manager.login_view = "auth.login"
# Flask-Login's own session protection trusts X-Forwarded-For from anybody (its issue 700).
# `load_user` has the address compared that the proxies vouch for.
login_manager.session_protection = None


def _remember_cookie_name() -> str:
    name: str = current_app.config["REMEMBER_COOKIE_NAME"]
    return name


def _remembered_tokens(cookie: str) -> Iterator[str]:
    """Yield what a remember cookie says, if one of the app's keys signed it.

    Flask-Login compares with one key, so a rotated key would end every remembered login, and a
    digest outside ASCII makes its comparison raise TypeError. The cookie's own signature guards
    little: the token in it cannot be guessed.
    """
    if not cookie.isascii():
        return
    for key in [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]:
        token = decode_cookie(cookie, key=key)
        if token is not None:
            yield token


# ---- who is calling


def signed_in() -> User:
    """Return the user who is logged in, where a view has made sure that somebody is."""
    user: User = current_user._get_current_object()
    return user


@login_manager.user_loader
def load_user(token: str) -> User | None:
    """Return the user whose login a cookie names.

    Args:
        token: what the cookie carries.

    Returns:
        The user, or None if the login has ended or the user is disabled.
    """
    found = logins.find(token) if isinstance(token, str) else None
    if found is None:
        return None
    login, user = found
    if session.get("_fresh"):
        # A remember cookie also comes here, and may come with the session of an earlier login.
        is_named = session.get("_user_id") == token
        login.fresh = is_named and logins.is_recent(login, request.remote_addr)
        if not login.fresh:
            session["_fresh"] = False
    return user


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
    if found is None:
        raise explain(TokenOver())
    api_token, user = found
    logins.note_seen(api_token)
    user.api_token = api_token
    return user


# ---- signing in and out


def check_password(name: str, password: str) -> User | None:
    """Return the user with a name and a password, which came with this request.

    Args:
        name: the name that was typed.
        password: the password that was typed.

    Returns:
        The user, or None; see `logins.check_password`.

    Raises:
        Refusal: as there.
    """
    device = find_device(name)
    return logins.check_password(name, password, address=request.remote_addr, device=device)


def start_login(user: User, remember: bool = False, *, factor: str | None = None) -> Login:
    """Log a user in, in the browser that sent this request.

    Whatever login the browser had ends, and nothing of its session is carried over, so a session
    that somebody planted is worth nothing afterwards.

    Args:
        user: the user, whose password was checked, and whose code, if they have a second factor.
        remember: whether the login outlives the browser.
        factor: what the code was, if there was one.

    Returns:
        The login.
    """
    end_login()
    login = logins.start(
        user,
        remember=remember,
        address=request.remote_addr,
        agent=audit.user_agent(),
        factor=factor,
    )
    _put_into_browser(user, login)
    return login


def keep_login(user: User) -> None:
    """Keep the browser that sent this request logged in, after all logins of a user were ended.

    Whoever ends all of their own logins, by a new password or with the button for it, goes on in a
    new one that is worth no more than the one before.

    Args:
        user: whose logins were ended. Another's leave this browser's alone.
    """
    me = signed_in()
    if me.id != user.id or me.login is None:
        return
    _clear_browser()
    _put_into_browser(user, logins.renew(user, me.login))


def _put_into_browser(user: User, login: Login) -> None:
    rest = logins.latest_end(login, user) - now() if login.remembered else None
    login_user(user, remember=login.remembered, duration=rest, fresh=login.fresh)


def end_login() -> None:
    """Log out, in the browser that sent this request and on the server.

    A browser may hold two logins, one in the session cookie and another in the remember cookie.
    Both are taken out of it, so both end.
    """
    user = current_user._get_current_object()
    if user.is_authenticated and user.login is not None:
        logins.end(user, user.login)
    for token in _remembered_tokens(request.cookies.get(_remember_cookie_name(), "")):
        logins.end_by_token(token)
    half = session.get(HALF_LOGIN)
    if isinstance(half, str):
        half_logins.end_by_token(half)
    _clear_browser()


def _clear_browser() -> None:
    """Take the login out of the browser that sent this request, and all else of its session."""
    logout_user()
    order = session.get("_remember")
    if session:  # an empty one stays untouched, so that a program is sent no cookie
        session.clear()
    if order is not None:  # Flask-Login's note to itself, to delete the remember cookie
        session["_remember"] = order
    # What a page after this is given has to be good for the session that begins now.
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)


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
        if request.method not in SAFE_METHODS:  # otherwise somebody has just come to the site
            write_down(refuse_login())
        return redirect(login_url("auth.login", _way_back()))
    raise refuse_login()


@login_manager.needs_refresh_handler
def ask_for_password() -> ResponseReturnValue:
    """Ask for the password again, because this is dangerous and it was typed long ago.

    Returns:
        A redirect.

    Raises:
        NotFresh: a program asks, and is told to log in again.
    """
    if wants_page():
        refuse(NotFresh())
        return redirect(login_url("auth.login", _way_back()))
    raise NotFresh


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
