"""A small HTTP client for apps on this machine, shared by the checks and the lab.

A `Browser` is a `requests.Session` that knows the address of one app and speaks to no other. It
keeps cookies, so two browsers are two people. Between a browser and its app lies either a real HTTP
server (see `flasklogin_tutorial.lab`) or `InProcess`, a transport adapter of requests that calls
the app directly; the second works where there are no threads and no sockets.

In front of every app stands a `Gate`. It changes nothing that the app sees. It keeps what the app
writes to its error log, and an exception that leaves the app, with the visit that caused them, so
that a client can be told *why* an answer is a 500.
"""

import contextvars
import copy
import io
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPMessage
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import requests
from flask import Flask, request
from flask.sessions import TaggedJSONSerializer
from flask.signals import got_request_exception
from itsdangerous import URLSafeTimedSerializer
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.test import EnvironBuilder, run_wsgi_app

#: The request header by which a browser's request is found again behind the server.
TICKET_HEADER = "X-Visit-Ticket"

#: Where an app seems to live when it is called without a server.
IN_PROCESS_URL = "http://127.0.0.1"

#: Seconds that a browser waits for an answer before it gives up.
TIMEOUT_SECONDS = 30

Environ = dict[str, Any]
Watch = Callable[[Flask], AbstractContextManager[Any]]


class NotAFlaskApp(TypeError):
    """Something that is no Flask app was handed to a function that needs one.

    Args:
        what: what it is.
        advice: what to hand over instead.
    """

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"A Flask app is needed here, and this is {what}. {advice}")
        self.what, self.advice = what, advice


@dataclass
class Visit:
    """One request as the server side saw it.

    Attributes:
        watch: makes the context manager that surrounds the call of the app.
        seen: what that context manager returned on entering, a recording for example.
        error: the exception that left a view or the app, if one did.
        log: what the app wrote to its error log during the request.
    """

    watch: Watch = lambda app: nullcontext()
    seen: Any = None
    error: BaseException | None = None
    log: io.StringIO = field(default_factory=io.StringIO)


_visits: dict[str, Visit] = {}


class Gate:
    """A WSGI callable in front of a Flask app that notes what goes wrong behind it.

    Args:
        app: the app to call.
        front: what is called instead of the app itself, such as the app with a page added to it.
    """

    def __init__(self, app: Flask, front: Callable[..., Iterable[bytes]] | None = None) -> None:
        self.app = app
        self.front = front or app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one WSGI request; an exception that leaves the app becomes a plain 500."""
        header = "HTTP_" + TICKET_HEADER.upper().replace("-", "_")
        visit = _visits.get(environ.pop(header, ""), Visit())
        environ["wsgi.errors"] = visit.log

        def note_error(sender: Flask, exception: BaseException, **_: Any) -> None:
            if request.environ["wsgi.errors"] is visit.log:  # other visits go on beside this one
                visit.error = exception

        with got_request_exception.connected_to(note_error, sender=self.app):
            try:
                with visit.watch(self.app) as visit.seen:
                    body, status, headers = run_wsgi_app(self.front, environ, buffered=True)
                    body = list(body)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # sys.exit() in a view ends no server either
                visit.error = error
                body, status = [b"the app raised an exception"], "500 INTERNAL SERVER ERROR"
                headers = [("Content-Type", "text/plain")]
        start_response(status, list(headers))
        return body


class InProcess(BaseAdapter):
    """A transport for requests that calls a WSGI app instead of opening a connection.

    Args:
        gate: the app, behind its gate.
    """

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self.gate = gate

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Call the app and turn its answer into a `requests.Response`."""
        parts = urlsplit(request.url)
        environ = EnvironBuilder(
            path=parts.path,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            method=request.method,
            headers=list(request.headers.items()),
            data=_whole_body(request.body),
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
        ).get_environ()
        environ["wsgi.input_terminated"] = True  # it ends by itself, also without a length
        if "Content-Length" in request.headers:  # the builder leaves out a zero
            environ["CONTENT_LENGTH"] = request.headers["Content-Length"]
        # An empty context, as in a server's thread: an app context that somebody holds open around
        # this call would otherwise lend its user to every visitor.
        chunks, status, headers = contextvars.Context().run(
            run_wsgi_app, self.gate, environ, buffered=True
        )
        code, _, reason = status.partition(" ")
        message = HTTPMessage()
        for name, value in headers:
            message[name] = value
        raw = HTTPResponse(
            body=io.BytesIO(b"".join(chunks)),
            headers=list(headers),
            status=int(code),
            reason=reason,
            preload_content=False,
            request_method=request.method,
            original_response=_Head(message),
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Do nothing: there is no connection to close."""


class _Head:
    """The part of `http.client.HTTPResponse` from which requests reads cookies."""

    def __init__(self, message: HTTPMessage) -> None:
        self.msg = message

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        pass


def _whole_body(body: Any) -> bytes:
    """Return a request's body in one piece; requests also takes files and iterators."""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body or ())


class Browser(requests.Session):
    """One visitor of one app: a `requests.Session` with a base URL and cookies of its own.

    Args:
        base_url: where the app is; a loopback address.
        adapter: the transport, if it is not plain HTTP.
        on_close: called once when the browser is closed.

    Raises:
        ValueError: `base_url` is not a loopback address.
    """

    def __init__(
        self,
        base_url: str,
        adapter: BaseAdapter | None = None,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        if urlsplit(base_url).hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError(
                f"{base_url} is not a loopback address. This client visits apps on this machine "
                "only; start the app here and give its address, such as http://127.0.0.1:5000."
            )
        self.base_url = base_url
        self.watch: Watch | None = None
        self.trust_env = False  # no proxy from the environment, no passwords from a netrc file
        self.headers["User-Agent"] = "tutorial-browser"
        self.hooks["response"].append(_attach_visit)
        self._on_close = on_close
        if adapter is not None:
            self.mount(base_url, adapter)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request to a path of the app, such as `"/login"`.

        Args:
            method: the HTTP verb.
            url: a path on the app, or a whole address that begins with the app's.
            *args: handed on to `requests.Session.request`.
            **kwargs: handed on to `requests.Session.request`.

        Returns:
            The response. Its attribute `visit` holds what the server side noted.

        Raises:
            ValueError: the address is not the app's.
        """
        kwargs.setdefault("timeout", TIMEOUT_SECONDS)
        return super().request(method, urljoin(self.base_url, url), *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request, a redirect's next hop included."""
        if urlsplit(request.url)[:2] != urlsplit(self.base_url)[:2]:
            raise ValueError(
                f"{request.url} is not on {self.base_url}. This browser visits one app only: give "
                "a path, such as browser.get('/'). If a redirect led here, look at it with "
                "allow_redirects=False."
            )
        ticket, visit = secrets.token_hex(8), Visit()
        if self.watch is not None:
            visit.watch = self.watch
        request.headers[TICKET_HEADER] = ticket
        _add_secure_cookies(request)
        _visits[ticket] = visit
        try:
            return super().send(request, **kwargs)
        finally:
            del _visits[ticket]

    def close(self) -> None:
        """Close connections, and whatever was opened for this browser."""
        super().close()
        if self._on_close is not None:
            self._on_close()
            self._on_close = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        names = ", ".join(sorted(cookie.name for cookie in self.cookies)) or "none"
        return f"<a browser, cookies: {names}>"


def _add_secure_cookies(request: requests.PreparedRequest) -> None:
    """Send cookies marked Secure to this machine without encryption, as real browsers do."""
    if not any(cookie.secure for cookie in request._cookies):
        return
    jar = requests.cookies.RequestsCookieJar()
    for cookie in request._cookies:
        cookie = copy.copy(cookie)
        cookie.secure = False
        jar.set_cookie(cookie)
    request.headers.pop("Cookie", None)
    request.headers["Cookie"] = requests.cookies.get_cookie_header(jar, request)


def _attach_visit(response: requests.Response, **_: Any) -> None:
    """Give a response its visit; requests calls this for every hop of a redirect."""
    response.visit = _visits[response.request.headers[TICKET_HEADER]]


def require_app(app: object) -> Flask:
    """Return the argument if it is a Flask app.

    Args:
        app: what somebody handed over as an app.

    Returns:
        The app.

    Raises:
        NotAFlaskApp: it is none; the message says what it is and what to do.
    """
    if isinstance(app, Flask):
        return app
    if app is None:
        advice = "A function without `return app` gives None: does create_app() end with it?"
        raise NotAFlaskApp("None", advice)
    if callable(app):
        name = getattr(app, "__name__", type(app).__name__)
        raise NotAFlaskApp(f"the {type(app).__name__} {name}", f"Call it: {name}().")
    raise NotAFlaskApp(f"a {type(app).__name__}", "Hand over what create_app() returns.")


def in_process(app: Flask, front: Callable[..., Iterable[bytes]] | None = None) -> Browser:
    """Make a browser that calls an app without a server.

    Args:
        app: the Flask app.
        front: what is called instead of the app itself; see `Gate`.

    Returns:
        A new browser with no cookies.

    Raises:
        NotAFlaskApp: `app` is not a Flask app.
    """
    return Browser(IN_PROCESS_URL, InProcess(Gate(require_app(app), front)))


def read_session(cookies: Mapping[str, str], name: str = "session") -> dict[str, Any] | None:
    """Read a Flask session cookie without knowing the secret key.

    The cookie is signed, not encrypted: the key keeps others from changing it, not from reading it
    (Flask documentation, "Sessions").

    Args:
        cookies: names and values, such as `browser.cookies` or the cookies of a request.
        name: the name of the session cookie.

    Returns:
        What the cookie says, or None where there is no such cookie or it cannot be read.
    """
    value = cookies.get(name)
    if not value:
        return None
    reader = URLSafeTimedSerializer("", serializer=TaggedJSONSerializer())
    _, said = reader.loads_unsafe(value)
    return said if isinstance(said, dict) else None


def status_text(code: int) -> str:
    """Return a status code with its name, such as `405 Method Not Allowed`.

    The names are Werkzeug's, which Flask answers with. Those of Python's `http` differ from one
    Python to the next: 413, 414, 416 and 422 have other names since 3.13.
    """
    name = HTTP_STATUS_CODES.get(code)
    return f"{code} {name}" if name else str(code)


def describe_error(error: BaseException) -> str:
    """Name an exception and give the first line of what it says.

    Args:
        error: the exception.

    Returns:
        Such as `ValueError: not a number`.
    """
    said = str(error).strip()
    return f"{type(error).__name__}: {said.splitlines()[0]}" if said else type(error).__name__
