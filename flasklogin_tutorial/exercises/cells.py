"""What became of the cells of a notebook: a cell that did not run has left its old function there.

Python keeps the function of before, and a check that is handed it would judge what the learner has
just replaced. IPython tells of each cell when it has run.
"""

import re
from contextlib import suppress
from typing import Any

#: What begins the line that defines a function, also where `def` is misspelt.
_DEFINES = re.compile(r"^[ \t]*(?:async[ \t]+)?[A-Za-z]+[ \t]+(?P<name>\w+)\b", re.MULTILINE)

_not_made: dict[str, BaseException] = {}


def what_stopped(name: str) -> BaseException | None:
    """Return the error by which the last cell ended that was to define a function.

    Args:
        name: the function.

    Returns:
        The error; None if that cell ran, or where no IPython runs cells.
    """
    return _not_made.get(name)


def note_cell(result: Any) -> None:
    """Note which functions a cell has made, or was to make and did not.

    Args:
        result: what IPython says of the cell, an `ExecutionResult`.
    """
    source = str(getattr(result.info, "raw_cell", "") or "")
    error = result.error_before_exec or result.error_in_exec
    for name in _DEFINES.findall(source):
        if error is None:
            _not_made.pop(name, None)
        else:
            _not_made[name] = error


def watch_cells() -> None:
    """Let IPython tell of each cell, where there is one."""
    with suppress(Exception):  # no notebook, or one without IPython: nothing to watch
        from IPython import get_ipython

        shell = get_ipython()
        if shell is not None:
            shell.events.register("post_run_cell", note_cell)
