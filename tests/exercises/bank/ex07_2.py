"""Answers to exercise 7.2."""


# %% right
def refuse_no_json(app):
    import json

    def refuse(error):
        return {"error": str(error)}, 400

    app.register_error_handler(json.JSONDecodeError, refuse)
    app.register_error_handler(UnicodeDecodeError, refuse)


# %% right
def refuse_no_json(app):
    import json

    @app.before_request
    def look():
        if request.method == "GET" or request.path in ("/logout", "/user_info"):
            return None
        try:
            json.loads(request.data)
        except ValueError:
            return "no JSON", 400


# %% right
def refuse_no_json(app):
    @app.errorhandler(500)
    def refuse(error):
        if isinstance(error.original_exception, ValueError):
            return {"error": "send JSON"}, 400
        return error


# %% wrong: empty
# says: came back: 500 Internal Server Error: JSONDecodeError
def refuse_no_json(app):
    pass


# %% wrong: 400 in the body only
# says: came back: 200 OK {"error":"send JSON","result":400}; expected: the status 400
def refuse_no_json(app):
    @app.errorhandler(ValueError)
    def refuse(error):
        return jsonify(result=400, error="send JSON")


# %% wrong: the login only
# says: called: PATCH /motto, with the body b'no json'; came back: 500
def refuse_no_json(app):

    login = app.view_functions["login"]

    def careful():
        try:
            return login()
        except ValueError:
            return jsonify(error="send JSON"), 400

    app.view_functions["login"] = careful


# %% wrong: a list of the views there are
# says: also one that is added later
def refuse_no_json(app):
    def careful(view):
        def call():
            try:
                return view()
            except ValueError:
                return jsonify(error="send JSON"), 400

        return call

    for name in ["login", "create_record", "update_record", "delete_record"]:
        app.view_functions[name] = careful(app.view_functions[name])


# %% wrong: text that is no JSON, and no bytes
# says: with the body b'\xff'; came back: 500 Internal Server Error: UnicodeDecodeError
def refuse_no_json(app):
    import json

    @app.errorhandler(json.JSONDecodeError)
    def refuse(error):
        return jsonify(error="send JSON"), 400


# %% wrong: forgets the empty body
# says: with the body b''; came back: 500
def refuse_no_json(app):
    import json

    @app.before_request
    def look():
        try:
            json.loads(request.data or "{}")
        except ValueError:
            return jsonify(error="send JSON"), 400


# %% wrong: wants a body of everybody who writes
# says: Not every POST has a body.
def refuse_no_json(app):
    import json

    @app.before_request
    def look():
        if request.method != "GET":
            try:
                json.loads(request.data)
            except ValueError:
                return jsonify(error="send JSON"), 400


# %% wrong: wants a body of everybody
# says: called: GET /?name=emmy, without a body
def refuse_no_json(app):
    app.before_request(lambda: request.get_json() and None)


# %% wrong: every error is the caller's
# says: Catch the error of a body that is no JSON, and no other.
def refuse_no_json(app):
    @app.errorhandler(500)
    def refuse(error):
        return jsonify(error="send JSON"), 400


# %% wrong: everything that is raised
# says: expected: 404: there is no such path, as before
def refuse_no_json(app):
    @app.errorhandler(Exception)
    def refuse(error):
        return jsonify(error="send JSON"), 400


# %% wrong: every answer is 400
# says: the login works as it did
def refuse_no_json(app):
    app.before_request(lambda: ("send JSON", 400))


# %% wrong: the body of the example only
# says: came back: 500 Internal Server Error: JSONDecodeError
def refuse_no_json(app):
    @app.before_request
    def look():
        if request.data == b"no json":
            return jsonify(error="send JSON"), 400


# %% wrong: patches the client
# says: Leave these alone
def refuse_no_json(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def refuse_no_json(app):
    """Let the app answer 400 to a body that is no JSON, whichever view reads it."""

    @app.errorhandler(ValueError)
    def refuse(error):
        print(jsonify(error="send JSON"), 400)
