"""The path below which a proxy shows the app, such as /shop, and what follows from it.

WSGI calls it SCRIPT_NAME. Links and redirects follow by themselves, because `url_for` puts it in
front. Here is the rest: what counts as such a path, where cookies go, and what is outside.
"""

import re
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface

_LONGEST = 100
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")

#: A step up, or one that a browser reads as such. Source: WHATWG URL Standard, "double-dot URL path
#: segment".
_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)


def is_prefix(text: str) -> bool:
    """Tell whether the app can be below a path: its links begin with it.

    Args:
        text: the path. Nothing is the top of the host.

    Returns:
        Whether it is made of plain names with a slash before each.
    """
    return not text or (len(text) <= _LONGEST and _PREFIX.fullmatch(text) is not None)


def is_below(target: str) -> bool:
    """Tell whether a path is one of the app, and not of a neighbour on the same host.

    Args:
        target: a path, with or without a query and a fragment.

    Returns:
        Whether a browser that is sent there stays below the app's own path.
    """
    root = request.script_root
    return not root or (
        target.startswith(f"{root}/") and not _DOTS.search(re.split("[?#]", target)[0])
    )


def cookie_path(name: str) -> str:
    """Return the path that a cookie is for.

    A browser takes a cookie whose name begins with `__Host-` only for the whole host. That is worth
    more than the path: pages of one host can read one another, whatever their paths.

    Source: RFC 6265, section 8.6; RFC 6265bis, "The __Host- Prefix".

    Args:
        name: the name of the cookie.

    Returns:
        The app's own path, or that of the whole host.
    """
    return "/" if name.startswith("__Host-") else request.script_root or "/"


class PathOfSession(SecureCookieSessionInterface):
    """Flask's sessions, with a cookie for the path that the app is below."""

    def get_cookie_path(self, app: Flask) -> str:
        """Return the path of the session cookie."""
        chosen: str | None = app.config["SESSION_COOKIE_PATH"]
        return chosen or cookie_path(self.get_cookie_name(app))


class PathOfCookies:
    """Stands for an answer where a library sets a cookie, and gives the cookie its path.

    Args:
        response: the answer.
    """

    def __init__(self, response: Response) -> None:
        self._response = response

    def set_cookie(self, name: str, **options: Any) -> None:
        """Set a cookie, for the path that the app is below."""
        self._response.set_cookie(name, **options | {"path": cookie_path(name)})
