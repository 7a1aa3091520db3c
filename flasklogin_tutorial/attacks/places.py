"""Where in an app's source it is that an attack gets in: the view that answered."""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from flasklogin_tutorial.attacks.report import Row

#: A request in words, as the evidence has it, begins with these.
_REQUEST = re.compile(r"([A-Z]+) (/[^\s?]*)")

#: Where to look for what the view of the evidence only shows: in the login view, in the user
#: loader, or where the app is made, which is where its key, its cookies and its headers are set.
_ELSEWHERE = {
    "open-redirect": "login",
    "broken-ids": "loader",
    "deleted-users-cookie": "loader",
    "disabled-user-stays-in": "loader",
    "remember-after-logout": "loader",
    "remember-after-password-change": "loader",
    "remember-for-ever": "loader",
    "replay-after-logout": "loader",
    "replay-after-password-change": "loader",
    "debug-mode": "app",
    "forged-remember-cookie": "app",
    "forged-session-cookie": "app",
    "framed-or-misread": "app",
    "header-crashes": "app",
    "missing-cookie-flags": "app",
    "oversize-body": "app",
    "private-answer-cached": "app",
    "session-protection-spoofed": "app",
    "traceback-in-answers": "app",
}


@dataclass(frozen=True)
class Place:
    """Some lines of a file.

    Attributes:
        path: the file.
        first: the number of the first line.
        last: the number of the last line.
        name: what stands there: a view, or what makes the app.
    """

    path: Path
    first: int
    last: int
    name: str

    def shown(self, root: Path) -> str:
        """Return the place in one word, such as `app.py:12`, the file as seen from a folder."""
        return f"{relative(self.path, root)}:{self.first}"


def relative(path: Path, root: Path) -> str:
    """Return a file as seen from a folder; in whole if it is not in there."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def place_of(row: Row, app: Flask | str, written: str, root: Path) -> Place | None:
    """Find out where an attack got in.

    It is the first view of the evidence whose source can be read, or what stands in `_ELSEWHERE`.
    What is below `root` goes first, because a view of a library is not what its user can change.
    Where the evidence names no view, it is what makes the app.

    Args:
        row: what came of the attack.
        app: the app, or the address of a running one.
        written: the app as the command line has it, `module:name`.
        root: the folder that the reader's code is in.

    Returns:
        The place; None for an app in another process.
    """
    if isinstance(app, str):
        return None
    maker = list(filter(None, [_maker(app, written)]))
    elsewhere = _ELSEWHERE.get(row.attack.name)
    first = maker if elsewhere == "app" else list(_of_flask_login(app, elsewhere))
    found = [*first, *_views(row, app), *maker]
    own = (place for place in found if place.path.is_relative_to(root))
    return next(own, found[0] if found else None)


def _views(row: Row, app: Flask) -> Iterator[Place]:
    """Yield the views of the requests that an attack shows, in their order."""
    for exchange in row.outcome.exchanges:
        if request := _REQUEST.match(exchange.called):
            yield from _answers(app, request[1], request[2].rstrip(","))


def _of_flask_login(app: Flask, what: str | None) -> Iterator[Place]:
    """Yield the login view or the user loader, as Flask-Login knows them."""
    manager = getattr(app, "login_manager", None)
    if what == "login":
        view = app.view_functions.get(str(getattr(manager, "login_view", None)))
        yield from _source(view, "POST")
    elif what == "loader":
        yield from _source(getattr(manager, "user_callback", None), "")


def _answers(app: Flask, method: str, path: str) -> Iterator[Place]:
    adapter = app.url_map.bind("localhost")
    try:
        try:
            endpoint, _ = adapter.match(path, method)
        except RequestRedirect:  # only a slash is missing
            endpoint, _ = adapter.match(f"{path}/", method)
    except (HTTPException, RequestRedirect):
        return
    yield from _source(app.view_functions.get(str(endpoint)), method)


def _source(view: Callable[..., Any] | None, method: str) -> Iterator[Place]:
    """Yield where a view is written: below its decorators, and the method of a class."""
    kind = getattr(view, "view_class", None)
    if kind is not None:
        view = getattr(kind, method.lower(), getattr(kind, "dispatch_request", None))
    if (place := _lines_of(view)) is not None:
        yield place


def _maker(app: Flask, written: str) -> Place | None:
    """Return where the app is made: the function, or else the module."""
    module_name, _, name = written.partition(":")
    try:
        module = importlib.import_module(module_name or app.import_name)
    except ImportError:
        return None
    made = getattr(module, name, None)
    return (None if isinstance(made, Flask) else _lines_of(made)) or _lines_of(module)


def _lines_of(thing: Any) -> Place | None:
    if thing is None:
        return None
    thing = inspect.unwrap(thing) if callable(thing) else thing
    try:
        path = inspect.getsourcefile(thing)
        lines, first = inspect.getsourcelines(thing)
    except (OSError, TypeError):
        return None
    if path is None:
        return None
    if inspect.ismodule(thing):  # its lines are told as beginning with 0
        return Place(Path(path).resolve(), 1, max(1, len(lines)), thing.__name__)
    return Place(Path(path).resolve(), first, first + len(lines) - 1, _name_of(thing))


def _name_of(thing: Any) -> str:
    """Return what a function is called inside of what it stands in, such as `create_app`."""
    name: str = thing.__qualname__
    return name.rpartition("<locals>.")[2]
