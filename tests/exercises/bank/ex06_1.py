"""Answers to exercise 6.1."""


# %% right
def add_me(app):
    from flask import abort

    @app.route("/me")
    def me():
        if current_user.is_anonymous:
            abort(401)
        return {"name": current_user.name, "email": current_user.email}


# %% right
def add_me(app):
    def tell():
        user_id = current_user.get_id()
        if user_id is None:
            return "nobody", 401, {"WWW-Authenticate": "Session"}
        return User.objects.get(id=user_id).public()

    app.add_url_rule("/me", "me", tell)
    return app


# %% wrong: empty
# says: called: GET /me, logged in as grace; came back: 404
def add_me(app):
    pass


# %% wrong: the notebook's view
# says: came back: 405
def add_me(app):
    @app.route("/me", methods=["POST"])
    def me():
        if current_user.is_authenticated:
            return jsonify(result=200, data=current_user.public())
        return jsonify(result=401, data={"message": "user no login"})


# %% wrong: 401 in the body only
# says: A program reads the status line first.
def add_me(app):
    @app.get("/me")
    def me():
        if current_user.is_authenticated:
            return jsonify(current_user.public())
        return jsonify(result=401, error="nobody is logged in")


# %% wrong: the guard
# says: came back: 302 Found, to /login?next=%2Fme; expected: the status 401
def add_me(app):
    from flask_login import login_required

    @app.get("/me")
    @login_required
    def me():
        return jsonify(current_user.public())


# %% wrong: a user is always true
# says: has no attribute 'public'
def add_me(app):
    @app.get("/me")
    def me():
        if current_user:
            return jsonify(current_user.public())
        return jsonify(error="nobody is logged in"), 401


# %% wrong: the password too
# says: the password is nobody's business
def add_me(app):
    @app.get("/me")
    def me():
        if current_user.is_authenticated:
            user = current_user
            return {**user.public(), "password": user.password}
        return {"error": "nobody is logged in"}, 401


# %% wrong: asks once, before there is a request
# says: 'NoneType' object has no attribute 'name'
def add_me(app):
    name, email = current_user.name, current_user.email

    @app.get("/me")
    def me():
        return {"name": name, "email": email}


# %% wrong: remembers who asked first
# says: called: GET /me, logged in as emmy; came back: 200 OK
#     {"email":"grace@example.org","name":"grace"}
def add_me(app):
    seen = []

    @app.get("/me")
    def me():
        if not seen and current_user.is_authenticated:
            seen.append(current_user.public())
        return seen[0] if seen else ({"error": "nobody"}, 401)


# %% wrong: remembers who asked last
# says: called: GET /me, not logged in; came back: 200 OK
def add_me(app):
    seen = {}

    @app.get("/me")
    def me():
        if current_user.is_authenticated:
            seen["last"] = current_user.public()
        return seen["last"] if seen else ({"error": "nobody"}, 401)


# %% wrong: everybody is Ada
# says: expected: a JSON object with {"name": "grace"
def add_me(app):
    @app.get("/me")
    def me():
        if current_user.is_authenticated:
            return {"name": "ada", "email": "ada@example.org"}
        return {"error": "nobody is logged in"}, 401


# %% wrong: patches the client
# says: Leave these alone
def add_me(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def add_me(app):
    """Add GET /me to the app: who is logged in, or the status 401."""

    @app.get("/me")
    def me():
        if current_user.is_authenticated:
            return jsonify(current_user.public())
        print(jsonify(error="nobody is logged in"), 401)


# %% wrong: methods as a text
# says: TypeError: Allowed methods must be a list of strings, for example: @app.route(...,
#     methods=["POST"])
def add_me(app):
    @app.route("/me", methods="GET")
    def me():
        return jsonify(current_user.public())


# %% wrong: the answer to another exercise, in this cell
# says: write the function add_me
def mended_logout():
    """Return the app of this exercise, without its mistake."""
    app = sticky_app()

    def logout():
        logout_user()
        return jsonify(result=200, data={"message": "logout success"})

    app.view_functions["logout"] = logout
    return app
