"""Answers to exercise 4.3."""


# %% right
def mended_app():
    app = broken_app()
    app.login_manager.user_loader(lambda user_id: User.objects(id=user_id).first())
    return app


# %% right
def mended_app():
    app = broken_app()

    def load(user_id):
        return User.objects.with_id(user_id)

    app.login_manager._user_callback = load
    return app


# %% wrong: the broken app
# says: The login sets the cookie. Who reads it?
def mended_app():
    return broken_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects(id=user_id).first()


# %% wrong: the loader is written and not registered
# says: came back: 200 OK {"name":null}
def mended_app():
    app = broken_app()

    def load(user_id):
        return User.objects(id=user_id).first()

    return app


# %% wrong: everybody is Ada
# says: not logged in; came back
def mended_app():
    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        return User.objects(name="ada").first()

    return app


# %% wrong: the view says what is wanted
# says: A stranger has no cookie, so nobody is known.
def mended_app():
    app = broken_app()
    app.view_functions["me"] = lambda: {"name": "ada"}
    return app


# %% wrong: an app of its own
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
