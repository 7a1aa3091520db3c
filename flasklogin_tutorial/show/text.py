"""A long text in lines, and a sentence in HTML."""

import re
import textwrap
from html import escape

#: Columns of what is printed; a notebook cuts off or scrolls what is wider.
WIDTH = 96

#: Columns of a terminal, and of what is printed in a window of 800 pixels. There a notebook breaks
#: a longer line, and what stands below one another no longer does.
NARROW = 80


def wrap(
    text: str, width: int = WIDTH, *, first: str = "", rest: str = "", whole_words: bool = False
) -> list[str]:
    """Break a text into lines, but never at a hyphen: here a hyphen is a part of a name.

    Args:
        text: the text.
        width: how many characters a line may have.
        first: what the first line begins with.
        rest: what the other lines begin with.
        whole_words: leave a word whole that is longer than a line.

    Returns:
        The lines; none for an empty text.
    """
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=not whole_words,
        break_on_hyphens=False,
    )


def labelled(label: str, text: str, room: int, width: int = WIDTH) -> list[str]:
    """Return a text in lines that stand below one another, with a label in front of the first.

    Args:
        label: the label.
        text: the text.
        room: how many characters the labels take.
        width: how many characters a line may have.

    Returns:
        The lines.
    """
    first = f"  {label:<{room}}"
    return wrap(text, width, first=first, rest=" " * len(first))


def html_sentence(text: str) -> str:
    """Return a text in HTML, in which what stands between backticks is code.

    Args:
        text: the text.

    Returns:
        The text in HTML.
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
