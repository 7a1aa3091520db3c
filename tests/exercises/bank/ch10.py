"""Answers to the exercises of notebook 10."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCHES = PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)

answers(
    "10.1",
    right=[
        """
        def ask_again(app):
            @app.before_request
            def look():
                known = current_user.is_authenticated
                if request.method == "DELETE" and known and not session.get("_fresh"):
                    abort(401)
        """,
        """
        def ask_again(app):
            from flask_login import login_fresh
            old = app.view_functions["delete_record"]

            def delete_record():
                if current_user.is_anonymous or not login_fresh():
                    return {"error": "type your password again"}, 401
                return old()

            app.view_functions["delete_record"] = delete_record
        """,
    ],
    wrong={
        "empty": (
            """
            def ask_again(app):
                pass
            """,
            "How did this browser get in?",
        ),
        "the usual guard": (
            """
            def ask_again(app):
                from flask_login import login_required
                old = app.view_functions["delete_record"]
                app.view_functions["delete_record"] = login_required(old)
            """,
            "How did this browser get in?",
        ),
        "the guard is made, and not put there": (
            """
            def ask_again(app):
                fresh_login_required(app.view_functions["delete_record"])
            """,
            "How did this browser get in?",
        ),
        "every view": (
            """
            def ask_again(app):
                for name, view in app.view_functions.items():
                    if name not in ("login", "static", "user_info"):
                        app.view_functions[name] = fresh_login_required(view)
            """,
            "She is remembered, and may do all else",
        ),
        "another view": (
            """
            def ask_again(app):
                old = app.view_functions["update_record"]
                app.view_functions["update_record"] = fresh_login_required(old)
            """,
            "How did this browser get in?",
        ),
        "the wrong way round": (
            """
            def ask_again(app):
                old = app.view_functions["delete_record"]

                def delete_record():
                    return (old(), 401) if session.get("_fresh") else old()

                app.view_functions["delete_record"] = delete_record
            """,
            "A login with the password is fresh",
        ),
        "nobody with a remember cookie": (
            """
            def ask_again(app):
                old = app.view_functions["delete_record"]

                def delete_record():
                    return abort(401) if "remember_token" in request.cookies else old()

                app.view_functions["delete_record"] = delete_record
            """,
            "A login with the password is fresh",
        ),
        "nobody is remembered": (
            """
            def ask_again(app):
                app.login_manager._load_user_from_remember_cookie = lambda cookie: None
            """,
            "who comes back with the remember cookie alone; came back",
        ),
        "a redirect": (
            """
            def ask_again(app):
                app.login_manager.refresh_view = "login"
                old = app.view_functions["delete_record"]
                app.view_functions["delete_record"] = fresh_login_required(old)
            """,
            "came back: 302 Found, to /login",
        ),
        "403": (
            """
            def ask_again(app):
                old = app.view_functions["delete_record"]

                def delete_record():
                    return old() if session.get("_fresh") else abort(403)

                app.view_functions["delete_record"] = delete_record
            """,
            "the status 401: she has to type her password again",
        ),
        "deletes, and refuses afterwards": (
            """
            def ask_again(app):
                old = app.view_functions["delete_record"]

                def delete_record():
                    answer = old()
                    return answer if session.get("_fresh") else (answer, 401)

                app.view_functions["delete_record"] = delete_record
            """,
            "Ask before the view runs",
        ),
        "the view without its guard": (
            """
            def ask_again(app):
                old = app.view_functions["delete_record"].__wrapped__

                def delete_record():
                    known = current_user.is_authenticated
                    return abort(401) if known and not session.get("_fresh") else old()

                app.view_functions["delete_record"] = delete_record
            """,
            "Is the guard of the view still there?",
        ),
        "nobody deletes": (
            """
            def ask_again(app):
                app.view_functions["delete_record"] = lambda: abort(401)
            """,
            "A login with the password is fresh",
        ),
    },
)

_LOGOUT = """
            def mended_logout():
                app = leaving_app()

                def logout():
                    {before}
                    logout_user()
                    {after}
                    return {{"result": 200, "data": {{"message": "logout success"}}}}

                app.view_functions["auth.logout"] = logout
                return app
"""


def _logout(before="pass", after="pass"):
    return _LOGOUT.format(before=before, after=after)


answers(
    "10.2",
    right=[
        """
        def mended_logout():
            from flasklogin_tutorial.app.login import end_login
            app = leaving_app()

            def logout():
                end_login()
                return {"result": 200, "data": {"message": "logout success"}}

            app.view_functions["auth.logout"] = logout
            return app
        """,
        """
        def mended_logout():
            from flasklogin_tutorial.app.models import hash_secret
            app = leaving_app()
            forget = app.view_functions["auth.logout"]

            def logout():
                token = current_user.get_id()
                if token:
                    Login.objects(token_hash=hash_secret(token)).delete()
                return forget()

            app.view_functions["auth.logout"] = logout
            return app
        """,
        """
        def mended_logout():
            from flask_login import user_logged_out
            app = leaving_app()

            @user_logged_out.connect_via(app)
            def end(sender, user):
                if getattr(user, "login", None):
                    user.login.delete()

            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_logout():
                return leaving_app()
            """,
            "a copy of grace's cookie, after her logout; came back: 200 OK",
        ),
        "no return": (
            """
            def mended_logout():
                app = leaving_app()
            """,
            "Does the function end with `return app`?",
        ),
        "the article's app": (
            """
            def mended_logout():
                return create_app()
            """,
            "an app without the finished app's logout",
        ),
        "empties the session": (
            _logout(after="session.clear()"),
            "The record of this login is in the database still",
        ),
        "the login of a stranger": (
            _logout(after="Login.objects(id=current_user.login.id).delete()"),
            "After logout_user(), current_user is a stranger",
        ),
        "strangers have no login": (
            _logout(before="Login.objects(id=current_user.login.id).delete()"),
            "not logged in; came back: 500 Internal Server Error: AttributeError",
        ),
        "every login of this user": (
            _logout(
                before="if current_user.is_authenticated: "
                "Login.objects(user=current_user.id).delete()"
            ),
            "grace's second browser, after the logout in the first",
        ),
        "every login": (
            _logout(before="Login.objects.delete()"),
            "grace's second browser, after the logout in the first",
        ),
        "the epoch of the user": (
            _logout(
                before="if current_user.is_authenticated: "
                "type(current_user._get_current_object()).objects(id=current_user.id)"
                ".update(inc__login_epoch=1)"
            ),
            "grace's second browser, after the logout in the first",
        ),
        "a look at the database, and no more": (
            _logout(
                before="if current_user.is_authenticated: Login.objects(id=current_user.login.id)"
            ),
            "The record of this login is in the database still",
        ),
        "a new key": (
            """
            def mended_logout():
                app = leaving_app()
                forget = app.view_functions["auth.logout"]

                def logout():
                    app.config["SECRET_KEY"] = secrets.token_hex()
                    return forget()

                app.view_functions["auth.logout"] = logout
                return app
            """,
            "grace's second browser, after the logout in the first",
        ),
        "only for who is logged in": (
            """
            def mended_logout():
                from flask_login import login_required
                app = leaving_app()

                @login_required
                def logout():
                    Login.objects(id=current_user.login.id).delete()
                    logout_user()
                    return {"result": 200, "data": {"message": "logout success"}}

                app.view_functions["auth.logout"] = logout
                return app
            """,
            "Everybody may ask for a logout",
        ),
        "ends the user and not the login": (
            _logout(before="if current_user.is_authenticated: current_user.delete()"),
            "grace's second browser, after the logout in the first",
        ),
        "patches the client": (
            f"""
            def mended_logout():
                {PATCHES}
                return leaving_app()
            """,
            "Leave these alone",
        ),
    },
)

_BIND = """
            def bind_to_password(app):
                import hashlib
                def stamp(user):
                    return {stamp}

                @user_logged_in.connect_via(app)
                def note(sender, user):
                    {note}

                @app.login_manager.user_loader
                def load_user(user_id):
                    user = User.objects(id=user_id).first()
                    {load}
"""

_HMAC = 'hmac.new(app.secret_key.encode(), user.password.encode(), "sha256").hexdigest()'


def _bind(
    stamp=_HMAC,
    note='session["stamp"] = stamp(user)',
    load='if user and session.get("stamp") == stamp(user): return user',
):
    return _BIND.format(stamp=stamp, note=note, load=load)


answers(
    "10.3",
    right=[
        """
        def bind_to_password(app):
            from itsdangerous import Signer
            old = app.view_functions["login"]

            def sign(user):
                return Signer(app.secret_key, salt="login").get_signature(user.password).decode()

            def login():
                answer = old()
                if current_user.is_authenticated:
                    session["made_with"] = sign(current_user)
                return answer

            @app.login_manager.user_loader
            def load_user(user_id):
                user = User.objects(id=user_id).first()
                if user is None or session.get("made_with", "") not in ("", sign(user)):
                    return None
                if "made_with" in session:
                    return user

            app.view_functions["login"] = login
        """,
        """
        def bind_to_password(app):
            from werkzeug.security import check_password_hash, generate_password_hash

            @user_logged_in.connect_via(app)
            def note(sender, user):
                typed = app.secret_key + user.password
                session["stamp"] = generate_password_hash(typed, "scrypt:128:8:1")

            @app.before_request
            def look():
                user = User.objects(id=session.get("_user_id")).first()
                known = session.get("stamp", "")
                if user and not check_password_hash(known, app.secret_key + user.password):
                    session.clear()
        """,
    ],
    wrong={
        "empty": (
            """
            def bind_to_password(app):
                pass
            """,
            "a copy of grace's cookie, after her new password",
        ),
        "the password in the cookie": (
            _bind(stamp="user.password"),
            "came back: the password itself",
        ),
        "a quick hash of it": (
            _bind(stamp="hashlib.sha256(user.password.encode()).hexdigest()"),
            "came back: the same in both: ",
        ),
        "a quick hash with the id for salt": (
            _bind(stamp="hashlib.sha256((str(user.id) + user.password).encode()).hexdigest()"),
            "Use a hash that needs the app's secret key",
        ),
        "a key of its own in the source": (
            _bind(stamp=_HMAC.replace("app.secret_key.encode()", "b'pepper'")),
            "came back: the same in both: ",
        ),
        "the loader does not look": (
            _bind(load="return user"),
            "made with the former password",
        ),
        "nobody puts the stamp there": (
            _bind(note="stamp(user)"),
            "The login has to leave in the session what the loader looks for",
        ),
        "a signal that is forgotten": (
            _bind().replace(
                "@user_logged_in.connect_via(app)\n                def note", "def note"
            )
            + "\n                user_logged_in.connect(note, app)",
            "`connect_via` keeps it",
        ),
        "crashes without a stamp": (
            _bind(load='if user and session["stamp"] == stamp(user): return user'),
            "KeyError: 'stamp'",
        ),
        "no stamp is a stamp": (
            _bind(load='if session.get("stamp", user and stamp(user)) == stamp(user): return user'),
            "a cookie from before this change, without a stamp",
        ),
        "no user": (
            _bind(load='if session.get("stamp") == stamp(user): return user'),
            "AttributeError: 'NoneType' object has no attribute 'password'",
        ),
        "the address is in the stamp": (
            _bind(stamp=_HMAC.replace("user.password", "(user.password + user.email)")),
            "after a new address",
        ),
        "the name in place of the password": (
            _bind(stamp=_HMAC.replace("user.password", "user.name")),
            "a copy of grace's cookie, after her new password",
        ),
        "one login a user": (
            """
            def bind_to_password(app):
                last = {}

                @user_logged_in.connect_via(app)
                def note(sender, user):
                    session["stamp"] = last[str(user.id)] = secrets.token_hex()

                @app.login_manager.user_loader
                def load_user(user_id):
                    user = User.objects(id=user_id).first()
                    return user if session.get("stamp") == last.get(user_id, "") else None
            """,
            "One password is good for any number of logins",
        ),
        "a list of changes in memory": (
            """
            def bind_to_password(app):
                import json
                from flask import request
                epochs = {}
                update = app.view_functions["update_record"]

                @user_logged_in.connect_via(app)
                def note(sender, user):
                    session["epoch"] = epochs.get(user.name, 0)

                def update_record():
                    asked = json.loads(request.data)
                    user = User.objects(name=asked["name"]).first()
                    if user and user.password != asked["password"]:
                        epochs[user.name] = epochs.get(user.name, 0) + 1
                    return update()

                @app.login_manager.user_loader
                def load_user(user_id):
                    user = User.objects(id=user_id).first()
                    if user and session.get("epoch") == epochs.get(user.name, 0):
                        return user

                app.view_functions["update_record"] = update_record
            """,
            "has to come from the database",
        ),
        "a new password logs its own browser out": (
            """
            def bind_to_password(app):
                update = app.view_functions["update_record"]

                def update_record():
                    before = current_user.is_authenticated and current_user.password
                    answer = update()
                    user = User.objects(id=session.get("_user_id")).first()
                    if user and user.password != before:
                        logout_user()
                    return answer

                app.view_functions["update_record"] = update_record
            """,
            "a copy of grace's cookie, after her new password",
        ),
        "a new key for everybody": (
            """
            def bind_to_password(app):
                update = app.view_functions["update_record"]

                def update_record():
                    before = current_user.is_authenticated and current_user.password
                    answer = update()
                    user = User.objects(id=session.get("_user_id")).first()
                    if user and user.password != before:
                        app.secret_key = secrets.token_hex()
                    return answer

                app.view_functions["update_record"] = update_record
            """,
            "Emmy has changed nothing",
        ),
        "every change ends all logins": (
            """
            def bind_to_password(app):
                update = app.view_functions["update_record"]

                def update_record():
                    app.secret_key = secrets.token_hex()
                    return update()

                app.view_functions["update_record"] = update_record
            """,
            "The password is what it was",
        ),
    },
)
