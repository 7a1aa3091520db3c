"""What each rule finds and writes, and what it leaves alone."""

import re
from pathlib import Path

import pytest

pytest.importorskip("libcst")

from flasklogin_tutorial.migrate.source import Unreadable, read
from flasklogin_tutorial.migrate.traps import BY_NAME

OLD = Path(__file__).parent / "old"


@pytest.fixture
def look(tmp_path):
    """Give a function that reads a source: it returns what was found, and what it becomes."""

    def call(text, name="app.py"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        found = read(path)
        assert path.read_bytes() == found.before, "nothing is written by looking"
        after = found.after if isinstance(text, bytes) else found.after.decode()
        return [(one.trap, one.line, one.fixed) for one in found.hits], after

    return call


CLASS = "class User(UserMixin):\n"

#: The trap, a source, and what it becomes.
FIXED = [
    ("flask-ext", "from flask.ext.login import a\n", "from flask_login import a\n"),
    ("flask-ext", "from flask.ext.wtf.csrf import a\n", "from flask_wtf.csrf import a\n"),
    ("flask-ext", "from flask.ext import login\n", "import flask_login as login\n"),
    ("flask-ext", "from flask.ext import login as l\n", "import flask_login as l\n"),
    ("flask-ext", "import flask.ext.login as l, os\n", "import flask_login as l, os\n"),
    (
        "flask-ext",
        "def f():\n    from flask.ext.login import (a,\n        b)  # why\n",
        "def f():\n    from flask_login import (a,\n        b)  # why\n",
    ),
    ("user-method-called", "if user.is_active(): pass\n", "if user.is_active: pass\n"),
    ("user-method-called", "x = g.user.is_anonymous ()\n", "x = g.user.is_anonymous\n"),
    ("user-method-called", "x = (who.is_authenticated())\n", "x = (who.is_authenticated)\n"),
    (
        "user-method-called",
        f"{CLASS}    def f(self): return self.is_active()\n",
        f"{CLASS}    def f(self): return self.is_active\n",
    ),
    (
        "user-method-defined",
        f"{CLASS}\n    # why\n    def is_active(self):\n        return True\n",
        f"{CLASS}\n    # why\n    @property\n    def is_active(self):\n        return True\n",
    ),
    (
        "user-method-defined",
        "class A:\n  def get_id(self): pass\n  def is_anonymous(me): pass\n",
        "class A:\n  def get_id(self): pass\n  @property\n  def is_anonymous(me): pass\n",
    ),
    ("unicode", "return_ = unicode(self.id)\n", "return_ = str(self.id)\n"),
    (
        "positional-field",
        "x = db.ReferenceField(User)\n",
        "x = db.ReferenceField(document_type=User)\n",
    ),
    (
        "positional-field",
        "x = db.IntField(1, 2, required=True)\n",
        "x = db.IntField(min_value=1, max_value=2, required=True)\n",
    ),
    (
        "positional-field",
        "me = flask_mongoengine.MongoEngine()\nx = me.MapField(\n    me.IntField(), # n\n)\n",
        "me = flask_mongoengine.MongoEngine()\nx = me.MapField(\n    field=me.IntField(), # n\n)\n",
    ),
    ("user-callback", "manager.user_callback = load\n", "manager.user_loader(load)\n"),
    ("setup-app", "login_manager.setup_app(app)\n", "login_manager.init_app(app)\n"),
    ("session-protection", "m.session_protection = 'BASIC'\n", 'm.session_protection = "basic"\n'),
    (
        "app-attribute",
        "n = current_app.session_cookie_name\n",
        'n = current_app.config["SESSION_COOKIE_NAME"]\n',
    ),
    (
        "app-attribute",
        "app.session_cookie_name = 'n'\n",
        "app.config[\"SESSION_COOKIE_NAME\"] = 'n'\n",
    ),
    ("flask-markup", "from flask import Markup\n", "from markupsafe import Markup\n"),
    (
        "flask-markup",
        "from flask import Flask, escape as e\n",
        "from flask import Flask\nfrom markupsafe import escape as e\n",
    ),
    (
        "werkzeug-name",
        "# why\nfrom werkzeug import secure_filename, check_password_hash  # and\n",
        "# why\nfrom werkzeug.utils import secure_filename  # and\n"
        "from werkzeug.security import check_password_hash\n",
    ),
]

#: The trap, and a source that stays as it is, because somebody has to think.
TOLD = [
    ("flask-ext", "import flask.ext.login\n"),
    ("before-first-request", "@app.before_first_request\ndef f(): pass\n"),
    ("before-first-request", "@part.before_app_first_request\ndef f(): pass\n"),
    ("positional-field", "x = db.ListField(*many)\n"),
    ("positional-field", "x = db.ListField(db.IntField(), 7)\n"),
    ("mongomock-address", 'host = "mongomock://localhost"\n'),
    ("mongomock-address", 'connect("x", is_mock=True)\n'),
    ("flat-mongodb-settings", 'app.config["MONGODB_DB"] = "x"\n'),
    ("flat-mongodb-settings", "class Config:\n    MONGODB_HOST = 'x'\n"),
    ("old-ssl-settings", 'x = {"ssl_certfile": "a.pem"}\n'),
    ("old-ssl-settings", "MongoClient(ssl_ca_certs='a.pem')\n"),
    ("connect-false", "MongoClient(connect=False)\n"),
    ("connect-false", 'x = {"connect": False}\n'),
    ("header-loader", "@login_manager.header_loader\ndef f(h): pass\n"),
    ("token-loader", "@login_manager.token_loader\ndef f(h): pass\n"),
    ("token-loader", "class A:\n    def get_auth_token(self): pass\n"),
    ("session-protection", "m.session_protection = 'none'\n"),
    ("json-encoder", "from flask.json import JSONEncoder\n"),
    ("json-encoder", "app.json_encoder = Mine\n"),
    ("flask-markup", "x = flask.Markup(y)\n"),
    ("safe-str-cmp", "from werkzeug.security import safe_str_cmp\n"),
    ("werkzeug-urls", "from werkzeug.urls import url_parse\n"),
    ("werkzeug-contrib", "from werkzeug.contrib.atom import AtomFeed\n"),
    ("werkzeug-contrib", "from werkzeug.contrib import fixers as f\n"),
    ("signed-json", "from itsdangerous import TimedJSONWebSignatureSerializer as S\n"),
    ("required-field", "from wtforms.validators import Length, Required\n"),
    ("password-method", "generate_password_hash(p, 'sha256')\n"),
    ("password-method", "werkzeug.security.generate_password_hash(p, method='md5')\n"),
    ("next-unchecked", "def f():\n    return redirect(request.args['next'])\n"),
    ("next-unchecked", "def f():\n    return flask.redirect(request.form.get('next', '/'))\n"),
    (
        "next-unchecked",
        "def f():\n    to = request.args.get('next')\n    if not to: to = '/'\n"
        "    return redirect(to)\n",
    ),
]

#: What looks like a trap and is none.
LEFT_ALONE = [
    "from flask_login import LoginManager\n",
    "from flask import Flask\nfrom markupsafe import Markup, escape\n",
    "from .flask import Markup\n",
    "from flask import *\n",
    "x = current_user.is_authenticated\n",
    "x = lamp.is_active()\nclass Lamp:\n    def is_active(self): return self.is_active()\n",
    "x = user.is_active(True)\n",
    f"{CLASS}    @property\n    def is_active(self): return True\n",
    f"{CLASS}    @cached_property\n    def is_active(self): return True\n",
    f"{CLASS}    def is_active(self, when): return True\n",
    "try: unicode\nexcept NameError: unicode = str\nx = unicode(y)\n",
    "x = db.StringField(required=True)\nx = db.ListField(field=db.StringField())\n",
    "x = wtforms.StringField('Name')\nx = mongoengine.ReferenceField(User)\n",
    "x = db.Column(db.Integer, primary_key=True)\n",
    'app.config["MONGODB_SETTINGS"] = {"db": "x", "connect": True}\n',
    "login_manager.session_protection = 'strong'\nlogin_manager.session_protection = None\n",
    "x = cookie.session_cookie_name\n",
    "from json import JSONEncoder\nx = json.JSONEncoder()\n",
    "toolbar.setup_app(app)\n",
    "generate_password_hash(p)\ngenerate_password_hash(p, method='pbkdf2:sha256:1000000')\n",
    "from werkzeug.security import generate_password_hash\n",
    "def f():\n    to = request.args.get('next')\n"
    "    return redirect(to if is_safe_next(to) else '/')\n",
    "def f():\n    to = request.args.get('next')\n    if not safe(to): to = '/'\n"
    "    return redirect(to)\n",
    "def f():\n    return redirect(url_for('index', next=request.args.get('next')))\n",
    "def f():\n    return redirect(request.args.get('page'))\n",
    "",
]


@pytest.mark.parametrize(("trap", "before", "after"), FIXED)
def test_what_is_mechanical_is_written(look, trap, before, after):
    found, written = look(before)
    assert {(name, fixed) for name, _, fixed in found} == {(trap, True)}
    assert written == after
    assert look(after) == ([], after)


@pytest.mark.parametrize(("trap", "source"), TOLD)
def test_what_somebody_has_to_think_about_is_told(look, trap, source):
    found, written = look(source)
    assert [(name, fixed) for name, _, fixed in found] == [(trap, False)]
    assert written == source


@pytest.mark.parametrize("source", LEFT_ALONE)
def test_what_only_looks_so_is_left_alone(look, source):
    assert look(source) == ([], source)


def test_every_trap_is_tried_here():
    assert {trap for trap, *_ in [*FIXED, *TOLD]} == set(BY_NAME)


def test_the_table_says_what_is_fixed():
    fixed, told = {trap for trap, *_ in FIXED}, {trap for trap, _ in TOLD}
    words = {name: BY_NAME[name].fixed for name in BY_NAME}
    assert {name for name, word in words.items() if word == "no"} == told - fixed
    assert {name for name, word in words.items() if word != "no"} == fixed
    assert {name for name, word in words.items() if word not in ("yes", "no")} == {
        "flask-ext", "flask-markup", "session-protection",
    }  # fmt: skip


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_formatting_stays(look, line_end):
    text = (OLD / "shop.py").read_text("utf-8").replace("\n", line_end)
    found, after = look(text.encode())
    before_lines, after_lines = text.split(line_end), after.decode().split(line_end)
    changed = [line for line in after_lines if line not in before_lines]
    assert len(changed) < len(found) and line_end.join(after_lines).count("\n") > 60
    assert "    redirect,  # a comment that stays" in after_lines
    assert "    # Whoever was thrown out stays out." in after_lines
    assert any(line.startswith("    friends = engine.ListField( field=") for line in changed)


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbffrom flask.ext.login import a\r\n",
        "# coding: latin-1\nfrom flask.ext.login import a  # é\n".encode("latin-1"),
        b"def f():\n\tfrom flask.ext.login import a\n\tx = [1,\n   2]",
    ],
)
def test_bytes_that_are_not_about_it_stay(look, source):
    found, after = look(source)
    assert len(found) == 1
    assert after == source.replace(b"flask.ext.login", b"flask_login")


def test_lines_are_those_of_the_file_as_it_is(look):
    text = (OLD / "shop.py").read_text("utf-8")
    for trap, line, _ in look(text)[0]:
        words = set(re.findall(r"\w{4,}", BY_NAME[trap].old)) | {
            "make_secure_token",
            "is_anonymous",
            "ListField",
        }
        near = "\n".join(text.splitlines()[line - 1 : line + 3])
        assert words & set(re.findall(r"\w{4,}", near)), (trap, line)


def test_a_template_is_read_too(look):
    text = "a\r\n{% if current_user.is_authenticated() and lamp.is_active() %}\r\n"
    found, after = look(text, "page.html")
    assert found == [("user-method-called", 2, True)]
    assert after == text.replace("authenticated()", "authenticated")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"x = 1\nprint 'two'\n", r"app\.py:2: cannot be parsed"),
        (b"def f(:\n    pass\n", r"cannot be parsed"),
        (b"x = '\xff'\n", r"cannot be read as text"),
        (b"# coding: nope\n", r"cannot be read as text: unknown encoding: nope"),
        (b"x = 1\0", r"cannot be parsed"),
    ],
)
def test_what_is_no_python_is_named_and_not_touched(look, tmp_path, source, said):
    with pytest.raises(Unreadable, match=said):
        look(source)
    assert (tmp_path / "app.py").read_bytes() == source
