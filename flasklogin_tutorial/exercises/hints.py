"""Hints, one at a time."""

from collections import Counter

from flasklogin_tutorial.exercises.exercise import find_exercise
from flasklogin_tutorial.exercises.lines.line import find_line, is_place

_GIVEN: Counter[str] = Counter()


def hint(number: str) -> None:
    """Print the next hint for an exercise or a place in a lesson; after the last one, all again.

    Args:
        number: the exercise, such as "4.2", or the place in a lesson, such as "4a".

    Raises:
        NoSuchExercise: there is no such exercise.
    """
    one = find_line(number) if is_place(number) else find_exercise(number)
    _GIVEN[number] = min(_GIVEN[number] + 1, len(one.hints) + 1)
    given = _GIVEN[number]
    total = len(one.hints)
    if given <= total:
        print(f"hint {given} of {total}: {one.hints[given - 1]}")
        return
    print("You have had all hints:")
    for place, text in enumerate(one.hints, 1):
        print(f"hint {place} of {total}: {text}")
