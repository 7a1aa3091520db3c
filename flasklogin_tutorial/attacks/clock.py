"""Another day: the clocks of an app in this process are put forward for a while.

Whether a lock ends by itself, and whether a cookie grows old, cannot be waited for.
"""

import datetime
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

_NOW = datetime.datetime


class _LikeADate(type):
    """What is shifted still takes real dates for its own."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _NOW)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, _NOW)


def _shifted(ahead: datetime.timedelta) -> type:
    """Return a class that is `datetime.datetime`, but for what it calls now."""

    class Shifted(_NOW, metaclass=_LikeADate):
        def __new__(cls, *values: Any, **named: Any) -> Any:
            return _NOW(*values, **named)

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return _NOW.now(tz) + ahead

        @classmethod
        def utcnow(cls) -> Any:
            return _NOW.now(datetime.UTC).replace(tzinfo=None) + ahead

        @classmethod
        def today(cls) -> Any:
            return _NOW.now() + ahead

    return Shifted


def _later(clock: Callable[[], float], ahead: datetime.timedelta) -> Callable[[], float]:
    return lambda: clock() + ahead.total_seconds()


@contextmanager
def put_forward(ahead: datetime.timedelta, modules: list[str]) -> Iterator[None]:
    """Put the clocks forward that an app reads: `time`, and dates in its own modules.

    Args:
        ahead: by how much.
        modules: the names of the app's own modules, which may hold a clock by a name of theirs.

    Yields:
        Nothing; the clocks are right again afterwards.
    """
    shifted = _shifted(ahead)
    clocks: dict[Any, Any] = {time.time: _later(time.time, ahead)}
    clocks[time.monotonic] = _later(time.monotonic, ahead)
    with ExitStack() as stack:
        for real, late in list(clocks.items()):
            stack.enter_context(patch.object(time, real.__name__, late))
        stack.enter_context(patch.object(datetime, "datetime", shifted))
        for name in modules:
            if name.startswith(__package__):
                continue  # what attacks keeps the right time
            module = sys.modules.get(name)
            for key, value in list(vars(module).items()) if module else []:
                if value is _NOW:
                    stack.enter_context(patch.object(module, key, shifted))
                elif callable(value) and _is_clock(value, clocks):
                    stack.enter_context(patch.object(module, key, clocks[value]))
        yield


def _is_clock(value: Any, clocks: dict[Any, Any]) -> bool:
    return any(value is real for real in clocks)
