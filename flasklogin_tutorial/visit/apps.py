"""The app that is visited: whether it is one, and a new one that finds nothing of those before it.

mongoengine keeps one connection for the whole process, and flask-mongoengine-3 the settings of the
first app for all that follow. `forget` makes both forget.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mongoengine
from flask import Flask
from flask_mongoengine import MongoEngine


class NotAFlaskApp(TypeError):
    """Something that is no Flask app was handed to a function that needs one.

    Args:
        what: what it is.
        advice: what to hand over instead.
    """

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"A Flask app is needed here, and this is {what}. {advice}")
        self.what, self.advice = what, advice


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


def new_app(create_app: Callable[..., object], config: Mapping[str, Any] | None = None) -> Flask:
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
    forget()
    return require_app(create_app() if config is None else create_app(config))


def forget() -> None:
    """Make mongoengine and flask-mongoengine-3 forget the apps of this process so far.

    The connections are closed, and an embedded database ends with its connection. Every document
    class forgets its collection; disconnecting makes only one class of each name do so, and every
    step has a `User`. And the extension forgets the settings of its first app: whoever writes
    `class User(db.Document)` has that `db` at the top of the same module.
    """
    mongoengine.disconnect_all()
    for document in _all_below(mongoengine.Document):
        document._collection = None
        module = sys.modules.get(document.__module__)
        for value in list(vars(module).values()) if module is not None else []:
            if type(value) is MongoEngine:
                value.config = None


def remove_documents(mark: str) -> None:
    """Delete every document that has a text with a mark in it, past the app.

    Only classes whose documents were used since the last `forget` are looked at. A document of an
    app that can be neither logged into nor deleted from goes too.

    Args:
        mark: what no text has but those that are to be deleted, in any case of its letters.
    """
    has_mark = re.compile(re.escape(mark), re.IGNORECASE)
    for document in _all_below(mongoengine.Document):
        if getattr(document, "_collection", None) is None:
            continue
        texts = [
            {field.db_field: has_mark}
            for field in document._fields.values()
            if isinstance(field, mongoengine.StringField)
        ]
        if texts:
            document._collection.delete_many({"$or": texts})


def _all_below(base: Any) -> Iterator[Any]:
    for child in base.__subclasses__():
        yield child
        yield from _all_below(child)
