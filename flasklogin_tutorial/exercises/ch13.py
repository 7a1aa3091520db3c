"""Exercises to notebooks 13 and 13b: keys, and from one file to a package."""

import os
import secrets
from http import HTTPStatus
from unittest.mock import patch

from flask import Blueprint, Flask
from flask_login import current_user, login_required

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import Browser, Mismatch, Reply, describe_error, forge_session

#: What somebody tries who has no key: those that stand in the source, and those of examples.
_PUBLIC_KEYS = ("dev", "some key", "secret", "change-me", "changeme")


def _save(name: str) -> step06.User:
    """Store a user."""
    return step06.User(name=name, email=f"{name}@example.org", password=f"pass of {name}").save()


def _log_in(ask: Ask, app: Flask, user: step06.User) -> Browser:
    """Open a browser in which a user is logged in."""
    browser = ask.visitor(app)
    login = {"username": user.name, "password": user.password}
    ask.send(browser, "POST", "/login", json=login, who=user.name).must_show(name=user.name)
    return browser


# ---- 13.1


def _forge(ask: Ask, app: Flask, user: step06.User, key: str) -> Browser:
    """Open a browser with a session cookie that nobody got by a login."""
    browser = ask.visitor(app)
    forged = forge_session(key, {"_user_id": str(user.id)})
    browser.cookies.set(app.config["SESSION_COOKIE_NAME"], forged)
    return browser


def _believes(ask: Ask, app: Flask, user: step06.User, key: str) -> bool:
    """Tell whether an app believes a cookie that is signed with a key."""
    said = ask.send(_forge(ask, app, user, key), "POST", "/user_info")
    return (said.data.get("data") or {}).get("name") == user.name


def _start(ask: Ask, key: str | None) -> Flask | BaseException:
    """Start the app with a key in the environment; return it, or the error with which it stops."""
    with patch.dict("os.environ"):
        os.environ.pop("SECRET_KEY", None)
        if key is not None:
            os.environ["SECRET_KEY"] = key
        try:
            return ask.app()
        except SystemExit as error:
            return error
        except Mismatch as mismatch:
            if mismatch.__cause__ is None:  # it returned something else than an app
                raise
            return mismatch.__cause__


@exercise(
    "13.1",
    "follow",
    "Find the mistake: the app starts without a key",
    idea="A default for a secret key is a published key: without a key of its own, no app starts.",
    answer="mended_app",
    begins_with="broken_app",
    hints=(
        "The forger has read the source of `broken_app`, and nothing else. What did she find?",
        "Read the variable first. If there is nothing in it, raise an error that names it, and "
        "only then make the app.",
        'A default is what is taken when nothing is set. `os.environ.get("SECRET_KEY")` without a'
        " default gives None then, and None and an empty string are both to be refused.",
        'key = os.environ.get("SECRET_KEY"), then: if not key: raise RuntimeError("SECRET_KEY is '
        'not set"), and at the end app.secret_key = key',
    ),
    not_checked="how long the key in the environment is, and who else can read it there",
)
def _mended_app(ask: Ask) -> None:
    for key in (secrets.token_hex(), secrets.token_hex()):
        app = _start(ask, key)
        called = f"mended_app(), with SECRET_KEY={key[:6]}… in the environment"
        if isinstance(app, BaseException):
            raise Mismatch(called, describe_error(app), "an app with this key")
        ada = _save("ada")
        _log_in(ask, app, ada)
        for guess in _PUBLIC_KEYS:
            ask.must(
                not _believes(ask, app, ada, guess),
                f"{called}; then POST /user_info with a cookie signed with {guess!r}",
                "the record of ada",
                "nobody's: this key is known to all",
                "Does the key of the environment reach the app? Print app.secret_key.",
            )
        ask.must(
            _believes(ask, app, ada, key),
            f"{called}; then POST /user_info with a cookie signed with this key",
            "no record",
            "the record of ada, because the app signs and reads with this key",
            "Is the variable read while mended_app runs, and given to app.secret_key?",
        )
    no_default = (
        "Any key that stands in the source is known to whoever has the source. A random one would "
        "be another in each process. So there is nothing to fall back on."
    )
    for none, there, hint in (
        (None, "no SECRET_KEY", no_default),
        ("", "an empty SECRET_KEY", "An empty string is no key either."),
    ):
        app = _start(ask, none)
        called = f"mended_app(), with {there} in the environment"
        expected = "an error that names SECRET_KEY, and no app"
        if isinstance(app, Flask):
            ada = _save("ada")
            known = [guess for guess in _PUBLIC_KEYS if _believes(ask, app, ada, guess)]
            came_back = "an app"
            if known:
                came_back += f" that believes cookies signed with {known[0]!r}"
            raise Mismatch(
                called,
                came_back,
                expected,
                hint,
            )
        ask.must(
            "SECRET_KEY" in str(app),
            called,
            describe_error(app),
            expected,
            "Whoever starts the app has to learn from the error what to set.",
        )


def broken_app():
    """Make the app of exercise 13.1. Something in it is wrong."""
    app = step06.create_app()
    app.secret_key = os.environ.get("SECRET_KEY", "dev")
    return app


# ---- 13.2


@exercise(
    "13.2",
    "apply",
    "Find the mistake: the form is never found",
    idea="A view of a blueprint is called by the blueprint's name, a dot, and its own.",
    answer="mended_club",
    begins_with="broken_club",
    hints=(
        "Where is the stranger sent to, and where is the form? Which view answers there?",
        "`app.view_functions` lists the names of all views. Two of them end with `login`.",
        "The name of a view of a blueprint is the name of the blueprint, a dot, and its own name."
        " `login_view` takes such a name too.",
        'app.login_manager.login_view = "club.login"',
    ),
    not_checked="where a stranger is sent who asks the API of the app and not the club",
)
def _mended_club(ask: Ask) -> None:
    for prefix in ("/club", "/chess", "/members/only"):
        app = ask.app(prefix)
        ada = _save("ada")
        for page in ("/", "/rules"):
            stranger = ask.visitor(app)
            sent = ask.send(stranger, "GET", prefix + page, who="a stranger")
            place = sent.response.headers.get("Location", "")
            ask.must(
                sent.response.is_redirect and place.partition("?")[0] == f"{prefix}/login",
                sent.called,
                sent.came_back,
                f"302 Found, to {prefix}/login, with the way back",
                _why_not_at_the_form(sent),
            )
            sent.must(
                f"next={prefix}{page}" in place.replace("%2F", "/"),
                f"the same, with ?next={prefix}{page}",
                "Flask-Login adds the way back, where it is told the name of a view.",
            )
            form = ask.send(stranger, "GET", place, who="the stranger, where they were sent")
            form.must(form.response.ok and "<form" in form.response.text, "the page with the form")
        known = _log_in(ask, app, ada)
        for page, text in (("/", "Welcome, ada"), ("/rules", "Rules")):
            shown = ask.send(known, "GET", prefix + page, who="ada, logged in")
            shown.must(text in shown.response.text, f"the page {text!r}")


def _why_not_at_the_form(sent: Reply) -> str:
    """Say why a stranger was not sent to the form of the club."""
    if "BuildError" in sent.came_back:
        return "No view has this name. The names of all views: print(*app.view_functions)."
    if sent.response.status_code == HTTPStatus.NOT_FOUND:
        return "There is no club. Is url_prefix handed to broken_club?"
    if not sent.response.is_redirect:
        return "The club's pages stay guarded. Only where strangers are sent is to change."
    if sent.response.headers["Location"].startswith("/login"):
        return "A name without a dot is a view of the app itself. The club is a blueprint."
    return "An address holds for one url_prefix only. Name the view, and Flask finds its address."


def broken_club(url_prefix="/club"):
    """Make the app of exercise 13.2. Something in it is wrong."""
    club = Blueprint("club", __name__)

    @club.get("/login")
    def login():
        return '<form method="post">Log in</form>'

    @club.get("/")
    @login_required
    def home():
        return f"Welcome, {current_user.name}"

    @club.get("/rules")
    @login_required
    def rules():
        return "Rules"

    app = step06.create_app()
    app.register_blueprint(club, url_prefix=url_prefix)
    app.login_manager.login_view = "login"
    return app


# ---- 13.3


def _blueprint(name: str, *views: str) -> Blueprint:
    """Make a blueprint with views that say their names, and guard nothing."""
    made = Blueprint(name, __name__, url_prefix=f"/{name}")
    for view in views:
        _add_view(made, view)
    return made


def _add_view(blueprint: Blueprint, view: str) -> None:
    blueprint.add_url_rule(f"/{view}", view, lambda: {"view": view}, methods=["GET", "POST"])


@exercise(
    "13.3",
    "stretch",
    "Guard a whole blueprint, but not its login form",
    idea="What has to hold for all views is written once, where no view can be forgotten.",
    answer="guard",
    hints=(
        "`@blueprint.before_request` registers a function that runs before each view of the "
        "blueprint, also before those that are added later. What it returns, unless it is None, is "
        "sent in place of the view's answer.",
        "`request.endpoint` is the name of the view that was asked for: the name of the blueprint, "
        "a dot, its own name. `current_app.login_manager.unauthorized()` makes the answer that "
        "`login_required` gives to a stranger.",
        "The function returns None for a view that is open and for a caller who is known. For all"
        " others it returns what `unauthorized()` gives.",
        'open_names = {f"{blueprint.name}.{view}" for view in open_views}, and in the function: if '
        "request.endpoint not in open_names and not current_user.is_authenticated: return "
        "current_app.login_manager.unauthorized()",
    ),
    not_checked="blueprints inside the blueprint, and files in a static folder of its own",
    claims=[
        Claim(
            "What it returns, unless it is None, is sent in place of the view's answer.",
            "https://flask.palletsprojects.com/en/stable/api/#flask.Flask.before_request",
        ),
    ],
)
def _guard(ask: Ask) -> None:
    for name, first, others in (("staff", "enter", ["help"]), ("crew", "sign_on", [])):
        opened = (first, *others)
        blueprint = _blueprint(name, *opened, "home")
        ask(blueprint, opened, expected="it registers a function with the blueprint")
        late = ("added_later", f"{first}_attempts", f"old_{first}")
        for view in late:
            _add_view(blueprint, view)
        app = ask.fresh(step06.create_app)
        app.register_blueprint(blueprint)
        app.register_blueprint(_blueprint("shop", "offers"))
        app.login_manager.login_view = f"{name}.{first}"
        user = _save("ada" if name == "staff" else "grace")
        _must_turn_away(ask, app, name, first, ("home", *late))
        stranger = ask.visitor(app)
        for view in opened:
            said = ask.send(stranger, "GET", f"/{name}/{view}", who="a stranger")
            said.must(
                said.data.get("view") == view,
                f'{{"view": "{view}"}}, because {view!r} is one of the open views',
                "A login form that sends strangers to the login form lets nobody in. What is in "
                "request.endpoint?",
            )
        said = ask.send(stranger, "GET", "/shop/offers", who="a stranger")
        said.must(
            said.data.get("view") == "offers",
            f'{{"view": "offers"}}, because the shop is no part of {name}',
            "Guard the blueprint that was handed over, and not the whole app.",
        )
        known = _log_in(ask, app, user)
        for view in ("home", first, *late):
            said = ask.send(known, "GET", f"/{name}/{view}", who=f"{user.name}, logged in")
            said.must(
                said.data.get("view") == view,
                f'{{"view": "{view}"}}',
                "Who is logged in may go on: then the function returns None.",
            )


def _must_turn_away(ask: Ask, app: Flask, name: str, form: str, views: tuple[str, ...]) -> None:
    """Raise `Mismatch` unless strangers are sent from each view to the login form."""
    for view in views:
        hint = "Does the function run for each view? What it does not return is not sent."
        if form in view:
            hint = f"Compare whole names: {view!r} has only a part of its name from an open view."
        for method in ("GET", "POST"):
            sent = ask.send(ask.visitor(app), method, f"/{name}/{view}", who="a stranger")
            sent.must(
                sent.data.get("view") != view,
                f"302 Found, to /{name}/{form}, because {view!r} is no open view",
                hint,
            )
            place = sent.response.headers.get("Location", "").partition("?")[0]
            sent.must(
                sent.response.is_redirect and place == f"/{name}/{form}",
                f"302 Found, to /{name}/{form}, which is the login view of the app",
                "before_request registers a function that is called with nothing. The login "
                "manager has a method that makes the answer.",
            )
