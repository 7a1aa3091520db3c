"""Questions to answer before a cell shows the answer: one click each, without a script.

A choice is an HTML `details` element. It opens in JupyterLab, on a code-hosting page and in an
exported page alike, also where scripts are not allowed. Some questions ask for a number instead,
which the reader types into the cell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from importlib import import_module
from textwrap import wrap
from types import EllipsisType

#: What is typed as an answer, such as a number or a status.
Answer = int | str


@dataclass(frozen=True)
class Choice:
    """One possible answer.

    Attributes:
        text: the answer.
        why: why it is right or wrong.
        right: whether it is right.
    """

    text: str
    why: str
    right: bool = False


class Quiz:
    """A question with choices; shows itself.

    Args:
        question: the question.
        *choices: the choices, one of which is right.

    Raises:
        ValueError: not exactly one of two or more choices is right.
    """

    def __init__(self, question: str, *choices: Choice) -> None:
        if len(choices) < 2 or sum(choice.right for choice in choices) != 1:
            raise ValueError(f"{question!r} needs two or more choices, one of them right")
        self.question, self.choices = question, choices

    def __repr__(self) -> str:
        lines = [f"  {letter}) {choice.text}" for letter, choice in self._lettered()]
        return "\n".join([*wrap(self.question, 110), *lines])

    def _repr_html_(self) -> str:
        lines = [f"<p><strong>{escape(self.question)}</strong> Click on your answer.</p>"]
        for letter, choice in self._lettered():
            verdict = "✓ Right." if choice.right else "✗ No."
            lines.append(
                f'<details style="margin:.3em 0"><summary>{letter}) {escape(choice.text)}</summary>'
                f'<p style="margin:.2em 1.4em">{verdict} {escape(choice.why)}</p></details>'
            )
        return "\n".join(lines)

    def _lettered(self) -> list[tuple[str, Choice]]:
        return list(zip("ABCDEF", self.choices, strict=False))


class Typed:
    """A question whose answer is typed in place of `...`; shows itself, and what is right.

    Args:
        question: the question.
        right: the answer.
        why: why it is right.
        wrong: wrong answers that suggest themselves, and why each of them is wrong.
        otherwise: what is said to any other answer.
        typed: what the reader typed.
    """

    def __init__(
        self,
        question: str,
        right: Answer,
        why: str,
        *,
        wrong: Mapping[Answer, str],
        otherwise: str,
        typed: Answer | EllipsisType = ...,
    ) -> None:
        self.question, self.right, self.why = question, right, why
        self.wrong, self.otherwise, self.typed = wrong, otherwise, typed

    def answered(self, typed: Answer | EllipsisType) -> "Typed":
        """Return the question with an answer.

        Args:
            typed: what the reader typed.

        Returns:
            The question, which then shows whether that is right, and why.
        """
        return Typed(
            self.question,
            self.right,
            self.why,
            wrong=self.wrong,
            otherwise=self.otherwise,
            typed=typed,
        )

    @property
    def said(self) -> str:
        """What is said to the answer."""
        if self.typed is ...:
            return "Type your answer in place of ... and run the cell again."
        typed = str(self.typed).strip()
        if typed == str(self.right):
            return f"✓ {typed} is right. {self.why}"
        known = {str(answer): why for answer, why in self.wrong.items()}
        return f"✗ Not {typed}. {known.get(typed, self.otherwise)}"

    def __repr__(self) -> str:
        said = wrap(self.said, 98, initial_indent="  ", subsequent_indent="  ")
        return "\n".join([*wrap(self.question, 110), *said])

    def _repr_html_(self) -> str:
        return f"<p><strong>{escape(self.question)}</strong></p>\n<p>{escape(self.said)}</p>"


_PART_1: dict[str, Quiz | Typed] = {
    "00": Quiz(
        "A trace has four lanes: browser, Flask, Flask-Login and MongoDB. Which of them does "
        "Mallory's request reach?",
        Choice("browser and Flask", "The view asks the database, so there is more."),
        Choice(
            "browser, Flask and MongoDB", "Nobody asks who she is: that lane stays empty.", True
        ),
        Choice("all four", "This app does not use Flask-Login, so it cannot be asked."),
    ),
    "00b-1": Quiz(
        "Ada asks for a record that is not there. The view returns jsonify(error=...). What is the "
        "status?",
        Choice("404", "It fits, but somebody has to say so, and no line does."),
        Choice("200", "The view says nothing of a status, and 200 is what Flask puts there.", True),
        Choice("500", "The view has an answer for this, so nothing crashes."),
    ),
    "00b-2": Quiz(
        "new_app(create_app): why are there no brackets behind create_app?",
        Choice("they may be left out", "With brackets, what is handed over is an app."),
        Choice("new_app is handed the function, and calls it itself", "So it decides when.", True),
        Choice("create_app is the app", "It is the function that makes one."),
    ),
    "00b-3": Quiz(
        "Ada has asked the app twice. Now Grace asks for the first time, from her own browser. "
        "What does she get?",
        Choice("visits 3", "The app keeps no number. The number is in Ada's browser."),
        Choice("visits 1", "Her browser has no cookie of this app yet.", True),
        Choice("visits 2", "Grace's browser does not have Ada's cookie."),
    ),
    "01": Quiz(
        "The login manager is bound. What happens now when Mallory deletes Ada's record?",
        Choice("She is refused.", "No view asks for a login, so nothing refuses."),
        Choice("It is deleted, as before.", "Binding alone guards no view.", True),
        Choice("There is an error.", "Only a view that asks who is calling meets the manager."),
    ),
    "02": Quiz(
        "Ada sends the right name and password, and the view calls login_user with her record. "
        "What comes back?",
        Choice("200, and Ada is logged in", "Flask-Login asks the record something first."),
        Choice("401", "No line says so, and the password was right."),
        Choice("500", "The record cannot answer what Flask-Login asks it.", True),
    ),
    "03": Quiz(
        "is_active is now a method that returns False. Does login_user log Ada in?",
        Choice("no", "Nobody calls the method, so nobody sees its answer."),
        Choice("yes", "Flask-Login reads the name without calling it, and a method is true.", True),
        Choice("it raises an error", "A method is a value like any other."),
    ),
    "04": Quiz(
        "Ada sends three requests to a view that asks for current_user. How often does load_user "
        "run?",
        Choice("once", "Each request begins anew: nobody is remembered between two of them."),
        Choice("three times", "Once in each request that asks.", True),
        Choice("never", "The cookie holds an id alone, and somebody has to look it up."),
    ),
    "05": Quiz(
        "Above two stands @login_required, and below that @app.get. A stranger asks for /two. What "
        "runs?",
        Choice("the guard, which refuses", "Flask was given the function before it had a guard."),
        Choice("the view", "Flask knows the bare view, and never calls the guard.", True),
        Choice("neither", "The path is registered, so somebody answers."),
    ),
    "06": Quiz(
        "Somebody has copied Ada's cookie. Ada logs out. Who is the copy's owner to the app?",
        Choice("nobody", "The logout changed Ada's browser. The copy is in another one."),
        Choice("Ada", "The copy holds her id, and the id is still good.", True),
        Choice("a new user", "The app knows of a visitor what the cookie says, and no more."),
    ),
    "07": Quiz(
        "Ada is logged in. She sends POST / with Grace's name and a new password. What happens?",
        Choice("She is refused.", "The view asks whether somebody is logged in, and not who."),
        Choice("Her own password changes.", "The view looks for the name in the body."),
        Choice("Grace's password changes.", "The name in the body decides, and no one else.", True),
    ),
}


def all_quizzes() -> dict[str, Quiz | Typed]:
    """Return every question of the course by the number of its lesson, with a letter behind it."""
    parts = ("quiz_part2", "quiz_part3")
    later = [import_module(f"flasklogin_tutorial.exercises.{part}").QUIZZES for part in parts]
    return _PART_1 | later[0] | later[1]


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
