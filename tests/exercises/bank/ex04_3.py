"""Answers to exercise 4.3."""


# %% right
def mended_app():
    app = broken_app()
    app.login_manager.user_loader(
        lambda user_id: Staff.objects(id=user_id).first() or User.objects(id=user_id).first()
    )
    return app


# %% right
def mended_app():
    app = broken_app()
    load_staff = app.login_manager._user_callback

    @app.login_manager.user_loader
    def load(user_id):
        user = User.objects.with_id(user_id)
        if user is None:
            user = load_staff(user_id)
        return user

    return app


# %% wrong: the broken app
# says: ada is a user. Does the loader that is asked look among these too?
def mended_app():
    return broken_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects(id=user_id).first() or Staff.objects(id=user_id).first()


# %% wrong: the loader is written and not registered
# says: came back: 200 OK {"name":null}
def mended_app():
    app = broken_app()

    def load(user_id):
        return User.objects(id=user_id).first() or Staff.objects(id=user_id).first()

    return app


# %% wrong: now the users are known, and the staff is not
# says: joan is of the staff. Does the loader that is asked look among these too?
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects(id=user_id).first()

    return app


# %% wrong: a second loader below the first, as before
# says: ada is a user. Does the loader that is asked look among these too?
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load_user(user_id):
        return User.objects(id=user_id).first()

    @app.login_manager.user_loader
    def load_staff(user_id):
        return Staff.objects(id=user_id).first()

    return app


# %% wrong: the loader forgets its return
# says: came back: 200 OK {"name":null}
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        User.objects(id=user_id).first() or Staff.objects(id=user_id).first()

    return app


# %% wrong: queries in place of users
# says: AttributeError: 'BaseQuerySet' object has no attribute
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects(id=user_id) or Staff.objects(id=user_id)

    return app


# %% wrong: raises where it finds nobody
# says: User matching query does not exist.
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects.get(id=user_id) or Staff.objects.get(id=user_id)

    return app


# %% wrong: everybody is Ada
# says: The loader found somebody else
def mended_app():
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects.first() or Staff.objects.first()

    return app


# %% wrong: remembers whom it has found
# says: Where both classes have nobody, the loader gives None.
def mended_app():
    app = broken_app()
    known = {}

    @app.login_manager.user_loader
    def load(user_id):
        if user_id not in known:
            user = User.objects(id=user_id).first() or Staff.objects(id=user_id).first()
            known[user_id] = user
        return known[user_id]

    return app


# %% wrong: the view says what is wanted
# says: The loader found somebody else.
def mended_app():
    app = broken_app()
    app.view_functions["me"] = lambda: {"name": "ada"}
    return app


# %% wrong: an app of its own
# says: an app without a login manager
def mended_app():
    from flask import Flask

    return Flask("mine")


# %% wrong: patches the client
# says: Leave these alone
def mended_app():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return broken_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        print(User.objects(id=user_id).first() or Staff.objects(id=user_id).first())

    return app


# %% wrong: the list of results and not the one
# says: That is what current_user is: the user loader has to return a User, with
#     is_authenticated among its members.
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = broken_app()

    @app.login_manager.user_loader
    def load(user_id):
        return User.objects(id=user_id) or Staff.objects(id=user_id)

    return app


# %% right
def mended_app():
    app = create_app()

    @app.post("/staff/login")
    def staff_login():
        info = json.loads(request.data)
        person = Staff.objects(name=info["username"], password=info["password"]).first()
        if person is None:
            return jsonify(status=401, reason="Username or Password Error")
        login_user(person)
        return jsonify(name=person.name)

    @app.login_manager.user_loader
    def load_staff(user_id):
        return Staff.objects(id=user_id).first() or User.objects(id=user_id).first()

    @app.get("/me")
    def me():
        return {"name": current_user.name if current_user.is_authenticated else None}

    return app
