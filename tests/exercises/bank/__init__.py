"""Answers that a student might write: to each exercise at least five wrong ones and two right ones.

Each is the source of the function that the exercise asks for. It runs in the names of the solution
notebook, as if it stood in its cell. Of a wrong one a part of the message is given that the student
must get: it names the cause.
"""

from dataclasses import dataclass
from textwrap import dedent


@dataclass
class Answers:
    """The answers to one exercise.

    Attributes:
        wrong: for each mistake, named in words, the source and a part of the message.
        right: sources, each written differently from the solution and from the others.
    """

    wrong: dict[str, tuple[str, str]]
    right: list[str]

    def __post_init__(self):
        self.wrong = {name: (dedent(src).strip(), says) for name, (src, says) in self.wrong.items()}
        self.right = [dedent(source).strip() for source in self.right]


#: For each exercise its answers; every module beside this one adds its own.
BANK: dict[str, Answers] = {}


def answers(number, *, wrong, right):
    BANK[number] = Answers(wrong, right)
