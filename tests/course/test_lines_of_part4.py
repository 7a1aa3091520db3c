"""What a reader gets who writes something into a place of part 4, right or wrong."""

from dataclasses import replace

import pytest

from flasklogin_tutorial.app.models import hash_secret
from flasklogin_tutorial.exercises.lines import all_lines, find_line

from .line_rules import instead, must_be_right, must_be_told, no_small_change_may_be_right

PLACES = [one for one in all_lines() if one.number.startswith("17")]

LOOKS_FIRST = """
def spend(links, number):
    if links.find_one({"_id": number}) is None:
        return False
    links.delete_one({"_id": number})
    return True
"""

WRONG = [
    ("17a", instead("17a", ('settings["PUBLIC_ADDRESS"]', '"https://app.example"')),
     "The address of this app stands in"),
    ("17a", instead("17a", (" + token", "")), "it stands at the end"),
    ("17a", instead("17a", ("?token=", "/")), "then ?token= and the token"),
    ("17a", instead("17a", ('"/reset?token="', '"reset?token="')), "then /reset"),
    ("17a", instead("17a", ("return settings", "settings")), "Is `return` there"),
    ("17a", instead("17a", ("PUBLIC_ADDRESS", "HOST")), "KeyError"),
    ("17b", instead("17b", (" and record.purpose == purpose", "")), "What is this record for"),
    ("17b", instead("17b", ("record.purpose == purpose", 'record.purpose == "reset"')),
     "Both purposes are to be asked"),
    ("17b", instead("17b", (" and record.until > now", "")), "has to be after"),
    ("17b", instead("17b", ("until > now", "until >= now")), "At its last moment"),
    ("17b", instead("17b", ("until > now", "until < now")), "is after `now`"),
    ("17b", instead("17b", ("return known and ", "return ")), "Leave `known` in front"),
    ("17b", instead("17b", ("return known", "known")), "Is `return` there"),
    ("17c", instead("17c", (".deleted_count == 1", "")), "is the number"),
    ("17c", instead("17c", ("return links", "links")), "Is `return` there"),
    ("17c", instead("17c", ("== 1", "== 0")), "so it is the one"),
    ("17c", instead("17c", ('{"_id": number}', "{}")), "Delete this link, and no other"),
    ("17c", LOOKS_FIRST, "Do not look"),
    ("17c", LOOKS_FIRST.replace("find_one", "count_documents").replace("is None", "== 0"),
     "Do not look"),
    ("17d", instead("17d", (" and lately", "")), "open browser"),
    ("17d", instead("17d", ("link.user == user.id and ", "")), "Whose is the link"),
    ("17d", instead("17d", ("user.id", "user")), "compare it with an id"),
    ("17d", instead("17d", (" and ", " or ")), "Whose is the link"),
    ("17d", instead("17d", ("return link", "link")), "Is `return` there"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "source", "said"), WRONG)
def test_a_wrong_line_is_told_its_cause_and_the_lesson_goes_on(number, source, said):
    must_be_told(number, source, said, {"hash_secret": hash_secret})


@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_the_lessons_own_lines_are_right_and_are_not_the_only_ones_tried(one):
    must_be_right(one, {"hash_secret": hash_secret})
    assert sum(number == one.number for number, *_ in WRONG) >= 2


def test_a_link_may_be_taken_and_returned_in_one_step():
    again = instead("17c", ("delete_one({\"_id\": number}).deleted_count == 1",
                            "find_one_and_delete({\"_id\": number}) is not None"))  # fmt: skip
    must_be_right(replace(find_line("17c"), solution=again), {})


@pytest.mark.slow
@pytest.mark.parametrize("one", PLACES, ids=lambda one: one.number)
def test_no_small_change_of_the_lessons_own_lines_is_right(one):
    no_small_change_may_be_right(one, {"hash_secret": hash_secret}, set())
