"""Whether an answer prints, which a beginner takes for returning."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO


class Printed(io.TextIOBase):
    """What is written to the screen, handed on.

    Args:
        screen: where it goes.

    Attributes:
        anything: whether anything was written that is no blank.
    """

    def __init__(self, screen: TextIO) -> None:
        self.screen, self.anything = screen, False

    def write(self, text: str) -> int:
        """Write a text to the screen."""
        self.anything = self.anything or bool(text.strip())
        return self.screen.write(text)

    def flush(self) -> None:
        """Let the screen show what it was given."""
        self.screen.flush()


@contextmanager
def watch_the_screen() -> Iterator[Printed]:
    """Note whether anything is printed.

    Yields:
        What knows it.
    """
    printed = Printed(sys.stdout)
    with redirect_stdout(printed):
        yield printed
