"""Begin a new exercise: its source, its check and its wrong answers, in one command.

    python tools/new_exercise.py 5.3 guarded_app "Guard a view that somebody forgot"
    python tools/new_exercise.py 5.3 guarded_app "Guard a view" --grade stretch

It adds
- the exercise and its check to flasklogin_tutorial/exercises/ch05.py,
- a prompt, an answer and the cell that checks it to the notebook in notebooks/solutions/,
- wrong and right answers to tests/exercises/bank/ex05_3.py.

What is not there yet is made. In each place it leaves lines with TODO, and the tests fail until all
of them are filled in. docs/teaching/adding.md says with what.
"""

import argparse
import ast
import json
import re
import subprocess
import sys
from itertools import count
from pathlib import Path

import generated
import nbformat
from generated.exercises import SOLUTIONS, metadata
from nbformat import NotebookNode

import flasklogin_tutorial
from flasklogin_tutorial.exercises import Exercise, Grade, all_exercises

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
CHECKS = ROOT / "flasklogin_tutorial" / "exercises"
BANK = ROOT / "tests" / "exercises" / "bank"

MOST_IN_A_NOTEBOOK = 9
LONGEST_TITLE = 70

#: The mistakes that a bank has for each exercise. What does not fit one is left out, and another
#: takes its place.
MISTAKES = (
    "empty",
    "the answer of the notebook",
    "off by one idea",
    "right for the example only",
    "says what is wanted",
)


class Wrong(Exception):
    """What was asked for cannot be made."""


def plan(number: str, answer: str, title: str, grade: str) -> Exercise:
    """Return the exercise that is to be made.

    Args:
        number: the notebook and the place in it, such as "5.3" or "05.3".
        answer: the name of the function that a learner will write.
        title: what to do.
        grade: follow, apply or stretch.

    Raises:
        Wrong: it does not fit what is there.
    """
    found = re.fullmatch(r"(\d{1,2})\.(\d)", number)
    if not found:
        raise Wrong(f"{number!r} is no number. Write the notebook and the place in it, as in 5.3.")
    notebook = int(found[1])
    if not list(NOTEBOOKS.glob(f"{notebook:02d}_*.ipynb")):
        raise Wrong(f"there is no notebook {notebook:02d} in {NOTEBOOKS.name}/")
    there = [one for one in all_exercises() if one.notebook == notebook]
    following = f"{notebook}.{len(there) + 1}"
    if len(there) >= MOST_IN_A_NOTEBOOK:
        raise Wrong(f"notebook {notebook:02d} has {len(there)} exercises, and no number is left")
    if following != f"{notebook}.{found[2]}":
        raise Wrong(f"the next exercise to notebook {notebook:02d} is {following}")
    if not answer.isidentifier() or answer != answer.lower():
        raise Wrong(f"{answer!r} is no name for a function")
    if answer in {one.answer for one in there} | names_in(module_of(notebook)):
        raise Wrong(f"notebook {notebook:02d} has a function {answer} already")
    if not title[:1].isupper() or title.endswith(".") or len(title) > LONGEST_TITLE:
        raise Wrong(
            f"a title begins with a capital, has no full stop, and is no longer than "
            f"{LONGEST_TITLE} characters"
        )
    return Exercise(
        following,
        Grade(grade),
        title,
        "TODO: the one idea that it trains, as a sentence.",
        answer,
        (
            "TODO: where to look.",
            "TODO: what to ask oneself.",
            "TODO: what to use.",
            "TODO: nearly the answer.",
        ),
        "TODO: what the check does not look at",
        lambda ask: None,
    )


def module_of(notebook: int) -> Path:
    """Return the path of the checks of a notebook, whether they are there or not."""
    return CHECKS / f"ch{notebook:02d}.py"


def names_in(path: Path) -> set[str]:
    """Return the names of the functions of a module, without a leading underscore."""
    tree = ast.parse(path.read_text(encoding="utf-8") if path.exists() else "")
    return {node.name.lstrip("_") for node in tree.body if isinstance(node, ast.FunctionDef)}


def quoted(text: str) -> str:
    """Return a text as Python source, in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def title_of(notebook: int) -> tuple[Path, str]:
    """Return the path and the title of a notebook of the course."""
    (path,) = NOTEBOOKS.glob(f"{notebook:02d}_*.ipynb")
    return path, generated.title_of(path)


def lowered(title: str) -> str:
    """Return a title as it stands within a sentence."""
    return title[:1].lower() + title[1:]


def check_source(one: Exercise, source: str) -> str:
    """Return the module of the checks with a new one at its end.

    Args:
        one: the exercise.
        source: the module as it is; empty if there is none.
    """
    if not source:
        _, title = title_of(one.notebook)
        source = (
            f'"""Exercises to notebook {one.notebook:02d}: {lowered(title)}."""\n\n'
            "from flasklogin_tutorial.exercises.ask import Ask\n"
            "from flasklogin_tutorial.exercises.exercise import exercise\n"
        )
    hints = "\n".join(f"        {quoted(each)}," for each in one.hints)
    return f"""{source.rstrip()}


@exercise(
    "{one.number}",
    "{one.grade}",
    {quoted(one.title)},
    idea={quoted(one.idea)},
    answer="{one.answer}",
    hints=(
{hints}
    ),
    not_checked={quoted(one.not_checked)},
)
def _{one.answer}(ask: Ask) -> None:
    ask.returns("TODO: what it has to return", hint="TODO: what to look at when it does not")
"""


def bank_source(one: Exercise) -> str:
    """Return the answers to a new exercise, right ones and wrong ones.

    Args:
        one: the exercise.
    """
    right = "".join(
        f"""

# %% right
def {one.answer}():
    raise NotImplementedError("TODO: {way}")
"""
        for way in ("as the solution, written differently", "and differently again")
    )
    wrong = "".join(
        f"""

# %% wrong: {mistake}
# says: TODO: the part of the message that names this cause
def {one.answer}():
    return "TODO: {mistake}"
"""
        for mistake in MISTAKES
    )
    return f'"""Answers to exercise {one.number}."""\n{right}{wrong}'


def cells_of(one: Exercise) -> list[NotebookNode]:
    """Return the cells of a new exercise: the prompt, the answer, and the check."""
    answer = (
        f"def {one.answer}():\n"
        '    """TODO: what it returns, in one line."""\n'
        "    ### BEGIN SOLUTION\n"
        '    raise NotImplementedError("TODO: the solution")\n'
        "    ### END SOLUTION"
    )
    prompt = (
        f"## {one.number} {one.title}\n\n*{one.grade}* · {one.idea}\n\n"
        f"TODO: the prompt. What does `{one.answer}` get, and what does it return?"
    )
    return [
        nbformat.v4.new_markdown_cell(prompt),
        nbformat.v4.new_code_cell(answer, metadata={"nbgrader": metadata(one, "answer")}),
        nbformat.v4.new_code_cell(
            f'check_answer("{one.number}", {one.answer})',
            metadata={"nbgrader": metadata(one, "check")},
        ),
    ]


def new_solution(one: Exercise) -> NotebookNode:
    """Make a solution notebook without an exercise."""
    path, title = title_of(one.notebook)
    opening = (
        f"# Exercises to {one.notebook:02d}: {lowered(title)}\n\n"
        f"Read [{one.notebook:02d} {title}](../{path.name}) first. Write each answer into the "
        "cell below its prompt, and run the cell below that: it says what is right, and what is "
        f'not. Stuck? Run `hint("{one.number}")` in a cell of your own (**+** in the toolbar makes '
        "one); each call gives one hint more."
    )
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        cells=[
            nbformat.v4.new_markdown_cell(opening),
            nbformat.v4.new_code_cell(
                "from flasklogin_tutorial.exercises import Unfinished, check_answer, hint"
            ),
            nbformat.v4.new_markdown_cell(f"Back to [{one.notebook:02d} {title}](../{path.name})"),
        ],
    )
    number_cells(notebook, one.notebook, notebook.cells)
    return notebook


def number_cells(notebook: NotebookNode, number: int, new: list[NotebookNode]) -> None:
    """Give new cells ids that no other cell of the notebook has, such as x05-07."""
    taken = {cell.id for cell in notebook.cells if not any(cell is each for each in new)}
    free = (made for place in count() if (made := f"x{number:02d}-{place:02d}") not in taken)
    for cell, made in zip(new, free, strict=False):
        cell.id = made


def make(one: Exercise) -> dict[Path, str]:
    """Return what each file has to be with a new exercise in it.

    Args:
        one: the exercise.
    """
    module = module_of(one.notebook)
    bank = BANK / f"ex{one.notebook:02d}_{one.number.partition('.')[2]}.py"
    path = ROOT / SOLUTIONS / f"{one.notebook:02d}_solutions.ipynb"
    solution = nbformat.read(path, as_version=4) if path.exists() else new_solution(one)
    cells = cells_of(one)
    number_cells(solution, one.notebook, cells)
    # The last cell is the way back to the notebook.
    solution.cells[-1:-1] = cells
    return {
        module: check_source(one, text_of(module)),
        path: nbformat.writes(solution) + "\n",
        bank: bank_source(one),
    }


def text_of(path: Path) -> str:
    """Return what a file holds; nothing if there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write the files, and say what is to be done in them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("number", help="the notebook and the place in it, such as 5.3")
    parser.add_argument("function", help="the name of the function that a learner will write")
    parser.add_argument("title", help="what to do, as a short sentence without a full stop")
    parser.add_argument(
        "--grade", choices=[*map(str, Grade)], default="apply", help="apply if not given"
    )
    given = parser.parse_args()
    try:
        imported = Path(flasklogin_tutorial.__file__).resolve().parent.parent
        if imported != ROOT:
            raise Wrong(
                f"Python imports the course from {imported}. Run this with the course of {ROOT}: "
                "set PYTHONPATH to that folder."
            )
        one = plan(given.number, given.function, given.title, given.grade)
        made = make(one)
    except Wrong as wrong:
        print(f"new exercise: {wrong}", file=sys.stderr)
        return 1
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: {text.count('TODO')} places to fill in")
    build = [sys.executable, str(ROOT / "tools" / "build.py"), "exercises"]
    status = subprocess.run(build).returncode
    print("When they are filled in: python tools/build.py exercises")
    print(f'and: make test ARGS="tests/exercises -k {one.number}"')
    return status


if __name__ == "__main__":
    sys.exit(main())
