"""Answers to the exercises of notebook 02."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

answers(
    "2.1",
    right=[
        """
        def send_strangers_to(app, view):
            app.secret_key = "another key"
            setattr(app.login_manager, "login_view", view)
        """,
        """
        def send_strangers_to(app, view):
            app.config.update(SECRET_KEY="some key")
            rules = app.url_map.iter_rules(view)
            app.login_manager.login_view = next(rules).rule
        """,
        """
        def send_strangers_to(app, view):
            from flask_login import LoginManager
            app.config["SECRET_KEY"] = "some key"
            manager = LoginManager(app)
            manager.login_view = view
            return app
        """,
    ],
    wrong={
        "empty": (
            """
            def send_strangers_to(app, view):
                pass
            """,
            "the login manager of this app knows no login view",
        ),
        "no secret key": (
            """
            def send_strangers_to(app, view):
                app.login_manager.login_view = view
            """,
            "The message for the login page needs a session",
        ),
        "the key under another name": (
            """
            def send_strangers_to(app, view):
                app.config["SECRET"] = "some key"
                app.login_manager.login_view = view
            """,
            'set app.config["SECRET_KEY"]',
        ),
        "the lines of the notebook": (
            """
            def send_strangers_to(app, view):
                app.config["SECRET_KEY"] = "some key"
                app.login_manager.login_view = "login"
            """,
            "No view has the name that was set",
        ),
        "a path made of the name": (
            """
            def send_strangers_to(app, view):
                app.config["SECRET_KEY"] = "some key"
                app.login_manager.login_view = "/" + view
            """,
            "A text that begins with / is taken for a path",
        ),
        "right for the first view only": (
            """
            def send_strangers_to(app, view):
                app.config["SECRET_KEY"] = "some key"
                app.login_manager.login_view = "sign_in"
            """,
            "expected: a redirect to /welcome?next=/private",
        ),
        "the function and not its name": (
            """
            def send_strangers_to(app, view):
                app.config["SECRET_KEY"] = "some key"
                app.login_manager.login_view = app.view_functions[view]
            """,
            "and a text: the name of a view",
        ),
        "a login manager that is bound to nothing": (
            """
            def send_strangers_to(app, view):
                from flask_login import LoginManager
                app.config["SECRET_KEY"] = "some key"
                login_manager = LoginManager()
                login_manager.login_view = view
            """,
            "On which object was it set?",
        ),
        "a setting of the app": (
            """
            def send_strangers_to(app, view):
                app.config["SECRET_KEY"] = "some key"
                app.config["LOGIN_VIEW"] = view
            """,
            "On which object was it set?",
        ),
        "patches the client": (
            f"""
            def send_strangers_to(app, view):
                {PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)}
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "2.2",
    right=[
        """
        def login_with_status():
            from flask import make_response
            sent = request.get_json()
            user = User.objects(name=sent.get("username", "guest")).first()
            if user and user.password == sent.get("password"):
                login_user(user)
                return user.public()
            answer = make_response({"reason": "Username or Password Error"})
            answer.status_code = 401
            return answer
        """,
        """
        def login_with_status():
            from flask import abort
            info = json.loads(request.data)
            try:
                user = User.objects.get(
                    name=info["username"], password=info["password"]
                )
            except (KeyError, User.DoesNotExist):
                answer = jsonify(status=401, reason="Username or Password Error")
                return answer, 401, {"Cache-Control": "no-store"}
            login_user(user)
            return jsonify(user.public()), 200
        """,
    ],
    wrong={
        "empty": (
            """
            def login_with_status():
                pass
            """,
            "did not return a valid response",
        ),
        "the view of the notebook": (
            """
            def login_with_status():
                info = json.loads(request.data)
                username = info.get("username", "guest")
                password = info.get("password", "")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    return jsonify(status=401, reason="Username or Password Error")
                login_user(user)
                return jsonify(user.public())
            """,
            "The status stands behind the body",
        ),
        "the status before the body": (
            """
            def login_with_status():
                info = json.loads(request.data)
                username, password = info.get("username"), info.get("password")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    return 401, jsonify(reason="Username or Password Error")
                login_user(user)
                return jsonify(user.public())
            """,
            "A view returns a body, or a body and a status",
        ),
        "the status inside the body": (
            """
            def login_with_status():
                info = json.loads(request.data)
                username, password = info.get("username"), info.get("password")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    return jsonify({"reason": "Username or Password Error"}, 401)
                login_user(user)
                return jsonify(user.public())
            """,
            "expected: 401 Unauthorized",
        ),
        "the status without a reason": (
            """
            def login_with_status():
                from flask import abort
                info = json.loads(request.data)
                username, password = info.get("username"), info.get("password")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    abort(401)
                login_user(user)
                return jsonify(user.public())
            """,
            "The reason stays what it was",
        ),
        "says which of the two is wrong": (
            """
            def login_with_status():
                info = json.loads(request.data)
                user = User.objects(name=info.get("username", "guest")).first()
                if user is None:
                    return jsonify(reason="No such user"), 401
                if user.password != info.get("password"):
                    return jsonify(reason="Username or Password Error"), 401
                login_user(user)
                return jsonify(user.public())
            """,
            "whatever of the two is wrong",
        ),
        "refuses everybody": (
            """
            def login_with_status():
                return jsonify(reason="Username or Password Error"), 401
            """,
            "This is the right password. Answer with user.public()",
        ),
        "nobody is logged in": (
            """
            def login_with_status():
                info = json.loads(request.data)
                username, password = info.get("username"), info.get("password")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    return jsonify(reason="Username or Password Error"), 401
                return jsonify(user.public())
            """,
            "Is login_user(user) called?",
        ),
        "asks for the name only": (
            """
            def login_with_status():
                info = json.loads(request.data)
                user = User.objects(name=info.get("username")).first()
                if user is None:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(user)
                return jsonify(user.public())
            """,
            "Name and password have to be of one user",
        ),
        "logs in and then refuses": (
            """
            def login_with_status():
                info = json.loads(request.data)
                user = User.objects(name=info.get("username")).first()
                if user is not None:
                    login_user(user)
                    if user.password == info.get("password"):
                        return jsonify(user.public())
                return jsonify(reason="Username or Password Error"), 401
            """,
            "The app put a user into the session",
        ),
        "crashes without a password": (
            """
            def login_with_status():
                info = json.loads(request.data)
                user = User.objects(name=info["username"], password=info["password"]).first()
                if user is None:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(user)
                return jsonify(user.public())
            """,
            "It is asked without a name and a password too",
        ),
        "403 in place of 401": (
            """
            def login_with_status():
                info = json.loads(request.data)
                username, password = info.get("username"), info.get("password")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    return jsonify(reason="Username or Password Error"), 403
                login_user(user)
                return jsonify(user.public())
            """,
            "came back: 403 Forbidden",
        ),
        "shows the password": (
            """
            def login_with_status():
                info = json.loads(request.data)
                username, password = info.get("username"), info.get("password")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(user)
                return jsonify(name=user.name, email=user.email, password=user.password)
            """,
            "Answer with user.public()",
        ),
        "401 whatever comes": (
            """
            def login_with_status():
                info = json.loads(request.data)
                username, password = info.get("username"), info.get("password")
                user = User.objects(name=username, password=password).first()
                if user is None:
                    return jsonify(reason="Username or Password Error"), 401
                login_user(user)
                return jsonify(user.public()), 401
            """,
            'expected: 200 OK and {"name": "ada"',
        ),
    },
)

answers(
    "2.3",
    right=[
        """
        def mended_app():
            from flasklogin_tutorial.steps.step01_bind_login_manager import create_app

            app = create_app()
            app.config["SECRET_KEY"] = "some key"
            app.login_manager.login_view = "log_in"
            app.add_url_rule("/people/log-in", "log_in", lambda: "Log in here.")
            app.add_url_rule("/private", "private", app.login_manager.unauthorized)
            return app
        """,
        """
        def mended_app():
            app = broken_app()
            manager = app.login_manager
            manager.login_view, app.login_view = app.login_view, None
            return app
        """,
        """
        def mended_app():
            app = broken_app()
            app.login_manager.login_view = "/people/log-in"
            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_app():
                return broken_app()
            """,
            "On which object was it set?",
        ),
        "no return": (
            """
            def mended_app():
                app = broken_app()
                app.login_manager.login_view = "log_in"
            """,
            "Does the function end with `return app`?",
        ),
        "the name in the notebook": (
            """
            def mended_app():
                app = broken_app()
                app.login_manager.login_view = "login"
                return app
            """,
            "No view has the name that was set",
        ),
        "the path without its slash": (
            """
            def mended_app():
                app = broken_app()
                app.login_manager.login_view = "people/log-in"
                return app
            """,
            "login_view is the name of a view function",
        ),
        "a path that is not there": (
            """
            def mended_app():
                app = broken_app()
                app.login_manager.login_view = "/log_in"
                return app
            """,
            "302 Found, to /log_in?next=%2Fprivate; expected: a redirect to /people/log-in",
        ),
        "a setting of the app": (
            """
            def mended_app():
                app = broken_app()
                app.config["LOGIN_VIEW"] = "log_in"
                return app
            """,
            "On which object was it set?",
        ),
        "a manager that is bound to nothing": (
            """
            def mended_app():
                from flask_login import LoginManager
                app = broken_app()
                login_manager = LoginManager()
                login_manager.login_view = "log_in"
                return app
            """,
            "On which object was it set?",
        ),
        "a redirect of its own": (
            """
            def mended_app():
                from flask import redirect
                app = broken_app()
                app.view_functions["private"] = lambda: redirect("/people/log-in")
                return app
            """,
            "unauthorized() sends the path along as next",
        ),
        "one page only": (
            """
            def mended_app():
                from flask import redirect
                app = broken_app()
                to = "/people/log-in?next=/private"
                app.view_functions["private"] = lambda: redirect(to)
                return app
            """,
            "GET /members, not logged in; came back: 401",
        ),
        "the login page sends strangers away too": (
            """
            def mended_app():
                app = broken_app()
                app.login_manager.login_view = "log_in"
                app.view_functions["log_in"] = app.login_manager.unauthorized
                return app
            """,
            "must be let in there",
        ),
        "no login manager at all": (
            """
            def mended_app():
                from flask import Flask
                return Flask("mine")
            """,
            "an app without a login manager",
        ),
        "patches the client": (
            f"""
            def mended_app():
                {PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)}
                return broken_app()
            """,
            "Leave these alone",
        ),
    },
)
