"""Green means looked: nothing counts as withstood where nobody was seen to be logged in."""

import json
import re

import pytest
from flask import Flask

from flasklogin_tutorial.attacks import ATTACKS, Verdict, read_names, run_attacks
from flasklogin_tutorial.attacks.command import main
from flasklogin_tutorial.attacks.options import GOT_IN, HELD, USAGE
from flasklogin_tutorial.visit import forget

from .apps import hardened

HARDENED = "attacks.apps.hardened:create_app"
WRONG = '[routes]\nwhoami = "GET /user_inof"\n'

#: Some attacks that are tried without anybody who is logged in, and some that are not.
WITHOUT_LOGIN, WITH_LOGIN = ["debug-mode", "traceback-in-answers"], ["operator-logs-in"]


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Give a function that runs the command on the hardened app, with a file of names."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.syspath_prepend(str(tmp_path))

    def call(text, *arguments):
        file = tmp_path / "names.toml"
        file.write_text(text)
        status = main([HARDENED, "--config", str(file), *arguments])
        printed = capsys.readouterr()
        forget()
        return status, printed.out, printed.err

    return call


def test_one_wrong_letter_is_not_green_and_its_cause_is_said_once(run):
    status, out, err = run(WRONG)
    assert status == USAGE
    assert "hardly anything could be tried" in err
    assert out.count("GET /user_inof") == 1
    assert len(re.findall("got in", out)) == 1  # in the headline
    assert " held, " in out and f"{len(ATTACKS) - 2} not tried" in out


def test_the_cause_is_said_to_machines_too(run):
    status, out, _ = run(WRONG, "--json")
    told = json.loads(out)
    assert status == USAGE and "This app has no GET /user_inof." in told["trouble"]
    assert not any("user_inof" in one["says"] for one in told["attacks"])


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ('[fields]\nlogin_name = "wrong"', "a user was made who cannot log in"),
        ('[routes]\nlogin = "POST /lgoin"', "This app has no POST /lgoin."),
    ],
)
def test_other_mistakes_are_not_green_either(run, text, cause):
    status, out, _ = run(text, *_only(*WITHOUT_LOGIN, *WITH_LOGIN))
    assert status == USAGE
    assert cause in " ".join(out.split())


def test_a_page_that_shows_no_name_is_enough_where_flask_login_can_be_asked(run):
    status, out, _ = run('[routes]\nwhoami = "GET /login"', *_only(*WITHOUT_LOGIN, *WITH_LOGIN))
    assert status == HELD
    assert out.startswith("3 attacks: 0 got in, 3 held")


def _only(*names):
    return [part for name in names for part in ("--only", name)]


def test_what_needs_no_login_may_be_tried_alone():
    report = run_attacks(Flask("any"), only=["debug-mode"], may_write=True)
    assert report.having(Verdict.HELD) and not report.trouble


def test_less_than_half_is_not_looked():
    forget()
    routes = ("read", "create", "update", "delete", "logout", "login_page")
    names = read_names("[routes]\n" + "".join(f'{one} = ""\n' for one in routes))
    only = [
        *("anyone-edits-anyone", "anyone-deletes-anyone", "stranger-reads-email"),
        *("replay-after-logout", "operator-logs-in"),
    ]
    report = run_attacks(hardened.create_app(), names, only=only)
    assert report.trouble == "Only 1 of 5 attacks could be tried."
    assert report.having(Verdict.HELD) and not report.having(Verdict.GOT_IN)


def test_half_is_enough():
    forget()
    names = read_names('[routes]\nread = ""')
    only = ["stranger-reads-email", "operator-logs-in"]
    report = run_attacks(hardened.create_app(), names, only=only)
    assert not report.trouble and len(report.having(Verdict.HELD)) == 1


def test_what_an_app_lacks_was_not_looked_at_less():
    """Most apps have no second factor, and many no reset by mail."""
    forget()
    only = ["operator-logs-in", "code-twice", "reset-twice", "reset-goes-around"]
    report = run_attacks(hardened.create_app(), only=only)
    assert not report.trouble and len(report.having(Verdict.NOT_TRIED)) == 3


def test_but_to_try_nothing_at_all_is_no_look():
    forget()
    report = run_attacks(hardened.create_app(), only=["code-twice", "reset-twice"])
    assert report.trouble == "Only 0 of 2 attacks could be tried."


def test_what_got_in_counts_whatever_else_was_tried(run):
    status, _, _ = run('[routes]\nwhoami = "GET /nowhere"', "--only", "debug-mode")
    assert status == HELD
    app = Flask("open")
    app.debug = True
    assert run_attacks(app, only=["debug-mode"], may_write=True).having(Verdict.GOT_IN)
    assert GOT_IN not in (HELD, USAGE)
