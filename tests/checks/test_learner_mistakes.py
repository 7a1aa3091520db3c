"""Mistakes that learners make: nothing breaks, the message names the cause and what to try next.

Each mistake is one or two lines in the file of a step, as somebody would type them. Whatever comes
of it, the same Python must afterwards check the right app and find nothing wrong with it.
"""

from html import escape

import pytest

from flasklogin_tutorial.lab import check, new_app, trace
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import in_process

from .mistakes import ADA, MISTAKES
from .mistakes_people_ask import ASKED

ALL = MISTAKES | ASKED


@pytest.fixture(params=ALL, ids=lambda name: name.replace(" ", "-"))
def mistake(request):
    return ALL[request.param]


@pytest.fixture
def make(changed_step):
    """Give a function that makes the app with a mistake in it."""
    return lambda mistake: new_app(changed_step(f"step0{mistake.step}", *mistake.edits))


def test_there_are_mistakes_enough_and_each_has_words_that_must_and_must_not_come():
    assert len(ALL) == len(MISTAKES) + len(ASKED) - len(MISTAKES.keys() & ASKED.keys()) >= 80
    assert all(mistake.says and mistake.astray for mistake in ALL.values())


def test_a_check_names_the_cause_and_what_to_try_next(mistake, make):
    result = check(make(mistake), mistake.step)
    assert not result
    for words in mistake.says:
        assert words in repr(result), f"{words!r} is missing in:\n{result!r}"
    for words in mistake.astray:
        assert words not in repr(result), f"{words!r} leads astray in:\n{result!r}"

    page = result._repr_html_()
    assert result.headline in page
    for row in result.shown:
        assert all(escape(text, quote=False) in page for _, text in row.details)

    assert check(new_app(step06.create_app), step=1), "the next app suffers from this one"


def test_a_trace_of_a_mistake_is_drawn_and_raises_nothing(mistake, make):
    browser = in_process(make(mistake))
    for method, path, body in [
        ("PUT", "/", ADA),
        ("POST", "/login", {"username": "ada", "password": "lovelace"}),
        ("POST", "/user_info", None),
        ("POST", "/", ADA),
        ("GET", "/?name=ada", None),
        ("DELETE", "/", {"name": "ada"}),
        ("POST", "/logout", None),
    ]:
        seen = trace(browser).request(method, path, json=body, allow_redirects=not mistake.loops)
        drawn = seen._repr_mimebundle_()
        assert drawn["text/plain"].startswith("browser ")
        assert f"{method} {path}" in drawn["text/vnd.mermaid"]
        for exchange in seen.exchanges:
            error = exchange.response.visit.error
            if error is not None:
                told = [event.text for event in exchange.events if event.failed]
                assert any(type(error).__name__ in text for text in told)


def test_after_all_these_mistakes_the_right_app_passes_every_check():
    result = check(new_app(step06.create_app), step=6)
    assert result, repr(result)
