"""Answers to exercise 1.3."""


# %% right
def guard_delete(app):
    from flask_login import login_required

    views = app.view_functions
    views["delete_record"] = login_required(views["delete_record"])


# %% right
def guard_delete(app):
    from flask import request

    @app.before_request
    def ask():
        if request.method == "DELETE" and current_user.is_anonymous:
            return app.login_manager.unauthorized()


# %% wrong: empty
# says: DELETE answered 200, and the record is gone
def guard_delete(app):
    pass


# %% wrong: binds a login manager
# says: Does the view ask before it deletes
def guard_delete(app):
    login_manager = LoginManager()
    login_manager.init_app(app)


# %% wrong: asks and does not return
# says: does it return when nobody is known
def guard_delete(app):
    view = app.view_functions["delete_record"]

    def guarded():
        if not current_user.is_authenticated:
            {"error": "log in first"}, 401
        return view()

    app.view_functions["delete_record"] = guarded


# %% wrong: asks once, outside of a request
# says: expected: a guard for later: nobody is calling
def guard_delete(app):
    if not current_user.is_authenticated:
        app.view_functions["delete_record"] = lambda: ({"error": "no"}, 401)


# %% wrong: refuses everybody
# says: Whoever is known goes on to the old view
def guard_delete(app):
    app.view_functions["delete_record"] = lambda: ({"error": "no"}, 401)


# %% wrong: the wrong way round
# says: after a DELETE not logged in
def guard_delete(app):
    view = app.view_functions["delete_record"]

    def guarded():
        if current_user.is_authenticated:
            return {"error": "log in first"}, 401
        return view()

    app.view_functions["delete_record"] = guarded


# %% wrong: deletes and then asks
# says: DELETE answered 401, and the record is gone
def guard_delete(app):
    view = app.view_functions["delete_record"]

    def guarded():
        done = view()
        if not current_user.is_authenticated:
            return {"error": "log in first"}, 401
        return done

    app.view_functions["delete_record"] = guarded


# %% wrong: tests whether there is a current_user
# says: Does the view ask before it deletes
def guard_delete(app):
    view = app.view_functions["delete_record"]

    def guarded():
        if current_user is None:
            return {"error": "log in first"}, 401
        return view()

    app.view_functions["delete_record"] = guarded


# %% wrong: any password will do
# says: after a DELETE with a wrong password
def guard_delete(app):
    from flask import request

    view = app.view_functions["delete_record"]

    def guarded():
        if request.authorization is None:
            return {"error": "log in first"}, 401
        return view()

    app.view_functions["delete_record"] = guarded


# %% wrong: says no with 200
# says: expected: 401 Unauthorized
def guard_delete(app):
    view = app.view_functions["delete_record"]

    def guarded():
        if not current_user.is_authenticated:
            return {"status": 401, "error": "log in first"}
        return view()

    app.view_functions["delete_record"] = guarded


# %% wrong: known callers delete nothing
# says: from the view that was there before
def guard_delete(app):
    def guarded():
        if not current_user.is_authenticated:
            return {"error": "log in first"}, 401
        return {"name": current_user.name}

    app.view_functions["delete_record"] = guarded


# %% wrong: known callers are shown the record and keep it
# says: Call the old view
def guard_delete(app):
    def guarded():
        if not current_user.is_authenticated:
            return {"error": "log in first"}, 401
        return User.objects(name=current_user.name).first().public()

    app.view_functions["delete_record"] = guarded


# %% wrong: guards everything
# says: Only DELETE is to be guarded here. Everybody may read
def guard_delete(app):
    @app.before_request
    def ask():
        if not current_user.is_authenticated:
            return {"error": "log in first"}, 401


# %% wrong: guards PUT too
# says: Only DELETE is to be guarded here
def guard_delete(app):
    from flask import request

    @app.before_request
    def ask():
        if request.method != "GET" and not current_user.is_authenticated:
            return {"error": "log in first"}, 401


# %% wrong: prints the answer and does not return it
# says: Something is printed
def guard_delete(app):
    """Let the view delete_record of the app serve known callers only."""
    view = app.view_functions["delete_record"]

    def guarded():
        if not current_user.is_authenticated:
            return {"error": "log in first"}, 401
        print(view())

    app.view_functions["delete_record"] = guarded


# %% wrong: a second view beside the first
# says: Two views answer DELETE /:
def guard_delete(app):
    @app.delete("/")
    def guarded():
        if not current_user.is_authenticated:
            return {"error": "log in first"}, 401
        return app.view_functions["delete_record"]()
