"""Where a reader stands: every attack is met or open, and what was met is tried."""

import pytest

from flasklogin_tutorial.attacks import ATTACKS, Verdict
from flasklogin_tutorial.lab.standing import Standing

AFTER = "10b"


@pytest.fixture(scope="module")
def standing():
    """Give the standing of a reader in the middle of part 2."""
    return Standing(after=AFTER)


@pytest.mark.slow
def test_what_was_met_gets_into_the_article_s_app_and_not_into_the_finished_one(standing):
    assert [one for one, *_ in standing.met.rows] == [one for one in ATTACKS if one.lesson <= AFTER]
    for one, article, finished in standing.met.rows:
        assert article is Verdict.GOT_IN, one.name
        assert finished is Verdict.HELD, one.name


def test_what_is_open_is_all_the_rest(standing):
    met = [one for one in ATTACKS if one.lesson <= AFTER]
    assert [*met, *standing.open.attacks] == ATTACKS
    assert standing.open.attacks


def test_what_is_open_stands_behind_the_lesson_that_closes_it(standing):
    found, lesson = {}, ""
    for line in repr(standing.open).splitlines():
        lesson = line[:5].strip() or lesson
        found[line[5:]] = lesson
    assert found == {one.name: one.lesson for one in standing.open.attacks}
    html = standing.open._repr_html_()
    assert all(one.name in html for one in standing.open.attacks)


@pytest.mark.slow
def test_what_was_met_takes_one_line_each(standing):
    head, *lines = repr(standing.met).splitlines()
    assert head.split() == ["attack", "article's", "app", "finished", "app"]
    assert [line.split()[:2] for line in lines] == [
        [one.lesson, one.name] for one, *_ in standing.met.rows
    ]
    html = standing.met._repr_html_()
    assert html.count("<tr>") == len(lines) + 1
    assert html.count("got in") == html.count("held") == len(lines)


def test_before_the_first_attack_nobody_stands_anywhere():
    with pytest.raises(LookupError, match="up to notebook '07'"):
        Standing(after="07")
