"""Answers to exercise 13.1."""


# %% right
def mended_app():
    from flasklogin_tutorial.steps import step06_logout_and_user_info as step06

    if os.environ.get("SECRET_KEY", "") == "":
        raise KeyError("SECRET_KEY")
    return step06.create_app({"SECRET_KEY": os.environ["SECRET_KEY"]})


# %% right
def mended_app():
    app = broken_app()
    app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
    assert app.config["SECRET_KEY"], "SECRET_KEY is empty"
    return app


# %% right
def mended_app():
    import sys

    if not os.environ.get("SECRET_KEY"):
        sys.exit("There is no SECRET_KEY in the environment.")
    return broken_app()


# %% wrong: empty
# says: Does the function end with `return app`?
def mended_app():
    pass


# %% wrong: the broken app
# says: no SECRET_KEY in the environment; came back: an app that believes cookies signed with 'dev'
def mended_app():
    return broken_app()


# %% wrong: another default
# says: Any key that stands in the source is known
def mended_app():
    app = broken_app()
    app.secret_key = os.environ.get("SECRET_KEY", "7c1f0e5a4b3d2c1f0e5a4b3d2c1f0e5a")
    return app


# %% wrong: a long key in the source
# says: given to app.secret_key?
def mended_app():
    app = broken_app()
    app.secret_key = "7c1f0e5a4b3d2c1f0e5a4b3d2c1f0e5a"
    return app


# %% wrong: a random one where there is none
# says: A random one would be another in each process.
def mended_app():
    import secrets

    app = broken_app()
    app.secret_key = os.environ.get("SECRET_KEY") or secrets.token_hex()
    return app


# %% wrong: takes an empty one
# says: An empty string is no key either.
def mended_app():
    app = broken_app()
    app.secret_key = os.environ["SECRET_KEY"]
    return app


# %% wrong: warns, and starts
# says: an error that names SECRET_KEY, and no app
def mended_app():
    app = broken_app()
    if not os.environ.get("SECRET_KEY"):
        app.logger.error("SECRET_KEY is not set")
    return app


# %% wrong: refuses the one that it knows of
# says: an empty SECRET_KEY in the environment
def mended_app():
    app = broken_app()
    if app.secret_key == "dev":
        raise RuntimeError("SECRET_KEY is not set")
    return app


# %% wrong: looks for a key, and does not use it
# says: Does the key of the environment reach the app?
def mended_app():
    from flasklogin_tutorial.steps import step06_logout_and_user_info as step06

    if not os.environ.get("SECRET_KEY"):
        raise RuntimeError("SECRET_KEY is not set")
    return step06.create_app()


# %% wrong: an error that does not say what is missing
# says: has to learn from the error what to set
def mended_app():
    app = broken_app()
    app.secret_key = os.environ.get("SECRET_KEY") or None
    assert app.secret_key
    return app


# %% wrong: reads the variable only once
# says: Is the variable read while mended_app runs
def mended_app(key=os.environ.get("SECRET_KEY")):
    app = broken_app()
    app.secret_key = key or "0123456789abcdef"
    return app


# %% wrong: refuses for ever
# says: expected: an app with this key
def mended_app():
    raise RuntimeError("SECRET_KEY is not set")


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


# %% right
def mended_app():
    app = step06.create_app()
    app.secret_key = os.environ.get("SECRET_KEY")
    if not app.secret_key:
        raise RuntimeError("set SECRET_KEY")
    return app
