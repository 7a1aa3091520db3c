"""Answers to exercise 9.2."""


# %% right
def mended_statuses():
    app = failing_app()

    def answer(error):
        if not isinstance(error, HTTPException):
            return {"error": "the app has failed"}, 500
        headers = [h for h in error.get_headers() if h[0] != "Content-Type"]
        return {"error": error.description}, error.code, headers

    app.register_error_handler(Exception, answer)
    return app


# %% right
def mended_statuses():
    app = failing_app()
    del app.error_handler_spec[None][None][Exception]

    @app.errorhandler(HTTPException)
    def answer(error):
        allowed = getattr(error, "valid_methods", None)
        response = jsonify(error=error.name)
        response.status_code = error.code
        if allowed:
            response.allow.update(allowed)
        return response

    return app


# %% wrong: the broken app
# says: expected: the status 401; look at: Who is not logged in is told so
def mended_statuses():
    return failing_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_statuses():
    app = failing_app()


# %% wrong: returns the error itself
# says: came back: 401 Unauthorized, a page
def mended_statuses():
    app = failing_app()

    @app.errorhandler(HTTPException)
    def answer(error):
        return error

    return app


# %% wrong: without any handler
# says: every refusal of it is JSON
def mended_statuses():
    app = failing_app()
    app.error_handler_spec.clear()
    return app


# %% wrong: everything is 401
# says: called: GET /nowhere; came back: 401
def mended_statuses():
    app = failing_app()

    @app.errorhandler(Exception)
    def answer(error):
        return {"error": "log in first"}, 401

    return app


# %% wrong: 401, and all else is a failure
# says: called: GET /nowhere; came back: 500
def mended_statuses():
    app = failing_app()

    @app.errorhandler(401)
    def answer(error):
        return {"error": "log in first"}, 401

    return app


# %% wrong: a list of statuses
# says: Whatever a view refuses with
def mended_statuses():
    app = failing_app()
    for status in (401, 404, 405):

        @app.errorhandler(status)
        def answer(error):
            response = error.get_response()
            response.data = jsonify(error=error.name).data
            response.content_type = "application/json"
            return response

    return app


# %% wrong: loses the headers
# says: 405 with the header Allow
def mended_statuses():
    app = failing_app()

    @app.errorhandler(HTTPException)
    def answer(error):
        return {"error": error.name}, error.code

    return app


# %% wrong: tells what failed
# says: The text of an exception is for the log
def mended_statuses():
    app = failing_app()

    @app.errorhandler(Exception)
    def answer(error):
        if isinstance(error, HTTPException):
            response = error.get_response()
            response.data = jsonify(error=error.name).data
            response.content_type = "application/json"
            return response
        return {"error": str(error)}, 500

    return app


# %% wrong: the status in the body only
# says: came back: 200 OK {"error":"Unauthorized","status":401}
def mended_statuses():
    app = failing_app()

    @app.errorhandler(HTTPException)
    def answer(error):
        return {"status": error.code, "error": error.name}

    return app


# %% wrong: a redirect to the login
# says: came back: 302 Found, to /login
def mended_statuses():
    app = failing_app()
    app.login_manager.login_view = "login"

    @app.errorhandler(HTTPException)
    def answer(error):
        return {"error": error.name}, error.code

    return app


# %% wrong: whatever fails is the client's fault
# says: expected: the status 500; look at: This one is the app's own failure
def mended_statuses():
    app = failing_app()

    @app.errorhandler(Exception)
    def answer(error):
        response = jsonify(error="bad request")
        response.status_code = getattr(error, "code", 400)
        response.headers.update(error.get_headers() if hasattr(error, "code") else {})
        response.content_type = "application/json"
        return response

    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_statuses():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return failing_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_statuses():
    """Return the app of this exercise, without its mistake."""
    app = failing_app()

    @app.errorhandler(HTTPException)
    def refuse(error):
        response = error.get_response()
        response.data = jsonify(error=error.name).data
        response.content_type = "application/json"
        print(response)

    return app


# %% right
def mended_statuses():
    app = step06.create_app()
    app.login_manager.login_view = None

    @app.errorhandler(Exception)
    def answer_in_json(error):
        if isinstance(error, HTTPException):
            response = error.get_response()
            response.data = jsonify(error=error.name).data
            response.content_type = "application/json"
            return response
        return {"error": "the app has failed, try again later"}, 500

    return app
