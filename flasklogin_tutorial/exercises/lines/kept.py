"""The reader's own lines, kept beside their progress, and the app that is made of them."""

import inspect
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from flask_login import LoginManager

from flasklogin_tutorial.exercises import notes
from flasklogin_tutorial.exercises.lines.line import Line, all_lines, defined
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import new_app

#: The views that step 5 guards.
_GUARDED = ("create_record", "update_record", "delete_record")


def place() -> Path:
    """Return the path of the file that holds the lines."""
    return notes.place().with_name("my_lines.json")


def read() -> dict[str, str]:
    """Return the reader's own lines by number; empty if there is nothing to read."""
    with suppress(OSError, ValueError):
        found = json.loads(place().read_text(encoding="utf-8"))
        if isinstance(found, dict):
            return {number: text for number, text in found.items() if isinstance(text, str)}
    return {}


def keep(number: str, source: str | None) -> None:
    """Keep lines that are right. A file that cannot be written is left.

    Args:
        number: the place in the lesson, such as "4a".
        source: the lines.
    """
    if source is None:
        return
    with suppress(OSError):
        beside = place().with_name("my_lines.json.new")
        beside.write_text(json.dumps(read() | {number: source}), encoding="utf-8")
        beside.replace(place())


def my_app() -> Flask:
    """Make the app of step 6 with the reader's own lines in the places where they wrote any.

    Prints which lines are the reader's and which are the step's.

    Returns:
        The app, with an empty database.
    """
    own = read()
    app = new_app(step06.create_app)
    names = vars(step06) | {"app": app, "login_manager": _manager_of(app)}
    mine = []
    for one, value in _written(own, names):
        _put(app, one.name, value)
        mine.append(one.number)
    places = [one.number for one in all_lines() if one.name in _PLACES]
    others = [number for number in places if number not in mine]
    print(f"{len(mine)} of {len(places)} places in this app hold your lines.")
    if others:
        print(f"These hold the step's: {', '.join(others)}.")
    return app


def _written(own: dict[str, str], names: dict[str, Any]) -> Iterator[tuple[Line, Any]]:
    """Yield what the reader wrote and the app has a place for, as long as it can be run."""
    for one in all_lines():
        source = own.get(one.number)
        if source is None or one.name not in _PLACES:
            continue
        text = source if one.name in source else f"{one.name} = {source}"
        with suppress(Exception):  # a file that somebody has changed
            yield one, defined(text, one.name, names)


def _manager_of(app: Flask) -> LoginManager:
    return vars(app)["login_manager"]


def _bind(app: Flask, bind: Any) -> None:
    before = _manager_of(app)
    bind(app)
    _manager_of(app).login_view = before.login_view
    _manager_of(app).user_loader(before._user_callback)


def _name_login_view(app: Flask, login_view: str) -> None:
    _manager_of(app).login_view = login_view


def _protect(app: Flask, protect: Any) -> None:
    for name in _GUARDED:
        app.view_functions[name] = inspect.unwrap(app.view_functions[name])
    protect(app)


def _load(app: Flask, load_user: Any) -> None:
    _manager_of(app).user_loader(load_user)


_PLACES = {
    "bind": _bind,
    "login_view": _name_login_view,
    "login": lambda app, view: app.view_functions.update(login=view),
    "is_active": lambda app, value: setattr(step06.User, "is_active", value),
    "get_id": lambda app, function: setattr(step06.User, "get_id", function),
    "load_user": _load,
    "protect": _protect,
    "logout": lambda app, view: app.view_functions.update(logout=view),
    "user_info": lambda app, view: app.view_functions.update(user_info=view),
}


def _put(app: Flask, name: str, value: Any) -> None:
    _PLACES[name](app, value)
