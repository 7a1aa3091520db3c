"""Watch one request from the inside, without touching the app.

While a `Recorder` is entered, Python tells it about every call in the thread (`sys.setprofile`).
It picks out a few: the view, Flask-Login's own functions, the user loader, and the operations of
pymongo's or mongomock's collections. With each call it also looks whether the app's outbox holds
another mail. Nothing is wrapped or replaced, so the app that is watched is the app that runs.
"""

import dis
import hashlib
import inspect
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import IntEnum
from types import CodeType, FrameType
from typing import Any, Self, cast
from urllib.parse import unquote

import flask_login.utils
import mongomock.collection
import mongomock.command_cursor
import pymongo.collection
import pymongo.command_cursor
import pymongo.cursor
from bson import ObjectId
from flask import Flask, g, request, session
from flask_login import AnonymousUserMixin, LoginManager
from mongoengine.base import BaseDocument
from pymongo.results import DeleteResult, InsertManyResult, InsertOneResult, UpdateResult

from flasklogin_tutorial.visit import cut


class Lane(IntEnum):
    """Who takes part in an exchange, from left to right."""

    KEY = 0
    BROWSER = 1
    FLASK = 2
    LOGIN = 3
    MONGO = 4
    MAIL = 5

    @property
    def title(self) -> str:
        """The name that stands above the lane."""
        return _TITLES[self]

    @property
    def is_always_drawn(self) -> bool:
        """Whether the lane is drawn also where nothing happens in it."""
        return self in (Lane.BROWSER, Lane.FLASK, Lane.LOGIN, Lane.MONGO)


_TITLES = {
    Lane.KEY: "key",
    Lane.BROWSER: "browser",
    Lane.FLASK: "Flask",
    Lane.LOGIN: "Flask-Login",
    Lane.MONGO: "MongoDB",
    Lane.MAIL: "mail",
}


@dataclass
class Event:
    """Something that happened during an exchange.

    Attributes:
        source: the lane that it came from.
        target: the lane that it went to; the source itself for a note.
        text: what happened, in a few words.
        at: the lane beside whose end of the arrow the text stands.
        failed: whether it is a refusal or an error.
    """

    source: Lane
    target: Lane
    text: str
    at: Lane
    failed: bool = False


#: Collection methods that reach the database, and their arguments that are worth showing.
SHOWN_ARGUMENTS = {
    "aggregate": ("pipeline",),
    "count_documents": ("filter",),
    "create_index": ("keys", "key_or_list"),
    "delete_many": ("filter",),
    "delete_one": ("filter",),
    "distinct": ("key", "filter"),
    "estimated_document_count": (),
    "find": ("filter",),
    "find_one_and_delete": ("filter",),
    "find_one_and_replace": ("filter", "replacement"),
    "find_one_and_update": ("filter", "update"),
    "insert_many": ("documents",),
    "insert_one": ("document",),
    "replace_one": ("filter", "replacement"),
    "update_many": ("filter", "update"),
    "update_one": ("filter", "update"),
}
_COLLECTIONS = (mongomock.collection.Collection, pymongo.collection.Collection)
_CURSORS = (
    mongomock.collection.Cursor,
    mongomock.command_cursor.CommandCursor,
    pymongo.cursor.Cursor,
    pymongo.command_cursor.CommandCursor,
)


def _codes(owners: tuple[type, ...], names: list[str]) -> dict[CodeType, str]:
    found = ((getattr(owner, name, None), name) for owner in owners for name in names)
    return {method.__code__: name for method, name in found if inspect.isfunction(method)}


_OPERATIONS = _codes(_COLLECTIONS, list(SHOWN_ARGUMENTS))
_READS = _codes(_CURSORS, ["__getitem__", "__next__", "next"])


def _inner_code(decorator: Callable[..., Any]) -> CodeType:
    """Return the code of the function that a decorator puts around a view."""
    return next(const for const in decorator.__code__.co_consts if isinstance(const, CodeType))


_GUARDS = {
    _inner_code(flask_login.utils.login_required): "login_required",
    _inner_code(flask_login.utils.fresh_login_required): "fresh_login_required",
}


@dataclass
class Recorder:
    """What happened during one call of an app.

    Attributes:
        app: the app that is called.
        events: what happened, in order.
        unexplained: the event where an exception broke out, if one did; `explain` completes it.
    """

    app: Flask
    events: list[Event] = field(default_factory=list)
    unexplained: Event | None = None

    def __enter__(self) -> Self:
        self._lanes = [Lane.FLASK]
        self._open: dict[FrameType, Callable[[Any, bool], None]] = {}
        self._reads: dict[int, _Read] = {}
        self._in_driver = 0
        self._outbox = _outbox_of(self.app)
        self._mails = len(self._outbox)
        self._handlers = self._all_handlers()
        self._previous = sys.getprofile()
        sys.setprofile(self._profile)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(self._previous)
        self._look_into_the_outbox()
        self._open.clear()
        self._reads.clear()

    def explain(self, reason: str) -> None:
        """Say what the exception was that broke out during the request.

        Args:
            reason: its name and what it says, or the status that Flask made of it. The first
                sentence is shown.
        """
        if self.unexplained is None:
            self.unexplained = self._note(Lane.FLASK, "")
        self.unexplained.text = f"✗ {_first_sentence(reason)}"
        self.unexplained.failed = True

    # ---- what Python reports

    def _profile(self, frame: FrameType, what: str, value: Any) -> None:
        if len(self._outbox) != self._mails:
            self._look_into_the_outbox()
        if what == "call" and frame.f_code in self._handlers:
            finish = self._handlers[frame.f_code](frame)
            if finish is not None:
                self._open[frame] = finish
        elif what == "return" and frame in self._open:
            raised = _left_by_exception(frame)
            finish = self._open.pop(frame)
            lane = self._lane
            finish(value, raised)
            # Within a driver an exception is plumbing: the end of a cursor is one.
            plumbing = self._in_driver > 0 or frame.f_code in _READS
            if raised and not plumbing and self.unexplained is None:
                self.unexplained = self._note(lane, "✗ raises", failed=True)

    def _all_handlers(self) -> dict[CodeType, Callable[[FrameType], Any]]:
        handlers: dict[CodeType, Callable[[FrameType], Any]] = {
            Flask.dispatch_request.__code__: self._on_dispatch,
            LoginManager._load_user.__code__: self._on_load,
            LoginManager.unauthorized.__code__: self._on_refusal,
            LoginManager.needs_refresh.__code__: self._on_refusal,
            flask_login.utils.login_user.__code__: self._on_login,
            flask_login.utils.logout_user.__code__: self._on_logout,
            **dict.fromkeys(_GUARDS, self._on_guard),
            **dict.fromkeys(_OPERATIONS, self._on_operation),
            **dict.fromkeys(_READS, self._on_read),
        }
        for view in self.app.view_functions.values():
            code = _code_of(inspect.unwrap(view))
            if code is not None:
                handlers.setdefault(code, self._on_view)
        manager = getattr(self.app, "login_manager", None)
        for callback in ("_user_callback", "_request_callback"):
            code = _code_of(getattr(manager, callback, None))
            if code is not None:
                handlers[code] = self._on_loader
        return handlers

    # ---- how it is written down

    @property
    def _lane(self) -> Lane:
        return self._lanes[-1]

    def _note(self, lane: Lane, text: str, failed: bool = False) -> Event:
        return self._arrow(lane, lane, text, lane, failed)

    def _arrow(
        self, source: Lane, target: Lane, text: str, at: Lane, failed: bool = False
    ) -> Event:
        event = Event(source, target, text, at, failed)
        self.events.append(event)
        return event

    def _enter_login(self, text: str, at: Lane = Lane.LOGIN) -> int:
        """Move to Flask-Login's lane; return what `_leave_login` needs to come back."""
        depth = len(self._lanes)
        if self._lane is not Lane.LOGIN:
            self._arrow(self._lane, Lane.LOGIN, text, at)
        elif at is Lane.LOGIN:
            self._note(Lane.LOGIN, text)
        self._lanes.append(Lane.LOGIN)
        return depth

    def _leave_login(self, depth: int, text: str | None, failed: bool = False) -> None:
        """Move back; say with what, unless an exception says it."""
        if len(self._lanes) <= depth:
            return
        del self._lanes[depth:]
        if text is None:
            return
        if self._lane is Lane.LOGIN:
            self._note(Lane.LOGIN, text, failed)
        else:
            self._arrow(Lane.LOGIN, self._lane, text, Lane.LOGIN, failed)

    # ---- the functions that are watched

    def _on_dispatch(self, frame: FrameType) -> None:
        error = request.routing_exception
        if error is not None:
            methods = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
            allowed = f": this path takes {methods}" if methods else ""
            self._note(Lane.FLASK, f"✗ no view{allowed}", failed=True)

    def _on_view(self, frame: FrameType) -> Callable[[Any, bool], None]:
        if self._lane is Lane.LOGIN:
            self._leave_login(len(self._lanes) - 1, "let through")
        self._note(Lane.FLASK, f"view {frame.f_code.co_name}")
        return lambda answer, raised: None

    def _on_guard(self, frame: FrameType) -> Callable[[Any, bool], None]:
        depth = self._enter_login(_GUARDS[frame.f_code], at=Lane.FLASK)

        def finish(result: Any, raised: bool) -> None:
            self._leave_login(depth, None if raised else "✗ refused", failed=True)

        return finish

    def _on_load(self, frame: FrameType) -> Callable[[Any, bool], None]:
        depth = self._enter_login("current_user")
        # dict.get, because the session's own get would mark it as read and add a Vary header.
        user_id = dict.get(cast(Any, session)._get_current_object(), "_user_id")
        told = "no _user_id" if user_id is None else f"_user_id={show_value(user_id)}"
        self._note(Lane.LOGIN, f"session: {told}")

        def finish(_: Any, raised: bool) -> None:
            text = None if raised else f"current_user is {show_user(g._login_user)}"
            self._leave_login(depth, text)

        return finish

    def _on_loader(self, frame: FrameType) -> Callable[[Any, bool], None]:
        code = frame.f_code
        names = [name for name in code.co_varnames[: code.co_argcount] if name != "self"]
        shown = ", ".join(show_argument(frame.f_locals[name]) for name in names)
        self._note(Lane.LOGIN, f"{code.co_name}({shown})")

        def finish(user: Any, raised: bool) -> None:
            if not raised:
                self._note(Lane.LOGIN, f"gives {show_user(user)}", failed=user is None)

        return finish

    def _on_refusal(self, frame: FrameType) -> Callable[[Any, bool], None]:
        guarded = self._lane is Lane.LOGIN
        depth = len(self._lanes) if guarded else self._enter_login(f"{frame.f_code.co_name}()")

        def finish(answer: Any, raised: bool) -> None:
            location = getattr(answer, "location", None)
            text = f"redirect to {unquote(location)}" if location else "the app's own answer"
            if not guarded:
                self._leave_login(depth, None if raised else text)
            elif not raised:
                self._note(Lane.LOGIN, text)

        return finish

    def _on_login(self, frame: FrameType) -> Callable[[Any, bool], None]:
        depth = self._enter_login(f"login_user({show_user(frame.f_locals['user'])})")

        def finish(result: Any, raised: bool) -> None:
            self._leave_login(depth, None if raised else f"{result}", failed=not result)

        return finish

    def _on_logout(self, frame: FrameType) -> Callable[[Any, bool], None]:
        depth = self._enter_login("logout_user()")

        def finish(result: Any, raised: bool) -> None:
            self._leave_login(depth, None if raised else f"{result}")

        return finish

    def _look_into_the_outbox(self) -> None:
        """Tell of the mails that have come into the outbox, each with the addresses in it."""
        for message in self._outbox[self._mails :]:
            self._arrow(self._lane, Lane.MAIL, f"to {message['To']}", Lane.MAIL)
            for link in _links_in(message):
                self._note(Lane.MAIL, f"link {link}")
        self._mails = len(self._outbox)

    def _on_operation(self, frame: FrameType) -> Callable[[Any, bool], None]:
        self._in_driver += 1
        name = _OPERATIONS[frame.f_code]
        if self._in_driver > 1:  # a driver's method that is built on another of its methods
            return self._leave_driver
        given = _arguments(frame.f_locals, SHOWN_ARGUMENTS[name])
        shown = " ".join(
            [f"{frame.f_locals['self'].name}.{name}", *(show_value(value) for value in given)]
        )
        if name != "find":
            self._arrow(self._lane, Lane.MONGO, shown, Lane.MONGO)

        def finish(result: Any, raised: bool) -> None:
            self._leave_driver(result, raised)
            if raised:
                return
            if name == "find":  # the question goes out when somebody reads from the cursor
                self._reads[id(result)] = _Read(result, shown)
            elif isinstance(result, _CURSORS):
                answer = self._arrow(Lane.MONGO, self._lane, "0 documents", Lane.MONGO)
                self._reads[id(result)] = _Read(result, shown, answer)
            else:
                self._arrow(Lane.MONGO, self._lane, show_result(result), Lane.MONGO)

        return finish

    def _on_read(self, frame: FrameType) -> Callable[[Any, bool], None]:
        self._in_driver += 1
        read = self._reads.get(id(frame.f_locals["self"]))
        if self._in_driver > 1 or read is None:
            return self._leave_driver
        if read.answer is None:
            self._arrow(self._lane, Lane.MONGO, read.shown, Lane.MONGO)
            read.answer = self._arrow(Lane.MONGO, self._lane, "0 documents", Lane.MONGO)
        answer = read.answer

        def finish(result: Any, raised: bool) -> None:
            self._leave_driver(result, raised)
            if isinstance(result, Mapping):
                read.count += 1
                answer.text = f"{read.count} document{'s' if read.count > 1 else ''}"

        return finish

    def _leave_driver(self, result: Any, raised: bool) -> None:
        self._in_driver -= 1


@dataclass
class _Read:
    """A cursor, the question behind it, and what has come out of it."""

    cursor: Any
    shown: str
    answer: Event | None = None
    count: int = 0


#: An address in a mail: its host, and what comes before its last part, which may be a token.
_LINK = re.compile(r"(https?://[^\s<>\"'/]+)([^\s<>\"']*[/=])?")


def _outbox_of(app: Flask) -> list[EmailMessage]:
    """Return the list into which an app puts its mails; an empty one where it has none."""
    found = app.extensions.get("outbox")
    return found if isinstance(found, list) else []


def _links_in(message: EmailMessage) -> list[str]:
    """Return the addresses in a mail, without what opens something."""
    body = message.get_body(("plain",))
    if body is None:
        return []
    return [f"{host}{path}…" if path else host for host, path in _LINK.findall(body.get_content())]


_RETURNS = {dis.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in dis.opmap}


def _left_by_exception(frame: FrameType) -> bool:
    """Tell whether a frame that ends does so by an exception: its last instruction is no return."""
    return frame.f_code.co_code[frame.f_lasti] not in _RETURNS


def _arguments(local: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    """Return the arguments of a call that has begun; pymongo's `find` packs them into `args`."""
    packed = dict(zip(names, local.get("args", ()), strict=False)) | local.get("kwargs", {})
    known = packed | dict(local)
    return [known[name] for name in names if name in known]


def _first_sentence(text: str) -> str:
    return cut(text.split(". ")[0], 96, keep=95)


def _code_of(function: Any) -> CodeType | None:
    return getattr(getattr(function, "__func__", function), "__code__", None)


def show_value(value: Any) -> str:
    """Show a value from a cookie or a database command, shortened, ids by their end.

    A random token is shown by the end of its SHA-256. That is what the finished app keeps of a
    token in the database, so the two can be seen to belong together.
    """
    match value:
        case ObjectId():
            return f"…{str(value)[-4:]}"
        case str() if re.fullmatch(r"[0-9a-f]{24}", value):
            return f"'…{value[-4:]}'"
        case str() if re.fullmatch(r"[0-9a-f]{64}", value):
            return f"'…{value[-4:]}'"
        case str() if re.fullmatch(r"[A-Za-z0-9_-]{43}", value):
            return f"'…{hashlib.sha256(value.encode()).hexdigest()[-4:]}'"
        case str() if re.fullmatch(r"[0-9a-f]{65,}", value):
            return f"'{value[:4]}…'"
        case str() if len(value) > 40:
            return f"{value[:36]!r}…"
        case Mapping():
            inside = ", ".join(f"{key}: {show_value(item)}" for key, item in value.items())
            return f"{{{inside}}}"
        case list() | tuple():
            inside = ", ".join(show_value(item) for item in value[:3])
            return f"[{inside}{', …' if len(value) > 3 else ''}]"
        case _:
            return cut(repr(value), 60, keep=56)


def show_argument(value: Any) -> str:
    """Show an argument of a loader; a request is shown by its name alone."""
    return "request" if value is request or hasattr(value, "environ") else show_value(value)


def show_user(user: Any) -> str:
    """Show a user in one word: the name if there is one.

    Only stored values are read. A member of the user's class could run code of the app, and what
    is watched must not change by being watched.
    """
    if isinstance(user, AnonymousUserMixin):
        return "anonymous"
    if user is None or isinstance(user, str | int | ObjectId):
        return show_value(user)
    stored = user._data if isinstance(user, BaseDocument) else getattr(user, "__dict__", {})
    name = stored.get("name")
    return name if isinstance(name, str) else type(user).__name__


def show_result(result: Any) -> str:
    """Show what a database operation gave back."""
    match result:
        case InsertOneResult():
            return "1 inserted"
        case InsertManyResult():
            return f"{len(result.inserted_ids)} inserted"
        case UpdateResult():
            return f"{result.matched_count} matched, {result.modified_count} changed"
        case DeleteResult():
            return f"{result.deleted_count} deleted"
        case Mapping():
            return "1 document"
        case None:
            return "nothing"
        case _:
            return show_value(result)
