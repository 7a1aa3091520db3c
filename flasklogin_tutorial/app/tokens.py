"""API tokens: made on the account page, shown once, kept as a hash, revoked at any time."""

from collections.abc import Sequence
from datetime import timedelta

from bson import ObjectId
from flask import current_app

from . import audit
from .errors import Refused
from .models import ApiToken, User, hash_secret, new_secret, now

#: What every token begins with, so that a scanner finds one that was published by mistake.
PREFIX = "flasklogin_"

#: How many tokens a user may have.
MOST_TOKENS = 50


def create(user: User, label: str) -> str:
    """Make an API token.

    Args:
        user: who the program that has the token acts as.
        label: what the token is for.

    Returns:
        The token. It is kept nowhere.

    Raises:
        Refused: a 409, because the user has too many.
    """
    if ApiToken.objects(user=user.id).count() >= MOST_TOKENS:
        raise Refused(
            409,
            "too_many_tokens",
            "too many tokens",
            f"You have {MOST_TOKENS} API tokens.",
            "Revoke those that nothing uses any more.",
        )
    token = PREFIX + new_secret()
    made = now()
    until = made + timedelta(days=current_app.config["API_TOKEN_DAYS"])
    ApiToken(
        token_hash=hash_secret(token),
        user=user.id,
        label=label,
        made=made,
        seen=made,
        until=until,
    ).save(force_insert=True)
    audit.record("token_created", user=str(user.id), name=user.name, label=label)
    return token


def revoke(user: User, token_id: ObjectId | None) -> None:
    """Revoke one of a user's API tokens.

    Args:
        user: the user.
        token_id: which one.

    Raises:
        Refused: a 404, because the user has no such token.
    """
    if not ApiToken.objects(id=token_id, user=user.id).delete():
        raise Refused(
            404,
            "not_found",
            "data not found",
            "You have no such API token.",
            "Reload the account page.",
        )
    audit.record("token_revoked", user=str(user.id), name=user.name)


def tokens_of(user: User) -> Sequence[ApiToken]:
    """Return a user's API tokens that are not over, the latest first.

    Args:
        user: the user.

    Returns:
        The tokens, without what opens anything.
    """
    return list(ApiToken.objects(user=user.id, until__gt=now()).order_by("-made"))
