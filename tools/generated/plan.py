"""The tables of minutes in the teacher's guide.

The minutes of a notebook are made as those in its second line are, so a plan promises no others.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generated import Wrong, notebooks_in, title_of
from generated.minutes import minutes_of

GUIDE = "docs/teaching/README.md"


@dataclass(frozen=True)
class Notebook:
    """A notebook as the plan sees it.

    Attributes:
        number: what its name begins with, such as "04".
        title: its first line.
        file: its name.
        minutes: to read it and to try it.
    """

    number: str
    title: str
    file: str
    minutes: int

    @property
    def link(self) -> str:
        """A link from the guide."""
        return f"[{self.number} {self.title}](../../notebooks/{self.file})"


@dataclass(frozen=True)
class Part:
    """A part of one lesson: notebooks, or something else that takes minutes."""

    does: str
    notebooks: tuple[str, ...] = ()
    minutes: int = 0


#: A lesson of part 2 is longer than what is left of a day. By the model of minutes.py this part of
#: it takes 16 minutes.
BEGINNING_OF_08 = Part(
    "Get in all the same, with no password: [08](../../notebooks/08_injection.ipynb) "
    "as far as *A password, letter by letter* goes",
    minutes=16,
)

#: The lessons of one day: the length, the parts, and what the rest of the time is for.
LESSONS = {
    "90 minutes": (
        90,
        (
            Part("Read and sign [the rules for the attack lessons](ethics.md)", minutes=5),
            Part("An open app: who may delete whom?", ("00",)),
            Part("On the board: the way of an id from the login to the next request", minutes=5),
            Part("Put a guard in front of it, and answer a program with 401", ("05",)),
            BEGINNING_OF_08,
        ),
        "Close: which of these questions does your own app ask?",
    ),
    "Half a day": (
        240,
        (
            Part("An open app, and how to read a trace", ("00",)),
            Part("Bind the login manager; a place to log in", ("01", "02")),
            Part("Break", minutes=10),
            Part("What a user is, and who is calling", ("03", "04")),
            Part("Break", minutes=10),
            Part("Guard the views; log out", ("05", "06")),
            Part("Read and sign [the rules for the attack lessons](ethics.md)", minutes=5),
            BEGINNING_OF_08,
        ),
        "Close: questions, and what to do at home",
    ),
}

#: The weeks of a term, of 90 minutes each: the notebooks, and what the rest of the time is for.
WEEK = 90
TERM = (
    (
        ("00", "00b", "00c", "01"),
        "See that everybody's notebook runs. Read one trace aloud, lane by lane.",
    ),
    (
        ("02", "03", "04"),
        "Draw the four questions that a user is asked. Exercises to 02 to 04 at home.",
    ),
    (("05", "05b", "06"), "Exercises to 05 and 06. Let a pair explain the cookie to another."),
    (
        ("07", "07b", "08"),
        "Sign [the rules](ethics.md) first. Which of your other courses' apps put a request into a "
        "query?",
    ),
    (("08b", "08c"), "Exercises to 08. How does your own app keep passwords?"),
    (("09", "09b"), "Exercises to 09. Each pair writes the answer that its own client would need."),
    (("10", "10b"), "Exercise 10.2 together. Who ends what, and where is it written?"),
    (("10c", "10d", "11"), "Exercises to 10. Read the last picture of 10c together, one row each."),
    (
        ("11b", "11c"),
        "Exercises to 11. Fill in the table of 11b on the board, before the cell.",
    ),
    (("12", "12b", "12c"), "At home: the rules of an app of the class's own, as a table."),
    (("12d", "13", "13b"), "Exercises to 12 and 13. Begin the project: guard an app of your own."),
    (("14", "14b", "15"), "The way of a token is drawn at home, beside that of a cookie."),
    (("15b", "16", "16b"), "A test for each project; then attack it, if you were asked to. Close."),
)
#: What goes on after the term, for a course that is longer: part 4, a week for each lesson.
LONGER = (
    (
        ("17", "17b"),
        "Exercises to 17. Each pair asks a service of its own for a reset, and reads the mail: its "
        "link, its time, what it says of who asked.",
    ),
    (
        ("18", "18b", "18c"),
        "One exercise to 18. Each writes down how to get back in without the telephone, and shows "
        "it to a neighbour.",
    ),
    (
        ("19", "19b", "19c"),
        "One exercise to 19. Whoever has a passkey reads, in the settings of their telephone, for "
        "which sites it keeps one.",
    ),
)


def make(root: Path) -> dict[str, str]:
    """Return the table of each lesson, that of the term, and that of the weeks after it.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: a lesson has too many minutes.
    """
    there = notebooks(root)
    tables = {name: lesson(name, there) for name in LESSONS} | {
        "13 weeks": term(there, TERM),
        "Part 4": term(there, LONGER, begin=len(TERM) + 1),
    }
    return {f"{GUIDE}#{name}": table for name, table in tables.items()}


def notebooks(root: Path) -> dict[str, Notebook]:
    """Read the title and the minutes of each notebook.

    Returns:
        The notebooks by number.
    """
    found = {}
    for number, path in notebooks_in(root / "notebooks").items():
        notebook = json.loads(path.read_text(encoding="utf-8"))
        found[number] = Notebook(number, title_of(path), path.name, sum(minutes_of(notebook)))
    return found


def lesson(name: str, there: dict[str, Notebook]) -> str:
    """Return the table of a lesson."""
    length, parts, close = LESSONS[name]
    lines = ["| what | notebooks | minutes |", "|:--|:--|--:|"]
    used = 0
    for part in parts:
        own = [there[number] for number in part.notebooks]
        minutes = part.minutes + sum(one.minutes for one in own)
        used += minutes
        lines.append(f"| {part.does} | {'<br>'.join(one.link for one in own)} | {minutes} |")
    left = length - used
    if left < 0:
        raise Wrong(f"The lesson '{name}' takes {used} minutes, {-left} too many. Change LESSONS.")
    lines.append(f"| {close} |  | {left} |")
    return "\n".join([*lines, f"| **Together** | | **{length}** |"])


def term(
    there: dict[str, Notebook],
    weeks: Sequence[tuple[tuple[str, ...], str]],
    *,
    begin: int = 1,
) -> str:
    """Return the table of some weeks.

    Args:
        there: the notebooks by number.
        weeks: the notebooks of each week, and what the rest of its time is for.
        begin: the number of the first week.

    Raises:
        Wrong: a week has too many minutes.
    """
    lines = ["| week | notebooks | minutes | left | for |", "|--:|:--|--:|--:|:--|"]
    total = 0
    for week, (numbers, rest) in enumerate(weeks, begin):
        own = [there[number] for number in numbers]
        minutes = sum(one.minutes for one in own)
        total += minutes
        if minutes > WEEK:
            raise Wrong(f"Week {week} has {minutes} minutes of notebooks. Change the plan.")
        links = "<br>".join(one.link for one in own)
        lines.append(f"| {week} | {links} | {minutes} | {WEEK - minutes} | {rest} |")
    lines.append(f"| | **Together** | **{total}** | **{WEEK * len(weeks) - total}** | |")
    return "\n".join(lines)
