"""Measure the finished app, the article's app and the tools beside each other, in one run.

    make bench                              everything; an hour on two processors
    make bench ARGS="--only reads --only imports"
    make bench ARGS=--tiny                  some seconds of each, to see that it works

The result is a table of ratios, and benchmarks/results.json, from which `tools/build.py benchmarks`
makes docs/benchmarks.md. A part that is not measured stays in the file as it was. wrk has to be on
the PATH (Debian: apt-get install wrk). Whatever is asked is on this machine.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from measure import FULL, TINY, Row, Scale, hashing, many_users, questions, ratio, reads_and_logins
from measure import notebooks_and_imports as others
from serving import Missing, require_wrk

RESULTS = Path(__file__).with_name("results.json")

#: What is measured, in the order of the table.
PARTS: dict[str, Callable[[Scale], list[Row]]] = {
    "reads": reads_and_logins.measure,
    "questions": questions.measure,
    "operations": many_users.count_operations,
    "users": many_users.measure,
    "hashing": hashing.measure,
    "notebooks": others.measure_notebooks,
    "imports": others.measure_imports,
}

_PACKAGES = ("Flask", "Flask-Login", "pymongo", "mongoengine", "gunicorn", "SecantusDB")


def describe_machine() -> dict[str, Any]:
    """Say where and when this is, without what would tell whose machine it is."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": others.processor_name(),
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "load": round(psutil.getloadavg()[0], 1),
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Write the ratios of rows as lines: the smallest, the median and the largest of the rounds."""
    lines = []
    for row in rows:
        lines.append(f"{row['what']} ({row['unit']})")
        for side, against, aim in row["ratios"]:
            low, middle, high = ratio(row["values"], side, against)
            said = f"{low:7.2f} {middle:7.2f} {high:7.2f}  {side} / {against}"
            lines.append(f"{said}{f'  (aim {aim})' if aim else ''}")
    return "\n".join(["   from  median      to  ", *lines])


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table and write the file.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="may be given repeatedly")
    parser.add_argument("--tiny", action="store_true", help="too little to quote")
    parser.add_argument("--output", type=Path, default=RESULTS, help="results.json if not given")
    parser.add_argument(
        "--users", type=int, nargs="+", help="the sizes for the curve of the logins, ascending"
    )
    given = parser.parse_args(arguments)
    scale = TINY if given.tiny else FULL
    if given.users:
        scale = replace(scale, users=tuple(given.users))
    try:
        require_wrk()
    except Missing as error:
        print(f"make bench: {error}", file=sys.stderr)
        return 1
    parts = {}
    if given.output.exists():
        parts = json.loads(given.output.read_text("utf-8"))
    for name in given.only or PARTS:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        machine = describe_machine()
        rows = [row.as_json() for row in PARTS[name](scale)]
        parts[name] = {"machine": machine, "rows": rows}
        text = json.dumps({name: parts[name] for name in PARTS if name in parts}, indent=1)
        given.output.write_text(f"{text}\n", "utf-8")  # after each part, for it may take an hour
        print(table(rows), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
