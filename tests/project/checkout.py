"""The checkout that is tested, and its scripts."""

import importlib.util
import os
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs signals and a POSIX shell")


def load(name):
    """Import a script from tools/ under a name of its own."""
    # Scripts import their neighbours, as they can where Python runs them.
    if str(TOOLS) not in sys.path:
        sys.path.append(str(TOOLS))
    spec = importlib.util.spec_from_file_location(f"{name}_under_test", TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


lock = load("lock")
lock_needs = load("lock_needs")
LOCKS = {Path(each.path).stem: each for each in lock.LOCKS}


def move(dev, monkeypatch, root, venv):
    """Let a loaded tools/dev.py work in another checkout, with another environment."""
    scripts = venv / ("Scripts" if os.name == "nt" else "bin")
    places = {"ROOT": root, "VENV": venv, "BIN": scripts}
    places["PYTHON"] = scripts / ("python.exe" if os.name == "nt" else "python")
    places |= {"STAMP": venv / "installed.txt", "UNFINISHED": venv / "unfinished.txt"}
    for name, path in places.items():
        monkeypatch.setattr(dev, name, str(path))
    monkeypatch.chdir(root)


def text_of(name):
    """Return the text of a lock."""
    return (ROOT / LOCKS[name].path).read_text(encoding="utf-8")
