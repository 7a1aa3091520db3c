"""The finished app with two people in it, for lessons that ask it what they asked the article's."""

import secrets

from flask import Flask

from flasklogin_tutorial import create_app
from flasklogin_tutorial.visit import Browser, add_user, log_in, new_app

_ADA, _ADMIN = "countess of lovelace", "seven swordfish in one net"


def start_finished() -> tuple[Flask, Browser, Browser]:
    """Make the finished app, with Ada and an administrator, both logged in.

    Returns:
        The app, the browser of `ada`, and that of `admin`, the administrator.
    """
    app = new_app(create_app, {"SECRET_KEY": secrets.token_hex(), "HTTPS": True, "TESTING": True})
    add_user(app, "ada", _ADA)
    add_user(app, "admin", _ADMIN, admin=True)
    return app, log_in(app, "ada", _ADA), log_in(app, "admin", _ADMIN)
