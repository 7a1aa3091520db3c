"""The notebooks under three programs that run notebooks, and what it costs to import the app."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyperf
from app.processes import environment
from serving import ROOT

from . import Row, Scale, in_turn

_PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "-p",
    "no:cacheprovider",
    "--override-ini=addopts=",
]
_NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=60"]
_NBVAL += ["--nbval-sanitize-with=tests/sanitize.cfg"]

#: One process for all notebooks, as the two others are, so that papermill starts once as well.
_PAPERMILL = """
import sys
import tempfile
import papermill
with tempfile.TemporaryDirectory() as folder:
    for path in sys.argv[1:]:
        papermill.execute_notebook(
            path, f"{folder}/out.ipynb", kernel_name="python3", cwd="notebooks", progress_bar=False)
"""

#: Each plugin of pytest is kept out of the other's run: both want to collect notebooks.
_RUNNERS = {
    "nbval, compares the outputs": [*_PYTEST, "-p", "no:nbmake", *_NBVAL],
    "nbmake": [*_PYTEST, "-p", "no:nbval", "--nbmake", "--nbmake-kernel=python3"],
    "papermill": [sys.executable, "-c", _PAPERMILL],
}

APP, LIBRARIES = "the app", "flask, flask_login and flask_mongoengine"
_IMPORTS = {
    APP: "import flasklogin_tutorial.app",
    LIBRARIES: "import flask, flask_login, flask_mongoengine",
}


def measure_notebooks(scale: Scale) -> list[Row]:
    """Run the same notebooks under each program, in turn."""
    found = sorted((ROOT / "notebooks").glob("[0-9][0-9]*_*.ipynb"))
    chosen = [str(path) for path in found if path.name.partition("_")[0] in scale.notebooks]
    sides = {name: _running([*command, *chosen]) for name, command in _RUNNERS.items()}
    row = Row("notebooks", "s", in_turn(scale.rounds, sides))
    nbval, *others = _RUNNERS
    row.ratios = [(nbval, other, "<= 1") for other in others]
    row.notes = {"notebooks": [Path(path).stem for path in chosen], "of": len(found)}
    return [row]


def _running(command: list[str]) -> Callable[[], float]:
    def once() -> float:
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment())
        if done.returncode:
            raise RuntimeError(f"a notebook failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return time.perf_counter() - start

    return once


def measure_imports(scale: Scale) -> list[Row]:
    """Start a Python that imports, by pyperf, three times a round after one to warm up."""
    sides = {name: _importing(program) for name, program in _IMPORTS.items()}
    row = Row("import", "ms", in_turn(scale.rounds, sides))
    row.ratios = [(APP, LIBRARIES, "<= 1.15")]
    return [row]


def _importing(program: str) -> Callable[[], float]:
    return lambda: _start(program, processes=3).median() * 1000


def _start(program: str, processes: int) -> pyperf.Benchmark:
    """Let pyperf start Pythons with a program, after one to warm up in each of its processes."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "started.json")
        command = [sys.executable, "-m", "pyperf", "command", "--quiet", "--output", str(output)]
        command += [
            "--processes",
            str(processes),
            "--values",
            "1",
            "--warmups",
            "1",
            "--loops",
            "1",
        ]
        subprocess.run(
            [*command, "--", sys.executable, "-W", "ignore", "-c", program],
            check=True,
            capture_output=True,
            env=environment(),
        )
        return pyperf.Benchmark.load(str(output))


def processor_name() -> str:
    """Return what the processor calls itself, as pyperf finds it."""
    name: str = _start("", processes=1).get_metadata()["cpu_model_name"]
    return name
