"""The page before part 2 draws the finished app as it is, and maps part 2 as it is."""

import re
import secrets
import sys
from pathlib import Path

import pytest

from flasklogin_tutorial import app as package
from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import ATTACKS
from flasklogin_tutorial.lab import add_user, new_app

from .notebook_rules import PAGES, PART_2, PART_3, Notebook, calls_of, notebooks_in, text_of

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from generated import first_look  # noqa: E402

APP = Path(package.__file__).parent
PATHS = notebooks_in(ROOT / "notebooks")
PAGE = Notebook.read(PATHS["07b"])

PASSWORDS = {"ada": "countess of lovelace", "grace": "rear admiral hopper"}


def cell(name):
    return next(text_of(one) for one in PAGE.cells if one["id"] == f"07b-{name}")


class Walk:
    """A browser of the finished app that notes which files of it each request walks through."""

    def __init__(self):
        self.app = new_app(create_app, {"SECRET_KEY": secrets.token_hex(), "TESTING": True})
        for name, password in PASSWORDS.items():
            add_user(self.app, name, password)
        self.client = self.app.test_client()

    def post(self, path, **body):
        """Send a request; return its status, and the files in the order in which they are run."""
        files = []

        def note(frame, event, argument):
            path = Path(frame.f_code.co_filename)
            if event == "call" and path.is_relative_to(APP):
                files.append(path.relative_to(APP).as_posix())

        sys.setprofile(note)
        try:
            status = self.client.post(path, json=body).status_code
        finally:
            sys.setprofile(None)
        return status, files


def is_walked(rooms, files):
    """Tell whether a request comes through rooms in their order, whatever is between them."""
    left = iter(files)
    return all(room in left for room in rooms)


@pytest.fixture
def ada():
    return Walk()


def test_a_login_and_a_change_walk_through_the_house_as_it_is_drawn(ada):
    status, files = ada.post("/login", username="ada", password=PASSWORDS["ada"])
    assert (status, is_walked(first_look.LOGIN, files)) == (200, True)
    status, files = ada.post("/", name="grace", email="mine@example.org")
    assert (status, is_walked(first_look.WAY, files)) == (403, True)
    assert not is_walked(reversed(first_look.WAY), files)
    assert not set(first_look.LOGIN) & set(files)


def test_the_room_that_says_no_is_the_one_of_the_text(ada):
    ada.post("/login", username="ada", password=PASSWORDS["ada"])
    _, files = ada.post("/", name="grace", email="mine@example.org")
    last = len(files) - files[::-1].index("accounts.py")
    assert files[last - 1 : last + 1] == ["accounts.py", "errors.py"]
    assert "`accounts.py` says no" in " ".join(PAGE.markdown)


def test_each_room_is_drawn_with_the_first_lesson_that_opens_it():
    drawn = re.findall(r"^│ (\S+\.py) +(.+?)  +(\d\d[a-z]?)? +│$", cell("house"), re.MULTILINE)
    assert {room: said for room, said, _ in drawn} == first_look.WAY | first_look.LOGIN
    opened = {room: number for room, _, number in drawn}
    assert sum(map(bool, opened.values())) > len(opened) / 2
    for room, number in opened.items():
        if number:
            text = PATHS[number].read_text(encoding="utf-8")
            assert f"app/{room}" in text or f"app.{room.removesuffix('.py')}" in text


def test_the_map_has_each_lesson_of_part_2_and_each_hole_once():
    lessons = [
        path.name
        for number, path in PATHS.items()
        if PART_2 <= int(number[:2]) < PART_3 and number not in PAGES
    ]
    assert re.findall(r"^\| \[[^\]]+\]\((\S+?)\)", cell("map"), re.MULTILINE) == lessons
    named = re.findall(r"\*\*(\d+)\.\*\*", cell("map"))
    named += re.findall(r"\d+", cell("map").partition("Left for part 3:")[2])
    assert sorted(map(int, named)) == list(range(1, 16))
    attacks = [int(count) for count in re.findall(r"\| (\d+) \|$", cell("map"), re.MULTILINE)]
    stems = {Path(name).stem for name in lessons}
    assert sum(attacks) == sum(one.fixed_in in stems for one in ATTACKS)


@pytest.mark.parametrize("number", [number for number in PATHS if number < "08"])
def test_no_lesson_lists_the_finished_app_before_part_2(number):
    notebook = Notebook.read(PATHS[number])
    listed = [one["metadata"].get("listing", "") for one in notebook.cells]
    assert not [path for path in listed if path.startswith("flasklogin_tutorial/app/")]
    for call in calls_of(notebook, "show_source"):
        assert not call.args[0].value.startswith("app")


# ---- on examples


def lesson(source, outputs=(), **metadata):
    return {"cells": [{"source": [source], "metadata": metadata, "outputs": list(outputs)}]}


@pytest.mark.parametrize(
    "second",
    [
        lesson("see [names.py](../flasklogin_tutorial/app/names.py)"),
        lesson("from flasklogin_tutorial.app.names import read_name"),
        lesson("x = 1", listing="flasklogin_tutorial/app/names.py"),
        lesson("show()", [{"text": "flasklogin_tutorial/app/names.py"}]),
    ],
)
def test_a_lesson_opens_a_file_that_it_names(second):
    lessons = {"08": lesson("read the names"), "08b": second, "09": second}
    assert first_look.opened_in("names.py", lessons) == "08b"
    assert first_look.opened_in("audit.py", lessons) == ""


def test_a_hole_is_read_with_its_words_and_its_lesson():
    text = "**2. Two [operators](a.md) log you in,** now. More. → [notebook 08](08_it.ipynb)"
    assert dict(first_look.holes(lesson(text))) == {2: ("Two operators log you in", "08_it.ipynb")}
    assert dict(first_look.holes(lesson("**2. Two** and no lesson"))) == {}


def test_a_page_without_its_cells_is_not_written():
    with pytest.raises(first_look.Wrong, match="no cell with the id 07b-map"):
        first_look.put({"cells": [{"id": "07b-house", "source": []}]}, "map", "text")
