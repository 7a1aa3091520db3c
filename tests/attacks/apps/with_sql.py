"""A JSON API on Flask-SQLAlchemy and SQLite in memory, with hashed passwords and other names."""

from flask import Flask, abort, jsonify, request
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

db = SQLAlchemy()

HASH = "pbkdf2:sha256:1000"


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    handle = db.Column(db.String, unique=True, nullable=False)
    mail = db.Column(db.String)
    hash = db.Column(db.String)


def create_app(config=None):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="you-will-never-guess", SQLALCHEMY_DATABASE_URI="sqlite://")
    app.config.update(config or {})
    db.init_app(app)
    with app.app_context():
        db.create_all()
    login_manager = LoginManager(app)

    @login_manager.user_loader
    def load_user(user_id):
        return db.session.get(User, int(user_id))

    @login_manager.unauthorized_handler
    def unauthorized():
        abort(401)

    def shown(user):
        return jsonify(handle=user.handle, mail=user.mail)

    def find(handle):
        return db.first_or_404(db.select(User).filter_by(handle=handle))

    @app.post("/api/sessions")
    def log_in():
        sent = request.get_json()
        user = db.session.scalar(db.select(User).filter_by(handle=sent["handle"]))
        if user is None or not check_password_hash(user.hash, sent["secret"]):
            abort(401)
        login_user(user, remember=sent.get("keep", False))
        return shown(user)

    @app.delete("/api/sessions")
    def log_out():
        logout_user()
        return "", 204

    @app.get("/api/me")
    @login_required
    def me():
        return shown(current_user)

    @app.get("/api/users/<handle>")
    def read(handle):
        return shown(find(handle))

    @app.post("/api/users")
    def sign_up():
        sent = request.get_json()
        user = User(handle=sent["handle"], mail=sent["mail"])
        user.hash = generate_password_hash(sent["secret"], HASH)
        db.session.add(user)
        db.session.commit()
        return shown(user), 201

    @app.put("/api/users/<handle>")
    @login_required
    def change(handle):
        user, sent = find(handle), request.get_json()
        user.mail, user.hash = sent["mail"], generate_password_hash(sent["secret"], HASH)
        db.session.commit()
        return shown(user)

    @app.delete("/api/users/<handle>")
    @login_required
    def delete(handle):
        user = find(handle)
        if user.id != current_user.id:
            abort(403)
        db.session.delete(user)
        db.session.commit()
        return "", 204

    return app
