"""Checking an answer, and showing what came of it."""

import inspect
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask.signals import got_request_exception

from flasklogin_tutorial.exercises import notes
from flasklogin_tutorial.exercises.ask import Ask, Unfinished, replaced_tools
from flasklogin_tutorial.exercises.causes import hint_of, missing_name
from flasklogin_tutorial.exercises.cells import what_stopped
from flasklogin_tutorial.exercises.exercise import Exercise, find_exercise
from flasklogin_tutorial.exercises.printed import watch_the_screen
from flasklogin_tutorial.show import (
    BAD,
    GOOD,
    LEFT,
    NEITHER,
    Cell,
    html_sentence,
    html_table,
    labelled,
)
from flasklogin_tutorial.visit import Mismatch, describe_error


class Verdict(StrEnum):
    """What an answer is."""

    RIGHT = "right"
    WRONG = "not right"
    NOT_YET = "not yet"


class AnswerIsWrong(AssertionError):
    """Raised instead of shown where nbgrader runs a notebook, because it counts errors."""


@dataclass(frozen=True)
class Result:
    """What a check found out about an answer; shows itself.

    Attributes:
        exercise: the exercise.
        verdict: what the answer is.
        rows: pairs of a label and a text: what was called, what came back, what was expected, a
            hint.
    """

    exercise: Exercise
    verdict: Verdict
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.verdict is Verdict.RIGHT

    @property
    def message(self) -> str:
        """The result in one line, for a table."""
        return "; ".join(f"{label}: {text}" for label, text in self.rows) or self.verdict.value

    def __repr__(self) -> str:
        one = self.exercise
        mark = {Verdict.RIGHT: "✓", Verdict.WRONG: "✗", Verdict.NOT_YET: "…"}[self.verdict]
        lines = [f"{mark} {one.number} {one.title}: {self.verdict.value}"]
        for label, text in self.rows:
            lines += labelled(label, text, room=12)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        colour = {
            Verdict.RIGHT: GOOD,
            Verdict.WRONG: BAD,
            Verdict.NOT_YET: NEITHER,
        }[self.verdict]
        one, top = self.exercise, f"{LEFT};vertical-align:top"
        head = f"{html_sentence(f'{one.number} {one.title}')}: <strong>{self.verdict}</strong>"
        rows = [(Cell(label, top, tag="th"), Cell(text, top)) for label, text in self.rows]
        return (
            f'<p style="background:{colour};padding:.3em .6em">{head}</p>'
            f"{html_table(rows, between='') if rows else ''}"
        )


def check_answer(number: str, answer: Any) -> Result:
    """Check an answer to an exercise.

    Each check begins with an empty database, so that it does not depend on what ran before. An
    answer whose cell did not run is not judged: there is only the function of before. Where
    nbgrader runs the notebook, an answer that is not right raises an error, which is what nbgrader
    counts.

    Args:
        number: the exercise, such as "4.2".
        answer: the function that the exercise asks for.

    Returns:
        What was found out.

    Raises:
        NoSuchExercise: there is no such exercise.
        AnswerIsWrong: the answer is not right, and nbgrader is running.
    """
    one = find_exercise(number)
    stopped = what_stopped(one.answer)
    result = _not_judged(one, stopped) if stopped else judge(one, answer)
    if os.environ.get("NBGRADER_EXECUTION"):
        if not result.right:
            raise AnswerIsWrong(f"\n{result!r}")
    else:
        notes.note(number, result.right)
    return result


def _not_judged(one: Exercise, stopped: BaseException) -> Result:
    said = describe_error(stopped)
    if isinstance(stopped, SyntaxError):
        said = f"{type(stopped).__name__}: {stopped.msg}, in line {stopped.lineno} of the cell"
    rows = (
        ("stopped", f"the cell that defines {one.answer}. {said}"),
        ("next", "Mend that cell and run it. Until then there is no new function to check."),
    )
    cause = missing_name(one, stopped)
    return Result(one, Verdict.NOT_YET, (*rows, ("look at", cause)) if cause else rows)


def judge(one: Exercise, answer: Any) -> Result:
    """Find out whether an answer is right.

    Args:
        one: the exercise.
        answer: what was written.

    Returns:
        The result. Whatever the answer does, there is one.
    """
    if not callable(answer) or inspect.isclass(answer):
        given = f"{type(answer).__name__} {answer!r:.60}"
        return Result(
            one,
            Verdict.WRONG,
            (
                ("was given", given),
                ("expected", f"the function {one.answer}, without brackets behind its name"),
            ),
        )
    rows: tuple[tuple[str, str], ...] | None = None
    cheated = replaced_tools()
    if not cheated:
        ask = Ask(one.answer, answer)
        try:
            with got_request_exception.connected_to(ask.note_error), watch_the_screen() as printed:
                ask.printed = printed
                one.ask(ask)
        except Unfinished:
            return Result(one, Verdict.NOT_YET, (("next", f"write the function {one.answer}"),))
        except Mismatch as mismatch:
            rows = _rows(mismatch, hint_of(one, ask, mismatch))
        except Exception as error:  # an answer that breaks what the check works with
            rows = (
                ("went wrong", describe_error(error)),
                ("expected", f"{one.answer} works with what the exercise gives it"),
            )
        cheated = replaced_tools()
    if cheated:
        rows = (
            ("changed", f"{', '.join(cheated)}, with which the check asks its questions"),
            ("next", "Leave these alone, restart the kernel, and let the app answer."),
        )
    if rows is None:
        rows = (("the idea", one.idea), ("not checked", one.not_checked))
        return Result(one, Verdict.RIGHT, rows)
    return Result(one, Verdict.WRONG, rows)


def _rows(mismatch: Mismatch, hint: str) -> tuple[tuple[str, str], ...]:
    rows = [
        ("called", mismatch.called),
        ("came back", mismatch.came_back),
        ("expected", mismatch.expected),
    ]
    if hint:
        rows.append(("look at", hint))
    return tuple(rows)
