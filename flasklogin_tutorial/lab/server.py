"""Serve an app to browsers: over real HTTP where there are threads, in process elsewhere."""

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import mongoengine
from flask import Flask
from flask_mongoengine import MongoEngine
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from flasklogin_tutorial.visit.client import Browser, Gate, in_process, require_app

#: The only address that an app of the course is served on. The article's app lets anyone in: on an
#: address that other machines reach, it would let in everyone who finds it.
LOOPBACK = "127.0.0.1"

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
        self.http.daemon_threads = True
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


def new_app(create_app: Callable[..., Flask], config: Mapping[str, Any] | None = None) -> Flask:
    """Make an app that starts with an empty embedded database.

    The apps of one Python process share one connection, and with it one embedded database: an app
    made by calling `create_app()` alone finds the records of the app before it.

    Args:
        create_app: the function that makes the app.
        config: settings to hand to it; if left out, it is called with nothing.

    Returns:
        What `create_app()` returns.

    Raises:
        TypeError: `create_app` cannot be called, such as an app that was made already.
        NotAFlaskApp: `create_app()` did not return an app.
    """
    if isinstance(create_app, Flask) or not callable(create_app):
        raise TypeError(
            f"new_app() makes the app itself, and was given {type(create_app).__name__}. Hand over "
            "the function without calling it: new_app(create_app)."
        )
    mongoengine.disconnect_all()
    for document in _all_documents(mongoengine.Document):
        document._collection = None  # every class remembers the collection it used last
    for thing in gc.get_objects():
        if type(thing) is MongoEngine:
            thing.config = None  # every extension remembers the settings of its first app
    return require_app(create_app() if config is None else create_app(config))


def _all_documents(base: type) -> list[type]:
    below = base.__subclasses__()
    return below + [document for child in below for document in _all_documents(child)]
