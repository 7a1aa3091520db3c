"""The bank: every attack says the truth of every app, that it got in and that it failed."""

from collections import Counter

import pytest

from flasklogin_tutorial.attacks import Verdict, run_attacks
from flasklogin_tutorial.visit import forget

from .attacked import outcome_of
from .bank import (
    holes_from_elsewhere,
    holes_in_data,
    holes_in_doors,
    holes_in_sessions,
    look_alikes,
)
from .bank.planting import BANK
from .bank.shapes import SHAPES, build

#: The modules put their apps into the bank when they are imported.
MODULES = (holes_from_elsewhere, holes_in_data, holes_in_doors, holes_in_sessions, look_alikes)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("planted", BANK, ids=lambda planted: planted.name)
def test_the_verdict_is_right(planted):
    forget()
    outcome = outcome_of(planted.attack, planted.create_app(), planted.shape.names)
    assert outcome.verdict is planted.verdict, outcome


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_sound_app_is_found_sound(shape):
    forget()
    report = run_attacks(build(shape), shape.names)
    assert not report.trouble
    assert not report.having(Verdict.GOT_IN), report
    assert len(report.having(Verdict.HELD)) >= 50, report


def test_the_bank_is_large_enough(capsys):
    apps = {(one.shape.name, one.plant): one.verdict for one in BANK}
    counts = Counter(apps.values())
    kinds = {one.plant for one in BANK if one.verdict is Verdict.GOT_IN}
    with capsys.disabled():
        print(
            f"\nThe bank: {len(BANK)} verdicts on {len(apps)} apps in {len(SHAPES)} shapes: "
            f"{counts[Verdict.GOT_IN]} with one of {len(kinds)} holes, {counts[Verdict.HELD]} with "
            f"what looks like one, {counts[Verdict.NOT_TRIED]} of which nothing can be told."
        )
    assert counts[Verdict.GOT_IN] >= 60 and counts[Verdict.HELD] >= 30 and len(kinds) >= 25
    for shape in SHAPES:
        here = Counter(verdict for (name, _), verdict in apps.items() if name == shape.name)
        assert here[Verdict.GOT_IN] >= 40 and here[Verdict.HELD] >= 20, shape
