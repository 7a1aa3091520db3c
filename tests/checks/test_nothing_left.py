"""A check leaves nothing behind, whatever the app did to it, and no run is in the way of the next.

The apps here are made by calling `create_app()` alone, as a learner does who runs a cell again:
they share one database, and nothing empties it between them.
"""

import re

import pytest

from flasklogin_tutorial.checks import check
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import in_process, new_app

from .mistakes import MISTAKES

#: Mistakes that keep a check from taking away what it has made, or from finding it again.
SOILING = [
    "the user loader without return",
    "the user loader raises when it finds nobody",
    "the user loader is not registered",
    "login_user forgotten",
    "get_id gives a number",
    "is_active is false",
    "the path of the login misspelt",
    "a delete that deletes nothing",
    "the password is compared with the name",
    "the command saves nothing",
    "a before_request that raises",
]


def stored():
    """Return what the database holds, of every class called `User`."""
    return sorted(step06.User._get_collection().find(), key=lambda record: record["_id"])


@pytest.mark.parametrize("name", SOILING)
def test_after_seven_checks_of_a_mistake_the_right_app_passes(changed_step, name):
    mistake = MISTAKES[name]
    right = new_app(step06.create_app)
    step06.User(name="ada", password="lovelace", email="ada@example.org").save()
    before = stored()
    wrong = changed_step(f"step0{mistake.step}", *mistake.edits)
    for _ in range(7):
        assert not check(wrong(), step=mistake.step)
    assert stored() == before
    assert check(right, step=6)
    assert check(step06.create_app(), step=6)
    assert stored() == before


def test_what_a_broken_app_keeps_under_its_own_names_is_no_obstacle(changed_step):
    """A record that the checks cannot know of stays, and the right app passes all the same."""
    sent = '        record = json.loads(request.data)\n        user = User(name=record["name"]'
    kept = sent.replace('record["name"]', 'record["name"][::-1]')
    wrong = new_app(changed_step("step00", (sent, kept)))
    for _ in range(7):
        assert not check(wrong, step=0)
    assert check(step06.create_app(), step=6)


def test_no_two_runs_have_a_name_in_common(monkeypatch):
    app = new_app(step06.create_app)
    asked = []

    @app.before_request
    def note():
        from flask import request

        asked.append(request.args.get("name"))

    names = []
    for _ in range(2):
        asked.clear()
        assert check(app, step=6)
        names.append({name for name in asked if name})
    assert names[0] and names[1]
    assert not names[0] & names[1]


def test_the_words_of_a_result_do_not_show_what_is_random_in_a_name():
    result = check(new_app(lambda: step06.create_app()), step=6)
    assert result
    app = new_app(step06.create_app)
    app.view_functions["query_record"] = lambda: {"name": "somebody else"}
    said = repr(check(app, step=0))
    assert "check-user-" in said
    assert not re.search(r"check-user-\d+-", said)
    assert said == repr(check(app, step=0))


def test_a_check_that_is_interrupted_takes_away_what_it_has_made(monkeypatch):
    app = new_app(step06.create_app)
    before = stored()

    def interrupted():
        raise KeyboardInterrupt

    app.view_functions["logout"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        check(app, step=6)
    assert stored() == before
    assert in_process(app).get("/?name=ada").json() == {"error": "data not found"}
