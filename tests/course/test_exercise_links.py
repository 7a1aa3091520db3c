"""A lesson and its exercises name each other: what leads there also leads back."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
NUMBERED = re.compile(r"\[Exercises? (?P<numbers>\d+\.\d[^]]*)\]\(exercises/\d+_exercises\.ipynb\)")
LESSON = re.compile(r"\]\(\.\./(?P<name>[^)]+)\)")
NUMBER = re.compile(r"\d+\.\d")

SHEETS = sorted((NOTEBOOKS / "exercises").glob("*.ipynb"))


def texts_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]


def lessons_to(sheet):
    """Return the last text of each lesson that links this notebook of exercises, by its name."""
    ends = {path.name: texts_of(path)[-1] for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
    return {name: end for name, end in ends.items() if f"(exercises/{sheet.name})" in end}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_exercises_lead_back_to_each_lesson_that_leads_to_them(sheet):
    back = {found["name"] for found in LESSON.finditer(texts_of(sheet)[-1])}
    assert lessons_to(sheet)
    assert set(lessons_to(sheet)) - back == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_exercises_say_before_which_of_them_a_later_lesson_is_read(sheet):
    links = {
        name: NUMBER.findall(found["numbers"])
        for name, end in lessons_to(sheet).items()
        if (found := NUMBERED.search(end))
    }
    opening, start, said = texts_of(sheet)[0], 0, {}
    for found in LESSON.finditer(opening):
        said[found["name"]] = NUMBER.findall(opening[start : found.start()])
        start = found.end()
    first = min(links, default=None)
    assert {name: said.get(name) for name in links if name != first} == {
        name: numbers for name, numbers in links.items() if name != first
    }
