"""Answers to exercise 10.3."""


# %% right
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


# %% right
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


# %% wrong: empty
# says: a copy of grace's cookie, after her new password
def bind_to_password(app):
    pass


# %% wrong: the password in the cookie
# says: came back: the password itself
def bind_to_password(app):

    def stamp(user):
        return user.password

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user


# %% wrong: a quick hash of it
# says: came back: the same in both: 61bb9fc1
def bind_to_password(app):
    import hashlib

    def stamp(user):
        return hashlib.sha256(user.password.encode()).hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user


# %% wrong: a quick hash with the id for salt
# says: Use a hash that needs the app's secret key
def bind_to_password(app):
    import hashlib

    def stamp(user):
        return hashlib.sha256((str(user.id) + user.password).encode()).hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user


# %% wrong: a key of its own in the source
# says: came back: the same in both: 1c52918b
def bind_to_password(app):

    def stamp(user):
        return hmac.new(b"pepper", user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user


# %% wrong: the loader does not look
# says: made with the former password
def bind_to_password(app):

    def stamp(user):
        return hmac.new(app.secret_key.encode(), user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        return user


# %% wrong: nobody puts the stamp there
# says: The login has to leave in the session what the loader looks for
def bind_to_password(app):

    def stamp(user):
        return hmac.new(app.secret_key.encode(), user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user


# %% wrong: a signal that is forgotten
# says: `connect_via` keeps it
def bind_to_password(app):

    def stamp(user):
        return hmac.new(app.secret_key.encode(), user.password.encode(), "sha256").hexdigest()

    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user

    user_logged_in.connect(note, app)


# %% wrong: crashes without a stamp
# says: KeyError: 'stamp'
def bind_to_password(app):

    def stamp(user):
        return hmac.new(app.secret_key.encode(), user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session["stamp"] == stamp(user):
            return user


# %% wrong: no stamp is a stamp
# says: a cookie from before this change, without a stamp
def bind_to_password(app):

    def stamp(user):
        return hmac.new(app.secret_key.encode(), user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if session.get("stamp", user and stamp(user)) == stamp(user):
            return user


# %% wrong: no user
# says: AttributeError: 'NoneType' object has no attribute 'password'
def bind_to_password(app):

    def stamp(user):
        return hmac.new(app.secret_key.encode(), user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if session.get("stamp") == stamp(user):
            return user


# %% wrong: the address is in the stamp
# says: after a new address
def bind_to_password(app):

    def stamp(user):
        return hmac.new(
            app.secret_key.encode(), (user.password + user.email).encode(), "sha256"
        ).hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user


# %% wrong: the name in place of the password
# says: a copy of grace's cookie, after her new password
def bind_to_password(app):

    def stamp(user):
        return hmac.new(app.secret_key.encode(), user.name.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        if user and session.get("stamp") == stamp(user):
            return user


# %% wrong: one login a user
# says: One password is good for any number of logins
def bind_to_password(app):
    last = {}

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = last[str(user.id)] = secrets.token_hex()

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        return user if session.get("stamp") == last.get(user_id, "") else None


# %% wrong: a list of changes in memory
# says: has to come from the database
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


# %% wrong: a new password logs its own browser out
# says: a copy of grace's cookie, after her new password
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


# %% wrong: a new key for everybody
# says: Emmy has changed nothing
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


# %% wrong: every change ends all logins
# says: The password is what it was
def bind_to_password(app):
    update = app.view_functions["update_record"]

    def update_record():
        app.secret_key = secrets.token_hex()
        return update()

    app.view_functions["update_record"] = update_record


# %% wrong: prints the answer and does not return it
# says: Something is printed
def bind_to_password(app):
    """Let cookies end that were made with a former password."""

    def stamp(user):
        key = app.secret_key.encode()
        return hmac.new(key, user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id).first()
        print(user if user and session.get("stamp") == stamp(user) else None)


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one. first() takes one document out, or
#     gives None.
def bind_to_password(app):
    """Let cookies end that were made with a former password."""

    def stamp(user):
        key = app.secret_key.encode()
        return hmac.new(key, user.password.encode(), "sha256").hexdigest()

    @user_logged_in.connect_via(app)
    def note(sender, user):
        session["stamp"] = stamp(user)

    @app.login_manager.user_loader
    def load_user(user_id):
        user = User.objects(id=user_id)
        return user if user and session.get("stamp") == stamp(user) else None
