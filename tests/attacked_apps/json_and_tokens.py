"""A JSON API with a token beside the cookie, on SQLAlchemy."""

import secrets

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


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String, unique=True, nullable=False)
    pw_hash = db.Column(db.String, nullable=False)
    api_token = db.Column(db.String, unique=True)
    is_admin = db.Column(db.Boolean, nullable=False, default=False)

    def set_password(self, password):
        self.pw_hash = generate_password_hash(password, "pbkdf2:sha256:1000")

    def shown(self):
        return {"id": self.id, "email": self.email, "is_admin": self.is_admin}


def create_app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    db.init_app(app)
    manager = LoginManager(app)
    with app.app_context():
        db.create_all()

    @manager.user_loader
    def load_user(user_id):
        return db.session.get(User, int(user_id))

    @manager.request_loader
    def load_by_token(request):
        _, _, token = request.headers.get("Authorization", "").partition("Bearer ")
        return db.session.scalar(db.select(User).filter_by(api_token=token)) if token else None

    @manager.unauthorized_handler
    def unauthorized():
        return jsonify(error="log in first"), 401

    @app.post("/api/v1/auth/session")
    def start():
        sent = request.get_json()
        user = db.session.scalar(db.select(User).filter_by(email=sent["email"]))
        if user is None or not check_password_hash(user.pw_hash, sent["password"]):
            return jsonify(error="wrong email or password"), 401
        login_user(user, remember=sent.get("remember", False))
        return jsonify(user.shown())

    @app.delete("/api/v1/auth/session")
    @login_required
    def end():
        logout_user()
        return "", 204

    @app.get("/api/v1/me")
    @login_required
    def me():
        return jsonify(current_user.shown())

    @app.post("/api/v1/users")
    def register():
        sent = request.get_json()
        if db.session.scalar(db.select(User).filter_by(email=sent["email"])) is not None:
            return jsonify(error="taken"), 409
        user = User(email=sent["email"])
        user.set_password(sent["password"])
        db.session.add(user)
        db.session.commit()
        return jsonify(user.shown()), 201

    @app.patch("/api/v1/users/<int:user_id>")
    @login_required
    def change(user_id):
        user, sent = db.get_or_404(User, user_id), request.get_json()
        if user.id != current_user.id:
            abort(403)
        for key, value in sent.items():
            if key == "password":
                user.set_password(value)
            elif hasattr(user, key):
                setattr(user, key, value)
        db.session.commit()
        return jsonify(user.shown())

    @app.delete("/api/v1/users/<int:user_id>")
    @login_required
    def remove(user_id):
        if user_id != current_user.id:
            abort(403)
        db.session.delete(db.get_or_404(User, user_id))
        db.session.commit()
        return "", 204

    @app.post("/api/v1/tokens")
    @login_required
    def make_token():
        current_user.api_token = secrets.token_urlsafe(32)
        db.session.commit()
        return jsonify(token=current_user.api_token), 201

    return app
