"""Step 1 of 6. The same API with a login manager bound to it, which changes nothing yet.

Run it: `flask --app flasklogin_tutorial.steps.step01_bind_login_manager run`
"""

import json
from collections.abc import Mapping
from typing import Any

import mongomock
from flask import Flask, jsonify, request
from flask_login import LoginManager
from flask_mongoengine import MongoEngine

db = MongoEngine()


class User(db.Document):
    """One record of the API."""

    name = db.StringField()
    password = db.StringField()
    email = db.StringField()

    def public(self) -> dict[str, str]:
        """Return what the API shows of a record: everything but the password."""
        return {"name": self.name, "email": self.email}


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Make the app.

    Args:
        config: settings that win over all others, merged last into `app.config`.

    Returns:
        A new app on the embedded database, or on the one that `MONGODB_SETTINGS` names.
    """
    app = Flask(__name__)
    app.config["MONGODB_SETTINGS"] = {
        "db": "tutorial",
        "host": "mongodb://localhost",
        "mongo_client_class": mongomock.MongoClient,
    }
    app.config.from_prefixed_env()
    app.config.update(config or {})
    db.init_app(app)

    login_manager = LoginManager()
    login_manager.init_app(app)

    @app.route("/", methods=["GET"])
    def query_record():
        user = User.objects(name=request.args.get("name")).first()
        if user is None:
            return jsonify(error="data not found")
        return jsonify(user.public())

    @app.route("/", methods=["PUT"])
    def create_record():
        record = json.loads(request.data)
        user = User(name=record["name"], password=record["password"], email=record["email"])
        user.save()
        return jsonify(user.public())

    @app.route("/", methods=["POST"])
    def update_record():
        record = json.loads(request.data)
        user = User.objects(name=record["name"]).first()
        if user is None:
            return jsonify(error="data not found")
        user.update(email=record["email"], password=record["password"])
        return jsonify(user.public())

    @app.route("/", methods=["DELETE"])
    def delete_record():
        record = json.loads(request.data)
        user = User.objects(name=record["name"]).first()
        if user is None:
            return jsonify(error="data not found")
        user.delete()
        return jsonify(user.public())

    return app
