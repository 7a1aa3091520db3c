"""What the attacks know of an app's database: whether it may be ruined, and what lies in it.

Everything else goes over HTTP. A password that lies at rest as it was typed cannot be seen there,
and an app must not be attacked whose database matters to somebody.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import mongoengine
import mongomock
from bson import ObjectId
from flask import Flask
from mongoengine.base import BaseDocument

#: Documents or rows of one collection or table that are looked at, the newest first.
DEPTH = 1000

#: How deep records are read that lie in one another, and how many values at most.
_LEVELS, _MOST = 6, 1000


@dataclass(frozen=True)
class Record:
    """A document or a row.

    Attributes:
        place: the collection or table that it lies in.
        identity: what tells it from the others there.
        values: its fields, by their paths, such as `profile.email`.
    """

    place: str
    identity: Any
    values: dict[str, Any]

    @property
    def texts(self) -> list[str]:
        """Every text in it; what is stored as bytes as text, and in hexadecimal."""
        found: list[str] = []
        for value in self.values.values():
            if isinstance(value, bytes):
                found += [value.decode("utf-8", "replace"), value.hex()]
            elif isinstance(value, str) and value:
                found.append(value)
        return found


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
        kept += [lies_in_memory(engine) for engine in _engines(app)]
    return bool(kept) and all(kept)


def lies_in_memory(engine: Any) -> bool:
    """Tell whether an engine of SQLAlchemy is on SQLite in memory, which ends with the process."""
    url = engine.url
    return url.get_backend_name() == "sqlite" and str(url.database or ":memory:") == ":memory:"


def can_look_inside(app: Flask) -> bool:
    """Tell whether the records of this app can be read here."""
    return bool(_mongo_clients(app)) or "sqlalchemy" in app.extensions


def flat(thing: Any) -> dict[str, Any]:
    """Return what lies in a document, a row, a mapping or an object, by the paths of its fields.

    Args:
        thing: what is looked into. Only what is stored in it is read.

    Returns:
        The values that hold no others.
    """
    return dict(itertools.islice(_leaves(thing, "", _LEVELS), _MOST))


def _leaves(thing: Any, path: str, levels: int) -> Iterator[tuple[str, Any]]:
    inner = _inside(thing)
    if inner is None:
        yield path, thing
    elif levels:
        for key, value in inner:
            yield from _leaves(value, f"{path}.{key}" if path else str(key), levels - 1)


def _inside(thing: Any) -> Iterator[tuple[Any, Any]] | None:
    if isinstance(thing, str | bytes | int | float | ObjectId | datetime | type(None) | type):
        return None
    if isinstance(thing, Mapping):
        return iter(list(thing.items()))
    if isinstance(thing, list | tuple | set | frozenset):
        return iter(list(enumerate(thing)))
    if isinstance(thing, BaseDocument):
        return iter(list(thing._data.items()))
    if hasattr(type(thing), "__mapper__"):
        names = [column.key for column in type(thing).__mapper__.column_attrs]
        return iter([(name, getattr(thing, name)) for name in names])
    stored = getattr(thing, "__dict__", None)
    return iter(list(stored.items())) if isinstance(stored, dict) else None


def records(app: Flask) -> list[Record]:
    """Return the newest documents and rows of every collection and table."""
    return [*_mongo_records(app), *_sql_records(app)]


def stored_records(app: Flask, name: str) -> list[Record]:
    """Return every document or row in which a user's name stands, however deep.

    Args:
        app: the app.
        name: the user's name.

    Returns:
        The documents and rows.
    """
    return [one for one in records(app) if name in one.values.values()]


def belongings(app: Flask, name: str) -> list[Record]:
    """Return the records of a user: those with the name, and those that point to one of them."""
    every = records(app)
    own = [one for one in every if name in one.values.values()]
    ids = {str(one.identity) for one in own}
    return own + [one for one in every if one not in own and _points_to(one, ids)]


def _points_to(record: Record, ids: set[str]) -> bool:
    return any(
        str(value) in ids
        for key, value in record.values.items()
        if isinstance(value, ObjectId) or "id" in key.lower() or "user" in key.lower()
    )


def stored_texts(app: Flask, name: str) -> list[str]:
    """Return every text that is stored for a user, without the name itself."""
    texts = itertools.chain.from_iterable(one.texts for one in belongings(app, name))
    return [text for text in texts if text != name]


def unique_paths(app: Flask, place: str) -> set[str]:
    """Return the fields of a collection or table of which no two records have the same value."""
    paths: set[str] = set()
    for name, collection in _collections(app):
        if name == place:
            paths.add("_id")
            for index in collection.index_information().values():
                if index.get("unique") and len(index["key"]) == 1:
                    paths.add(str(index["key"][0][0]))
    with app.app_context():
        for table in _tables(app):
            if table.name == place:
                groups = [list(one.columns) for one in table.constraints if _is_unique(one)]
                groups += [list(one.columns) for one in table.indexes if one.unique]
                paths |= {group[0].name for group in groups if len(group) == 1}
    return paths


def _is_unique(constraint: Any) -> bool:
    return type(constraint).__name__ in ("UniqueConstraint", "PrimaryKeyConstraint")


# ---- MongoDB


def _mongo_clients(app: Flask) -> list[Any]:
    states = app.extensions.get("mongoengine", {}).values()
    return [client for state in states for client in state["conn"].values()]


def _collections(app: Flask) -> Iterator[tuple[str, Any]]:
    for state in app.extensions.get("mongoengine", {}).values():
        for alias in state["conn"]:
            database = mongoengine.get_db(alias)
            for name in database.list_collection_names():
                yield name, database[name]


def _mongo_records(app: Flask) -> Iterator[Record]:
    for place, collection in _collections(app):
        for found in collection.find().sort("_id", -1).limit(DEPTH):
            yield Record(place, found.get("_id"), flat(found))


# ---- SQL


def _engines(app: Flask) -> list[Any]:
    """Return the engines of Flask-SQLAlchemy; an app context has to be open."""
    if "sqlalchemy" not in app.extensions:
        return []
    return list(app.extensions["sqlalchemy"].engines.values())


def _tables(app: Flask) -> list[Any]:
    if "sqlalchemy" not in app.extensions:
        return []
    metadatas = app.extensions["sqlalchemy"].metadatas.values()
    return [table for data in metadatas for table in data.tables.values()]


def _sql_records(app: Flask) -> list[Record]:
    if "sqlalchemy" not in app.extensions:
        return []
    database, found = app.extensions["sqlalchemy"], []
    with app.app_context():
        for table in _tables(app):
            keys = list(table.primary_key.columns)
            newest = database.select(table).order_by(*(key.desc() for key in keys)).limit(DEPTH)
            for row in database.session.execute(newest):
                values = dict(row._mapping)
                identity = values[keys[0].name] if len(keys) == 1 else None
                found.append(Record(table.name, identity, flat(values)))
        database.session.remove()
    return found
