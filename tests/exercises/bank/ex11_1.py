"""Answers to exercise 11.1."""


# %% right
def mended_leave():
    app = linking_app()
    form = "<form action='/logout' method=POST><input type=submit></form>"
    app.view_functions["account"] = login_required(lambda: form)
    app.view_functions["leave"] = lambda: abort(405)
    return app


# %% right
def mended_leave():
    from flask import redirect
    from flask_login import logout_user

    app = linking_app()

    @app.before_request
    def look():
        if request.path == "/leave" and request.method != "POST":
            return redirect("/account")

    @app.post("/account")
    @login_required
    def leave_here():
        logout_user()
        return redirect("/account")

    @login_required
    def account():
        return '<form method="post"><button>Leave</button></form>'

    app.view_functions["account"] = account
    return app


# %% wrong: the broken app
# says: after GET /leave by a link on another site
def mended_leave():
    return linking_app()


# %% wrong: no return
# says: Does the function end with `return app`?
def mended_leave():
    app = linking_app()
    app.view_functions["leave"] = lambda: abort(405)


# %% wrong: a stricter cookie
# says: came back: a session cookie that says strict of other sites
def mended_leave():
    app = linking_app()
    app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
    return app


# %% wrong: an app without the rule for cookies
# says: a session cookie that says nothing of other sites; expected: a session cookie with
def mended_leave():
    from flasklogin_tutorial.steps.step06_logout_and_user_info import create_app

    return create_app()


# %% wrong: refuses links from elsewhere
# says: after GET /leave by an image or a look ahead on a page of this app
def mended_leave():
    app = linking_app()

    @app.before_request
    def check_site():
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            abort(403)

    return app


# %% wrong: wants to hear where the link was
# says: a browser that says nothing of where the link was
def mended_leave():
    app = linking_app()
    leave = app.view_functions["leave"]

    def careful():
        return abort(403) if request.headers.get("Sec-Fetch-Site") else leave()

    app.view_functions["leave"] = careful
    return app


# %% wrong: GET is off, HEAD is not
# says: A view that takes GET takes HEAD too
def mended_leave():
    app = linking_app()
    leave = app.view_functions["leave"]
    app.view_functions["leave"] = lambda: abort(405) if request.method == "GET" else leave()
    return app


# %% wrong: the link has another name
# says: after GET /bye
def mended_leave():
    from flask_login import logout_user

    app = linking_app()
    app.view_functions["leave"] = lambda: abort(404)

    @app.get("/bye")
    @login_required
    def bye():
        logout_user()
        return "bye"

    return app


# %% wrong: the page still has the link
# says: What sends POST when somebody clicks on it?
def mended_leave():
    app = linking_app()
    app.view_functions["leave"] = lambda: abort(405)
    return app


# %% wrong: a form without a method
# says: expected: a page with <form method="post" …> that logs out
def mended_leave():
    app = linking_app()
    form = '<form action="/logout"><button>Log out</button></form>'
    app.view_functions["account"] = login_required(lambda: form)
    app.view_functions["leave"] = lambda: abort(405)
    return app


# %% wrong: a form that leads nowhere
# says: Which path of the app takes POST, and logs out?
def mended_leave():
    app = linking_app()
    form = '<form method="post" action="/leave"><button>Log out</button></form>'
    app.view_functions["account"] = login_required(lambda: form)
    app.view_functions["leave"] = lambda: abort(405)
    return app


# %% wrong: the page is open to all
# says: The new view needs the guard that the old one had.
def mended_leave():
    app = linking_app()
    form = '<form method="post" action="/logout"><button>Log out</button></form>'
    app.view_functions["account"] = app.view_functions["leave"] = lambda: form
    return app


# %% wrong: patches the client
# says: Leave these alone
def mended_leave():
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()
    return linking_app()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def mended_leave():
    """Return the app of this exercise, without its mistake."""
    app = linking_app()
    button = '<form method="post" action="/logout"><button>Log out</button></form>'

    @login_required
    def show_button():
        print(button)

    app.view_functions |= {"account": show_button, "leave": show_button}
    return app


# %% wrong: a second view beside the first
# says: Two views answer GET /leave:
def mended_leave():
    app = linking_app()

    @app.get("/leave")
    @login_required
    def ask_first():
        return '<form method="post" action="/logout"><button>Log out</button></form>'

    return app


# %% wrong: the answer to another exercise, in this cell
# says: She has not asked to leave. Which views log out, and by which verb?
def leads_inside(target):
    """Return whether this text leads to a page of the app, in every browser."""
    is_path = target.startswith("/") and "//" not in target
    return is_path and target.isprintable() and not set(target) & set("\\ ")


# %% right
def mended_leave():
    app = create_app({"SESSION_COOKIE_SAMESITE": "Lax"})

    @app.get("/account")
    @login_required
    def account():
        return '<form method="post" action="/logout"><button>Log out</button></form>'

    @app.get("/leave")
    @login_required
    def leave():
        return account()

    return app
