"""`Held` means what the title of an attack says: a hole in one place that it names is found.

Each app here is closed but for one place: another route, field, operator, header or spelling than
the one that comes to mind first.
"""

import itertools
import json

import pytest
from flask import redirect, request

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.attacks import Verdict, read_names, run_attacks
from flasklogin_tutorial.attacks.families.permissions import LOOK_ALIKES
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.steps.variants import VARIANTS
from flasklogin_tutorial.visit import forget, new_app

from .apps.mended import (
    CREATE,
    FIND_DELETED,
    FIND_LOGIN,
    GOOD_PASSWORD,
    READ_LOGIN,
    Fix,
    before,
    create_mended,
)
from .attacked import outcome_of
from .bank.shapes import FORMS, JSON_API, NESTED, build

#: How the names of the other people begin whom an attack needs.
NAMES = ("ada", "grace", "mary", "joan", "hedy", "radia")

SETTINGS = {"TESTING": True, "SECRET_KEY": "k" * 40, "HTTPS": True}


@pytest.fixture
def finished():
    return new_app(create_app, SETTINGS)


def mended(replacements, imports=""):
    """Make step 06 with some lines replaced."""
    return new_app(create_mended(Fix("one place left", set(), replacements, imports)))


def got_in(name, app):
    outcome = outcome_of(name, app)
    assert outcome.verdict is Verdict.GOT_IN, outcome
    return outcome


def change_answers(app, change):
    """Let a function change the answers of an app, after all that the app does to them."""
    app.after_request_funcs[None].insert(0, change)


# ---- names that look alike


def test_the_articles_app_gives_away_every_form():
    says = got_in("lookalike-names", new_app(step06.create_app)).says
    assert says == (
        f"{len(LOOK_ALIKES)} of {len(LOOK_ALIKES)} forms of a name were had beside it: "
        f"{', '.join(LOOK_ALIKES)}."
    )


@pytest.mark.parametrize("shown", LOOK_ALIKES)
def test_one_form_that_is_given_away_is_found_and_named(shown):
    app = new_app(step06.create_app)
    create, plain = app.view_functions["create_record"], {one for one, _ in LOOK_ALIKES.values()}

    def create_some():
        name = json.loads(request.data)["name"]
        for form in (*plain, LOOK_ALIKES[shown][1], "{end}"):
            front, behind = form.split("{end}")
            end = name.removeprefix(front).removesuffix(behind)
            is_random = end.isascii() and (end.isdigit() or end[:-8] in NAMES)
            if form.format(end=end) == name and is_random:
                return create()
        return "", 422

    app.view_functions["create_record"] = create_some
    says = got_in("lookalike-names", app).says
    assert says == f"1 of {len(LOOK_ALIKES)} forms of a name were had beside it: {shown}."


# ---- one route of several


def test_a_weak_password_that_only_an_update_takes_is_found():
    app = mended(before(CREATE, GOOD_PASSWORD), "import re")
    assert "POST" in got_in("weak-password", app).exchanges[0].called


def test_an_address_that_a_stranger_changes_is_found():
    guarded = '    @app.route("/", methods=["POST"])\n    @login_required\n'
    write = '        user.update(email=record["email"], password=record["password"])'
    app = mended(
        {
            guarded: '    @app.route("/", methods=["POST"])\n',
            write: """\
        if "password" in record:
            if not current_user.is_authenticated:
                return "", 401
            user.update(password=record["password"])
        user.update(email=record["email"])""",
        }
    )
    assert "e-mail address" in got_in("stranger-writes", app).says


def test_a_password_in_the_answer_to_a_new_record_is_found(finished):
    def tell(response):
        if request.method == "PUT":
            response.set_data(request.data)
        return response

    change_answers(finished, tell)
    assert "PUT" in got_in("password-in-answers", finished).exchanges[0].called


def test_a_password_that_only_an_update_stores_readably_is_found(finished):
    update = finished.view_functions["records.update_record"]

    def update_and_keep():
        answer = update()
        sent = request.get_json()
        if "password" in sent:
            User.objects(name=sent["name"]).update(set__plaintext_password=sent["password"])
        return answer

    finished.view_functions["records.update_record"] = update_and_keep
    got_in("plaintext-at-rest", finished)


def test_a_record_that_may_be_cached_is_found(finished):
    def cache(response):
        if request.endpoint == "records.query_record":
            response.headers.pop("Cache-Control", None)
        return response

    change_answers(finished, cache)
    got_in("private-answer-cached", finished)


def test_an_error_page_that_may_be_framed_is_found(finished):
    def frame(response):
        if response.status_code == 404:
            del response.headers["Content-Security-Policy"]
            response.headers.pop("X-Frame-Options", None)
        return response

    change_answers(finished, frame)
    got_in("framed-or-misread", finished)


@pytest.mark.parametrize(("route", "endpoint"), [("GET", "query_record"), ("POST", "user_info")])
def test_an_origin_that_begins_like_the_apps_own_is_found(finished, route, endpoint):
    def allow(response):
        origin = request.headers.get("Origin", "")
        own = request.host_url.rstrip("/")
        if (request.endpoint or "").endswith(endpoint) and origin.startswith(own):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
        return response

    change_answers(finished, allow)
    assert route in got_in("foreign-page-reads", finished).exchanges[0].called


def test_a_remember_cookie_without_flags_is_found(finished):
    finished.config["REMEMBER_COOKIE_HTTPONLY"] = False
    assert "without HttpOnly" in got_in("missing-cookie-flags", finished).says


@pytest.mark.parametrize("endpoint", ["auth.logout", "auth.user_info"])
def test_a_crash_on_a_route_without_a_body_is_found(finished, endpoint):
    view = finished.view_functions[endpoint]

    def read_body():
        try:
            json.loads(request.data or b"{}")
        except ValueError:
            return "", 500
        return view()

    finished.view_functions[endpoint] = read_body
    got_in("malformed-bodies", finished)


def test_a_refusal_of_an_unknown_name_that_says_200_is_found(finished):
    def say_200(response):
        is_login = request.endpoint == "auth.login" and response.status_code == 401
        if is_login and User.objects(name=request.get_json()["username"]).first() is None:
            response.status_code = 200
        return response

    change_answers(finished, say_200)
    got_in("refusal-says-200", finished)


# ---- one form of several


@pytest.mark.parametrize(
    ("name", "line", "refused"),
    [
        ("operator-logs-in", FIND_LOGIN, 'username == {"$ne": None}'),
        ("operator-in-a-record", FIND_DELETED, '"$regex" in record["name"]'),
    ],
)
def test_an_operator_that_is_not_the_first_is_found(name, line, refused):
    got_in(name, mended(before(line, f'if {refused}:\n    return "", 422')))


@pytest.mark.parametrize("header", ["CF-Connecting-IP", "X-Client-IP", "Forwarded", "User-Agent"])
def test_a_throttle_that_believes_another_header_is_found(header):
    count = (
        f'tries[request.headers.get("{header}", request.remote_addr)] += 1\n'
        f'if tries[request.headers.get("{header}", request.remote_addr)] > 10:\n'
        '    return "", 429'
    )
    imports = "import collections\ntries = collections.Counter()"
    got_in("throttle-fooled-by-header", mended(before(READ_LOGIN, count), imports))


def test_a_line_of_a_traceback_for_one_kind_of_body_is_found():
    tell = (
        "if request.data[:3] == b'999':\n    return 'File \"/srv/app.py\", line 7, in login', 500"
    )
    got_in("traceback-in-answers", mended(before(READ_LOGIN, tell)))


# ---- what was held, and was none


def test_a_foreign_page_can_send_get():
    names = read_names('[routes]\nlogout = "GET /logout"')
    app = new_app(VARIANTS["logout-by-get"].create_app)
    for name in ("cross-site-logout", "logout-by-link"):
        outcome = outcome_of(name, app, names)
        assert outcome.verdict is Verdict.GOT_IN, outcome
        assert "GET /logout" in outcome.exchanges[0].called


def test_a_registration_that_ends_at_the_login_is_none_that_was_refused():
    names = read_names(
        'send = "form"\n'
        '[routes]\nlogin = "POST /login"\nlogin_page = "GET /login"\nlogout = "POST /logout"\n'
        'whoami = "GET /me"\ncreate = "POST /register"\nupdate = ""\ndelete = ""\nread = ""\n'
        "[forms]\ncsrf_field = ''"
    )

    def add_registration(app):
        @app.post("/register")
        def register():
            sent = request.form
            app.parts.make(sent["name"], sent["email"], sent["password"])
            return redirect("/login")

    def plant(parts):
        parts.finish = add_registration

    forget()
    outcome = outcome_of("replay-after-logout", build(FORMS, plant), names)
    assert "No user could be made" not in outcome.says
    assert outcome.verdict is Verdict.NOT_TRIED and "POST /logout does not work" in outcome.says


@pytest.mark.parametrize("shape", [JSON_API, NESTED], ids=str)
def test_an_app_that_fails_now_and_then_is_seen_all_the_same(shape):
    def plant(parts):
        parts.log_out = lambda login: None
        load, turns = parts.load, itertools.count(1)

        def load_mostly(token):
            if request.path == "/me" and next(turns) % 3 == 0:
                raise RuntimeError("the database is away for a moment")
            return load(token)

        parts.load = load_mostly

    forget()
    outcome = outcome_of("replay-after-logout", build(shape, plant), shape.names)
    assert outcome.verdict is Verdict.GOT_IN, outcome


def test_a_command_that_makes_a_user_leaves_the_app_in_debug_mode():
    app = new_app(VARIANTS["debugger"].create_app)
    report = run_attacks(app, only=["debug-mode", "traceback-in-answers"])
    assert [row.outcome.verdict for row in report.rows] == [Verdict.GOT_IN, Verdict.GOT_IN]
    assert app.debug
