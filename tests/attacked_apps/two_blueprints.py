"""Two blueprints, each with a login view of its own: the site's, and the office's."""

import secrets

from flask import Blueprint, Flask, abort, redirect, request, url_for
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
site = Blueprint("site", __name__)
office = Blueprint("office", __name__, url_prefix="/office")

LOGIN = """<!doctype html><form method="post">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input name="user"><input type="password" name="pass">
<label><input type="checkbox" name="remember"> Remember me</label>
<button name="go" value="in">Log in</button></form>"""
OWN = """<!doctype html><p>Shop</p><form method="post" action="{{ url_for('.logout') }}">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}"><button>Log out</button></form>
<form method="post" action="{{ url_for('site.settings') }}">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input name="mail" type="email" value="{{ current_user.mail }}">
<input name="pass" type="password"><button>Save</button></form>"""


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user = db.Column(db.String, unique=True, nullable=False)
    mail = db.Column(db.String, nullable=False)
    pass_hash = db.Column(db.String, nullable=False)
    staff = db.Column(db.Boolean, nullable=False, default=False)

    def __init__(self, user, mail, password):
        self.user, self.mail = user, mail
        self.change(password)

    def change(self, password):
        self.pass_hash = generate_password_hash(password, "pbkdf2:sha256:1000")


def log_in(home):
    if request.method == "POST" and "go" in request.form:
        user = db.session.scalar(db.select(User).filter_by(user=request.form["user"]))
        if user is not None and check_password_hash(user.pass_hash, request.form["pass"]):
            login_user(user, remember=bool(request.form.get("remember")))
            return redirect(url_for(home))
    return render(LOGIN)


@site.route("/login", methods=["GET", "POST"])
def login():
    return log_in("site.home")


@site.get("/home")
@login_required
def home():
    return render(OWN)


@site.post("/settings")
@login_required
def settings():
    current_user.mail = request.form["mail"]
    if request.form["pass"]:
        current_user.change(request.form["pass"])
    db.session.commit()
    return redirect(url_for("site.home"))


@site.post("/logout")
@login_required
def logout():
    logout_user()
    return redirect(url_for("site.login"))


@office.route("/login", methods=["GET", "POST"])
def enter():
    return log_in("office.desk")


@office.get("/")
@login_required
def desk():
    if not current_user.staff:
        abort(403)
    return "The office"


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.blueprint_login_views = {"site": "site.login", "office": "office.enter"}
    manager.user_loader(lambda user_id: db.session.get(User, int(user_id)))
    app.register_blueprint(site)
    app.register_blueprint(office)
    with app.app_context():
        db.create_all()
    return app
