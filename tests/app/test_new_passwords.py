"""New passwords: which are taken, what is said of the others, and how much work judging one is."""

import string
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import matching

from flasklogin_tutorial.app.new_passwords import common_passwords, find_problem
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, PROPERTY, populate, snapshot


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
    assert find_problem(password, "ada", "ada@example.org")


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
    assert find_problem(password, "ada", "ada@example.org") is None


@pytest.mark.parametrize(
    "password",
    ["1234567890!@#$%^&*()_+", "4@8({[<3691!|70$5+%2" * 3, "correct horse 4@8({[<3691!|70$5+%2"],
)
def test_many_signs_neither_hide_a_walk_over_the_keys_nor_spoil_a_good_password(password):
    weak = password.startswith("1234")
    assert (find_problem(password, "ada") is not None) is weak


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
        find_problem(password, "ada", "ada@example.org")
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


def test_two_judged_at_once_are_not_mistaken_for_one_another():
    """Zxcvbn keeps what it is told of a user in a variable of its module, for all threads."""
    wanted = [(f"{name} {name} {name} 1", name) for name in ("adalbert", "berenice", "clarissa")]
    said = {}

    def judge(password, name):
        said[name] = {find_problem(password, name) for _ in range(20)}

    judges = [threading.Thread(target=judge, args=one) for one in wanted]
    for one in judges:
        one.start()
    for one in judges:
        one.join()
    assert all(len(problems) == 1 for problems in said.values())
    assert all(f"“{name}”" in next(iter(problems)) for name, problems in said.items())


# ---- words that everybody would try first

ADA = ("flasklogin_tutorial", "ada lovelace", "ada.king@byron-family.example.org")


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("flasklogin_tutorial1", "flasklogin_tutorial"),
        ("Flasklogin-Tutorial-2026", "flasklogin"),
        ("tutorialtutorial1", "tutorial"),
        ("fl4skl0gin_tut0rial!!", "flasklogin_tutorial"),
        ("lairotut_nigolksalf", "flasklogin_tutorial"),
        ("administrator2026!", "administrator"),
        ("password2026!!!", "password"),
        ("Welcome12345678", "welcome"),
        ("adalovelace1815", "adalovelace"),
        ("Lovelace10121815", "lovelace"),
        ("ada.king@byron-family.example.org", "ada.king@byron-family.example.org"),
        ("byron-family2026", "byron-family"),
        ("ada.king.ada.king.1", "ada.king"),
        ("example-example-1", "example"),
    ],
)
def test_a_password_that_is_little_more_than_such_a_word_is_refused(password, word):
    problem = find_problem(password, *ADA)
    assert "easy to guess" in problem
    assert f"“{word}”" in problem


@pytest.mark.parametrize(
    "password",
    [
        "ada walks slowly home",
        "the administrator sleeps at noon",
        "seven tutorial swordfish swim",
        "a quite different password",
        "lovelace likes steam engines",
        "org and net and two islands",
    ],
)
def test_a_word_of_them_among_others_does_no_harm(password):
    assert find_problem(password, *ADA) is None


def test_what_is_left_has_to_be_hard_to_guess_by_itself():
    assert find_problem("kitchen lovelace", *ADA)
    assert find_problem("kitchen lovelace otter brick", *ADA) is None


@pytest.mark.parametrize("personal", [(), (None, ""), ("a", "b@c"), ("@", "@@", "..@..")])
def test_names_of_which_nothing_can_be_made_do_no_harm(personal):
    assert find_problem("analytical engine one", *personal) is None


def test_the_app_hands_over_what_it_knows(make_app):
    app = populate(make_app(SERVICE_NAME="Orrery", PASSWORD_WORDS=["Planetarium"]))
    admin = in_process(app)
    admin.post("/login", json={"username": "ada", "password": PASSWORDS["ada"]})
    grace = {"name": "grace.hopper", "email": "cobol@navy-yard.example.org"}
    before = snapshot()["User"]
    for word in ("orrery", "planetarium", "grace.hopper", "cobol", "navy-yard"):
        body = grace | {"password": f"{word}2026!".ljust(15, "!")}
        answer = admin.put("/", json=body)
        assert answer.status_code == 422
        assert f"“{word}”" in answer.json()["fields"]["password"][0]
    assert snapshot()["User"] == before


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Zo\u00eb Ladd", "zoeladd2026zoeladd"),
        ("Zo\u00eb Ladd", "zoe.ladd.zoe.ladd"),
        ("Jos\u00e9 Mu\u00f1oz", "josemunoz20262026"),
        ("J\u00fcrgen Gro\u00df", "juergengross1234"),
        ("J\u00fcrgen Gro\u00df", "jurgengrossjurgen"),
        ("S\u00f8ren", "sorensoren2026!"),
        ("S\u00f8ren", "soeren.soeren.26"),
        ("\u0141ukasz", "lukasz!lukasz!lukasz"),
    ],
)
def test_a_name_is_known_without_its_accents_too(name, password):
    assert find_problem(password, name)
    assert find_problem(password, "somebody else") is None


# ---- passwords that many people have


def test_there_are_enough_common_passwords_that_are_long_enough():
    """OWASP ASVS 5.0, 6.2.4: at least the top 3,000 of those that the policy would take."""
    listed = common_passwords()
    assert len(listed) >= 3000
    assert all(len(password) >= 15 and password == password.lower() for password in listed)
    assert sorted(listed.values()) == list(range(1, len(listed) + 1))


def test_each_of_them_is_refused():
    listed = list(common_passwords())
    assert [one for one in [*listed[:300], *listed[300::50]] if find_problem(one) is None] == []


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("iloveyouforever", "iloveyouforever"),
        ("ILoveYouForever123", "iloveyouforever"),
        ("il0vey0uf0rever!!", "iloveyouforever"),
        ("correcthorsebatterystaple", "correcthorsebatterystaple"),
        ("Correct Horse Battery Staple", "correct horse battery staple"),
        ("correct-horse-battery-staple1", "correct-horse-battery-staple"),
    ],
)
def test_neither_decoration_nor_capitals_make_one_a_good_password(password, word):
    problem = find_problem(password)
    assert "easy to guess" in problem
    assert f"“{word}”" in problem


def test_one_of_them_among_other_words_does_no_harm():
    assert find_problem("manchesterunited sings under water") is None
