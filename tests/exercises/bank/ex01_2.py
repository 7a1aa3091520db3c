"""Answers to exercise 1.2."""


# %% right
def mended_app():
    app = broken_app()
    app.login_manager.request_loader(load_caller)
    return app


# %% right
def mended_app():
    app = app_with_callers()

    def whoami():
        known = current_user.is_authenticated
        return {"name": current_user.name if known else None}

    app.add_url_rule("/whoami", view_func=whoami)
    return app


# %% right
def mended_app():
    from flasklogin_tutorial.steps.step00_records_api import create_app

    app = create_app()
    login_manager = LoginManager(app)
    login_manager.request_loader(load_caller)

    @app.get("/whoami")
    def whoami():
        return {"name": getattr(current_user, "name", None)}

    return app


# %% wrong: the broken app
# says: Missing user_loader or request_loader
def mended_app():
    return broken_app()


# %% wrong: empty
# says: Does the function end with `return app`?
def mended_app():
    app = broken_app()


# %% wrong: binds once more
# says: Which login manager does the view ask?
def mended_app():
    app = broken_app()
    LoginManager(app)
    return app


# %% wrong: a loader that knows nobody
# says: The login manager of the app has to know load_caller
def mended_app():
    app = broken_app()
    app.login_manager.user_loader(lambda user_id: None)
    return app


# %% wrong: the loader on a manager that is bound to nothing
# says: Which login manager does the view ask?
def mended_app():
    app = broken_app()
    login_manager = LoginManager()
    login_manager.request_loader(load_caller)
    return app


# %% wrong: no login manager at all
# says: an app without a login manager
def mended_app():
    from flask import Flask

    return Flask("mine")


# %% wrong: the page is lost
# says: The app of the exercise has this page
def mended_app():
    return app_with_callers()


# %% wrong: the view asks nobody
# says: expected: a JSON object with {"name": "ada"}
def mended_app():
    app = broken_app()
    app.view_functions["whoami"] = lambda: {"name": None}
    return app


# %% wrong: everybody is Ada
# says: GET /whoami, not logged in; came back
def mended_app():
    app = broken_app()
    app.view_functions["whoami"] = lambda: {"name": "ada"}
    return app


# %% wrong: believes the name without the password
# says: load_caller finds nobody here
def mended_app():
    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        from flasklogin_tutorial.exercises.ch01 import Caller

        sent = request.authorization
        return Caller(User.objects(name=sent.username).first()) if sent else None

    return app


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


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = create_app()
    app.login_manager.request_loader(load_caller)

    @app.get("/whoami")
    def whoami():
        print({"name": getattr(current_user, "name", None)})

    return app


# %% right
def mended_app():
    app = step01.create_app()
    app.login_manager.request_loader(load_caller)

    @app.get("/whoami")
    def whoami():
        return {"name": getattr(current_user, "name", None)}

    return app
