"""The traps of moving old code: what was written once, why it fails today, and what to write.

The section *Moving old code* of docs/app.md is made from this table.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Trap:
    """Something that old code has, and that fails or misleads today.

    Attributes:
        name: a short name, unique in the table.
        old: what was written.
        new: what to write; empty if there is nothing to be written in its place.
        note: what else is to be known of it, in words.
        why: what happens today, in one sentence.
        fixed: whether `--fix` writes it: "yes", "no", or what of it.
        raises: a pattern of the error by which it shows at the start; empty if there is none that
            is like no other.
    """

    name: str
    old: str
    new: str
    why: str
    fixed: str = "no"
    raises: str = ""
    note: str = ""

    @property
    def told(self) -> str:
        """What to write, with what else is to be known of it."""
        return ", ".join(filter(None, [self.new, self.note]))


TRAPS = (
    Trap(
        "flask-ext",
        "from flask.ext.login import LoginManager",
        "from flask_login import LoginManager",
        "Flask 1.0 took `flask.ext` away: ModuleNotFoundError.",
        fixed="but `import flask.ext.login` without a name of its own",
        raises=r"flask\.ext",
    ),
    Trap(
        "user-method-called",
        "if current_user.is_authenticated():",
        "if current_user.is_authenticated:",
        "They are properties since Flask-Login 0.3: TypeError, 'bool' object is not callable. In "
        "templates too.",
        fixed="yes",
        raises=r"'bool' object is not callable",
    ),
    Trap(
        "user-method-defined",
        "def is_active(self): ...",
        "@property",
        "Flask-Login reads it without a call, and a method is always true: `is_anonymous` says yes "
        "of everybody, and a disabled user logs in.",
        fixed="yes",
        note="above it",
    ),
    Trap(
        "unicode",
        "return unicode(self.id)",
        "return str(self.id)",
        "Python 3 has no `unicode`: NameError, at the first login.",
        fixed="yes",
        raises=r"name 'unicode' is not defined",
    ),
    Trap(
        "before-first-request",
        "@app.before_first_request",
        "with app.app_context(): ...",
        "Flask 2.3 took it away: AttributeError. What needs the database at the start belongs into "
        "a command, or below the line that makes the app.",
        raises=r"before_(app_)?first_request",
        note="where the app is made",
    ),
    Trap(
        "positional-field",
        "db.ReferenceField(User), db.ListField(db.StringField())",
        "db.ReferenceField(document_type=User), db.ListField(field=db.StringField())",
        "The fields of flask-mongoengine-3 take keyword arguments only: TypeError.",
        fixed="yes",
        raises=r"WtfFieldMixin\.__init__\(\) takes 1 positional argument",
    ),
    Trap(
        "mongomock-address",
        '"host": "mongomock://localhost"',
        '"host": "mongodb://localhost", "mongo_client_class": mongomock.MongoClient',
        "MongoEngine 0.27 took the address and the key `is_mock` away: an Exception that says so.",
        raises=r"mongomock://",
    ),
    Trap(
        "flat-mongodb-settings",
        'app.config["MONGODB_DB"] = "mydatabase"',
        'app.config["MONGODB_SETTINGS"] = {"db": "mydatabase"}',
        "It is still read, with a DeprecationWarning, and not at all where there is a "
        "`MONGODB_SETTINGS` too.",
    ),
    Trap(
        "old-ssl-settings",
        '"ssl_ca_certs": "ca.pem"',
        '"tlsCAFile": "ca.pem"',
        "PyMongo 4 renamed what was called `ssl_…`: ConfigurationError.",
        raises=r"Unknown option:? ssl_|ssl_(certfile|keyfile|ca_certs|cert_reqs|crlfile)",
    ),
    Trap(
        "connect-false",
        '"connect": False',
        "",
        "It only puts the connection off to the first operation. If that is before the fork, as "
        "with an index that is made while the app is, the workers share a connection and may hang.",
        note="let nothing ask the database before the server forks its workers",
    ),
    Trap(
        "header-loader",
        "@login_manager.header_loader",
        "@login_manager.request_loader",
        "Flask-Login 0.7 takes it away, and 0.6 warns of it. The function was given the header "
        "`Authorization` and is now given the request.",
        note="whose function looks for the header itself",
    ),
    Trap(
        "token-loader",
        "@login_manager.token_loader, def get_auth_token(self)",
        "def get_id(self): ...",
        "Flask-Login 0.4 took both away, and `make_secure_token`: AttributeError, ImportError. Its "
        "documentation has the section Alternative Tokens.",
        raises=r"token_loader|make_secure_token",
        note="which returns a random text that is stored with the user",
    ),
    Trap(
        "user-callback",
        "login_manager.user_callback = load_user",
        "login_manager.user_loader(load_user)",
        "It is a property without a setter: AttributeError.",
        fixed="yes",
        raises=r"'user_callback'",
    ),
    Trap(
        "setup-app",
        "login_manager.setup_app(app)",
        "login_manager.init_app(app)",
        "Flask-Login 0.7 takes it away, and 0.6 warns of it.",
        fixed="yes",
    ),
    Trap(
        "session-protection",
        'login_manager.session_protection = "Strong"',
        'login_manager.session_protection = "strong"',
        "Only `basic` and `strong` mean something. Any other text switches the protection off, "
        "without a word.",
        fixed="where only the case is wrong",
    ),
    Trap(
        "json-encoder",
        "from flask.json import JSONEncoder, app.json_encoder = MyEncoder",
        "app.json = MyProvider(app)",
        "Flask 2.3 took it away: ImportError. An assignment to `app.json_encoder` does nothing.",
        raises=r"JSON(Encoder|Decoder)",
        note="a subclass of `flask.json.provider.DefaultJSONProvider`",
    ),
    Trap(
        "app-attribute",
        "app.session_cookie_name",
        'app.config["SESSION_COOKIE_NAME"]',
        "Flask 2.3 took it away: reading it is an AttributeError, and setting it does nothing.",
        fixed="yes",
        raises=r"'session_cookie_name'",
    ),
    Trap(
        "flask-markup",
        "from flask import Markup, escape",
        "from markupsafe import Markup, escape",
        "Flask 3.0 took them away: ImportError.",
        fixed="but `flask.Markup` as an attribute",
        raises=r"cannot import name '(Markup|escape)' from 'flask'",
    ),
    Trap(
        "werkzeug-name",
        "from werkzeug import generate_password_hash, secure_filename",
        "from werkzeug.security import generate_password_hash, "
        "from werkzeug.utils import secure_filename",
        "Werkzeug 1.0 took them out of its top module: ImportError.",
        fixed="yes",
        raises=r"from 'werkzeug' \(",
    ),
    Trap(
        "safe-str-cmp",
        "safe_str_cmp(a, b)",
        "hmac.compare_digest(a.encode(), b.encode())",
        "Werkzeug 2.1 took it away: ImportError. A password is compared with check_password_hash.",
        raises=r"safe_str_cmp",
    ),
    Trap(
        "werkzeug-urls",
        "from werkzeug.urls import url_parse",
        "from urllib.parse import urlsplit",
        "Werkzeug 3.0 took it away: ImportError.",
        raises=r"werkzeug\.urls",
    ),
    Trap(
        "werkzeug-contrib",
        "from werkzeug.contrib.fixers import ProxyFix",
        "from werkzeug.middleware.proxy_fix import ProxyFix",
        "Werkzeug 1.0 took `werkzeug.contrib` away: ModuleNotFoundError. Feeds and "
        "caches are other packages now.",
        raises=r"werkzeug\.contrib",
    ),
    Trap(
        "signed-json",
        "TimedJSONWebSignatureSerializer(key, 3600).loads(token)",
        'URLSafeTimedSerializer(key, salt="reset").loads(token, max_age=3600)',
        "It is gone since itsdangerous 2.1: ImportError. A token that is out in a mail is read by "
        "nothing any more.",
        raises=r"JSONWebSignatureSerializer",
    ),
    Trap(
        "required-field",
        "from wtforms.validators import Required",
        "from wtforms.validators import DataRequired",
        "WTForms 3.0 took it away: ImportError.",
        raises=r"name 'Required' from 'wtforms",
    ),
    Trap(
        "password-method",
        'generate_password_hash(password, method="sha256")',
        "generate_password_hash(password)",
        "Werkzeug 3.0 takes `scrypt` and `pbkdf2` only: ValueError. A stored hash of another kind "
        "can be checked by nothing any more: its user needs a new password.",
        raises=r"Invalid hash method",
    ),
    Trap(
        "next-unchecked",
        'redirect(request.args.get("next") or url_for("index"))',
        "redirect(target if is_safe_next(target) else url_for(...))",
        "It leads wherever the link says: an open redirect. `is_safe_next` is in "
        "`flasklogin_tutorial/app/login.py`.",
    ),
)

BY_NAME = {one.name: one for one in TRAPS}


def trap_behind(said: str) -> Trap | None:
    """Return the trap that an error comes from, as far as its words tell.

    Args:
        said: what was raised, in words.

    Returns:
        The trap, or None.
    """
    return next((one for one in TRAPS if one.raises and re.search(one.raises, said)), None)
