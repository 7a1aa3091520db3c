"""The table of traps says what happens: the old spelling fails so, and the new one works."""

import inspect
import re

import flask
import flask_login
import mongoengine
import pytest
import werkzeug.security
from flask import Flask
from flask_login import LoginManager, UserMixin
from flask_mongoengine import MongoEngine
from flask_mongoengine.connection import get_connection_settings
from pymongo import MongoClient
from pymongo.errors import ConfigurationError

from flasklogin_tutorial.migrate.traps import BY_NAME, TRAPS, trap_behind

pytest.importorskip("libcst")

from flasklogin_tutorial.migrate.rules.database import FIELDS

db = MongoEngine()


class User(UserMixin):
    id = "7"


#: The trap, what is written, and what it raises.
FAILS = [
    ("flask-ext", "import flask.ext.login", ModuleNotFoundError),
    ("user-method-called", "User().is_authenticated()", TypeError),
    ("unicode", "unicode('x')", NameError),
    ("before-first-request", "Flask('x').before_first_request", AttributeError),
    ("positional-field", "db.ReferenceField(User)", TypeError),
    ("positional-field", "db.ListField(db.StringField())", TypeError),
    ("mongomock-address", "mongoengine.connect(host='mongomock://localhost')", Exception),
    ("mongomock-address", "mongoengine.connect(is_mock=True)", Exception),
    ("old-ssl-settings", "MongoClient(connect=False, ssl_ca_certs='ca.pem')", ConfigurationError),
    ("token-loader", "LoginManager().token_loader", AttributeError),
    ("token-loader", "from flask_login import make_secure_token", ImportError),
    ("user-callback", "LoginManager().user_callback = len", AttributeError),
    ("json-encoder", "from flask.json import JSONEncoder", ImportError),
    ("app-attribute", "Flask('x').session_cookie_name", AttributeError),
    ("flask-markup", "from flask import Markup", ImportError),
    ("flask-markup", "from flask import escape", ImportError),
    ("werkzeug-name", "from werkzeug import secure_filename", ImportError),
    ("safe-str-cmp", "from werkzeug.security import safe_str_cmp", ImportError),
    ("werkzeug-urls", "from werkzeug.urls import url_parse", ImportError),
    ("werkzeug-contrib", "from werkzeug.contrib.fixers import ProxyFix", ModuleNotFoundError),
    ("signed-json", "from itsdangerous import TimedJSONWebSignatureSerializer", ImportError),
    ("signed-json", "from itsdangerous import JSONWebSignatureSerializer", ImportError),
    ("required-field", "from wtforms.validators import Required", ImportError),
    (
        "password-method",
        "werkzeug.security.generate_password_hash('x', method='sha256')",
        ValueError,
    ),
    ("password-method", "werkzeug.security.check_password_hash('md5$a$b', 'x')", ValueError),
]

#: The trap, and what is written today.
WORKS = [
    ("flask-ext", "from flask_login import LoginManager"),
    ("user-method-called", "assert User().is_authenticated"),
    ("positional-field", "db.ListField(field=db.StringField())"),
    ("positional-field", "db.ReferenceField(document_type='User')"),
    ("user-callback", "LoginManager().user_loader(len)"),
    ("json-encoder", "from flask.json.provider import DefaultJSONProvider"),
    ("app-attribute", "Flask('x').config['SESSION_COOKIE_NAME']"),
    ("flask-markup", "from markupsafe import Markup, escape"),
    ("werkzeug-contrib", "from werkzeug.middleware.proxy_fix import ProxyFix"),
    ("signed-json", "from itsdangerous import URLSafeTimedSerializer"),
    ("required-field", "from wtforms.validators import DataRequired"),
    ("werkzeug-name", "from werkzeug.security import generate_password_hash"),
    ("werkzeug-name", "from werkzeug.utils import secure_filename"),
    ("safe-str-cmp", "import hmac; assert hmac.compare_digest('é'.encode(), 'é'.encode())"),
    ("werkzeug-urls", "from urllib.parse import urlsplit"),
    ("password-method", "werkzeug.security.generate_password_hash('x')"),
]


def known():
    return {"db": db, "User": User} | {
        each.__name__: each
        for each in (Flask, LoginManager, MongoClient, flask, flask_login, mongoengine, werkzeug)
    }


@pytest.mark.parametrize(("name", "source", "error"), FAILS)
def test_what_is_old_fails_as_the_table_says(name, source, error):
    with pytest.raises(error) as raised:
        exec(source, known())
    said = type(raised.value).__name__
    assert said in BY_NAME[name].why or error is Exception
    assert trap_behind(f"{said}: {raised.value}") is BY_NAME[name]


@pytest.mark.parametrize(("name", "source"), WORKS)
def test_what_is_to_be_written_works(name, source):
    exec(source, known())


def test_every_pattern_of_an_error_is_tried():
    assert {one.name for one in TRAPS if one.raises} == {name for name, *_ in FAILS}
    assert trap_behind("RuntimeError: no database today") is None


def test_a_method_is_always_true():
    class Old:
        def is_anonymous(self):
            return False

    assert bool(Old().is_anonymous)


@pytest.mark.parametrize("mode", ["Strong", "STRONG", "none", "on"])
def test_a_word_that_is_none_switches_the_protection_off(mode):
    app, manager = Flask("x", static_folder=None), LoginManager()
    app.secret_key = "x"
    manager.init_app(app)
    with app.test_request_context(headers={"User-Agent": "another"}):
        flask.session.update({"_id": "of another browser", "_user_id": "7"})
        manager.session_protection = mode
        assert not manager._session_protection_failed()
        manager.session_protection = mode.lower()
        assert manager._session_protection_failed() is (mode.lower() == "strong")


def test_what_was_an_attribute_of_the_app_can_be_set_and_does_nothing():
    app = Flask("x", static_folder=None)
    app.secret_key, app.session_cookie_name, app.json_encoder = "x", "mine", None

    @app.get("/")
    def view():
        flask.session["a"] = "b"
        return {"a": "b"}

    answer = app.test_client().get("/")
    assert answer.json == {"a": "b"}
    assert answer.headers["Set-Cookie"].startswith("session=")


@pytest.mark.parametrize("loader", ["header_loader", "setup_app"])
def test_what_is_about_to_go_warns(loader):
    with pytest.warns(DeprecationWarning, match="removed in Flask-Login 0.7"):
        getattr(LoginManager(), loader)(Flask("x"))


def test_settings_without_a_mapping_warn_and_are_not_read_beside_one():
    with pytest.warns(DeprecationWarning, match="flat configuration"):
        assert get_connection_settings({"MONGODB_DB": "x"}) == [{"db": "x"}]
    both = {"MONGODB_DB": "x", "MONGODB_SETTINGS": {"db": "y"}}
    assert get_connection_settings(both) == [{"db": "y"}]


def test_the_names_of_the_arguments_are_those_of_mongoengine():
    for name in (name for name in vars(db) if name.endswith("Field")):
        field = getattr(mongoengine.fields, name, None)
        if field is None:
            continue
        named = [
            one.name
            for one in inspect.signature(field.__init__).parameters.values()
            if one.kind is one.POSITIONAL_OR_KEYWORD
        ][1:]
        ours = list(FIELDS.get(name, ()))
        assert ours == named[: len(ours)], name
        assert ours or named in ([], ["auto_index"]), f"{name} takes {named}"


def test_every_field_refuses_an_argument_without_a_name():
    for name in FIELDS:
        with pytest.raises(TypeError, match="takes 1 positional argument"):
            getattr(db, name)("x")


def test_the_table_is_well_formed():
    assert len(BY_NAME) == len(TRAPS)
    for one in TRAPS:
        assert re.fullmatch(r"[a-z-]+", one.name)
        assert one.why[0].isupper() and one.why.endswith(".")
