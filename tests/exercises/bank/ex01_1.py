"""Answers to exercise 1.1."""


# %% right
def bind_all(apps):
    first, *others = apps
    login_manager = LoginManager(first)
    for app in others:
        login_manager.init_app(app)
    return login_manager


# %% right
def bind_all(apps):
    manager = LoginManager()
    list(map(manager.init_app, apps))
    return manager


# %% wrong: empty
# says: came back: nothing; expected: the login manager
def bind_all(apps):
    pass


# %% wrong: made and not bound
# says: app 1 of 1 has no login manager
def bind_all(apps):
    return LoginManager()


# %% wrong: a manager for each app
# says: LoginManager() makes a new one each time
def bind_all(apps):
    for app in apps:
        login_manager = LoginManager()
        login_manager.init_app(app)
    return login_manager


# %% wrong: the return stands in the loop
# says: app 2 of 3 has no login manager
def bind_all(apps):
    login_manager = LoginManager()
    for app in apps:
        login_manager.init_app(app)
        return login_manager


# %% wrong: the list and not the apps
# says: 'list' object has no attribute
def bind_all(apps):
    login_manager = LoginManager()
    login_manager.init_app(apps)
    return login_manager


# %% wrong: the two lines of the notebook
# says: name 'app' is not defined
def bind_all(apps):
    login_manager = LoginManager()
    login_manager.init_app(app)
    return login_manager


# %% wrong: sets the attribute by hand
# says: init_app does more than to set the attribute
def bind_all(apps):
    login_manager = LoginManager()
    for app in apps:
        app.login_manager = login_manager
    return login_manager


# %% wrong: returns the list
# says: came back: list
def bind_all(apps):
    login_manager = LoginManager()
    for app in apps:
        login_manager.init_app(app)
    return apps


# %% wrong: the class and not a manager
# says: missing 1 required positional argument
def bind_all(apps):
    for app in apps:
        LoginManager.init_app(app)
    return LoginManager


# %% wrong: prints the answer and does not return it
# says: Something is printed
def bind_all(apps):
    """Bind one new login manager to all these apps, and return it."""
    login_manager = LoginManager()
    for app in apps:
        login_manager.init_app(app)
    print(login_manager)


# %% wrong: binds the list
# says: init_app() takes one app, and was given a list
def bind_all(apps):
    login_manager = LoginManager()
    login_manager.init_app(apps)
    return login_manager


# %% wrong: the answer to another exercise, in this cell
# says: write the function bind_all
def mended_app():
    """Return the app of this exercise, without its mistake."""
    app = create_app()
    app.login_manager.request_loader(load_caller)

    @app.get("/whoami")
    def whoami():
        return {"name": getattr(current_user, "name", None)}

    return app
