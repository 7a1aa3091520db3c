"""What can be done to an account, and who may do it.

The API, the pages and the commands all come through here. Each change is one atomic write to the
user, so nobody ever sees half of it; tidying up after it may fail without harm, because a login
whose epoch is over opens nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, session
from flask_login import current_user
from mongoengine import NotUniqueError

from . import audit, passwords
from .errors import Refused, challenge
from .login import end_login, not_fresh, start_login
from .models import ApiToken, Login, User, now
from .schemas import bad_fields


def find(name: str) -> User:
    """Return the user with a name.

    Args:
        name: the name.

    Returns:
        The user.

    Raises:
        Refused: a 404.
    """
    user = User.objects(name=name).first()
    if user is None:
        raise _gone()
    return user


def _gone() -> Refused:
    return Refused(
        404, "not_found", "data not found", "No user has this name.", "Check the spelling."
    )


# ---- who may


def require_admin() -> None:
    """Let only an administrator through.

    Raises:
        Refused: a 403.
    """
    if not current_user.is_admin:
        raise _forbidden("Only an administrator may do this.")


def require_owner_or_admin(user: User) -> None:
    """Let only the user and administrators through.

    Args:
        user: whose record it is.

    Raises:
        Refused: a 403.
    """
    if not current_user.is_admin and current_user.id != user.id:
        raise _forbidden("The record is another user's.")


def require_fresh_password() -> None:
    """Let only somebody through who typed their password a short time ago.

    Raises:
        Refused: a 401 for a login that is not fresh, a 403 for an API token.
    """
    if current_user.login is None:
        about = {"error": "insufficient_scope", "error_description": "not with an API token"}
        raise _forbidden(
            "An API token cannot change a password.",
            "Log in with the password, and repeat the request.",
            headers={"WWW-Authenticate": challenge(**about)},
        )
    if not session.get("_fresh"):
        raise not_fresh()


def _forbidden(reason: str, advice: str = "Ask an administrator.", **more: Any) -> Refused:
    return Refused(403, "forbidden", "forbidden", reason, advice, **more)


# ---- what can be done


def invite(name: str, email: str) -> tuple[User, str]:
    """Make a new user with a random first password, to be handed over.

    Whoever hands it over has seen it, so it works for FIRST_PASSWORD_HOURS only. By then the user
    has to have chosen another.

    Source: OWASP ASVS 5.0, 6.4.1: initial passwords are random and expire after a short time, and
    must not become the long-term password.

    Args:
        name: the name, which nobody else may have.
        email: the e-mail address.

    Returns:
        The user, and the password, which is kept nowhere.

    Raises:
        Refused: a 409 for a name that is taken.
    """
    password = passwords.make_password()
    until = now() + timedelta(hours=current_app.config["FIRST_PASSWORD_HOURS"])
    return create(name, email, password, first_password_until=until), password


def create(
    name: str,
    email: str,
    password: str,
    is_admin: bool = False,
    first_password_until: datetime | None = None,
) -> User:
    """Make a new user.

    Args:
        name: the name, which nobody else may have.
        email: the e-mail address.
        password: the password, not yet looked at.
        is_admin: whether to make an administrator.
        first_password_until: when the password ends, if the user has not chosen it.

    Returns:
        The user.

    Raises:
        Refused: a 409 for a name that is taken, a 422 for a password that will not do.
    """
    _require_good_password(password, name, email)
    user = User(
        name=name,
        email=email,
        password_hash=passwords.hash_password(password),
        is_admin=is_admin,
        first_password_until=first_password_until,
    )
    try:
        user.save(force_insert=True)
    except NotUniqueError:
        raise Refused(
            409,
            "name_taken",
            "name taken",
            "Another user has this name.",
            "Choose another name, or change the existing record.",
        ) from None
    _note("user_created", user, admin=is_admin)
    return user


def change(user: User, email: str | None = None, password: str | None = None) -> User:
    """Give a user a new e-mail address, a new password or both.

    A new password ends every login of the user, except that the browser that asked for it gets a
    new one if it is the user's own.

    Args:
        user: the user.
        email: the new e-mail address, if it changes.
        password: the new password, if it changes; not yet looked at.

    Returns:
        The user as stored now.

    Raises:
        Refused: a 404 if the user was deleted in between, a 422 for a password that will not do.
    """
    updates: dict[str, Any] = {}
    if email is not None:
        updates["set__email"] = email
    if password is not None:
        _require_good_password(password, user.name, email or user.email)
        updates["set__password_hash"] = passwords.hash_password(password)
        updates["unset__plaintext_password"] = True
        updates["unset__first_password_until"] = True
        updates["inc__login_epoch"] = 1
    changed = _modify(user, **updates)
    if email is not None:
        _note("email_changed", changed)
    if password is not None:
        _note("password_changed", changed)
        _renew_logins(changed)
    return changed


def sign_out_everywhere(user: User) -> User:
    """End every login of a user except the one that asks for it, and every API token.

    Args:
        user: the user.

    Returns:
        The user as stored now.
    """
    changed = _modify(user, inc__login_epoch=1)
    ApiToken.objects(user=user.id).delete()
    _note("signed_out_everywhere", changed)
    _renew_logins(changed)
    return changed


def disable(user: User) -> User:
    """Keep a user out: no login, no API token, until somebody enables the user again.

    Args:
        user: the user.

    Returns:
        The user as stored now.

    Raises:
        Refused: a 409 for the last administrator.
    """
    require_another_admin(user)
    changed = _modify(user, set__disabled=True, inc__login_epoch=1)
    _undo_unless_admins_are_left(user, set__disabled=False)
    Login.objects(user=user.id).delete()
    ApiToken.objects(user=user.id).delete()
    _note("user_disabled", changed)
    return changed


def enable(user: User) -> User:
    """Let a disabled user log in again.

    Args:
        user: the user.

    Returns:
        The user as stored now.
    """
    changed = _modify(user, set__disabled=False)
    _note("user_enabled", changed)
    return changed


def promote(user: User) -> User:
    """Make a user an administrator.

    Args:
        user: the user.

    Returns:
        The user as stored now.
    """
    changed = _modify(user, set__is_admin=True)
    _note("user_promoted", changed)
    return changed


def demote(user: User) -> User:
    """Make an administrator an ordinary user.

    Args:
        user: the user.

    Returns:
        The user as stored now.

    Raises:
        Refused: a 409 for the last administrator.
    """
    require_another_admin(user)
    changed = _modify(user, set__is_admin=False)
    _undo_unless_admins_are_left(user, set__is_admin=True)
    _note("user_demoted", changed)
    return changed


def delete(user: User) -> None:
    """Delete a user, with every login and every API token.

    Args:
        user: the user.

    Raises:
        Refused: a 409 for the last administrator.
    """
    if user.is_admin:
        demote(user)  # finds out whether another administrator is left, before anything is lost
    User.objects(id=user.id).delete()
    _note("user_deleted", user)
    if _is_me(user):
        end_login()
    Login.objects(user=user.id).delete()
    ApiToken.objects(user=user.id).delete()


def require_another_admin(user: User) -> None:
    """Refuse if a user is the last administrator.

    Args:
        user: the user who is about to stop being one.

    Raises:
        Refused: a 409.
    """
    if user.is_admin and user.is_active and not _admins().filter(id__ne=user.id).count():
        raise _last_admin()


def _undo_unless_admins_are_left(user: User, **undo: Any) -> None:
    """Refuse after the fact: two administrators may have demoted each other at the same time."""
    if user.is_admin and not _admins().count():
        _modify(user, **undo)
        raise _last_admin()


def _admins() -> Any:
    return User.objects(is_admin=True, disabled__ne=True)


def _last_admin() -> Refused:
    return Refused(
        409,
        "last_admin",
        "last administrator",
        "Without this user nobody could manage the others.",
        "Make another user an administrator first.",
    )


def _modify(user: User, **updates: Any) -> User:
    """Change a user in one atomic step that never brings a deleted one back."""
    changed = User.objects(id=user.id).modify(new=True, **updates)
    if changed is None:
        raise _gone()
    return changed


def _renew_logins(user: User) -> None:
    """Delete the logins whose epoch is over, and log the user's own browser in again."""
    if _is_me(user) and current_user.login is not None:
        start_login(user, remember=current_user.login.remembered)
    Login.objects(user=user.id, epoch__ne=user.login_epoch).delete()


def _is_me(user: User) -> bool:
    return bool(current_user) and current_user.is_authenticated and current_user.id == user.id


def _require_good_password(password: str, *personal: str | None) -> None:
    problem = passwords.find_problem(password, *personal)
    if problem:
        raise bad_fields({"password": [problem]})


def _note(event: str, user: User, **about: Any) -> None:
    by = str(current_user.id) if current_user and current_user.is_authenticated else None
    audit.record(event, user=str(user.id), name=user.name, by=by, **about)
