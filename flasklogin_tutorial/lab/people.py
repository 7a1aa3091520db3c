"""People in a few words: accounts, browsers that are logged in, and copies of those browsers."""

from collections.abc import Callable, Iterable
from copy import copy
from typing import Any

from flask import Flask

from flasklogin_tutorial.lab.server import serve
from flasklogin_tutorial.visit.client import Browser, in_process, require_app


class NotLoggedIn(AssertionError):
    """A login was refused that a notebook goes on from."""


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
    email = f"{name}@example.org"
    if "users" in require_app(app).cli.commands:
        command = ["users", "add", name, "--email", email, *(["--admin"] if admin else [])]
    else:
        command = ["add-user", name, email]
    typed = f"{password}\n{password}\n"
    ran = app.test_cli_runner().invoke(args=command, input=typed)
    if ran.exit_code != 0:
        why = ran.output.strip().splitlines()[-1] if ran.output.strip() else repr(ran.exception)
        raise ValueError(f"the command {command[0]} did not add {name}: {why}")


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
    asked = {"username": name, "password": password} | ({"remember": True} if remember else {})
    answer = browser.post("/login", json=asked)
    if not answer.ok or "name" not in answer.json():
        browser.close()
        raise NotLoggedIn(f"{name} was not logged in: {answer.status_code} {answer.text.strip()}")
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
    kept = {cookie.name: cookie for cookie in browser.cookies}
    for name in names:
        if name not in kept:
            there = ", ".join(sorted(kept)) or "none"
            raise LookupError(f"The browser has no cookie {name!r}. It has: {there}.")
    thief = serve(app)
    for name in names or kept:
        cookie = copy(kept[name])
        cookie.expires = None
        thief.cookies.set_cookie(cookie)
    return thief


def browser_at(app: Flask, address: str) -> Browser:
    """Open a browser that an app sees at another address than this machine's.

    It calls the app in process, because no request from here can come from elsewhere.

    Args:
        app: the app.
        address: the address, such as `"203.0.113.7"`, which is nobody's.

    Returns:
        The browser.
    """

    def front(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = address
        return app(environ, start_response)

    return in_process(app, front)
