"""Which files of a class are graded, and what is said of a file that is no submission."""

import json
import os
import re
from pathlib import Path

import pytest

from flasklogin_tutorial.exercises.grading import NothingToGrade
from flasklogin_tutorial.exercises.grading.files import (
    NotGraded,
    Student,
    expected_notebooks,
    find_students,
    read_script,
)

from .submissions import EXERCISES, FILE


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
