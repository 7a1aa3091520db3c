"""A login in two steps: the name on one page, the password on the next. Plain SQL models."""

import secrets

from flask import Flask, redirect, request, session, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from werkzeug.security import check_password_hash, generate_password_hash

from .pages import render

db = SQLAlchemy()

PAGE = """<!doctype html><title>Desk</title><p>{{ wrong }}</p>
<form method="post" action="{{ action }}">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">{{ inputs|safe }}</form>"""


class Account(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    login = db.Column(db.String(80), unique=True, nullable=False)
    full_name = db.Column(db.String(80), nullable=False)
    pw_hash = db.Column(db.String(200), nullable=False)
    active = db.Column(db.Boolean, default=False)

    @property
    def is_active(self):
        return self.active


def page(inputs, action="", wrong=""):
    return render(PAGE, inputs=inputs, action=action, wrong=wrong)


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.login_view = "identify"
    with app.app_context():
        db.create_all()

    @manager.user_loader
    def load(key):
        return db.session.get(Account, int(key))

    def find(login):
        return db.session.scalar(db.select(Account).where(Account.login == login))

    @app.route("/sign-in", methods=["GET", "POST"])
    def identify():
        if request.method == "POST":
            session["login"] = request.form["login"]
            return redirect(url_for("authenticate"))
        return page('<input name="login" autofocus><button>Next</button>')

    @app.route("/sign-in/password", methods=["GET", "POST"])
    def authenticate():
        if "login" not in session:
            return redirect(url_for("identify"))
        wrong = ""
        if request.method == "POST":
            account = find(session["login"])
            known = account is not None and check_password_hash(
                account.pw_hash, request.form["password"]
            )
            if known and login_user(account, remember="keep" in request.form):
                session.pop("login")
                return redirect(url_for("desk"))
            wrong = "That did not work."
        inputs = '<input type="password" name="password">'
        inputs += '<input type="checkbox" name="keep" value="1"><button>Sign in</button>'
        return page(inputs, url_for("authenticate"), wrong)

    @app.post("/sign-out")
    @login_required
    def sign_out():
        logout_user()
        return redirect(url_for("identify"))

    @app.get("/desk")
    @login_required
    def desk():
        return page("<button>Sign out</button>", url_for("sign_out"))

    @app.route("/desk/password", methods=["GET", "POST"])
    @login_required
    def change_password():
        if request.method == "POST":
            old, new, again = (request.form[key] for key in ("old", "new", "again"))
            if check_password_hash(current_user.pw_hash, old) and new == again:
                current_user.pw_hash = generate_password_hash(new, "pbkdf2:sha256:1000")
                db.session.commit()
                return redirect(url_for("desk"))
        names = ("old", "new", "again")
        return page("".join(f'<input type="password" name="{name}">' for name in names))

    return app
