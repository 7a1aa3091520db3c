"""The names of this room as `flasklogin_tutorial.attacks` still imports them."""

from flasklogin_tutorial.visit.apps import NotAFlaskApp, require_app
from flasklogin_tutorial.visit.browser import Browser
from flasklogin_tutorial.visit.cookies import read_session
from flasklogin_tutorial.visit.gate import Gate
from flasklogin_tutorial.visit.transport import InProcess, in_process
from flasklogin_tutorial.visit.words import describe_error

__all__ = [
    "Browser",
    "Gate",
    "InProcess",
    "NotAFlaskApp",
    "describe_error",
    "in_process",
    "read_session",
    "require_app",
]
