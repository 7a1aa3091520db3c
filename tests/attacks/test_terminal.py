"""The findings on a terminal: what comes first, how wide it is, and when it has colours."""

import io
import re

import pytest

from flasklogin_tutorial.attacks import Verdict, run_attacks
from flasklogin_tutorial.attacks.findings import find
from flasklogin_tutorial.attacks.formats.terminal import as_text, may_colour
from flasklogin_tutorial.attacks.severity import Grade, severity_of
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import forget, new_app

from .hostile import hostile_findings

COLOUR = re.compile("\x1b\\[[0-9;]*m")
TARGET = f"{step06.__name__}:create_app"


@pytest.fixture(scope="module")
def findings():
    """Give what came of some attacks on the article's app."""
    names = ["id-in-cookie", "operator-logs-in", "weak-password", "stranger-writes", "debug-mode"]
    app = new_app(step06.create_app)
    try:
        return find(run_attacks(app, only=[*names, "open-redirect"]), app, TARGET)
    finally:
        forget()


def test_what_got_in_comes_first_the_worst_before_the_others(findings):
    names = [one.row.attack.name for one in findings.all]
    got_in = ["operator-logs-in", "weak-password", "id-in-cookie"]
    assert names == [*got_in, "open-redirect", "stranger-writes", "debug-mode"]
    text = as_text(findings)
    places = [text.index(f" {name}") for name in names]
    assert places == sorted(places)
    heads = [text.index(head) for head in ("GOT IN, the worst first", "NOT TRIED", "HELD")]
    assert heads == sorted(heads)


def test_an_attack_that_got_in_is_told_in_full(findings):
    text = " ".join(as_text(findings, 400).split())
    for one in findings.having(Verdict.GOT_IN):
        severity, attack = severity_of(one.row.attack), one.row.attack
        assert f"{severity.grade.value} {attack.name}" in text
        for told in (attack.title, one.row.outcome.says, severity.reason, attack.source.url):
            assert told in text
        assert f"lesson {attack.fixed_in}" in text
    assert "step06_logout_and_user_info.py:" in text


@pytest.mark.parametrize("width", [20, 60, 80, 120])
def test_the_text_fits_where_it_can(findings, width):
    lines = as_text(findings, width).splitlines()
    assert all(line == line.rstrip() for line in lines)
    # An address is not cut, and neither is the path of a file; everything else is wrapped.
    long = [line for line in lines if len(line) > max(width, 60)]
    assert all("https://" in line or ".py:" in line for line in long), long


def test_colours_change_nothing_but_the_colours(findings):
    plain, coloured = as_text(findings), as_text(findings, colours=True)
    assert "\x1b" not in plain
    assert len(COLOUR.findall(coloured)) > 20
    assert COLOUR.sub("", coloured) == plain


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": ""}, True),  # no-color.org: only if it is not empty
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colours_are_for_a_terminal_whose_owner_wants_them(stream, environment, expected):
    assert may_colour(stream, environment) is expected


def test_an_answer_moves_no_cursor_and_hides_no_line():
    text = as_text(hostile_findings(), 200)
    assert all(one.isprintable() or one == "\n" for one in text)
    assert "\\x1b[1A\\x1b[2K\\r\\x07" in text and "\\u202e" in text
    text.encode()  # half a character cannot be written


def test_what_a_baseline_accepts_is_marked():
    assert "known: the baseline accepts it" in as_text(hostile_findings(gated=True))
    assert "known" not in as_text(hostile_findings())


def test_grades_have_an_order():
    assert [grade.rank for grade in Grade] == [0, 1, 2, 3]
    assert next(iter(Grade)) == "critical"
