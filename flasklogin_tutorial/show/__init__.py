"""How a result looks: one table, three colours, one way to break a text into lines.

- `colours`: what is good, what is bad, and what is neither.
- `table`: a table in HTML, in Markdown and in plain text.
- `text`: a long text in lines, a label in front of it.

Nothing but the standard library is imported here, so that a result also shows where everything else
is missing.
"""

from flasklogin_tutorial.show.colours import BAD, GOOD, NEITHER
from flasklogin_tutorial.show.table import (
    LEFT,
    Cell,
    column_widths,
    html_table,
    markdown_table,
    text_table,
)
from flasklogin_tutorial.show.text import WIDTH, labelled, wrap

__all__ = [
    "BAD",
    "GOOD",
    "LEFT",
    "NEITHER",
    "WIDTH",
    "Cell",
    "column_widths",
    "html_table",
    "labelled",
    "markdown_table",
    "text_table",
    "wrap",
]
