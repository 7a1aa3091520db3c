"""The questions of the steps: each one small function that asks an app over HTTP."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flasklogin_tutorial.checks.causes import lost_cookie
from flasklogin_tutorial.checks.world import World
from flasklogin_tutorial.visit import Reply, read_session, send_login


@dataclass(frozen=True)
class Check:
    """One thing that an app must do.

    Attributes:
        step: the step that brings it.
        name: what must be true, as a sentence.
        hint: where to look when it is not.
        ask: asks the app; raises `Mismatch` when the answer is wrong.
    """

    step: int
    name: str
    hint: str
    ask: Callable[[World], None]


#: Every check, in the order in which they are asked.
CHECKS: list[Check] = []


def _check(step: int, name: str, hint: str) -> Callable[..., Callable[[World], None]]:
    def register(ask: Callable[[World], None]) -> Callable[[World], None]:
        CHECKS.append(Check(step, name, hint, ask))
        return ask

    return register


# ---- step 0: the API


@_check(0, "PUT creates a record that GET finds", "Does the view save the record and return it?")
def _creates(world: World) -> None:
    person = world.new_person()
    created = world.write("PUT", person.record)
    created.must_show(name=person.name, email=person.email)
    shows_all = "Answer with user.public(): it leaves out the password."
    created.must("password" not in created.data, "no password in the answer", shows_all)
    world.must_have(person, person.email)


@_check(0, "GET says when there is no such record", "Test what first() gave for None.")
def _says_not_found(world: World) -> None:
    world.must_not_have(world.new_person())


@_check(0, "POST changes the e-mail", "Does the view write the new e-mail to the database?")
def _updates(world: World) -> None:
    person, other = world.new_user(), world.new_user()
    changed = person.record | {"email": "new@example.org"}
    world.write("POST", changed).must_show(name=person.name)
    world.must_have(person, "new@example.org")
    world.must_have(
        other,
        other.email,
        "This is a record that nobody has changed. user.update() changes one document, and "
        "User.objects.update() changes all of them.",
    )


@_check(0, "DELETE removes the record", "Does the view call delete() on the record it found?")
def _deletes(world: World) -> None:
    person, other = world.new_user(), world.new_user()
    world.write("DELETE", {"name": person.name}).must_show(name=person.name)
    world.must_not_have(person)
    world.must_have(
        other,
        other.email,
        "This is a record that nobody has deleted. user.delete() deletes one document, and "
        "User.objects.delete() deletes all of them.",
    )


# ---- step 1: bind the login manager


@_check(
    1,
    "the app has a login manager",
    "Bind one: login_manager = LoginManager(), then login_manager.init_app(app).",
)
def _has_manager(world: World) -> None:
    asked = world.probe(world.stranger(), "current_user", "asked by a view")
    asked.must(
        "login_manager" not in asked.data.get("error", ""),
        "an answer from Flask-Login, if only that a user loader is missing",
    )


# ---- step 2: the login view


@_check(
    2,
    "whoever has to log in is sent to the login view",
    'Name the view function: login_manager.login_view = "login".',
)
def _names_login_view(world: World) -> None:
    sent = world.probe(world.stranger(), "login_manager.unauthorized()", "not logged in")
    path = urlsplit(sent.response.headers.get("Location", "")).path
    sent.must(path.endswith("login"), "a redirect to the login view")


@_check(
    2,
    "a wrong password is refused with a reason",
    'A view for POST /login, methods=["POST"], returns the reason when no user was found.',
)
def _refuses_wrong_password(world: World) -> None:
    person = world.new_user()
    answer = send_login(person.browser, person.name, "not the password")
    answer.must_show(reason="Username or Password Error")


# ---- step 3: the user model


@_check(
    3,
    "the right password is answered with the user",
    "login_user() reads is_active and calls get_id(): does User have both?",
)
def _accepts_right_password(world: World) -> None:
    person = world.new_user()
    answer = world.log_in(person)
    answer.must_show(name=person.name, email=person.email)


@_check(
    3,
    "a login puts the user's id into the session cookie",
    "Does the view call login_user(user), is is_active true, and does get_id() return a text?",
)
def _writes_cookie(world: World) -> None:
    person = world.new_user()
    answer = world.log_in(person)
    said = read_session(person.browser.cookies, world.app.config["SESSION_COOKIE_NAME"]) or {}
    expected = "a session cookie with _user_id, a text"
    hint = lost_cookie(answer)
    if "_user_id" in said:
        hint = "The session has _user_id, and it is no text: get_id() has to return str(self.id)."
    answer.must(isinstance(said.get("_user_id"), str), expected, hint)


# ---- step 4: the user loader


@_check(
    4,
    "the request after the login knows the user",
    "Register a user loader, and let it return the user: @login_manager.user_loader.",
)
def _loads_user(world: World) -> None:
    person = world.member()
    asked = world.probe(
        person.browser, "current_user", f"asked by a view, logged in as {person.name}"
    )
    asked.must(asked.data.get("name") == person.name, f"the user {person.name}")


@_check(
    4,
    "a visitor without a login is anonymous",
    "A login manager with no user loader raises an error when current_user is used.",
)
def _visitor_is_anonymous(world: World) -> None:
    asked = world.probe(world.stranger(), "current_user", "asked by a view, not logged in")
    asked.must(asked.data.get("is_anonymous") is True, "the anonymous user")


@_check(
    4,
    "is_authenticated, is_active and is_anonymous are values",
    "Write @property above each of the three. A method that is not called is always true.",
)
def _members_are_values(world: World) -> None:
    person = world.member()
    asked = world.probe(person.browser, "current_user", "asked by a view, logged in")
    world.must_know(person, asked)
    members = {"is_authenticated": True, "is_active": True, "is_anonymous": False}
    found = {name: asked.data.get(name) for name in members}
    asked.must(found == members, f"a user with {json.dumps(members)}")


@_check(
    4,
    "the cookie of a deleted user belongs to nobody",
    "The user loader returns None when it finds no user: first() does, get() raises.",
)
def _deleted_user_is_nobody(world: World) -> None:
    person = world.member()
    world.must_know(person, world.probe(person.browser, "current_user", "asked by a view"))
    world.delete(person)
    asked = world.probe(
        person.browser, "current_user", "asked by a view, with a deleted user's cookie"
    )
    asked.must(asked.data.get("is_anonymous") is True, "the anonymous user")


# ---- step 5: protect the routes

_ORDER = (
    "A view that writes has @login_required, and has it below @app.route: route registers what "
    "stands below it."
)


def _must_refuse(world: World, answer: Reply) -> None:
    """Raise `Mismatch` unless a stranger was refused."""
    hint = ""
    if world.app.config.get("LOGIN_DISABLED"):
        hint = (
            "LOGIN_DISABLED is set in the app's configuration, and with it @login_required lets "
            "everybody through. Take the setting away."
        )
    answer.must(answer.refused, "401, or a redirect to the login view", hint)


@_check(5, "a stranger cannot create a record", _ORDER)
def _stranger_cannot_create(world: World) -> None:
    person = world.new_person()
    answer = world.call(world.stranger(), "PUT", "/", person.record, "not logged in")
    _must_refuse(world, answer)
    world.must_not_have(person)


@_check(5, "a stranger cannot change a record", _ORDER)
def _stranger_cannot_update(world: World) -> None:
    person = world.new_user()
    changed = person.record | {"email": "mallory@example.org"}
    answer = world.call(world.stranger(), "POST", "/", changed, "not logged in")
    _must_refuse(world, answer)
    world.must_have(person, person.email)


@_check(5, "a stranger cannot delete a record", _ORDER)
def _stranger_cannot_delete(world: World) -> None:
    person = world.new_user()
    answer = world.call(world.stranger(), "DELETE", "/", {"name": person.name}, "not logged in")
    _must_refuse(world, answer)
    world.must_have(person)


@_check(
    5,
    "the first user comes from the command line",
    'Register it on the app: @app.cli.command("add-user").',
)
def _command_adds_user(world: World) -> None:
    person = world.new_person()
    world.add_user(person)
    world.log_in(person).must_show(name=person.name)


# ---- step 6: log out, and ask who is logged in


@_check(6, "a logout is answered with a message", "A view for POST /logout calls logout_user().")
def _answers_logout(world: World) -> None:
    answer = world.call(world.member().browser, "POST", "/logout")
    expected = {"result": 200, "data": {"message": "logout success"}}
    hint = "The words differ: compare the answer with what is expected, letter by letter."
    answer.must(answer.data == expected, json.dumps(expected), hint if answer.response.ok else "")


@_check(6, "after a logout the browser is nobody", "Does the view call logout_user()?")
def _logout_forgets(world: World) -> None:
    person = world.member()
    left = world.call(person.browser, "POST", "/logout")
    left.must(left.response.status_code == 200, "200")
    asked = world.probe(
        person.browser, "current_user", f"asked by a view, after {person.name} left"
    )
    asked.must(asked.data.get("is_anonymous") is True, "the anonymous user")


@_check(6, "user_info names the user who is logged in", "Return what current_user.public() gives.")
def _user_info_member(world: World) -> None:
    person = world.member()
    answer = world.call(person.browser, "POST", "/user_info", who=f"logged in as {person.name}")
    public = {"name": person.name, "email": person.email}
    hint = ""
    if answer.data.get("result") == 401:
        hint = (
            "This user is logged in, and is told otherwise: is the question about "
            "current_user.is_authenticated the right way round?"
        )
    answer.must(answer.data.get("data") == public, f'"data": {json.dumps(public)}', hint)


@_check(
    6,
    "user_info tells a stranger that nobody is logged in",
    "Ask current_user.is_authenticated before using current_user.",
)
def _user_info_stranger(world: World) -> None:
    answer = world.call(world.stranger(), "POST", "/user_info", who="not logged in")
    expected = {"result": 401, "data": {"message": "user no login"}}
    answer.must(answer.data == expected, json.dumps(expected))
