"""Accounts that people make for themselves. This blueprint is there only with REGISTRATION."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from .. import registrations
from ..cross_site import FORM_TYPES
from ..edge import read_body, show_record
from ..errors import refuse
from ..forms import PersonForm, ResetForm
from ..refusals import BadAddress, BadPassword, NameLooksTaken, NameTaken, TooManyPasswords
from ..schemas import Done, RegisterInput, ResetInput

registration = Blueprint("registration", __name__)

#: What is answered whatever name and address were given.
ON_ITS_WAY = "A mail is on its way to this address. It says how to go on."


@registration.get("/register")
def register_page() -> ResponseReturnValue:
    """Ask for a name and an address."""
    return render_template("register.html", form=PersonForm(formdata=None))


@registration.post("/register")
def register() -> ResponseReturnValue:
    """Order the mail with which an account is made; everybody gets the same answer."""
    if request.mimetype not in FORM_TYPES:
        registrations.ask(**read_body(RegisterInput()), address=request.remote_addr)
        return jsonify(Done().dump({"result": 202, "data": {"message": ON_ITS_WAY}})), 202
    form = PersonForm()
    if not form.validate():
        return render_template("register.html", form=form), 422
    try:
        registrations.ask(form.name.data, form.email.data, address=request.remote_addr)
    except BadAddress as refusal:
        form.email.errors = [refusal.problem]
        return render_template("register.html", form=form), 422
    return render_template("register.html", ordered=True), 202


@registration.get("/welcome")
def welcome_page() -> ResponseReturnValue:
    """Ask for the password of a new account."""
    token = request.args.get("token", "")
    wanted = registrations.find(token)
    return _choose(wanted.name, ResetForm(formdata=None, token=token))


def _choose(name: str, form: ResetForm, status: int = 200) -> tuple[str, int]:
    return render_template("welcome.html", name=name, form=form), status


@registration.post("/welcome")
def welcome() -> ResponseReturnValue:
    """Make the account, with JSON or with the form; nobody is logged in by it."""
    if request.mimetype not in FORM_TYPES:
        asked = read_body(ResetInput())
        made = registrations.finish(asked["token"], asked["password"])
        place = {"Location": url_for("records.query_record", name=made.name)}
        return jsonify(show_record(made, made)), 201, place
    form = ResetForm()
    is_whole = form.validate()
    wanted = registrations.find(form.token.data or "")
    if not is_whole:
        return _choose(wanted.name, form, 422)
    try:
        registrations.finish(form.token.data, form.new_password.data)
    except (BadPassword, TooManyPasswords, NameTaken, NameLooksTaken) as refusal:
        told = refuse(refusal)
        form.new_password.errors = (told.fields or {}).get("password", [told.reason, told.advice])
        page, status = _choose(wanted.name, form, told.code)
        return page, status, told.more_headers
    flash("Your account is made. Log in with it.")
    return redirect(url_for("auth.login_page"))
