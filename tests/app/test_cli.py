"""The commands."""

import json
import os
import re
import subprocess
import sys
import time
from typing import ClassVar

import pytest
import requests

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import cli
from flasklogin_tutorial.app.models import User
from flasklogin_tutorial.lab.browser_tab import UnthreadedStorage
from flasklogin_tutorial.visit import in_process

from .conftest import PASSWORDS, credentials, snapshot, stored

LONG = "0123456789abcdef" * 4
GOOD = "compilers are my hobby"


@pytest.fixture
def run(app):
    def invoke(*arguments, typed=""):
        return app.test_cli_runner().invoke(args=list(arguments), input=typed)

    return invoke


def test_a_user_is_added_and_the_password_asked_for_twice(app, run):
    result = run("users", "add", "grace", "--email", "g@example.org", typed=f"{GOOD}\n{GOOD}\n")
    assert result.exit_code == 0, result.output
    assert result.output.endswith("added grace\n")
    assert GOOD not in result.output
    given = {"username": "grace", "password": GOOD}
    assert in_process(app).post("/login", json=given).status_code == 200
    assert stored("grace")["is_admin"] is False


def test_two_passwords_that_differ_are_asked_for_again(run):
    typed = f"{GOOD}\n{GOOD} or not\n{GOOD}\n{GOOD}\n"
    result = run("users", "add", "grace", "--email", "g@example.org", typed=typed)
    assert result.exit_code == 0, result.output
    assert result.output.count("Repeat for confirmation") == 2


def test_an_administrator_is_added(run):
    typed = f"{GOOD}\n{GOOD}\n"
    assert (
        run("users", "add", "grace", "--email", "g@example.org", "--admin", typed=typed).exit_code
        == 0
    )
    assert stored("grace")["is_admin"] is True


def test_a_password_can_come_from_standard_input(app, run):
    result = run("users", "set-password", "bob", "--password-stdin", typed=f"{GOOD}\n")
    assert result.exit_code == 0, result.output
    given = {"username": "bob", "password": GOOD}
    assert in_process(app).post("/login", json=given).status_code == 200


def test_a_password_can_be_made(app, run):
    result = run("users", "set-password", "bob", "--generate-password")
    password = re.search(r"password: (\S+)", result.output)[1]
    given = {"username": "bob", "password": password}
    assert in_process(app).post("/login", json=given).status_code == 200


def test_a_password_is_no_argument(run):
    assert run("users", "set-password", "bob", "--password", GOOD).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (["add", "ada", "--email", "a@example.org"], "", "Another user has this name"),
        (["add", "gr\u200bace", "--email", "g@example.org"], "", "cannot be seen"),
        (["add", "grace", "--email", "nonsense"], "", "no e-mail address"),
        (["add", "grace", "--email", "g@example.org"], "short\nshort\n", "at least 15"),
        (["add", "grace", "--email", "g@example.org"], "passwordpassword\n" * 2, "easy to guess"),
        (["add", "grace", "--email", "g@example.org", "--password-stdin"], "", "password"),
        (["set-password", "nobody"], "", "data not found"),
        (["set-password", "bob"], "bobbobbobbobbob\n" * 2, "easy to guess"),
        (["disable", "nobody"], "", "data not found"),
        (["disable", "ada"], "", "last administrator"),
        (["demote", "ada"], "", "last administrator"),
    ],
)
def test_a_refused_command_says_why_and_changes_nothing(run, arguments, typed, said):
    before = snapshot()
    result = run("users", *arguments, typed=typed)
    assert result.exit_code == 1, result.output
    assert said in result.output
    assert "Traceback" not in result.output
    assert snapshot() == before


def test_deeds(run):
    for deed, field, value in [
        ("promote", "is_admin", True),
        ("demote", "is_admin", False),
        ("disable", "disabled", True),
        ("enable", "disabled", False),
    ]:
        result = run("users", deed, "bob")
        assert result.exit_code == 0, result.output
        assert result.output.startswith("bob is ")
        assert stored("bob")[field] is value


def test_the_list_sends_a_terminal_nothing_that_it_obeys(run):
    told = {"name": "\x1b]0;owned\x07eve", "email": "\x1b[2J\u202e\r@example.org"}
    User._get_collection().insert_one(told)
    output = run("users", "list").output
    assert all(one.isprintable() for one in output.replace("\t", "").splitlines())
    assert ascii(told["name"]) in output


def test_the_list_says_what_matters_and_no_password(app, run):
    User.objects(name="cy").update(disabled=True)
    User._get_collection().insert_one(
        {"name": "old", "password": "plain", "email": "o@example.org"}
    )
    result = run("users", "list")
    assert result.output.splitlines() == [
        "ada\tada@example.org\tadministrator",
        "bob\tbob@example.org",
        "cy\tcy@example.org\tdisabled",
        "old\to@example.org\tname not compared: users check-names, "
        "password in plain text: users hash-plaintext",
    ]


def test_a_weak_password_of_the_articles_app_is_named_and_not_shown(app, run):
    for name, password in (
        ("eve", "123"),
        ("\u0437\u043e\u044f", "passwordpassword"),
        ("kim", GOOD),
    ):
        User(name=name, email=f"{name}@example.org", plaintext_password=password).save()
    output = run("users", "hash-plaintext").output
    named = [line for line in output.splitlines() if line.startswith("would not be taken today")]
    assert [line.rpartition("that of ")[2].split()[0] for line in named] == [
        "eve",
        "\u0437\u043e\u044f",
    ]
    assert "users set-password NAME" in output
    assert "123" not in output
    assert not any(one.plaintext_password for one in User.objects)


def test_plaintext_is_hashed_without_waiting_for_a_login(app, run):
    before = snapshot()["User"]
    User._get_collection().insert_one({"name": "old", "password": "plain", "email": "o@x.org"})
    assert run("users", "hash-plaintext").output.startswith("hashed 1 password\n")
    assert "password" not in stored("old")
    assert run("users", "check-names", "--mend").exit_code == 0
    given = {"username": "old", "password": "plain"}
    assert in_process(app).post("/login", json=given).status_code == 200
    assert run("users", "hash-plaintext").output == "hashed 0 passwords\n"
    assert [one for one in snapshot()["User"] if one["name"] != "old"] == before


def test_without_a_database_a_command_says_so(make_app):
    app = make_app(
        MONGODB_SETTINGS={
            "host": "mongodb://127.0.0.1:1/x",
            "serverSelectionTimeoutMS": 50,
            "connect": False,
        }
    )
    result = app.test_cli_runner().invoke(args=["users", "list"])
    assert result.exit_code == 1
    assert "cannot be reached" in result.output


def test_check_config_lists_what_is_unsafe(run):
    result = run("check-config")
    assert result.exit_code == 1
    for name in ("ENVIRONMENT", "MONGODB_URI", "HTTPS", "TRUSTED_HOSTS", "RATELIMIT", "TESTING"):
        assert name in result.output


class SharedStorage(UnthreadedStorage):
    """Stands for a storage that all workers share."""

    STORAGE_SCHEME: ClassVar = ["shared"]


SAFE = {
    "MONGODB_URI": "mongodb://127.0.0.1:1/app",
    "SECRET_KEY": LONG,
    "TRUSTED_HOSTS": ["app.example.org"],
    "TRUSTED_PROXIES": 1,
    "RATELIMIT_STORAGE_URI": "shared://",
}


def test_check_config_finds_nothing_about_a_safe_production():
    app = create_app(SAFE)
    result = app.test_cli_runner().invoke(args=["check-config"])
    factor, question, verdict = result.output.splitlines()
    assert factor.startswith("? SECOND_FACTOR is off")
    assert question.startswith("? BREACHED_PASSWORDS_FILE is not set")
    assert (result.exit_code, verdict) == (0, "✓ nothing is unsafe for production")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("HTTPS", False),
        ("TRUSTED_HOSTS", None),
        ("RATELIMIT_STORAGE_URI", "memory://"),
        ("RATELIMIT_STORAGE_URI", "memory:"),
        ("PASSWORD_METHOD", "scrypt:128:8:1"),
        ("PASSWORD_METHOD", "scrypt:32768:8:1"),
        ("PASSWORD_METHOD", "scrypt:4096:8:100"),
        ("PASSWORD_METHOD", "scrypt:65536:1:3"),
        ("PASSWORD_METHOD", "pbkdf2:sha256:1"),
        ("PASSWORD_METHOD", "pbkdf2:md5:10000000"),
        ("SIGN_IN_LIMIT_PER_NAME", "1000000 per second"),
        ("SIGN_IN_LIMIT_PER_NAME", "1000 per hour; 100000 per day"),
        ("SIGN_IN_LIMIT_PER_ADDRESS", "1000 per minute"),
        ("NEW_PASSWORD_LIMIT", "100 per minute"),
        ("CODE_LIMIT", "10 per 15 minutes"),
        ("LOGIN_HOURS", 1000),
        ("IDLE_MINUTES", 1000),
        ("REMEMBER_DAYS", 100000),
        ("FRESH_MINUTES", 1000),
        ("API_TOKEN_DAYS", 36500),
        ("FIRST_PASSWORD_HOURS", 10000),
        ("MAX_CONTENT_LENGTH", 10**9),
        ("SESSION_COOKIE_SECURE", False),
        ("SESSION_COOKIE_HTTPONLY", False),
        ("SESSION_COOKIE_SAMESITE", None),
        ("SESSION_COOKIE_SAMESITE", "None"),
        ("SESSION_COOKIE_DOMAIN", "example.org"),
        ("SESSION_COOKIE_NAME", "session"),
        ("REMEMBER_COOKIE_SECURE", False),
        ("REMEMBER_COOKIE_HTTPONLY", False),
        ("REMEMBER_COOKIE_SAMESITE", None),
        ("REMEMBER_COOKIE_REFRESH_EACH_REQUEST", True),
        ("SESSION_COOKIE_PATH", "/shop"),
        ("REMEMBER_COOKIE_DOMAIN", "example.org"),
        ("REMEMBER_COOKIE_NAME", "remember"),
        ("DEVICE_COOKIE_NAME", "device"),
        ("WTF_CSRF_SSL_STRICT", False),
    ],
)
def test_check_config_finds_each_unsafe_setting(setting, value):
    found = cli.unsafe_settings(create_app(SAFE | {setting: value}))
    assert [sentence for sentence in found if setting in sentence] == found
    assert len(found) == 1


@pytest.mark.parametrize(
    "method", ["scrypt:32768:8:3", "scrypt:131072:8:1", "scrypt:8192:8:10", "pbkdf2:sha256:600000"]
)
def test_check_config_finds_nothing_about_what_owasp_names(method):
    assert cli.unsafe_settings(create_app(SAFE | {"PASSWORD_METHOD": method})) == []


def test_openapi_prints_the_document(run):
    assert json.loads(run("openapi").output)["openapi"].startswith("3.")


def clean_environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK")}
    return kept | {"PYTHONUNBUFFERED": "1"} | more


def flask(*arguments, **environment):
    command = [sys.executable, "-m", "flask", "--app", "flasklogin_tutorial", *arguments]
    return subprocess.run(
        command, env=clean_environment(**environment), capture_output=True, text=True, timeout=60
    )


def test_the_flask_command_finds_the_app():
    done = flask("check-config")
    assert done.returncode == 1
    assert "✗ ENVIRONMENT is development" in done.stdout


def test_a_refusal_to_start_is_a_message_and_no_traceback():
    done = flask("check-config", FLASKLOGIN_ENVIRONMENT="production")
    assert done.returncode != 0
    assert "There is no SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_serves_the_login_page_with_an_administrator(tmp_path):
    log = tmp_path / "log.txt"
    command = [sys.executable, "-u", "-m", "flask", "--app", "flasklogin_tutorial", "demo"]
    command += ["--port", "0", "--open"]
    with (
        log.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            command,
            env=clean_environment(BROWSER="echo opened %s"),
            stdout=stream,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            deadline = time.monotonic() + 60
            while not (found := re.search(r"log in at (http://\S+)/login", log.read_text("utf-8"))):
                assert time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.05)
            said = log.read_text("utf-8")
            password = re.search(r"password: (\S+)", said)[1]
            page = requests.get(f"{found[1]}/login", headers={"Accept": "text/html"}, timeout=30)
            given = {"username": "admin", "password": password}
            answer = requests.post(f"{found[1]}/login", json=given, timeout=30)
            foreign = {"Host": "rebound.example"}
            other = requests.get(f"{found[1]}/login", headers=foreign, timeout=30)
            said = log.read_text("utf-8")
        finally:
            server.kill()
    assert said.count(password) == 1
    assert f"opened {found[1]}/login" in said
    assert "<h1>Log in</h1>" in page.text
    assert answer.json() == {"name": "admin", "email": "admin@example.org"}
    assert (other.status_code, other.json()["code"]) == (400, "unknown_host")


def test_the_package_imports_without_flask():
    program = (
        "import sys; sys.modules['flask'] = None\n"
        "import flasklogin_tutorial.environment, flasklogin_tutorial as package\n"
        "assert package.__version__\n"
        "assert not hasattr(package, 'nothing')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_passwords_of_the_tests_are_not_the_reason_they_pass():
    assert len(set(PASSWORDS.values())) == len(PASSWORDS)
    assert credentials("ada") != credentials("bob")
