"""SQLAlchemy and blueprints, as a well-known tutorial has them: profiles, remember, and next."""

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
from wtforms import BooleanField, PasswordField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from .pages import render

db = SQLAlchemy()
login_manager = LoginManager()
login_manager.login_view = "auth.login"
main = Blueprint("main", __name__)
auth = Blueprint("auth", __name__, url_prefix="/auth")

PAGE = """<!doctype html><title>{{ title }}</title>
{% if current_user.is_anonymous %}<a href="{{ url_for('auth.login') }}">Login</a>
{% else %}<a href="{{ url_for('auth.logout') }}">Logout</a>{% endif %}
{% for each in get_flashed_messages() %}<p>{{ each }}</p>{% endfor %}
{% if form %}<form action="" method="post" novalidate>{{ form.hidden_tag() }}
{% for field in form if field.type != "CSRFTokenField" %}<p>{{ field.label }} {{ field }}
{% for error in field.errors %}{{ error }}{% endfor %}</p>{% endfor %}</form>{% endif %}
{{ text }}"""


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(64), index=True, unique=True, nullable=False)
    email = db.Column(db.String(120), index=True, unique=True, nullable=False)
    password_hash = db.Column(db.String(256))
    about_me = db.Column(db.String(140))

    def set_password(self, password):
        self.password_hash = generate_password_hash(password, "pbkdf2:sha256:1000")

    def check_password(self, password):
        return check_password_hash(self.password_hash, password)


@login_manager.user_loader
def load_user(id):
    return db.session.get(User, int(id))


class LoginForm(FlaskForm):
    username = StringField("Username", validators=[DataRequired()])
    password = PasswordField("Password", validators=[DataRequired()])
    remember_me = BooleanField("Remember Me")
    submit = SubmitField("Sign In")


class RegistrationForm(FlaskForm):
    username = StringField("Username", validators=[DataRequired()])
    email = StringField("Email", validators=[DataRequired()])
    password = PasswordField("Password", validators=[DataRequired()])
    password2 = PasswordField("Repeat", validators=[DataRequired(), EqualTo("password")])
    submit = SubmitField("Register")

    def validate_username(self, username):
        if db.session.scalar(db.select(User).filter_by(username=username.data)) is not None:
            raise ValidationError("Please use a different username.")


class EditProfileForm(FlaskForm):
    username = StringField("Username", validators=[DataRequired()])
    about_me = TextAreaField("About me", validators=[Length(max=140)])
    submit = SubmitField("Submit")


def page(title, form=None, text=""):
    return render(PAGE, title=title, form=form, text=text)


@auth.route("/login", methods=["GET", "POST"])
def login():
    if current_user.is_authenticated:
        return redirect(url_for("main.index"))
    form = LoginForm()
    if form.validate_on_submit():
        user = db.session.scalar(db.select(User).filter_by(username=form.username.data))
        if user is None or not user.check_password(form.password.data):
            flash("Invalid username or password")
            return redirect(url_for("auth.login"))
        login_user(user, remember=form.remember_me.data)
        return redirect(request.args.get("next") or url_for("main.index"))
    return page("Sign In", form)


@auth.route("/logout")
def logout():
    logout_user()
    return redirect(url_for("main.index"))


@auth.route("/register", methods=["GET", "POST"])
def register():
    if current_user.is_authenticated:
        return redirect(url_for("main.index"))
    form = RegistrationForm()
    if form.validate_on_submit():
        user = User(username=form.username.data, email=form.email.data)
        user.set_password(form.password.data)
        db.session.add(user)
        db.session.commit()
        flash("Congratulations, you are now a registered user!")
        return redirect(url_for("auth.login"))
    return page("Register", form)


@main.route("/")
@main.route("/index")
@login_required
def index():
    return page("Home", text="Hi!")


@main.route("/user/<username>")
@login_required
def user(username):
    found = db.first_or_404(db.select(User).filter_by(username=username))
    return page("Profile", text=found.about_me or "")


@main.route("/edit_profile", methods=["GET", "POST"])
@login_required
def edit_profile():
    form = EditProfileForm(obj=current_user)
    if form.validate_on_submit():
        current_user.username, current_user.about_me = form.username.data, form.about_me.data
        db.session.commit()
        return redirect(url_for("main.edit_profile"))
    return page("Edit Profile", form)


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    login_manager.init_app(app)
    app.register_blueprint(main)
    app.register_blueprint(auth)
    return app
