"""An app with every trap that there is, each where the table says it is."""

import flask.ext.wtf as forms
import hmac
from flask.ext import bcrypt, login as l
from flask import (
    Flask,
    Markup,
    escape as e,
    redirect,  # a comment that stays
    request,
    url_for,
)
from flask.ext.login import LoginManager, UserMixin, current_user, make_secure_token
from flask.json import JSONEncoder
from flask_mongoengine import MongoEngine
from itsdangerous import TimedJSONWebSignatureSerializer
from werkzeug import generate_password_hash, secure_filename
from werkzeug.contrib.fixers import ProxyFix
from werkzeug.security import safe_str_cmp
from werkzeug.urls import url_parse
from wtforms.validators import Required

app = Flask(__name__)
app.config["MONGODB_DB"] = "shop"
app.config["MONGODB_SETTINGS"] = {
    "host": "mongomock://localhost/shop", "connect": False, "ssl_ca_certs": "ca.pem",
}
print(app.session_cookie_name)
app.json_encoder = JSONEncoder

engine = MongoEngine(app)
login_manager = LoginManager()
login_manager.setup_app(app)
login_manager.session_protection = 'Strong'


class Person(UserMixin, engine.Document):
    name = engine.StringField(None, 64)
    friends = engine.ListField( engine.ReferenceField('self', reverse_delete_rule=4) )

    def get_id(self):
        return unicode(self.id)

    # Whoever was thrown out stays out.
    def is_active(self):
        return not self.banned and self.is_anonymous()

    def get_auth_token(self):
        return make_secure_token(self.name)


class Lamp:
    def is_active(self):
        return self.is_active() or lamp.is_active()


def load(user_id):
    return Person.objects(id=user_id).first()


login_manager.user_callback = load


@login_manager.header_loader
def by_header(value):
    return None


@login_manager.token_loader
def by_token(token):
    return None


@app.before_first_request
def prepare():
    Person.ensure_indexes()


@app.route("/login")
def enter():
    if not (current_user.is_authenticated()):
        generate_password_hash("x", method="sha256")
        return redirect(request.args.get("next") or url_for("enter"))
    return flask.Markup(e("so"))
