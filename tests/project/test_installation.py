"""When tools/dev.py installs, and what: the commands are noted, not run."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from .checkout import ROOT, move

pytestmark = pytest.mark.slow


class Machine:
    """A checkout in which nothing is really installed: it notes what would have been run.

    Attributes:
        calls: what was run, each as one line, since the last look.
        fails: the installation ends with this status, or with this exception.
        answer: what the Python of .venv says of itself.
    """

    def __init__(self, dev, root, monkeypatch):
        self.dev, self.root, self.calls, self.fails = dev, root, [], 0
        self.answer = None
        for path in ("pyproject.toml", "requirements/lab.txt", "requirements/test.txt"):
            (root / path).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / path, root / path)
        move(dev, monkeypatch, root, root / ".venv")
        monkeypatch.setattr(dev, "call", self.call)
        monkeypatch.setattr(dev.subprocess, "check_output", self.check_output)

    def call(self, command, variables):
        line = " ".join(command[1:])
        self.calls.append(line)
        if "-m venv" in line:
            Path(self.dev.BIN).mkdir(parents=True, exist_ok=True)
            Path(self.dev.PYTHON).touch()
        elif self.fails:
            if isinstance(self.fails, int):
                return self.fails
            raise self.fails
        return 0

    def check_output(self, command, **options):
        if not Path(self.dev.PYTHON).exists():
            raise FileNotFoundError(self.dev.PYTHON)
        answer = self.answer or "{}.{}\n{}".format(*sys.version_info[:2], self.dev.VENV)
        return answer.encode()

    def install(self, level):
        """Install, and return which locks pip was given, and whether .venv was made."""
        self.calls.clear()
        self.dev.install(level)
        return self.seen()

    def seen(self):
        made = ["made"] if any("-m venv" in line for line in self.calls) else []
        return made + re.findall(r"-r requirements/(\w+)\.txt", "\n".join(self.calls))


@pytest.fixture
def checkout(dev, tmp_path, monkeypatch):
    return Machine(dev, tmp_path, monkeypatch)


def test_the_second_time_nothing_is_installed(checkout):
    assert checkout.install("lab") == ["made", "lab"]
    assert checkout.install("lab") == []
    assert checkout.calls == []


def test_test_comes_on_top_of_lab_and_holds_it(checkout):
    checkout.install("lab")
    assert checkout.install("test") == ["test"]
    assert checkout.install("test") == []
    assert checkout.install("lab") == []


def test_pip_checks_hashes_and_the_project_itself_brings_nothing(checkout):
    checkout.install("lab")
    packages, project = checkout.calls[1:]
    assert "--require-hashes" in packages
    assert "--no-deps" in packages, "an old pip would look for newer releases of some"
    assert "--no-deps" in project
    assert "--no-build-isolation" in project
    assert project.endswith("-e .")


@pytest.mark.parametrize("path", ["requirements/lab.txt", "requirements/test.txt"])
def test_another_lock_is_installed(checkout, path):
    checkout.install("test")
    with open(checkout.root / path, "a") as file:
        file.write("# changed\n")
    assert checkout.install("test") == ["test"]


def test_another_setting_of_a_tool_installs_nothing(checkout):
    checkout.install("lab")
    pyproject = checkout.root / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(text.replace("line-length = 100", "line-length = 99"), encoding="utf-8")
    assert checkout.install("lab") == []
    pyproject.write_text(text.replace('version = "0.1.0"', 'version = "0.2.0"'), encoding="utf-8")
    assert checkout.install("lab") == ["lab"]


def test_a_failed_installation_is_tried_again(checkout, dev):
    checkout.install("lab")
    checkout.fails = 1
    with pytest.raises(dev.Stop, match=r"pip could not install requirements/test\.txt"):
        checkout.install("test")
    checkout.fails = 0
    assert checkout.install("lab") == [], "what was there before still works"
    assert checkout.install("test") == ["test"]


def test_an_interrupted_installation_is_begun_anew(checkout):
    checkout.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        checkout.install("lab")
    checkout.fails = 0
    assert checkout.install("lab") == ["made", "lab"]
    assert checkout.install("lab") == []


@pytest.mark.parametrize("harm", ["no python", "other python", "not its own", "moved"])
def test_a_broken_environment_is_made_anew(checkout, dev, harm):
    checkout.install("lab")
    if harm == "no python":
        Path(dev.PYTHON).unlink()
    elif harm == "other python":
        checkout.answer = f"3.9\n{dev.VENV}"
    elif harm == "not its own":
        checkout.answer = "{}.{}\n{}".format(*sys.version_info[:2], checkout.root)
    else:
        stamp = Path(dev.STAMP)
        stamp.write_text(stamp.read_text(encoding="utf-8").replace(dev.ROOT, "elsewhere"))
    assert checkout.install("lab") == ["made", "lab"]


def test_nothing_of_the_home_folder_is_used(dev, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    variables = dev.environment()
    assert "PYTHONPATH" not in variables
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        assert Path(variables[name]).is_relative_to(dev.VENV)
