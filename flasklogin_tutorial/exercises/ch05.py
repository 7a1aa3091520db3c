"""Exercises to notebook 05: views that need a login."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_login import current_user, login_required
from markupsafe import escape

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, log_in, mended
from flasklogin_tutorial.steps import step04_user_loader as step04
from flasklogin_tutorial.steps.step05_protect_routes import User, create_app

_HTML = {"Accept": "text/html"}
_ANYTHING = {"Accept": "*/*"}


@exercise(
    "5.1",
    "follow",
    "Find the mistake: one view behind two doors",
    idea="`login_required` changes no view: it makes a new one, and the old one stays open.",
    answer="mended_guard",
    begins_with="open_app",
    hints=(
        "Trace both paths as a stranger. In which trace does the lane of Flask-Login stay empty?",
        "`app.view_functions` holds what Flask calls for each name. Which of the two functions in "
        "it is the guard, and which one is the bare view?",
        "`login_required(view)` gives a function with a guard. Put it where Flask looks: under the "
        "name of the door that is open.",
        'app.view_functions["export"] = login_required(app.view_functions["export"])',
    ),
    not_checked="whether a refused stranger is redirected or gets 401; both are a refusal",
)
def _mended_guard(ask: Ask) -> None:
    app = mended(ask)
    users = add_members(User, "grace", "emmy")
    stranger, member = ask.visitor(app), log_in(ask, app, users[0])
    wanted = [user.email for user in users]
    for path in ("/addresses", "/export"):
        refused = ask.send(stranger, "GET", path, who="not logged in")
        refused.must(
            refused.refused,
            "a redirect to the login, or 401: this is for members",
            "Which function does Flask call for this path? Look it up in app.view_functions.",
        )
        shown = ask.send(member, "GET", path, who="logged in as grace")
        shown.must(
            shown.data.get("addresses") == wanted,
            f'a JSON object with {{"addresses": {wanted}}}',
            "The guard lets members through to the view, which has not changed.",
        )
    found = ask.send(stranger, "GET", "/?name=emmy", who="not logged in")
    found.must(
        found.data.get("name") == "emmy",
        "the record of emmy: reading a record was open, and stays open",
        "Guard the one view that lacks it.",
    )


@exercise(
    "5.2",
    "apply",
    "Guard whatever writes",
    idea="A list of what to guard forgets the view that somebody adds tomorrow.",
    answer="guard_writers",
    hints=(
        "`app.url_map.iter_rules()` gives every route: `rule.methods` are its verbs, and "
        "`rule.endpoint` is the name of its view in `app.view_functions`.",
        "A route with GET has HEAD and OPTIONS too, and all others have OPTIONS. Which single verb "
        "tells readers from writers? And which writer is for strangers?",
        '`"GET" not in rule.methods` is true for a writer. Its view is '
        "`app.view_functions[rule.endpoint]`: put it back with a guard around it.",
        'if "GET" not in rule.methods and rule.endpoint != "login": put '
        "login_required(app.view_functions[rule.endpoint]) in its place.",
    ),
    not_checked="HEAD and OPTIONS, and views that take GET and another verb at once",
    claims=[
        Claim(
            "A route with GET has HEAD and OPTIONS too, and all others have OPTIONS.",
            "https://flask.palletsprojects.com/en/stable/quickstart/#http-methods",
        ),
    ],
)
def _guard_writers(ask: Ask) -> None:
    ran: list[str] = []
    app = ask.fresh(lambda: _growing_app(ran))
    ask(app)
    grace, _ = add_members(step04.User, "grace", "emmy")
    stranger = ask.visitor(app)
    record = {"name": "emmy", "email": "e@example.org", "password": "stolen"}
    writes: list[tuple[str, str, dict[str, str] | None]]
    writes = [(verb, "/", record) for verb in ("PUT", "POST", "DELETE")]
    writes += [("POST", "/invite", None), ("PATCH", "/motto", None), ("DELETE", "/all", None)]
    for path in ("/?name=grace", "/count"):
        read = ask.send(stranger, "GET", path, who="not logged in")
        read.must(read.response.ok and not read.refused, "an answer: everybody may read")
    for verb, path, body in writes:
        reply = ask.send(stranger, verb, path, json=body, who="not logged in")
        reply.must(
            reply.refused,
            "a redirect to the login, or 401: this request writes",
            "Is its view among those that you guard? Ask the app which views it has.",
        )
    member = log_in(ask, app, grace)
    for verb, path, body in writes:
        reply = ask.send(member, verb, path, json=body, who="logged in as grace")
        reply.must(reply.response.ok and not reply.refused, "an answer: grace is logged in")
    ask.must(
        ran == ["invite", "motto", "clear"],
        "POST /invite, PATCH /motto and DELETE /all, logged in as grace",
        f"these views ran: {', '.join(ran) or 'none'}",
        "each view runs once",
        "Put the guard around the view that is there, and leave the view as it is.",
    )


def _growing_app(ran: list[str]) -> Flask:
    """Make an app with open views, also such as the notebook's app does not have."""
    app = step04.create_app()

    @app.post("/invite")
    def invite():
        ran.append("invite")
        return {"done": True}

    @app.patch("/motto")
    def motto():
        ran.append("motto")
        return {"done": True}

    @app.delete("/all")
    def clear():
        ran.append("clear")
        return {"done": True}

    @app.get("/count")
    def count():
        return {"records": step04.User.objects.count()}

    return app


@exercise(
    "5.3",
    "apply",
    "Find the mistake: 200, and nothing is deleted",
    idea="People are sent to a form. A program gets 401: it takes the page behind a redirect for "
    "its answer.",
    answer="mended_answers",
    begins_with="redirecting_app",
    hints=(
        "Trace the request. Which two requests does the program send, and which one gets the 200?",
        "`app.login_manager.unauthorized_handler` takes a function that answers in place of the "
        "redirect. It can look at `request.path`.",
        "The handler has two ends: for the path `/` a body and the number 401, for all others a "
        "redirect to the view `login_page`.",
        'In the handler: if request.path == "/": return jsonify(error="log in first"), 401. '
        'For all other paths: return redirect(url_for("login_page")).',
    ),
    not_checked="the text that comes with the 401, and where the form leads to after a login",
)
def _mended_answers(ask: Ask) -> None:
    app = mended(ask)
    emmy, grace = add_members(User, "emmy", "grace")
    stranger = ask.visitor(app)
    body = {"name": "grace", "email": "g@example.org", "password": "stolen"}
    asked: list[tuple[str, dict[str, Any]]]
    asked = [(verb, {"json": body}) for verb in ("PUT", "POST", "DELETE")]
    asked += [("DELETE", {"headers": _ANYTHING}), ("DELETE", {"headers": _HTML, "json": body})]
    for verb, more in asked:
        said = ", accepting " + more["headers"]["Accept"] if "headers" in more else ""
        reply = ask.send(stranger, verb, "/", who=f"a program, not logged in{said}", **more)
        reply.must(
            reply.response.status_code == 401,
            "the status 401",
            "All of / is for programs, whatever a request carries or accepts.",
        )
    page = ask.send(stranger, "GET", "/account", who="a person, not logged in", headers=_HTML)
    page.must(
        page.response.is_redirect and urlsplit(page.response.headers["Location"]).path == "/login",
        "a redirect to /login, where the form is",
        "A person who opens a page wants the form, and no status.",
    )
    member = log_in(ask, app, emmy)
    page = ask.send(member, "GET", "/account", who="emmy, logged in", headers=_HTML)
    page.must(
        page.response.status_code == 200 and "emmy" in page.response.text,
        "her page, with her name in it",
        "Who is logged in is let through.",
    )
    gone = ask.send(member, "DELETE", "/", json={"name": "grace"}, who="emmy, logged in")
    gone.must_show(name=grace.name)


def open_app():
    """Make the app of exercise 5.1. Something in it is wrong."""
    app = create_app()

    def addresses():
        return {"addresses": [user.email for user in User.objects]}

    app.add_url_rule("/addresses", "addresses", login_required(addresses))
    app.add_url_rule("/export", "export", addresses)

    return app


def redirecting_app():
    """Make the app of exercise 5.3. Something in it is wrong."""
    app = create_app()
    app.login_manager.login_view = "login_page"

    @app.get("/login")
    def login_page():
        return "<form method=post>Name, password</form>"

    @app.get("/account")
    @login_required
    def account():
        return f"<h1>{escape(current_user.name)}</h1>"

    return app
