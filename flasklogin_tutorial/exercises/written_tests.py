"""Tests that a learner writes, as answers to exercises.

Such a test has to pass on good apps, and to fail on each app in which a rule is broken: one that
cannot fail proves nothing.
"""

import traceback
from typing import Any

from flasklogin_tutorial.exercises.ask import Ask, Unfinished
from flasklogin_tutorial.visit import Mismatch, describe_error


def _run(ask: Ask, *given: Any, on: str) -> BaseException | None:
    """Run the learner's test, and return the error with which it fails, or None.

    Raises:
        Mismatch: it returned something, so that pytest would call it green.
        Unfinished: it is not written yet.
    """
    try:
        returned = ask.answer(*given)
    except Unfinished:
        raise
    except Exception as error:
        ask.errors.append(error)
        return error
    except BaseException as error:
        # pytest.fail() raises no Exception; its error derives from one of pytest's own.
        if any(one.__module__.startswith("_pytest") for one in type(error).__mro__):
            return error
        raise
    ask.must(
        returned is None,
        _called(ask, *given, on=on),
        f"it returned {returned!r:.60}",
        "it returns nothing",
        "pytest does not look at what a test returns. A test says no with `assert`.",
    )
    return None


def must_pass(ask: Ask, *given: Any, on: str, hint: str) -> None:
    """Raise `Mismatch` if the learner's test fails.

    Args:
        ask: the learner's test.
        *given: what it is handed, an app first.
        on: what kind of app that is, in words.
        hint: where to look if it fails.
    """
    error = _run(ask, *given, on=on)
    if error is not None:
        raise Mismatch(
            _called(ask, *given, on=on),
            f"the test is red: {describe_error(error)}{_place(error)}",
            "the test is green: this app keeps the rule",
            hint,
        ) from error


def must_fail(ask: Ask, *given: Any, on: str, hint: str) -> None:
    """Raise `Mismatch` unless the learner's test fails.

    Args:
        ask: the learner's test.
        *given: what it is handed, an app first.
        on: what is broken in the app, in words.
        hint: where to look if it passes.
    """
    ask.must(
        _run(ask, *given, on=on) is not None,
        _called(ask, *given, on=on),
        "no error: the test is green",
        "the test is red: this app breaks the rule",
        hint,
    )


def _called(ask: Ask, *given: Any, on: str) -> str:
    """Return the call of the learner's test in words."""
    arguments = "app, open_doors" if given[1:] else "app"
    return f"{ask.name}({arguments}), on {on}"


def _place(error: BaseException) -> str:
    """Return the line of a learner's test that failed, where Python knows it."""
    line = traceback.extract_tb(error.__traceback__)[-1].line
    return f", at: {line}" if isinstance(error, AssertionError) and line else ""
