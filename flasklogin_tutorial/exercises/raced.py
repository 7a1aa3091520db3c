"""Somebody else who writes in between, for code that looks first and writes afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class _Raced:
    """A collection in which somebody else comes before a write.

    Args:
        collection: the collection.
        rival: what somebody else does, once.
    """

    _WRITES = ("delete", "update", "replace", "find_one_and", "insert", "bulk_write")

    def __init__(self, collection: Any, rival: Callable[[], Any]) -> None:
        self.collection, self.rival = collection, rival
        self.waits = True

    def __getattr__(self, name: str) -> Any:
        if name == "with_options":  # gives the same collection, with other options
            return lambda **_: self
        if self.waits and name.startswith(self._WRITES):
            self.waits = False
            self.rival()
        return getattr(self.collection, name)

    def __bool__(self) -> bool:
        return True


@contextmanager
def raced(document: Any, rival: Callable[[], Any]) -> Iterator[None]:
    """Let somebody else come before the first write of a block to the collection of a document.

    Args:
        document: the class of the documents.
        rival: what somebody else does, once.

    Yields:
        Nothing.
    """
    raw = document._get_collection()
    document._collection = _Raced(raw, rival)
    try:
        yield
    finally:
        document._collection = raw
