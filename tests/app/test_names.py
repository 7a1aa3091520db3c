"""Names: two that people take for one are not both to be had, by whatever way."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklogin_tutorial.app import accounts
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.app.name_check import check_names, mend_names
from flasklogin_tutorial.app.names import read_name
from flasklogin_tutorial.app.refusals import BadName, NameLooksTaken, NameTaken
from flasklogin_tutorial.app.schemas import NameInput
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, PROPERTY, log_in, send_form, snapshot, stored, who

GOOD = "compilers are my hobby"

#: Other ways to write `bob`. RFC 8265 makes one name of each.
SPELLINGS = {
    "capitals": "BOB",
    "one capital": "Bob",
    "full width": "\uff42\uff4f\uff42",
    "full-width capitals": "\uff22\uff2f\uff22",
}

#: Names that nobody may have; all but the last four are taken for `bob`.
REFUSED = {
    "Cyrillic o": "b\u043eb",
    "Greek o": "b\u03bfb",
    "Armenian o": "b\u0585b",
    "mathematical letters": "\U0001d41b\U0001d428\U0001d41b",
    "zero-width space": "bob\u200b",
    "zero-width joiner": "b\u200dob",
    "zero-width non-joiner": "b\u200cob",
    "byte order mark": "\ufeffbob",
    "soft hyphen": "bo\u00adb",
    "word joiner": "bob\u2060",
    "variation selector": "bob\ufe0f",
    "grapheme joiner": "b\u034fob",
    "Mongolian selector": "bob\u180b",
    "Khmer vowel": "bob\u17b4",
    "Hangul filler": "bob\u3164",
    "Hangul choseong filler": "bob\u115f",
    "half-width filler": "bob\uffa0",
    "Braille blank": "bob\u2800",
    "direction": "bob\u202e",
    "no-break space": "bob\u00a0",
    "tag": "bob\U000e0062",
    "accent twice": "b\u00f3\u0301b",
    "accent twice, written between others": "bo\u0301\u0323\u0301b",
    "accents without end": "bo\u0300\u0301\u0302\u0303\u0304b",
    "ligature": "\ufb01nn",
    "half a character": "bob\ud800",
    "new character": "bob\U0001fae9",
    "two directions": "bob\u05d0",
}

#: Whole words in another script, or with letters of the same, that look like a word of ours.
LOOK_ALIKES = [
    ("dada", "\u0501\u0430\u0501\u0430", "Cyrillic"),
    ("cc", "\u0441\u0441", "Cyrillic"),
    ("lan", "Ian", "a capital i for a small L"),
    ("lan", "1an", "a digit"),
    ("Ian", "\u0131an", "an i without a dot"),
    ("ian", "i\u0307an", "an i with a dot more"),
    ("mary", "rnary", "two letters for one"),
    ("c0b", "cOb", "the digit and the letter, as written"),
    ("\u05d5", "l", "Hebrew"),
    ("obo", "\u041e\u0412\u041e", "Cyrillic capitals"),
    ("obo", "\u043e\u0432\u043e", "Cyrillic letters that look like small capitals"),
    ("tom", "\u03a4\u039f\u039c", "Greek capitals"),
    ("obo", "\ua4f3\ua4d0\ua4f3", "a script that has capitals only"),
    ("dia", "\u1d05\u026a\u1d00", "small capitals"),
    ("obo", "0b0", "the digit and the letter, as capitals"),
    ("\u03bf\u03b4\u03bf\u03c2", "\u03bf\u03b4\u03bf\u03c3", "a sigma of the end"),
]


def looks_like(one, other):
    return set(read_name(one).looks) & set(read_name(other).looks)


# ---- the rules


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_spelling_has_the_key_of_the_name(spelling):
    assert read_name(spelling).key == "bob"


def test_the_kelvin_sign_is_a_k_and_an_accent_is_a_part_of_its_letter():
    assert read_name("\u212aim").written == read_name("Kim").written == "Kim"
    assert read_name("Zoe\u0308") == read_name("Zo\u00eb")


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_no_name_is_refused_with_a_reason(text):
    with pytest.raises(BadName) as caught:
        read_name(text)
    assert caught.value.problem.endswith(".")
    caught.value.problem.encode()  # what was typed is not repeated, so this can be sent
    assert caught.value.problem.isprintable()


@pytest.mark.parametrize(
    ("one", "other"), [pair[:2] for pair in LOOK_ALIKES], ids=[pair[2] for pair in LOOK_ALIKES]
)
def test_names_that_look_alike_have_a_look_in_common(one, other):
    assert read_name(one).key != read_name(other).key
    assert looks_like(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("neil", "nell"), ("Ella", "Elia"), ("ada", "ade"), ("zoe", "zo\u00eb"), ("bob", "bobb")],
)
def test_names_that_can_be_told_apart_may_both_be(one, other):
    assert not looks_like(one, other)


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "ada.lovelace+test@example_1",
        "O'Brien",
        "M\u00fcller",
        "\u0410\u043d\u043d\u0430",
        "\u674e\u5c0f\u9f8d",
        "\u3072\u308d\u3057\u30ab\u30ca\u6f22",
        "\uae40Kim",
        "\u0645\u062d\u0645\u062f",
        "\u05d3\u05d5\u05d3",
    ],
)
def test_names_of_people_are_taken_as_they_are_written(name):
    assert read_name(name).written == name


@PROPERTY
@given(st.text(max_size=20))
def test_reading_is_done_once_and_for_all(text):
    try:
        name = read_name(text)
    except BadName as refusal:
        assert refusal.problem.endswith(".")
        return
    assert read_name(name.written) == name
    assert read_name(name.key).key == name.key
    assert set(read_name(name.key).looks) <= set(name.looks)  # whoever has the key has its looks
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Cn") for one in name.written)


@PROPERTY
@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789 ._-", min_size=1, max_size=20))
def test_plain_names_are_one_in_any_case_and_width(text):
    plain = " ".join(text.split()) or "a"
    wide = "".join(chr(ord(one) + 0xFEE0) if one != " " else one for one in plain)
    for spelling in (plain.upper(), plain.title(), wide, wide.upper()):
        assert read_name(spelling).key == plain
        assert looks_like(spelling, plain)


@PROPERTY
@given(st.text(max_size=12))
def test_the_field_of_the_api_takes_what_the_rule_takes(text):
    given_back = NameInput().validate({"name": text})
    try:
        read_name(text)
    except BadName:
        assert given_back
    else:
        assert not given_back


# ---- by every way


def by_api(app, name):
    browser = log_in(app, "ada")
    body = {"name": name, "email": "x@example.org", "password": GOOD}
    return browser.put("/", json=body).status_code < 300


def by_page(app, name):
    form = {"name": name, "email": "x@example.org"}
    return send_form(log_in(app, "ada"), "/people", form, page="/people").status_code < 300


def by_command(app, name):
    arguments = ["users", "add", "--email", "x@example.org", "--password-stdin", "--", name]
    return app.test_cli_runner().invoke(args=arguments, input=f"{GOOD}\n").exit_code == 0


def by_renaming(app, name):
    return app.test_cli_runner().invoke(args=["users", "rename", "--", "cy", name]).exit_code == 0


WAYS = [by_api, by_page, by_command, by_renaming]
TAKEN_FOR_BOB = SPELLINGS | {shown: REFUSED[shown] for shown in list(REFUSED)[:-4]}
# An argument of a command holds no NUL, and no half of a character where it is decoded.


@pytest.mark.parametrize("way", WAYS)
def test_nothing_that_is_taken_for_bob_can_be_had(app, way):
    before = snapshot()["User"]
    assert [shown for shown, name in TAKEN_FOR_BOB.items() if way(app, name)] == []
    assert snapshot()["User"] == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("taken", "wanted", "shown"), LOOK_ALIKES)
def test_nothing_that_looks_like_another_name_can_be_had(app, way, taken, wanted, shown):
    for first, second in ((taken, wanted), (wanted, taken)):
        User(name=first, email="first@example.org").save()
        before = snapshot()["User"]
        assert not way(app, second)
        assert snapshot()["User"] == before
        User.objects(email="first@example.org").delete()
    assert way(app, wanted)


def test_the_refusal_says_which_of_the_two_it_is(app):
    with app.test_request_context():
        with pytest.raises(NameTaken):
            accounts.create("BOB", "x@example.org", GOOD)
        with pytest.raises(NameLooksTaken):
            accounts.create("\u0441\u0443", "x@example.org", GOOD)  # cy, in Cyrillic


def test_the_name_is_shown_as_it_was_written_and_found_in_any_spelling(app):
    boss = log_in(app, "ada")
    made = boss.put("/", json={"name": "Grace", "email": "g@example.org", "password": GOOD})
    assert made.json()["name"] == "Grace"
    for spelling in ("Grace", "grace", "GRACE", "\uff27race"):
        assert in_process(app).get("/", params={"name": spelling}).json() == {"name": "Grace"}
        browser = in_process(app)
        answer = browser.post("/login", json={"username": spelling, "password": GOOD})
        assert answer.json()["name"] == "Grace"
        assert who(browser) == "Grace"
    changed = boss.post("/", json={"name": "gRACE", "email": "new@example.org"})
    assert changed.json() == {"name": "Grace", "email": "new@example.org"}
    assert boss.delete("/", json={"name": "graCE"}).status_code == 200
    assert stored("Grace") is None


# ---- what is compared is what is counted


def test_guesses_at_one_name_are_counted_together_however_it_is_spelled(app):
    answers = []
    for number in range(24):
        name = ["bob", "BOB", "Bob", "\uff42ob"][number % 4]
        guess = {"username": name, "password": f"guess {number}"}
        browser = in_process(app, address=f"203.0.113.{number}")
        answers.append(browser.post("/login", json=guess).status_code)
    assert answers.index(429) == 10


def test_a_browser_is_known_however_its_user_spells_the_name(app):
    browser = log_in(app, "bob")
    for number in range(12):
        stranger = in_process(app, address=f"203.0.113.{number}")
        stranger.post("/login", json={"username": "bob", "password": f"guess {number}"})
    given = {"username": "BOB", "password": PASSWORDS["bob"]}
    assert in_process(app).post("/login", json=given).status_code == 429
    assert browser.post("/login", json=given).status_code == 200


# ---- the commands


def run(app, *arguments, typed=""):
    return app.test_cli_runner().invoke(args=["users", *arguments], input=typed)


@pytest.mark.parametrize("typed", ["Zoe\u0308", "Zo\u00eb", "\uff3ao\u00eb"])
def test_who_is_added_by_a_command_logs_in_with_either_spelling(app, typed):
    arguments = ("add", typed, "--email", "z@example.org", "--password-stdin")
    assert run(app, *arguments, typed=f"{GOOD}\n").exit_code == 0
    for spelling in ("Zoe\u0308", "Zo\u00eb", "ZO\u00cb"):
        answer = in_process(app).post("/login", json={"username": spelling, "password": GOOD})
        assert answer.status_code == 200, spelling


@pytest.mark.parametrize(
    "arguments",
    [
        ["set-password", "--password-stdin"],
        ["promote"],
        ["demote"],
        ["disable"],
        ["enable"],
        ["sign-out"],
    ],
)
def test_every_command_finds_a_name_in_any_spelling(app, arguments):
    for spelling in SPELLINGS.values():
        result = run(app, *arguments, spelling, typed=f"{GOOD}\n")
        assert result.exit_code == 0, result.output
        assert "bob" in result.output  # as stored, not as typed


def test_every_command_that_takes_a_name_takes_it_through_the_field_of_the_api(app):
    users = app.cli.commands["users"].commands
    with_a_name = {
        command
        for command, made in users.items()
        if any(one.human_readable_name in ("NAME", "NEW_NAME") for one in made.params)
    }
    assert with_a_name >= {"add", "set-password", "disable", "enable", "promote", "rename"}
    for command in with_a_name:
        arguments = ["bob", "b\u043eb"] if command == "rename" else ["b\u043eb"]
        more = ["--email", "x@example.org"] if command == "add" else []
        result = run(app, command, *arguments, *more)
        assert result.exit_code == 1
        assert "several scripts" in result.output
        result = run(app, command, *arguments[:-1], "x" * 65, *more)
        assert "longer than 64" in result.output


def test_a_user_is_renamed_and_nothing_else_changes(app):
    browser, before = log_in(app, "bob"), stored("bob")
    assert run(app, "rename", "BOB", "Robert").exit_code == 0
    assert who(browser) == "Robert"
    names = {"name": "Robert", "name_key": "robert", "name_looks": stored("Robert")["name_looks"]}
    assert stored("Robert") == before | names
    assert run(app, "rename", "Robert", "ROBERT").exit_code == 0  # one's own name is free


# ---- a database that holds such names already


@pytest.fixture
def older(make_app):
    """Make an app on a database that it has not prepared, with ada and bob in it."""
    app = make_app()
    for name in ("ada", "bob"):
        User(name=name, email=f"{name}@example.org").save()
    return app


def put(*names):
    made = User._get_collection().insert_many([{"name": name, "password": "p"} for name in names])
    return [str(one) for one in made.inserted_ids]


def test_the_check_lists_what_it_finds_and_changes_nothing(older):
    first, second, third, fourth, fifth = put("ADA", "grace", "b\u043eb", "Zoe\u0308", "dot ")
    before = snapshot()
    result = run(older, "check-names")
    assert result.exit_code == 1
    assert snapshot() == before
    assert "stored without a key, or with an old one: 2" in result.output
    assert f"ADA (id {first})" in result.output
    assert f"'b\\u043eb' (id {third}). This mixes letters of several scripts" in result.output
    assert f"'dot ' (id {fifth}). This is empty, or has a space at an end" in result.output
    assert second not in result.output
    assert fourth not in result.output
    assert "users rename ID NEW_NAME" in result.output


def test_what_leaves_no_choice_is_mended_and_the_rest_by_renaming(older):
    ids = put("ADA", "grace", "b\u043eb", "Zoe\u0308")
    result = run(older, "check-names", "--mend")
    assert result.exit_code == 1
    assert "mended: 2" in result.output
    assert in_process(older).get("/?name=Zo\u00eb").status_code == 503
    assert run(older, "rename", ids[0], "ada2").exit_code == 0
    assert run(older, "rename", ids[2], "bob").exit_code == 1  # bob is somebody else
    assert run(older, "rename", ids[2], "bob two").exit_code == 0
    done = run(older, "check-names")
    assert (done.exit_code, done.output) == (0, "✓ every name can be told from every other\n")
    for name in ("grace", "Zoe\u0308", "ada2", "bob two"):
        answer = in_process(older).post("/login", json={"username": name, "password": "p"})
        assert answer.status_code == 200, name


def test_who_has_the_id_of_another_for_a_name_is_not_mistaken_for_them(app):
    bob = str(stored("bob")["_id"])
    User(name=bob, email="x@example.org").save()
    before = snapshot()["User"]
    result = run(app, "rename", bob, "robert")
    assert result.exit_code == 1
    assert "is the id of bob" in result.output
    assert snapshot()["User"] == before
    assert run(app, "rename", str(stored(bob)["_id"]), "another").exit_code == 0
    assert run(app, "rename", bob, "robert").exit_code == 0


def test_a_user_who_is_renamed_while_names_are_mended_keeps_the_new_name(older):
    [id_] = put("grace")
    found = check_names()
    assert run(older, "rename", id_, "hopper").exit_code == 0
    assert mend_names(found) == 0
    assert (stored("hopper")["name_key"], stored("grace")) == ("hopper", None)


def test_keys_of_an_older_table_are_made_anew(app):
    User.objects(name="bob").update(name_looks=["something else"])
    assert "with an old one: 1" in run(app, "check-names").output
    assert run(app, "check-names", "--mend").exit_code == 0
    assert stored("bob")["name_looks"] == list(read_name("bob").looks)


@pytest.mark.parametrize("name", [None, 7, ["ada"], "", "\x1b[2J", "a" * 3000])
def test_no_stored_name_stops_the_check(older, name):
    put(name, "grace")
    result = run(older, "check-names")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "\x1b" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
