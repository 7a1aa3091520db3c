"""Answers to exercise 5.2."""


# %% right
def guard_writers(app):
    from flask_login import current_user

    @app.before_request
    def look():
        if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint == "login":
            return None
        if not current_user.is_authenticated:
            return app.login_manager.unauthorized()


# %% right
def guard_writers(app):
    reading = {"GET", "HEAD", "OPTIONS"}
    writers = {r.endpoint for r in app.url_map.iter_rules() if r.methods - reading}
    for name in writers - {"login"}:
        app.view_functions[name] = login_required(app.view_functions[name])
    return app


# %% wrong: empty
# says: 'stolen'}, not logged in; came back: 200 OK
def guard_writers(app):
    pass


# %% wrong: the notebook's list
# says: called: POST /invite, not logged in; came back: 200 OK
def guard_writers(app):
    for name in ["create_record", "update_record", "delete_record"]:
        app.view_functions[name] = login_required(app.view_functions[name])


# %% wrong: every view
# says: came back: 302 Found, to /login?next=%2F%3Fname%3Dgrace; expected: an answer: everybody may
#     read
def guard_writers(app):
    for name, view in app.view_functions.items():
        app.view_functions[name] = login_required(view)


# %% wrong: the login as well
# says: The login has to stay open to strangers.
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods:
            view = app.view_functions[rule.endpoint]
            app.view_functions[rule.endpoint] = login_required(view)


# %% wrong: POST only
# says: called: PUT /
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint != "login":
            view = app.view_functions[rule.endpoint]
            app.view_functions[rule.endpoint] = login_required(view)


# %% wrong: a list of verbs that lacks one
# says: called: PATCH /motto, not logged in; came back: 200 OK
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if rule.methods & {"POST", "PUT", "DELETE"} and rule.endpoint != "login":
            view = app.view_functions[rule.endpoint]
            app.view_functions[rule.endpoint] = login_required(view)


# %% wrong: the views of one path
# says: called: POST /invite, not logged in
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if rule.rule == "/" and "GET" not in rule.methods:
            view = app.view_functions[rule.endpoint]
            app.view_functions[rule.endpoint] = login_required(view)


# %% wrong: the guarded views are thrown away
# says: expected: a redirect to the login, or 401: this request writes
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods and rule.endpoint != "login":
            login_required(app.view_functions[rule.endpoint])


# %% wrong: a guard that lets nobody through
# says: expected: an answer: grace is logged in
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods and rule.endpoint != "login":
            app.view_functions[rule.endpoint] = app.login_manager.unauthorized


# %% wrong: views that do nothing
# says: came back: these views ran: none; expected: each view runs once
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods and rule.endpoint != "login":
            app.view_functions[rule.endpoint] = login_required(lambda: "done")


# %% wrong: asks once, before there is a request
# says: 'NoneType' object has no attribute 'is_authenticated'
def guard_writers(app):
    from flask_login import current_user

    if not current_user.is_authenticated:
        raise PermissionError


# %% wrong: patches the client
# says: Leave these alone
def guard_writers(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: a verb as a text in a text
# says: Is its view among those that you guard? Ask the app which views it has.
def guard_writers(app):
    for rule in app.url_map.iter_rules():
        if str(rule.methods) in "POST PUT DELETE":
            app.view_functions[rule.endpoint] = login_required(app.view_functions[rule.endpoint])
