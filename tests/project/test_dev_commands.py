"""`make` and tools/dev.py: the commands, the Pythons that they refuse, JupyterLab.

Nothing is installed here.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from .checkout import ROOT, posix_only

# ---- make


def make(*arguments):
    """Run make in the checkout and return the process when it has ended."""
    # `make test` hands its own arguments to every make beneath it in these.
    beneath = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        env={name: value for name, value in os.environ.items() if name not in beneath},
    )


needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@needs_make
def test_make_alone_prints_the_targets(dev):
    process = make(f"PYTHON={sys.executable}")
    assert process.returncode == 0, process.stderr
    assert process.stdout == dev.HELP + "\n"


def test_the_help_names_each_target_of_the_makefile(dev):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    assert set(targets) == set(dev.COMMANDS)
    for target in targets:
        assert re.search(rf"^make {target} ", dev.HELP, re.MULTILINE)


@needs_make
@posix_only
def test_make_says_in_one_line_that_there_is_no_python():
    process = make("lab", "PYTHON=no-such-python")
    assert process.returncode != 0
    said, makes_own = process.stderr.splitlines()
    assert "no 'no-such-python' on this machine. Install Python 3.11 or newer" in said
    assert makes_own.startswith("make: ***")


def test_an_unknown_command_is_answered_with_the_known_ones(dev, capsys):
    assert dev.main(["lba"]) == 2
    assert dev.HELP in capsys.readouterr().out


def test_an_old_python_is_refused_in_one_line(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.sys, "version_info", (3, 10, 13, "final", 0))
    monkeypatch.setattr(dev, "find_newer_python", lambda: None)
    monkeypatch.setattr(dev, "install", lambda level: pytest.fail("went on to install"))
    assert dev.main(["lab"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said == (
        "make lab: Python 3.11 or newer is needed, this is 3.10.13. Install it, and if it is not "
        "the first on the PATH, name it: make lab PYTHON=python3.12"
    )


def old_pythons():
    """List the interpreters on this machine that the course is too new for."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(11))]
    found = [path for path in map(shutil.which, names) if path]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for version in ("2.7", *(f"3.{minor}" for minor in range(11))):
        found += map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))
    return found


@pytest.mark.slow
def test_a_real_old_python_says_the_same(tmp_path):
    # In a folder where there is nothing to install, should it go on.
    script = tmp_path / "tools/dev.py"
    script.parent.mkdir()
    shutil.copy(ROOT / "tools/dev.py", script)
    tried = 0
    for python in old_pythons():
        alone = subprocess.run([python, "-c", ""], capture_output=True)
        if alone.returncode != 0:
            continue  # a stand-in of a version manager
        process = subprocess.run(
            [python, str(script), "lab"], capture_output=True, text=True, timeout=60
        )
        assert process.returncode == 1, python
        (said,) = process.stderr.splitlines()
        assert re.match(
            r"make lab: Python 3\.11 or newer is needed, this is [23]\.\d+\.\d+\.", said
        )
        assert "make lab PYTHON=python3." in said
        tried += 1
    if not tried:
        pytest.skip("no Python older than 3.11 on this machine")


def test_a_python_without_ensurepip_is_refused_in_one_line(tmp_path):
    # What Debian's Python is like without the package python3-venv.
    (tmp_path / "ensurepip.py").write_text("raise ImportError('No module named ensurepip')")
    (tmp_path / "bare/tools").mkdir(parents=True)
    for path in ("tools/dev.py", "pyproject.toml", "requirements", "notebooks/00_start_here.ipynb"):
        target = tmp_path / "bare" / path
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / path).is_dir() else shutil.copy)(ROOT / path, target)
    # Should it go on, pip has no network to go to.
    process = subprocess.run(
        [sys.executable, tmp_path / "bare/tools/dev.py", "lab"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PIP_NO_INDEX": "1"},
    )
    assert process.returncode == 1
    (said,) = process.stderr.splitlines()
    version = "python{}.{}".format(*sys.version_info)
    assert said.startswith("make lab: this Python cannot make a virtual environment")
    assert said.endswith(f"apt-get install {version}-venv")


# ---- make lab


@pytest.mark.parametrize(
    ("platform", "variables", "screen"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ":0", "CI": "true"}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_browser_is_opened_where_there_is_a_screen(dev, monkeypatch, platform, variables, screen):
    for name in ("CI", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(dev.sys, "platform", platform)
    assert dev.has_screen() is screen


LAB = """
import signal, sys
sys.path.insert(0, "tools")
import dev

# As in a terminal. Whatever was started in the background ignores Ctrl-C from its beginning.
signal.signal(signal.SIGINT, signal.default_int_handler)
dev.VENV, dev.PYTHON, dev.install = sys.argv[1], sys.executable, lambda level: None
sys.exit(dev.main(["lab", "--no-browser", "--port=0"]))
"""


class Lab:
    """`make lab` with the packages of the running Python, as if in a terminal of its own.

    Attributes:
        process: the one of tools/dev.py, which leads a group.
        home: what it takes for the home folder.
    """

    def __init__(self, folder):
        self.log, self.home = folder / "log.txt", folder / "home"
        self.home.mkdir()
        # As some real programs do when they are merely asked something.
        npm = folder / "programs/npm"
        npm.parent.mkdir()
        npm.write_text('#!/bin/sh\nmkdir "$HOME/.npm"\n')
        npm.chmod(0o755)
        path = os.pathsep.join([str(npm.parent), os.environ["PATH"]])
        self.terminal, keyboard = os.openpty()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LAB, str(folder / "venv")],
                cwd=ROOT,
                stdin=keyboard,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | {"HOME": str(self.home), "PATH": path},
                start_new_session=True,
            )
        os.close(keyboard)

    def wait_for(self, pattern):
        """Return the match of a pattern in what was printed, or fail when it does not come."""
        for _ in range(300):
            match = re.search(pattern, self.log.read_text())
            if match:
                return match
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        pytest.fail(f"no {pattern!r} in:\n{self.log.read_text()}")

    def press_ctrl_c(self):
        """Interrupt it, and return its exit status and what it has printed."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(20), self.log.read_text()

    def end(self):
        """End it for certain, and what it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.terminal)


@pytest.fixture
def lab(tmp_path):
    lab = Lab(tmp_path)
    yield lab
    lab.end()


@pytest.mark.slow
@posix_only
def test_lab_serves_the_first_notebook_on_this_machine_only_and_ends_with_ctrl_c(lab):
    address = lab.wait_for(r"(http://\S+?)(/lab/tree/\S+)(\?token=\w+)")
    assert address[1].startswith("http://127.0.0.1:")
    assert address[2] == "/lab/tree/notebooks/00_start_here.ipynb"
    with urllib.request.urlopen(f"{address[1]}/api", timeout=10) as answer:
        assert "version" in json.load(answer)
    # Answers when the search for language servers is over.
    urllib.request.urlopen(f"{address[1]}/lsp/status{address[3]}", timeout=20).close()
    status, said = lab.press_ctrl_c()
    assert status == 0
    assert "Traceback" not in said
    assert list(lab.home.iterdir()) == []


@posix_only
def test_ctrl_c_while_lab_starts_shows_no_traceback(lab):
    lab.wait_for("is starting")
    time.sleep(0.5)  # Python itself has started, JupyterLab has not
    status, said = lab.press_ctrl_c()
    assert status in (0, 130)
    assert "Traceback" not in said
