"""The passkeys of an account: how one is added and removed, and what the password is worth then."""

import pytest

from flasklogin_tutorial.app import accounts
from flasklogin_tutorial.app.config import BadConfig
from flasklogin_tutorial.app.models import ApiToken, Challenge, Login, Passkey, User
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.visit import in_process
from flasklogin_tutorial.visit.cbor import decode, encode
from flasklogin_tutorial.visit.encoded import from_text, to_text
from flasklogin_tutorial.visit.soft_key import SoftKey

from .conftest import MAIL, PAGE, credentials, log_in, populate, send_form, snapshot, stored, who
from .keys import LOGIN, NEW, ORIGIN, OWN, add, ask, log_in_by, make, remove, send
from .phones import (
    give_factor,
    give_recovery_code,
    log_in_with,
    read_recovery_codes,
    set_up,
    type_code,
    type_password,
)

PASSWORD = "a quite different password"


@pytest.fixture
def app(make_app):
    return populate(make_app(PASSKEYS=True))


def labels(browser):
    page = browser.get(OWN, headers=PAGE).text
    return [one for one in ("blue key", "telephone", "third") if f"<strong>{one}<" in page]


# ---- added


def test_it_is_added_on_a_page_with_a_name_and_shown_there(app, bob):
    assert "/account/passkeys" in bob.get("/account", headers=PAGE).text
    assert "You have none" in bob.get(OWN, headers=PAGE).text
    done = make(bob, SoftKey(), "blue key")
    assert done.status_code == 201
    assert "never used yet" in done.text
    assert labels(bob) == ["blue key"]
    kept = Passkey.objects.get()
    assert (kept.user, kept.sign_count) == (stored("bob")["_id"], 0)
    assert Challenge.objects.count() == 0


def test_several_may_log_in_and_each_says_when(app, bob, stranger):
    first, second = add(bob), add(bob, "telephone", synced=True)
    assert labels(bob) == ["blue key", "telephone"]
    for key in (first, second):
        assert log_in_by(in_process(app), key).is_redirect
    assert bob.get(OWN, headers=PAGE).text.count("last used") == 2


def test_the_name_of_the_browser_is_proposed(app, bob):
    page = bob.get(
        NEW, headers=PAGE | {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    )
    assert 'value="Firefox on Linux"' in page.text


def test_with_the_first_come_recovery_codes_and_with_the_next_none(app, bob):
    codes = read_recovery_codes(make(bob, SoftKey()))
    assert len(set(codes)) == 10
    assert read_recovery_codes(make(bob, SoftKey(), "telephone")) == []
    User.objects(name="bob").update(recovery_hashes=[])
    assert len(read_recovery_codes(make(bob, SoftKey(), "third"))) == 10
    assert codes[0] not in bob.get(OWN, headers=PAGE).text


def test_whoever_has_a_second_factor_keeps_its_recovery_codes(app, bob):
    give_factor(app, "bob")
    code = give_recovery_code("bob")
    assert read_recovery_codes(make(bob, SoftKey())) == []
    assert log_in_with(in_process(app), "bob", code).status_code == 200


def test_new_recovery_codes_take_the_place_of_the_former_ones(app, bob, stranger, events):
    [former, *_] = read_recovery_codes(make(bob, SoftKey()))
    events()
    done = send_form(bob, f"{OWN}/recovery-codes", page=OWN)
    assert done.status_code == 201
    [code, *rest] = read_recovery_codes(done)
    assert len(rest) == 9
    assert [one["event"] for one in events()] == ["recovery_codes_renewed"]
    assert log_in_with(stranger, "bob", former).status_code == 401
    assert log_in_with(stranger, "bob", code).status_code == 200


def test_without_a_passkey_there_are_no_recovery_codes(app, bob):
    assert send_form(bob, f"{OWN}/recovery-codes", page=OWN).status_code == 404
    assert not stored("bob").get("recovery_hashes")


def test_neither_are_there_for_a_login_that_ended_in_between(app, bob, monkeypatch):
    from flasklogin_tutorial.app import passkeys

    add(bob)
    user, kept = User.objects(name="bob"), stored("bob")["recovery_hashes"]
    real = passkeys.has_passkey
    ended = lambda one: real(one) and user.update(inc__login_epoch=1)  # noqa: E731
    monkeypatch.setattr(passkeys, "has_passkey", ended)
    answer = send_form(bob, f"{OWN}/recovery-codes", page=OWN)
    assert answer.headers["Location"].startswith("/login?next=")
    assert stored("bob")["recovery_hashes"] == kept


def test_codes_of_a_passkey_that_was_never_kept_are_made_anew(app, bob):
    """As if the process had died between the two writes."""
    User.objects(name="bob").update(recovery_hashes=["of codes that nobody was shown"])
    assert len(read_recovery_codes(make(bob, SoftKey()))) == 10


def test_all_other_logins_and_tokens_end(app, bob):
    other = log_in(app, "bob", remember=True)
    send_form(other, "/account/tokens", {"label": "nightly"})
    add(bob)
    assert (who(bob), who(other)) == ("bob", None)
    assert ApiToken.objects.count() == 0


def test_the_id_of_somebody_else_is_not_taken(app, bob, ada):
    hers = add(ada).credentials[0].id
    before = snapshot()
    for browser in (bob, ada):
        answer = make(browser, SoftKey(), "telephone", as_id=hers)
        assert (answer.status_code, "in use already" in answer.text) == (409, True)
    assert snapshot()["Passkey"] == before["Passkey"]
    assert snapshot()["User"] == before["User"]


def test_an_id_that_is_taken_at_the_same_moment_is_refused_by_the_database(
    app, bob, ada, monkeypatch
):
    hers = add(ada).credentials[0].id
    monkeypatch.setattr(
        "flasklogin_tutorial.app.passkeys.challenges.spend", lambda *_, **__: bool(ensured())
    )
    taken = []

    def ensured():
        taken.append(Passkey.objects(credential_id=to_text(hers)).modify(credential_id="moved"))
        return True

    save = Passkey.save

    def late(self, **how):
        Passkey.objects(credential_id="moved").update(credential_id=to_text(hers))
        return save(self, **how)

    monkeypatch.setattr(Passkey, "save", late)
    answer = make(bob, SoftKey(), as_id=hers)
    assert answer.status_code == 409
    assert [one.user for one in Passkey.objects] == [stored("ada")["_id"]]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"origin": "https://1ocalhost.example", "careless": True}, "a page of another address"),
        ({"origin": "http://evil.localhost:5000", "careless": True}, "a page of another address"),
    ],
)
def test_an_answer_to_another_page_is_refused(app, bob, how, said):
    answer = make(bob, SoftKey(), **how)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert not Passkey.objects


def test_a_passkey_for_another_site_is_refused(app, bob):
    asked, key = ask(bob, NEW), SoftKey()
    turned = asked.options | {"rp": {"id": "evil.example"}}
    answer = send(bob, asked, key.register(turned, ORIGIN, careless=True), label="x")
    assert (answer.status_code, "a page of another address" in answer.text) == (422, True)


def test_one_that_asks_for_no_finger_is_refused(app, bob):
    answer = make(bob, SoftKey(verifies=False), careless=True)
    assert (answer.status_code, "asked for no PIN" in answer.text) == (422, True)
    assert not Passkey.objects


@pytest.mark.parametrize("algorithm", [-36, -47, -65535, 0])
def test_a_key_of_a_kind_that_was_not_asked_for_is_refused(app, bob, algorithm):
    asked = ask(bob, NEW)
    answer = SoftKey().register(asked.options, ORIGIN)
    whole = decode(from_text(answer["response"]["attestationObject"]))
    place = whole["authData"].index(b"\x03\x26")  # the algorithm in COSE: 3 is its name, 26 is -7
    whole["authData"] = (
        whole["authData"][: place + 1] + encode(algorithm) + whole["authData"][place + 2 :]
    )
    answer["response"]["attestationObject"] = to_text(encode(whole))
    sent = send(bob, asked, answer, label="x")
    assert (sent.status_code, "is not taken here" in sent.text) == (422, True), sent.text
    assert not Passkey.objects


def test_a_key_that_is_none_is_refused(app, bob):
    """Its point is not on the curve, so nothing it signs could ever be checked."""
    asked = ask(bob, NEW)
    answer = SoftKey().register(asked.options, ORIGIN)
    whole = decode(from_text(answer["response"]["attestationObject"]))
    whole["authData"] = whole["authData"][:-1] + bytes([whole["authData"][-1] ^ 1])
    answer["response"]["attestationObject"] = to_text(encode(whole))
    assert send(bob, asked, answer, label="x").status_code == 422
    assert not Passkey.objects


def test_only_kinds_that_are_checked_are_asked_for(app, bob):
    asked = ask(bob, NEW).options
    assert [one["alg"] for one in asked["pubKeyCredParams"]] == [-7, -8, -257]
    assert asked["attestation"] == "none"
    selection = asked["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")


def test_a_browser_is_told_which_ones_there_are(app, bob):
    key = add(bob)
    [there] = ask(bob, NEW).options["excludeCredentials"]
    assert there["id"] == to_text(key.credentials[0].id)


def test_another_browser_of_the_user_does_not_go_on_with_it(app, bob):
    asked, other = ask(bob, NEW), log_in(app, "bob")
    there = ask(other, NEW)
    there.options = asked.options
    answer = send(other, there, SoftKey().register(asked.options, ORIGIN), label="x")
    assert (answer.status_code, "in another browser" in answer.text) == (422, True)


def test_a_login_of_long_ago_adds_none(app, bob, later):
    asked = ask(bob, NEW)
    later(minutes=16)
    answer = send(bob, asked, SoftKey().register(asked.options, ORIGIN), label="x")
    assert answer.headers["Location"].startswith("/login?next=")
    assert "log in again" in bob.get(OWN, headers=PAGE).text
    assert not Passkey.objects


def test_a_login_that_ended_in_between_adds_none(app, bob, monkeypatch):
    asked = ask(bob, NEW)
    user, spend = User.objects(name="bob"), "flasklogin_tutorial.app.passkeys.challenges.spend"
    monkeypatch.setattr(spend, lambda *_, **__: bool(user.update(inc__login_epoch=1)))
    answer = send(bob, asked, SoftKey().register(asked.options, ORIGIN), label="x")
    assert answer.headers["Location"].startswith("/login?next=")
    assert not Passkey.objects


def test_with_a_first_password_there_is_none(app, ada, stranger):
    ada.post("/", json={"name": "cy", "password": PASSWORD})
    stranger.post("/login", json={"username": "cy", "password": PASSWORD})
    assert "Choose a password of your own first" in stranger.get(OWN, headers=PAGE).text
    assert stranger.get(NEW, headers=PAGE).status_code == 403


def test_questions_without_answers_are_counted_for_each_user(app, bob, ada):
    app.config["SIGN_IN_LIMIT_PER_ADDRESS"] = "3 per hour"
    for label in ("blue key", "telephone", "third", "fourth"):
        add(bob, label)
    for _ in range(3):
        ask(bob, NEW)
    answer = bob.get(NEW, headers=PAGE)
    assert (answer.status_code, "Wait" in answer.text) == (429, True)
    ask(ada, NEW)


def test_there_is_an_end_to_how_many(app, bob):
    for number in range(20):
        Passkey(
            credential_id=str(number), public_key=b"x", user=stored("bob")["_id"], label="x"
        ).save()
    answer = bob.get(NEW, headers=PAGE)
    assert (answer.status_code, "You have 20 passkeys" in answer.text) == (409, True)


@pytest.mark.parametrize("label", ["", "x" * 61, "a  b", "a\x00b"])
def test_a_name_that_will_not_do_is_told_at_its_field(app, bob, label):
    answer = make(bob, SoftKey(), label)
    assert answer.status_code == 422
    assert 'id="label-error"' in answer.text
    assert not Passkey.objects


# ---- removed


def test_one_is_removed_and_the_other_devices_are_logged_out(app, bob, stranger):
    lost, other = add(bob), in_process(app)
    kept = add(bob, "telephone")
    log_in_by(other, lost)
    assert remove(bob).is_redirect
    assert (who(bob), who(other)) == ("bob", None)
    assert labels(bob) == ["telephone"]
    assert log_in_by(stranger, lost).status_code == 401
    assert log_in_by(stranger, kept).is_redirect


def test_that_of_somebody_else_is_not_removed(app, bob, ada):
    add(ada)
    path = f"{OWN}/{Passkey.objects.get().id}/remove"
    assert send_form(bob, path, page=OWN).status_code == 404
    assert send_form(bob, f"{OWN}/no-id/remove", page=OWN).status_code == 404
    assert Passkey.objects.count() == 1


def test_a_login_of_long_ago_removes_none(app, bob, later):
    add(bob)
    path = f"{OWN}/{Passkey.objects.get().id}/remove"
    later(minutes=16)
    assert "/remove" not in bob.get(OWN, headers=PAGE).text
    assert send_form(bob, path, page=OWN).headers["Location"].startswith("/login?next=")
    assert Passkey.objects.count() == 1


def test_the_last_way_in_cannot_be_removed(app, bob):
    add(bob)
    User.objects(name="bob").update(unset__password_hash=True)
    answer = remove(bob)
    assert (answer.status_code, "could not come in any more" in answer.text) == (409, True)
    add(bob, "telephone")
    assert remove(bob).is_redirect
    assert remove(bob, "telephone").status_code == 409
    assert labels(bob) == ["telephone"]


def test_of_two_that_are_removed_at_once_the_last_one_stays(app, bob, monkeypatch):
    """Both requests saw the other's passkey; the login of the second has ended by then."""
    from flasklogin_tutorial.app import passkeys

    add(bob)
    add(bob, "telephone")
    User.objects(name="bob").update(unset__password_hash=True)
    user, unended = User.objects(name="bob"), passkeys.while_not_ended

    def late(by):
        monkeypatch.setattr(passkeys, "while_not_ended", unended)
        user.update(inc__login_epoch=1)
        Passkey.objects(label="telephone").delete()
        return unended(by)

    monkeypatch.setattr(passkeys, "while_not_ended", late)
    assert remove(bob).headers["Location"].startswith("/login?next=")
    assert [one.label for one in Passkey.objects] == ["blue key"]


# ---- what the password is worth


def test_the_password_alone_opens_nothing_any_more(app, bob, stranger):
    key = add(bob)
    type_password(stranger, "bob")
    assert who(stranger) is None
    form = {"username": "bob", "password": credentials("bob")["password"]}
    answer = send_form(stranger, "/login", form, page="/login")
    assert answer.headers["Location"] == "/login/code"
    assert LOGIN in stranger.get("/login/code", headers=PAGE).text
    assert log_in_by(stranger, key).is_redirect
    assert who(stranger) == "bob"


def test_a_recovery_code_after_the_password_opens_once(app, bob, stranger):
    [code, *_] = read_recovery_codes(make(bob, SoftKey()))
    assert log_in_with(stranger, "bob", code).status_code == 200
    again = log_in_with(in_process(app), "bob", code)
    assert again.status_code == 401
    # No telephone makes a next code here.
    for said in ("if a telephone makes yours", "an unused recovery code"):
        assert said in again.json()["advice"]
    assert "left: 9" in stranger.get(OWN, headers=PAGE).text


@pytest.mark.parametrize("code", ["000000", "", "A" * 24])
def test_any_other_code_opens_nothing(app, bob, stranger, code):
    add(bob)
    type_password(stranger, "bob")
    assert type_code(stranger, code).status_code in (401, 422)


def test_after_the_last_passkey_is_removed_the_password_is_enough(app, bob, stranger):
    add(bob)
    remove(bob)
    assert stranger.post("/login", json=credentials("bob")).status_code == 200


def test_a_passkey_does_without_the_code_of_a_telephone(make_app):
    app = populate(make_app(PASSKEYS=True, SECOND_FACTOR="offered"))
    bob = log_in(app, "bob")
    key = add(bob)
    _, codes = set_up(bob)
    assert log_in_by(in_process(app), key).is_redirect
    assert log_in_with(in_process(app), "bob", codes[0]).status_code == 200
    send_form(
        bob, "/account/second-factor/remove", {"code": codes[1]}, page="/account/second-factor"
    )
    assert not stored("bob").get("totp_seed")
    assert log_in_with(in_process(app), "bob", codes[1]).status_code == 401
    assert log_in_with(in_process(app), "bob", codes[2]).status_code == 200


def test_switched_off_again_passkeys_count_for_nothing(app, bob, stranger):
    add(bob)
    app.config["PASSKEYS"] = False
    assert stranger.post("/login", json=credentials("bob")).status_code == 200


def test_switched_on_once_more_the_logins_of_in_between_are_ended_by_a_command(app, bob, stranger):
    add(bob)
    app.config["PASSKEYS"] = False
    stranger.post("/login", json=credentials("bob"))
    app.config["PASSKEYS"] = True
    assert who(stranger) == "bob"
    assert app.test_cli_runner().invoke(args=["users", "sign-out-everybody"]).exit_code == 0
    assert who(stranger) is None
    assert stranger.post("/login", json=credentials("bob")).status_code == 202


# ---- demanded


@pytest.fixture
def demanding(make_app):
    return populate(make_app(PASSKEYS=True, SECOND_FACTOR="everybody"))


def test_a_passkey_is_the_second_factor_that_is_demanded(demanding):
    bob = log_in(demanding, "bob")
    assert bob.get("/account", headers=PAGE, allow_redirects=False).headers["Location"]
    assert OWN in bob.get("/account/second-factor", headers=PAGE).text
    key = add(bob)
    assert who(bob) == "bob"
    visitor = in_process(demanding)
    log_in_by(visitor, key)
    assert who(visitor) == "bob"
    done = send_form(visitor, "/account/tokens", {"label": "nightly"})
    assert done.status_code == 201
    token = done.text.partition('class="secret">')[2].partition("<")[0]
    program = in_process(demanding)
    assert who(program, headers={"Authorization": f"Bearer {token}"}) == "bob"


def test_switched_off_again_it_is_none_for_the_logins_of_before_either(demanding):
    bob = log_in(demanding, "bob")
    add(bob)
    program = in_process(demanding)
    done = send_form(bob, "/account/tokens", {"label": "nightly"})
    token = done.text.partition('class="secret">')[2].partition("<")[0]
    program.headers["Authorization"] = f"Bearer {token}"
    demanding.config["PASSKEYS"] = False
    for browser in (bob, program):
        refused = browser.post("/", json={"name": "bob", "email": "new@example.org"})
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")
    give_factor(demanding, "bob")
    assert (who(bob), who(program)) == ("bob", "bob")


def test_it_takes_no_second_read(demanding, monkeypatch):
    bob = log_in(demanding, "bob")
    add(bob)
    monkeypatch.setattr("flasklogin_tutorial.app.factors.Passkey", None)
    assert who(bob) == "bob"


def test_the_last_one_cannot_be_removed_where_one_is_demanded(demanding):
    bob = log_in(demanding, "bob")
    add(bob)
    assert remove(bob).status_code == 409
    give_factor(demanding, "bob")
    assert remove(bob).is_redirect


def test_a_recovery_code_lets_in_where_one_is_demanded(demanding):
    bob = log_in(demanding, "bob")
    [code, *_] = read_recovery_codes(make(bob, SoftKey()))
    visitor = in_process(demanding)
    assert log_in_with(visitor, "bob", code).status_code == 200
    assert who(visitor) == "bob"


# ---- commands, mail, deletion


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["users", *arguments])


def test_commands_know_of_passkeys(app, bob, stranger):
    key = add(bob)
    assert run(app, "without-factor").output == "ada\tadministrator\ncy\n"
    done = run(app, "remove-factor", "bob", "--proof", "passport, seen by Grace")
    assert done.exit_code == 0, done.output
    assert not Passkey.objects
    assert not stored("bob").get("recovery_hashes")
    assert who(bob) is None
    assert log_in_by(stranger, key).status_code == 401
    assert stranger.post("/login", json=credentials("bob")).status_code == 200
    assert "no second factor" in run(app, "remove-factor", "bob", "--proof", "again").output


def test_the_user_is_told_by_mail_and_the_log_too(make_app, events):
    app = populate(make_app(PASSKEYS=True, **MAIL | {"PUBLIC_ADDRESS": ORIGIN}))
    bob = log_in(app, "bob")
    events()
    add(bob)
    remove(bob)
    letters = [(one["To"], one.get_content()) for one in read_outbox(app)]
    assert [to for to, _ in letters] == ["bob@example.org"] * 2
    assert "A passkey was added" in letters[0][1]
    assert "A passkey was removed" in letters[1][1]
    me = str(stored("bob")["_id"])
    said = [(one["event"], one["by"], one["label"]) for one in events() if "label" in one]
    assert said == [("passkey_added", me, "blue key"), ("passkey_removed", me, "blue key")]


def test_passkeys_go_with_their_user(app, bob):
    add(bob)
    with app.app_context():
        accounts.delete(User.objects.get(name="bob"), by=accounts.OPERATOR)
    assert not Passkey.objects
    assert not Login.objects(user__ne=None)


# ---- settings


def address(text):
    return {"PASSKEYS": True, "PUBLIC_ADDRESS": text}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (address("http://example.org"), "over https only"),
        (address("https://127.0.0.1"), "number of a machine"),
        (address("https://[::1]:8443"), "number of a machine"),
        ({"PASSKEYS": "yes"}, "true or false"),
        ({"PASSKEYS": True, "ENVIRONMENT": "production"}, "PUBLIC_ADDRESS is not set"),
    ],
)
def test_settings_with_which_no_browser_makes_one_are_refused_at_the_start(
    make_app, settings, said
):
    with pytest.raises(BadConfig, match=said):
        make_app(**settings)


@pytest.mark.parametrize(
    ("text", "origin", "host"),
    [
        ("https://Example.org/shop", "https://example.org", "example.org"),
        ("https://example.org:443", "https://example.org", "example.org"),
        ("https://example.org:8443/", "https://example.org:8443", "example.org"),
        ("http://localhost:80", "http://localhost", "localhost"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(make_app, text, origin, host):
    app = populate(make_app(**address(text)))
    bob = log_in(app, "bob")
    asked, key = ask(bob, NEW), SoftKey()
    assert asked.options["rp"]["id"] == host
    done = send(bob, asked, key.register(asked.options, origin), label="x")
    assert done.status_code == 201, done.text


def test_without_its_package_it_is_refused_at_the_start(make_app, monkeypatch):
    from flasklogin_tutorial.app import config

    found = config.find_spec
    missing = "webauthn"
    monkeypatch.setattr(config, "find_spec", lambda name: None if name == missing else found(name))
    with pytest.raises(BadConfig, match="pip install webauthn"):
        make_app(PASSKEYS=True)
    make_app()
