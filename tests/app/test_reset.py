"""A new password by mail: who gets the link, what it opens, and how long."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from flasklogin_tutorial.app import letters, links, orders
from flasklogin_tutorial.app.models import MailedLink, MailOrder, User
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process

from .conftest import (
    ELSEWHERE,
    MAIL,
    PAGE,
    PASSWORDS,
    QUEUED,
    csrf_token,
    link_of,
    log_in,
    populate,
    send_form,
    stored,
    who,
)

NEW = "a quite different password"
BOB = {"email": "bob@example.org"}


@pytest.fixture
def app(make_app):
    """Make an app that sends mail, in which ada and bob have confirmed their address."""
    return populate(make_app(**MAIL))


@pytest.fixture
def token(app):
    """Ask for a reset of bob's password, and return what the link carries."""
    assert in_process(app).post("/forgot", json=BOB).status_code == 202
    return link_of(app)


def reset(app, token, password=NEW):
    return in_process(app).post("/reset", json={"token": token, "password": password})


def can_log_in(app, password, name="bob"):
    given = {"username": name, "password": password}
    return in_process(app).post("/login", json=given).status_code == 200


def is_over(answer):
    return (answer.status_code, answer.json()["code"]) == (404, "link_over")


# ---- asking


def test_on_the_pages_somebody_asks_for_a_link_and_chooses_a_new_password(app):
    browser = in_process(app)
    assert 'href="/forgot"' in browser.get("/login", headers=PAGE).text
    answer = send_form(browser, "/forgot", BOB, page="/forgot")
    assert answer.status_code == 202
    assert "a mail with a link is on its way" in answer.text
    [message] = read_outbox(app)
    assert message["To"] == "bob@example.org"
    token = link_of(app)
    page = f"/reset?token={token}"
    short = send_form(
        browser, "/reset", {"token": token, "new_password": "x", "again": "x"}, page=page
    )
    assert short.status_code == 422
    assert "Use at least 15" in short.text
    form = {"token": token, "new_password": NEW, "again": NEW}
    answer = send_form(browser, "/reset", form, page=page)
    assert answer.headers["Location"] == "/login"
    assert "Your password is changed. Log in with it." in browser.get("/login", headers=PAGE).text
    assert who(browser) is None
    assert can_log_in(app, NEW)
    assert not can_log_in(app, PASSWORDS["bob"])


@pytest.mark.parametrize("form", [False, True], ids=["JSON", "the form"])
def test_whoever_has_the_address_and_whoever_has_not_get_one_answer_for_the_same_work(
    make_app, form
):
    """The operations and the letters are compared, and not the seconds."""
    app = populate(make_app(**QUEUED))
    User.objects(name="ada").update(disabled=True)
    seen = []
    # cy has not confirmed the address, and ada is disabled.
    for name in ("bob", "nobody", "cy", "ada"):
        browser = in_process(app, address=f"203.0.113.{len(seen) + 1}")
        browser.get("/forgot", headers=PAGE)  # the first request makes the indexes
        email = {"email": f"{name}@example.org"}
        if form:
            email["csrf_token"] = csrf_token(browser.get("/forgot", headers=PAGE))
        sent = {"data": email, "headers": PAGE} if form else {"json": email}
        tried = trace(browser).post("/forgot", **sent)
        answer, work = tried.response, [one.split(" {")[0] for one in tried.operations]
        seen.append((answer.status_code, answer.text, work))
        assert not app.extensions["outbox"]
    assert seen[0][0] == 202
    assert seen[0][2] == ["mail_order.insert_one"]
    assert all(one == seen[0] for one in seen)


def test_only_whoever_confirmed_the_address_gets_a_letter_at_the_address_as_it_is_stored(app):
    for email in ("BOB@Example.Org", "cy@example.org", "nobody@example.org"):
        assert in_process(app).post("/forgot", json={"email": email}).status_code == 202
    assert [message["To"] for message in read_outbox(app)] == ["bob@example.org"]


def test_whoever_is_disabled_gets_none(app):
    User.objects(name="bob").update(disabled=True)
    in_process(app).post("/forgot", json=BOB)
    assert read_outbox(app) == []


def test_two_accounts_with_one_address_get_a_letter_each(app):
    User.objects(name="cy").update(**BOB, confirmed_email="bob@example.org")
    in_process(app).post("/forgot", json=BOB)
    texts = [message.get_content() for message in read_outbox(app)]
    assert [re.search(r"new password for\s+(\w+)", text)[1] for text in texts] == ["bob", "cy"]


@pytest.mark.parametrize(
    "email",
    [
        "bob@example.org, mallory@evil.example",
        "bob@example.org\nBcc: mallory@evil.example",
        "b\u043eb@example.org",
        "bob",
        "",
    ],
)
def test_what_is_no_single_plain_address_is_refused(app, email):
    answer = in_process(app).post("/forgot", json={"email": email})
    assert answer.status_code == 422
    assert answer.json()["fields"]["email"]
    assert send_form(in_process(app), "/forgot", {"email": email}, "/forgot").status_code == 422
    assert read_outbox(app) == []


def test_the_link_begins_with_the_setting_whatever_name_the_app_was_asked_by(app):
    for headers in (
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example"},
    ):
        assert in_process(app).post("/forgot", json=BOB, headers=headers).status_code == 202
        text = read_outbox(app)[-1].get_content()
        assert re.search(r"https?://\S+", text)[0].startswith("https://app.example/reset?token=")
        assert "evil" not in read_outbox(app)[-1].as_string()


def test_below_a_path_the_link_has_it(make_app):
    app = populate(make_app(**MAIL | {"PUBLIC_ADDRESS": "https://app.example/shop/"}))
    in_process(app).post("/forgot", json=BOB)
    assert "https://app.example/shop/reset?token=" in read_outbox(app)[-1].get_content()


# ---- how often


def test_to_one_address_so_many_mails_are_sent_wherever_they_are_asked_for(app):
    for name in ("bob", "nobody"):
        answers = [
            in_process(app, address=f"203.0.113.{number}").post(
                "/forgot", json={"email": f"{name}@example.org"}
            )
            for number in range(4)
        ]
        assert [one.status_code for one in answers] == [202, 202, 202, 429]
        assert answers[-1].json()["code"] == "too_many_mails"
        assert int(answers[-1].headers["Retry-After"]) > 0
    assert len(read_outbox(app)) == 3


def test_while_no_more_are_sent_the_latest_link_still_works(app):
    """So strangers who use the limit up keep nobody from a reset."""
    for number in range(4):
        stranger = in_process(app, address=f"203.0.113.{number}")
        stranger.post("/forgot", json=BOB)
    assert reset(app, link_of(app)).status_code == 200


def test_one_visitor_asks_for_so_many_mails_whoever_they_are_for(make_app):
    app = populate(make_app(**MAIL, MAIL_LIMIT_PER_ADDRESS="2 per hour"))
    mallory, bob = in_process(app, address=ELSEWHERE), in_process(app)
    asked = [mallory.post("/forgot", json={"email": f"{n}@example.org"}) for n in range(3)]
    assert [one.status_code for one in asked] == [202, 202, 429]
    assert bob.post("/forgot", json=BOB).status_code == 202


# ---- the link


def test_a_link_works_once(app, token):
    assert reset(app, token).status_code == 200
    assert is_over(reset(app, token, "another password of mallory"))
    assert can_log_in(app, NEW)


def test_of_two_who_use_a_link_at_the_same_moment_one_gets_in(app, token, monkeypatch):
    find, came = links.find, []

    def find_for_both(*given):
        found = find(*given)
        came.append(found)
        if len(came) == 1:
            assert reset(app, token, "the password of mallory").status_code == 200
        return found

    monkeypatch.setattr(links, "find", find_for_both)
    assert is_over(reset(app, token))
    assert can_log_in(app, "the password of mallory")


def test_in_a_crowd_a_link_is_spent_once(app, token):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: reset(app, token, f"{NEW} {n}"), range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [404] * 7


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_looking_at_a_link_spends_nothing(app, token, verb):
    before = MailedLink.objects.get().to_mongo()
    for _ in range(3):
        assert in_process(app).request(verb, f"/reset?token={token}").status_code == 200
    assert MailedLink.objects.get().to_mongo() == before
    assert reset(app, token).status_code == 200


def test_a_newer_link_takes_the_place_of_an_older_one(app, token):
    in_process(app).post("/forgot", json=BOB)
    newer = link_of(app)
    assert is_over(reset(app, token))
    assert reset(app, newer).status_code == 200


def test_a_bad_password_does_not_spend_the_link(app, token):
    for password in ("short", "passwordpassword", "bob@example.org!"):
        answer = reset(app, token, password)
        assert (answer.status_code, list(answer.json()["fields"])) == (422, ["password"])
    assert reset(app, token).status_code == 200


def test_so_many_passwords_are_judged_for_one_link(make_app):
    app = populate(make_app(**MAIL, NEW_PASSWORD_LIMIT="2 per hour"))
    in_process(app).post("/forgot", json=BOB)
    codes = [reset(app, link_of(app), "short").status_code for _ in range(3)]
    assert codes == [422, 422, 429]


def test_a_link_ends_when_the_user_changes_the_password(app, token):
    body = {"name": "bob", "password": NEW, "current_password": PASSWORDS["bob"]}
    assert log_in(app, "bob").post("/", json=body).status_code == 200
    assert is_over(reset(app, token, "the password of mallory"))


def test_a_link_ends_when_the_address_is_another(app, token):
    """However it became another one: a mailbox that was given up is read by others."""
    User.objects(name="bob").update(email="bob@elsewhere.example")
    assert is_over(reset(app, token))


@pytest.mark.parametrize(
    "other", ["", "x", "x" * 43, "x" * 5000, "\x00", "{token}x", "ä", "%00", "../login"]
)
def test_another_text_is_no_link(app, token, other):
    given = other.format(token=token)
    answer = in_process(app).get("/reset", params={"token": given})
    assert is_over(answer)
    assert reset(app, given).status_code in (404, 422)


def test_what_is_for_something_else_is_no_link(app, events):
    """A login, an API token and a confirmation link are random texts of the same kind."""
    bob = log_in(app, "bob", remember=True)
    login = bob.cookies["remember"].partition("|")[0].strip('"')
    page = send_form(bob, "/account/tokens", {"label": "x"}).text
    api_token = page.partition('class="secret">')[2].partition("<")[0]
    send_form(bob, "/account/email", {"email": "bob@elsewhere.example"})
    confirmation = link_of(app)
    events()
    for given in (login, api_token, confirmation):
        assert is_over(in_process(app).get(f"/reset?token={given}"))
        assert is_over(reset(app, given))
    refused = [line for line in events() if line["event"] == "refused"]
    assert {line["code"] for line in refused} == {"link_over"}
    assert can_log_in(app, PASSWORDS["bob"])


def test_a_reset_link_is_no_login_no_token_and_confirms_nothing(app, token):
    bearer = {"Authorization": f"Bearer {token}"}
    assert in_process(app).post("/user_info", headers=bearer).status_code == 401
    assert is_over(log_in(app, "bob").post("/confirm", json={"token": token}))


# ---- what it does


def test_a_reset_ends_everything_logs_nobody_in_and_tells_the_user(app, events):
    others = [log_in(app, "bob"), log_in(app, "bob", remember=True)]
    page = send_form(others[0], "/account/tokens", {"label": "x"}).text
    api_token = page.partition('class="secret">')[2].partition("<")[0]
    browser = in_process(app)
    browser.post("/forgot", json=BOB)
    events()
    answer = browser.post("/reset", json={"token": link_of(app), "password": NEW})
    assert answer.status_code == 200
    assert [who(one) for one in (*others, browser)] == [None, None, None]
    bearer = {"Authorization": f"Bearer {api_token}"}
    assert in_process(app).post("/user_info", headers=bearer).status_code == 401
    message = read_outbox(app)[-1]
    assert message["To"] == "bob@example.org"
    assert "A new password was chosen for your account" in " ".join(message.get_content().split())
    assert "token=" not in message.get_content()
    [line] = [one for one in events() if one["event"] == "password_reset"]
    assert (line["name"], line["user"]) == ("bob", str(stored("bob")["_id"]))


def test_a_reset_ends_a_first_password_which_never_comes_back(app, ada):
    ada = log_in(app, "ada")
    given = "chosen by ada for bob"
    ada.post("/", json={"name": "bob", "password": given})
    in_process(app).post("/forgot", json=BOB)
    answer = reset(app, link_of(app), given)
    assert answer.json()["fields"]["password"] == [
        "This is the password that you were given. Choose another."
    ]
    assert reset(app, link_of(app)).status_code == 200
    assert "first_password_until" not in stored("bob")
    body = {"name": "bob", "password": given, "current_password": NEW}
    browser = in_process(app)
    browser.post("/login", json={"username": "bob", "password": NEW})
    assert browser.post("/", json=body).status_code == 422


# ---- administrators


def test_an_administrator_starts_a_reset_and_learns_no_password(app):
    ada = log_in(app, "ada")
    people = ada.get("/people", headers=PAGE).text
    assert "Mail a reset to" in people
    answer = send_form(ada, f"/people/{stored('bob')['_id']}/start-reset", page="/people")
    assert answer.is_redirect
    [message] = read_outbox(app)
    assert message["To"] == "bob@example.org"
    token = link_of(app)
    assert token not in ada.get("/people", headers=PAGE).text
    assert reset(app, token).status_code == 200


def test_a_command_starts_one_too_and_shows_no_link(app):
    ran = app.test_cli_runner().invoke(args=["users", "start-reset", "bob"])
    assert ran.output == "bob gets a mail with which to choose a new password\n"
    assert reset(app, link_of(app)).status_code == 200


def test_to_an_address_that_is_not_confirmed_nobody_starts_one(app):
    answer = send_form(
        log_in(app, "ada"), f"/people/{stored('cy')['_id']}/start-reset", page="/people"
    )
    assert answer.status_code == 409
    ran = app.test_cli_runner().invoke(args=["users", "start-reset", "cy"])
    assert "has not confirmed an e-mail address" in ran.output
    assert read_outbox(app) == []


def test_without_mail_the_command_says_so(make_app):
    app = populate(make_app())
    ran = app.test_cli_runner().invoke(args=["users", "start-reset", "bob"])
    assert (ran.exit_code, "This app sends no mail." in ran.output) == (1, True)


# ---- secrets


def test_the_page_with_the_link_tells_no_other_page_its_address(app, token):
    for path in (f"/reset?token={token}", "/reset?token=x"):
        answer = in_process(app).get(path, headers=PAGE)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert in_process(app).get("/forgot").headers["Referrer-Policy"] == "same-origin"


def test_the_form_of_a_page_without_a_referrer_is_taken_on_https_and_only_with_its_token(make_app):
    """Flask-WTF asks for a Referer there, and a browser of before 2023 says that it is nowhere."""
    app = populate(make_app(**MAIL, HTTPS=True))
    in_process(app).post("/forgot", json=BOB)
    token, client = link_of(app), app.test_client()
    secure = {"base_url": "https://localhost"}
    page = client.get(f"/reset?token={token}", **secure).text
    proof = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    form = {"token": token, "new_password": NEW, "again": NEW}
    for wrong, status in [({"Origin": "https://evil.example"}, 403), ({}, 400)]:
        assert client.post("/reset", data=form, headers=wrong, **secure).status_code == status
    form["csrf_token"] = proof
    sent = client.post("/reset", data=form, headers={"Origin": "null"}, **secure)
    assert sent.headers["Location"] == "/login"


def test_the_database_and_the_audit_log_hold_neither_link_nor_address(make_app, events):
    app = populate(make_app(**QUEUED))
    browser = in_process(app)
    browser.post("/forgot", json=BOB)
    written = []
    original = letters.write_reset

    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            letters,
            "write_reset",
            lambda user, token: written.append(token) or original(user, token),
        )
        orders.send_waiting()
    [token] = written
    browser.get(f"/reset?token={token}x")
    reset(app, token)
    reset(app, token)
    kept = str([list(one.objects.as_pymongo()) for one in (MailedLink, MailOrder, User)])
    assert token not in kept
    lines = str(events())
    assert token not in lines
    assert "bob@" not in lines


def test_a_request_for_a_reset_is_written_down_with_no_address(app, events):
    events()
    in_process(app).post("/forgot", json=BOB)
    read_outbox(app)
    asked, sent = events()
    assert sent["user"] == str(stored("bob")["_id"])
    assert (asked["event"], sent["event"], sent["kind"]) == ("reset_asked", "mail_sent", "reset")
    assert asked["address"] == "127.0.0.1"
