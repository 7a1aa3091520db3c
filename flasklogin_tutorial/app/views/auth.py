"""Logging in and out, and who is logged in; for programs with JSON, for people with a form."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from ..answers import challenge
from ..cross_site import FORM_TYPES
from ..devices import remember_device
from ..edge import read_body, show_record
from ..errors import refuse, refuse_login, wants_page
from ..forms import CodeStepForm, LoginForm
from ..login import check_password, end_login, is_safe_next, start_login
from ..models import Login, User
from ..prefix import is_below
from ..refusals import PasswordFirst, WrongCode
from ..schemas import CodeInput, CodeWanted, LoggedOut, LoginInput, UserInfo
from ..second_step import (
    ask_for_code,
    log_in_with_code,
    needs_second_step,
    waits_for_code,
)

auth = Blueprint("auth", __name__)

#: Made once: to make one for each request costs as much as to use it.
_USER_INFO = UserInfo()

#: What a program is told whose password was right, where that is not enough.
_CODE_WANTED = {
    "status": 202,
    "code": "code_wanted",
    "advice": "The password is right, and nobody is logged in yet. "
    "Send the code of your telephone, or a recovery code.",
}

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
    if needs_second_step(user):
        ask_for_code(user, asked["remember"])
        return jsonify(CodeWanted().dump(_CODE_WANTED | {"next": url_for("auth.code_page")})), 202
    start_login(user, asked["remember"])
    return _answer_program(user)


def _answer_program(user: User) -> Response:
    """Tell a program that it is logged in."""
    response = jsonify(show_record(user, user))
    remember_device(response, user)
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
    if needs_second_step(user):
        ask_for_code(user, form.remember.data)
        return redirect(url_for("auth.code_page", next=form.next.data or None))
    login = start_login(user, form.remember.data)
    return answer_person(user, login, form.next.data)


def answer_person(user: User, login: Login, wanted: str | None) -> Response:
    """Send somebody who has just logged in to where they wanted to go.

    Args:
        user: who.
        login: their login.
        wanted: where they wanted to go, as the request said.

    Returns:
        The answer.
    """
    if login.crowded_out:
        flash(
            "You were logged in in too many places at once. "
            f"Logged out there, where you were longest ago: {login.crowded_out}."
        )
    is_ours = wanted is not None and is_safe_next(wanted) and is_below(wanted)
    response: Response = redirect(wanted if wanted and is_ours else url_for("pages.account"))
    remember_device(response, user)
    return response


@auth.get("/login/code")
def code_page() -> ResponseReturnValue:
    """Show the form for the code, to a browser in which the password was right."""
    if not waits_for_code():
        return redirect(url_for("auth.login_page"))
    return render_template("code.html", form=CodeStepForm(next=request.args.get("next", "")))


@auth.post("/login/code")
def log_in_with_second_factor() -> ResponseReturnValue:
    """Log in with the code, after the password; with JSON or with the form."""
    if request.mimetype in FORM_TYPES:
        return _log_in_by_code_form()
    user, _ = log_in_with_code(read_body(CodeInput())["code"])
    return _answer_program(user)


def _log_in_by_code_form() -> ResponseReturnValue:
    form = CodeStepForm()
    if not form.validate():
        return render_template("code.html", form=form), 422
    try:
        user, login = log_in_with_code(form.code.data)
    except WrongCode as refusal:
        told = refuse(refusal)
        form.form_errors.append(f"{told.reason} {told.advice}")
        page = render_template("code.html", form=form)
        return page, told.code, {"WWW-Authenticate": challenge()}
    except PasswordFirst as refusal:
        flash(refuse(refusal).reason)
        return redirect(url_for("auth.login_page", next=form.next.data or None))
    return answer_person(user, login, form.next.data)


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
