"""A small app that withstands the attacks: the article's routes, and nothing given away.

It shows that each attack can fail. It is written for reading beside the attacks, not for use: its
password hash is cheap so that tests are quick, and its counters forget nothing.
"""

import hashlib
import ipaddress
import re
import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import click
import mongomock
from flask import Flask, abort, jsonify, redirect, request, session
from flask.cli import AppGroup
from flask_login import LoginManager, current_user, login_required, login_user, logout_user
from flask_mongoengine import MongoEngine
from mongoengine import NotUniqueError
from werkzeug.exceptions import HTTPException
from werkzeug.security import check_password_hash, generate_password_hash

db = MongoEngine()

HASH = "pbkdf2:sha256:1000"
NAME = re.compile(r"[a-z0-9._-]{1,64}\Z")
EASY = re.compile(r"password|12345|qwerty|(.)\1{5}")
EMAIL = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+\Z")
LIFETIME = timedelta(days=14)
TRIES_FOR_A_NAME, TRIES_FOR_A_NETWORK = 10, 40
LOGINS_AT_ONCE = 20

#: Checked where there is no such user, so that both take the same work.
NOBODY = generate_password_hash("nobody", HASH)


class HardenedUser(db.Document):
    name = db.StringField(unique=True)
    hash = db.StringField()
    email = db.StringField()
    is_admin = db.BooleanField(default=False)
    disabled = db.BooleanField(default=False)


class HardenedLogin(db.Document):
    """One login: its token, hashed, is the id that Flask-Login sees."""

    token = db.StringField(unique=True)
    user = db.ReferenceField(document_type=HardenedUser)
    until = db.DateTimeField()


class Session:
    """What Flask-Login calls a user: a user, and the token of this login."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, user, token):
        self.user, self.token = user, token

    def get_id(self):
        return self.token


def hashed(token):
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def end_logins(user):
    HardenedLogin.objects(user=user).delete()


def network():
    """Return where a request comes from: of an IPv6 address the half that is its owner's."""
    address = ipaddress.ip_address(request.remote_addr)
    return str(ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False))


def private(user):
    return {"name": user.name, "email": user.email}


def refuse(status, reason):
    response = jsonify(status=status, reason=reason)
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Cookie realm="login"'
    if status == 429:
        response.headers["Retry-After"] = "60"
    abort(response)


def fields(**patterns):
    """Return the fields of a JSON object of texts; refuse everything else."""
    if request.mimetype != "application/json":
        refuse(415, "send application/json")
    record = request.get_json(silent=True)
    if not isinstance(record, dict):
        refuse(400, "send a JSON object")
    if set(record) - set(patterns):
        refuse(422, "there is a field too many")
    for key, accepts in patterns.items():
        if not accepts(record.get(key)):
            refuse(422, f"{key} is not valid")
    return record


def is_name(value):
    return isinstance(value, str) and NAME.match(value)


def is_email(value):
    return isinstance(value, str) and EMAIL.match(value)


def is_password(value):
    fits = isinstance(value, str) and 15 <= len(value) <= 128 and value.isprintable()
    return fits and not EASY.search(value)


def is_text(value):
    return isinstance(value, str) and 0 < len(value) <= 128 and value.isprintable()


def is_switch(value):
    return value in (None, True, False)


def may_write(name):
    user = current_user.user
    if not (user.is_admin or user.name == name):
        refuse(403, "this is somebody else's record")


def find(name):
    user = HardenedUser.objects(name=name).first()
    if user is None:
        refuse(404, "data not found")
    return user


def safe(address):
    """Return a path of this app, or the front page."""
    plain = isinstance(address, str) and re.match(r"/[A-Za-z0-9_/?=&-]*\Z", address)
    return address if plain and not address.startswith("//") else "/user_info"


def create_app(config=None):
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secrets.token_hex(32),
        MONGODB_SETTINGS={
            "db": "hardened",
            "host": "mongodb://localhost",
            "mongo_client_class": mongomock.MongoClient,
        },
        MAX_CONTENT_LENGTH=64 * 1024,
        SESSION_COOKIE_NAME="__Host-session",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_PROTECTION=None,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
    )
    app.config.update(config or {})
    db.init_app(app)
    HardenedUser.ensure_indexes()
    login_manager = LoginManager(app)
    tries = Counter()

    @login_manager.user_loader
    def load_user(token):
        if not isinstance(token, str):
            return None
        found = HardenedLogin.objects(token=hashed(token)).first()
        if found is None or found.until < datetime.now(UTC).replace(tzinfo=None):
            return None
        user = HardenedUser.objects(id=found.user.pk).first()
        return Session(user, token) if user and not user.disabled else None

    @login_manager.unauthorized_handler
    def unauthorized():
        refuse(401, "user no login")

    @app.errorhandler(HTTPException)
    def answer(error):
        if error.response is not None:
            return error.response
        return jsonify(status=error.code, reason=error.name), error.code

    @app.errorhandler(RecursionError)
    def too_deep(error):
        return jsonify(status=400, reason="send a JSON object"), 400

    @app.before_request
    def stay_home():
        """Let no page of another site send anything, and nothing that Flask-Login cannot read."""
        if not request.headers.get("Cookie", "").isascii():
            refuse(400, "send cookies of ASCII")
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return
        origin = request.headers.get("Origin")
        foreign = origin is not None and urlsplit(origin).netloc != request.host
        if foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
            refuse(403, "this request comes from another site")

    @app.after_request
    def harden(response):
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def enter(name, password, remember):
        for key, limit in ((name, TRIES_FOR_A_NAME), (network(), TRIES_FOR_A_NETWORK)):
            if tries[key] >= limit:
                refuse(429, "too many tries")
        user = HardenedUser.objects(name=name).first()
        fits = check_password_hash(user.hash if user else NOBODY, password)
        if not fits or user is None or user.disabled:
            tries[name] += 1
            tries[network()] += 1
            refuse(401, "Username or Password Error")
        token = secrets.token_urlsafe(32)
        until = datetime.now(UTC).replace(tzinfo=None) + LIFETIME
        HardenedLogin(token=hashed(token), user=user, until=until).save()
        for older in HardenedLogin.objects(user=user).order_by("-until").skip(LOGINS_AT_ONCE):
            older.delete()
        session.clear()
        session.permanent = bool(remember)
        login_user(Session(user, token))
        return user

    @app.get("/login")
    def login_page():
        session["csrf"] = session.get("csrf") or secrets.token_hex(16)
        hidden = f'<input type="hidden" name="csrf_token" value="{session["csrf"]}">'
        inputs = '<input name="username"><input name="password" type="password">'
        return f'<form method="post">{hidden}{inputs}<button>Log in</button></form>'

    @app.post("/login")
    def login():
        if request.mimetype == "application/x-www-form-urlencoded":
            token = session.get("csrf")
            if not token or not secrets.compare_digest(token, request.form.get("csrf_token", "")):
                refuse(403, "the form is too old")
            enter(request.form.get("username", ""), request.form.get("password", ""), False)
            return redirect(safe(request.args.get("next")))
        sent = fields(username=is_text, password=is_text, remember=is_switch)
        return jsonify(private(enter(sent["username"], sent["password"], sent.get("remember"))))

    @app.post("/logout")
    def logout():
        if current_user.is_authenticated:
            HardenedLogin.objects(token=hashed(current_user.token)).delete()
        logout_user()
        return jsonify(result=200, data={"message": "logout success"})

    @app.route("/user_info", methods=["GET", "POST"])
    @login_required
    def user_info():
        return jsonify(result=200, data=private(current_user.user))

    @app.get("/")
    def query_record():
        user = find(request.args.get("name"))
        asker = current_user.user if current_user.is_authenticated else None
        whole = asker and (asker.is_admin or asker.name == user.name)
        return jsonify(private(user) if whole else {"name": user.name})

    @app.put("/")
    @login_required
    def create_record():
        if not current_user.user.is_admin:
            refuse(403, "only an admin makes users")
        sent = fields(name=is_name, password=is_password, email=is_email)
        try:
            user = HardenedUser(
                name=sent["name"],
                hash=generate_password_hash(sent["password"], HASH),
                email=sent["email"],
            ).save(force_insert=True)
        except NotUniqueError:
            refuse(409, "this name is taken")
        return jsonify(private(user))

    @app.post("/")
    @login_required
    def update_record():
        sent = fields(name=is_name, password=is_password, email=is_email)
        may_write(sent["name"])
        user = find(sent["name"])
        user.update(email=sent["email"], hash=generate_password_hash(sent["password"], HASH))
        end_logins(user)
        return jsonify({"name": user.name, "email": sent["email"]})

    @app.delete("/")
    @login_required
    def delete_record():
        sent = fields(name=is_name)
        may_write(sent["name"])
        user = find(sent["name"])
        end_logins(user)
        user.delete()
        return jsonify({"name": user.name})

    users = AppGroup("users")
    app.cli.add_command(users)

    @users.command("add")
    @click.argument("name")
    @click.option("--email", required=True)
    @click.option("--admin", is_flag=True)
    @click.password_option()
    def add(name, email, admin, password):
        if not is_password(password):
            raise click.ClickException("a password has 15 to 128 characters")
        HardenedUser(
            name=name, hash=generate_password_hash(password, HASH), email=email, is_admin=admin
        ).save(force_insert=True)

    @users.command("disable")
    @click.argument("name")
    def disable(name):
        HardenedUser.objects(name=name).update(disabled=True)

    return app
