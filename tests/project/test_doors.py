"""The doors between the rooms of the package are locked: a wrong import is found and named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = "flasklogin_tutorial"


@pytest.fixture
def house(tmp_path):
    """Copy the package with its contracts, so that a test can spoil it."""
    shutil.copytree(
        ROOT / PACKAGE, tmp_path / PACKAGE, ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house):
    """Compare a copy of the package with its contracts, as `make check` does."""
    environment = os.environ | {"PYTHONPATH": str(house), "COLUMNS": "200"}
    program = str(Path(sys.executable).with_name("lint-imports"))
    command = [program, "--no-cache", "--no-logo", "--config", str(house / "pyproject.toml")]
    return subprocess.run(
        command, cwd=house, env=environment, capture_output=True, text=True, check=False
    )


def test_the_house_as_it_stands_keeps_its_contracts(house):
    done = lint(house)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("app/passwords.py", "from flasklogin_tutorial.visit import Browser"),
        ("app/passwords.py", "from flasklogin_tutorial.steps import variants"),
        ("visit/words.py", "from flasklogin_tutorial.app import models"),
        ("steps/variants.py", "from flasklogin_tutorial.visit import Browser"),
        ("show/text.py", "from flasklogin_tutorial.lab import serve"),
        ("checks/run.py", "from flasklogin_tutorial.attacks import ATTACKS"),
        ("attacks/run.py", "from flasklogin_tutorial.lab import serve"),
        ("lab/places.py", "from flasklogin_tutorial.exercises import hint"),
        ("checks/run.py", "import mongoengine"),
        ("app/accounts.py", "from flask_login import current_user"),
        ("app/accounts.py", "from .errors import register_errors"),
    ],
)
def test_an_import_through_a_wrong_door_is_named(house, room, line):
    file = house / PACKAGE / room
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    done = lint(house)
    module = ".".join([PACKAGE, *Path(room).with_suffix("").parts])
    assert (done.returncode, f" {module} -> " in done.stdout) == (1, True), done.stdout


def test_a_room_that_the_contracts_do_not_name_is_an_error(house):
    (house / PACKAGE / "attic").mkdir()
    (house / PACKAGE / "attic" / "__init__.py").write_text("", encoding="utf-8")
    done = lint(house)
    assert done.returncode == 1
    assert "attic" in done.stdout
