"""The command that says what is old: what it prints, what it writes, and how it ends."""

import os
import shutil
import sys
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("libcst")

from flasklogin_tutorial.migrate.command import CLEAN, OLD, USAGE, main
from flasklogin_tutorial.migrate.traps import BY_NAME

HERE = Path(__file__).parent / "old"


@pytest.fixture
def run(call_main):
    """Give a function that runs the command: it returns the status and what was printed."""
    return partial(call_main, main)


@pytest.fixture
def app(tmp_path):
    """Give a folder with old code in it."""
    return Path(shutil.copytree(HERE, tmp_path / "app"))


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_says_where_what_is_old_and_what_to_write(run, app):
    before = contents(app)
    status, out, err = run(app)
    assert (status, err) == (OLD, "")
    assert f"{app / 'article.py'}:11: flask-ext\n  old    from flask.ext.login import" in out
    assert "  write  from flask_login import" in out and "  why    Flask 1.0 took" in out
    assert f"{app / 'templates' / 'page.html'}:1: user-method-called" in out
    assert out.splitlines()[-1] == "3 files: 41 old, of which --fix writes 22."
    assert contents(app) == before, "without --fix nothing is written"


def test_it_finds_every_trap_that_there_is(run, app):
    _, out, _ = run(app)
    assert {name for name in BY_NAME if f": {name}\n" in out} == set(BY_NAME)


def test_what_is_mechanical_is_written_once(run, app):
    status, out, _ = run("--fix", app)
    assert status == OLD
    assert f"{app / 'article.py'}:11: flask-ext (fixed)" in out
    assert out.splitlines()[-1] == "3 files: 41 old, 22 fixed, 19 left for you."
    after = contents(app)
    status, out, _ = run("--fix", app)
    assert out.splitlines()[-1] == "3 files: 19 old, 0 fixed, 19 left for you."
    assert contents(app) == after


def test_the_articles_code_has_nothing_old_after_it(run, app):
    assert run("--fix", app / "article.py")[0] == CLEAN
    assert run(app / "article.py")[:2] == (CLEAN, "1 file: nothing old.\n")


def test_a_file_that_cannot_be_parsed_is_named_and_the_others_go_on(run, app):
    broken = app / "broken.py"
    broken.write_bytes(b"from flask.ext.login import a\nprint 'two'\n")
    status, out, err = run("--fix", app)
    assert status == USAGE
    assert err.startswith(f"migrate: {broken}:2: cannot be parsed")
    assert err.endswith("Nothing in it was changed.\n")
    assert broken.read_bytes() == b"from flask.ext.login import a\nprint 'two'\n"
    assert "22 fixed" in out and b"flask.ext" not in (app / "article.py").read_bytes()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_named(run, app):
    (app / "article.py").chmod(0o400)
    status, _, err = run("--fix", app)
    assert status == USAGE and "article.py" in err


def test_what_is_nobodys_own_is_left_out(run, app):
    old = "from flask.ext.login import a\n"
    for folder in (".hidden", "site-packages", "node_modules", "__pycache__", "env"):
        (app / folder).mkdir()
        (app / folder / "old.py").write_text(old)
    (app / "env" / "pyvenv.cfg").write_text("")
    (app / "notes.txt").write_text(old)
    assert run(app)[1].splitlines()[-1].startswith("3 files:")


def test_a_file_that_is_named_twice_is_read_once(run, app):
    assert run(app / "article.py", app / "article.py")[1].splitlines()[-1].startswith("1 file:")


def test_a_path_that_is_not_there_is_told(run, tmp_path):
    status, out, err = run(tmp_path / "missing")
    assert (status, out) == (USAGE, "") and f"there is no {tmp_path / 'missing'}" in err


def test_no_path_is_told(run):
    status, out, err = run()
    assert (status, out) == (USAGE, "") and "name a file or a folder" in err


def test_the_list_says_what_is_looked_for(run):
    status, out, _ = run("--list")
    assert status == CLEAN
    assert [line for line in out.splitlines() if line[0] != " "] == list(BY_NAME)


def test_without_libcst_it_says_what_to_install(run, app, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("flasklogin_tutorial.migrate.")]:
        if name.rpartition(".")[2] not in ("command", "traps", "hit"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("flasklogin_tutorial.migrate.source", raising=False)
    monkeypatch.setitem(sys.modules, "libcst", None)
    status, out, err = run(app)
    assert (status, out) == (USAGE, "")
    assert "pip install 'flasklogin_tutorial[migrate]'" in err
    assert run("--list")[0] == CLEAN
