"""The command of the attacks, as a fixture."""

from functools import partial

import pytest

from flasklogin_tutorial.attacks.command import main


@pytest.fixture
def run(call_main, monkeypatch):
    """Give a function that runs the command: it returns the status and what was printed."""
    monkeypatch.setenv("COLUMNS", "200")  # so that no sentence is wrapped, whatever the terminal
    return partial(call_main, main)
