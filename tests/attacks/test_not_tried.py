"""What cannot be tried is never called held: the reasons why an attack is not tried."""

import pytest
from flask import Flask

from flasklogin_tutorial.attacks import (
    NOTEBOOKS,
    Attack,
    NotTried,
    Target,
    Verdict,
    read_names,
    run_attacks,
    sources,
    try_attack,
)
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import new_app

from .apps import crashing
from .attacked import each_attack, outcome_of


@each_attack
def test_on_an_app_that_crashes_nothing_gets_in_and_hardly_anything_holds(one):
    outcome = try_attack(one, Target(crashing.create_app()))
    if one.name in ("debug-mode", "traceback-in-answers"):
        assert outcome.verdict is Verdict.HELD
    else:
        assert outcome.verdict is Verdict.NOT_TRIED
        lacking = one.on and outcome.says.startswith("This app has no ")
        assert lacking or "No user could be made" in outcome.says


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("anyone-edits-anyone", 'update = ""'),
        ("anyone-deletes-anyone", 'delete = "DELETE /nowhere"'),
        ("anyone-creates-users", 'create = "PATCH /"'),
        ("stranger-reads-email", 'read = ""'),
        ("replay-after-logout", 'logout = ""'),
    ],
)
def test_a_route_that_does_not_exist_is_not_tried(name, routes):
    names = read_names(f"[routes]\n{routes}")
    outcome = outcome_of(name, new_app(step06.create_app), names)
    assert outcome.verdict is Verdict.NOT_TRIED
    assert outcome.says.startswith("This app has no ")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("anyone-edits-anyone", "email"),
        ("anyone-deletes-anyone", "name"),
        ("anyone-creates-users", "password"),
        ("mass-assignment-admin", "email"),
        ("lookalike-names", "name"),
        ("weak-password", "password"),
        ("cross-site-write", "password"),
    ],
)
def test_a_route_that_refuses_everybody_is_not_tried(name, field):
    # With a wrong name for a field everything is refused: that is no defence.
    names = read_names(f'[fields]\n{field} = "wrong"')
    outcome = outcome_of(name, new_app(step06.create_app), names)
    assert outcome.verdict is Verdict.NOT_TRIED
    assert "does not work even for somebody who may use it" in outcome.says


def test_nothing_is_held_with_a_wrong_name_for_the_login():
    names = read_names('[fields]\nlogin_name = "wrong"')
    report = run_attacks(new_app(step06.create_app), names)
    held = {row.attack.name for row in report.having(Verdict.HELD)}
    assert held == {"debug-mode", "traceback-in-answers"}
    assert "a user was made who cannot log in" in report.trouble


def test_nothing_is_held_where_nobody_can_tell_who_is_logged_in():
    names = read_names('[routes]\nwhoami = ""')
    report = run_attacks(new_app(step06.create_app), names)
    assert {row.attack.name for row in report.having(Verdict.HELD)} == {
        "debug-mode",
        "traceback-in-answers",
    }


def test_what_goes_wrong_in_an_attack_is_not_tried():
    def run(target):
        raise ZeroDivisionError("a mistake in the attack")

    one = Attack("broken", "Breaks", "Nobody.", sources.CSRF, NOTEBOOKS[0], "", run)
    outcome = try_attack(one, Target(Flask("any")))
    assert outcome.verdict is Verdict.NOT_TRIED
    assert outcome.says == (
        "The attack could not be carried out: ZeroDivisionError: a mistake in the attack"
    )


def test_where_records_are_kept_elsewhere_the_database_is_not_tried():
    app = new_app(step06.create_app)
    del app.extensions["mongoengine"]
    outcome = outcome_of("plaintext-at-rest", app)
    assert outcome.verdict is Verdict.NOT_TRIED
    assert outcome.says == "How this app stores its records is not known here."


def test_a_target_says_why_it_cannot_be_asked():
    target = Target(new_app(step06.create_app))
    with pytest.raises(NotTried, match="No user could be made, or logged in"):
        target.people.user(admin=True)
    assert target.people.member().name  # and that stands in nobody's way
