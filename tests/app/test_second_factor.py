"""The second factor over the API: two steps, each code once, guesses counted, nobody kept out."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import session
from mongoengine.queryset.base import BaseQuerySet

from flasklogin_tutorial.app import factors, half_logins, logins, throttle, tokens
from flasklogin_tutorial.app.accounts import OPERATOR, find, sign_out_everywhere
from flasklogin_tutorial.app.models import HalfLogin, Login, User
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, credentials, log_in, populate, send_form, stored, thief_of, who
from .phones import (
    FACTOR_PAGE,
    give_factor,
    give_recovery_code,
    log_in_with,
    set_up,
    type_code,
    type_password,
)

LIMIT = 3

#: When a code begins to be shown.
MOMENT = 1_800_000_000


@pytest.fixture
def app(make_app):
    return populate(make_app(SECOND_FACTOR="offered", CODE_LIMIT=f"{LIMIT} per hour"))


@pytest.fixture
def phone(app):
    return give_factor(app, "bob")


def refusal(answer):
    return answer.status_code, answer.json()["code"]


WRONG, PASSWORD_FIRST, TOO_MANY = (
    (401, "wrong_code"),
    (401, "password_first"),
    (429, "too_many_codes"),
)

# ---- two steps


def test_the_password_alone_opens_nothing_and_says_what_comes_next(app, phone, stranger):
    answer = type_password(stranger, "bob")
    assert answer.json() == {
        "status": 202,
        "code": "code_wanted",
        "advice": "The password is right, and nobody is logged in yet. Send the code of your "
        "telephone, or a recovery code.",
        "next": "/login/code",
    }
    assert who(stranger) is None
    assert stranger.get("/account", headers={"Accept": "text/html"}).url.endswith(
        "?next=%2Faccount"
    )
    assert Login.objects.count() == 0
    assert "device" not in stranger.cookies


@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_a_code_is_not_used_up_where_all_logins_are_ended_meanwhile(
    app, phone, stranger, monkeypatch, events, kind
):
    code, modify = (
        phone.code() if kind == "code" else give_recovery_code("bob"),
        BaseQuerySet.modify,
    )
    type_password(stranger, "bob")
    events()

    def late(self, *args, **updates):
        monkeypatch.setattr(BaseQuerySet, "modify", modify)
        sign_out_everywhere(find("bob"), by=OPERATOR)
        return self.modify(*args, **updates)

    monkeypatch.setattr(BaseQuerySet, "modify", late)
    assert refusal(type_code(stranger, code)) == PASSWORD_FIRST
    assert [line["event"] for line in events()] == ["signed_out_everywhere", "refused"]
    assert log_in_with(stranger, "bob", code).status_code == 200


def test_with_the_code_somebody_is_logged_in(app, phone, stranger):
    answer = log_in_with(stranger, "bob", phone.code())
    assert (answer.status_code, answer.json()["name"]) == (200, "bob")
    assert who(stranger) == "bob"
    assert HalfLogin.objects.count() == 0


def test_without_a_second_factor_the_contract_of_the_article_holds(app, phone, stranger):
    answer = stranger.post("/login", json=credentials("cy"))
    assert (answer.status_code, answer.json()) == (
        200,
        {"name": "cy", "email": "cy@example.org"},
    )


@pytest.mark.parametrize("setting", ["off", "offered", "administrators", "everybody"])
def test_whoever_has_one_is_asked_for_it_whatever_the_setting_says(make_app, setting):
    app = populate(make_app(SECOND_FACTOR=setting))
    give_factor(app, "bob")
    type_password(in_process(app), "bob")


def test_a_code_without_a_password_is_nothing(app, phone, stranger):
    assert refusal(type_code(stranger, phone.code())) == PASSWORD_FIRST


def test_a_half_login_is_good_for_its_own_user_only(app, phone, stranger):
    give_factor(app, "ada")
    User.objects(name="ada").update(totp_seed="plain:ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    type_password(stranger, "ada")
    assert refusal(type_code(stranger, phone.code())) == WRONG


def test_a_half_login_works_once(app, phone, stranger):
    type_password(stranger, "bob")
    copy = thief_of(stranger, app)
    assert type_code(stranger, phone.code()).status_code == 200
    assert refusal(type_code(copy, give_recovery_code("bob"))) == PASSWORD_FIRST


def test_of_two_requests_with_one_half_login_one_makes_it_whole(app, phone):
    """Each has found it, and each has a code of its own."""
    codes = phone.code(), give_recovery_code("bob")
    with app.test_request_context():
        half, bob = half_logins.find(half_logins.begin(find("bob"), remember=False))
        assert half_logins.finish(half, bob, codes[0], device=None) == "code"
        with pytest.raises(half_logins.PasswordFirst):
            half_logins.finish(half, bob, codes[1], device=None)


def test_a_half_login_is_in_the_database_as_a_hash(app, phone, stranger):
    type_password(stranger, "bob")
    [kept] = HalfLogin._get_collection().find()
    with app.test_request_context(headers={"Cookie": f"session={stranger.cookies['session']}"}):
        token = session["_half_login"]
        assert half_logins.find(token)[1].name == "bob"
    assert token not in str(kept)


@pytest.mark.parametrize("kind", ["a login", "an API token", "a number", "nothing"])
def test_what_is_good_for_something_else_is_no_half_login(app, phone, kind):
    with app.test_request_context():
        bob = find("bob")
        login = logins.start(bob, remember=False, address=None, agent="")
        given = {
            "a login": login.token,
            "an API token": tokens.create(bob, "x", by=OPERATOR),
            "a number": 7,
            "nothing": None,
        }[kind]
        signed = app.session_interface.get_signing_serializer(app).dumps({"_half_login": given})
    browser = in_process(app)
    browser.cookies.set("session", signed)
    assert refusal(type_code(browser, phone.code())) == PASSWORD_FIRST


def test_what_browser_had_a_login_keeps_it_until_the_new_one_is_whole(app):
    browser = log_in(app, "bob")
    phone = give_factor(app, "bob")
    type_password(browser, "bob")
    assert who(browser) == "bob"
    assert type_code(browser, phone.code()).status_code == 200
    assert Login.objects.count() == 1


@pytest.mark.parametrize("remember", [False, True])
def test_whether_to_remember_is_said_with_the_password(app, phone, stranger, remember):
    stranger.post("/login", json=credentials("bob") | {"remember": remember})
    type_code(stranger, phone.code())
    assert Login.objects.get().remembered is remember
    assert ("remember" in stranger.cookies) is remember


# ---- fresh


def test_only_password_and_code_make_a_login_fresh(app, phone, later):
    browser = in_process(app)
    log_in_with(browser, "bob", phone.code())
    later(minutes=16)
    change = {"name": "bob", "email": "new@example.org"}
    assert browser.post("/", json=change).status_code == 401
    type_password(browser, "bob")
    assert refusal(browser.post("/", json=change)) == (401, "fresh_login_required")
    assert type_code(browser, phone.code()).status_code == 200
    assert browser.post("/", json=change).status_code == 200


def test_a_remembered_login_skips_both_and_is_not_fresh(app, phone, stranger):
    stranger.post("/login", json=credentials("bob") | {"remember": True})
    type_code(stranger, phone.code())
    copy = thief_of(stranger, app, "remember")
    assert who(copy) == "bob"
    answer = copy.post("/", json={"name": "bob", "email": "new@example.org"})
    assert refusal(answer) == (401, "fresh_login_required")


def test_an_api_token_skips_both_and_the_device_cookie_neither(app, phone, stranger):
    log_in_with(stranger, "bob", phone.code())
    page = send_form(stranger, "/account/tokens", {"label": "nightly"})
    token = page.text.partition('class="secret">')[2].partition("<")[0]
    program = in_process(app)
    assert who(program, headers={"Authorization": f"Bearer {token}"}) == "bob"
    type_password(thief_of(stranger, app, "device"), "bob")


# ---- each code once


def test_a_code_works_once(app, phone, stranger):
    code = phone.code()
    assert log_in_with(in_process(app), "bob", code).status_code == 200
    assert refusal(log_in_with(stranger, "bob", code)) == WRONG


def test_nor_does_one_before_it(app, phone, stranger, later):
    before = phone.code()
    later(seconds=31)
    assert log_in_with(in_process(app), "bob", phone.code()).status_code == 200
    assert refusal(log_in_with(stranger, "bob", before)) == WRONG


def test_of_many_requests_with_one_code_one_gets_in(app, phone):
    browsers = [in_process(app) for _ in range(LIMIT)]
    for browser in browsers:
        type_password(browser, "bob")
    code = phone.code()
    with ThreadPoolExecutor(LIMIT) as threads:
        answers = list(threads.map(lambda browser: type_code(browser, code), browsers))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (LIMIT - 1)


def test_of_two_that_have_looked_at_it_the_second_finds_it_used(app, phone, monkeypatch):
    """Both requests have found the code right, and neither has used it yet."""
    with app.test_request_context():
        bob = find("bob")
        codes = phone.code(), give_recovery_code("bob")
        bob.reload()
        for code in codes:
            found = [factors._look_at(bob, code, None) for _ in range(2)]
            factors._spend(bob, found[0], found[0].used)
            with pytest.raises(factors.WrongCode):
                factors._spend(bob, found[1], found[1].used)


@pytest.mark.parametrize(
    ("seconds", "good"),
    [(-11, False), (-10, True), (0, True), (29, True), (39, True), (40, False)],
)
def test_a_code_lives_thirty_seconds_and_ten_on_either_side(app, phone, monkeypatch, seconds, good):
    code = phone.totp.at(MOMENT)
    monkeypatch.setattr(factors, "now", lambda: moment(seconds))
    assert (factors._step_of(phone.totp.secret, code) is not None) == good


def moment(seconds):
    return datetime.fromtimestamp(MOMENT + seconds, UTC)


def test_at_no_moment_are_more_than_two_codes_good(app, phone, monkeypatch):
    near = [phone.totp.at(MOMENT, counter_offset=number) for number in range(-3, 4)]
    for second in range(30):
        monkeypatch.setattr(factors, "now", lambda at=second: moment(at))
        good = [one for one in near if factors._step_of(phone.totp.secret, one) is not None]
        assert len(good) in (1, 2)


@pytest.mark.parametrize(
    "code",
    ["", " ", "12345", "1234567", "٠١٢٣٤٥", "12 34 5", "x" * 61, 123456, None, True, {}, ["1"]],
)
def test_what_is_no_code_is_refused_and_no_error(app, phone, stranger, code):
    type_password(stranger, "bob")
    assert type_code(stranger, code).status_code in (401, 422)
    assert who(stranger) is None


def test_a_code_may_be_typed_in_groups(app, phone, stranger):
    code = phone.code()
    assert log_in_with(stranger, "bob", f" {code[:3]} {code[3:]}").status_code == 200


# ---- recovery codes


def test_a_recovery_code_works_once_however_it_is_written(app, phone, stranger):
    code = give_recovery_code("bob")
    written = f"{code[:6].lower()} {code[6:12]}-{code[12:]}"
    assert log_in_with(in_process(app), "bob", written).status_code == 200
    assert refusal(log_in_with(stranger, "bob", code)) == WRONG


def test_recovery_codes_are_kept_as_hashes_and_have_120_bits(app, bob):
    _, codes = set_up(bob)
    assert len(codes) == len(set(codes)) == 10
    for code in codes:
        letters = code.replace("-", "")
        assert len(letters) * 5 == 120
        assert letters not in str(stored("bob"))
        assert factors.hash_secret(letters) in stored("bob")["recovery_hashes"]


def test_seeds_and_recovery_codes_come_from_the_systems_generator(monkeypatch, app, bob):
    asked = []
    real = secrets.token_bytes
    monkeypatch.setattr(secrets, "token_bytes", lambda size: asked.append(size) or real(size))
    phone, _ = set_up(bob)
    assert asked.count(15) == 10
    assert len(phone.totp.secret) * 5 == 160


# ---- guesses


def guess(app, number=LIMIT, browser=None):
    """Type the right password and a wrong code, as somebody does who found the password out."""
    for _ in range(number):
        answer = log_in_with(browser or in_process(app), "bob", "000000")
    return answer


def test_guessing_is_stopped_though_the_password_is_right_before_each(app, phone, stranger):
    assert refusal(guess(app)) == WRONG
    answer = guess(app, 1)
    assert refusal(answer) == TOO_MANY
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert refusal(log_in_with(stranger, "bob", phone.code())) == TOO_MANY


def test_whoever_guesses_keeps_the_user_out_of_no_browser_that_is_known(app, phone, later):
    known = in_process(app)
    log_in_with(known, "bob", phone.code())
    later(seconds=61)
    guess(app, LIMIT + 1)
    assert log_in_with(thief_of(known, app, "device"), "bob", phone.code()).status_code == 200


def test_nor_of_another_where_there_is_a_recovery_code(app, phone, stranger):
    guess(app, LIMIT + 1)
    assert log_in_with(stranger, "bob", give_recovery_code("bob")).status_code == 200


def test_a_browser_of_before_the_second_factor_is_not_known_to_it(app, bob):
    """Whoever had the password alone may have made any number of these."""
    before = thief_of(bob, app, "device")
    give_factor(app, "bob")
    guess(app)
    assert refusal(guess(app, 1, before)) == TOO_MANY


def test_nor_is_one_of_a_former_second_factor(app, phone, later):
    former = in_process(app)
    log_in_with(former, "bob", phone.code())
    later(seconds=61)
    give_factor(app, "bob")
    guess(app)
    assert refusal(guess(app, 1, thief_of(former, app, "device"))) == TOO_MANY


def test_guesses_from_a_known_browser_are_limited_too(app, phone, later):
    known = in_process(app)
    log_in_with(known, "bob", phone.code())
    later(seconds=61)
    assert refusal(guess(app, LIMIT + 1, known)) == TOO_MANY


def test_a_right_code_costs_nothing_and_wrong_ones_stay_counted(app, phone, later):
    guess(app, LIMIT - 1)
    for number in range(3):
        later(seconds=31 * (number + 1))
        assert log_in_with(in_process(app), "bob", phone.code()).status_code == 200
    assert refusal(guess(app, 1)) == WRONG
    assert refusal(guess(app, 1)) == TOO_MANY


def test_the_count_is_of_one_user(app, phone, stranger):
    other = give_factor(app, "cy")
    guess(app, LIMIT + 1)
    assert log_in_with(stranger, "cy", other.code()).status_code == 200


def test_the_default_leaves_a_guesser_little(make_app):
    """Of a million codes at most two are good; twenty guesses a day are one in seventy a year."""
    with make_app().app_context() as context:
        a_day = min(
            limit.amount * 86400 / limit.get_expiry()
            for limit in throttle.parse_many(context.app.config["CODE_LIMIT"])
        )
    assert 1 - (1 - 2 / 10**factors.DIGITS) ** (a_day * 365) < 1 / 65


# ---- the audit log


def test_each_step_is_a_line(app, phone, stranger, events):
    log_in_with(stranger, "bob", "000000")
    type_code(stranger, phone.code())
    said = [(one["event"], one.get("outcome"), one.get("factor")) for one in events()]
    assert said == [
        ("sign_in", "code_wanted", None),
        ("code", "refused", None),
        ("sign_in", "accepted", "code"),
    ]
    log_in_with(in_process(app), "bob", give_recovery_code("bob"))
    said = [(one["event"], one.get("factor")) for one in events()]
    assert said[1:] == [("recovery_code_used", None), ("sign_in", "recovery code")]
    guess(app, LIMIT + 1)
    last = events()[-1]
    assert (last["event"], last["outcome"]) == ("code", "throttled")


def test_no_line_holds_a_code(app, phone, stranger, events):
    codes = [phone.code(), give_recovery_code("bob")]
    for code in codes:
        log_in_with(in_process(app), "bob", code)
    written = str(events())
    assert not any(code in written for code in codes)


def test_the_rules_stand_beside_the_deeds(app, phone):
    with app.test_request_context():
        bob, ada = find("bob"), find("ada")
        for deed in (
            lambda: factors.end(bob, phone.code(), by=ada, device=None),
            lambda: factors.renew_recovery_codes(bob, phone.code(), by=ada, device=None),
            lambda: factors.propose(bob, by=ada),
            lambda: factors.begin(bob, phone.code(), by=ada),
        ):
            with pytest.raises(factors.AnothersRecord):
                deed()
        for deed in (
            lambda: factors.end(bob, phone.code(), by=bob, device=None),
            lambda: factors.propose(bob, by=bob),
        ):
            with pytest.raises(factors.NotWithToken):
                deed()
    assert stored("bob")["totp_step"] == 0


def test_the_password_is_still_what_it_was(app, phone, stranger):
    wrong = credentials("bob") | {"password": PASSWORDS["cy"]}
    answer = stranger.post("/login", json=wrong)
    assert refusal(answer) == (401, "wrong_credentials")
    assert refusal(type_code(stranger, phone.code())) == PASSWORD_FIRST
    assert FACTOR_PAGE not in answer.text
