"""Who Flask-Login takes the sender of a request for, seen in the app's own process.

A page that prints the name is a poor witness: many apps have none, and some print everybody's.
Flask-Login itself knows who is calling. It is asked when the answer is finished, so nothing that
the app does is changed by the question.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask, has_request_context
from flask.signals import request_finished
from flask_login import current_user

from flasklogin_tutorial.attacks.storage import flat
from flasklogin_tutorial.visit import Reply, visit_of


@dataclass
class Caller:
    """Whoever sent one request, as Flask-Login sees them.

    Attributes:
        asked: whether Flask-Login could be asked.
        is_somebody: whether they are logged in.
        identity: what the session knows them by.
        fields: what their record holds, by the paths of its fields.
    """

    asked: bool = False
    is_somebody: bool = False
    identity: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    def is_called(self, name: str) -> bool:
        """Tell whether they are somebody in whose record this name stands."""
        return self.is_somebody and (name == self.identity or name in self.fields.values())


@contextmanager
def watching(app: Flask) -> Iterator[Caller]:
    """Note who sends the request that is answered meanwhile, in this thread.

    Args:
        app: the app.

    Yields:
        The sender; known when the answer is finished.
    """
    caller, here = Caller(), threading.get_ident()

    def note(sender: Flask, **_: Any) -> None:
        if threading.get_ident() == here and has_request_context():
            _ask(sender, caller)

    with request_finished.connected_to(note, sender=app):
        yield caller


def _ask(app: Flask, caller: Caller) -> None:
    if not hasattr(app, "login_manager"):
        return
    try:
        user = cast(Any, current_user)._get_current_object()
        is_somebody = getattr(user, "is_authenticated", False)
        caller.is_somebody = bool(is_somebody() if callable(is_somebody) else is_somebody)
        if caller.is_somebody:
            caller.fields = flat(user)
            caller.identity = str(user.get_id())
    except Exception:  # whatever the app's own user loader and user raise is nobody
        caller.is_somebody = False
        return
    caller.asked = True


def caller_of(reply: Reply) -> Caller:
    """Return who sent a request that was watched; nobody is known of any other."""
    seen = visit_of(reply.response).seen
    return seen if isinstance(seen, Caller) else Caller()
