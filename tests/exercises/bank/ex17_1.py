"""Answers to exercise 17.1."""


# %% right
def mended_app():
    app = step06.create_app()
    app.extensions["outbox"] = []

    @app.post("/forgot")
    def forgot():
        user = User.objects(email=request.json["email"]).first()
        if user is not None:
            token = new_secret()
            Link(token_hash=hash_secret(token), name=user.name).save()
            send(app, user.email, f"https://app.example/reset?token={token}")
        return {"message": "If there is an account, a mail is on its way."}

    @app.post("/reset")
    def reset():
        open_links = Link.objects(token_hash=hash_secret(request.json["token"]), used=False)
        link = open_links.modify(set__used=True)
        if link is None:
            return {"error": "this link is over"}, 404
        User.objects(name=link.name).update(password=request.json["password"])
        return {"message": "The password is changed."}

    return app


# %% right
def mended_app():
    app = broken_app()

    def reset():
        sent = request.get_json()
        link = Link.objects(token_hash=hash_secret(sent["token"])).first()
        if link and Link.objects(id=link.id, used=False).update_one(set__used=True) == 1:
            User.objects(name=link.name).update_one(set__password=sent["password"])
            return {"message": "The password is changed."}
        return {"error": "this link is over"}, 404

    app.view_functions["reset"] = reset
    return app


# %% wrong: empty
# says: Does the function end with `return app`?
def mended_app():
    pass


# %% wrong: the app as it is
# says: What did the first use change in the database?
def mended_app():
    return broken_app()


# %% wrong: saves the link, and looks before
# says: Both looked before either wrote
def mended_app():
    app = broken_app()

    def reset():
        link = Link.objects(token_hash=hash_secret(request.json["token"])).first()
        if link is None or link.used:
            return {"error": "this link is over"}, 404
        link.used = True
        link.save()
        User.objects(name=link.name).update(password=request.json["password"])
        return {"message": "The password is changed."}

    app.view_functions["reset"] = reset
    return app


# %% wrong: deletes, and does not ask what was deleted
# says: Both looked before either wrote
def mended_app():
    app = broken_app()

    def reset():
        link = Link.objects(token_hash=hash_secret(request.json["token"])).first()
        if link is None:
            return {"error": "this link is over"}, 404
        link.delete()
        User.objects(name=link.name).update(password=request.json["password"])
        return {"message": "The password is changed."}

    app.view_functions["reset"] = reset
    return app


# %% wrong: changes the password first
# says: What comes first?
def mended_app():
    app = broken_app()

    def reset():
        link = Link.objects(token_hash=hash_secret(request.json["token"])).first()
        if link is None:
            return {"error": "this link is over"}, 404
        User.objects(name=link.name).update(password=request.json["password"])
        if Link.objects(id=link.id, used=False).update(set__used=True) == 0:
            return {"error": "this link is over"}, 404
        return {"message": "The password is changed."}

    app.view_functions["reset"] = reset
    return app


# %% wrong: deletes all links
# says: Use up the link that was sent, and no other
def mended_app():
    app = broken_app()

    def reset():
        link = Link.objects(token_hash=hash_secret(request.json["token"])).first()
        if link is None or Link.objects.delete() == 0:
            return {"error": "this link is over"}, 404
        User.objects(name=link.name).update(password=request.json["password"])
        return {"message": "The password is changed."}

    app.view_functions["reset"] = reset
    return app


# %% wrong: the wrong way round
# says: A link works once, and this is the first time
def mended_app():
    app = broken_app()

    def reset():
        link = Link.objects(token_hash=hash_secret(request.json["token"])).first()
        if link is None or Link.objects(id=link.id).delete() > 0:
            return {"error": "this link is over"}, 404
        User.objects(name=link.name).update(password=request.json["password"])
        return {"message": "The password is changed."}

    app.view_functions["reset"] = reset
    return app


# %% wrong: remembers the tokens in the process
# says: Does the use of a link write to its collection?
def mended_app():
    app = broken_app()
    used = set()

    def reset():
        token = request.json["token"]
        link = Link.objects(token_hash=hash_secret(token)).first()
        if link is None or token in used:
            return {"error": "this link is over"}, 404
        used.add(token)
        User.objects(name=link.name).update(password=request.json["password"])
        return {"message": "The password is changed."}

    app.view_functions["reset"] = reset
    return app


# %% wrong: says that it changed the password, and does not
# says: The answer says that it was changed
def mended_app():
    app = broken_app()

    def reset():
        link = Link.objects(token_hash=hash_secret(request.json["token"])).first()
        if link is None or Link.objects(id=link.id).delete() == 0:
            return {"error": "this link is over"}, 404
        return {"message": "The password is changed."}

    app.view_functions["reset"] = reset
    return app


# %% wrong: sends no mail any more
# says: Leave the way to a link as it was
def mended_app():
    app = broken_app()
    app.view_functions["forgot"] = lambda: {"message": "Ask the administrator."}
    return app
