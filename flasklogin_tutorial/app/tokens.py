"""API tokens: made on the account page, shown once, kept as a hash, revoked at any time."""

from collections.abc import Sequence
from datetime import timedelta

from bson import ObjectId
from flask import current_app

from . import audit
from .accounts import Operator, look_again, require_recent
from .factors import has_passkey
from .models import ApiToken, User, hash_secret, new_secret, now
from .refusals import AnothersRecord, NoSuchToken, OwnPasswordFirst, TooManyTokens

#: What every token begins with, so that a scanner finds one that was published by mistake.
PREFIX = "flasklogin_"

#: How many tokens a user may have.
MOST_TOKENS = 50


def create(user: User, label: str, *, by: User | Operator) -> str:
    """Make an API token.

    It ends with its time, and whenever all logins of its user end: it keeps the user's epoch. One
    that was asked for while the account was being closed is over too.

    Args:
        user: who the program that has the token acts as.
        label: what the token is for.
        by: who asks; the user, who typed the password a short time ago.

    Returns:
        The token. It is kept nowhere.

    Raises:
        AnothersRecord: somebody else asks.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
        OwnPasswordFirst: the user has a first password, which somebody else has seen.
        TooManyTokens: the user has MOST_TOKENS.
    """
    _require_owner(by, user)
    require_recent(by)
    if user.first_password_until is not None:
        raise OwnPasswordFirst
    if ApiToken.objects(user=user.id).count() >= MOST_TOKENS:
        raise TooManyTokens(MOST_TOKENS)
    token = PREFIX + new_secret()
    with_passkey, made = has_passkey(user), now()
    until = made + timedelta(days=current_app.config["API_TOKEN_DAYS"])
    look_again(by)
    ApiToken(
        token_hash=hash_secret(token),
        user=user.id,
        epoch=user.login_epoch,
        label=label,
        with_passkey=with_passkey,
        made=made,
        seen=made,
        until=until,
    ).save(force_insert=True)
    audit.record("token_created", user=str(user.id), name=user.name, label=label)
    return token


def revoke(user: User, token_id: ObjectId | None, *, by: User | Operator) -> None:
    """Revoke one of a user's API tokens.

    Args:
        user: the user.
        token_id: which one.
        by: who asks; the user.

    Raises:
        AnothersRecord: somebody else asks.
        NoSuchToken: the user has none with this id.
        NotFresh: a login asks that has ended in between.
        TokenOver: an API token asks that has.
    """
    _require_owner(by, user)
    look_again(by)
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
    alive = ApiToken.objects(user=user.id, epoch=user.login_epoch, until__gt=now())
    return list(alive.order_by("-made"))


def _require_owner(by: User | Operator, user: User) -> None:
    if not isinstance(by, Operator) and by.id != user.id:
        raise AnothersRecord
