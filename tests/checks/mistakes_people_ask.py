"""Mistakes that people ask about in public, and those that come of copying from other tutorials.

Most are of another database layer, another version, or of an app with pages. What a check says of
each has to name the cause, and none of the places that the question itself would have named.
"""

from .mistakes import (
    ADDS,
    COMMAND,
    CREATE,
    FIND,
    FOUND,
    GUARD,
    IF_LOGGED_IN,
    KEY,
    LOADER,
    LOADS,
    LOGIN_FINDS,
    LOGIN_READS,
    LOGIN_USER,
    LOGOUT_USER,
    NOT_FOUND,
    ROUTE_LOGIN,
    Mistake,
    member,
)

LOAD = LOADER + "    def load_user(user_id):\n" + LOADS
BIND = "    login_manager.init_app(app)\n"
LOGIN = ROUTE_LOGIN + "    def login():\n"
LOGIN_ANSWERS = LOGIN_USER + FOUND
LOGOUT = '    @app.route("/logout", methods=["POST"])\n    def logout():\n' + LOGOUT_USER
GUARD_ALL = (
    "    @app.before_request\n"
    "    def guard():\n"
    "        if not current_user.is_authenticated:\n"
    "            return login_manager.unauthorized()\n\n"
)
REFUSE_ALL = GUARD_ALL.replace("login_manager.unauthorized()", 'jsonify(error="log in"), 401')
IS_ACTIVE = (
    member("is_active") + ' -> bool:\n        """Whether Flask-Login may log this user in."""\n'
    "        return True\n"
)
IMPORTED = "import LoginManager, current_user, login_required, login_user, logout_user\n"
NO_ASK = ["Does the view", "Did you"]


def setting(name, value):
    """Return the edit that adds a setting to the app."""
    return (KEY, f'{KEY}    app.config["{name}"] = {value}\n')


def loads(expression):
    """Return the edit that lets the user loader return something else."""
    return (LOADS, f"        return {expression}\n")


ASKED = {
    # the loader, copied from a tutorial with another database
    "int(user_id), at step 4": Mistake(
        4,
        [loads("User.objects(id=int(user_id)).first()")],
        ["invalid literal for int()", "int() is", "first()"],
    ),
    "int(user_id), at step 6": Mistake(
        6,
        [loads("User.objects(id=int(user_id)).first()")],
        ["invalid literal for int()", "int() is", "first()"],
    ),
    "User.query.get(int(user_id))": Mistake(
        6,
        [loads("User.query.get(user_id)")],
        ["'query'", "User.query belongs to another database layer", "first()"],
    ),
    "User.get(user_id)": Mistake(
        6,
        [loads("User.get(user_id)")],
        ["'get'", "User.get belongs to another database layer", "first()"],
    ),
    "filter_by": Mistake(
        6,
        [loads("User.objects.filter_by(id=user_id).first()")],
        ["'filter_by'", "filter_by belongs to another database layer", "first()"],
    ),
    "db.session.add(user)": Mistake(
        0,
        [("        user.save()\n", "        db.session.add(user)\n")],
        ["'session'", "db.session belongs to another database layer", "user.save()"],
    ),
    "the loader by a wrong field": Mistake(
        6,
        [loads("User.objects(user_id=user_id).first()")],
        ["InvalidQueryError", "user_id", "The document has no field user_id"],
    ),
    "request_loader for user_loader": Mistake(
        6,
        [(LOADER, "    @login_manager.request_loader\n")],
        ["<Request", "registered as request_loader", "@login_manager.user_loader"],
    ),
    "a loader without an argument": Mistake(
        6,
        [("    def load_user(user_id):\n" + LOADS, "    def load_user():\n        return None\n")],
        ["takes 0 positional arguments", "with one argument, the id", "user loader"],
    ),
    "a loader with two arguments": Mistake(
        6,
        [("    def load_user(user_id):\n", "    def load_user(request, user_id):\n")],
        ["missing 1 required positional argument", "with one argument, the id", "user loader"],
    ),
    "the loader returns a dictionary": Mistake(
        6,
        [loads("User.objects(id=user_id).first().public()")],
        ["'dict' object has no attribute 'is_authenticated'", "user loader has to return a User"],
    ),
    "a loader that raises an error of its own": Mistake(
        6,
        [loads("1 / 0")],
        ["ZeroDivisionError", "The error is raised in the user loader load_user"],
    ),
    "a second LoginManager": Mistake(
        6,
        [(LOAD, LOAD + "\n    LoginManager(app)\n")],
        ["Missing user_loader", "two login managers", "user loader"],
        ["@login_manager.user_loader above it"],
    ),
    # what login_user is given
    "login_user is given a dictionary": Mistake(
        6,
        [(LOGIN_USER, "        login_user(user.public())\n")],
        [
            "'dict' object has no attribute 'is_active'",
            "It was given a dict",
            "first()",
            "login_user(",
        ],
    ),
    "login_user is given the body": Mistake(
        6,
        [(LOGIN_USER, "        login_user(info)\n")],
        ["It was given a dict", "first()", "login_user("],
    ),
    "login_user is given a new user that is not saved": Mistake(
        6,
        [(LOGIN_USER, "        login_user(User(name=username, password=password))\n")],
        [
            "'None' is not a valid ObjectId",
            "a document that is not saved",
            "first()",
            "login_user(",
        ],
        ["return str(self.id) there"],
    ),
    "login_user is given a query of all users": Mistake(
        6,
        [(LOGIN_USER, "        login_user(User.objects)\n")],
        ["'BaseQuerySet'", "it is a list of results", "first()", "login_user("],
    ),
    "a view called login_user": Mistake(
        6,
        [(LOGIN, LOGIN.replace("def login", "def login_user"))],
        ["called login_user", "hides it", "Give the view another name"],
        ["does User have both"],
    ),
    "a view called logout_user": Mistake(
        6,
        [(LOGOUT, LOGOUT.replace("def logout", "def logout_user"))],
        ["RecursionError", "called logout_user", "hides it"],
    ),
    "a view called current_user": Mistake(
        6,
        [("    def user_info():\n", "    def current_user():\n")],
        ["'function' object has no attribute 'is_authenticated'", "called current_user"],
    ),
    # a guard in front of too much
    "a guard before every view, which redirects": Mistake(
        6,
        [(LOADER, GUARD_ALL + LOADER)],
        ["Before every view runs guard", "Nobody can log in like that", "request.endpoint"],
        loops=True,
    ),
    "a guard before every view, which refuses": Mistake(
        6,
        [(LOADER, REFUSE_ALL + LOADER)],
        ["Before every view runs guard", "Nobody can log in like that", "request.endpoint"],
    ),
    "the login has a guard": Mistake(
        6,
        [(ROUTE_LOGIN, ROUTE_LOGIN + GUARD)],
        ["POST /login is open to everybody, and has a guard"],
    ),
    "reading has a guard": Mistake(
        6,
        [
            (
                '    @app.route("/", methods=["GET"])\n',
                '    @app.route("/", methods=["GET"])\n' + GUARD,
            )
        ],
        ["GET / is open to everybody, and has a guard"],
    ),
    "LOGIN_DISABLED from a test": Mistake(
        6, [setting("LOGIN_DISABLED", "True")], ["LOGIN_DISABLED is set", "lets everybody through"]
    ),
    # cookies that do not come back
    "a cookie for another domain": Mistake(
        6,
        [setting("SESSION_COOKIE_DOMAIN", '"example.com"')],
        ["The cookie is set for the domain example.com", "SESSION_COOKIE_DOMAIN"],
    ),
    "a cookie for another path": Mistake(
        6,
        [setting("SESSION_COOKIE_PATH", '"/app"')],
        ["The cookie is set for the path /app", "SESSION_COOKIE_PATH"],
    ),
    "an application root": Mistake(
        6,
        [setting("APPLICATION_ROOT", '"/app"')],
        ["The cookie is set for the path /app", "APPLICATION_ROOT"],
    ),
    "a session that ends at once": Mistake(
        6,
        [
            setting("PERMANENT_SESSION_LIFETIME", "0"),
            (LOGIN_USER, LOGIN_USER + "        session.permanent = True\n"),
            ("import Flask, jsonify, request", "import Flask, jsonify, request, session"),
        ],
        ["The cookie is set with an end that is past", "PERMANENT_SESSION_LIFETIME"],
    ),
    # members of the user
    "is_authenticated is a stored field": Mistake(
        6,
        [
            (
                "    email = db.StringField()\n",
                "    email = db.StringField()\n    logged_in = db.BooleanField()\n",
            ),
            (
                'has proved who they are; a user from the database has."""\n        return True',
                'has logged in."""\n        return self.logged_in',
            ),
        ],
        ["is_authenticated of this user is null", "a field of the document"],
    ),
    "is_authenticated is called in a view": Mistake(
        6,
        [(IF_LOGGED_IN, IF_LOGGED_IN.replace("authenticated:", "authenticated():"))],
        ["'bool' object is not callable", "values: read them without brackets"],
    ),
    "get_id gives the name": Mistake(
        6,
        [("return str(self.id)", "return self.name")],
        ["is not a valid ObjectId", "return str(self.id) there", "user loader"],
    ),
    # routes
    "a slash behind the login": Mistake(
        6,
        [(ROUTE_LOGIN, ROUTE_LOGIN.replace("/login", "/login/"))],
        ["The route ends with a slash, '/login/'"],
    ),
    "a slash behind the logout": Mistake(
        6,
        [('"/logout", methods', '"/logout/", methods')],
        ["The route ends with a slash, '/logout/'", "Leave the slash out"],
    ),
    "the login below another path": Mistake(
        6,
        [(ROUTE_LOGIN, ROUTE_LOGIN.replace("/login", "/auth/login"))],
        ["The app has no route '/login'", "/auth/login"],
    ),
    "the login with methods in small letters for GET": Mistake(
        6,
        [(ROUTE_LOGIN, ROUTE_LOGIN.replace("POST", "GET"))],
        ["A view for POST /login is missing: the route there takes GET"],
    ),
    "login_view is the function": Mistake(
        2,
        [
            ('    login_manager.login_view = "login"\n', ""),
            ("    return app\n", "    login_manager.login_view = login\n    return app\n"),
        ],
        ["'startswith'", "login_view is the name of a view, a text", "login_manager.login_view"],
    ),
    # an app with pages
    "the login redirects to a page that is not there": Mistake(
        6,
        [
            (LOGIN_ANSWERS, LOGIN_USER + '        return redirect(url_for("index"))\n'),
            ("import Flask, jsonify, request", "import Flask, jsonify, redirect, request, url_for"),
        ],
        ["BuildError", "url_for() names a view that is not there, 'index'"],
    ),
    "the login redirects": Mistake(
        6,
        [
            (LOGIN_ANSWERS, LOGIN_USER + '        return redirect("/")\n'),
            ("import Flask, jsonify, request", "import Flask, jsonify, redirect, request"),
        ],
        ["302 Found, to /", "The login view sends its caller on", "public()"],
    ),
    "a template that is not there": Mistake(
        6,
        [
            (LOGIN_ANSWERS, LOGIN_USER + '        return render_template("account.html")\n'),
            ("import Flask, jsonify, request", "import Flask, jsonify, render_template, request"),
        ],
        ["TemplateNotFound", "There are no templates here"],
    ),
    "the login reads a form by its keys": Mistake(
        6,
        [(LOGIN_READS, '        info = {"username": request.form["username"]}\n')],
        ["400 Bad Request", "The app cannot read the body. It is JSON", "request.form"],
    ),
    "the login reads a form": Mistake(
        6,
        [(LOGIN_READS, "        info = request.form\n")],
        ["Username or Password Error", "This is the right password, and the view found nobody"],
    ),
    # reading the body
    "json.loads around get_json": Mistake(
        6,
        [(LOGIN_READS, "        info = json.loads(request.get_json())\n")],
        ["not dict", "request.get_json() has read the JSON already"],
    ),
    "request.json with brackets": Mistake(
        6,
        [(LOGIN_READS, "        info = request.json()\n")],
        ["'dict' object is not callable", "request.json is a value"],
    ),
    # names
    "logout_user is not imported": Mistake(
        6,
        [(IMPORTED, IMPORTED.replace(", logout_user", ""))],
        ["NameError", "logout_user is not imported: from flask_login import logout_user"],
    ),
    "current_user is not imported": Mistake(
        6,
        [(IMPORTED, IMPORTED.replace("current_user, ", ""))],
        ["NameError", "current_user is not imported: from flask_login import current_user"],
    ),
    "a name that is misspelt": Mistake(
        6,
        [(LOGIN_USER, "        login_user(usr)\n")],
        ["NameError", "The name usr is not there"],
    ),
    # views
    "a crash of the view itself": Mistake(
        6,
        [(LOGOUT_USER, "        1 / 0\n")],
        ["ZeroDivisionError", "The error is raised in the view logout"],
    ),
    "a before_request of its own that crashes": Mistake(
        6,
        [(LOADER, f"    @app.before_request\n    def look():\n        1 / 0\n\n{LOADER}")],
        ["ZeroDivisionError", "The error is raised in the before_request function look"],
    ),
    "None not tested, in a delete": Mistake(
        0,
        [(FIND + NOT_FOUND + FOUND, FIND + FOUND)],
        ["'NoneType' object has no attribute 'public'", "Test what first() gave for None"],
        NO_ASK,
    ),
    "a document with a field too many": Mistake(
        0,
        [
            (
                CREATE,
                CREATE.replace("save()", "save().update(age=7)"),
            )
        ],
        ["The document has no field age"],
        NO_ASK,
    ),
    "the command adds a field that is not there": Mistake(
        6,
        [(ADDS, ADDS.replace("name=name", "username=name"))],
        ["flask add-user", "'username'"],
    ),
    "the command is a view": Mistake(
        6,
        [(COMMAND, '    @app.route("/add-user")\n')],
        ["no command add-user", "Register it on the app"],
    ),
    "user_info asks whether current_user is None": Mistake(
        6,
        [(IF_LOGGED_IN, "        if current_user is not None:\n")],
        ["'AnonymousUserMixin'", "current_user.is_authenticated before using it"],
    ),
    "the login compares in Python, and finds None": Mistake(
        6,
        [(LOGIN_FINDS, "        user = User.objects(name=info).first()\n")],
        ["This is the right password, and the view found nobody with it"],
    ),
}
