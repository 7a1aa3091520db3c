"""Asking an app everything that it must do after a step."""

from flask import Flask

from flasklogin_tutorial.checks.causes import hint_of
from flasklogin_tutorial.checks.result import Result, Row
from flasklogin_tutorial.checks.steps import CHECKS, Check
from flasklogin_tutorial.checks.world import World
from flasklogin_tutorial.visit import Mismatch, NotAFlaskApp, require_app

#: What stands for all checks where there is no app to ask.
_IS_APP = Check(0, "what is checked is a Flask app", "", lambda world: None)

#: The last step that there are checks for.
LAST_STEP = max(check.step for check in CHECKS)


def check(app: Flask, step: int) -> Result:
    """Ask an app for everything that it must do after a step.

    Args:
        app: the app, as `create_app()` returns it. It may be broken: an exception inside it is a
            failed check that names the exception.
        step: the step, from 0 to 6. The checks of earlier steps are asked too.

    Returns:
        The answers. The result is true only if every check passed, and shows itself as a table in
        a notebook and as text elsewhere.

    Raises:
        ValueError: there is no such step.
    """
    if step not in range(LAST_STEP + 1) or isinstance(step, bool):
        raise ValueError(
            f"There is no step {step!r}: the steps go from 0 to {LAST_STEP}. Write, for example, "
            "check(app, step=4)."
        )
    try:
        world = World(require_app(app))
    except NotAFlaskApp as error:
        mismatch = Mismatch("check()", error.what, "a Flask app", error.advice)
        return Result(step, [Row(_IS_APP, mismatch)])
    asked = [one for one in CHECKS if one.step <= step]
    try:
        return Result(step, [Row(one, _ask(one, world)) for one in asked])
    finally:
        world.clean_up()


def _ask(one: Check, world: World) -> Mismatch | None:
    try:
        one.ask(world)
    except Mismatch as mismatch:
        mismatch.hint = hint_of(mismatch, world.app)
        return world.readable(mismatch)
    return None
