"""Users in a collection of pymongo, with a class of the app's own around a document.

Nothing says which collection that is, or what its fields are called. So a login is watched: Python
tells about each call while it goes on, and the login asks the collection for the name. Nothing is
wrapped or replaced.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

import mongomock.collection
import pymongo.collection
from flask import Flask

from flasklogin_tutorial.attacks.discovery import reading
from flasklogin_tutorial.attacks.discovery.hashes import hashes_of, own_modules
from flasklogin_tutorial.attacks.discovery.words import means
from flasklogin_tutorial.visit import Person, describe_error

_ASKED: dict[CodeType, str] = {
    getattr(owner, name).__code__: name
    for owner in (mongomock.collection.Collection, pymongo.collection.Collection)
    for name in ("find", "find_one", "count_documents")
}

#: What is tried where no name of a field for passwords stands in the source.
_USUAL = ("password", "password_hash", "hash")


@contextmanager
def questions(found: list[tuple[Any, dict[str, Any]]]) -> Iterator[None]:
    """Note what collections are asked for in this thread.

    Args:
        found: gets each collection with what it was asked for.
    """

    def look(frame: FrameType, what: str, _: Any) -> None:
        if what != "call" or frame.f_code not in _ASKED:
            return
        local = frame.f_locals
        asked = local.get("filter")
        if asked is None:
            asked = next((one for one in local.get("args", ()) if isinstance(one, dict)), None)
        if isinstance(asked, dict):
            found.append((local["self"], asked))

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)


class UserCollection:
    """A collection of users, as a login was seen to ask it.

    Args:
        app: the app.
        collection: the collection.
        keys: the fields that the login looks a name up in.
        view: the view of the login.
        wrapper: the class around a document, if there is one.
    """

    def __init__(
        self,
        app: Flask,
        collection: Any,
        keys: list[str],
        view: Callable[..., Any],
        wrapper: type | None,
    ) -> None:
        self._app, self._collection, self._keys = app, collection, keys
        self._view, self._wrapper = view, wrapper
        self._password: tuple[str, Callable[[str], Any]] | None = None
        self.stored_by = ""

    @property
    def written(self) -> str:
        """The collection, in words."""
        return f"the collection {self._collection.name}"

    def make(self, person: Person, admin: bool, opens: Callable[[Person], str]) -> str:
        """Make a user; for the arguments see `UserModel.make`."""
        if admin and not self._admin_key():
            return f"{self.written} has no field that makes an admin"
        if self._password is not None:
            return self._put(person, admin, *self._password)
        told = ""
        for key in self._password_keys():
            for said, hashed in hashes_of(self._app, self._modules()):
                trouble = self._put(person, admin, key, hashed)
                if not trouble:
                    trouble = opens(person)
                if not trouble:
                    self._password, self.stored_by = (key, hashed), f"{said} in {key}"
                    return ""
                self.remove(person)
                told = told or f"with {said} in {key}: {trouble}"
        return told

    def remove(self, person: Person) -> None:
        """Delete a person's document."""
        for key in self._keys:
            for value in (person.name, person.email):
                self._collection.delete_many({key: value})

    def disable(self, person: Person) -> str:
        """Disable a user; return what went wrong."""
        for key, value in (("active", False), ("is_active", False), ("disabled", True)):
            if key in self._texts():
                for name in self._keys:
                    self._collection.update_many({name: person.name}, {"$set": {key: value}})
                return ""
        return f"no field of {self.written} is known that tells whether somebody is disabled"

    def _put(self, person: Person, admin: bool, key: str, hashed: Callable[[str], Any]) -> str:
        short = person.name.partition("@")[0] if person.name == person.email else person.name
        document: dict[str, Any] = {}
        for text in self._texts():
            meant = means(text)
            if meant in ("name", "email") and text not in ("login", "user", "users"):
                document[text] = person.email if meant == "email" else short
        for name in self._keys:
            document[name] = person.email if means(name) == "email" else person.name
        for name in ("active", "is_active"):
            if name in self._texts():
                document[name] = True
        if admin:
            document[self._admin_key()] = True
        try:
            self._collection.insert_one(document | {key: hashed(person.password)})
        except Exception as error:
            return f"{self.written} raised {describe_error(error)}"
        return ""

    def _admin_key(self) -> str:
        return next((one for one in ("is_admin", "admin") if one in self._texts()), "")

    def _password_keys(self) -> list[str]:
        stands = [one for one in self._texts() if means(one) == "password" or "hash" in one.lower()]
        plain = [
            one for one in stands if one.isidentifier() and not one.startswith(("check", "gen"))
        ]
        return list(dict.fromkeys((*plain, *_USUAL)))[:6]

    def _texts(self) -> list[str]:
        found = list(reading.constants_in(self._view))
        if self._wrapper is not None:
            for method in vars(self._wrapper).values():
                if callable(method) or isinstance(method, (property, staticmethod, classmethod)):
                    function = getattr(method, "fget", None) or getattr(method, "__func__", method)
                    found += reading.constants_in(function)
        return [one for one in dict.fromkeys(found) if one.replace("_", "a").isidentifier()]

    def _modules(self) -> list[Any]:
        return own_modules(*reading.functions_of(self._view), *filter(None, [self._wrapper]))


def seen_collection(
    name: str, asked: list[tuple[Any, dict[str, Any]]]
) -> tuple[Any, list[str]] | None:
    """Return the collection that a login asked for a name, and the fields that it looked in."""
    for collection, question in asked:
        keys = list(_keys_of(name, question))
        if keys:
            return collection, keys
    return None


def _keys_of(name: str, question: dict[str, Any]) -> Iterator[str]:
    for key, value in question.items():
        if key.startswith("$") and isinstance(value, list):
            for each in value:
                yield from _keys_of(name, each) if isinstance(each, dict) else ()
        elif value == name or (isinstance(value, dict) and name in value.values()):
            yield key
