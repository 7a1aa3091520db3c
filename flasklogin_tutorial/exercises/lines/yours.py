"""Checking what the reader wrote, and giving it back."""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from flasklogin_tutorial.exercises.lines import kept
from flasklogin_tutorial.exercises.lines.line import Line, find_line
from flasklogin_tutorial.exercises.result import Result, Verdict, judge

_MEANWHILE = ("until then", "the lesson goes on with lines of its own")

#: What a place was given in place of what the reader had written. The name in the notebook holds it
#: from then on, and to be asked again must not make it the reader's.
_given: dict[str, Any] = {}


def yours(number: str, written: Any) -> Any:
    """Check what the reader wrote, show what came of it, and return what to go on with.

    Args:
        number: the place in the lesson, such as "4a".
        written: the function, the property or the value that was written there.

    Returns:
        What was written, if it is right. Otherwise what the lesson has in its place.

    Raises:
        NoSuchExercise: there is no such place.
    """
    from IPython.display import display  # the rest of the package runs without it

    one, namespace = find_line(number), sys._getframe(1).f_globals
    if number in _given and written is _given[number]:
        display(_still_the_lessons(one, namespace))
        return written
    result = judge_line(one, written, namespace)
    display(result)
    if not result.right:
        _given[number] = _another(one.own(namespace))
        return _given[number]
    kept.keep(number, source_of(written))
    return written


def _still_the_lessons(one: Line, namespace: Mapping[str, Any]) -> Result:
    rows = (
        ("next", f"run the cell above with your line in it: {one.name} is the lesson's own now"),
        ("a hint", f'hint("{one.number}")'),
    )
    return Result(one.exercise(namespace), Verdict.NOT_YET, rows)


def _another(value: Any) -> Any:
    """Return a string that is not the same object as one that the reader writes."""
    return "".join(list(value)) if isinstance(value, str) else value


def judge_line(one: Line, written: Any, namespace: Mapping[str, Any]) -> Result:
    """Find out whether what was written is right.

    Args:
        one: the place.
        written: what was written there.
        namespace: the names of the notebook.

    Returns:
        The result. Whatever was written, there is one.
    """
    exercise = one.exercise(namespace)
    if not_written(written):
        rows = (
            ("next", f"in the cell above, put your line where {one.name} has ..."),
            _MEANWHILE,
            ("a hint", f'hint("{one.number}")'),
        )
        return Result(exercise, Verdict.NOT_YET, rows)
    result = judge(exercise, _returning(written) if one.value else written)
    if result.right:
        return Result(exercise, Verdict.RIGHT, (("the idea", one.idea),))
    return Result(exercise, result.verdict, (*result.rows, _MEANWHILE))


def _returning(value: Any) -> Callable[[], Any]:
    return lambda: value


def not_written(written: Any) -> bool:
    """Tell whether what a place holds is still the `...` that the lesson put there."""
    if written is ...:
        return True
    if isinstance(written, list | dict):
        return "Ellipsis" in repr(written)
    if inspect.isclass(written):
        return ... in vars(written).values()
    function = function_of(written)
    if not inspect.isfunction(function):
        return False
    source = source_of(written)
    if source is None:
        return ... in function.__code__.co_consts
    nodes = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.Constant) and node.value is ... for node in nodes)


def function_of(written: Any) -> Any:
    """Return the function behind a property, and anything else as it is."""
    return written.fget if isinstance(written, property) else written


def source_of(written: Any) -> str | None:
    """Return the lines that were written, or the value as Python writes it; None if unknown."""
    function = function_of(written)
    if not inspect.isfunction(function) and not inspect.isclass(function):
        return repr(written)
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError, SyntaxError):
        return None
