"""Answers to the exercises of notebook 05."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCH = PATCHES_THE_CLIENT.strip().replace("\n", "\n" + " " * 12)

answers(
    "5.1",
    right=[
        """
        def mended_guard():
            from flask_login import current_user
            app = open_app()

            @app.before_request
            def look():
                if request.endpoint == "addresses" and not current_user.is_authenticated:
                    return app.login_manager.unauthorized()

            return app
        """,
        """
        def mended_guard():
            from flasklogin_tutorial.steps.step05_protect_routes import create_app
            app = create_app()

            @app.get("/names")
            @login_required
            def names():
                return {"names": [user.name for user in User.objects]}

            @app.get("/addresses")
            @login_required
            def addresses():
                return {"addresses": [user.email for user in User.objects]}

            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_guard():
                return open_app()
            """,
            "called: GET /addresses, not logged in; came back: 200 OK",
        ),
        "no return": (
            """
            def mended_guard():
                app = open_app()
                view = app.view_functions["addresses"]
                app.view_functions["addresses"] = login_required(view)
            """,
            "Does the function end with `return app`?",
        ),
        "the guarded view is thrown away": (
            """
            def mended_guard():
                app = open_app()
                login_required(app.view_functions["addresses"])
                return app
            """,
            "Look it up in app.view_functions.",
        ),
        "a second route behind the first": (
            """
            def mended_guard():
                app = open_app()

                @app.get("/addresses")
                @login_required
                def guarded_addresses():
                    return {"addresses": [user.email for user in User.objects]}

                return app
            """,
            "Which function does Flask call for this path?",
        ),
        "the same order again": (
            """
            def mended_guard():
                app = open_app()

                def addresses():
                    return {"addresses": [user.email for user in User.objects]}

                app.view_functions["addresses"] = addresses
                login_required(addresses)
                return app
            """,
            "called: GET /addresses, not logged in; came back: 200 OK",
        ),
        "guards the view that is guarded": (
            """
            def mended_guard():
                app = open_app()
                app.view_functions["names"] = login_required(app.view_functions["names"])
                return app
            """,
            "called: GET /addresses, not logged in; came back: 200 OK",
        ),
        "guards every view": (
            """
            def mended_guard():
                app = open_app()
                for name, view in app.view_functions.items():
                    app.view_functions[name] = login_required(view)
                return app
            """,
            "The login has to stay open to strangers.",
        ),
        "guards every view but the login": (
            """
            def mended_guard():
                app = open_app()
                for name, view in app.view_functions.items():
                    if name != "login":
                        app.view_functions[name] = login_required(view)
                return app
            """,
            "reading a record was open, and stays open",
        ),
        "refuses everybody": (
            """
            def mended_guard():
                app = open_app()
                app.view_functions["addresses"] = app.login_manager.unauthorized
                return app
            """,
            "called: GET /addresses, logged in as grace; came back: 302",
        ),
        "an empty list for strangers": (
            """
            def mended_guard():
                from flask_login import current_user
                app = open_app()
                view = app.view_functions["addresses"]

                def addresses():
                    return view() if current_user.is_authenticated else {"addresses": []}

                app.view_functions["addresses"] = addresses
                return app
            """,
            'came back: 200 OK {"addresses":[]}; expected: a redirect to the login, or 401',
        ),
        "right for the example only": (
            """
            def mended_guard():
                app = open_app()
                view = login_required(lambda: {"addresses": ["ada@example.org"]})
                app.view_functions["addresses"] = view
                return app
            """,
            "{\"addresses\": ['grace@example.org', 'emmy@example.org']}",
        ),
        "an app of its own": (
            """
            def mended_guard():
                from flask import Flask
                return Flask("mine")
            """,
            "Call the function of the exercise, and change what it returns.",
        ),
        "patches the client": (
            f"""
            def mended_guard():
                {PATCH}
                return open_app()
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "5.2",
    right=[
        """
        def guard_writers(app):
            from flask_login import current_user

            @app.before_request
            def look():
                if request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint == "login":
                    return None
                if not current_user.is_authenticated:
                    return app.login_manager.unauthorized()
        """,
        """
        def guard_writers(app):
            reading = {"GET", "HEAD", "OPTIONS"}
            writers = {r.endpoint for r in app.url_map.iter_rules() if r.methods - reading}
            for name in writers - {"login"}:
                app.view_functions[name] = login_required(app.view_functions[name])
            return app
        """,
    ],
    wrong={
        "empty": (
            """
            def guard_writers(app):
                pass
            """,
            "'stolen'}, not logged in; came back: 200 OK",
        ),
        "the notebook's list": (
            """
            def guard_writers(app):
                for name in ["create_record", "update_record", "delete_record"]:
                    app.view_functions[name] = login_required(app.view_functions[name])
            """,
            "called: POST /invite, not logged in; came back: 200 OK",
        ),
        "every view": (
            """
            def guard_writers(app):
                for name, view in app.view_functions.items():
                    app.view_functions[name] = login_required(view)
            """,
            "came back: 302 Found, to /login?next=%2F%3Fname%3Dgrace; expected: an answer: "
            "everybody may read",
        ),
        "the login as well": (
            """
            def guard_writers(app):
                for rule in app.url_map.iter_rules():
                    if "GET" not in rule.methods:
                        view = app.view_functions[rule.endpoint]
                        app.view_functions[rule.endpoint] = login_required(view)
            """,
            "The login has to stay open to strangers.",
        ),
        "POST only": (
            """
            def guard_writers(app):
                for rule in app.url_map.iter_rules():
                    if "POST" in rule.methods and rule.endpoint != "login":
                        view = app.view_functions[rule.endpoint]
                        app.view_functions[rule.endpoint] = login_required(view)
            """,
            "called: PUT /",
        ),
        "a list of verbs that lacks one": (
            """
            def guard_writers(app):
                for rule in app.url_map.iter_rules():
                    if rule.methods & {"POST", "PUT", "DELETE"} and rule.endpoint != "login":
                        view = app.view_functions[rule.endpoint]
                        app.view_functions[rule.endpoint] = login_required(view)
            """,
            "called: PATCH /motto, not logged in; came back: 200 OK",
        ),
        "the views of one path": (
            """
            def guard_writers(app):
                for rule in app.url_map.iter_rules():
                    if rule.rule == "/" and "GET" not in rule.methods:
                        view = app.view_functions[rule.endpoint]
                        app.view_functions[rule.endpoint] = login_required(view)
            """,
            "called: POST /invite, not logged in",
        ),
        "the guarded views are thrown away": (
            """
            def guard_writers(app):
                for rule in app.url_map.iter_rules():
                    if "GET" not in rule.methods and rule.endpoint != "login":
                        login_required(app.view_functions[rule.endpoint])
            """,
            "expected: a redirect to the login, or 401: this request writes",
        ),
        "a guard that lets nobody through": (
            """
            def guard_writers(app):
                for rule in app.url_map.iter_rules():
                    if "GET" not in rule.methods and rule.endpoint != "login":
                        app.view_functions[rule.endpoint] = app.login_manager.unauthorized
            """,
            "expected: an answer: grace is logged in",
        ),
        "views that do nothing": (
            """
            def guard_writers(app):
                for rule in app.url_map.iter_rules():
                    if "GET" not in rule.methods and rule.endpoint != "login":
                        app.view_functions[rule.endpoint] = login_required(lambda: "done")
            """,
            "came back: these views ran: none; expected: each view runs once",
        ),
        "asks once, before there is a request": (
            """
            def guard_writers(app):
                from flask_login import current_user
                if not current_user.is_authenticated:
                    raise PermissionError
            """,
            "'NoneType' object has no attribute 'is_authenticated'",
        ),
        "patches the client": (
            f"""
            def guard_writers(app):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "5.3",
    right=[
        """
        def mended_answers():
            from flask import abort
            from flask_login import current_user
            app = redirecting_app()

            @app.before_request
            def look():
                reads = request.method == "GET"
                if request.path == "/" and not reads and current_user.is_anonymous:
                    abort(401)

            return app
        """,
        """
        def mended_answers():
            app = redirecting_app()

            @app.after_request
            def say(response):
                if request.path == "/" and response.status_code == 302:
                    response = jsonify(error="log in first")
                    response.status_code = 401
                return response

            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_answers():
                return redirecting_app()
            """,
            "came back: 302 Found, to /login?next=%2F; expected: the status 401",
        ),
        "no return": (
            """
            def mended_answers():
                app = redirecting_app()
                app.login_manager.login_view = None
            """,
            "Does the function end with `return app`?",
        ),
        "the notebook's handler for all": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    return jsonify(error="log in first"), 401

                return app
            """,
            "A person who opens a page wants the form, and no status.",
        ),
        "401 in the body only": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    if request.path == "/":
                        return jsonify(status=401, error="log in first")
                    return redirect(url_for("login_page"))

                return app
            """,
            'came back: 200 OK {"error":"log in first","status":401}; expected: the status 401',
        ),
        "403": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    if request.path == "/":
                        return jsonify(error="no"), 403
                    return redirect(url_for("login_page"))

                return app
            """,
            "came back: 403",
        ),
        "decides by what the caller accepts": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    if request.accept_mimetypes.accept_html:
                        return redirect(url_for("login_page"))
                    return jsonify(error="log in first"), 401

                return app
            """,
            "a program, not logged in, accepting */*; came back: 302",
        ),
        "decides by the body": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    if request.is_json:
                        return jsonify(error="log in first"), 401
                    return redirect(url_for("login_page"))

                return app
            """,
            "All of / is for programs, whatever a request carries or accepts.",
        ),
        "for the verb of the example only": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    if request.method == "DELETE":
                        return jsonify(error="log in first"), 401
                    return redirect(url_for("login_page"))

                return app
            """,
            "called: PUT /",
        ),
        "another redirect": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    return redirect(url_for("login_page"), code=307)

                return app
            """,
            "came back: 307",
        ),
        "refuses members too": (
            """
            def mended_answers():
                from flask import abort
                app = redirecting_app()

                @app.before_request
                def look():
                    if request.path == "/":
                        abort(401)

                return app
            """,
            "called: DELETE / {'name': 'grace'}, emmy, logged in; came back: 401",
        ),
        "the page for members is open": (
            """
            def mended_answers():
                app = redirecting_app()

                @app.login_manager.unauthorized_handler
                def refuse():
                    return jsonify(error="log in first"), 401

                app.view_functions["account"] = app.view_functions["login_page"]
                return app
            """,
            "expected: a redirect to /login, where the form is",
        ),
        "patches the client": (
            f"""
            def mended_answers():
                {PATCH}
                return redirecting_app()
            """,
            "Leave these alone",
        ),
    },
)
