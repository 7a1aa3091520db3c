"""What is old in Jinja's templates: properties of a user that are called."""

import re
from pathlib import Path

from flasklogin_tutorial.migrate.hit import Hit

_SUFFIXES = {".html", ".htm", ".jinja", ".jinja2", ".j2"}

#: A user's property, called. Whose it is, is known by its name, as in Python.
_CALLED = re.compile(
    r"(?P<property>\b(?:\w+\.)*\w*user\w*\.is_(?:authenticated|active|anonymous))\(\s*\)"
)


def is_template(path: Path) -> bool:
    """Tell whether a file is a template, by its name."""
    return path.suffix in _SUFFIXES


def read(text: str) -> tuple[list[Hit], str]:
    """Find what is old in a template.

    Args:
        text: the template.

    Returns:
        What was found, and the template with all of it written anew.
    """
    hits = []
    for one in _CALLED.finditer(text):
        line = text.count("\n", 0, one.start()) + 1
        hits.append(Hit("user-method-called", line, one[0], one["property"], fixed=True))
    return hits, _CALLED.sub(r"\g<property>", text)
