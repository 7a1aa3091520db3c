"""Answers to the exercises of notebook 11."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCH = PATCHES_THE_CLIENT.strip().replace("\n", "\n" + " " * 12)

answers(
    "11.1",
    right=[
        """
        def mended_leave():
            app = linking_app()
            form = "<form action='/logout' method=POST><input type=submit></form>"
            app.view_functions["account"] = login_required(lambda: form)
            app.view_functions["leave"] = lambda: abort(405)
            return app
        """,
        """
        def mended_leave():
            from flask import redirect
            from flask_login import logout_user
            app = linking_app()

            @app.before_request
            def look():
                if request.path == "/leave" and request.method != "POST":
                    return redirect("/account")

            @app.post("/account")
            @login_required
            def leave_here():
                logout_user()
                return redirect("/account")

            @login_required
            def account():
                return '<form method="post"><button>Leave</button></form>'

            app.view_functions["account"] = account
            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_leave():
                return linking_app()
            """,
            "after GET /leave by a link on another site",
        ),
        "no return": (
            """
            def mended_leave():
                app = linking_app()
                app.view_functions["leave"] = lambda: abort(405)
            """,
            "Does the function end with `return app`?",
        ),
        "a stricter cookie": (
            """
            def mended_leave():
                app = linking_app()
                app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
                return app
            """,
            "came back: a session cookie that says strict of other sites",
        ),
        "an app without the rule for cookies": (
            """
            def mended_leave():
                from flasklogin_tutorial.steps.step06_logout_and_user_info import create_app
                return create_app()
            """,
            "a session cookie that says nothing of other sites; expected: a session cookie with",
        ),
        "refuses links from elsewhere": (
            """
            def mended_leave():
                app = linking_app()

                @app.before_request
                def check_site():
                    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
                        abort(403)

                return app
            """,
            "after GET /leave by an image or a look ahead on a page of this app",
        ),
        "wants to hear where the link was": (
            """
            def mended_leave():
                app = linking_app()
                leave = app.view_functions["leave"]

                def careful():
                    return abort(403) if request.headers.get("Sec-Fetch-Site") else leave()

                app.view_functions["leave"] = careful
                return app
            """,
            "a browser that says nothing of where the link was",
        ),
        "GET is off, HEAD is not": (
            """
            def mended_leave():
                app = linking_app()
                leave = app.view_functions["leave"]
                app.view_functions["leave"] = (
                    lambda: abort(405) if request.method == "GET" else leave()
                )
                return app
            """,
            "A view that takes GET takes HEAD too",
        ),
        "the link has another name": (
            """
            def mended_leave():
                from flask_login import logout_user
                app = linking_app()
                app.view_functions["leave"] = lambda: abort(404)

                @app.get("/bye")
                @login_required
                def bye():
                    logout_user()
                    return "bye"

                return app
            """,
            "after GET /bye",
        ),
        "the page still has the link": (
            """
            def mended_leave():
                app = linking_app()
                app.view_functions["leave"] = lambda: abort(405)
                return app
            """,
            "What sends POST when somebody clicks on it?",
        ),
        "a form without a method": (
            """
            def mended_leave():
                app = linking_app()
                form = '<form action="/logout"><button>Log out</button></form>'
                app.view_functions["account"] = login_required(lambda: form)
                app.view_functions["leave"] = lambda: abort(405)
                return app
            """,
            'expected: a page with <form method="post" …> that logs out',
        ),
        "a form that leads nowhere": (
            """
            def mended_leave():
                app = linking_app()
                form = '<form method="post" action="/leave"><button>Log out</button></form>'
                app.view_functions["account"] = login_required(lambda: form)
                app.view_functions["leave"] = lambda: abort(405)
                return app
            """,
            "Which path of the app takes POST, and logs out?",
        ),
        "the page is open to all": (
            """
            def mended_leave():
                app = linking_app()
                form = '<form method="post" action="/logout"><button>Log out</button></form>'
                app.view_functions["account"] = app.view_functions["leave"] = lambda: form
                return app
            """,
            "The new view needs the guard that the old one had.",
        ),
        "patches the client": (
            f"""
            def mended_leave():
                {PATCH}
                return linking_app()
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "11.2",
    right=[
        """
        def leads_inside(target):
            import re
            return re.fullmatch("/([a-zA-Z0-9?=&._#-]+/?)*", target) is not None
        """,
        """
        def leads_inside(target):
            from flasklogin_tutorial.app.login import is_safe_next
            return is_safe_next(target)
        """,
        """
        def leads_inside(target):
            if target == "/":
                return True
            return target[:1] == "/" and target[1].isascii() and (target[1].isalnum()
                                                                 or target[1] == "?")
        """,
    ],
    wrong={
        "empty": (
            """
            def leads_inside(target):
                pass
            """,
            "A check that refuses all of them needs no next.",
        ),
        "the usual check": (
            """
            def leads_inside(target):
                return usual_check(target)
            """,
            "next='///mallory.example'; came back: 302 Found, to /mallory.example",
        ),
        "the check of the notebook": (
            """
            def leads_inside(target):
                from urllib.parse import urlsplit
                return urlsplit(target).netloc == ""
            """,
            "expected: a redirect to /, because a browser reads next",
        ),
        "one slash in front": (
            """
            def leads_inside(target):
                return target.startswith("/")
            """,
            "because a browser reads next (two slashes) as another place",
        ),
        "one slash in front, and no second one": (
            """
            def leads_inside(target):
                return target.startswith("/") and not target.startswith("//")
            """,
            "because a browser reads next (slash, backslash) as another place",
        ),
        "forgets what a browser drops": (
            """
            def leads_inside(target):
                return target[:1] == "/" and target[1:2] not in ("/", "\\\\")
            """,
            "because a browser reads next (tab between) as another place",
        ),
        "both slashes on the list, and the blank": (
            """
            def leads_inside(target):
                usual = usual_check(target)
                return usual and not target.startswith(("//", "/\\\\", "\\\\", " "))
            """,
            "because a browser reads next (the other scheme) as another place",
        ),
        "forbids the host of the example": (
            """
            def leads_inside(target):
                return "evil.example" not in target
            """,
            "A check that refuses all of them needs no next.",
        ),
        "forbids the host of the example in front": (
            """
            def leads_inside(target):
                return target[0] == "/" and not target.strip("/\\\\ \\t\\n").startswith("evil")
            """,
            "A check that refuses all of them needs no next.",
        ),
        "refuses a query": (
            """
            def leads_inside(target):
                return target.startswith("/") and target.strip("/").isalpha()
            """,
            "next='/?name=emmy'; came back: 302 Found, to /; expected: a redirect to /?name=emmy",
        ),
        "no next is ever allowed": (
            """
            def leads_inside(target):
                return target == "/"
            """,
            "expected: a redirect to /account",
        ),
        "forgets the line break": (
            """
            def leads_inside(target):
                bad = ["//", "\\\\", "\\t", " ", ":"]
                return target.startswith("/") and not any(text in target for text in bad)
            """,
            "Header values must not contain newline characters",
        ),
        "patches the client": (
            f"""
            def leads_inside(target):
                {PATCH}
                return True
            """,
            "Leave these alone",
        ),
    },
)

answers(
    "11.3",
    right=[
        """
        def add_form_token(app):
            import hashlib

            def form_token():
                if "seed" not in session:
                    session["seed"] = secrets.token_urlsafe(32)
                return hashlib.sha256(session["seed"].encode()).hexdigest()

            app.jinja_env.globals["form_token"] = form_token

            def look():
                if request.method != "POST" or not request.form:
                    return None
                if "seed" not in session or request.form.get("token") != form_token():
                    return "this form is not from here", 403

            app.before_request(look)
        """,
        """
        def add_form_token(app):
            from flask_wtf.csrf import CSRFProtect, generate_csrf
            app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_FIELD_NAME="token")
            csrf = CSRFProtect(app)
            app.jinja_env.globals["form_token"] = generate_csrf

            @app.before_request
            def protect():
                if request.mimetype in FORMS:
                    csrf.protect()
        """,
        """
        def add_form_token(app):
            def form_token():
                session["tokens"] = [*session.get("tokens", []), secrets.token_hex()]
                return session["tokens"][-1]

            @app.context_processor
            def give():
                return {"form_token": form_token}

            @app.before_request
            def check_token():
                form = request.mimetype in FORMS
                if form and request.form.get("token") not in session.get("tokens", []):
                    abort(400)
        """,
    ],
    wrong={
        "empty": (
            """
            def add_form_token(app):
                pass
            """,
            "expected: the status 400 or 403: this form is not from a page",
        ),
        "the token without the check": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())
            """,
            "expected: the status 400 or 403: this form is not from a page",
        ),
        "the check without the token": (
            """
            def add_form_token(app):
                @app.before_request
                def check_token():
                    if request.mimetype in FORMS:
                        abort(400)
            """,
            "is a function of that name in app.jinja_env.globals?",
        ),
        "nothing equals nothing": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())

                @app.before_request
                def check_token():
                    if request.mimetype in FORMS:
                        if request.form.get("token") != session.get("token"):
                            abort(400)
            """,
            "who has not opened the form: a form without a token; came back: 200 OK",
        ),
        "an empty token equals an empty session": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())

                @app.before_request
                def check_token():
                    if request.mimetype in FORMS:
                        if request.form.get("token") != session.get("token", ""):
                            abort(400)
            """,
            "who has not opened the form: a form with the token ''; came back: 200 OK",
        ),
        "any token will do": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())

                @app.before_request
                def check_token():
                    if request.mimetype in FORMS and not request.form.get("token"):
                        abort(400)
            """,
            "a token of another visit is no token.",
        ),
        "one token for all": (
            """
            def add_form_token(app):
                token = secrets.token_hex()
                app.jinja_env.globals["form_token"] = lambda: token

                @app.before_request
                def check_token():
                    if request.mimetype in FORMS and request.form.get("token") != token:
                        abort(400)
            """,
            "Her token must not fit Ada's form.",
        ),
        "every token that was ever given out": (
            """
            def add_form_token(app):
                given = set()

                @app.template_global()
                def form_token():
                    token = secrets.token_hex()
                    given.add(token)
                    return token

                @app.before_request
                def check_token():
                    if request.mimetype in FORMS and request.form.get("token") not in given:
                        abort(400)
            """,
            "a token of another visit is no token.",
        ),
        "a token that lasts until the page is opened again": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    session["token"] = secrets.token_hex()
                    return session["token"]

                @app.before_request
                def check_token():
                    if request.mimetype in FORMS:
                        kept = session.get("token")
                        if not kept or kept != request.form.get("token"):
                            abort(400)
            """,
            "It stays good for each tab.",
        ),
        "a token that can be guessed": (
            """
            def add_form_token(app):
                from flask_login import current_user

                @app.template_global()
                def form_token():
                    return current_user.name

                @app.before_request
                def check_token():
                    if request.mimetype in FORMS and request.form.get("token") != form_token():
                        abort(400)
            """,
            "A token that can be guessed is none",
        ),
        "guards one view": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())

                @app.before_request
                def check_token():
                    if request.path == "/email" and request.method == "POST":
                        kept = session.get("token")
                        if not kept or kept != request.form.get("token"):
                            abort(400)
            """,
            "Look before every view.",
        ),
        "forgets multipart": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())

                @app.before_request
                def check_token():
                    if request.mimetype == FORMS[0]:
                        kept = session.get("token")
                        if not kept or kept != request.form.get("token"):
                            abort(400)
            """,
            "FORMS has two ways to send a form.",
        ),
        "asks JSON too": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())

                @app.before_request
                def check_token():
                    if request.method != "GET":
                        kept = session.get("token")
                        if not kept or kept != request.form.get("token"):
                            abort(400)
            """,
            "only forms need a token.",
        ),
        "looks after the view": (
            """
            def add_form_token(app):
                @app.template_global()
                def form_token():
                    return session.setdefault("token", secrets.token_hex())

                @app.after_request
                def check_token(response):
                    if request.mimetype in FORMS:
                        kept = session.get("token")
                        if not kept or kept != request.form.get("token"):
                            response.status_code = 403
                    return response
            """,
            "Look at the token before the view runs.",
        ),
        "patches the client": (
            f"""
            def add_form_token(app):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)
