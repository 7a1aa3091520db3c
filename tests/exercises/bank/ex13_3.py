"""Answers to exercise 13.3."""


# %% right
def guard(blueprint, open_views):
    from flask_login import login_required

    @login_required
    def only_members():
        return None

    def look(*_):
        _, _, view = request.endpoint.rpartition(".")
        return None if view in open_views else only_members()

    blueprint.before_request(look)


# %% right
def guard(blueprint, open_views):
    def turn_strangers_away():
        for view in open_views:
            if request.endpoint == blueprint.name + "." + view:
                return None
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()

    blueprint.before_app_request(
        lambda: turn_strangers_away() if request.blueprint == blueprint.name else None
    )
    return blueprint


# %% wrong: empty
# says: Does the function run for each view?
def guard(blueprint, open_views):
    pass


# %% wrong: the decorator in place of a function
# says: before_request registers a function that is called with nothing.
def guard(blueprint, open_views):
    from flask_login import login_required

    blueprint.before_request(login_required)


# %% wrong: everything, the form too
# says: A login form that sends strangers to the login form lets nobody in
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()


# %% wrong: forgets the blueprint's name
# says: What is in request.endpoint?
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        if request.endpoint in open_views or current_user.is_authenticated:
            return None
        return current_app.login_manager.unauthorized()


# %% wrong: does not return the answer
# says: What it does not return is not sent.
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        name = request.endpoint.rpartition(".")[2]
        if name not in open_views and not current_user.is_authenticated:
            current_app.login_manager.unauthorized()


# %% wrong: the name of the example
# says: called: GET /crew/sign_on, a stranger
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        open_names = ("staff.enter", "staff.help")
        if request.endpoint in open_names or current_user.is_authenticated:
            return None
        return current_app.login_manager.unauthorized()


# %% wrong: a part of the name will do
# says: Compare whole names: 'enter_attempts'
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        is_open = any(view in request.path for view in open_views)
        if is_open or current_user.is_authenticated:
            return None
        return current_app.login_manager.unauthorized()


# %% wrong: the end of the name will do
# says: Compare whole names: 'old_enter'
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        is_open = request.endpoint.endswith(tuple(open_views))
        if is_open or current_user.is_authenticated:
            return None
        return current_app.login_manager.unauthorized()


# %% wrong: the whole app
# says: Guard the blueprint that was handed over, and not the whole app.
def guard(blueprint, open_views):
    @blueprint.before_app_request
    def turn_strangers_away():
        open_names = [f"{blueprint.name}.{view}" for view in open_views]
        if request.endpoint in open_names or current_user.is_authenticated:
            return None
        return current_app.login_manager.unauthorized()


# %% wrong: an error and no way in
# says: The login manager has a method that makes the answer.
def guard(blueprint, open_views):
    from flask import abort

    @blueprint.before_request
    def turn_strangers_away():
        name = request.endpoint.rpartition(".")[2]
        if name not in open_views and not current_user.is_authenticated:
            abort(401)


# %% wrong: turns everybody away
# says: Who is logged in may go on
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        if request.endpoint.rpartition(".")[2] not in open_views:
            return current_app.login_manager.unauthorized()


# %% wrong: only where something is written
# says: called: GET /staff/home, a stranger
def guard(blueprint, open_views):
    @blueprint.before_request
    def turn_strangers_away():
        name = request.endpoint.rpartition(".")[2]
        if name in open_views or request.method == "GET":
            return None
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()


# %% wrong: patches the client
# says: Leave these alone
def guard(blueprint, open_views):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def guard(blueprint, open_views):
    """Let only those who are logged in see the views, apart from the open ones."""
    open_names = {f"{blueprint.name}.{view}" for view in open_views}

    @blueprint.before_request
    def turn_strangers_away():
        if request.endpoint in open_names or current_user.is_authenticated:
            return None
        print(current_app.login_manager.unauthorized())


# %% wrong: the names as one text
# says: A login form that sends strangers to the login form lets nobody in. What is in
#     request.endpoint?
def guard(blueprint, open_views):
    open_names = str(open_views)

    @blueprint.before_request
    def turn_strangers_away():
        if request.endpoint not in open_names and not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()
