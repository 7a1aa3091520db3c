"""A factory with an argument; accounts have to be confirmed; the password is a property."""

import secrets

from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import BooleanField, EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import DataRequired, EqualTo

from .pages import render

db = SQLAlchemy()
login_manager = LoginManager()
login_manager.login_view = "auth.login"
auth = Blueprint("auth", __name__)
main = Blueprint("main", __name__)

PAGE = """<!doctype html>{% for each in get_flashed_messages() %}<p>{{ each }}</p>{% endfor %}
{% if form %}<form method="post">{{ form.hidden_tag() }}
{% for field in form if field.type != "CSRFTokenField" %}{{ field.label }} {{ field }}{% endfor %}
</form>{% endif %}{{ text }}"""


class Config:
    SECRET_KEY = secrets.token_hex()
    SQLALCHEMY_DATABASE_URI = "sqlite://"


CONFIGS = {"default": Config}


class Role(db.Model):
    __tablename__ = "roles"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(64), unique=True)


class User(UserMixin, db.Model):
    __tablename__ = "users"
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(64), unique=True, index=True)
    username = db.Column(db.String(64), unique=True, index=True)
    role_id = db.Column(db.Integer, db.ForeignKey("roles.id"))
    password_hash = db.Column(db.String(128))
    confirmed = db.Column(db.Boolean, default=False)

    @property
    def password(self):
        raise AttributeError("password is not a readable attribute")

    @password.setter
    def password(self, password):
        self.password_hash = generate_password_hash(password, "pbkdf2:sha256:1000")

    def verify_password(self, password):
        return check_password_hash(self.password_hash, password)


@login_manager.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


class LoginForm(FlaskForm):
    email = EmailField("Email", [DataRequired()])
    password = PasswordField("Password", [DataRequired()])
    remember_me = BooleanField("Keep me logged in")
    submit = SubmitField("Log In")


class RegistrationForm(FlaskForm):
    email = EmailField("Email", [DataRequired()])
    username = StringField("Username", [DataRequired()])
    password = PasswordField("Password", [DataRequired(), EqualTo("password2")])
    password2 = PasswordField("Confirm password", [DataRequired()])
    submit = SubmitField("Register")


class ChangePasswordForm(FlaskForm):
    old_password = PasswordField("Old password", [DataRequired()])
    password = PasswordField("New password", [DataRequired(), EqualTo("password2")])
    password2 = PasswordField("Confirm new password", [DataRequired()])
    submit = SubmitField("Update Password")


def show(form=None, text=""):
    return render(PAGE, form=form, text=text)


@auth.before_app_request
def before_request():
    is_in = current_user.is_authenticated
    if is_in and not current_user.confirmed and request.blueprint != "auth":
        return redirect(url_for("auth.unconfirmed"))


@auth.get("/unconfirmed")
def unconfirmed():
    return show(text="You have not confirmed your account yet.")


@auth.route("/login", methods=["GET", "POST"])
def login():
    form = LoginForm()
    if form.validate_on_submit():
        user = db.session.scalar(db.select(User).filter_by(email=form.email.data.lower()))
        if user is not None and user.verify_password(form.password.data):
            login_user(user, form.remember_me.data)
            following = request.args.get("next")
            if following is None or not following.startswith("/"):
                following = url_for("main.index")
            return redirect(following)
        flash("Invalid email or password.")
    return show(form)


@auth.get("/logout")
@login_required
def logout():
    logout_user()
    flash("You have been logged out.")
    return redirect(url_for("main.index"))


@auth.route("/register", methods=["GET", "POST"])
def register():
    form = RegistrationForm()
    if form.validate_on_submit():
        user = User(email=form.email.data.lower(), username=form.username.data)
        user.password = form.password.data
        db.session.add(user)
        db.session.commit()
        flash("A confirmation email has been sent to you.")
        return redirect(url_for("auth.login"))
    return show(form)


@auth.route("/change-password", methods=["GET", "POST"])
@login_required
def change_password():
    form = ChangePasswordForm()
    if form.validate_on_submit():
        if current_user.verify_password(form.old_password.data):
            current_user.password = form.password.data
            db.session.commit()
            return redirect(url_for("main.index"))
        flash("Invalid password.")
    return show(form)


@main.get("/")
def index():
    return show(
        text="Hello, " + (current_user.username if current_user.is_authenticated else "you")
    )


@main.get("/user/<username>")
def user(username):
    found = db.first_or_404(db.select(User).filter_by(username=username))
    return show(text=f"{found.username} {found.email if current_user == found else ''}")


def create_app(config_name):
    app = Flask(__name__)
    app.config.from_object(CONFIGS[config_name])
    db.init_app(app)
    login_manager.init_app(app)
    app.register_blueprint(main)
    app.register_blueprint(auth, url_prefix="/auth")
    return app
