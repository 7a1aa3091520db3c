"""What a sound app does, in pieces that a hole can take the place of.

It is written for reading beside the holes, not for use: its hash is cheap, so that tests are quick.
"""

import hashlib
import ipaddress
import re
import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta

from flask import request, session
from flask_login import login_user
from werkzeug.security import check_password_hash, generate_password_hash

HASH = "pbkdf2:sha256:1000"

#: Checked where there is no such user, so that both take the same work.
NOBODY = generate_password_hash("nobody", HASH)

#: How long a login is good.
LIFETIME = timedelta(days=14)

TRIES_FOR_A_NAME, TRIES_FOR_AN_ADDRESS, LOGINS_AT_ONCE = 10, 60, 20


class Refused(Exception):
    """The app says no."""

    def __init__(self, status, reason, **headers):
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, headers


def now():
    return datetime.now(UTC).replace(tzinfo=None)


def hashed(token):
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Sound:
    """The pieces of a sound app; each can be replaced in one app.

    The documents come from the shape: `users` finds and makes the users of the app.
    """

    def __init__(self, shape):
        self.shape = shape
        self.tries = Counter()
        self.settings = {
            "SECRET_KEY": secrets.token_hex(32),
            "MAX_CONTENT_LENGTH": 64 * 1024,
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "REMEMBER_COOKIE_SECURE": True,
            "REMEMBER_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": LIFETIME,
        }

    def finish(self, app):
        """Change the app when all of it is there."""

    # ---- passwords

    def hash(self, password):
        return generate_password_hash(password, HASH)

    def fits(self, stored, password):
        return check_password_hash(stored, password)

    def accepts_password(self, password, name):
        is_text = isinstance(password, str) and 15 <= len(password) <= 128
        is_easy = is_text and re.search(r"password|12345|qwerty|(.)\1{5}", password)
        return is_text and password.isprintable() and not is_easy and password != name

    def stored_besides(self, user, password):
        """Store something more when a password is set."""

    # ---- names

    def accepts_name(self, name):
        return isinstance(name, str) and re.fullmatch(r"[a-z0-9._-]{1,64}", name) is not None

    def find(self, name):
        """Return the user of a name, typed in whatever way."""
        return self.shape.users.find(name) if self.accepts_name(name) else None

    def has_the_name(self, name):
        return self.shape.users.find(name) is not None

    # ---- the login

    def address(self):
        """Return where a request comes from: of an IPv6 address the half that is its owner's."""
        found = ipaddress.ip_address(request.remote_addr)
        bits = 64 if found.version == 6 else 32
        return str(ipaddress.ip_network((found, bits), strict=False))

    def count_key(self, name):
        return name

    def check_limits(self, name):
        for key, limit in (
            (self.count_key(name), TRIES_FOR_A_NAME),
            (self.address(), TRIES_FOR_AN_ADDRESS),
        ):
            if self.tries[key] >= limit:
                raise self.too_many(name)

    def too_many(self, name):
        return Refused(429, "too many tries", **{"Retry-After": "60"})

    def note_failure(self, name, user):
        self.tries[self.count_key(name)] += 1
        self.tries[self.address()] += 1

    def note_success(self, name):
        """Do nothing: a right login takes no count back."""

    def look_up(self, name, password):
        """Return the user whose password this is; None if there is none."""
        user = self.find(name)
        stored = user.get_hash() if user else NOBODY
        is_right = isinstance(password, str) and self.fits(stored, password)
        return user if user and is_right and self.is_open(user) else None

    def is_open(self, user):
        return not user.is_disabled

    def says_no(self, name, user):
        return Refused(401, "That is not right.")

    def log_in(self, name, password, remember=False):
        if not isinstance(name, str):
            raise Refused(422, "names are texts")
        self.check_limits(name)
        user = self.look_up(name, password)
        if user is None:
            known = self.find(name)
            self.note_failure(name, known)
            raise self.says_no(name, known)
        self.note_success(name)
        self.enter(user, remember)
        return user

    def enter(self, user, remember):
        session.clear()
        session.permanent = bool(remember)
        login_user(self.shape.new_login(user, remember))

    def safe_next(self, wanted):
        is_path = isinstance(wanted, str) and re.fullmatch(r"/[A-Za-z0-9_/?=&-]*", wanted)
        return wanted if is_path and not wanted.startswith("//") else "/me"

    def log_out(self, user):
        self.shape.end_login(user)

    # ---- who is calling

    def load(self, token):
        return self.shape.find_login(token)

    def disable(self, user):
        user.update(is_disabled=True)

    def lets_stay(self, user):
        """Tell whether a user who is logged in may still be."""
        return not user.is_disabled

    def password_changed(self, user):
        self.shape.end_logins(user)

    # ---- who may do what

    def may_read_email(self, caller, user):
        return caller is not None and (caller.is_admin or caller.name == user.name)

    def may_write(self, caller, user):
        return caller is not None and (caller.is_admin or caller.name == user.name)

    def may_delete(self, caller, user):
        return self.may_write(caller, user)

    def may_create(self, caller):
        return caller is not None and caller.is_admin

    def extra_fields(self, sent):
        """Return what a record takes over of what was sent, besides name, password and email."""
        return {}

    def public(self, user, caller):
        shown = {"name": user.name}
        return shown | {"email": user.get_email()} if self.may_read_email(caller, user) else shown

    # ---- other sites

    def lets_in(self):
        """Tell whether a request that changes something may come from where it comes."""
        origin = request.headers.get("Origin")
        own = request.host_url.rstrip("/")
        site = request.headers.get("Sec-Fetch-Site")
        return origin in (None, own) and site in (None, "same-origin", "none")

    def token_fits(self, token):
        kept = session.get("csrf")
        return bool(kept and token and secrets.compare_digest(kept, token))

    def new_token(self):
        session["csrf"] = session.get("csrf") or secrets.token_hex(16)
        return session["csrf"]

    logout_methods = ("POST",)

    def takes_body(self):
        """Tell whether a JSON API reads this body."""
        return request.mimetype == "application/json"

    def read_body(self):
        """Return the JSON object of a request."""
        data = request.get_json(force=True, silent=True)
        if not isinstance(data, dict):
            raise Refused(400, "send a JSON object")
        return data

    def headers_are_sound(self):
        host, cookies = (request.headers.get(one, "") for one in ("Host", "Cookie"))
        return cookies.isascii() and not re.search("xn--|[^a-z0-9.:-]", host)

    # ---- answers

    def headers(self):
        return {
            "Cache-Control": "no-store",
            "Content-Security-Policy": "frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
        }

    def refused_status(self, error):
        return error.status

    def on_error(self, error):
        """Answer an error that nobody expected; None leaves it to Flask."""
