"""The sign-in throttle: so many attempts per name and per address, and then a wait.

An attempt is counted before the password is compared, so a burst of parallel attempts gains
nothing. A right password sets the count of the name back. Nobody is locked out for good: the count
ends with its time span, and a browser in which a user has signed in before is counted apart from
everybody else, so strangers who guess cannot keep the user out (see `devices`).
"""

import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse_many

from .config import DATABASE_PATIENCE, BadConfig
from .models import hash_secret
from .refusals import TooManyAttempts

_EXTENSION = "sign_in_limiter"
_LIMITS = ("SIGN_IN_LIMIT_PER_NAME", "SIGN_IN_LIMIT_PER_ADDRESS")


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
    options: dict[str, Any] = {"wrap_exceptions": True}
    if uri.startswith("mongodb"):
        options["serverSelectionTimeoutMS"] = DATABASE_PATIENCE * 1000
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
            f"The sign-in throttle cannot use its storage: {error}. Check RATELIMIT_STORAGE_URI."
        ) from error
    app.extensions[_EXTENSION] = limiter


def spend_attempt(name: str, *, address: str | None, device: str | None) -> None:
    """Count an attempt to sign in.

    Args:
        name: the name that was typed, whether or not somebody has it.
        address: where the attempt comes from.
        device: the number of the browser, if this user has signed in there before.

    Raises:
        TooManyAttempts: there were too many; it says when to come back.
    """
    strategy = current_app.extensions[_EXTENSION].limiter
    for limit, key in _budgets(name, address, device):
        if not strategy.hit(limit, *key):
            until = strategy.get_window_stats(limit, *key).reset_time
            raise TooManyAttempts(max(1, round(until - time.time())))


def forgive(name: str, *, address: str | None, device: str | None) -> None:
    """Set the count of a name back, because the right password was given.

    Where the browser is known, it is the count of the browser.

    Args:
        name: the user's name.
        address: as for `spend_attempt`.
        device: as for `spend_attempt`.
    """
    strategy = current_app.extensions[_EXTENSION].limiter
    for limit, key in _budgets(name, address, device):
        if key[0] in {"name", "device"}:
            strategy.clear(limit, *key)


def _budgets(
    name: str, address: str | None, device: str | None
) -> Iterator[tuple[RateLimitItem, tuple[str, str]]]:
    """Yield each limit of an attempt, with what it is counted under.

    Nothing that a stranger does counts against a known device, not even from the same address,
    which may be that of a whole office.
    """
    address = address or "unknown"
    keys = {
        "SIGN_IN_LIMIT_PER_NAME": ("device", device) if device else ("name", hash_secret(name)),
        "SIGN_IN_LIMIT_PER_ADDRESS": ("devices at" if device else "address", address),
    }
    for setting, key in keys.items():
        for limit in parse_many(current_app.config[setting]):
            yield limit, key
