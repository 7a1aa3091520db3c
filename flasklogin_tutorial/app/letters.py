"""What the letters say.

A letter to an address that nobody has confirmed holds nothing that a visitor chose, not even a
name: whoever can have letters sent to strangers would otherwise choose their words.
"""

from flask import current_app

from .mail import Letter

#: What a user is told of, and how.
NOTICES = {
    "password_changed": "The password of your account was changed.",
}


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
