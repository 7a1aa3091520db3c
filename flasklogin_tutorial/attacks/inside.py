"""The inside of an app in this process: its settings, its commands, its key and its database.

Here are the doors found by which users are made and disabled, and here is looked at what no answer
shows: a password that lies at rest as it was typed, where a key comes from, who is calling. What an
attack does, it does over HTTP, and so to an app behind an address too.
"""

import datetime
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from typing import Any

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import want_bytes

from flasklogin_tutorial.attacks import clock, keys, storage
from flasklogin_tutorial.visit import describe_error, run_command

#: Makes a planted error of the app's own, and the header that asks for it.
PLANTED_HEADER = "X-Planted-Error"


#: A call of Flask-Login that may remember somebody.
_REMEMBERS = re.compile(
    r"\blogin_user\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\bremember\s*=\s*(?!False)"
)


class PlantedError(Exception):
    """An error that an attack has put into an app, to see what the app shows of one."""


class Inside:
    """What is known of an app besides its answers: nothing, if it runs elsewhere.

    Args:
        app: the app; None if it runs in another process.
    """

    def __init__(self, app: Flask | None) -> None:
        self.app = app

    def setting(self, name: str, default: Any = None) -> Any:
        """Return a setting of the app; the default where it is not known."""
        return default if self.app is None else self.app.config.get(name, default)

    # ---- what its owner can do

    def has_command(self, *words: str) -> bool:
        """Tell whether the app has a command of this name, which may be in a group."""
        found: Any = None if self.app is None else self.app.cli
        for word in words:
            found = getattr(found, "commands", {}).get(word)
        return found is not None

    def run_command(self, arguments: list[str], typed: str = "") -> str:
        """Run a command of the app.

        Args:
            arguments: the command and what follows it.
            typed: what is typed on its standard input.

        Returns:
            What went wrong; empty if nothing did.
        """
        if self.app is None or not self.has_command(arguments[0]):
            return f"there is no command {arguments[0]}"
        trouble = run_command(self.app, arguments, typed)
        return f"the command {' '.join(arguments[:2])} failed: {trouble}" if trouble else ""

    def call(self, written: str, *arguments: object) -> str:
        """Call a function of the app's owner, within the app's context.

        Args:
            written: the function, as `module:function`. It is given the app, then the arguments.
            *arguments: the arguments.

        Returns:
            What went wrong; empty if nothing did.
        """
        module, _, name = written.partition(":")
        if self.app is None:
            return f"{written} needs an app in this process"
        try:
            function = getattr(import_module(module), name)
            with self.app.app_context():
                function(self.app, *arguments)
        except Exception as error:
            return f"{written} raised {describe_error(error)}"
        return ""

    def letters(self, written: str) -> list[tuple[str, str]] | None:
        """Return the mails that the app has sent, those that wait in its queue included.

        Args:
            written: a function of the app's owner that returns them, as `module:function`; empty
                for the outbox of the app.

        Returns:
            To whom and what it says, the first ones first; None where nobody can look.
        """
        if self.app is None:
            return None
        if written:
            module, _, name = written.partition(":")
            with self.app.app_context():
                return list(getattr(import_module(module), name)(self.app))
        if self.has_command("send-mail"):
            self.run_command(["send-mail"])
        outbox = self.app.extensions.get("outbox")
        if outbox is None:
            return None
        return [(str(one["To"]), one.get_body(("plain", "html")).get_content()) for one in outbox]

    def may_route(self, method: str, path: str) -> bool:
        """Tell whether a request may reach a view, by the app's own map of its paths."""
        return self.app is None or self.app.url_map.bind("localhost").test(path, method)

    def pages(self) -> list[str]:
        """Return the paths that can be opened without knowing what to fill in."""
        rules = [] if self.app is None else self.app.url_map.iter_rules()
        return [one.rule for one in rules if not one.arguments and "GET" in (one.methods or ())]

    # ---- what signs its cookies

    def session_signer(self, key: str | bytes = "") -> URLSafeTimedSerializer | None:
        """Return what the app signs its session cookies with; None where that is not known.

        Args:
            key: a key that takes the place of the app's own.
        """
        if self.app is None:
            return None
        interface = self.app.session_interface
        if not isinstance(interface, SecureCookieSessionInterface):
            return None
        signer = interface.get_signing_serializer(self.app)
        if signer is not None and key:
            signer.secret_keys = [want_bytes(key)]
        return signer

    def signing_keys(self) -> list[keys.Key]:
        """Return the app's keys, each with where it comes from; none where they are not known."""
        return [] if self.app is None else keys.keys_of(self.app)

    def remembers(self) -> bool:
        """Tell whether the app's own source asks Flask-Login to remember somebody."""
        paths = set(keys.own_files(self.app).values()) if self.app is not None else set()
        return any(_REMEMBERS.search(path.read_text("utf-8", "replace")) for path in sorted(paths))

    # ---- what can be changed in its process for a while

    def put_forward(self, ahead: datetime.timedelta) -> AbstractContextManager[None]:
        """Put the clocks of the app forward, as far as it is known where it reads them."""
        modules = list(keys.own_files(self.app)) if self.app is not None else []
        return clock.put_forward(ahead, modules)

    @contextmanager
    def planted_error(self, *, as_outside: bool) -> Iterator[dict[str, str]]:
        """Let the app fail at a request with a certain header, before any view is called.

        Args:
            as_outside: whether the app answers itself, as it does outside of tests.

        Yields:
            The header.
        """
        if self.app is None:
            raise LookupError("the app runs in another process")
        first = self.app.before_request_funcs.setdefault(None, [])

        def fail() -> None:
            if PLANTED_HEADER in request.headers:
                raise PlantedError("planted to see what an error shows")

        before = self.app.config["PROPAGATE_EXCEPTIONS"]
        first.insert(0, fail)
        if as_outside:
            self.app.config["PROPAGATE_EXCEPTIONS"] = False
        try:
            yield {PLANTED_HEADER: "1"}
        finally:
            first.remove(fail)
            self.app.config["PROPAGATE_EXCEPTIONS"] = before

    # ---- what its database holds

    def is_disposable(self) -> bool:
        """Tell whether everything that the app stores is known to be gone with this process."""
        return self.app is not None and storage.is_disposable(self.app)

    def shows_records(self) -> bool:
        """Tell whether the records of the app can be read here."""
        return self.app is not None and storage.can_look_inside(self.app)

    def records(self) -> list[storage.Record]:
        """Return the newest documents and rows of the app, as far as they are shown."""
        return [] if self.app is None else storage.records(self.app)

    def stored_records(self, name: str) -> list[storage.Record]:
        """Return every document or row in which a user's name stands, as far as they are shown."""
        return [] if self.app is None else storage.stored_records(self.app, name)

    def stored_texts(self, name: str) -> list[str]:
        """Return every text that is stored for a user, as far as they are shown."""
        return [] if self.app is None else storage.stored_texts(self.app, name)

    def unique_paths(self, place: str) -> set[str]:
        """Return the fields of a collection or table that are unique there."""
        return set() if self.app is None else storage.unique_paths(self.app, place)
