"""The throttle: so many attempts to sign in per address and per name, and then a wait.

An attempt is counted before the password is compared, so a burst of parallel attempts gains
nothing. Its address comes first: what is too much for an address is not counted for a name, so one
visitor neither fills the limits of many users nor makes counters without end. A right password
takes back what was counted for its name from where it was typed, and nothing that others guessed.

Nobody is locked out for good: the count ends with its time span, and a browser in which a user has
signed in before is counted apart from everybody else, so strangers who guess cannot keep the user
out (see `devices`).

Codes of a second factor have a count of their own, which the right password leaves alone. New
passwords are counted too, because judging and hashing one is work.
"""

import logging
import time
from collections.abc import Iterator
from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from bson import ObjectId
from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, MongoDBStorage, Storage

from .config import DATABASE_PATIENCE, BadConfig, check_database_name, database_of
from .models import hash_secret
from .refusals import TooManyAttempts, TooManyCodes, TooManyMails, TooManyPasswords

#: A limit, and what is counted under it.
_Counted = tuple[RateLimitItem, tuple[str, ...]]

_EXTENSION = "sign_in_limiter"
_LIMITS = (
    "SIGN_IN_LIMIT_PER_NAME",
    "SIGN_IN_LIMIT_PER_ADDRESS",
    "NEW_PASSWORD_LIMIT",
    "MAIL_LIMIT_PER_RECIPIENT",
    "MAIL_LIMIT_PER_ADDRESS",
    "CODE_LIMIT",
)

#: How much of an IPv6 address is one visitor's: nobody gets less, and whoever has a network has all
#: of its addresses. Many get 256 such networks or more (RFC 6177), and others get one of as many
#: that strangers have, so a larger one would let them keep one another out.
#: Source: RFC 4291, section 2.5.4.
_IPV6_NETWORK = 64


#: The most counters in the memory of a process, some tens of megabytes. Where there are more, the
#: oldest go. Whoever wants to be forgotten so needs half as many attempts whose password is looked
#: at, each of which takes the time of a hash.
MOST_COUNTERS = 100_000


#: How many times the limit of one login all logins of a user may ask for new passwords.
LOGINS_COUNTED = 3


class _InMemory(MemoryStorage):
    """Counts in memory, of which no number of visitors takes more and more."""

    STORAGE_SCHEME = ["counters+memory"]  # noqa: RUF012, limits reads it of the class

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        if key not in self.storage and len(self.storage) >= MOST_COUNTERS:
            self.clear(next(iter(self.storage)))
        return super().incr(key, expiry, amount)


class _InMongoDB(MongoDBStorage):
    """Counts in MongoDB, without a connection that is opened when nobody counts any more.

    The storage of limits opens its connection when it is first used, and also when it is thrown
    away unused, to close it. That is inside the garbage collector, where the driver's new thread
    can wait for ever.
    """

    STORAGE_SCHEME = ["counters+mongodb", "counters+mongodb+srv"]  # noqa: RUF012

    def __init__(self, uri: str, **options: Any) -> None:
        super().__init__(uri.removeprefix("counters+"), **options)

    def __del__(self) -> None:
        if self._storage is not None:
            self._storage.close()


def register_throttle(app: Flask) -> None:
    """Give an app its throttle, with the storage that its settings name.

    Args:
        app: the app.

    Raises:
        BadConfig: a limit or the storage has no meaning.
    """
    for name in _LIMITS:
        try:
            parse_many(app.config[name])
        except (ValueError, TypeError, AttributeError) as error:
            raise BadConfig(
                f"The setting {name} is {app.config[name]!r}. Write it as in '10 per 15 minutes'."
            ) from error
    uri = app.config["RATELIMIT_STORAGE_URI"]
    try:
        database = database_of(uri)
    except ValueError:
        raise BadConfig("RATELIMIT_STORAGE_URI is no address.") from None
    kind = uri.partition("://")[0] if "://" in uri else "that it names"
    options: dict[str, Any] = {"wrap_exceptions": True}
    if uri.startswith(("memory", "mongodb")):  # ours instead of those of limits, see above
        uri = f"counters+{uri}"
    if uri.startswith("counters+mongodb"):
        options["serverSelectionTimeoutMS"] = DATABASE_PATIENCE * 1000
        options["socketTimeoutMS"] = DATABASE_PATIENCE * 1000
        # The database that the address names, so that the app needs rights on no other.
        check_database_name(database, "RATELIMIT_STORAGE_URI")
        options["database_name"] = database or "limits"
    limiter = Limiter(
        get_remote_address,
        storage_uri=uri,
        storage_options=options,
        strategy="fixed-window",
    )
    try:
        limiter.init_app(app)
    except Exception as error:
        raise BadConfig(
            f"The sign-in throttle cannot use a storage of the kind {kind} "
            f"({type(error).__name__}). Check RATELIMIT_STORAGE_URI."
        ) from None  # its words hold the address, and with it a password
    if app.config["ENVIRONMENT"] == "production" and "memory" in uri.partition(":")[0]:
        app.logger.log(
            logging.DEBUG if app.testing else logging.WARNING,
            "RATELIMIT_STORAGE_URI is memory://: each worker process counts attempts to sign in "
            "for itself, so several allow several times as many. Name a storage that all share.",
        )
    # It would look for limits of the route at each request, and no route has one: they are counted
    # below, where an attempt is made. That was a twentieth of the work of a read.
    limiter.enabled = False
    app.extensions[_EXTENSION] = limiter


def spend_attempt(name: str, *, address: str | None, device: str | None) -> None:
    """Count an attempt to sign in.

    Args:
        name: the key of the name that was typed, whether or not somebody has it.
        address: where the attempt comes from.
        device: the number of the browser, if this user has signed in there before.

    Raises:
        TooManyAttempts: there were too many; it says when to come back.
    """
    _spend_each(_budgets(name, address, device), TooManyAttempts)


def forgive(name: str, *, address: str | None, device: str | None) -> None:
    """Take back what was counted for a name, because the right password was given.

    Only what came from the same network: the others may be guessing. Where the browser is known, it
    is the count of the browser.

    Args:
        name: the key of the user's name.
        address: as for `spend_attempt`.
        device: as for `spend_attempt`.
    """
    strategy = current_app.extensions[_EXTENSION].limiter
    for limit, key in _budgets(name, address, device):
        if key[0] == "name":
            here = ("name at", key[1], network_of(address))
            count = min(_count(limit, key), _count(limit, here))
            if count:
                strategy.hit(limit, *key, cost=-count)
            strategy.clear(limit, *here)
        elif key[0] == "device":
            strategy.clear(limit, *key)


def spend_new_password(user_id: ObjectId, begun: datetime) -> None:
    """Count a new password, whoever it is for.

    Each login has a count of its own, that its user can change the password in another one while
    a thief of this one guesses. A login that goes on in a new one keeps when it began.

    Args:
        user_id: who asks for it.
        begun: when the login began that asks.

    Raises:
        TooManyPasswords: there were too many; it says when to come back.
    """
    for limit in parse_many(current_app.config["NEW_PASSWORD_LIMIT"]):
        of_all = type(limit)(limit.amount * LOGINS_COUNTED, limit.multiples)
        login = ("new password", str(user_id), begun.isoformat())
        seconds = _spend(limit, login) or _spend(of_all, ("new password", str(user_id)))
        if seconds:
            raise TooManyPasswords(seconds)


def spend_mail(recipient: str, *, asker: str, kind: str) -> None:
    """Count a mail that somebody asked for, whether or not one will be sent.

    Strangers who use up what may be sent to an address keep nobody from a reset: each of their
    requests sent a link to that address too, and as long as the limit lasts, the latest one works.

    Args:
        recipient: the key of the address.
        asker: who asks; the address of a visitor, or the id of a user.
        kind: what the mail is for; each kind is counted for itself, so that no other one keeps
            somebody from a reset.

    Raises:
        TooManyMails: there were too many; it says when to come back.
    """
    to = hash_secret(recipient)
    _spend_each(_limits("MAIL_LIMIT_PER_ADDRESS", "mail by", asker), TooManyMails)
    _spend_each(_limits("MAIL_LIMIT_PER_RECIPIENT", "mail to", kind, to), TooManyMails)


def spend_code(user_id: ObjectId, *, device: str | None) -> None:
    """Count a code of a second factor, before it is looked at.

    The right password takes nothing back here: whoever has it would otherwise have all guesses at
    the code that they want. A browser in which the user has given a code before has a count of its
    own, so that they keep the user out of none of these.

    Args:
        user_id: whose second factor it is.
        device: the number of the browser, if it is known.

    Raises:
        TooManyCodes: there were too many; it says when to come back.
    """
    _spend_each(_code_budgets(user_id, device), TooManyCodes)


def forgive_code(user_id: ObjectId, *, device: str | None) -> None:
    """Take back the one attempt that was counted for a code that was right.

    The wrong ones before it stay counted: somebody else may have typed them.

    Args:
        user_id: as for `spend_code`.
        device: as for `spend_code`.
    """
    _take_one_back(_code_budgets(user_id, device))


def _code_budgets(user_id: ObjectId, device: str | None) -> Iterator[_Counted]:
    return _limits("CODE_LIMIT", "code of", str(user_id), *([device] if device else []))


def spend_question(asker: str) -> None:
    """Count a question to a passkey. Each is an attempt to sign in, and a record in the database.

    Args:
        asker: the network of a visitor, or the id of a user who wants another passkey.

    Raises:
        TooManyAttempts: there were too many; it says when to come back.
    """
    _spend_each(_question_budgets(asker), TooManyAttempts)


def forgive_question(asker: str) -> None:
    """Take back the one question that was counted for an answer that was right.

    Args:
        asker: as for `spend_question`.
    """
    _take_one_back(_question_budgets(asker))


def _question_budgets(asker: str) -> Iterator[_Counted]:
    return _limits("SIGN_IN_LIMIT_PER_ADDRESS", "passkey for", asker)


def network_of(address: str | None) -> str:
    """Return what an address is counted under.

    Args:
        address: an address, as the server or a trusted proxy gives it.

    Returns:
        The network of an IPv6 address; an IPv4 address itself, also where it is written as one of
        IPv6; "unknown" for what is no address.
    """
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, _IPV6_NETWORK), strict=False))


def _limits(setting: str, *key: str) -> Iterator[_Counted]:
    """Give each limit of a setting, with what is counted under it."""
    for limit in parse_many(current_app.config[setting]):
        yield limit, key


def _spend_each(
    counted: Iterator[_Counted],
    too_many: type[TooManyAttempts | TooManyCodes | TooManyMails],
) -> None:
    """Count once under each limit, and stop at the first one where it was too often."""
    for limit, key in counted:
        seconds = _spend(limit, key)
        if seconds:
            raise too_many(seconds)


def _take_one_back(counted: Iterator[_Counted]) -> None:
    for limit, key in counted:
        if _count(limit, key):
            current_app.extensions[_EXTENSION].limiter.hit(limit, *key, cost=-1)


def _spend(limit: RateLimitItem, key: tuple[str, ...]) -> int:
    """Count once; return 0, or the seconds to wait where it was too often."""
    strategy = current_app.extensions[_EXTENSION].limiter
    if strategy.hit(limit, *key):
        return 0
    until: float = strategy.get_window_stats(limit, *key).reset_time
    return max(1, round(until - time.time()))


def _count(limit: RateLimitItem, key: tuple[str, ...]) -> int:
    storage: Storage = current_app.extensions[_EXTENSION].limiter.storage
    count: int = storage.get(limit.key_for(*key))
    return count


def _budgets(name: str, address: str | None, device: str | None) -> Iterator[_Counted]:
    """Yield each limit of an attempt, with what it is counted under.

    Nothing that a stranger does counts against a known device, not even from the same address,
    which may be that of a whole office.
    """
    network, named = network_of(address), hash_secret(name)
    keys: list[tuple[str, tuple[str, ...]]]
    if device:
        keys = [
            ("SIGN_IN_LIMIT_PER_ADDRESS", ("devices at", network)),
            ("SIGN_IN_LIMIT_PER_NAME", ("device", device)),
        ]
    else:
        keys = [
            ("SIGN_IN_LIMIT_PER_ADDRESS", ("address", network)),
            ("SIGN_IN_LIMIT_PER_NAME", ("name at", named, network)),  # for `forgive`
            ("SIGN_IN_LIMIT_PER_NAME", ("name", named)),
        ]
    for setting, key in keys:
        yield from _limits(setting, *key)
