"""How the seed of a second factor lies in the database, and who can read it there."""

import sys

import pytest
from bson import ObjectId

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import config, seeds
from flasklogin_tutorial.app.config import BadConfig
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.app.refusals import SeedNotReadable
from flasklogin_tutorial.app.unsafe import refused_in_production
from flasklogin_tutorial.visit import in_process

from .conftest import populate, stored
from .phones import SEED, give_factor, give_recovery_code, log_in_with, type_code, type_password

FIRST, SECOND = "the first key, with many letters in it", "a second key, which is another one"
ADA, BOB = ObjectId("0" * 24), ObjectId("1" * 24)


@pytest.fixture
def with_keys(make_app):
    """Give a function that opens the context of an app with keys, the present one first."""

    def make(*keys):
        present = {"SECOND_FACTOR_KEY": keys[0]} if keys else {}
        return make_app(**present, SECOND_FACTOR_KEY_FALLBACKS=list(keys[1:])).app_context()

    return make


def test_with_a_key_the_database_holds_nothing_of_the_seed(with_keys):
    with with_keys(FIRST):
        kept = [seeds.seal(SEED, ADA) for _ in range(2)]
        assert SEED not in str(kept)
        assert kept[0] != kept[1]
        assert [seeds.unseal(one, ADA) for one in kept] == [(SEED, True)] * 2


def test_a_seed_in_the_record_of_somebody_else_cannot_be_read(with_keys):
    with with_keys(FIRST):
        kept = seeds.seal(SEED, ADA)
        with pytest.raises(SeedNotReadable):
            seeds.unseal(kept, BOB)


def test_a_seed_that_was_changed_cannot_be_read(with_keys):
    with with_keys(FIRST):
        kept = seeds.seal(SEED, ADA)
        other = "A" if kept[20] != "A" else "B"
        with pytest.raises(SeedNotReadable):
            seeds.unseal(kept[:20] + other + kept[21:], ADA)


def test_a_former_key_reads_and_the_present_one_writes(with_keys):
    with with_keys(FIRST):
        kept = seeds.seal(SEED, ADA)
    with with_keys(SECOND, FIRST):
        assert seeds.unseal(kept, ADA) == (SEED, False)
        anew = seeds.seal(SEED, ADA)
    with with_keys(SECOND):
        assert seeds.unseal(anew, ADA) == (SEED, True)
        with pytest.raises(SeedNotReadable):
            seeds.unseal(kept, ADA)


def test_without_a_key_it_is_stored_as_it_is_and_read_when_there_is_one(with_keys):
    with with_keys():
        kept = seeds.seal(SEED, ADA)
        assert SEED in kept
    with with_keys(FIRST):
        assert seeds.unseal(kept, ADA) == (SEED, False)


def test_a_seed_is_encrypted_anew_when_it_is_next_used(make_app):
    app = populate(make_app())
    phone = give_factor(app, "bob")
    app.config["SECOND_FACTOR_KEY"] = FIRST
    assert SEED in stored("bob")["totp_seed"]
    assert log_in_with(in_process(app), "bob", phone.code()).status_code == 200
    assert SEED not in stored("bob")["totp_seed"]
    app.config["SECOND_FACTOR_KEY"] = SECOND
    assert log_in_with(in_process(app), "bob", phone.code(30)).status_code == 503
    app.config["SECOND_FACTOR_KEY_FALLBACKS"] = [FIRST]
    assert type_code_later(app, phone) == 200


def type_code_later(app, phone):
    """Log in with the next code: the present one was used."""
    User.objects(name="bob").update(totp_step=0)
    return log_in_with(in_process(app), "bob", phone.code()).status_code


def test_with_a_lost_key_a_recovery_code_still_opens(make_app, caplog):
    app = populate(make_app(SECOND_FACTOR_KEY=FIRST))
    phone, code = give_factor(app, "bob"), give_recovery_code("bob")
    app.config["SECOND_FACTOR_KEY"] = None
    browser = in_process(app)
    type_password(browser, "bob")
    refused = type_code(browser, phone.code())
    assert (refused.status_code, refused.json()["code"]) == (503, "seed_not_readable")
    assert "SECOND_FACTOR_KEY" in caplog.text
    assert type_code(browser, code).status_code == 200


# ---- the settings


def sentences(make_app, **settings):
    return [one for one in refused_in_production(make_app(**settings).config) if "FACTOR" in one]


@pytest.mark.parametrize("who", ["offered", "administrators", "everybody"])
def test_production_with_second_factors_needs_a_key(make_app, who):
    [said] = sentences(make_app, SECOND_FACTOR=who)
    assert "SECOND_FACTOR_KEY is not set" in said
    assert sentences(make_app, SECOND_FACTOR=who, SECOND_FACTOR_KEY=FIRST) == []


def test_check_config_says_in_development_that_seeds_are_stored_as_they_are(make_app):
    app = make_app(SECOND_FACTOR="offered")
    said = app.test_cli_runner().invoke(args=["check-config"])
    assert "✗ SECOND_FACTOR_KEY is not set: the seeds of second factors are stored" in said.output


def test_production_does_not_start_without_the_key():
    secret = {"ENVIRONMENT": "production", "SECRET_KEY": "a key of the cookies, a long one"}
    with pytest.raises(BadConfig, match="SECOND_FACTOR_KEY is not set"):
        create_app(secret | {"SECOND_FACTOR": "everybody"})


def test_production_without_second_factors_needs_none(make_app):
    assert sentences(make_app) == []


@pytest.mark.parametrize(
    "keys",
    [
        {"SECOND_FACTOR_KEY": "short"},
        {"SECOND_FACTOR_KEY": "x" * 64},
        {"SECOND_FACTOR_KEY": FIRST, "SECOND_FACTOR_KEY_FALLBACKS": ["short"]},
        {"SECOND_FACTOR_KEY": FIRST, "SECRET_KEY": FIRST},
    ],
)
def test_production_refuses_a_key_that_can_be_guessed_or_is_another(make_app, keys):
    [said] = sentences(make_app, SECOND_FACTOR="offered", **keys)
    assert not any(key in said for key in (FIRST, "x" * 64))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SECOND_FACTOR", "on"),
        ("SECOND_FACTOR", True),
        ("SECOND_FACTOR", None),
        ("SECOND_FACTOR_KEY", ""),
        ("SECOND_FACTOR_KEY", 7),
        ("SECOND_FACTOR_KEY_FALLBACKS", "one text"),
        ("CODE_LIMIT", "many"),
    ],
)
def test_what_has_no_meaning_is_refused_at_the_start(make_app, setting, value):
    with pytest.raises(BadConfig, match=setting) as refusal:
        make_app(**{setting: value})
    assert "KEY" not in setting or "one text" not in str(refusal.value)


def test_a_key_without_the_package_that_encrypts_is_refused_at_the_start(make_app, monkeypatch):
    monkeypatch.setattr(config, "find_spec", lambda name: None)
    with pytest.raises(BadConfig, match="pip install cryptography"):
        make_app(SECOND_FACTOR_KEY=FIRST)


def test_without_a_key_the_package_is_not_needed(make_app, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    app = populate(make_app(SECOND_FACTOR="offered"))
    phone = give_factor(app, "bob")
    assert log_in_with(in_process(app), "bob", phone.code()).status_code == 200
