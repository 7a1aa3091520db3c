"""A login that is renewed keeps its beginning, its freshness and its address.

Whoever ends all of their logins goes on in a new one. Nobody types a password for that, so it must
be worth no more than the one before.
"""

from datetime import timedelta

import pytest

from flasklogin_tutorial.app.models import Login, User

from .conftest import ELSEWHERE, PASSWORDS, credentials, log_in, send_form, stored, thief_of, who

NEW = "a quite different password"


def end_other_logins(browser):
    return send_form(browser, "/account/sign-out-everywhere")


def change_over_the_api(browser):
    body = {"name": "bob", "password": NEW, "current_password": PASSWORDS["bob"]}
    return browser.post("/", json=body)


def change_on_the_page(browser):
    form = {"current_password": PASSWORDS["bob"], "new_password": NEW, "again": NEW}
    return send_form(browser, "/account/password", form)


RENEWALS = {
    "ending the other logins": end_other_logins,
    "a new password over the API": change_over_the_api,
    "a new password on the page": change_on_the_page,
}


@pytest.fixture(params=RENEWALS)
def renew(request):
    return RENEWALS[request.param]


def is_fresh(browser):
    """Tell whether a browser may do what is dangerous, without doing it."""
    answer = browser.post("/", json={"name": "bob", "password": "short"})
    assert answer.status_code in (401, 422), answer.text
    return answer.status_code == 422


# ---- a thief


def test_whoever_copied_a_remember_cookie_does_not_get_the_account(app, later):
    owner = log_in(app, "bob", remember=True)
    thief = thief_of(owner, app, "remember", address=ELSEWHERE)
    later(days=20)
    before = stored("bob")
    assert who(thief) == "bob"
    assert change_over_the_api(thief).status_code == 401
    end_other_logins(thief)
    assert change_over_the_api(thief).status_code == 401
    assert change_on_the_page(thief).headers["Location"].startswith("/login")
    assert stored("bob")["password_hash"] == before["password_hash"]
    assert who(log_in(app, "bob")) == "bob"


def test_whoever_copied_a_session_cookie_does_not_get_the_account(app, bob, later):
    thief = thief_of(bob, app, address=ELSEWHERE)
    later(minutes=1)
    before = stored("bob")
    assert is_fresh(bob)
    assert not is_fresh(thief)
    end_other_logins(thief)
    assert not is_fresh(thief)
    assert change_over_the_api(thief).status_code == 401
    assert stored("bob")["password_hash"] == before["password_hash"]


def test_nobody_stays_logged_in_for_ever_by_ending_the_other_logins(app, later):
    owner = log_in(app, "bob", remember=True)
    thief = thief_of(owner, app, "remember", address=ELSEWHERE)
    later(days=25)
    assert who(thief) == "bob"
    end_other_logins(thief)
    later(days=30, minutes=1)
    assert who(thief) is None
    assert who(thief_of(thief, app, "session", address=ELSEWHERE)) is None


def test_a_login_lends_its_freshness_to_no_other(app):
    """In one office, somebody who is logged in freshly plants a copied remember cookie."""
    bob, helper = log_in(app, "bob", remember=True), log_in(app, "cy")
    thief = thief_of(log_in(app, "cy"), app)
    for cookie in bob.cookies:
        if cookie.name == "remember":
            thief.cookies.set_cookie(cookie)
    end_other_logins(helper)  # so the session cookie opens nothing, and says that it was fresh
    assert change_over_the_api(thief).status_code == 401
    assert who(thief) == "bob"


# ---- what is kept


def test_it_is_fresh_no_longer_than_the_one_before(app, bob, later, renew):
    later(minutes=10)
    assert renew(bob).ok
    assert is_fresh(bob)
    later(minutes=16)
    assert who(bob) == "bob"
    assert not is_fresh(bob)


def test_it_lasts_no_longer_than_the_one_before(app, bob, later, renew):
    for minutes in range(10, 12 * 60, 20):
        later(minutes=minutes)
        if minutes == 10:
            assert renew(bob).ok
        assert who(bob) == "bob"
    later(hours=12.01)
    assert who(bob) is None


def test_a_remembered_one_lasts_no_longer_either(app, later, renew):
    bob = log_in(app, "bob", remember=True)
    later(minutes=10)
    assert renew(bob).ok
    kept = thief_of(bob, app, "remember")
    later(days=29)
    assert who(kept) == "bob"
    later(days=30, minutes=1)
    assert (who(kept), who(bob)) == (None, None)


def test_the_browser_forgets_it_when_the_server_does(app, later, renew):
    bob = log_in(app, "bob", remember=True)
    until = next(cookie.expires for cookie in bob.cookies if cookie.name == "remember")
    later(minutes=10)
    renew(bob)
    kept = next(cookie.expires for cookie in bob.cookies if cookie.name == "remember")
    assert kept <= until


def test_everything_else_about_it_is_kept(app, bob, later, renew):
    kept = ("made", "address", "agent", "remembered")
    before = Login.objects.get()
    later(minutes=10)
    renew(bob)
    after = Login.objects.get()
    assert [after[name] for name in kept] == [before[name] for name in kept]
    assert after.token_hash != before.token_hash
    assert after.seen >= before.seen + timedelta(minutes=10)


def test_a_copy_of_the_one_before_is_worth_nothing(app, later, renew):
    bob = log_in(app, "bob", remember=True)
    copies = [thief_of(bob, app, "session"), thief_of(bob, app, "remember")]
    renew(bob)
    assert [who(copy) for copy in copies] == [None, None]
    assert who(bob) == "bob"


def test_only_a_password_makes_a_login_fresh(app, bob, later):
    later(minutes=16)
    assert not is_fresh(bob)
    bob.post("/login", json=credentials("bob"))
    assert is_fresh(bob)


def test_what_is_done_to_another_renews_nothing(app, ada, later):
    record = Login.objects.get()
    later(minutes=10)
    assert ada.post("/", json={"name": "bob", "password": NEW}).status_code == 200
    assert Login.objects.get() == record
    assert User.objects.get(name="ada").login_epoch == 0
