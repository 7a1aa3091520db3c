"""People for the checks: users in the database, and browsers that they are logged in from."""

from typing import Any

from flask import Flask
from flask_login import LoginManager

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.visit import Browser, copy_cookies_into


def add_members(model: Any, *names: str) -> list[Any]:
    """Put users into the database.

    Args:
        model: the class `User` of a step.
        *names: what they are called. Each gets an e-mail address and a password of their own.

    Returns:
        The users, in this order.
    """
    return [
        model(name=name, email=f"{name}@example.org", password=f"pass of {name}").save()
        for name in names
    ]


def log_in(
    ask: Ask,
    app: Flask,
    user: Any,
    hint: str = "The login has to stay open to strangers. Who else would log in?",
) -> Browser:
    """Log a user in from a new browser.

    Args:
        ask: what sends the login.
        app: the app.
        user: the user; the password is stored as it was typed, as in part 1.
        hint: where to look if the app does not let the user in.

    Returns:
        The browser.

    Raises:
        Mismatch: the app does not let the user in.
    """
    browser = ask.visitor(app)
    login = {"username": user.name, "password": user.password}
    reply = ask.send(browser, "POST", "/login", json=login)
    reply.must(
        reply.data.get("name") == user.name,
        f'a JSON object with {{"name": "{user.name}"}}: the login works as it did',
        hint,
    )
    return browser


def copy_of(ask: Ask, app: Flask, browser: Browser, *names: str) -> Browser:
    """Open a browser of somebody who has copied cookies.

    Args:
        ask: what opens it.
        app: the app.
        browser: whose cookies they are.
        *names: which cookies, of those that are there; all if left out.

    Returns:
        The browser of the thief.
    """
    thief = ask.visitor(app)
    there = browser.cookies.keys()
    copy_cookies_into(thief, browser, [name for name in names or there if name in there])
    return thief


def mended(ask: Ask) -> Flask:
    """Let the learner's function make the app of a bug hunt, on an empty database.

    Args:
        ask: what calls the function.

    Returns:
        The app.

    Raises:
        Mismatch: the function returned something else.
    """
    app = ask.app()
    ask.must(
        "login" in app.view_functions,
        ask.described(),
        "an app without a login",
        "the app of the exercise, mended",
        "Call the function of the exercise, and change what it returns.",
    )
    return app


def managed(ask: Ask) -> Flask:
    """Let the learner's function make the app of a bug hunt that comes before there is a login.

    Args:
        ask: what calls the function.

    Returns:
        The app, which has a login manager.

    Raises:
        Mismatch: the function returned something else.
    """
    app = ask.app()
    ask.must(
        isinstance(getattr(app, "login_manager", None), LoginManager),
        ask.described(),
        "an app without a login manager",
        "the app of the exercise, mended",
    )
    return app
