"""The tables in docs/app.md: what each call of the app demands, and what ends each credential."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
from app import access


def make(root: Path) -> dict[str, str]:
    """Return the two tables that the tests of the app walk, call by call and event by event.

    Args:
        root: the folder of the checkout; the tables need nothing from it.
    """
    return {"docs/app.md#calls": access.calls_table(), "docs/app.md#lives": access.lives_table()}
