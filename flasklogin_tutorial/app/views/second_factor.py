"""The page of the second factor: it is set up here, renewed and ended. It is one of the `pages`."""

from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, fresh_login_required, login_required
from markupsafe import Markup

from .. import factors
from ..devices import remember_device
from ..errors import refuse
from ..forms import CodeForm, NewFactorForm
from ..login import signed_in
from ..refusals import TooManyCodes, WrongCode
from ..second_step import begin_factor, end_factor, renew_recovery_codes
from .pages import pages

__all__ = ["pages"]


@pages.get("/account/second-factor")
@login_required
def second_factor() -> ResponseReturnValue:
    """Show whether the user has a second factor, and what can be done about it."""
    return _page()


def _page(status: int = 200, **more: Any) -> tuple[str, int]:
    forms = {"end_form": CodeForm(formdata=None), "renewal_form": CodeForm(formdata=None)}
    page = render_template(
        "second_factor.html",
        **forms | more,
        fresh=current_user.login.fresh,
        is_demanded=factors.is_demanded(current_user),
        is_offered=current_app.config["SECOND_FACTOR"] != "off",
    )
    return page, status


@pages.post("/account/second-factor")
@fresh_login_required
def propose_factor() -> ResponseReturnValue:
    """Show a new seed, to be put into the telephone."""
    me = signed_in()
    return _new(*factors.propose(me, by=me), form=NewFactorForm(formdata=None))


def _new(seed: str, address: str, *, form: NewFactorForm, status: int = 200) -> tuple[str, int]:
    # Only whoever sets one up needs it.
    import segno

    # In the page, because a picture of its own would be another request that shows the seed, and
    # the Content-Security-Policy takes none from data: addresses.
    picture = (
        segno.make(address, error="m")
        .svg_inline(
            scale=4, border=4, omitsize=True, light="#ffffff", svgclass=None, lineclass=None
        )
        .replace("<svg", '<svg aria-hidden="true"', 1)
    )
    groups = " ".join(seed[place : place + 4] for place in range(0, len(seed), 4))
    return _page(status, new_form=form, seed=groups, address=address, picture=Markup(picture))


@pages.post("/account/second-factor/begin")
@fresh_login_required
def prove_factor() -> ResponseReturnValue:
    """Take the first code, and show the recovery codes, this once."""
    me, form = signed_in(), NewFactorForm()
    if not form.validate():
        return _new(*factors.proposed(me, by=me), form=form, status=422)
    try:
        changed, codes = begin_factor(form.code.data)
    except WrongCode:
        form.code.errors = ["This is not the code of this picture. Type the one that is shown now."]
        return _new(*factors.proposed(me, by=me), form=form, status=422)
    response = make_response(*_page(201, codes=codes, begun=True))
    remember_device(response, changed)
    return response


@pages.post("/account/second-factor/recovery-codes")
@fresh_login_required
def new_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes, and show them, this once."""
    form = CodeForm()
    if form.validate():
        try:
            return _page(201, codes=renew_recovery_codes(form.code.data))
        except (WrongCode, TooManyCodes) as refusal:
            _tell(form, refusal)
    return _page(422, renewal_form=form)


@pages.post("/account/second-factor/remove")
@fresh_login_required
def remove_factor() -> ResponseReturnValue:
    """Take the second factor away."""
    form = CodeForm()
    if form.validate():
        try:
            end_factor(form.code.data)
        except (WrongCode, TooManyCodes) as refusal:
            _tell(form, refusal)
        else:
            flash("You have no second factor any more. All other devices are logged out.")
            return redirect(url_for("pages.second_factor"))
    return _page(422, end_form=form)


def _tell(form: CodeForm, refusal: WrongCode | TooManyCodes) -> None:
    told = refuse(refusal)
    form.code.errors = [f"{told.reason} {told.advice}"]
