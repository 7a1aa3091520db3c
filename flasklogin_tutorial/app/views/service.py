"""What machines ask: whether the app works, and what its API takes."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from ..models import User
from ..openapi import describe_api
from ..schemas import Health

service = Blueprint("service", __name__)


@service.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Tell whether the app and its database answer; a 503 if the database does not."""
    User._get_db().command("ping")
    return jsonify(Health().dump({"status": "ok"}))


@service.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Describe the API."""
    return jsonify(describe_api(current_app))
