"""The table in docs/faults.md: what is done to the app, what has to hold, and what was seen."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
from app import faults


def make(root: Path) -> dict[str, str]:
    """Return the table of the tests of faults, with what they stored.

    Args:
        root: the folder of the checkout; the table needs nothing from it.
    """
    return {"docs/faults.md#faults": faults.table()}
