"""Keep pages of other sites from acting with the cookies of whoever looks at them.

Three things stand in the way, each enough for a browser of today: cookies with SameSite=Lax, the
check of where a request comes from below, and for forms the token of Flask-WTF. A JSON caller needs
no token, because a page of another site cannot send `application/json` without asking first.
"""

from flask import Flask, request
from flask_wtf.csrf import CSRFError, validate_csrf
from werkzeug.exceptions import UnsupportedMediaType
from wtforms import ValidationError

from .entrance import read_form, refuse_rest
from .errors import Refused
from .extensions import csrf
from .headers import WITHOUT_REFERRER

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

#: What an HTML form of any site can send, apart from text/plain, which this app takes nowhere.
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data"}


def register_cross_site(app: Flask) -> None:
    """Check every request that could change something before its view runs.

    Args:
        app: the app.
    """

    @app.before_request
    def check_origin() -> None:
        if request.method in SAFE_METHODS:
            return
        if not comes_from_here():
            raise Refused(
                403,
                "cross_site",
                "cross-site request refused",
                "A page of another site sent this request.",
                "Use the pages of this app, or call it from a program.",
            )
        # The body is read before anybody asks who sent it: it may come slowly, and a login that is
        # ended meanwhile has ended.
        if request.mimetype in FORM_TYPES:
            read_form()
            refuse_rest()
            check_form()
        elif request.mimetype and not request.is_json:
            raise UnsupportedMediaType
        else:
            request.get_data()
            refuse_rest()


def check_form() -> None:
    """Refuse a form that does not come from a page of this app.

    Raises:
        CSRFError: it carries no valid token, or names another page as the one that it was sent by.
    """
    if request.endpoint in WITHOUT_REFERRER:
        # What is sent from such a page comes without a Referer.
        try:
            validate_csrf(request.form.get("csrf_token") or request.headers.get("X-CSRFToken"))
        except ValidationError as error:
            raise CSRFError(error.args[0]) from None
        return
    try:
        csrf.protect()
    except ValueError:  # on https it takes the header Referer apart
        raise CSRFError("The header Referer is no address.") from None


def comes_from_here() -> bool:
    """Tell whether a request comes from a page of this app, or from no page at all.

    Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata headers", with
    `Origin` for browsers that do not send them. A program sends neither.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")
