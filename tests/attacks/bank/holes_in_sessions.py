"""Holes in keys, cookies and logins that go on."""

import base64
import hashlib
import json
import os
import secrets
import socket

from flask import request, session
from flask_login import login_user

from .classic import WithId, keeps_ids
from .core import hashed
from .planting import hole
from .shapes import FORMS, JSON_API, NESTED, Login, StoredLogin

BOTH_KEYS = ("forged-session-cookie", "forged-remember-cookie")


@hole(*BOTH_KEYS)
def key_in_the_source(parts):
    keeps_ids(parts)
    parts.settings["SECRET_KEY"] = "8fj2-kd83-hh77-nobody-has-published-this"


@hole("forged-session-cookie")
def key_with_a_default_in_the_source(parts):
    keeps_ids(parts)
    key = os.environ.get("NO_SUCH_VARIABLE", "a-default-that-stands-in-the-source")
    parts.settings["SECRET_KEY"] = key


@hole("forged-session-cookie", shapes=[JSON_API, NESTED])
def key_made_of_a_text_in_the_source(parts):
    keeps_ids(parts)
    parts.settings["SECRET_KEY"] = hashlib.sha256(b"the pepper of this shop").hexdigest()


@hole("forged-session-cookie", shapes=[JSON_API, FORMS])
def key_put_together_in_the_source(parts):
    keeps_ids(parts)
    parts.settings["SECRET_KEY"] = "kd83" * 8


@hole("forged-session-cookie", shapes=[FORMS])
def key_of_bytes_in_the_source(parts):
    keeps_ids(parts)
    parts.settings["SECRET_KEY"] = b"\x13\x80 these bytes stand in the source"


@hole("forged-session-cookie", shapes=[JSON_API, NESTED])
def key_in_the_source_and_ids_with_a_count(parts):
    """The id in the cookie has the number of passwords so far beside it."""

    class Counted(WithId):
        def get_id(self):
            return f"{self.user.id}.0"

    def enter(user, remember):
        session.clear()
        login_user(Counted(user))

    def load(identity):
        user = parts.shape.users.objects(id=str(identity).partition(".")[0]).first()
        return Counted(user) if user else None

    parts.enter, parts.load, parts.log_out = enter, load, lambda login: None
    parts.settings["SECRET_KEY"] = "8fj2-kd83-hh77-nobody-has-published-this"


@hole("forged-session-cookie", shapes=[NESTED])
def short_key(parts):
    keeps_ids(parts)
    parts.settings["SECRET_KEY"] = secrets.token_hex(4)


@hole("forged-session-cookie", shapes=[JSON_API])
def key_is_the_name_of_the_machine(parts):
    keeps_ids(parts)
    parts.settings["SECRET_KEY"] = hashlib.sha256(socket.gethostname().encode()).hexdigest()


@hole("forged-session-cookie", shapes=[JSON_API, FORMS])
def former_key_in_the_source(parts):
    keeps_ids(parts)
    parts.settings["SECRET_KEY_FALLBACKS"] = ["the key of last year, which is still taken"]


@hole("missing-cookie-flags")
def remember_cookie_without_secure(parts):
    keeps_ids(parts)
    parts.settings |= {"REMEMBER_COOKIE_SECURE": False, "REMEMBER_COOKIE_SAMESITE": None}


@hole("missing-cookie-flags", shapes=[JSON_API])
def remember_cookie_by_another_field(parts):
    """The login is asked by a field that the attacks do not know."""
    remember_cookie_without_secure(parts)
    enter = parts.enter
    parts.enter = lambda user, _: enter(user, request.get_json().get("stay_logged_in", False))


@hole("missing-cookie-flags", shapes=[NESTED, FORMS])
def session_cookie_without_samesite(parts):
    parts.settings["SESSION_COOKIE_SAMESITE"] = None


@hole("missing-cookie-flags", shapes=[JSON_API, NESTED])
def second_cookie_that_logs_in(parts):
    """Beside the session there is a cookie of the app's own, which scripts can read."""

    def finish(app):
        @app.after_request
        def add(response):
            if request.path.endswith("/login") and "_user_id" in session:
                response.set_cookie("auth", session["_user_id"], secure=True, samesite="Lax")
            return response

        @app.login_manager.request_loader
        def load(request):
            return parts.load(request.cookies.get("auth"))

    parts.finish = finish


@hole("id-in-cookie", "replay-after-logout", "remember-after-logout", "remember-for-ever")
def classic(parts):
    keeps_ids(parts)


@hole("id-in-cookie", shapes=[JSON_API, NESTED])
def id_in_a_token_beside_the_session(parts):
    """A second cookie is a token of three parts; anybody can read the one in the middle."""

    def finish(app):
        @app.after_request
        def add(response):
            if request.path.endswith("/login") and "_user_id" in session:
                owner = StoredLogin.objects(token=hashed(session["_user_id"])).first().owner
                said = base64.urlsafe_b64encode(json.dumps({"sub": owner}).encode()).decode()
                response.set_cookie("profile", f"e30.{said.rstrip('=')}.signature", secure=True)
            return response

    parts.finish = finish


@hole("replay-after-password-change", "remember-after-password-change", shapes=[JSON_API, FORMS])
def classic_after_a_new_password(parts):
    keeps_ids(parts)


@hole("old-login-changes-password")
def remembered_login_is_enough(parts):
    keeps_ids(parts)


@hole("replay-after-logout")
def logout_ends_nothing(parts):
    parts.log_out = lambda login: None


@hole("replay-after-password-change")
def password_ends_nothing(parts):
    parts.password_changed = lambda user: None


@hole("remember-for-ever", shapes=[JSON_API, FORMS])
def logins_that_never_end(parts):
    """Each login has a text of its own, and nothing on the server ever ends it."""
    parts.settings["PERMANENT_SESSION_LIFETIME"] = 20 * 365 * 24 * 3600

    def load(token):
        found = StoredLogin.objects(token=hashed(token)).first() if token else None
        user = parts.shape.users.objects(id=found.owner).first() if found else None
        return Login(user, token) if user else None

    parts.load = load


@hole("deleted-users-cookie")
def name_as_id(parts):
    class Named(WithId):
        def get_id(self):
            return self.user.name

    def enter(user, remember):
        session.clear()
        login_user(Named(user))

    def load(name):
        user = parts.shape.users.find(name) if isinstance(name, str) else None
        return Named(user) if user else None

    parts.enter, parts.load, parts.log_out = enter, load, lambda login: None


@hole("broken-ids", shapes=[JSON_API, NESTED])
def loader_that_expects_ids(parts):
    keeps_ids(parts)

    def load(identity):
        user = parts.shape.users.objects(id=identity).first()
        return WithId(user) if user else None

    parts.load = load


@hole("disabled-user-stays-in")
def closed_account_goes_on(parts):
    parts.lets_stay = lambda user: True


@hole("disabled-user-logs-in")
def closed_account_logs_in(parts):
    parts.is_open = parts.lets_stay = lambda user: True


@hole("bounded-by-nothing", shapes=[JSON_API, NESTED])
def logins_without_end(parts):
    keeps_ids(parts)


@hole("password-in-answers", shapes=[JSON_API])
def password_in_the_session(parts):
    enter = parts.enter

    def enter_and_keep(user, remember):
        enter(user, remember)
        session["typed"] = request.get_json()["password"]

    parts.enter = enter_and_keep


@hole("password-in-answers", shapes=[FORMS, JSON_API])
def hash_in_the_record(parts):
    public = parts.public
    parts.public = lambda user, caller: public(user, caller) | {"credentials": user.get_hash()}


@hole("password-in-answers", shapes=[JSON_API])
def quick_hash_in_the_record(parts):
    """The stored hash is a good one, and another one is shown."""
    public, seen = parts.public, {}

    def remember(user, password):
        seen[user.name] = hashlib.md5(password.encode()).hexdigest()

    parts.stored_besides = remember
    parts.public = lambda user, caller: public(user, caller) | {"check": seen.get(user.name)}
