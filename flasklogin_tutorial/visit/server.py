"""Serve an app to browsers: over real HTTP where there are threads, in process elsewhere."""

import sys
import threading
import weakref
from collections.abc import Callable

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from flasklogin_tutorial.visit.apps import require_app
from flasklogin_tutorial.visit.browser import LOOPBACK, Browser
from flasklogin_tutorial.visit.gate import Gate
from flasklogin_tutorial.visit.transport import in_process

_SERVER = "tutorial_server"


class _QuietHandler(WSGIRequestHandler):
    """A request handler that does not write a line into the notebook for every request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing; `trace` is there to say it better."""


class _Server:
    """A running HTTP server of one app, and the number of browsers that use it."""

    def __init__(self, app: Flask) -> None:
        self.http: BaseWSGIServer = make_server(
            LOOPBACK, 0, Gate(app), threaded=True, request_handler=_QuietHandler
        )
        self.url = f"http://{LOOPBACK}:{self.http.server_port}"
        self.browsers = 0
        self._thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        if threading.current_thread() is self._thread:  # a thread cannot wait for its own end
            threading.Thread(target=self.stop, daemon=True).start()
            return
        self.http.shutdown()
        self._thread.join()
        self.http.server_close()


def can_start_threads() -> bool:
    """Tell whether this Python can run a server beside a notebook; in a browser tab none can."""
    return sys.platform not in {"emscripten", "wasi"}


def serve(app: Flask) -> Browser:
    """Open a new browser on an app.

    The first browser of an app starts a server for it on a free port of the loopback address; the
    next ones visit the same server. Each has cookies of its own, so two browsers are two people.
    The server ends with its last browser, or with Python.

    Args:
        app: the Flask app, as `create_app()` returns it.

    Returns:
        A `requests.Session` that takes paths: `ada.get("/")`. It can be used in a `with` statement.

    Raises:
        NotAFlaskApp: `app` is something else; the message says what.
    """
    require_app(app)
    if not can_start_threads():
        return in_process(app)
    server = app.extensions.get(_SERVER)
    if server is None:
        server = app.extensions[_SERVER] = _Server(app)
    server.browsers += 1
    release = _once(lambda: _release(app, server))
    browser = Browser(server.url, on_close=release)
    weakref.finalize(browser, release).atexit = False
    return browser


def _release(app: Flask, server: _Server) -> None:
    server.browsers -= 1
    if server.browsers == 0:
        del app.extensions[_SERVER]
        server.stop()


def _once(function: Callable[[], None]) -> Callable[[], None]:
    """Return a function that does its work at the first call and nothing later."""
    calls = [function]

    def call() -> None:
        if calls:
            calls.pop()()

    return call
