"""Answers to the exercises of notebook 08."""

from . import answers
from .ch04 import PATCHES_THE_CLIENT

PATCHES = PATCHES_THE_CLIENT.strip().replace(chr(10), chr(10) + " " * 12)

answers(
    "8.1",
    right=[
        """
        def known_user(name, typed):
            user = User.objects(name=name).first()
            if user is None:
                check_password_hash(NOBODYS_HASH, typed)
                return None
            if check_password_hash(user.password, typed):
                return user
        """,
        """
        def known_user(name, typed):
            try:
                user = User.objects.get(name=name)
            except User.DoesNotExist:
                generate_password_hash(typed)
                return None
            return user if check_password_hash(user.password, typed) else None
        """,
    ],
    wrong={
        "empty": (
            """
            def known_user(name, typed):
                pass
            """,
            "came back: nothing; expected: the user grace",
        ),
        "the quick exit of the notebook": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                if user is None:
                    return None
                return user if check_password_hash(user.password, typed) else None
            """,
            "came back: None, after no call of scrypt; expected: None, after 1 call",
        ),
        "the article's query": (
            """
            def known_user(name, typed):
                return User.objects(name=name, password=typed).first()
            """,
            "keeps a hash, with a salt in it",
        ),
        "two hashes are compared with ==": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                stored = user.password if user else NOBODYS_HASH
                return user if stored == generate_password_hash(typed) else None
            """,
            "keeps a hash, with a salt in it",
        ),
        "a hash and a check for nobody": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                stored = user.password if user else generate_password_hash("nobody")
                return user if check_password_hash(stored, typed) else None
            """,
            "Make the hash for nobody once",
        ),
        "a cheap hash for nobody": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                if user is None:
                    cheap = generate_password_hash("nobody", "scrypt:128:8:1")
                    return None
                return user if check_password_hash(user.password, typed) else None
            """,
            "with n=128; expected: None, after 1 call of scrypt with n=32768",
        ),
        "what is compared for nobody is no hash": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                stored = user.password if user else "nobody"
                return user if check_password_hash(stored, typed) else None
            """,
            "Is a hash of the same method checked where there is no user?",
        ),
        "waits in place of working": (
            """
            def known_user(name, typed):
                import time
                user = User.objects(name=name).first()
                if user is None:
                    time.sleep(0.06)
                    return None
                return user if check_password_hash(user.password, typed) else None
            """,
            "None, after no call of scrypt",
        ),
        "True in place of the user": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                stored = user.password if user else NOBODYS_HASH
                return check_password_hash(stored, typed)
            """,
            "Return the user, and not whether the password fits",
        ),
        "does not look at the answer": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                check_password_hash(user.password if user else NOBODYS_HASH, typed)
                return user
            """,
            "This password is wrong",
        ),
        "takes the hash as well": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                stored = user.password if user else NOBODYS_HASH
                return user if check_password_hash(stored, typed) or stored == typed else None
            """,
            "That is the hash, and not the password",
        ),
        "knows the example only": (
            """
            def known_user(name, typed):
                user = User.objects(name=name).first()
                if name == "nobody":
                    check_password_hash(NOBODYS_HASH, typed)
                if user and check_password_hash(user.password, typed):
                    return user
            """,
            "called: known_user('ada', 'a guess'); came back: None, after no call",
        ),
    },
)

answers(
    "8.2",
    right=[
        """
        def mended_schema():
            app = heedless_app()

            @app.before_request
            def look():
                if request.endpoint == "login":
                    found = LoginInput().validate(request.get_json())
                    if found:
                        return {"fields": found}, 422

            return app
        """,
        """
        def mended_schema():
            app = heedless_app()

            @app.errorhandler(ValidationError)
            def refuse(error):
                return error.messages, 422

            def login():
                asked = LoginInput().load(request.get_json())
                user = User.objects(name=asked["username"]).first()
                if user is None or user.password != asked["password"]:
                    return {"status": 401, "reason": "Username or Password Error"}
                login_user(user)
                return user.public()

            app.view_functions["login"] = login
            return app
        """,
        """
        def mended_schema():
            app = heedless_app()
            old = app.view_functions["login"]

            def login():
                asked = request.get_json()
                texts = [asked.get("username"), asked.get("password")]
                if not all(isinstance(one, str) for one in texts):
                    return {"error": "two texts, please"}, 422
                return old()

            app.view_functions["login"] = login
            return app
        """,
    ],
    wrong={
        "the broken app": (
            """
            def mended_schema():
                return heedless_app()
            """,
            "Does the login go on although the schema has found something?",
        ),
        "no return": (
            """
            def mended_schema():
                app = heedless_app()
            """,
            "Does the function end with `return app`?",
        ),
        "load, and nobody catches its error": (
            """
            def mended_schema():
                app = heedless_app()

                def login():
                    asked = LoginInput().load(request.get_json())
                    user = User.objects(name=asked["username"], password=asked["password"]).first()
                    if user is None:
                        return {"status": 401, "reason": "Username or Password Error"}
                    login_user(user)
                    return user.public()

                app.view_functions["login"] = login
                return app
            """,
            "An exception that nobody catches is a 500",
        ),
        "looks for $ne only": (
            """
            def mended_schema():
                app = heedless_app()
                old = app.view_functions["login"]

                def login():
                    if b"$ne" in request.data:
                        return {"error": "no operators"}, 422
                    return old()

                app.view_functions["login"] = login
                return app
            """,
            "{'$regex': '^p'}",
        ),
        "refuses every dollar, in passwords too": (
            """
            def mended_schema():
                app = heedless_app()
                old = app.view_functions["login"]

                def login():
                    if b"$" in request.data or not LoginInput().validate(request.get_json()) == {}:
                        return {"error": "no operators"}, 422
                    return old()

                app.view_functions["login"] = login
                return app
            """,
            "Two texts are input that can be read",
        ),
        "the password alone": (
            """
            def mended_schema():
                app = heedless_app()
                old = app.view_functions["login"]

                def login():
                    if not isinstance(request.get_json().get("password"), str):
                        return {"error": "a text, please"}, 422
                    return old()

                app.view_functions["login"] = login
                return app
            """,
            "'username': {'$ne': None}",
        ),
        "str around both": (
            """
            def mended_schema():
                app = heedless_app()

                def login():
                    asked = request.get_json()
                    name, password = str(asked.get("username")), str(asked.get("password"))
                    user = User.objects(name=name, password=password).first()
                    if user is None:
                        return {"status": 401, "reason": "Username or Password Error"}
                    login_user(user)
                    return user.public()

                app.view_functions["login"] = login
                return app
            """,
            "this is no wrong password: the input cannot be",
        ),
        "says 422 and logs in": (
            """
            def mended_schema():
                app = heedless_app()
                old = app.view_functions["login"]

                def login():
                    found, answer = LoginInput().validate(request.get_json()), old()
                    return ({"fields": found}, 422) if found else answer

                app.view_functions["login"] = login
                return app
            """,
            "POST /user_info, mallory, after that",
        ),
        "the wrong password is 422, too": (
            """
            def mended_schema():
                app = heedless_app()
                old = app.view_functions["login"]

                def login():
                    answer = old() if not LoginInput().validate(request.get_json()) else {}
                    return answer if "name" in answer else ({"error": "refused"}, 422)

                app.view_functions["login"] = login
                return app
            """,
            "the answer to a wrong password",
        ),
        "nobody gets in": (
            """
            def mended_schema():
                app = heedless_app()
                app.view_functions["login"] = lambda: ({"error": "refused"}, 422)
                return app
            """,
            '"name": "grace"',
        ),
        "patches the client": (
            f"""
            def mended_schema():
                {PATCHES}
                return heedless_app()
            """,
            "Leave these alone",
        ),
    },
)

_LOGIN = """
            def mended_move():
                app = moving_app()

                def login():
                    asked = request.get_json()
                    user = User.objects(name=str(asked["username"])).first()
                    typed, stored = str(asked["password"]), user.password if user else ""
                    {before}
                    if user and ({fits}):
                        {then}
                        login_user(user)
                        return user.public()
                    return {{"status": 401, "reason": "Username or Password Error"}}

                app.view_functions["login"] = login
                return app
"""


def _login(fits, before="pass", then="user.update(password=generate_password_hash(typed))"):
    return _LOGIN.format(fits=fits, before=before, then=then)


answers(
    "8.3",
    right=[
        _login(
            "check_password_hash(stored, typed) if hashed else stored == typed",
            before="hashed = stored.partition(':')[0] in ('scrypt', 'pbkdf2')",
            then="hashed or user.update(password=generate_password_hash(typed))",
        ),
        """
        def mended_move():
            app = moving_app()

            @app.before_request
            def no_hashes():
                if request.endpoint == "login":
                    typed = request.get_json()["password"]
                    if typed.startswith(("scrypt:", "pbkdf2:")) and typed.count("$") == 2:
                        return {"status": 401, "reason": "Username or Password Error"}

            return app
        """,
        _login(
            "check_password_hash(stored, typed)",
            before="if stored.count('$') != 2: stored = generate_password_hash(stored)",
        ),
    ],
    wrong={
        "the broken app": (
            """
            def mended_move():
                return moving_app()
            """,
            "with grace's hash from the old disk",
        ),
        "no return": (
            """
            def mended_move():
                app = moving_app()
            """,
            "Does the function end with `return app`?",
        ),
        "hashes alone": (
            _login("check_password_hash(stored, typed)"),
            "plaintext until its next login",
        ),
        "plaintext alone": (
            _login("stored == typed"),
            "with grace's hash from the old disk",
        ),
        "knows scrypt only": (
            _login(
                "check_password_hash(stored, typed) if hashed else stored == typed",
                before="hashed = stored.startswith('scrypt:')",
            ),
            "with emmy's hash from the old disk",
        ),
        "compare_digest in place of ==": (
            _login(
                "hmac.compare_digest(stored, typed) or check_password_hash(stored, typed)",
                before="import hmac",
            ),
            "Which comparison says yes to it?",
        ),
        "the hash of what was typed": (
            _login(
                "stored in (typed, generate_password_hash(typed))"
                " if '$' not in stored else generate_password_hash(typed) == stored",
            ),
            "two hashes of one password differ",
        ),
        "leaves the plaintext": (
            _login(
                "check_password_hash(stored, typed) if '$' in stored else stored == typed",
                then="pass",
            ),
            "a hash that generate_password_hash has made of the password, saved",
        ),
        "does not save": (
            _login(
                "check_password_hash(stored, typed) if '$' in stored else stored == typed",
                then="user.password = generate_password_hash(typed)",
            ),
            "came back: 'pass of ada'; expected: a hash",
        ),
        "a quick hash without salt": (
            _login(
                "hashlib.sha256(typed.encode()).hexdigest() == stored or stored == typed"
                " if '$' not in stored else check_password_hash(stored, typed)",
                before="import hashlib",
                then="if '$' not in stored: "
                "user.update(password=hashlib.sha256(typed.encode()).hexdigest())",
            ),
            "a hash that generate_password_hash has made of the password, saved",
        ),
        "moves before it looks": (
            _login(
                "check_password_hash(stored, typed) if '$' in stored else stored == typed",
                before="if '$' not in stored: user.update(password=generate_password_hash(typed))",
                then="pass",
            ),
            "Change a password only after a login that was right",
        ),
        "another refusal for a hash": (
            """
            def mended_move():
                app = moving_app()

                @app.before_request
                def no_hashes():
                    if request.endpoint == "login" and "$" in request.get_json()["password"]:
                        return {"status": 401, "reason": "This is a hash"}, 401

                return app
            """,
            "a thief must not see which comparison it was",
        ),
        "nobody gets in": (
            """
            def mended_move():
                app = moving_app()
                refusal = {"status": 401, "reason": "Username or Password Error"}
                app.view_functions["login"] = lambda: refusal
                return app
            """,
            "two hashes of one password differ",
        ),
    },
)
