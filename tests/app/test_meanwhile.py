"""A login that ends while it asks for something: nothing that it asked for keeps it alive.

Whoever copied a cookie can send a request again and again, so that one is always on its way. If the
owner ends all logins in that moment, the request was let in before and writes after.
"""

import pytest
from mongoengine.queryset.base import BaseQuerySet

from flasklogin_tutorial.app.models import Login

from .conftest import PAGE, csrf_token, log_in, send_form, stored, thief_of, who
from .test_renewal import NEW, RENEWALS, change_over_the_api, end_other_logins


@pytest.fixture
def meanwhile(monkeypatch):
    """Give a function that has something done right before the next change of a user."""

    def arrange(deed):
        modify = BaseQuerySet.modify

        def deed_first(self, *args, **updates):
            monkeypatch.setattr(BaseQuerySet, "modify", modify)
            deed()
            return self.modify(*args, **updates)

        monkeypatch.setattr(BaseQuerySet, "modify", deed_first)

    return arrange


@pytest.fixture(params=RENEWALS)
def renew(request):
    return RENEWALS[request.param]


def by_admin(*deeds):
    def run(app, owner, ada):
        for deed in deeds:
            answer = send_form(ada, f"/people/{stored('bob')['_id']}/{deed}", page="/people")
            assert answer.is_redirect

    return run


def by_command(*arguments):
    def run(app, owner, ada):
        given = f"{NEW}\n" if "set-password" in arguments else ""
        result = app.test_cli_runner().invoke(args=["users", *arguments], input=given)
        assert result.exit_code == 0, result.output

    return run


def by_owner(deed):
    return lambda app, owner, ada: deed(owner)


ENDINGS = {
    "the owner's new password": by_owner(change_over_the_api),
    "the owner, who logs out everywhere else": by_owner(end_other_logins),
    "an administrator": by_admin("sign-out"),
    "an administrator, who disables and enables": by_admin("disable", "enable"),
    "a command": by_command("sign-out", "bob"),
    "a command for everybody": by_command("sign-out-everybody"),
    "a first password": by_command("set-password", "bob", "--password-stdin"),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_a_login_that_has_ended_is_not_renewed(app, bob, ada, meanwhile, renew, end):
    owner, thief = log_in(app, "bob"), thief_of(bob, app)
    meanwhile(lambda: end(app, owner, ada))
    answer = renew(thief)
    stays = who(owner)
    assert who(thief) is None
    assert answer.status_code != 200
    assert stays == ("bob" if end in (ENDINGS[one] for one in list(ENDINGS)[:2]) else None)


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_and_changes_no_password(app, bob, ada, meanwhile, end):
    owner, before = log_in(app, "bob"), stored("bob")["password_hash"]
    after = []

    def end_and_look():
        end(app, owner, ada)
        after.append(stored("bob")["password_hash"])

    meanwhile(end_and_look)
    answer = change_over_the_api(bob)
    assert answer.status_code in (401, 422)
    assert [stored("bob")["password_hash"]] == after
    if after == [before]:  # the password was right: it is the login that is none any more
        assert answer.json()["code"] == "fresh_login_required"


def test_a_person_is_sent_to_the_login_form(app, bob, ada, meanwhile):
    meanwhile(lambda: by_admin("sign-out")(app, bob, ada))
    answer = end_other_logins(bob)
    assert answer.is_redirect
    assert answer.headers["Location"].startswith("/login?")


def test_somebody_elses_login_is_not_asked_about(app, bob, ada, meanwhile):
    """An administrator ends the logins of bob, and bob does so himself in the same moment."""
    token = csrf_token(bob.get("/account", headers=PAGE))
    meanwhile(lambda: bob.post("/account/sign-out-everywhere", data={"csrf_token": token}))
    by_admin("sign-out")(app, bob, ada)
    assert (who(bob), who(ada)) == (None, "ada")
    assert Login.objects(user=stored("bob")["_id"]).count() == 0
