"""The class that an app keeps its users in, and how a user is made of it, as its owner could.

Documents of mongoengine and models of SQLAlchemy are known by what they say of themselves. A
password is stored by the method that the class offers for it, or by a hash that its login checks;
which one that is, is found by logging in.
"""

import datetime
import inspect
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import mongoengine
from flask import Flask
from mongoengine.base import BaseField

from flasklogin_tutorial.attacks.discovery import reading
from flasklogin_tutorial.attacks.discovery.hashes import hashes_of, own_modules
from flasklogin_tutorial.attacks.discovery.words import means
from flasklogin_tutorial.visit import Person, describe_error

#: Methods by which a class takes a password.
_SETTERS = (
    "set_password",
    "hash_password",
    "setPassword",
    "set_pass",
    "set_pw",
    "set_passwd",
    "update_password",
    "change_password",
    "encrypt_password",
    "generate_hash",
    "generate_password_hash",
    "make_password",
)

#: Columns that say whether somebody may do everything, or may come in at all.
_ADMIN = ("is_admin", "admin", "is_superuser", "superuser", "is_staff", "isadmin")
_ACTIVE = ("active", "is_active", "enabled", "is_enabled")
_OPEN = (
    *(*_ACTIVE, "confirmed", "is_confirmed", "verified", "is_verified"),
    *("email_confirmed", "email_verified", "approved", "is_approved"),
)
_CLOSED = (
    *("disabled", "is_disabled", "banned", "is_banned", "locked", "blocked", "is_blocked"),
    *("suspended", "deleted", "is_deleted"),
)


@dataclass(frozen=True)
class Column:
    """A field of a document, or a column of a row.

    Attributes:
        name: the attribute that it is.
        kind: `text`, `bool`, `number`, `date`, `time` or empty.
        needed: whether it has to be filled in.
        unique: whether no two users may have the same.
        most: the characters that a text may have; 0 where any number may.
        choices: the values that it may have; empty where any may.
    """

    name: str
    kind: str
    needed: bool
    unique: bool = False
    most: int = 0
    choices: tuple[Any, ...] = ()


#: Puts a password into a new user.
Store = Callable[[Any, str], None]


class UserModel:
    """The class of an app's users.

    Args:
        app: the app.
        model: the class.
    """

    def __init__(self, app: Flask, model: type) -> None:
        self._app, self.model = app, model
        self.is_document = _is_document(model)
        self._store: Store | None = None
        #: How a password is stored, in words; empty until it is known.
        self.stored_by = ""

    @property
    def written(self) -> str:
        """The class as `module:Class`."""
        return f"{self.model.__module__}:{self.model.__qualname__}"

    @property
    def can_be_imported(self) -> bool:
        """Whether the class can be had by its module and its name."""
        return self.model.__module__ != "__main__" and "<locals>" not in self.model.__qualname__

    # ---- making and removing

    def make(self, person: Person, admin: bool, opens: Callable[[Person], str]) -> str:
        """Make a user.

        Args:
            person: who gets the account.
            admin: whether they may do everything.
            opens: tells what goes wrong at a login of a person; empty if nothing does. It is asked
                until it is known how a password is stored.

        Returns:
            What went wrong; empty if nothing did.
        """
        if self._store is not None:
            return self._put(person, admin, self._store)
        told = ""
        for said, store in self._stores():
            trouble = self._put(person, admin, store)
            if not trouble:
                trouble = opens(person)
                if not trouble:
                    self._store, self.stored_by = store, said
                    return ""
                self.remove(person)
            told = told or f"with {said}: {trouble}"
        return told or f"{self.written} has no field for a password"

    def remove(self, person: Person) -> None:
        """Delete a person's record."""
        with self._app.app_context():
            user = self._find(person)
            if user is None:
                return
            if self.is_document:
                user.delete()
            else:
                session = self._session()
                session.delete(user)
                session.commit()

    def disable(self, person: Person) -> str:
        """Disable a user; return what went wrong."""
        columns = {one.name: one for one in self._columns() if one.kind == "bool"}
        for names, value in ((_CLOSED, True), (_ACTIVE, False)):
            for name in names:
                if name not in columns:
                    continue
                with self._app.app_context():
                    user = self._find(person)
                    if user is None:
                        return f"{self.written} has no record of {person.name}"
                    setattr(user, name, value)
                    self._save(user)
                return ""
        return f"{self.written} has no field that tells whether somebody is disabled"

    # ---- one user

    def _put(self, person: Person, admin: bool, store: Store) -> str:
        try:
            with self._app.app_context():
                user = self._new(person)
                if admin and not self._make_admin(user):
                    return f"{self.written} has no field that makes an admin"
                store(user, person.password)
                self._save(user)
        except Exception as error:
            return f"{self.written} raised {describe_error(error)}"
        return ""

    def _new(self, person: Person) -> Any:
        given: dict[str, Any] = {}
        for column in self._columns():
            value = _value_of(column, person)
            if value is not None:
                given[column.name] = value
        try:
            user = self.model(**given)
        except TypeError:  # a constructor of its own
            user = self.model(**_by_parameters(self.model, person, given))
        for name, value in given.items():
            if getattr(user, name, None) is None:
                setattr(user, name, value)
        return user

    def _make_admin(self, user: Any) -> bool:
        columns = {one.name: one for one in self._columns()}
        for name in _ADMIN:
            if name in columns and columns[name].kind == "bool":
                setattr(user, name, True)
                return True
        role = columns.get("role")
        if role is not None and role.kind == "text":
            user.role = "admin"
            return True
        return False

    def _save(self, user: Any) -> None:
        if self.is_document:
            user.save()
            return
        session = self._session()
        try:
            session.add(user)
            session.commit()
        except Exception:
            session.rollback()
            raise

    def _session(self) -> Any:
        extension: Any = self._app.extensions.get("sqlalchemy")
        if hasattr(extension, "session"):
            return extension.session
        for module in own_modules(self.model):
            for value in vars(module).values():
                if type(value).__name__ == "scoped_session":
                    return value
        raise LookupError("no session of SQLAlchemy was found beside the class")

    def _find(self, person: Person) -> Any:
        names = [one.name for one in self._columns() if means(one.name) in ("name", "email")]
        for name in names:
            for value in (person.name, person.email):
                if self.is_document:
                    user = self.model.objects(**{name: value}).first()  # type: ignore[attr-defined]
                else:
                    user = self._session().query(self.model).filter_by(**{name: value}).first()
                if user is not None:
                    return user
        return None

    # ---- what the class says of itself

    def _columns(self) -> list[Column]:
        return list(_of_document(self.model) if self.is_document else _of_table(self.model))

    def _stores(self) -> Iterator[tuple[str, Store]]:
        """Yield the ways in which a password may be stored, the class's own first."""
        descriptor = inspect.getattr_static(self.model, "password", None)
        setter = getattr(descriptor, "fset", None)
        if setter is not None:
            yield (
                "its property password",
                lambda user, password: setattr(user, "password", password),
            )
        kept = [one.name for one in self._columns() if means(one.name) in ("password", "current")]
        kept += [one.name for one in self._columns() if "hash" in one.name and one.name not in kept]
        for name in _SETTERS:
            if callable(getattr(self.model, name, None)):
                yield f"its method {name}", _by_method(name, kept)
        within = [*_embedded(self.model)] if self.is_document else []
        for said, hashed in hashes_of(self._app, own_modules(self.model, self._login_view())):
            for name in kept:
                yield f"{said} in {name}", _by_hash((name,), None, hashed)
            for name, inner, kind in within:
                yield f"{said} in {name}.{inner}", _by_hash((name, inner), kind, hashed)

    def _login_view(self) -> Any:
        manager = getattr(self._app, "login_manager", None)
        view = self._app.view_functions.get(str(getattr(manager, "login_view", "")))
        found = reading.functions_of(view) if view is not None else []
        return found[0] if found else self.model


def _by_method(name: str, kept: list[str]) -> Store:
    def store(user: Any, password: str) -> None:
        made = getattr(user, name)(password)
        if isinstance(made, (str, bytes)) and kept:  # it returns a hash, and keeps none
            setattr(user, kept[0], made)

    return store


def _by_hash(path: tuple[str, ...], kind: Any, hashed: Callable[[str], Any]) -> Store:
    def store(user: Any, password: str) -> None:
        *outer, last = path
        for name in outer:
            if getattr(user, name, None) is None:
                setattr(user, name, kind())
            user = getattr(user, name)
        value = hashed(password)
        try:
            setattr(user, last, value)
        except TypeError:
            setattr(user, last, value.decode())

    return store


def _by_parameters(model: type, person: Person, given: dict[str, Any]) -> dict[str, Any]:
    """Return what a constructor takes, by what its parameters are called."""
    known = {"name": person.name, "email": person.email, "password": person.password}
    found = {}
    for name, parameter in list(inspect.signature(model).parameters.items()):
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if name in given:
            found[name] = given[name]
        elif means(name) in known:
            found[name] = known[means(name)]
        elif parameter.default is parameter.empty:
            found[name] = "Ada"
    return found


def _value_of(column: Column, person: Person) -> Any:
    """Return what stands in a column of a new user; None for its default."""
    name, meant = column.name.lower(), means(column.name)
    if column.kind == "bool":
        if name in _OPEN:
            return True
        return False if name in _CLOSED or column.needed else None
    if column.kind == "text":
        if column.choices:
            return column.choices[0] if column.needed else None
        if meant == "email":
            return person.email
        if meant == "name":
            return _name_for(person, column)
        if meant in ("password", "current") or "hash" in name:
            return None
        if not column.needed:
            return None
        text = secrets.token_hex(16) if column.unique else "Ada"
        return text[: column.most] if column.most else text
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    dates = {"time": now, "date": now.date()}
    if column.kind in dates:
        wanted = column.needed or any(word in name for word in ("confirmed", "verified"))
        return dates[column.kind] if wanted else None
    if column.kind == "number" and column.needed:
        return secrets.randbelow(10**6) if column.unique else 1
    return None


def _name_for(person: Person, column: Column) -> str:
    """Return a name for a column; where the login takes addresses, what stands before the sign."""
    name = person.name.partition("@")[0] if person.name == person.email else person.name
    return name[: column.most] if column.most else name


# ---- mongoengine


def _of_document(model: Any) -> Iterator[Column]:
    for name, one in model._fields.items():
        kind = _KINDS.get(type(one).__name__, "")
        if not kind or name == "_cls":
            continue
        no_value = isinstance(one.default, BaseField)  # a slip that no document passes
        needed = no_value or ((one.required or one.primary_key) and one.default is None)
        choices = tuple(each[0] if isinstance(each, tuple) else each for each in one.choices or ())
        most = getattr(one, "max_length", None) or 0
        yield Column(name, kind, needed, bool(one.unique), most, choices)


_KINDS = {
    "StringField": "text",
    "EmailField": "text",
    "BinaryField": "text",
    "BooleanField": "bool",
    "IntField": "number",
    "LongField": "number",
    "FloatField": "number",
    "DateTimeField": "time",
    "DateField": "date",
}


def _embedded(model: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the fields for passwords in documents within the document."""
    for name, one in model._fields.items():
        inner = getattr(one, "document_type", None)
        if type(one).__name__ == "EmbeddedDocumentField" and inner is not None:
            for each in inner._fields:
                if means(each) in ("password", "current") or "hash" in each:
                    yield name, each, inner


# ---- SQLAlchemy


def _of_table(model: Any) -> Iterator[Column]:
    mapper = getattr(model, "__mapper__", None)
    for attribute in mapper.column_attrs if mapper is not None else ():
        column = attribute.columns[0]
        if column.primary_key and column.autoincrement is not False and _kind(column) != "text":
            continue
        if column.foreign_keys:
            continue
        has_default = column.default is not None or column.server_default is not None
        needed = not column.nullable and not has_default
        most = getattr(column.type, "length", None) or 0
        yield Column(attribute.key, _kind(column), needed, bool(column.unique), most)


def _kind(column: Any) -> str:
    try:
        python = column.type.python_type
    except NotImplementedError:
        return ""
    kinds = {
        str: "text",
        bytes: "text",
        bool: "bool",
        int: "number",
        float: "number",
        datetime.datetime: "time",
        datetime.date: "date",
    }
    return kinds.get(python, "")


# ---- which class it is


def load_model(written: str) -> type:
    """Return the class that `module:Class` means."""
    module, _, name = written.partition(":")
    found = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found  # type: ignore[return-value]


def find_model(app: Flask) -> type | None:
    """Return the class that an app keeps its users in.

    Args:
        app: the app.

    Returns:
        The class that its user loader uses, or one that Flask-Login would take; None if no such
        class is kept in a database by mongoengine or SQLAlchemy.
    """
    near = [one for one in _classes_near(app) if hasattr(one, "get_id")]
    fits = [one for one in near or _classes_of(app) if _is_kept(one)]
    return fits[0] if fits else None


def find_wrapper(app: Flask) -> type | None:
    """Return the class that an app's user loader makes its users of; None if it uses none."""
    return next((one for one in _classes_near(app) if hasattr(one, "get_id")), None)


def _classes_near(app: Flask) -> Iterator[type]:
    manager = getattr(app, "login_manager", None)
    loaders = [getattr(manager, name, None) for name in ("_user_callback", "_request_callback")]
    for loader in filter(None, loaders):
        owner = getattr(loader, "__self__", None)
        if isinstance(owner, type):
            yield owner
        for function in reading.functions_of(loader):
            yield from _classes_used(function, 2)


def _classes_of(app: Flask) -> Iterator[type]:
    """Yield the classes that an app may keep its users in, those of its own module first."""
    own = app.import_name.partition(".")[0]
    loaded = [one for name, one in list(sys.modules.items()) if name.partition(".")[0] == own]
    loaded = [one for one in loaded if one is not None]
    for module in sorted(loaded, key=lambda one: one.__name__ != app.import_name):
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == module.__name__:
                yield value
    extension: Any = app.extensions.get("sqlalchemy")
    if hasattr(extension, "Model"):
        yield from (mapper.class_ for mapper in extension.Model.registry.mappers)


def _classes_used(function: Any, depth: int) -> Iterator[type]:
    used = reading.used_by(function)
    yield from (one for one in used if isinstance(one, type))
    # An extension that keeps the users knows their class, as Flask-Security does.
    for one in used:
        model = getattr(one, "user_model", None)
        if isinstance(model, type):
            yield model
    if depth:
        for one in used:
            if inspect.isfunction(one):
                yield from _classes_used(one, depth - 1)


def _is_kept(model: type) -> bool:
    kept = _is_document(model) or hasattr(model, "__mapper__")
    return kept and hasattr(model, "get_id")


def _is_document(model: Any) -> bool:
    return issubclass(model, mongoengine.Document) and not model._meta.get("abstract", False)
