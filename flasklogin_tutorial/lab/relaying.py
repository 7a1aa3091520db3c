"""A site in the middle: it looks like an app, sends on what comes in, and keeps what comes back.

It has no server: whoever opens it calls it in this process, and so it calls the app.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from werkzeug.wrappers import Request

from flasklogin_tutorial.visit import Browser, in_process, require_app

#: What belongs to one connection, and to the visitor's own browser. All else is sent on.
_KEPT_BACK = {"connection", "content-length", "cookie", "host", "transfer-encoding"}

#: What of an answer is for whoever asked the app: Mallory's browser keeps the cookies.
_NOT_PASSED_ON = {"connection", "content-length", "set-cookie", "transfer-encoding"}


class Relay:
    """A page in the middle, as `relay` makes it.

    Args:
        app: the app that is behind it.
        origin: where it is.

    Attributes:
        origin: where it is.
        mallory: the browser with which it asks the app, and which is logged in when a visitor is.
        typed: what visitors have typed into its forms, by the name of the field.
    """

    def __init__(self, app: Flask, origin: str) -> None:
        self.app, self.origin = require_app(app), origin
        self.mallory = in_process(app)
        self.typed: dict[str, Any] = {}

    def open(self) -> Browser:
        """Open a browser of somebody who takes the page for the app."""
        return in_process(self.app, self)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Send one request on to the app, and its answer back."""
        request = Request(environ)
        body = request.get_data()
        said = request.get_json(silent=True) if request.is_json else None
        if request.mimetype == "application/x-www-form-urlencoded":
            self.typed.update(parse_qsl(body.decode(errors="replace")))
        elif isinstance(said, dict):
            self.typed.update(said)
        sent = {name: value for name, value in request.headers if name.lower() not in _KEPT_BACK}
        if "Origin" in sent:  # whatever the app wants to hear
            sent["Origin"] = self.mallory.base_url
        answer = self.mallory.request(
            request.method, request.full_path, data=body, headers=sent, allow_redirects=False
        )
        passed = [
            (name, value)
            for name, value in answer.headers.items()
            if name.lower() not in _NOT_PASSED_ON
        ]
        start_response(f"{answer.status_code} {answer.reason}", passed)
        return [answer.content]

    def __repr__(self) -> str:
        return f"<{self.origin}, in front of an app>"


def relay(app: Flask, origin: str) -> Relay:
    """Put a site in the middle, between people and an app.

    Args:
        app: the app.
        origin: where the site is, such as `"https://c1ub.example"`: almost where the app is.

    Returns:
        The site. `open()` gives the browser of a visitor, and `mallory` is whose site it is.
    """
    return Relay(app, origin)
