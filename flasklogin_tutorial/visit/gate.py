"""The gate in front of an app: it notes what goes wrong behind it, for the visit that caused it.

A gate changes nothing that the app sees. It keeps what the app writes to its error log, and an
exception that leaves the app, so that a client can be told *why* an answer is a 500.
"""

import io
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request
from flask.signals import got_request_exception
from werkzeug.test import run_wsgi_app

#: The request header by which a browser's request is found again behind the server.
TICKET_HEADER = "X-Visit-Ticket"

Environ = dict[str, Any]
WSGIApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Watch = Callable[[Flask], AbstractContextManager[Any]]


@dataclass
class Visit:
    """One request as the server side saw it.

    Attributes:
        watch: makes the context manager that surrounds the call of the app.
        seen: what that context manager returned on entering, a recording for example.
        app: the app that was visited; None before the request has come to it.
        error: the exception that left a view or the app, if one did.
        log: what the app wrote to its error log during the request.
    """

    watch: Watch = lambda app: nullcontext()
    seen: Any = None
    app: Flask | None = None
    error: BaseException | None = None
    log: io.StringIO = field(default_factory=io.StringIO)


_visits: dict[str, Visit] = {}


@contextmanager
def expect_visit(visit: Visit) -> Iterator[str]:
    """Let the gate find a visit.

    Args:
        visit: the visit.

    Yields:
        What the request has to carry in `TICKET_HEADER`.
    """
    ticket = secrets.token_hex(8)
    _visits[ticket] = visit
    try:
        yield ticket
    finally:
        del _visits[ticket]


def find_visit(ticket: str) -> Visit:
    """Return the visit that a request belongs to; a new one if nobody expects it."""
    return _visits.get(ticket) or Visit()


class Gate:
    """A WSGI callable in front of a Flask app that notes what goes wrong behind it.

    Args:
        app: the app to call.
        front: what is called instead of the app itself, such as the app with a page added to it.
    """

    def __init__(self, app: Flask, front: WSGIApp | None = None) -> None:
        self.app = app
        self.front = front or app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one WSGI request; an exception that leaves the app becomes a plain 500."""
        header = "HTTP_" + TICKET_HEADER.upper().replace("-", "_")
        visit = find_visit(environ.pop(header, ""))
        environ["wsgi.errors"] = visit.log
        visit.app = self.app

        def note_error(sender: Flask, exception: BaseException, **_: Any) -> None:
            if request.environ["wsgi.errors"] is visit.log:  # other visits go on beside this one
                visit.error = exception

        with got_request_exception.connected_to(note_error, sender=self.app):
            try:
                with visit.watch(self.app) as visit.seen:
                    chunks, status, headers = run_wsgi_app(self.front, environ, buffered=True)
                    body, sent = list(chunks), list(headers)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # sys.exit() in a view ends no server either
                visit.error = error
                body, status = [b"the app raised an exception"], "500 INTERNAL SERVER ERROR"
                sent = [("Content-Type", "text/plain")]
        start_response(status, sent)
        return body
