"""Answers to the exercises of notebook 06."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCH = PATCHES_THE_CLIENT.strip().replace("\n", "\n" + " " * 12)

answers(
    "6.1",
    right=[
        """
        def add_me(app):
            from flask import abort

            @app.route("/me")
            def me():
                if current_user.is_anonymous:
                    abort(401)
                return {"name": current_user.name, "email": current_user.email}
        """,
        """
        def add_me(app):
            def tell():
                user_id = current_user.get_id()
                if user_id is None:
                    return "nobody", 401, {"WWW-Authenticate": "Session"}
                return User.objects.get(id=user_id).public()

            app.add_url_rule("/me", "me", tell)
            return app
        """,
    ],
    wrong={
        "empty": (
            """
            def add_me(app):
                pass
            """,
            "called: GET /me, logged in as grace; came back: 404",
        ),
        "the notebook's view": (
            """
            def add_me(app):
                @app.route("/me", methods=["POST"])
                def me():
                    if current_user.is_authenticated:
                        return jsonify(result=200, data=current_user.public())
                    return jsonify(result=401, data={"message": "user no login"})
            """,
            "came back: 405",
        ),
        "401 in the body only": (
            """
            def add_me(app):
                @app.get("/me")
                def me():
                    if current_user.is_authenticated:
                        return jsonify(current_user.public())
                    return jsonify(result=401, error="nobody is logged in")
            """,
            "A program reads the status line first.",
        ),
        "the guard": (
            """
            def add_me(app):
                from flask_login import login_required

                @app.get("/me")
                @login_required
                def me():
                    return jsonify(current_user.public())
            """,
            "came back: 302 Found, to /login?next=%2Fme; expected: the status 401",
        ),
        "a user is always true": (
            """
            def add_me(app):
                @app.get("/me")
                def me():
                    if current_user:
                        return jsonify(current_user.public())
                    return jsonify(error="nobody is logged in"), 401
            """,
            "has no attribute 'public'",
        ),
        "the password too": (
            """
            def add_me(app):
                @app.get("/me")
                def me():
                    if current_user.is_authenticated:
                        user = current_user
                        return {**user.public(), "password": user.password}
                    return {"error": "nobody is logged in"}, 401
            """,
            "the password is nobody's business",
        ),
        "asks once, before there is a request": (
            """
            def add_me(app):
                name, email = current_user.name, current_user.email

                @app.get("/me")
                def me():
                    return {"name": name, "email": email}
            """,
            "'NoneType' object has no attribute 'name'",
        ),
        "remembers who asked first": (
            """
            def add_me(app):
                seen = []

                @app.get("/me")
                def me():
                    if not seen and current_user.is_authenticated:
                        seen.append(current_user.public())
                    return seen[0] if seen else ({"error": "nobody"}, 401)
            """,
            "called: GET /me, logged in as emmy; came back: 200 OK "
            '{"email":"grace@example.org","name":"grace"}',
        ),
        "remembers who asked last": (
            """
            def add_me(app):
                seen = {}

                @app.get("/me")
                def me():
                    if current_user.is_authenticated:
                        seen["last"] = current_user.public()
                    return seen["last"] if seen else ({"error": "nobody"}, 401)
            """,
            "called: GET /me, not logged in; came back: 200 OK",
        ),
        "everybody is Ada": (
            """
            def add_me(app):
                @app.get("/me")
                def me():
                    if current_user.is_authenticated:
                        return {"name": "ada", "email": "ada@example.org"}
                    return {"error": "nobody is logged in"}, 401
            """,
            'expected: a JSON object with {"name": "grace"',
        ),
        "patches the client": (
            f"""
            def add_me(app):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "6.2",
    right=[
        """
        def mended_logout():
            from flask import session
            app = sticky_app()
            said = app.view_functions["logout"]

            def forget():
                session.clear()
                return said()

            app.view_functions["logout"] = forget
            return app
        """,
        """
        def mended_logout():
            app = sticky_app()

            @app.before_request
            def leave_first():
                if request.endpoint == "logout":
                    logout_user()

            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_logout():
                return sticky_app()
            """,
            "called: POST /user_info, grace, after her logout; came back: 200 OK",
        ),
        "no return": (
            """
            def mended_logout():
                app = sticky_app()
                app.view_functions["logout"] = logout_user
            """,
            "Does the function end with `return app`?",
        ),
        "without the brackets": (
            """
            def mended_logout():
                app = sticky_app()

                def logout():
                    logout_user
                    return {"result": 200, "data": {"message": "logout success"}}

                app.view_functions["logout"] = logout
                return app
            """,
            "The logout has to take her id out of the session.",
        ),
        "another key that is not there": (
            """
            def mended_logout():
                from flask import session
                app = sticky_app()

                def logout():
                    session.pop("username", None)
                    return {"result": 200, "data": {"message": "logout success"}}

                app.view_functions["logout"] = logout
                return app
            """,
            "What is its key called?",
        ),
        "a second route behind the first": (
            """
            def mended_logout():
                app = sticky_app()

                @app.post("/logout")
                def real_logout():
                    logout_user()
                    return {"result": 200, "data": {"message": "logout success"}}

                return app
            """,
            "called: POST /user_info, grace, after her logout; came back: 200 OK",
        ),
        "the view returns nothing": (
            """
            def mended_logout():
                app = sticky_app()

                def logout():
                    logout_user()

                app.view_functions["logout"] = logout
                return app
            """,
            "TypeError: The view function for 'logout' did not return a valid response.",
        ),
        "user_info knows nobody": (
            """
            def mended_logout():
                app = sticky_app()
                nobody = {"result": 401, "data": {"message": "user no login"}}
                app.view_functions["user_info"] = lambda: nobody
                return app
            """,
            "The mistake is in the logout. This view is right.",
        ),
        "logs out at every request": (
            """
            def mended_logout():
                app = sticky_app()
                app.before_request(lambda: logout_user() and None)
                return app
            """,
            "called: POST /user_info, grace, logged in; came back",
        ),
        "a new secret key": (
            """
            def mended_logout():
                import secrets
                app = sticky_app()

                def logout():
                    app.secret_key = secrets.token_hex()
                    return {"result": 200, "data": {"message": "logout success"}}

                app.view_functions["logout"] = logout
                return app
            """,
            "Grace leaves, and emmy stays",
        ),
        "deletes the user": (
            """
            def mended_logout():
                app = sticky_app()

                def logout():
                    current_user.delete()
                    return {"result": 200, "data": {"message": "logout success"}}

                app.view_functions["logout"] = logout
                return app
            """,
            "the login works as it did",
        ),
        "a list of who has left": (
            """
            def mended_logout():
                app = sticky_app()
                left, load = set(), app.login_manager._user_callback
                say = app.view_functions["logout"]

                def logout():
                    left.add(current_user.get_id())
                    return say()

                app.view_functions["logout"] = logout
                app.login_manager.user_loader(lambda i: None if i in left else load(i))
                return app
            """,
            "Who leaves may come back later.",
        ),
        "patches the client": (
            f"""
            def mended_logout():
                {PATCH}
                return sticky_app()
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "6.3",
    right=[
        """
        def mended_signup():
            app = signup_app()

            def signup():
                user = User(**{key: request.json[key] for key in ("name", "password", "email")})
                login_user(user.save())
                return jsonify(user.public())

            app.view_functions["signup"] = signup
            return app
        """,
        """
        def mended_signup():
            app = signup_app()
            signup = app.view_functions["signup"]

            def sign_up_and_log_in():
                answer = signup()
                login_user(User.objects(email=answer["email"]).first())
                return answer

            app.view_functions["signup"] = sign_up_and_log_in
            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_signup():
                return signup_app()
            """,
            "What does the session hold as _user_id? It is what get_id() gave at the login.",
        ),
        "no return": (
            """
            def mended_signup():
                app = signup_app()
                app.view_functions["signup"] = lambda: {}
            """,
            "Does the function end with `return app`?",
        ),
        "saved, and not logged in": (
            """
            def mended_signup():
                app = signup_app()

                def signup():
                    info = json.loads(request.data)
                    return User(**info).save().public()

                app.view_functions["signup"] = signup
                return app
            """,
            "Signing up logs in",
        ),
        "logged in, and not saved": (
            """
            def mended_signup():
                app = signup_app()

                def signup():
                    user = User(**json.loads(request.data))
                    login_user(user)
                    return user.public()

                app.view_functions["signup"] = signup
                return app
            """,
            "came back: 0 records with the name grace; expected: one record",
        ),
        "one is saved and another logged in": (
            """
            def mended_signup():
                app = signup_app()

                def signup():
                    info = json.loads(request.data)
                    User(**info).save()
                    user = User(**info)
                    login_user(user)
                    return user.public()

                app.view_functions["signup"] = signup
                return app
            """,
            "came back: 500 Internal Server Error: ValidationError",
        ),
        "signs up twice": (
            """
            def mended_signup():
                app = signup_app()
                signup = app.view_functions["signup"]

                def again():
                    answer = signup()
                    login_user(User(**json.loads(request.data)).save())
                    return answer

                app.view_functions["signup"] = again
                return app
            """,
            "The user that is saved and the user that is logged in are one document.",
        ),
        "a loader that survives the wrong id": (
            """
            def mended_signup():
                from bson import ObjectId
                app = signup_app()

                @app.login_manager.user_loader
                def load(user_id):
                    return User.objects(id=user_id).first() if ObjectId.is_valid(user_id) else None

                return app
            """,
            "the session has to hold the id of the new user",
        ),
        "right for the first user only": (
            """
            def mended_signup():
                app = signup_app()

                def signup():
                    user = User(**json.loads(request.data)).save()
                    login_user(User.objects.first())
                    return user.public()

                app.view_functions["signup"] = signup
                return app
            """,
            "called: POST /user_info, emmy, after the sign-up; came back: 200 OK "
            '{"data":{"email":"grace@example.org"',
        ),
        "the newest user is whoever asks": (
            """
            def mended_signup():
                app = signup_app()

                @app.login_manager.user_loader
                def load(user_id):
                    return User.objects.order_by("-id").first()

                return app
            """,
            "called: POST /user_info, grace, after the sign-up; came back: 200 OK "
            '{"data":{"email":"emmy@example.org"',
        ),
        "an id of its own": (
            """
            def mended_signup():
                from flask import session
                app = signup_app()
                signup = app.view_functions["signup"]

                def named():
                    answer = signup()
                    session["_user_id"] = answer["name"]
                    return answer

                app.view_functions["signup"] = named
                return app
            """,
            "It is what get_id() gave at the login.",
        ),
        "forgets the password": (
            """
            def mended_signup():
                app = signup_app()

                def signup():
                    info = json.loads(request.data)
                    user = User(name=info["name"], email=info["email"]).save()
                    login_user(user)
                    return user.public()

                app.view_functions["signup"] = signup
                return app
            """,
            "Log in again with what was signed up with: is all of it stored?",
        ),
        "user_info knows everybody": (
            """
            def mended_signup():
                app = signup_app()
                grace = {"name": "grace", "email": "grace@example.org"}
                app.view_functions["user_info"] = lambda: {"result": 200, "data": grace}
                return app
            """,
            "called: POST /user_info, emmy, after the sign-up",
        ),
        "patches the client": (
            f"""
            def mended_signup():
                {PATCH}
                return signup_app()
            """,
            "Leave these alone",
        ),
    },
)
