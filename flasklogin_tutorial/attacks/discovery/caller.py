"""Who is calling: asked of Flask-Login itself, at the end of each request.

No page has to print a name for it. Nothing is wrapped: Flask says that a request is finished, and
Flask-Login knows then who sent it.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.signals import request_finished
from flask_login import current_user

#: How deep the texts of a user are looked for: a document within a document within the user.
_DEPTH = 4


@dataclass
class Caller:
    """Who sent a request, as Flask-Login knows them.

    Attributes:
        identity: what `get_id()` returned; empty for a stranger.
        texts: what the user's record holds, such as the name and the e-mail address.
    """

    identity: str = ""
    texts: set[str] = field(default_factory=set)

    def is_called(self, name: str) -> bool:
        """Tell whether the caller is a user, and one of their texts is this name."""
        return bool(self.identity) and name in self.texts


@contextmanager
def who_is_calling(app: Flask) -> Iterator[Caller]:
    """Note who sends a request.

    Args:
        app: the app that answers it.

    Yields:
        The caller, known when the request is finished.
    """
    caller, thread = Caller(), threading.get_ident()

    def look(sender: Flask, **_: Any) -> None:
        if threading.get_ident() != thread:  # the request of somebody else at the same time
            return
        with suppress(Exception):  # a user loader that breaks has broken the request already
            if current_user.is_authenticated:
                caller.identity = str(current_user.get_id() or "")
                caller.texts = {caller.identity, *_texts(_content(current_user), _DEPTH)}

    with request_finished.connected_to(look, sender=app):
        yield caller


def _content(user: Any) -> Any:
    """Return what a user consists of: a document's fields, a row's columns, or its attributes."""
    user = user._get_current_object()
    if hasattr(user, "to_mongo"):
        return user.to_mongo()
    mapper = getattr(type(user), "__mapper__", None)
    if mapper is not None:
        return {one.key: getattr(user, one.key) for one in mapper.column_attrs}
    return vars(user)


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each, depth - 1)
    elif depth and isinstance(value, (list, tuple, set)):
        for each in value:
            yield from _texts(each, depth - 1)
