"""Answers to exercise 12.3."""


# %% right
def add_changes(app):
    @app.route("/people/<name>", methods=["PATCH"])
    def change(name):
        if not current_user.is_authenticated:
            return app.login_manager.unauthorized()
        if not current_user.is_admin and current_user.name != name:
            return {"error": "not yours"}, 403
        user = Account.objects(name=name).first()
        if user is None:
            return {"error": "nobody has this name"}, 404
        allowed = ["email", "password"]
        if current_user.is_admin:
            allowed.append("is_admin")
        for field in request.json:
            if field not in allowed:
                return {"error": f"there is no field {field}"}, 422
        for field, value in request.json.items():
            setattr(user, field, value)
        return user.save().public()


# %% right
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        if unlisted := set(request.json) - LISTED[current_user.is_admin]:
            return {"fields": sorted(unlisted)}, 422
        own = {} if current_user.is_admin else {"id": current_user.id}
        if not Account.objects(name=name, **own).update(**request.json):
            abort(404 if current_user.is_admin else 403)
        return Account.objects.get(name=name).public()


# %% right
def add_changes(app):
    from marshmallow import Schema, ValidationError, fields

    class Own(Schema):
        email = fields.String()
        password = fields.String()

    class Any(Own):
        is_admin = fields.Boolean()

    def change(name):
        user = Account.objects.get_or_404(name=name)
        if not (current_user.is_admin or current_user.get_id() == user.get_id()):
            abort(403)
        try:
            new = (Any if current_user.is_admin else Own)().load(request.get_json())
        except ValidationError as error:
            return error.messages, 422
        user.modify(**new)
        return user.public()

    app.add_url_rule("/people/<name>", view_func=login_required(change), methods=["PATCH"])


# %% wrong: empty
# says: called: PATCH /people/grace {'email': 'g1@example.org'}
def add_changes(app):
    pass


# %% wrong: mass assignment
# says: a field of this request is on no list of hers
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        user.update(**record)
        return user.reload().public()


# %% wrong: a list of what is forbidden
# says: {'set__is_admin': True}
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if not current_user.is_admin and "is_admin" in record:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: a longer list of what is forbidden
# says: {'name': 'root'}
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if "id" in record or "active" in record or "failures" in record:
            abort(422)
        if not current_user.is_admin and "admin" in str(record):
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: drops what is on no list
# says: do not drop it in silence.
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        listed = LISTED[current_user.is_admin]
        record = {key: record[key] for key in record if key in listed}
        if record:
            user.update(**record)
        return user.reload().public()


# %% wrong: writes, and then looks at the list
# says: Refuse before anything is written.
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if "email" in record:
            user.update(email=record["email"])
        if record.keys() - LISTED[current_user.is_admin]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: anyone edits anyone
# says: expected: 403: the record is emmy's
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if record.keys() - LISTED[current_user.is_admin]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: the owner is whom the body names
# says: a field of this request is on no list of hers
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        who = record.pop("by", None) or record.pop("name", current_user.name)
        if who != user.name and not current_user.is_admin:
            abort(403)
        if record.keys() - LISTED[current_user.is_admin]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: the owner only
# says: logged in as root, an administrator; came back: 403 Forbidden
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id:
            abort(403)
        if record.keys() - LISTED[current_user.is_admin]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: administrators only
# says: Owners may, and so may administrators.
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if not current_user.is_admin:
            abort(403)
        if record.keys() - LISTED[current_user.is_admin]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: the list of the record and not of who asks
# says: who asks, and not whose record it is, says which
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if record.keys() - LISTED[user.is_admin]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: administrators may write everything
# says: administrators have a list too
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if not current_user.is_admin and record.keys() - OWN:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: one list for all
# says: called: PATCH /people/grace {'is_admin': True}, logged in as grace
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if record.keys() - LISTED[True]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: no guard
# says: a stranger has no is_admin
def add_changes(app):
    @app.patch("/people/<name>")
    def change(name):
        user = Account.objects.get_or_404(name=name)
        if not current_user.is_admin and user.id != current_user.id:
            abort(403)
        if request.json.keys() - LISTED[current_user.is_admin]:
            abort(422)
        user.update(**request.json)
        return user.reload().public()


# %% wrong: remembers who is an administrator
# says: A role has to be asked for at each request
def add_changes(app):
    admins = {}

    @app.patch("/people/<name>")
    @login_required
    def change(name):
        admin = admins[current_user.id] = admins.get(current_user.id) or current_user.is_admin
        user = Account.objects.get_or_404(name=name)
        if not admin and user.id != current_user.id:
            abort(403)
        if request.json.keys() - LISTED[admin]:
            abort(422)
        user.update(**request.json)
        return user.reload().public()


# %% wrong: the administrator is called root
# says: emmy, an administrator by now; came back: 403
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        admin = current_user.name == "root"
        if user.id != current_user.id and not admin:
            abort(403)
        if record.keys() - LISTED[admin]:
            abort(422)
        user.update(**record)
        return user.reload().public()


# %% wrong: says so and stores nothing
# says: What is sent is stored
def add_changes(app):
    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        record = request.get_json()
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if record.keys() - LISTED[current_user.is_admin]:
            abort(422)
        return user.public() | record


# %% wrong: patches the client
# says: Leave these alone
def add_changes(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def add_changes(app):
    """Add PATCH /people/<name> to the app: change a record, if one may."""

    @app.patch("/people/<name>")
    @login_required
    def change(name):
        user = Account.objects.get_or_404(name=name)
        if user.id != current_user.id and not current_user.is_admin:
            abort(403)
        if request.get_json().keys() - LISTED[current_user.is_admin]:
            abort(422)
        user.update(**request.get_json())
        print(user.reload().public())
