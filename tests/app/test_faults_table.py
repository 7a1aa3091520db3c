"""docs/faults.md has a row for each test of a fault, and no row without one."""

import ast
import json
from pathlib import Path

from .faults import FAULTS, STORE

HERE = Path(__file__).parent
FILES = [*sorted(HERE.glob("test_faults*.py")), HERE / "test_load.py"]


def that_note_something():
    """Return file and name of each test that asks for `figure`, without its parameters."""
    for path in FILES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and "figure" in [a.arg for a in node.args.args]:
                yield f"{path.name}::{node.name}"


def test_each_row_is_a_test_and_each_test_a_row():
    assert {row.partition("[")[0] for row in FAULTS} == set(that_note_something())


def test_each_row_has_what_was_seen_and_nothing_else_is_stored():
    stored = json.loads(STORE.read_text("utf-8"))
    assert set(stored) == set(FAULTS)
    assert all(one["seen"] and one["date"] and one["machine"] for one in stored.values())
