"""An address counts when its user has confirmed it: with the link, and logged in."""

import pytest
from mongoengine.queryset.base import BaseQuerySet

from flasklogin_tutorial.app.models import MailedLink, User
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.visit import in_process

from .conftest import MAIL, PAGE, link_of, log_in, populate, send_form, stored

NEW = {"email": "bob@elsewhere.example"}


@pytest.fixture
def app(make_app):
    """Make an app that sends mail, in which ada and bob have confirmed their address."""
    return populate(make_app(**MAIL))


def recipients(app):
    return [message["To"] for message in read_outbox(app)]


def is_over(answer):
    return (answer.status_code, answer.json()["code"]) == (404, "link_over")


@pytest.mark.parametrize("way", ["page", "API"])
def test_a_change_goes_to_both_addresses_and_counts_once_confirmed(app, bob, way, events):
    events()
    if way == "page":
        assert send_form(bob, "/account/email", NEW).is_redirect
        assert "A mail with a link is on its way" in bob.get("/account", headers=PAGE).text
    else:
        answer = bob.post("/", json={"name": "bob"} | NEW)
        assert (answer.status_code, answer.json()["email"]) == (200, "bob@example.org")
    assert recipients(app) == ["bob@example.org", "bob@elsewhere.example"]
    notice, letter = (message.get_content() for message in read_outbox(app))
    assert "token=" not in notice
    assert "wants another e-mail address" in notice
    assert "https://app.example/confirm?token=" in letter
    assert "bob" not in letter.partition("https")[0]  # no words that a stranger chose
    assert stored("bob")["email"] == "bob@example.org"
    token = link_of(app)
    if way == "page":
        page = f"/confirm?token={token}"
        assert "bob@elsewhere.example" in bob.get(page, headers=PAGE).text
        answer = send_form(bob, "/confirm", {"token": token}, page=page)
        assert answer.headers["Location"] == "/account"
    else:
        answer = bob.post("/confirm", json={"token": token})
        assert answer.json() == {"name": "bob", "email": "bob@elsewhere.example"}
    assert stored("bob")["email"] == "bob@elsewhere.example"
    assert User.objects.get(name="bob").has_confirmed_address
    assert recipients(app)[2:] == ["bob@example.org"]
    assert "has another e-mail address now" in read_outbox(app)[-1].get_content()
    said = [one["event"] for one in events() if one["event"] != "mail_sent"]
    assert said == ["email_change_asked", "email_confirmed", "email_changed"]


def test_a_link_confirms_once(app, bob):
    send_form(bob, "/account/email", NEW)
    token = link_of(app)
    assert bob.post("/confirm", json={"token": token}).status_code == 200
    assert is_over(bob.post("/confirm", json={"token": token}))


def test_a_link_that_a_newer_one_replaces_meanwhile_changes_nothing_in_silence(
    app, bob, monkeypatch, events
):
    bob.post("/", json={"name": "bob", **NEW})
    token, modify = link_of(app), BaseQuerySet.modify

    def ask_again_first(self, *args, **updates):
        monkeypatch.setattr(BaseQuerySet, "modify", modify)
        assert bob.post("/", json={"name": "bob", "email": "b@other.example"}).status_code == 200
        read_outbox(app).clear()
        return self.modify(*args, **updates)

    monkeypatch.setattr(BaseQuerySet, "modify", ask_again_first)
    answer = bob.post("/confirm", json={"token": token})
    assert answer.json() == {"name": "bob", **NEW}
    said = [line["event"] for line in events() if line["event"] != "mail_sent"]
    assert said[-2:] == ["email_confirmed", "email_changed"]
    [notice] = read_outbox(app)
    assert (notice["To"], stored("bob")["email"]) == ("bob@example.org", NEW["email"])


def test_looking_at_a_link_confirms_nothing(app, bob):
    send_form(bob, "/account/email", NEW)
    token = link_of(app)
    for browser in (in_process(app), bob):
        assert browser.get(f"/confirm?token={token}", headers=PAGE).status_code == 200
        assert browser.head(f"/confirm?token={token}").status_code == 200
    assert stored("bob")["email"] == "bob@example.org"
    assert MailedLink.objects.count() == 1


def test_a_stranger_who_gets_the_link_by_a_slip_confirms_nothing(app, bob):
    """Neither without a login, nor with one of their own."""
    send_form(bob, "/account/email", {"email": "mallory@evil.example"})
    token = link_of(app)
    assert in_process(app).post("/confirm", json={"token": token}).status_code == 401
    assert is_over(log_in(app, "cy").post("/confirm", json={"token": token}))
    assert stored("bob")["email"] == "bob@example.org"
    assert stored("cy")["email"] == "cy@example.org"


def test_an_old_login_confirms_nothing(app, bob, later):
    send_form(bob, "/account/email", NEW)
    token = link_of(app)
    later(minutes=16)
    answer = bob.post("/confirm", json={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "fresh_login_required")
    assert stored("bob")["email"] == "bob@example.org"


def test_the_former_address_gets_the_reset_until_the_new_one_is_confirmed(app, bob):
    """So whoever has an open browser for a minute does not take the account away."""
    send_form(bob, "/account/email", {"email": "mallory@evil.example"})
    read_outbox(app).clear()
    for name in ("mallory@evil.example", "bob@example.org"):
        in_process(app).post("/forgot", json={"email": name})
    assert recipients(app) == ["bob@example.org"]


def test_a_confirmed_change_ends_the_reset_link_of_the_former_address(app, bob):
    in_process(app).post("/forgot", json={"email": "bob@example.org"})
    reset = link_of(app)
    send_form(bob, "/account/email", NEW)
    assert bob.post("/confirm", json={"token": link_of(app)}).status_code == 200
    assert is_over(in_process(app).get(f"/reset?token={reset}"))


def test_a_new_user_confirms_the_address_that_an_administrator_typed(app):
    ada = log_in(app, "ada")
    grace = {"name": "grace", "password": "compilers are my hobby", "email": "grace@example.org"}
    assert ada.put("/", json=grace).status_code == 201
    assert not User.objects.get(name="grace").has_confirmed_address
    token = link_of(app)
    assert is_over(ada.post("/confirm", json={"token": token}))  # not by whoever typed it
    browser = in_process(app)
    browser.post("/login", json={"username": "grace", "password": grace["password"]})
    page = browser.get("/account", headers=PAGE).text
    assert "You have not confirmed this address" in page
    assert browser.post("/confirm", json={"token": token}).status_code == 200
    assert "You have confirmed grace@example.org" in browser.get("/account", headers=PAGE).text


def test_somebody_with_an_unconfirmed_address_asks_for_the_link_again(app):
    cy = log_in(app, "cy")
    assert send_form(cy, "/account/email", {"email": "cy@example.org"}).is_redirect
    assert recipients(app) == ["cy@example.org"]
    assert cy.post("/confirm", json={"token": link_of(app)}).status_code == 200
    assert User.objects.get(name="cy").has_confirmed_address


def test_an_address_that_changes_in_any_other_way_is_not_confirmed(app):
    User.objects(name="bob").update(email="mallory@evil.example")
    assert not User.objects.get(name="bob").has_confirmed_address


@pytest.mark.parametrize(
    "email",
    ["b\u043eb@example.org", "bob@example.org,m@evil.example", '"a b"@example.org', "bob@[::1]"],
)
def test_an_address_that_is_a_list_or_looks_like_another_is_refused(app, bob, email):
    answer = bob.post("/", json={"name": "bob", "email": email})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["email"]
    assert send_form(bob, "/account/email", {"email": email}).status_code == 422
    ada = log_in(app, "ada")
    grace = {"name": "grace", "password": "compilers are my hobby", "email": email}
    assert ada.put("/", json=grace).status_code == 422
    form = {"name": "dora", "email": email}
    answer = send_form(ada, "/people", form, page="/people")
    assert answer.status_code == 422
    assert 'id="person-email-error"' in answer.text
    assert read_outbox(app) == []
    assert User.objects.count() == 3


def test_without_mail_an_address_changes_at_once(make_app):
    app = populate(make_app())
    answer = log_in(app, "bob").post("/", json={"name": "bob"} | NEW)
    assert answer.json()["email"] == "bob@elsewhere.example"


def test_one_user_asks_for_so_many_mails(make_app):
    app = populate(make_app(**MAIL, MAIL_LIMIT_PER_ADDRESS="2 per hour"))
    bob = log_in(app, "bob")
    asked = [bob.post("/", json={"name": "bob", "email": f"{n}@evil.example"}) for n in range(3)]
    assert [one.status_code for one in asked] == [200, 200, 429]


def test_whoever_ends_all_logins_ends_a_link_that_is_not_sent_yet(app, bob, monkeypatch):
    from flasklogin_tutorial.app import orders

    with monkeypatch.context() as away:
        away.setattr(orders, "send_waiting", lambda: None)
        send_form(bob, "/account/email", NEW)
        send_form(bob, "/account/sign-out-everywhere")
    with app.app_context():
        orders.send_waiting()
    assert recipients(app) == ["bob@example.org"]  # the notice, and no link
