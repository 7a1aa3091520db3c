"""Carry one named attack out on an app, and show what came of it."""

from flask import Flask

from flasklogin_tutorial.attacks import Row, run_attacks


def attack(app: Flask, name: str) -> Row:
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
    print(row)
    return row
