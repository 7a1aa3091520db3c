"""The article's four verbs on the records: everybody reads, owners and administrators write."""

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from .. import accounts
from ..errors import wants_page
from ..schemas import (
    ChangeInput,
    NameInput,
    RecordInput,
    bad_fields,
    read_body,
    read_query,
    show_record,
)

records = Blueprint("records", __name__)


@records.get("/")
def query_record() -> ResponseReturnValue:
    """Show a record: the name to everybody, the e-mail address to its owner and administrators."""
    if wants_page() and not request.args:  # a person who typed the app's address
        return redirect(url_for("pages.account"))
    user = accounts.find(**read_query(NameInput()))
    return jsonify(show_record(user, current_user))


@records.put("/")
@login_required
def create_record() -> ResponseReturnValue:
    """Create a user; for administrators."""
    accounts.require_admin()
    user = accounts.create(**read_body(RecordInput()))
    place = {"Location": url_for("records.query_record", name=user.name)}
    return jsonify(show_record(user, current_user)), 201, place


@records.post("/")
@login_required
def update_record() -> ResponseReturnValue:
    """Change a user; for the user and administrators."""
    asked = read_body(ChangeInput())
    user = accounts.find(asked.pop("name"))
    accounts.require_owner_or_admin(user)
    if not asked:
        nothing = ["Send a new one here, or a new password."]
        raise bad_fields({"email": nothing})
    if "password" in asked:
        accounts.require_fresh_password()
    changed = accounts.change(user, **asked)
    return jsonify(show_record(changed, current_user))


@records.delete("/")
@login_required
def delete_record() -> ResponseReturnValue:
    """Delete a user; for the user and administrators."""
    user = accounts.find(**read_body(NameInput()))
    accounts.require_owner_or_admin(user)
    shown = show_record(user, current_user)
    accounts.delete(user)
    return jsonify(shown)
