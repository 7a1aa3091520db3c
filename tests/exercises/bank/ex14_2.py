"""Answers to exercise 14.2."""


# %% right
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


# %% right
def mended_app():

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        if user is None or not user.is_active:
            return None
        return user

    return app


# %% wrong: empty
# says: Does the function end with `return app`?
def mended_app():
    pass


# %% wrong: the broken app
# says: Which function in the loader writes into the session?
def mended_app():
    return broken_app()


# %% wrong: the loader of the notebook, and the account is not looked at
# says: Flask-Login looks at is_active in login_user, and nowhere else.
def mended_app():

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        return user

    return app


# %% wrong: logs closed accounts in as well
# says: Which function in the loader writes into the session?
def mended_app():
    from flask_login import login_user

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        if user:
            login_user(user, force=True)
        return user

    return app


# %% wrong: logs in for a moment
# says: Which function in the loader writes into the session?
def mended_app():
    from flask_login import login_user

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        from datetime import timedelta

        if user and login_user(user, duration=timedelta(seconds=1)):
            return user

    return app


# %% wrong: nobody is found
# says: The loader gets the request, and returns the user with its token.
def mended_app():

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        if user and user.is_active:
            user

    return app


# %% wrong: the token in place of its user
# says: expected: the record of ada
def mended_app():

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        return token if user and user.is_active else None

    return app


# %% wrong: right for one script only
# says: with the token of grace; came back: 200 OK
def mended_app():

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        return user if user and user.name == "ada" and user.is_active else None

    return app


# %% wrong: everybody is Ada
# says: with the token of grace
def mended_app():

    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        return Account.objects(name="ada", active=True).first()

    return app


# %% wrong: whatever the scheme
# says: with the token of ada and another scheme; came back: 200 OK
def mended_app():
    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        sent = request.headers.get("Authorization", "").split(" ")[-1]
        token = Token.objects(token=sent).first() if sent else None
        user = Account.objects(name=token.owner).first() if token else None
        return user if user and user.is_active else None

    return app


# %% wrong: refuses all who send no token
# says: A loader that refuses them closes open views too.
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


# %% wrong: fails where a token is not known
# says: AttributeError: 'NoneType' object has no attribute 'owner'
def mended_app():
    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer":
            user = Account.objects(name=Token.objects(token=sent).first().owner).first()
            return user if user.is_active else None

    return app


# %% wrong: logs in and out at the end
# says: Which function in the loader writes into the session?
def mended_app():
    from flask import session

    app = broken_app()

    @app.after_request
    def forget(response):
        session.clear()
        return response

    return app


# %% wrong: remembers the tokens that were there
# says: The loader asks the database each time.
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


# %% wrong: patches the client
# says: Leave these alone
def mended_app():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return broken_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        print(user if user and user.is_active else None)

    return app


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one. first() takes one document out, or
#     gives None.
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = broken_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent)
        user = Account.objects(name=token.owner) if token else None
        return user if user and user.is_active else None

    return app


# %% right
def mended_app():
    app = VARIANTS["disabled-users"].create_app()

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=sent).first()
        user = Account.objects(name=token.owner).first() if token else None
        return user if user and user.is_active else None

    return app
