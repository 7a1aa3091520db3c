"""What a request has to be before the app looks at it: its host a host, its body whole.

So has the path that a proxy puts in front of all others, because it begins every link.

Flask reads the host before any handler of an app runs, and a library that reads a body raises what
the server raised. Either would be an error that no handler answers, so both are looked at here, in
front of the app.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, TypeVar

from flask import Flask, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    RequestEntityTooLarge,
    SecurityError,
)

from .prefix import is_prefix

_Read = TypeVar("_Read", bytes, list[bytes])

_NO_HOST, _NO_PREFIX = "flasklogin.no_host", "flasklogin.no_prefix"

_NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
#: The name of a host in ASCII, or an address in brackets, and maybe a port.
#: Source: RFC 9110, section 7.2; RFC 3986, section 3.2.2; RFC 1123, section 2.1.
_HOST = re.compile(
    rf"(?P<name>{_NAME}(?:\.{_NAME})*\.?|\[[0-9A-Fa-f:.]{{2,45}}\])(?::(?P<port>[0-9]{{0,5}}))?"
)
_LONGEST_HOST = 253
_LAST_PORT = 65535


class BadPrefix(SecurityError):
    """The app is said to be below something that is no path."""


class Entrance:
    """Stand between the server and an app, and let only well-formed requests through.

    Args:
        wsgi_app: the app.
    """

    def __init__(self, wsgi_app: Callable[..., Iterable[bytes]]) -> None:
        self.wsgi_app = wsgi_app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        environ["wsgi.input"] = _Body(environ["wsgi.input"])
        if not is_host(environ.get("HTTP_HOST", "")):
            # Whatever is said now is said without it. The app refuses the request at once.
            environ["HTTP_HOST"], environ[_NO_HOST] = "localhost", True
        if not is_prefix(environ.get("SCRIPT_NAME", "")):
            environ["SCRIPT_NAME"], environ[_NO_PREFIX] = "", True
        return self.wsgi_app(environ, start_response)


def register_entrance(app: Flask) -> None:
    """Put the entrance in front of an app.

    Args:
        app: the app.
    """
    app.wsgi_app = Entrance(app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def refuse_host() -> None:
        # Flask would refuse one that is not in TRUSTED_HOSTS too, but after the hooks: one of them
        # may answer first, with a page, and no page can be made for such a host.
        if _NO_PREFIX in request.environ:
            raise BadPrefix
        if _NO_HOST in request.environ or isinstance(request.routing_exception, SecurityError):
            raise SecurityError("the header Host names no host of this app")


def is_host(text: str) -> bool:
    """Tell whether a header Host can be read by everything that reads it.

    Args:
        text: what the header says. A request of HTTP/1.0 has none.

    Returns:
        Whether it is the name or the address of a host, with a port or without.
    """
    if not text:
        return True
    found = _HOST.fullmatch(text)
    if found is None or len(found["name"]) > _LONGEST_HOST or int(found["port"] or 0) > _LAST_PORT:
        return False
    if found["name"].startswith("["):
        return _is_ipv6(found["name"][1:-1])
    try:
        found["name"].encode().decode("idna")
    except UnicodeError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


def read_form() -> None:
    """Read the form that a request carries, whole.

    Raises:
        BadRequest: it cannot be read.
        HTTPException: a 413 for too much of it.
    """
    try:
        names = [*request.form, *request.files]
    except HTTPException:
        raise
    except Exception as error:  # whatever a parser meets in what somebody invented
        raise BadRequest from error
    if not all(isinstance(name, str) for name in names):  # a part without a name
        raise BadRequest


def refuse_rest() -> None:
    """Refuse a body that goes on where the app has stopped reading.

    One that comes in chunks does not say how long it is, and Werkzeug cuts it off in silence: what
    is left over might change what was meant.

    Raises:
        HTTPException: a 413 for more than MAX_CONTENT_LENGTH, a 400 for what cannot be read.
    """
    in_chunks = request.content_length is None and request.environ.get("wsgi.input_terminated")
    if in_chunks and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge


class _Body:
    """The body of a request, with one error for everything that can go wrong while it is read.

    Args:
        stream: what the server made.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def read(self, *size: int) -> bytes:
        return _or_bad_request(self.stream.read, *size)

    def readline(self, *size: int) -> bytes:
        return _or_bad_request(self.stream.readline, *size)

    def readlines(self, *hint: int) -> list[bytes]:
        return _or_bad_request(self.stream.readlines, *hint)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")


def _or_bad_request(read: Callable[..., _Read], *args: int) -> _Read:
    try:
        return read(*args)
    except Exception as error:
        # Each server has errors of its own for a client that went away or sent broken chunks, and
        # a parser that knows none of them would pass them on.
        raise BadRequest from error
