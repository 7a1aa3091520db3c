"""A small app that takes passkeys, with the pages that the lab's helpers look for."""

import json
import secrets
from html import escape

from flask import Flask, request, session

from flasklogin_tutorial.visit.encoded import Malformed, to_text
from flasklogin_tutorial.visit.key_answers import (
    Expected,
    NotAccepted,
    check_login,
    check_registration,
    credential_id_of,
)

SITE, ORIGIN = "club.example", "https://club.example"
PAGE = """<form method="post" data-options='{}'><input type="hidden" name="csrf_token" value="7">
<input type="hidden" name="answer"><input name="label"></form>"""


def make_club():
    """Make the app. `app.passkeys` holds what it has kept, by id."""
    app = Flask("club")
    app.secret_key = "some key"
    app.passkeys = {}

    def show(**options):
        session["challenge"] = to_text(secrets.token_bytes(32))
        return PAGE.format(escape(json.dumps(options | {"challenge": session["challenge"]})))

    def expected():
        return Expected(session.pop("challenge", ""), ORIGIN, SITE)

    @app.get("/account/passkeys/new")
    def ask_for_new():
        return show(rp={"id": SITE}, user={"id": to_text(b"ada")})

    @app.get("/login/passkey")
    def ask():
        return show(rpId=SITE, userVerification="preferred")

    @app.post("/account/passkeys/new")
    def add():
        made = check_registration(json.loads(request.form["answer"]), expected())
        app.passkeys[made.credential_id] = [made.public_key, made.count, request.form["label"]]
        return "kept", 201

    @app.post("/login/passkey")
    def log_in():
        answer = json.loads(request.form["answer"])
        try:
            kept = app.passkeys[credential_id_of(answer)]
            kept[1] = check_login(answer, expected(), kept[0], kept[1])
        except (KeyError, Malformed, NotAccepted) as error:
            return str(error), 401
        return f"token {request.form['csrf_token']}"

    @app.get("/plain")
    def plain():
        return "no question"

    return app
