"""API tokens: made on the account page, shown once, kept as a hash, revoked at any time."""

from collections.abc import Sequence
from datetime import timedelta

from bson import ObjectId
from flask import current_app

from . import audit
from .models import ApiToken, User, hash_secret, new_secret, now
from .refusals import NoSuchToken, TooManyTokens

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
        TooManyTokens: the user has MOST_TOKENS.
    """
    if ApiToken.objects(user=user.id).count() >= MOST_TOKENS:
        raise TooManyTokens(MOST_TOKENS)
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
        NoSuchToken: the user has none with this id.
    """
    if not ApiToken.objects(id=token_id, user=user.id).delete():
        raise NoSuchToken
    audit.record("token_revoked", user=str(user.id), name=user.name)


def tokens_of(user: User) -> Sequence[ApiToken]:
    """Return a user's API tokens that are not over, the latest first.

    Args:
        user: the user.

    Returns:
        The tokens, without what opens anything.
    """
    return list(ApiToken.objects(user=user.id, until__gt=now()).order_by("-made"))
