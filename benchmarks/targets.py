"""The apps that are measured, as gunicorn starts them, and the bare Flask-Login beside them."""

import os

from flask import Flask, jsonify, request
from flask_login import LoginManager, UserMixin, current_user, login_user

#: Everybody's password here.
PASSWORD = "four words are enough"


def finished() -> Flask:
    """Make the finished app, with the settings of the environment."""
    from flasklogin_tutorial.app import create_app

    return create_app()


def article() -> Flask:
    """Make the article's app on the server that the environment names."""
    from flasklogin_tutorial.steps.step06_logout_and_user_info import create_app

    return create_app({"MONGODB_SETTINGS": {"host": os.environ["ARTICLE_URI"], "connect": False}})


class Known(UserMixin):
    """A user of the bare app.

    Args:
        name: the name, which is also the id.
    """

    def __init__(self, name: str) -> None:
        self.id = name


def bare() -> Flask:
    """Make an app that keeps its users in a dict: what Flask and Flask-Login cost by themselves."""
    app = Flask(__name__)
    app.secret_key = "some key"
    manager = LoginManager(app)
    users = {f"user{number}": Known(f"user{number}") for number in range(1000)}
    manager.user_loader(users.get)

    @app.post("/login")
    def login():
        login_user(users[request.get_json()["username"]])
        return jsonify(result=200)

    @app.post("/user_info")
    def user_info():
        if not current_user.is_authenticated:
            return jsonify(result=401), 401
        return jsonify(result=200, data={"name": current_user.id})

    return app
