"""Answers to exercise 6.2."""


# %% right
def mended_logout():
    from flask import session

    app = sticky_app()
    said = app.view_functions["logout"]

    def forget():
        session.clear()
        return said()

    app.view_functions["logout"] = forget
    return app


# %% right
def mended_logout():
    app = sticky_app()

    @app.before_request
    def leave_first():
        if request.endpoint == "logout":
            logout_user()

    return app


# %% wrong: the broken app
# says: called: POST /user_info, grace, after her logout; came back: 200 OK
def mended_logout():
    return sticky_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_logout():
    app = sticky_app()
    app.view_functions["logout"] = logout_user


# %% wrong: without the brackets
# says: The logout has to take her id out of the session.
def mended_logout():
    app = sticky_app()

    def logout():
        logout_user
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["logout"] = logout
    return app


# %% wrong: another key that is not there
# says: What is its key called?
def mended_logout():
    from flask import session

    app = sticky_app()

    def logout():
        session.pop("username", None)
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["logout"] = logout
    return app


# %% wrong: a second route behind the first
# says: called: POST /user_info, grace, after her logout; came back: 200 OK
def mended_logout():
    app = sticky_app()

    @app.post("/logout")
    def real_logout():
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    return app


# %% wrong: the view returns nothing
# says: TypeError: The view function for 'logout' did not return a valid response.
def mended_logout():
    app = sticky_app()

    def logout():
        logout_user()

    app.view_functions["logout"] = logout
    return app


# %% wrong: user_info knows nobody
# says: The mistake is in the logout. This view is right.
def mended_logout():
    app = sticky_app()
    nobody = {"result": 401, "data": {"message": "user no login"}}
    app.view_functions["user_info"] = lambda: nobody
    return app


# %% wrong: logs out at every request
# says: called: POST /user_info, grace, logged in; came back
def mended_logout():
    app = sticky_app()
    app.before_request(lambda: logout_user() and None)
    return app


# %% wrong: a new secret key
# says: Grace leaves, and emmy stays
def mended_logout():
    import secrets

    app = sticky_app()

    def logout():
        app.secret_key = secrets.token_hex()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["logout"] = logout
    return app


# %% wrong: deletes the user
# says: the login works as it did
def mended_logout():
    app = sticky_app()

    def logout():
        current_user.delete()
        return {"result": 200, "data": {"message": "logout success"}}

    app.view_functions["logout"] = logout
    return app


# %% wrong: a list of who has left
# says: Who leaves may come back later.
def mended_logout():
    app = sticky_app()
    left, load = set(), app.login_manager._user_callback
    say = app.view_functions["logout"]

    def logout():
        left.add(current_user.get_id())
        return say()

    app.view_functions["logout"] = logout
    app.login_manager.user_loader(lambda i: None if i in left else load(i))
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
    return sticky_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_logout():
    """Return the app of this exercise, without its mistake."""
    app = sticky_app()

    def logout():
        logout_user()
        print(jsonify(result=200, data={"message": "logout success"}))

    app.view_functions["logout"] = logout
    return app


# %% right
def mended_logout():
    app = step05.create_app()

    @app.post("/logout")
    def logout():
        logout_user()
        return {"result": 200, "data": {"message": "logout success"}}

    @app.post("/user_info")
    def user_info():
        if current_user.is_authenticated:
            return {"result": 200, "data": current_user.public()}
        return {"result": 401, "data": {"message": "user no login"}}

    return app
