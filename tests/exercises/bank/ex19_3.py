"""Answers to exercise 19.3."""


# %% right
def mended_login():
    app = step06.create_app()

    @app.get("/login/passkey")
    def ask_for_passkey():
        question = Question(challenge=secrets.token_urlsafe(32)).save()
        session["question"] = str(question.id)
        return jsonify(rpId=SITE, challenge=question.challenge)

    @app.post("/login/passkey")
    def log_in_with_passkey():
        asked = Question.objects(id=session.pop("question", None)).modify(remove=True)
        name = owner_of(request.get_json(), asked.challenge) if asked else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    return app


# %% right
def mended_login():
    app = forgetful_login()
    ask_again, answer = (
        app.view_functions[name] for name in ("ask_for_passkey", "log_in_with_passkey")
    )

    def ask_for_passkey():
        asked = ask_again()
        Question(challenge=session["challenge"]).save()
        return asked

    def log_in_with_passkey():
        challenge = session.get("challenge")
        if challenge is None or Question.objects(challenge=challenge).delete() == 0:
            return jsonify(error="login refused"), 401
        return answer()

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: empty
# says: Does the function end with `return app`?
def mended_login():
    pass


# %% wrong: the app as it was
# says: The copy of the cookie still has the challenge.
def mended_login():
    return forgetful_login()


# %% wrong: the record is looked up and stays
# says: The copy of the cookie still has the challenge.
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).first()
        name = owner_of(request.get_json(), challenge) if used else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: the session is cleared
# says: The copy of the cookie still has the challenge.
def mended_login():
    app = forgetful_login()
    answer = app.view_functions["log_in_with_passkey"]

    def log_in_with_passkey():
        said = answer()
        session.pop("challenge", None)
        session.modified = True
        return said

    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: the challenge is taken from the answer
# says: compare with what this one was asked
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        import json
        from base64 import urlsafe_b64decode

        sent = request.get_json()["response"]["clientDataJSON"]
        said = json.loads(urlsafe_b64decode(sent + "=" * (-len(sent) % 4)))
        challenge = said["challenge"]
        used = Question.objects(challenge=challenge).delete()
        name = owner_of(request.get_json(), challenge) if used else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: used challenges are remembered in the worker
# says: Another worker has another memory.
def mended_login():
    app = forgetful_login()
    answer, used = app.view_functions["log_in_with_passkey"], set()

    def log_in_with_passkey():
        challenge = session.get("challenge")
        if challenge in used:
            return jsonify(error="login refused"), 401
        used.add(challenge)
        return answer()

    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: open challenges are kept in the worker
# says: What do all of them share?
def mended_login():
    app = forgetful_login()
    open_ones = set()

    def ask_for_passkey():
        session["challenge"] = secrets.token_urlsafe(32)
        open_ones.add(session["challenge"])
        return jsonify(rpId=SITE, challenge=session["challenge"])

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        name = owner_of(request.get_json(), challenge) if challenge in open_ones else None
        open_ones.discard(challenge)
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: one question for everybody
# says: each answers their own question
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question.objects.delete()
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).delete()
        name = owner_of(request.get_json(), challenge) if used else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: the answer is not checked
# says: Ask `owner_of`, and let it decide.
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).delete()
        import base64

        sent = request.get_json()["response"]["userHandle"]
        name = base64.urlsafe_b64decode(sent + "==").decode() if used else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: nobody is let in
# says: expected: a JSON object with
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).delete()
        name = owner_of(request.get_json(), challenge) if not used else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: refused with a 200
# says: 401 Unauthorized
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).delete()
        name = owner_of(request.get_json(), challenge) if used else None
        if name is None:
            return jsonify(error="login refused")
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: nothing is saved
# says: expected: a JSON object with
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge)
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).delete()
        name = owner_of(request.get_json(), challenge) if used else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: nobody is logged in
# says: expected: the record of
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE, challenge=challenge)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).delete()
        name = owner_of(request.get_json(), challenge) if used else None
        if name is None:
            return jsonify(error="login refused"), 401
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app


# %% wrong: the question has no challenge
# says: Leave the question as it was
def mended_login():
    app = forgetful_login()

    def ask_for_passkey():
        challenge = secrets.token_urlsafe(32)
        Question(challenge=challenge).save()
        session["challenge"] = challenge
        return jsonify(rpId=SITE)

    def log_in_with_passkey():
        challenge = session.pop("challenge", "")
        used = Question.objects(challenge=challenge).delete()
        name = owner_of(request.get_json(), challenge) if used else None
        if name is None:
            return jsonify(error="login refused"), 401
        login_user(step06.User.objects(name=name).first())
        return jsonify(name=name)

    app.view_functions["ask_for_passkey"] = ask_for_passkey
    app.view_functions["log_in_with_passkey"] = log_in_with_passkey
    return app
