"""The questions of part 4, asked before a cell shows the answer."""

from flasklogin_tutorial.exercises.question import Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {}
