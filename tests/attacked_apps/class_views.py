"""Class views, as an admin extension has them: the login is a method of the index view."""

import secrets

from flask import Blueprint, Flask, redirect, request, url_for
from flask.views import MethodView
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import Form, PasswordField, StringField, validators

from .pages import render

db = SQLAlchemy()

PAGE = """<!doctype html><title>Admin</title><form method="post" action="">
{{ form.hidden_tag() if form.hidden_tag }}{% for field in form %}{{ field.label }}{{ field() }}
{% for error in field.errors %}<li>{{ error }}</li>{% endfor %}{% endfor %}
<button type="submit">Submit</button></form><p>{{ text }}</p>"""


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    first_name = db.Column(db.String(100))
    login = db.Column(db.String(80), unique=True)
    email = db.Column(db.String(120))
    password = db.Column(db.String(256))

    @property
    def is_authenticated(self):
        return True

    @property
    def is_active(self):
        return True

    @property
    def is_anonymous(self):
        return False

    def get_id(self):
        return self.id


class LoginForm(Form):
    login = StringField(validators=[validators.InputRequired()])
    password = PasswordField(validators=[validators.InputRequired()])

    def get_user(self):
        return db.session.query(User).filter_by(login=self.login.data).first()

    def validate_login(self, field):
        user = self.get_user()
        if user is None:
            raise validators.ValidationError("Invalid user")
        if not check_password_hash(user.password, self.password.data):
            raise validators.ValidationError("Invalid password")


class RegistrationForm(FlaskForm):
    login = StringField(validators=[validators.InputRequired()])
    email = StringField()
    password = PasswordField(validators=[validators.InputRequired()])

    def validate_login(self, field):
        if db.session.query(User).filter_by(login=self.login.data).count() > 0:
            raise validators.ValidationError("Duplicate username")


class Pages:
    """What an extension has for the views of its apps."""

    def show(self, form, text=""):
        if current_user.is_authenticated:  # then there is no form on it
            return f"<!doctype html><title>Admin</title><p>{text}</p>"
        return render(PAGE, form=form, text=text)


class View(Pages):
    """A view with several pages, each a method, registered as an extension does it."""

    name, url = "admin", "/admin"
    pages = (("/", "index"), ("/login/", "login_view"), ("/register/", "register_view"))
    pages += (("/logout/", "logout_view"),)

    def blueprint(self):
        made = Blueprint(self.name, __name__, url_prefix=self.url)
        for path, name in self.pages:
            made.add_url_rule(path, name, getattr(self, name), methods=["GET", "POST"])
        return made

    def index(self):
        if not current_user.is_authenticated:
            return redirect(url_for(".login_view"))
        return "The tables are here."

    def login_view(self):
        form = LoginForm(request.form)
        if request.method == "POST" and form.validate():
            login_user(form.get_user())
        if current_user.is_authenticated:
            return redirect(url_for(".index"))
        return super().show(form, "No account? Register.")

    def register_view(self):
        form = RegistrationForm(request.form)
        if request.method == "POST" and form.validate():
            user = User(login=form.login.data, email=form.email.data)
            user.password = generate_password_hash(form.password.data, "pbkdf2:sha256:1000")
            db.session.add(user)
            db.session.commit()
            login_user(user)
            return redirect(url_for(".index"))
        return super().show(form)

    def logout_view(self):
        logout_user()
        return redirect(url_for(".index"))


class UserView(MethodView):
    """The table of the users, for everybody who is logged in."""

    def get(self):
        if not current_user.is_authenticated:
            return redirect(url_for("admin.login_view"))
        rows = db.session.query(User).all()
        forms = "".join(
            f'<form method="post" action="{url_for("delete_user", id=row.id)}">'
            f"<button>Delete {row.id}</button></form>"
            for row in rows
        )
        return f"<!doctype html>{forms}"


class DeleteUser(MethodView):
    """Removes a row, whoever's it is."""

    def post(self, id):
        if not current_user.is_authenticated:
            return redirect(url_for("admin.login_view"))
        db.session.delete(db.get_or_404(User, id))
        db.session.commit()
        return redirect(url_for("users"))


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    manager = LoginManager()
    manager.init_app(app)

    @manager.user_loader
    def load_user(user_id):
        return db.session.get(User, user_id)

    app.register_blueprint(View().blueprint())
    app.add_url_rule("/admin/user/", view_func=UserView.as_view("users"))
    app.add_url_rule("/admin/user/delete/<int:id>", view_func=DeleteUser.as_view("delete_user"))
    with app.app_context():
        db.create_all()
    return app
