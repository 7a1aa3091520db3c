"""The table of old spellings in docs/app.md, from the traps that the command looks for."""

from pathlib import Path

from flasklogin_tutorial.migrate.traps import TRAPS
from flasklogin_tutorial.show import markdown_table


def make(root: Path) -> dict[str, str]:
    """Return the table.

    Args:
        root: the folder of the checkout; the table needs nothing from it.
    """
    rows = []
    for one in TRAPS:
        today = ", ".join(filter(None, [code(one.new), one.note]))
        rows.append((f"`{one.name}`", code(one.old), today, one.why, one.fixed))
    head = ("trap", "once", "today", "why", "`--fix` writes it")
    return {"docs/app.md#traps": markdown_table(head, rows)}


def code(text: str) -> str:
    """Return a piece of source as code, in a cell of a table."""
    if not text:
        return ""
    return f"`{text.replace('|', chr(92) + '|')}`"
