"""Cookies: reading a session without its key, copying them, and those that are only for HTTPS."""

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any, cast

import requests
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from requests.cookies import RequestsCookieJar, get_cookie_header


def read_session(
    cookies: Mapping[str, str] | RequestsCookieJar, name: str = "session"
) -> dict[str, Any] | None:
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


def forge_session(key: str, said: Mapping[str, Any]) -> str:
    """Write a Flask session cookie as whoever knows the secret key can.

    Args:
        key: the secret key.
        said: what the cookie says.

    Returns:
        The value of the cookie.
    """
    forger = Flask("forger")
    forger.secret_key = key
    signer = SecureCookieSessionInterface().get_signing_serializer(forger)
    return str(cast(Any, signer).dumps(dict(said)))


def copy_cookies_into(
    thief: requests.Session, browser: requests.Session, names: Iterable[str] | None = None
) -> None:
    """Give a browser copies of the cookies of another, which never end.

    Args:
        thief: who gets them.
        browser: whose cookies are copied.
        names: which of them; all if left out.

    Raises:
        LookupError: the browser has no cookie of that name.
    """
    kept = {cookie.name: cookie for cookie in browser.cookies}
    names = list(kept if names is None else names)
    for name in names:
        if name not in kept:
            there = ", ".join(sorted(kept)) or "none"
            raise LookupError(f"The browser has no cookie {name!r}. It has: {there}.")
    for name in names:
        cookie = copy(kept[name])
        cookie.expires = None
        thief.cookies.set_cookie(cookie)


def add_secure_cookies(request: requests.PreparedRequest) -> None:
    """Send cookies marked Secure to this machine without encryption, as real browsers do."""
    kept: RequestsCookieJar = vars(request)["_cookies"]
    if not any(cookie.secure for cookie in kept):
        return
    jar = RequestsCookieJar()
    for cookie in kept:
        cookie = copy(cookie)
        cookie.secure = False
        jar.set_cookie(cookie)
    request.headers.pop("Cookie", None)
    request.headers["Cookie"] = get_cookie_header(jar, request) or ""
