"""Answers to the exercises of notebook 07."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCH = PATCHES_THE_CLIENT.strip().replace("\n", "\n" + " " * 12)

answers(
    "7.1",
    right=[
        """
        def mended_memory():
            app = remembering_app()

            def ask_each_time(user_id):
                try:
                    return User.objects.get(id=user_id)
                except User.DoesNotExist:
                    return None

            app.login_manager.user_loader(ask_each_time)
            return app
        """,
        """
        def mended_memory():
            return create_app()
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_memory():
                return remembering_app()
            """,
            "Where does the old address come from, if not from the database?",
        ),
        "no return": (
            """
            def mended_memory():
                app = remembering_app()
                app.login_manager.user_loader(lambda user_id: None)
            """,
            "Does the function end with `return app`?",
        ),
        "the loader is written and not registered": (
            """
            def mended_memory():
                app = remembering_app()

                def load_user(user_id):
                    return User.objects(id=user_id).first()

                return app
            """,
            "expected: 200 in the body, and {'name': 'grace', 'email': 'grace@example.com'}",
        ),
        "another cache": (
            """
            def mended_memory():
                from functools import lru_cache
                app = remembering_app()

                @app.login_manager.user_loader
                @lru_cache
                def load_user(user_id):
                    return User.objects(id=user_id).first()

                return app
            """,
            "Where does the old address come from, if not from the database?",
        ),
        "asks only whether there is such a record": (
            """
            def mended_memory():
                app = remembering_app()
                remembered = app.login_manager._user_callback

                @app.login_manager.user_loader
                def load_user(user_id):
                    return remembered(user_id) if User.objects(id=user_id) else None

                return app
            """,
            "after her address was changed in the database",
        ),
        "reads what it remembers anew, and never forgets": (
            """
            def mended_memory():
                app = remembering_app()
                known = {}

                @app.login_manager.user_loader
                def load_user(user_id):
                    known[user_id] = User.objects(id=user_id).first() or known.get(user_id)
                    return known[user_id]

                return app
            """,
            "Another process may have deleted her: only the database knows.",
        ),
        "forgets when the app itself writes": (
            """
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
            """,
            "after her address was changed in the database",
        ),
        "raises for somebody who is gone": (
            """
            def mended_memory():
                app = remembering_app()
                app.login_manager.user_loader(lambda user_id: User.objects.get(id=user_id))
                return app
            """,
            "DoesNotExist",
        ),
        "nobody is known": (
            """
            def mended_memory():
                app = remembering_app()
                app.login_manager.user_loader(lambda user_id: None)
                return app
            """,
            "Who is logged in is known.",
        ),
        "only the view asks": (
            """
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
            """,
            "called: PUT /",
        ),
        "right for the example only": (
            """
            def mended_memory():
                app = remembering_app()
                ada = {"name": "ada", "email": "ada@example.org"}
                app.view_functions["user_info"] = lambda: {"result": 200, "data": ada}
                return app
            """,
            "called: POST /user_info, grace, logged in",
        ),
        "patches the client": (
            f"""
            def mended_memory():
                {PATCH}
                return remembering_app()
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "7.2",
    right=[
        """
        def refuse_no_json(app):
            import json

            def refuse(error):
                return {"error": str(error)}, 400

            app.register_error_handler(json.JSONDecodeError, refuse)
            app.register_error_handler(UnicodeDecodeError, refuse)
        """,
        """
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
        """,
        """
        def refuse_no_json(app):
            @app.errorhandler(500)
            def refuse(error):
                if isinstance(error.original_exception, ValueError):
                    return {"error": "send JSON"}, 400
                return error
        """,
    ],
    wrong={
        "empty": (
            """
            def refuse_no_json(app):
                pass
            """,
            "came back: 500 Internal Server Error: JSONDecodeError",
        ),
        "400 in the body only": (
            """
            def refuse_no_json(app):
                @app.errorhandler(ValueError)
                def refuse(error):
                    return jsonify(result=400, error="send JSON")
            """,
            'came back: 200 OK {"error":"send JSON","result":400}; expected: the status 400',
        ),
        "the login only": (
            """
            def refuse_no_json(app):
                import json
                login = app.view_functions["login"]

                def careful():
                    try:
                        return login()
                    except ValueError:
                        return jsonify(error="send JSON"), 400

                app.view_functions["login"] = careful
            """,
            "called: PATCH /motto, with the body b'no json'; came back: 500",
        ),
        "a list of the views there are": (
            """
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
            """,
            "also one that is added later",
        ),
        "text that is no JSON, and no bytes": (
            """
            def refuse_no_json(app):
                import json

                @app.errorhandler(json.JSONDecodeError)
                def refuse(error):
                    return jsonify(error="send JSON"), 400
            """,
            "with the body b'\\xff'; came back: 500 Internal Server Error: UnicodeDecodeError",
        ),
        "forgets the empty body": (
            """
            def refuse_no_json(app):
                import json

                @app.before_request
                def look():
                    try:
                        json.loads(request.data or "{}")
                    except ValueError:
                        return jsonify(error="send JSON"), 400
            """,
            "with the body b''; came back: 500",
        ),
        "wants a body of everybody who writes": (
            """
            def refuse_no_json(app):
                import json

                @app.before_request
                def look():
                    if request.method != "GET":
                        try:
                            json.loads(request.data)
                        except ValueError:
                            return jsonify(error="send JSON"), 400
            """,
            "Not every POST has a body.",
        ),
        "wants a body of everybody": (
            """
            def refuse_no_json(app):
                app.before_request(lambda: request.get_json() and None)
            """,
            "called: GET /?name=emmy, without a body",
        ),
        "every error is the caller's": (
            """
            def refuse_no_json(app):
                @app.errorhandler(500)
                def refuse(error):
                    return jsonify(error="send JSON"), 400
            """,
            "Catch the error of a body that is no JSON, and no other.",
        ),
        "everything that is raised": (
            """
            def refuse_no_json(app):
                @app.errorhandler(Exception)
                def refuse(error):
                    return jsonify(error="send JSON"), 400
            """,
            "expected: 404: there is no such path, as before",
        ),
        "every answer is 400": (
            """
            def refuse_no_json(app):
                app.before_request(lambda: ("send JSON", 400))
            """,
            "the login works as it did",
        ),
        "the body of the example only": (
            """
            def refuse_no_json(app):
                @app.before_request
                def look():
                    if request.data == b"no json":
                        return jsonify(error="send JSON"), 400
            """,
            "came back: 500 Internal Server Error: JSONDecodeError",
        ),
        "patches the client": (
            f"""
            def refuse_no_json(app):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "7.3",
    right=[
        """
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
        """,
        """
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
        """,
    ],
    wrong={
        "empty": (
            """
            def add_rename(app):
                pass
            """,
            "called: POST /rename {'name': 'mallory'}, not logged in; came back: 404",
        ),
        "no guard": (
            """
            def add_rename(app):
                @app.post("/rename")
                def rename():
                    current_user.name = request.json["name"]
                    current_user.save()
                    return current_user.public()
            """,
            "a stranger has no name to change",
        ),
        "the guard above the route": (
            """
            def add_rename(app):
                @login_required
                @app.post("/rename")
                def rename():
                    current_user.name = request.json["name"]
                    current_user.save()
                    return current_user.public()
            """,
            "Does the guard stand below the route?",
        ),
        "takes whatever is sent": (
            """
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
            """,
            "expected: the status 400: that is no name",
        ),
        "an empty name only": (
            """
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
            """,
            "called: POST /rename {'name': 7}",
        ),
        "takes a name that somebody has": (
            """
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
            """,
            "a name can belong to one user only",
        ),
        "a new record in place of the old": (
            """
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
            """,
            "in the same browser; came back: 200 OK "
            '{"data":{"message":"user no login"},"result":401}',
        ),
        "a new record, and a new login": (
            """
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
            """,
            "in her second browser",
        ),
        "a copy, and the old one stays": (
            """
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
            """,
            "Is it still the id of her record, and did it get the new name?",
        ),
        "never saved": (
            """
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
            """,
            "did it get the new name?",
        ),
        "answers with what was there before": (
            """
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
            """,
            '{"email":"grace@example.org","name":"grace"}; expected: a JSON object with '
            '{"name": "hopper"',
        ),
        "logs out after it": (
            """
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
            """,
            "grace, after the rename, in the same browser",
        ),
        "forgets the password": (
            """
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
            """,
            "a new name, and the password that she had",
        ),
        "renames the first user there is": (
            """
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
            """,
            '"email":"emmy@example.org"',
        ),
        "patches the client": (
            f"""
            def add_rename(app):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)
