"""How bad each attack is, and the lines of the finished app that close it."""

import re
import secrets
import sys
import threading
from pathlib import Path

import pytest

import flasklogin_tutorial
from flasklogin_tutorial import create_app
from flasklogin_tutorial.attacks import ATTACKS, Attack, run_attacks
from flasklogin_tutorial.attacks.cures import CURES, excerpts_of, read_excerpt
from flasklogin_tutorial.attacks.severity import SEVERITIES, Grade, severity_of

from .attacked import each_attack
from .test_on_the_finished_app import ALL_THERE_IS, NOT_THERE

#: A view that is not reached is what closes it: the link sends GET, and the logout takes POST.
NOT_REACHED = {"logout-by-link"}

NAMES = {one.name for one in ATTACKS}
PACKAGES = Path(flasklogin_tutorial.__file__).parent.parent


def test_every_attack_is_judged_and_closed_and_nothing_else_is():
    assert set(SEVERITIES) == NAMES
    assert set(CURES) == NAMES


@each_attack
def test_an_attack_says_in_a_sentence_how_bad_it_is(one):
    reason = SEVERITIES[one.name].reason
    assert reason[0].isupper() and reason.endswith(".") and ". " not in reason
    assert len(reason) < 120


def test_there_is_something_of_each_grade():
    assert {one.grade for one in SEVERITIES.values()} == set(Grade)


def test_an_attack_that_somebody_wrote_themself_has_a_grade_too():
    first = ATTACKS[0]
    own = Attack("own", first.title, first.who, first.source, first.fixed_in, "", first.run)
    assert severity_of(own).grade is Grade.MODERATE
    assert excerpts_of(own) == []


@each_attack
def test_the_lines_that_close_it_are_few_and_those_of_the_file(one):
    for excerpt in excerpts_of(one):
        source = (PACKAGES / excerpt.path).read_text(encoding="utf-8").splitlines()
        lines = excerpt.text.splitlines()
        assert 1 <= len(lines) <= 30
        assert source[excerpt.line - 1].strip() == lines[0]
        assert {line.strip() for line in lines} <= {line.strip() for line in source}
        assert '"""' not in excerpt.text


@pytest.mark.parametrize(
    "where", ["passwords:nothing", "models:User.nothing", "config:DEFAULTS[NOTHING]"]
)
def test_lines_that_are_gone_are_named(where):
    with pytest.raises(LookupError, match=re.escape(f"The finished app has no {where}.")):
        read_excerpt(where)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NAMES - set(NOT_THERE) - NOT_REACHED))
def test_the_functions_that_close_it_run_while_it_is_tried(name):
    [one] = [attack for attack in ATTACKS if attack.name == name]
    functions = {
        (excerpt.path, excerpt.line)
        for excerpt in excerpts_of(one)
        if re.search(r"^(async )?def ", excerpt.text, re.MULTILINE)
    }
    called = set()

    def note(frame, event, argument):
        if event == "call":
            code = frame.f_code
            called.add((code.co_filename, code.co_firstlineno))

    config = {"TESTING": True, "SECRET_KEY": secrets.token_hex()}
    off_in_production = one.fixed_in.startswith(("17", "18", "19"))  # which has no outbox
    config |= ALL_THERE_IS if off_in_production else {"ENVIRONMENT": "production"}
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        run_attacks(lambda: create_app(config), only=[name])
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    ran = {(Path(p).relative_to(PACKAGES).as_posix(), n) for p, n in called if str(PACKAGES) in p}
    assert functions <= ran, f"never asked: {functions - ran}"
