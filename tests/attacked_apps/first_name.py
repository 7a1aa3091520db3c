"""The e-mail address as the name; a registration with a first name and two passwords; no tokens."""

import json

from flask import (
    Blueprint,
    Flask,
    flash,
    jsonify,
    redirect,
    request,
    url_for,
)
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_required,
    login_user,
    logout_user,
)
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

from .pages import render

db = SQLAlchemy()
auth = Blueprint("auth", __name__)
views = Blueprint("views", __name__)

BASE = """<!doctype html><title>Notes</title>
{% for each in get_flashed_messages() %}<div class="alert">{{ each }}</div>{% endfor %}"""
LOGIN = (
    BASE
    + """<form method="POST"><label for="email">Email Address</label>
<input type="email" id="email" name="email"><label for="password">Password</label>
<input type="password" id="password" name="password"><button type="submit">Login</button></form>"""
)
SIGN_UP = (
    BASE
    + """<form method="POST"><input type="email" id="email" name="email">
<label for="firstName">First Name</label><input type="text" id="firstName" name="firstName">
<input type="password" id="password1" name="password1">
<input type="password" id="password2" name="password2"><button>Submit</button></form>"""
)
HOME = (
    BASE
    + """<ul>{% for each in user.notes %}<li>{{ each.data }}</li>{% endfor %}</ul>
<form method="POST"><textarea name="note"></textarea><button>Add Note</button></form>
<a href="{{ url_for('auth.logout') }}">Logout</a>"""
)


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    data = db.Column(db.String(10000))
    user_id = db.Column(db.Integer, db.ForeignKey("user.id"))


class User(db.Model, UserMixin):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(150), unique=True)
    password = db.Column(db.String(150))
    first_name = db.Column(db.String(150))
    notes = db.relationship("Note")


def find(email):
    return User.query.filter_by(email=email).first()


@auth.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        user = find(request.form.get("email"))
        if user is None:
            flash("Email does not exist.", category="error")
        elif check_password_hash(user.password, request.form.get("password")):
            login_user(user, remember=True)
            return redirect(url_for("views.home"))
        else:
            flash("Incorrect password, try again.", category="error")
    return render(LOGIN)


@auth.route("/logout")
@login_required
def logout():
    logout_user()
    return redirect(url_for("auth.login"))


@auth.route("/sign-up", methods=["GET", "POST"])
def sign_up():
    if request.method == "POST":
        email, first_name = request.form.get("email"), request.form.get("firstName")
        password1, password2 = request.form.get("password1"), request.form.get("password2")
        if find(email):
            flash("Email already exists.", category="error")
        elif len(email) < 4 or len(first_name) < 2:
            flash("Email or first name is too short.", category="error")
        elif password1 != password2 or len(password1) < 7:
            flash("Passwords don't match, or are too short.", category="error")
        else:
            hashed = generate_password_hash(password1, "pbkdf2:sha256:1000")
            user = User(email=email, first_name=first_name, password=hashed)
            db.session.add(user)
            db.session.commit()
            login_user(user, remember=True)
            return redirect(url_for("views.home"))
    return render(SIGN_UP)


@views.route("/", methods=["GET", "POST"])
@login_required
def home():
    if request.method == "POST":
        db.session.add(Note(data=request.form.get("note"), user_id=current_user.id))
        db.session.commit()
    return render(HOME, user=current_user)


@views.route("/delete-note", methods=["POST"])
def delete_note():
    note = db.session.get(Note, json.loads(request.data)["noteId"])
    if note and note.user_id == current_user.id:
        db.session.delete(note)
        db.session.commit()
    return jsonify({})


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="hjshjhdjah kjshkjdhjs", SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    app.register_blueprint(views, url_prefix="/")
    app.register_blueprint(auth, url_prefix="/")
    with app.app_context():
        db.create_all()
    login_manager = LoginManager()
    login_manager.login_view = "auth.login"
    login_manager.init_app(app)

    @login_manager.user_loader
    def load_user(id):
        return db.session.get(User, int(id))

    return app
