"""Errors of Flask, Flask-Login and mongoengine whose cause is known better than a question can."""

#: What the text of an error has in it, and a hint.
KNOWN_ERRORS = (
    ("default connection", "Bind the database to the app: db.init_app(app)."),
    ("no attribute 'login_manager'", "Bind the login manager: login_manager.init_app(app)."),
    ("Missing user_loader", "Register a user loader: write @login_manager.user_loader above it."),
    ("no secret key was set", 'Set a key: app.config["SECRET_KEY"] = "some key".'),
    ("BuildError", 'Name a view that is there: login_manager.login_view = "login".'),
    (
        "no attribute 'is_authenticated'",
        "That is what current_user is: the user loader has to return a User, with is_authenticated "
        "among its members.",
    ),
    ("'str' object has no attribute 'id'", "The user loader is given the id itself, a text."),
    (
        "not a valid ObjectId",
        "The user loader gets what get_id() returned: return str(self.id) there.",
    ),
)


def known_hint(came_back: str) -> str:
    """Return what is known about an error that came back.

    Args:
        came_back: the answer, in words.

    Returns:
        The hint; empty if nothing is known.
    """
    return next((hint for text, hint in KNOWN_ERRORS if text in came_back), "")
