"""Answers to exercise 7.1."""


# %% right
def mended_memory():
    app = remembering_app()

    def ask_each_time(user_id):
        try:
            return User.objects.get(id=user_id)
        except User.DoesNotExist:
            return None

    app.login_manager.user_loader(ask_each_time)
    return app


# %% right
def mended_memory():
    return create_app()


# %% wrong: the broken app
# says: Where does the old address come from, if not from the database?
def mended_memory():
    return remembering_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_memory():
    app = remembering_app()
    app.login_manager.user_loader(lambda user_id: None)


# %% wrong: the loader is written and not registered
# says: expected: 200 in the body, and {'name': 'grace', 'email': 'grace@example.com'}
def mended_memory():
    app = remembering_app()

    def load_user(user_id):
        return User.objects(id=user_id).first()

    return app


# %% wrong: another cache
# says: Where does the old address come from, if not from the database?
def mended_memory():
    from functools import lru_cache

    app = remembering_app()

    @app.login_manager.user_loader
    @lru_cache
    def load_user(user_id):
        return User.objects(id=user_id).first()

    return app


# %% wrong: asks only whether there is such a record
# says: after her address was changed in the database
def mended_memory():
    app = remembering_app()
    remembered = app.login_manager._user_callback

    @app.login_manager.user_loader
    def load_user(user_id):
        return remembered(user_id) if User.objects(id=user_id) else None

    return app


# %% wrong: reads what it remembers anew, and never forgets
# says: Another process may have deleted her: only the database knows.
def mended_memory():
    app = remembering_app()
    known = {}

    @app.login_manager.user_loader
    def load_user(user_id):
        known[user_id] = User.objects(id=user_id).first() or known.get(user_id)
        return known[user_id]

    return app


# %% wrong: forgets when the app itself writes
# says: after her address was changed in the database
def mended_memory():
    app = remembering_app()
    known = {}

    @app.login_manager.user_loader
    def load_user(user_id):
        if user_id not in known:
            known[user_id] = User.objects(id=user_id).first()
        return known[user_id]

    @app.after_request
    def forget(response):
        if request.path == "/" and request.method != "GET":
            known.clear()
        return response

    return app


# %% wrong: raises for somebody who is gone
# says: DoesNotExist
def mended_memory():
    app = remembering_app()
    app.login_manager.user_loader(lambda user_id: User.objects.get(id=user_id))
    return app


# %% wrong: nobody is known
# says: Who is logged in is known.
def mended_memory():
    app = remembering_app()
    app.login_manager.user_loader(lambda user_id: None)
    return app


# %% wrong: only the view asks
# says: called: PUT /
def mended_memory():
    app = remembering_app()

    def user_info():
        if current_user.is_authenticated:
            user = User.objects(id=current_user.id).first()
            if user:
                return jsonify(result=200, data=user.public())
        return jsonify(result=401, data={"message": "user no login"})

    app.view_functions["user_info"] = user_info
    return app


# %% wrong: right for the example only
# says: called: POST /user_info, grace, logged in
def mended_memory():
    app = remembering_app()
    ada = {"name": "ada", "email": "ada@example.org"}
    app.view_functions["user_info"] = lambda: {"result": 200, "data": ada}
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_memory():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return remembering_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_memory():
    """Return the app of this exercise, without its mistake."""
    app = remembering_app()

    @app.login_manager.user_loader
    def load_user(user_id):
        print(User.objects(id=user_id).first())

    return app


# %% wrong: the list of results and not the one
# says: That is what current_user is: the user loader has to return a User, with
#     is_authenticated among its members.
def mended_memory():
    """Return the app of this exercise, without its mistake."""
    app = remembering_app()

    @app.login_manager.user_loader
    def load_user(user_id):
        return User.objects(id=user_id)

    return app


# %% wrong: the answer to another exercise, in this cell
# says: Where does the old address come from, if not from the database?
def refuse_no_json(app):
    """Let the app answer 400 to a body that is no JSON, whichever view reads it."""

    @app.errorhandler(ValueError)
    def refuse(error):
        return jsonify(error="send JSON"), 400


# %% right
def mended_memory():
    app = create_app()
    known = {}

    @app.login_manager.user_loader
    def load_user(user_id):
        return User.objects(id=user_id).first()

    return app
