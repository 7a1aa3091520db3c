"""What reports and old code need is not loaded by notebooks, by the app, or in a browser tab."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent

#: Nobody needs them but the two commands and a suite of tests.
LATE = (
    "flasklogin_tutorial.attacks.command",
    "flasklogin_tutorial.attacks.cures",
    "flasklogin_tutorial.attacks.findings",
    "flasklogin_tutorial.attacks.formats",
    "flasklogin_tutorial.attacks.testing",
    "flasklogin_tutorial.migrate",
    "libcst",
    "pytest",
)


@pytest.mark.parametrize(
    "source",
    [
        "import flasklogin_tutorial.lab",
        "import flasklogin_tutorial.attacks",
        "import flasklogin_tutorial.exercises",
        "from flasklogin_tutorial import create_app",
    ],
)
def test_what_only_commands_need_is_not_imported(source):
    look = f"import sys; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", f"{source}; {look}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_the_table_of_traps_needs_nothing():
    source = (
        "import sys; sys.modules['libcst'] = None; from flasklogin_tutorial.migrate import command;"
        "print(command.main(['--list']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("0\n")
