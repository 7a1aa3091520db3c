"""In the shape of Flask-Security: its blueprint, its forms, a random id in the cookie."""

import secrets

import click
from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.cli import AppGroup
from flask_login import LoginManager, UserMixin, current_user, login_required, logout_user
from flask_login import login_user as _login_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SubmitField
from wtforms.validators import DataRequired, EqualTo, Length

from .pages import render

db = SQLAlchemy()
security = Blueprint("security", __name__)

PAGE = """<!doctype html><h1>{{ title }}</h1><form method="POST">{{ form.hidden_tag() }}
{% for field in form if field.type not in ("CSRFTokenField", "HiddenField") %}
{{ field.label }}{{ field }}{% if field.errors %}<ul><li>{{ field.errors[0] }}</li></ul>{% endif %}
{% endfor %}</form>"""


class Role(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(255), unique=True, nullable=False)
    password = db.Column(db.String(255), nullable=False)
    active = db.Column(db.Boolean(), nullable=False)
    fs_uniquifier = db.Column(db.String(64), unique=True, nullable=False)

    @property
    def is_active(self):
        return self.active

    def get_id(self):
        return self.fs_uniquifier


class Datastore:
    def __init__(self, user_model):
        self.user_model = user_model

    def find_user(self, **by):
        return db.session.scalar(db.select(self.user_model).filter_by(**by))

    def create_user(self, **fields):
        user = self.user_model(active=True, fs_uniquifier=secrets.token_hex(), **fields)
        db.session.add(user)
        db.session.commit()
        return user


def _load_user(user_id):
    user = current_app.extensions["security"].find_user(fs_uniquifier=str(user_id))
    return user if user is not None and user.active else None


def login_user(user, remember=False):
    return _login_user(user, remember)


class LoginForm(FlaskForm):
    email = EmailField("Email Address", [DataRequired()])
    password = PasswordField("Password", [DataRequired()])
    remember = BooleanField("Remember Me")
    next = HiddenField()
    submit = SubmitField("Login")


class RegisterForm(FlaskForm):
    email = EmailField("Email Address", [DataRequired()])
    password = PasswordField("Password", [DataRequired(), Length(min=8)])
    password_confirm = PasswordField("Retype Password", [EqualTo("password")])
    submit = SubmitField("Register")


class ChangePasswordForm(FlaskForm):
    password = PasswordField("Password", [DataRequired()])
    new_password = PasswordField("New Password", [DataRequired(), Length(min=8)])
    new_password_confirm = PasswordField("Retype Password", [EqualTo("new_password")])
    submit = SubmitField("Change Password")


def page(title, form):
    return render(PAGE, title=title, form=form)


def hash_password(password):
    return generate_password_hash(password, "pbkdf2:sha256:1000")


@security.route("/login", methods=["GET", "POST"])
def login():
    if current_user.is_authenticated:
        return redirect(url_for("home"))
    form = LoginForm()
    if form.validate_on_submit():
        user = current_app.extensions["security"].find_user(email=form.email.data)
        if user is not None and check_password_hash(user.password, form.password.data):
            login_user(user, form.remember.data)
            return redirect(url_for("home"))
        form.email.errors = ["Authentication failed - identity or password not valid"]
    return page("Login", form)


@security.route("/logout", methods=["GET", "POST"])
def logout():
    logout_user()
    return redirect(url_for("security.login"))


@security.route("/register", methods=["GET", "POST"])
def register():
    if current_user.is_authenticated:
        return redirect(url_for("home"))
    form = RegisterForm()
    if form.validate_on_submit():
        store = current_app.extensions["security"]
        if store.find_user(email=form.email.data) is None:
            password = hash_password(form.password.data)
            login_user(store.create_user(email=form.email.data, password=password))
        return redirect(url_for("home"))
    return page("Register", form)


@security.route("/change", methods=["GET", "POST"])
@login_required
def change_password():
    form = ChangePasswordForm()
    if form.validate_on_submit():
        if check_password_hash(current_user.password, form.password.data):
            current_user.password = hash_password(form.new_password.data)
            current_user.fs_uniquifier = secrets.token_hex()  # ends every session there is
            db.session.commit()
            login_user(current_user._get_current_object())
            return redirect(url_for("home"))
        form.password.errors = ["Invalid password"]
    return page("Change password", form)


users = AppGroup("users", help="Commands for users, none of which is called add or disable.")


@users.command("reset_access")
@click.argument("identity")
def reset_access(identity):
    found = current_app.extensions["security"].find_user(email=identity)
    found.fs_uniquifier = secrets.token_hex()
    db.session.commit()


def create_app():
    app = Flask(__name__)
    app.cli.add_command(users)
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    app.extensions["security"] = Datastore(User)
    manager = LoginManager(app)
    manager.login_view = "security.login"
    manager.user_loader(_load_user)
    app.register_blueprint(security)

    @app.get("/")
    @login_required
    def home():
        return f"<!doctype html>Hello {current_user.email}{request.args.get('', '')}"

    with app.app_context():
        db.create_all()
    return app
