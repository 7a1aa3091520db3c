"""Answers to exercise 5.1."""


# %% right
def mended_guard():
    from flask_login import current_user

    app = open_app()

    @app.before_request
    def look():
        if request.endpoint == "export" and not current_user.is_authenticated:
            return app.login_manager.unauthorized()

    return app


# %% right
def mended_guard():
    app = create_app()

    @app.get("/addresses")
    @app.get("/export")
    @login_required
    def addresses():
        return {"addresses": [user.email for user in User.objects]}

    return app


# %% wrong: the broken app
# says: called: GET /export, not logged in; came back: 200 OK
def mended_guard():
    return open_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_guard():
    app = open_app()
    view = app.view_functions["export"]
    app.view_functions["export"] = login_required(view)


# %% wrong: the guarded view is thrown away
# says: Look it up in app.view_functions.
def mended_guard():
    app = open_app()
    login_required(app.view_functions["export"])
    return app


# %% wrong: a second route behind the first
# says: Two views answer GET /export: export and guarded_export.
def mended_guard():
    app = open_app()

    @app.get("/export")
    @login_required
    def guarded_export():
        return {"addresses": [user.email for user in User.objects]}

    return app


# %% wrong: the same order again
# says: called: GET /export, not logged in; came back: 200 OK
def mended_guard():
    app = open_app()

    def addresses():
        return {"addresses": [user.email for user in User.objects]}

    app.view_functions["export"] = addresses
    login_required(addresses)
    return app


# %% wrong: guards the view that is guarded
# says: called: GET /export, not logged in; came back: 200 OK
def mended_guard():
    app = open_app()
    app.view_functions["addresses"] = login_required(app.view_functions["addresses"])
    return app


# %% wrong: guards every view
# says: The login has to stay open to strangers.
def mended_guard():
    app = open_app()
    for name, view in app.view_functions.items():
        app.view_functions[name] = login_required(view)
    return app


# %% wrong: guards every view but the login
# says: reading a record was open, and stays open
def mended_guard():
    app = open_app()
    for name, view in app.view_functions.items():
        if name != "login":
            app.view_functions[name] = login_required(view)
    return app


# %% wrong: refuses everybody
# says: called: GET /export, logged in as grace; came back: 302
def mended_guard():
    app = open_app()
    app.view_functions["export"] = app.login_manager.unauthorized
    return app


# %% wrong: an empty list for strangers
# says: came back: 200 OK {"addresses":[]}; expected: a redirect to the login, or 401
def mended_guard():
    from flask_login import current_user

    app = open_app()
    view = app.view_functions["export"]

    def addresses():
        return view() if current_user.is_authenticated else {"addresses": []}

    app.view_functions["export"] = addresses
    return app


# %% wrong: right for the example only
# says: {"addresses": ['grace@example.org', 'emmy@example.org']}
def mended_guard():
    app = open_app()
    view = login_required(lambda: {"addresses": ["ada@example.org"]})
    app.view_functions["export"] = view
    return app


# %% wrong: an app of its own
# says: Call the function of the exercise, and change what it returns.
def mended_guard():
    from flask import Flask

    return Flask("mine")


# %% wrong: patches the client
# says: Leave these alone
def mended_guard():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return open_app()


# %% wrong: the answer to another exercise, in this cell
# says: Which function does Flask call for this path? Look it up in app.view_functions.
def guard_writers(app):
    """Let strangers read and log in, and nothing else, whatever views the app has."""
    for rule in app.url_map.iter_rules():
        name = rule.endpoint
        if "GET" not in rule.methods and name != "login":
            app.view_functions[name] = login_required(app.view_functions[name])


# %% right
def mended_guard():
    app = create_app()

    def addresses():
        return {"addresses": [user.email for user in User.objects]}

    app.add_url_rule("/addresses", "addresses", login_required(addresses))
    app.add_url_rule("/export", "export", login_required(addresses))

    return app
