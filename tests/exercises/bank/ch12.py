"""Answers to the exercises of notebook 12."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCH = PATCHES_THE_CLIENT.strip().replace("\n", "\n" + " " * 12)

answers(
    "12.1",
    right=[
        """
        def mended_owner():
            app = believing_app()

            def change_email(name):
                user = User.objects(name=name).first()
                if user is None:
                    abort(404)
                if user != current_user:
                    abort(403)
                user.modify(email=request.get_json()["email"])
                return user.public()

            app.view_functions["change_email"] = login_required(change_email)
            return app
        """,
        """
        def mended_owner():
            app = create_app()

            @app.route("/email/<name>", methods=["PUT"])
            @login_required
            def change_email(name):
                if not User.objects(name=name):
                    return {"error": "nobody has this name"}, 404
                if current_user.name == name:
                    current_user.email = request.json["email"]
                    return current_user.save().public()
                return {"error": "not yours"}, 403

            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_owner():
                return believing_app()
            """,
            "called: PUT /email/emmy {'by': 'emmy', 'email': 'g@evil.example'}, logged in as grace",
        ),
        "no return": (
            """
            def mended_owner():
                app = believing_app()
            """,
            "Does the function end with `return app`?",
        ),
        "the body names the one who asks, and the view compares with that": (
            """
            def mended_owner():
                app = believing_app()

                @login_required
                def change_email(name):
                    record = json.loads(request.data)
                    user = User.objects.get_or_404(name=name)
                    if record.get("by", current_user.name) != user.name:
                        abort(403)
                    user.update(email=record["email"])
                    return user.reload().public()

                app.view_functions["change_email"] = change_email
                return app
            """,
            "The body says what somebody wrote into it.",
        ),
        "asks the body and the login": (
            """
            def mended_owner():
                app = believing_app()
                view = app.view_functions["change_email"]

                def change_email(name):
                    if current_user.is_authenticated and current_user.name != name:
                        return {"error": "not yours"}, 403
                    return view(name)

                app.view_functions["change_email"] = change_email
                return app
            """,
            "Does the view still read `by`?",
        ),
        "compares the name of the path with the name of the record": (
            """
            def mended_owner():
                app = believing_app()

                @login_required
                def change_email(name):
                    user = User.objects.get_or_404(name=name)
                    if user.name != name:
                        abort(403)
                    user.update(email=request.get_json()["email"])
                    return user.reload().public()

                app.view_functions["change_email"] = change_email
                return app
            """,
            "expected: 403: the record is emmy's",
        ),
        "forgets the guard": (
            """
            def mended_owner():
                app = believing_app()

                def change_email(name):
                    user = User.objects.get_or_404(name=name)
                    if user.id != current_user.id:
                        abort(403)
                    user.update(email=request.get_json()["email"])
                    return user.reload().public()

                app.view_functions["change_email"] = change_email
                return app
            """,
            "first who you are, then whether you may",
        ),
        "writes before it asks": (
            """
            def mended_owner():
                app = believing_app()

                @login_required
                def change_email(name):
                    user = User.objects.get_or_404(name=name)
                    user.update(email=request.get_json()["email"])
                    if user.id != current_user.id:
                        abort(403)
                    return user.reload().public()

                app.view_functions["change_email"] = change_email
                return app
            """,
            "Refuse before anything is written.",
        ),
        "changes the own record, whatever the path says": (
            """
            def mended_owner():
                app = believing_app()

                @login_required
                def change_email(name):
                    current_user.update(email=request.get_json()["email"])
                    return current_user.reload().public()

                app.view_functions["change_email"] = change_email
                return app
            """,
            'came back: 200 OK {"email":"g@evil.example","name":"grace"}; expected: 403',
        ),
        "compares an id with a text": (
            """
            def mended_owner():
                app = believing_app()

                @login_required
                def change_email(name):
                    user = User.objects.get_or_404(name=name)
                    if user.id != current_user.get_id():
                        abort(403)
                    user.update(email=request.get_json()["email"])
                    return user.reload().public()

                app.view_functions["change_email"] = change_email
                return app
            """,
            "An id of the database is no text",
        ),
        "knows Ada only": (
            """
            def mended_owner():
                app = believing_app()

                @login_required
                def change_email(name):
                    if name != "ada":
                        abort(403)
                    current_user.update(email=request.get_json()["email"])
                    return current_user.reload().public()

                app.view_functions["change_email"] = change_email
                return app
            """,
            "it is her own, whatever the body says of her",
        ),
        "patches the client": (
            f"""
            def mended_owner():
                {PATCH}
                return believing_app()
            """,
            "Leave these alone",
        ),
    },
)

THROTTLE = """
            def mended_throttle():
                app, tries = create_app(), Counter()
                plain_login = app.view_functions["login"]

                def login():
                    key = {key}
                    tries[key] += 1
                    if tries[key] > {most}:
                        return {{"error": "too many tries"}}, 429
                    return plain_login()

                app.view_functions["login"] = login
                return app
"""


def counting(key, most=5):
    return THROTTLE.format(key=key, most=most)


answers(
    "12.2",
    right=[
        """
        def mended_throttle():
            app = create_app()
            tries = {}

            @app.before_request
            def limit():
                if request.endpoint == "login":
                    seen = tries.setdefault(request.remote_addr, [])
                    seen.append(request.path)
                    if len(seen) >= 6:
                        abort(429)

            return app
        """,
        """
        def mended_throttle():
            app = forwarded_app()
            limited = app.wsgi_app

            def without_headers(environ, start_response):
                environ.pop("HTTP_X_FORWARDED_FOR", None)
                return limited(environ, start_response)

            app.wsgi_app = without_headers
            return app
        """,
        """
        def mended_throttle():
            from flask_limiter import Limiter
            from flask_limiter.util import get_remote_address
            app = create_app()
            limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
            app.view_functions["login"] = limiter.limit("5 per hour")(app.view_functions["login"])
            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_throttle():
                return forwarded_app()
            """,
            "What are the tries counted by, and who chooses it?",
        ),
        "no throttle": (
            """
            def mended_throttle():
                return create_app()
            """,
            "try 6 from 203.0.113.7, by a new browser without such headers; came back: 200 OK",
        ),
        "no return": (
            """
            def mended_throttle():
                app = create_app()
            """,
            "Does the function end with `return app`?",
        ),
        "the last address of the header": (
            counting("request.access_route[-1]"),
            "try 6 from 203.0.113.8, by a new browser with {'X-Forwarded-For'",
        ),
        "another header": (
            counting('request.headers.get("X-Real-IP", request.remote_addr)'),
            "What are the tries counted by, and who chooses it?",
        ),
        "the header and the address": (
            counting('(request.remote_addr, request.headers.get("X-Forwarded-For"))'),
            "What are the tries counted by, and who chooses it?",
        ),
        "trusts a proxy that is not there": (
            """
            def mended_throttle():
                from werkzeug.middleware.proxy_fix import ProxyFix
                app = forwarded_app()
                app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
                return app
            """,
            "What are the tries counted by, and who chooses it?",
        ),
        "the browser's name": (
            counting('(request.remote_addr, request.headers.get("User-Agent"))'),
            "What are the tries counted by, and who chooses it?",
        ),
        "the session": (
            """
            def mended_throttle():
                from flask import session
                app = create_app()
                plain_login = app.view_functions["login"]

                def login():
                    session["tries"] = session.get("tries", 0) + 1
                    if session["tries"] > 5:
                        return {"error": "too many tries"}, 429
                    return plain_login()

                app.view_functions["login"] = login
                return app
            """,
            "try 6 from 203.0.113.7, by a new browser",
        ),
        "the name": (
            counting('json.loads(request.data)["username"]'),
            "by turns with two names, and all from one address",
        ),
        "one count for all": (
            counting('"everybody"'),
            "Five are allowed from each address, with whatever headers.",
        ),
        "off by one": (
            counting("request.remote_addr", most=4),
            "try 5 from 203.0.113.7, by a new browser without such headers; came back: 429",
        ),
        "off by one the other way": (
            counting("request.remote_addr", most=6),
            "which try is the first that is refused?",
        ),
        "429 in the body only": (
            """
            def mended_throttle():
                app, tries = create_app(), Counter()
                plain_login = app.view_functions["login"]

                def login():
                    tries[request.remote_addr] += 1
                    if tries[request.remote_addr] > 5:
                        return {"status": 429}
                    return plain_login()

                app.view_functions["login"] = login
                return app
            """,
            "expected: the status 429: there were five tries from this address",
        ),
        "who brings the header is refused": (
            """
            def mended_throttle():
                app = forwarded_app()

                @app.before_request
                def refuse():
                    if "X-Forwarded-For" in request.headers:
                        abort(429)

                return app
            """,
            "Five are allowed from each address, with whatever headers.",
        ),
        "both counts": (
            """
            def mended_throttle():
                app, tries = forwarded_app(), Counter()
                limited = app.view_functions["login"]

                def login():
                    tries[request.remote_addr] += 1
                    if tries[request.remote_addr] > 5:
                        return {"error": "too many tries"}, 429
                    return limited()

                app.view_functions["login"] = login
                return app
            """,
            "nobody can add to another's",
        ),
        "a right password gets through": (
            """
            def mended_throttle():
                app, tries = create_app(), Counter()
                plain_login = app.view_functions["login"]

                def login():
                    answer = plain_login()
                    if not current_user.is_authenticated:
                        tries[request.remote_addr] += 1
                        if tries[request.remote_addr] > 5:
                            return {"error": "too many tries"}, 429
                    return answer

                app.view_functions["login"] = login
                return app
            """,
            "Look at the count before the password.",
        ),
        "patches the client": (
            f"""
            def mended_throttle():
                {PATCH}
                return forwarded_app()
            """,
            "Leave these alone",
        ),
    },
)


def changing(*lines):
    """Return an answer to 12.3 with another body of its view."""
    body = "".join(f"\n                    {line}" for line in lines)
    return f"""
            def add_changes(app):
                @app.patch("/people/<name>")
                @login_required
                def change(name):{body}
    """


USER = "user = Account.objects.get_or_404(name=name)"
RECORD = "record = request.get_json()"
MAY = "if user.id != current_user.id and not current_user.is_admin: abort(403)"
LIST = "if record.keys() - LISTED[current_user.is_admin]: abort(422)"
WRITE = ("user.update(**record)", "return user.reload().public()")

answers(
    "12.3",
    right=[
        """
        def add_changes(app):
            @app.route("/people/<name>", methods=["PATCH"])
            def change(name):
                if not current_user.is_authenticated:
                    return app.login_manager.unauthorized()
                if not current_user.is_admin and current_user.name != name:
                    return {"error": "not yours"}, 403
                user = Account.objects(name=name).first()
                if user is None:
                    return {"error": "nobody has this name"}, 404
                allowed = ["email", "password"]
                if current_user.is_admin:
                    allowed.append("is_admin")
                for field in request.json:
                    if field not in allowed:
                        return {"error": f"there is no field {field}"}, 422
                for field, value in request.json.items():
                    setattr(user, field, value)
                return user.save().public()
        """,
        """
        def add_changes(app):
            @app.patch("/people/<name>")
            @login_required
            def change(name):
                if unlisted := set(request.json) - LISTED[current_user.is_admin]:
                    return {"fields": sorted(unlisted)}, 422
                own = {} if current_user.is_admin else {"id": current_user.id}
                if not Account.objects(name=name, **own).update(**request.json):
                    abort(404 if current_user.is_admin else 403)
                return Account.objects.get(name=name).public()
        """,
        """
        def add_changes(app):
            from marshmallow import Schema, ValidationError, fields

            class Own(Schema):
                email = fields.String()
                password = fields.String()

            class Any(Own):
                is_admin = fields.Boolean()

            def change(name):
                user = Account.objects.get_or_404(name=name)
                if not (current_user.is_admin or current_user.get_id() == user.get_id()):
                    abort(403)
                try:
                    new = (Any if current_user.is_admin else Own)().load(request.get_json())
                except ValidationError as error:
                    return error.messages, 422
                user.modify(**new)
                return user.public()

            app.add_url_rule("/people/<name>", view_func=login_required(change), methods=["PATCH"])
        """,
    ],
    wrong={
        "empty": (
            """
            def add_changes(app):
                pass
            """,
            "called: PATCH /people/grace {'email': 'g1@example.org'}",
        ),
        "mass assignment": (
            changing(USER, RECORD, MAY, *WRITE),
            "a field of this request is on no list of hers",
        ),
        "a list of what is forbidden": (
            changing(
                USER,
                RECORD,
                MAY,
                "if not current_user.is_admin and 'is_admin' in record: abort(422)",
                *WRITE,
            ),
            "{'set__is_admin': True}",
        ),
        "a longer list of what is forbidden": (
            changing(
                USER,
                RECORD,
                MAY,
                "if 'id' in record or 'active' in record or 'failures' in record: abort(422)",
                "if not current_user.is_admin and 'admin' in str(record): abort(422)",
                *WRITE,
            ),
            "{'name': 'root'}",
        ),
        "drops what is on no list": (
            changing(
                USER,
                RECORD,
                MAY,
                "listed = LISTED[current_user.is_admin]",
                "record = {key: record[key] for key in record if key in listed}",
                "if record: user.update(**record)",
                "return user.reload().public()",
            ),
            "do not drop it in silence.",
        ),
        "writes, and then looks at the list": (
            changing(
                USER,
                RECORD,
                MAY,
                "if 'email' in record: user.update(email=record['email'])",
                LIST,
                "user.update(**record)",
                "return user.reload().public()",
            ),
            "Refuse before anything is written.",
        ),
        "anyone edits anyone": (
            changing(USER, RECORD, LIST, *WRITE),
            "expected: 403: the record is emmy's",
        ),
        "the owner is whom the body names": (
            changing(
                USER,
                RECORD,
                "who = record.pop('by', None) or record.pop('name', current_user.name)",
                "if who != user.name and not current_user.is_admin: abort(403)",
                LIST,
                *WRITE,
            ),
            "a field of this request is on no list of hers",
        ),
        "the owner only": (
            changing(
                USER,
                RECORD,
                "if user.id != current_user.id: abort(403)",
                LIST,
                *WRITE,
            ),
            "logged in as root, an administrator; came back: 403 Forbidden",
        ),
        "administrators only": (
            changing(
                USER,
                RECORD,
                "if not current_user.is_admin: abort(403)",
                LIST,
                *WRITE,
            ),
            "Owners may, and so may administrators.",
        ),
        "the list of the record and not of who asks": (
            changing(
                USER,
                RECORD,
                MAY,
                "if record.keys() - LISTED[user.is_admin]: abort(422)",
                *WRITE,
            ),
            "who asks, and not whose record it is, says which",
        ),
        "administrators may write everything": (
            changing(
                USER,
                RECORD,
                MAY,
                "if not current_user.is_admin and record.keys() - OWN: abort(422)",
                *WRITE,
            ),
            "administrators have a list too",
        ),
        "one list for all": (
            changing(
                USER,
                RECORD,
                MAY,
                "if record.keys() - LISTED[True]: abort(422)",
                *WRITE,
            ),
            "called: PATCH /people/grace {'is_admin': True}, logged in as grace",
        ),
        "no guard": (
            """
            def add_changes(app):
                @app.patch("/people/<name>")
                def change(name):
                    user = Account.objects.get_or_404(name=name)
                    if not current_user.is_admin and user.id != current_user.id:
                        abort(403)
                    if request.json.keys() - LISTED[current_user.is_admin]:
                        abort(422)
                    user.update(**request.json)
                    return user.reload().public()
            """,
            "a stranger has no is_admin",
        ),
        "remembers who is an administrator": (
            """
            def add_changes(app):
                admins = {}

                @app.patch("/people/<name>")
                @login_required
                def change(name):
                    admin = admins[current_user.id] = (
                        admins.get(current_user.id) or current_user.is_admin
                    )
                    user = Account.objects.get_or_404(name=name)
                    if not admin and user.id != current_user.id:
                        abort(403)
                    if request.json.keys() - LISTED[admin]:
                        abort(422)
                    user.update(**request.json)
                    return user.reload().public()
            """,
            "A role has to be asked for at each request",
        ),
        "the administrator is called root": (
            changing(
                USER,
                RECORD,
                "admin = current_user.name == 'root'",
                "if user.id != current_user.id and not admin: abort(403)",
                "if record.keys() - LISTED[admin]: abort(422)",
                *WRITE,
            ),
            "emmy, an administrator by now; came back: 403",
        ),
        "says so and stores nothing": (
            changing(
                USER,
                RECORD,
                MAY,
                LIST,
                "return user.public() | record",
            ),
            "What is sent is stored",
        ),
        "patches the client": (
            f"""
            def add_changes(app):
                {PATCH}
            """,
            "Leave these alone",
        ),
    },
)
