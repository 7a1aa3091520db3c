"""The attacks as a command: runs them as the command line says, and says how they ended."""

import argparse
import contextlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from flasklogin_tutorial.attacks import ATTACKS, MightBeReal, Report, Verdict, run_attacks
from flasklogin_tutorial.attacks.baseline import (
    BadBaseline,
    Comparison,
    as_baseline,
    compare,
    read_baseline,
)
from flasklogin_tutorial.attacks.discovery.command import page_teller, write_names
from flasklogin_tutorial.attacks.findings import Findings, find
from flasklogin_tutorial.attacks.formats.page import as_html
from flasklogin_tutorial.attacks.formats.sarif import as_sarif
from flasklogin_tutorial.attacks.formats.terminal import as_text, may_colour
from flasklogin_tutorial.attacks.loading import (
    UsageProblem,
    is_address,
    load_app,
    load_names,
    read_settings,
)
from flasklogin_tutorial.attacks.options import GOT_IN, HELD, SWITCH, USAGE, make_parser
from flasklogin_tutorial.attacks.progress import on_standard_error
from flasklogin_tutorial.attacks.run import enter, find_attacks
from flasklogin_tutorial.migrate.traps import trap_behind
from flasklogin_tutorial.visit import describe_error


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
        return _init(options) if options.init else _attack(options)
    except UsageProblem as problem:
        print(f"attacks: {problem}{_hint_of(problem)}", file=sys.stderr)
        return USAGE


def _hint_of(problem: UsageProblem) -> str:
    """Say what to write where the app does not start because its code is old."""
    cause = problem.__cause__
    trap = trap_behind(f"{type(cause).__name__}: {cause}") if cause is not None else None
    if trap is None:
        return ""
    return (
        f"\nThis is what old code raises: {trap.old} is written {trap.told} today. All of it is "
        "found by: python -m flasklogin_tutorial.migrate PATH"
    )


def _list() -> str:
    width = max(len(one.name) for one in ATTACKS)
    return "\n".join(f"{one.name:<{width}}  {one.title}" for one in ATTACKS)


def _attack(options: argparse.Namespace) -> int:
    """Read what the command line names, run the attacks, show what came of them."""
    # What could end in a message comes first: nobody waits for a report that cannot be written.
    accepted = _accepted(options.baseline)
    former = _accepted(options.write_baseline) if _is_there(options.write_baseline) else None
    for path in (options.sarif, options.html, options.write_baseline):
        _require_writable(path)
    app, report = _run(options.app, options)
    beside = None if accepted is None else compare(report, accepted)
    findings = find(report, app, options.app, accepted=accepted)
    _print(findings, options, beside)
    if options.sarif:
        _write(options.sarif, json.dumps(as_sarif(findings), indent=2) + "\n")
    if options.html:
        _write(options.html, as_html(findings))
    status = _status(report, None if beside is None else beside.new)
    if options.write_baseline and status == USAGE:
        print(f"attacks: {options.write_baseline} was not written.", file=sys.stderr)
    elif options.write_baseline:
        _write(options.write_baseline, as_baseline(report, former or {}))
        return status if options.baseline else HELD
    return status


# ---- running


def _run(written: str, options: argparse.Namespace) -> tuple[Flask | str, Report]:
    try:
        find_attacks(options.only)
        tell = page_teller(options.json)
        names, settings = load_names(options.config), read_settings(options.settings)
        with contextlib.redirect_stdout(sys.stderr):  # what the app prints is not the report
            app = load_app(written, settings)
            report = run_attacks(
                app,
                names,
                only=options.only,
                may_write=options.may_write,
                progress=on_standard_error(),
                found=tell,
            )
    except MightBeReal as error:
        raise UsageProblem(f"{error} Say so with {SWITCH}.") from error
    except ValueError as error:
        raise UsageProblem(str(error)) from error
    report.remark = _say_how(written, settings)
    return app, report


def _init(options: argparse.Namespace) -> int:
    """Write a TOML file with what was found of an app, and attack nothing."""
    tell = page_teller(on_standard_error=False)
    try:
        names, settings = load_names(options.config), read_settings(options.settings)
        with contextlib.redirect_stdout(sys.stderr):
            app = load_app(options.app, settings)
            target, way_in = enter(app, names, may_write=options.may_write)
            target.people.clean_up()
        tell(way_in)
        print(write_names(way_in, options.init))
    except MightBeReal as error:
        raise UsageProblem(f"{error} Say so with {SWITCH}.") from error
    except OSError as error:
        raise UsageProblem(f"{options.init}: {describe_error(error)}") from error
    return USAGE if way_in.trouble else HELD


def _say_how(written: str, settings: Mapping[str, Any]) -> str:
    """Tell which app was attacked: the same code is another app with other settings."""
    if is_address(written):
        return ""
    if settings:
        return f"Attacked as it is configured here, with {', '.join(settings)} from --set."
    return "Attacked as it is configured here. What production sets besides: --set NAME=VALUE."


def _status(report: Report, new: Sequence[str] | None) -> int:
    """Return how the command ends.

    Args:
        report: what came of the attacks.
        new: the attacks that got in and that no baseline accepts; None if there is no baseline.

    Returns:
        The exit status.
    """
    got_in = bool(report.having(Verdict.GOT_IN))
    if got_in if new is None else new:
        return GOT_IN
    if report.trouble or not (got_in or report.having(Verdict.HELD)):
        print("attacks: hardly anything could be tried; the table says why.", file=sys.stderr)
        return USAGE
    return HELD


# ---- showing


def _print(findings: Findings, options: argparse.Namespace, beside: Comparison | None) -> None:
    report = findings.report
    if options.json:
        compared = {} if beside is None else {"baseline": beside.as_dict()}
        print(json.dumps({"target": options.app, **report.as_dict(), **compared}, indent=2))
        return
    width = shutil.get_terminal_size((120, 24)).columns
    text = as_text(findings, width, colours=may_colour(sys.stdout))
    # A console that lacks a letter of the evidence is shown its number.
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))
    if beside is not None:
        print("", *beside.as_lines(), sep="\n")


# ---- files


def _is_there(path: Path | None) -> bool:
    return path is not None and path.exists()


def _accepted(path: Path | None) -> dict[str, str] | None:
    try:
        return None if path is None else read_baseline(path)
    except BadBaseline as error:
        raise UsageProblem(str(error)) from error


def _require_writable(path: Path | None) -> None:
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        raise UsageProblem(f"{path} cannot be written: it is a folder, or is in none.")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageProblem(f"{path} cannot be written: {error}") from error
    print(f"attacks: wrote {path}", file=sys.stderr)
