"""The rules stand beside the deeds and know no HTTP: who asks is handed to them."""

import ast
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from flasklogin_tutorial.app import accounts, answers, audit, logins, refusals, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.errors import explain
from flasklogin_tutorial.app.models import ApiToken, Login, User
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, QUEUED, credentials, log_in, populate, snapshot

APP = Path(accounts.__file__).parent
RULES = [
    "accounts",
    "addresses",
    "breached",
    "challenges",
    "factors",
    "guesses",
    "half_logins",
    "links",
    "logins",
    "name_check",
    "names",
    "new_passwords",
    "origins",
    "passkeys",
    "passwords",
    "recovery_codes",
    "refusals",
    "registrations",
    "seeds",
    "throttle",
    "tokens",
]

#: What the rules may know: the settings, the database, the logs and the queue of mail, and one
#: another.
MAY_IMPORT = {*RULES, "audit", "config", "failures", "letters", "mail", "models", "orders"}

GOOD = "compilers are my hobby"


# ---- late


def test_what_only_some_requests_need_is_not_read_at_the_start():
    program = "import sys, flasklogin_tutorial.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    loaded = {name.partition(".")[0] for name in done.stdout.decode().split()}
    assert "marshmallow" in loaded
    assert loaded.isdisjoint({"zxcvbn", "confusable_homoglyphs", "segno", "webauthn"})


# ---- no HTTP


def imported_by(module):
    """Return what a module of the app imports: pairs of a module and a name in it."""
    tree = ast.parse((APP / f"{module}.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.level:
            yield from (("." + (node.module or alias.name), None) for alias in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize("module", RULES)
def test_the_rules_read_no_request_no_session_and_no_current_user(module):
    found = set(imported_by(module))
    assert {name for package, name in found if package == "flask"} <= {"Flask", "current_app"}
    others = {package for package, _ in found}
    assert not {one for one in others if one.startswith(("flask_login", "werkzeug.exceptions"))}
    assert {one[1:] for one in others if one.startswith(".")} <= MAY_IMPORT


def every_refusal():
    kinds = vars(refusals).values()
    is_refusal = [one for one in kinds if isinstance(one, type) and issubclass(one, Exception)]
    return {one for one in is_refusal if one is not refusals.Refusal}


EXAMPLES = {
    refusals.BadAddress: ("This holds {braces}.",),
    refusals.BadName: ("This holds {braces}.",),
    refusals.BadPassword: ("This is {easy} to guess.",),
    refusals.PasskeyNotMade: ("This is why.",),
    refusals.PasskeyRefused: ("This is why.",),
    refusals.TooManyMails: (7,),
    refusals.TooManyPasskeys: (20,),
    refusals.TooManyTokens: (50,),
    refusals.TooManyAttempts: (7,),
    refusals.TooManyCodes: (7,),
    refusals.TooManyPasswords: (7,),
}


def test_every_refusal_has_a_status_and_its_sentences():
    assert set(answers.ANSWERS) == every_refusal()


@pytest.mark.parametrize("kind", sorted(every_refusal(), key=str), ids=lambda kind: kind.__name__)
def test_the_facts_of_a_refusal_are_in_what_is_said(kind):
    refusal = kind(*EXAMPLES.get(kind, ()))
    told = explain(refusal)
    said = [told.error, told.reason, told.advice, *told.more_headers.values()]
    assert all(said)
    if kind is refusals.BadPassword:
        assert told.fields == {"password": ["This is {easy} to guess."]}
    elif kind is refusals.BadAddress:
        assert told.fields == {"email": ["This holds {braces}."]}
    elif kind is refusals.BadName:
        assert told.fields == {"name": ["This holds {braces}."]}
    else:
        assert not {"{", "}"} & set("".join(said))
    assert told.slug == kind.slug
    assert kind.slug in str(refusal)


# ---- who may

DEEDS = {
    "change the address": lambda user, by: accounts.change(user, by=by, email="new@example.org"),
    "change the password": lambda user, by: accounts.change(
        user,
        by=by,
        password=GOOD,
        current_password=PASSWORDS[user.name] if by.id == user.id else None,
    ),
    "end all logins": lambda user, by: accounts.sign_out_everywhere(user, by=by),
    "delete": lambda user, by: accounts.delete(user, by=by),
    "disable": lambda user, by: accounts.disable(user, by=by),
    "enable": lambda user, by: accounts.enable(user, by=by),
    "promote": lambda user, by: accounts.promote(user, by=by),
    "demote": lambda user, by: accounts.demote(user, by=by),
    "rename": lambda user, by: accounts.rename(user, "robert", by=by),
    "create": lambda user, by: accounts.create("grace", "g@example.org", GOOD, by=by),
    "start a reset": lambda user, by: accounts.start_reset(user, by=by),
    "invite": lambda user, by: accounts.invite("grace", "g@example.org", by=by),
}
OWN = {"change the address", "change the password", "end all logins", "delete"}


@pytest.fixture
def app(make_app):
    """Make an app with all that there is: it sends mail."""
    return populate(make_app(**QUEUED))


def logged_in(name, fresh=True):
    """Return a user as one is who is logged in, and has just typed the password."""
    user = accounts.find(name)
    logins.start(user, remember=False, address=None, agent="")
    user.login.fresh = fresh
    return user


def program_of(name):
    """Return a user as one is for whom a program asks."""
    token = tokens.create(accounts.find(name), "a test", by=OPERATOR)
    api_token, user = ApiToken.find(token)
    user.api_token = api_token
    return user


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_does_to_another_what_is_not_theirs_to_do(app, deed):
    refused = refusals.AnothersRecord if deed in OWN else refusals.AdministratorsOnly
    with app.app_context():
        by, before = logged_in("bob"), snapshot()
        with pytest.raises(refused):
            DEEDS[deed](accounts.find("cy"), by)
        assert snapshot() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_to_themself_they_do_what_is_theirs(app, deed):
    with app.app_context():
        by, before = logged_in("bob"), snapshot()
        if deed in OWN:
            DEEDS[deed](accounts.find("bob"), by)
        else:
            with pytest.raises(refusals.AdministratorsOnly):
                DEEDS[deed](accounts.find("bob"), by)
        assert (snapshot() != before) == (deed in OWN)


@pytest.mark.parametrize("who", ["ada", OPERATOR], ids=["an administrator", "a command"])
@pytest.mark.parametrize("deed", DEEDS)
def test_an_administrator_and_a_command_do_everything_and_it_is_written_down(
    app, deed, who, caplog
):
    caplog.set_level(logging.INFO, logger=audit.logger.name)
    with app.app_context():
        by = who if who is OPERATOR else logged_in(who)
        DEEDS[deed](accounts.find("bob"), by)
    event = json.loads(caplog.messages[-1])
    assert event["name"] in ("bob", "grace", "robert")
    assert event["by"] == (None if who is OPERATOR else str(by.id))


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_for_somebody_who_typed_their_password_long_ago(app, deed):
    with app.app_context():
        by, before = logged_in("ada", fresh=False), snapshot()
        with pytest.raises(refusals.NotFresh):
            DEEDS[deed](accounts.find("bob"), by)
        assert snapshot() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_for_somebody_whose_login_has_ended_since(app, deed):
    with app.app_context():
        by = logged_in("ada")
        by.login.delete()
        before = snapshot()
        with pytest.raises(refusals.NotFresh):
            DEEDS[deed](accounts.find("bob"), by)
        assert snapshot() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_nor_for_somebody_who_is_no_administrator_any_more(app, deed):
    refused = refusals.AnothersRecord if deed in OWN else refusals.AdministratorsOnly
    with app.app_context():
        by = logged_in("ada")
        accounts.promote(accounts.find("cy"), by=OPERATOR)
        accounts.demote(accounts.find("ada"), by=OPERATOR)
        before = snapshot()
        with pytest.raises(refused):
            DEEDS[deed](accounts.find("bob"), by)
        assert snapshot() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_a_program_creates_users_and_does_nothing_else(app, deed):
    with app.app_context():
        program, before = program_of("ada"), snapshot()
        if deed in ("create", "invite"):
            DEEDS[deed](accounts.find("bob"), program)
            return
        with pytest.raises(refusals.NotWithToken):
            DEEDS[deed](accounts.find("bob"), program)
        assert snapshot() == before


def test_a_device_is_logged_out_by_its_owner_only(app, bob):
    login = Login.objects.get()
    with app.app_context():
        for by in (logged_in("cy"), logged_in("ada")):
            with pytest.raises(refusals.AnothersRecord):
                accounts.sign_out_device(accounts.find("bob"), login.id, by=by)
        mine, late = accounts.find("bob"), logged_in("bob", fresh=False)
        with pytest.raises(refusals.NotFresh):
            accounts.sign_out_device(mine, login.id, by=late)
        assert Login.objects(id=login.id)
        late.login = login
        accounts.sign_out_device(mine, login.id, by=late)
        assert not Login.objects(id=login.id)
        with pytest.raises(refusals.NoSuchLogin):
            accounts.sign_out_device(mine, login.id, by=logged_in("bob"))


def test_a_token_is_made_for_oneself_by_somebody_who_has_just_typed_the_password(app):
    with app.app_context():
        mine = accounts.find("bob")
        for by, refusal in [
            (logged_in("ada"), refusals.AnothersRecord),
            (logged_in("bob", fresh=False), refusals.NotFresh),
            (accounts.find("bob"), refusals.NotWithToken),
        ]:
            with pytest.raises(refusal):
                tokens.create(mine, "nightly", by=by)
        assert snapshot()["ApiToken"] == []
        assert tokens.create(mine, "nightly", by=logged_in("bob"))


def test_a_change_has_to_change_something(app):
    with app.app_context(), pytest.raises(refusals.NothingToChange):
        accounts.change(accounts.find("bob"), by=OPERATOR)


# ---- the edge


def test_a_login_that_was_ended_in_between_is_not_begun_again(make_app, monkeypatch):
    """Bob changes his address, and meanwhile somebody ends all of his logins."""
    bob = log_in(populate(make_app()), "bob")
    modify = accounts._modify

    def end_logins_first(user, *only_if, **updates):
        User.objects(id=user.id).update(inc__login_epoch=1)
        return modify(user, *only_if, **updates)

    monkeypatch.setattr(accounts, "_modify", end_logins_first)
    answer = bob.post("/", json={"name": "bob", "email": "new@example.org"})
    assert answer.status_code == 200
    assert bob.post("/user_info").status_code == 401


def test_only_the_browser_that_changes_the_password_stays_logged_in(app, bob):
    other, ada = log_in(app, "bob"), log_in(app, "ada")
    body = {"name": "bob", "password": GOOD, "current_password": PASSWORDS["bob"]}
    assert bob.post("/", json=body).status_code == 200
    assert bob.post("/user_info").status_code == 200
    assert other.post("/user_info").status_code == 401
    again = in_process(app)
    again.post("/login", json=credentials("bob") | {"password": GOOD})
    ada.post("/", json={"name": "bob", "password": "chosen by ada for bob"})
    assert [one.post("/user_info").status_code for one in (bob, again, ada)] == [401, 401, 200]


def test_a_remembered_login_borrows_no_freshness_from_the_session_of_a_former_one(app):
    former, browser = log_in(app, "bob"), in_process(app)
    browser.cookies.set("session", former.cookies["session"])
    browser.cookies.set("remember", log_in(app, "bob", remember=True).cookies["remember"])
    former.post("/logout")
    answer = browser.post("/", json={"name": "bob", "password": GOOD})
    assert (answer.status_code, answer.json()["code"]) == (401, "fresh_login_required")
