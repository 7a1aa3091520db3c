"""Which attack is running, on a terminal."""

import os
import sys
from collections.abc import Callable

#: Called before each attack with the number done, the number of all, and its name.
Progress = Callable[[int, int, str], None]


def on_standard_error() -> Progress:
    """Return what shows the progress on standard error, or nothing where that is no terminal."""
    clears = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return _show if clears else _say_nothing


def _show(done: int, count: int, name: str) -> None:
    # \r goes back to the beginning of the line, and \x1b[K clears it.
    left = f" ({count - done} left)" if done < count else ""
    sys.stderr.write(f"\r\x1b[K{done}/{count} {name}{left}")
    if done == count:
        sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()


def _say_nothing(done: int, count: int, name: str) -> None:
    """Say nothing: standard error is not a terminal."""
