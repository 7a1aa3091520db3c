"""Passwords: which are taken, how they are kept, and that a wrong name costs a right one's work."""

import os
import string
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import matching

from flasklogin_tutorial.app import passwords
from flasklogin_tutorial.app.config import DEFAULTS
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, PROPERTY, credentials, log_in, stored


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short but odd!",
        "password1234567",
        "passwordpassword",
        "123456789012345",
        "qwertyuiopasdfgh",
        "a" * 20,
        "ada@example.org1",
        "adaadaadaadaada",
        "many quite different words " + "that nobody would guess " * 5,
    ],
)
def test_a_password_that_is_short_common_or_too_long_is_refused(password):
    assert passwords.find_problem(password, "ada", "ada@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "analytical engine one",
        "kæreste grød og fløde",
        "no digits and no capitals",
        "🐢 walks slowly home",
    ],
)
def test_a_long_password_needs_no_particular_characters(password):
    assert passwords.find_problem(password, "ada", "ada@example.org") is None


@pytest.mark.parametrize(
    "password",
    ["1234567890!@#$%^&*()_+", "4@8({[<3691!|70$5+%2" * 3, "correct horse 4@8({[<3691!|70$5+%2"],
)
def test_many_signs_neither_hide_a_walk_over_the_keys_nor_spoil_a_good_password(password):
    weak = password.startswith("1234")
    assert (passwords.find_problem(password, "ada") is not None) is weak


# ---- the work of judging one


#: What zxcvbn reads as letters.
SIGNS = "".join(sorted({sign for signs in matching.L33T_TABLE.values() for sign in signs}))

ORDINARY = "several ordinary words that make up a rather long password line "

COSTLY = [
    "4@8({[<3691!|70$5+%2" * 4,
    SIGNS * 4,
    SIGNS[::-1] * 4,
    "".join(sign * 3 for sign in SIGNS),
    "".join(f"{sign}a" for sign in SIGNS * 2),
    "({[<1!|7" * 8,
    "1|7" * 22,
    "0123456789" * 7,
    "01021999" * 8,
    "aab" * 22,
    "a" * 64,
    "password" * 8,
    "qwertyuiop[]" * 6,
    "🐢" * 64,
]


@pytest.fixture
def letters_looked_up(monkeypatch):
    """Give a function that judges a password and returns how many texts were looked up for it."""
    looked_up = []
    look_up = matching.dictionary_match

    def count(text, *args, **more):
        looked_up.append(len(text) ** 2)
        return look_up(text, *args, **more)

    monkeypatch.setattr(matching, "dictionary_match", count)

    def judge(password):
        looked_up.clear()
        passwords.find_problem(password, "ada", "ada@example.org")
        return sum(looked_up)

    return judge


@pytest.mark.parametrize("password", COSTLY, ids=lambda text: text[:12])
def test_no_password_is_much_more_work_than_an_ordinary_one(letters_looked_up, password):
    password = password[:64]
    assert letters_looked_up(password) <= 10 * letters_looked_up(ORDINARY[:64])


@PROPERTY
@given(password=st.text(SIGNS + string.ascii_letters, min_size=15, max_size=128))
def test_not_even_one_that_was_made_for_it(letters_looked_up, password):
    assert letters_looked_up(password) <= 10 * letters_looked_up(ORDINARY[:64])


def test_two_judged_at_once_are_not_mistaken_for_one_another(monkeypatch):
    inside, together = [], []

    def estimate(password, user_inputs):
        inside.append(password)
        together.append(len(inside))
        threading.Event().wait(0.05)
        inside.remove(password)
        return {"guesses": 1}

    monkeypatch.setattr(passwords, "zxcvbn", estimate)
    judges = [
        threading.Thread(target=passwords.find_problem, args=("analytical engine", name))
        for name in ("ada", "bob", "cy")
    ]
    for judge in judges:
        judge.start()
    for judge in judges:
        judge.join()
    assert together == [1, 1, 1]


def test_the_default_method_is_one_that_owasp_names():
    assert DEFAULTS["PASSWORD_METHOD"] == "scrypt:32768:8:3"


def test_the_database_holds_a_salted_hash_and_nothing_else(app):
    record = stored("ada")
    assert record["password_hash"].startswith(app.config["PASSWORD_METHOD"])
    assert PASSWORDS["ada"] not in str(record)
    assert "password" not in record


def test_two_spellings_of_one_character_are_one_password(app):
    with app.app_context():
        user = User(password_hash=passwords.hash_password("fløde og ﬁne caf\u00e9er"))
        assert passwords.is_right(user, "fløde og ﬁne cafe\u0301er")


def test_a_hash_with_old_parameters_is_renewed_at_login(app):
    with app.app_context():
        app.config["PASSWORD_METHOD"] = "scrypt:512:8:1"
        old = passwords.hash_password(PASSWORDS["bob"])
        User.objects(name="bob").update(set__password_hash=old)
        app.config["PASSWORD_METHOD"] = "scrypt:1024:8:1"
    log_in(app, "bob")
    assert stored("bob")["password_hash"].startswith("scrypt:1024:8:1$")
    renewed = stored("bob")["password_hash"]
    log_in(app, "bob")
    assert stored("bob")["password_hash"] == renewed


def test_a_wrong_password_renews_nothing(app):
    app.config["PASSWORD_METHOD"] = "scrypt:2048:8:1"
    before = stored("bob")
    body = credentials("bob") | {"password": "not the password"}
    assert in_process(app).post("/login", json=body).status_code == 401
    assert stored("bob") == before


@pytest.fixture
def legacy(app):
    """Put a record of the article's app into the database."""
    User._get_collection().insert_one(
        {"name": "grace", "password": "s3cret", "email": "grace@example.org"}
    )
    return app


def test_a_record_of_the_articles_app_is_migrated_at_its_login(legacy):
    given = {"username": "grace", "password": "s3cret"}
    for _ in range(2):
        answer = in_process(legacy).post("/login", json=given)
        assert answer.json() == {"name": "grace", "email": "grace@example.org"}
        record = stored("grace")
        assert "password" not in record
        assert record["password_hash"].startswith("scrypt:")


@pytest.mark.parametrize("typed", ["wrong", "s3cret ", "S3cret", "s3cre", "s3crets"])
def test_a_record_of_the_articles_app_takes_no_other_password(legacy, typed):
    given = {"username": "grace", "password": typed}
    assert in_process(legacy).post("/login", json=given).status_code == 401
    assert stored("grace")["password"] == "s3cret"


def test_a_user_without_any_password_cannot_log_in(app):
    User._get_collection().insert_one({"name": "ghost"})
    for typed in ("", "None", "nobody has this password"):
        given = {"username": "ghost", "password": typed}
        assert in_process(app).post("/login", json=given).status_code in (401, 422)


@pytest.fixture
def hashed(monkeypatch):
    """Collect the method of each hash that a password is compared with; none is right."""
    methods = []

    def compare(stored_hash, password):
        methods.append(stored_hash.split("$")[0])
        return False

    monkeypatch.setattr(passwords, "check_password_hash", compare)
    return methods


@pytest.mark.parametrize("name", ["ada", "nobody", "grace", "cy"])
def test_every_failed_login_hashes_once_and_reads_once(legacy, name, hashed):
    User.objects(name="cy").update(disabled=True)
    given = {"username": name, "password": "not the password"}
    in_process(legacy).get("/?name=x")  # the first request of an app makes the indexes
    tried = trace(in_process(legacy)).post("/login", json=given)
    assert tried.response.status_code == 401
    assert [one.split(" {")[0] for one in tried.operations] == ["user.find"]
    assert hashed == [legacy.config["PASSWORD_METHOD"]]


@pytest.mark.parametrize("name", ["ada", "bob", "nobody", "grace"])
def test_while_hashes_of_two_methods_are_stored_each_failed_login_does_the_work_of_both(
    legacy, name, hashed
):
    former, method = "scrypt:256:8:1", legacy.config["PASSWORD_METHOD"]
    with legacy.app_context():
        legacy.config["PASSWORD_METHOD"] = former
        User.objects(name="bob").update(set__password_hash=passwords.hash_password("of before"))
    legacy.config.update(PASSWORD_METHOD=method, FORMER_PASSWORD_METHODS=[former, method])
    given = {"username": name, "password": "not the password"}
    assert in_process(legacy).post("/login", json=given).status_code == 401
    assert sorted(hashed) == sorted([former, method])


def test_a_process_hashes_so_many_passwords_at_the_same_time_and_no_more(app, monkeypatch):
    """Each takes memory, and a server with threads would take it for every one of them."""
    bound = max(2, os.cpu_count() or 1)
    at_once, most, look = 0, 0, threading.Lock()

    def compare(stored_hash, password):
        nonlocal at_once, most
        with look:
            at_once += 1
            most = max(most, at_once)
        threading.Event().wait(0.05)
        with look:
            at_once -= 1
        return False

    def guess():
        with app.app_context():
            passwords.is_right(None, "a guess")

    with app.app_context():
        passwords.is_right(None, "a guess")  # makes the hash that nobody has
    monkeypatch.setattr(passwords, "check_password_hash", compare)
    threads = [threading.Thread(target=guess) for _ in range(3 * bound)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == bound
