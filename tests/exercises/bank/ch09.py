"""Answers to the exercises of notebook 09."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCHES = PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)

answers(
    "9.1",
    right=[
        """
        def honest_login(app):
            @app.after_request
            def tell(response):
                refused = request.endpoint == "login" and "reason" in response.get_json()
                if refused:
                    response.status = "401 UNAUTHORIZED"
                    response.headers["WWW-Authenticate"] = "Bearer"
                return response
        """,
        """
        def honest_login(app):
            from flask_login import login_user
            from werkzeug.datastructures import WWWAuthenticate
            from werkzeug.exceptions import Unauthorized

            @app.errorhandler(401)
            def refuse(error):
                response = error.get_response()
                response.data = jsonify(status=401, reason="Username or Password Error").data
                response.content_type = "application/json"
                return response

            def login():
                info = request.get_json()
                name, password = info.get("username"), info.get("password")
                user = User.objects(name=name, password=password).first()
                if user is None:
                    raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
                login_user(user)
                return user.public()

            app.view_functions["login"] = login
        """,
    ],
    wrong={
        "empty": (
            """
            def honest_login(app):
                pass
            """,
            "the status 401: nobody has shown who they are",
        ),
        "a copy of the view, and nothing put in its place": (
            """
            def honest_login(app):
                def login():
                    return {"status": 401, "reason": "Username or Password Error"}, 401
            """,
            "The status of an answer is not what its body says it is",
        ),
        "Unauthorized, and the page that comes with it": (
            """
            def honest_login(app):
                from werkzeug.exceptions import Unauthorized
                old = app.view_functions["login"]

                def login():
                    answer = old()
                    if "reason" in answer.json:
                        raise Unauthorized
                    return answer

                app.view_functions["login"] = login
            """,
            "look for `reason` in the body",
        ),
        "the notebook's handler, without reason": (
            """
            def honest_login(app):
                old = app.view_functions["login"]

                @app.errorhandler(HTTPException)
                def answer_in_json(error):
                    response = error.get_response()
                    response.data = jsonify(status=error.code, error=error.name).data
                    response.content_type = "application/json"
                    return response

                def login():
                    answer = old()
                    return abort(401) if "reason" in answer.json else answer

                app.view_functions["login"] = login
            """,
            "Keep what they read",
        ),
        "no WWW-Authenticate": (
            """
            def honest_login(app):
                old = app.view_functions["login"]

                def login():
                    answer = old()
                    return (answer, 401) if "reason" in answer.json else answer

                app.view_functions["login"] = login
            """,
            "RFC 9110 asks for one",
        ),
        "403": (
            """
            def honest_login(app):
                old = app.view_functions["login"]

                def login():
                    answer = old()
                    return (answer, 403) if "reason" in answer.json else answer

                app.view_functions["login"] = login
            """,
            "came back: 403 Forbidden",
        ),
        "every login is refused": (
            """
            def honest_login(app):
                old = app.view_functions["login"]
                app.view_functions["login"] = lambda: (
                    old(), 401, {"WWW-Authenticate": "Bearer"}
                )
            """,
            "this login is right",
        ),
        "the wrong way round": (
            """
            def honest_login(app):
                old = app.view_functions["login"]

                def login():
                    answer = old()
                    if "reason" in answer.json:
                        return answer
                    return answer, 401, {"WWW-Authenticate": "Bearer"}

                app.view_functions["login"] = login
            """,
            "this login is right",
        ),
        "one message for a name and one for a password": (
            """
            def honest_login(app):
                from flask_login import login_user

                def login():
                    info = request.get_json()
                    user = User.objects(name=info.get("username")).first()
                    headers = {"WWW-Authenticate": "Bearer"}
                    if user is None:
                        return {"status": 401, "reason": "no such user"}, 401, headers
                    if user.password != info.get("password"):
                        reason = "Username or Password Error"
                        return {"status": 401, "reason": reason}, 401, headers
                    login_user(user)
                    return user.public()

                app.view_functions["login"] = login
            """,
            '"reason":"no such user"',
        ),
        "forgets to log in": (
            """
            def honest_login(app):
                def login():
                    info = request.get_json()
                    user = User.objects(name=info.get("username")).first()
                    if user is None or user.password != info.get("password"):
                        body = {"status": 401, "reason": "Username or Password Error"}
                        return body, 401, {"WWW-Authenticate": "Bearer"}
                    return user.public()

                app.view_functions["login"] = login
            """,
            "expected: 200, and the name grace",
        ),
        "every answer that says 401, and not the login alone": (
            """
            def honest_login(app):
                @app.after_request
                def tell(response):
                    said = response.get_json(silent=True) or {}
                    if 401 in (said.get("status"), said.get("result")):
                        response.status_code = 401
                        response.headers["WWW-Authenticate"] = "Bearer"
                    return response
            """,
            "/user_info stays as it is",
        ),
    },
)

answers(
    "9.2",
    right=[
        """
        def mended_statuses():
            app = failing_app()

            def answer(error):
                if not isinstance(error, HTTPException):
                    return {"error": "the app has failed"}, 500
                headers = [h for h in error.get_headers() if h[0] != "Content-Type"]
                return {"error": error.description}, error.code, headers

            app.register_error_handler(Exception, answer)
            return app
        """,
        """
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
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_statuses():
                return failing_app()
            """,
            "expected: the status 401; look at: Who is not logged in is told so",
        ),
        "no return": (
            """
            def mended_statuses():
                app = failing_app()
            """,
            "Does the function end with `return app`?",
        ),
        "returns the error itself": (
            """
            def mended_statuses():
                app = failing_app()

                @app.errorhandler(HTTPException)
                def answer(error):
                    return error

                return app
            """,
            "came back: 401 Unauthorized, a page",
        ),
        "without any handler": (
            """
            def mended_statuses():
                app = failing_app()
                app.error_handler_spec.clear()
                return app
            """,
            "every refusal of it is JSON",
        ),
        "everything is 401": (
            """
            def mended_statuses():
                app = failing_app()

                @app.errorhandler(Exception)
                def answer(error):
                    return {"error": "log in first"}, 401

                return app
            """,
            "called: GET /nowhere; came back: 401",
        ),
        "401, and all else is a failure": (
            """
            def mended_statuses():
                app = failing_app()

                @app.errorhandler(401)
                def answer(error):
                    return {"error": "log in first"}, 401

                return app
            """,
            "called: GET /nowhere; came back: 500",
        ),
        "a list of statuses": (
            """
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
            """,
            "Whatever a view refuses with",
        ),
        "loses the headers": (
            """
            def mended_statuses():
                app = failing_app()

                @app.errorhandler(HTTPException)
                def answer(error):
                    return {"error": error.name}, error.code

                return app
            """,
            "405 with the header Allow",
        ),
        "tells what failed": (
            """
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
            """,
            "The text of an exception is for the log",
        ),
        "the status in the body only": (
            """
            def mended_statuses():
                app = failing_app()

                @app.errorhandler(HTTPException)
                def answer(error):
                    return {"status": error.code, "error": error.name}

                return app
            """,
            'came back: 200 OK {"error":"Unauthorized","status":401}',
        ),
        "a redirect to the login": (
            """
            def mended_statuses():
                app = failing_app()
                app.login_manager.login_view = "login"

                @app.errorhandler(HTTPException)
                def answer(error):
                    return {"error": error.name}, error.code

                return app
            """,
            "came back: 302 Found, to /login",
        ),
        "whatever fails is the client's fault": (
            """
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
            """,
            "expected: the status 500; look at: This one is the app's own failure",
        ),
        "patches the client": (
            f"""
            def mended_statuses():
                {PATCHES}
                return failing_app()
            """,
            "Leave these alone",
        ),
    },
)

_DELETE = """
            def guard_delete(app):
                def delete_record():
                    {first}
                    {name}
                    {find}
                    {own}
                    user.delete()
                    return user.public()

                app.view_functions["delete_record"] = delete_record
"""


def _delete(
    first="current_user.is_authenticated or abort(401)",
    name="name = read_body(NameInput())['name']",
    find="user = User.objects(name=name).first() or abort(404)",
    own="user.id == current_user.id or abort(403)",
):
    return _DELETE.format(first=first, name=name, find=find, own=own)


answers(
    "9.3",
    right=[
        """
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
        """,
        """
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
        """,
    ],
    wrong={
        "empty": (
            """
            def guard_delete(app):
                pass
            """,
            "A program follows a redirect",
        ),
        "the guard of the notebook, which redirects": (
            """
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
            """,
            "A program follows a redirect",
        ),
        "403 for a stranger": (
            _delete(first="current_user.is_authenticated or abort(403)"),
            "Who are you?",
        ),
        "the body is looked at first": (
            _delete(
                first="name = read_body(NameInput())['name']",
                name="current_user.is_authenticated or abort(401)",
            ),
            "called: DELETE / {}, not logged in; came back: 422",
        ),
        "the name is looked up first": (
            _delete(
                first="user = User.objects(name=request.json.get('name')).first() or abort(404)",
                name="current_user.is_authenticated or abort(401)",
                find="name = read_body(NameInput())['name']",
            ),
            "not logged in; came back: 404",
        ),
        "401 for the record of somebody else": (
            _delete(own="user.id == current_user.id or abort(401)"),
            "Grace is known here, and this record is not hers",
        ),
        "403 for a name that nobody has": (
            _delete(find="user = User.objects(name=name).first() or abort(403)"),
            "Nobody has this name",
        ),
        "anything but one's own name is 403": (
            _delete(find="user = User.objects(name=name).first()", own="").replace(
                "user = ", "name == current_user.name or abort(403); user = "
            ),
            "Nobody has this name",
        ),
        "400 for a name that is no text": (
            _delete(
                name="name = request.json.get('name')",
                find="isinstance(name, str) or abort(400); "
                "user = User.objects(name=name).first() or abort(404)",
            ),
            "the status 422",
        ),
        "an operator is a name": (
            _delete(name="name = request.json.get('name') or abort(422)"),
            "{'name': {'$ne': 'grace'}}",
        ),
        "deletes, and refuses afterwards": (
            _delete(
                find="user = User.objects(name=name).first() or abort(404); user.delete()",
            ),
            "Refuse first, and delete afterwards",
        ),
        "nobody may": (
            _delete(own="abort(403)"),
            "may delete what is theirs",
        ),
        "everybody may": (
            _delete(own=""),
            "this record is not hers",
        ),
        "the record that is deleted is left there": (
            _delete().replace("user.delete()", "pass"),
            "no such record: it was deleted",
        ),
        "the statuses in the body": (
            """
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
            """,
            'came back: 200 OK {"status":401}',
        ),
    },
)
