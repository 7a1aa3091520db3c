"""A JSON API for a page of scripts: its login takes nothing from a browser without its cookie.

The token is compared with the session's, and yet nobody has to send it but as that cookie. So what
keeps other sites out is the cookie's `SameSite`, and nothing else.
"""

import secrets

from flask import Flask, request, session
from flask_login import LoginManager, UserMixin, login_required, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

db = SQLAlchemy()


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(40), unique=True, nullable=False)
    email = db.Column(db.String(255), unique=True, nullable=False)
    hashed_password = db.Column(db.String(255), nullable=False)


def create_app(same_site=None):
    app = Flask(__name__)
    app.config.update(SECRET_KEY=secrets.token_hex(), SQLALCHEMY_DATABASE_URI="sqlite://")
    app.config["SESSION_COOKIE_SAMESITE"] = same_site
    db.init_app(app)
    LoginManager(app).user_loader(lambda id: db.session.get(User, int(id)))
    with app.app_context():
        db.create_all()

    @app.after_request
    def give_token(response):
        token = session.setdefault("csrf", secrets.token_hex())
        response.set_cookie("csrf_token", token, httponly=True, samesite=same_site)
        return response

    def sent():
        """Return what was sent, as JSON or as a form; nothing without the cookie."""
        if request.cookies.get("csrf_token", "") != session.get("csrf"):
            return None
        return request.get_json(silent=True) or request.form

    @app.get("/api/auth/")
    @login_required
    def me():
        return {"here": True}

    @app.post("/api/auth/login")
    def login():
        data = sent()
        if data is None:
            return {"errors": ["The CSRF token is missing."]}, 400
        user = User.query.filter_by(email=data.get("email")).first()
        if user and check_password_hash(user.hashed_password, data.get("password") or ""):
            login_user(user)
            return {"id": user.id}
        return {"errors": ["Invalid"]}, 401

    @app.get("/api/auth/logout")
    def logout():
        logout_user()
        return {"done": True}

    @app.post("/api/auth/signup")
    def signup():
        data = sent()
        if data is None:
            return {"errors": ["The CSRF token is missing."]}, 400
        stored = generate_password_hash(data["password"], "pbkdf2:sha256:1000")
        user = User(username=data["username"], email=data["email"], hashed_password=stored)
        db.session.add(user)
        db.session.commit()
        return {"id": user.id}, 201

    return app
