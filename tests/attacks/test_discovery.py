"""The attacks find their own way into an app: what they find in each, with nothing configured."""

import json
import re
from typing import ClassVar

import click
import mongomock
import pytest
from attacked_apps import two_steps
from attacked_apps.apps import attacked
from flask import Flask, request
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_mongoengine import MongoEngine
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import BadNames, NotTried, read_names, run_attacks
from flasklogin_tutorial.attacks.command import main
from flasklogin_tutorial.attacks.options import GOT_IN, HELD, USAGE
from flasklogin_tutorial.attacks.run import enter
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import new_app, serve

from .apps import hardened, with_csrf_cookie

IN_MEMORY = {
    "db": "slip",
    "host": "mongodb://localhost",
    "mongo_client_class": mongomock.MongoClient,
}

#: What is found in each app: names, and what the page says of how users are made.
FOUND = {
    "login_at_root": (
        """send = "form"
        [routes]
        login = "POST /"
        login_page = "GET /"
        logout = "GET /logout"
        whoami = "GET /homepage/"
        create = "POST /register"
        [pages]
        create = "/register"
        [fields]
        login_name = "name"
        [also.create]
        password2 = "{password}"
        """,
        "POST /register, its registration",
    ),
    "tutorial": (
        """send = "form"
        [routes]
        login = "POST /auth/login"
        logout = "GET /auth/logout"
        create = "POST /auth/register"
        update = ""
        [fields]
        login_name = "username"
        name = "username"
        email = "email"
        remember = "remember_me"
        next = "next"
        [forms]
        csrf_field = "csrf_token"
        csrf_page = "/edit_profile"
        [users]
        registered_by = "strangers"
        """,
        "POST /auth/register, its registration",
    ),
    "first_name": (
        """[routes]
        login = "POST /login"
        create = "POST /sign-up"
        [fields]
        name = "email"
        password = "password1"
        [users]
        named = "email"
        registered_by = "anyone"
        [also.create]
        firstName = "Ada"
        password2 = "{password}"
        """,
        "POST /sign-up, its registration",
    ),
    "two_steps": (
        """[routes]
        login_page = "GET /sign-in"
        login = "POST /sign-in/password"
        logout = "POST /sign-out"
        update = "POST /desk/password"
        [pages]
        logout = "/desk"
        [fields]
        login_name = "login"
        login_password = "password"
        remember = "keep"
        current_password = "old"
        [also.update]
        old = "{current_password}"
        new = "{password}"
        again = "{password}"
        """,
        "two_steps:Account, the password by werkzeug.security.generate_password_hash in pw_hash",
    ),
    "only_addresses": (
        """[routes]
        login = "POST /enter"
        update = "POST /club/password"
        [fields]
        login_name = "identifier"
        login_password = "secret"
        remember = "stay"
        [users]
        named = "email"
        """,
        "only_addresses:Member, the password by werkzeug.security.generate_password_hash "
        "in local.password_hash",
    ),
    "with_arguments": (
        """[routes]
        login = "POST /auth/login"
        update = "POST /auth/change-password"
        [fields]
        login_name = "email"
        name = "username"
        email = "email"
        [users]
        named = "email"
        [also.update]
        old_password = "{current_password}"
        password = "{password}"
        password2 = "{password}"
        """,
        "POST /auth/register, its registration",
    ),
    "under_prefix": (
        """[routes]
        login = "POST /wiki/login"
        logout = "POST /wiki/logout"
        whoami = "GET /wiki/"
        create = "POST /wiki/join"
        update = "POST /wiki/users/{name}/passwd"
        delete = "POST /wiki/users/{name}/delete"
        [forms]
        csrf_field = "token"
        """,
        "POST /wiki/join, its registration",
    ),
    "two_blueprints": (
        """[routes]
        login = "POST /login"
        logout = "POST /logout"
        update = "POST /settings"
        [fields]
        login_name = "user"
        login_password = "pass"
        """,
        "two_blueprints:User, the password by werkzeug.security.generate_password_hash",
    ),
    "class_views": (
        """[routes]
        login = "POST /admin/login/"
        whoami = "GET /admin/"
        create = "POST /admin/register/"
        delete = "POST /admin/user/delete/{id}"
        [fields]
        login_name = "login"
        [users]
        registered_by = "strangers"
        """,
        "POST /admin/register/, its registration",
    ),
    "wrapper": (
        """[routes]
        login = "POST /login"
        logout = "GET /logout"
        whoami = "GET /"
        [fields]
        next = "next"
        """,
        "the collection people, the password by hash_password in pw_hash",
    ),
    "json_and_tokens": (
        """send = "json"
        [routes]
        login = "POST /api/v1/auth/session"
        logout = "DELETE /api/v1/auth/session"
        whoami = "GET /api/v1/me"
        create = "POST /api/v1/users"
        update = "PATCH /api/v1/users/{id}"
        delete = "DELETE /api/v1/users/{id}"
        make_token = "POST /api/v1/tokens"
        [fields]
        login_name = "email"
        login_password = "password"
        [users]
        named = "email"
        """,
        "POST /api/v1/users, its registration",
    ),
    "security_extension": (
        """[routes]
        login = "POST /login"
        logout = "POST /logout"
        create = "POST /register"
        update = "POST /change"
        [users]
        named = "email"
        registered_by = "strangers"
        [also.create]
        password_confirm = "{password}"
        [also.update]
        password = "{current_password}"
        new_password = "{password}"
        new_password_confirm = "{password}"
        """,
        "POST /register, its registration",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_the_way_into_an_app_is_found(name):
    text, made = FOUND[name]
    target, way_in = enter(attacked(name), may_write=True)
    assert not way_in.trouble
    expected = read_names(text)
    for key in sorted(expected.written):
        table, _, one = key.partition(".")
        seen, wanted = getattr(target.names, table), getattr(expected, table)
        if table == "also":
            seen, wanted = seen[one], wanted[one]
        elif one:
            seen, wanted = getattr(seen, one), getattr(wanted, one)
        assert seen == wanted, key
    said = {one.what: one.said for one in way_in.findings}
    assert said["users are made by"].endswith(made) or made in said["users are made by"]
    assert target.people.member()


def test_what_was_found_is_written_as_a_file_that_can_be_read():
    target, way_in = enter(attacked("two_steps"), may_write=True)
    read = read_names(way_in.as_toml())
    assert read.users.model == "attacked_apps.two_steps:Account"
    assert read == target.names
    again, _ = enter(attacked("two_steps"), read, may_write=True)
    assert again.names == read and again.people.member()


def test_what_the_file_says_is_not_searched_for():
    names = read_names('[routes]\nlogout = ""\nwhoami = "GET /desk/password"')
    target, way_in = enter(attacked("two_steps"), names, may_write=True)
    assert (target.names.routes.logout, target.names.routes.whoami) == ("", "GET /desk/password")
    assert not {"logout", "who is calling"} & {one.what for one in way_in.findings}
    assert target.names.routes.login == "POST /sign-in/password"


@pytest.mark.parametrize("create", [step06.create_app, create_app, hardened.create_app])
def test_an_app_with_the_articles_routes_is_taken_as_it_is(create):
    target, way_in = enter(new_app(create))
    assert not way_in.findings and not way_in.as_page()
    assert not target.people.made


# ---- what is not found is said once, with its cause


def test_a_login_that_breaks_is_told_with_its_line():
    app = attacked("login_at_root")

    def broken():
        raise FileNotFoundError("config/names.txt")

    app.view_functions["auth.login"] = broken
    report = run_attacks(app, may_write=True)
    assert "GET / was answered by 500 Internal Server Error: FileNotFoundError" in report.trouble
    line = broken.__code__.co_firstlineno + 1
    assert f"raised in {broken.__code__.co_filename}, line {line}" in report.trouble
    causes = [row for row in report.rows if "FileNotFoundError" in row.outcome.says]
    assert not causes


def test_a_refused_login_is_told_with_what_the_page_says():
    app = attacked("login_at_root")
    app.config["WTF_CSRF_TIME_LIMIT"] = -1  # every token is too old
    _, way_in = enter(app, may_write=True)
    [made] = [one for one in way_in.findings if one.what == "users are made by"]
    assert not made.said and "POST /register was answered by 400" in made.cause
    assert "Write users.make" in way_in.as_page()


def test_an_app_without_a_login_says_so():
    _, way_in = enter(Flask("none"), may_write=True)
    assert "no view calls login_user" in way_in.trouble
    assert 'Write routes.login = "POST /login"' in way_in.as_page(200)


# ---- ways to make users


def test_a_command_of_another_name_makes_users():
    app = attacked("two_steps")

    @app.cli.command("create-user")
    @click.option("--login", required=True)
    @click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
    def create_user(login, password):
        hashed = generate_password_hash(password, "pbkdf2:sha256:1000")
        made = two_steps.Account(login=login, full_name="-", pw_hash=hashed, active=True)
        two_steps.db.session.add(made)
        two_steps.db.session.commit()

    _, way_in = enter(app, may_write=True)
    said = {one.what: one.said for one in way_in.findings}
    assert said["users are made by"] == "the command create-user"


def test_a_class_makes_admins_and_closes_accounts():
    target, _ = enter(attacked("two_blueprints"), may_write=True)
    assert target.people.writer()  # there is a field staff, and none that says admin
    with pytest.raises(NotTried, match="has no field that makes an admin"):
        target.people.user(admin=True)
    target, _ = enter(attacked("json_and_tokens"), may_write=True)
    admin = target.people.member(admin=True)
    assert target.senses.whoami(admin.browser).data["is_admin"] is True
    target, _ = enter(attacked("two_steps"), may_write=True)
    person = target.people.member()
    target.people.accounts.disable(person)
    assert not target.senses.works(person.name, person.password)


# ---- on the command line


def call(capsys, *arguments):
    status = main([str(one) for one in (*arguments, "--yes-it-may-write")])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_what_was_found_is_printed_first(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    app = "attacked_apps.wrapper:create_app"
    status, out, _ = call(capsys, app, "--only", "bounded-by-nothing")
    assert status == GOT_IN
    assert out.startswith("What was found of the app:\nlogin: POST /login, a form with username")
    status, out, err = call(capsys, app, "--only", "bounded-by-nothing", "--json")
    assert json.loads(out)["totals"]["got in"] == 1
    assert err.startswith("What was found of the app:")


def test_init_writes_what_was_found(capsys, tmp_path):
    file = tmp_path / "names.toml"
    status, out, _ = call(capsys, "attacked_apps.wrapper:create_app", "--init", file)
    assert status == HELD and f"--config {file}" in out
    text = file.read_text(encoding="utf-8")
    assert read_names(text).routes.login == "POST /login" and "# takes a name" in text
    status, _, err = call(capsys, "attacked_apps.wrapper:create_app", "--init", file)
    assert status == USAGE and "FileExistsError" in err
    assert file.read_text(encoding="utf-8") == text


def test_a_factory_gets_the_arguments_that_are_written(capsys):
    app = "attacked_apps.with_arguments:create_app"
    status, _, err = call(capsys, app, "--only", "debug-mode")
    assert status == USAGE and f"{app} needs config_name. Write what it is" in err
    status, out, _ = call(capsys, f"{app}('default')", "--only", "debug-mode")
    assert status == HELD and "POST /auth/login" in out
    status, _, err = call(capsys, f"{app}(1 +)", "--only", "debug-mode")
    assert status == USAGE and "as they stand in Python" in err


def test_a_wrong_key_of_the_new_tables_is_told():
    for text, said in (
        ("[also.login]\na = 'b'", "There is no key also.login. There are: create, update"),
        ("[also]\ncreate = 1", "also.create is a table"),
        ("[also.create]\na = 1", "also.create.a has to be a text"),
        ("[pages]\ncreate = 'register'", "Write a path"),
        ("[users]\nnamed = 'mail'", 'It can be "name" or "email"'),
    ):
        with pytest.raises(BadNames, match=re.escape(said)):
            read_names(text)


# ---- behind an address


def test_the_way_into_a_running_server_is_found_by_forms_and_links():
    with serve(attacked("security_extension")) as browser:
        target, way_in = enter(browser.base_url, may_write=True)
    assert not way_in.trouble
    routes = target.names.routes
    assert (routes.login, routes.create) == ("POST /login", "POST /register")
    assert routes.whoami == "GET /"  # it shows the name
    assert (routes.logout, routes.update) == ("POST /logout", "POST /change")


def test_a_running_server_that_shows_no_name_says_so():
    with serve(attacked("first_name")) as browser:
        _, way_in = enter(browser.base_url, may_write=True)
    assert "pages shows the name of a user who had logged in" in way_in.trouble
    assert "POST /sign-up, its registration" in way_in.as_page(200)


def test_an_app_whose_page_for_what_is_not_there_needs_its_tables_is_searched_through():
    app = Flask("shop")
    app.config.update(SECRET_KEY="k" * 40, SQLALCHEMY_DATABASE_URI="sqlite://")
    db = SQLAlchemy(app)

    class Account(UserMixin, db.Model):
        id = db.Column(db.Integer, primary_key=True)
        username = db.Column(db.String(80), unique=True)
        password = db.Column(db.String(200))

    LoginManager(app).user_loader(lambda id: db.session.get(Account, int(id)))

    @app.errorhandler(404)
    def not_found(error):
        return f"<p>{db.session.query(Account).count()} people are here, and not this page.", 404

    @app.route("/enter", methods=["GET", "POST"])
    def enter_shop():
        found = Account.query.filter_by(username=request.form.get("username", "")).first()
        if found and check_password_hash(found.password, request.form["password"]):
            login_user(found)
        return "<form method=post><input name=username><input name=password type=password></form>"

    _, way_in = enter(app)
    assert way_in.names.routes.login == "POST /enter" and not way_in.trouble


def test_a_document_whose_default_is_no_value_can_be_made():
    app = new_app(_with_a_slip)
    _, way_in = enter(app)
    assert not way_in.trouble
    [made] = [one for one in way_in.findings if one.what == "users are made by"]
    assert "Keeper" in made.said


def _with_a_slip(config=None):
    app = Flask("slip")
    app.config.update(SECRET_KEY="k" * 40, MONGODB_SETTINGS=IN_MEMORY)
    db = MongoEngine(app)

    class Keeper(UserMixin, db.Document):
        username = db.StringField(required=True)
        password_hash = db.StringField()
        shown_as = db.StringField(default=username)  # the field, and not what is in it

        meta: ClassVar = {"collection": "keepers"}

    LoginManager(app).user_loader(lambda id: Keeper.objects(id=id).first())

    @app.route("/enter", methods=["GET", "POST"])
    def enter_shop():
        found = Keeper.objects(username=request.form.get("username", "")).first()
        if found and check_password_hash(found.password_hash, request.form["password"]):
            login_user(found)
        return "<form method=post><input name=username><input name=password type=password></form>"

    return app


def test_a_page_on_which_users_make_accounts_is_found_where_strangers_have_none():
    app = Flask("club")
    app.config.update(SECRET_KEY="k" * 40)
    manager = LoginManager(app)
    manager.user_loader(Member)
    manager.login_view = "enter_club"  # strangers come there with ?next=/people/add-user
    form = "<form method=post><input name=username><input name=password type=password>"

    @app.route("/signin", methods=["GET", "POST"])
    def enter_club():
        name, password = request.form.get("username"), request.form.get("password")
        if password and MEMBERS.get(name) == password:
            login_user(Member(name))
        return f"{form}</form>"

    @app.route("/people/add-user", methods=["GET", "POST"])
    @login_required
    def add_user():
        if request.method == "POST":
            MEMBERS[request.form["username"]] = request.form["password"]
        return f"{form}<input name=again type=password></form>"

    names = read_names('[users]\nmake = "attacks.test_discovery:make_member"')
    _, way_in = enter(app, names, may_write=True)
    assert way_in.names.routes.create == "POST /people/add-user"
    assert way_in.names.also["create"] == {"again": "{password}"}
    [said] = [one.said for one in way_in.findings if one.what == "registers"]
    assert said.endswith("for users who are logged in")


class Member(UserMixin):
    def __init__(self, name):
        self.id = self.name = name


#: The passwords of the members, by their names.
MEMBERS = {}


def make_member(app, name, email, password, admin):
    MEMBERS[name] = password


def test_a_page_is_opened_first_where_a_login_wants_its_cookie():
    app = with_csrf_cookie.create_app()
    _, way_in = enter(app)
    assert way_in.names.forms.first_page == "/api/auth/" and not way_in.trouble
    assert way_in.names.routes.create == "POST /api/auth/signup"
    assert any(one.said.endswith("which sets csrf_token") for one in way_in.findings)


@pytest.mark.parametrize(("same_site", "verdict"), [(None, "got in"), ("Strict", "held")])
def test_another_site_has_the_cookies_that_a_browser_sends_for_it_and_no_others(same_site, verdict):
    app = with_csrf_cookie.create_app(same_site)
    [row] = run_attacks(app, only=["login-csrf"]).rows
    assert row.outcome.verdict == verdict, row.outcome


def test_what_the_registration_says_is_told_where_nobody_can_log_in():
    app = Flask("picky")
    app.config.update(SECRET_KEY="k" * 40)
    LoginManager(app).user_loader(Member)
    form = "<form method=post><input name=username><input name=password type=password>"

    @app.route("/enter", methods=["GET", "POST"])
    def enter_club():
        if request.form.get("username") in MEMBERS:
            login_user(Member(request.form["username"]))
        return f"{form}</form><p>{'Who is that?' if request.form else ''}"

    @app.route("/register", methods=["GET", "POST"])
    def register():
        said = "Names have a star." if request.form else ""
        return f"{form}<input name=again type=password><p>{said}</form>"

    _, way_in = enter(app, may_write=True)
    assert 'POST /register was answered by 200 OK, a page, which says "Names have a star."' in (
        way_in.trouble
    )
    assert "Who is that?" in way_in.trouble


@pytest.mark.parametrize("name", ["lookalike-names", "header-crashes"])
def test_what_gets_in_with_an_address_of_ones_own_and_without_the_cookie_is_seen(name):
    [row] = run_attacks(with_csrf_cookie.create_app(), only=[name]).rows
    assert row.outcome.verdict == "got in", row.outcome
