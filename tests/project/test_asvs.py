"""The table of the ASVS names only tests and attacks that are there."""

import re
import sys
from collections import Counter

import pytest

from flasklogin_tutorial.attacks import ATTACKS

from .checkout import ROOT
from .named_tests import missing

sys.path.insert(0, str(ROOT / "tools"))
from generated import asvs

ROWS = asvs.read(ROOT)

each_row = pytest.mark.parametrize("number", ROWS)


@each_row
def test_a_row_has_what_its_verdict_needs(number):
    row = ROWS[number]
    assert set(row) <= {"level", "says", "before", "verdict", "held_by", "why"}
    assert row["level"] in (1, 2, 3)
    assert row["says"]
    assert row["verdict"] in asvs.VERDICTS
    assert bool(row.get("held_by")) == (row["verdict"] in (asvs.YES, asvs.PART))
    assert bool(row.get("why")) == (row["verdict"] != asvs.YES)


@each_row
def test_what_a_row_names_is_there(number):
    attacks = {f"attack: {one.name}" for one in ATTACKS}
    for name in ROWS[number].get("held_by", ()):
        if name.startswith("attack: "):
            assert name in attacks
        else:
            assert re.fullmatch(r"test_\w+\.py::test_\w+", name)
            assert list(missing(name)) == []


@each_row
def test_what_was_met_at_first_is_met_still(number):
    row = ROWS[number]
    if row.get("before") == asvs.YES:
        assert row["verdict"] == asvs.YES


def test_every_requirement_of_the_chapters_is_there_in_order():
    numbers = [tuple(map(int, number.split("."))) for number in ROWS]
    assert numbers == sorted(numbers)
    assert Counter(number[0] for number in numbers) == {6: 47, 7: 19, 8: 13, 9: 7, 16: 4}
    for section in {number[:2] for number in numbers}:  # and no number is left out within a section
        last = [number[2] for number in numbers if number[:2] == section]
        assert last == list(range(1, len(last) + 1))


def test_what_was_counted_at_first_is_what_was_written_down_then():
    first = asvs.counted(ROWS).values()
    found = Counter(row["before"] for row in first if "before" in row)
    assert found == {"yes": 35, "in part": 12, "no": 13}


def test_the_page_counts_every_row_once():
    page = asvs.page(ROWS)
    total = re.search(r"\*\*all\*\* \|(.*)", page)[1]
    all_, apply, _, _, yes, part, no = map(int, re.findall(r"\d+", total))
    assert all_ == 86
    assert apply == yes + part + no
    for number in ROWS:
        assert page.count(f"\n| {number} |") == 1


def test_a_missing_test_is_noticed():
    assert list(missing("test_asvs.py::test_nothing_of_that_name")) != []
    assert list(missing("test_nowhere.py::test_a_missing_test_is_noticed")) != []
