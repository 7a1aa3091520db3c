"""The questions to answer before a cell shows the answer; `question` says what one is."""

from types import EllipsisType

from flasklogin_tutorial.exercises.question import Answer, Quiz, Typed


def all_quizzes() -> dict[str, Quiz | Typed]:
    """Return every question of the course by the number of its lesson, with a letter behind it."""
    # Here, because those of part 3 count the attacks: whoever asks nothing need not load them.
    from flasklogin_tutorial.exercises import (
        quiz_part1,
        quiz_part2,
        quiz_part3,
        quiz_part4,
        quiz_part4_keys,
    )

    parts = (quiz_part1, quiz_part2, quiz_part3, quiz_part4, quiz_part4_keys)
    return {name: one for part in parts for name, one in part.QUIZZES.items()}


def quiz(name: str, typed: Answer | EllipsisType = ...) -> Quiz | Typed:
    """Return a question of the course, to show it.

    Args:
        name: the number of the notebook, and a letter where it asks more than one, such as "08a".
        typed: the answer, where one is to be typed.

    Returns:
        The question.

    Raises:
        LookupError: there is none of that name; the message lists those there are.
    """
    found = all_quizzes()
    if name not in found:
        raise LookupError(f"There is no quiz {name!r}. There are: {', '.join(found)}.")
    one = found[name]
    return one.answered(typed) if isinstance(one, Typed) else one
