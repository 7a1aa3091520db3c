"""Logging in and out, and who is logged in; for programs with JSON, for people with a form."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from ..answers import challenge
from ..cross_site import FORM_TYPES
from ..devices import remember_device
from ..edge import read_body, show_record
from ..errors import refuse_login, wants_page
from ..forms import LoginForm
from ..login import check_password, end_login, is_safe_next, start_login
from ..prefix import is_below
from ..schemas import LoggedOut, LoginInput, UserInfo

auth = Blueprint("auth", __name__)

#: Made once: to make one for each request costs as much as to use it.
_USER_INFO = UserInfo()

#: The article's words. They do not say which of the two was wrong, or whether the user is disabled.
REFUSAL = "Username or Password Error"


@auth.get("/login")
def login_page() -> ResponseReturnValue:
    """Show the login form."""
    form = LoginForm(next=request.args.get("next", ""))
    if current_user.is_authenticated:
        form.username.data = current_user.name
    return render_template("login.html", form=form)


@auth.post("/login")
def login() -> ResponseReturnValue:
    """Log in, with JSON or with the form."""
    if request.mimetype in FORM_TYPES:
        return _log_in_by_form()
    asked = read_body(LoginInput())
    user = check_password(asked["username"], asked["password"])
    if user is None:
        raise refuse_login(
            "wrong_credentials", REFUSAL, error="login refused", advice="Check both, and try again."
        )
    start_login(user, asked["remember"])
    response = jsonify(show_record(user, user))
    remember_device(response, user.name)
    return response


def _log_in_by_form() -> ResponseReturnValue:
    form = LoginForm()
    if not form.validate():
        return render_template("login.html", form=form), 422
    user = check_password(form.username.data, form.password.data)
    if user is None:
        form.form_errors.append("The name or the password is wrong. Check both, and try again.")
        page = render_template("login.html", form=form)
        return page, 401, {"WWW-Authenticate": challenge()}
    crowded_out = start_login(user, form.remember.data).crowded_out
    if crowded_out:
        flash(
            "You were logged in in too many places at once. "
            f"Logged out there, where you were longest ago: {crowded_out}."
        )
    wanted = form.next.data
    is_ours = is_safe_next(wanted) and is_below(wanted)
    response: Response = redirect(wanted if is_ours else url_for("pages.account"))
    remember_device(response, user.name)
    return response


@auth.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out, here and on the server; whoever is not logged in is told the same."""
    end_login()
    if wants_page():
        return redirect(url_for("auth.login_page"))
    return jsonify(LoggedOut().dump({"result": 200, "data": {"message": "logout success"}}))


@auth.post("/user_info")
def user_info() -> ResponseReturnValue:
    """Tell who is logged in."""
    if not current_user.is_authenticated:
        article = {"result": 401, "data": {"message": "user no login"}}
        raise refuse_login(extra=article)
    return jsonify(_USER_INFO.dump({"result": 200, "data": current_user}))
