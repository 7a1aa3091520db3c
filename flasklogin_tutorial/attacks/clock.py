"""Another day: the clocks of an app in this process are put forward for a while.

Whether a lock ends by itself, and whether a cookie grows old, cannot be waited for.
"""

import datetime
import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import BuiltinMethodType, CellType, FunctionType, ModuleType
from typing import Any
from unittest.mock import patch

_DATETIME, _DATE = datetime.datetime, datetime.date

#: Clocks of `time` that count seconds, and those that count their billionths.
_SECONDS = ("time", "monotonic", "perf_counter")
_NANOSECONDS = ("time_ns", "monotonic_ns", "perf_counter_ns")


class _LikeReal(type):
    """What is shifted still takes real dates for its own."""

    real: type

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.real)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, cls.real)


def _shifted(ahead: datetime.timedelta) -> dict[type, Any]:
    """Return classes that are those of `datetime`, but for what they call now."""

    class Datetime(datetime.datetime, metaclass=_LikeReal):
        real = _DATETIME

        def __new__(cls, *values: Any, **named: Any) -> Any:
            return _DATETIME(*values, **named)

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return _DATETIME.now(tz) + ahead

        @classmethod
        def utcnow(cls) -> Any:
            return _DATETIME.now(datetime.UTC).replace(tzinfo=None) + ahead

        @classmethod
        def today(cls) -> Any:
            return _DATETIME.now() + ahead

    class Date(datetime.date, metaclass=_LikeReal):
        real = _DATE

        def __new__(cls, *values: Any, **named: Any) -> Any:
            return _DATE(*values, **named)

        @classmethod
        def today(cls) -> Any:
            return (_DATETIME.now() + ahead).date()

    return {_DATETIME: Datetime, _DATE: Date}


def _later(clock: Callable[[], Any], ahead: float) -> Callable[[], Any]:
    return lambda: clock() + type(clock())(ahead)


@contextmanager
def put_forward(ahead: datetime.timedelta, modules: list[str]) -> Iterator[None]:
    """Put the clocks forward that an app reads.

    They are those of `time`, and dates in the app's own modules. A clock that something has taken
    for itself before, as a default or in a closure, is found there.

    Args:
        ahead: by how much.
        modules: the names of the app's own modules.

    Yields:
        Nothing; the clocks are right again afterwards.
    """
    own = [name for name in modules if not name.startswith(str(__package__))]
    modules_there = [one for one in list(sys.modules.values()) if issubclass(type(one), ModuleType)]
    names = {id(vars(module)) for module in modules_there}  # a browser's tab has others, too
    holders = [(real, _holders_of(real, names)) for real in _taken_clocks()]
    shifted, seconds = _shifted(ahead), ahead.total_seconds()
    late: dict[Any, Any] = {}
    with ExitStack() as stack:
        for name in (*_SECONDS, *_NANOSECONDS):
            real = getattr(time, name)
            late[real] = _later(real, seconds if name in _SECONDS else seconds * 1e9)
            stack.enter_context(patch.object(time, name, late[real]))
        for real_class, shifted_class in shifted.items():
            stack.enter_context(patch.object(datetime, real_class.__name__, shifted_class))
        for name in own:
            module = sys.modules.get(name)
            for key, value in list(vars(module).items()) if module else []:
                if new := _instead_of(value, late, shifted):
                    stack.enter_context(patch.object(module, key, new))
        for real, found in holders:
            for holder in found:
                stack.enter_context(_held(holder, real, _instead_of(real, late, shifted)))
        yield


def _taken_clocks() -> list[Any]:
    """Return the clocks as they are handed around: functions, and methods of dates."""
    clocks = [getattr(time, name) for name in (*_SECONDS, *_NANOSECONDS)]
    return clocks + [
        one
        for one in gc.get_objects()
        if type(one) is BuiltinMethodType  # isinstance would ask proxies, which do as they like
        and (one.__self__ is _DATETIME or one.__self__ is _DATE)
        and one.__name__ in ("now", "utcnow", "today")
    ]


def _holders_of(clock: Any, names: set[int]) -> list[Any]:
    """Return the closures, objects and functions that have taken a clock for themselves.

    The names of modules are left out: other libraries need the right time.
    """
    found: list[Any] = []
    for one in gc.get_referrers(clock):
        if type(one) is CellType:
            found.append(one)
        elif type(one) is dict and id(one) not in names:
            classes = [owner for owner in gc.get_referrers(one) if isinstance(owner, type)]
            found += classes or [one]  # a class has to be told of what changes in it
        elif type(one) is tuple:
            users = (user for user in gc.get_referrers(one) if type(user) is FunctionType)
            found += [user for user in users if user.__defaults__ is one]
        elif not isinstance(one, ModuleType | type | FunctionType) and hasattr(one, "__dict__"):
            found.append(vars(one))
    return found


def _instead_of(value: Any, late: dict[Any, Any], shifted: dict[type, Any]) -> Any:
    """Return what takes the place of a clock; None for what is none."""
    if isinstance(value, type):
        return shifted.get(value)
    if not isinstance(value, BuiltinMethodType):
        return None
    if isinstance(value.__self__, type) and value.__self__ in shifted:
        return getattr(shifted[value.__self__], value.__name__, None)
    return late.get(value)


@contextmanager
def _held(holder: Any, real: Any, new: Any) -> Iterator[None]:
    """Let a holder of a clock hold another one for a while."""
    if isinstance(holder, CellType):
        holder.cell_contents = new
        try:
            yield
        finally:
            holder.cell_contents = real
    elif isinstance(holder, type):
        with ExitStack() as stack:
            for key in [key for key, value in vars(holder).items() if value is real]:
                stack.enter_context(patch.object(holder, key, staticmethod(new)))
            yield
    elif isinstance(holder, dict):
        keys = [key for key, value in holder.items() if value is real]
        with patch.dict(holder, dict.fromkeys(keys, new)):
            yield
    else:
        old = holder.__defaults__
        holder.__defaults__ = tuple(new if one is real else one for one in old)
        try:
            yield
        finally:
            holder.__defaults__ = old
