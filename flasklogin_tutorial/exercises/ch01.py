"""Exercises to notebook 01: the login manager."""

import json
from typing import Any

from flask import Flask, current_app
from flask_login import LoginManager, UserMixin, current_user

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.exercise import exercise
from flasklogin_tutorial.exercises.members import managed
from flasklogin_tutorial.steps import step00_records_api as step00
from flasklogin_tutorial.steps import step01_bind_login_manager as step01


class Caller(UserMixin):
    """Who has sent the name and the password of a record along.

    Args:
        record: the record.
    """

    def __init__(self, record: step01.User) -> None:
        self.id, self.name = str(record.id), record.name


def load_caller(request):
    """Return who sent a name and a password along with a request, or None if nobody did."""
    sent = request.authorization
    if sent is None or sent.type != "basic":
        return None
    record = step01.User.objects(name=sent.username, password=sent.password).first()
    return Caller(record) if record else None


def app_with_callers():
    """Make the app of exercise 1.3: its login manager knows who is calling, and no view asks."""
    app = step01.create_app()
    app.login_manager.request_loader(load_caller)
    return app


def broken_app():
    """Make the app of exercise 1.2. Something in it is wrong."""
    app = step01.create_app()
    app.login_manager.request_loader(load_caller)

    login_manager = LoginManager()
    login_manager.init_app(app)

    @app.get("/whoami")
    def whoami():
        return {"name": getattr(current_user, "name", None)}

    return app


def _save(name: str) -> tuple[str, str]:
    """Put a record under a name, and return the name and the password."""
    password = f"pass of {name}"
    step01.User(name=name, email=f"{name}@example.org", password=password).save()
    return name, password


@exercise(
    "1.1",
    "follow",
    "Bind one login manager to many apps",
    idea="A login manager is made once, apart from any app, and bound to each app that it serves.",
    answer="bind_all",
    hints=(
        "The notebook makes the manager in one line and binds it in another. Which of the two "
        "lines has to run once, and which once for each app?",
        "Make the manager above the loop: `login_manager = LoginManager()`.",
        "`init_app` takes one app. So it stands inside the loop, and the `return` below the loop,"
        " at its left edge.",
        "for app in apps: login_manager.init_app(app)",
    ),
    not_checked="that the manager knows a user; a loader comes in notebook 04",
)
def _bind_all(ask: Ask) -> None:
    for number in (1, 3):
        apps = [ask.fresh(step00.create_app) for _ in range(number)]
        manager = ask(apps, expected="a login manager")
        called = f"bind_all([{'app' if number == 1 else f'{number} apps'}])"
        ask.must(
            isinstance(manager, LoginManager),
            called,
            "nothing" if manager is None else type(manager).__name__,
            "the login manager",
            "Does the function end with a return, below the loop?",
        )
        for place, app in enumerate(apps, 1):
            _must_be_bound(ask, manager, app, called, f"app {place} of {number}")
        manager.unauthorized_handler(lambda: ({"said": "log in first"}, 401))
        for place, app in enumerate(apps, 1):
            app.add_url_rule("/private", view_func=_send_away)
            sent = ask.send(ask.visitor(app), "GET", "/private", who=f"app {place} of {number}")
            sent.must(sent.data.get("said") == "log in first", "the answer set on the manager")


def _must_be_bound(ask: Ask, manager: LoginManager, app: Flask, called: str, which: str) -> None:
    """Raise `Mismatch` unless a manager is bound to an app."""
    bound = getattr(app, "login_manager", None)
    ask.must(
        bound is not None,
        called,
        f"{which} has no login manager",
        "each app has it",
        "init_app binds the manager to one app. Is it called for each?",
    )
    ask.must(
        bound is manager,
        called,
        f"{which} has another login manager than the one that was returned",
        "one manager for all apps",
        "LoginManager() makes a new one each time that it is called.",
    )
    after = app.after_request_funcs.get(None, [])
    ask.must(
        any(getattr(function, "__self__", None) is manager for function in after),
        called,
        f"{which} has the attribute login_manager, and no function of it runs after a request",
        "an app that init_app was called with",
        "init_app does more than to set the attribute. Call it.",
    )


def _send_away() -> Any:
    return current_app.login_manager.unauthorized()


@exercise(
    "1.2",
    "apply",
    "Find the mistake: the loader is there, and missing",
    idea="An app has one login manager: the last one bound replaces the others and all they know.",
    answer="mended_app",
    begins_with="broken_app",
    hints=(
        "The trace says what is missing, and the source says that it is there. There must be two "
        "of something.",
        "`create_app` of step 01 has bound a login manager already. Which one knows `load_caller`, "
        "and which one is `app.login_manager` at the end?",
        "`init_app` sets `app.login_manager`, whatever stood there before. So the loader has to "
        "be registered after that, on the manager that stays.",
        "Write the app anew without its two lines about `login_manager`, or register the loader "
        "below them: app.login_manager.request_loader(load_caller)",
    ),
    not_checked="how the loader finds a caller, which is right",
)
def _mended_app(ask: Ask) -> None:
    app = managed(ask)
    people = [_save("ada"), _save("grace")]
    _must_say(
        ask,
        app,
        None,
        "not logged in",
        "Which login manager does the view ask? Compare it with the one that knows the loader.",
    )
    for name, password in people:
        _must_say(
            ask,
            app,
            name,
            f"with the password of {name}",
            "The login manager of the app has to know load_caller.",
            auth=(name, password),
        )
    _must_say(
        ask,
        app,
        None,
        "with a wrong password",
        "load_caller finds nobody here, so nobody is known.",
        auth=("ada", "a guess"),
    )


def _must_say(ask: Ask, app: Flask, name: str | None, who: str, hint: str, **more: Any) -> None:
    """Raise `Mismatch` unless /whoami names somebody. The hint is better than the usual one."""
    said = ask.send(ask.visitor(app), "GET", "/whoami", who=who, **more)
    ask.must(
        said.response.ok and said.data.get("name", "") == name,
        said.called,
        said.came_back,
        f"a JSON object with {json.dumps({'name': name})}",
        "The app of the exercise has this page." if said.response.status_code == 404 else hint,
    )


@exercise(
    "1.3",
    "stretch",
    "Let a view ask before it deletes",
    idea="A login manager is a service and no guard: a view is guarded when it asks.",
    answer="guard_delete",
    hints=(
        "Keep the old view, `view = app.view_functions['delete_record']`, and put a function of "
        "your own in its place. When does that function run?",
        "`current_user.is_authenticated` is True for a caller who is known. Ask it inside the new "
        "view: outside of a request nobody is calling.",
        "The new view has two ends: for a caller who is not known, a body and the number 401; for"
        " all others, what `view()` returns.",
        "def guarded(): return view() if current_user.is_authenticated else ({…}, 401)",
    ),
    not_checked="what the refusal says, and whose record it is: whoever is known may delete all",
)
def _guard_delete(ask: Ask) -> None:
    app = ask.fresh(app_with_callers)
    ask(app, expected="a guard for later: nobody is calling while it is put in place")
    people = [_save("ada"), _save("grace")]
    browser = ask.visitor(app)
    callers: dict[str, dict[str, Any]] = {
        "not logged in": {},
        "with a wrong password": {"auth": ("ada", "a guess")},
        "with Grace's password and Ada's name": {"auth": ("ada", "pass of grace")},
    }
    for who, more in callers.items():
        body = {"name": "ada"}
        refused = ask.send(browser, "DELETE", "/", json=body, who=who, **more)
        found = ask.send(browser, "GET", "/?name=ada", who=f"after a DELETE {who}")
        found.must(
            found.data.get("name") == "ada",
            "the record of ada, still there",
            f"DELETE answered {refused.response.status_code}, and the record is gone. Does the "
            "view ask before it deletes, and does it return when nobody is known?"
            if found.response.ok
            else "Only DELETE is to be guarded here. Everybody may read.",
        )
        refused.must(
            refused.response.status_code == 401,
            "401 Unauthorized",
            "The view asks current_user while it answers a request, and returns 401."
            if refused.crashed
            else "load_caller knows nobody here, so current_user.is_authenticated is False.",
        )
    for name, password in people:
        done = ask.send(
            browser,
            "DELETE",
            "/",
            json={"name": name},
            who=f"with the password of {name}",
            auth=(name, password),
        )
        shown = {"email": f"{name}@example.org", "name": name}
        done.must(
            done.data == shown,
            f"{json.dumps(shown)}, from the view that was there before",
            "Whoever is known goes on to the old view.",
        )
        gone = ask.send(browser, "GET", f"/?name={name}", who="afterwards")
        gone.must("error" in gone.data, "no such record any more", "Call the old view.")
    record = {"name": "joan", "email": "joan@example.org", "password": "pass of joan"}
    put = ask.send(browser, "PUT", "/", json=record, who="not logged in")
    put.must(put.data.get("name") == "joan", "a new record", "Only DELETE is to be guarded here.")
