"""The sign-in throttle: so many attempts per name and per address, and then a wait.

An attempt is counted before the password is compared, so a burst of parallel attempts gains
nothing. A right password sets the count of the name back. Nobody is locked out for good: the count
ends with its time span, and a browser in which a user has signed in before is counted apart from
everybody else, so strangers who guess cannot keep the user out (see `devices`).
"""

import sys
import time
from collections.abc import Iterator
from typing import Any, ClassVar

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse_many
from limits.storage import Storage

from .config import DATABASE_PATIENCE, BadConfig
from .devices import find_device
from .errors import Refused
from .models import hash_secret

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
    if uri == "memory://" and sys.platform == "emscripten":
        uri = f"{UnthreadedStorage.STORAGE_SCHEME[0]}://"
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


def spend_attempt(name: str) -> None:
    """Count an attempt to sign in.

    Args:
        name: the name that was typed, whether or not somebody has it.

    Raises:
        Refused: a 429, because there were too many; `Retry-After` says when to come back.
    """
    strategy = current_app.extensions[_EXTENSION].limiter
    for limit, key in _budgets(name):
        if not strategy.hit(limit, *key):
            seconds = max(1, round(strategy.get_window_stats(limit, *key).reset_time - time.time()))
            raise Refused(
                429,
                "too_many_attempts",
                "too many attempts",
                "There were too many attempts to sign in with this name or from this address.",
                f"Wait {seconds} seconds, then try again.",
                headers={"Retry-After": str(seconds)},
            )


def forgive(name: str) -> None:
    """Set the count of a name back, because the right password was given.

    Where the browser is known, it is the count of the browser.

    Args:
        name: the user's name.
    """
    strategy = current_app.extensions[_EXTENSION].limiter
    for limit, key in _budgets(name):
        if key[0] in {"name", "device"}:
            strategy.clear(limit, *key)


def _budgets(name: str) -> Iterator[tuple[RateLimitItem, tuple[str, str]]]:
    """Yield each limit of an attempt, with what it is counted under.

    Nothing that a stranger does counts against a known device, not even from the same address,
    which may be that of a whole office.
    """
    device, address = find_device(name), request.remote_addr or "unknown"
    keys = {
        "SIGN_IN_LIMIT_PER_NAME": ("device", device) if device else ("name", hash_secret(name)),
        "SIGN_IN_LIMIT_PER_ADDRESS": ("devices at" if device else "address", address),
    }
    for setting, key in keys.items():
        for limit in parse_many(current_app.config[setting]):
            yield limit, key


# ---- a browser tab


class UnthreadedStorage(Storage):
    """Counts in memory without a thread, for a Python that cannot start one.

    In a browser tab Python has no threads, and the storage of `limits` starts one to clear up.

    Args:
        uri: its address, which says nothing.
        wrap_exceptions: as for every storage.
        **_: options for other storages.
    """

    STORAGE_SCHEME: ClassVar = ["unthreaded"]

    def __init__(
        self, uri: str | None = None, wrap_exceptions: bool = False, **_: float | str | bool
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._counts: dict[str, tuple[int, float]] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """What this storage may raise."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count, and begin a new time span where the last one is over."""
        count, until = self._live(key) or (0, time.time() + expiry)
        self._counts[key] = (count + amount, until)
        return count + amount

    def get(self, key: str) -> int:
        """Return the count."""
        count, _ = self._live(key) or (0, 0)
        return count

    def get_expiry(self, key: str) -> float:
        """Return when the time span ends."""
        _, until = self._live(key) or (0, time.time())
        return until

    def check(self) -> bool:
        """Tell that the storage can be used."""
        return True

    def reset(self) -> int | None:
        """Forget all counts."""
        number = len(self._counts)
        self._counts.clear()
        return number

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._counts.pop(key, None)

    def _live(self, key: str) -> tuple[int, float] | None:
        moment = time.time()
        for old in [one for one, (_, until) in self._counts.items() if until <= moment]:
            del self._counts[old]
        return self._counts.get(key)
