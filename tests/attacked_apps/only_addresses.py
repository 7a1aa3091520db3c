"""A login that takes nothing but an e-mail address; the password lies in an embedded document."""

import secrets

import mongomock
from flask import Flask, redirect, request, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_mongoengine import MongoEngine
from flask_wtf import FlaskForm
from mongoengine import EmbeddedDocument, EmbeddedDocumentField
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, Regexp

from .pages import render

DATABASE = {"host": "mongodb://localhost", "mongo_client_class": mongomock.MongoClient}

db = MongoEngine()

PAGE = """<!doctype html><title>Club</title>
<form method="post">{{ form.hidden_tag() }}{% for field in form %}{{ field.label }}{{ field }}
{% for error in field.errors %}<b>{{ error }}</b>{% endfor %}{% endfor %}
<button>Send</button></form>"""


class Local(EmbeddedDocument):
    password_hash = db.StringField(required=True)


class Member(UserMixin, db.Document):
    email = db.EmailField(required=True, unique=True)
    nickname = db.StringField(required=True)
    local = EmbeddedDocumentField(Local)


class LoginForm(FlaskForm):
    identifier = StringField("Address", [Regexp(r"[^@\s]+@[^@\s]+\.\w+", message="An address!")])
    secret = PasswordField("Password", [DataRequired()])
    stay = BooleanField("Stay signed in")


class PasswordForm(FlaskForm):
    secret = PasswordField("New password", [DataRequired()])


def create_app():
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secrets.token_hex(),
        SESSION_COOKIE_SAMESITE="Lax",
        MONGODB_SETTINGS={
            "host": "mongodb://localhost",
            "mongo_client_class": mongomock.MongoClient,
        },
    )
    db.init_app(app)
    manager = LoginManager(app)
    manager.login_view = "enter"

    @manager.user_loader
    def load(key):
        return Member.objects(pk=key).first()

    @app.route("/enter", methods=["GET", "POST"])
    def enter():
        form = LoginForm()
        if form.validate_on_submit():
            member = Member.objects(email=form.identifier.data).first()
            if member and check_password_hash(member.local.password_hash, form.secret.data):
                login_user(member, remember=form.stay.data)
                return redirect(request.args.get("next", url_for("club")))
            form.secret.errors = ["Wrong address or password."]
        return render(PAGE, form=form)

    @app.get("/leave")
    def leave():
        logout_user()
        return redirect(url_for("enter"))

    @app.get("/club")
    @login_required
    def club():
        return f"Welcome, {current_user.nickname}"

    @app.route("/club/password", methods=["GET", "POST"])
    @login_required
    def set_password():
        form = PasswordForm()
        if form.validate_on_submit():
            hashed = generate_password_hash(form.secret.data, "pbkdf2:sha256:1000")
            current_user.local.password_hash = hashed
            current_user.save()
            return redirect(url_for("club"))
        return render(PAGE, form=form)

    return app
