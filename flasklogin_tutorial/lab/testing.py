"""Run pytest on functions that were written in a notebook, and hear the signals of Flask-Login."""

import ast
import contextlib
import inspect
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask_login import signals

#: No settings and no plugins of this machine, and short words.
_OPTIONS = (
    "-qq -rpfE --tb=short --color=no --capture=sys --disable-warnings -p no:cacheprovider "
    "--disable-plugin-autoload --rootdir=. -c pytest.ini test_doors.py"
)

#: Signals of Flask-Login that tell of a person.
_SIGNALS = (
    "user_logged_in",
    "user_logged_out",
    "user_unauthorized",
    "user_needs_refresh",
    "session_protected",
)


def run_tests(*tests: Callable[..., Any], silent: bool = False) -> bool:
    """Run test functions with pytest, in this Python, and print what pytest says.

    pytest reads files. So the functions, and all fixtures of the notebook, are written into a
    temporary folder. They use the names that the notebook has now.

    Args:
        *tests: functions whose names begin with `test_`.
        silent: print nothing.

    Returns:
        Whether all of them passed.

    Raises:
        RuntimeError: pytest ran no test, or stopped before its end.
    """
    import pytest  # the rest of the lab runs without it

    names = sys._getframe(1).f_globals
    said = io.StringIO()
    sys.modules.pop("test_doors", None)  # it is another file each time
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("test_doors.py").write_text(_file_of(tests, names), encoding="utf-8")
        Path("pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        with contextlib.redirect_stdout(said), patch.dict(os.environ, PYTEST_ADDOPTS="", CI=""):
            code = pytest.main(_OPTIONS.split())
    if not silent:
        print(said.getvalue().strip())
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ran no test, or stopped: {said.getvalue().strip()[-300:]}")
    return code == pytest.ExitCode.OK


def _file_of(tests: tuple[Callable[..., Any], ...], names: Mapping[str, Any]) -> str:
    """Return a file with test functions, the fixtures of the notebook, and what they use of it."""
    from _pytest.fixtures import FixtureFunctionDefinition

    fixtures = [one for one in names.values() if isinstance(one, FixtureFunctionDefinition)]
    functions: list[Any] = [*fixtures, *tests]
    pieces = [inspect.getsource(one) for one in functions]
    nodes = [node for piece in pieces for node in ast.walk(ast.parse(piece))]
    made = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    used = {node.id for node in nodes if isinstance(node, ast.Name)} | {"pytest"}
    taken = ", ".join(sorted(used & set(names) - made - set(dir(__builtins__))))
    head = f"from {names['__name__']} import {taken}\n" if taken else ""
    return "\n\n".join([head, *pieces])


@contextlib.contextmanager
def listening(app: Flask) -> Iterator[list[str]]:
    """Keep the names of Flask-Login's signals that an app sends while a block runs.

    Args:
        app: the app.

    Yields:
        The list, which grows.
    """
    heard: list[str] = []
    with contextlib.ExitStack() as stack:
        for name in _SIGNALS:
            stack.enter_context(getattr(signals, name).connected_to(_noting(heard, name), app))
        yield heard


def _noting(heard: list[str], name: str) -> Callable[..., None]:
    def note(sender: Any, **about: Any) -> None:
        heard.append(name)

    return note
