"""Answers to the exercises of notebook 04."""

from . import answers

#: Makes every answer of the app look right.
PATCHES_THE_CLIENT = """
    import requests
    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()
        def json(self): return {"name": "ada"}
    requests.Session.request = lambda *given, **named: Fine()
"""

answers(
    "4.1",
    right=[
        """
        def load_by_email(user_id):
            try:
                return User.objects.get(email=user_id)
            except User.DoesNotExist:
                return None
        """,
        """
        def load_by_email(user_id):
            for user in User.objects:
                if user.email == user_id:
                    return user
        """,
    ],
    wrong={
        "empty": (
            """
            def load_by_email(user_id):
                pass
            """,
            "came back: nothing; expected: the user ada",
        ),
        "the loader of the notebook": (
            """
            def load_by_email(user_id):
                return User.objects(id=user_id).first()
            """,
            "not a valid ObjectId",
        ),
        "looks the name up": (
            """
            def load_by_email(user_id):
                return User.objects(name=user_id).first()
            """,
            "came back: nothing; expected: the user ada",
        ),
        "the query and not the user": (
            """
            def load_by_email(user_id):
                return User.objects(email=user_id)
            """,
            "returns a document",
        ),
        "raises for nobody": (
            """
            def load_by_email(user_id):
                return User.objects.get(email=user_id)
            """,
            "User matching query does not exist.; expected: None",
        ),
        "right for the first user only": (
            """
            def load_by_email(user_id):
                return User.objects.first() if "@" in user_id else None
            """,
            "expected: the user grace",
        ),
        "always somebody": (
            """
            def load_by_email(user_id):
                return User.objects(email=user_id).first() or User.objects.first()
            """,
            "For an id that nobody has, Flask-Login wants None",
        ),
    },
)

answers(
    "4.2",
    right=[
        """
        def load_or_none(user_id):
            from mongoengine.errors import ValidationError
            try:
                return User.objects(id=user_id).first()
            except ValidationError:
                return None
        """,
        """
        def load_or_none(user_id):
            import re
            if re.fullmatch("[0-9a-f]{24}", user_id):
                return User.objects(id=user_id).first()
        """,
    ],
    wrong={
        "empty": (
            """
            def load_or_none(user_id):
                return None
            """,
            "logs everybody out",
        ),
        "the step's own loader": (
            """
            def load_or_none(user_id):
                return User.objects(id=user_id).first()
            """,
            "called: load_or_none('not-an-id'); came back: ValidationError",
        ),
        "looks at the length only": (
            """
            def load_or_none(user_id):
                if len(user_id) != 24:
                    return None
                return User.objects.get(id=user_id)
            """,
            "DoesNotExist",
        ),
        "knows the example only": (
            """
            def load_or_none(user_id):
                if user_id == "not-an-id":
                    return None
                return User.objects(id=user_id).first()
            """,
            "called: load_or_none('')",
        ),
        "an anonymous user in place of nobody": (
            """
            def load_or_none(user_id):
                from flask_login import AnonymousUserMixin
                if not ObjectId.is_valid(user_id):
                    return AnonymousUserMixin()
                return User.objects(id=user_id).first()
            """,
            "None, because no user has this id",
        ),
        "the wrong way round": (
            """
            def load_or_none(user_id):
                if ObjectId.is_valid(user_id):
                    return None
                return User.objects(id=user_id).first()
            """,
            "logs everybody out",
        ),
    },
)

answers(
    "4.3",
    right=[
        """
        def mended_app():
            app = broken_app()
            app.login_manager.user_loader(lambda user_id: User.objects(id=user_id).first())
            return app
        """,
        """
        def mended_app():
            app = broken_app()

            def load(user_id):
                return User.objects.with_id(user_id)

            app.login_manager._user_callback = load
            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_app():
                return broken_app()
            """,
            "The login sets the cookie. Who reads it?",
        ),
        "no return": (
            """
            def mended_app():
                app = broken_app()

                @app.login_manager.user_loader
                def load(user_id):
                    return User.objects(id=user_id).first()
            """,
            "Does the function end with `return app`?",
        ),
        "the loader is written and not registered": (
            """
            def mended_app():
                app = broken_app()

                def load(user_id):
                    return User.objects(id=user_id).first()

                return app
            """,
            'came back: 200 OK {"name":null}',
        ),
        "everybody is Ada": (
            """
            def mended_app():
                app = broken_app()

                @app.login_manager.request_loader
                def load(request):
                    return User.objects(name="ada").first()

                return app
            """,
            "not logged in; came back",
        ),
        "the view says what is wanted": (
            """
            def mended_app():
                app = broken_app()
                app.view_functions["me"] = lambda: {"name": "ada"}
                return app
            """,
            "A stranger has no cookie, so nobody is known.",
        ),
        "an app of its own": (
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
