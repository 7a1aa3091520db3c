"""The attacks on a reset look into the mail of an app, and call held nothing unseen."""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import ATTACKS, Verdict, read_names
from flasklogin_tutorial.attacks.mailbox import with_token_of
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import new_app

from .attacked import outcome_of

ON_MAIL = [one.name for one in ATTACKS if one.needs.startswith("reset-")]


def sent_by(app):
    """Return the mails of an app, as an owner of another one would."""
    return [(one["To"], one.get_body(("plain",)).get_content()) for one in app.box]


def hide_the_outbox(config=None):
    app = VARIANTS["reset-by-mail"].create_app(config)
    app.box = app.extensions["outbox"]
    app.extensions = HiddenOutbox(app.extensions)
    return app


class HiddenOutbox(dict):
    """The extensions of an app whose outbox is found by its own code alone."""

    def get(self, name, default=None):
        return default if name == "outbox" else super().get(name, default)


@pytest.mark.parametrize("name", ON_MAIL)
def test_without_a_reset_by_mail_there_is_nothing_to_attack(name):
    for make, config in ((step06.create_app, {}), (create_app, {"TESTING": True, "HTTPS": True})):
        outcome = outcome_of(name, new_app(make, config))
        assert outcome.verdict is Verdict.NOT_TRIED
        assert "This app has no POST /forgot" in outcome.says


def test_where_nobody_can_look_into_the_mail_nothing_is_called_held():
    outcome = outcome_of("reset-twice", new_app(hide_the_outbox))
    assert outcome.verdict is Verdict.NOT_TRIED
    assert "users.letters" in outcome.says


def test_an_owner_names_a_function_that_returns_the_mail():
    names = read_names(f'[users]\nletters = "{__name__}:sent_by"')
    outcome = outcome_of("reset-twice", new_app(hide_the_outbox), names)
    assert outcome.verdict is Verdict.GOT_IN


def test_a_reset_that_works_for_nobody_says_nothing():
    names = read_names('[fields]\nnew_password = "wrong"')
    outcome = outcome_of("reset-twice", new_app(VARIANTS["reset-by-mail"].create_app), names)
    assert outcome.verdict is Verdict.NOT_TRIED
    assert "does not work even for somebody who may" in outcome.says


@pytest.mark.parametrize(
    ("link", "other", "expected"),
    [
        ("https://a.org/reset/abc", "https://a.org/confirm/xyz", "https://a.org/reset/xyz"),
        (
            "https://a.org/reset?token=abc",
            "https://a.org/c?token=xyz",
            "https://a.org/reset?token=xyz",
        ),
        ("https://a.org/reset?t=abc", "https://a.org/c/xyz", "https://a.org/reset?t=xyz"),
    ],
)
def test_a_token_is_what_comes_last_in_a_link(link, other, expected):
    assert with_token_of(link, other) == expected
