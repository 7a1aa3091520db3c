"""Carry one named attack out on an app, and show what came of it."""

import textwrap
from dataclasses import dataclass

from flask import Flask

from flasklogin_tutorial.attacks import Attack, Outcome, Verdict, run_attacks

_WIDTH = 96


@dataclass(frozen=True)
class Attempt:
    """What came of one attack.

    Attributes:
        attack: the attack.
        outcome: what came of it, with the evidence.
    """

    attack: Attack
    outcome: Outcome

    @property
    def got_in(self) -> bool:
        """Whether the attacker got what they wanted."""
        return self.outcome.verdict is Verdict.GOT_IN

    @property
    def held(self) -> bool:
        """Whether the app withstood. An attack that could not be tried was not withstood."""
        return self.outcome.verdict is Verdict.HELD

    def __str__(self) -> str:
        lines = [f"{self.attack.name}: {self.outcome.verdict.value.upper()}"]
        for label, text in (("attack", self.attack.title), ("evidence", self.outcome.says)):
            indent = f"  {label:<10}"
            lines += textwrap.wrap(
                text,
                _WIDTH,
                initial_indent=indent,
                subsequent_indent=" " * len(indent),
                break_on_hyphens=False,
            )
        return "\n".join(lines)


def attack(app: Flask, name: str) -> Attempt:
    """Carry out one attack of `flasklogin_tutorial.attacks`, and print what came of it.

    Args:
        app: the app, as `create_app()` returns it. The attack makes, changes and deletes users.
        name: the name of the attack.

    Returns:
        The result: `assert attack(app, "…").got_in`, or `.held`.

    Raises:
        MightBeReal: the app's database is not an embedded one.
        NotAFlaskApp: `app` is none.
        ValueError: there is no attack of that name; the message lists those there are.
    """
    row = run_attacks(app, only=[name]).rows[0]
    attempt = Attempt(row.attack, row.outcome)
    print(attempt)
    return attempt
