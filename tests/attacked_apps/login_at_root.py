"""MongoEngine and blueprints: the login at `/`, forms with tokens, `get_id` is the name."""

import secrets

import mongomock
from flask import Blueprint, Flask, flash, redirect, request, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_mongoengine import MongoEngine
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import PasswordField, StringField, SubmitField
from wtforms.validators import EqualTo, InputRequired, Length

from .pages import render

DATABASE = {"host": "mongodb://localhost", "mongo_client_class": mongomock.MongoClient}

db = MongoEngine()
login_manager = LoginManager()
login_manager.login_view = "auth.login"
auth = Blueprint("auth", __name__)
home = Blueprint("home", __name__, url_prefix="/homepage")

PAGE = """<!doctype html><title>Sensors</title>
{% for each in get_flashed_messages() %}<p>{{ each }}</p>{% endfor %}
{% if form %}<form method="post">{{ form.hidden_tag() }}
{% for field in form if field.type != "CSRFTokenField" %}{{ field.label }} {{ field }}{% endfor %}
</form>{% endif %}
<p>{{ text }}</p>"""


class User(UserMixin, db.Document):
    name = db.StringField(max_length=30)
    password = db.StringField()

    def get_id(self):
        return self.name


@login_manager.user_loader
def load_user(name):
    return User.objects(name=name).first()


class LoginForm(FlaskForm):
    name = StringField("Name", validators=[InputRequired()])
    password = PasswordField("Password", validators=[InputRequired()])
    submit = SubmitField("Login")


class RegisterForm(FlaskForm):
    name = StringField("Name", validators=[InputRequired(), Length(max=30)])
    password = PasswordField("Password", validators=[InputRequired(), Length(min=6)])
    password2 = PasswordField("Repeat", validators=[EqualTo("password")])
    submit = SubmitField("Register")


@auth.route("/", methods=["GET", "POST"])
def login():
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    form = LoginForm()
    if form.validate_on_submit():
        user = User.objects(name=form.name.data).first()
        if user is not None and check_password_hash(user.password, form.password.data):
            login_user(user)
            return redirect(url_for("home.index"))
        flash("The name or the password is wrong.")
    return render(PAGE, form=form, text="Sign in")


@auth.route("/register", methods=["GET", "POST"])
def register():
    form = RegisterForm()
    if form.validate_on_submit():
        if User.objects(name=form.name.data).first() is None:
            hashed = generate_password_hash(form.password.data, "pbkdf2:sha256:1000")
            User(name=form.name.data, password=hashed).save()
            return redirect(url_for("auth.login"))
        flash("That name is taken.")
    return render(PAGE, form=form, text="Register")


@auth.route("/logout")
@login_required
def logout():
    logout_user()
    return redirect(url_for("auth.login"))


@home.route("/")
@login_required
def index():
    return render(PAGE, form=None, text="The sensors are well.")


@home.route("/sensor")
@login_required
def sensor():
    return render(PAGE, form=None, text=request.args.get("id", "none"))


def create_app():
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secrets.token_hex(),
        MONGODB_SETTINGS={
            "host": "mongodb://localhost",
            "mongo_client_class": mongomock.MongoClient,
        },
    )
    db.init_app(app)
    CSRFProtect(app)
    login_manager.init_app(app)
    app.register_blueprint(auth)
    app.register_blueprint(home)
    return app
