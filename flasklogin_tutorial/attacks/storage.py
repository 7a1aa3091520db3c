"""What the attacks know of an app's database: whether it may be ruined, and what lies in it.

Everything else goes over HTTP. A password that lies at rest as it was typed cannot be seen there,
and an app must not be attacked whose database matters to somebody.
"""

from collections.abc import Iterator
from typing import Any

import mongoengine
import mongomock
from flask import Flask

#: Documents or rows of one collection or table that are looked at, the newest first.
DEPTH = 200


def is_disposable(app: Flask) -> bool:
    """Tell whether everything that the app stores is gone when the process ends.

    Args:
        app: the app.

    Returns:
        True for mongomock and for SQLite in memory. False for every other database, and where the
        app does not say where it keeps its users.
    """
    kept = [isinstance(one, mongomock.MongoClient) for one in _mongo_clients(app)]
    with app.app_context():
        kept += [str(engine.url.database or ":memory:") == ":memory:" for engine in _engines(app)]
        kept += [engine.url.get_backend_name() == "sqlite" for engine in _engines(app)]
    return bool(kept) and all(kept)


def can_look_inside(app: Flask) -> bool:
    """Tell whether the records of this app can be read here."""
    return bool(_mongo_clients(app)) or "sqlalchemy" in app.extensions


def stored_records(app: Flask, name: str) -> list[dict[str, Any]]:
    """Return every document or row in which a user's name stands.

    Args:
        app: the app.
        name: the user's name.

    Returns:
        The documents or rows, by the names of their fields.
    """
    return [one for one in (*_mongo_records(app), *_sql_records(app)) if name in one.values()]


def stored_texts(app: Flask, name: str) -> list[str]:
    """Return every text that is stored beside a user's name, without the name itself."""
    values = [value for one in stored_records(app, name) for value in one.values()]
    texts = [v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in values]
    return [text for text in texts if isinstance(text, str) and text and text != name]


def _mongo_clients(app: Flask) -> list[Any]:
    states = app.extensions.get("mongoengine", {}).values()
    return [client for state in states for client in state["conn"].values()]


def _mongo_records(app: Flask) -> Iterator[dict[str, Any]]:
    for state in app.extensions.get("mongoengine", {}).values():
        for alias in state["conn"]:
            database = mongoengine.get_db(alias)
            for name in database.list_collection_names():
                yield from database[name].find().sort("_id", -1).limit(DEPTH)


def _engines(app: Flask) -> list[Any]:
    """Return the engines of Flask-SQLAlchemy; an app context has to be open."""
    if "sqlalchemy" not in app.extensions:
        return []
    return list(app.extensions["sqlalchemy"].engines.values())


def _sql_records(app: Flask) -> list[dict[str, Any]]:
    if "sqlalchemy" not in app.extensions:
        return []
    database = app.extensions["sqlalchemy"]
    with app.app_context():
        tables = [table for data in database.metadatas.values() for table in data.tables.values()]
        rows = [
            dict(row._mapping)
            for table in tables
            for row in database.session.execute(database.select(table).limit(DEPTH))
        ]
        database.session.remove()
    return rows
