"""Answers to exercise 13.2."""


# %% right
def mended_club(url_prefix):
    app = broken_club(url_prefix)
    app.login_manager.blueprint_login_views = {"club": "club.login"}
    return app


# %% right
def mended_club(url_prefix):
    from flask import redirect
    from flask_login.utils import login_url

    app = broken_club(url_prefix)

    @app.login_manager.unauthorized_handler
    def show_the_form():
        return redirect(login_url("club.login", request.url))

    return app


# %% right
def mended_club(url_prefix):
    app = broken_club(url_prefix)
    views = [view for view in app.view_functions if view.endswith(".login")]
    (app.login_manager.login_view,) = views
    return app


# %% wrong: empty
# says: Does the function end with `return app`?
def mended_club(url_prefix):
    pass


# %% wrong: the broken club
# says: A name without a dot is a view of the app itself
def mended_club(url_prefix):
    return broken_club(url_prefix)


# %% wrong: the blueprint and not its view
# says: No view has this name.
def mended_club(url_prefix):
    app = broken_club(url_prefix)
    app.login_manager.login_view = "club"
    return app


# %% wrong: a slash in place of the dot
# says: No view has this name.
def mended_club(url_prefix):
    app = broken_club(url_prefix)
    app.login_manager.login_view = "club/login"
    return app


# %% wrong: the address as it is at home
# says: An address holds for one url_prefix only.
def mended_club(url_prefix):
    app = broken_club(url_prefix)
    app.login_manager.login_view = "/club/login"
    return app


# %% wrong: always at one address
# says: Is url_prefix handed to broken_club?
def mended_club(url_prefix):
    app = broken_club()
    app.login_manager.login_view = "club.login"
    return app


# %% wrong: without the way back
# says: Flask-Login adds the way back
def mended_club(url_prefix):
    from flask import redirect, url_for

    app = broken_club(url_prefix)
    app.login_manager.unauthorized_handler(lambda: redirect(url_for("club.login")))
    return app


# %% wrong: the form at the address of the API
# says: A name without a dot is a view of the app itself
def mended_club(url_prefix):
    app = broken_club(url_prefix)
    app.add_url_rule("/login", "form", app.view_functions["club.login"])
    return app


# %% wrong: nobody has to log in
# says: The club's pages stay guarded.
def mended_club(url_prefix):
    app = broken_club(url_prefix)
    app.config["LOGIN_DISABLED"] = True
    return app


# %% wrong: guards the form as well
# says: expected: the page with the form
def mended_club(url_prefix):
    from flask_login import login_required

    app = broken_club(url_prefix)
    app.login_manager.login_view = "club.login"
    for view, function in app.view_functions.items():
        if view.startswith("club."):
            app.view_functions[view] = login_required(function)
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_club(url_prefix):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return broken_club(url_prefix)


# %% wrong: the answer to another exercise, in this cell
# says: A name without a dot is a view of the app itself. The club is a blueprint.
def guard(blueprint, open_views):
    """Let only those who are logged in see the views, apart from the open ones."""
    open_names = {f"{blueprint.name}.{view}" for view in open_views}

    @blueprint.before_request
    def turn_strangers_away():
        if request.endpoint in open_names or current_user.is_authenticated:
            return None
        return current_app.login_manager.unauthorized()


# %% right
def mended_club(url_prefix="/club"):
    club = Blueprint("club", __name__)

    @club.get("/login")
    def login():
        return '<form method="post">Log in</form>'

    @club.get("/")
    @login_required
    def home():
        return f"Welcome, {current_user.name}"

    @club.get("/rules")
    @login_required
    def rules():
        return "Rules"

    app = step06.create_app()
    app.register_blueprint(club, url_prefix=url_prefix)
    app.login_manager.login_view = "login"
    app.login_manager.login_view = "club.login"
    return app
