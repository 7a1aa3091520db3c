"""Every refused deed leaves a line in the audit log, and no stranger fills the disk with them.

That each call of the app leaves one, whoever is refused, is in test_access.py.
"""

import json
import re
from datetime import datetime, timedelta

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from flasklogin_tutorial.app import accounts, line_limit, tokens
from flasklogin_tutorial.app.accounts import OPERATOR
from flasklogin_tutorial.app.line_limit import KINDS, LineLimit
from flasklogin_tutorial.app.models import Login
from flasklogin_tutorial.visit import LOOPBACK, in_process

from .conftest import ELSEWHERE, PAGE, PASSWORDS, credentials, log_in, populate, send_form, stored


@pytest.fixture
def refused(events):
    """Give a function that returns the refusals so far, and forgets all events."""
    return lambda: [one for one in events() if one["event"] == "refused"]


def test_the_line_says_who_asked_for_what_on_whom_and_why(app, bob, refused):
    refused()
    answer = bob.delete("/", json={"name": "ada"})
    assert answer.status_code == 403
    (line,) = refused()
    assert line.pop("time")
    assert line == {
        "event": "refused",
        "code": "forbidden",
        "reason": "The record is another user's.",
        "call": "DELETE /",
        "user": str(stored("ada")["_id"]),
        "name": "ada",
        "by": str(stored("bob")["_id"]),
        "known_by": "login",
        "address": "127.0.0.1",
        "agent": "tutorial-browser",
    }


def form_without_token(bob):
    return bob.post("/account/email", data={"email": "x@example.org"}, headers=PAGE)


def page_of_another_site(bob):
    form = {"email": "x@example.org"}
    return bob.post("/account/email", data=form, headers={"Sec-Fetch-Site": "cross-site"})


def another_ones_login(bob):
    return send_form(bob, f"/account/devices/{'0' * 24}/sign-out")


def another_ones_token(bob):
    return send_form(bob, f"/account/tokens/{'0' * 24}/revoke")


def token_that_opens_nothing(bob):
    return bob.post("/user_info", headers={"Authorization": "Bearer nothing", "Cookie": ""})


def two_tokens(bob):
    return bob.post("/user_info", headers={"Authorization": "Bearer a b", "Cookie": ""})


def host_that_is_none(bob):
    return bob.get("/login", headers={"Host": "a..b"})


@pytest.mark.parametrize(
    ("send", "status", "code", "by"),
    [
        (form_without_token, 400, "form_expired", "bob"),
        (page_of_another_site, 403, "cross_site", "bob"),
        (another_ones_login, 404, "not_found", "bob"),
        (another_ones_token, 404, "not_found", "bob"),
        (token_that_opens_nothing, 401, "invalid_token", None),
        (two_tokens, 400, "invalid_request", None),
        (host_that_is_none, 400, "unknown_host", None),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_goes_round_a_protection_is_written_down(app, bob, refused, send, status, code, by):
    refused()
    assert send(bob).status_code == status
    (line,) = refused()
    assert line["code"] == code
    assert line["by"] == (by and str(stored(by)["_id"]))


def test_an_unlisted_host_is_written_down(make_app, refused):
    browser = in_process(make_app(TRUSTED_HOSTS=["app.example.org"]))
    assert browser.get("/login").status_code == 400
    assert [line["code"] for line in refused()] == ["unknown_host"]


def test_a_refusal_on_a_page_that_asks_again_is_written_down(app, ada, refused):
    refused()
    path = f"/people/{stored('ada')['_id']}"
    assert send_form(ada, f"{path}/delete", page="/people").status_code == 409
    assert send_form(ada, f"{path}/demote", page="/people").status_code == 409
    assert [(one["code"], one["name"]) for one in refused()] == [("last_admin", "ada")] * 2


def test_too_many_new_passwords_are_written_down(make_app, events):
    app = populate(make_app(NEW_PASSWORD_LIMIT="1 per hour"))
    bob = log_in(app, "bob")
    form = {"current_password": PASSWORDS["bob"], "new_password": "short", "again": "short"}
    for status in (422, 429):
        assert send_form(bob, "/account/password", form).status_code == status
    assert [one["code"] for one in events() if one["event"] == "refused"] == ["too_many_passwords"]


def test_mistakes_are_no_refused_deeds(app, bob, refused):
    refused()
    for send in (
        lambda: bob.get("/nowhere"),
        lambda: bob.put("/login"),
        lambda: bob.post("/", json={"name": "bob"}),
        lambda: bob.post("/", json={"name": "nobody", "email": "x@example.org"}),
        lambda: bob.post("/", data="x", headers={"Content-Type": "text/plain"}),
        lambda: in_process(app).post("/login", json=credentials("bob") | {"password": "wrong"}),
        lambda: in_process(app).get("/account", headers=PAGE, allow_redirects=False),
    ):
        assert send().status_code in (302, 401, 404, 405, 415, 422)
    assert refused() == []


def test_no_input_forges_a_line_or_brings_a_secret_into_one(app, caplog, events):
    bob = log_in(app, "bob")
    with app.app_context():
        token = tokens.create(accounts.find("bob"), "x", by=OPERATOR)
    events()
    odd = 'x\r\n{"event": "forged"}\x1b[2J\u2028' + "y" * 300
    secret = "a secret in the wrong place"
    bob.post(f"/people/{odd}/{odd}?q={secret}", data={"password": secret}, headers=PAGE)
    bob.request("DELETE", f"/?{secret}", json={"name": "ada"})
    bob.post("/", json={"name": "ada", "email": "s@example.org", "password": secret})
    bob.post("/user_info", headers={"Cookie": "", "Authorization": f"Bearer {secret.split()[1]}x"})
    bob.put("/", headers={"Authorization": f"Bearer {token}", "Cookie": ""}, json={})
    client = app.test_client()  # a browser sends no such headers
    client.open("/people", method="X\r\n\x00", headers={"User-Agent": odd[3:] * 5})
    client.delete("/", headers={"User-Agent": "\xff" * 10_000})
    said = [one.getMessage() for one in caplog.records if one.name.endswith(".audit")]
    assert len(said) >= 6
    for line in said:
        assert line.isascii()
        assert line.isprintable()
        assert len(line) < 2_000
        assert json.loads(line)["event"] == "refused"
        assert re.fullmatch(r"(\?|[A-Z]+) (\?|/[a-z_]*)", json.loads(line)["call"])
        for hidden in (secret, "secretx", token, *bob.cookies.values(), "s@example.org"):
            assert hidden not in line


def test_while_the_database_is_away_a_refusal_is_still_a_refusal(app, bob, refused, monkeypatch):
    def be_away(token):
        raise ServerSelectionTimeoutError

    refused()
    monkeypatch.setattr(Login, "find", be_away)
    assert page_of_another_site(bob).status_code == 403
    assert [line["by"] for line in refused()] == [None]


# ---- so many and no more


def test_one_visitor_causes_so_many_lines_a_minute_and_no_more(app, events, later):
    many = line_limit.LINES_PER_NETWORK
    stranger = in_process(app)
    for _ in range(many + 7):
        assert stranger.delete("/", json={"name": "ada"}).status_code == 401
    kinds = [one["event"] for one in events()]
    assert kinds == ["refused"] * many + ["leaving_lines_out"]

    assert in_process(app, address=ELSEWHERE).put("/", json={}).status_code == 401
    assert [one["address"] for one in events()] == [ELSEWHERE]

    later(minutes=1)
    stranger.delete("/", json={"name": "ada"})
    first, second = events()
    assert (first["event"], first["number"]) == ("lines_left_out", 7)
    assert second["event"] == "refused"


def test_attempts_to_sign_in_are_bounded_too(make_app, events):
    app = make_app(SIGN_IN_LIMIT_PER_NAME="1 per hour")
    browser = in_process(app)
    for _ in range(line_limit.LINES_PER_NETWORK + 5):
        browser.post("/login", json={"username": "nobody", "password": "x"})
    lines = events()
    assert [one["event"] for one in lines[-2:]] == ["sign_in", "leaving_lines_out"]
    assert len(lines) == line_limit.LINES_PER_NETWORK + 1


def test_what_happened_to_an_account_is_written_however_much_was_refused(app, ada, events):
    for _ in range(line_limit.LINES_PER_NETWORK + 1):
        in_process(app).delete("/", json={"name": "ada"})
    events()
    ada.delete("/", json={"name": "bob"})
    assert [one["event"] for one in events()] == ["user_deleted"]


@pytest.mark.parametrize("networks", [1, 20])
def test_no_noise_of_strangers_buries_what_somebody_with_a_login_tries(app, bob, events, networks):
    for number in range(networks):
        stranger = in_process(app, address=f"203.0.113.{number}" if number else LOOPBACK)
        for _ in range(line_limit.LINES_PER_NETWORK + 1):
            stranger.delete("/", json={"name": "ada"})
    events()
    assert bob.delete("/", json={"name": "ada"}).status_code == 403
    guess = credentials("ada") | {"password": "a guess"}
    assert in_process(app).post("/login", json=guess).status_code == 401
    refusal, attempt = events()
    assert (refusal["event"], refusal["by"]) == ("refused", str(stored("bob")["_id"]))
    assert (attempt["event"], attempt["name"]) == ("sign_in", "ada")


def test_who_has_a_login_buries_only_their_own(app, bob, events):
    for _ in range(line_limit.LINES_PER_NETWORK + 1):
        bob.delete("/", json={"name": "ada"})
    events()
    log_in(app, "cy").delete("/", json={"name": "ada"})
    assert events()[-1]["by"] == str(stored("cy")["_id"])


@pytest.mark.parametrize("kind", KINDS)
def test_all_visitors_together_are_bounded(kind):
    limit, moment = LineLimit(), datetime(2026, 1, 1)
    turns = [limit.take_turn(kind, f"network {number}", moment) for number in range(1000)]
    assert sum(turn.has_room for turn in turns) == line_limit.LINES_OF_A_KIND
    assert sum(turn.begins for turn in turns) == 1
    assert limit.take_turn(kind, "another", moment + timedelta(minutes=1)) == (
        True,
        False,
        1000 - line_limit.LINES_OF_A_KIND,
    )


def test_the_kinds_together_have_what_the_page_says():
    assert line_limit.LINES_OF_A_KIND * len(KINDS) == line_limit.LINES_IN_ALL


def test_a_clock_that_goes_back_does_not_silence_the_log():
    limit, moment = LineLimit(), datetime(2026, 1, 1)
    for _ in range(line_limit.LINES_IN_ALL):
        limit.take_turn("stranger", "one", moment)
    assert limit.take_turn("stranger", "one", moment - timedelta(hours=1)).has_room
