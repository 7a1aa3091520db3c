"""What the finished app needs in a browser tab, where Python cannot start a thread.

The app itself knows nothing of tabs: it counts attempts to sign in where its setting says, and
here the course says so.
"""

import os
import time

from limits.storage import Storage

#: The app's setting, as its environment variable.
_SETTING = "FLASKLOGIN_RATELIMIT_STORAGE_URI"


class UnthreadedStorage(Storage):
    """Counts in memory without a thread; the storage of `limits` starts one to clear up.

    Source: the documentation of limits, "Custom storage backends": a class is found by its scheme
    from the moment when it is defined.

    Args:
        uri: its address, which says nothing.
        wrap_exceptions: as for every storage.
        **_: options for other storages.
    """

    STORAGE_SCHEME = ["unthreaded"]  # noqa: RUF012, limits declares it as it is here

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


def count_without_threads() -> None:
    """Let every app that is made from now on count without a thread, unless told otherwise."""
    os.environ.setdefault(_SETTING, f"{UnthreadedStorage.STORAGE_SCHEME[0]}://")
