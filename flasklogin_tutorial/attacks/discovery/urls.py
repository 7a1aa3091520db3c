"""The paths of an app in this process: from its URL map, below the prefix that it is mounted at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask

from flasklogin_tutorial.attacks.discovery import reading
from flasklogin_tutorial.attacks.discovery.words import is_for

#: An argument of a rule, such as `<int:user_id>`.
_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")


@dataclass(frozen=True)
class Place:
    """A path that an app answers.

    Attributes:
        endpoint: the name of its view.
        path: the path, with `<name>` for each argument.
        methods: the verbs that it takes.
        arguments: the names of its arguments.
    """

    endpoint: str
    path: str
    methods: frozenset[str]
    arguments: tuple[str, ...] = ()

    def calls(self, app: Flask, name: str) -> bool:
        """Tell whether the view uses a function of this name."""
        return reading.uses(app.view_functions[self.endpoint], name)

    def changes_something(self, app: Flask) -> bool:
        """Tell whether opening it may log out, delete or undo something."""
        called = (self.path, self.endpoint)
        if any(is_for(what, *called) for what in ("logout", "delete", "end_others", "reset")):
            return True
        return self.calls(app, "logout_user")


def places(app: Flask, prefix: str = "") -> list[Place]:
    """Return the paths of an app, those without arguments first.

    Args:
        app: the app.
        prefix: what stands before each path where the app is mounted below another.

    Returns:
        The paths.
    """
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[2] == "static" or rule.endpoint not in app.view_functions:
            continue
        arguments = tuple(sorted(rule.arguments - set(rule.defaults or {})))
        path = _ARGUMENT.sub(r"<\1>", rule.rule)
        methods = frozenset(rule.methods or ()) - {"OPTIONS", "HEAD"}
        found.append(Place(rule.endpoint, prefix + path, methods, arguments))
    return sorted(found, key=lambda one: (len(one.arguments), one.path))


def login_views(app: Flask) -> list[str]:
    """Return what Flask-Login is told about logins: names of views, or addresses."""
    manager = getattr(app, "login_manager", None)
    by_blueprint = getattr(manager, "blueprint_login_views", None) or {}
    written = [getattr(manager, "login_view", None), *by_blueprint.values()]
    return list(dict.fromkeys(one for one in written if isinstance(one, str) and one))


def prefixes(app: Flask) -> Iterator[str]:
    """Yield the prefixes that an app may be mounted under, none first."""
    yield ""
    root = str(app.config.get("APPLICATION_ROOT") or "/").rstrip("/")
    if root:
        yield root
    front = app.wsgi_app
    for _ in range(5):  # one middleware around another
        if not hasattr(front, "__dict__"):
            return
        held = vars(front)
        for value in held.values():
            if isinstance(value, str) and re.fullmatch(r"(/[\w.-]+)+", value):
                yield value
            elif isinstance(value, dict):  # DispatcherMiddleware
                yield from (key for key in value if isinstance(key, str) and key.startswith("/"))
        inner = [one for one in held.values() if callable(one)]
        if not inner:
            return
        front = inner[0]
