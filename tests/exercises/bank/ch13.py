"""Answers to the exercises of notebook 13."""

from textwrap import dedent, indent

from . import answers
from .ch04 import PATCHES_THE_CLIENT

#: The same, indented to stand in a function of a literal here.
PATCH = indent(dedent(PATCHES_THE_CLIENT).strip(), " " * 16).lstrip()


answers(
    "13.1",
    right=[
        """
        def mended_app():
            from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
            if os.environ.get("SECRET_KEY", "") == "":
                raise KeyError("SECRET_KEY")
            return step06.create_app({"SECRET_KEY": os.environ["SECRET_KEY"]})
        """,
        """
        def mended_app():
            app = broken_app()
            app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
            assert app.config["SECRET_KEY"], "SECRET_KEY is empty"
            return app
        """,
        """
        def mended_app():
            import sys
            if not os.environ.get("SECRET_KEY"):
                sys.exit("There is no SECRET_KEY in the environment.")
            return broken_app()
        """,
    ],
    wrong={
        "empty": (
            """
            def mended_app():
                pass
            """,
            "Does the function end with `return app`?",
        ),
        "the broken app": (
            """
            def mended_app():
                return broken_app()
            """,
            "no SECRET_KEY in the environment; came back: an app that believes cookies signed "
            "with 'dev'",
        ),
        "another default": (
            """
            def mended_app():
                app = broken_app()
                app.secret_key = os.environ.get("SECRET_KEY", "7c1f0e5a4b3d2c1f0e5a4b3d2c1f0e5a")
                return app
            """,
            "Any key that stands in the source is known",
        ),
        "a long key in the source": (
            """
            def mended_app():
                app = broken_app()
                app.secret_key = "7c1f0e5a4b3d2c1f0e5a4b3d2c1f0e5a"
                return app
            """,
            "given to app.secret_key?",
        ),
        "a random one where there is none": (
            """
            def mended_app():
                import secrets
                app = broken_app()
                app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex()
                return app
            """,
            "A random one would be another in each process.",
        ),
        "takes an empty one": (
            """
            def mended_app():
                app = broken_app()
                app.secret_key = os.environ["SECRET_KEY"]
                return app
            """,
            "A variable without a text in it is no key either.",
        ),
        "warns, and starts": (
            """
            def mended_app():
                app = broken_app()
                if not os.environ.get("SECRET_KEY"):
                    app.logger.error("SECRET_KEY is not set")
                return app
            """,
            "an error that names SECRET_KEY, and no app",
        ),
        "refuses the one that it knows of": (
            """
            def mended_app():
                app = broken_app()
                if app.secret_key == "dev":
                    raise RuntimeError("SECRET_KEY is not set")
                return app
            """,
            "an empty SECRET_KEY in the environment",
        ),
        "looks for a key, and does not use it": (
            """
            def mended_app():
                from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
                if not os.environ.get("SECRET_KEY"):
                    raise RuntimeError("SECRET_KEY is not set")
                return step06.create_app()
            """,
            "Does the key of the environment reach the app?",
        ),
        "an error that does not say what is missing": (
            """
            def mended_app():
                app = broken_app()
                app.secret_key = os.environ.get("SECRET_KEY") or None
                assert app.secret_key
                return app
            """,
            "has to learn from the error what to set",
        ),
        "reads the variable only once": (
            """
            def mended_app(key=os.environ.get("SECRET_KEY")):
                app = broken_app()
                app.secret_key = key or "0123456789abcdef"
                return app
            """,
            "Is the variable read while mended_app runs",
        ),
        "refuses for ever": (
            """
            def mended_app():
                raise RuntimeError("SECRET_KEY is not set")
            """,
            "expected: an app with this key",
        ),
        "patches the client": (
            f"""
            def mended_app():
                {PATCH}
                return broken_app()
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "13.2",
    right=[
        """
        def mended_club(url_prefix):
            app = broken_club(url_prefix)
            app.login_manager.blueprint_login_views = {"club": "club.login"}
            return app
        """,
        """
        def mended_club(url_prefix):
            from flask import redirect
            from flask_login.utils import login_url
            app = broken_club(url_prefix)

            @app.login_manager.unauthorized_handler
            def show_the_form():
                return redirect(login_url("club.login", request.url))

            return app
        """,
        """
        def mended_club(url_prefix):
            app = broken_club(url_prefix)
            views = [view for view in app.view_functions if view.endswith(".login")]
            (app.login_manager.login_view,) = views
            return app
        """,
    ],
    wrong={
        "empty": (
            """
            def mended_club(url_prefix):
                pass
            """,
            "Does the function end with `return app`?",
        ),
        "the broken club": (
            """
            def mended_club(url_prefix):
                return broken_club(url_prefix)
            """,
            "A name without a dot is a view of the app itself",
        ),
        "the blueprint and not its view": (
            """
            def mended_club(url_prefix):
                app = broken_club(url_prefix)
                app.login_manager.login_view = "club"
                return app
            """,
            "No view has this name.",
        ),
        "a slash in place of the dot": (
            """
            def mended_club(url_prefix):
                app = broken_club(url_prefix)
                app.login_manager.login_view = "club/login"
                return app
            """,
            "No view has this name.",
        ),
        "the address as it is at home": (
            """
            def mended_club(url_prefix):
                app = broken_club(url_prefix)
                app.login_manager.login_view = "/club/login"
                return app
            """,
            "An address holds for one url_prefix only.",
        ),
        "always at one address": (
            """
            def mended_club(url_prefix):
                app = broken_club()
                app.login_manager.login_view = "club.login"
                return app
            """,
            "Is url_prefix handed to broken_club?",
        ),
        "without the way back": (
            """
            def mended_club(url_prefix):
                from flask import redirect, url_for
                app = broken_club(url_prefix)
                app.login_manager.unauthorized_handler(lambda: redirect(url_for("club.login")))
                return app
            """,
            "Flask-Login adds the way back",
        ),
        "the form at the address of the API": (
            """
            def mended_club(url_prefix):
                app = broken_club(url_prefix)
                app.add_url_rule("/login", "form", app.view_functions["club.login"])
                return app
            """,
            "A name without a dot is a view of the app itself",
        ),
        "nobody has to log in": (
            """
            def mended_club(url_prefix):
                app = broken_club(url_prefix)
                app.config["LOGIN_DISABLED"] = True
                return app
            """,
            "The club's pages stay guarded.",
        ),
        "guards the form as well": (
            """
            def mended_club(url_prefix):
                from flask_login import login_required
                app = broken_club(url_prefix)
                app.login_manager.login_view = "club.login"
                for view, function in app.view_functions.items():
                    if view.startswith("club."):
                        app.view_functions[view] = login_required(function)
                return app
            """,
            "expected: the page with the form",
        ),
        "patches the client": (
            f"""
            def mended_club(url_prefix):
                {PATCH}
                return broken_club(url_prefix)
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "13.3",
    right=[
        """
        def guard(blueprint, open_views):
            from flask_login import login_required

            @login_required
            def only_members():
                return None

            def look(*_):
                name, _, view = request.endpoint.rpartition(".")
                return None if view in open_views else only_members()

            blueprint.before_request(look)
        """,
        """
        def guard(blueprint, open_views):
            def turn_strangers_away():
                for view in open_views:
                    if request.endpoint == blueprint.name + "." + view:
                        return None
                if not current_user.is_authenticated:
                    return current_app.login_manager.unauthorized()

            blueprint.before_app_request(
                lambda: turn_strangers_away() if request.blueprint == blueprint.name else None
            )
            return blueprint
        """,
    ],
    wrong={
        "empty": (
            """
            def guard(blueprint, open_views):
                pass
            """,
            "Does the function run for each view?",
        ),
        "the decorator in place of a function": (
            """
            def guard(blueprint, open_views):
                from flask_login import login_required
                blueprint.before_request(login_required)
            """,
            "before_request registers a function that is called with nothing.",
        ),
        "everything, the form too": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    if not current_user.is_authenticated:
                        return current_app.login_manager.unauthorized()
            """,
            "A login form that sends strangers to the login form lets nobody in",
        ),
        "forgets the blueprint's name": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    if request.endpoint in open_views or current_user.is_authenticated:
                        return None
                    return current_app.login_manager.unauthorized()
            """,
            "What is in request.endpoint?",
        ),
        "does not return the answer": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    name = request.endpoint.rpartition(".")[2]
                    if name not in open_views and not current_user.is_authenticated:
                        current_app.login_manager.unauthorized()
            """,
            "What it does not return is not sent.",
        ),
        "the name of the example": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    open_names = ("staff.enter", "staff.help")
                    if request.endpoint in open_names or current_user.is_authenticated:
                        return None
                    return current_app.login_manager.unauthorized()
            """,
            "called: GET /crew/sign_on, a stranger",
        ),
        "a part of the name will do": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    is_open = any(view in request.path for view in open_views)
                    if is_open or current_user.is_authenticated:
                        return None
                    return current_app.login_manager.unauthorized()
            """,
            "Compare whole names: 'enter_attempts'",
        ),
        "the end of the name will do": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    is_open = request.endpoint.endswith(tuple(open_views))
                    if is_open or current_user.is_authenticated:
                        return None
                    return current_app.login_manager.unauthorized()
            """,
            "Compare whole names: 'old_enter'",
        ),
        "the whole app": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_app_request
                def turn_strangers_away():
                    open_names = [f"{blueprint.name}.{view}" for view in open_views]
                    if request.endpoint in open_names or current_user.is_authenticated:
                        return None
                    return current_app.login_manager.unauthorized()
            """,
            "Guard the blueprint that was handed over, and not the whole app.",
        ),
        "an error and no way in": (
            """
            def guard(blueprint, open_views):
                from flask import abort

                @blueprint.before_request
                def turn_strangers_away():
                    name = request.endpoint.rpartition(".")[2]
                    if name not in open_views and not current_user.is_authenticated:
                        abort(401)
            """,
            "The login manager has a method that makes the answer.",
        ),
        "turns everybody away": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    if request.endpoint.rpartition(".")[2] not in open_views:
                        return current_app.login_manager.unauthorized()
            """,
            "Who is logged in may go on",
        ),
        "only where something is written": (
            """
            def guard(blueprint, open_views):
                @blueprint.before_request
                def turn_strangers_away():
                    name = request.endpoint.rpartition(".")[2]
                    if name in open_views or request.method == "GET":
                        return None
                    if not current_user.is_authenticated:
                        return current_app.login_manager.unauthorized()
            """,
            "called: GET /staff/home, a stranger",
        ),
        "patches the client": (
            f"""
            def guard(blueprint, open_views):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)
