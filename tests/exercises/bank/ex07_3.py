"""Answers to exercise 7.3."""


# %% right
def add_rename(app):
    import json

    @app.route("/rename", methods=["POST"])
    def rename():
        if not current_user.is_authenticated:
            return app.login_manager.unauthorized()
        name = json.loads(request.data).get("name")
        if type(name) is not str or name.strip() == "":
            return {"error": "no name"}, 400
        if User.objects(name=name).count() > 0:
            return {"error": "taken"}, 409
        User.objects(id=current_user.id).update_one(set__name=name)
        return current_user.reload().public()


# %% right
def add_rename(app):
    from flask import abort

    def rename():
        name = request.json.get("name", "")
        if not (isinstance(name, str) and name):
            abort(400)
        user = User.objects.with_id(current_user.get_id())
        if name in User.objects(id__ne=user.id).scalar("name"):
            abort(409)
        user.modify(name=name)
        return jsonify(user.public())

    app.add_url_rule("/rename", "rename", login_required(rename), methods=["POST"])


# %% wrong: empty
# says: called: POST /rename {'name': 'mallory'}, not logged in; came back: 404
def add_rename(app):
    pass


# %% wrong: no guard
# says: a stranger has no name to change
def add_rename(app):
    @app.post("/rename")
    def rename():
        current_user.name = request.json["name"]
        current_user.save()
        return current_user.public()


# %% wrong: the guard above the route
# says: Does the guard stand below the route?
def add_rename(app):
    @login_required
    @app.post("/rename")
    def rename():
        current_user.name = request.json["name"]
        current_user.save()
        return current_user.public()


# %% wrong: takes whatever is sent
# says: expected: the status 400: that is no name
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        current_user.name = name
        current_user.save()
        return current_user.public()


# %% wrong: an empty name only
# says: called: POST /rename {'name': 7}
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        current_user.name = name
        current_user.save()
        return current_user.public()


# %% wrong: takes a name that somebody has
# says: a name can belong to one user only
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        current_user.name = name
        current_user.save()
        return current_user.public()


# %% wrong: a new record in place of the old
# says: in the same browser; came back: 200 OK {"data":{"message":"user no login"},"result":401}
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        old = current_user._get_current_object()
        old.delete()
        new = User(name=name, email=old.email, password=old.password).save()
        return new.public()


# %% wrong: a new record, and a new login
# says: in her second browser
def add_rename(app):
    from flask_login import login_user

    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        old = current_user._get_current_object()
        old.delete()
        new = User(name=name, email=old.email, password=old.password).save()
        login_user(new)
        return new.public()


# %% wrong: a copy, and the old one stays
# says: Is it still the id of her record, and did it get the new name?
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        user = User(name=name, email=current_user.email)
        return user.save().public()


# %% wrong: never saved
# says: did it get the new name?
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        current_user.name = name
        return current_user.public()


# %% wrong: answers with what was there before
# says: {"email":"grace@example.org","name":"grace"}; expected: a JSON object with {"name": "hopper"
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        current_user.update(name=name)
        return current_user.public()


# %% wrong: logs out after it
# says: grace, after the rename, in the same browser
def add_rename(app):
    from flask_login import logout_user

    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        current_user.name = name
        shown = current_user.save().public()
        logout_user()
        return shown


# %% wrong: forgets the password
# says: a new name, and the password that she had
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        new = User(id=current_user.id, name=name, email=current_user.email)
        return new.save().public()


# %% wrong: renames the first user there is
# says: "email":"emmy@example.org"
def add_rename(app):
    @app.post("/rename")
    @login_required
    def rename():
        name = request.json.get("name")
        if not isinstance(name, str) or not name:
            return {"error": "no name"}, 400
        if User.objects(name=name).first():
            return {"error": "taken"}, 409
        user = User.objects.first()
        user.name = name
        return user.save().public()


# %% wrong: patches the client
# says: Leave these alone
def add_rename(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def add_rename(app):
    """Add POST /rename to the app: whoever is logged in takes a new name."""

    @app.post("/rename")
    @login_required
    def rename():
        name = request.get_json().get("name")
        if not isinstance(name, str) or not name:
            return jsonify(error="send a name"), 400
        if User.objects(name=name).first():
            return jsonify(error="somebody has this name"), 409
        current_user.name = name
        print(jsonify(current_user.save().public()))


# %% right
def add_rename(app):
    """Add POST /rename to the app: whoever is logged in takes a new name."""

    @app.post("/rename")
    @login_required
    def rename():
        name = request.get_json().get("name")
        if not isinstance(name, str) or not name:
            return jsonify(error="send a name"), 400
        if User.objects(name=name):
            return jsonify(error="somebody has this name"), 409
        current_user.name = name
        return jsonify(current_user.save().public())
