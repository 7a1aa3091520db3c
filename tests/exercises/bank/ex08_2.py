"""Answers to exercise 8.2."""


# %% right
def mended_schema():
    app = heedless_app()

    @app.before_request
    def look():
        if request.endpoint == "login":
            found = LoginInput().validate(request.get_json())
            if found:
                return {"fields": found}, 422

    return app


# %% right
def mended_schema():
    app = heedless_app()

    @app.errorhandler(ValidationError)
    def refuse(error):
        return error.messages, 422

    def login():
        asked = LoginInput().load(request.get_json())
        user = User.objects(name=asked["username"]).first()
        if user is None or user.password != asked["password"]:
            return {"status": 401, "reason": "Username or Password Error"}
        login_user(user)
        return user.public()

    app.view_functions["login"] = login
    return app


# %% right
def mended_schema():
    app = heedless_app()
    old = app.view_functions["login"]

    def login():
        asked = request.get_json()
        texts = [asked.get("username"), asked.get("password")]
        if not all(isinstance(one, str) for one in texts):
            return {"error": "two texts, please"}, 422
        return old()

    app.view_functions["login"] = login
    return app


# %% wrong: the broken app
# says: Does the login go on although the schema has found something?
def mended_schema():
    return heedless_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_schema():
    app = heedless_app()


# %% wrong: load, and nobody catches its error
# says: An exception that nobody catches is a 500
def mended_schema():
    app = heedless_app()

    def login():
        asked = LoginInput().load(request.get_json())
        user = User.objects(name=asked["username"], password=asked["password"]).first()
        if user is None:
            return {"status": 401, "reason": "Username or Password Error"}
        login_user(user)
        return user.public()

    app.view_functions["login"] = login
    return app


# %% wrong: looks for $ne only
# says: {'$regex': '^p'}
def mended_schema():
    app = heedless_app()
    old = app.view_functions["login"]

    def login():
        if b"$ne" in request.data:
            return {"error": "no operators"}, 422
        return old()

    app.view_functions["login"] = login
    return app


# %% wrong: refuses every dollar, in passwords too
# says: Two strings are input that can be read
def mended_schema():
    app = heedless_app()
    old = app.view_functions["login"]

    def login():
        if b"$" in request.data or not LoginInput().validate(request.get_json()) == {}:
            return {"error": "no operators"}, 422
        return old()

    app.view_functions["login"] = login
    return app


# %% wrong: the password alone
# says: 'username': {'$ne': None}
def mended_schema():
    app = heedless_app()
    old = app.view_functions["login"]

    def login():
        if not isinstance(request.get_json().get("password"), str):
            return {"error": "a text, please"}, 422
        return old()

    app.view_functions["login"] = login
    return app


# %% wrong: str around both
# says: this is no wrong password: the input cannot be
def mended_schema():
    app = heedless_app()

    def login():
        asked = request.get_json()
        name, password = str(asked.get("username")), str(asked.get("password"))
        user = User.objects(name=name, password=password).first()
        if user is None:
            return {"status": 401, "reason": "Username or Password Error"}
        login_user(user)
        return user.public()

    app.view_functions["login"] = login
    return app


# %% wrong: says 422 and logs in
# says: POST /user_info, mallory, after that
def mended_schema():
    app = heedless_app()
    old = app.view_functions["login"]

    def login():
        found, answer = LoginInput().validate(request.get_json()), old()
        return ({"fields": found}, 422) if found else answer

    app.view_functions["login"] = login
    return app


# %% wrong: the wrong password is 422, too
# says: the answer to a wrong password
def mended_schema():
    app = heedless_app()
    old = app.view_functions["login"]

    def login():
        answer = old() if not LoginInput().validate(request.get_json()) else {}
        return answer if "name" in answer else ({"error": "refused"}, 422)

    app.view_functions["login"] = login
    return app


# %% wrong: nobody gets in
# says: "name": "grace"
def mended_schema():
    app = heedless_app()
    app.view_functions["login"] = lambda: ({"error": "refused"}, 422)
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_schema():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return heedless_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_schema():
    """Return the app of this exercise, without its mistake."""
    app = heedless_app()
    login = app.view_functions["login"]

    def checked_login():
        try:
            LoginInput().load(request.get_json())
        except ValidationError as error:
            return {"fields": error.messages}, 422
        print(login())

    app.view_functions["login"] = checked_login
    return app


# %% wrong: a second view beside the first
# says: Two views answer POST /login:
def mended_schema():
    app = heedless_app()

    @app.post("/login")
    def checked_login():
        try:
            LoginInput().load(request.get_json())
        except ValidationError as error:
            return {"fields": error.messages}, 422
        return app.view_functions["login"]()

    return app


# %% right
def mended_schema():
    app = step06.create_app()

    def login():
        asked = request.get_json()
        if LoginInput().validate(asked):
            return {"error": "send two texts"}, 422
        name, password = asked.get("username"), asked.get("password")
        user = step06.User.objects(name=name, password=password).first()
        if user is None:
            return {"status": 401, "reason": "Username or Password Error"}
        login_user(user)
        return user.public()

    app.view_functions["login"] = login
    return app
