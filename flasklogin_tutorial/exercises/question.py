"""What a question is that is asked before a cell shows the answer: one click, without a script.

A choice is an HTML `details` element. It opens in JupyterLab, on a code-hosting page and in an
exported page alike, also where scripts are not allowed. Some questions ask for a number instead,
which the reader types into the cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from textwrap import wrap
from types import EllipsisType

from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.show import html_sentence

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
        claims: what the question and its answers say of other software, in their words.

    Raises:
        ValueError: not exactly one of two or more choices is right.
    """

    def __init__(self, question: str, *choices: Choice, claims: Sequence[Claim] = ()) -> None:
        if len(choices) < 2 or sum(choice.right for choice in choices) != 1:
            raise ValueError(f"{question!r} needs two or more choices, one of them right")
        self.question, self.choices, self.claims = question, choices, tuple(claims)

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a reader is told, piece by piece."""
        return (self.question, *(text for one in self.choices for text in (one.text, one.why)))

    def __repr__(self) -> str:
        lines = [f"  {letter}) {choice.text}" for letter, choice in self._lettered()]
        return "\n".join([*wrap(self.question, 110), *lines])

    def _repr_html_(self) -> str:
        lines = [f"<p><strong>{html_sentence(self.question)}</strong> Click on your answer.</p>"]
        for letter, choice in self._lettered():
            verdict = "✓ Right." if choice.right else "✗ No."
            text, why = html_sentence(choice.text), html_sentence(choice.why)
            lines.append(
                f'<details style="margin:.3em 0"><summary>{letter}) {text}</summary>'
                f'<p style="margin:.2em 1.4em">{verdict} {why}</p></details>'
            )
        return "\n".join(lines)

    def _lettered(self) -> list[tuple[str, Choice]]:
        return list(zip("ABCDEF", self.choices, strict=False))


@dataclass(frozen=True, eq=False, repr=False)
class Typed:
    """A question whose answer is typed in place of `...`; shows itself, and what is right.

    Attributes:
        question: the question.
        right: the answer.
        why: why it is right.
        wrong: wrong answers that suggest themselves, and why each of them is wrong.
        otherwise: what is said to any other answer.
        claims: what the question and its answers say of other software, in their words.
        typed: what the reader typed.
    """

    question: str
    right: Answer
    why: str
    _: KW_ONLY
    wrong: Mapping[Answer, str]
    otherwise: str
    claims: tuple[Claim, ...] = ()
    typed: Answer | EllipsisType = ...

    def answered(self, typed: Answer | EllipsisType) -> "Typed":
        """Return the question with an answer.

        Args:
            typed: what the reader typed.

        Returns:
            The question, which then shows whether that is right, and why.
        """
        return replace(self, typed=typed)

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a reader is told, piece by piece."""
        return (self.question, self.why, *self.wrong.values(), self.otherwise)

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
        question, said = html_sentence(self.question), html_sentence(self.said)
        return f"<p><strong>{question}</strong></p>\n<p>{said}</p>"
