"""The pages of the second factor: set up, used, renewed, ended, and demanded by the settings."""

import pytest

from flasklogin_tutorial.app.models import ApiToken, HalfLogin, Login, NewFactor, User
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process

from .conftest import (
    PAGE,
    PASSWORDS,
    credentials,
    csrf_token,
    log_in,
    populate,
    send_form,
    snapshot,
    stored,
    thief_of,
    who,
)
from .phones import (
    FACTOR_PAGE,
    factor_page,
    give_factor,
    give_recovery_code,
    log_in_with,
    read_recovery_codes,
    read_seed,
    set_up,
    steps_used,
    type_password,
)

NEW = "a quite different password"


@pytest.fixture
def app(make_app):
    return populate(make_app(SECOND_FACTOR="offered"))


def press(browser, step="", **form):
    return send_form(browser, f"{FACTOR_PAGE}{step}", form, page=FACTOR_PAGE)


# ---- setting it up


def test_it_begins_with_a_code_that_shows_that_the_telephone_has_it(app, bob):
    assert "/account/second-factor" in bob.get("/account", headers=PAGE).text
    shown = press(bob)
    phone = read_seed(shown)
    assert "<svg" in shown.text
    assert "otpauth://totp/" in shown.text
    assert not User.objects.get(name="bob").has_factor
    wrong = press(bob, "/begin", code="000000")
    assert wrong.status_code == 422
    assert read_seed(wrong).totp.secret == phone.totp.secret
    done = press(bob, "/begin", code=phone.code())
    assert done.status_code == 201
    assert len(read_recovery_codes(done)) == 10
    assert User.objects.get(name="bob").has_factor
    assert NewFactor.objects.count() == 0


def test_the_buttons_of_the_page_with_the_recovery_codes_work(app, bob):
    """The session is a new one since the form was sent, and so is its token."""
    phone = read_seed(press(bob))
    page = press(bob, "/begin", code=phone.code())
    form = {"csrf_token": csrf_token(page)}
    answer = bob.post("/logout", data=form, headers=PAGE, allow_redirects=False)
    assert answer.headers["Location"] == "/login"
    assert who(bob) is None


def test_the_code_that_began_it_opens_nothing_more(app, bob, stranger):
    phone, _ = set_up(bob)
    assert steps_used("bob") > 0
    assert log_in_with(stranger, "bob", phone.code()).status_code == 401


def test_a_login_and_a_token_that_needed_no_code_end(app, bob):
    other = log_in(app, "bob", remember=True)
    send_form(other, "/account/tokens", {"label": "nightly"})
    set_up(bob)
    assert who(bob) == "bob"
    assert who(other) is None
    assert ApiToken.objects.count() == 0


def test_neither_seed_nor_codes_are_shown_a_second_time(app, bob):
    phone, codes = set_up(bob)
    seed = phone.totp.secret
    pages = [factor_page(bob).text, bob.get("/account", headers=PAGE).text, press(bob).text]
    pages += [bob.post("/user_info").text, bob.get("/?name=bob").text, press(bob, "/begin").text]
    for text in pages:
        assert seed[:4] + " " + seed[4:8] not in text
        assert seed not in text
        assert not any(code in text for code in codes)
    assert press(bob).status_code == 409


def test_another_browser_of_the_user_does_not_go_on_with_it(app, bob):
    phone, other = read_seed(press(bob)), log_in(app, "bob")
    assert press(other, "/begin", code=phone.code()).status_code == 409
    assert not User.objects.get(name="bob").has_factor


def test_a_seed_that_was_shown_long_ago_is_worth_nothing(app, bob, later):
    app.config["FRESH_MINUTES"] = 60
    phone = read_seed(press(bob))
    later(minutes=16)
    assert press(bob, "/begin", code=phone.code()).status_code == 409


def test_each_seed_is_another_and_the_last_one_counts(app, bob):
    first, last = read_seed(press(bob)), read_seed(press(bob))
    assert first.totp.secret != last.totp.secret
    assert press(bob, "/begin", code=first.code()).status_code == 422
    assert press(bob, "/begin", code=last.code()).status_code == 201


def test_with_a_first_password_there_is_none(app, ada, stranger):
    ada.post("/", json={"name": "cy", "password": NEW})
    stranger.post("/login", json={"username": "cy", "password": NEW})
    assert "Choose a password of your own first" in factor_page(stranger).text
    assert press(stranger).status_code == 403


def test_where_it_is_off_there_is_none(make_app):
    app = populate(make_app())
    bob = log_in(app, "bob")
    assert "second-factor" not in bob.get("/account", headers=PAGE).text
    assert press(bob).status_code == 403
    assert NewFactor.objects.count() == 0


def test_the_second_of_two_browsers_that_set_one_up_is_refused(app, bob):
    """Both were shown a seed; the first code that comes ends the login of the other."""
    other = log_in(app, "bob")
    phones = read_seed(press(bob)), read_seed(press(other))
    assert press(bob, "/begin", code=phones[0].code()).status_code == 201
    assert who(other) is None


# ---- logging in on the page


def type_password_on_the_page(browser, next=""):
    form = {"username": "bob", "password": PASSWORDS["bob"], "next": next}
    return send_form(browser, "/login", form, page="/login")


def type_code_on_the_page(browser, code):
    page = browser.get("/login/code?next=/people", headers=PAGE)
    assert page.status_code == 200
    return send_form(browser, "/login/code", {"code": code, "next": "/people"}, page="/login/code")


def test_the_page_asks_for_the_code_and_goes_on_to_where_one_wanted(app, stranger):
    phone = give_factor(app, "bob")
    answer = type_password_on_the_page(stranger, "/people")
    assert answer.headers["Location"] == "/login/code?next=/people"
    assert who(stranger) is None
    wrong = type_code_on_the_page(stranger, "000000")
    assert wrong.status_code == 401
    assert "The code is wrong" in wrong.text
    assert type_code_on_the_page(stranger, phone.code()).headers["Location"] == "/people"
    assert who(stranger) == "bob"


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_it_goes_to_no_other_site(app, stranger, wanted):
    phone = give_factor(app, "bob")
    type_password(stranger, "bob")
    form = {"code": phone.code(), "next": wanted}
    answer = send_form(stranger, "/login/code", form, page="/login/code")
    assert answer.headers["Location"] == "/account"


def test_without_a_password_the_page_leads_to_the_login(app, stranger):
    assert stranger.get("/login/code", allow_redirects=False).headers["Location"] == "/login"


def test_whoever_waited_too_long_is_led_to_the_login_and_told(app, stranger, later):
    phone = give_factor(app, "bob")
    type_password(stranger, "bob")
    later(minutes=6)
    answer = type_code_on_the_page(stranger, phone.code())
    assert answer.headers["Location"] == "/login?next=/people"
    assert "The password comes first" in stranger.get("/login", headers=PAGE).text


def test_an_empty_code_is_told_at_its_field(app, stranger):
    give_factor(app, "bob")
    type_password(stranger, "bob")
    answer = type_code_on_the_page(stranger, "")
    assert (answer.status_code, "Fill in this field." in answer.text) == (422, True)


def test_a_logout_ends_the_half_login_too(app, stranger):
    give_factor(app, "bob")
    type_password(stranger, "bob")
    stranger.post("/logout")
    assert HalfLogin.objects.count() == 0


# ---- renewing and ending it


@pytest.fixture
def guarded(app):
    """Open a browser in which bob gave a code just now, with his telephone."""
    phone = give_factor(app, "bob")
    browser = in_process(app)
    log_in_with(browser, "bob", give_recovery_code("bob"))
    browser.phone = phone
    return browser


def test_it_is_ended_with_a_code(app, guarded, stranger):
    other = in_process(app)
    log_in_with(other, "bob", give_recovery_code("bob"))
    assert press(guarded, "/remove", code=guarded.phone.code()).is_redirect
    assert who(guarded) == "bob"
    assert who(other) is None
    left = {"totp_seed", "totp_step", "factor_since"} & set(stored("bob"))
    assert not left
    assert not stored("bob").get("recovery_hashes")
    assert stranger.post("/login", json=credentials("bob")).status_code == 200


@pytest.mark.parametrize("step", ["/remove", "/recovery-codes"])
def test_neither_is_done_without_a_code_or_with_one_that_was_used(app, guarded, step):
    used = guarded.phone.code()
    log_in_with(in_process(app), "bob", used)
    before = snapshot()["User"]
    for code in ("", "000000", used):
        answer = press(guarded, step, code=code)
        assert answer.status_code == 422
        assert 'class="error"' in answer.text
    assert snapshot()["User"] == before


@pytest.mark.parametrize("step", ["/remove", "/recovery-codes"])
def test_neither_is_done_by_a_login_of_long_ago(app, guarded, later, step):
    later(minutes=16)
    before = snapshot()["User"]
    answer = press(guarded, step, code=guarded.phone.code())
    assert answer.headers["Location"].startswith("/login?next=")
    assert snapshot()["User"] == before


@pytest.mark.parametrize("step", ["/remove", "/recovery-codes"])
def test_neither_is_done_where_there_is_no_second_factor(app, bob, step):
    assert press(bob, step, code="000000").status_code == 409


def test_guesses_on_the_page_are_counted(app, guarded):
    app.config["CODE_LIMIT"] = "3 per hour"
    for _ in range(4):
        answer = press(guarded, "/remove", code="000000")
    assert "Wait" in answer.text
    assert "Wait" in press(guarded, "/recovery-codes", code=guarded.phone.code()).text


def test_new_recovery_codes_take_the_place_of_the_former_ones(app, guarded, stranger):
    former = give_recovery_code("bob")
    done = press(guarded, "/recovery-codes", code=guarded.phone.code())
    assert done.status_code == 201
    codes = read_recovery_codes(done)
    assert len(codes) == 10
    assert log_in_with(stranger, "bob", former).status_code == 401
    assert log_in_with(stranger, "bob", codes[0]).status_code == 200
    assert "left: 9" in factor_page(stranger).text


def test_a_recovery_code_makes_new_ones_and_is_gone(app, guarded, stranger):
    code = give_recovery_code("bob")
    assert press(guarded, "/recovery-codes", code=code).status_code == 201
    assert log_in_with(stranger, "bob", code).status_code == 401


def test_what_is_done_to_it_is_written_down(app, bob, ada, events):
    phone, _ = set_up(bob)
    code = give_recovery_code("bob")
    press(bob, "/recovery-codes", code=code)
    press(bob, "/remove", code=give_recovery_code("bob"))
    me = str(stored("bob")["_id"])
    said = [(one["event"], one["by"]) for one in events() if one.get("by")]
    assert said == [
        ("second_factor_on", me),
        ("recovery_codes_renewed", me),
        ("second_factor_off", me),
    ]
    assert phone.totp.secret not in str(events())


# ---- commands


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["users", *arguments])


def test_a_command_lists_who_has_none(app):
    give_factor(app, "bob")
    User.objects(name="cy").update(disabled=True)
    assert run(app, "without-factor").output == "ada\tadministrator\ncy\tdisabled\n"


def test_a_command_takes_it_away_after_a_proof_that_is_written_down(app, guarded, events):
    assert run(app, "remove-factor", "bob").exit_code == 2
    events()
    done = run(app, "remove-factor", "bob", "--proof", "passport, seen by Grace")
    assert done.exit_code == 0
    [line] = events()
    assert (line["event"], line["by"]) == ("second_factor_off", None)
    assert line["proof"] == "passport, seen by Grace"
    assert who(guarded) is None
    assert "no second factor" in run(app, "remove-factor", "bob", "--proof", "again").output


# ---- demanded

ALLOWED = [("GET", FACTOR_PAGE), ("GET", "/login"), ("GET", "/healthz"), ("GET", "/openapi.json")]
REFUSED = [
    ("POST", "/user_info"),
    ("GET", "/?name=bob"),
    ("GET", "/account"),
    ("GET", "/people"),
    ("PUT", "/"),
    ("POST", "/"),
    ("DELETE", "/"),
]


@pytest.mark.parametrize(
    ("setting", "name", "is_meant"),
    [
        ("administrators", "ada", True),
        ("administrators", "bob", False),
        ("everybody", "bob", True),
        ("offered", "ada", False),
    ],
)
def test_a_login_of_whoever_has_to_have_one_opens_nothing_until_they_do(
    make_app, setting, name, is_meant
):
    app = populate(make_app(SECOND_FACTOR=setting))
    browser = log_in(app, name)
    for verb, path in REFUSED:
        answer = browser.request(verb, path, json={} if verb != "GET" else None)
        is_refused = answer.status_code == 403 and answer.json()["code"] == "second_factor_required"
        assert is_refused == is_meant, path
    for verb, path in ALLOWED:
        assert browser.request(verb, path, headers=PAGE).status_code == 200, path
    page = browser.get("/account", headers=PAGE, allow_redirects=False)
    assert page.is_redirect == is_meant
    if is_meant:
        assert page.headers["Location"] == FACTOR_PAGE
        set_up(browser)
    assert who(browser) == name


def test_nor_does_an_api_token(make_app):
    app = populate(make_app(SECOND_FACTOR="offered"))
    page = send_form(log_in(app, "bob"), "/account/tokens", {"label": "nightly"})
    token = page.text.partition('class="secret">')[2].partition("<")[0]
    app = make_app(SECOND_FACTOR="everybody")
    program = in_process(app)
    answer = program.post("/user_info", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["code"] == "second_factor_required"


def test_whoever_has_a_first_password_chooses_their_own_before(make_app):
    app = populate(make_app(SECOND_FACTOR="everybody"))
    give_factor(app, "ada")
    ada, cy = in_process(app), in_process(app)
    log_in_with(ada, "ada", give_recovery_code("ada"))
    ada.post("/", json={"name": "cy", "password": NEW})
    cy.post("/login", json={"username": "cy", "password": NEW})
    assert cy.get("/people", headers=PAGE).url.endswith(FACTOR_PAGE)
    mine = "compilers are my hobby"
    form = {"current_password": NEW, "new_password": mine, "again": mine}
    assert send_form(cy, "/account/password", form).is_redirect
    assert cy.get("/account", headers=PAGE).url.endswith(FACTOR_PAGE)
    set_up(cy)
    assert who(cy) == "cy"


def test_it_is_demanded_of_whoever_becomes_an_administrator_from_the_next_request_on(make_app):
    app = populate(make_app(SECOND_FACTOR="administrators"))
    bob = log_in(app, "bob")
    assert who(bob) == "bob"
    User.objects(name="bob").update(is_admin=True)
    assert bob.post("/user_info").status_code == 403


def test_a_refusal_of_the_kind_is_written_down(make_app, events):
    app = populate(make_app(SECOND_FACTOR="everybody"))
    bob = log_in(app, "bob")
    events()
    bob.get("/account", headers=PAGE, allow_redirects=False)
    [line] = events()
    assert (line["event"], line["code"]) == ("refused", "second_factor_required")


# ---- what it costs


@pytest.mark.parametrize("setting", ["offered", "everybody"])
def test_an_authenticated_request_is_still_one_read(make_app, monkeypatch, setting):
    app = populate(make_app(SECOND_FACTOR=setting))
    give_factor(app, "bob")
    browser = in_process(app)
    log_in_with(browser, "bob", give_recovery_code("bob"))
    collection, asked, inside = type(User._get_collection()), [], []

    def counted(name):
        real = getattr(collection, name)

        def count(self, *args, **more):
            if inside:  # mongomock reads with others of its own
                return real(self, *args, **more)
            asked.append(name)
            inside.append(name)
            try:
                return real(self, *args, **more)
            finally:
                inside.clear()

        return count

    for name in ("aggregate", "find", "find_one", "update_one", "insert_one"):
        monkeypatch.setattr(collection, name, counted(name))
    assert who(browser) == "bob"
    assert factor_page(browser).status_code == 200
    assert asked == ["aggregate"] * 2


def test_a_login_with_a_code_is_eight_operations(app, stranger):
    phone = give_factor(app, "bob")
    stranger.get("/login")  # the first request makes the indexes
    first = trace(stranger).post("/login", json=credentials("bob"))
    second = trace(stranger).post("/login/code", json={"code": phone.code()})
    assert (first.response.status_code, len(first.operations)) == (202, 2)
    assert (second.response.status_code, len(second.operations)) == (200, 6)


def test_a_half_login_leaves_no_login(app, stranger):
    give_factor(app, "bob")
    type_password(stranger, "bob")
    copy = thief_of(stranger, app)
    assert [who(browser) for browser in (stranger, copy)] == [None, None]
    assert Login.objects.count() == 0
