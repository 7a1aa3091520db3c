"""Answers to exercise 10.2."""


# %% right
def mended_logout():
    from flasklogin_tutorial.app.login import end_login

    app = leaving_app()

    def logout():
        end_login()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% right
def mended_logout():
    from flasklogin_tutorial.app.models import hash_secret

    app = leaving_app()
    forget = app.view_functions["auth.logout"]

    def logout():
        token = current_user.get_id()
        if token:
            Login.objects(token_hash=hash_secret(token)).delete()
        return forget()

    app.view_functions["auth.logout"] = logout
    return app


# %% right
def mended_logout():
    from flask_login import user_logged_out

    app = leaving_app()

    @user_logged_out.connect_via(app)
    def end(sender, user):
        if getattr(user, "login", None):
            user.login.delete()

    return app


# %% wrong: the broken app
# says: a copy of grace's cookie, after her logout; came back: 200 OK
def mended_logout():
    return leaving_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_logout():
    app = leaving_app()


# %% wrong: the article's app
# says: an app without the finished app's logout
def mended_logout():
    return create_app()


# %% wrong: empties the session
# says: The record of this login is in the database still
def mended_logout():
    app = leaving_app()

    def logout():
        logout_user()
        session.clear()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: the login of a stranger
# says: After logout_user(), current_user is a stranger
def mended_logout():
    app = leaving_app()

    def logout():
        logout_user()
        Login.objects(id=current_user.login.id).delete()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: strangers have no login
# says: not logged in; came back: 500 Internal Server Error: AttributeError
def mended_logout():
    app = leaving_app()

    def logout():
        Login.objects(id=current_user.login.id).delete()
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: every login of this user
# says: grace's second browser, after the logout in the first
def mended_logout():
    app = leaving_app()

    def logout():
        if current_user.is_authenticated:
            Login.objects(user=current_user.id).delete()
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: every login
# says: grace's second browser, after the logout in the first
def mended_logout():
    app = leaving_app()

    def logout():
        Login.objects.delete()
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: the epoch of the user
# says: grace's second browser, after the logout in the first
def mended_logout():
    app = leaving_app()

    def logout():
        if current_user.is_authenticated:
            type(current_user._get_current_object()).objects(id=current_user.id).update(
                inc__login_epoch=1
            )
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: a look at the database, and no more
# says: The record of this login is in the database still
def mended_logout():
    app = leaving_app()

    def logout():
        if current_user.is_authenticated:
            Login.objects(id=current_user.login.id)
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: a new key
# says: grace's second browser, after the logout in the first
def mended_logout():
    app = leaving_app()
    forget = app.view_functions["auth.logout"]

    def logout():
        app.config["SECRET_KEY"] = secrets.token_hex()
        return forget()

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: only for who is logged in
# says: Everybody may ask for a logout
def mended_logout():
    from flask_login import login_required

    app = leaving_app()

    @login_required
    def logout():
        Login.objects(id=current_user.login.id).delete()
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: ends the user and not the login
# says: grace's second browser, after the logout in the first
def mended_logout():
    app = leaving_app()

    def logout():
        if current_user.is_authenticated:
            current_user.delete()
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_logout():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return leaving_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_logout():
    """Return the app of this exercise, without its mistake."""
    app = leaving_app()
    forget = app.view_functions["auth.logout"]

    def logout():
        if current_user.is_authenticated:
            Login.objects(id=current_user.login.id).delete()
        print(forget())

    app.view_functions["auth.logout"] = logout
    return app


# %% right
def mended_logout():
    app = finished_app({"TESTING": True, "SECRET_KEY": secrets.token_hex()})

    def logout():
        if current_user.is_authenticated:
            Login.objects(id=current_user.login.id).delete()
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["auth.logout"] = logout
    return app
