"""The attacks as a command, on apps with different bones, and on what is no app."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from flasklogin_tutorial.attacks import ATTACKS, command, read_names
from flasklogin_tutorial.attacks.loading import read_settings
from flasklogin_tutorial.attacks.options import GOT_IN, HELD, USAGE
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import forget

from .test_attacks import NOT_ON_HARDENED

TESTS = Path(__file__).parent
APPS = TESTS / "apps"
ARTICLE = f"{step06.__name__}:create_app"


def verdicts(out):
    return {one["name"]: one["verdict"] for one in json.loads(out)["attacks"]}


# ---- apps with different bones


def test_the_articles_app(run):
    status, out, err = run(ARTICLE, "--json")
    seen = verdicts(out)
    assert (status, err) == (GOT_IN, "")
    assert {name for name, verdict in seen.items() if verdict == "got in"} == {
        one.name for one in ATTACKS if not one.needs
    } | {"duplicate-names-by-a-race"}
    assert seen["remember-for-ever"] == seen["open-redirect"] == "not tried"
    assert seen["deleted-users-cookie"] == seen["stranger-writes"] == "held"


@pytest.mark.slow
def test_an_app_with_sql_and_other_names(run, tmp_path):
    pytest.importorskip("flask_sqlalchemy")
    from .apps import with_sql

    # Threads share the one connection to a database in memory, and undo each other's work.
    app = with_sql.create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'users.db'}"})
    with_sql.app = app
    try:
        status, out, err = run(
            "attacks.apps.with_sql:app",
            "--json",
            "--yes-it-may-write",
            "--config",
            APPS / "with_sql.toml",
        )
    finally:
        del with_sql.app
        with app.app_context():
            with_sql.db.engine.dispose()
    seen = verdicts(out)
    assert status == GOT_IN and err.startswith("What was found of the app:")
    assert (
        seen
        | {
            # its own holes
            "anyone-edits-anyone": "got in",
            "anyone-creates-users": "got in",
            "stranger-reads-email": "got in",
            "weak-password": "got in",
            "wrongly-typed-fields": "got in",
            "broken-ids": "got in",
            "header-crashes": "got in",
            "bounded-by-nothing": "got in",
            "forged-session-cookie": "got in",
            "remember-for-ever": "got in",
            "replay-after-logout": "got in",
            "deleted-users-cookie": "got in",  # SQLite gives a number away again
            # what it does well
            "plaintext-at-rest": "held",
            "equal-passwords-look-equal": "held",
            "operator-logs-in": "held",
            "regex-oracle": "held",
            "refusal-says-200": "held",
            "anyone-deletes-anyone": "held",
            "duplicate-names": "held",
            "duplicate-names-by-a-race": "held",
            "login-csrf": "held",
            # what it has no place for
            "operator-in-a-record": "not tried",
            "cross-site-write": "not tried",
            "cross-site-logout": "not tried",
            "open-redirect": "not tried",
            "disabled-user-logs-in": "not tried",
        }
        == seen
    )


@pytest.mark.slow
def test_an_app_with_forms(run):
    pytest.importorskip("flask_wtf")
    arguments = ["attacks.apps.with_forms:create_app", "--config", APPS / "with_forms.toml"]
    status, out, err = run(*arguments, "--json", "--yes-it-may-write")
    seen = verdicts(out)
    assert status == GOT_IN and err.startswith("What was found of the app:")
    assert (
        seen
        | {
            "open-redirect": "got in",
            "names-found-by-answer": "got in",
            "unbounded-guessing": "got in",
            "replay-after-logout": "got in",
            "remember-after-logout": "got in",
            "old-login-changes-password": "got in",
            "missing-cookie-flags": "got in",
            "deleted-users-cookie": "got in",
            "oversize-body": "got in",
            "header-crashes": "got in",
            "bounded-by-nothing": "got in",
            "cross-site-write": "held",
            "login-csrf": "held",
            "cross-site-logout": "held",
            "forged-session-cookie": "held",
            "wrongly-typed-fields": "held",
            "anyone-edits-anyone": "held",
            "malformed-bodies": "not tried",
            "plaintext-at-rest": "not tried",
            "mass-assignment-admin": "not tried",
            "refusal-says-200": "not tried",
            "duplicate-names": "not tried",
            "stranger-reads-email": "not tried",
        }
        == seen
    )


def test_the_hardened_app(run):
    status, out, err = run("attacks.apps.hardened:create_app")
    assert (status, err) == (HELD, "")
    missing = len(NOT_ON_HARDENED)
    found = f"0 got in, {len(ATTACKS) - missing} held, {missing} not tried"
    assert out.startswith(f"{len(ATTACKS)} attacks: {found}")


def test_an_app_that_crashes_on_everything_is_not_safe(run):
    status, out, err = run("attacks.apps.crashing:create_app", "--yes-it-may-write")
    assert status == USAGE
    assert "hardly anything could be tried" in err
    assert "No user could be made: " in out and "RuntimeError: nothing works today" in out
    assert f"{len(ATTACKS) - 2} not tried" in out


# ---- what is no app


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("attacks.apps", "'attacks.apps' names no app. Write module:app or module:create_app."),
        (":app", "':app' names no app."),
        ("attacks.apps:", "'attacks.apps:' names no app."),
        ("nosuchmodule:app", "There is no module 'nosuchmodule' here."),
        ("attacks.apps.nosuch:app", "There is no module 'attacks.apps.nosuch' here."),
        ("attacks.apps.no_app:missing", "The module attacks.apps.no_app has no 'missing'."),
        ("attacks.apps.no_app:app", "A Flask app is needed here, and this is a str."),
        ("attacks.apps.no_app:nothing", "this is None. A function without `return app` gives"),
        ("attacks.apps.no_app:broken", "broken() raised RuntimeError: no database today"),
        ("attacks.apps.no_app:wsgi", "wsgi needs environ, start_response. Write what it is"),
        ("http://example.org", "http://example.org is not a loopback address."),
        ("https://192.0.2.7:5000/app", "is not a loopback address."),
    ],
)
def test_what_is_no_app_is_told(run, written, said):
    status, out, err = run(written, "--yes-it-may-write")
    assert (status, out) == (USAGE, "")
    assert said in err and err.startswith("attacks: ") and "Traceback" not in err


def test_a_module_that_breaks_is_told(run, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "breaks.py").write_text("1 / 0\n")
    (tmp_path / "needs.py").write_text("import not_there_at_all\n")
    assert "Importing breaks raised ZeroDivisionError" in run("breaks:app")[2]
    assert "needs needs 'not_there_at_all', which is not installed." in run("needs:app")[2]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("from flask.ext.login import LoginManager\n", "is written from flask_login import Login"),
        (
            "from flask_mongoengine import MongoEngine\ndb = MongoEngine()\n"
            "field = db.ListField(db.StringField())\n",
            "db.ListField(field=db.StringField()) today.",
        ),
    ],
)
def test_an_app_whose_code_is_old_is_told_so(run, tmp_path, monkeypatch, source, said):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "aged", raising=False)
    (tmp_path / "aged.py").write_text(source)
    status, _, err = run("aged:app")
    assert status == USAGE and said in err
    assert err.endswith("python -m flasklogin_tutorial.migrate PATH\n")


def test_an_app_on_an_unknown_database_has_to_be_allowed(run):
    pytest.importorskip("flask_wtf")
    arguments = ["attacks.apps.with_forms:create_app", "--config", APPS / "with_forms.toml"]
    status, out, err = run(*arguments)
    assert (status, out) == (USAGE, "")
    assert "make, change and delete users" in err and "Say so with --yes-it-may-write." in err


# ---- the TOML file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("send = form", "This is not TOML: Invalid value (at line 1"),
        ("[routes]\nlogin = 'POST /login'\n\nlogout = no", "(at line 4, column 10)"),
        ('send = "xml"', 'send is \'xml\'. It can be "json" or "form".'),
        ('sent = "form"', "There is no key 'sent'. There are: send, routes, fields, forms"),
        ("routes = 1", "routes is a table: write [routes] and its keys below."),
        ('[routes]\nsignin = "POST /"', "There is no key routes.signin. There are: login,"),
        ('[routes]\nlogin = "/login"', "routes.login is '/login'. Write a verb and a path"),
        ('[routes]\nlogin = "post /login"', "Write a verb and a path"),
        ("[fields]\nname = 7", "fields.name has to be a text, and is 7."),
        ('[users]\nmake = "add_user"', "users.make is 'add_user'. Write \"module:function\"."),
    ],
)
def test_a_mistake_in_the_file_is_told(run, tmp_path, text, said):
    file = tmp_path / "names.toml"
    file.write_text(text)
    status, out, err = run(ARTICLE, "--config", file)
    assert (status, out) == (USAGE, "")
    assert said in err and str(file) in err


def test_a_file_that_cannot_be_read_is_told(run, tmp_path):
    assert "cannot be read: FileNotFoundError" in run(ARTICLE, "--config", tmp_path / "no.toml")[2]
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    assert "cannot be read: UnicodeDecode" in run(ARTICLE, "--config", tmp_path / "bytes.toml")[2]


def test_a_function_that_makes_users_may_fail(run, tmp_path):
    file = tmp_path / "names.toml"
    file.write_text('[users]\nmake = "attacks.apps.no_app:broken"')
    app = "attacks.apps.crashing:create_app"
    status, out, err = run(app, "--config", file, "--yes-it-may-write", "--only", "login-csrf")
    assert status == USAGE and "hardly anything could be tried" in err
    assert "attacks.apps.no_app:broken raised TypeError: broken() takes 0 pos" in out


# ---- options


def test_the_list_names_every_attack(run):
    status, out, _ = run("--list")
    assert status == HELD
    assert [line.split()[0] for line in out.splitlines()] == [one.name for one in ATTACKS]


def test_only_some_attacks(run):
    status, out, _ = run(ARTICLE, "--json", "--only", "debug-mode", "--only", "stranger-writes")
    assert (status, verdicts(out)) == (HELD, {"debug-mode": "held", "stranger-writes": "held"})


FINISHED = "flasklogin_tutorial:create_app"
FLAGS = ["--only", "missing-cookie-flags"]


def test_settings_are_handed_to_the_function_that_makes_the_app(run):
    status, out, _ = run(FINISHED, *FLAGS)
    assert status == GOT_IN
    assert out.splitlines()[1].startswith("Attacked as it is configured here. What production sets")
    forget()
    status, out, _ = run(FINISHED, *FLAGS, "--set", "HTTPS=true", "--set", "SECRET_KEY=a=b")
    assert status == HELD
    assert out.splitlines()[1] == (
        "Attacked as it is configured here, with HTTPS, SECRET_KEY from --set."
    )


@pytest.mark.parametrize(
    ("written", "value"),
    [("true", True), ("7", 7), ('"7"', "7"), ("some text", "some text"), ("", ""), ("a=b", "a=b")],
)
def test_a_setting_is_read_as_json_where_it_is_json(written, value):
    assert read_settings([f"NAME={written}"]) == {"NAME": value}


@pytest.mark.parametrize(
    ("app", "setting", "said"),
    [
        (FINISHED, "HTTPS", "'HTTPS' is no setting. Write --set NAME=VALUE."),
        (FINISHED, "=true", "'=true' is no setting."),
        (FINISHED, "HTTPS=perhaps", "HTTPS is 'perhaps', and it has to be true or false."),
        ("attacks.apps.no_app:broken", "A=1", "1 was given. It was given what --set says"),
        ("http://127.0.0.1:9", "A=1", "is running already. Settings go to a function"),
    ],
)
def test_a_setting_that_cannot_be_handed_over_is_told(run, app, setting, said):
    status, out, err = run(app, "--set", setting)
    assert (status, out) == (USAGE, "")
    assert said in err and "Traceback" not in err


def test_an_app_that_was_made_already_takes_no_settings(run, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "made.py").write_text("from flask import Flask\napp = Flask('made')\n")
    status, out, err = run("made:app", "--set", "HTTPS=true")
    assert (status, out) == (USAGE, "")
    assert "made:app is an app that was made already. Settings go to a function" in err


def test_an_unknown_attack_is_told(run):
    status, out, err = run(ARTICLE, "--only", "nonsense")
    assert (status, out) == (USAGE, "")
    assert "There is no attack 'nonsense'. There are: anyone-creates-users," in err


def test_no_app_is_told(run):
    status, out, err = run()
    assert (status, out) == (USAGE, "")
    assert "name an app: module:app or module:create_app" in err


def test_the_help_warns_and_shows_a_file(run):
    status, out, _ = run("--help")
    assert status == 0
    assert "MAKE, CHANGE AND DELETE USERS" in out
    example = re.search(r"  send = .*?(?=\nWithout)", out, re.DOTALL)[0]
    names = read_names(example)
    assert names.routes.read == "GET /users/{name}"
    assert names.users.make == "mytests:make_user"


def test_json_is_alone_on_standard_output(run, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "talkative.py").write_text(
        "from flask import Flask\n"
        "def create_app():\n"
        "    print('the password of the first admin')\n"
        "    return Flask('talkative')\n"
    )
    arguments = ["talkative:create_app", "--json", "--only", "debug-mode", "--yes-it-may-write"]
    status, out, err = run(*arguments)
    assert status == HELD
    assert "the password of the first admin" in err
    told = json.loads(out)
    assert set(told) == {"target", "version", "trouble", "totals", "attacks"}
    assert told["target"] == "talkative:create_app"
    assert told["totals"] == {"got in": 0, "held": 1, "not tried": 0}


def test_progress_is_shown_on_a_terminal_only(run, monkeypatch):
    only = ["--only", "debug-mode", "--only", "stranger-writes"]
    assert run(ARTICLE, *only)[2] == ""
    forget()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    _, out, err = run(ARTICLE, *only)
    assert "0/2 stranger-writes (2 left)" in err and "1/2 debug-mode (1 left)" in err
    assert err.endswith("\r\x1b[K") and "\x1b" not in out


@pytest.mark.parametrize(
    ("name", "encoding", "shown"),
    [
        ("copied", "utf-8", "copied.py:"),
        ("скопировано", "utf-8", "скопировано.py:"),
        (
            "скопировано",
            "ascii",
            r"\u0441\u043a\u043e\u043f\u0438\u0440\u043e\u0432\u0430\u043d\u043e.py:",
        ),
    ],
)
def test_the_command_runs_where_the_app_is(tmp_path, name, encoding, shown):
    (tmp_path / f"{name}.py").write_text(Path(step06.__file__).read_text(encoding="utf-8"))
    arguments = [sys.executable, "-m", "flasklogin_tutorial.attacks", f"{name}:create_app"]
    root = str(Path(command.__file__).parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [*arguments, "--only", "operator-logs-in"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": path, "COLUMNS": "100", "PYTHONIOENCODING": encoding},
        capture_output=True,
        encoding=encoding,
        timeout=120,
    )
    assert done.returncode == GOT_IN, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("1 attack: 1 got in, 0 held, 0 not tried\n")
    assert "\ncritical  operator-logs-in\n" in done.stdout and shown in done.stdout
