"""Each attack as a test of somebody's own suite, run by pytest itself in a folder of its own."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from flasklogin_tutorial.attacks.baseline import BadBaseline
from flasklogin_tutorial.attacks.testing import flasklogin_attacks
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06

ROOT = Path(__file__).resolve().parents[2]
IN, ALSO_IN, NOT_IN, NOT_TRIED = (
    "id-in-cookie",
    "operator-logs-in",
    "stranger-writes",
    "open-redirect",
)


@pytest.fixture
def suite(tmp_path):
    """Give a function that runs a suite with the attacks: it returns the status and the output."""
    source = Path(step06.__file__).read_text(encoding="utf-8")
    (tmp_path / "mypackage.py").write_text(source, encoding="utf-8")

    def run(arguments="create_app", *options, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.json").write_text(text)
        (tmp_path / "test_attacks.py").write_text(
            textwrap.dedent(f"""\
                from flasklogin_tutorial.attacks.testing import flasklogin_attacks
                from mypackage import create_app

                TestAttacks = flasklogin_attacks({arguments})
                """)
        )
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        quiet = ["-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:xdist", "-W", "ignore"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rA", *quiet, "--rootdir", ".", *options],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": path, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=300,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def told(out):
    """Map each test to what came of it."""
    found = re.findall(r"^(PASSED|FAILED|XFAIL) \S+::(\w+(?:\[[\w-]+\])?)", out, re.MULTILINE)
    return {name: word.lower() for word, name in found}


pytestmark = pytest.mark.slow

ONLY = f"only={[IN, ALSO_IN, NOT_IN, NOT_TRIED]}"


def test_an_attack_that_gets_in_fails_and_one_that_cannot_be_tried_is_skipped(suite):
    status, out = suite(f"create_app, {ONLY}")
    assert status == 1
    assert told(out) == {
        "test_somebody_can_log_in": "passed",
        f"test_attack[{IN}]": "failed",
        f"test_attack[{ALSO_IN}]": "failed",
        f"test_attack[{NOT_IN}]": "passed",
    }
    assert "SKIPPED [1]" in out and "A login does not go on to the address in next." in out
    # The report, and no traceback through the attacks.
    assert "critical  operator-logs-in" in out and "mypackage.py:" in out
    assert 'sent          POST /login {"username": {"$ne": null}' in out
    assert "came back     200 OK" in out
    assert "Traceback" not in out and "raise " not in out


def test_what_the_baseline_accepts_is_expected_to_fail(suite):
    known = (
        '{"version": 1, "accepted": [{"attack": "id-in-cookie", "why": "until May"}, '
        '{"attack": "stranger-writes"}]}'
    )
    arguments = f"create_app, {ONLY}, baseline='known.json'"
    status, out = suite(arguments, "-W", "default", known=known)
    assert status == 1
    assert told(out)[f"test_attack[{IN}]"] == "xfail" and "until May" in out
    assert told(out)[f"test_attack[{ALSO_IN}]"] == "failed"
    assert told(out)[f"test_attack[{NOT_IN}]"] == "passed"
    assert "NoLongerGetsIn: stranger-writes no longer gets in. Take it out of known.json." in out


def test_a_suite_in_which_nobody_can_log_in_is_not_green(suite):
    (status, out) = suite(f"lambda: __import__('flask').Flask('empty'), {ONLY}, may_write=True")
    assert status == 1
    assert told(out)["test_somebody_can_log_in"] == "failed"
    assert "No user could be made" in out


def test_a_database_that_may_be_real_is_left_alone(suite):
    (status, out) = suite(f"lambda: __import__('flask').Flask('empty'), {ONLY}")
    assert status == 1
    assert set(told(out).values()) == {"failed"}
    assert "Say so with may_write=True." in out


def test_an_app_that_was_made_already_is_shared(suite):
    status, out = suite(f"create_app(), only={[NOT_IN, IN]}")
    assert status == 1
    assert told(out)[f"test_attack[{NOT_IN}]"] == "passed"
    assert told(out)[f"test_attack[{IN}]"] == "failed"


def test_a_mistake_is_told_while_the_tests_are_collected(tmp_path):
    with pytest.raises(ValueError, match="There is no attack 'nonsense'"):
        flasklogin_attacks(step06.create_app, only=["nonsense"])
    with pytest.raises(BadBaseline, match="cannot be read"):
        flasklogin_attacks(step06.create_app, baseline=tmp_path / "missing.json")


def test_the_suite_of_this_project_has_no_plugin_of_it(pytestconfig):
    names = [str(name) for name, _ in pytestconfig.pluginmanager.list_name_plugin()]
    assert not [name for name in names if "flasklogin" in name.lower()]
