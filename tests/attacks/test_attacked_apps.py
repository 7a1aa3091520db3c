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


@pytest.mark.slow
@pytest.mark.parametrize("name", apps.APPS)
def test_every_attack_says_what_is_right_by_the_source(name):
    rows = TABLE[name]
    right = {one: key for key in ("got_in", "held", "not_tried") for one in rows[key]}
    report = run_attacks(apps.attacked(name), may_write=True)
    seen = {row.attack.name: row.outcome.verdict.replace(" ", "_") for row in report.rows}
    wrong = {
        one: f"{verdict}, and right is {right[one]}"
        for one, verdict in seen.items()
        if verdict != right[one]
    }
    assert not wrong


def test_at_least_thirty_attacks_are_tried_where_nothing_is_written():
    # The two shapes of public apps on which two attacks, and one, were tried before.
    for name in ("login_at_root", "tutorial"):
        assert len(TABLE[name]["got_in"]) + len(TABLE[name]["held"]) >= 30
