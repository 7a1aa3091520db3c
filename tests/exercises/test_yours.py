"""A place in a lesson that is asked again holds what the lesson put there, and says so."""

import json

import pytest

from flasklogin_tutorial.exercises import yours
from flasklogin_tutorial.exercises.lines import kept

WRONG = "not_a_view"


@pytest.fixture
def place(monkeypatch, tmp_path):
    """Keep the lines of this test beside it."""
    path = tmp_path / "my_lines.json"
    monkeypatch.setattr(kept, "place", lambda: path)
    return path


def louder(function):
    def shouted():
        return function().upper()

    return shouted


def test_whoever_wrote_nothing_is_not_told_that_it_is_right(place, capsys):
    loudly = yours("0b", ...)
    assert "not yet" in capsys.readouterr().out
    assert yours("0b", loudly) is loudly
    said = capsys.readouterr().out
    assert "not yet" in said
    assert "the lesson's own" in said
    assert not place.exists()


def test_nor_is_whoever_wrote_something_wrong(place, capsys):
    loudly = yours("0b", lambda function: function)
    yours("0b", loudly)
    assert "✓" not in capsys.readouterr().out
    assert not place.exists()


def test_a_right_line_afterwards_is_right_and_kept(place, capsys):
    yours("0b", ...)
    assert yours("0b", louder) is louder
    assert "✓ 0b" in capsys.readouterr().out
    assert "shouted" in json.loads(place.read_text())["0b"]


def test_a_string_that_is_the_lessons_own_may_be_written_too(place, capsys):
    given = yours("2a", WRONG)
    yours("2a", given)
    assert "✓" not in capsys.readouterr().out
    assert yours("2a", "login") == "login"
    assert "✓ 2a" in capsys.readouterr().out
