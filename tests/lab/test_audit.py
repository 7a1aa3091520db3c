"""The audit log in a notebook."""

import json
import logging

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import add_user, log_in, new_app, show_audit_log

PASSWORD = "analytical engine one"


@pytest.fixture
def app():
    app = new_app(create_app, {"TESTING": True, "SECRET_KEY": "k" * 32})
    add_user(app, "ada", PASSWORD)
    add_user(app, "root", PASSWORD, admin=True)
    return app


def test_what_is_written_in_the_block_is_printed_with_names_for_ids(app, capsys):
    with show_audit_log() as lines:
        log_in(app, "ada", PASSWORD).delete("/", json={"name": "root"})
    assert [json.loads(line)["event"] for line in lines] == ["sign_in", "refused"]
    assert capsys.readouterr().out.splitlines() == [
        "the log:",
        "sign_in  ada   accepted  by -",
        "refused  root  -         by ada",
        "2 lines",
    ]


def test_a_log_is_as_before_after_the_block_even_if_it_fails(app):
    log = logging.getLogger("flasklogin_tutorial.app.audit")
    before = (log.level, log.propagate, list(log.handlers))
    with pytest.raises(ZeroDivisionError), show_audit_log():
        _ = 1 / 0
    assert (log.level, log.propagate, list(log.handlers)) == before
