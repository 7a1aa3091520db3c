"""Answers to exercise 0.1."""


# %% right
def refuse_deletes(app):
    from flask import abort

    @app.before_request
    def look_at_the_verb():
        if request.method == "DELETE":
            abort(403)


# %% right
def refuse_deletes(app):
    def no():
        answer = jsonify(error="no")
        answer.status_code = 403
        return answer

    app.view_functions |= {"delete_record": no}
    return app


# %% wrong: empty
# says: DELETE answered 200, and the record is gone
def refuse_deletes(app):
    pass


# %% wrong: the line of the notebook
# says: Programs look at the status
def refuse_deletes(app):
    app.view_functions["delete_record"] = lambda: {"name": "nobody"}


# %% wrong: the status in the body
# says: expected: 403 Forbidden
def refuse_deletes(app):
    app.view_functions["delete_record"] = lambda: {"error": "no", "status": 403}


# %% wrong: deletes and then refuses
# says: DELETE answered 403, and the record is gone
def refuse_deletes(app):
    view = app.view_functions["delete_record"]

    def refuse():
        view()
        return {"error": "no"}, 403

    app.view_functions["delete_record"] = refuse


# %% wrong: refuses everything
# says: The exercise is about DELETE alone
def refuse_deletes(app):
    for name in app.view_functions:
        app.view_functions[name] = lambda: ({"error": "no"}, 403)


# %% wrong: refuses POST too
# says: after a POST with a new e-mail address
def refuse_deletes(app):
    for name in ("delete_record", "update_record"):
        app.view_functions[name] = lambda: ({"error": "no"}, 403)


# %% wrong: protects Ada only
# says: GET /?name=grace
def refuse_deletes(app):
    view = app.view_functions["delete_record"]

    def refuse():
        if json.loads(request.data)["name"] == "ada":
            return {"error": "no"}, 403
        return view()

    app.view_functions["delete_record"] = refuse


# %% wrong: the answer and not a view
# says: 'tuple' object is not callable
def refuse_deletes(app):
    app.view_functions["delete_record"] = {"error": "no"}, 403


# %% wrong: returns nothing
# says: did not return a valid response
def refuse_deletes(app):
    def refuse():
        {"error": "no"}, 403

    app.view_functions["delete_record"] = refuse


# %% wrong: patches the client
# says: Leave these alone
def refuse_deletes(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: a second view beside the first
# says: Two views answer DELETE /: delete_record and refuse. Flask asks the one that was added
#     first, so delete_record answers still.
def refuse_deletes(app):
    @app.route("/", methods=["DELETE"])
    def refuse():
        return {"error": "not allowed"}, 403


# %% wrong: methods as a text
# says: TypeError: Allowed methods must be a list of strings, for example: @app.route(...,
#     methods=["POST"])
def refuse_deletes(app):
    @app.route("/", methods="DELETE")
    def refuse():
        return {"error": "no"}, 403


# %% wrong: the answer to another exercise, in this cell
# says: write the function refuse_deletes
def delete_if_allowed():
    """Delete a record if its password was sent along, else answer 403."""
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if user.password != record.get("password"):
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(user.public())
