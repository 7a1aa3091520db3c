"""Errors that are taught on purpose."""

import pytest

from flasklogin_tutorial.lab import expect
from flasklogin_tutorial.lab.errors import NothingRaised


def test_the_expected_error_is_shown_by_its_type_and_first_line_and_kept(capsys):
    with expect(ZeroDivisionError) as expected:
        1 / 0  # noqa: B018
    assert capsys.readouterr().out == "ZeroDivisionError: division by zero\n"
    assert isinstance(expected.error, ZeroDivisionError)


def test_only_the_first_line_of_a_long_message_is_shown(capsys):
    with expect(ValueError):
        raise ValueError("no number\nbut a long story")
    assert capsys.readouterr().out == "ValueError: no number\n"


def test_a_message_that_is_wider_than_an_output_may_be_is_wrapped(capsys):
    words = " ".join(["well-known"] * 30)
    with expect(ValueError):
        raise ValueError(words)
    lines = capsys.readouterr().out.splitlines()
    assert " ".join(lines) == f"ValueError: {words}"
    assert 85 < max(map(len, lines)) <= 100


def test_an_error_without_a_message_is_shown_by_its_type(capsys):
    with expect(ValueError):
        raise ValueError
    assert capsys.readouterr().out == "ValueError\n"


def test_a_subclass_of_the_expected_error_will_do_and_is_shown_as_what_it_is(capsys):
    with expect(LookupError) as expected:
        {}["name"]
    assert capsys.readouterr().out == "KeyError: 'name'\n"
    assert type(expected.error) is KeyError


@pytest.mark.parametrize("error", [KeyError, ZeroDivisionError])
def test_any_of_several_errors_will_do(error):
    with expect(ZeroDivisionError, KeyError) as expected:
        raise error
    assert type(expected.error) is error


def test_an_error_that_ends_python_can_be_expected_too():
    with expect(SystemExit) as expected:
        raise SystemExit(3)
    assert expected.error.code == 3


def test_nothing_after_the_error_is_run_and_what_follows_the_block_is():
    steps = []
    with expect(KeyError):
        steps.append("before")
        raise KeyError
        steps.append("never")
    steps.append("after")
    assert steps == ["before", "after"]


def test_a_block_that_raises_nothing_fails_and_says_what_may_have_happened(capsys):
    with (
        pytest.raises(NothingRaised, match=r"raise KeyError or ValueError, and it ran to its end"),
        expect(KeyError, ValueError) as expected,
    ):
        pass
    assert expected.error is None
    assert capsys.readouterr().out == ""


def test_a_block_that_raises_nothing_fails_like_an_assertion():
    with pytest.raises(AssertionError, match="did an earlier cell already mend"), expect(KeyError):
        pass


@pytest.mark.parametrize("other", [TypeError("another"), KeyboardInterrupt(), SystemExit()])
def test_another_error_passes_through_unchanged(other, capsys):
    with pytest.raises(type(other)) as raised, expect(KeyError) as expected:
        raise other
    assert raised.value is other
    assert expected.error is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ((), "given nothing"),
        ((ValueError("no"),), r"given ValueError\('no'\)"),
        (("KeyError",), "given 'KeyError'"),
        (((KeyError, ValueError),), r"given \(.*KeyError.*ValueError.*\)"),
        ((KeyError, int), "given .*KeyError.*, <class 'int'>"),
        ((None,), "given None"),
    ],
)
def test_what_is_no_class_of_errors_is_named_with_what_to_write(given, named):
    with pytest.raises(TypeError, match=rf"{named}\. Write, for example: with expect\(KeyError\):"):
        expect(*given)
