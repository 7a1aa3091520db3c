"""What the letters say.

A letter to an address that nobody has confirmed holds nothing that a visitor chose, not even a
name: whoever can have letters sent to strangers would otherwise choose their words.
"""

from typing import Any

from flask import current_app

from .mail import Letter
from .models import User

#: What a user is told of, and how.
NOTICES = {
    "password_changed": "The password of your account was changed.",
    "password_reset": (
        "A new password was chosen for your account, with the link of a mail that came to this "
        "address. Whoever was logged in is logged out."
    ),
    "second_factor_on": (
        "Your account has a second factor now: with the password, a code is asked for. Whoever was "
        "logged in elsewhere is logged out."
    ),
    "second_factor_off": (
        "Your account has no second factor any more: the password alone opens it. Whoever was "
        "logged in elsewhere is logged out."
    ),
    "recovery_codes_renewed": (
        "Your account has new recovery codes. None of the former ones works any more."
    ),
    "passkey_added": (
        "A passkey was added to your account: whoever has it logs in with it. The password alone "
        "opens nothing any more, and whoever was logged in elsewhere is logged out."
    ),
    "passkey_removed": (
        "A passkey was removed from your account, and opens nothing any more. Whoever was logged "
        "in elsewhere is logged out."
    ),
    "recovery_code_used": (
        "A recovery code of your account was used, and works no more. Whoever used it knew the "
        "password too, or was logged in."
    ),
    "renamed": (
        "Your account has another name now, and you log in with that. Whoever changed it tells you "
        "which."
    ),
    "email_asked": (
        "Somebody who is logged in to your account wants another e-mail address for it. It counts "
        "as soon as they have opened the link that was sent there."
    ),
    "email_changed": "Your account has another e-mail address now. This was the last mail to here.",
}


def write_reset(user: User, token: str) -> Letter:
    """Write to a user how to choose a new password.

    Args:
        user: the user, who has confirmed the address.
        token: what the link carries.

    Returns:
        The letter.
    """
    return Letter(
        str(user.email),
        f"{_service()}: a new password",
        f"Somebody, most likely you, asked for a new password for {user.name}. Choose it within "
        f"{current_app.config['RESET_MINUTES']:g} minutes at\n\n"
        f"{link_to('by_mail.reset_page', token=token)}\n\n"
        "The link works once, and only the latest one works. If it was not you, do nothing: the "
        "password stays as it is.\n",
    )


def write_confirmation(to: str, token: str) -> Letter:
    """Write to an address that somebody says is theirs.

    Args:
        to: the address.
        token: what the link carries.

    Returns:
        The letter.
    """
    return Letter(
        to,
        f"{_service()}: is this your address?",
        "Somebody who has an account here gave this e-mail address. If it was you, confirm it "
        f"within {current_app.config['CONFIRMATION_HOURS']:g} hours at\n\n"
        f"{link_to('by_mail.confirm_page', token=token)}\n\n"
        "You have to log in for it. If it was not you, do nothing: without your doing the address "
        "counts for nothing.\n",
    )


def write_welcome(to: str, token: str) -> Letter:
    """Write to somebody who wants an account how to make it.

    Args:
        to: the address that was given.
        token: what the link carries.

    Returns:
        The letter.
    """
    return Letter(
        to,
        f"{_service()}: your account",
        "Somebody, most likely you, wants an account with this e-mail address. Choose its password "
        f"within {current_app.config['CONFIRMATION_HOURS']:g} hours at\n\n"
        f"{link_to('registration.welcome_page', token=token)}\n\n"
        "If it was not you, do nothing: no account is made.\n",
    )


def write_taken_name(to: str) -> Letter:
    """Write to somebody who wants an account that another one has the name.

    Args:
        to: the address that was given.

    Returns:
        The letter.
    """
    return Letter(
        to,
        f"{_service()}: choose another name",
        "Somebody, most likely you, wants an account with this e-mail address, under a name that "
        "is taken, or that looks like one that is. Choose another one at\n\n"
        f"{link_to('registration.register_page')}\n\n"
        "If it was not you, do nothing: no account is made.\n",
    )


def write_has_account(user: User) -> Letter:
    """Write to a user that there is an account with the address already.

    Args:
        user: the user, who has confirmed the address.

    Returns:
        The letter.
    """
    return Letter(
        str(user.email),
        f"{_service()}: you have an account",
        "Somebody, most likely you, wants an account with this e-mail address. You have one "
        f"already: its name is {user.name}. If you have forgotten the password, choose another at"
        f"\n\n{link_to('by_mail.forgot_page')}\n",
    )


def link_to(endpoint: str, **values: Any) -> str:
    """Make a link for a letter: it begins with PUBLIC_ADDRESS, and never with what a request says.

    Source: OWASP Forgot Password Cheat Sheet, "URL Tokens": do not rely on the Host header.

    Args:
        endpoint: the page.
        **values: what goes into its address.

    Returns:
        The whole address.
    """
    path = current_app.url_map.bind("").build(endpoint, values)
    address: str = current_app.config["PUBLIC_ADDRESS"]
    return address.rstrip("/") + path


def write_notice(to: str, about: str) -> Letter:
    """Write to a user that something about the account has changed.

    Source: OWASP ASVS 5.0, 6.3.7: users are told when their credentials change.

    Args:
        to: the user's address.
        about: what has changed, a key of NOTICES.

    Returns:
        The letter.
    """
    return Letter(
        to,
        f"{_service()}: your account was changed",
        f"{NOTICES[about]}\n\n"
        "If that was you, there is nothing to do. If it was not, somebody else is in your account: "
        "choose a new password, or ask an administrator, who can log you out everywhere.\n",
    )


def _service() -> str:
    return " ".join(current_app.config["SERVICE_NAME"].split())
