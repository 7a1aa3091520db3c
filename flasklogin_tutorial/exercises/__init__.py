"""Exercises that check themselves.

In a notebook: `check_answer("4.2", my_function)` says whether an answer is right, and if not, what
was called, what came back and what was expected; `hint("4.2")` gives one hint at a time;
`progress()` shows what is done. The checks call the learner's function, or speak HTTP with the app
that it returns. They depend on nothing in the notebook's file.

For a class: `python -m flasklogin_tutorial.exercises grade FOLDER`.
"""

from flasklogin_tutorial.exercises.ask import Unfinished
from flasklogin_tutorial.exercises.exercise import (
    Exercise,
    Grade,
    NoSuchExercise,
    all_exercises,
    find_exercise,
)
from flasklogin_tutorial.exercises.hints import hint
from flasklogin_tutorial.exercises.lines import my_app, yours
from flasklogin_tutorial.exercises.notes import progress
from flasklogin_tutorial.exercises.notes import reset as reset_progress
from flasklogin_tutorial.exercises.quiz import quiz
from flasklogin_tutorial.exercises.result import AnswerIsWrong, Result, Verdict, check_answer, judge

__all__ = [
    "AnswerIsWrong",
    "Exercise",
    "Grade",
    "NoSuchExercise",
    "Result",
    "Unfinished",
    "Verdict",
    "all_exercises",
    "check_answer",
    "find_exercise",
    "hint",
    "judge",
    "my_app",
    "progress",
    "quiz",
    "reset_progress",
    "yours",
]
