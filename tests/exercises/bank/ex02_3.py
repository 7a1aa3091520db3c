"""Answers to exercise 2.3."""


# %% right
def mended_app():
    from flasklogin_tutorial.steps.step01_bind_login_manager import create_app

    app = create_app()
    app.config["SECRET_KEY"] = "some key"
    app.login_manager.login_view = "log_in"
    app.add_url_rule("/people/log-in", "log_in", lambda: "Log in here.")
    app.add_url_rule("/private", "private", app.login_manager.unauthorized)
    return app


# %% right
def mended_app():
    app = broken_app()
    manager = app.login_manager
    manager.login_view, app.login_view = app.login_view, None
    return app


# %% right
def mended_app():
    app = broken_app()
    app.login_manager.login_view = "/people/log-in"
    return app


# %% wrong: the broken app
# says: On which object was it set?
def mended_app():
    return broken_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_app():
    app = broken_app()
    app.login_manager.login_view = "log_in"


# %% wrong: the name in the notebook
# says: No view has the name that was set
def mended_app():
    app = broken_app()
    app.login_manager.login_view = "login"
    return app


# %% wrong: the path without its slash
# says: login_view is the name of a view function
def mended_app():
    app = broken_app()
    app.login_manager.login_view = "people/log-in"
    return app


# %% wrong: a path that is not there
# says: 302 Found, to /log_in?next=%2Fprivate; expected: a redirect to /people/log-in
def mended_app():
    app = broken_app()
    app.login_manager.login_view = "/log_in"
    return app


# %% wrong: a setting of the app
# says: On which object was it set?
def mended_app():
    app = broken_app()
    app.config["LOGIN_VIEW"] = "log_in"
    return app


# %% wrong: a manager that is bound to nothing
# says: On which object was it set?
def mended_app():
    from flask_login import LoginManager

    app = broken_app()
    login_manager = LoginManager()
    login_manager.login_view = "log_in"
    return app


# %% wrong: a redirect of its own
# says: unauthorized() sends the path along as next
def mended_app():
    from flask import redirect

    app = broken_app()
    app.view_functions["private"] = lambda: redirect("/people/log-in")
    return app


# %% wrong: one page only
# says: GET /members, not logged in; came back: 401
def mended_app():
    from flask import redirect

    app = broken_app()
    to = "/people/log-in?next=/private"
    app.view_functions["private"] = lambda: redirect(to)
    return app


# %% wrong: the login page sends strangers away too
# says: must be let in there
def mended_app():
    app = broken_app()
    app.login_manager.login_view = "log_in"
    app.view_functions["log_in"] = app.login_manager.unauthorized
    return app


# %% wrong: no login manager at all
# says: an app without a login manager
def mended_app():
    from flask import Flask

    return Flask("mine")


# %% wrong: patches the client
# says: Leave these alone
def mended_app():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return broken_app()


# %% right
def mended_app():
    app = step01.create_app()
    app.config["SECRET_KEY"] = "some key"
    app.login_manager.login_view = "log_in"

    @app.get("/people/log-in")
    def log_in():
        return "Log in here."

    @app.get("/private")
    def private():
        return app.login_manager.unauthorized()

    return app
