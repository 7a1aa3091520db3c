"""Submissions to 04_exercises as students might hand them in, and worse, with what each scores.

They are made from the notebook that the students were given. The tests of grading and
benchmarks/grading.py grade them.
"""

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from flasklogin_tutorial.exercises import all_exercises

NAME = "04_exercises"
FILE = f"{NAME}.ipynb"
POINTS = {"4.1": 1, "4.2": 2, "4.3": 2}
EXERCISES = [one for one in all_exercises() if one.number in POINTS]
GIVEN = json.loads(
    (Path(__file__).parents[2] / "notebooks" / "exercises" / FILE).read_text("utf-8")
)

SOLVED = {
    "4.1": """
        def load_by_email(user_id):
            return User.objects(email=user_id).first()
        """,
    "4.2": """
        def load_or_none(user_id):
            if not ObjectId.is_valid(user_id):
                return None
            return User.objects(id=user_id).first()
        """,
    "4.3": """
        def mended_app():
            app = broken_app()

            @app.login_manager.user_loader
            def load(user_id):
                return User.objects(id=user_id).first() or Staff.objects(id=user_id).first()

            return app
        """,
}
WRONG = {
    "4.1": """
        def load_by_email(user_id):
            return User.objects(id=user_id).first()
        """,
    "4.2": """
        def load_or_none(user_id):
            return None
        """,
    "4.3": """
        def mended_app():
            broken_app()
        """,
}
CHEAT = """
    def mended_app():
        import requests

        class Fine:
            status_code, headers, is_redirect, ok = 200, {}, False, True
            text = '{"name": "ada"}'
            visit = type("Visit", (), {"error": None})()

            def json(self):
                return {"name": "ada"}

        requests.Session.request = lambda *given, **named: Fine()
        return broken_app()
    """
WARNS = """
    def load_or_none(user_id):
        import sys
        print("looking for", user_id, file=sys.stderr)
        return User.objects(id=user_id).first() if ObjectId.is_valid(user_id) else None
    """
LOOP = """
    def load_by_email(user_id):
        while True:
            pass
    """


@dataclass
class Submission:
    """What one student hands in.

    Attributes:
        text: the file.
        name: its name, without the ending.
        points: what each exercise scores; nothing at all where the submission is refused.
        reason: a part of the reason why it is refused.
    """

    text: str
    points: dict
    name: str = NAME
    reason: str = ""


def answered(given, answers):
    """Return the notebook that was given, with the cells of some answers filled in."""
    notebook = deepcopy(given)
    for number, source in answers.items():
        cell_of(notebook, f"answer-{number}")["source"] = dedent(source).strip()
    return notebook


def cell_of(notebook, grade_id):
    """Return the cell with a grade_id, such as answer-4.1."""
    wanted = grade_id.replace(".", "-")
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == wanted:
            return cell
    raise LookupError(grade_id)


def with_cell(notebook, source, place=2):
    """Return a notebook with one more cell of code."""
    cell = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": []}
    cell |= {"execution_count": None, "source": dedent(source).strip()}
    return notebook | {"cells": [*notebook["cells"][:place], cell, *notebook["cells"][place:]]}


def without(notebook, prefix):
    """Return a notebook without the cells whose grade_id begins so."""
    kept = [
        cell
        for cell in notebook["cells"]
        if not cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith(prefix)
    ]
    return notebook | {"cells": kept}


def submissions(given):
    """Make the submissions.

    Args:
        given: the notebook that the students were given, as a dictionary.

    Returns:
        For each student a submission.
    """
    given = json.loads(json.dumps(given))
    perfect = answered(given, SOLVED)
    other = json.loads(json.dumps(perfect).replace("-4-", "-5-").replace("load_", "list_"))
    cell_of(other, "answer-5-3")["source"] = "def other():\n    return None"
    older = json.loads(json.dumps(perfect).replace('"schema_version": 3', '"schema_version": 1'))

    def scores(*right):
        return {number: POINTS[number] * (number in right) for number in POINTS}

    def made(notebook, *right, **more):
        text = notebook if isinstance(notebook, str) else json.dumps(notebook)
        return Submission(text, scores(*right), **more)

    return {
        "perfect": made(perfect, "4.1", "4.2", "4.3"),
        "untouched": made(given),
        "wrong": made(answered(given, WRONG)),
        "syntax_error": made(answered(perfect, {"4.2": "def load_or_none(user_id)"}), "4.1", "4.3"),
        "cheats": made(
            with_cell(
                answered(given, {"4.1": SOLVED["4.1"], "4.3": CHEAT}),
                "check_answer = lambda *given: 5",
            ),
            "4.1",
        ),
        "loops": made(answered(perfect, {"4.1": LOOP}), "4.2", "4.3"),
        "no_checks": made(
            without(answered(perfect, {"4.2": WARNS}), "check-"), "4.1", "4.2", "4.3"
        ),
        "prints_100_mb": made(
            with_cell(perfect, "for _ in range(100):\n    print('x' * 1_000_000)"),
            "4.1",
            "4.2",
            "4.3",
        ),
        "prints_for_ever": made(
            with_cell(perfect, "while True:\n    print('for ever')"), reason="did not end"
        ),
        "exits": made(with_cell(perfect, "exit()"), reason="exit()"),
        "renamed": made(perfect, name="my_answers", reason="my_answers.ipynb"),
        "another_notebook": made(other, reason="none of the exercises"),
        "not_json": made("Dear teacher,\nmy notebook is on my laptop.", reason="not a notebook"),
        "no_cells": made(given | {"cells": []}, reason="no cells"),
        "older_version": made(older, reason="another version"),
    }


STUDENTS = submissions(GIVEN)


def hand_in(folder, student, text, name=NAME):
    """Write what a student hands in, where nbgrader looks for it."""
    path = folder / student / NAME / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path
