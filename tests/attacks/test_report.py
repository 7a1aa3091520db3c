"""What the attacks show of themselves: a table, a dictionary, the evidence."""

import re

import mongoengine
import pytest
from flask import Flask

from flasklogin_tutorial.attacks import ATTACKS, Report, run_attacks
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import new_app

from .attacked import outcome_of


def test_only_some_attacks_are_tried_in_the_order_of_the_list():
    seen = []
    report = run_attacks(
        new_app(step06.create_app),
        only=["debug-mode", "operator-logs-in"],
        progress=lambda done, count, name: seen.append((done, count, name)),
    )
    assert [row.attack.name for row in report.rows] == ["operator-logs-in", "debug-mode"]
    assert seen == [(0, 2, "operator-logs-in"), (1, 2, "debug-mode"), (2, 2, "done")]


def test_an_unknown_attack_is_refused():
    with pytest.raises(ValueError, match="There is no attack 'nonsense'"):
        run_attacks(Flask("any"), only=["nonsense"])


@pytest.fixture(scope="module")
def report():
    """Give the report of all attacks on the article's app."""
    app = new_app(step06.create_app)
    try:
        yield run_attacks(app)
    finally:
        mongoengine.disconnect_all()


def test_the_table_holds_every_attack(report):
    table = report.as_table(100).splitlines()
    assert table[0] == report.headline
    assert re.fullmatch(r"\d+ attacks: \d+ got in, \d+ held, \d+ not tried", report.headline)
    for row in report.rows:
        (line,) = [line for line in table if line.startswith(f"{row.attack.name} ")]
        assert f" {row.outcome.verdict.value} " in line and row.attack.fixed_in in line
    assert str(report) == report.as_table()


def test_what_is_said_of_one_attack_fits_a_terminal_and_a_window_of_800_pixels(report):
    said = [str(row).splitlines() for row in report.rows]
    assert max(len(line) for lines in said for line in lines) <= 80
    assert max(map(len, said)) > 3  # a long text goes on below itself
    assert all(line.startswith("  ") for lines in said for line in lines[1:])


@pytest.mark.parametrize("width", [1, 80, 120, 400])
def test_the_table_fits_where_it_can(report, width):
    lines = report.as_table(width).splitlines()
    assert all(line == line.rstrip() for line in lines)
    # The names and the notebooks are not cut; the evidence gets what is left.
    assert max(map(len, lines)) <= max(width, 110)
    text = " ".join(" ".join(lines).split())
    assert all(word in text for row in report.rows for word in row.outcome.says.split())


def test_the_dictionary_has_what_machines_need(report):
    told = report.as_dict()
    assert set(told) == {"version", "trouble", "totals", "attacks"}
    assert told["version"] == 1 and told["trouble"] == ""
    assert sum(told["totals"].values()) == len(told["attacks"]) == len(ATTACKS)
    for one in told["attacks"]:
        assert set(one) == {
            "name", "title", "who", "source", "fixed_in", "verdict", "says", "exchanges",
        }  # fmt: skip
        assert set(one["source"]) == {"title", "url"}
        assert one["verdict"] in {"got in", "held", "not tried"}
        assert all(set(each) == {"called", "came_back"} for each in one["exchanges"])


def test_a_notebook_shows_a_table_that_is_escaped(report):
    page = report._repr_html_()
    assert page.count("<tr>") == len(ATTACKS)
    assert "<script" not in page and "got in" in page


def test_an_empty_report_shows_itself():
    assert str(Report()).startswith("0 attacks: 0 got in, 0 held, 0 not tried")


def test_the_evidence_tells_the_exchange():
    outcome = outcome_of("operator-picks-a-user", new_app(step06.create_app))
    (exchange,) = outcome.exchanges
    assert exchange.called.startswith('POST /login {"username": "ada')
    assert '"password": {"$ne": ""}}, not logged in' in exchange.called
    assert exchange.came_back.startswith("200 OK {")
