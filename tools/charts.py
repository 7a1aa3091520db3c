"""Two small pictures as SVG: ratios as dots with their spread, and curves on logarithmic axes."""

import math
from collections.abc import Mapping, Sequence
from html import escape

#: One of these is on a page at a time, in the colours that the page has.
_STYLE = (
    "<style>text{font:13px sans-serif;fill:#222}.axis{stroke:#999;stroke-width:1}"
    ".spread{stroke:#3b6ea5;stroke-width:3}.dot{fill:#3b6ea5}.aim{stroke:#b4451f;stroke-width:2}"
    ".small{font-size:11px}.c0{stroke:#3b6ea5;fill:#3b6ea5}.c1{stroke:#b4451f;fill:#b4451f}"
    "polyline{fill:none!important;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.spread,.c0{stroke:#7fb2e5}"
    ".dot,.c0{fill:#7fb2e5}.aim,.c1{stroke:#f0956f}.c1{fill:#f0956f}text.c0,text.c1{stroke:none}}"
    "text.c0,text.c1{stroke:none}</style>"
)
_WIDTH = 720


def draw_ratios(title: str, ratios: Sequence[tuple[str, float, float, float, float | None]]) -> str:
    """Draw ratios, each on a line of its own.

    Args:
        title: what the picture is about.
        ratios: for each its words, the smallest, the median, the largest, and its aim if any.
    """
    left, right, line = 40, _WIDTH - 40, 46
    height = 40 + line * len(ratios)
    ends = [value for _, low, _, high, aim in ratios for value in (low, high, aim or low)]
    first, last = _decades([*ends, 0.5, 2])

    def x(value: float) -> float:
        return left + (right - left) * (math.log10(value) - first) / (last - first)

    shapes = []
    for tick in _ticks(first, last):
        shapes.append(_line(x(tick), 10, x(tick), height - 24, "axis"))
        shapes.append(_text(x(tick), height - 8, f"{tick:g}", "small", "middle"))
    for number, (words, low, middle, high, aim) in enumerate(ratios):
        y = 40 + line * number
        shapes.append(_text(left, y - 10, words))
        shapes.append(_line(x(low), y + 6, x(high), y + 6, "spread"))
        shapes.append(f'<circle class="dot" cx="{x(middle):.1f}" cy="{y + 6}" r="5"/>')
        if aim is not None:
            shapes.append(_line(x(aim), y - 4, x(aim), y + 16, "aim"))
    return _picture(title, height, shapes)


def draw_curves(title: str, across: str, up: str, curves: Mapping[str, Mapping[int, float]]) -> str:
    """Draw curves over the same axis, both axes logarithmic.

    Args:
        title: what the picture is about.
        across: what the horizontal axis counts.
        up: what the vertical one measures.
        curves: for each curve its points.
    """
    left, right, top, bottom = 60, _WIDTH - 160, 30, 320
    x_first, x_last = _decades([one for points in curves.values() for one in points])
    y_first, y_last = _decades([one for points in curves.values() for one in points.values()])

    def place(count: float, value: float) -> tuple[float, float]:
        x = left + (right - left) * (math.log10(count) - x_first) / (x_last - x_first)
        y = bottom - (bottom - top) * (math.log10(value) - y_first) / (y_last - y_first)
        return x, y

    shapes = [_text(left, 18, up, "small"), _text(right, bottom + 36, across, "small", "end")]
    for tick in _ticks(x_first, x_last):
        x, _ = place(tick, 10**y_first)
        shapes.append(_line(x, top, x, bottom, "axis"))
        shapes.append(_text(x, bottom + 18, f"{tick:,.0f}", "small", "middle"))
    for tick in _ticks(y_first, y_last):
        _, y = place(10**x_first, tick)
        shapes.append(_line(left, y, right, y, "axis"))
        shapes.append(_text(left - 6, y + 4, f"{tick:,g}", "small", "end"))
    for number, (name, points) in enumerate(curves.items()):
        places = [place(count, value) for count, value in sorted(points.items())]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        shapes.append(f'<polyline class="c{number}" points="{joined}"/>')
        shapes += [
            f'<circle class="c{number}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in places
        ]
        x, y = places[-1]
        shapes.append(_text(x + 10, y + 4, name, f"c{number}"))
    return _picture(title, bottom + 50, shapes)


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten around some values."""
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))


def _ticks(first: int, last: int) -> list[float]:
    return [10.0**power for power in range(first, last + 1)]


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'


def _picture(title: str, height: int, shapes: Sequence[str]) -> str:
    size = f'width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}">'
    )
    return "\n".join([head, f"<title>{escape(title)}</title>", _STYLE, *shapes, "</svg>", ""])
