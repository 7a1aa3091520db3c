"""What the tests of the project's own scripts share."""

import pytest

from .checkout import load


@pytest.fixture
def dev():
    return load("dev")
