"""Answers to the exercises of notebook 09."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCHES = PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)

_PEOPLE = """
            def add_people(app):
                @app.get("/people")
                def people():
                    known = current_user.is_authenticated
                    return {{"people": [{shown} for user in User.objects]}}
"""


def _people(shown):
    return _PEOPLE.format(shown=shown)


answers(
    "9.1",
    right=[
        _people('user.public() if known and user == current_user else {"name": user.name}'),
        """
        def add_people(app):
            def people():
                found = {user.name: {"name": user.name} for user in User.objects}
                if not current_user.is_anonymous:
                    found[current_user.name]["email"] = current_user.email
                return jsonify(people=list(found.values()))

            app.add_url_rule("/people", view_func=people)
        """,
    ],
    wrong={
        "empty": (
            """
            def add_people(app):
                pass
            """,
            "came back: 404 Not Found",
        ),
        "a view, and no route": (
            """
            def add_people(app):
                def people():
                    return {"people": [{"name": user.name} for user in User.objects]}
            """,
            "came back: 404 Not Found",
        ),
        "the documents": (
            """
            def add_people(app):
                @app.get("/people")
                def people():
                    return jsonify(people=list(User.objects))
            """,
            "Who reads _id, email, password?",
        ),
        "all fields but the password": (
            _people('{k: str(v) for k, v in user.to_mongo().items() if k != "password"}'),
            "Who reads _id, email?",
        ),
        "public() for everybody": (
            _people("user.public()"),
            "Who reads email?",
        ),
        "all addresses for who is logged in": (
            _people("(Record() if known else PublicRecord()).dump(user)"),
            "The address of emmy is for emmy alone",
        ),
        "names and no more": (
            _people("PublicRecord().dump(user)"),
            "Whoever is logged in may know their own address",
        ),
        "an empty address for all others": (
            _people(
                '{"name": user.name, "email": user.email if known and user == current_user else ""}'
            ),
            "Who reads email?",
        ),
        "for members only": (
            """
            def add_people(app):
                from flask_login import login_required

                @app.get("/people")
                @login_required
                def people():
                    return {"people": [PublicRecord().dump(user) for user in User.objects]}
            """,
            "Everybody may ask, also who is not logged in",
        ),
        "strangers crash it": (
            _people("(Record() if current_user.id == user.id else PublicRecord()).dump(user)"),
            "500 Internal Server Error: AttributeError",
        ),
        "the example only": (
            """
            def add_people(app):
                @app.get("/people")
                def people():
                    return {"people": [{"name": "ada"}]}
            """,
            "Everybody who is in the database is in the list",
        ),
        "read once": (
            """
            def add_people(app):
                shown = []

                @app.get("/people")
                def people():
                    shown[:] = shown or [{"name": user.name} for user in User.objects]
                    own = current_user.is_authenticated and current_user
                    return {"people": [
                        one | ({"email": own.email} if own and own.name == one["name"] else {})
                        for one in shown
                    ]}
            """,
            "after ada has left",
        ),
        "only the caller": (
            """
            def add_people(app):
                @app.get("/people")
                def people():
                    if current_user.is_authenticated:
                        return {"people": [current_user.public()]}
                    return {"people": [{"name": user.name} for user in User.objects]}
            """,
            "Everybody who is in the database is in the list",
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
