"""The pages for people: the account, and for administrators the list of people."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, fresh_login_required, login_required

from .. import accounts, audit, orders, tokens
from ..agents import name_browser
from ..cross_site import FORM_TYPES, SAFE_METHODS
from ..errors import Refused, answer_refusal, refuse, refuse_login, wants_page
from ..forms import Confirm, EmailForm, PasswordForm, PersonForm, TokenForm
from ..login import ask_for_password, end_login, keep_login, signed_in
from ..logins import latest_end, logins_of
from ..models import User, as_object_id
from ..refusals import AdministratorsOnly, AnothersRecord, BadAddress, NotFresh, Refusal

pages = Blueprint("pages", __name__)

#: Refusals after which the page is not shown again: whoever asks may not look at it any more.
NO_LONGER = (AdministratorsOnly, AnothersRecord, NotFresh)

#: How many people the list shows.
LONGEST_LIST = 500


@pages.before_request
def require_form() -> None:
    """Take nothing but forms here, because only a form is asked for its token."""
    if request.method not in SAFE_METHODS and request.mimetype not in FORM_TYPES:
        raise Refused(
            415,
            "unsupported_media_type",
            "unsupported media type",
            "This address takes a form of the pages.",
            "A program uses the API instead; /openapi.json describes it.",
        )


@pages.before_request
def require_browser_login() -> None:
    """Keep API tokens away from the pages: what a token may do is in the API."""
    if current_user.is_authenticated and current_user.login is None:
        raise refuse_login(reason="The pages are for people, who log in with their password.")


@pages.errorhandler(NotFresh)
def ask_for_password_again(refusal: NotFresh) -> ResponseReturnValue:
    """Send a person to the login form, where a rule asks for a fresh login."""
    if not wants_page():  # a program that sends forms
        return answer_refusal(refusal)
    answer: ResponseReturnValue = ask_for_password()
    return answer


@pages.context_processor
def name_user() -> dict[str, Any]:
    """Give the templates the user, and an empty form for each button."""
    return {"user": current_user, "confirm": Confirm(formdata=None)}


# ---- the account


@pages.get("/account")
@login_required
def account() -> ResponseReturnValue:
    """Show the account."""
    return _account()


def _account(status: int = 200, **filled: Any) -> tuple[str, int]:
    forms = {
        "email_form": EmailForm(formdata=None, email=current_user.email),
        "password_form": PasswordForm(formdata=None),
        "token_form": TokenForm(formdata=None),
    }
    page = render_template(
        "account.html",
        **forms | filled,
        fresh=current_user.login.fresh,
        logins=logins_of(current_user),
        latest_end=latest_end,
        name_browser=name_browser,
        tokens=tokens.tokens_of(current_user),
    )
    return page, status


@pages.post("/account/email")
@fresh_login_required
def change_email() -> ResponseReturnValue:
    """Change the e-mail address."""
    form = EmailForm()
    if not form.validate():
        return _account(422, email_form=form)
    me = signed_in()
    try:
        accounts.change(me, by=me, email=form.email.data)
    except BadAddress as refusal:
        form.email.errors = [refusal.problem]
        return _account(422, email_form=form)
    if orders.is_on():
        flash(
            "A mail with a link is on its way to the address. It counts as soon as you have opened "
            "the link and confirmed it."
        )
    else:
        flash("Your e-mail address is changed.")
    return redirect(url_for("pages.account"))


@pages.post("/account/password")
@fresh_login_required
def change_password() -> ResponseReturnValue:
    """Change the password; the current one has to be typed too."""
    form = PasswordForm()
    if not form.validate():
        return _account(422, password_form=form)
    me, current = signed_in(), form.current_password
    try:
        changed = accounts.change(
            me, by=me, password=form.new_password.data, current_password=current.data
        )
    except NO_LONGER:
        raise
    except Refusal as refusal:
        told = refuse(refusal)
        fields = dict(told.fields or {})
        current.errors = fields.pop("current_password", [])
        if not current.errors:
            form.new_password.errors = fields.get("password", [told.reason])
        page, status = _account(told.code, password_form=form)
        return page, status, told.more_headers
    keep_login(changed)
    flash("Your password is changed. You are logged out on all other devices.")
    return redirect(url_for("pages.account"))


@pages.post("/account/devices/<login_id>/sign-out")
@login_required
def sign_out_device(login_id: str) -> ResponseReturnValue:
    """End one of the user's logins."""
    me = signed_in()
    if me.login is not None and str(me.login.id) == login_id:
        end_login()
        return redirect(url_for("auth.login_page"))
    accounts.sign_out_device(me, as_object_id(login_id), by=me)
    flash("That device is logged out.")
    return redirect(url_for("pages.account"))


@pages.post("/account/sign-out-everywhere")
@fresh_login_required
def sign_out_everywhere() -> ResponseReturnValue:
    """End all of the user's other logins, and revoke the API tokens."""
    me = signed_in()
    keep_login(accounts.sign_out_everywhere(me, by=me))
    flash("All other devices are logged out, and all API tokens are revoked.")
    return redirect(url_for("pages.account"))


@pages.post("/account/tokens")
@fresh_login_required
def create_token() -> ResponseReturnValue:
    """Create an API token and show it, this once."""
    me, form = signed_in(), TokenForm()
    if not form.validate():
        return _account(422, token_form=form)
    return _account(201, new_token=tokens.create(me, form.label.data, by=me))


@pages.post("/account/tokens/<token_id>/revoke")
@login_required
def revoke_token(token_id: str) -> ResponseReturnValue:
    """Revoke one of the user's API tokens."""
    me = signed_in()
    tokens.revoke(me, as_object_id(token_id), by=me)
    flash("The API token is revoked.")
    return redirect(url_for("pages.account"))


# ---- people


@pages.get("/people")
@login_required
def people() -> ResponseReturnValue:
    """List everybody; for administrators."""
    accounts.require_admin(signed_in())
    return _people()


def _people(status: int = 200, **more: Any) -> ResponseReturnValue:
    page = render_template(
        "people.html",
        **{"form": PersonForm(formdata=None)} | more,
        fresh=current_user.login.fresh,
        people=list(User.objects.order_by("name").limit(LONGEST_LIST)),
        longest=LONGEST_LIST,
    )
    return page, status


@pages.post("/people")
@fresh_login_required
def add_person() -> ResponseReturnValue:
    """Add somebody, and show their first password, this once; for administrators."""
    accounts.require_admin(signed_in())
    form = PersonForm()
    if not form.validate():
        return _people(422, form=form)
    try:
        added, password = accounts.invite(form.name.data, form.email.data, by=signed_in())
    except NO_LONGER:
        raise
    except Refusal as refusal:
        told = refuse(refusal)
        about = (told.fields or {}).get("email")
        form.email.errors = about or []
        form.name.errors = [] if about else [f"{told.reason} {told.advice}"]
        return _people(told.code, form=form)
    return _people(201, added=added, first_password=password)


@pages.get("/people/<user_id>/delete")
@fresh_login_required
def confirm_deletion(user_id: str) -> ResponseReturnValue:
    """Ask whether to delete somebody; for administrators."""
    accounts.require_admin(signed_in())
    return render_template("delete_person.html", person=_person(user_id))


@pages.post("/people/<user_id>/delete")
@fresh_login_required
def delete_person(user_id: str) -> ResponseReturnValue:
    """Delete somebody; for administrators."""
    me = signed_in()
    accounts.require_admin(me)
    person = _person(user_id)
    try:
        accounts.delete(person, by=me)
    except NO_LONGER:
        raise
    except Refusal as refusal:
        told = refuse(refusal)
        page = render_template("delete_person.html", person=person, problem=told)
        return page, told.code
    if person.id == me.id:
        end_login()
    flash(f"{person.name} is deleted.")
    return redirect(url_for("auth.login_page" if person.id == me.id else "pages.people"))


def _person(user_id: str) -> User:
    person: User | None = User.objects(id=as_object_id(user_id)).first()
    if person is None:
        abort(404)
    audit.is_about(person)
    return person


@pages.post("/people/sign-out")
@fresh_login_required
def sign_out_everybody() -> ResponseReturnValue:
    """End all logins and API tokens of everybody; for administrators."""
    accounts.sign_out_everybody(by=signed_in())
    end_login()
    flash("Everybody is logged out everywhere, and all API tokens are revoked.")
    return redirect(url_for("auth.login_page"))


#: What an administrator can do to somebody, and what is said afterwards.
DEEDS = {
    "disable": (accounts.disable, "{} is disabled."),
    "enable": (accounts.enable, "{} is enabled."),
    "promote": (accounts.promote, "{} is an administrator now."),
    "demote": (accounts.demote, "{} is no administrator any more."),
    "sign-out": (accounts.sign_out_everywhere, "{} is logged out everywhere."),
    "start-reset": (accounts.start_reset, "A mail is on its way to {}."),
}

#: Deeds that an app without mail does not have.
BY_MAIL = {"start-reset"}


@pages.post("/people/<user_id>/<deed>")
@fresh_login_required
def change_person(user_id: str, deed: str) -> ResponseReturnValue:
    """Disable, enable, promote, demote or log out somebody; for administrators."""
    me = signed_in()
    accounts.require_admin(me)
    person = _person(user_id)
    if deed not in DEEDS or (deed in BY_MAIL and not orders.is_on()):
        abort(404)
    do, said = DEEDS[deed]
    do(person, by=me)
    flash(said.format(person.name))
    return redirect(url_for("pages.people"))
