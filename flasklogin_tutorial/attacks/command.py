"""The attacks as a command: runs them as the command line says, and says how they ended."""

import argparse
import contextlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from flasklogin_tutorial.attacks import ATTACKS, MightBeReal, Report, Verdict, run_attacks
from flasklogin_tutorial.attacks.loading import (
    UsageProblem,
    is_address,
    load_app,
    load_names,
    read_settings,
)
from flasklogin_tutorial.attacks.options import GOT_IN, HELD, SWITCH, USAGE, make_parser
from flasklogin_tutorial.attacks.progress import on_standard_error
from flasklogin_tutorial.attacks.run import find_attacks


def _say_how(written: str, settings: Mapping[str, Any]) -> str:
    """Tell which app was attacked: the same code is another app with other settings."""
    if is_address(written):
        return ""
    if settings:
        return f"Attacked as it is configured here, with {', '.join(settings)} from --set."
    return "Attacked as it is configured here. What production sets besides: --set NAME=VALUE."


def _run(written: str, options: argparse.Namespace) -> Report:
    try:
        find_attacks(options.only)
        names, settings = load_names(options.config), read_settings(options.settings)
        with contextlib.redirect_stdout(sys.stderr):  # what the app prints is not the table
            report = run_attacks(
                load_app(written, settings),
                names,
                only=options.only,
                may_write=options.may_write,
                progress=on_standard_error(),
            )
    except MightBeReal as error:
        raise UsageProblem(f"{error} Say so with {SWITCH}.") from error
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
    parser = make_parser()
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
