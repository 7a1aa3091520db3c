"""Answers to exercise 6.3."""


# %% right
def mended_signup():
    app = signup_app()

    def signup():
        user = User(**{key: request.json[key] for key in ("name", "password", "email")})
        login_user(user.save())
        return jsonify(user.public())

    app.view_functions["signup"] = signup
    return app


# %% right
def mended_signup():
    app = signup_app()
    signup = app.view_functions["signup"]

    def sign_up_and_log_in():
        answer = signup()
        login_user(User.objects(email=answer["email"]).first())
        return answer

    app.view_functions["signup"] = sign_up_and_log_in
    return app


# %% wrong: the broken app
# says: What does the session hold as _user_id? It is what get_id() gave at the login.
def mended_signup():
    return signup_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_signup():
    app = signup_app()
    app.view_functions["signup"] = lambda: {}


# %% wrong: saved, and not logged in
# says: Signing up logs in
def mended_signup():
    app = signup_app()

    def signup():
        info = json.loads(request.data)
        return User(**info).save().public()

    app.view_functions["signup"] = signup
    return app


# %% wrong: logged in, and not saved
# says: came back: 0 records with the name grace; expected: one record
def mended_signup():
    app = signup_app()

    def signup():
        user = User(**json.loads(request.data))
        login_user(user)
        return user.public()

    app.view_functions["signup"] = signup
    return app


# %% wrong: one is saved and another logged in
# says: came back: 500 Internal Server Error: ValidationError
def mended_signup():
    app = signup_app()

    def signup():
        info = json.loads(request.data)
        User(**info).save()
        user = User(**info)
        login_user(user)
        return user.public()

    app.view_functions["signup"] = signup
    return app


# %% wrong: signs up twice
# says: The user that is saved and the user that is logged in are one document.
def mended_signup():
    app = signup_app()
    signup = app.view_functions["signup"]

    def again():
        answer = signup()
        login_user(User(**json.loads(request.data)).save())
        return answer

    app.view_functions["signup"] = again
    return app


# %% wrong: a loader that survives the wrong id
# says: the session has to hold the id of the new user
def mended_signup():
    from bson import ObjectId

    app = signup_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects(id=user_id).first() if ObjectId.is_valid(user_id) else None

    return app


# %% wrong: right for the first user only
# says: called: POST /user_info, emmy, after the sign-up; came back: 200 OK
#     {"data":{"email":"grace@example.org"
def mended_signup():
    app = signup_app()

    def signup():
        user = User(**json.loads(request.data)).save()
        login_user(User.objects.first())
        return user.public()

    app.view_functions["signup"] = signup
    return app


# %% wrong: the newest user is whoever asks
# says: called: POST /user_info, grace, after the sign-up; came back: 200 OK
#     {"data":{"email":"emmy@example.org"
def mended_signup():
    app = signup_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects.order_by("-id").first()

    return app


# %% wrong: an id of its own
# says: It is what get_id() gave at the login.
def mended_signup():
    from flask import session

    app = signup_app()
    signup = app.view_functions["signup"]

    def named():
        answer = signup()
        session["_user_id"] = answer["name"]
        return answer

    app.view_functions["signup"] = named
    return app


# %% wrong: forgets the password
# says: Log in again with what was signed up with: is all of it stored?
def mended_signup():
    app = signup_app()

    def signup():
        info = json.loads(request.data)
        user = User(name=info["name"], email=info["email"]).save()
        login_user(user)
        return user.public()

    app.view_functions["signup"] = signup
    return app


# %% wrong: user_info knows everybody
# says: called: POST /user_info, emmy, after the sign-up
def mended_signup():
    app = signup_app()
    grace = {"name": "grace", "email": "grace@example.org"}
    app.view_functions["user_info"] = lambda: {"result": 200, "data": grace}
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_signup():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return signup_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_signup():
    """Return the app of this exercise, without its mistake."""
    app = signup_app()

    def signup():
        info = json.loads(request.data)
        user = User(name=info["name"], password=info["password"], email=info["email"])
        user.save()
        login_user(user)
        print(user.public())

    app.view_functions["signup"] = signup
    return app


# %% wrong: a second view beside the first
# says: Two views answer POST /signup:
def mended_signup():
    app = signup_app()

    @app.post("/signup")
    def save_first():
        info = json.loads(request.data)
        user = User(name=info["name"], password=info["password"], email=info["email"])
        user.save()
        login_user(user)
        return user.public()

    return app


# %% right
def mended_signup():
    app = create_app()

    @app.post("/signup")
    def signup():
        info = json.loads(request.data)
        user = User(name=info["name"], password=info["password"], email=info["email"])
        user.save()
        login_user(user)
        return user.public()

    return app
