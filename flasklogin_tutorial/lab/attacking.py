"""Carry one named attack out on an app, and show what came of it."""

from flask import Flask

from flasklogin_tutorial.attacks import Row, run_attacks


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
    row = run_attacks(app, only=[name]).rows[0]
    all_of_it = evidence or not (row.got_in or row.held)
    print(row if all_of_it else str(row).partition("\n")[0])
    return row
