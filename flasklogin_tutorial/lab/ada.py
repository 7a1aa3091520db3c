"""What lesson 10 writes, for the lessons after it: an app in which Ada is logged in."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

from flasklogin_tutorial.visit import Browser, add_user, log_in, new_app

#: What Ada sends to log in.
ada_in = {"username": "ada", "password": "four words are enough"}


def start(
    create_app: Callable[..., Flask],
    config: Mapping[str, Any] | None = None,
    *,
    remember: bool = False,
) -> tuple[Flask, Browser]:
    """Make an app in which Ada is logged in.

    Args:
        create_app: makes the app.
        config: the settings of the app; its own if left out.
        remember: whether Ada asks to be remembered.

    Returns:
        The app, and Ada's browser.
    """
    app = new_app(create_app, config)
    add_user(app, "ada", ada_in["password"])
    return app, log_in(app, "ada", ada_in["password"], remember=remember)


def who(browser: Browser) -> str:
    """Ask the app of a browser who is logged in there.

    Args:
        browser: the browser.

    Returns:
        The name, or "nobody".
    """
    name: str = browser.post("/user_info").json()["data"].get("name", "nobody")
    return name
