"""Plain pymongo: the users are documents of a collection, with a small class around each."""

import secrets

import mongomock
from bson import ObjectId
from flask import Flask, flash, redirect, request, url_for
from flask_login import LoginManager, UserMixin, login_required, login_user, logout_user
from werkzeug.security import check_password_hash, generate_password_hash

from .pages import render

PAGE = """<!doctype html>{% for each in get_flashed_messages() %}<p>{{ each }}</p>{% endfor %}
<form method="POST"><input type="text" name="username" required>
<input type="password" name="password" required><input type="submit" value="Login"></form>"""


class User(UserMixin):
    def __init__(self, document):
        self.document = document

    def get_id(self):
        return str(self.document["_id"])

    @property
    def name(self):
        return self.document["user_name"]


def hash_password(password):
    return generate_password_hash(password, "pbkdf2:sha256:1000")


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex())
    app.db = mongomock.MongoClient().app
    manager = LoginManager(app)
    manager.login_view = "login"

    @manager.user_loader
    def load_user(user_id):
        document = app.db.people.find_one({"_id": ObjectId(user_id)})
        return User(document) if document else None

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "POST":
            found = app.db.people.find_one({"user_name": request.form["username"]})
            if found and check_password_hash(found["pw_hash"], request.form["password"]):
                login_user(User(found))
                return redirect(request.args.get("next") or url_for("home"))
            flash("Wrong username or password.")
        return render(PAGE)

    @app.get("/logout")
    def logout():
        logout_user()
        return redirect(url_for("login"))

    @app.get("/")
    @login_required
    def home():
        return "<!doctype html><p>At home.</p>"

    return app
