"""docs/app.md tells of every setting, command and status of the finished app, and of no others."""

import json
import re
from pathlib import Path

import pytest
from course.notebook_rules import broken_links

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import line_limit
from flasklogin_tutorial.app.config import DEFAULTS
from flasklogin_tutorial.app.new_passwords import EVERYWHERE
from flasklogin_tutorial.app.openapi import describe_api

from .named_tests import missing

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "app.md").read_text("utf-8")


@pytest.fixture
def app():
    return create_app({"TESTING": True, "SECRET_KEY": "for this test"})


def rows(heading):
    """Return the cells of the first table below a heading."""
    below = PAGE.partition(f"\n{heading}")[2]
    table = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table]


def test_every_setting_is_there_with_its_default():
    said = {re.search(r"`(\w+)`", first)[1]: default for first, default, _ in rows("## Settings")}
    assert set(said) == set(DEFAULTS)
    for name, value in DEFAULTS.items():
        if value is not None:
            shown = value if isinstance(value, str) else json.dumps(value)
            assert said[name] == f"`{shown}`", name


def test_the_words_that_no_password_may_be_made_of_are_there():
    [about] = [told for first, _, told in rows("## Settings") if "`PASSWORD_WORDS`" in first]
    named = set(re.findall(r"`(\w+)`", about.partition("anyway")[2]))
    assert named == set(EVERYWHERE)


def test_every_command_is_there(app):
    groups = {name: group.commands for name, group in app.cli.commands.items() if name == "users"}
    own = {"make-indexes", "check-config", "openapi", "send-mail", "demo"} | {
        f"users {name}" for name in groups["users"]
    }
    cells = [first for first, _ in rows("## Commands")]
    said = [re.match(r"users [\w-]+|[\w-]+", one)[0] for one in re.findall("`(.+?)`", str(cells))]
    assert set(said) == own
    assert {"make-indexes", "check-config", "openapi", "demo"} <= set(app.cli.commands)


def test_every_status_of_a_refusal_is_there(app):
    with app.app_context():
        paths = describe_api(app)["paths"]
    documented = {
        status
        for path in paths.values()
        for operation in path.values()
        if "responses" in operation
        for status in operation["responses"]
        if str(status) >= "400"
    }
    assert {status for status, _ in rows("- **Who may write")} >= documented - {"405"}


def test_every_event_of_the_audit_log_is_there():
    app = ROOT / "flasklogin_tutorial" / "app"
    source = "\n".join(path.read_text("utf-8") for path in sorted(app.glob("*.py")))
    calls = r"(?:audit\.record|record|record_at_most|_?note)\(\s*\"(\w+)\""
    events = {
        name for first, _ in rows("## The audit log") for name in re.findall("`(.+?)`", first)
    }
    assert events == set(re.findall(calls, source))


def test_the_bound_of_the_audit_log_is_the_one_of_the_page():
    said = f"{line_limit.LINES_PER_NETWORK} lines a minute for each network"
    assert f"{said} and {line_limit.LINES_IN_ALL} for all" in PAGE
    assert line_limit.LINES_IN_ALL * 60 * 24 * 2_000 < 1e9, "less than a gigabyte a day"


@pytest.mark.parametrize("path", [*sorted((ROOT / "docs").rglob("*.md"))], ids=lambda one: one.name)
def test_a_test_that_a_page_names_is_there(path):
    assert list(missing(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.name)
def test_the_links_of_a_page_lead_somewhere(path):
    assert list(broken_links(path.read_text("utf-8"), path)) == []


def test_the_readme_counts_the_requirements_that_are_met():
    sums = re.search(r"\| \*\*all\*\* .*", (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8"))
    _all, apply, _before, _in_part_before, met, in_part, missed = re.findall(r"\d+", sums[0])
    said = (
        f"of {apply} requirements that apply, it meets {met}, {in_part} in part, and {missed} not"
    )
    assert said in (ROOT / "README.md").read_text(encoding="utf-8")
