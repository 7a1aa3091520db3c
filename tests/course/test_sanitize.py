"""What may differ between a stored output and a new one: each rule hides its cause, and no more."""

import json
import re
from pathlib import Path

import pytest
from bson import ObjectId
from nbval.plugin import get_sanitize_patterns

from flasklogin_tutorial.lab import new_app, serve, trace
from flasklogin_tutorial.lab.recorder import show_value
from flasklogin_tutorial.steps.step06_logout_and_user_info import create_app
from flasklogin_tutorial.visit import in_process, read_session

CONFIG = Path(__file__).parent.parent / "sanitize.cfg"
NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
RULES = dict(get_sanitize_patterns(CONFIG.read_text(encoding="ascii")))
ADA = {"username": "ada", "password": "lovelace"}

ID, OTHER_ID = "6553f100aabbccddeeff0123", "6553f1ffaabbccddeeff4567"
SHORT, OTHER_SHORT = (show_value(ObjectId(i)) for i in (ID, OTHER_ID))


def sanitize(text):
    """Do to a text what nbval does to an output."""
    for pattern, replacement in RULES.items():
        text = re.sub(pattern, replacement, text)
    return text


def stored_texts():
    """Return all texts that the notebooks store as outputs."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                for text in [output.get("text", []), *output.get("data", {}).values()]:
                    yield "".join(text)


def test_nbval_reads_every_rule_in_the_file():
    text = CONFIG.read_text(encoding="ascii")  # nbval opens it in the encoding of the machine
    assert RULES
    assert text.count("\nregex:") == text.count("\nreplace:") == text.count("\n[") == len(RULES)


@pytest.mark.parametrize("pattern", RULES)
def test_some_notebook_needs_the_rule(pattern):
    assert any(re.search(pattern, text) for text in stored_texts())


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        (f"user.find {{_id: {SHORT}}}", f"user.find {{_id: {OTHER_SHORT}}}"),
        (f"load_user('{SHORT}')", f"load_user('{OTHER_SHORT}')"),
        (f"_user_id='{SHORT}', _fresh=True", f"_user_id='{OTHER_SHORT}', _fresh=True"),
        ("last seen 26 Nov 2026, 09:42 UTC.", "last seen 01 Feb 2031, 23:59 UTC."),
    ],
)
def test_what_is_new_in_every_run_is_hidden(stored, new):
    assert stored != new
    assert sanitize(stored) == sanitize(new)


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        # around what is hidden
        (f"load_user('{SHORT}')", f"load_user({SHORT})"),
        (f"load_user('{SHORT}')", "load_user(None)"),
        (f"load_user('{SHORT}')", f"load_admin('{SHORT}')"),
        (f"user.find {{_id: {SHORT}}}", f"user.find {{name: {SHORT}}}"),
        # what looks like it, and is not
        (f"'_user_id': '{ID}'", f"'_user_id': '{OTHER_ID}'"),
        ("_id='27e2…'", "_id='9c41…'"),
        ("a body that was cut…", "a body that was bent…"),
        ("wait … 1234 ms", "wait … 5678 ms"),
        ("and so on…faded", "and so on…added"),
        ("but…that", "but…then"),
        ("last seen 26 Nov 2026, 09:42 UTC.", "logged in 26 Nov 2026, 09:42 UTC."),
        ("until 26 Nov 2026", "until 27 Nov 2026"),
        ("http://127.0.0.1:5000", "http://127.0.0.1:5001"),
        ("200 OK", "401 Unauthorized"),
    ],
)
def test_a_real_change_is_not_hidden(stored, new):
    assert sanitize(stored) != sanitize(new)


def traced_login():
    """Return what a trace of a login shows, and the session that it makes."""
    app = new_app(create_app)
    app.test_cli_runner().invoke(args=["add-user", "ada", "a@b.c", "--password", "lovelace"])
    with serve(app) as ada:
        shown = repr(trace(ada).post("/login", json=ADA))
        shown += repr(trace(ada).post("/user_info"))
        return shown, read_session(ada.cookies)


def test_two_runs_of_one_trace_are_the_same_afterwards_and_not_before():
    (shown, _), (shown_again, _) = traced_login(), traced_login()
    assert shown != shown_again
    assert sanitize(shown) == sanitize(shown_again)


def test_the_identifier_of_a_session_needs_no_rule_because_it_is_the_same_in_every_run():
    _, session = traced_login()
    app = new_app(create_app)
    app.test_cli_runner().invoke(args=["add-user", "ada", "a@b.c", "--password", "lovelace"])
    browser = in_process(app)
    browser.post("/login", json=ADA)
    assert session["_id"] == read_session(browser.cookies)["_id"]
    assert sanitize(session["_id"]) == session["_id"]
    assert show_value(session["_id"]) == "'27e2…'"
