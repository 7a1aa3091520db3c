"""The attacks as a command: `python -m flasklogin_tutorial.attacks mypackage:create_app`."""

import argparse
import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from flasklogin_tutorial.attacks import (
    ATTACKS,
    BadNames,
    MightBeReal,
    Names,
    Report,
    Verdict,
    read_names,
    run_attacks,
)
from flasklogin_tutorial.attacks.run import find_attacks
from flasklogin_tutorial.visit import NotAFlaskApp, describe_error, require_app

#: Exit statuses: nothing got in, something got in, hardly anything could be tried.
HELD, GOT_IN, USAGE = 0, 1, 2

_SWITCH = "--yes-it-may-write"

_EPILOG = f"""\
The attacks MAKE, CHANGE AND DELETE USERS in whatever database the app is configured with. Configure
it for a database that may be ruined. An app that is not on mongomock or on SQLite in memory is
refused unless you say {_SWITCH}.

The exit status is {GOT_IN} if any attack got in, {HELD} if none did, {USAGE} if the command was not
understood or hardly anything could be tried. "Not tried" is not "held".

Names that differ from the article's go into a TOML file, as far as they differ:

  send = "form"                                # or "json"
  [routes]                                     # an empty text: there is none
  login = "POST /auth/login"
  login_page = "GET /auth/login"
  logout = "POST /auth/logout"
  whoami = "GET /account"                      # shows the name of whoever is logged in
  read = "GET /users/{{name}}"
  create = "POST /users"
  update = "POST /users/{{name}}"
  delete = "POST /users/{{name}}/delete"
  [fields]                                     # login_name, login_password, name, password,
  login_name = "email"                         # email, remember, next
  [forms]
  csrf_field = "csrf_token"
  csrf_page = "/account"                       # where a logged-in user finds the token
  [users]
  make = "mytests:make_user"                   # make_user(app, name, email, password, admin)
  disable = "mytests:disable_user"             # disable_user(app, name)
  [cookies]
  session = "session"
  remember = "remember_token"

Without [users] a user is made by the command `users add NAME --email E` (the password twice on
standard input), the command `add-user NAME EMAIL --password P`, or the route for new records.
"""


class UsageProblem(Exception):
    """The command was not understood; the message says why."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m flasklogin_tutorial.attacks",
        description="Try the attacks of the course on a Flask app of your own, in this process.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("app", nargs="?", help="module:app, module:create_app, or http://127.0.0.1:PORT")
    add("--config", metavar="FILE", type=Path, help="a TOML file with the names of your app")
    add("--only", metavar="NAME", action="append", default=[], help="try this attack; repeatable")
    add("--json", action="store_true", help="print JSON instead of a table")
    add("--list", action="store_true", help="list the attacks and end")
    add(_SWITCH, dest="may_write", action="store_true", help="the app's database may be ruined")
    return parser


def load_app(written: str) -> Flask | str:
    """Return the app that `module:name` means, or the address itself.

    Args:
        written: what stands on the command line.

    Returns:
        The app, or the address of a running one.

    Raises:
        UsageProblem: there is no such module, no such name, or no Flask app behind it.
    """
    if urlsplit(written).scheme in ("http", "https"):
        return written
    module_name, colon, name = written.partition(":")
    if not (module_name and colon and name):
        raise UsageProblem(f"{written!r} names no app. Write module:app or module:create_app.")
    module = _import(module_name)
    try:
        found = getattr(module, name)
    except AttributeError:
        raise UsageProblem(f"The module {module_name} has no {name!r}.") from None
    if not isinstance(found, Flask) and callable(found):
        try:
            found = found()
        except Exception as error:
            raise UsageProblem(f"{written}() raised {describe_error(error)}") from error
    try:
        return require_app(found)
    except NotAFlaskApp as error:
        raise UsageProblem(f"{written}: {error}") from error


def _import(name: str) -> object:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise UsageProblem(f"There is no module {error.name!r} here.") from None
        raise UsageProblem(f"{name} needs {error.name!r}, which is not installed.") from error
    except Exception as error:
        raise UsageProblem(f"Importing {name} raised {describe_error(error)}") from error


def _load_names(path: Path | None) -> Names:
    if path is None:
        return Names()
    try:
        return read_names(path.read_text(encoding="utf-8"))
    except BadNames as error:
        raise UsageProblem(f"{path}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(f"{path} cannot be read: {describe_error(error)}") from error


def _show_progress(done: int, count: int, name: str) -> None:
    sys.stderr.write(f"\r\x1b[K{done}/{count} {name}")
    if done == count:
        sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()


def _no_progress(done: int, count: int, name: str) -> None:
    """Say nothing: standard error is not a terminal."""


def _run(written: str, options: argparse.Namespace) -> Report:
    progress: Callable[[int, int, str], None]
    progress = _show_progress if sys.stderr.isatty() else _no_progress
    try:
        find_attacks(options.only)
        names = _load_names(options.config)
        with contextlib.redirect_stdout(sys.stderr):  # what the app prints is not the table
            return run_attacks(
                load_app(written),
                names,
                only=options.only,
                may_write=options.may_write,
                progress=progress,
            )
    except MightBeReal as error:
        raise UsageProblem(f"{error} Say so with {_SWITCH}.") from error
    except ValueError as error:
        raise UsageProblem(str(error)) from error


def _list() -> str:
    width = max(len(one.name) for one in ATTACKS)
    return "\n".join(f"{one.name:<{width}}  {one.title}" for one in ATTACKS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: the command line; that of this process if left out.

    Returns:
        The exit status.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.list:
        print(_list())
        return HELD
    if not options.app:
        parser.error("name an app: module:app or module:create_app")
    try:
        report = _run(options.app, options)
    except UsageProblem as problem:
        print(f"attacks: {problem}", file=sys.stderr)
        return USAGE
    if options.json:
        print(json.dumps({"target": options.app, **report.as_dict()}, indent=2))
    else:
        print(report.as_table(shutil.get_terminal_size((120, 24)).columns))
    if report.having(Verdict.GOT_IN):
        return GOT_IN
    if report.trouble or not report.having(Verdict.HELD):
        print("attacks: hardly anything could be tried; the table says why.", file=sys.stderr)
        return USAGE
    return HELD


if __name__ == "__main__":
    sys.exit(main())
