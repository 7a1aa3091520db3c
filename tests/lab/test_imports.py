"""Files that need one another are imported, or the error of Python is told."""

import sys

import pytest

from flasklogin_tutorial.lab import import_files

CIRCLE = {
    "app": "from models import Customer\ndb = 1\n",
    "models": "from app import db\nCustomer = db\n",
}
OPEN = {
    "app": "from models import Customer\nfrom extensions import db\n",
    "models": "from extensions import db\nCustomer = db\n",
    "extensions": "db = 1\n",
}


def test_a_circle_is_told_without_the_place_of_the_file():
    said = import_files(**CIRCLE)
    assert said.startswith("cannot import name 'db' from partially initialized")
    assert said.endswith("(most likely due to a circular import)")


def test_a_circle_that_is_open_is_imported_and_forgotten():
    before = set(sys.modules), list(sys.path)
    assert import_files(**OPEN) == "app is imported"
    assert (set(sys.modules), sys.path) == before


def test_files_of_one_name_are_read_anew_each_time():
    import_files(**CIRCLE)
    assert import_files(**OPEN) == "app is imported"
    assert import_files(**CIRCLE).startswith("cannot import")


def test_a_file_that_is_missing_is_named():
    assert import_files(app="import nowhere_to_be_found") == (
        "No module named 'nowhere_to_be_found'"
    )


def test_another_error_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        import_files(app="1 / 0")
