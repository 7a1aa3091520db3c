"""Answers to exercise 8.3."""


# %% right
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        hashed = stored.partition(":")[0] in ("scrypt", "pbkdf2")
        if user and (check_password_hash(stored, typed) if hashed else stored == typed):
            hashed or user.update(password=generate_password_hash(typed))
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% right
def mended_move():
    app = moving_app()

    @app.before_request
    def no_hashes():
        if request.endpoint == "login":
            typed = request.get_json()["password"]
            if typed.startswith(("scrypt:", "pbkdf2:")) and typed.count("$") == 2:
                return {"status": 401, "reason": "Username or Password Error"}

    return app


# %% right
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if stored.count("$") != 2:
            stored = generate_password_hash(stored)
        if user and (check_password_hash(stored, typed)):
            user.update(password=generate_password_hash(typed))
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: the broken app
# says: with grace's hash from the old disk
def mended_move():
    return moving_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_move():
    app = moving_app()


# %% wrong: hashes alone
# says: plaintext until its next login
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if user and (check_password_hash(stored, typed)):
            user.update(password=generate_password_hash(typed))
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: plaintext alone
# says: with grace's hash from the old disk
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if user and (stored == typed):
            user.update(password=generate_password_hash(typed))
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: knows scrypt only
# says: with emmy's hash from the old disk
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        hashed = stored.startswith("scrypt:")
        if user and (check_password_hash(stored, typed) if hashed else stored == typed):
            user.update(password=generate_password_hash(typed))
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: compare_digest in place of ==
# says: Which comparison says yes to it?
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        import hmac

        if user and (hmac.compare_digest(stored, typed) or check_password_hash(stored, typed)):
            user.update(password=generate_password_hash(typed))
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: the hash of what was typed
# says: two hashes of one password differ
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if user and (
            stored in (typed, generate_password_hash(typed))
            if "$" not in stored
            else generate_password_hash(typed) == stored
        ):
            user.update(password=generate_password_hash(typed))
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: leaves the plaintext
# says: a hash that generate_password_hash has made of the password, saved
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if user and (check_password_hash(stored, typed) if "$" in stored else stored == typed):
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: does not save
# says: came back: 'pass of ada'; expected: a hash
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if user and (check_password_hash(stored, typed) if "$" in stored else stored == typed):
            user.password = generate_password_hash(typed)
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: a quick hash without salt
# says: a hash that generate_password_hash has made of the password, saved
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        import hashlib

        if user and (
            hashlib.sha256(typed.encode()).hexdigest() == stored or stored == typed
            if "$" not in stored
            else check_password_hash(stored, typed)
        ):
            if "$" not in stored:
                user.update(password=hashlib.sha256(typed.encode()).hexdigest())
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: moves before it looks
# says: Change a password only after a login that was right
def mended_move():
    app = moving_app()

    def login():
        asked = request.get_json()
        user = User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if "$" not in stored:
            user.update(password=generate_password_hash(typed))
        if user and (check_password_hash(stored, typed) if "$" in stored else stored == typed):
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app


# %% wrong: another refusal for a hash
# says: a thief must not see which comparison it was
def mended_move():
    app = moving_app()

    @app.before_request
    def no_hashes():
        if request.endpoint == "login" and "$" in request.get_json()["password"]:
            return {"status": 401, "reason": "This is a hash"}, 401

    return app


# %% wrong: nobody gets in
# says: two hashes of one password differ
def mended_move():
    app = moving_app()
    refusal = {"status": 401, "reason": "Username or Password Error"}
    app.view_functions["login"] = lambda: refusal
    return app


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_move():
    """Return the app of this exercise, without its mistake."""
    app = moving_app()
    login = app.view_functions["login"]

    def careful_login():
        user = User.objects(name=str(request.json["username"])).first()
        hashed = user and user.password.startswith(("scrypt:", "pbkdf2:"))
        if hashed and not check_password_hash(user.password, request.json["password"]):
            return {"status": 401, "reason": "Username or Password Error"}
        print(login())

    app.view_functions["login"] = careful_login
    return app


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one. first() takes one document out, or
#     gives None.
def mended_move():
    """Return the app of this exercise, without its mistake."""
    app = moving_app()
    login = app.view_functions["login"]

    def careful_login():
        user = User.objects(name=str(request.json["username"]))
        hashed = user and user.password.startswith(("scrypt:", "pbkdf2:"))
        if hashed and not check_password_hash(user.password, request.json["password"]):
            return {"status": 401, "reason": "Username or Password Error"}
        return login()

    app.view_functions["login"] = careful_login
    return app


# %% right
def mended_move():
    app = step06.create_app()

    def login():
        asked = request.get_json()
        user = step06.User.objects(name=str(asked["username"])).first()
        typed, stored = str(asked["password"]), user.password if user else ""
        if user and (
            check_password_hash(stored, typed)
            if stored.startswith(("scrypt:", "pbkdf2:"))
            else stored == typed
        ):
            user.password = generate_password_hash(typed)
            user.save()
            login_user(user)
            return user.public()
        return {"status": 401, "reason": "Username or Password Error"}

    app.view_functions["login"] = login
    return app
