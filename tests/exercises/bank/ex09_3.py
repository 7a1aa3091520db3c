"""Answers to exercise 9.3."""


# %% right
def guard_delete(app):
    old = app.view_functions["delete_record"]

    def delete_record():
        if current_user.is_anonymous:
            return {"error": "log in first"}, 401
        sent = request.get_json()
        name = sent.get("name") if isinstance(sent, dict) else None
        if not isinstance(name, str):
            return {"error": "send a name"}, 422
        if name == current_user.name:
            return old()
        there = User.objects(name=name).count()
        return {"error": "not yours" if there else "not found"}, 403 if there else 404

    app.view_functions["delete_record"] = delete_record


# %% right
def guard_delete(app):
    app.login_manager.login_view = None
    old = app.view_functions["delete_record"]

    @app.before_request
    def look():
        if request.endpoint != "delete_record":
            return
        if not current_user.is_authenticated:
            abort(401)
        name = request.json.get("name")
        if type(name) is not str:
            abort(422)
        user = User.objects(name=name).first()
        if user is None:
            abort(404)
        if user.name != current_user.name:
            abort(403)


# %% wrong: empty
# says: A program follows a redirect
def guard_delete(app):
    pass


# %% wrong: the guard of the notebook, which redirects
# says: A program follows a redirect
def guard_delete(app):
    from flask_login import login_required

    @login_required
    def delete_record():
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first_or_404()
        if user.id != current_user.id:
            abort(403)
        user.delete()
        return jsonify(user.public())

    app.view_functions["delete_record"] = delete_record


# %% wrong: 403 for a stranger
# says: Who are you?
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(403)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first() or abort(404)
        user.id == current_user.id or abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: the body is looked at first
# says: called: DELETE / {}, not logged in; came back: 422
def guard_delete(app):
    def delete_record():
        name = read_body(NameInput())["name"]
        current_user.is_authenticated or abort(401)
        user = User.objects(name=name).first() or abort(404)
        user.id == current_user.id or abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: the name is looked up first
# says: not logged in; came back: 404
def guard_delete(app):
    def delete_record():
        user = User.objects(name=request.json.get("name")).first() or abort(404)
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        user.id == current_user.id or abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: 401 for the record of somebody else
# says: Grace is known here, and this record is not hers
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first() or abort(404)
        user.id == current_user.id or abort(401)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: 403 for a name that nobody has
# says: Nobody has this name
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first() or abort(403)
        user.id == current_user.id or abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: anything but one's own name is 403
# says: Nobody has this name
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        name == current_user.name or abort(403)
        user = User.objects(name=name).first()

        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: 400 for a name that is no text
# says: the status 422
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = request.json.get("name")
        isinstance(name, str) or abort(400)
        user = User.objects(name=name).first() or abort(404)
        user.id == current_user.id or abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: an operator is a name
# says: {'name': {'$ne': 'grace'}}
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = request.json.get("name") or abort(422)
        user = User.objects(name=name).first() or abort(404)
        user.id == current_user.id or abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: deletes, and refuses afterwards
# says: Refuse first, and delete afterwards
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first() or abort(404)
        user.delete()
        user.id == current_user.id or abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: nobody may
# says: may delete what is theirs
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first() or abort(404)
        abort(403)
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: everybody may
# says: this record is not hers
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first() or abort(404)

        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: the record that is deleted is left there
# says: no such record: it was deleted
def guard_delete(app):
    def delete_record():
        current_user.is_authenticated or abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first() or abort(404)
        user.id == current_user.id or abort(403)
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: the statuses in the body
# says: came back: 200 OK {"status":401}
def guard_delete(app):
    def delete_record():
        if not current_user.is_authenticated:
            return {"status": 401}
        user = User.objects(name=read_body(NameInput())["name"]).first()
        if user is None:
            return {"status": 404}
        if user.id != current_user.id:
            return {"status": 403}
        user.delete()
        return user.public()

    app.view_functions["delete_record"] = delete_record


# %% wrong: prints the answer and does not return it
# says: Something is printed
def guard_delete(app):
    """Let everybody delete their own record, and say why nobody else may."""

    def delete_own():
        if not current_user.is_authenticated:
            abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first_or_404()
        if user.id != current_user.id:
            abort(403)
        user.delete()
        print(jsonify(user.public()))

    app.view_functions["delete_record"] = delete_own


# %% wrong: a second view beside the first
# says: Two views answer DELETE /:
def guard_delete(app):
    @app.delete("/")
    def delete_own():
        if not current_user.is_authenticated:
            abort(401)
        name = read_body(NameInput())["name"]
        user = User.objects(name=name).first_or_404()
        if user.id != current_user.id:
            abort(403)
        user.delete()
        return jsonify(user.public())
