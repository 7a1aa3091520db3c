"""Compare the time of nbval with that of nbmake on the course's notebooks, in turn, in one run.

    .venv/bin/python -m pip install --editable '.[test,bench]'
    .venv/bin/python benchmarks/nbval_vs_nbmake.py --runs 5

nbmake runs every notebook and looks for errors. nbval also compares every output with the stored
one. What is printed is the ratio of each pair of runs: the machine may be slow or fast, and drift
between pairs, without changing it.
"""

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMON = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--override-ini=addopts="]
NBVAL = [
    "--nbval",
    "--nbval-current-env",
    "--nbval-cell-timeout=60",
    "--nbval-sanitize-with=tests/sanitize.cfg",
]
#: Each plugin is kept out of the other's run: both want to collect notebooks.
COMMANDS = {
    "nbval": [*COMMON, "-p", "no:nbmake", *NBVAL],
    "nbmake": [*COMMON, "-p", "no:nbval", "--nbmake", "--nbmake-kernel=python3"],
}


def seconds(command: list[str], notebooks: list[str]) -> float:
    """Run pytest once over notebooks.

    Args:
        command: pytest with its options.
        notebooks: paths of notebooks.

    Returns:
        Wall seconds.
    """
    start = time.perf_counter()
    done = subprocess.run([*command, *notebooks], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


def main() -> None:
    """Print the ratio of each pair and the median."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs, 5 if not given")
    arguments = parser.parse_args()
    notebooks = [str(path) for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))]
    ratios = []
    for number in range(1, arguments.runs + 1):
        taken = {name: seconds(command, notebooks) for name, command in COMMANDS.items()}
        ratios.append(taken["nbval"] / taken["nbmake"])
        print(f"pair {number}: nbval / nbmake = {ratios[-1]:.2f}", flush=True)
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"{len(notebooks)} notebooks, ratio: min {low:.2f}, median {middle:.2f}, max {high:.2f}")


if __name__ == "__main__":
    main()
