"""Half a login: the password was right, and the second factor is still to come.

It is a record on the server, as a login is one, and opens nothing: no user is loaded by it. Its
token is good for a code and for nothing else, for a few minutes, and once.
"""

from datetime import timedelta

from . import audit, factors
from .models import HalfLogin, User, hash_secret, new_secret, now
from .refusals import PasswordFirst

#: How long after the password the code has to be typed.
HALF_LOGIN_MINUTES = 5


def begin(user: User, *, remember: bool) -> str:
    """Note that the password of a user was right, in one browser.

    Args:
        user: the user, who has a second factor.
        remember: whether the login, once it is whole, outlives the browser.

    Returns:
        The token, which is kept nowhere.
    """
    token, made = new_secret(), now()
    HalfLogin(
        token_hash=hash_secret(token),
        user=user.id,
        epoch=user.login_epoch,
        made=made,
        seen=made,
        until=made + timedelta(minutes=HALF_LOGIN_MINUTES),
        remembered=remember,
    ).save(force_insert=True)
    audit.record_at_most("sign_in", outcome="code_wanted", user=str(user.id), name=user.name)
    return token


def find(token: str | None) -> tuple[HalfLogin, User]:
    """Return the half login with a token, and whose it is.

    Args:
        token: what the browser kept, if it did.

    Returns:
        Both.

    Raises:
        PasswordFirst: there is none, its time is over, or the user is disabled or has ended all
            logins since.
    """
    found = HalfLogin.find(token) if token else None
    if found is None:
        raise PasswordFirst
    return found


def finish(half: HalfLogin, user: User, code: str, *, device: str | None) -> str:
    """Take the code that makes a half login whole. The half is over with it.

    Args:
        half: the half login.
        user: whose it is.
        code: what was typed.
        device: the number of the browser, if the user has given a code there before.

    Returns:
        What the code was; see `factors.use_code`.

    Raises:
        PasswordFirst: another request has made a login of it.
        Refusal: as for `factors.use_code`.
    """
    kind = factors.use_code(user, code, device=device)
    if not HalfLogin.objects(id=half.id).delete():
        raise PasswordFirst
    return kind


def end_by_token(token: str) -> None:
    """End the half login with a token, if there is one.

    Args:
        token: what a browser kept.
    """
    HalfLogin.objects(token_hash=hash_secret(token)).delete()
