"""What every attack says of twelve apps, with nothing configured, is right by their source."""

import tomllib
from pathlib import Path

import pytest
from attacked_apps import apps

from flasklogin_tutorial.attacks import ATTACKS, run_attacks

TABLE = tomllib.loads(Path(apps.__file__).with_name("verdicts.toml").read_text(encoding="utf-8"))
NAMES = {one.name for one in ATTACKS}


@pytest.mark.parametrize("name", apps.APPS)
def test_each_app_has_a_row_for_every_attack(name):
    rows = TABLE[name]
    listed = [*rows["got_in"], *rows["held"], *rows["not_tried"]]
    assert sorted(listed) == sorted(NAMES)
    assert set(rows.get("seen_as_held", [])) <= set(rows["got_in"])


@pytest.mark.slow
@pytest.mark.parametrize("name", apps.APPS)
def test_every_attack_says_what_is_right_by_the_source(name):
    rows = TABLE[name]
    right = {one: key for key in ("got_in", "held", "not_tried") for one in rows[key]}
    expected = right | dict.fromkeys(rows.get("seen_as_held", []), "held")
    report = run_attacks(apps.attacked(name), may_write=True)
    seen = {row.attack.name: row.outcome.verdict.value.replace(" ", "_") for row in report.rows}
    wrong = {one: (seen[one], row) for one, row in expected.items() if seen[one] != row}
    assert not wrong


def test_at_least_thirty_attacks_are_tried_where_nothing_is_written():
    # The two shapes of public apps on which two attacks, and one, were tried before.
    for name in ("login_at_root", "tutorial"):
        assert len(TABLE[name]["got_in"]) + len(TABLE[name]["held"]) >= 30
