"""Three apps of one behaviour: a JSON API, pages with forms, and MongoEngine with documents inside.

The API shows the name at `whoami`. The pages and the third app do not: who is calling is then seen
through Flask-Login, or not at all.
"""

import json
import secrets
from functools import wraps
from typing import ClassVar

import mongomock
from flask import Flask, Response, jsonify, redirect, request, url_for
from flask_login import LoginManager, current_user, logout_user
from flask_mongoengine import MongoEngine
from markupsafe import escape
from mongoengine import NotUniqueError
from werkzeug.exceptions import HTTPException

from flasklogin_tutorial.attacks import read_names

from ..apps.hardened import Session as Login
from .core import LIFETIME, LOGINS_AT_ONCE, Refused, Sound, hashed, now

db = MongoEngine()


class StoredLogin(db.Document):
    token = db.StringField(unique=True)
    owner = db.StringField()
    until = db.DateTimeField()

    meta: ClassVar = {"collection": "bank_logins"}


class FlatUser(db.Document):
    name = db.StringField(unique=True)
    hash = db.StringField()
    email = db.StringField()
    is_admin = db.BooleanField(default=False)
    is_disabled = db.BooleanField(default=False)

    meta: ClassVar = {"collection": "bank_users", "allow_inheritance": False, "strict": False}

    @classmethod
    def find(cls, name):
        return cls.objects(name=name).first()

    @classmethod
    def new(cls, name, hash, email, **more):
        return cls(name=name, hash=hash, email=email, **more).save(force_insert=True)

    def get_hash(self):
        return self.hash

    def set_hash(self, hash):
        self.update(hash=hash)

    def get_email(self):
        return self.email

    def set_email(self, email):
        self.update(email=email)


class Credentials(db.EmbeddedDocument):
    hash = db.StringField()
    plain = db.StringField()


class Profile(db.EmbeddedDocument):
    email = db.StringField()
    is_admin = db.BooleanField(default=False)


class NestedUser(db.Document):
    name = db.StringField(unique=True)
    local = db.EmbeddedDocumentField(document_type=Credentials)
    profile = db.EmbeddedDocumentField(document_type=Profile)
    is_disabled = db.BooleanField(default=False)

    meta: ClassVar = {"collection": "bank_nested_users", "strict": False}

    @classmethod
    def find(cls, name):
        return cls.objects(name=name).first()

    @classmethod
    def new(cls, name, hash, email, is_admin=False, **more):
        profile = Profile(email=email, is_admin=is_admin)
        user = cls(name=name, local=Credentials(hash=hash), profile=profile, **more)
        return user.save(force_insert=True)

    @property
    def is_admin(self):
        return self.profile.is_admin

    def get_hash(self):
        return self.local.hash

    def set_hash(self, hash):
        self.update(set__local__hash=hash)

    def get_email(self):
        return self.profile.email

    def set_email(self, email):
        self.update(set__profile__email=email)


class Shape:
    """What the pieces of an app stand on: its documents, and logins that end.

    Args:
        name: the name of the shape.
        users: the class of the users.
        names: what the attacks have to know of its routes and fields, as TOML.
    """

    def __init__(self, name, users, names):
        self.name, self.users, self.names = name, users, read_names(names)

    def __repr__(self):
        return self.name

    def new_login(self, user, remember=False):
        token = secrets.token_urlsafe(32)
        StoredLogin(token=hashed(token), owner=str(user.id), until=now() + LIFETIME).save()
        for older in StoredLogin.objects(owner=str(user.id)).order_by("-until")[LOGINS_AT_ONCE:]:
            older.delete()
        return Login(user, token)

    def find_login(self, token):
        if not isinstance(token, str):
            return None
        found = StoredLogin.objects(token=hashed(token)).first()
        if found is None or found.until < now():
            return None
        user = self.users.objects(id=found.owner).first()
        return Login(user, token) if user else None

    def end_login(self, login):
        StoredLogin.objects(token=hashed(login.token)).delete()

    def end_logins(self, user):
        StoredLogin.objects(owner=str(user.id)).delete()


_MAKE = f"""
[users]
make = "{__name__}:make_user"
disable = "{__name__}:disable_user"
"""

_API = """
[routes]
login = "POST /api/login"
login_page = ""
logout = "POST /api/logout"
whoami = "GET /me"
read = "GET /api/users/{name}"
create = "POST /api/users"
update = "POST /api/users/{name}"
delete = "DELETE /api/users/{name}"
account = ""
end_others = ""
make_token = ""
"""

JSON_API = Shape(
    "json",
    FlatUser,
    _API + _MAKE,
)

FORMS = Shape(
    "forms",
    FlatUser,
    """
    send = "form"
    [routes]
    login = "POST /login"
    login_page = "GET /login"
    logout = "POST /logout"
    whoami = "GET /me"
    read = "GET /users/{name}"
    create = "POST /users"
    update = "POST /users/{name}"
    delete = "POST /users/{name}/delete"
    account = ""
    end_others = ""
    make_token = ""
    [forms]
    csrf_page = "/me"
    """
    + _MAKE,
)

NESTED = Shape(
    "nested",
    NestedUser,
    _API + _MAKE,
)

SHAPES = (JSON_API, FORMS, NESTED)


def make_user(app, name, email, password, admin):
    app.parts.make(name, email, password, is_admin=admin)


def disable_user(app, name):
    app.parts.disable(app.parts.shape.users.find(name))


def build(shape, plant=None):
    """Make an app of a shape.

    Args:
        shape: the shape.
        plant: replaces one of its pieces; None leaves it sound.

    Returns:
        The app.
    """
    parts = Parts(shape)
    if plant is not None:
        plant(parts)
    app = Flask(__name__ if plant is None else plant.__module__)
    app.parts = parts
    app.config.update(
        MONGODB_SETTINGS={
            "db": "bank",
            "host": "mongodb://localhost",
            "mongo_client_class": mongomock.MongoClient,
        },
        SESSION_PROTECTION=None,
    )
    app.config.update(parts.settings)
    db.init_app(app)
    parts.shape.users.ensure_indexes()
    LoginManager(app)
    app.login_manager.user_loader(lambda token: parts.load(token))
    _answer(app, parts)
    (_pages if shape.names.send == "form" else _api)(app, parts)
    parts.finish(app)
    return app


class Parts(Sound):
    """The pieces, and what is made of several of them."""

    def make(self, name, email, password, **more):
        user = self.shape.users.new(name, self.hash(password), email, **more)
        self.stored_besides(user, password)
        return user

    def caller(self):
        """Return the user who is calling; None if nobody is, or if they may not stay."""
        if not current_user.is_authenticated:
            return None
        user = getattr(current_user, "user", current_user)
        return user if self.lets_stay(user) else None

    def create(self, sent):
        caller = self.caller()
        if caller is None:
            raise Refused(401, "log in first")
        if not self.may_create(caller):
            raise Refused(403, "only an admin makes users")
        name, password = sent.get("name"), sent.get("password")
        self.check_record(name, password, sent.get("email"))
        if self.has_the_name(name):
            raise Refused(409, "this name is taken")
        try:
            more = self.extra_fields(sent)
            return self.make(name, sent["email"], password, **more)
        except NotUniqueError:
            raise Refused(409, "this name is taken") from None

    def check_record(self, name, password, email):
        if not self.accepts_name(name):
            raise Refused(422, "the name is not valid")
        if not self.accepts_password(password, name):
            raise Refused(422, "the password is not valid")
        if not isinstance(email, str) or "@" not in email or not email.isprintable():
            raise Refused(422, "the address is not valid")

    def change(self, name, sent):
        caller, user = self.caller(), self.find(name)
        if not self.may_write(caller, user or caller):
            raise Refused(401 if caller is None else 403, "this is not your record")
        if user is None:
            raise Refused(404, "there is nobody of this name")
        self.check_record(name, sent.get("password"), sent.get("email"))
        user.set_email(sent["email"])
        if more := self.extra_fields(sent):
            user.update(**more)
        user.set_hash(self.hash(sent["password"]))
        self.stored_besides(user, sent["password"])
        self.password_changed(user)
        return self.shape.users.find(name)

    def remove(self, name):
        caller, user = self.caller(), self.find(name)
        if not self.may_delete(caller, user or caller):
            raise Refused(401 if caller is None else 403, "this is not your record")
        if user is None:
            raise Refused(404, "there is nobody of this name")
        self.shape.end_logins(user)
        user.delete()
        return user

    def read(self, name):
        user = self.find(name)
        if user is None:
            raise Refused(404, "there is nobody of this name")
        return self.public(user, self.caller())


def _answer(app, parts):
    """Let an app refuse what nobody expects, and give every answer its headers."""
    as_page = parts.shape.names.send == "form"

    def say(status, reason, **headers):
        text = f"<p role='alert'>{escape(reason)}</p>" if as_page else json.dumps({"error": reason})
        kind = "text/html" if as_page else "application/json"
        return Response(text, status, content_type=kind, headers=headers)

    @app.errorhandler(Refused)
    def refuse(error):
        return say(parts.refused_status(error), error.reason, **error.headers)

    @app.errorhandler(HTTPException)
    def refuse_http(error):
        return say(error.code, error.name)

    @app.errorhandler(RecursionError)
    def refuse_depth(error):
        return say(400, "send a JSON object")

    @app.errorhandler(Exception)
    def fail(error):
        answer = parts.on_error(error)
        if answer is None:
            raise error
        return answer

    @app.before_request
    def stay_home():
        if not parts.headers_are_sound():
            raise Refused(400, "there is no such host, or no such cookie")
        writes = request.method not in ("GET", "HEAD", "OPTIONS")
        if writes and not parts.lets_in():
            raise Refused(403, "this request comes from another site")

    @app.after_request
    def add_headers(response):
        for name, value in parts.headers().items():
            response.headers[name] = value
        return response


def _api(app, parts):
    def sent():
        if not parts.takes_body():
            raise Refused(415, "send application/json")
        return parts.read_body()

    @app.post("/api/login")
    def login():
        data = sent()
        user = parts.log_in(data.get("username"), data.get("password"), data.get("remember"))
        if "next" in request.args:
            return redirect(parts.safe_next(request.args["next"]))
        return jsonify(parts.public(user, user))

    @app.route("/api/logout", methods=parts.logout_methods)
    def logout():
        if current_user.is_authenticated:
            parts.log_out(current_user)
        logout_user()
        return jsonify(done=True)

    @app.get("/me")
    def me():
        user = parts.caller()
        if user is None:
            raise Refused(401, "log in first")
        shown = parts.public(user, user) if parts.shape is JSON_API else {"welcome": True}
        return jsonify(shown)

    @app.get("/api/users/<name>")
    def read(name):
        return jsonify(parts.read(name))

    @app.post("/api/users")
    def create():
        user = parts.create(sent())
        return jsonify(parts.public(user, parts.caller())), 201

    @app.post("/api/users/<name>")
    def change(name):
        user = parts.change(name, sent())
        return jsonify(name=user.name)

    @app.delete("/api/users/<name>")
    def delete(name):
        return jsonify(name=parts.remove(name).name)


def _pages(app, parts):
    def hidden():
        return f'<input type="hidden" name="csrf_token" value="{parts.new_token()}">'

    def checked(view):
        """Let a view be called with a token only."""

        @wraps(view)
        def wrapped(**path):
            if not parts.token_fits(request.form.get("csrf_token", "")):
                raise Refused(400, "the form is too old")
            return view(**path)

        return wrapped

    @app.get("/login")
    def login_page():
        inputs = '<input name="username"><input name="password" type="password">'
        box = '<input name="remember" type="checkbox"><button>Log in</button>'
        return f'<form method="post">{hidden()}{inputs}{box}</form>'

    @app.post("/login")
    @checked
    def login():
        form = request.form
        parts.log_in(form.get("username", ""), form.get("password", ""), "remember" in form)
        return redirect(parts.safe_next(request.args.get("next", "/me")))

    def logout():
        if current_user.is_authenticated:
            parts.log_out(current_user)
        logout_user()
        return redirect(url_for("login_page"))

    if "GET" in parts.logout_methods:
        app.add_url_rule("/logout", "logout", logout, methods=["GET", "POST"])
    else:
        app.add_url_rule("/logout", "logout", checked(logout), methods=["POST"])

    @app.get("/me")
    def me():
        if parts.caller() is None:
            return redirect(url_for("login_page"))
        return f"<h1>Welcome back</h1><form method='post' action='/logout'>{hidden()}</form>"

    @app.get("/users/<name>")
    def read(name):
        shown = parts.read(name)
        return "".join(f"<p>{escape(value)}</p>" for value in shown.values())

    @app.post("/users")
    @checked
    def create():
        parts.create(request.form.to_dict())
        return redirect(url_for("me"))

    @app.post("/users/<name>")
    @checked
    def change(name):
        parts.change(name, request.form.to_dict())
        return redirect(url_for("me"))

    @app.post("/users/<name>/delete")
    @checked
    def delete(name):
        parts.remove(name)
        return redirect(url_for("login_page"))
