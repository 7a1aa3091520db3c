"""What a reader gets who writes something into a place of lessons 19 to 19c, right or wrong."""

from dataclasses import replace

import pytest

from flasklogin_tutorial.app import create_app
from flasklogin_tutorial.app.challenges import as_text
from flasklogin_tutorial.app.models import Challenge, hash_secret, now
from flasklogin_tutorial.exercises.lines import all_lines, find_line
from flasklogin_tutorial.visit import new_app

from .line_rules import instead, must_be_right, must_be_told, no_small_change_may_be_right

PLACES = [one for one in all_lines() if one.number.startswith("19")]
NAMES = {
    "ORIGIN": "https://club.example",
    "Challenge": Challenge,
    "as_text": as_text,
    "hash_secret": hash_secret,
    "now": now,
}

WHOLE = 'said["origin"] == ORIGIN'

WRONG = [
    ("19a", instead("19a", (WHOLE, 'said["origin"].startswith(ORIGIN)')), "begins as ours does"),
    ("19a", instead("19a", (WHOLE, 'said["origin"].endswith("club.example")')), "ends as ours"),
    ("19a", instead("19a", (WHOLE, '"club.example" in said["origin"]')), "Compare the whole"),
    ("19a", instead("19a", (f"and {WHOLE}", "")), "compare `origin`"),
    ("19a", instead("19a", (WHOLE, 'said["origin"] in ORIGIN')), "compare the whole origin"),
    ("19a", instead("19a", ('and said["challenge"] == challenge', "")), "compare `challenge`"),
    ("19a", instead("19a", ('said["challenge"] == challenge', 'said["challenge"] in challenge')),
     "compare the whole challenge"),
    ("19a", instead("19a", ('said["type"] == "webauthn.get"', "True")), "compare `type`"),
    ("19a", instead("19a", ('"webauthn.get"', '"get"')), "is as it has to be"),
    ("19a", instead("19a", ("return (", "x = (")), "Is `return` there"),
    ("19a", instead("19a", ("== challenge", '== "bmV2ZXIgc2VudCBiZWZvcmU"')), "of its own"),
    ("19b", instead("19b", ("0b101 == 0b101", "0b100 == 0b100")), "Nobody touched"),
    ("19b", instead("19b", ("0b101 == 0b101", "0b001 == 0b001")), "asked for nothing"),
    ("19b", instead("19b", ("data[32] & 0b101 == 0b101", "data[32] & 0b101")), "asked for nothing"),
    ("19b", instead("19b", ("data[32] & 0b101 == 0b101", "data[32] == 0b101")), "may be copied"),
    ("19b", instead("19b", ("data[32]", "data[31]")), "is 0"),
    ("19b", instead("19b", ("data[32]", "data[33]")), "a finger or a PIN"),
    ("19b", instead("19b", ("return data", "data")), "Is `return` there"),
    ("19c", instead("19c", ("sent > kept", "sent >= kept")), "seen this count already"),
    ("19c", instead("19c", (" or sent == kept == 0", "")), "does not count"),
    ("19c", instead("19c", ("sent == kept == 0", "sent == 0")), "counted before"),
    ("19c", instead("19c", ("sent > kept or sent == kept == 0", "sent == kept + 1")), "elsewhere"),
    ("19c", instead("19c", ("sent > kept", "kept > sent")), "once more"),
    ("19c", instead("19c", ("return sent", "sent")), "Is `return` there"),
    ("19d", instead("19d", ("bool(asked.delete())", "bool(asked.first())")), "is still there"),
    ("19d", instead("19d", ("bool(asked.delete())", "asked.delete() is not None")), "one browser"),
    ("19d", instead("19d", ("return bool(asked.delete())",
                            "found = asked.first()\n    asked.delete()\n"
                            "    return found is not None")), "another request was quicker"),
    ("19d", instead("19d", ("return bool", "bool")), "Is `return` there"),
    ("19d", instead("19d", ("bool(asked.delete())", "not asked.delete()")), "one browser"),
    ("19d", instead("19d", ("        browser_hash=hash_secret(browser),\n", "")), "one browser"),
    ("19d", instead("19d", ("        purpose=purpose,\n", "")), "made for a login"),
    ("19d", instead("19d", ("        until__gt=now(),\n", "")), "condition on `until`"),
    ("19d", instead("19d", ("        challenge_hash=hash_secret(as_text(challenge)),\n", "")),
     "There is no record"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def app():
    """Make the app whose database the last place is asked about."""
    return new_app(create_app, {"SECRET_KEY": "k" * 40, "TESTING": True})


@pytest.mark.parametrize(("number", "source", "said"), WRONG)
def test_a_wrong_line_is_told_its_cause_and_the_lesson_goes_on(number, source, said):
    must_be_told(number, source, said, dict(NAMES))


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_the_lessons_own_lines_are_right_and_are_not_the_only_ones_tried(one):
    must_be_right(one, dict(NAMES))
    assert len([number for number, *_ in WRONG if number == one.number]) >= 5


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_no_small_change_of_the_lessons_own_lines_is_right(one):
    no_small_change_may_be_right(one, dict(NAMES), set())


def test_other_right_lines_are_right():
    for number, *changes in (
        ("19b", ("data[32] & 0b101 == 0b101", "data[32] & 1 and data[32] & 4")),
        ("19c", ("sent > kept or sent == kept == 0", "sent > kept if kept or sent else True")),
    ):
        other = replace(find_line(number), solution=instead(number, *changes))
        must_be_right(other, dict(NAMES))
