"""What an exercise is, and the list that all exercises stand in.

The exercises of notebook 04 are in `ch04`, and so on: one module a notebook. A module is imported
when one of its exercises is asked for.
"""

import ast
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from string import ascii_lowercase
from textwrap import dedent

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim

#: How many hints an exercise gives: the first says where to look, the last is nearly the answer,
#: and between these two are two steps or more.
HINTS = range(4, 6)


class Grade(StrEnum):
    """How far an exercise goes from what its notebook shows."""

    FOLLOW = "follow"
    APPLY = "apply"
    STRETCH = "stretch"

    @property
    def points(self) -> int:
        """What the exercise counts for: 1, 2 or 3."""
        return list(Grade).index(self) + 1


class NoSuchExercise(LookupError):
    """There is no exercise with this number."""


@dataclass(frozen=True)
class Exercise:
    """One task for a learner.

    Attributes:
        number: the notebook and the place in it, such as "4.2".
        grade: how far it goes.
        title: what to do, as a short sentence.
        idea: the one idea that it trains.
        answer: the name of the function that the learner writes.
        hints: from where to look to nearly the answer; see `HINTS`.
        not_checked: what the check does not look at.
        ask: asks the answer; raises `Mismatch` when it is wrong.
        begins_with: the function of its module that the answer begins as, for a learner to mend;
            empty where it begins with nothing.
        claims: what the idea and the hints say of other software, in their words.
    """

    number: str
    grade: Grade
    title: str
    idea: str
    answer: str
    hints: tuple[str, ...]
    not_checked: str
    ask: Callable[[Ask], None]
    begins_with: str = ""
    claims: tuple[Claim, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a learner is told outside the prompt, piece by piece."""
        return (self.idea, *self.hints, self.not_checked)

    @property
    def told(self) -> str:
        """What its prompt says of the idea: at a hunt for a mistake nothing that would tell it."""
        hunt = "A hunt: look at what happens, find the mistake, and mend it."
        return hunt if self.title.startswith("Find the mistake") else self.idea

    @property
    def notebook(self) -> int:
        """The number of the notebook that it belongs to."""
        return int(self.number.partition(".")[0].rstrip(ascii_lowercase))

    @property
    def stub(self) -> str:
        """What stands in place of a solution: a line that raises, or the code to be mended."""
        if not self.begins_with:
            return f'raise Unfinished("exercise {self.number}: {self.title}")'
        module = import_module(f"flasklogin_tutorial.exercises.ch{self.notebook:02d}")
        source = inspect.getsource(getattr(module, self.begins_with))
        (function,) = ast.parse(source).body
        docstring = function.body[0]  # type: ignore[attr-defined]
        body = dedent("\n".join(source.splitlines()[docstring.end_lineno :])).strip()
        return f"# This is {self.begins_with}, with its mistake. Mend it here.\n{body}"


_EXERCISES: dict[str, Exercise] = {}


def exercise(
    number: str,
    grade: str,
    title: str,
    *,
    idea: str,
    answer: str,
    hints: Sequence[str],
    not_checked: str,
    begins_with: str = "",
    claims: Sequence[Claim] = (),
) -> Callable[[Callable[[Ask], None]], Callable[[Ask], None]]:
    """Put a function that asks into the list of exercises; for the arguments see `Exercise`.

    Raises:
        ValueError: the number is taken or has no form, or there are too many hints or too few.
    """
    if not re.fullmatch(r"\d{1,2}\.\d", number) or number in _EXERCISES:
        raise ValueError(f"{number!r} is taken, or is not written as 4.2 is")
    if len(hints) not in HINTS:
        raise ValueError(f"{number} has {len(hints)} hints, and not {HINTS[0]} or {HINTS[-1]}")

    def register(ask: Callable[[Ask], None]) -> Callable[[Ask], None]:
        _EXERCISES[number] = Exercise(
            number,
            Grade(grade),
            title,
            idea,
            answer,
            tuple(hints),
            not_checked,
            ask,
            begins_with,
            tuple(claims),
        )
        return ask

    return register


def all_exercises() -> list[Exercise]:
    """Return every exercise, in the order of the notebooks."""
    package = import_module("flasklogin_tutorial.exercises")
    for module in iter_modules(package.__path__):
        if re.fullmatch(r"ch\d\d", module.name):
            import_module(f"{package.__name__}.{module.name}")
    return sorted(_EXERCISES.values(), key=lambda one: [*map(int, one.number.split("."))])


def find_exercise(number: str) -> Exercise:
    """Return the exercise with a number.

    Args:
        number: such as "4.2".

    Returns:
        The exercise.

    Raises:
        NoSuchExercise: there is none; the message lists those there are.
    """
    if number not in _EXERCISES:
        known = [one.number for one in all_exercises()]
        if number not in known:
            raise NoSuchExercise(
                f"There is no exercise {number!r}. There are: {', '.join(known)}. "
                'Write the number as a string: check_answer("4.2", …).'
            )
    return _EXERCISES[number]
