"""Grading what a class handed in, without nbgrader.

Each submission runs in a process of its own: `files` finds and reads it, `run` starts and watches
the process, `child` is what runs in it, `guard` notices there what a submission may not do, and
`report` writes what came of it.

Submissions are code. The limits here keep a mistake from harm; they do not stop somebody who means
it. Grade where there is nothing to read or to break: in an account of its own, or in a container
without a network.
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from flasklogin_tutorial.exercises.exercise import Exercise
from flasklogin_tutorial.exercises.grading.files import (
    NotGraded,
    NothingToGrade,
    Student,
    exercises_of,
    expected_notebooks,
    find_students,
    read_script,
)
from flasklogin_tutorial.exercises.grading.run import Limits, Runner
from flasklogin_tutorial.exercises.result import Verdict
from flasklogin_tutorial.visit import describe_error

__all__ = ["Graded", "Limits", "NothingToGrade", "grade_folder"]


@dataclass(frozen=True)
class Graded:
    """What came of one submission.

    Attributes:
        student: the name of the student's folder.
        notebook: the notebook that was to be handed in.
        exercises: the exercises in it.
        verdicts: for each exercise the verdict and the message; empty if it was not graded.
        reason: why it was not graded, in one line; empty if it was.
    """

    student: str
    notebook: str
    exercises: tuple[Exercise, ...]
    verdicts: dict[str, tuple[Verdict, str]] = field(default_factory=dict)
    reason: str = ""

    def points(self, one: Exercise) -> int:
        """Return what the answer to an exercise scores."""
        verdict, _ = self.verdicts.get(one.number, (None, ""))
        return one.grade.points if verdict is Verdict.RIGHT else 0

    @property
    def total(self) -> int:
        """What the submission scores."""
        return sum(map(self.points, self.exercises))

    @property
    def most(self) -> int:
        """What it could have scored."""
        return sum(one.grade.points for one in self.exercises)


def grade_folder(
    folder: Path,
    notebooks: Iterable[str] = (),
    limits: Limits | None = None,
    jobs: int | None = None,
    done: Callable[[int, int, Graded], None] | None = None,
) -> list[Graded]:
    """Grade everything in a folder.

    Args:
        folder: holds one folder for each student.
        notebooks: the names of the notebooks that were to be handed in; if left out, those that at
            least half of the students did hand in.
        limits: what a submission may use.
        jobs: how many run at once; one for each processor if left out.
        done: is called after each submission with how many are done, how many there are, and what
            came of this one.

    Returns:
        For each student and each notebook what came of it, in the order of the names.

    Raises:
        NothingToGrade: there are no submissions, or a notebook has no exercises.
    """
    students = find_students(folder)
    names = [name if name.endswith(".ipynb") else f"{name}.ipynb" for name in notebooks]
    names = names or expected_notebooks(students)
    for name in names:
        if not exercises_of(name):
            raise NothingToGrade(f"there are no exercises to a notebook called {name}")
    wanted = [(student, name) for name in names for student in students]
    with tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as scratch:
        runner = Runner(folder, Path(scratch), limits or Limits())
        pool = ThreadPoolExecutor(max_workers=jobs or _processors())
        try:
            futures = [pool.submit(_grade, runner, *pair) for pair in wanted]
            for count, future in enumerate(as_completed(futures), 1):
                if done is not None:
                    done(count, len(futures), future.result())
            return [future.result() for future in futures]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            runner.stop()
            pool.shutdown(wait=True)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _grade(runner: Runner, student: Student, notebook: str) -> Graded:
    exercises = exercises_of(notebook)
    try:
        script = read_script(student, notebook, exercises)
        verdicts, reason = runner.run(script, exercises), ""
    except NotGraded as why:
        verdicts, reason = {}, str(why)
    except Exception as error:  # the rest of the class is graded whatever this one has done
        verdicts, reason = {}, f"grading it failed: {describe_error(error)}"
    return Graded(student.name, notebook, tuple(exercises), verdicts, reason)
