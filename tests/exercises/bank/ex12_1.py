"""Answers to exercise 12.1."""


# %% right
def mended_owner():
    app = believing_app()

    def change_email(name):
        user = User.objects(name=name).first()
        if user is None:
            abort(404)
        if user != current_user:
            abort(403)
        user.modify(email=request.get_json()["email"])
        return user.public()

    app.view_functions["change_email"] = login_required(change_email)
    return app


# %% right
def mended_owner():
    app = create_app()

    @app.route("/email/<name>", methods=["PUT"])
    @login_required
    def change_email(name):
        if not User.objects(name=name):
            return {"error": "nobody has this name"}, 404
        if current_user.name == name:
            current_user.email = request.json["email"]
            return current_user.save().public()
        return {"error": "not yours"}, 403

    return app


# %% wrong: the broken app
# says: called: PUT /email/emmy {'by': 'emmy', 'email': 'g@evil.example'}, logged in as grace
def mended_owner():
    return believing_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_owner():
    app = believing_app()


# %% wrong: the body names the one who asks, and the view compares with that
# says: The body says what somebody wrote into it.
def mended_owner():
    app = believing_app()

    @login_required
    def change_email(name):
        record = json.loads(request.data)
        user = User.objects.get_or_404(name=name)
        if record.get("by", current_user.name) != user.name:
            abort(403)
        user.update(email=record["email"])
        return user.reload().public()

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: asks the body and the login
# says: Does the view still read `by`?
def mended_owner():
    app = believing_app()
    view = app.view_functions["change_email"]

    def change_email(name):
        if current_user.is_authenticated and current_user.name != name:
            return {"error": "not yours"}, 403
        return view(name)

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: compares the name of the path with the name of the record
# says: expected: 403: the record is emmy's
def mended_owner():
    app = believing_app()

    @login_required
    def change_email(name):
        user = User.objects.get_or_404(name=name)
        if user.name != name:
            abort(403)
        user.update(email=request.get_json()["email"])
        return user.reload().public()

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: forgets the guard
# says: first who you are, then whether you may
def mended_owner():
    app = believing_app()

    def change_email(name):
        user = User.objects.get_or_404(name=name)
        if user.id != current_user.id:
            abort(403)
        user.update(email=request.get_json()["email"])
        return user.reload().public()

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: writes before it asks
# says: Refuse before anything is written.
def mended_owner():
    app = believing_app()

    @login_required
    def change_email(name):
        user = User.objects.get_or_404(name=name)
        user.update(email=request.get_json()["email"])
        if user.id != current_user.id:
            abort(403)
        return user.reload().public()

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: changes the own record, whatever the path says
# says: came back: 200 OK {"email":"g@evil.example","name":"grace"}; expected: 403
def mended_owner():
    app = believing_app()

    @login_required
    def change_email(name):
        current_user.update(email=request.get_json()["email"])
        return current_user.reload().public()

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: compares an id with a text
# says: A database id is no string
def mended_owner():
    app = believing_app()

    @login_required
    def change_email(name):
        user = User.objects.get_or_404(name=name)
        if user.id != current_user.get_id():
            abort(403)
        user.update(email=request.get_json()["email"])
        return user.reload().public()

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: knows Ada only
# says: it is her own, whatever the body says of her
def mended_owner():
    app = believing_app()

    @login_required
    def change_email(name):
        if name != "ada":
            abort(403)
        current_user.update(email=request.get_json()["email"])
        return current_user.reload().public()

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_owner():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return believing_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_owner():
    """Return the app of this exercise, without its mistake."""
    app = believing_app()

    @login_required
    def change_email(name):
        user = User.objects.get_or_404(name=name)
        if user.id != current_user.id:
            abort(403)
        user.update(email=json.loads(request.data)["email"])
        print(user.reload().public())

    app.view_functions["change_email"] = change_email
    return app


# %% wrong: a second view beside the first
# says: Two views answer PUT /email/emmy:
def mended_owner():
    app = believing_app()

    @app.put("/email/<name>")
    @login_required
    def change_own(name):
        user = User.objects.get_or_404(name=name)
        if user.id != current_user.id:
            abort(403)
        user.update(email=json.loads(request.data)["email"])
        return user.reload().public()

    return app


# %% wrong: the answer to another exercise, in this cell
# says: The body says what somebody wrote into it. Who is logged in stands in current_user.
def mended_throttle():
    """Return the app of this exercise, without its mistake."""
    app, tries = create_app(), Counter()
    plain_login = app.view_functions["login"]

    def login():
        tries[request.remote_addr] += 1
        if tries[request.remote_addr] > 5:
            abort(429)
        return plain_login()

    app.view_functions["login"] = login
    return app


# %% right
def mended_owner():
    app = create_app()

    @app.put("/email/<name>")
    @login_required
    def change_email(name):
        record = json.loads(request.data)
        user = User.objects(name=name).first()
        if user is None:
            return {"error": "nobody has this name"}, 404
        if current_user.id != user.id:
            return {"error": "the record is another user's"}, 403
        user.update(email=record["email"])
        return user.reload().public()

    return app
