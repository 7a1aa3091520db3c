"""A status, an error and a long text, in words."""

import http

import pytest

from flasklogin_tutorial.visit import cut, describe_error, shorten, status_text


def test_a_status_is_shown_with_its_name_if_it_has_one():
    assert status_text(405) == "405 Method Not Allowed"
    assert status_text(599) == "599"


def test_an_error_is_shown_by_its_type_and_its_first_line():
    assert describe_error(ValueError("\n no \nnumber")) == "ValueError: no "
    assert describe_error(ValueError()) == "ValueError"
    assert describe_error(KeyError("name")) == "KeyError: 'name'"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("  a\n\ttext \n", "a text"),
        ("12345678901", "1234567890…"),
        ("1234567890", "1234567890"),
        (b"caf\xc3\xa9", "café"),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_text_is_shown_on_one_line_and_cut_where_it_is_too_long(text, shown):
    assert shorten(text, 10) == shown


def test_a_cut_text_may_keep_less_than_may_stay_whole():
    assert cut("12345", 5, keep=2) == "12345"
    assert cut("123456", 5, keep=2) == "12…"


def test_the_name_of_a_status_is_the_same_on_every_python(monkeypatch):
    for status in http.HTTPStatus:
        monkeypatch.setattr(status, "phrase", "Named By Another Python")
    assert status_text(422) == "422 Unprocessable Entity"
    assert status_text(413) == "413 Request Entity Too Large"
