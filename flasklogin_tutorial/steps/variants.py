"""Step 06 plus one feature each, written as the library's documentation or a tutorial writes it.

The article's app has no remember-me, no redirect to `next`, no disabled users. An attack on such a
feature is shown on one of these. They are here to be attacked: do not copy them.
"""

import json
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, ClassVar
from urllib.parse import urlsplit

import click
import pyotp
from flask import Flask, jsonify, redirect, render_template_string, request, session, url_for
from flask_login import (
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
)
from flask_mongoengine import MongoEngineSessionInterface
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.debug import DebuggedApplication
from werkzeug.security import check_password_hash, generate_password_hash
from zxcvbn import zxcvbn

from flasklogin_tutorial.steps import sources
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.sources import Source
from flasklogin_tutorial.visit import key_answers
from flasklogin_tutorial.visit.encoded import Malformed, to_text

Config = Mapping[str, Any] | None


@dataclass(frozen=True)
class Variant:
    """Step 06 plus one feature.

    Attributes:
        name: the name by which an attack asks for it.
        feature: what it adds, in words.
        source: where the pattern comes from.
        create_app: makes the app.
    """

    name: str
    feature: str
    source: Source
    create_app: Callable[..., Flask]


#: Every variant, by its name.
VARIANTS: dict[str, Variant] = {}


def _variant(name: str, feature: str, source: Source) -> Callable[..., Callable[..., Flask]]:
    def register(add: Callable[[Flask], None]) -> Callable[..., Flask]:
        def create_app(config: Config = None) -> Flask:
            app = step06.create_app(config)
            add(app)
            return app

        VARIANTS[name] = Variant(name, feature, source, create_app)
        return create_app

    return register


# ---- users that keep more than those of step 06


class _Account(step06.db.Document):
    """What the users of the variants have in common."""

    meta: ClassVar = {"abstract": True}

    name = step06.db.StringField()
    password = step06.db.StringField()
    email = step06.db.StringField()
    is_admin = step06.db.BooleanField(default=False)
    active = step06.db.BooleanField(default=True)
    failures = step06.db.IntField(default=0)

    is_authenticated = True
    is_anonymous = False
    public = step06.User.public
    get_id = step06.User.get_id


class Account(_Account):
    """A user with a switch and a role."""

    meta: ClassVar = {"collection": "user"}

    @property
    def is_active(self) -> bool:
        """Whether the account is open."""
        return self.active


class MethodAccount(_Account):
    """The same with `is_active` as a method: nobody calls it, and a method is true."""

    meta: ClassVar = {"collection": "user"}

    def is_active(self) -> bool:
        """Whether the account is open."""
        return self.active


class KeyAccount(_Account):
    """The same with a key for its programs."""

    meta: ClassVar = {"collection": "user"}

    api_key = step06.db.StringField()

    is_active = Account.is_active


class TokenAccount(_Account):
    """The same with a random text for an id: whoever replaces it ends all logins."""

    meta: ClassVar = {"collection": "user"}

    token = step06.db.StringField(default=secrets.token_hex)

    is_active = True

    def get_id(self) -> str:
        """Return the text."""
        return self.token


class NamedAccount(_Account):
    """The same with the name for an id."""

    meta: ClassVar = {"collection": "user"}

    is_active = True

    def get_id(self) -> str:
        """Return the name."""
        return self.name


def _use(app: Flask, document: type[_Account], key: str = "id", *, remembers: bool = False) -> None:
    """Let the login, the user loader and two commands work on another class of users."""

    @app.login_manager.user_loader
    def load_user(user_id: str) -> _Account | None:
        return document.objects(**{key: user_id}).first()

    def login() -> Any:
        info = json.loads(request.data)
        user = document.objects(name=info["username"], password=info["password"]).first()
        if user is None or not login_user(user, remember=remembers and info.get("remember")):
            return jsonify(status=401, reason="Username or Password Error")
        return jsonify(user.public())

    app.view_functions["login"] = login

    @app.cli.command("disable-user")
    @click.argument("name")
    def disable_user(name: str) -> None:
        """Close an account."""
        document.objects(name=name).update(active=False)

    @app.cli.command("add-user")
    @click.argument("name")
    @click.argument("email")
    @click.password_option()
    def add_user(name: str, email: str, password: str) -> None:
        """Add a user."""
        document(name=name, password=password, email=email).save()


def _let_change(
    app: Flask, document: type[_Account], guard: Callable[..., Any] = login_required
) -> None:
    """Let the view that changes a record work on another class of users, behind a guard."""

    @guard
    def update_record() -> Any:
        record = json.loads(request.data)
        user = document.objects(name=record["name"]).first()
        user.update(email=record["email"], password=record["password"])
        return jsonify(user.public())

    app.view_functions["update_record"] = update_record


def _find(info: Mapping[str, Any]) -> step06.User | None:
    return step06.User.objects(name=info["username"], password=info["password"]).first()


_REFUSED = {"status": 401, "reason": "Username or Password Error"}


# ---- the variants


@_variant("remember-me", "login_user(user, remember=True)", sources.LOGIN_DOCS)
def _remember_me(app: Flask) -> None:
    def login() -> Any:
        info = json.loads(request.data)
        user = _find(info)
        if user is None:
            return jsonify(_REFUSED)
        login_user(user, remember=info.get("remember", False))
        return jsonify(user.public())

    app.view_functions["login"] = login


@_variant(
    "log-out-everywhere",
    "remember me, fresh_login_required, and a view that ends all other logins",
    sources.ALTERNATIVE_TOKENS,
)
def _log_out_everywhere(app: Flask) -> None:
    _use(app, TokenAccount, key="token", remembers=True)
    _let_change(app, TokenAccount, fresh_login_required)

    @app.post("/account/sign-out-everywhere")
    @login_required
    def log_out_everywhere() -> Any:
        user = TokenAccount.objects(token=current_user.token).first()
        user.modify(token=secrets.token_hex())
        login_user(user, remember=True)  # this browser stays
        return jsonify(user.public())


@_variant("strong-session-protection", 'session_protection = "strong"', sources.PROTECTION_DOCS)
def _strong_protection(app: Flask) -> None:
    app.login_manager.session_protection = "strong"


@_variant(
    "redirect-to-next", "a redirect to next with the usual look at netloc", sources.MICROBLOG_LOGIN
)
def _redirect_to_next(app: Flask) -> None:
    def login() -> Any:
        user = _find(json.loads(request.data))
        if user is None:
            return jsonify(_REFUSED)
        login_user(user)
        next_page = request.args.get("next")
        if not next_page or urlsplit(next_page).netloc != "":
            next_page = "/"
        return redirect(next_page)

    app.view_functions["login"] = login


@_variant(
    "server-side-sessions", "sessions in MongoDB, under one id for ever", sources.MONGO_SESSIONS
)
def _server_side_sessions(app: Flask) -> None:
    logging.getLogger("flask_mongoengine").setLevel(logging.ERROR)  # it advises another library
    app.session_interface = MongoEngineSessionInterface(step06.db)


@_variant("name-as-id", "get_id() returns the name", sources.LOGIN_README)
def _name_as_id(app: Flask) -> None:
    _use(app, NamedAccount, key="name")

    @login_required
    def delete_record() -> Any:
        user = NamedAccount.objects(name=json.loads(request.data)["name"]).first()
        user.delete()
        return jsonify(user.public())

    app.view_functions["delete_record"] = delete_record


@_variant("disabled-users", "is_active asks a field", sources.INACTIVE_USER)
def _disabled_users(app: Flask) -> None:
    _use(app, Account)


@_variant("is-active-method", "is_active is a method", sources.ACTIVE_METHOD)
def _is_active_method(app: Flask) -> None:
    _use(app, MethodAccount)


@_variant("jsonify-document", "the views return the document itself", sources.JSON_ENCODER)
def _jsonify_document(app: Flask) -> None:
    def query_record() -> Any:
        user = step06.User.objects(name=request.args.get("name")).first()
        return jsonify(error="data not found") if user is None else jsonify(user)

    app.view_functions["query_record"] = query_record


@_variant("decorators-upside-down", "@login_required above @app.route", sources.DECORATOR_ORDER)
def _upside_down(app: Flask) -> None:
    for name in ("update_record", "delete_record"):
        # What route() registers when it stands below: the function before it was wrapped.
        app.view_functions[name] = app.view_functions[name].__wrapped__


@_variant("mass-assignment", "User(**record) and user.update(**record)", sources.MASS_ASSIGNMENT)
def _mass_assignment(app: Flask) -> None:
    _use(app, Account)

    def shown(user: Account) -> Any:
        return jsonify(user.public() | {"is_admin": user.is_admin})

    @login_required
    def create_record() -> Any:
        user = Account(**json.loads(request.data))
        user.save()
        return shown(user)

    @login_required
    def update_record() -> Any:
        record = json.loads(request.data)
        user = Account.objects(name=record["name"]).first()
        user.update(**record)
        return shown(user.reload())

    app.view_functions |= {"create_record": create_record, "update_record": update_record}


@_variant("logout-by-get", "the logout takes GET", sources.LOGIN_DOCS)
def _logout_by_get(app: Flask) -> None:
    @app.get("/logout")
    @login_required
    def logout_link() -> Any:
        logout_user()
        return redirect("/")


@_variant("open-cors", "every origin is allowed, with cookies", sources.CORS_PATTERN)
def _open_cors(app: Flask) -> None:
    @app.after_request
    def allow(response: Any) -> Any:
        response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
        response.headers["Access-Control-Allow-Credentials"] = "true"
        return response


def _hashed(app: Flask, unknown: str, wrong: str) -> None:
    """Keep hashes instead of passwords, and check one only if the user is there."""

    @app.cli.command("add-user")
    @click.argument("name")
    @click.argument("email")
    @click.password_option()
    def add_user(name: str, email: str, password: str) -> None:
        """Add a user."""
        step06.User(name=name, password=generate_password_hash(password), email=email).save()

    def login() -> Any:
        info = json.loads(request.data)
        user = step06.User.objects(name=info["username"]).first()
        if user is None:
            return jsonify(status=401, reason=unknown)
        if not check_password_hash(user.password, info["password"]):
            return jsonify(status=401, reason=wrong)
        login_user(user)
        return jsonify(user.public())

    app.view_functions["login"] = login


@_variant("quick-exit", "a hash is checked only if the user is there", sources.MICROBLOG_LOGIN)
def _quick_exit(app: Flask) -> None:
    _hashed(app, "Username or Password Error", "Username or Password Error")


@_variant("talkative-login", "the login says what was wrong", sources.SAME_ANSWER)
def _talkative(app: Flask) -> None:
    _hashed(app, "invalid user ID", "invalid password")


@_variant("throttle-by-header", "a limit by X-Forwarded-For", sources.LIMITER_PATTERN)
def _throttle_by_header(app: Flask) -> None:
    tries: Counter[str] = Counter()

    @app.before_request
    def limit() -> Any:
        address = request.headers.get("X-Forwarded-For", request.remote_addr)
        if request.endpoint == "login":
            tries[address] += 1
            if tries[address] > 20:
                return jsonify(status=429, reason="Too many logins"), 429
        return None


@_variant(
    "throttle-by-address", "a limit by address, lifted by a right login", sources.LIMITER_ADDRESS
)
def _throttle_by_address(app: Flask) -> None:
    tries: Counter[str] = Counter()
    plain_login = app.view_functions["login"]

    def login() -> Any:
        address = request.remote_addr or ""
        if tries[address] >= 20:
            return jsonify(status=429, reason="Too many logins"), 429
        answer = plain_login()
        tries[address] = 0 if "name" in answer.get_json() else tries[address] + 1
        return answer

    app.view_functions["login"] = login


@_variant("lockout-for-good", "five wrong passwords close an account", sources.LOCKOUT)
def _lockout(app: Flask) -> None:
    _use(app, Account)
    plain_login = app.view_functions["login"]

    def login() -> Any:
        name = json.loads(request.data)["username"]
        user = Account.objects(name=name).first()
        if user is not None and user.failures >= 5:
            return jsonify(status=403, reason="This account is locked"), 403
        answer = plain_login()
        if user is not None:
            user.update(failures=0 if current_user.is_authenticated else user.failures + 1)
        return answer

    app.view_functions["login"] = login


@_variant(
    "check-then-insert", "the name is looked up before it is inserted", sources.LOOK_BEFORE_INSERT
)
def _check_then_insert(app: Flask) -> None:
    @login_required
    def create_record() -> Any:
        record = json.loads(request.data)
        if step06.User.objects(name=record["name"]).first():
            return jsonify(error="this name is taken"), 409
        generate_password_hash(record["password"])  # takes its time between the two
        user = step06.User(**record)
        user.save()
        return jsonify(user.public())

    app.view_functions["create_record"] = create_record


@_variant("debugger", "DebuggedApplication in front of the app", sources.DEBUGGED_APPLICATION)
def _debugger(app: Flask) -> None:
    app.debug = True
    app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)


@_variant("strength-meter", "zxcvbn judges new passwords", sources.METER_USAGE)
def _strength_meter(app: Flask) -> None:
    plain_update = app.view_functions["update_record"]

    @login_required
    def update_record() -> Any:
        if zxcvbn(json.loads(request.data)["password"])["score"] < 3:
            return jsonify(error="this password is easy to guess"), 422
        return plain_update()

    app.view_functions["update_record"] = update_record


@_variant("api-tokens", "a request loader looks for a key", sources.REQUEST_LOADER)
def _api_tokens(app: Flask) -> None:
    _use(app, KeyAccount)
    _let_change(app, KeyAccount)

    @app.post("/account/tokens")
    @login_required
    def create_token() -> Any:
        key = secrets.token_urlsafe()
        KeyAccount.objects(id=current_user.id).update(api_key=key)
        return jsonify(api_key=key)

    @app.login_manager.request_loader
    def load_user_from_request(request: Any) -> Any:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        return KeyAccount.objects(api_key=key).first() if scheme == "Bearer" else None


_CHOOSE = """\
<!doctype html>
<title>A new password</title>
<form method="post">
  <input type="password" name="new_password"> <input type="password" name="again">
  <button>Change</button>
</form>
"""


def _mail(app: Flask, to: str, subject: str, text: str, link: str) -> None:
    """Send a mail: here it is put where a learner and an attack find it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "noreply@example.org", to, subject
    message.set_content(render_template_string(f"{text}\n{{{{ link }}}}\n", link=link))
    html = f'<p>{text} <a href="{{{{ link }}}}">{{{{ link }}}}</a></p>'
    message.add_alternative(render_template_string(html, link=link), subtype="html")
    app.extensions["outbox"].append(message)


@_variant(
    "reset-by-mail",
    "a reset by mail, and a mail that confirms a new address, with one signed token",
    sources.RESET_TUTORIAL,
)
def _reset_by_mail(app: Flask) -> None:
    app.extensions["outbox"] = []

    def serializer() -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(app.secret_key)

    def token_of(user: step06.User) -> str:
        return serializer().dumps({"user_id": str(user.id)})

    def user_of(token: str) -> step06.User | None:
        try:
            return step06.User.objects(
                id=serializer().loads(token, max_age=1800)["user_id"]
            ).first()
        except BadData:
            return None

    @app.post("/forgot")
    def forgot() -> Any:
        user = step06.User.objects(email=json.loads(request.data)["email"]).first()
        if user is None:
            return jsonify(error="There is no account with that email."), 404
        link = url_for("reset", token=token_of(user), _external=True)
        _mail(app, user.email, "Password Reset Request", "To reset your password, visit:", link)
        return jsonify(message="An email has been sent with instructions.")

    @app.route("/reset/<token>", methods=["GET", "POST"])
    def reset(token: str) -> Any:
        user = user_of(token)
        if user is None:
            return "That is an invalid or expired token", 400
        if request.method == "POST":
            user.update(password=request.form["new_password"])
            return redirect("/")
        return _CHOOSE

    @app.get("/confirm/<token>")
    def confirm(token: str) -> Any:
        return "Thank you." if user_of(token) else ("That is an invalid or expired token", 400)

    @login_required
    def update_record() -> Any:
        record = json.loads(request.data)
        user = step06.User.objects(name=record["name"]).first()
        user.update(**{key: record[key] for key in ("email", "password") if key in record})
        if "email" in record:
            link = url_for("confirm", token=token_of(user), _external=True)
            _mail(app, record["email"], "Confirm", "To confirm your address, visit:", link)
        return jsonify(user.reload().public())

    app.view_functions["update_record"] = update_record


def _mail_links(app: Flask, users: type[step06.db.Document]) -> dict[str, str]:
    """Mail a link to whoever asks for it; return the open ones with the names of their users."""
    app.extensions["outbox"] = []
    open_links: dict[str, str] = {}

    @app.post("/forgot")
    def forgot() -> Any:
        user = users.objects(email=json.loads(request.data)["email"]).first()
        if user is not None:
            token = secrets.token_urlsafe()
            open_links[token] = user.name
            link = url_for("reset", token=token, _external=True)
            _mail(app, user.email, "Password Reset", "To reset your password, visit:", link)
        return jsonify(message="If there is an account, a mail is on its way.")

    return open_links


@_variant(
    "reset-on-sight", "the link of a reset is used up when it is opened", sources.RESET_ON_SIGHT
)
def _reset_on_sight(app: Flask) -> None:
    open_links = _mail_links(app, step06.User)

    @app.get("/reset/<token>")
    def reset(token: str) -> Any:
        name = open_links.pop(token, None)
        if name is None:
            return "This link has been used", 400
        session["reset"] = name
        return _CHOOSE

    @app.post("/reset/<token>")
    def choose(token: str) -> Any:
        step06.User.objects(name=session.pop("reset")).update(password=request.form["new_password"])
        return redirect("/")


# ---- a second factor, four times


class CodeAccount(_Account):
    """A user with a telephone that makes codes."""

    meta: ClassVar = {"collection": "user"}

    is_active = True

    seed = step06.db.StringField()
    has_factor = step06.db.BooleanField(default=False)
    recovery_codes = step06.db.ListField(field=step06.db.StringField())
    last_code = step06.db.StringField()

    @property
    def totp(self) -> pyotp.TOTP:
        """The codes of the user's telephone."""
        return pyotp.TOTP(self.seed)


_BAD_CODE = {"status": 401, "reason": "Invalid code"}


def _with_codes(
    app: Flask, after_password: Callable[[CodeAccount], None], recovery_codes: int = 0
) -> None:
    """Let users set up a telephone, and do something when the password of such a user is right."""
    _use(app, CodeAccount)
    plain_login = app.view_functions["login"]

    def login() -> Any:
        info = json.loads(request.data)
        user = CodeAccount.objects(name=info["username"], password=info["password"]).first()
        if user is None or not user.has_factor:
            return plain_login()
        after_password(user)
        return jsonify(next="code")

    app.view_functions["login"] = login

    @app.post("/account/second-factor")
    @login_required
    def show_seed() -> Any:
        user = CodeAccount.objects.get(id=current_user.id)
        if user.seed is None:
            user.modify(seed=pyotp.random_base32())
        return jsonify(address=user.totp.provisioning_uri(name=user.name, issuer_name="the app"))

    @app.post("/account/second-factor/begin")
    @login_required
    def begin() -> Any:
        user = CodeAccount.objects.get(id=current_user.id)
        if not user.totp.verify(json.loads(request.data)["code"]):
            return jsonify(_BAD_CODE), 401
        codes = [secrets.token_hex(8) for _ in range(recovery_codes)]
        user.modify(has_factor=True, recovery_codes=codes)
        return jsonify(recovery_codes=codes)


@_variant("code-after-login", "login_user, and then a page for a code", sources.CODE_AFTER_LOGIN)
def _code_after_login(app: Flask) -> None:
    _with_codes(app, login_user)

    @app.post("/login/code")
    @login_required
    def verify_code() -> Any:
        if not current_user.totp.verify(json.loads(request.data)["code"]):
            return jsonify(_BAD_CODE), 401
        return jsonify(current_user.public())


@_variant("code-by-name", "a code after the password, and a name beside it", sources.CODE_BY_NAME)
def _code_by_name(app: Flask) -> None:
    def note(user: CodeAccount) -> None:
        session["password_was_right"] = True

    _with_codes(app, note, recovery_codes=8)

    @app.post("/login/code")
    def verify_code() -> Any:
        info = json.loads(request.data)
        user = CodeAccount.objects(name=info["username"]).first()
        if not session.get("password_was_right") or user is None:
            return jsonify(_REFUSED), 401
        if info["code"] not in user.recovery_codes and not user.totp.verify(info["code"]):
            return jsonify(_BAD_CODE), 401
        login_user(user)
        return jsonify(user.public())


@_variant(
    "code-remembered",
    "the last code is remembered, and five wrong ones close the account",
    sources.CODE_REMEMBERED,
)
def _code_remembered(app: Flask) -> None:
    def note(user: CodeAccount) -> None:
        session["half"] = str(user.id)

    _with_codes(app, note)

    @app.post("/login/code")
    def verify_code() -> Any:
        code = json.loads(request.data)["code"]
        user = CodeAccount.objects(id=session.get("half")).first()
        if user is None or user.failures >= 5:
            return jsonify(_REFUSED), 403
        if code == user.last_code or not user.totp.verify(code):
            user.update(inc__failures=1)
            return jsonify(_BAD_CODE), 401
        generate_password_hash(code)  # takes its time between the two
        user.update(last_code=code, failures=0)
        login_user(user)
        return jsonify(user.public())


@_variant("reset-logs-in", "a reset by mail that logs in, beside a code", sources.RESET_LOGS_IN)
def _reset_logs_in(app: Flask) -> None:
    def note(user: CodeAccount) -> None:
        session["half"] = str(user.id)

    _with_codes(app, note)
    open_links = _mail_links(app, CodeAccount)

    @app.post("/login/code")
    def verify_code() -> Any:
        user = CodeAccount.objects(id=session.get("half")).first()
        if user is None or not user.totp.verify(json.loads(request.data)["code"]):
            return jsonify(_BAD_CODE), 401
        login_user(user)
        return jsonify(user.public())

    @app.route("/reset/<token>", methods=["GET", "POST"])
    def reset(token: str) -> Any:
        if token not in open_links:
            return "This link has been used", 400
        if request.method == "POST":
            user = CodeAccount.objects.get(name=open_links.pop(token))
            user.update(password=request.form["new_password"])
            login_user(user)
            return redirect("/")
        return _CHOOSE


# ---- passkeys, twice


class StoredKey(step06.db.Document):
    """The public half of a passkey. Its id is the one that the passkey calls itself by."""

    id = step06.db.StringField(primary_key=True)
    public_key = step06.db.BinaryField()
    user = step06.db.StringField()


#: For which host passkeys are made, as the demonstrations have it.
_SITE = "localhost"

_NO_PASSKEY = {"status": 401, "reason": "Passkey not accepted"}


def _expect(answer: Any, challenge: str) -> key_answers.Expected:
    """Say what an answer has to be: given at the site, or at any host below it, as in fido2."""
    origin = key_answers.read_client_data(answer)["origin"]
    host = urlsplit(origin).hostname or ""
    if host != _SITE and not host.endswith(f".{_SITE}"):
        raise key_answers.NotAccepted("origin", origin)
    return key_answers.Expected(challenge, origin, _SITE, verification=False)


def _with_passkeys(app: Flask, challenge_of: Callable[[Any], str]) -> None:
    """Let users have passkeys, beside the password."""

    def ask() -> str:
        session["state"] = secrets.token_urlsafe(32)
        return session["state"]

    @app.get("/account/passkeys/new")
    @login_required
    def ask_for_new() -> Any:
        name = current_user.name
        handle = to_text(name.encode())
        return jsonify(
            rp={"id": _SITE, "name": "the app"},
            user={"id": handle, "name": name, "displayName": name},
            challenge=ask(),
            pubKeyCredParams=[{"type": "public-key", "alg": -7}],
            authenticatorSelection={"userVerification": "discouraged"},
        )

    @app.post("/account/passkeys/new")
    @login_required
    def add() -> Any:
        answer = json.loads(request.data)["answer"]
        try:
            made = key_answers.check_registration(answer, _expect(answer, challenge_of(answer)))
        except (key_answers.NotAccepted, Malformed):
            return jsonify(_NO_PASSKEY), 401
        name = current_user.name
        StoredKey(id=to_text(made.credential_id), public_key=made.public_key, user=name).save()
        return jsonify(status="OK")

    @app.get("/login/passkey")
    def ask_for_passkey() -> Any:
        return jsonify(rpId=_SITE, challenge=ask(), userVerification="discouraged")

    @app.post("/login/passkey")
    def log_in() -> Any:
        answer = json.loads(request.data)["answer"]
        passkey = StoredKey.objects(id=answer["id"]).first()
        if passkey is None:
            return jsonify(_NO_PASSKEY), 401
        try:
            expected = _expect(answer, challenge_of(answer))
            key_answers.check_login(answer, expected, passkey.public_key, count=0)
        except (key_answers.NotAccepted, Malformed):
            return jsonify(_NO_PASSKEY), 401
        user = step06.User.objects(name=passkey.user).first()
        login_user(user)
        return jsonify(user.public())


@_variant("passkeys", "passkeys, the challenge in Flask's session", sources.PASSKEY_DEMO)
def _passkeys(app: Flask) -> None:
    _with_passkeys(app, lambda answer: session.pop("state", ""))


@_variant("passkeys-echoed", "passkeys, the challenge from the answer", sources.PASSKEY_ECHOED)
def _passkeys_echoed(app: Flask) -> None:
    _with_passkeys(app, lambda answer: key_answers.read_client_data(answer)["challenge"])
