"""Answers to exercise 11.3."""


# %% right
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


# %% right
def add_form_token(app):
    from flask_wtf.csrf import CSRFProtect, generate_csrf

    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_FIELD_NAME="token")
    csrf = CSRFProtect(app)
    app.jinja_env.globals["form_token"] = generate_csrf

    @app.before_request
    def protect():
        if request.mimetype in FORMS:
            csrf.protect()


# %% right
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


# %% wrong: empty
# says: expected: the status 400 or 403: this form is not from a page
def add_form_token(app):
    pass


# %% wrong: the token without the check
# says: expected: the status 400 or 403: this form is not from a page
def add_form_token(app):
    @app.template_global()
    def form_token():
        return session.setdefault("token", secrets.token_hex())


# %% wrong: the check without the token
# says: is a function of that name in app.jinja_env.globals?
def add_form_token(app):
    @app.before_request
    def check_token():
        if request.mimetype in FORMS:
            abort(400)


# %% wrong: nothing equals nothing
# says: who has not opened the form: a form without a token; came back: 200 OK
def add_form_token(app):
    @app.template_global()
    def form_token():
        return session.setdefault("token", secrets.token_hex())

    @app.before_request
    def check_token():
        if request.mimetype in FORMS:
            if request.form.get("token") != session.get("token"):
                abort(400)


# %% wrong: an empty token equals an empty session
# says: who has not opened the form: a form with the token ''; came back: 200 OK
def add_form_token(app):
    @app.template_global()
    def form_token():
        return session.setdefault("token", secrets.token_hex())

    @app.before_request
    def check_token():
        if request.mimetype in FORMS:
            if request.form.get("token") != session.get("token", ""):
                abort(400)


# %% wrong: any token will do
# says: a token of another visit is no token.
def add_form_token(app):
    @app.template_global()
    def form_token():
        return session.setdefault("token", secrets.token_hex())

    @app.before_request
    def check_token():
        if request.mimetype in FORMS and not request.form.get("token"):
            abort(400)


# %% wrong: one token for all
# says: Her token must not fit Ada's form.
def add_form_token(app):
    token = secrets.token_hex()
    app.jinja_env.globals["form_token"] = lambda: token

    @app.before_request
    def check_token():
        if request.mimetype in FORMS and request.form.get("token") != token:
            abort(400)


# %% wrong: every token that was ever given out
# says: a token of another visit is no token.
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


# %% wrong: a token that lasts until the page is opened again
# says: It stays good for each tab.
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


# %% wrong: a token that can be guessed
# says: A token that can be guessed is none
def add_form_token(app):
    from flask_login import current_user

    @app.template_global()
    def form_token():
        return current_user.name

    @app.before_request
    def check_token():
        if request.mimetype in FORMS and request.form.get("token") != form_token():
            abort(400)


# %% wrong: guards one view
# says: Look before every view.
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


# %% wrong: forgets multipart
# says: FORMS has two ways to send a form.
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


# %% wrong: asks JSON too
# says: only forms need a token.
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


# %% wrong: looks after the view
# says: Look at the token before the view runs.
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


# %% wrong: patches the client
# says: Leave these alone
def add_form_token(app):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def add_form_token(app):
    """Give the app's pages form_token(), and refuse each form that lacks its token."""

    @app.template_global()
    def form_token():
        print(session.setdefault("token", secrets.token_hex()))

    @app.before_request
    def check_token():
        if request.mimetype in FORMS:
            sent, kept = request.form.get("token", ""), session.get("token")
            if not kept or not secrets.compare_digest(sent.encode(), kept.encode()):
                abort(400)
