"""What a learner sees of an exercise: results, hints, progress, and a stub that is no error."""

import json
import os
from importlib import import_module
from itertools import pairwise

import nbformat
import pytest
from nbclient import NotebookClient

from flasklogin_tutorial.exercises import (
    AnswerIsWrong,
    NoSuchExercise,
    Unfinished,
    all_exercises,
    check_answer,
    hint,
    progress,
    reset_progress,
)

exercise = import_module("flasklogin_tutorial.exercises.exercise").exercise
hints = import_module("flasklogin_tutorial.exercises.hints")
step04 = import_module("flasklogin_tutorial.steps.step04_user_loader")


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """Keep the progress of each test in a file of its own, which is not there at first."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("FLASKLOGIN_TUTORIAL_PROGRESS", str(path))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    hints._GIVEN.clear()
    return path


def right(user_id):
    return step04.User.objects(email=user_id).first()


def wrong(user_id):
    return None


def unwritten(user_id):
    raise Unfinished("exercise 4.1: Load a user by the e-mail address")


# ---- results


def test_a_result_says_what_was_called_what_came_back_and_what_was_expected():
    shown = repr(check_answer("4.1", wrong))
    assert shown.startswith("✗ 4.1 Load a user by the e-mail address: not right")
    for line in (
        "  called      load_by_email('ada@example.org')",
        "  came back   nothing",
        "  expected    the user ada",
    ):
        assert line in shown.splitlines()


def test_a_right_answer_is_told_what_was_not_checked():
    result = check_answer("4.1", right)
    assert result.right
    assert "not checked what happens when two users have one address" in repr(result)
    assert "<strong>right</strong>" in result._repr_html_()


def test_a_stub_is_not_yet_an_answer():
    assert repr(check_answer("4.1", unwritten)).startswith("… 4.1")
    assert "write the function load_by_email" in repr(check_answer("4.1", unwritten))


@pytest.mark.parametrize("given", [None, 3, "right", step04.User])
def test_what_is_no_function_is_told_so(given):
    shown = repr(check_answer("4.1", given))
    assert "was given" in shown
    assert "the function load_by_email, without brackets behind its name" in shown


@pytest.mark.parametrize("number", ["4.9", "x", "", "4"])
def test_an_exercise_that_does_not_exist_lists_those_that_do(number):
    for call in (lambda: check_answer(number, right), lambda: hint(number)):
        with pytest.raises(NoSuchExercise, match=r"There are: .*4\.1, 4\.2"):
            call()


def test_html_in_an_answer_stays_text():
    def load(user_id):
        raise ValueError("<script>alert(1)</script>")

    shown = check_answer("4.1", load)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_an_answer_that_breaks_the_database_gets_a_result_too():
    def load(user_id):
        import mongoengine

        mongoengine.disconnect_all()
        step04.User._collection = None
        return step04.User.objects.first()

    assert "ConnectionFailure" in repr(check_answer("4.1", load))


@pytest.mark.parametrize("execution", ["autograde", "validate"])
def test_nbgrader_is_told_by_an_error(monkeypatch, file, execution):
    monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    for answer in (wrong, unwritten):
        with pytest.raises(AnswerIsWrong, match=r"4\.1 Load a user"):
            check_answer("4.1", answer)
    assert check_answer("4.1", right).right
    assert not file.exists()


def test_exercises_are_about_their_notebooks_and_numbered_from_one():
    numbers: dict[int, list[str]] = {}
    for one in all_exercises():
        numbers.setdefault(one.notebook, []).append(one.number)
        assert one.title[0].isupper() and not one.title.endswith(".")
        assert one.answer.isidentifier()
    for notebook, own in numbers.items():
        assert own == [f"{notebook}.{place}" for place in range(1, len(own) + 1)]


def test_exercises_of_a_notebook_grow_harder():
    for one, following in pairwise(all_exercises()):
        assert one.notebook < following.notebook or one.grade.points <= following.grade.points


# ---- hints


@pytest.mark.parametrize("hints", [(), ("Look there.", "Use this.", "x = 1"), ("a",) * 6])
def test_an_exercise_has_hints_enough_and_not_too_many(hints):
    with pytest.raises(ValueError, match=f"99.9 has {len(hints)} hints, and not 4 or 5"):
        exercise("99.9", "apply", "T", idea="", answer="f", hints=hints, not_checked="")


def test_no_two_hints_of_an_exercise_are_the_same():
    for one in all_exercises():
        assert len({*one.hints}) == len(one.hints)


def test_hints_come_one_at_a_time_and_then_all_of_them(capsys):
    one = next(one for one in all_exercises() if one.number == "4.1")
    for place, text in enumerate(one.hints, 1):
        hint("4.1")
        assert capsys.readouterr().out == f"hint {place} of {len(one.hints)}: {text}\n"
    hint("4.1")
    said = capsys.readouterr().out
    assert said.startswith("You have had all hints:\n")
    assert all(text in said for text in one.hints)


# ---- progress


def test_progress_shows_what_is_done_and_what_is_next(file):
    assert progress().done == []
    assert progress().next.number == all_exercises()[0].number
    check_answer("4.1", wrong)
    assert progress().done == []
    check_answer("4.1", right)
    assert [one.number for one in progress().done] == ["4.1"]
    assert "  04  ✓ · ·" in repr(progress()).splitlines()
    assert repr(progress()).startswith("█") == (round(20 / len(all_exercises())) > 0)
    assert json.loads(file.read_text("utf-8"))["tried"] == {"4.1": True}


def test_what_was_done_stays_done_until_it_is_forgotten():
    check_answer("4.1", right)
    check_answer("4.1", wrong)
    assert [one.number for one in progress().done] == ["4.1"]
    reset_progress()
    assert progress().done == []
    reset_progress()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"no json",
        b"[]",
        b"null",
        b'{"version": 0, "tried": {"4.1": true}}',
        b'{"version": 1}',
        b'{"version": 1, "tried": []}',
        b'{"version": 1, "tried": {"4.1": "yes", "99.9": true}}',
    ],
)
def test_a_broken_or_old_file_counts_as_empty_and_is_replaced(file, content):
    file.write_bytes(content)
    assert progress().done == []
    assert check_answer("4.1", right).right
    assert [one.number for one in progress().done] == ["4.1"]


def test_a_file_that_cannot_be_written_stops_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("FLASKLOGIN_TUTORIAL_PROGRESS", str(tmp_path / "none" / "progress.json"))
    assert check_answer("4.1", right).right
    assert progress().done == []
    (tmp_path / "folder.json").mkdir()
    monkeypatch.setenv("FLASKLOGIN_TUTORIAL_PROGRESS", str(tmp_path / "folder.json"))
    assert check_answer("4.1", right).right
    reset_progress()


@pytest.mark.parametrize("below", ["notebooks", "notebooks/exercises"])
def test_the_file_stands_in_the_folder_of_the_notebooks(monkeypatch, tmp_path, below):
    monkeypatch.delenv("FLASKLOGIN_TUTORIAL_PROGRESS")
    folder = tmp_path / below
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    check_answer("4.1", right)
    assert (tmp_path / "notebooks" / "progress.json").is_file()


def test_when_all_is_done_nothing_is_next(file):
    tried = {one.number: True for one in all_exercises()}
    file.write_text(json.dumps({"version": 1, "tried": tried}))
    total = len(all_exercises())
    assert progress().next is None
    assert repr(progress()).startswith(f"{'█' * 20}  {total} of {total} exercises done\n")


# ---- in a kernel


def test_an_unfinished_answer_that_is_called_shows_one_line_and_no_traceback(tmp_path):
    source = (
        "from flasklogin_tutorial.exercises import Unfinished\n"
        'raise Unfinished("exercise 4.1: Load a user")'
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    client = NotebookClient(
        notebook,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": tmp_path}},
    )
    client.execute(env=dict(os.environ))
    (output,) = (one for one in notebook.cells[0].outputs if one.output_type == "error")
    assert output.traceback == ["not yet: exercise 4.1: Load a user"]
