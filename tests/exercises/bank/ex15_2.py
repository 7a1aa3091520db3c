"""Answers to exercise 15.2."""


# %% right
def mended_clients(app):
    for name in ("ada", "grace"):
        with app.app_context():
            accounts.create(name, f"{name}@example.org", PASSWORD)
    yield lambda name=None: open_client(app, name)


# %% right
def mended_clients(app):
    from flasklogin_tutorial.lab import add_user

    for name in ("ada", "grace"):
        add_user(app, name, PASSWORD)

    def open_for(name=None):
        client = app.test_client()
        if name:
            answer = client.post("/login", json={"username": name, "password": PASSWORD})
            assert answer.json["name"] == name
        return client

    yield open_for


# %% right
def mended_clients(app):
    context = app.app_context()
    context.push()
    accounts.create("ada", "ada@example.org", PASSWORD)
    accounts.create("grace", "grace@example.org", PASSWORD)
    context.pop()

    def open_for(name=None):
        return open_client(app, name)

    return open_for


# %% wrong: empty
# says: it yields the function that opens clients
def mended_clients(app):
    pass


# %% wrong: the broken fixture
# says: Print flask.has_app_context() behind your yield.
def mended_clients(app):
    yield from held_clients(app)


# %% wrong: no context at all
# says: open one around it, and around it alone
def mended_clients(app):
    for name in ("ada", "grace"):
        accounts.create(name, f"{name}@example.org", PASSWORD)
    yield lambda name=None: open_client(app, name)


# %% wrong: the yield is still inside
# says: In it, all requests share one g, and one user
def mended_clients(app):
    def open_for(name=None):
        return open_client(app, name)

    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)
        yield open_for


# %% wrong: pushed and never popped
# says: In it, all requests share one g, and one user
def mended_clients(app):
    app.app_context().push()
    for name in ("ada", "grace"):
        accounts.create(name, f"{name}@example.org", PASSWORD)
    yield lambda name=None: open_client(app, name)


# %% wrong: sweeps g before each client
# says: In it, all requests share one g, and one user
def mended_clients(app):
    from flask import g

    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)

        def open_for(name=None):
            g.pop("_login_user", None)
            return open_client(app, name)

        yield open_for


# %% wrong: the short way in
# says: She comes in by POST /login
def mended_clients(app):
    from flask_login import FlaskLoginClient

    app.test_client_class = FlaskLoginClient
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)

    def open_for(name=None):
        if name is None:
            return app.test_client()
        return app.test_client(user=User.objects(name=name).first())

    yield open_for


# %% wrong: one client for all
# says: a stranger's client
def mended_clients(app):
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)
    client = app.test_client()

    def open_for(name=None):
        if name is not None:
            client.post("/login", json={"username": name, "password": PASSWORD})
        return client

    yield open_for


# %% wrong: a client for each name, kept
# says: /user_info, with ada's second client, after a logout in her first; came back: 401
def mended_clients(app):
    from functools import cache

    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)

    yield cache(lambda name=None: open_client(app, name))


# %% wrong: with the decorator
# says: Leave the decorator @pytest.fixture out here
import pytest


@pytest.fixture
def mended_clients(app):
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)
    yield lambda name=None: open_client(app, name)


# %% wrong: yields clients and no function
# says: Does the fixture end with `yield open_for`?
def mended_clients(app):
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)
    yield {"ada": open_client(app, "ada"), "grace": open_client(app, "grace")}


# %% wrong: the function returns nothing
# says: app.test_client() makes one. Is it returned?
def mended_clients(app):
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)

    def open_for(name=None):
        open_client(app, name)

    yield open_for


# %% right
def mended_clients(app):
    with app.app_context():
        for name in ("ada", "grace"):
            accounts.create(name, f"{name}@example.org", PASSWORD)

    def open_for(name=None):
        client = app.test_client()
        if name is not None:
            login = {"username": name, "password": PASSWORD}
            client.post("/login", json=login)
        return client

    yield open_for
