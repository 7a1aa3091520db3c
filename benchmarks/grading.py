"""Compare the time of nbgrader with that of the course's own command, on one class, in one run.

    .venv/bin/python -m pip install --editable '.[test]'
    .venv/bin/python benchmarks/grading.py --students 30

Both grade the same folder, one after the other, and have to come to the same verdicts. nbgrader
autogrades and writes its feedback; the command writes both of its reports. What counts is the
ratio: the machine may be slow or fast without changing it. Most of the class handed in something
that can be graded; `--seconds` is what the two answers that never end are given.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from exercises.submissions import NAME, submissions  # noqa: E402

FILE = f"{NAME}.ipynb"

#: What the class hands in at first, each once; everybody after them is one of the last five.
ONCE = ("loops", "prints_for_ever", "exits", "not_json", "renamed", "prints_100_mb", "no_checks")
OFTEN = ("perfect", "wrong", "syntax_error", "untouched", "cheats")

POINTS = """
import json
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as gradebook:
    found = {one.student.id: one.score for one in gradebook.assignment_submissions("%s")}
print(json.dumps(found))
"""


def run(course: Path, *arguments: str, may_fail: bool = False) -> tuple[float, str]:
    """Run Python once in the folder of a class.

    Args:
        course: the folder.
        *arguments: for Python.
        may_fail: do not stop when it ends with 1, as nbgrader does when it could not grade one.

    Returns:
        Wall seconds, and what it printed.
    """
    start = time.perf_counter()
    env = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(course)}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=course, env=env, capture_output=True, encoding="utf-8")
    if done.returncode not in (0, 1 if may_fail else 0):
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start, done.stdout


def main() -> None:
    """Print the seconds of each, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=30, help="30 if not given")
    parser.add_argument("--seconds", type=int, default=10, help="for a cell, 10 if not given")
    parser.add_argument(
        "--jobs", type=int, help="at once with the command; 1 is what nbgrader does"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), options)


def compare(course: Path, options: argparse.Namespace) -> None:
    """Grade one class both ways, and print what came of it."""
    (course / "source" / NAME).mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / "solutions" / FILE, course / "source" / NAME)
    shutil.copy(ROOT / "docs" / "teaching" / "nbgrader_config.py", course)
    run(course, "-m", "nbgrader", "generate_assignment", NAME)
    given = json.loads((course / "release" / NAME / FILE).read_text("utf-8"))
    kinds = submissions(given)
    names = [*ONCE, *islice(cycle(OFTEN), max(0, options.students - len(ONCE)))]
    for number, kind in enumerate(names[: options.students], 1):
        path = course / "submitted" / f"{number:03}_{kind}" / NAME / f"{kinds[kind].name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(kinds[kind].text, encoding="utf-8")

    limit = f"--Execute.timeout={options.seconds}"
    autograde, _ = run(course, "-m", "nbgrader", "autograde", NAME, limit, may_fail=True)
    feedback, _ = run(course, "-m", "nbgrader", "generate_feedback", NAME)
    nbgrader = autograde + feedback
    _, points = run(course, "-W", "ignore", "-c", POINTS % NAME)
    theirs = json.loads(points)

    command = ["-m", "flasklogin_tutorial.exercises", "grade", "submitted", "--notebook", NAME]
    command += ["--report", "out.html", "--report", "out.csv", f"--seconds={options.seconds}"]
    command += [f"--jobs={options.jobs}"] if options.jobs else []
    own, _ = run(course, *command)
    with (course / "out.csv").open(encoding="utf-8", newline="") as file:
        ours = {row["student"]: float(row["points"]) for row in csv.DictReader(file)}
    differ = [name for name in theirs.keys() | ours if theirs.get(name) != ours.get(name)]

    print(f"{len(ours)} submissions: nbgrader {nbgrader:.1f} s, the command {own:.1f} s")
    print(f"ratio: {nbgrader / own:.1f}")
    print(f"same points: {len(ours) - len(differ)} of {len(ours)}", *sorted(differ))
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
