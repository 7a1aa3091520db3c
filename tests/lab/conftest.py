"""The apps that the tests of the lab look at."""

import pytest
from flask import Flask, request
from flask_login import LoginManager, login_user

from .traced import ADA, Member


@pytest.fixture
def app(step_app, add_user):
    """Make the article's complete app with Ada in it."""
    app = step_app("step06")
    add_user(app, **ADA)
    return app


@pytest.fixture
def club():
    """Make a small app without a database: `/login/<name>` logs anybody in."""
    app = Flask("club")
    app.secret_key = "some key"
    manager = LoginManager(app)

    @manager.user_loader
    def load_member(user_id):
        return Member(user_id)

    @app.get("/login/<name>")
    def login(name):
        return f"{login_user(Member(name), remember='remember' in request.args)}"

    return app
