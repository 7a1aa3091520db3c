"""Tests that a page or a table names, such as `test_login.py::test_the_cookie_is_random`."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent.parent

_NAMED = re.compile(r"\b(?:[\w/]+/)?(test_\w+\.py)::(test_\w+)")


@cache
def tests_of(file: str) -> frozenset[str]:
    """Return the tests in the files of a name, wherever below tests/ they are."""
    names = set()
    for path in TESTS.rglob(file):
        tree = ast.parse(path.read_text("utf-8"))
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return frozenset(names)


def missing(text: str) -> Iterator[str]:
    """Yield each test that a text names and that is not there."""
    for file, name in _NAMED.findall(text):
        if name not in tests_of(file):
            yield f"{file}::{name}"
