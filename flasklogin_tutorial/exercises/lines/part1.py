"""The lines that the reader writes in part 1. Each check works without the lesson's database."""

import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bson import ObjectId
from flask import Flask, jsonify, request
from flask_login import LoginManager, UserMixin, login_required, login_user

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.lines.finding import must_find
from flasklogin_tutorial.exercises.lines.line import line
from flasklogin_tutorial.visit import Mismatch, read_session

Names = Mapping[str, Any]


class _Person(UserMixin):
    """A user without a database."""

    def __init__(self, name: str) -> None:
        self.id, self.name = name, name

    def public(self) -> dict[str, str]:
        """Return what an API shows of this user."""
        return {"name": self.name, "email": f"{self.name}@example.org"}


def _app_with_people() -> Flask:
    """Make an app with a login manager, in which anybody is logged in by their name alone."""
    app = Flask("lines")
    app.secret_key = "for one check"
    manager = LoginManager(app)
    manager.user_loader(_Person)
    app.add_url_rule(
        "/come-in",
        view_func=lambda: jsonify(login_user(_Person(request.args["name"]))),
        endpoint="come_in",
    )
    return app


@line(
    "0a",
    "Send a request that deletes a record",
    idea="A request is a verb, a path and a body. Nothing in this one says who sends it.",
    name="delete_record_of",
    solution="""
def delete_record_of(name, browser):
    return browser.delete("/", json={"name": name})
""",
    hints=(
        "Ada was created with `ada.put(path, json=record)`. Deleting has a verb of its own.",
        'The path is "/", and the body is a dictionary with the key "name".',
        'return browser.delete("/", json={"name": name})',
    ),
)
def _delete(ask: Ask, names: Names) -> None:
    app, seen = Flask("lines"), []

    @app.route("/", defaults={"path": ""}, methods=["GET", "PUT", "POST", "DELETE"])
    @app.route("/<path:path>", methods=["GET", "PUT", "POST", "DELETE"])
    def see(path: str) -> dict[str, bool]:
        seen.append((request.method, request.path, request.get_json(silent=True)))
        return {"seen": True}

    for name in ("grace", "joan"):
        seen.clear()
        browser = ask.visitor(app)
        wanted = f'DELETE / with the body {{"name": "{name}"}}'
        answer = ask(name, browser, expected=wanted)
        called = f"delete_record_of({name!r}, browser)"
        ask.must(seen, called, "no request was sent", wanted, "Call a method of `browser`.")
        method, path, body = seen[-1]
        ask.must(
            (method, path, body) == ("DELETE", "/", {"name": name}),
            called,
            f"{method} {path} with the body {json.dumps(body)}",
            wanted,
            "The method of the browser is the verb, the first argument the path, json= the body.",
        )
        ask.must(
            getattr(answer, "status_code", None) == 200,
            called,
            f"{answer!r:.60}",
            "the answer to the request",
            "Put `return` in front of the call.",
        )


@line(
    "1a",
    "Bind a login manager to an app",
    idea="A login manager holds the settings of Flask-Login, and `init_app` ties it to one app.",
    name="bind",
    solution="""
def bind(app):
    login_manager = LoginManager()
    login_manager.init_app(app)
    return login_manager
""",
    hints=(
        "The manager is there, and knows no app yet. It has a method that takes one.",
        "The method is called `init_app`, and its argument is the app.",
        "login_manager.init_app(app)",
    ),
)
def _bind(ask: Ask, names: Names) -> None:
    app = Flask("lines")
    manager = ask(app, expected="the app has a login manager afterwards")
    bound = getattr(app, "login_manager", None)
    ask.must(
        isinstance(bound, LoginManager),
        "bind(app), and then app.login_manager",
        "AttributeError: the app has no login_manager" if bound is None else f"{bound!r:.60}",
        "a LoginManager",
        "The manager has to be told of the app: which method takes one?",
    )
    ask.must(
        manager is bound,
        "bind(app)",
        f"{manager!r:.60}",
        "the manager that is bound to the app",
        "Leave the last line of the function as it was.",
    )


@line(
    "2a",
    "Name the login view",
    idea="`login_view` is the name of a view function. Flask-Login finds the path itself, so the "
    "name stays right when the path changes.",
    name="login_view",
    value=True,
    solution="""
login_view = "login"
""",
    hints=(
        "Flask knows every view by the name of its function.",
        "The function is called `login`. Write its name as a string, without a slash.",
        'login_view = "login"',
    ),
    claims=(
        Claim(
            "Flask-Login finds the path itself",
            "https://flask-login.readthedocs.io/en/latest/#customizing-the-login-process",
            "tests/course/test_what_libraries_do.py::test_a_login_view_is_the_name_of_a_view_or_a_path",
        ),
    ),
)
def _login_view(ask: Ask, names: Names) -> None:
    value = ask()
    hint = "Write the name of the view function as a string."
    if isinstance(value, str) and value.startswith("/"):
        hint = (
            "Flask-Login goes to this path as well. But when the path changes, this line is wrong. "
            "Write the name of the function: Flask-Login finds its path."
        )
    elif callable(value):
        hint = "This is the function. Flask-Login wants its name, as a string."
    ask.must(value == "login", "login_view", f"{value!r:.60}", "'login'", hint)


@line(
    "2b",
    "Find the user, and log them in",
    idea="The view looks for a record with this name and this password, and `login_user` notes in "
    "the session whose it is.",
    name="login",
    solution="""
@app.route("/login", methods=["POST"])
def login():
    info = json.loads(request.data)
    username = info.get("username", "guest")
    password = info.get("password", "")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify(status=401, reason="Username or Password Error")
    login_user(user)
    return jsonify(user.public())
""",
    hints=(
        "The first place asks the database for a user who has both. The second hands that user to "
        "a function of Flask-Login.",
        "`User.objects(field=value, …)` gives all records with these values, and `.first()` the "
        "first of them, or None. The fields are called `name` and `password`.",
        "user = User.objects(name=username, password=password).first()\n"
        "and below the two lines that refuse: login_user(user)",
    ),
)
def _login(ask: Ask, names: Names) -> None:
    user_class = names["User"]
    app = Flask("lines")
    app.secret_key = "for one check"
    LoginManager(app)
    app.add_url_rule("/login", view_func=ask.answer, methods=["POST"], endpoint="login")
    mark = uuid.uuid4().hex[:8]
    people = [
        user_class(name=f"{name}-{mark}", email=f"{name}@example.org", password=f"of {name}").save()
        for name in ("joan", "alan")
    ]
    try:
        for user in people:
            wrong = {"username": user.name, "password": "wrong"}
            said = ask.send(ask.visitor(app), "POST", "/login", json=wrong)
            ask.must(
                said.data.get("status") == 401,
                said.called,
                said.came_back,
                'a JSON object with {"status": 401}',
                "Does the question to the database ask for the password too?",
            )
            right = {"username": user.name, "password": user.password}
            browser = ask.visitor(app)
            said = ask.send(browser, "POST", "/login", json=right)
            session = read_session(browser.cookies) or {}
            # The User of step 2 is none to Flask-Login yet: that login_user asks is what counts.
            asked = isinstance(said.error, AttributeError) and "is_active" in str(said.error)
            said.must(
                asked or session.get("_user_id") == str(user.id),
                "login_user is called with the record that was found",
                "Is login_user called, below the two lines that refuse?",
            )
    finally:
        for user in people:
            with suppress(Exception):
                user.delete()


@line(
    "3a",
    "Say that a user is active",
    idea="Flask-Login reads `is_active` as a value. A property is read like one.",
    name="is_active",
    value=True,
    solution="""
@property
def is_active(self) -> bool:
    return True
""",
    hints=(
        "Every user of this app may log in. So the answer is the same for all.",
        "It is one of the two values `True` and `False`.",
        "return True",
    ),
)
def _is_active(ask: Ask, names: Names) -> None:
    value = ask()
    ask.must(
        isinstance(value, property),
        "is_active",
        "a function, which nobody calls" if callable(value) else f"{value!r:.60}",
        "a property",
        "Leave `@property` in the line above `def`.",
    )
    try:
        found = type("Somebody", (), {"is_active": value})().is_active
    except Exception as error:
        raise Mismatch("user.is_active", repr(error), "True") from error
    ask.must(found is True, "user.is_active", f"{found!r:.60}", "True", "Return True.")


@line(
    "3b",
    "Give the id as a string",
    idea="The session is written as JSON, which has strings and no ObjectId. `get_id` makes a "
    "string of it.",
    name="get_id",
    solution="""
def get_id(self) -> str:
    return str(self.id)
""",
    hints=(
        "Each document has its id in `self.id`. What type does it have?",
        "It is an `ObjectId`. Python makes a string of almost anything with `str(…)`.",
        "return str(self.id)",
    ),
    claims=(
        Claim(
            "The session is written as JSON",
            "https://flask.palletsprojects.com/en/stable/api/#flask.sessions.SecureCookieSessionInterface",
        ),
    ),
)
def _get_id(ask: Ask, names: Names) -> None:
    for _ in range(2):
        user = names["User"](id=ObjectId(), name="joan")
        found = ask(user, expected=f"the string {str(user.id)!r}")
        hint = "Return the id of this user: `self.id`, as a string."
        if isinstance(found, ObjectId):
            hint = "This is an ObjectId. Make a string of it with `str(…)`."
        elif found is None:
            hint = "The function returns nothing. Is `return` there?"
        ask.must(
            found == str(user.id) and isinstance(found, str),
            "user.get_id()",
            f"{found!r:.60}",
            f"the string {str(user.id)!r}",
            hint,
        )


@line(
    "4a",
    "Turn an id into a user",
    idea="The loader takes the string that `get_id` gave, and returns the user whose it is, or "
    "None.",
    name="load_user",
    solution="""
@login_manager.user_loader
def load_user(user_id):
    return User.objects(id=user_id).first()
""",
    hints=(
        "Notebook 02 looked for a user by name and password. Here there is an id to look for.",
        "The field is called `id`. `.first()` gives the one document, or None where there is none.",
        "return User.objects(id=user_id).first()",
    ),
)
def _load_user(ask: Ask, names: Names) -> None:
    must_find(ask, names["User"], "id", "Look for the document whose id is `user_id`.")


@line(
    "5a",
    "Put a guard in front of three views",
    idea="`login_required` takes a view and returns one that asks first. What the app calls has to "
    "be the new one.",
    name="protect",
    solution="""
def protect(app):
    for name in ["create_record", "update_record", "delete_record"]:
        app.view_functions[name] = login_required(app.view_functions[name])
""",
    hints=(
        "`login_required` is a function. It takes a view, and returns the guarded one.",
        "The view that is there now is `app.view_functions[name]`.",
        "app.view_functions[name] = login_required(app.view_functions[name])",
    ),
)
def _protect(ask: Ask, names: Names) -> None:
    app = _app_with_people()
    verbs = {
        "create_record": "PUT",
        "update_record": "POST",
        "delete_record": "DELETE",
        "query_record": "GET",
    }
    for name, verb in verbs.items():
        app.add_url_rule(
            "/", endpoint=name, view_func=lambda name=name: jsonify(view=name), methods=[verb]
        )
    ask(app, expected="three views are guarded")
    for name, verb in verbs.items():
        stranger, ada = ask.visitor(app), ask.visitor(app)
        ask.send(ada, "GET", "/come-in?name=ada")
        said = ask.send(stranger, verb, "/", who="a stranger")
        if verb == "GET":
            said.must(said.data == {"view": name}, "the view answers: reading is open to everybody")
            continue
        said.must(
            said.refused,
            "401 or a redirect",
            f"The app still calls the bare view {name}.",
        )
        said = ask.send(ada, verb, "/", who="who is logged in")
        said.must(said.data == {"view": name}, f"the answer of {name}")


@line(
    "5b",
    "Answer a program with 401",
    idea="`unauthorized_handler` replaces the redirect: a program wants a status code.",
    name="refuse",
    solution="""
@app.login_manager.unauthorized_handler
def refuse():
    return jsonify(error="log in first"), 401
""",
    hints=(
        "A view may return two things: what it says, and the status.",
        "The first is `jsonify(error=…)`. Behind a comma comes the number.",
        'return jsonify(error="log in first"), 401',
    ),
)
def _refuse(ask: Ask, names: Names) -> None:
    app = _app_with_people()
    vars(app)["login_manager"].unauthorized_handler(ask.answer)
    app.add_url_rule("/private", view_func=login_required(lambda: "in"), endpoint="private")
    said = ask.send(ask.visitor(app), "GET", "/private", who="a stranger")
    said.must(
        said.response.status_code == 401,
        "401 Unauthorized",
        "Put the status behind a comma: return …, 401",
    )
    said.must(bool(said.data), "a JSON object", "Let `jsonify` make the body.")


@line(
    "5c",
    "Refuse strangers what is not on the list",
    idea="A view that nobody thought of is closed, because it is on no list.",
    name="guard_all",
    solution="""
def guard_all(app, open_views):
    @app.before_request
    def guard():
        if request.endpoint not in open_views and not current_user.is_authenticated:
            return app.login_manager.unauthorized()
""",
    hints=(
        "Two things have to hold before the guard refuses. `and` stands between them.",
        "`name not in names` is True where the name is missing. The name of the view is "
        "`request.endpoint`, and `current_user.is_authenticated` tells whether somebody logged in.",
        "if request.endpoint not in open_views and not current_user.is_authenticated:",
    ),
)
def _guard_all(ask: Ask, names: Names) -> None:
    app = _app_with_people()
    for name in ("reading", "writing"):
        app.add_url_rule(
            f"/of-{name}", endpoint=name, view_func=lambda name=name: jsonify(view=name)
        )
    ask(app, ["come_in", "reading"], expected="a guard stands in front of all views")
    stranger, ada = ask.visitor(app), ask.visitor(app)
    said = ask.send(stranger, "GET", "/of-writing", who="a stranger, and it is not on the list")
    said.must(said.refused, "401 or a redirect", "When is a view closed to strangers?")
    said = ask.send(stranger, "GET", "/of-reading", who="a stranger, and it is on the list")
    said.must(
        said.data == {"view": "reading"},
        "the view answers",
        "The list holds names of views, as `request.endpoint` is one. Who is on it is open to all.",
    )
    ask.send(ada, "GET", "/come-in?name=ada")
    said = ask.send(ada, "GET", "/of-writing", who="who is logged in")
    said.must(
        said.data == {"view": "writing"},
        "the view answers",
        "Somebody who is logged in is refused nothing: `current_user.is_authenticated`.",
    )


@line(
    "6a",
    "Log out",
    idea="`logout_user` takes the user out of the session of this browser.",
    name="logout",
    solution="""
@app.route("/logout", methods=["POST"])
def logout():
    logout_user()
    return jsonify(result=200, data={"message": "logout success"})
""",
    hints=(
        "It is the counterpart of `login_user`, and its name says so.",
        "It takes no argument: Flask-Login knows who is logged in.",
        "logout_user()",
    ),
)
def _logout(ask: Ask, names: Names) -> None:
    app = _app_with_people()
    app.add_url_rule("/logout", view_func=ask.answer, methods=["POST"], endpoint="logout")
    ada = ask.visitor(app)
    ask.send(ada, "GET", "/come-in?name=ada")
    said = ask.send(ada, "POST", "/logout", who="who is logged in")
    said.must(said.data.get("result") == 200, 'a JSON object with {"result": 200}')
    left = read_session(ada.cookies) or {}
    said.must(
        "_user_id" not in left,
        "a session without _user_id",
        "The view answers, and nobody is logged out. Which function of Flask-Login does that?",
    )


@line(
    "6b",
    "Say who is logged in",
    idea="`current_user` is somebody for everybody, and `is_authenticated` tells a user from a "
    "stranger.",
    name="user_info",
    solution="""
@app.route("/user_info", methods=["POST"])
def user_info():
    if current_user.is_authenticated:
        return jsonify(result=200, data=current_user.public())
    return jsonify(result=401, data={"message": "user no login"})
""",
    hints=(
        "The stranger's answer is there. What does `if` have to ask `current_user`?",
        "It is one of the four members of notebook 03: has this person proved who they are?",
        "if current_user.is_authenticated:",
    ),
)
def _user_info(ask: Ask, names: Names) -> None:
    app = _app_with_people()
    app.add_url_rule("/user_info", view_func=ask.answer, methods=["POST"], endpoint="user_info")
    stranger, ada = ask.visitor(app), ask.visitor(app)
    ask.send(ada, "GET", "/come-in?name=ada")
    said = ask.send(stranger, "POST", "/user_info", who="a stranger")
    said.must(
        said.data.get("result") == 401,
        'a JSON object with {"result": 401}',
        "A stranger's `current_user` has no record. Ask first whether they are authenticated.",
    )
    said = ask.send(ada, "POST", "/user_info", who="who is logged in")
    said.must(
        said.data.get("result") == 200 and said.data.get("data") == _Person("ada").public(),
        f"the record {json.dumps(_Person('ada').public())}",
        "For a user who is logged in the answer is `current_user.public()`.",
    )
