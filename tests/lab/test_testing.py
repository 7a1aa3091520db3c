"""pytest in a notebook, the signals, and a database that is away."""

import os
import sys

import pytest

from flasklogin_tutorial.lab import database_away, listening, run_tests
from flasklogin_tutorial.visit import in_process

NUMBERS = [1, 2]
LIMIT = 3


@pytest.fixture
def number():
    return NUMBERS[0]


def test_number(number):
    assert number == NUMBERS[0]


@pytest.mark.parametrize("other", NUMBERS)
def test_other(number, other):
    assert number <= other < LIMIT


def test_pytest_runs_functions_of_the_caller_with_its_fixtures(monkeypatch, capsys):
    assert run_tests(test_number)
    assert "PASSED test_doors.py::test_number" in capsys.readouterr().out
    monkeypatch.setattr(sys.modules[__name__], "LIMIT", 2)
    assert not run_tests(test_number, test_other)
    out = capsys.readouterr().out
    assert "PASSED test_doors.py::test_other[1]" in out
    assert "FAILED test_doors.py::test_other[2] - assert 2 < 2" in out


def test_tests_use_the_names_as_they_are_now(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "NUMBERS", [5])
    assert run_tests(test_number, silent=True)


def test_what_pytest_finds_and_says_depends_on_nothing_around(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.chdir(tmp_path)
    assert run_tests(test_number, silent=True)
    assert capsys.readouterr().out == ""
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option"
    assert os.getcwd() == str(tmp_path)


def test_a_run_without_a_test_is_an_error():
    with pytest.raises(RuntimeError, match="ran no test"):
        run_tests(silent=True)


def test_signals_of_one_app_are_heard_in_the_block(club):
    visitor = in_process(club)
    with listening(club) as heard:
        visitor.get("/login/ada")
    visitor.get("/login/ada")
    assert heard == ["user_logged_in"]


def test_the_database_is_away_in_the_block_and_back_after_it(app):
    visitor = in_process(app)
    with database_away():
        assert visitor.get("/?name=ada").status_code == 500
    assert visitor.get("/?name=ada").json()["name"] == "ada"
