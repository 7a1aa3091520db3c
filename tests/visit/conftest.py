"""What is visited."""

import pytest

from .visited import make_app


@pytest.fixture
def app():
    return make_app()
