"""The inside of an app in this process: its settings, its commands, its key and its database.

Here are the doors found by which users are made and disabled, and here is looked at what no answer
shows: a password that lies at rest as it was typed. Whether an attack got in is otherwise judged by
`senses`, over HTTP, and so for an app behind an address too.
"""

from importlib import import_module
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from flasklogin_tutorial.attacks import storage
from flasklogin_tutorial.visit import describe_error, run_command


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

    def has_command(self, name: str) -> bool:
        """Tell whether the app has a command of this name."""
        return self.app is not None and name in self.app.cli.commands

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

    def session_signer(self) -> URLSafeTimedSerializer | None:
        """Return what the app signs its session cookies with; None where that is not known."""
        if self.app is None:
            return None
        interface = self.app.session_interface
        if not isinstance(interface, SecureCookieSessionInterface):
            return None
        return interface.get_signing_serializer(self.app)

    # ---- what its database holds

    def is_disposable(self) -> bool:
        """Tell whether everything that the app stores is known to be gone with this process."""
        return self.app is not None and storage.is_disposable(self.app)

    def shows_records(self) -> bool:
        """Tell whether the records of the app can be read here."""
        return self.app is not None and storage.can_look_inside(self.app)

    def stored_records(self, name: str) -> list[dict[str, Any]]:
        """Return every document or row in which a user's name stands, as far as they are shown."""
        return [] if self.app is None else storage.stored_records(self.app, name)

    def stored_texts(self, name: str) -> list[str]:
        """Return every text that is stored beside a user's name, as far as they are shown."""
        return [] if self.app is None else storage.stored_texts(self.app, name)
