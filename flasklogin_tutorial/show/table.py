"""A table in HTML, in Markdown and in plain text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from flasklogin_tutorial.show.text import html_sentence

#: Jupyter puts the text of a table to the right unless it is told otherwise.
LEFT = "text-align:left"


@dataclass(frozen=True)
class Cell:
    """A cell of a table in HTML.

    Attributes:
        text: what stands in it.
        style: where the text stands.
        colour: the background; none if empty.
        tag: `td`, or `th` for a head.
        scope: what a head is the head of: `row` or `col`.
        span: how many columns it takes.
        code: whether the text is code.
    """

    text: str = ""
    style: str = LEFT
    colour: str = ""
    tag: str = "td"
    scope: str = ""
    span: int = 1
    code: bool = False

    def __str__(self) -> str:
        background = f"background:{self.colour}" if self.colour else ""
        attributes = {
            "scope": self.scope,
            "colspan": str(self.span) if self.span > 1 else "",
            "style": ";".join(filter(None, [self.style, background])),
        }
        given = "".join(f' {name}="{value}"' for name, value in attributes.items() if value)
        if self.code:
            shown = f"<code>{escape(self.text, quote=False)}</code>"
        else:
            shown = html_sentence(self.text)
        return f"<{self.tag}{given}>{shown}</{self.tag}>"


Row = Iterable[Cell | str]


def html_table(
    rows: Iterable[Row], *, caption: str = "", head: Iterable[Cell] = (), between: str = "\n"
) -> str:
    """Return a table in HTML.

    Args:
        rows: the rows; a text is a plain cell.
        caption: what stands above.
        head: the heads of the columns.
        between: what stands between the lines of the HTML.

    Returns:
        The table.
    """
    lines = ["<table>"]
    if caption:
        lines.append(f'<caption style="{LEFT}">{escape(caption)}</caption>')
    body = list(map(_html_row, rows))
    if heads := list(head):
        body = [f"<thead>{_html_row(heads)}</thead>", "<tbody>", *body, "</tbody>"]
    return between.join([*lines, *body, "</table>"])


def _html_row(row: Row) -> str:
    cells = (Cell(one) if isinstance(one, str) else one for one in row)
    return f"<tr>{''.join(map(str, cells))}</tr>"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown.

    Args:
        head: the heads of the columns.
        rows: the cells of each row, in Markdown.

    Returns:
        The table.
    """
    rule = f"|{'|'.join(':--' for _ in head)}|"
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], rule, *lines[1:]])


def text_table(rows: Sequence[Sequence[str]], *, right: Iterable[int] = ()) -> list[str]:
    """Return a table as lines for a font of fixed width.

    Args:
        rows: the cells of each row.
        right: the numbers of the columns whose texts stand to the right.

    Returns:
        A line for each row.
    """
    widths, right = column_widths(rows), set(right)
    return [
        "  ".join(
            text.rjust(width) if number in right else text.ljust(width)
            for number, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def column_widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """Return how many characters the widest text of each column has."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)]
