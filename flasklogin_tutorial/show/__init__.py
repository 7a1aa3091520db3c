"""How a result looks: one table, three colours, one way to break a text into lines.

- `colours`: what is good, what is bad, and what is neither.
- `table`: a table in HTML, in Markdown and in plain text.
- `lines`: lines of fixed width in HTML, which scroll where they are too wide.
- `text`: a long text in lines, a label in front of it.

Nothing but the standard library is imported here, so that a result also shows where everything else
is missing.
"""

from flasklogin_tutorial.show.colours import BAD, GOOD, NEITHER, NOTE, ON_NOTE
from flasklogin_tutorial.show.lines import BLANK, html_lines, html_text
from flasklogin_tutorial.show.table import (
    LEFT,
    Cell,
    column_widths,
    html_table,
    markdown_table,
    text_table,
)
from flasklogin_tutorial.show.text import NARROW, WIDTH, html_sentence, labelled, wrap

__all__ = [
    "BAD",
    "BLANK",
    "GOOD",
    "LEFT",
    "NARROW",
    "NEITHER",
    "NOTE",
    "ON_NOTE",
    "WIDTH",
    "Cell",
    "column_widths",
    "html_lines",
    "html_sentence",
    "html_table",
    "html_text",
    "labelled",
    "markdown_table",
    "text_table",
    "wrap",
]
