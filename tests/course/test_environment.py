"""The first cell of the course: one line when all is well, otherwise what is missing."""

import sys
from importlib import metadata

import pytest

from flasklogin_tutorial import environment
from flasklogin_tutorial.environment import check_environment


def test_when_all_is_well_it_is_one_line():
    report = check_environment()
    assert report
    assert len(report.findings) > 10
    assert repr(report) == report.conclusion
    assert report._repr_html_() == f"<p>{report.conclusion}</p>"


@pytest.mark.parametrize(
    ("installed", "said"),
    [(None, "it is not installed"), ("0.0.1", "version 0.0.1 is installed")],
    ids=["missing", "too old"],
)
def test_a_package_that_will_not_do_is_named_and_nothing_else(monkeypatch, installed, said):
    version = metadata.version

    def version_of(name):
        if name != "Flask-Login":
            return version(name)
        if installed is None:
            raise metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(metadata, "version", version_of)
    report = check_environment()
    assert not report
    first, last = repr(report).splitlines()
    assert first.startswith("✗ Flask-Login ")
    assert first.endswith(f": {said}")
    assert last.startswith("1 of ")
    assert "make lab" in last
    assert said in report._repr_html_()
    assert "mongomock" not in report._repr_html_()


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    first, last = repr(check_environment()).splitlines()
    assert first == "✗ Python 3.11 or newer: this is Python 3.9.2"
    assert "make lab" in last


def test_a_python_without_the_course_is_told_so(monkeypatch):
    monkeypatch.setattr(environment, "DISTRIBUTION", "there-is-no-such-thing")
    report = check_environment()
    assert "the course's own package is not installed in this Python" in repr(report)
