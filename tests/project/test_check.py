"""`make check`: what it runs, what it prints, and the hooks that do the same before a commit."""

import importlib.util
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent

FINE = ("fine", ["python", "-c", "print('nothing to say')"])
UNCLEAN = ("unclean", ["python", "-c", "raise SystemExit('a line is too long')"])

#: Ends well when the other one has begun too.
WAIT = """
import pathlib, sys, time
mine, other = map(pathlib.Path, sys.argv[1:])
mine.touch()
for _ in range(600):
    if other.exists():
        sys.exit()
    time.sleep(0.1)
sys.exit("the other check did not begin")
"""


@pytest.fixture
def dev(monkeypatch):
    """Import tools/dev.py, and let it use the running Python and install nothing."""
    spec = importlib.util.spec_from_file_location("dev_under_test", ROOT / "tools" / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "BIN", os.path.dirname(sys.executable))
    monkeypatch.setattr(module, "install", lambda level: None)
    monkeypatch.chdir(ROOT)
    return module


@pytest.fixture
def ran(dev, monkeypatch):
    """Note the checks and the tests that would run."""
    noted = []
    monkeypatch.setattr(dev, "run_checks", noted.append)
    monkeypatch.setattr(dev, "run_tests", lambda which: noted.append(which) or 0)
    return noted


def test_a_check_is_one_line_with_its_seconds(dev, capsys):
    dev.run_checks([FINE])
    (line,) = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"ok +fine +\d+\.\d s  python -c print\('nothing to say'\)", line)


def test_what_is_not_clean_is_shown_and_named_at_the_end(dev, capsys):
    with pytest.raises(dev.Stop, match=r"not clean: unclean \(see above\)"):
        dev.run_checks([UNCLEAN, FINE])
    lines = capsys.readouterr().out.splitlines()
    told = next(place for place, line in enumerate(lines) if line.startswith("not ok  unclean "))
    assert lines[told + 1] == "a line is too long"
    assert any(line.startswith("ok      fine ") for line in lines)


def test_checks_run_side_by_side(dev, monkeypatch, tmp_path):
    monkeypatch.setattr(dev.os, "cpu_count", lambda: 2)
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    wait = ["python", "-c", WAIT]
    dev.run_checks([("one", [*wait, one, two]), ("two", [*wait, two, one])])


def test_check_runs_all_checks_and_then_the_quick_tests(dev, ran):
    assert dev.main(["check"]) == 0
    assert ran == [dev.CHECKS, dev.QUICK_TESTS]


def test_check_with_names_runs_these_and_no_test(dev, ran):
    assert dev.main(["check", "generated", "style"]) == 0
    (checks,) = ran
    assert [name for name, _ in checks] == ["style", "generated"]


def test_a_check_that_is_not_there_is_refused_with_those_that_are(dev, ran, capsys):
    assert dev.main(["check", "stile"]) == 1
    assert "there is no check stile. There are: style, format, " in capsys.readouterr().err
    assert ran == []


def test_test_runs_the_same_checks_and_then_everything(dev, ran):
    assert dev.main(["test"]) == 0
    assert ran == [dev.CHECKS, []]


@pytest.mark.parametrize("command", ["check", "test"])
def test_no_test_runs_when_a_check_is_not_clean(dev, monkeypatch, command):
    monkeypatch.setattr(dev, "CHECKS", [UNCLEAN])
    monkeypatch.setattr(dev, "run_tests", lambda which: pytest.fail("the tests ran"))
    assert dev.main([command]) == 1


def test_the_mark_of_the_tests_that_are_left_out_is_one_that_pytest_knows(dev):
    pytest_options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    names = [line.partition(":")[0] for line in pytest_options["ini_options"]["markers"]]
    assert f"not {names[0]}" in dev.QUICK_TESTS


def test_each_check_is_a_hook_before_a_commit_and_each_hook_a_check(dev):
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert [hook["id"] for hook in hooks] == [name for name, _ in dev.CHECKS]
    for hook in hooks:
        assert hook["entry"] == f"python3 tools/dev.py check {hook['id']}"
        # A check looks at the whole repository, and a file that was removed counts too.
        assert (hook["language"], hook["pass_filenames"], hook["always_run"]) == (
            "system",
            False,
            True,
        )
