"""How long the live course takes to start, and how many bytes it is, beside an empty site.

    make test-site                                      # builds _site, and .venv
    .venv/bin/python benchmarks/site.py [PAIRS]         # at least five; seven take half an hour

The control is an empty JupyterLite with the same Pyodide, whose kernel evaluates `1 + 1`. Course
and control take turns, so that a busy machine slows both, and the ratio is the figure to trust.
Cold is a new profile of Chromium, warm the same one again.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "website"), str(ROOT / "website" / "tests")]

from server import COMPRESSED, serving  # noqa: E402
from tab import Tab, chromium, watching  # noqa: E402

CONTROL = ROOT / "build" / "control"
CASES = {
    "course": (ROOT / "_site", "notebooks/00_start_here.ipynb"),
    "control": (CONTROL, "control.ipynb"),
}

#: Node has brotli, Python has not.
PACK = """
const fs = require("fs"), zlib = require("zlib");
const sums = { gzip: 0, brotli: 0 };
for (const file of JSON.parse(fs.readFileSync(0))) {
  const data = fs.readFileSync(file);
  sums.gzip += zlib.gzipSync(data, { level: 9 }).length;
  sums.brotli += zlib.brotliCompressSync(data).length;
}
console.log(JSON.stringify(sums));
"""

FIRST_CELL = """() => {
    window.firstCell = null;
    const widget = jupyterapp.shell.currentWidget, notebook = widget.content;
    (async () => {
        await widget.context.ready;
        await widget.sessionContext.ready;
        let i = 0;
        while (notebook.model.cells.get(i).type !== 'code') i++;
        notebook.activeCellIndex = i;
        notebook.deselectAll();
        await jupyterapp.commands.execute('notebook:run-cell');
        window.firstCell = performance.now() / 1000;
    })();
}"""


def part_of(path: str) -> str:
    """Say which part of the site a file belongs to."""
    if path.endswith(".whl"):
        return "wheels"
    return "Pyodide" if "/static/pyodide/" in path else "JupyterLite and pages"


def packed(folder: Path, paths: list[str]) -> dict[str, float]:
    """Return the megabytes of files: as they are, with gzip, and with brotli."""
    files = [folder / path.removeprefix("/course/") for path in paths]
    files = [path for path in files if path.is_file()]
    squeezed = [str(path) for path in files if path.suffix in COMPRESSED]
    given = json.dumps(squeezed)
    sums = json.loads(subprocess.check_output(["node", "-e", PACK], input=given, text=True))
    whole = sum(path.stat().st_size for path in files)
    rest = sum(path.stat().st_size for path in files if path.suffix not in COMPRESSED)
    found = {"as it is": whole} | {name: rest + size for name, size in sums.items()}
    return {name: size / 1e6 for name, size in found.items()}


def start(url: str, notebook: str, profile: Path) -> float:
    """Open a notebook in a new Chromium, run its first cell, and return the seconds."""
    with watching() as watch, chromium(watch, profile) as context:
        tab = Tab(context, f"{url}live/", notebook)
        tab.page.evaluate(FIRST_CELL)
        tab.page.wait_for_function("() => window.firstCell", timeout=300_000)
        return tab.page.evaluate("() => window.firstCell")


def print_bytes(name: str, folder: Path, sent: list[str]) -> None:
    """Print the size of what was fetched until the first cell, by parts."""
    parts: dict[str, list[str]] = {}
    for path in sent:
        parts.setdefault(part_of(path), []).append(path)
    for part, paths in {**parts, "all": sent}.items():
        sizes = packed(folder, paths)
        text = ", ".join(f"{key} {size:.1f}" for key, size in sizes.items())
        print(f"{name}, {part}: {len(paths)} files, MB: {text}", flush=True)


def main() -> None:
    """Measure, and print the medians."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    build = [str(ROOT / ".venv-site" / "bin" / "python"), "website/build.py", "--control"]
    subprocess.run([*build, "--out", str(CONTROL)], cwd=ROOT, check=True)
    ratios: dict[str, list[float]] = {"cold": [], "warm": []}
    for number in range(pairs):
        seconds = {}
        for name, (folder, notebook) in CASES.items():
            # One address for both, because what a browser keeps, it keeps for an address.
            with tempfile.TemporaryDirectory() as profile, serving(folder) as served:
                for state in ("cold", "warm"):
                    seconds[name, state] = start(served.url, notebook, Path(profile))
                    if number == 0 and state == "cold":
                        print_bytes(name, folder, list(served.sent))
        for state, found in ratios.items():
            found.append(seconds["course", state] / seconds["control", state])
            both = f"{seconds['course', state]:.1f} s : {seconds['control', state]:.1f} s"
            print(f"pair {number + 1}, {state}: {both} = {found[-1]:.2f}", flush=True)
    for state, found in ratios.items():
        spread = f"{min(found):.2f} to {max(found):.2f}"
        print(f"{state}: median {statistics.median(found):.2f} of {pairs} pairs ({spread})")


if __name__ == "__main__":
    main()
