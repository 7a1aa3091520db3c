"""How long a trace and the table of all attacks take in a browser's tab, beside CPython.

    make test-site                                      # builds _site, and .venv
    .venv/bin/python benchmarks/in_a_tab.py [ROUNDS]         # five if left out

The same program runs in a kernel of the built site, in Chromium, and in the Python that runs this.
They take turns, round after round, each in a new kernel or process, and only the ratio of one round
is compared.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "website" / "tests"), str(ROOT / "website")]

from server import serving  # noqa: E402
from tab import Tab, chromium, watching  # noqa: E402

#: What is measured, in the order of the table. The first of a kind in a process is not timed.
PROGRAM = """
import json
import time

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import run_attacks
from flasklogin_tutorial.lab import new_app, serve, trace
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06

def seconds(task, times):
    began = time.perf_counter()
    for _ in range(times):
        task()
    return (time.perf_counter() - began) / times

visitor = serve(new_app(step06.create_app))
visitor.put("/", json={"name": "ada", "email": "ada@example.org", "password": "lovelace"})
visitor.post("/login", json={"username": "ada", "password": "lovelace"})

def traced():
    return trace(visitor).post("/user_info")._repr_mimebundle_()

traced()
found = {"trace": seconds(traced, 10)}
found["all attacks"] = seconds(lambda: run_attacks(new_app(step06.create_app)), 1)
print(json.dumps(found))
"""

#: Each at most so many times as long as in CPython.
AIM = 3


def in_cpython() -> dict[str, float]:
    """Run the program in a process of this Python."""
    return json.loads(subprocess.check_output([sys.executable, "-c", PROGRAM], cwd=ROOT, text=True))


def in_the_tab(url: str) -> dict[str, float]:
    """Run the program in a new Chromium."""
    with (
        tempfile.TemporaryDirectory() as profile,
        watching() as watch,
        chromium(watch, Path(profile)) as context,
    ):
        said = Tab(context, f"{url}live/", "notebooks/00_start_here.ipynb").run(PROGRAM, 900)
    return json.loads(said)


def main() -> None:
    """Measure, and print the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ratios: dict[str, list[float]] = {}
    with serving(ROOT / "_site") as served:
        for number in range(1, rounds + 1):
            tab, cpython = in_the_tab(served.url), in_cpython()
            for what, seconds in tab.items():
                ratios.setdefault(what, []).append(seconds / cpython[what])
                both = f"{seconds:.3f} s : {cpython[what]:.3f} s"
                print(f"round {number}, {what}: {both} = {ratios[what][-1]:.2f}", flush=True)
    for what, found in ratios.items():
        spread = f"{min(found):.2f} to {max(found):.2f}"
        print(f"{what}: median {statistics.median(found):.2f} ({spread}), aim at most {AIM}")


if __name__ == "__main__":
    main()
