"""The tables in docs/app.md: what each call and command demands, and what ends each credential."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
from app import access, commands, fields


def make(root: Path) -> dict[str, str]:
    """Return the tables that the tests of the app walk: by call, by event and by command.

    Args:
        root: the folder of the checkout; the tables need nothing from it.
    """
    return {
        "docs/app.md#calls": access.calls_table(),
        "docs/app.md#lives": access.lives_table(),
        "docs/app.md#commands": commands.commands_table(),
        "docs/app.md#fields": fields.fields_table(),
    }
