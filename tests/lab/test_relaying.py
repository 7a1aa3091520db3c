"""The site in the middle does what real ones do: all goes through, and the login stays there."""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import add_user, fill_in, new_app, relay
from flasklogin_tutorial.lab.ada import who
from flasklogin_tutorial.visit import NotAFlaskApp, in_process

LOGIN = {"username": "ada", "password": "countess of lovelace"}
MIDDLE = "https://c1ub.example"


@pytest.fixture
def app():
    app = new_app(create_app, {"SECRET_KEY": "k" * 40, "HTTPS": True, "TESTING": True})
    add_user(app, "ada", "countess of lovelace")
    return app


def test_whoever_logs_in_there_logs_the_owner_of_the_site_in(app):
    middle = relay(app, MIDDLE)
    visitor = middle.open()
    page = fill_in(visitor, "/login", "/login", **LOGIN)
    assert "ada" in page.text
    assert who(middle.mallory) == "ada"
    assert middle.typed["password"] == "countess of lovelace"


def test_the_visitor_has_no_cookie_and_is_nobody_elsewhere(app):
    middle = relay(app, MIDDLE)
    visitor = middle.open()
    fill_in(visitor, "/login", "/login", **LOGIN)
    assert list(visitor.cookies) == []
    assert who(visitor) == "ada"
    assert who(in_process(app)) == "nobody"


def test_what_programs_send_goes_through_too_and_what_comes_back_is_the_apps(app):
    middle = relay(app, MIDDLE)
    visitor = middle.open()
    direct = in_process(app)
    for sent in (LOGIN, LOGIN | {"password": "wrong"}, []):
        asked = visitor.post("/login", json=sent, headers={"Origin": MIDDLE})
        answer = direct.post("/login", json=sent)
        assert (asked.status_code, asked.json()) == (answer.status_code, answer.json())
    assert visitor.get("/nothing?here=1").status_code == 404


def test_an_app_that_is_none_is_refused():
    with pytest.raises(NotAFlaskApp):
        relay(None, MIDDLE)
