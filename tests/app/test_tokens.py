"""API tokens: what they open, what they do not, and what a bad one is told (RFC 6750)."""

from datetime import timedelta

import pytest

from flasklogin_tutorial.app import models, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.models import ApiToken, User, hash_secret, now
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process

from .conftest import PAGE, credentials, log_in, send_form, stored


@pytest.fixture
def give_token(app):
    def give(name):
        with app.app_context():
            return tokens.create(User.objects.get(name=name), "a test", by=OPERATOR)

    return give


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def program(stranger, give_token):
    """Open a client that acts as bob with a token."""
    stranger.headers.update(bearer(give_token("bob")))
    return stranger


def test_a_program_acts_as_the_user(program):
    assert program.post("/user_info").json()["data"]["name"] == "bob"
    assert program.get("/?name=bob").json() == {"name": "bob", "email": "bob@example.org"}
    assert program.get("/?name=cy").json() == {"name": "cy"}


def test_a_program_of_an_administrator_creates_users(stranger, give_token):
    stranger.headers.update(bearer(give_token("ada")))
    body = {"name": "grace", "password": "compilers are my hobby", "email": "g@example.org"}
    assert stranger.put("/", json=body).status_code == 201


def test_no_session_cookie_is_set_for_a_program(program):
    for answer in (program.post("/user_info"), program.get("/?name=bob"), program.post("/logout")):
        assert answer.ok
        assert "Set-Cookie" not in answer.headers


def test_a_request_with_a_token_costs_one_read(program):
    program.post("/user_info")
    operations = trace(program).post("/user_info").operations
    assert [one.split()[0] for one in operations] == ["api_token.aggregate"]


def test_the_database_holds_a_hash_of_the_token(give_token):
    token = give_token("bob")
    record = ApiToken.objects.get()
    assert token.startswith(tokens.PREFIX)
    assert record.token_hash == hash_secret(token)
    assert token not in str(record.to_mongo())
    assert record.until - record.made == timedelta(days=365)


BAD = {
    "Bearer": 400,
    "Bearer ": 400,
    "Bearer a b": 400,
    "Bearer x": 401,
    "bearer x": 401,
    "Bearer " + "x" * 5000: 401,
    "Bearer ä": 401,
}


@pytest.mark.parametrize("path", ["/user_info", "/", "/logout"])
@pytest.mark.parametrize("header", BAD, ids=lambda header: header[:12])
def test_a_bad_token_is_told_what_is_wrong(app, header, path):
    answer = app.test_client().post(path, headers={"Authorization": header})
    error = "invalid_request" if BAD[header] == 400 else "invalid_token"
    assert (answer.status_code, answer.json["code"]) == (BAD[header], error)
    challenge = answer.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="flasklogin"')
    assert f'error="{error}"' in challenge


def test_a_bad_token_is_told_so_even_where_everybody_may_read(stranger):
    assert stranger.get("/?name=bob", headers=bearer("x")).status_code == 401


@pytest.mark.parametrize("header", ["", "Basic YWRhOng=", "Digest x", "nonsense"])
def test_another_scheme_is_nobody(stranger, header):
    answer = stranger.post("/user_info", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")
    assert "error=" not in answer.headers["WWW-Authenticate"]


def test_a_token_ends_with_its_time_with_its_user_and_when_revoked(app, program, monkeypatch):
    def is_refused():
        answer = program.post("/user_info")
        return answer.status_code == 401 and answer.json()["code"] == "invalid_token"

    assert not is_refused()
    User.objects(name="bob").update(disabled=True)
    assert is_refused()
    User.objects(name="bob").update(disabled=False)
    assert not is_refused()
    with monkeypatch.context() as later:
        moment = now() + timedelta(days=366)
        later.setattr(models, "now", lambda: moment)
        assert is_refused()
    assert not is_refused()
    with app.app_context():
        tokens.revoke(User.objects.get(name="bob"), ApiToken.objects.get().id, by=OPERATOR)
    assert is_refused()


TOO_DANGEROUS = {
    "a password": ("POST", {"name": "bob", "password": "chosen by a program"}),
    "an address": ("POST", {"name": "bob", "email": "new@example.org"}),
    "an account": ("DELETE", {"name": "bob"}),
}


@pytest.mark.parametrize("owner", ["bob", "ada"])
@pytest.mark.parametrize("what", TOO_DANGEROUS)
def test_a_token_does_nothing_that_needs_a_password_just_typed(stranger, give_token, what, owner):
    stranger.headers.update(bearer(give_token(owner)))
    before = stored("bob")
    method, body = TOO_DANGEROUS[what]
    answer = stranger.request(method, "/", json=body)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert stored("bob") == before


@pytest.mark.parametrize("path", ["/account", "/people"])
def test_a_token_opens_no_page(program, path):
    assert program.get(path).status_code == 401


def test_a_token_cannot_make_another(program, give_token):
    answer = program.post("/account/tokens", data={"label": "more"})
    assert answer.status_code == 400  # the form's token is missing
    assert ApiToken.objects.count() == 1


# ---- on the account page


def test_a_token_is_shown_once(app, bob):
    answer = send_form(bob, "/account/tokens", {"label": "nightly backup"})
    assert answer.status_code == 201
    token = answer.text.partition('class="secret">')[2].partition("<")[0]
    assert in_process(app).post("/user_info", headers=bearer(token)).status_code == 200
    page = bob.get("/account", headers=PAGE).text
    assert "nightly backup" in page
    assert token not in page


def test_a_token_is_revoked_on_the_page_by_its_owner_only(app, bob):
    send_form(bob, "/account/tokens", {"label": "nightly backup"})
    path = f"/account/tokens/{ApiToken.objects.get().id}/revoke"
    assert send_form(log_in(app, "cy"), path).status_code == 404
    assert ApiToken.objects.count() == 1
    assert send_form(bob, path).is_redirect
    assert ApiToken.objects.count() == 0
    assert send_form(bob, path).status_code == 404
    assert send_form(bob, "/account/tokens/nonsense/revoke").status_code == 404


@pytest.mark.parametrize("label", ["", "x" * 61, "a\x00b"])
def test_a_token_needs_a_decent_label(bob, label):
    answer = send_form(bob, "/account/tokens", {"label": label})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert ApiToken.objects.count() == 0


def test_the_number_of_tokens_is_limited(app, bob, monkeypatch):
    monkeypatch.setattr(tokens, "MOST_TOKENS", 1)
    send_form(bob, "/account/tokens", {"label": "one"})
    answer = send_form(bob, "/account/tokens", {"label": "two"})
    assert answer.status_code == 409
    assert ApiToken.objects.count() == 1


def test_creating_a_token_asks_for_the_password_again(app):
    browser = in_process(app)
    browser.cookies.set("remember", log_in(app, "bob", remember=True).cookies["remember"])
    answer = send_form(browser, "/account/tokens", {"label": "nightly backup"})
    assert answer.is_redirect
    assert answer.headers["Location"] == "/login?next=%2Faccount"
    assert ApiToken.objects.count() == 0
    browser.post("/login", json=credentials("bob"))
    assert send_form(browser, "/account/tokens", {"label": "nightly backup"}).status_code == 201
