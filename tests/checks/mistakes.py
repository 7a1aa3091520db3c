"""Mistakes that learners make: edits of a step, and what a check has to say about each."""

from dataclasses import dataclass, field

ADA = {"name": "ada", "password": "lovelace", "email": "ada@example.org"}

# ---- pieces of the steps, as they stand there

ROUTE_PUT = '    @app.route("/", methods=["PUT"])\n'
ROUTE_POST = '    @app.route("/", methods=["POST"])\n'
ROUTE_DELETE = '    @app.route("/", methods=["DELETE"])\n'
ROUTE_LOGIN = '    @app.route("/login", methods=["POST"])\n'
ROUTE_USER_INFO = '    @app.route("/user_info", methods=["POST"])\n'
GUARD = "    @login_required\n"
CREATE = "        user.save()\n        return jsonify(user.public())\n"
UPDATE = '        user.update(email=record["email"], password=record["password"])\n'
DELETE = "        user.delete()\n"
FIND = '        user = User.objects(name=request.args.get("name")).first()\n'
NOT_FOUND = '        if user is None:\n            return jsonify(error="data not found")\n'
FOUND = "        return jsonify(user.public())\n"
LOGIN_READS = "        info = json.loads(request.data)\n"
LOGIN_FINDS = "        user = User.objects(name=username, password=password).first()\n"
LOGIN_REFUSES = (
    "        if user is None:\n"
    '            return jsonify(status=401, reason="Username or Password Error")\n'
)
LOGIN_USER = "        login_user(user)\n"
LOGOUT_USER = "        logout_user()\n"
LOADER = "    @login_manager.user_loader\n"
LOADS = "        return User.objects(id=user_id).first()\n"
KEY = '    app.config["SECRET_KEY"] = "some key"\n'
ADDS = "        User(name=name, password=password, email=email).save()\n"
OPTION = "    @click.password_option()\n    def add_user(name, email, password):\n"
COMMAND = '    @app.cli.command("add-user")\n'
NOTHING = "    def do_nothing(*_):\n        pass\n\n"
RAISE = "    def divide(*_):\n        1 / 0\n\n"
IF_LOGGED_IN = "        if current_user.is_authenticated:\n"


def member(name):
    """Return how a member of the user begins in the file."""
    return f"    @property\n    def {name}(self)"


@dataclass
class Mistake:
    """A mistake, and what its message must say.

    Attributes:
        step: the step that it is made in.
        edits: the lines that are replaced, and by what.
        says: words of the message, the cause and what to try next.
        not_: words that would lead away from the cause.
        loops: whether a browser that follows its redirects never arrives.
    """

    step: int
    edits: list[tuple[str, str]]
    says: list[str]
    not_: list[str] = field(default_factory=list)
    loops: bool = False

    @property
    def astray(self) -> list[str]:
        """Every word that must not come: what a hint says of a place, unless it is this place."""
        told = " ".join(self.says)
        return [*self.not_, *(words for words in PLACES if words not in told)]


#: Words by which hints name the place of a mistake. In a message about another they lead astray.
PLACES = [
    "save the record",
    "write the new e-mail",
    "call delete()",
    "first()",
    "int()",
    "public()",
    "db.init_app",
    "login_manager.init_app",
    "login_manager.login_view",
    "secret_key",
    "login_user(",
    "str(self.id)",
    "@property",
    "user loader",
    "user_loader",
    "two login managers",
    "below @app.route",
    "LOGIN_DISABLED",
    "Before every view",
    "Register it on the app",
    "logout_user()",
    "current_user.is_authenticated",
    "The cookie is set",
    "with a slash",
    "is not imported",
]


#: Hints of step 0. They lead astray where the mistake lies in the login.
ABOUT_RECORDS = ["save the record", "write the new e-mail", "call delete()"]

MISTAKES = {
    # step 0
    "a view without return": Mistake(
        0,
        [(CREATE, "        user.save()\n")],
        ["did not return a valid response", "The view create_record has to return an answer"],
        ["add-user"],  # nobody has heard of this command before step 5
    ),
    "a view that returns the document": Mistake(
        0,
        [(CREATE, "        user.save()\n        return user\n")],
        ["it was a User", "return jsonify(user.public())"],
        ["add-user"],
    ),
    "a view that gives the document to jsonify": Mistake(
        0,
        [(CREATE, "        user.save()\n        return jsonify(user)\n")],
        ["no password in the answer", "public()"],
    ),
    "a view that does not call what it returns": Mistake(
        0,
        [(CREATE, "        user.save()\n        return jsonify(user.public)\n")],
        ["Object of type method is not JSON serializable", "public()"],
        ["add-user"],
    ),
    "public() that shows the password": Mistake(
        0,
        [('"email": self.email}', '"email": self.email, "password": self.password}')],
        ["no password in the answer", '"password":"password of check-user-1', "public()"],
    ),
    "save() forgotten": Mistake(
        0, [("        user.save()\n", "")], ["GET /?name=", "data not found", "save the record"]
    ),
    "save without parentheses": Mistake(
        0, [("        user.save()\n", "        user.save\n")], ["data not found", "save the record"]
    ),
    "an update that stays in memory": Mistake(
        0,
        [(UPDATE, '        user.email = record["email"]\n')],
        [
            "POST changes the e-mail",
            '"email": "new@example.org"',
            "to the database",
            "write the new e-mail",
        ],
    ),
    "an update of everybody": Mistake(
        0,
        [("        user.update(", "        User.objects.update(")],
        ["POST changes the e-mail", "changes all of them"],
    ),
    "a delete that deletes nothing": Mistake(
        0, [(DELETE, "")], ["DELETE removes the record", "call delete()"]
    ),
    "delete without parentheses": Mistake(
        0,
        [(DELETE, "        user.delete\n")],
        ["DELETE removes the record", "call delete()"],
    ),
    "a delete that deletes everybody": Mistake(
        0,
        [(DELETE, "        User.objects.delete()\n")],
        ["DELETE removes the record", "deletes all of them"],
    ),
    "None not tested": Mistake(
        0,
        [(FIND + NOT_FOUND, FIND)],
        ["'NoneType' object has no attribute 'public'", "Test what first() gave for None"],
    ),
    "first() forgotten": Mistake(
        0,
        [(FIND, FIND.replace(".first()", ""))],
        ["has no attribute 'public'", "first()"],
    ),
    "a field misspelt": Mistake(
        0,
        [("    name = db.StringField()", "    nmae = db.StringField()")],
        ["'name'", "on the document"],
    ),
    "a key of the answer misspelt": Mistake(
        0,
        [('"email": self.email}', '"mail": self.email}')],
        [
            '"mail":"check-user',
            '"email": "check',
            "The answer has no key 'email'. It has: mail, name.",
        ],
    ),
    "a key of the request misspelt": Mistake(
        0,
        [('User(name=record["name"], password', 'User(name=record["nmae"], password')],
        ["KeyError: 'nmae'"],
        ["add-user"],
    ),
    "db.init_app forgotten": Mistake(
        0,
        [("    db.init_app(app)\n", "")],
        ["not defined a default connection", "init_app(app)", "db.init_app"],
    ),
    # step 1
    "login_manager.init_app forgotten": Mistake(
        1,
        [("    login_manager.init_app(app)\n", "")],
        ["no attribute 'login_manager'", "login_manager.init_app(app)", "user loader"],
    ),
    "login_manager.init_app forgotten, seen at the end": Mistake(
        6,
        [("    login_manager.init_app(app)\n", "")],
        ["no attribute 'login_manager'", "login_manager.init_app(app)"],
        ABOUT_RECORDS,
    ),
    # step 2
    "login_view not named": Mistake(
        6,
        [('    login_manager.login_view = "login"\n', "")],
        ["401 Unauthorized", 'login_manager.login_view = "login"'],
    ),
    "login_view misspelt": Mistake(
        6,
        [('login_view = "login"', 'login_view = "log_in"')],
        ["BuildError", "'log_in'", "Did you mean 'login'", 'login_manager.login_view = "login"'],
    ),
    "another attribute than login_view": Mistake(
        6,
        [("login_manager.login_view =", "login_manager.loginview =")],
        ["401 Unauthorized", 'login_manager.login_view = "login"'],
    ),
    "login_view is the path of another page": Mistake(
        6,
        [('login_view = "login"', 'login_view = "/signin"')],
        ["to /signin", 'login_manager.login_view = "login"'],
        ["below @app.route"],
    ),
    "no secret key": Mistake(
        6, [(KEY, "")], ["no secret key was set", "Set the secret_key"], ABOUT_RECORDS
    ),
    "the secret key is None": Mistake(
        6,
        [(KEY, KEY.replace('"some key"', "None"))],
        ["no secret key was set", "Set the secret_key"],
        ABOUT_RECORDS,
    ),
    "the secret key has another name": Mistake(
        6,
        [(KEY, KEY.replace("SECRET_KEY", "SECRETKEY"))],
        ["no secret key was set", "Set the secret_key"],
        ABOUT_RECORDS,
    ),
    "the path of the login misspelt": Mistake(
        6,
        [(ROUTE_LOGIN, ROUTE_LOGIN.replace("/login", "/logn"))],
        ["POST /login", "404 Not Found", "the login itself fails", "its route is '/logn'"],
        ABOUT_RECORDS,
    ),
    "the verb of the login forgotten": Mistake(
        6,
        [(ROUTE_LOGIN, '    @app.route("/login")\n')],
        ["POST /login", "405 Method Not Allowed", "methods"],
        ABOUT_RECORDS,
    ),
    "the login reads another key": Mistake(
        6,
        [('info.get("username", "guest")', 'info.get("name", "guest")')],
        ['POST /login {"username":', "Username or Password Error", "the login itself fails"],
        ABOUT_RECORDS,
    ),
    "the password is not compared": Mistake(
        6,
        [("User.objects(name=username, password=password)", "User.objects(name=username)")],
        ["a wrong password is refused", '"password": "not the password"'],
    ),
    "the password is compared with the name": Mistake(
        6,
        [("password=password).first()", "password=username).first()")],
        ["Username or Password Error", "the login itself fails"],
        ABOUT_RECORDS,
    ),
    "the login logs in before it looks": Mistake(
        6,
        [(LOGIN_REFUSES + LOGIN_USER, LOGIN_USER + LOGIN_REFUSES)],
        [
            "'NoneType' object has no attribute 'is_active'",
            "when no user was found",
            "first()",
            "login_user(",
        ],
    ),
    "the login finds a query": Mistake(
        6,
        [(LOGIN_FINDS, LOGIN_FINDS.replace(".first()", ""))],
        [
            "'BaseQuerySet' object has no attribute 'is_active'",
            "the login itself fails",
            "first()",
            "login_user(",
        ],
        ABOUT_RECORDS,
    ),
    # step 3
    "login_user forgotten": Mistake(6, [(LOGIN_USER, "")], ["login_user(user)"], ABOUT_RECORDS),
    "login_user without parentheses": Mistake(
        6, [(LOGIN_USER, "        login_user\n")], ["login_user(user)"], ABOUT_RECORDS
    ),
    "login_user is given the name": Mistake(
        6,
        [(LOGIN_USER, "        login_user(username)\n")],
        [
            "'str' object has no attribute 'is_active'",
            "login_user",
            "first()",
            "login_user(",
            "It was given a str",
        ],
        ABOUT_RECORDS,
    ),
    "is_authenticated is a method": Mistake(
        6,
        [(member("is_authenticated"), "    def is_authenticated(self)")],
        ['"is_authenticated":"method"', "@property"],
    ),
    "is_active is a method": Mistake(
        6,
        [(member("is_active"), "    def is_active(self)")],
        ['"is_active":"method"', "@property"],
    ),
    "is_anonymous is a method": Mistake(
        6,
        [(member("is_anonymous"), "    def is_anonymous(self)")],
        ['"is_anonymous":"method"', "@property"],
    ),
    "is_authenticated misspelt": Mistake(
        6,
        [(member("is_authenticated"), member("is_authentcated"))],
        [
            "'User' object has no attribute 'is_authenticated'",
            "@property",
            "Flask-Login reads is_authenticated of the user",
        ],
        ABOUT_RECORDS,
    ),
    "is_active misspelt": Mistake(
        6,
        [(member("is_active"), member("active"))],
        [
            "'User' object has no attribute 'is_active'",
            "the login itself fails",
            "login_user() reads is_active",
        ],
        ABOUT_RECORDS,
    ),
    "is_active is false": Mistake(
        6,
        [('may log this user in."""\n        return True', 'let in."""\n        return False')],
        ["is_active", "login_user("],
        ABOUT_RECORDS,
    ),
    "get_id misspelt": Mistake(
        6,
        [("    def get_id", "    def getid")],
        [
            "'User' object has no attribute 'get_id'",
            "the login itself fails",
            "login_user() reads is_active",
        ],
        ABOUT_RECORDS,
    ),
    "get_id is a property": Mistake(
        6,
        [("    def get_id", "    @property\n    def get_id")],
        ["'str' object is not callable", "get_id", "@property"],
        ABOUT_RECORDS,
    ),
    "get_id without return": Mistake(
        6,
        [("return str(self.id)", "str(self.id)")],
        ["get_id", "it is no text", "str(self.id)"],
        ABOUT_RECORDS,
    ),
    "get_id gives a number": Mistake(
        6,
        [("return str(self.id)", "return 7")],
        ["not a valid ObjectId", "get_id", "str(self.id)", "user loader"],
        ABOUT_RECORDS,
    ),
    # step 4
    "the user loader is not registered": Mistake(
        6,
        [(LOADER, "")],
        ["Missing user_loader", "@login_manager.user_loader", "user loader"],
        ABOUT_RECORDS,
    ),
    "the user loader raises when it finds nobody": Mistake(
        6,
        [(LOADS, "        return User.objects.get(id=user_id)\n")],
        ["DoesNotExist", "first() does, get() raises", "user loader"],
    ),
    "the user loader takes the id for a user": Mistake(
        6,
        [(LOADS, "        return User.objects(id=user_id.id).first()\n")],
        ["'str' object has no attribute 'id'", "user loader"],
        ABOUT_RECORDS,
    ),
    "the user loader returns the id": Mistake(
        6,
        [(LOADS, "        return user_id\n")],
        ["'str' object has no attribute 'is_authenticated'", "user loader"],
        ABOUT_RECORDS,
    ),
    "the user loader returns True": Mistake(
        6,
        [(LOADS, "        return True\n")],
        ["'bool' object has no attribute 'is_authenticated'", "user loader"],
        ABOUT_RECORDS,
    ),
    "the user loader without return": Mistake(
        6,
        [(LOADS, LOADS.replace("return ", ""))],
        ["user loader", "return", "user_loader"],
        ABOUT_RECORDS,
    ),
    "the user loader returns a query": Mistake(
        6,
        [(LOADS, LOADS.replace(".first()", ""))],
        ["'BaseQuerySet' object has no attribute 'is_authenticated'", "user loader"],
        ABOUT_RECORDS,
    ),
    "the user loader looks for a name": Mistake(
        6,
        [(LOADS, LOADS.replace("id=user_id", "name=user_id"))],
        ["user loader", "user_loader"],
        ABOUT_RECORDS,
    ),
    # step 5
    "the guard of PUT above the route": Mistake(
        5,
        [(ROUTE_PUT + GUARD, GUARD + ROUTE_PUT)],
        ["a stranger cannot create a record", "200 OK", "below @app.route"],
        ABOUT_RECORDS,
    ),
    "the guard of POST above the route": Mistake(
        5,
        [(ROUTE_POST + GUARD, GUARD + ROUTE_POST)],
        ["a stranger cannot change a record", "200 OK", "below @app.route"],
    ),
    "the guard of DELETE above the route": Mistake(
        5,
        [(ROUTE_DELETE + GUARD, GUARD + ROUTE_DELETE)],
        ["a stranger cannot delete a record", "200 OK", "below @app.route"],
    ),
    "the guard of PUT forgotten": Mistake(
        5,
        [(ROUTE_PUT + GUARD, ROUTE_PUT)],
        ["a stranger cannot create a record", "200 OK", "@login_required", "below @app.route"],
        ABOUT_RECORDS,
    ),
    "the unauthorized handler returns nothing": Mistake(
        5,
        [(LOADER, f"    @login_manager.unauthorized_handler\n{NOTHING}{LOADER}")],
        ["did not return a valid response"],
    ),
    "no command add-user": Mistake(
        5,
        [(COMMAND, "")],
        ["no command add-user", '@app.cli.command("add-user")', "Register it on the app"],
        ABOUT_RECORDS,
    ),
    "the command has another name": Mistake(
        5,
        [(COMMAND, COMMAND.replace("add-user", "add_user"))],
        ["no command add-user", '@app.cli.command("add-user")', "Register it on the app"],
        ABOUT_RECORDS,
    ),
    "the command raises": Mistake(
        5,
        [(ADDS, ADDS.replace("email=email", "mail=email"))],
        ["flask add-user", "FieldDoesNotExist", "'mail'", "Is the field 'mail' spelt"],
        ABOUT_RECORDS,
    ),
    "the command saves nothing": Mistake(
        5, [(ADDS, ADDS.replace(".save()", ""))], ["add-user", "does it call save()"], ABOUT_RECORDS
    ),
    "the command knows no option --password": Mistake(
        5,
        [(OPTION, OPTION.replace("password_option()", 'argument("password")'))],
        ["flask add-user", "No such option", "--password", "@click.password_option() above it"],
        ABOUT_RECORDS,
    ),
    "the command asks for input": Mistake(
        5,
        [(ADDS, '        email = input("e-mail: ")\n' + ADDS)],
        ["flask add-user", "e-mail:", "asks for what it was given"],
        ABOUT_RECORDS,
    ),
    "the command prompts for the e-mail": Mistake(
        5,
        [('    @click.argument("email")\n', '    @click.option("--email", prompt=True)\n')],
        ["flask add-user", "Email:", "asks for what it was given"],
        ABOUT_RECORDS,
    ),
    "the command ends Python": Mistake(
        5,
        [(ADDS, ADDS + '        raise SystemExit("added, goodbye")\n')],
        ["flask add-user", "added, goodbye", "this is how it ended"],
        ABOUT_RECORDS,
    ),
    # step 6
    "logout_user forgotten": Mistake(
        6, [(LOGOUT_USER, "")], ["after a logout the browser is nobody", "call logout_user()"]
    ),
    "logout_user without parentheses": Mistake(
        6,
        [(LOGOUT_USER, "        logout_user\n")],
        ["after a logout the browser is nobody", "call logout_user()"],
    ),
    "the verb of the logout forgotten": Mistake(
        6,
        [('"/logout", methods=["POST"]', '"/logout"')],
        ["POST /logout", "405 Method Not Allowed", "A view for POST /logout"],
    ),
    "the message of the logout misspelt": Mistake(
        6,
        [('"message": "logout success"', '"mesage": "logout success"')],
        ['"mesage":"logout success"', '"message": "logout success"', "letter by letter"],
    ),
    "user_info does not ask whether there is a user": Mistake(
        6,
        [(IF_LOGGED_IN, "        if True:\n")],
        [
            "'AnonymousUserMixin' object has no attribute 'public'",
            "is_authenticated",
            "current_user.is_authenticated",
        ],
    ),
    "user_info asks the wrong way round": Mistake(
        6,
        [(IF_LOGGED_IN, IF_LOGGED_IN.replace("if ", "if not "))],
        [
            "user_info names the user",
            "user no login",
            "is_authenticated",
            "the right way round",
            "current_user.is_authenticated",
        ],
    ),
    "user_info is protected": Mistake(
        6,
        [(ROUTE_USER_INFO, ROUTE_USER_INFO + GUARD)],
        [
            "user_info tells a stranger",
            "302 Found, to /login",
            "POST /user_info is open to everybody, and has a guard",
        ],
    ),
    # anywhere
    "a before_request that raises": Mistake(
        6, [(LOADER, f"    @app.before_request\n{RAISE}{LOADER}")], ["ZeroDivisionError: division"]
    ),
    "an after_request that returns nothing": Mistake(
        6,
        [(LOADER, f"    @app.after_request\n{NOTHING}{LOADER}")],
        ["500 Internal Server Error", "'NoneType'", "do_nothing has to return the response"],
    ),
    "a teardown that raises": Mistake(
        6,
        [(LOADER, f"    @app.teardown_request\n{RAISE}{LOADER}")],
        ["ZeroDivisionError: division"],
    ),
    "a view that calls itself": Mistake(
        6,
        [(LOGOUT_USER, "        logout()\n")],
        ["POST /logout", "RecursionError"],
    ),
    "a view that ends Python": Mistake(
        6, [(LOGOUT_USER, '        raise SystemExit("bye")\n')], ["POST /logout", "SystemExit: bye"]
    ),
}
