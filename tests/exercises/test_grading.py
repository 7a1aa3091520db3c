"""Grading a class: with nbgrader as it is, and with the course's own command, to the same verdicts.

The submissions are in submissions.py. nbgrader and the command grade the same folder, each once.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flasklogin_tutorial.exercises import Verdict, all_exercises
from flasklogin_tutorial.exercises.__main__ import main
from flasklogin_tutorial.exercises.grading import Graded, Limits, NothingToGrade, grade_folder
from flasklogin_tutorial.exercises.grading.files import (
    NotGraded,
    Student,
    expected_notebooks,
    find_students,
    read_script,
)
from flasklogin_tutorial.exercises.grading.report import CAUTION, as_csv, as_html, clean

from .submissions import LOOP, NAME, POINTS, SOLVED, answered, submissions, with_cell

ROOT = Path(__file__).parent.parent.parent
FILE = f"{NAME}.ipynb"
GIVEN = json.loads((ROOT / "notebooks" / "exercises" / FILE).read_text("utf-8"))
STUDENTS = submissions(GIVEN)
REFUSED = [name for name, one in STUDENTS.items() if one.reason]
EXERCISES = [one for one in all_exercises() if one.number in POINTS]
SECONDS = 6

each_student = pytest.mark.parametrize("student", STUDENTS)
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs signals, forks and links")

#: Added to nbgrader's settings: only what never ends is given little time.
IMPATIENT = f"""
def seconds(cell):
    return {SECONDS} if "while True" in cell.source or 'check("4.1"' in cell.source else 60

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


def hand_in(folder, student, text, name=NAME):
    """Write what a student hands in, where nbgrader looks for it."""
    path = folder / student / NAME / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


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
        self.env = os.environ | home | {"PYTHONPATH": str(ROOT)}
        (folder / "source" / NAME).mkdir(parents=True)
        shutil.copy(ROOT / "notebooks" / "solutions" / FILE, folder / "source" / NAME)
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
    assert "nobody is ever known: <strong>right</strong>" in page


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


FORGES = """
    import json, os, sys
    verdicts = [[number, "right", ""] for number in ("4.1", "4.2", "4.3")]
    line = json.dumps({"token": None, "verdicts": verdicts})
    print(line)
    print(line, file=sys.__stdout__)
    os.write(1, (line + "\\n").encode())
    """
FINDS_THE_CHANNEL = """
    import json, os
    verdicts = [[number, "right", ""] for number in ("4.1", "4.2", "4.3")]
    for number in range(3, 50):
        try:
            os.write(number, json.dumps({"token": None, "verdicts": verdicts}).encode() + b"\\n")
        except OSError:
            pass
    """
DEAF = """
    import signal
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass
    """
STUBBORN = """
    def load_by_email(user_id):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
    """
FILLS_THE_DISK = """
    def load_by_email(user_id):
        try:
            with open("much", "wb") as file:
                file.truncate(10**9)
        except OSError:
            return User.objects(email=user_id).first()
    """
MAGICS = """
    %time 1
    def load_by_email(user_id):
        !ls
        return User.objects(email=user_id).first()
    load_by_email?
    """
TELLS_A_SECRET = """
    def load_by_email(user_id):
        import os
        raise ValueError(os.environ.get("A_PASSWORD", "nothing is known"))
    """

#: What else ends a submission, and the reason that is given.
HARMFUL = {
    "forks": ("import os\nos.fork()", "it forks"),
    "starts_a_program": ("import subprocess\nsubprocess.run(['ls'])", "it starts another program"),
    "kills_the_grader": ("import os\nos.kill(os.getppid(), 9)", "it sends a signal"),
    "leaves": ("import os\nos._exit(0)", "it ended Python in cell 3"),
    "ends_itself": ("import signal\nsignal.raise_signal(signal.SIGKILL)", "SIGKILL"),
    "reads_a_friend": ("open({friend!r}).read()", "a file of the other submissions"),
    "reads_and_hides_it": (
        "try:\n    open({friend!r}).read()\nexcept BaseException:\n    pass",
        "a file of the other submissions",
    ),
    "lists_the_class": ("import os\nos.listdir({folder!r})", "a file of the other submissions"),
    "looks_at_its_neighbours": ("import os\nos.listdir('..')", "a file of the other submissions"),
    "reads_a_key": ("open({key!r}).read()", "a file that belongs to the account"),
    "deletes_a_friend": ("import os\nos.remove({friend!r})", "a file of the other submissions"),
    "writes_to_the_channel": (FINDS_THE_CHANNEL, "the channel on which the verdicts come"),
    "deaf": (DEAF, "did not end within 2 seconds, and could not be interrupted"),
}

#: What ends nothing, and what is scored.
HARMLESS = {
    "forges": (GIVEN, FORGES, []),
    "raises_system_exit": (answered(GIVEN, SOLVED), "import sys\nsys.exit(1)", list(POINTS)),
    "eats_memory": (answered(GIVEN, SOLVED), "much = bytearray(10**10)", list(POINTS)),
    "fills_the_disk": (answered(GIVEN, SOLVED | {"4.1": FILLS_THE_DISK}), "pass", list(POINTS)),
    "goes_online": (
        answered(GIVEN, SOLVED),
        "import requests\nrequests.get('http://127.0.0.1:9/', timeout=60)",
        list(POINTS),
    ),
    "uses_magics": (answered(GIVEN, SOLVED | {"4.1": MAGICS}), "%%bash\nexit()", list(POINTS)),
    "checks_an_endless_answer": (
        answered(GIVEN, SOLVED | {"4.1": LOOP}),
        "def load_by_email(user_id):\n    while True: pass\ncheck('4.1', load_by_email)",
        ["4.2", "4.3"],
    ),
    "tells_a_secret": (answered(GIVEN, {"4.1": TELLS_A_SECRET}), "pass", []),
}


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """Grade what nbgrader would not notice, in one go."""
    folder, home = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("home")
    (home / "key").write_text("secret")
    solved = answered(GIVEN, SOLVED)
    friend = hand_in(folder, "friend", json.dumps(solved))
    names = {"folder": str(folder), "friend": str(friend), "key": str(home / "key")}
    for student, (source, _) in HARMFUL.items():
        source = re.sub(r"{(\w+)!r}", lambda found: repr(names[found[1]]), source)
        hand_in(folder, student, json.dumps(with_cell(solved, source)))
    for student, (notebook, source, _) in HARMLESS.items():
        hand_in(folder, student, json.dumps(with_cell(notebook, source)))
    hand_in(folder, "stubborn", json.dumps(answered(solved, {"4.1": STUBBORN})))
    link = folder / "copies" / NAME / FILE
    link.parent.mkdir(parents=True)
    link.symlink_to(friend)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("A_PASSWORD", "open sesame")
        found = grade_folder(folder, limits=Limits(seconds=2, megabytes=900))
    assert friend.exists()
    return {one.student: one for one in found}


@posix_only
@pytest.mark.parametrize("student", HARMFUL)
def test_what_does_harm_gets_a_zero_with_the_reason(others, student):
    assert HARMFUL[student][1] in others[student].reason
    assert others[student].total == 0


@posix_only
@pytest.mark.parametrize("student", HARMLESS)
def test_what_does_no_harm_is_graded(others, student):
    found, expected = others[student], HARMLESS[student][2]
    assert not found.reason
    right = [one for one, (verdict, _) in found.verdicts.items() if verdict is Verdict.RIGHT]
    assert right == expected


@posix_only
def test_an_answer_that_cannot_be_interrupted_ends_its_submission_only(others):
    assert "could not be interrupted" in others["stubborn"].reason
    assert others["friend"].total == sum(POINTS.values())


@posix_only
def test_a_link_to_the_file_of_another_is_not_followed(others):
    assert others["copies"].reason == "it is a link to another file, and not a file"


@posix_only
def test_nothing_of_the_environment_is_handed_on(others):
    _, message = others["tells_a_secret"].verdicts["4.1"]
    assert "ValueError: nothing is known" in message


@posix_only
def test_nothing_is_left_running(tmp_path):
    pid = tmp_path / "pid"
    source = f"open({str(pid)!r}, 'w').write(str(__import__('os').getpid()))"
    thread = "import threading\nthreading.Thread(target=threading.Event().wait).start()"
    notebook = with_cell(with_cell(answered(GIVEN, SOLVED), thread), source)
    hand_in(tmp_path / "class", "threads", json.dumps(notebook))
    (found,) = grade_folder(tmp_path / "class", limits=Limits(seconds=20))
    assert found.total == sum(POINTS.values())
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@posix_only
def test_an_interrupted_run_leaves_nothing_running(tmp_path):
    late = tmp_path / "late"
    cell = f"import time\ntime.sleep(8)\nopen({str(late)!r}, 'w').close()"
    hand_in(tmp_path / "class", "ada", json.dumps(with_cell(GIVEN, cell)))
    hand_in(tmp_path / "class", "bob", STUDENTS["not_json"].text)

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_folder(tmp_path / "class", jobs=2, done=interrupt)
    assert not late.exists()


# ---- reading files


def read(tmp_path, content, name=FILE):
    """Read what one student handed in."""
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (student,) = find_students(tmp_path)
    return read_script(student, FILE, EXERCISES)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe\x00", "not text"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "no nbformat"),
        (b"{}", "no nbformat"),
        (b'{"nbformat": 3, "worksheets": []}', "another version of Jupyter"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [1]}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [{}]}', "none of the exercises 4.1, 4.2, 4.3 is in it"),
        (b'{"nbformat": 4, "cells": [{"metadata": 1, "source": {}}]}', "none of the exercises"),
    ],
)
def test_what_is_no_answer_is_told_so(tmp_path, content, reason):
    with pytest.raises(NotGraded, match=re.escape(reason)):
        read(tmp_path, content)


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("flasklogin_tutorial.exercises.grading.files.MOST_BYTES", 10**6)
    with pytest.raises(NotGraded, match="it has 2 MB, and may have 1"):
        read(tmp_path, b" " * 2 * 10**6)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_what_is_not_a_file_is_not_opened(tmp_path):
    (tmp_path / "ada").mkdir()
    os.mkfifo(tmp_path / "ada" / FILE)
    with pytest.raises(NotGraded, match="it is not a file"):
        read_script(find_students(tmp_path)[0], FILE, EXERCISES)


def test_an_answer_is_found_without_the_metadata_of_its_cell(tmp_path):
    source = "def load_by_email(user_id):\n    return None"
    cell = {"cell_type": "code", "metadata": {}, "source": [f"{source}\n", "1"]}
    script = read(tmp_path, json.dumps({"nbformat": 4, "cells": [{"source": ""}, cell]}))
    assert script.cells == [("cell 2", f"{source}\n1")]
    assert script.where == {"4.1": "cell 2"}


def test_a_flat_folder_is_found_too_and_the_newer_of_two_files_counts(tmp_path):
    for place, when in (("ada", 2_000), ("ada/old", 1_000), ("bob/any", 1_000)):
        path = tmp_path / place / FILE
        path.parent.mkdir(parents=True)
        path.write_text(place)
        os.utime(path, (when, when))
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "list.csv").touch()
    ada, bob = find_students(tmp_path)
    assert ada.files[FILE].read_text() == "ada"
    assert bob.files[FILE].read_text() == "bob/any"


def test_what_half_of_the_class_handed_in_was_asked_for():
    def students(*names):
        return [Student(str(n), Path(), dict.fromkeys(own, Path())) for n, own in enumerate(names)]

    assert expected_notebooks(students([FILE], [FILE, "readme.txt"], ["04_copy.ipynb"])) == [FILE]
    assert expected_notebooks(students([FILE], ["04_copy.ipynb"], [])) == [FILE]
    with pytest.raises(NothingToGrade, match="--notebook"):
        expected_notebooks(students(["99_other.ipynb"], ["notes.ipynb"]))


# ---- the report


def results(student="ada", message="", reason=""):
    verdicts = {"4.1": (Verdict.WRONG, message), "4.2": (Verdict.RIGHT, "not checked: much")}
    verdicts["4.3"] = (Verdict.NOT_YET, "next: write it")
    return [Graded(student, FILE, tuple(EXERCISES), {} if reason else verdicts, reason)]


def rows(found):
    return list(csv.DictReader(io.StringIO(as_csv(found))))


def test_the_table_has_points_and_messages():
    (row,) = rows(results(message="came back: nothing"))
    assert row == {
        "student": "ada",
        "notebook": FILE,
        "points": "1",
        "of": "5",
        "not graded because": "",
        "4.1 points": "0",
        "4.1 message": "not right: came back: nothing",
        "4.2 points": "1",
        "4.2 message": "right",
        "4.3 points": "0",
        "4.3 message": "not yet: next: write it",
    }


def test_the_page_has_points_messages_reasons_and_the_caution():
    page = as_html([*results(message="came back: nothing"), *results("bob", reason="it forks")])
    assert "1 of 5" in page and "came back: nothing" in page
    assert "<strong>not graded, 0 points:</strong> it forks" in page
    assert "2 students, 1 graded, 1 not graded" in page
    assert CAUTION in page


def test_what_a_student_wrote_stays_text():
    evil = "<script>alert(1)</script>\n\x1b[31m\u202e"
    page = as_html([*results(evil, evil), *results(reason=evil)])
    assert "<script" not in page and page.count("&lt;script&gt;") == 3
    assert "\x1b" not in page and "\u202e" not in page
    (row,) = rows(results(student="=HYPERLINK(1)", message="x" * 5_000))
    assert row["student"] == "'=HYPERLINK(1)"
    assert len(row["4.1 message"]) <= 500
    assert clean("a\n\tb") == "a b"


# ---- the command line


@pytest.fixture(scope="module")
def small_class(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    hand_in(folder, "ada", STUDENTS["perfect"].text)
    hand_in(folder, "bob", STUDENTS["not_json"].text)
    return folder


def test_the_command_writes_both_reports_and_shows_how_far_it_is(small_class, tmp_path, capsys):
    page, table = tmp_path / "out.html", tmp_path / "out.csv"
    assert main(["grade", str(small_class), "--report", str(page), "--report", str(table)]) == 0
    said = capsys.readouterr()
    assert "2 submissions, 1 of them not graded" in said.out
    assert "bob: 0 of 5, it is not a notebook: it is not JSON" in said.out
    assert f"{'█' * 30} 2/2" in said.err
    assert {row["student"]: row["points"] for row in rows_of(table)} == {"ada": "5", "bob": "0"}
    assert page.read_text("utf-8").startswith("<!doctype html>")


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_without_a_report_the_points_are_printed(small_class, capsys):
    assert main(["grade", str(small_class), "--notebook", NAME, "--jobs", "1"]) == 0
    assert "ada: 5 of 5" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no such folder"], "is not a folder"),
        (["{empty}"], "holds no folders"),
        (["{small}", "--notebook", "99_none"], "no exercises to a notebook called 99_none.ipynb"),
        (["{small}", "--report", "no such folder/out.csv"], "there is no folder for the report"),
        (["{small}", "--report", "out.pdf"], "ends neither with .html nor with .csv"),
        (["{small}", "--seconds", "0"], "is not more than 0"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_run(
    small_class, tmp_path, capsys, arguments, says
):
    names = {"empty": tmp_path, "small": small_class}
    try:
        status = main(["grade", *(one.format(**names) for one in arguments)])
    except SystemExit as end:
        status = end.code
    assert status == 2
    assert says in capsys.readouterr().err


def test_the_help_says_that_submissions_are_code(capsys):
    with pytest.raises(SystemExit):
        main(["grade", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "Submissions are code." in said
    assert "an account of its own or in a container" in said
