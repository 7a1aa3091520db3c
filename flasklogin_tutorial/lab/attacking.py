"""Carry one named attack out on an app, and show what came of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from flask import Flask

from flasklogin_tutorial.attacks import Row, factors, run_attacks
from flasklogin_tutorial.lab.clock import later


def attack(app: Flask, name: str, *, evidence: bool = False) -> Row:
    """Carry out one attack of `flasklogin_tutorial.attacks`, and print what came of it.

    Args:
        app: the app, as `create_app()` returns it. The attack makes, changes and deletes users.
        name: the name of the attack.
        evidence: print more than one line: what the attacker wants, and what shows the result. So
            it is also where the attack could not be tried.

    Returns:
        The result: `assert attack(app, "…").got_in`, or `.held`.

    Raises:
        MightBeReal: the app's database is not an embedded one.
        NotAFlaskApp: `app` is none.
        ValueError: there is no attack of that name; the message lists those there are.
    """
    with _waits_move_the_clock():
        row = run_attacks(app, only=[name]).rows[0]
    all_of_it = evidence or not (row.got_in or row.held)
    print(row if all_of_it else str(row).partition("\n")[0])
    return row


@contextmanager
def _waits_move_the_clock() -> Iterator[None]:
    """Let nobody sit before a notebook until a telephone shows its next code."""
    with ExitStack() as stack:

        def wait(seconds: float) -> None:
            stack.enter_context(later(seconds=seconds))

        stack.enter_context(patch.object(factors, "wait", wait))
        yield
