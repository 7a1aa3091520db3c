"""The lab's people, clock and attacks, on the article's app and on the finished one."""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import add_user, attack, copy_cookies, later, log_in, new_app
from flasklogin_tutorial.steps import step04_user_loader, step06_logout_and_user_info
from flasklogin_tutorial.visit import NotLoggedIn, in_process, read_session

PASSWORD = "four words are enough"
FINISHED = {"TESTING": True, "SECRET_KEY": "for these tests"}


@pytest.fixture(params=["the article's app", "the finished app"])
def app(request):
    if request.param == "the finished app":
        return new_app(create_app, FINISHED)
    return new_app(step06_logout_and_user_info.create_app)


@pytest.fixture
def finished():
    return new_app(create_app, FINISHED)


def who(browser):
    answer = browser.post("/user_info").json()
    return answer["data"].get("name")


def test_somebody_who_was_added_can_log_in(app):
    add_user(app, "ada", PASSWORD)
    with log_in(app, "ada", PASSWORD) as ada:
        assert who(ada) == "ada"


def test_and_has_a_password_of_their_own(finished):
    add_user(finished, "ada", PASSWORD)
    with log_in(finished, "ada", PASSWORD) as ada, later(days=5):
        ada.post("/login", json={"username": "ada", "password": PASSWORD})
        assert who(ada) == "ada"


def test_an_administrator_may_change_others(finished):
    add_user(finished, "ada", PASSWORD)
    add_user(finished, "root", PASSWORD, admin=True)
    change = {"name": "ada", "email": "new@example.org"}
    with log_in(finished, "root", PASSWORD) as root:
        assert root.post("/", json=change).json()["email"] == "new@example.org"


def test_a_refused_command_says_why(finished):
    with pytest.raises(ValueError, match=r"did not add ada: .*at least 15"):
        add_user(finished, "ada", "short")


def test_an_app_without_the_command_says_why():
    app = new_app(step04_user_loader.create_app)
    with pytest.raises(ValueError, match=r"add-user did not add ada: .*add-user"):
        add_user(app, "ada", PASSWORD)


def test_a_refused_login_shows_the_answer(app):
    add_user(app, "ada", PASSWORD)
    with pytest.raises(NotLoggedIn, match=r"ada was not logged in: \d{3} .*Password Error"):
        log_in(app, "ada", "wrong")


def test_copied_cookies_are_the_persons_own(app):
    add_user(app, "ada", PASSWORD)
    with log_in(app, "ada", PASSWORD) as ada, copy_cookies(app, ada) as thief:
        assert who(thief) == "ada"
        assert read_session(thief.cookies) == read_session(ada.cookies)


def test_one_cookie_can_be_copied_alone(finished):
    add_user(finished, "ada", PASSWORD)
    ada = log_in(finished, "ada", PASSWORD, remember=True)
    with ada, copy_cookies(finished, ada, "remember") as thief:
        assert set(thief.cookies.keys()) == {"remember"}
        assert who(thief) == "ada"


def test_a_cookie_that_is_not_there_cannot_be_copied(app):
    add_user(app, "ada", PASSWORD)
    with (
        log_in(app, "ada", PASSWORD) as ada,
        pytest.raises(LookupError, match=r"no cookie 'remember'. It has: .*session"),
    ):
        copy_cookies(app, ada, "remember")


def test_a_browser_elsewhere_is_seen_elsewhere_and_keeps_cookies(finished):
    add_user(finished, "ada", PASSWORD)
    ada = in_process(finished, address="203.0.113.7")
    with ada, copy_cookies(finished, ada) as stranger:
        ada.post("/login", json={"username": "ada", "password": PASSWORD})
        assert who(ada) == "ada" and who(stranger) is None
        assert "203.0.113.7" in ada.get("/account", headers={"Accept": "text/html"}).text
        with copy_cookies(finished, ada, "session") as thief:
            assert who(thief) == "ada"


def test_later_moves_the_clock_of_app_and_cookies(finished):
    add_user(finished, "ada", PASSWORD)
    ada = log_in(finished, "ada", PASSWORD, remember=True)
    with ada, copy_cookies(finished, ada) as thief:
        with later(days=29):
            assert who(thief) == "ada"
        assert who(thief) == "ada"
        with later(days=29), later(days=2):
            assert who(thief) is None


def test_a_copy_is_sent_when_the_cookie_itself_has_ended(finished):
    add_user(finished, "ada", PASSWORD)
    ada = log_in(finished, "ada", PASSWORD, remember=True)
    with ada, copy_cookies(finished, ada) as thief, later(days=31):
        for browser, sends in ((ada, False), (thief, True)):
            sent = browser.get("/?name=ada").request.headers.get("Cookie", "")
            assert ("remember=" in sent) == sends


def test_the_clock_goes_forward_only():
    with pytest.raises(ValueError, match="goes forward"), later(days=-1):
        pass


def test_an_attack_takes_one_line(capsys):
    assert attack(new_app(step06_logout_and_user_info.create_app), "operator-logs-in").got_in
    assert attack(new_app(create_app, FINISHED), "operator-logs-in").held
    assert capsys.readouterr().out == "operator-logs-in: GOT IN\noperator-logs-in: HELD\n"


def test_an_attack_is_shown_with_its_evidence_where_that_is_asked_for(capsys):
    app = new_app(step06_logout_and_user_info.create_app)
    assert attack(app, "operator-logs-in", evidence=True).got_in
    app = new_app(create_app, FINISHED)
    assert attack(app, "operator-logs-in", evidence=True).held
    first, second = capsys.readouterr().out.split("operator-logs-in: ")[1:]
    assert first.startswith("GOT IN\n  attack    A stranger logs in")
    assert second.startswith("HELD\n  attack    A stranger logs in")


def test_what_cannot_be_tried_has_neither_got_in_nor_been_held(capsys):
    tried = attack(new_app(step06_logout_and_user_info.create_app), "remember-for-ever")
    assert not tried.got_in and not tried.held
    said = capsys.readouterr().out
    assert "NOT TRIED" in said and "evidence" in said


def test_an_attack_that_does_not_exist_is_named(app):
    with pytest.raises(ValueError, match="There is no attack 'wish'"):
        attack(app, "wish")
