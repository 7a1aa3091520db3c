"""People make accounts for themselves, where a setting says so, and nobody learns who has one."""

import pytest

from flasklogin_tutorial.app import registrations
from flasklogin_tutorial.app.config import BadConfig
from flasklogin_tutorial.app.models import Registration, User
from flasklogin_tutorial.app.orders import read_outbox
from flasklogin_tutorial.lab import trace
from flasklogin_tutorial.visit import in_process

from .conftest import (
    MAIL,
    PAGE,
    QUEUED,
    csrf_token,
    link_of,
    log_in,
    populate,
    send_form,
    stored,
    who,
)

DORA = {"name": "dora", "email": "dora@example.org"}
NEW = "a quite different password"


@pytest.fixture
def app(make_app):
    return populate(make_app(**MAIL, REGISTRATION=True))


@pytest.fixture
def token(app):
    """Ask for an account for dora, and return what the link carries."""
    assert in_process(app).post("/register", json=DORA).status_code == 202
    return link_of(app)


def finish(app, token, password=NEW):
    return in_process(app).post("/welcome", json={"token": token, "password": password})


def is_over(answer):
    return (answer.status_code, answer.json()["code"]) == (404, "link_over")


def test_it_is_off_unless_a_setting_says_otherwise(make_app):
    app = populate(make_app(**MAIL))
    assert in_process(app).post("/register", json=DORA).status_code == 404
    assert "Make an account" not in in_process(app).get("/login", headers=PAGE).text


def test_it_needs_mail(make_app):
    with pytest.raises(BadConfig, match="REGISTRATION"):
        make_app(REGISTRATION=True)


@pytest.mark.parametrize("value", ["yes", None, 2])
def test_its_setting_is_true_or_false(make_app, value):
    with pytest.raises(BadConfig, match="REGISTRATION"):
        make_app(**MAIL, REGISTRATION=value)


def test_somebody_makes_an_account_on_the_pages(app, events):
    browser = in_process(app)
    assert 'href="/register"' in browser.get("/login", headers=PAGE).text
    answer = send_form(browser, "/register", DORA, page="/register")
    assert answer.status_code == 202
    [message] = read_outbox(app)
    assert message["To"] == "dora@example.org"
    assert "dora" not in message.get_content().partition("https")[0]  # no words of a visitor
    assert User.objects(name="dora").first() is None
    token = link_of(app)
    page = f"/welcome?token={token}"
    opened = browser.get(page, headers=PAGE)
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    short = {"token": token, "new_password": "x", "again": "x"}
    assert send_form(browser, "/welcome", short, page=page).status_code == 422
    events()
    form = {"token": token, "new_password": NEW, "again": NEW}
    assert send_form(browser, "/welcome", form, page=page).headers["Location"] == "/login"
    [line] = events()
    assert (line["event"], line["name"]) == ("user_registered", "dora")
    assert who(browser) is None
    given = {"username": "dora", "password": NEW}
    assert browser.post("/login", json=given).json() == {**DORA}
    made = User.objects.get(name="dora")
    assert made.has_confirmed_address
    assert not made.is_admin
    assert made.first_password_until is None


def test_over_the_api_the_answer_is_the_record(app, token):
    answer = finish(app, token)
    assert (answer.status_code, answer.json()) == (201, DORA)
    assert answer.headers["Location"] == "/?name=dora"


@pytest.mark.parametrize("form", [False, True], ids=["JSON", "the form"])
def test_whatever_is_taken_the_answer_and_the_work_are_the_same(make_app, form):
    """The operations are compared, and not the seconds."""
    app = populate(make_app(**QUEUED, REGISTRATION=True))
    seen = []
    for name, email in [
        ("dora", "dora@example.org"),
        ("bob", "dora@example.org"),
        ("B\u043eB".replace("\u043e", "0"), "dora@example.org"),  # looks like bob
        ("dora", "bob@example.org"),
        ("bob", "BOB@example.org"),
    ]:
        browser = in_process(app, address=f"203.0.113.{len(seen) + 1}")
        body = {"name": name, "email": email}
        if form:
            body["csrf_token"] = csrf_token(browser.get("/register", headers=PAGE))
        else:
            browser.get("/register", headers=PAGE)
        sent = {"data": body, "headers": PAGE} if form else {"json": body}
        tried = trace(browser).post("/register", **sent)
        work = [one.split(" {")[0] for one in tried.operations]
        seen.append((tried.response.status_code, tried.response.text, work))
    assert seen[0][0] == 202
    assert seen[0][2] == ["mail_order.insert_one"]
    assert all(one == seen[0] for one in seen)


@pytest.mark.parametrize("name", ["bob", "BOB", "b0b"])
def test_the_mail_tells_that_a_name_is_taken(app, name):
    in_process(app).post("/register", json=DORA | {"name": name})
    [message] = read_outbox(app)
    assert message["To"] == "dora@example.org"
    assert "choose another name" in message["Subject"]
    assert "https://app.example/register" in message.get_content()
    assert link_of(app) is None


def test_the_mail_tells_the_owner_of_an_address_that_there_is_an_account(app):
    in_process(app).post("/register", json={"name": "dora", "email": "BOB@example.org"})
    [message] = read_outbox(app)
    assert message["To"] == "bob@example.org"
    assert "its name is bob" in " ".join(message.get_content().split())
    assert Registration.objects.count() == 0


def test_an_address_that_nobody_confirmed_is_nobodys(app):
    in_process(app).post("/register", json={"name": "dora", "email": "cy@example.org"})
    assert finish(app, link_of(app)).status_code == 201


def test_a_link_works_once_and_looking_at_it_spends_nothing(app, token):
    for verb in ("GET", "HEAD", "GET"):
        assert in_process(app).request(verb, f"/welcome?token={token}").status_code == 200
    assert finish(app, token, "short").status_code == 422
    assert finish(app, token).status_code == 201
    assert is_over(finish(app, token))
    assert User.objects(name="dora").count() == 1


def test_a_newer_link_takes_the_place_of_an_older_one(app, token):
    in_process(app).post("/register", json=DORA | {"name": "dorothea"})
    newer = link_of(app)
    assert is_over(finish(app, token))
    assert finish(app, newer).json()["name"] == "dorothea"


def test_a_link_ends_with_its_time(app, token, later):
    later(hours=25)
    assert is_over(in_process(app).get(f"/welcome?token={token}"))
    assert is_over(finish(app, token))


def test_a_name_that_is_taken_in_the_meantime_is_refused(app, token):
    body = {"name": "d0ra", "password": "compilers are my hobby", "email": "d@example.org"}
    assert log_in(app, "ada").put("/", json=body).status_code == 201
    assert finish(app, token).status_code == 409
    page = f"/welcome?token={token}"
    form = {"token": token, "new_password": NEW, "again": NEW}
    assert send_form(in_process(app), "/welcome", form, page=page).status_code == 409
    assert stored("dora") is None


def test_the_link_of_something_else_makes_no_account(app, token):
    in_process(app).post("/forgot", json={"email": "bob@example.org"})
    reset = link_of(app)
    assert is_over(finish(app, reset))
    answer = in_process(app).post("/reset", json={"token": token, "password": NEW})
    assert is_over(answer)


def test_nobody_makes_themself_an_administrator(app):
    for more in ({"is_admin": True}, {"password": NEW}, {"confirmed_email": "x"}):
        assert in_process(app).post("/register", json=DORA | more).status_code == 422


def test_so_many_mails_are_asked_for_and_no_more(app):
    asked = [
        in_process(app, address=f"203.0.113.{n}").post("/register", json=DORA) for n in range(4)
    ]
    assert [one.status_code for one in asked] == [202, 202, 202, 429]


@pytest.mark.parametrize(
    "email", ["d\u043era@example.org", "a@example.org,b@example.org", "a@example.org\nBcc: b@x.org"]
)
def test_a_bad_address_is_refused(app, email):
    answer = in_process(app).post("/register", json=DORA | {"email": email})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["email"])
    form = DORA | {"email": email}
    assert send_form(in_process(app), "/register", form, "/register").status_code == 422
    assert read_outbox(app) == []


def test_of_two_who_use_a_link_at_the_same_moment_one_makes_the_account(app, token, monkeypatch):
    find, came = registrations.find, []

    def find_for_both(given):
        found = find(given)
        came.append(found)
        if len(came) == 1:
            assert finish(app, token, "the password of mallory").status_code == 201
        return found

    monkeypatch.setattr(registrations, "find", find_for_both)
    assert is_over(finish(app, token))
    assert User.objects(name="dora").count() == 1
