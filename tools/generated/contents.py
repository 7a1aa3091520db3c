"""The table of the notebooks in README.md.

It is the map of the course in the first notebook, with its links made to work from the top of the
repository.
"""

import itertools
import json
import re
from pathlib import Path

START = "00_start_here.ipynb"


def make(root: Path) -> dict[str, str]:
    """Return the table.

    Args:
        root: the folder of the checkout.
    """
    notebook = json.loads((root / "notebooks" / START).read_text(encoding="utf-8"))
    lines = "\n".join("".join(cell["source"]) for cell in notebook["cells"]).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("| notebook |"))
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines[first:])
    linked = (re.sub(r"\*\*(00 .*?)\*\*", rf"[\1]({START})", row) for row in rows)
    return {
        "README.md#contents": "\n".join(
            re.sub(r"\]\((\d\d[a-z]?_)", r"](notebooks/\1", row) for row in linked
        )
    }
