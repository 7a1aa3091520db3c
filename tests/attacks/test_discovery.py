"""The attacks find their own way into an app: what they find in each, with nothing configured."""

import pytest
from attacked_apps.apps import attacked
from flask import Flask

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import read_names, run_attacks
from flasklogin_tutorial.attacks.run import enter
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import new_app, serve

from .apps import hardened

pytest.importorskip("flask_wtf")

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


# ---- behind an address


def test_the_way_into_a_running_server_is_found_by_forms_and_links():
    with serve(attacked("security_extension")) as browser:
        target, way_in = enter(browser.base_url, may_write=True)
    assert not way_in.trouble
    routes = target.names.routes
    assert (routes.login, routes.create) == ("POST /login", "POST /register")
    assert routes.whoami == "GET /"  # it shows the name


def test_a_running_server_that_shows_no_name_says_so():
    with serve(attacked("first_name")) as browser:
        _, way_in = enter(browser.base_url, may_write=True)
    assert "pages shows the name of a user who had logged in" in way_in.trouble
    assert "POST /sign-up, its registration" in way_in.as_page(200)
