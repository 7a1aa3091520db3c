"""Logging in with a passkey: what is asked, what is taken, and what is refused."""

import json
import secrets
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as some

from flasklogin_tutorial.app import challenges
from flasklogin_tutorial.app.challenges import LOG_IN, REGISTER
from flasklogin_tutorial.app.models import Challenge, Login, Passkey, User, now
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process
from flasklogin_tutorial.visit.encoded import from_text, to_text
from flasklogin_tutorial.visit.soft_key import SoftKey

from .conftest import PAGE, PROPERTY, log_in, populate, stored, thief_of, who
from .keys import LOGIN, NEW, ORIGIN, OWN, add, ask, log_in_by, read_question, send


@pytest.fixture
def app(make_app):
    return populate(make_app(PASSKEYS=True))


@pytest.fixture
def key(bob):
    return add(bob)


def kept():
    return Passkey.objects.get()


# ---- in


def test_whoever_has_the_passkey_is_logged_in_and_types_nothing(app, key, stranger):
    answer = log_in_by(stranger, key)
    assert answer.headers["Location"] == "/account"
    assert who(stranger) == "bob"
    assert kept().seen is not None
    assert Challenge.objects(purpose="log in").count() == 0


def test_a_login_with_a_passkey_is_eight_operations(app, key, stranger):
    stranger.get("/login")  # the first request makes the indexes
    asked = trace(stranger).get(LOGIN, headers=PAGE)
    question = read_question(asked.response, LOGIN)
    form = {"csrf_token": question.token, "answer": json.dumps(key.sign(question.options, ORIGIN))}
    answered = trace(stranger).post(LOGIN, data=form, headers=PAGE, allow_redirects=False)
    assert (answered.response.status_code, len(answered.operations)) == (302, 7)
    assert len(asked.operations) == 1
    assert len(trace(stranger).post("/user_info").operations) == 1


def test_the_question_says_nothing_about_who_has_a_passkey(app, key, stranger):
    first, second = (ask(stranger, LOGIN).options for _ in range(2))
    assert first.pop("challenge") != second.pop("challenge")
    assert first == second
    assert first["userVerification"] == "required"
    assert first["rpId"] == "localhost"
    assert not first.get("allowCredentials")


def test_what_a_passkey_keeps_of_its_user_is_not_the_id(app, key, bob):
    other = add(bob, "second")
    [mine], [again] = key.credentials, other.credentials
    assert mine.user_handle == again.user_handle
    assert str(stored("bob")["_id"]) not in mine.user_handle
    assert len(from_text(mine.user_handle)) == 32


def test_it_goes_on_to_where_one_wanted_and_remembers(app, key, stranger):
    asked = ask(stranger, f"{LOGIN}?next=/account/passkeys")
    asked.path = LOGIN
    answer = send(
        stranger, asked, key.sign(asked.options, ORIGIN), next="/account/passkeys", remember="y"
    )
    assert answer.headers["Location"] == "/account/passkeys"
    assert Login.objects.get(user=User.objects.get(name="bob").id, remembered=True)


def test_it_goes_to_no_other_site(app, key, stranger):
    answer = log_in_by(stranger, key, next="https://evil.example")
    assert answer.headers["Location"] == "/account"


def test_it_is_a_fresh_login(app, key, stranger):
    log_in_by(stranger, key)
    assert stranger.get(NEW, headers=PAGE, allow_redirects=False).status_code == 200


def test_a_challenge_has_256_random_bits_and_never_comes_again(app, monkeypatch):
    made, browser = [], in_process(app)
    real = secrets.token_bytes
    monkeypatch.setattr(secrets, "token_bytes", lambda size: made.append(real(size)) or made[-1])
    challenges = {from_text(ask(browser, LOGIN).options["challenge"]) for _ in range(20)}
    assert len(challenges) == 20
    assert {len(one) for one in challenges} == {32}
    assert challenges <= set(made)


def test_the_challenge_is_in_no_cookie(app, stranger):
    challenge = ask(stranger, LOGIN).options["challenge"]
    assert challenge not in str([cookie.value for cookie in stranger.cookies])
    assert challenge not in str(Challenge._get_collection().find_one())


def test_two_pages_of_one_browser_are_both_good(app, key, stranger):
    first, _ = ask(stranger, LOGIN), ask(stranger, LOGIN)
    assert send(stranger, first, key.sign(first.options, ORIGIN)).is_redirect


# ---- refused


def refused(answer, said, status=401):
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
    assert "WWW-Authenticate" in answer.headers or status != 401
    return True


def test_an_answer_is_good_once(app, key, stranger):
    asked = ask(stranger, LOGIN)
    answer = key.sign(asked.options, ORIGIN)
    copied = thief_of(stranger, app)
    assert send(stranger, asked, answer).is_redirect
    assert refused(send(copied, asked, answer), "was answered already")
    assert who(copied) is None


def test_a_synced_passkey_has_no_count_and_its_answer_is_good_once_too(app, bob, stranger):
    key = add(bob, synced=True)
    asked = ask(stranger, LOGIN)
    answer = key.sign(asked.options, ORIGIN)
    copied = thief_of(stranger, app)
    assert send(stranger, asked, answer).is_redirect
    assert refused(send(copied, asked, answer), "was answered already")
    assert log_in_by(in_process(app), key).is_redirect
    assert kept().sign_count == 0


def test_of_two_answers_at_once_one_is_taken(app, bob, stranger):
    key = add(bob, synced=True)
    asked = ask(stranger, LOGIN)
    answer = key.sign(asked.options, ORIGIN)
    copied = thief_of(stranger, app)
    start, answers = threading.Barrier(2), []

    def race(browser):
        start.wait()
        answers.append(send(browser, asked, answer).status_code)

    racers = [threading.Thread(target=race, args=(one,)) for one in (stranger, copied)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(answers) == [302, 401]


def test_an_answer_is_good_in_the_browser_that_was_asked(app, key, stranger):
    asked, other = ask(stranger, LOGIN), in_process(app)
    there = ask(other, LOGIN)
    there.options = asked.options
    assert refused(send(other, there, key.sign(asked.options, ORIGIN)), "in another browser")


def test_an_answer_that_comes_too_late_is_refused(app, key, stranger, later):
    asked = ask(stranger, LOGIN)
    later(minutes=11)
    assert refused(send(stranger, asked, key.sign(asked.options, ORIGIN)), "too long ago")


def test_a_challenge_that_nobody_gave_is_refused(app, key, stranger):
    asked = ask(stranger, LOGIN)
    own = asked.options | {"challenge": to_text(b"of my own" * 4)}
    assert refused(send(stranger, asked, key.sign(own, ORIGIN)), "too long ago")


def test_a_challenge_is_good_for_what_it_was_given_for(app, key, bob):
    login = ask(bob, LOGIN)
    answer = SoftKey().register(
        ask(bob, NEW).options | {"challenge": login.options["challenge"]}, ORIGIN
    )
    assert refused(send(bob, ask(bob, NEW), answer, label="x"), "too long ago", 422)
    asked, new = ask(bob, LOGIN), ask(bob, NEW)
    turned = asked.options | {"challenge": new.options["challenge"]}
    assert refused(send(bob, asked, key.sign(turned, ORIGIN)), "too long ago")


def test_its_purpose_counts_in_one_browser_too(app):
    with app.app_context():
        challenge = challenges.issue(REGISTER, browser="one")
        assert not challenges.spend(challenge, LOG_IN, browser="one")
        assert not challenges.spend(challenge, REGISTER, browser="another")
        assert not challenges.spend(challenge, REGISTER, browser=None)
        assert challenges.spend(challenge, REGISTER, browser="one")
        assert not challenges.spend(challenge, REGISTER, browser="one")


@pytest.mark.parametrize(
    "origin",
    [
        "https://1ocalhost.example",
        "http://localhost",
        "http://localhost:5001",
        "https://localhost:5000",
        "http://evil.localhost:5000",
        "null",
        "",
    ],
)
def test_an_answer_that_was_given_to_another_page_is_refused(app, key, stranger, origin):
    answer = log_in_by(stranger, key, origin=origin, careless=True)
    assert refused(answer, "to a page of another address")


def test_a_passkey_of_another_site_is_refused(app, key, stranger):
    key.credentials[0].rp_id = "evil.example"
    asked = ask(stranger, LOGIN)
    turned = asked.options | {"rpId": "evil.example"}
    answer = key.sign(turned, ORIGIN, careless=True)
    assert refused(send(stranger, asked, answer), "to a page of another address")


def test_a_page_in_the_page_of_another_site_gets_nothing(app, key, stranger):
    asked = ask(stranger, LOGIN)
    answer = key.sign(asked.options, ORIGIN)
    said = json.loads(from_text(answer["response"]["clientDataJSON"]))
    framed = json.dumps(said | {"crossOrigin": True}).encode()
    answer["response"]["clientDataJSON"] = to_text(framed)
    assert refused(send(stranger, asked, answer), "to a page of another address")


def test_a_touch_alone_is_not_enough(app, key, stranger):
    key.verifies = False
    assert refused(log_in_by(stranger, key, careless=True), "asked for no PIN")
    assert who(stranger) is None


def test_a_copied_passkey_is_noticed_by_its_count(app, key, stranger):
    clone = key.clone()
    log_in_by(in_process(app), key)
    log_in_by(in_process(app), key)
    assert refused(log_in_by(stranger, clone), "there is a copy of it")
    assert who(stranger) is None
    assert kept().sign_count == 2


def test_a_count_that_goes_back_to_nothing_is_refused(app, key, stranger):
    log_in_by(in_process(app), key)
    key.synced = True
    key.credentials[0].count = 0
    assert refused(log_in_by(stranger, key), "there is a copy of it")


def test_of_two_logins_with_one_count_the_second_is_refused(app, key, stranger, monkeypatch):
    """Both were compared with the same count before either was stored."""
    clone, other = key.clone(), in_process(app)
    from flasklogin_tutorial.app import passkeys

    move_on = passkeys._move_count_on

    def late(passkey, count):
        monkeypatch.setattr(passkeys, "_move_count_on", move_on)
        assert log_in_by(other, clone).is_redirect
        move_on(passkey, count)

    monkeypatch.setattr(passkeys, "_move_count_on", late)
    assert refused(log_in_by(stranger, key), "there is a copy of it")


def test_another_key_than_the_one_that_it_says_is_refused(app, key, stranger):
    forged = key.clone()
    forged.credentials[0].private_key += 1
    assert refused(log_in_by(stranger, forged), "another key signed it")
    assert kept().sign_count == 0


def test_a_passkey_that_was_removed_or_never_known_is_refused(app, key, stranger):
    Passkey.drop_collection()
    assert refused(log_in_by(stranger, key), "not known here")


def test_a_passkey_for_another_account_is_refused(app, key, stranger):
    key.credentials[0].user_handle = to_text(b"somebody else" * 2)
    assert refused(log_in_by(stranger, key), "not known here")


@pytest.mark.parametrize("change", [{"disabled": True}, None])
def test_a_user_who_is_disabled_or_gone_is_refused_as_one_who_is_not_known(
    app, key, stranger, change
):
    users = User.objects(name="bob")
    users.update(**change) if change else users.delete()
    assert refused(log_in_by(stranger, key), "not known here")
    assert who(stranger) is None


def test_whoever_was_given_a_new_password_that_is_over_is_told_so(app, key, stranger):
    User.objects(name="bob").update(first_password_until=now())
    answer = log_in_by(stranger, key)
    assert refused(answer, "was for the first days")
    assert who(stranger) is None


def test_without_a_script_the_form_says_what_to_do(app, key, stranger):
    answer = send(stranger, ask(stranger, LOGIN), "")
    assert refused(answer, "Log in with the password instead", 422)
    assert 'href="/login"' in answer.text


def test_a_program_is_told_that_this_is_a_page(app, stranger):
    answer = stranger.post(LOGIN, json={"answer": "{}"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_a_form_of_another_site_is_refused(app, key, stranger):
    asked = ask(stranger, LOGIN)
    asked.token = "x"
    assert send(stranger, asked, key.sign(asked.options, ORIGIN)).status_code == 400


# ---- malformed

FIELDS = ["id", "rawId", "type", "response", "clientExtensionResults", "authenticatorAttachment"]
PARTS = ["clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"]
#: What of an answer is looked at; the rest may be anything.
LOOKED_AT = {
    LOGIN: {"rawId", "response", *PARTS} - {"attestationObject"},
    NEW: {"rawId", "response", "clientDataJSON", "attestationObject"},
}
JUNK = [
    None, 5, True, "", "x", "!!", "é", "AA", "A" * 9000, [], {}, {"$ne": ""}, [[]], -1.5, "\ud800",
    to_text(b"{}"), to_text(b"null"), to_text(b"[]"), to_text(b"\xff" * 40), to_text(b"\xa1" * 300),
]  # fmt: skip
WHOLE = [
    "{", "null", "[]", "5", '""', "{}", '{"rawId": 5}', '{"rawId": {"$ne": ""}}', "\x00", "é",
    "[" * 5000, '{"response": null}', '{"rawId": "x", "response": {"clientDataJSON": "!"}}',
    "NaN", "1e999", '{"id": "' + "A" * 9000 + '"}',
]  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_what_is_no_answer_at_all_is_refused(app, key, bob, text):
    asked = ask(bob, LOGIN)
    assert send(bob, asked, text).status_code in (401, 422)
    assert send(bob, ask(bob, NEW), text, label="x").status_code == 422


@pytest.mark.parametrize("where", [*FIELDS, *PARTS])
def test_an_answer_with_something_else_in_a_field_is_refused(app, key, bob, where):
    app.config["SIGN_IN_LIMIT_PER_ADDRESS"] = "10000 per hour"
    for junk in JUNK:
        for path in (LOGIN, NEW):
            asked = ask(bob, path)
            if path == LOGIN:
                answer = key.sign(asked.options, ORIGIN)
            else:
                answer = SoftKey().register(asked.options, ORIGIN)
            place = answer if where in FIELDS else answer["response"]
            is_new = where in place and place[where] != junk
            place[where] = junk
            sent = send(bob, asked, answer, label="x")
            assert sent.status_code < 500, (path, junk)
            Passkey.objects(label="x").delete()
            if is_new and where in LOOKED_AT[path]:
                assert sent.status_code in (401, 422), (path, where, junk, sent.text)


@PROPERTY
@given(place=some.integers(0, 36), bit=some.integers(0, 7))
def test_one_bit_of_what_the_key_says_is_enough_to_be_refused(app, key, place, bit):
    browser = in_process(app)
    app.config["SIGN_IN_LIMIT_PER_ADDRESS"] = "100000 per hour"
    asked = ask(browser, LOGIN)
    answer = key.sign(asked.options, ORIGIN)
    data = bytearray(from_text(answer["response"]["authenticatorData"]))
    data[place] ^= 1 << bit
    answer["response"]["authenticatorData"] = to_text(bytes(data))
    assert send(browser, asked, answer).status_code == 401


# ---- counted, and written down


def test_questions_from_one_address_are_counted_and_good_answers_are_not(
    app, key, stranger, events
):
    app.config["SIGN_IN_LIMIT_PER_ADDRESS"] = "4 per hour"
    for _ in range(6):
        assert log_in_by(in_process(app), key).is_redirect
    for _ in range(4):
        ask(stranger, LOGIN)
    events()
    answer = stranger.get(LOGIN, headers=PAGE)
    assert (answer.status_code, "Wait" in answer.text) == (429, True)
    assert [(one["outcome"], one["factor"]) for one in events()] == [("throttled", "passkey")]
    assert Challenge.objects(purpose="log in").count() == 4
    assert in_process(app, address="203.0.113.9").get(LOGIN, headers=PAGE).status_code == 200


def test_who_came_in_by_a_passkey_and_who_did_not_is_written_down(app, key, stranger, events):
    clone = key.clone()
    events()
    log_in_by(stranger, key)
    log_in_by(in_process(app), clone)
    key.verifies = False
    log_in_by(in_process(app), key, careless=True)
    said = [(one["outcome"], one["factor"], one["user"], one.get("why")) for one in events()]
    bob = str(stored("bob")["_id"])
    assert said == [
        ("accepted", "passkey", bob, None),
        ("refused", "passkey", bob, "passkey_copied"),
        ("refused", "passkey", None, said[2][3]),
    ]
    assert "PIN" in said[2][3]


# ---- where there are none


def test_without_the_setting_there_are_no_passkeys(make_app):
    app = populate(make_app())
    bob = log_in(app, "bob")
    for path in (LOGIN, OWN, NEW):
        assert bob.get(path, headers=PAGE).status_code == 404
    for path in ("/login", "/account"):
        assert "passkey" not in bob.get(path, headers=PAGE).text


def test_only_the_pages_that_ask_have_a_script(app, bob):
    policies = {
        path: bob.get(path, headers=PAGE).headers["Content-Security-Policy"]
        for path in ("/login", "/account", OWN, LOGIN, NEW)
    }
    assert [path for path, said in policies.items() if "script-src 'self'" in said] == [LOGIN, NEW]
    assert "script-src 'self'" in send(bob, ask(bob, LOGIN), "x").headers["Content-Security-Policy"]
