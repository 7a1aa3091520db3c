"""The article's four verbs on the records: everybody reads, owners and administrators write."""

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from .. import accounts, audit
from ..edge import read_body, read_query, show_record
from ..errors import wants_page
from ..login import end_login, keep_login, signed_in
from ..schemas import ChangeInput, NameInput, RecordInput

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
    me = signed_in()
    accounts.require_admin(me)  # before anything is said about the body
    user = accounts.create(**read_body(RecordInput()), by=me)
    place = {"Location": url_for("records.query_record", name=user.name)}
    return jsonify(show_record(user, me)), 201, place


@records.post("/")
@login_required
def update_record() -> ResponseReturnValue:
    """Change a user; for the user and administrators."""
    asked = read_body(ChangeInput())
    user = accounts.find(asked.pop("name"))
    audit.is_about(user)
    changed = accounts.change(user, by=signed_in(), **asked)
    if "password" in asked:
        keep_login(changed)
    return jsonify(show_record(changed, current_user))


@records.delete("/")
@login_required
def delete_record() -> ResponseReturnValue:
    """Delete a user; for the user and administrators."""
    user, me = accounts.find(**read_body(NameInput())), signed_in()
    audit.is_about(user)
    accounts.delete(user, by=me)
    if user.id == me.id:
        end_login()
    return jsonify(show_record(user, me))
