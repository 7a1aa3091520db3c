"""The attacks as a command: `python -m flasklogin_tutorial.attacks mypackage:create_app`."""

import argparse
import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from flasklogin_tutorial.attacks import ATTACKS, MightBeReal, Report, Verdict, run_attacks
from flasklogin_tutorial.attacks.loading import (
    UsageProblem,
    is_address,
    load_app,
    load_names,
    read_settings,
)
from flasklogin_tutorial.attacks.run import find_attacks

#: Exit statuses: nothing got in, something got in, hardly anything could be tried.
HELD, GOT_IN, USAGE = 0, 1, 2

_SWITCH = "--yes-it-may-write"
_SET_HELP = "a setting to hand to create_app, such as HTTPS=true; repeatable"

_EPILOG = f"""\
The attacks MAKE, CHANGE AND DELETE USERS in whatever database the app is configured with. Configure
it for a database that may be ruined. An app that is not on mongomock or on SQLite in memory is
refused unless you say {_SWITCH}.

An app is attacked as it is configured where the command runs. What production sets besides is
handed to the function that makes the app, in one mapping: --set HTTPS=true --set LOGIN_HOURS=1. A
value is read as JSON where it is JSON, and as a text elsewhere.

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
  account = "GET /account"                     # the page with the user's own buttons
  end_others = "POST /account/end-logins"      # ends all other logins of whoever calls it
  make_token = "POST /account/tokens"          # makes an API token, and shows it
  forgot = "POST /forgot"                      # mails a link to whoever forgot their password
  [fields]                                     # login_name, login_password, name, password,
  login_name = "email"                         # current_password, email, remember, next, label
  [forms]
  csrf_field = "csrf_token"
  csrf_page = "/account"                       # where a logged-in user finds the token
  [users]
  make = "mytests:make_user"                   # make_user(app, name, email, password, admin)
  disable = "mytests:disable_user"             # disable_user(app, name)
  [cookies]
  session = "session"
  remember = "remember_token"

Without [users] a user is made by the command `users add NAME --email E` (with --for-myself where it
is known, and the password twice on standard input), the command `add-user NAME EMAIL --password P`,
or the route for new records.
"""


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
    add("--set", metavar="NAME=VALUE", dest="settings", action="append", default=[], help=_SET_HELP)
    add("--only", metavar="NAME", action="append", default=[], help="try this attack; repeatable")
    add("--json", action="store_true", help="print JSON instead of a table")
    add("--list", action="store_true", help="list the attacks and end")
    add(_SWITCH, dest="may_write", action="store_true", help="the app's database may be ruined")
    return parser


def _show_progress(done: int, count: int, name: str) -> None:
    sys.stderr.write(f"\r\x1b[K{done}/{count} {name}")
    if done == count:
        sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()


def _no_progress(done: int, count: int, name: str) -> None:
    """Say nothing: standard error is not a terminal."""


def _say_how(written: str, settings: Mapping[str, Any]) -> str:
    """Tell which app was attacked: the same code is another app with other settings."""
    if is_address(written):
        return ""
    if settings:
        return f"Attacked as it is configured here, with {', '.join(settings)} from --set."
    return "Attacked as it is configured here. What production sets besides: --set NAME=VALUE."


def _run(written: str, options: argparse.Namespace) -> Report:
    progress: Callable[[int, int, str], None]
    progress = _show_progress if sys.stderr.isatty() else _no_progress
    try:
        find_attacks(options.only)
        names, settings = load_names(options.config), read_settings(options.settings)
        with contextlib.redirect_stdout(sys.stderr):  # what the app prints is not the table
            report = run_attacks(
                load_app(written, settings),
                names,
                only=options.only,
                may_write=options.may_write,
                progress=progress,
            )
    except MightBeReal as error:
        raise UsageProblem(f"{error} Say so with {_SWITCH}.") from error
    except ValueError as error:
        raise UsageProblem(str(error)) from error
    report.remark = _say_how(written, settings)
    return report


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
