"""What the command that grades a class writes and prints."""

import csv
import io

import pytest

from flasklogin_tutorial.exercises import Verdict
from flasklogin_tutorial.exercises.__main__ import main
from flasklogin_tutorial.exercises.grading import Graded
from flasklogin_tutorial.exercises.grading.report import CAUTION, as_csv, as_html, clean

from .submissions import EXERCISES, FILE, NAME, STUDENTS, hand_in


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
        "points": "2",
        "of": "5",
        "not graded because": "",
        "4.1 points": "0",
        "4.1 message": "not right: came back: nothing",
        "4.2 points": "2",
        "4.2 message": "right",
        "4.3 points": "0",
        "4.3 message": "not yet: next: write it",
    }


def test_the_page_has_points_messages_reasons_and_the_caution():
    page = as_html([*results(message="came back: nothing"), *results("bob", reason="it forks")])
    assert "2 of 5" in page and "came back: nothing" in page
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
