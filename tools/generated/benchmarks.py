"""The tables in docs/benchmarks.md and the pictures beside them, from benchmarks/results.json."""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from charts import draw_curves, draw_ratios

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
from measure import ratio

_NOT_MEASURED = "Not measured yet: `make bench` does it."

_PAGE = "docs/benchmarks.md"
_PICTURES = {
    "reads": "Requests, the finished app against others",
    "questions": "What a read asks, sent to the server alone",
    "users": "A login among more and more users",
    "hashing": "Logins with the production hash",
    "notebooks": "Running the notebooks",
    "imports": "Importing the app",
}


def make(root: Path) -> dict[str, str | None]:
    """Return a table for each part that was measured, with its picture.

    Args:
        root: the folder of the checkout.
    """
    parts = json.loads((root / "benchmarks" / "results.json").read_text("utf-8"))
    made: dict[str, str | None] = {f"{_PAGE}#operations": _NOT_MEASURED}
    for name, title in _PICTURES.items():
        picture = f"benchmarks/{name}.svg"
        if name not in parts:
            made |= {f"docs/{picture}": None, f"{_PAGE}#{name}": _NOT_MEASURED}
            continue
        rows = parts[name]["rows"]
        made[f"docs/{picture}"] = _draw(name, title, rows)
        shown = [_machine(parts[name]["machine"]), _table(rows), f"![{title}]({picture})"]
        made[f"{_PAGE}#{name}"] = "\n\n".join([*shown, _medians(rows)])
    if "operations" in parts:
        made[f"{_PAGE}#operations"] = _operations(parts["operations"]["rows"])
    return made


def _draw(name: str, title: str, rows: list[dict[str, Any]]) -> str:
    if name == "users":
        curves: dict[str, dict[int, float]] = {}
        for side, values in rows[0]["values"].items():
            app, _, users = side.partition(", ")
            count = int(users.removesuffix(" users").replace(",", ""))
            curves.setdefault(app, {})[count] = statistics.median(values)
        return draw_curves(title, "users in the database", "milliseconds a login", curves)
    found = []
    for row in rows:
        for side, against, aim in row["ratios"]:
            low, middle, high = ratio(row["values"], side, against)
            words = f"{row['what']}: {side} / {against}"
            found.append((words, low, middle, high, float(aim.split()[1]) if aim else None))
    return draw_ratios(title, found)


def _machine(about: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in about["packages"].items())
    return (
        f"{about['date']}, {about['processors']} of {about['processor']}, {about['memory_gb']} GB, "
        f"{about['system']}, Python {about['python']}, {packages}. "
        f"Load when it began: {about['load']} processes."
    )


def _table(rows: list[dict[str, Any]]) -> str:
    lines = ["| what | ratio | median | from | to | aim | |", "|:--|:--|--:|--:|--:|:--|:--|"]
    for row in rows:
        for side, against, aim in row["ratios"]:
            low, middle, high = ratio(row["values"], side, against)
            cells = [row["what"], f"{side} / {against}"]
            cells += [_number(middle), _number(low), _number(high)]
            cells += [aim.replace(">=", "≥").replace("<=", "≤"), _verdict(middle, aim)]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _verdict(middle: float, aim: str) -> str:
    if not aim:
        return ""
    sign, wanted = aim.split()
    met = middle >= float(wanted) if sign == ">=" else middle <= float(wanted)
    return "met" if met else "missed"


def _medians(rows: list[dict[str, Any]]) -> str:
    lines = ["| what, on this machine | side | median |", "|:--|:--|--:|"]
    for row in rows:
        for side, values in row["values"].items():
            median = f"{_number(statistics.median(values))} {row['unit']}"
            lines.append(f"| {row['what']} | {side} | {median} |")
        for side, memory in row["notes"].get("megabytes", {}).items():
            said = f"{memory['most']} MB, {memory['before']} MB before"
            lines.append(f"| most memory meanwhile | {side} | {said} |")
    return "\n".join(lines)


def _operations(rows: list[dict[str, Any]]) -> str:
    counts = rows[0]["notes"]["operations"]
    kinds = list(dict.fromkeys(kind for side in counts.values() for kind in side))
    lines = [f"| request | {' | '.join(counts)} |", "|:--|" + ":--|" * len(counts)]
    for kind in kinds:
        cells = [_sum(side[kind]) if kind in side else "has none" for side in counts.values()]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _sum(commands: dict[str, int]) -> str:
    said = ", ".join(f"{name} {number}" for name, number in commands.items())
    return f"{sum(commands.values())} ({said})" if commands else "0"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
