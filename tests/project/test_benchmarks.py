"""The benchmarks run and say what they measured. How fast anything was is not asked here."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys

import pytest

from .checkout import ROOT

sys.path.append(str(ROOT / "benchmarks"))
import run
from measure import in_turn, ratio


def measure(output, *arguments, **variables):
    """Run the command; return the process."""
    return subprocess.run(
        [sys.executable, ROOT / "benchmarks/run.py", "--output", output, *arguments],
        capture_output=True,
        text=True,
        env=os.environ | variables,
    )


def test_sides_are_measured_in_turn_and_compared_round_by_round():
    asked = []
    sides = {name: lambda name=name: asked.append(name) or len(asked) for name in ("a", "b")}
    values = in_turn(3, sides)
    assert asked == ["a", "b"] * 3
    assert ratio(values, "a", "b") == (1 / 2, 3 / 4, 5 / 6)


def test_what_was_measured_is_kept_in_the_order_of_the_command():
    kept = json.loads((ROOT / "benchmarks/results.json").read_text("utf-8"))
    assert list(kept) == [part for part in run.PARTS if part in kept]


def test_without_wrk_it_says_what_to_install_and_writes_nothing(tmp_path):
    done = measure(tmp_path / "results.json", PATH=str(tmp_path))
    assert done.returncode == 1
    assert "apt-get install wrk" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not on the PATH")
@pytest.mark.skipif(
    importlib.util.find_spec("secantus") is None, reason="no SecantusDB for this Python or machine"
)
@pytest.mark.parametrize("part", ["reads", "operations", "users", "hashing", "imports"])
def test_a_tiny_run_measures_every_side_in_every_round(tmp_path, part):
    output = tmp_path / "results.json"
    done = measure(output, "--tiny", "--only", part)
    assert done.returncode == 0, done.stderr
    measured = json.loads(output.read_text("utf-8"))
    assert list(measured) == [part]
    for row in measured[part]["rows"]:
        rounds = {len(values) for values in row["values"].values()}
        assert len(rounds) == 1 and rounds <= {1, 2}, row
        assert all(value > 0 for values in row["values"].values() for value in values), row
        assert {name for side, against, _ in row["ratios"] for name in (side, against)} <= set(
            row["values"]
        )
    if part == "operations":
        operations = measured[part]["rows"][0]["notes"]["operations"]
        assert operations["finished app"]["who is logged in"] == {"aggregate": 1}
