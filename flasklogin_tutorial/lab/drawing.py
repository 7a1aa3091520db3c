"""Draw the events of an exchange, as aligned text and as a Mermaid sequence diagram."""

from dataclasses import dataclass, field

from flasklogin_tutorial.lab.recorder import Event, Lane
from flasklogin_tutorial.show import BAD, NOTE, ON_NOTE, wrap

#: Columns that a lane's text may take before it is wrapped.
WIDEST = {Lane.BROWSER: 18, Lane.FLASK: 24, Lane.LOGIN: 28, Lane.MONGO: 30}

#: The same where more lanes are drawn than these four.
NARROWER = dict.fromkeys(Lane, 24) | {
    Lane.KEY: 18,
    Lane.BROWSER: 16,
    Lane.FLASK: 20,
    Lane.LOGIN: 19,
}

#: Columns more for a name that is longer than its lane: a name is not broken in its middle.
LONGER = 6

#: Columns that a note of the browser may take; nothing stands to the right of it.
WIDEST_ASIDE = 96

#: Characters of a line in a diagram: a wider one would make everything else smaller.
WIDEST_LABEL = 40

#: No second row of names at the bottom, and less air between the lines. Notes look the same in
#: every theme: in Mermaid's dark one their text is hard to read.
_LOOK = (
    '%%{init: {"sequence": {"mirrorActors": false, "messageMargin": 24, "noteMargin": 6, '
    '"boxMargin": 4}, "themeVariables": '
    f'{{"noteBkgColor": "{NOTE}", "noteTextColor": "{ON_NOTE}"}}}}}}%%'
)

GAP = 5
_INDENT = "  "
_RIGHT, _LEFT = " ──▶ ", " ◀── "


@dataclass
class _Row:
    """One row of the drawing: a text in each lane, and what fills the gaps between lanes."""

    cells: dict[Lane, list[str]] = field(default_factory=lambda: {lane: [] for lane in Lane})
    gaps: list[str] = field(default_factory=lambda: [" " * GAP for _ in Lane][1:])
    crossed: set[Lane] = field(default_factory=set)

    def is_free_from(self, lane: Lane) -> bool:
        """Tell whether nothing stands in a lane and to the right of it."""
        return (
            not any(text for place, text in self.cells.items() if place >= lane)
            and not any(gap.strip() for gap in self.gaps[lane:])
            and not any(crossed >= lane for crossed in self.crossed)
        )


def lanes_of(events: list[Event]) -> list[Lane]:
    """Return the lanes to draw: those that are always there, and the others that take part."""
    taking_part = {lane for event in events for lane in (event.source, event.target)}
    return [lane for lane in Lane if lane.is_always_drawn or lane in taking_part]


def draw_text(events: list[Event]) -> str:
    """Draw events as text, one column a lane.

    Args:
        events: what happened, in order.

    Returns:
        Lines to be shown in a font of fixed width.
    """
    lanes = lanes_of(events)
    widest = WIDEST if len(lanes) == len(WIDEST) else NARROWER
    rows: list[_Row | str] = []
    for event in events:
        if event.source is event.target is Lane.BROWSER:
            rows += [f"  {line}" for line in wrap(event.text, WIDEST_ASIDE, rest=_INDENT)]
            continue
        last = rows[-1] if rows and isinstance(rows[-1], _Row) else None
        row = _place(event, wrap(event.text, _width(event, widest[event.at]), rest=_INDENT), last)
        if row is not last:
            rows.append(row)
    return _render(rows, lanes)


def _place(event: Event, text: list[str], last: _Row | None) -> _Row:
    """Put an event into the last row where it continues that row, otherwise into a new one."""
    low, high = sorted((event.source, event.target))
    if event.source is event.target:
        row = last if last is not None and _came_to(low, last) else _Row()
        row.cells[low] = text
        return row
    goes_right = event.source < event.target
    goes_on = goes_right and event.at is event.target
    row = last if goes_on and last is not None and _ends_in(low, last) else _Row()
    row.cells[event.at] = text
    for gap in range(low, high):
        row.gaps[gap] = "─" * GAP
    row.crossed.update(Lane(lane) for lane in range(low + 1, high))
    if goes_right:
        row.gaps[high - 1] = _RIGHT if high - low == 1 else "───▶ "
        if high - low > 1:
            row.gaps[low] = " ────"
    else:
        row.gaps[low] = _LEFT if high - low == 1 else " ◀───"
        if high - low > 1:
            row.gaps[high - 1] = "──── "
    return row


def _width(event: Event, lane: int) -> int:
    """Return the columns that the text of an event may take: those of its lane, or a few more."""
    first, *others = [len(word) for word in event.text.split()] or [0]
    longest = max([first, *(len(_INDENT) + word for word in others)])
    return longest if lane < longest <= lane + LONGER and event.at > Lane.BROWSER else lane


def _came_to(lane: Lane, row: _Row) -> bool:
    """Tell whether a row ends with an arrow to this lane."""
    return lane > 0 and row.gaps[lane - 1] == _RIGHT and row.is_free_from(lane)


def _ends_in(lane: Lane, row: _Row) -> bool:
    """Tell whether a row ends with a text in this lane."""
    open_gap = not row.gaps[lane].strip()
    return bool(row.cells[lane]) and open_gap and row.is_free_from(Lane(lane + 1))


def _render(rows: list[_Row | str], lanes: list[Lane]) -> str:
    title = _Row({lane: [lane.title] for lane in Lane})
    grid = [row for row in [title, *rows] if isinstance(row, _Row)]
    widths = {
        lane: max(len(text) for row in grid for text in row.cells[lane] or [""]) for lane in lanes
    }
    lines = []
    for row in [title, *rows]:
        if isinstance(row, str):
            lines.append(row)
            continue
        for number in range(max(1, *(len(row.cells[lane]) for lane in lanes))):
            line = ""
            for lane in lanes:
                cell = row.cells[lane]
                text = cell[number] if number < len(cell) else ""
                filler = "─" if lane in row.crossed and number == 0 else " "
                line += text.ljust(widths[lane], filler)
                if lane is not lanes[-1]:
                    line += row.gaps[lane] if number == 0 else " " * GAP
            lines.append(line.rstrip())
    return "\n".join(lines)


def draw_mermaid(events: list[Event]) -> str:
    """Draw events as the source of a Mermaid sequence diagram.

    Args:
        events: what happened, in order.

    Returns:
        Mermaid source, which JupyterLab and several code-hosting pages draw by themselves.
    """
    lines = [_LOOK, "sequenceDiagram"]
    if events:
        lines.append(f"  accTitle: {_escape(events[0].text)}, from browser to database and back")
    lines += [f"  participant {lane.name} as {lane.title}" for lane in lanes_of(events)]
    for event in events:
        text = "<br/>".join(map(_escape, wrap(event.text, WIDEST_LABEL))) or " "
        if event.source is event.target:
            line = f"  Note over {event.source.name}: {text}"
        else:
            arrow = "->>" if event.source < event.target else "-->>"
            line = f"  {event.source.name}{arrow}{event.target.name}: {text}"
        lines += [f"  rect {BAD}", line, "  end"] if event.failed else [line]
    return "\n".join(lines)


def _escape(text: str) -> str:
    """Write what Mermaid would take for syntax as character codes."""
    line = " ".join(text.split())
    coded = "".join(f"#{ord(c)};" if c in ";#<>&" else c for c in line)
    return coded.replace("%%{", "#37;%{")
