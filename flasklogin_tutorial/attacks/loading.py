"""The app, its settings and its names, as the command line writes them."""

import ast
import inspect
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from flasklogin_tutorial.attacks.discovery.tour import where_raised
from flasklogin_tutorial.attacks.names import BadNames, Names, read_names
from flasklogin_tutorial.visit import NotAFlaskApp, describe_error, require_app

_NO_FACTORY = "Settings go to a function that makes an app: name that, or leave --set out."


class UsageProblem(Exception):
    """The command was not understood; the message says why."""


def load_app(written: str, settings: Mapping[str, Any] | None = None) -> Flask | str:
    """Return the app that `module:name` means, or the address itself.

    Args:
        written: what stands on the command line: `module:app`, `module:create_app`, or
            `module:create_app("argument")`, as `flask --app` takes it.
        settings: what to hand to the function that makes the app; if empty, it is given nothing.

    Returns:
        The app, or the address of a running one.

    Raises:
        UsageProblem: there is no such module, no such name, or no Flask app behind it; or there are
            settings, and no function to hand them to.
    """
    if is_address(written):
        if settings:
            raise UsageProblem(f"{written} is running already. {_NO_FACTORY}")
        return written
    module_name, colon, called = written.partition(":")
    name, arguments = _read_call(written, called)
    if not (module_name and colon and name):
        raise UsageProblem(f"{written!r} names no app. Write module:app or module:create_app.")
    module = _import(module_name)
    try:
        found = getattr(module, name)
    except AttributeError:
        raise UsageProblem(f"The module {module_name} has no {name!r}.") from None
    if isinstance(found, Flask) and settings:
        raise UsageProblem(f"{written} is an app that was made already. {_NO_FACTORY}")
    if not isinstance(found, Flask) and callable(found):
        _must_take(written, found, arguments, settings)
        try:
            given = (*arguments, dict(settings)) if settings else arguments
            found = found(*given)
        except Exception as error:
            said = f"{module_name}:{_shown(name, arguments)} raised {describe_error(error)}"
            if where := where_raised(error):
                said = f"{said.rstrip('.')}, in {where}."
            if settings:
                said = f"{said.rstrip('.')}. It was given what --set says, in one mapping."
            raise UsageProblem(said) from error
    try:
        return require_app(found)
    except NotAFlaskApp as error:
        raise UsageProblem(f"{written}: {error}") from error


def _read_call(written: str, called: str) -> tuple[str, tuple[Any, ...]]:
    """Return the name of what makes an app, and the arguments that it is given."""
    if not called.endswith(")"):
        return called, ()
    try:
        call = ast.parse(called, mode="eval").body
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and not call.keywords:
            return call.func.id, tuple(ast.literal_eval(one) for one in call.args)
    except (SyntaxError, ValueError):
        pass
    raise UsageProblem(
        f"{written!r} names no app. Write the arguments as they stand in Python: "
        "'module:create_app(\"testing\")'."
    )


def _shown(name: str, arguments: tuple[Any, ...]) -> str:
    return f"{name}({', '.join(map(repr, arguments))})"


def _must_take(
    written: str, make: Any, arguments: tuple[Any, ...], settings: Mapping[str, Any] | None
) -> None:
    """Say what a function that makes an app lacks, if it lacks an argument."""
    given = len(arguments) + bool(settings)
    try:
        parameters = inspect.signature(make).parameters.values()
    except (TypeError, ValueError):  # written in another language
        return
    needed = [
        one.name
        for one in parameters
        if one.default is one.empty and one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)
    ]
    if len(needed) > given:
        lacks = ", ".join(needed[given:])
        raise UsageProblem(
            f"{written} needs {lacks}. Write what it is, in Python: "
            f"'{written.partition('(')[0]}(\"…\")'."
        )


def is_address(written: str) -> bool:
    """Tell whether this is the address of a running app."""
    return urlsplit(written).scheme in ("http", "https")


def read_settings(written: Sequence[str]) -> dict[str, Any]:
    """Read settings from the command line.

    Values are read as Flask reads those of environment variables (`Config.from_prefixed_env`).

    Args:
        written: each a name, an equals sign and a value.

    Returns:
        The settings.

    Raises:
        UsageProblem: one of them is none.
    """
    settings: dict[str, Any] = {}
    for one in written:
        name, equals, value = one.partition("=")
        if not (name and equals):
            raise UsageProblem(f"{one!r} is no setting. Write --set NAME=VALUE.")
        try:
            settings[name] = json.loads(value)
        except ValueError:
            settings[name] = value
    return settings


def _import(name: str) -> object:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise UsageProblem(f"There is no module {error.name!r} here.") from None
        raise UsageProblem(f"{name} needs {error.name!r}, which is not installed.") from error
    except Exception as error:
        raise UsageProblem(f"Importing {name} raised {describe_error(error)}") from error


def load_names(path: Path | None) -> Names:
    """Return the names of an app.

    Args:
        path: the TOML file; the article's names if left out.

    Returns:
        The names.

    Raises:
        UsageProblem: the file cannot be read, or does not hold names.
    """
    if path is None:
        return Names()
    try:
        return read_names(path.read_text(encoding="utf-8"))
    except BadNames as error:
        raise UsageProblem(f"{path}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{path} cannot be read: {describe_error(error)}") from error
