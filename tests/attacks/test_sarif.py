"""The findings in SARIF: valid by its published schema, and at the line of the view.

The schema is a copy of the one that OASIS publishes; `sarif/NOTICE.md` says from where.
"""

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from flasklogin_tutorial.attacks import ATTACKS, Report, Row, run_attacks
from flasklogin_tutorial.attacks.findings import find
from flasklogin_tutorial.attacks.formats.sarif import SCHEMA, as_sarif
from flasklogin_tutorial.attacks.outcome import got_in
from flasklogin_tutorial.attacks.severity import Grade, severity_of
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import forget, new_app

from .hostile import hostile_findings

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PUBLISHED = json.loads((HERE / "sarif" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
TARGET = f"{step06.__name__}:create_app"


def flaws(log):
    """List what the schema says against a log, as it is read from a file."""
    read = json.loads(json.dumps(log))
    return [
        f"{list(e.absolute_path)}: {e.message}"
        for e in Draft4Validator(PUBLISHED).iter_errors(read)
    ]


@pytest.fixture(scope="module")
def findings():
    """Give what came of all attacks on the article's app."""
    app = new_app(step06.create_app)
    try:
        return find(run_attacks(app), app, TARGET, root=ROOT)
    finally:
        forget()


def run_of(findings):
    return as_sarif(findings)["runs"][0]


def test_the_schema_is_the_one_that_the_log_names():
    assert PUBLISHED["id"] == SCHEMA
    Draft4Validator.check_schema(PUBLISHED)


def test_the_schema_notices_a_log_that_is_none(findings):
    log = as_sarif(findings)
    log["runs"][0]["results"][0]["level"] = "dreadful"
    del log["runs"][0]["tool"]
    assert len(flaws(log)) == 2


@pytest.mark.parametrize("gated", [False, True])
def test_hostile_findings_are_valid(gated):
    assert flaws(as_sarif(hostile_findings(gated=gated))) == []


def test_the_log_is_valid_and_has_a_result_for_each_attack_that_got_in(findings):
    assert flaws(as_sarif(findings)) == []
    run = run_of(findings)
    told = [one["ruleId"] for one in run["results"]]
    assert sorted(told) == sorted(r.attack.name for r in findings.report.rows if r.got_in)
    rules = run["tool"]["driver"]["rules"]
    assert {one["id"] for one in rules} == {one.name for one in ATTACKS}
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])


def test_what_was_not_tried_is_a_notification_and_no_result(findings):
    run = run_of(findings)
    notes = {
        one["associatedRule"]["id"]: one["message"]["text"]
        for one in run["invocations"][0]["toolExecutionNotifications"]
    }
    expected = {
        row.attack.name: f"Not tried: {row.outcome.says}"
        for row in findings.report.rows
        if not row.got_in and not row.held
    }
    assert notes == expected != {}


def test_the_worst_comes_first_with_its_level(findings):
    results = run_of(findings)["results"]
    ranks = [Grade(one["properties"]["severity"]).rank for one in results]
    assert ranks == sorted(ranks)
    for one in results:
        grade = one["properties"]["severity"]
        level = {"critical": "error", "serious": "error", "moderate": "warning", "minor": "note"}
        assert one["level"] == level[grade]


SOURCE = Path(step06.__file__).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "begins", "holds"),
    [
        ("operator-logs-in", "@app.route", "def login("),
        ("anyone-deletes-anyone", "@app.route", "def delete_record("),
        ("cross-site-logout", "@app.route", "def logout("),
        ("replay-after-logout", "@login_manager.user_loader", "def load_user("),
        ("forged-session-cookie", "def create_app", "SECRET_KEY"),
    ],
)
def test_a_result_points_at_the_view(findings, name, begins, holds):
    [result] = [one for one in run_of(findings)["results"] if one["ruleId"] == name]
    place = result["locations"][0]["physicalLocation"]
    uri = "flasklogin_tutorial/steps/step06_logout_and_user_info.py"
    assert place["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}
    first, last = place["region"]["startLine"], place["region"]["endLine"]
    assert SOURCE[first - 1].strip().startswith(begins)
    assert holds in "\n".join(SOURCE[first - 1 : last])


def test_an_app_in_another_process_has_no_file():
    report = Report([Row(ATTACKS[0], got_in("so"))])
    log = as_sarif(find(report, "http://127.0.0.1:5000", "http://127.0.0.1:5000"))
    assert flaws(log) == []
    [place] = log["runs"][0]["results"][0]["locations"]
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "http://127.0.0.1:5000"
    assert "physicalLocation" not in place


def test_beside_a_baseline_each_result_says_whether_it_is_new():
    report = Report([Row(one, got_in("so")) for one in ATTACKS[:2]])
    known = ATTACKS[0].name
    log = as_sarif(find(report, "http://127.0.0.1:5000", "there", accepted={known: ""}))
    states = {one["ruleId"]: one["baselineState"] for one in log["runs"][0]["results"]}
    assert states == {known: "unchanged", ATTACKS[1].name: "new"}
    log = as_sarif(find(report, "http://127.0.0.1:5000", "there"))
    assert all("baselineState" not in one for one in log["runs"][0]["results"])


def test_a_number_for_hosts_that_order_by_one_follows_the_word():
    report = Report([Row(one, got_in("so")) for one in ATTACKS])
    rules = as_sarif(find(report, "http://127.0.0.1:5000", "there"))["runs"][0]["tool"]["driver"]
    for rule, one in zip(rules["rules"], sorted(ATTACKS, key=_rank), strict=True):
        assert rule["id"] == one.name
        number = float(rule["properties"]["security-severity"])
        least = {"critical": 9.0, "serious": 7.0, "moderate": 4.0, "minor": 0.1}
        assert least[severity_of(one).grade] <= number


def _rank(one):
    return severity_of(one).grade.rank
