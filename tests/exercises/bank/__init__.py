"""Answers that a student might write: to each exercise at least five wrong ones and two right ones.

`ex07_1.py` has those to exercise 7.1, each in a cell of its own, as editors and Jupytext know them:

    # %% right
    def mended_memory():
        return create_app()


    # %% wrong: no return
    # says: Does the function end with `return app`?
    def mended_memory():
        app = create_app()

A cell is the source of the function that the exercise asks for. It runs in the names of the
solution notebook, as if it stood in its cell; nothing imports these files. Behind `wrong` stands
the mistake, in words, and below it a part of the message that the student must get: it names the
cause. A long one goes on in comments that are indented, and a space joins them.

What Python cannot parse is no answer: in a notebook, such a cell never comes to its check.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Answers:
    """The answers to one exercise.

    Attributes:
        right: sources, each written differently from the solution and from the others.
        wrong: for each mistake, named in words, the source and a part of the message.
    """

    right: list[str] = field(default_factory=list)
    wrong: dict[str, tuple[str, str]] = field(default_factory=dict)


CELL = re.compile(r"^# %%", re.MULTILINE)
SAYS = re.compile(r"# says: (?P<says>.+(?:\n# {2,}.+)*)\n")


def read(path: Path) -> Answers:
    """Read the answers to one exercise.

    Args:
        path: the file.

    Raises:
        ValueError: a cell is no answer, or two have one name.
    """
    found = Answers()
    for cell in CELL.split(path.read_text("utf-8"))[1:]:
        head, _, source = cell.partition("\n")
        kind, _, mistake = head.strip().partition(": ")
        says = SAYS.match(source)
        if kind == "right" and not mistake:
            found.right.append(source.strip())
        elif kind != "wrong" or not mistake:
            raise ValueError(
                f"{path.name}: write '# %% right' or '# %% wrong: …', not '# %%{head}'"
            )
        elif not says:
            raise ValueError(f"{path.name}: write '# says: …' right below '# %% wrong: {mistake}'")
        elif mistake in found.wrong:
            raise ValueError(f"{path.name}: two answers are called {mistake!r}; rename one")
        else:
            text = re.sub(r"\n# +", " ", says["says"])
            found.wrong[mistake] = source[says.end() :].strip(), text
    return found


def number_of(path: Path) -> str:
    """Return the number of the exercise that a file has answers to: 7.1 for ex07_1.py."""
    notebook, place = path.stem.removeprefix("ex").split("_")
    return f"{int(notebook)}.{place}"


#: For each exercise its answers.
BANK = {number_of(path): read(path) for path in sorted(Path(__file__).parent.glob("ex*.py"))}
