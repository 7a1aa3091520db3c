"""The logins that the server keeps: how one begins, what it opens, and when it is over.

A login is a record in the database with the hash of a random token. Whoever has the token is logged
in, so a copied cookie ends when the record ends. How a browser comes by its token is in `login`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app

from . import audit, passwords, throttle
from .factors import has_passkey
from .models import ApiToken, Login, User, hash_secret, new_secret, now
from .names import read_name
from .refusals import FirstPasswordOver, TooManyAttempts

# ---- beginning and ending


def check_password(
    name: str, password: str, *, address: str | None, device: str | None
) -> User | None:
    """Return the user with a name and a password.

    Whatever is wrong, the answer and the work are the same.

    Args:
        name: the name that was typed, in any spelling.
        password: the password that was typed.
        address: where the attempt comes from.
        device: the number of the browser, if this user has signed in there before.

    Returns:
        The user, or None if there is no such user, the password is wrong or the user is disabled.

    Raises:
        BadName: nobody can have it.
        FirstPasswordOver: it was a first password; only whoever has it is told.
        TooManyAttempts: the password was not looked at.
    """
    key = read_name(name).key  # guesses at one name are counted together, however it is spelled
    try:
        throttle.spend_attempt(key, address=address, device=device)
    except TooManyAttempts:
        audit.record_at_most("sign_in", outcome="throttled")
        raise
    user: User | None = User.objects(name_key=key).first()
    right = passwords.is_right(user, password)
    known = {"user": str(user.id), "name": user.name} if user is not None else {"user": None}
    if user is None or not right or not user.is_active:
        audit.record_at_most("sign_in", outcome="refused", **known)
        return None
    if user.first_password_is_over:
        audit.record("sign_in", outcome="first_password_over", **known)
        raise FirstPasswordOver
    throttle.forgive(key, address=address, device=device)
    if passwords.needs_new_hash(user):
        passwords.store_new_hash(user, password)
    return user


def start(
    user: User, *, remember: bool, address: str | None, agent: str, factor: str | None = None
) -> Login:
    """Begin a login.

    Args:
        user: the user, whose password was checked, and whose code, if they have a second factor.
        remember: whether the login outlives the browser.
        address: where the browser is.
        agent: what the browser says it is.
        factor: what the code was, if there was one.

    Returns:
        The login, with its token, which is kept nowhere. It is the user's login now.
    """
    begun = now()
    login = Login(made=begun, remembered=remember, address=address, agent=agent)
    _give_token(login, user, begun)
    login.fresh = True
    login.crowded_out = _end_crowded_out(login)
    about = {"user": str(user.id), "name": user.name, "remembered": remember}
    audit.record("sign_in", outcome="accepted", **about, **({"factor": factor} if factor else {}))
    return login


def _end_crowded_out(latest: Login) -> int:
    """End the logins of a user that are too many, those first that were used longest ago.

    Source: OWASP ASVS 5.0, 7.1.2: how many sessions one account may have at once is laid down, and
    what happens when there are more.

    Args:
        latest: the login that has just begun, and stays.

    Returns:
        How many were ended.
    """
    # All logins may have been ended while the password was looked at: then this one opens nothing,
    # and ends none of those that came after. Of what it finds, the dead go first.
    same = Login.objects(user=latest.user, epoch__lte=latest.epoch, id__ne=latest.id)
    others = same.order_by("-epoch", "-seen")
    surplus = list(others.skip(current_app.config["LOGINS_PER_USER"] - 1).scalar("id"))
    if not surplus:  # as almost always, so no operation is spent on it
        return 0
    ended: int = Login.objects(id__in=surplus).delete()
    if ended:
        audit.record("logins_crowded_out", user=str(latest.user), number=ended)
    return ended


def renew(user: User, former: Login) -> Login:
    """Go on with a login that was ended, because its user ended all of them.

    Nobody typed a password for it, so it is worth no more than the one before: it keeps when it
    began, and with that when it is over, whether it is fresh, and the address. Otherwise whoever
    copied a cookie would renew it for ever, and each time be somebody who has just logged in.

    Args:
        user: the user, as stored after all logins were ended.
        former: the login that was ended.

    Returns:
        The new login, with a token of its own. It is the user's login now.
    """
    kept = ("made", "remembered", "address", "agent")
    login = Login(**{name: former[name] for name in kept})
    _give_token(login, user, now())
    login.fresh = former.fresh
    audit.record("login_renewed", user=str(user.id), name=user.name)
    return login


def _give_token(login: Login, user: User, seen: datetime) -> None:
    token = new_secret()
    login.token_hash, login.token = hash_secret(token), token
    login.user, login.epoch, login.seen = user.id, user.login_epoch, seen
    login.with_passkey = has_passkey(user)
    login.until = _over_unless_used(login, user, seen)
    login.save(force_insert=True)
    user.login = login


def end(user: User, login: Login) -> None:
    """End a login.

    Args:
        user: whose login it is.
        login: the login.
    """
    Login.objects(id=login.id).delete()
    audit.record("sign_out", user=str(user.id), name=user.name)


def end_by_token(token: str) -> None:
    """End the login with a token, if there is one that has not ended.

    Args:
        token: what a cookie carries.
    """
    found = Login.find(token)
    if found is not None:
        login, user = found
        end(user, login)


# ---- what a login opens, and when it is over


def find(token: str) -> tuple[Login, User] | None:
    """Return the login with a token, and the user whom it lets in.

    One read for both, unless it is time to write down that the login was seen.

    Args:
        token: what the cookie carries.

    Returns:
        Both, or None if the login has ended or the user is disabled.
    """
    found = Login.find(token)
    if found is None:
        return None
    login, user = found
    login.token, user.login = token, login
    note_seen(login, until=_over_unless_used(login, user, now()))
    return login, user


def is_recent(login: Login, address: str | None) -> bool:
    """Tell whether the password was typed a short time ago, and from the same address.

    Source: OWASP Authentication Cheat Sheet, "Require Re-authentication for Sensitive Features" and
    "Re-authentication After Risk Events", which counts a change of address among them.

    Args:
        login: the login.
        address: where its browser is now.

    Returns:
        Whether it may do what is dangerous.
    """
    span = timedelta(minutes=current_app.config["FRESH_MINUTES"])
    return login.made > now() - span and login.address == address


def note_seen(bearer: Login | ApiToken, **more: datetime) -> None:
    """Write down that a login or a token was seen, but not with every request.

    The write is the exception: within LAST_SEEN_MINUTES a request costs its one read and no more.

    Args:
        bearer: the login or the token.
        **more: other fields to write with it.
    """
    moment = now()
    if bearer.seen < moment - timedelta(minutes=current_app.config["LAST_SEEN_MINUTES"]):
        type(bearer).objects(id=bearer.id).update_one(seen=moment, **more)


def latest_end(login: Login, user: User) -> datetime:
    """Return when a login is over, however much it is used.

    With a first password that is when the password ends, if not sooner: a login outlives nothing
    that it was made with.

    Args:
        login: the login.
        user: whose login it is.

    Returns:
        That moment.
    """
    days, hours = current_app.config["REMEMBER_DAYS"], current_app.config["LOGIN_HOURS"]
    end = login.made + (timedelta(days=days) if login.remembered else timedelta(hours=hours))
    first = user.first_password_until
    return end if first is None else min(end, first)


def _over_unless_used(login: Login, user: User, seen: datetime) -> datetime:
    """Return when a login is over that was last seen at a moment, unless it is used before.

    As that is written down every LAST_SEEN_MINUTES, a login ends after at most IDLE_MINUTES without
    use, and up to LAST_SEEN_MINUTES sooner. Whoever asks to be remembered asks to be so without use
    too.

    Source: OWASP Session Management Cheat Sheet, "Idle Timeout": every session has one, enforced on
    the server; common values for applications of low risk are 15 to 30 minutes.
    """
    end = latest_end(login, user)
    if login.remembered:
        return end
    return min(end, seen + timedelta(minutes=current_app.config["IDLE_MINUTES"]))


def logins_of(user: User) -> Sequence[Login]:
    """Return the logins of a user that have not ended, the latest first.

    Args:
        user: the user.

    Returns:
        The logins.
    """
    alive = Login.objects(user=user.id, epoch=user.login_epoch, until__gt=now())
    return list(alive.order_by("-seen").limit(current_app.config["LOGINS_PER_USER"]))
