"""The last administrator stays, whoever tries, and however many try at once."""

import threading

import pytest

from flasklogin_tutorial.app import accounts
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.models import Login, User
from flasklogin_tutorial.app.refusals import LastAdministrator, NoSuchUser
from flasklogin_tutorial.visit import in_process

from .conftest import log_in, send_form, snapshot, stored

DEEDS = {"delete": accounts.delete, "disable": accounts.disable, "demote": accounts.demote}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_last_administrator_cannot_be_lost(app, deed):
    before = snapshot()
    with app.app_context(), pytest.raises(LastAdministrator):
        DEEDS[deed](accounts.find("ada"), by=OPERATOR)
    assert snapshot() == before


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_written_to_find_out_who_the_last_administrator_is(app, deed, monkeypatch):
    monkeypatch.setattr(accounts, "_modify", lambda *_, **__: pytest.fail("a user was changed"))
    with app.app_context(), pytest.raises(LastAdministrator):
        DEEDS[deed](accounts.find("ada"), by=OPERATOR)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_disabled_administrator_does_not_count(app, deed):
    with app.app_context():
        accounts.promote(accounts.find("bob"), by=OPERATOR)
        accounts.disable(accounts.find("bob"), by=OPERATOR)
        with pytest.raises(LastAdministrator):
            DEEDS[deed](accounts.find("ada"), by=OPERATOR)


@pytest.mark.parametrize("deed", DEEDS)
def test_with_another_administrator_it_works(app, deed):
    with app.app_context():
        accounts.promote(accounts.find("bob"), by=OPERATOR)
        DEEDS[deed](accounts.find("ada"), by=OPERATOR)
        assert User.objects(name="ada", is_admin=True, disabled=False).count() == 0


@pytest.mark.parametrize("deed", DEEDS)
def test_two_administrators_who_remove_each_other_at_once_are_not_both_lost(app, deed, monkeypatch):
    with app.app_context():
        accounts.promote(accounts.find("bob"), by=OPERATOR)
    both_looked = threading.Barrier(2)
    look = accounts.require_another_admin

    def look_together(user):
        look(user)
        both_looked.wait(timeout=10)

    monkeypatch.setattr(accounts, "require_another_admin", look_together)
    outcomes = []

    def act(name):
        with app.app_context():
            try:
                DEEDS[deed](accounts.find(name), by=OPERATOR)
                outcomes.append("done")
            except LastAdministrator as refusal:
                outcomes.append(refusal.slug)

    threads = [threading.Thread(target=act, args=[name]) for name in ("ada", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "last_admin" in outcomes
    assert User.objects(is_admin=True, disabled=False).count() >= 1


def test_an_administrator_cannot_disable_or_demote_themself_as_the_last(app, ada):
    for deed in ("disable", "demote"):
        answer = send_form(ada, f"/people/{stored('ada')['_id']}/{deed}", page="/people")
        assert answer.status_code == 409
        assert "Last administrator" in answer.text
    assert stored("ada")["is_admin"]
    assert not stored("ada")["disabled"]


def test_rights_change_with_the_next_request(app, ada, bob):
    path = f"/people/{stored('bob')['_id']}"
    assert bob.get("/people").status_code == 403
    send_form(ada, f"{path}/promote", page="/people")
    assert bob.get("/people").status_code == 200
    send_form(ada, f"{path}/demote", page="/people")
    assert bob.get("/people").status_code == 403


def test_a_disabled_user_cannot_log_in_and_is_told_nothing(app, ada):
    send_form(ada, f"/people/{stored('bob')['_id']}/disable", page="/people")
    given = {"username": "bob", "password": "builder of bridges"}
    answer = in_process(app).post("/login", json=given)
    wrong = in_process(app).post("/login", json=given | {"username": "nobody"})
    assert (answer.status_code, answer.text) == (wrong.status_code, wrong.text) == (401, wrong.text)


def test_a_user_who_is_deleted_in_between_is_not_brought_back(app):
    with app.app_context():
        user = accounts.find("bob")
        User.objects(name="bob").delete()
        with pytest.raises(NoSuchUser):
            accounts.change(user, by=OPERATOR, email="new@example.org")
    assert stored("bob") is None


def test_deletion_leaves_no_login_behind(app, ada):
    log_in(app, "bob")
    ada.delete("/", json={"name": "bob"})
    assert Login.objects.count() == 1  # ada's
