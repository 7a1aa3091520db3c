"""The embedded database, for development: mongomock, with one step where it has two.

MongoDB finds a document and changes or deletes it in one step. mongomock finds it first and changes
it afterwards, by its id, and a thread that comes in between does the same: one code would log two
browsers in. Here one thread after the other does both.
"""

import functools
import threading
from typing import Any

#: What mongomock does in two steps.
_IN_TWO_STEPS = ("_find_and_modify", "_delete")

_LOCK = threading.RLock()


def embedded_client() -> type[Any]:
    """Return the client of the embedded database.

    Raises:
        ImportError: its package is not installed.
    """
    from mongomock import MongoClient
    from mongomock.collection import Collection

    for name in _IN_TWO_STEPS:
        do = getattr(Collection, name)
        if not hasattr(do, "__wrapped__"):
            setattr(Collection, name, _one_after_the_other(do))
    client: type[Any] = MongoClient
    return client


def _one_after_the_other(do: Any) -> Any:
    @functools.wraps(do)
    def locked(*args: Any, **named: Any) -> Any:
        with _LOCK:
            return do(*args, **named)

    return locked
