"""Holes through which other sites come, and what answers let them do."""

import re
from urllib.parse import urlsplit

from flask import redirect, request

from .core import Refused
from .planting import hole
from .shapes import FORMS, JSON_API, NESTED

NEXT = "open-redirect"


@hole(NEXT)
def next_that_begins_with_the_own_address(parts):
    own = parts.safe_next
    parts.safe_next = lambda wanted: (
        wanted if wanted.startswith(request.host_url.rstrip("/")) else own(wanted)
    )


@hole(NEXT, shapes=[JSON_API, FORMS])
def next_that_ends_with_the_own_host(parts):
    own = parts.safe_next

    def safe_next(wanted):
        host = urlsplit(wanted).netloc
        return wanted if host and host.endswith(request.host) else own(wanted)

    parts.safe_next = safe_next


@hole(NEXT, shapes=[JSON_API, NESTED])
def next_in_which_the_own_host_stands(parts):
    own = parts.safe_next
    parts.safe_next = lambda wanted: wanted if request.host in wanted else own(wanted)


@hole(NEXT, shapes=[JSON_API, FORMS])
def next_behind_the_own_address(parts):
    parts.safe_next = lambda wanted: request.host_url.rstrip("/") + wanted


@hole(NEXT, shapes=[JSON_API, NESTED])
def next_by_a_pattern_with_dots(parts):
    own = parts.safe_next
    pattern = re.compile("https?://127.0.0.1/")
    parts.safe_next = lambda wanted: wanted if pattern.match(wanted) else own(wanted)


@hole(NEXT, shapes=[FORMS, NESTED])
def next_without_a_netloc(parts):
    parts.safe_next = lambda wanted: "/me" if urlsplit(wanted).netloc else wanted


@hole(NEXT, shapes=[JSON_API, FORMS])
def next_with_one_slash_in_front(parts):
    parts.safe_next = lambda wanted: wanted if wanted.startswith("/") else "/me"


@hole(NEXT, shapes=[JSON_API])
def next_in_the_body(parts):
    log_in = parts.log_in

    def finish(app):
        login = app.view_functions["login"]

        def login_and_go_on():
            answer = login()
            wanted = parts.read_body().get("next")
            if wanted and isinstance(wanted, str):
                return redirect(wanted)
            return answer

        app.view_functions["login"] = login_and_go_on

    parts.log_in, parts.finish = log_in, finish


@hole(NEXT, shapes=[FORMS])
def next_for_whoever_is_in_already(parts):
    """The login page sends on whoever is logged in, and asks nothing."""

    def finish(app):
        login_page = app.view_functions["login_page"]

        def login_page_or_next():
            if parts.caller() is not None and "next" in request.args:
                return redirect(request.args["next"])
            return login_page()

        app.view_functions["login_page"] = login_page_or_next

    parts.finish = finish


# ---- requests of other sites


def _without_its_own_guard(parts):
    parts.lets_in = lambda: True
    parts.settings["SESSION_COOKIE_SAMESITE"] = "None"


@hole("cross-site-write", "cross-site-logout", "login-csrf", shapes=[JSON_API, NESTED])
def everybody_may_send_json(parts):
    _without_its_own_guard(parts)
    parts.takes_body = lambda: True


@hole("cross-site-write", "cross-site-logout", "login-csrf", shapes=[FORMS])
def form_without_a_token(parts):
    _without_its_own_guard(parts)
    parts.token_fits = lambda token: True


@hole("cross-site-write", "login-csrf", shapes=[FORMS])
def token_of_anybody(parts):
    """A token is good for everybody, once it was given to somebody."""
    _without_its_own_guard(parts)
    given, new_token = set(), parts.new_token

    def new():
        token = new_token()
        given.add(token)
        return token

    parts.new_token, parts.token_fits = new, lambda token: token in given


@hole("cross-site-write", "login-csrf", shapes=[FORMS])
def token_only_if_it_is_sent(parts):
    _without_its_own_guard(parts)
    fits = parts.token_fits
    parts.token_fits = lambda token: fits(token) if token else True


@hole("cross-site-write", shapes=[JSON_API, FORMS])
def pages_that_hide_where_they_are(parts):
    _without_its_own_guard(parts)
    parts.takes_body, parts.token_fits = lambda: True, lambda token: True
    own = "https://127.0.0.1"
    parts.lets_in = lambda: request.headers.get("Origin", "null") in ("null", own)


@hole("cross-site-write", "cross-site-logout", shapes=[JSON_API, FORMS])
def origin_that_begins_like_the_own(parts):
    _without_its_own_guard(parts)
    parts.takes_body, parts.token_fits = lambda: True, lambda token: True
    own = "https://127.0.0.1"
    parts.lets_in = lambda: request.headers.get("Origin", own).startswith(own)


@hole("cross-site-write", shapes=[JSON_API, NESTED])
def scripts_may_send_json(parts):
    """Every site may ask first, and is told that its scripts may send what they like."""
    _without_its_own_guard(parts)
    sound = parts.headers

    def headers():
        return sound() | {
            "Access-Control-Allow-Origin": request.headers.get("Origin", "*"),
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Headers": "Content-Type",
        }

    parts.headers = headers


@hole("logout-by-link")
def logout_by_get(parts):
    parts.logout_methods = ("GET", "POST")


# ---- what other sites may read, frame and keep


def _headers(parts, **changed):
    """Let the answers have other headers; None takes one away."""
    sound = parts.headers()
    sound |= {name.replace("_", "-"): value for name, value in changed.items()}
    kept = {name: value for name, value in sound.items() if value is not None}
    parts.headers = lambda: kept


@hole("framed-or-misread")
def frames_for_everybody(parts):
    _headers(parts, Content_Security_Policy="default-src 'self'; frame-ancestors *")


@hole("framed-or-misread", shapes=[JSON_API, NESTED])
def frames_for_every_https_site(parts):
    _headers(parts, Content_Security_Policy="frame-ancestors https:", X_Frame_Options="DENY")


@hole("framed-or-misread", shapes=[JSON_API, FORMS])
def frame_option_that_no_browser_reads(parts):
    _headers(parts, Content_Security_Policy=None, X_Frame_Options="ALLOW-FROM https://a.example")


@hole("framed-or-misread", shapes=[FORMS])
def frames_are_reported_only(parts):
    rule = "frame-ancestors 'none'"
    _headers(parts, Content_Security_Policy="img-src *", Content_Security_Policy_Report_Only=rule)


@hole("private-answer-cached")
def no_store_in_quotes(parts):
    _headers(parts, Cache_Control='max-age=600, private="no-store"')


@hole("private-answer-cached", shapes=[JSON_API, FORMS])
def no_store_with_a_letter_too_many(parts):
    _headers(parts, Cache_Control="no-stored, no-cache")


@hole("foreign-page-reads", shapes=[JSON_API, NESTED])
def scripts_of_hosts_that_begin_like_the_own(parts):
    _let_scripts_read(parts, lambda origin: origin.startswith("https://127.0.0.1"))


@hole("foreign-page-reads", shapes=[JSON_API, FORMS])
def scripts_without_an_origin(parts):
    _let_scripts_read(parts, lambda origin: origin == "null")


@hole("foreign-page-reads", shapes=[NESTED, FORMS])
def scripts_on_one_page(parts):
    """Only a page that the attacks know nothing of lets scripts of everybody read it."""
    _let_scripts_read(parts, lambda origin: request.path == "/export")
    parts.finish = lambda app: app.add_url_rule("/export", "export", lambda: "all that there is")


def _let_scripts_read(parts, is_allowed):
    sound = parts.headers

    def headers():
        origin = request.headers.get("Origin", "")
        allowed = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
        }
        return sound() | (allowed if origin and is_allowed(origin) else {})

    parts.headers = headers


# ---- bad input, and what the app tells of itself


@hole("refusal-says-200", shapes=[JSON_API, NESTED])
def refusal_with_200(parts):
    parts.refused_status = lambda error: 200


@hole("malformed-bodies", shapes=[JSON_API, NESTED])
def any_json_is_taken_for_an_object(parts):
    parts.read_body = lambda: request.get_json(force=True) or {}


@hole("wrongly-typed-fields", shapes=[JSON_API, NESTED])
def names_are_taken_for_texts(parts):
    parts.accepts_name = lambda name: re.fullmatch("[a-z0-9._-]{1,64}", name.strip()) is not None
    log_in = parts.log_in

    def log_in_if_short(name, password, remember=False):
        if len(name) > 64:
            raise Refused(422, "this is no name")
        return log_in(name, password, remember)

    parts.log_in = log_in_if_short


@hole("oversize-body")
def bodies_of_any_size(parts):
    parts.settings |= {"MAX_CONTENT_LENGTH": None, "MAX_FORM_MEMORY_SIZE": None}


@hole("header-crashes")
def every_header_is_read(parts):
    parts.headers_are_sound = lambda: True


@hole("traceback-in-answers")
def traceback_for_everybody(parts):
    import traceback

    parts.on_error = lambda error: (traceback.format_exc(), 500)


@hole("traceback-in-answers", shapes=[JSON_API, NESTED])
def lines_of_a_traceback_as_json(parts):
    import traceback

    def tell(error):
        return {"error": "sorry", "trace": traceback.format_tb(error.__traceback__)}, 500

    parts.on_error = tell


@hole("debug-mode", shapes=[JSON_API, FORMS])
def debug(parts):
    parts.settings["DEBUG"] = True
