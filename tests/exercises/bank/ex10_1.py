"""Answers to exercise 10.1."""


# %% right
def ask_again(app):
    @app.before_request
    def look():
        known = current_user.is_authenticated
        if request.method == "DELETE" and known and not session.get("_fresh"):
            abort(401)


# %% right
def ask_again(app):
    from flask_login import login_fresh

    old = app.view_functions["delete_record"]

    def delete_record():
        if current_user.is_anonymous or not login_fresh():
            return {"error": "type your password again"}, 401
        return old()

    app.view_functions["delete_record"] = delete_record


# %% wrong: empty
# says: How did this browser get in?
def ask_again(app):
    pass


# %% wrong: the usual guard
# says: How did this browser get in?
def ask_again(app):
    from flask_login import login_required

    old = app.view_functions["delete_record"]
    app.view_functions["delete_record"] = login_required(old)


# %% wrong: the guard is made, and not put there
# says: How did this browser get in?
def ask_again(app):
    fresh_login_required(app.view_functions["delete_record"])


# %% wrong: every view
# says: She is remembered, and may do all else
def ask_again(app):
    for name, view in app.view_functions.items():
        if name not in ("login", "static", "user_info"):
            app.view_functions[name] = fresh_login_required(view)


# %% wrong: another view
# says: How did this browser get in?
def ask_again(app):
    old = app.view_functions["update_record"]
    app.view_functions["update_record"] = fresh_login_required(old)


# %% wrong: the wrong way round
# says: A login with the password is fresh
def ask_again(app):
    old = app.view_functions["delete_record"]

    def delete_record():
        return (old(), 401) if session.get("_fresh") else old()

    app.view_functions["delete_record"] = delete_record


# %% wrong: nobody with a remember cookie
# says: A login with the password is fresh
def ask_again(app):
    old = app.view_functions["delete_record"]

    def delete_record():
        return abort(401) if "remember_token" in request.cookies else old()

    app.view_functions["delete_record"] = delete_record


# %% wrong: nobody is remembered
# says: who comes back with the remember cookie alone; came back
def ask_again(app):
    app.login_manager._load_user_from_remember_cookie = lambda cookie: None


# %% wrong: a redirect
# says: came back: 302 Found, to /login
def ask_again(app):
    app.login_manager.refresh_view = "login"
    old = app.view_functions["delete_record"]
    app.view_functions["delete_record"] = fresh_login_required(old)


# %% wrong: 403
# says: the status 401: she has to type her password again
def ask_again(app):
    old = app.view_functions["delete_record"]

    def delete_record():
        return old() if session.get("_fresh") else abort(403)

    app.view_functions["delete_record"] = delete_record


# %% wrong: deletes, and refuses afterwards
# says: Ask before the view runs
def ask_again(app):
    old = app.view_functions["delete_record"]

    def delete_record():
        answer = old()
        return answer if session.get("_fresh") else (answer, 401)

    app.view_functions["delete_record"] = delete_record


# %% wrong: the view without its guard
# says: Is the guard of the view still there?
def ask_again(app):
    old = app.view_functions["delete_record"].__wrapped__

    def delete_record():
        known = current_user.is_authenticated
        return abort(401) if known and not session.get("_fresh") else old()

    app.view_functions["delete_record"] = delete_record


# %% wrong: nobody deletes
# says: A login with the password is fresh
def ask_again(app):
    app.view_functions["delete_record"] = lambda: abort(401)


# %% wrong: the answer to another exercise, in this cell
# says: write the function ask_again
def mended_logout():
    """Return the app of this exercise, without its mistake."""
    app = leaving_app()
    forget = app.view_functions["auth.logout"]

    def logout():
        if current_user.is_authenticated:
            Login.objects(id=current_user.login.id).delete()
        return forget()

    app.view_functions["auth.logout"] = logout
    return app
