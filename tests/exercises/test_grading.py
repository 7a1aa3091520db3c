"""Grading a class: with nbgrader as it is, and with the course's own command, to the same verdicts.

The submissions are in submissions.py. nbgrader and the command grade the same folder, each once.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from flasklogin_tutorial.exercises.grading import Limits, grade_folder

from .submissions import FILE, GIVEN, NAME, STUDENTS, hand_in, submissions

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
REFUSED = [name for name, one in STUDENTS.items() if one.reason]
SECONDS = 6

each_student = pytest.mark.parametrize("student", STUDENTS)

#: Added to nbgrader's settings: only what never ends is given little time.
IMPATIENT = f"""
def seconds(cell):
    return {SECONDS} if "while True" in cell.source or 'check_answer("4.1"' in cell.source else 60

c.Execute.timeout_func = seconds
"""

POINTS_OF = f"""
import json
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as gradebook:
    points = {{
        one.student.id: {{
            grade.name.removeprefix("check-").replace("-", "."): grade.score
            for notebook in one.notebooks
            for grade in notebook.grades
        }}
        for one in gradebook.assignment_submissions("{NAME}")
    }}
print(json.dumps(points))
"""


class Course:
    """A folder in which nbgrader has done all of its steps.

    Attributes:
        folder: the folder.
        generated: the notebook that the students get.
        autograde: the process that grades.
        said: what it said.
        points: what each student scored in each exercise.
    """

    def __init__(self, folder):
        self.folder = folder
        home = {name: str(folder / "home") for name in ("HOME", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
        # nbgrader starts alembic by its name.
        path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        self.env = os.environ | home | {"PYTHONPATH": str(ROOT), "PATH": path}
        (folder / "source" / NAME).mkdir(parents=True)
        solution = ROOT / "notebooks" / "solutions" / "04_solutions.ipynb"
        shutil.copy(solution, folder / "source" / NAME / FILE)
        settings = (ROOT / "docs" / "teaching" / "nbgrader_config.py").read_text("utf-8")
        (folder / "nbgrader_config.py").write_text(settings + IMPATIENT, encoding="utf-8")

        made = self.run("generate_assignment", NAME)
        assert made.returncode == 0, made.stderr
        self.generated = json.loads((folder / "release" / NAME / FILE).read_text("utf-8"))
        for student, one in submissions(self.generated).items():
            hand_in(folder / "submitted", student, one.text, one.name)
        self.autograde = self.begin("autograde", NAME)

    def finish(self):
        """Wait for nbgrader to have graded, and let it do the rest."""
        self.said = self.autograde.communicate()[0]
        made = self.run("generate_feedback", NAME)
        assert made.returncode == 0, made.stderr
        self.points = json.loads(self.python("-W", "ignore", "-c", POINTS_OF).stdout)

    def begin(self, *arguments):
        """Start nbgrader, and go on."""
        return subprocess.Popen(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def run(self, *arguments):
        """Run nbgrader to its end."""
        return self.python("-m", "nbgrader", *arguments)

    def python(self, *arguments):
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, encoding="utf-8"
        )

    def feedback(self, student):
        """Return the page that a student gets, or None."""
        path = self.folder / "feedback" / student / NAME / f"{NAME}.html"
        return path.read_text("utf-8") if path.exists() else None


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    pytest.importorskip("nbgrader")
    course = Course(tmp_path_factory.mktemp("course"))
    yield course
    course.autograde.kill()
    course.autograde.wait()
    course.autograde.stdout.close()


@pytest.fixture(scope="module")
def validated(begun):
    """Let nbgrader validate the notebook that nobody has touched, while it grades the others."""
    folder = begun.folder / "validated"
    folder.mkdir()
    shutil.copy(begun.folder / "release" / NAME / FILE, folder)
    return begun.run("validate", f"validated/{FILE}")


@pytest.fixture(scope="module")
def course(begun, validated, graded):
    begun.finish()
    return begun


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Grade the same submissions with the command of the course."""
    folder = tmp_path_factory.mktemp("submitted")
    for student, one in STUDENTS.items():
        hand_in(folder, student, one.text, one.name)
    found = grade_folder(folder, limits=Limits(seconds=SECONDS))
    assert [one.student for one in found] == sorted(STUDENTS)
    return {one.student: one for one in found}


def source_of(cell):
    return "".join(cell["source"])


# ---- nbgrader


def test_nbgrader_gives_students_the_exercise_that_is_in_the_repository(course):
    assert list(map(source_of, course.generated["cells"])) == list(map(source_of, GIVEN["cells"]))
    assert "SOLUTION" not in json.dumps(course.generated)


@each_student
def test_nbgrader_scores(course, student):
    assert course.points[student] == STUDENTS[student].points


def test_what_nbgrader_cannot_grade_stops_nobody_else(course):
    named = re.findall(r"processing assignment '.+' for student '(\w+)'", course.said)
    assert sorted(named) == sorted(REFUSED)
    assert course.autograde.returncode == 1
    for student in STUDENTS:
        assert (course.feedback(student) is None) == (student in REFUSED)


@pytest.mark.parametrize(
    ("student", "reason"),
    [
        ("no_cells", "it has no cells"),
        ("older_version", "another version of the course"),
        ("another_notebook", "none of answer-4-1, answer-4-2, answer-4-3 is in it"),
    ],
)
def test_nbgrader_gives_the_reason_in_one_line(course, student, reason):
    lines = course.said.splitlines()
    assert any(f"Not graded: {student}: " in line and reason in line for line in lines)


def test_the_feedback_of_nbgrader_says_what_the_check_says(course):
    assert "is not a valid ObjectId" in course.feedback("wrong")
    assert "write the function load_or_none" in course.feedback("untouched")
    page = course.feedback("prints_100_mb")
    assert len(page) < 2_000_000
    assert "nobody else can: <strong>right</strong>" in page


def test_validate_says_that_it_failed_and_exits_with_zero(validated):
    assert "VALIDATION FAILED ON 3 CELL(S)" in validated.stdout
    assert "… 4.2 Survive an id that is none: not yet" in validated.stdout
    assert validated.returncode == 0


# ---- the command


@each_student
def test_the_command_comes_to_the_same_verdicts(graded, student):
    found, expected = graded[student], STUDENTS[student]
    assert {one.number: found.points(one) for one in found.exercises} == expected.points
    assert bool(found.reason) == bool(expected.reason), found.reason
    assert expected.reason in found.reason
    assert "\n" not in found.reason


def test_every_solution_scores_all_points(tmp_path):
    (tmp_path / "teacher").mkdir()
    paths = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))
    for path in paths:
        shutil.copy(path, tmp_path / "teacher")
    found = grade_folder(tmp_path)
    assert [one.notebook for one in found] == [path.name for path in paths]
    for one in found:
        assert one.total == one.most, (one.notebook, one.reason, one.verdicts)


def test_a_verdict_comes_with_its_message(graded):
    def said(student, number):
        verdict, message = graded[student].verdicts[number]
        return f"{verdict}: {message}"

    assert "not a valid ObjectId" in said("wrong", "4.1")
    assert said("untouched", "4.2").startswith("not yet: ")
    assert f"load_by_email did not end within {SECONDS} seconds" in said("loops", "4.1")
    assert "there is no function load_or_none; cell 7 ended with SyntaxErr" in said(
        "syntax_error", "4.2"
    )
    assert re.search(r"had printed \d+ MB", graded["prints_for_ever"].reason)
