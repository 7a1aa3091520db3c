"""What the tests of the built site share; `make test-site` builds it and runs them."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from server import serving  # noqa: E402
from tab import Tab, chromium, watching  # noqa: E402

SITE = HERE.parents[1] / "_site"


def pytest_configure():
    if not (SITE / "live" / "index.html").is_file():
        raise pytest.UsageError("_site is not there. `make test-site` builds it, and runs this.")


@pytest.fixture(scope="session")
def site():
    """Give the folder of the built site."""
    return SITE


@pytest.fixture(scope="session")
def served(site):
    """Give the site on loopback, below a path as on a host that has many."""
    with serving(site) as served:
        yield served


@pytest.fixture(scope="session")
def watch():
    """Give the proxy that notes who asks for another host."""
    with watching() as watch:
        yield watch


@pytest.fixture
def context(watch, tmp_path):
    """Give a Chromium that has never been on the site."""
    with chromium(watch, tmp_path / "profile") as context:
        yield context


@pytest.fixture(scope="module")
def visited(watch, tmp_path_factory):
    """Give a Chromium that keeps what it has fetched for all tests of a file."""
    with chromium(watch, tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.fixture
def open_tab(context, served):
    """Give a function that opens a notebook of the live course."""
    return lambda path="notebooks/00_start_here.ipynb": Tab(context, f"{served.url}live/", path)
