"""Exercises to notebook 11: requests from other sites."""

import re
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask, redirect, render_template_string, request
from flask_login import current_user, login_required, logout_user

from flasklogin_tutorial.attacks.families.cross_site import NEXT_FORMS
from flasklogin_tutorial.attacks.web import same_site
from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import add_members, log_in, mended
from flasklogin_tutorial.steps.step06_logout_and_user_info import User, create_app
from flasklogin_tutorial.visit import Browser, Form, Reply, read_forms

_HTML = {"Accept": "text/html"}
_LINK = _HTML | {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
_OWN = _HTML | {"Sec-Fetch-Site": "same-origin"}

#: Who sends what to a page that a link leads to, and where to look if that logs somebody out.
_READERS = {
    "a link on another site": (
        "GET",
        _LINK,
        "She has not asked to leave. Which views log out, and by which verb?",
    ),
    "an image or a look ahead on a page of this app": (
        "GET",
        _OWN,
        "A browser follows links by itself too. Whoever sends it: a GET changes nothing.",
    ),
    "a browser that says nothing of where the link was": (
        "GET",
        _HTML,
        "Not every browser sends the header. Whoever sends it: a GET changes nothing.",
    ),
    "a program that looks whether the link works": (
        "HEAD",
        _HTML,
        "A view that takes GET takes HEAD too, and neither may change anything.",
    ),
}


def _must_be(ask: Ask, browser: Browser, name: str | None, when: str, hint: str) -> None:
    """Raise `Mismatch` unless `/user_info` names this user, or nobody for None."""
    reply = ask.send(browser, "POST", "/user_info", who=when)
    said = reply.data.get("data")
    found = said.get("name") if isinstance(said, dict) else None
    wanted = f"the name {name}" if name else "401 in the body: nobody is logged in"
    reply.must(not reply.crashed and found == name, wanted, hint)


@exercise(
    "11.1",
    "follow",
    "Find the mistake: a link that logs out",
    idea="A GET must not change anything: a Lax cookie goes along with a link, and a link has no "
    "token.",
    answer="mended_leave",
    begins_with="linking_app",
    hints=(
        "The cookie is Lax. Which requests of other sites carry such a cookie all the same?",
        "The app has a logout that takes POST: /logout. What does a page need, so that a person "
        "can send a POST there?",
        'A link is a GET, and a form with `method="post"` is none. Two views change: the page, '
        "whose link becomes a form, and `/leave`, which must log out nobody any more.",
        "Let both views, account and leave, return a page with "
        '<form method="post" action="/logout"><button>Log out</button></form>.',
    ),
    not_checked="what the pages look like, and GET views whose path has a variable part",
)
def _mended_leave(ask: Ask) -> None:
    app = mended(ask)
    users = add_members(User, "grace", "emmy")
    for user in users:
        browser = log_in(ask, app, user)
        rules = {same_site(cookie) for cookie in browser.cookies}
        ask.must(
            rules == {"lax"},
            f"POST /login, as {user.name}",
            f"a session cookie that says {' '.join(rules) or 'nothing'} of other sites",
            "a session cookie with SameSite=Lax, as the app had it",
            "The cookie was right. Lax keeps it from forms of other sites; Strict keeps it from "
            "whoever comes by a link in a mail, too.",
        )
        for path in _read_paths(app):
            for who, (verb, headers, hint) in _READERS.items():
                reply = ask.send(
                    browser, verb, path, who=f"{who}, with her cookie", headers=headers
                )
                reply.must(not reply.crashed, "a page, or a refusal")
                when = f"{user.name}, after {verb} {path} by {who}"
                _must_be(ask, browser, user.name, when, hint)
    _button_logs_out(ask, app, browser)


def _read_paths(app: Flask) -> list[str]:
    """Return the paths that take GET, those of the exercise first."""
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    }
    return ["/leave", *sorted(found - {"/leave", "/"})]


def _button_logs_out(ask: Ask, app: Flask, browser: Browser) -> None:
    """Raise `Mismatch` unless the account page has a form that logs out by POST."""
    page = ask.send(browser, "GET", "/account", who="emmy, logged in", headers=_HTML)
    forms = read_forms(page.response.text)
    posts = re.search(r"<form\b[^>]*\bmethod\s*=\s*[\"']?post\b", page.response.text, re.IGNORECASE)
    ask.must(
        page.response.status_code == 200 and forms and posts,
        page.called,
        f"{page.came_back}: {page.response.text:.120}",
        'a page with <form method="post" …> that logs out',
        "A link can send GET only. What sends POST when somebody clicks on it?",
    )
    path = forms[0].action or "/account"
    left = ask.send(
        browser, "POST", path, who="emmy, with the form", data=forms[0].inputs, headers=_OWN
    )
    left.must(
        not left.crashed and left.response.status_code < 400,
        "an answer: she may leave",
        "Which path of the app takes POST, and logs out?",
    )
    _must_be(
        ask, browser, None, f"emmy, after POST {path}", "The form leads to a view that logs out."
    )
    refused = ask.send(ask.visitor(app), "GET", "/account", who="not logged in", headers=_HTML)
    refused.must(
        refused.refused,
        "a redirect to the login, or 401: this page is for members",
        "The new view needs the guard that the old one had.",
    )


def linking_app():
    """Make the app of exercise 11.1. Something in it is wrong."""
    app = create_app({"SESSION_COOKIE_SAMESITE": "Lax"})

    @app.get("/account")
    @login_required
    def account():
        return '<a href="/leave">Log out</a>'

    @app.get("/leave")
    @login_required
    def leave():
        logout_user()
        return "<p>Good bye.</p>"

    return app


@exercise(
    "11.2",
    "apply",
    "Find the mistake: a next that changes its host",
    idea="A check and a browser read one address in two ways: say what is allowed, and not what "
    "is forbidden.",
    answer="leads_inside",
    begins_with="usual_check",
    hints=(
        "Send each form in `NEXT_FORMS` as the cell above does, each from a new browser. For which "
        "does the header Location hold more than / alone?",
        "All that the app needs are paths: one slash in front, and no second one behind it. Which "
        "characters does a browser turn into a slash, or drop?",
        "Say what is allowed, one rule after the other: a slash in front, no two slashes "
        "together, no backslash, no blank, and nothing that cannot be printed.",
        'return target.startswith("/") and "//" not in target, and no backslash, and '
        'target.isprintable(), and no blank: " " not in target',
    ),
    not_checked="whole addresses of the app itself, paths with two slashes further behind, and "
    "letters beyond ASCII: letting them through or not is your choice",
)
def _leads_inside(ask: Ask) -> None:
    app = ask.fresh(lambda: app_with_next(ask.answer))
    users = add_members(User, "grace", "emmy")
    for path in ("/account", "/?name=emmy", "/find?site=evil.example", "/evil.example/guide"):
        reply = _log_in_with_next(ask, app, users[0], path)
        reply.must(
            reply.response.is_redirect and reply.response.headers["Location"] == path,
            f"a redirect to {path}",
            "This is a path of the app. A check that refuses all of them needs no next.",
        )
    for number, (name, form) in enumerate(NEXT_FORMS.items()):
        wanted = form if number % 2 else form.replace("evil.example", "mallory.example")
        reply = _log_in_with_next(ask, app, users[1], wanted)
        reply.must(
            reply.response.is_redirect and reply.response.headers["Location"] == "/",
            f"a redirect to /, because a browser reads next ({name}) as another place",
            "Which text did your function let through, and what does it begin with or contain?",
        )
    plain = _log_in_with_next(ask, app, users[0], None)
    plain.must(
        plain.response.is_redirect and plain.response.headers["Location"] == "/",
        "a redirect to /, where all go who bring no next",
    )


def _log_in_with_next(ask: Ask, app: Flask, user: Any, target: str | None) -> Reply:
    """Log a user in, with a `next` if there is one."""
    path = "/login" if target is None else "/login?" + urlencode({"next": target})
    who = f"as {user.name}" + (f", next={target!r}" if target else "")
    body = {"username": user.name, "password": user.password}
    reply = ask.send(ask.visitor(app), "POST", path, json=body)
    reply.called = f"POST {path}, {who}"
    reply.must(
        not reply.crashed,
        "a redirect",
        "A line break or a tab cannot stand in an address. Which characters can?",
    )
    return reply


def usual_check(target):
    """Tell whether `next` leads to a page of this app. Something in it is wrong."""
    here = urlsplit(request.host_url)
    there = urlsplit(urljoin(request.host_url, target))
    return there.scheme in ("http", "https") and there.netloc == here.netloc


def app_with_next(is_safe):
    """Make the app of exercise 11.2, with a check of `next`."""
    app = create_app()
    plain_login = app.view_functions["login"]

    def login():
        answer = plain_login()
        if not current_user.is_authenticated:
            return answer
        target = request.args.get("next", "/")
        return redirect(target if is_safe(target) else "/")

    app.view_functions["login"] = login
    return app


@exercise(
    "11.3",
    "stretch",
    "Put a token into each form",
    idea="A form token is worth something only together with the session that it was given to.",
    answer="add_form_token",
    hints=(
        "Two pieces: a function that the template calls, in app.jinja_env.globals, and one "
        "function before every view. Where can both of them keep the token of this visit?",
        "The token belongs in `session`: make it once, with `secrets.token_hex()`, and keep it. "
        "What do you compare if the session holds none and the form sends none?",
        '`session.setdefault("token", secrets.token_hex())` makes a token once and gives it each '
        'time. The check compares `request.form.get("token")` with `session.get("token")`, and '
        "only for the two types in FORMS.",
        'Refuse with abort(400) if "token" not in session, or if request.form.get("token") is '
        'another than session["token"]. Do so only if request.mimetype is in FORMS.',
    ),
    not_checked="how hard the token is to guess beyond its length, how long it is good for, forms "
    "of type text/plain, and whether a comparison takes the same time for every wrong token",
)
def _add_form_token(ask: Ask) -> None:
    app = ask.fresh(app_with_forms)
    ask(app)
    users = add_members(User, "grace", "emmy")
    hint = "A program logs in with JSON, and has no form: only forms need a token."
    grace, emmy = (log_in(ask, app, user, hint) for user in users)
    _forms_are_refused(ask, grace, "who has not opened the form", ({}, {"token": ""}))
    token = _token_in(_open_form(ask, grace, "grace"), ask)
    other = _token_in(_open_form(ask, emmy, "emmy"), ask)
    ask.must(
        token != other,
        "GET /email, by grace and by emmy",
        f"the same token for both: {token[:12]}…",
        "two tokens: each visit has its own",
        "Mallory has an account too. Her token must not fit Ada's form.",
    )
    again = _token_in(_open_form(ask, grace, "grace, in a second tab"), ask)
    for sent, address in ((token, "g1@example.org"), (again, "g2@example.org")):
        _form_is_taken(ask, grace, {"email": address, "token": sent}, users[0])
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"token": ""},
        {"token": "x" * len(token)},
        {"token": other},
    )
    _forms_are_refused(ask, grace, "who has opened the form", wrong)
    _form_is_taken(ask, emmy, {"email": "e1@example.org", "token": other}, users[1])
    record = {"name": "linus", "email": "linus@example.org", "password": "torvalds"}
    made = ask.send(grace, "PUT", "/", json=record, who="a program of grace's, with JSON")
    made.must_show(name="linus")
    empty = ask.send(grace, "POST", "/user_info", who="a program of grace's, without a body")
    empty.must(empty.response.status_code == 200, "200: without a form no token is needed")


def _open_form(ask: Ask, browser: Browser, who: str) -> Reply:
    return ask.send(browser, "GET", "/email", who=who, headers=_HTML)


def _token_in(page: Reply, ask: Ask) -> str:
    """Return the token in the form of a page."""
    page.must(
        page.response.status_code == 200,
        "the page with the form",
        "The template calls form_token(): is a function of that name in app.jinja_env.globals?",
    )
    (form,) = read_forms(page.response.text) or [Form()]
    token = form.inputs.get("token", "")
    ask.must(
        len(token) >= 16,
        page.called,
        f"a form with the token {token!r}",
        "a form with a token of at least 16 characters",
        "A token that can be guessed is none: `secrets.token_hex()` makes one that cannot.",
    )
    return token


def _form_is_taken(ask: Ask, browser: Browser, fields: dict[str, str], user: Any) -> None:
    """Raise `Mismatch` unless the app takes a form with the right token, in both encodings."""
    parts = {name: (None, value) for name, value in fields.items()}
    for more, kind in (({"data": fields}, "a form"), ({"files": parts}, "a multipart form")):
        user.update(email="before@example.org")
        who = f"{user.name}, {kind} with her token"
        reply = ask.send(browser, "POST", "/email", who=who, headers=_HTML, **more)
        reply.must(
            reply.response.status_code == 200 and user.reload().email == fields["email"],
            "200, and the new address is stored",
            "The token that the page held is the one that is sent. It stays good for each tab.",
        )


def _forms_are_refused(
    ask: Ask, browser: Browser, when: str, tokens: tuple[dict[str, str], ...]
) -> None:
    """Raise `Mismatch` unless the app refuses a form with each of these, whichever view it is."""
    nothing = "What is compared with what? Nothing equals nothing, and a token of another visit "
    nothing += "is no token."
    for fields in tokens:
        said = f"with the token '{fields['token'][:12]}'" if fields else "without a token"
        sent = {"email": "a@evil.example", **fields}
        parts = {name: (None, value) for name, value in sent.items()}
        other = {"motto": "evil", **fields}
        for path, more, kind, hint in (
            ("/email", {"data": sent}, "a form", nothing),
            ("/email", {"files": parts}, "a multipart form", "FORMS has two ways to send a form."),
            ("/motto", {"data": other}, "a form for another view", "Look before every view."),
        ):
            who = f"in the name of grace, {when}: {kind} {said}"
            reply = ask.send(browser, "POST", path, who=who, headers=_HTML, **more)
            reply.must(
                reply.response.status_code in (400, 403),
                "the status 400 or 403: this form is not from a page that the app gave her",
                hint,
            )
            ask.must(
                User.objects(email="a@evil.example").count() == 0,
                reply.called,
                "a refusal, and the address is stored all the same",
                "nothing is stored",
                "Look at the token before the view runs.",
            )


def app_with_forms():
    """Make the app of exercise 11.3: its page calls `form_token()`, which is not there yet."""
    app = create_app()
    page = (
        '<form method="post"><input name="email">'
        '<input type="hidden" name="token" value="{{ form_token() }}"></form>'
    )

    @app.route("/email", methods=["GET", "POST"])
    @login_required
    def email():
        if request.method == "GET":
            return render_template_string(page)
        current_user.update(email=request.form["email"])
        return "<p>Stored.</p>"

    @app.post("/motto")
    @login_required
    def motto():
        return {"motto": request.form["motto"]}

    return app
