"""The search for other Pythons, and what is run on them."""

import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import pythons  # noqa: E402


def stand_in(path, name, version, base=None, status=0):
    """Write a program that answers as a Python does."""
    said = json.dumps([name, version, base or str(path)])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{said}'\nexit {status}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


def test_the_newest_of_each_version_is_found_and_nothing_else(tmp_path):
    paths = [
        stand_in(tmp_path / "a/python3.13", "cpython", [3, 13, 0]),
        stand_in(tmp_path / "b/python3.13", "cpython", [3, 13, 2]),
        stand_in(tmp_path / "c/python3.13", "cpython", [3, 13, 1]),
        stand_in(tmp_path / "python3.12", "cpython", [3, 12, 1], base="/opt/python3.12"),
        stand_in(tmp_path / "python3.11", "pypy", [3, 11, 9]),
        stand_in(tmp_path / "python3.10", "cpython", [3, 10, 13]),
        stand_in(tmp_path / "python3.14", "cpython", [3, 14, 0], status=127),
        str(tmp_path / "python3.15"),
    ]
    assert pythons.find_pythons(paths) == [
        ((3, 12, 1), "/opt/python3.12"),
        ((3, 13, 2), paths[1]),
    ]


def test_this_python_is_found_and_can_make_environments():
    version = sys.version_info[:3]
    assert [found for found, _ in pythons.find_pythons([sys.executable])] == [version]


def test_the_path_and_what_pyenv_installed_are_searched(tmp_path, monkeypatch):
    on_path = stand_in(tmp_path / "bin/python3.12", "cpython", [3, 12, 1])
    pyenvs = stand_in(tmp_path / "pyenv/versions/3.14.1/bin/python3.14", "cpython", [3, 14, 1])
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert pythons.candidates() == [on_path, pyenvs]


@pytest.mark.parametrize("statuses", [[0, 0], [1, 0], [0, 1]])
def test_one_red_python_makes_the_command_fail(statuses, monkeypatch, capsys):
    here = sys.version_info[:3]
    found = [((3, here[1] + step, 0), f"/python{step}") for step in range(3)]
    ran = {}
    monkeypatch.setattr(pythons, "candidates", list)
    monkeypatch.setattr(pythons, "find_pythons", lambda paths: found)
    monkeypatch.setattr(
        pythons, "run", lambda version, path: ran.setdefault(path, statuses[len(ran)])
    )
    assert pythons.main() == max(statuses)
    assert list(ran) == ["/python1", "/python2"]
    said = capsys.readouterr()
    assert "/python1" in said.out and "/python2" in said.out
    assert ("not green" in said.err) == (1 in statuses)


def test_what_is_run_on_every_python_is_there(monkeypatch, capsys):
    monkeypatch.setattr(pythons, "find_pythons", lambda paths: [])
    assert pythons.main() == 0
    monkeypatch.setattr(pythons, "MAY_DIFFER", ["notebooks", "tests/no_such_file.py"])
    assert pythons.main() == 1
    assert "tests/no_such_file.py" in capsys.readouterr().err


def test_a_folder_for_each_python_keeps_the_environments_apart(monkeypatch):
    asked = {}
    monkeypatch.setattr(
        pythons.subprocess, "call", lambda command, cwd, env: asked.update(env=env) or 3
    )
    assert pythons.run((3, 13, 2), "/python3.13") == 3
    assert asked["env"]["COURSE_VENV"] == ".venv-3.13"
