"""Finding what students handed in, and reading it without running it."""

import json
import re
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flasklogin_tutorial.exercises.exercise import Exercise, all_exercises

#: A notebook that is larger is not read.
MOST_BYTES = 200 * 10**6

#: The version of nbgrader's metadata in the notebooks of this course.
_SCHEMA = 3

_LINES_OF_CELL = re.compile(r"\A%%(?!time|capture).*", re.DOTALL)


class NothingToGrade(ValueError):
    """A folder holds no submissions that could be graded; the message says what it should hold."""


class NotGraded(Exception):
    """A submission cannot be graded; the message is the reason, in one line."""


@dataclass
class Student:
    """What one student handed in.

    Attributes:
        name: the name of the folder.
        folder: the folder.
        files: by its name each file in the folder, and in those in it.
    """

    name: str
    folder: Path
    files: dict[str, Path] = field(default_factory=dict)


@dataclass
class Script:
    """What is run of a notebook.

    Attributes:
        cells: the name and the source of each cell of code.
        where: the name of the cell with the answer, by the exercise.
    """

    cells: list[tuple[str, str]]
    where: dict[str, str]


def find_students(folder: Path) -> list[Student]:
    """Find what was handed in: `STUDENT/*.ipynb`, or nbgrader's `STUDENT/ASSIGNMENT/*.ipynb`.

    Args:
        folder: a folder with one folder for each student.

    Returns:
        The students by name. Where one handed in two files of one name, the newer one counts.

    Raises:
        NothingToGrade: there is no such folder, or no folder in it.
    """
    if not folder.is_dir():
        raise NothingToGrade(f"{folder} is not a folder")
    students = []
    for own in sorted(folder.iterdir()):
        if own.is_dir() and not own.is_symlink() and not own.name.startswith("."):
            found = [path for path in (*own.glob("*"), *own.glob("[!.]*/*")) if not path.is_dir()]
            found.sort(key=lambda path: path.lstat().st_mtime)
            students.append(Student(own.name, own, {path.name: path for path in found}))
    if not students:
        raise NothingToGrade(
            f"{folder} holds no folders. It has to hold one for each student, with the notebook "
            "in it: STUDENT/04_exercises.ipynb, or STUDENT/04_exercises/04_exercises.ipynb."
        )
    return students


def exercises_of(notebook: str) -> list[Exercise]:
    """Return the exercises of a notebook, by the number that its name begins with."""
    number = re.match(r"(\d\d)_", notebook)
    return [one for one in all_exercises() if number and one.notebook == int(number[1])]


def expected_notebooks(students: Iterable[Student]) -> list[str]:
    """Find out which notebooks were to be handed in.

    Args:
        students: what was handed in.

    Returns:
        The names of the notebooks with exercises that at least half of the students handed in; if
        there is none, the name that most have.

    Raises:
        NothingToGrade: nobody handed in a notebook with exercises.
    """
    students = list(students)
    counts = Counter(
        name
        for student in students
        for name in student.files
        if name.endswith(".ipynb") and exercises_of(name)
    )
    if not counts:
        raise NothingToGrade(
            "nobody handed in a notebook that is called as one with exercises is. If they have "
            "another name, give it: --notebook 04_exercises"
        )
    most = [name for name, count in counts.items() if 2 * count >= len(students)]
    return sorted(most) or [counts.most_common(1)[0][0]]


def read_script(student: Student, notebook: str, exercises: list[Exercise]) -> Script:
    """Read what is to be run of a submission.

    Args:
        student: who handed it in.
        notebook: the name that its file has to have.
        exercises: the exercises of the notebook.

    Returns:
        Its cells of code, without the checks.

    Raises:
        NotGraded: it is missing, is no notebook, or is another one.
    """
    cells = _cells(_content(student, notebook))
    code, where, mine = [], {}, {f"answer-{one.number.replace('.', '-')}": one for one in exercises}
    sources = [_text(cell) for cell in cells]
    marks = [_marks(cell) for cell in cells]
    versions = {str(mark.get("schema_version", "none")) for mark in marks if mark}
    if versions - {str(_SCHEMA)}:
        raise NotGraded(
            f"it was made for another version of the course (nbgrader's schema is "
            f"{', '.join(sorted(versions))}, and not {_SCHEMA})"
        )
    numbered = [number for number, cell in enumerate(cells, 1) if cell.get("cell_type") == "code"]
    for number in numbered:
        source, mark, name = sources[number - 1], marks[number - 1], f"cell {number}"
        if mark.get("grade") is True:
            continue  # a check: judging does its work
        code.append((name, _LINES_OF_CELL.sub("", source)))
        for grade_id, one in mine.items():
            defined = re.search(rf"^(?:def {one.answer}\b|{one.answer} *=)", source, re.MULTILINE)
            if mark.get("grade_id") == grade_id or defined:
                where[one.number] = name
    if not where:
        raise NotGraded(
            f"none of the exercises {', '.join(one.number for one in exercises)} is in it"
        )
    return Script(code, where)


def _content(student: Student, notebook: str) -> str:
    path = student.files.get(notebook)
    if path is None:
        there = ", ".join(sorted(student.files)) or "nothing"
        raise NotGraded(f"there is no {notebook}; there is: {there}")
    about = path.lstat()
    if path.resolve() != student.folder.resolve() / path.relative_to(student.folder):
        raise NotGraded("it is a link to another file, and not a file")
    if not stat.S_ISREG(about.st_mode):
        raise NotGraded("it is not a file")
    if about.st_size > MOST_BYTES:
        raise NotGraded(f"it has {about.st_size // 10**6} MB, and may have {MOST_BYTES // 10**6}")
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise NotGraded(f"it cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise NotGraded("it is not a notebook: it is not text") from error


def _cells(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotGraded("it is not a notebook: it is not JSON") from error
    if not isinstance(found, dict) or "nbformat" not in found:
        raise NotGraded("it is not a notebook: it has no nbformat")
    if found["nbformat"] != 4:
        raise NotGraded(
            f"it was made for another version of Jupyter: the format is {found['nbformat']!r:.20}, "
            "and not 4. Open it in JupyterLab and save it"
        )
    cells = found.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotGraded("it is not a notebook: it has no list of cells")
    if not cells:
        raise NotGraded("it has no cells")
    return cells


def _text(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _marks(cell: dict[str, Any]) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell."""
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return marks if isinstance(marks, dict) else {}
