"""Lines in a font of fixed width, in HTML."""

from html import escape

#: The first line of an output that may be folded away. JupyterLab shows the first line of its HTML
#: in its place, as it is written: better none than a tag.
BLANK = " \n"

#: What is wider than the window scrolls inside its box: a broken line would shift all columns.
BOX = "white-space:pre;overflow-x:auto;font:13px/1.3 monospace;margin:0;padding:0"


def html_lines(lines: str) -> str:
    """Return lines in a box that scrolls sideways.

    Args:
        lines: the lines, in HTML.

    Returns:
        The box.
    """
    return f'<pre style="{BOX}">{lines}</pre>'


def html_text(text: str) -> str:
    """Return plain text in a box that scrolls sideways.

    Args:
        text: the lines, as they are printed.

    Returns:
        The box.
    """
    return BLANK + html_lines(escape(text, quote=False))
