"""An app that is made at import and lives under a prefix; accounts can be deleted by a button."""

import secrets

import mongomock
from flask import Flask, abort, redirect, request, url_for
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_mongoengine import MongoEngine
from werkzeug.security import check_password_hash, generate_password_hash

from .pages import render

DATABASE = {"host": "mongodb://localhost", "mongo_client_class": mongomock.MongoClient}

db = MongoEngine()

PAGE = """<!doctype html><title>Wiki</title>
{% for action, names in forms %}<form method="post" action="{{ action }}">
<input type="hidden" name="token" value="{{ token }}">
{% for name in names %}<input name="{{ name }}" type="{{ kinds.get(name, 'text') }}" required>
{% endfor %}<input type="submit" value="{{ action }}"></form>{% endfor %}{{ text }}"""

KINDS = {"passwd": "password", "new_passwd": "password"}


class User(UserMixin, db.Document):
    username = db.StringField(primary_key=True)
    passwd = db.StringField(required=True)
    is_admin = db.BooleanField(default=False)


class Below:
    """Answers below a prefix only."""

    def __init__(self, inner, prefix):
        self.inner, self.prefix = inner, prefix

    def __call__(self, environ, start_response):
        if not environ["PATH_INFO"].startswith(self.prefix):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"There is nothing here."]
        environ["SCRIPT_NAME"] = self.prefix
        environ["PATH_INFO"] = environ["PATH_INFO"][len(self.prefix) :]
        return self.inner(environ, start_response)


def token():
    from flask import session

    return session.setdefault("form_token", secrets.token_hex())


def show(*forms, text=""):
    return render(PAGE, forms=forms, kinds=KINDS, token=token(), text=text)


def make_app():
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secrets.token_hex(),
        APPLICATION_ROOT="/wiki",
        MONGODB_SETTINGS={
            "host": "mongodb://localhost",
            "mongo_client_class": mongomock.MongoClient,
        },
    )
    app.wsgi_app = Below(app.wsgi_app, "/wiki")
    db.init_app(app)
    manager = LoginManager(app)
    manager.login_view = "login"
    manager.user_loader(lambda name: User.objects(pk=name).first())

    @app.before_request
    def check_token():
        if request.method == "POST" and request.form.get("token") != token():
            abort(400)

    @app.route("/login", methods=["GET", "POST"])
    def login():
        if request.method == "POST":
            user = User.objects(pk=request.form["username"]).first()
            if user is not None and check_password_hash(user.passwd, request.form["passwd"]):
                login_user(user)
                return redirect(url_for("start"))
        return show((url_for("login"), ["username", "passwd"]))

    @app.route("/join", methods=["GET", "POST"])
    def join():
        if request.method == "POST":
            if User.objects(pk=request.form["username"]).first() is not None:
                abort(409)
            hashed = generate_password_hash(request.form["passwd"], "pbkdf2:sha256:1000")
            User(username=request.form["username"], passwd=hashed).save()
            return redirect(url_for("login"))
        return show((url_for("join"), ["username", "passwd"]))

    @app.get("/")
    @login_required
    def start():
        forms = [(url_for("logout"), [])]
        for user in User.objects if current_user.is_admin else [current_user]:
            forms.append((url_for("delete", name=user.pk), []))
        return show(*forms, text=f"You are {current_user.username}.")

    @app.post("/logout")
    @login_required
    def logout():
        logout_user()
        return redirect(url_for("login"))

    @app.route("/users/<name>/passwd", methods=["GET", "POST"])
    @login_required
    def change(name):
        user = User.objects(pk=name).first_or_404()
        if request.method == "POST":
            user.passwd = generate_password_hash(request.form["new_passwd"], "pbkdf2:sha256:1000")
            user.save()
            return redirect(url_for("start"))
        return show((url_for("change", name=name), ["new_passwd"]))

    @app.post("/users/<name>/delete")
    @login_required
    def delete(name):
        if current_user.username != name and not current_user.is_admin:
            abort(403)
        User.objects(pk=name).delete()
        return redirect(url_for("login"))

    return app


def __getattr__(name):
    if name == "app":  # as `app = make_app()` does it, for each test anew
        return make_app()
    raise AttributeError(name)
