"""The attacks: each gets in on the article's app, and each fails on an app that is mended."""

import pytest
from flask import request
from flask_login import fresh_login_required

from flasklogin_tutorial.attacks import ATTACKS, Target, Verdict, run_attacks, try_attack
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import new_app

from .apps import hardened
from .apps.mended import FIXES, create_mended
from .attacked import BY_NAME, ON_STEP06, attacked_app, each_attack
from .test_mailbox import ON_MAIL
from .test_passkeys import ON_PASSKEYS
from .test_second_step import ON_THE_SECOND_STEP

#: What the hardened app cannot be asked: it has no second cookie, no tie to an address, no tokens,
#: no second factor, no passkeys.
NOT_ON_HARDENED = {
    "old-login-changes-password": "One cookie is session and memory",
    "renewed-login-is-fresh": "One cookie is session and memory",
    "credential-outlives-its-maker": "This app has no POST /account/tokens",
    "session-protection-spoofed": "does not tie a session to an address",
    # The finished app shows that these can fail.
    **dict.fromkeys(ON_MAIL, "This app has no POST /forgot"),
    **dict.fromkeys(ON_THE_SECOND_STEP, "This app has no POST /login/code"),
    **dict.fromkeys(ON_PASSKEYS, "This app has no POST /login/passkey"),
}


# ---- each attack, on an app that is open and on one that is not


@each_attack
def test_the_attack_gets_in(one):
    outcome = try_attack(one, Target(attacked_app(one)))
    assert outcome.verdict is Verdict.GOT_IN, outcome
    assert outcome.says.endswith(".") and outcome.exchanges
    assert all(each.called and each.came_back for each in outcome.exchanges)


@each_attack
def test_the_hardened_app_holds(one):
    outcome = try_attack(one, Target(new_app(hardened.create_app)))
    if one.name in NOT_ON_HARDENED:
        assert outcome.verdict is Verdict.NOT_TRIED
        assert NOT_ON_HARDENED[one.name] in outcome.says
    else:
        assert outcome.verdict is Verdict.HELD, outcome
        assert outcome.says.endswith(".") and outcome.exchanges


@pytest.mark.slow
@pytest.mark.parametrize("name", ["regex-oracle", "names-found-by-work", "costly-password"])
def test_what_an_attack_says_is_the_same_in_every_run(name):
    # Notebooks store it. What differs, such as a time, stands in the exchanges.
    one = BY_NAME[name]
    first, second = (try_attack(one, Target(attacked_app(one))) for _ in range(2))
    assert first.says == second.says
    assert first.exchanges != second.exchanges


def test_attacks_leave_users_alone_who_were_there_before():
    app = new_app(step06.create_app)
    for name in ("ada", "grace", "linus"):
        step06.User(name=name, email=f"{name}@example.org", password="their own").save()
    before = [user.to_mongo() for user in step06.User.objects(password="their own")]
    run_attacks(app, only=[one.name for one in ON_STEP06])
    assert [user.to_mongo() for user in step06.User.objects(password="their own")] == before


@pytest.mark.parametrize("one", [a for a in ATTACKS if a.needs], ids=lambda one: one.name)
def test_step06_without_the_feature_does_not_let_it_in(one):
    # Only the race can be won here too: step 06 does not even look for the name.
    outcome = try_attack(one, Target(new_app(step06.create_app)))
    if one.name == "duplicate-names-by-a-race":
        assert outcome.verdict is Verdict.GOT_IN
    else:
        assert outcome.verdict is not Verdict.GOT_IN, outcome


def test_session_protection_by_the_real_address_holds():
    app = new_app(VARIANTS["strong-session-protection"].create_app)
    app.login_manager._session_identifier_generator = lambda: f"from {request.remote_addr}"
    outcome = try_attack(BY_NAME["session-protection-spoofed"], Target(app))
    assert outcome.verdict is Verdict.HELD, outcome


def test_an_old_login_that_may_not_change_the_password_holds():
    app = new_app(VARIANTS["remember-me"].create_app)
    update = app.view_functions["update_record"]
    app.view_functions["update_record"] = fresh_login_required(update)
    outcome = try_attack(BY_NAME["old-login-changes-password"], Target(app))
    assert outcome.verdict is Verdict.HELD, outcome


# ---- one hole closed in step 06, and exactly the attacks on that hole fail


@pytest.mark.slow
@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.name)
def test_one_fix_stops_exactly_the_attacks_on_its_hole(fix):
    target = Target(new_app(create_mended(fix)))
    outcomes = {one.name: try_attack(one, target) for one in ON_STEP06}
    failed = {name: seen for name, seen in outcomes.items() if seen.verdict is not Verdict.GOT_IN}
    assert set(failed) == fix.stops, failed
    assert all(seen.verdict is Verdict.HELD for seen in failed.values()), failed


def test_many_attacks_are_stopped_by_a_fix_that_stops_no_other():
    assert len(set().union(*(fix.stops for fix in FIXES if len(fix.stops) == 1))) >= 15
