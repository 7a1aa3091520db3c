"""Answers to exercise 14.1."""


# %% right
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        accept = request.accept_mimetypes
        if accept["text/html"] > accept["application/json"]:
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% right
def mended_api():
    from flasklogin_tutorial.app.errors import wants_page

    app = broken_api()
    send_away = app.login_manager.unauthorized_callback

    def ask_for_login():
        if wants_page():
            return send_away()
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    app.login_manager.unauthorized_handler(ask_for_login)
    return app


# %% wrong: empty
# says: Does the function end with `return app`?
def mended_api():
    pass


# %% wrong: the broken app
# says: called: GET /account, curl, or requests, Accept: */*; came back: 302 Found
def mended_api():
    return broken_api()


# %% wrong: a 401 for everybody, as at first
# says: 302 Found, to /login, because a person is asking
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: everybody who does not take JSON
# says: A browser names text/html first, and takes anything else if it must.
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        if not request.accept_mimetypes.accept_json:
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: the page is offered first
# says: Where both do, it is no browser.
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        offered = ["text/html", "application/json"]
        if request.accept_mimetypes.best_match(offered) == "text/html":
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: the word is somewhere in the header
# says: a program that also takes pages, Accept: application/json, text/html;q=0.5
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        if "text/html" in request.headers.get("Accept", ""):
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: knows the header of the example
# says: Accept: application/json; came back: 302 Found
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        if request.headers["Accept"] != "*/*":
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: looks at the body
# says: expected: 401 Unauthorized, because a program is asking
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        if not request.is_json:
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: looks at the verb
# says: expected: 401 Unauthorized, because a program is asking
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        if request.method == "GET":
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: without the way back
# says: `login_url` adds the way back.
def mended_api():
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        offered = ["application/json", "text/html"]
        if request.accept_mimetypes.best_match(offered) == "text/html":
            return redirect("/login")
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: abort, with a page and no challenge
# says: The 401 of `broken_api` was right.
def mended_api():
    from flask import abort

    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        offered = ["application/json", "text/html"]
        if request.accept_mimetypes.best_match(offered) == "text/html":
            return redirect(login_url("form", request.url))
        abort(401)

    return app


# %% wrong: a message for a program
# says: No program looks at a message for a page.
def mended_api():
    from flask import flash

    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        flash("Please log in to access this page.")
        offered = ["application/json", "text/html"]
        if request.accept_mimetypes.best_match(offered) == "text/html":
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_api():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return broken_api()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_api():
    """Return the app of this exercise, without its mistake."""
    app = broken_api()

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        offered = ["application/json", "text/html"]
        if request.accept_mimetypes.best_match(offered) == "text/html":
            return redirect(login_url("form", request.url))
        print({"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"})

    return app


# %% wrong: the answer to another exercise, in this cell
# says: Compare how well the two kinds of answers suit. Where both do, it is no browser.
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        return user if user and user.is_active else None

    return app


# %% right
def mended_api():
    app = step06.create_app()

    @app.get("/login")
    def form():
        return '<form method="post">Log in</form>'

    @app.get("/account")
    @login_required
    def account():
        return {"name": current_user.name}

    @app.login_manager.unauthorized_handler
    def ask_for_login():
        if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
            return redirect(login_url("form", request.url))
        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

    return app
