"""What is done with a link of a mail: choosing a new password, and confirming an address.

To look at a page with a link spends nothing, because programs that look for harmful mail open every
link. This blueprint is there only in an app that sends mail.
"""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import fresh_login_required

from .. import accounts, audit, links
from ..cross_site import FORM_TYPES
from ..edge import read_body, show_record
from ..errors import refuse
from ..forms import ForgotForm, LinkForm, ResetForm
from ..login import signed_in
from ..models import User
from ..refusals import BadAddress, BadPassword, NotFresh, TooManyPasswords
from ..schemas import ConfirmInput, Done, ForgotInput, ResetInput
from .pages import ask_for_password_again

by_mail = Blueprint("by_mail", __name__)
by_mail.errorhandler(NotFresh)(ask_for_password_again)

#: What is answered whether or not somebody has the address.
ON_ITS_WAY = "If somebody here has confirmed this address, a mail is on its way to it."


def _done(message: str, status: int = 200) -> tuple[Response, int]:
    return jsonify(Done().dump({"result": status, "data": {"message": message}})), status


# ---- a new password


@by_mail.get("/forgot")
def forgot_page() -> ResponseReturnValue:
    """Ask for an address."""
    return render_template("forgot.html", form=ForgotForm(formdata=None))


@by_mail.post("/forgot")
def forgot() -> ResponseReturnValue:
    """Order a mail with a link, with JSON or with the form; everybody gets the same answer."""
    if request.mimetype not in FORM_TYPES:
        accounts.ask_reset(read_body(ForgotInput())["email"], address=request.remote_addr)
        return _done(ON_ITS_WAY, 202)
    form = ForgotForm()
    if not form.validate():
        return render_template("forgot.html", form=form), 422
    try:
        accounts.ask_reset(form.email.data, address=request.remote_addr)
    except BadAddress as refusal:
        form.email.errors = [refusal.problem]
        return render_template("forgot.html", form=form), 422
    return render_template("forgot.html", ordered=True), 202


@by_mail.get("/reset")
def reset_page() -> ResponseReturnValue:
    """Ask for a new password."""
    token = request.args.get("token", "")
    _, user = accounts.find_link(token, links.RESET)
    return _choose(user, ResetForm(formdata=None, token=token))


def _choose(user: User, form: ResetForm, status: int = 200) -> tuple[str, int]:
    return render_template("reset.html", person=user, form=form), status


@by_mail.post("/reset")
def reset() -> ResponseReturnValue:
    """Choose a new password, with JSON or with the form; nobody is logged in by it."""
    if request.mimetype not in FORM_TYPES:
        asked = read_body(ResetInput())
        accounts.reset_password(asked["token"], asked["password"])
        return _done("The password is changed. Log in with it.")
    form = ResetForm()
    is_whole = form.validate()
    _, user = accounts.find_link(form.token.data or "", links.RESET)
    audit.is_about(user)
    if not is_whole:
        return _choose(user, form, 422)
    try:
        accounts.reset_password(form.token.data, form.new_password.data)
    except (BadPassword, TooManyPasswords) as refusal:
        told = refuse(refusal)
        form.new_password.errors = (told.fields or {}).get("password", [told.reason, told.advice])
        page, status = _choose(user, form, told.code)
        return page, status, told.more_headers
    flash("Your password is changed. Log in with it.")
    return redirect(url_for("auth.login_page"))


# ---- an address


@by_mail.get("/confirm")
def confirm_page() -> ResponseReturnValue:
    """Ask whether an address is to be confirmed."""
    token = request.args.get("token", "")
    link, _ = accounts.find_link(token, links.CONFIRM)
    form = LinkForm(formdata=None, token=token)
    return render_template("confirm.html", form=form, email=link.email)


@by_mail.post("/confirm")
@fresh_login_required
def confirm() -> ResponseReturnValue:
    """Confirm an address, with JSON or with the form; for whoever asked for it, logged in."""
    me = signed_in()
    if request.mimetype not in FORM_TYPES:
        changed = accounts.confirm_email(read_body(ConfirmInput())["token"], by=me)
        return jsonify(show_record(changed, me))
    accounts.confirm_email(LinkForm().token.data or "", by=me)
    flash("Your e-mail address is confirmed.")
    return redirect(url_for("pages.account"))
