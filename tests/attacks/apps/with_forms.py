"""Pages and forms with Flask-WTF against other sites; the users are in a dictionary."""

import secrets

from flask import Flask, redirect, render_template_string, request, session, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_wtf.csrf import CSRFProtect
from werkzeug.security import check_password_hash, generate_password_hash

HASH = "pbkdf2:sha256:1000"

PAGE = """<!doctype html><title>{{ title }}</title>
{% if wrong %}<p role="alert">{{ wrong }}</p>{% endif %}
<form method="post">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{% if current_user.is_authenticated %}
<p>Hello, {{ current_user.id }}</p>
<input name="mail"><input name="new_password" type="password"><button>Change</button>
{% else %}
<input name="email"><input name="pw" type="password">
<input name="keep" type="checkbox"><button>Sign in</button>
{% endif %}
</form>"""


class User(UserMixin):
    def __init__(self, name, mail, password):
        self.id, self.mail = name, mail
        self.hash = generate_password_hash(password, HASH)


def add_user(app, name, email, password, admin):
    app.users[name] = User(name, email, password)


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex(), SESSION_COOKIE_SAMESITE="Lax")
    app.users = {}
    CSRFProtect(app)
    login_manager = LoginManager(app)
    login_manager.login_view = "sign_in"
    login_manager.user_loader(lambda user_id: app.users.get(user_id))

    @app.route("/sign-in", methods=["GET", "POST"])
    def sign_in():
        wrong = ""
        if request.method == "POST":
            user = app.users.get(request.form["email"])
            if user is None:
                wrong = "There is no such user."
            elif not check_password_hash(user.hash, request.form["pw"]):
                wrong = "That is not the password."
            else:
                login_user(user, remember="keep" in request.form)
                return redirect(request.args.get("next") or url_for("account"))
        return render_template_string(PAGE, title="Sign in", wrong=wrong)

    @app.post("/sign-out")
    def sign_out():
        logout_user()
        session.clear()
        return redirect(url_for("sign_in"))

    @app.route("/account", methods=["GET", "POST"])
    @login_required
    def account():
        if request.method == "POST":
            current_user.mail = request.form["mail"]
            current_user.hash = generate_password_hash(request.form["new_password"], HASH)
            return redirect(url_for("account"))
        return render_template_string(PAGE, title="Account")

    @app.post("/account/delete")
    @login_required
    def delete():
        del app.users[current_user.id]
        logout_user()
        return redirect(url_for("sign_in"))

    return app
