"""The command: says what is old in an app's source, and writes what is mechanical if told to."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from flasklogin_tutorial.migrate.traps import BY_NAME, TRAPS
from flasklogin_tutorial.show import wrap

if TYPE_CHECKING:
    from flasklogin_tutorial.migrate.hit import Hit
    from flasklogin_tutorial.migrate.source import Read

#: Exit statuses: nothing old is left, something is, a file could not be read or written.
CLEAN, OLD, USAGE = 0, 1, 2

_NO_LIBCST = (
    "this needs LibCST, which is not installed: pip install 'flasklogin_tutorial[migrate]', or "
    "pip install libcst"
)


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
        print("\n".join(_listed()))
        return CLEAN
    if not options.path:
        parser.error("name a file or a folder")
    try:
        from flasklogin_tutorial.migrate import source  # noqa: F401, it needs LibCST
    except ModuleNotFoundError as error:
        if error.name != "libcst":
            raise
        return _complain(_NO_LIBCST)
    missing = [path for path in options.path if not path.exists()]
    if missing:
        return _complain(f"there is no {missing[0]}")
    return _go_through(options.path, fix=options.fix)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m flasklogin_tutorial.migrate",
        description="Say what is old in the source of a Flask-Login app, and what to write.",
        epilog="Without --fix nothing is written. The exit status is 0 if nothing old is left, 1 "
        "if something is, 2 if a file could not be read, parsed or written.",
    )
    add = parser.add_argument
    add("path", metavar="PATH", nargs="*", type=Path, help="a file or a folder; repeatable")
    add("--fix", action="store_true", help="write what is mechanical, and leave the rest")
    add("--list", action="store_true", help="list what is looked for, and end")
    return parser


def _listed() -> Iterator[str]:
    for trap in TRAPS:
        yield from (trap.name, f"  old    {trap.old}", f"  write  {trap.told}")
        yield from wrap(trap.why, first="  why    ", rest="         ")
        yield f"  fixed  {trap.fixed}"


def _complain(said: str) -> int:
    print(f"migrate: {said}", file=sys.stderr)
    return USAGE


def _go_through(paths: Sequence[Path], *, fix: bool) -> int:
    """Read every file, say what is old, and write what is mechanical if told to."""
    from flasklogin_tutorial.migrate.source import Unreadable, files_below, read

    found: list[Hit] = []
    number = failed = 0
    for path in dict.fromkeys(file for each in paths for file in files_below(each)):
        number += 1
        try:
            one = read(path)
            if fix and one.after != one.before:
                path.write_bytes(one.after)
        except (Unreadable, OSError) as problem:
            failed += 1
            _complain(f"{problem} Nothing in it was changed.")
            continue
        found += one.hits
        print("".join(f"{line}\n" for line in _told(one, fix)), end="")
    mechanical = sum(hit.fixed for hit in found)
    print(_summary(number, len(found), mechanical, fix))
    if failed:
        return USAGE
    return OLD if len(found) - (mechanical if fix else 0) else CLEAN


def _told(one: "Read", fix: bool) -> Iterator[str]:
    for hit in one.hits:
        fixed = " (fixed)" if hit.fixed and fix else ""
        yield f"{one.path}:{hit.line}: {hit.trap}{fixed}"
        yield from (f"  old    {hit.old}", f"  write  {hit.new}")
        yield from wrap(BY_NAME[hit.trap].why, first="  why    ", rest="         ")


def _summary(files: int, found: int, mechanical: int, fix: bool) -> str:
    looked = f"{files} file{'' if files == 1 else 's'}: "
    if not found:
        return f"{looked}nothing old."
    if fix:
        return f"{looked}{found} old, {mechanical} fixed, {found - mechanical} left for you."
    return f"{looked}{found} old, of which --fix writes {mechanical}."
