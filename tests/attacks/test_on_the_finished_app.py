"""The whole battery against the finished app: nothing gets in."""

import pytest

from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import ATTACKS, Verdict, run_attacks

#: What the finished app lacks, so that there is nothing to attack, and why.
NOT_THERE = {"session-protection-spoofed": "its session cookie is tied to no address"}

#: A reset by mail is attacked where there is one, and so are a second factor and passkeys.
ALL_THERE_IS = {"MAIL_SERVER": "outbox", "SECOND_FACTOR": "offered", "PASSKEYS": True}


@pytest.mark.parametrize("name", [attack.name for attack in ATTACKS])
def test_no_attack_gets_in(name):
    config = {"TESTING": True, "SECRET_KEY": "k" * 40, "HTTPS": True, **ALL_THERE_IS}
    [row] = run_attacks(lambda: create_app(config), only=[name]).rows
    expected = Verdict.NOT_TRIED if name in NOT_THERE else Verdict.HELD
    assert row.outcome.verdict is expected, row.outcome
