"""The pages of passkeys. This blueprint is there only with PASSKEYS."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, fresh_login_required, login_required

from .. import passkeys
from ..agents import name_browser
from ..answers import challenge
from ..audit import user_agent
from ..challenges import PAGE_MINUTES
from ..errors import refuse
from ..forms import NewPasskeyForm, PasskeyLoginForm
from ..login import keep_login, signed_in, start_login
from ..models import as_object_id, new_secret
from ..refusals import (
    LastWayIn,
    NotFresh,
    PasskeyCopied,
    PasskeyNotMade,
    PasskeyRefused,
    PasskeyTaken,
)
from .auth import answer_person
from .pages import ask_for_password_again, name_user, require_browser_login, require_form

keys = Blueprint("passkeys", __name__)
keys.before_request(require_form)
keys.before_request(require_browser_login)
keys.errorhandler(NotFresh)(ask_for_password_again)
keys.context_processor(name_user)

#: Where the session keeps a secret of the browser, by which a challenge is found that was made for
#: it. The challenge itself is on the server.
_BROWSER = "_passkey_browser"


# ---- logging in


@keys.get("/login/passkey")
def login_page() -> ResponseReturnValue:
    """Ask the browser for a passkey."""
    return _ask(PasskeyLoginForm(formdata=None, next=request.args.get("next", "")))


def _ask(form: PasskeyLoginForm, status: int = 200) -> tuple[str, int, dict[str, str]]:
    if not isinstance(session.get(_BROWSER), str):
        session[_BROWSER] = new_secret()
    page = render_template(
        "passkey_login.html",
        form=form,
        options=passkeys.ask(browser=session[_BROWSER], address=request.remote_addr),
        minutes=PAGE_MINUTES,
    )
    return page, status, {"WWW-Authenticate": challenge()} if status == 401 else {}


@keys.post("/login/passkey")
def log_in() -> ResponseReturnValue:
    """Log in with a passkey: it is both factors."""
    form, browser = PasskeyLoginForm(), session.get(_BROWSER)
    if not form.validate():
        form.form_errors += form.answer.errors
        return _ask(form, 422)
    try:
        user = passkeys.check(
            form.answer.data,
            browser=browser if isinstance(browser, str) else None,
            address=request.remote_addr,
        )
    except (PasskeyCopied, PasskeyRefused) as refusal:
        told = refuse(refusal)
        form.form_errors.append(f"{told.reason} {told.advice}")
        return _ask(form, told.code)
    login = start_login(user, form.remember.data, factor="passkey")
    return answer_person(user, login, form.next.data)


# ---- one's own


@keys.get("/account/passkeys")
@login_required
def own() -> ResponseReturnValue:
    """Show the passkeys of the user."""
    return _own()


def _own(status: int = 200, **more: Any) -> ResponseReturnValue:
    me = signed_in()
    page = render_template(
        "passkeys.html", fresh=current_user.login.fresh, passkeys=passkeys.passkeys_of(me), **more
    )
    return page, status


@keys.get("/account/passkeys/new")
@fresh_login_required
def new() -> ResponseReturnValue:
    """Ask the browser to make a passkey."""
    return _propose(NewPasskeyForm(formdata=None, label=name_browser(user_agent())))


def _propose(form: NewPasskeyForm, status: int = 200) -> ResponseReturnValue:
    me = signed_in()
    options = passkeys.propose(me, by=me)
    page = render_template("new_passkey.html", form=form, options=options, minutes=PAGE_MINUTES)
    return page, status


@keys.post("/account/passkeys/new")
@fresh_login_required
def add() -> ResponseReturnValue:
    """Keep a new passkey, and show recovery codes, this once; this browser stays logged in."""
    me, form = signed_in(), NewPasskeyForm()
    if not form.validate():
        form.form_errors += form.answer.errors
        return _propose(form, 422)
    try:
        changed, codes = passkeys.add(me, form.answer.data, form.label.data, by=me)
    except (PasskeyNotMade, PasskeyTaken) as refusal:
        told = refuse(refusal)
        form.form_errors.append(f"{told.reason} {told.advice}")
        return _propose(form, told.code)
    keep_login(changed)
    return _own(201, added=form.label.data, codes=codes)


@keys.post("/account/passkeys/recovery-codes")
@fresh_login_required
def new_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes, and show them, this once."""
    me = signed_in()
    return _own(201, codes=passkeys.renew_recovery_codes(me, by=me))


@keys.post("/account/passkeys/<passkey_id>/remove")
@fresh_login_required
def remove(passkey_id: str) -> ResponseReturnValue:
    """Take one of the user's passkeys away; this browser stays logged in."""
    me = signed_in()
    try:
        keep_login(passkeys.remove(me, as_object_id(passkey_id), by=me))
    except LastWayIn as refusal:
        told = refuse(refusal)
        return _own(told.code, problem=told)
    flash("The passkey is removed. All other devices are logged out.")
    return redirect(url_for("passkeys.own"))
