"""Answers to the exercises of notebook 14."""

from textwrap import dedent, indent

from . import answers
from .ch04 import PATCHES_THE_CLIENT

#: The same, indented to stand in a function of a literal here.
PATCH = indent(dedent(PATCHES_THE_CLIENT).strip(), " " * 16).lstrip()


def handler(*lines):
    """Return an answer to 14.1 with these lines in its handler."""
    return "\n".join(
        [
            "def mended_api():",
            "    app = broken_api()",
            "    @app.login_manager.unauthorized_handler",
            "    def ask_for_login():",
            *(f"        {line}" for line in lines),
            '        return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}',
            "    return app",
        ]
    )


def loader(*lines):
    """Return an answer to 14.2 with these lines at the end of its loader."""
    return "\n".join(
        [
            "def mended_app():",
            "    from flask_login import login_user, logout_user",
            "    app = broken_app()",
            "    @app.login_manager.request_loader",
            "    def load(request):",
            '        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")',
            '        if scheme != "Bearer" or not sent:',
            "            return None",
            "        token = Token.objects(token=sent).first()",
            "        user = Account.objects(name=token.owner).first() if token else None",
            *(f"        {line}" for line in lines),
            "    return app",
        ]
    )


FORM = 'return redirect(login_url("form", request.url))'

answers(
    "14.1",
    right=[
        handler(
            "accept = request.accept_mimetypes",
            'if accept["text/html"] > accept["application/json"]:',
            f"    {FORM}",
        ),
        """
        def mended_api():
            from flasklogin_tutorial.app.errors import wants_page
            app = broken_api()
            send_away = app.login_manager.unauthorized_callback

            def ask_for_login():
                if wants_page():
                    return send_away()
                return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

            app.login_manager.unauthorized_handler(ask_for_login)
            return app
        """,
    ],
    wrong={
        "empty": (
            """
            def mended_api():
                pass
            """,
            "Does the function end with `return app`?",
        ),
        "the broken app": (
            """
            def mended_api():
                return broken_api()
            """,
            "called: GET /account, curl, or requests, Accept: */*; came back: 302 Found",
        ),
        "a 401 for everybody, as at first": (
            handler(),
            "302 Found, to /login, because a person is asking",
        ),
        "everybody who does not take JSON": (
            handler("if not request.accept_mimetypes.accept_json:", f"    {FORM}"),
            "A browser names text/html first, and takes anything else if it must.",
        ),
        "the page is offered first": (
            handler(
                'offered = ["text/html", "application/json"]',
                'if request.accept_mimetypes.best_match(offered) == "text/html":',
                f"    {FORM}",
            ),
            "Where both do, it is no browser.",
        ),
        "the word is somewhere in the header": (
            handler('if "text/html" in request.headers.get("Accept", ""):', f"    {FORM}"),
            "a program that also takes pages, Accept: application/json, text/html;q=0.5",
        ),
        "knows the header of the example": (
            handler('if request.headers["Accept"] != "*/*":', f"    {FORM}"),
            "Accept: application/json; came back: 302 Found",
        ),
        "looks at the body": (
            handler("if not request.is_json:", f"    {FORM}"),
            "expected: 401 Unauthorized, because a program is asking",
        ),
        "looks at the verb": (
            handler('if request.method == "GET":', f"    {FORM}"),
            "expected: 401 Unauthorized, because a program is asking",
        ),
        "without the way back": (
            handler(
                'offered = ["application/json", "text/html"]',
                'if request.accept_mimetypes.best_match(offered) == "text/html":',
                '    return redirect("/login")',
            ),
            "`login_url` adds the way back.",
        ),
        "abort, with a page and no challenge": (
            """
            def mended_api():
                from flask import abort
                app = broken_api()

                @app.login_manager.unauthorized_handler
                def ask_for_login():
                    offered = ["application/json", "text/html"]
                    if request.accept_mimetypes.best_match(offered) == "text/html":
                        return redirect(login_url("form", request.url))
                    abort(401)

                return app
            """,
            "The 401 of `broken_api` was right.",
        ),
        "a message for a program": (
            """
            def mended_api():
                from flask import flash
                app = broken_api()

                @app.login_manager.unauthorized_handler
                def ask_for_login():
                    flash("Please log in to access this page.")
                    offered = ["application/json", "text/html"]
                    if request.accept_mimetypes.best_match(offered) == "text/html":
                        return redirect(login_url("form", request.url))
                    return {"error": "login required"}, 401, {"WWW-Authenticate": "Bearer"}

                return app
            """,
            "No program looks at a message for a page.",
        ),
        "patches the client": (
            f"""
            def mended_api():
                {PATCH}
                return broken_api()
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "14.2",
    right=[
        """
        def mended_app():
            def load(request):
                sent = request.authorization
                if sent is None or sent.type != "bearer" or not sent.token:
                    return None
                token = Token.objects(token=sent.token).first()
                if token is not None:
                    return Account.objects(name=token.owner, active=True).first()

            app = broken_app()
            app.login_manager.request_loader(load)
            return app
        """,
        loader(
            "if user is None or not user.is_active:",
            "    return None",
            "return user",
        ),
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
            "Which function in the loader writes into the session?",
        ),
        "the loader of the notebook, and the account is not looked at": (
            loader("return user"),
            "Flask-Login looks at is_active in login_user, and nowhere else.",
        ),
        "logs closed accounts in as well": (
            loader("if user: login_user(user, force=True)", "return user"),
            "Which function in the loader writes into the session?",
        ),
        "logs in for a moment": (
            loader(
                "from datetime import timedelta",
                "if user and login_user(user, duration=timedelta(seconds=1)):",
                "    return user",
            ),
            "Which function in the loader writes into the session?",
        ),
        "nobody is found": (
            loader("if user and user.is_active:", "    user"),
            "The loader gets the request, and returns the user with its token.",
        ),
        "the token in place of its user": (
            loader("return token if user and user.is_active else None"),
            "expected: the record of ada",
        ),
        "right for one script only": (
            loader('return user if user and user.name == "ada" and user.is_active else None'),
            "with the token of grace; came back: 200 OK",
        ),
        "everybody is Ada": (
            loader('return Account.objects(name="ada", active=True).first()'),
            "with the token of grace",
        ),
        "whatever the scheme": (
            """
            def mended_app():
                app = broken_app()

                @app.login_manager.request_loader
                def load(request):
                    sent = request.headers.get("Authorization", "").split(" ")[-1]
                    token = Token.objects(token=sent).first() if sent else None
                    user = Account.objects(name=token.owner).first() if token else None
                    return user if user and user.is_active else None

                return app
            """,
            "with the token of ada and another scheme; came back: 200 OK",
        ),
        "refuses all who send no token": (
            """
            def mended_app():
                from flask import abort
                app = broken_app()

                @app.login_manager.request_loader
                def load(request):
                    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
                    token = Token.objects(token=sent).first()
                    if scheme != "Bearer" or token is None:
                        abort(401)
                    user = Account.objects(name=token.owner).first()
                    return user if user.is_active else None

                return app
            """,
            "A loader that refuses them closes open views too.",
        ),
        "fails where a token is not known": (
            """
            def mended_app():
                app = broken_app()

                @app.login_manager.request_loader
                def load(request):
                    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
                    if scheme == "Bearer":
                        user = Account.objects(name=Token.objects(token=sent).first().owner).first()
                        return user if user.is_active else None

                return app
            """,
            "AttributeError: 'NoneType' object has no attribute 'owner'",
        ),
        "logs in and out at the end": (
            """
            def mended_app():
                from flask import session
                app = broken_app()

                @app.after_request
                def forget(response):
                    session.clear()
                    return response

                return app
            """,
            "Which function in the loader writes into the session?",
        ),
        "remembers the tokens that were there": (
            """
            def mended_app():
                app = broken_app()
                known = {}

                @app.login_manager.request_loader
                def load(request):
                    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
                    if scheme != "Bearer" or not sent:
                        return None
                    if sent not in known:
                        token = Token.objects(token=sent).first()
                        known[sent] = token.owner if token else None
                    user = Account.objects(name=known[sent]).first()
                    return user if user and user.is_active else None

                return app
            """,
            "The loader asks the database each time.",
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


def keeping(*lines, found="Token.objects(token_hash=hash_secret(sent)).first()"):
    """Return an answer to 14.3 with these lines before its loader, which looks up what is found."""
    return "\n".join(
        [
            "def keep_hashes(app):",
            *(f"    {line}" for line in lines),
            "    @app.login_manager.request_loader",
            "    def load(request):",
            '        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")',
            '        if scheme != "Bearer" or not sent:',
            "            return None",
            f"        token = {found}",
            "        return User.objects(name=token.owner).first() if token else None",
        ]
    )


MOVED = (
    "for one in Token.objects(token__ne=None):",
    "    one.update(token_hash=hash_secret(one.token), unset__token=True)",
)

answers(
    "14.3",
    right=[
        """
        def keep_hashes(app):
            for one in Token.objects:
                if one.token:
                    one.token_hash, one.token = hash_secret(one.token), None
                    one.save()

            def load(request):
                sent = request.authorization
                if sent is not None and sent.type == "bearer" and sent.token:
                    one = Token.objects(token_hash=hash_secret(sent.token)).first()
                    return one and User.objects(name=one.owner).first()

            app.login_manager.request_loader(load)
        """,
        """
        def keep_hashes(app):
            import hashlib, hmac

            def digest(text):
                key = app.secret_key.encode()
                return "hmac:" + hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

            for one in Token.objects(token__exists=True):
                if not one.token.startswith("hmac:"):
                    one.modify(token=digest(one.token))

            @app.login_manager.request_loader
            def load(request):
                scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
                for one in Token.objects:
                    if scheme == "Bearer" and hmac.compare_digest(one.token, digest(sent)):
                        return User.objects(name=one.owner).first()

            return app
        """,
    ],
    wrong={
        "empty": (
            """
            def keep_hashes(app):
                pass
            """,
            "in it, as it is",
        ),
        "the loader only": (
            keeping(),
            "in it, as it is",
        ),
        "the database only": (
            """
            def keep_hashes(app):
                for one in Token.objects(token__ne=None):
                    one.update(token_hash=hash_secret(one.token), unset__token=True)
            """,
            "Does the loader look for what is stored now?",
        ),
        "the token stays beside its hash": (
            keeping(
                "for one in Token.objects:",
                "    one.update(token_hash=hash_secret(one.token))",
            ),
            "in it, as it is",
        ),
        "hashes what is a hash": (
            keeping(
                "for one in Token.objects:",
                "    one.update(token=hash_secret(one.token))",
                found="Token.objects(token=hash_secret(sent)).first()",
            ),
            "keep_hashes ran at two starts. What did the second one do?",
        ),
        "hashes nothing at the second start": (
            keeping(
                "for one in Token.objects:",
                "    one.update(token_hash=hash_secret(one.token), unset__token=True)",
            ),
            "at the next start it finds the hashes, and leaves them alone",
        ),
        "Base64": (
            keeping(
                "from base64 import b64encode",
                "code = lambda text: b64encode(text.encode()).decode()",
                "for one in Token.objects(token__ne=None):",
                "    one.update(token_hash=code(one.token), unset__token=True)",
                found="Token.objects(token_hash=code(sent)).first()",
            ),
            "in Base64, which anybody can read",
        ),
        "the hash opens too": (
            keeping(
                "for one in Token.objects:",
                "    if len(one.token) != 64:",
                "        one.update(token=hash_secret(one.token))",
                found="Token.objects(token__in=[sent, hash_secret(sent)]).first()",
            ),
            "What stands in the database must not open anything.",
        ),
        "new tokens in place of the old": (
            """
            def keep_hashes(app):
                import secrets
                for one in Token.objects(token__ne=None):
                    new = hash_secret(secrets.token_hex())
                    one.update(token_hash=new, unset__token=True)

                @app.login_manager.request_loader
                def load(request):
                    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
                    token = Token.objects(token_hash=hash_secret(sent)).first()
                    return User.objects(name=token.owner).first() if token else None
            """,
            "Does the loader look for what is stored now?",
        ),
        "knows them by heart": (
            """
            def keep_hashes(app):
                known = {f"Bearer {one.token}": one.owner for one in Token.objects}
                for one in Token.objects(token__ne=None):
                    one.update(token_hash=hash_secret(one.token), unset__token=True)

                @app.login_manager.request_loader
                def load(request):
                    owner = known.get(request.headers.get("Authorization"))
                    return User.objects(name=owner).first() if owner else None
            """,
            "keep_hashes ran at two starts.",
        ),
        "a salt that the next start does not have": (
            keeping(
                "import secrets",
                "salt = secrets.token_hex()",
                "for one in Token.objects(token__ne=None):",
                "    one.update(token_hash=hash_secret(salt + one.token), unset__token=True)",
                found="Token.objects(token_hash=hash_secret(salt + sent)).first()",
            ),
            "keep_hashes ran at two starts.",
        ),
        "a hash of the owner": (
            keeping(
                "for one in Token.objects:",
                "    one.update(token_hash=hash_secret(one.owner), unset__token=True)",
                found="Token.objects.first()",
            ),
            "the nightly script of grace",
        ),
        "a collection of its own": (
            """
            def keep_hashes(app):
                kept = Token._get_db()["hashes"]
                for one in Token.objects(token__ne=None):
                    kept.insert_one({"hash": hash_secret(one.token), "owner": one.owner})
                    one.delete()

                @app.login_manager.request_loader
                def load(request):
                    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
                    found = kept.find_one({"hash": hash_secret(sent)})
                    return User.objects(name=found["owner"]).first() if found else None
            """,
            "each token keeps its document, so that it can be taken away",
        ),
        "whatever the scheme": (
            """
            def keep_hashes(app):
                for one in Token.objects(token__ne=None):
                    one.update(token_hash=hash_secret(one.token), unset__token=True)

                @app.login_manager.request_loader
                def load(request):
                    sent = request.headers.get("Authorization", "").split(" ")[-1]
                    token = Token.objects(token_hash=hash_secret(sent)).first()
                    return User.objects(name=token.owner).first() if token else None
            """,
            "Only a token behind the word Bearer says who is calling.",
        ),
        "logs in who has a token": (
            keeping(
                *MOVED,
                "from flask_login import login_user",
                found="Token.objects(token_hash=hash_secret(sent)).first()\n"
                "        token and login_user(User.objects(name=token.owner).first())",
            ),
            "A session outlives the token that it was made of.",
        ),
        "patches the client": (
            f"""
            def keep_hashes(app):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)
