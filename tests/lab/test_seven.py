"""What other sites' pages can do to whoever is logged in."""

import pytest
from flask import abort, request
from flask_login import current_user, login_required

from flasklogin_tutorial.lab import add_user, new_app, try_seven
from flasklogin_tutorial.steps.variants import VARIANTS


@pytest.fixture
def app():
    app = new_app(VARIANTS["logout-by-get"].create_app, {"SESSION_COOKIE_SAMESITE": None})

    @app.post("/email")
    @login_required
    def change_email():
        current_user.update(email=request.form["email"])
        return "changed"

    add_user(app, "ada", "lovelace")
    add_user(app, "mallory", "attacks")
    return app


def test_all_seven_do_something_to_an_app_without_a_defence(app):
    assert try_seven(app) == {
        "JSON as text": "changed",
        "form": "changed",
        "form, same site": "changed",
        "form, old browser": "changed",
        "login": "is mallory",
        "logout": "logged out",
        "logout by link": "logged out",
    }


def test_what_a_defence_stops_is_a_dash(app):
    @app.before_request
    def refuse_text():
        if request.mimetype == "text/plain":
            abort(415)

    stopped = [name for name, what in try_seven(app).items() if what == "-"]
    assert stopped == ["JSON as text", "login"]


def test_an_app_that_refuses_the_users_own_program_is_said(app):
    app.before_request(lambda: abort(503) if request.path == "/" else None)
    with pytest.raises(RuntimeError, match="refuses Ada's own program: 503"):
        try_seven(app)
