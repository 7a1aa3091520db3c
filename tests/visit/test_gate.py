"""What goes wrong behind the gate is noted for the visit that caused it."""

import logging
import threading

import pytest

from flasklogin_tutorial.lab import serve
from flasklogin_tutorial.visit import describe_error

from .visited import PATIENCE


def without_pytests_log_handlers(monkeypatch):
    """Let Flask log as it does outside of pytest: where there is a handler it adds none."""
    monkeypatch.setattr(logging.getLogger(), "handlers", [])


def test_an_exception_in_a_view_is_a_500_that_names_it(visit, app, monkeypatch, capfd):
    without_pytests_log_handlers(monkeypatch)
    answer = visit(app).get("/boom")
    assert answer.status_code == 500
    assert describe_error(answer.visit.error) == "RuntimeError: no more fuel"
    log = answer.visit.log.getvalue()
    assert "about to fail" in log
    assert log.rstrip().endswith("and no oil")
    assert capfd.readouterr() == ("", "")


def test_what_an_app_logs_stays_with_the_visit(visit, app, monkeypatch, capfd):
    without_pytests_log_handlers(monkeypatch)
    browser = visit(app)
    assert "something odd" in browser.get("/log").visit.log.getvalue()
    assert browser.get("/echo/").visit.log.getvalue() == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("setting", ["TESTING", "PROPAGATE_EXCEPTIONS", "DEBUG"])
def test_an_exception_that_leaves_the_app_is_a_500_and_does_not_reach_the_client(
    visit, app, setting, capfd
):
    app.config[setting] = True
    answer = visit(app).get("/boom")
    assert answer.status_code == 500
    assert describe_error(answer.visit.error) == "RuntimeError: no more fuel"
    assert capfd.readouterr().err == ""


def test_an_exception_in_the_middle_of_an_answer_is_a_500(visit, app):
    answer = visit(app).get("/half")
    assert answer.status_code == 500
    assert describe_error(answer.visit.error) == "RuntimeError: no second half"


def test_an_answer_that_the_app_means_to_give_is_no_error(visit, app):
    app.register_error_handler(RuntimeError, lambda error: ("mended", 418))
    browser = visit(app)
    for path, status in [("/forbidden", 403), ("/nowhere", 404), ("/boom", 418)]:
        answer = browser.get(path)
        assert (answer.status_code, answer.visit.error) == (status, None)


def test_an_error_is_not_put_down_to_another_request_that_runs_at_the_same_time(app):
    started, go_on = threading.Event(), threading.Event()
    answers = []

    @app.get("/slow")
    def slow():
        started.set()
        go_on.wait(PATIENCE)
        return "in the end"

    with serve(app) as ada, serve(app) as bob:
        waiting = threading.Thread(target=lambda: answers.append(bob.get("/slow")))
        waiting.start()
        assert started.wait(PATIENCE)
        assert ada.get("/boom").visit.error is not None
        go_on.set()
        waiting.join(PATIENCE)
    assert [(answer.text, answer.visit.error) for answer in answers] == [("in the end", None)]


def test_an_app_context_that_is_held_open_lends_its_user_to_nobody(visit, app):
    with app.app_context():
        ada, bob = visit(app), visit(app)
        assert ada.get("/login/ada").json() == {"user": "ada"}
        assert bob.get("/me").json() == {"user": None}
        assert ada.get("/me").json() == {"user": "ada"}
