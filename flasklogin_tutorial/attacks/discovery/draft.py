"""The names of an app while they are being found, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from flasklogin_tutorial.attacks.names import Names

if TYPE_CHECKING:
    from flasklogin_tutorial.attacks.target import Target


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for.

    Attributes:
        what: what it is, such as `login`.
        said: what was found; empty if nothing was.
        cause: why nothing was found: what was sent, and what came back.
        key: the key of the TOML file that says otherwise.
        example: what may be written there.
    """

    what: str
    said: str
    key: str
    example: str
    cause: str = ""


class Draft:
    """An app whose names are being found. What a TOML file says stays as it is.

    Args:
        target: the app. Its names change with each thing that is found.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.findings: list[Finding] = []
        #: Why nobody can be logged in; empty if somebody can.
        self.trouble = ""

    @property
    def names(self) -> Names:
        """The names as far as they are known."""
        return self.target.names

    def is_written(self, key: str) -> bool:
        """Tell whether the TOML file has a key, such as `routes.login`."""
        return key in self.names.written

    def put(self, key: str, value: Any) -> None:
        """Set a name, unless the TOML file does.

        Args:
            key: such as `routes.login`, `also.create` or `send`.
            value: what it is called.
        """
        if self.is_written(key):
            return
        table, _, name = key.partition(".")
        if not name:
            changed: Any = value
        elif table == "also":
            changed = {**self.names.also, name: value}
        else:
            changed = replace(getattr(self.names, table), **{name: value})
        self.target.call_it(replace(self.names, **{table: changed}))

    def put_all(self, values: Mapping[str, Any]) -> None:
        """Set several names, unless the TOML file does."""
        for key, value in values.items():
            self.put(key, value)

    def forget_routes(self) -> None:
        """Leave out the article's routes: an app of other people has its own."""
        for one in fields(self.names.routes):
            self.put(f"routes.{one.name}", "")

    def note(self, what: str, said: str, key: str, example: str, cause: str = "") -> None:
        """Write down what came of looking for something."""
        self.findings.append(Finding(what, said, key, example, cause))
