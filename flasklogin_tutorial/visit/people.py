"""People: somebody with an account and a browser, the way in, and somebody with stolen cookies."""

from dataclasses import dataclass
from typing import Any

import click
from flask import Flask

from flasklogin_tutorial.visit.apps import require_app
from flasklogin_tutorial.visit.asking import Reply, ask
from flasklogin_tutorial.visit.browser import Browser
from flasklogin_tutorial.visit.cookies import copy_cookies_into
from flasklogin_tutorial.visit.server import serve
from flasklogin_tutorial.visit.words import describe_error


@dataclass
class Person:
    """Somebody who has an account, or could have one.

    Attributes:
        name: the name.
        password: the password.
        email: the e-mail address.
        browser: their browser.
        address: the network address that they come from; empty where that is the same for all.
    """

    name: str
    password: str
    email: str
    browser: Browser
    address: str = ""

    @property
    def record(self) -> dict[str, str]:
        """What the app is sent to make their account."""
        return {"name": self.name, "email": self.email, "password": self.password}


class NotLoggedIn(AssertionError):
    """A login was refused that somebody needs to go on."""


def email_of(name: str) -> str:
    """Return an e-mail address for a name. `example.org` belongs to nobody (RFC 2606)."""
    return f"{name}@example.org"


def send_login(browser: Browser, name: str, password: str, **more: Any) -> Reply:
    """Send a name and a password to the login.

    Args:
        browser: where from.
        name: the name.
        password: the password.
        **more: further fields, such as `remember=True`.

    Returns:
        The reply, whatever it is.
    """
    return ask(browser, "POST", "/login", json={"username": name, "password": password, **more})


def log_in(app: Flask, name: str, password: str, *, remember: bool = False) -> Browser:
    """Open a browser and log a user in there.

    Args:
        app: the app.
        name: the user's name.
        password: the user's password.
        remember: whether to ask for a remember cookie.

    Returns:
        The browser.

    Raises:
        NotLoggedIn: the app refused.
    """
    browser = serve(app)
    reply = send_login(browser, name, password, **({"remember": True} if remember else {}))
    if not reply.response.ok or "name" not in reply.data:
        browser.close()
        said = f"{reply.response.status_code} {reply.response.text.strip()}"
        raise NotLoggedIn(f"{name} was not logged in: {said}")
    return browser


def copy_cookies(app: Flask, browser: Browser, *names: str) -> Browser:
    """Open a browser of somebody who has copied the cookies of another.

    Args:
        app: the app.
        browser: whose cookies were copied.
        *names: which of them; all if left out.

    Returns:
        A new browser. It sends the copies for ever, whatever end the app set for them.

    Raises:
        LookupError: the browser has no cookie of that name.
    """
    thief = serve(app)
    try:
        copy_cookies_into(thief, browser, names or None)
    except LookupError:
        thief.close()
        raise
    return thief


def users_add(app: Flask, name: str, *, admin: bool = False) -> list[str]:
    """Return the command `users add` of an app, as somebody gives it for themself.

    Args:
        app: the app.
        name: the name.
        admin: whether the user is to be an administrator.

    Returns:
        The command and what follows it. `--for-myself` is among it where the app knows it, as the
        finished one does: a password that somebody else gives there ends.
    """
    chosen = ["--email", email_of(name), *(["--admin"] if admin else [])]
    users = app.cli.commands.get("users")
    add = users.commands.get("add") if isinstance(users, click.Group) else None
    if add is not None and any("--for-myself" in option.opts for option in add.params):
        chosen.append("--for-myself")
    return ["users", "add", name, *chosen]


def add_user(app: Flask, name: str, password: str, *, admin: bool = False) -> None:
    """Add a user with the app's own command, and an e-mail address made of the name.

    Args:
        app: the app of a step from 05 on, or the finished one.
        name: the name.
        password: the password. The finished app wants 15 characters that are hard to guess.
        admin: whether the user is an administrator; the finished app alone has any.

    Raises:
        ValueError: the command refused; the message is what it said.
    """
    if "users" in require_app(app).cli.commands:
        command = users_add(app, name, admin=admin)
    else:
        command = ["add-user", name, email_of(name)]
    trouble = run_command(app, command, typed=f"{password}\n{password}\n")
    if trouble:
        raise ValueError(f"the command {command[0]} did not add {name}: {trouble}")


def run_command(app: Flask, arguments: list[str], typed: str = "") -> str:
    """Run a command of an app.

    Args:
        app: the app.
        arguments: the command and what follows it.
        typed: what is typed where the command asks.

    Returns:
        What went wrong, in words; empty if nothing did.
    """
    debug = app.debug
    try:
        ran = app.test_cli_runner().invoke(args=arguments, input=typed or None)
    finally:
        app.debug = debug  # Flask's command line sets it anew, by FLASK_DEBUG
    if ran.exit_code == 0:
        return ""
    lines = ran.output.strip().splitlines()
    said = [line for line in lines if line.startswith("Error:")] or lines
    error = ran.exception
    if error is not None and not isinstance(error, SystemExit):
        said.append(describe_error(error))
    return " ".join(said)
