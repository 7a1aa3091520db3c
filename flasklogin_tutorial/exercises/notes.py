"""What a learner has done: one small file of their own, and a table of it.

The file is `progress.json` in the folder of the notebooks, where it is also kept when the notebooks
run in a browser tab. The environment variable FLASKLOGIN_TUTORIAL_PROGRESS names another place. A
file that is missing, broken or of another version counts as empty, and one that cannot be written
is left: it never stops a notebook.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from html import escape
from pathlib import Path

from flasklogin_tutorial.exercises.exercise import Exercise, all_exercises
from flasklogin_tutorial.show import Cell, html_table

VERSION = 1

_VARIABLE = "FLASKLOGIN_TUTORIAL_PROGRESS"
_BAR = 20


def place() -> Path:
    """Return the path of the file."""
    if named := os.environ.get(_VARIABLE):
        return Path(named)
    here = Path.cwd()
    folder = next((one for one in (here, *here.parents) if one.name == "notebooks"), here)
    return folder / "progress.json"


def read() -> dict[str, bool]:
    """Return for each exercise that was tried whether it is done; empty if that is not known."""
    with suppress(OSError, ValueError):
        found = json.loads(place().read_text(encoding="utf-8"))
        if isinstance(found, dict) and found.get("version") == VERSION:
            tried = found.get("tried")
            if isinstance(tried, dict):
                return {str(number): done is True for number, done in tried.items()}
    return {}


def note(number: str, done: bool) -> None:
    """Note that an exercise was tried. One that was done stays done.

    Args:
        number: the exercise.
        done: whether the answer was right.
    """
    tried = read()
    now = tried | {number: done or tried.get(number, False)}
    if now != tried:
        _write(now)


def reset() -> None:
    """Forget what was done."""
    with suppress(OSError):
        place().unlink(missing_ok=True)


def _write(tried: dict[str, bool]) -> None:
    path = place()
    with suppress(OSError):
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(json.dumps({"version": VERSION, "tried": tried}), encoding="utf-8")
        beside.replace(path)


class Progress:
    """What is done and what is next; shows itself as a bar and a table.

    Args:
        tried: for each exercise that was tried whether it is done.
        exercises: all exercises.
    """

    def __init__(self, tried: dict[str, bool], exercises: Iterable[Exercise]) -> None:
        self.exercises = list(exercises)
        self.done = [one for one in self.exercises if tried.get(one.number)]
        left = [one for one in self.exercises if not tried.get(one.number)]
        #: The next exercise; None when all are done.
        self.next = left[0] if left else None

    @property
    def headline(self) -> str:
        """The result in one line."""
        text = f"{len(self.done)} of {len(self.exercises)} exercises done"
        return f"{text}, next: {self.next.number} {self.next.title}" if self.next else text

    def rows(self) -> list[tuple[int, str]]:
        """Return for each notebook the marks of its exercises, done or not."""
        done = {one.number for one in self.done}
        found: dict[int, str] = {}
        for one in self.exercises:
            mark = "✓" if one.number in done else "·"
            found[one.notebook] = f"{found.get(one.notebook, '')}{mark}"
        return list(found.items())

    def __repr__(self) -> str:
        full = round(_BAR * len(self.done) / max(1, len(self.exercises)))
        bar = "█" * full + "░" * (_BAR - full)
        rows = [f"  {notebook:02d}  {' '.join(marks)}" for notebook, marks in self.rows()]
        return "\n".join([f"{bar}  {self.headline}", *rows])

    def _repr_html_(self) -> str:
        bar = f'<progress value="{len(self.done)}" max="{max(1, len(self.exercises))}"></progress>'
        rows = (
            (Cell(f"notebook {notebook:02d}", tag="th"), " ".join(marks))
            for notebook, marks in self.rows()
        )
        return f"<p>{bar} {escape(self.headline)}</p>{html_table(rows, between='')}"


def progress() -> Progress:
    """Show which exercises are done, and which is next.

    To begin anew, call `reset_progress()`.

    Returns:
        A bar and a table.
    """
    return Progress(read(), all_exercises())
