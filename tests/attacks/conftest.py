"""The command of the attacks, as a fixture."""

import pytest

from flasklogin_tutorial.attacks.command import main


@pytest.fixture
def run(capsys, monkeypatch):
    """Give a function that runs the command: it returns the status and what was printed."""
    monkeypatch.setenv("COLUMNS", "200")  # so that no sentence is wrapped, whatever the terminal

    def call(*arguments):
        try:
            status = main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = end.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call
