"""One place in a lesson where the reader writes, and the list of all such places."""

import ast
import linecache
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import Exercise, Grade, NoSuchExercise

#: Asks what was written; the second argument gives the names of the notebook.
Asks = Callable[[Ask, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Line:
    """A place in a lesson where the reader writes one to five lines.

    Attributes:
        number: the notebook and the place in it, such as "4a".
        title: what to write, as a short sentence.
        idea: what the lines are for.
        name: the name of what is written.
        solution: the lesson's own lines, as they stand in the lesson.
        hints: one to three, the last one nearly the answer.
        asks: asks what was written; raises `Mismatch` when it is wrong.
        value: whether what is written is a value or a property, and not a function to be called.
        claims: what the idea and the hints say of other software, in their words.
    """

    number: str
    title: str
    idea: str
    name: str
    solution: str
    hints: tuple[str, ...]
    asks: Asks
    value: bool = False
    claims: tuple[Claim, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a reader is told outside the lesson's own text, piece by piece."""
        return (self.idea, *self.hints)

    def exercise(self, namespace: Mapping[str, Any]) -> Exercise:
        """Return the place as an exercise, to be judged as one.

        Args:
            namespace: the names of the notebook.

        Returns:
            The exercise.
        """
        return Exercise(
            number=self.number,
            grade=Grade.FOLLOW,
            title=self.title,
            idea=self.idea,
            answer=self.name,
            hints=self.hints,
            not_checked="what the lines cost, and how they look",
            ask=lambda ask: self.asks(ask, namespace),
        )

    def own(self, namespace: Mapping[str, Any]) -> Any:
        """Return what the lesson's own lines define.

        Args:
            namespace: the names of the notebook, which the lines use.

        Returns:
            The function, the property or the value.
        """
        return defined(self.solution, self.name, namespace)


def defined(source: str, name: str, namespace: Mapping[str, Any]) -> Any:
    """Run lines, and return what they call by a name.

    Decorators that register something with an app are left out: the notebook does that itself.

    Args:
        source: the lines.
        name: what to return.
        namespace: the names that the lines use. It stays as it is.

    Returns:
        The function, the property or the value.
    """
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = [
                one
                for one in node.decorator_list
                if isinstance(one, ast.Name) and one.id == "property"
            ]
    names, file = dict(namespace), f"<{name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(tree, file, "exec"), names)
    return names[name]


_LINES: dict[str, Line] = {}


def line(
    number: str,
    title: str,
    *,
    idea: str,
    name: str,
    solution: str,
    hints: tuple[str, ...],
    value: bool = False,
    claims: tuple[Claim, ...] = (),
) -> Callable[[Asks], Asks]:
    """Put a function that asks into the list of places; for the arguments see `Line`.

    Raises:
        ValueError: the number is taken, or is not written as 4a is.
    """
    if not is_place(number) or number in _LINES:
        raise ValueError(f"{number!r} is taken, or is not written as 4a is")

    def register(asks: Asks) -> Asks:
        text = solution.strip() + "\n"
        _LINES[number] = Line(number, title, idea, name, text, hints, asks, value, claims)
        return asks

    return register


def is_place(number: str) -> bool:
    """Tell whether a number is written as that of a place in a lesson is, such as "4a"."""
    return re.fullmatch(r"\d{1,2}[a-z]", number) is not None


def all_lines() -> list[Line]:
    """Return every place where the reader writes, in the order of the lessons."""
    for module in iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith(("before", "part")):
            import_module(f"flasklogin_tutorial.exercises.lines.{module.name}")
    return sorted(_LINES.values(), key=lambda one: (int(one.number[:-1]), one.number[-1]))


def find_line(number: str) -> Line:
    """Return the place with a number.

    Args:
        number: such as "4a".

    Returns:
        The place.

    Raises:
        NoSuchExercise: there is none; the message lists those there are.
    """
    known = {one.number: one for one in all_lines()}
    if number not in known:
        raise NoSuchExercise(
            f"There is no place {number!r} to write in. There are: {', '.join(known)}. "
            'Write the number as a string: yours("4a", …).'
        )
    return known[number]
