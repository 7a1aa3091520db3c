"""An app's own command for new users: found by its name, and called with what it asks for."""

import re
from collections.abc import Iterator, Mapping

import click
from flask import Flask

from flasklogin_tutorial.attacks.discovery.words import means
from flasklogin_tutorial.visit import Person, run_command

#: What a command is called that makes a user, with the groups that it is in.
_MAKES = r"(create|add|new|make)\W*(a\W*)?user|users?\W*(create|add|new)|register\W*user"
_MAKES_ADMIN = (
    r"(create|add|new|make)\W*(super\W*user|admin)|(super\W*user|admin)\W*(create|add|new)"
)


def make_by_command(app: Flask, person: Person, admin: bool) -> str:
    """Make a user with the app's own command.

    Args:
        app: the app.
        person: who gets the account.
        admin: whether they may do everything.

    Returns:
        What went wrong; empty if nothing did.
    """
    found = list(_fitting(app, _MAKES_ADMIN if admin else _MAKES))
    if not found:
        return "there is no command for it"
    told = ""
    for words, command in found:
        given = [*words, *_arguments(command, person)]
        twice = f"{person.password}\n{person.password}\n"
        trouble = run_command(app, given, _typed(command, person) + twice)
        if not trouble:
            return ""
        told = told or f"the command {' '.join(words)} failed: {trouble}"
    return told


def commands_for_users(app: Flask) -> str:
    """Return what the commands are called that may make a user, in words."""
    return " or ".join(" ".join(words) for words, _ in _fitting(app, _MAKES))


def _fitting(app: Flask, pattern: str) -> Iterator[tuple[list[str], click.Command]]:
    for words, command in _all_of([], app.cli.commands):
        if re.search(pattern, " ".join(words).replace("_", " ").replace("-", " ")):
            yield words, command


def _all_of(
    before: list[str], commands: Mapping[str, click.Command]
) -> Iterator[tuple[list[str], click.Command]]:
    for name, command in commands.items():
        words = [*before, name]
        if isinstance(command, click.Group):
            yield from _all_of(words, command.commands)
        else:
            yield words, command


def _arguments(command: click.Command, person: Person) -> list[str]:
    """Return what a command is called with, by what its parameters are called."""
    options: list[str] = []
    arguments: list[str] = []
    for one in command.params:
        value = _value(one, person)
        if isinstance(one, click.Argument):
            arguments.append(value or person.email)
        elif isinstance(one, click.Option) and one.is_flag:
            if one.name in ("active", "confirmed"):
                options.append(one.opts[-1])
        elif value and not getattr(one, "prompt", None):
            options += [one.opts[-1], value]
        elif one.required and not getattr(one, "prompt", None):
            options += [one.opts[-1], "Ada"]
    return [*options, *arguments]


def _typed(command: click.Command, person: Person) -> str:
    """Return what is typed where a command asks for something else than a password."""
    asked = [one for one in command.params if getattr(one, "prompt", None)]
    values = [_value(one, person) or "Ada" for one in asked if means(one.name or "") != "password"]
    return "".join(f"{value}\n" for value in values)


def _value(parameter: click.Parameter, person: Person) -> str:
    meant = means(parameter.name or "")
    return {"name": person.name, "email": person.email, "password": person.password}.get(meant, "")
