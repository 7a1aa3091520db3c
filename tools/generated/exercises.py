"""notebooks/exercises, made from notebooks/solutions.

A solution notebook is the source of its exercise. It is what nbgrader calls a source notebook, and
nbgrader takes it unchanged. For each exercise it has

- a Markdown cell with the heading `## 4.2 Title`, below it the grade and the idea;
- below that (at a hunt for a mistake, below the cells that show it) the cell of the answer, with
  `### BEGIN SOLUTION` and `### END SOLUTION` around what a learner has to write;
- a cell with nothing but `check_answer("4.2", name_of_the_function)`.

In the exercise, one line stands in place of each solution: it raises `Unfinished`, which a check
shows as "not yet". At a hunt for a mistake it is the broken code instead, for the learner to mend.
Outputs are left out. What does not agree with the list of exercises in the
package is an error here.
"""

import re
import textwrap
from copy import deepcopy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from flasklogin_tutorial.exercises import Exercise, all_exercises
from generated import Wrong

SOLUTIONS = "notebooks/solutions"
EXERCISES = "notebooks/exercises"

SOLUTION = re.compile(
    r"^(?P<indent>[ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION[ \t]*$", re.M | re.S
)
HEADING = re.compile(r"^## (?P<number>\d+\.\d) (?P<title>.+)$", re.MULTILINE)


def make(root: Path) -> dict[str, str | None]:
    """Return what each file in notebooks/exercises has to be; None for one without a source.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: a solution does not agree with the package.
    """
    exercises = all_exercises()
    sources = sorted((root / SOLUTIONS).glob("*.ipynb"))
    unsourced = {one.notebook for one in exercises} - {int(path.name[:2]) for path in sources}
    if unsourced:
        raise Wrong(f"there are exercises and no solution notebook of {sorted(unsourced)}")
    there = (root / EXERCISES).glob("*.ipynb")
    result: dict[str, str | None] = {f"{EXERCISES}/{path.name}": None for path in there}
    for path in sources:
        notebook = nbformat.read(path, as_version=4)
        own = [one for one in exercises if one.notebook == int(path.name[:2])]
        said = problems(notebook, own)
        if said:
            raise Wrong("\n".join(f"{path.name}: {each}" for each in said))
        name = path.name.replace("_solutions", "_exercises")
        result[f"{EXERCISES}/{name}"] = nbformat.writes(exercise_of(notebook, own)) + "\n"
    return result


def metadata(one: Exercise, kind: str) -> dict:
    """Return nbgrader's metadata of a cell.

    Args:
        one: the exercise.
        kind: "answer" or "check".

    Returns:
        The metadata, in version 3 of nbgrader's schema.
    """
    about = {
        "grade": kind == "check",
        "grade_id": f"{kind}-{one.number.replace('.', '-')}",
        "locked": kind == "check",
        "schema_version": 3,
        "solution": kind == "answer",
        "task": False,
    }
    return about | ({"points": one.grade.points} if kind == "check" else {})


def stub(one: Exercise, indent: str = "") -> str:
    """Return what stands in place of a solution."""
    return textwrap.indent(one.stub, indent)


def exercises_of(notebook: NotebookNode) -> list[tuple[str, int]]:
    """Return the numbers of the exercises in a notebook, and where the prompt of each stands."""
    found = []
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            found += [(heading["number"], place) for heading in HEADING.finditer(cell.source)]
    return found


def problems(notebook: NotebookNode, expected: list[Exercise]) -> list[str]:
    """Say what in a solution notebook does not agree with the list of exercises."""
    said = []
    there = exercises_of(notebook)
    if [number for number, _ in there] != [one.number for one in expected]:
        said.append(
            f"its headings are of {[number for number, _ in there]}, "
            f"the package has {[one.number for one in expected]}"
        )
        return said
    for one, (_, place) in zip(expected, there, strict=True):
        prompt, answer, check = notebook.cells[place], *answer_and_check(notebook, place)
        if f"## {one.number} {one.title}" not in prompt.source.splitlines():
            said.append(f"{one.number} is called {one.title!r} in the package")
        if f"*{one.grade}* · {one.told}" not in prompt.source.splitlines():
            said.append(f"the prompt of {one.number} has no line '*{one.grade}* · {one.told}'")
        if not SOLUTION.search(answer.source) or f"def {one.answer}(" not in answer.source:
            said.append(f"no cell with the solution of {one.answer} stands below {one.number}")
        if check.source != f'check_answer("{one.number}", {one.answer})':
            said.append(f"below the answer to {one.number} stands {check.source!r}")
        for cell, kind in ((answer, "answer"), (check, "check")):
            if cell.metadata.get("nbgrader") != metadata(one, kind):
                said.append(f"the {kind} of {one.number} lacks the metadata {metadata(one, kind)}")
    return said


def answer_and_check(notebook: NotebookNode, place: int) -> list[NotebookNode]:
    """Return the first cell with a solution below a prompt, and the cell below that."""
    for number, cell in enumerate(notebook.cells[place + 1 :], place + 1):
        if SOLUTION.search(cell.source):
            return [*notebook.cells[number : number + 2], nbformat.v4.new_code_cell()][:2]
    return [nbformat.v4.new_code_cell(), nbformat.v4.new_code_cell()]


def exercise_of(notebook: NotebookNode, exercises: list[Exercise]) -> NotebookNode:
    """Make the exercise notebook of a solution notebook.

    Args:
        notebook: the solution.
        exercises: the exercises in it.

    Returns:
        A new notebook.
    """
    made = deepcopy(notebook)
    by_id = {metadata(one, "answer")["grade_id"]: one for one in exercises}
    for cell in made.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        one = by_id.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if one is not None:
            cell.source = SOLUTION.sub(lambda m, one=one: stub(one, m["indent"]), cell.source)
    return made
