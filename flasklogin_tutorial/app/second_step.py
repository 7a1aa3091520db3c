"""The second step of a login, as a browser sees it; and who has to set one up first.

Between the two steps the session cookie carries the token of a half login (see `half_logins`), and
whatever login the browser had before goes on until the new one is whole.
"""

from flask import Flask, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from . import factors, half_logins
from .devices import find_device_of_factor
from .errors import refuse, wants_page
from .login import HALF_LOGIN, keep_login, signed_in, start_login
from .models import Login, User
from .refusals import FactorDemanded

#: What somebody may do who has to have a second factor and has none: nothing that is theirs. What
#: takes the link of a mail is not: with it whoever has forgotten the password goes on.
_BEFORE_ENROLMENT = {
    "auth.login",
    "auth.login_page",
    "auth.code_page",
    "auth.log_in_with_second_factor",
    "auth.logout",
    "pages.second_factor",
    "pages.propose_factor",
    "pages.prove_factor",
    "by_mail.forgot_page",
    "by_mail.forgot",
    "by_mail.reset_page",
    "by_mail.reset",
    "registration.register_page",
    "registration.register",
    "registration.welcome_page",
    "registration.welcome",
    "service.healthz",
    "service.openapi",
    "static",
}

#: What they may do before, who still have a password that somebody else has seen.
_BEFORE_OWN_PASSWORD = {"pages.account", "pages.change_password"}


def register_second_step(app: Flask) -> None:
    """Let nobody in, with a login or an API token, who has to have a second factor and has none.

    Args:
        app: the app.
    """
    if app.config["SECOND_FACTOR"] not in ("administrators", "everybody"):
        return

    @app.before_request
    def demand_factor() -> ResponseReturnValue | None:
        if request.endpoint is None or request.endpoint in _BEFORE_ENROLMENT:
            return None
        if not current_user.is_authenticated or not factors.is_demanded(signed_in()):
            return None
        if current_user.first_password_until and request.endpoint in _BEFORE_OWN_PASSWORD:
            return None
        if wants_page() and current_user.login is not None:
            refuse(FactorDemanded())
            return redirect(url_for("pages.second_factor"))
        raise FactorDemanded


# ---- the second step


def ask_for_code(user: User, remember: bool) -> None:
    """Note in the browser that sent this request that the password was right, and no more.

    Args:
        user: the user, who has a second factor.
        remember: whether the login, once it is whole, outlives the browser.
    """
    session[HALF_LOGIN] = half_logins.begin(user, remember=remember)


def waits_for_code() -> bool:
    """Tell whether the password was right in the browser that sent this request.

    Whether that is too long ago is found out with the code.
    """
    return isinstance(session.get(HALF_LOGIN), str)


def log_in_with_code(code: str) -> tuple[User, Login]:
    """Make a login of the half one, in the browser that sent this request.

    Args:
        code: what was typed.

    Returns:
        The user, and the login.

    Raises:
        Refusal: see `half_logins.find` and `half_logins.finish`.
    """
    half, user = half_logins.find(session[HALF_LOGIN] if waits_for_code() else None)
    kind = half_logins.finish(half, user, code, device=find_device_of_factor(user))
    return user, start_login(user, half.remembered, factor=kind)


# ---- what is done with one's own


def begin_factor(code: str) -> tuple[User, list[str]]:
    """Give a second factor to the user who is logged in; this browser stays logged in.

    Args:
        code: what was typed.

    Returns:
        The user as stored now, and the recovery codes.

    Raises:
        Refusal: see `factors.begin`.
    """
    me = signed_in()
    changed, codes = factors.begin(me, code, by=me)
    keep_login(changed)
    return changed, codes


def end_factor(code: str) -> None:
    """Take the second factor from the user who is logged in; this browser stays logged in.

    Args:
        code: what was typed.

    Raises:
        Refusal: see `factors.end`.
    """
    me = signed_in()
    keep_login(factors.end(me, code, by=me, device=find_device_of_factor(me)))


def renew_recovery_codes(code: str) -> list[str]:
    """Make new recovery codes for the user who is logged in.

    Args:
        code: what was typed.

    Returns:
        The codes.

    Raises:
        Refusal: see `factors.renew_recovery_codes`.
    """
    me = signed_in()
    return factors.renew_recovery_codes(me, code, by=me, device=find_device_of_factor(me))
