"""The way to an app without a server: a transport of requests that calls the app in this process.

It works where there are no threads and no sockets. And only here a visitor can come from another
address than this machine's.
"""

import contextvars
import io
from http.client import HTTPMessage
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from werkzeug.test import EnvironBuilder, run_wsgi_app

from flasklogin_tutorial.visit.apps import require_app
from flasklogin_tutorial.visit.browser import LOOPBACK, Browser
from flasklogin_tutorial.visit.gate import Gate, WSGIApp

#: Where an app seems to live when it is called without a server.
IN_PROCESS_URL = f"http://{LOOPBACK}"


def in_process(
    app: Flask,
    front: WSGIApp | None = None,
    *,
    address: str = LOOPBACK,
    url: str = IN_PROCESS_URL,
) -> Browser:
    """Make a browser that calls an app without a server.

    Args:
        app: the Flask app.
        front: what is called instead of the app itself; see `Gate`.
        address: where the browser seems to be, such as `"203.0.113.7"`, which is nobody's
            (RFC 5737).
        url: where the app seems to be; a loopback address, with `https` for an app that is reached
            so.

    Returns:
        A new browser with no cookies.

    Raises:
        NotAFlaskApp: `app` is not a Flask app.
    """
    return Browser(url, InProcess(Gate(require_app(app), front), address))


class InProcess(BaseAdapter):
    """A transport for requests that calls a WSGI app instead of opening a connection.

    Args:
        gate: the app, behind its gate.
        address: where the requests seem to come from.
    """

    def __init__(self, gate: Gate, address: str = LOOPBACK) -> None:
        super().__init__()
        self.gate, self.address = gate, address

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Call the app and turn its answer into a `requests.Response`."""
        parts = urlsplit(str(request.url))
        environ = EnvironBuilder(
            path=parts.path,
            query_string=parts.query,
            base_url=f"{parts.scheme}://{parts.netloc}",
            method=str(request.method),
            headers=[(name, _header(value)) for name, value in request.headers.items()],
            data=_whole_body(request.body),
            environ_base={"REMOTE_ADDR": self.address},
        ).get_environ()
        environ["wsgi.input_terminated"] = True  # it ends by itself, also without a length
        if "Content-Length" in request.headers:  # the builder leaves out a zero
            environ["CONTENT_LENGTH"] = request.headers["Content-Length"]
        # An empty context, as in a server's thread: an app context that somebody holds open around
        # this call would otherwise lend its user to every visitor.
        chunks, status, headers = contextvars.Context().run(
            run_wsgi_app, self.gate, environ, buffered=True
        )
        code, _space, reason = status.partition(" ")
        message = HTTPMessage()
        for name, value in headers:
            message[name] = value
        raw = HTTPResponse(
            body=io.BytesIO(b"".join(chunks)),
            headers=HTTPHeaderDict(headers),
            status=int(code),
            reason=reason,
            preload_content=False,
            request_method=request.method,
            original_response=cast(Any, _Head(message)),
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


def _header(value: str | bytes) -> str:
    """Return the value of a header as WSGI has it (PEP 3333)."""
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _whole_body(body: Any) -> bytes:
    """Return a request's body in one piece; requests also takes files and iterators."""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body or ())
