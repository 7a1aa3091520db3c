"""Answers to exercise 2.1."""


# %% right
def send_strangers_to(app, view):
    app.secret_key = "another key"
    setattr(app.login_manager, "login_view", view)


# %% right
def send_strangers_to(app, view):
    app.config.update(SECRET_KEY="some key")
    rules = app.url_map.iter_rules(view)
    app.login_manager.login_view = next(rules).rule


# %% right
def send_strangers_to(app, view):
    from flask_login import LoginManager

    app.config["SECRET_KEY"] = "some key"
    manager = LoginManager(app)
    manager.login_view = view
    return app


# %% wrong: empty
# says: the login manager of this app knows no login view
def send_strangers_to(app, view):
    pass


# %% wrong: no secret key
# says: The message for the login page needs a session
def send_strangers_to(app, view):
    app.login_manager.login_view = view


# %% wrong: the key under another name
# says: set app.config["SECRET_KEY"]
def send_strangers_to(app, view):
    app.config["SECRET"] = "some key"
    app.login_manager.login_view = view


# %% wrong: the lines of the notebook
# says: No view has the name that was set
def send_strangers_to(app, view):
    app.config["SECRET_KEY"] = "some key"
    app.login_manager.login_view = "login"


# %% wrong: a path made of the name
# says: A text that begins with / is taken for a path
def send_strangers_to(app, view):
    app.config["SECRET_KEY"] = "some key"
    app.login_manager.login_view = "/" + view


# %% wrong: right for the first view only
# says: expected: a redirect to /welcome?next=/private
def send_strangers_to(app, view):
    app.config["SECRET_KEY"] = "some key"
    app.login_manager.login_view = "sign_in"


# %% wrong: the function and not its name
# says: and a text: the name of a view
def send_strangers_to(app, view):
    app.config["SECRET_KEY"] = "some key"
    app.login_manager.login_view = app.view_functions[view]


# %% wrong: a login manager that is bound to nothing
# says: On which object was it set?
def send_strangers_to(app, view):
    from flask_login import LoginManager

    app.config["SECRET_KEY"] = "some key"
    login_manager = LoginManager()
    login_manager.login_view = view


# %% wrong: a setting of the app
# says: On which object was it set?
def send_strangers_to(app, view):
    app.config["SECRET_KEY"] = "some key"
    app.config["LOGIN_VIEW"] = view


# %% wrong: patches the client
# says: Leave these alone
def send_strangers_to(app, view):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: the view as a list
# says: login_view is an attribute of app.login_manager, and a text: the name of a view.
def send_strangers_to(app, view):
    app.config["SECRET_KEY"] = "some key"
    app.login_manager.login_view = [view]


# %% wrong: the answer to another exercise, in this cell
# says: write the function send_strangers_to
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = broken_app()
    app.login_manager.login_view = "log_in"
    return app
