"""What makes the generated parts of the repository, a module each; tools/build.py runs them.

Each has a function `make(root)`. It reads the checkout in the folder `root`, writes nothing, and
returns what has to be where:

    {"docs/topics.md": "the whole file", "README.md#attacks": "what is between two marks"}

A path is relative to `root`. None in place of a text says that there must be no such file.
"""

import json
import re
from pathlib import Path


class Wrong(Exception):
    """What a part is made from is not what it has to be; the message says what to change."""


def notebooks_in(folder: Path) -> dict[str, Path]:
    """Return the notebooks of a folder, in the order of the course.

    Args:
        folder: the folder.

    Returns:
        The paths by what their names begin with, such as "04", or "00b" between 00 and 01.
    """
    found = {path.name.partition("_")[0]: path for path in folder.glob("*_*.ipynb")}
    return {
        number: found[number] for number in sorted(found) if re.fullmatch(r"\d\d[a-z]?", number)
    }


def without_blocks(markdown: str) -> str:
    """Return a text without its blocks of code."""
    block = r"^ {0,3}(```+|~~~+).*?^ {0,3}\1[`~]*\s*$"
    return re.sub(block, "", markdown, flags=re.MULTILINE | re.DOTALL)


def title_of(notebook: Path) -> str:
    """Return the title of a notebook, which is its first heading."""
    first = json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"]
    return "".join(first).partition("\n")[0].removeprefix("# ").strip()
