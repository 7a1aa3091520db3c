"""The house and the map in notebook 07b, the page before part 2.

The house is drawn from the two lists below; tests/course/test_first_look.py walks through it. Which
lesson opens a room, and what each lesson of part 2 closes, is read from the notebooks: to divide a
lesson changes both.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flasklogin_tutorial.attacks import ATTACKS
from generated import Wrong, notebooks_in, title_of

PAGE, HOLES = "07b", "07"
#: The first lesson of part 2, and of part 3.
PART_2, PART_3 = 8, 13
#: How the second line of a lesson of these parts begins. A page between them says something else.
A_LESSON = re.compile(r"\n\*\*Part \d, lesson ")

#: The rooms that a request to change a record walks through, in this order, and what is asked in
#: each of them.
WAY = {
    "entrance.py": "Can this be read at all?",
    "cross_site.py": "Did a page of another site cause it?",
    "login.py": "Who is calling?",
    "logins.py": "Does the server still know this login?",
    "models.py": "What does the database hold?",
    "views/records.py": "The article's four verbs",
    "edge.py": "What is in the body?",
    "schemas.py": "Is each field what it has to be?",
    "names.py": "Which user does this name mean?",
    "accounts.py": "May this user do that?",
    "errors.py": "A refusal, in the shape of all others",
    "audit.py": "Who will want to know of it?",
    "headers.py": "What may a browser do with the answer?",
}
#: The rooms that a login goes through besides.
LOGIN = {
    "throttle.py": "How many have tried already?",
    "passwords.py": "Is this the password?",
}

HEAD = "| lesson | what gets in today | attacks |\n|:--|:--|--:|\n"


def make(root: Path) -> dict[str, str]:
    """Return notebook 07b with the house and the map.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: the notebook lacks one of the two cells.
    """
    paths = notebooks_in(root / "notebooks")
    loaded = {number: json.loads(path.read_text("utf-8")) for number, path in paths.items()}
    lessons = {
        number: paths[number]
        for number, one in loaded.items()
        if int(number[:2]) >= PART_2 and is_lesson(one)
    }
    put(loaded[PAGE], "house", house({number: loaded[number] for number in lessons}))
    put(loaded[PAGE], "map", course_map(lessons, dict(holes(loaded[HOLES]))))
    text = json.dumps(loaded[PAGE], indent=1, ensure_ascii=False) + "\n"
    return {paths[PAGE].relative_to(root).as_posix(): text}


def is_lesson(notebook: dict[str, Any]) -> bool:
    """Tell whether a notebook is a lesson of part 2 or 3, and no page between two of them."""
    return A_LESSON.search("".join(notebook["cells"][0]["source"])) is not None


def put(notebook: dict[str, Any], name: str, text: str) -> None:
    """Write a text into the cell of the page that has the id `07b-NAME`."""
    for cell in notebook["cells"]:
        if cell["id"] == f"{PAGE}-{name}":
            cell["source"] = text.splitlines(keepends=True)
            return
    raise Wrong(f"notebook {PAGE} has no cell with the id {PAGE}-{name}")


def house(lessons: dict[str, dict[str, Any]]) -> str:
    """Draw the rooms, each with its question and the lesson that opens it.

    Args:
        lessons: the lessons after the page, by number.
    """
    parts = {
        "a request comes in": list(rooms(WAY, lessons)),
        "the answer goes out; a login went through these, too": list(rooms(LOGIN, lessons)),
    }
    every = [row for part in parts.values() for row in part]
    widths = [max(len(row[place]) for row in every) for place in range(3)]
    inside = sum(widths) + 4
    lines = []
    for said, part in parts.items():
        lines.append(f"{'├' if lines else '┌'}{'─' * (inside + 2)}{'┤' if lines else '┐'}")
        right = "" if len(lines) > 1 else "opened in"
        lines.append(f"│ {said:<{inside - len(right)}}{right} │")
        lines.append(f"│{' ' * (inside + 2)}│")
        lines += [f"│ {'  '.join(map(str.ljust, row, widths))} │" for row in part]
    return "\n".join(["```text", *lines, f"└{'─' * (inside + 2)}┘", "```"])


def rooms(
    asked: dict[str, str], lessons: dict[str, dict[str, Any]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the rooms with what is asked in them, and the lesson that opens each."""
    for room, question in asked.items():
        yield room, question, opened_in(room, lessons)


def opened_in(room: str, lessons: dict[str, dict[str, Any]]) -> str:
    """Return the number of the first lesson that names a file of the app, or imports from it.

    Empty if none does.
    """
    path = re.escape(f"flasklogin_tutorial/app/{room}")
    module = re.escape("flasklogin_tutorial.app." + room.removesuffix(".py").replace("/", "."))
    for number, notebook in lessons.items():
        for cell in notebook["cells"]:
            said = "".join(cell["source"]) + cell["metadata"].get("listing", "")
            said += json.dumps(cell.get("outputs", []))
            if re.search(rf"{path}|\b{module}\b", said):
                return number
    return ""


def holes(notebook: dict[str, Any]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the holes that notebook 07 shows: the number, the words, and the file of its lesson."""
    for cell in notebook["cells"]:
        found = re.match(
            r"\*\*(\d+)\. (.+?)[.,]?\*\*.*→ \[notebook \d\d[a-z]?\]\((\S+?)\)$",
            "".join(cell["source"]).strip(),
            re.DOTALL,
        )
        if found:
            words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", found[2])
            yield int(found[1]), (words, found[3])


def course_map(lessons: dict[str, Path], there: dict[int, tuple[str, str]]) -> str:
    """Return the table of part 2, and a sentence about the holes that part 3 closes.

    Args:
        lessons: the lessons after the page, by number.
        there: the holes of notebook 07.
    """
    rows, left = [], dict(there)
    for number, path in lessons.items():
        if int(number[:2]) >= PART_3:
            continue
        own = [one for one in there if there[one][1] == path.name]
        attacks = [one.title for one in ATTACKS if one.fixed_in == path.stem]
        said = [f"**{one}.** {left.pop(one)[0]}" for one in own] or attacks[:2] or ["-"]
        title = f"[{number} {title_of(path)}]({path.name})"
        rows.append(f"| {title} | {'<br>'.join(said)} | {len(attacks)} |\n")
    later = ", ".join(map(str, left))
    return HEAD + "".join(rows) + (f"\nLeft for part 3: number {later}." if left else "")
