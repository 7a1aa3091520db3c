"""Answers to exercise 14.3."""


# %% right
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


# %% right
def keep_hashes(app):
    import hashlib
    import hmac

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


# %% wrong: empty
# says: in it, as it is
def keep_hashes(app):
    pass


# %% wrong: the loader only
# says: in it, as it is
def keep_hashes(app):
    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=hash_secret(sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: the database only
# says: Does the loader look for what is stored now?
def keep_hashes(app):
    for one in Token.objects(token__ne=None):
        one.update(token_hash=hash_secret(one.token), unset__token=True)


# %% wrong: the token stays beside its hash
# says: in it, as it is
def keep_hashes(app):
    for one in Token.objects:
        one.update(token_hash=hash_secret(one.token))

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=hash_secret(sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: hashes what is a hash
# says: keep_hashes ran at two starts. What did the second one do?
def keep_hashes(app):
    for one in Token.objects:
        one.update(token=hash_secret(one.token))

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token=hash_secret(sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: hashes nothing at the second start
# says: at the next start it finds the hashes, and leaves them alone
def keep_hashes(app):
    for one in Token.objects:
        one.update(token_hash=hash_secret(one.token), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=hash_secret(sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: Base64
# says: in Base64, which anybody can read
def keep_hashes(app):
    from base64 import b64encode

    def code(text):
        return b64encode(text.encode()).decode()

    for one in Token.objects(token__ne=None):
        one.update(token_hash=code(one.token), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=code(sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: the hash opens too
# says: What stands in the database must not open anything.
def keep_hashes(app):
    for one in Token.objects:
        if len(one.token) != 64:
            one.update(token=hash_secret(one.token))

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token__in=[sent, hash_secret(sent)]).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: new tokens in place of the old
# says: Does the loader look for what is stored now?
def keep_hashes(app):
    import secrets

    for one in Token.objects(token__ne=None):
        new = hash_secret(secrets.token_hex())
        one.update(token_hash=new, unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        _, _, sent = request.headers.get("Authorization", "").partition(" ")
        token = Token.objects(token_hash=hash_secret(sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: knows them by heart
# says: keep_hashes ran at two starts.
def keep_hashes(app):
    known = {f"Bearer {one.token}": one.owner for one in Token.objects}
    for one in Token.objects(token__ne=None):
        one.update(token_hash=hash_secret(one.token), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        owner = known.get(request.headers.get("Authorization"))
        return User.objects(name=owner).first() if owner else None


# %% wrong: a salt that the next start does not have
# says: keep_hashes ran at two starts.
def keep_hashes(app):
    import secrets

    salt = secrets.token_hex()
    for one in Token.objects(token__ne=None):
        one.update(token_hash=hash_secret(salt + one.token), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=hash_secret(salt + sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: a hash of the owner
# says: the nightly script of grace
def keep_hashes(app):
    for one in Token.objects:
        one.update(token_hash=hash_secret(one.owner), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects.first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: a collection of its own
# says: each token keeps its document, so that it can be taken away
def keep_hashes(app):
    kept = Token._get_db()["hashes"]
    for one in Token.objects(token__ne=None):
        kept.insert_one({"hash": hash_secret(one.token), "owner": one.owner})
        one.delete()

    @app.login_manager.request_loader
    def load(request):
        _, _, sent = request.headers.get("Authorization", "").partition(" ")
        found = kept.find_one({"hash": hash_secret(sent)})
        return User.objects(name=found["owner"]).first() if found else None


# %% wrong: whatever the scheme
# says: Only a token behind the word Bearer says who is calling.
def keep_hashes(app):
    for one in Token.objects(token__ne=None):
        one.update(token_hash=hash_secret(one.token), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        sent = request.headers.get("Authorization", "").split(" ")[-1]
        token = Token.objects(token_hash=hash_secret(sent)).first()
        return User.objects(name=token.owner).first() if token else None


# %% wrong: logs in who has a token
# says: A session outlives the token that it was made of.
def keep_hashes(app):
    for one in Token.objects(token__ne=None):
        one.update(token_hash=hash_secret(one.token), unset__token=True)
    from flask_login import login_user

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=hash_secret(sent)).first()
        token and login_user(User.objects(name=token.owner).first())
        return User.objects(name=token.owner).first() if token else None


# %% wrong: patches the client
# says: Leave these alone
def keep_hashes(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def keep_hashes(app):
    """Replace the stored tokens by hashes, and look for hashes from now on."""
    for one in Token.objects(token__ne=None):
        one.update(token_hash=hash_secret(one.token), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=hash_secret(sent)).first()
        print(User.objects(name=token.owner).first() if token else None)


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one. first() takes one document out, or
#     gives None.
def keep_hashes(app):
    """Replace the stored tokens by hashes, and look for hashes from now on."""
    for one in Token.objects(token__ne=None):
        one.update(token_hash=hash_secret(one.token), unset__token=True)

    @app.login_manager.request_loader
    def load(request):
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not sent:
            return None
        token = Token.objects(token_hash=hash_secret(sent))
        return User.objects(name=token.owner) if token else None
