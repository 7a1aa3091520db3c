"""Answers to exercise 5.3."""


# %% right
def mended_answers():
    from flask import abort
    from flask_login import current_user

    app = redirecting_app()

    @app.before_request
    def look():
        reads = request.method == "GET"
        if request.path == "/" and not reads and current_user.is_anonymous:
            abort(401)

    return app


# %% right
def mended_answers():
    app = redirecting_app()

    @app.after_request
    def say(response):
        if request.path == "/" and response.status_code == 302:
            response = jsonify(error="log in first")
            response.status_code = 401
        return response

    return app


# %% wrong: the broken app
# says: came back: 302 Found, to /login?next=%2F; expected: the status 401
def mended_answers():
    return redirecting_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_answers():
    app = redirecting_app()
    app.login_manager.login_view = None


# %% wrong: the notebook's handler for all
# says: A person who opens a page wants the form, and no status.
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        return jsonify(error="log in first"), 401

    return app


# %% wrong: 401 in the body only
# says: came back: 200 OK {"error":"log in first","status":401}; expected: the status 401
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        if request.path == "/":
            return jsonify(status=401, error="log in first")
        return redirect(url_for("login_page"))

    return app


# %% wrong: 403
# says: came back: 403
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        if request.path == "/":
            return jsonify(error="no"), 403
        return redirect(url_for("login_page"))

    return app


# %% wrong: decides by what the caller accepts
# says: a program, not logged in, accepting */*; came back: 302
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        if request.accept_mimetypes.accept_html:
            return redirect(url_for("login_page"))
        return jsonify(error="log in first"), 401

    return app


# %% wrong: decides by the body
# says: All of / is for programs, whatever a request carries or accepts.
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        if request.is_json:
            return jsonify(error="log in first"), 401
        return redirect(url_for("login_page"))

    return app


# %% wrong: for the verb of the example only
# says: called: PUT /
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        if request.method == "DELETE":
            return jsonify(error="log in first"), 401
        return redirect(url_for("login_page"))

    return app


# %% wrong: another redirect
# says: came back: 307
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        return redirect(url_for("login_page"), code=307)

    return app


# %% wrong: refuses members too
# says: called: DELETE / {'name': 'grace'}, emmy, logged in; came back: 401
def mended_answers():
    from flask import abort

    app = redirecting_app()

    @app.before_request
    def look():
        if request.path == "/":
            abort(401)

    return app


# %% wrong: the page for members is open
# says: expected: a redirect to /login, where the form is
def mended_answers():
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        return jsonify(error="log in first"), 401

    app.view_functions["account"] = app.view_functions["login_page"]
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_answers():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return redirecting_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_answers():
    """Return the app of this exercise, without its mistake."""
    app = redirecting_app()

    @app.login_manager.unauthorized_handler
    def refuse():
        if request.path == "/":
            return jsonify(error="log in first"), 401
        print(redirect(url_for("login_page")))

    return app


# %% right
def mended_answers():
    app = create_app()
    app.login_manager.login_view = "login_page"

    @app.get("/login")
    def login_page():
        return "<form method=post>Name, password</form>"

    @app.get("/account")
    @login_required
    def account():
        return f"<h1>{escape(current_user.name)}</h1>"

    @app.login_manager.unauthorized_handler
    def refuse():
        if request.path == "/":
            return jsonify(error="log in first"), 401
        return redirect(url_for("login_page"))

    return app
