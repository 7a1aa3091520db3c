"""Answers to the exercises of notebook 01."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

answers(
    "1.1",
    right=[
        """
        def bind_all(apps):
            first, *others = apps
            login_manager = LoginManager(first)
            for app in others:
                login_manager.init_app(app)
            return login_manager
        """,
        """
        def bind_all(apps):
            manager = LoginManager()
            list(map(manager.init_app, apps))
            return manager
        """,
    ],
    wrong={
        "empty": (
            """
            def bind_all(apps):
                pass
            """,
            "came back: nothing; expected: the login manager",
        ),
        "made and not bound": (
            """
            def bind_all(apps):
                return LoginManager()
            """,
            "app 1 of 1 has no login manager",
        ),
        "a manager for each app": (
            """
            def bind_all(apps):
                for app in apps:
                    login_manager = LoginManager()
                    login_manager.init_app(app)
                return login_manager
            """,
            "LoginManager() makes a new one each time",
        ),
        "the return stands in the loop": (
            """
            def bind_all(apps):
                login_manager = LoginManager()
                for app in apps:
                    login_manager.init_app(app)
                    return login_manager
            """,
            "app 2 of 3 has no login manager",
        ),
        "the list and not the apps": (
            """
            def bind_all(apps):
                login_manager = LoginManager()
                login_manager.init_app(apps)
                return login_manager
            """,
            "'list' object has no attribute",
        ),
        "the two lines of the notebook": (
            """
            def bind_all(apps):
                login_manager = LoginManager()
                login_manager.init_app(app)
                return login_manager
            """,
            "name 'app' is not defined",
        ),
        "sets the attribute by hand": (
            """
            def bind_all(apps):
                login_manager = LoginManager()
                for app in apps:
                    app.login_manager = login_manager
                return login_manager
            """,
            "init_app does more than to set the attribute",
        ),
        "returns the list": (
            """
            def bind_all(apps):
                login_manager = LoginManager()
                for app in apps:
                    login_manager.init_app(app)
                return apps
            """,
            "came back: list",
        ),
        "the class and not a manager": (
            """
            def bind_all(apps):
                for app in apps:
                    LoginManager.init_app(app)
                return LoginManager
            """,
            "missing 1 required positional argument",
        ),
    },
)

answers(
    "1.2",
    right=[
        """
        def mended_app():
            app = broken_app()
            app.login_manager.request_loader(load_caller)
            return app
        """,
        """
        def mended_app():
            app = app_with_callers()

            def whoami():
                known = current_user.is_authenticated
                return {"name": current_user.name if known else None}

            app.add_url_rule("/whoami", view_func=whoami)
            return app
        """,
        """
        def mended_app():
            from flasklogin_tutorial.steps.step00_records_api import create_app

            app = create_app()
            login_manager = LoginManager(app)
            login_manager.request_loader(load_caller)

            @app.get("/whoami")
            def whoami():
                return {"name": getattr(current_user, "name", None)}

            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_app():
                return broken_app()
            """,
            "Missing user_loader or request_loader",
        ),
        "empty": (
            """
            def mended_app():
                app = broken_app()
            """,
            "Does the function end with `return app`?",
        ),
        "binds once more": (
            """
            def mended_app():
                app = broken_app()
                LoginManager(app)
                return app
            """,
            "Which login manager does the view ask?",
        ),
        "a loader that knows nobody": (
            """
            def mended_app():
                app = broken_app()
                app.login_manager.user_loader(lambda user_id: None)
                return app
            """,
            "The login manager of the app has to know load_caller",
        ),
        "the loader on a manager that is bound to nothing": (
            """
            def mended_app():
                app = broken_app()
                login_manager = LoginManager()
                login_manager.request_loader(load_caller)
                return app
            """,
            "Which login manager does the view ask?",
        ),
        "no login manager at all": (
            """
            def mended_app():
                from flask import Flask
                return Flask("mine")
            """,
            "an app without a login manager",
        ),
        "the page is lost": (
            """
            def mended_app():
                return app_with_callers()
            """,
            "The app of the exercise has this page",
        ),
        "the view asks nobody": (
            """
            def mended_app():
                app = broken_app()
                app.view_functions["whoami"] = lambda: {"name": None}
                return app
            """,
            'expected: a JSON object with {"name": "ada"}',
        ),
        "everybody is Ada": (
            """
            def mended_app():
                app = broken_app()
                app.view_functions["whoami"] = lambda: {"name": "ada"}
                return app
            """,
            "GET /whoami, not logged in; came back",
        ),
        "believes the name without the password": (
            """
            def mended_app():
                app = broken_app()

                @app.login_manager.request_loader
                def load(request):
                    from flasklogin_tutorial.exercises.ch01 import Caller
                    sent = request.authorization
                    return Caller(User.objects(name=sent.username).first()) if sent else None

                return app
            """,
            "load_caller finds nobody here",
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

answers(
    "1.3",
    right=[
        """
        def guard_delete(app):
            from flask_login import login_required
            views = app.view_functions
            views["delete_record"] = login_required(views["delete_record"])
        """,
        """
        def guard_delete(app):
            from flask import request

            @app.before_request
            def ask():
                if request.method == "DELETE" and current_user.is_anonymous:
                    return app.login_manager.unauthorized()
        """,
    ],
    wrong={
        "empty": (
            """
            def guard_delete(app):
                pass
            """,
            "DELETE answered 200, and the record is gone",
        ),
        "binds a login manager": (
            """
            def guard_delete(app):
                login_manager = LoginManager()
                login_manager.init_app(app)
            """,
            "Does the view ask before it deletes",
        ),
        "asks and does not return": (
            """
            def guard_delete(app):
                view = app.view_functions["delete_record"]

                def guarded():
                    if not current_user.is_authenticated:
                        {"error": "log in first"}, 401
                    return view()

                app.view_functions["delete_record"] = guarded
            """,
            "does it return when nobody is known",
        ),
        "asks once, outside of a request": (
            """
            def guard_delete(app):
                if not current_user.is_authenticated:
                    app.view_functions["delete_record"] = lambda: ({"error": "no"}, 401)
            """,
            "expected: a guard for later: nobody is calling",
        ),
        "refuses everybody": (
            """
            def guard_delete(app):
                app.view_functions["delete_record"] = lambda: ({"error": "no"}, 401)
            """,
            "Whoever is known goes on to the old view",
        ),
        "the wrong way round": (
            """
            def guard_delete(app):
                view = app.view_functions["delete_record"]

                def guarded():
                    if current_user.is_authenticated:
                        return {"error": "log in first"}, 401
                    return view()

                app.view_functions["delete_record"] = guarded
            """,
            "after a DELETE not logged in",
        ),
        "deletes and then asks": (
            """
            def guard_delete(app):
                view = app.view_functions["delete_record"]

                def guarded():
                    done = view()
                    if not current_user.is_authenticated:
                        return {"error": "log in first"}, 401
                    return done

                app.view_functions["delete_record"] = guarded
            """,
            "DELETE answered 401, and the record is gone",
        ),
        "tests whether there is a current_user": (
            """
            def guard_delete(app):
                view = app.view_functions["delete_record"]

                def guarded():
                    if current_user is None:
                        return {"error": "log in first"}, 401
                    return view()

                app.view_functions["delete_record"] = guarded
            """,
            "Does the view ask before it deletes",
        ),
        "any password will do": (
            """
            def guard_delete(app):
                from flask import request
                view = app.view_functions["delete_record"]

                def guarded():
                    if request.authorization is None:
                        return {"error": "log in first"}, 401
                    return view()

                app.view_functions["delete_record"] = guarded
            """,
            "after a DELETE with a wrong password",
        ),
        "says no with 200": (
            """
            def guard_delete(app):
                view = app.view_functions["delete_record"]

                def guarded():
                    if not current_user.is_authenticated:
                        return {"status": 401, "error": "log in first"}
                    return view()

                app.view_functions["delete_record"] = guarded
            """,
            "expected: 401 Unauthorized",
        ),
        "known callers delete nothing": (
            """
            def guard_delete(app):
                def guarded():
                    if not current_user.is_authenticated:
                        return {"error": "log in first"}, 401
                    return {"name": current_user.name}

                app.view_functions["delete_record"] = guarded
            """,
            "from the view that was there before",
        ),
        "known callers are shown the record and keep it": (
            """
            def guard_delete(app):
                def guarded():
                    if not current_user.is_authenticated:
                        return {"error": "log in first"}, 401
                    return User.objects(name=current_user.name).first().public()

                app.view_functions["delete_record"] = guarded
            """,
            "Call the old view",
        ),
        "guards everything": (
            """
            def guard_delete(app):
                @app.before_request
                def ask():
                    if not current_user.is_authenticated:
                        return {"error": "log in first"}, 401
            """,
            "Only DELETE is to be guarded here. Everybody may read",
        ),
        "guards PUT too": (
            """
            def guard_delete(app):
                from flask import request

                @app.before_request
                def ask():
                    if request.method != "GET" and not current_user.is_authenticated:
                        return {"error": "log in first"}, 401
            """,
            "Only DELETE is to be guarded here",
        ),
    },
)
