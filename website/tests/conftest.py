"""What the tests of the built site share; `make test-site` builds it and runs them."""

import sys
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from server import serving  # noqa: E402
from tab import Tab, chromium, watching  # noqa: E402

SITE = HERE.parents[1] / "_site"


#: What `.ci/run` takes of the tests: all of some files, and in Chromium the first lesson, the one
#: that sends the worst input, and the three longest.
SHORT_FILES = {"test_in_node.py", "test_left_out.py", "test_outside.py"}
SHORT_LESSONS = ("00", "09", "10", "12", "16")


def pytest_addoption(parser):
    parser.addoption("--short", action="store_true", help="run the share of .ci/run alone")


def is_short(item):
    """Tell whether a test belongs to the share of .ci/run."""
    path = getattr(item, "callspec", None) and item.callspec.params.get("path", "")
    lessons = tuple(f"notebooks/{number}" for number in SHORT_LESSONS)
    is_lesson = item.path.name == "test_notebooks.py" and path and path.startswith(lessons)
    return is_lesson or item.path.name in SHORT_FILES


def pytest_collection_modifyitems(config, items):
    if config.getoption("short"):
        config.hook.pytest_deselected(items=[item for item in items if not is_short(item)])
        items[:] = [item for item in items if is_short(item)]


def pytest_configure():
    if not (SITE / "live" / "index.html").is_file():
        raise pytest.UsageError("_site is not there. `make test-site` builds it, and runs this.")


def pytest_terminal_summary(terminalreporter):
    """Say what the notebooks that ran add up to, for docs/site.md."""
    sums = Counter()
    for report in terminalreporter.getreports("passed"):
        if report.when == "call" and report.user_properties:
            sums["notebooks"] += 1
            sums.update(dict(report.user_properties))
    if sums:
        terminalreporter.write_line(", ".join(f"{name}: {count}" for name, count in sums.items()))


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
