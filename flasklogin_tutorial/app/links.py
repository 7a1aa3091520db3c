"""Links that are sent by mail: each for one user, one purpose, a short time, and one use.

A link is a record like a login, with the hash of a random text (see `models`). One that is made
takes the place of the former one of its purpose. Looking at it spends nothing, because programs
that look for harmful mail open every link.

Source: OWASP Forgot Password Cheat Sheet, "URL Tokens".
"""

from datetime import timedelta

from bson import ObjectId
from flask import current_app

from .models import MailedLink, User, hash_secret, new_secret, now, put_in_place

RESET, CONFIRM = "reset", "confirm"


def make(user: ObjectId, purpose: str, *, email: str, epoch: int) -> str:
    """Make a link, and with that end the former one of its purpose.

    Args:
        user: whose it is.
        purpose: what it is good for.
        email: where it is sent.
        epoch: the user's `login_epoch`. Whatever ends all logins of the user ends it too.

    Returns:
        Its token, which is kept nowhere.
    """
    config = current_app.config
    spans = {
        RESET: timedelta(minutes=config["RESET_MINUTES"]),
        CONFIRM: timedelta(hours=config["CONFIRMATION_HOURS"]),
    }
    token, made = new_secret(), now()
    put_in_place(
        MailedLink.objects(user=user, purpose=purpose),
        token_hash=hash_secret(token),
        email=email,
        epoch=epoch,
        made=made,
        seen=made,
        until=made + spans[purpose],
    )
    return token


def find(token: str, purpose: str) -> tuple[MailedLink, User] | None:
    """Look up a link and its user, in one read.

    Args:
        token: what the link carries.
        purpose: what it is to be good for.

    Returns:
        Both, or None if there is no such link, or it is over or for something else.
    """
    found = MailedLink.find(token)
    return found if found is not None and found[0].purpose == purpose else None


def spend(link: MailedLink) -> bool:
    """Use a link up.

    Args:
        link: the link.

    Returns:
        Whether it was there to be used. Of two who use one at the same moment, one is told so.
    """
    return bool(MailedLink.objects(id=link.id, token_hash=link.token_hash).delete())


def forget(user: User, purpose: str) -> None:
    """End the link of a user.

    Args:
        user: the user.
        purpose: what it is good for.
    """
    MailedLink.objects(user=user.id, purpose=purpose).delete()
