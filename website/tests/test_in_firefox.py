"""Another browser runs the course too: the first lesson, and some that ask the most of it."""

import pytest
from firefox import FIREFOX, FIREFOXS_OWN, FirefoxTab, firefox
from stored import code_cells, differences, errors
from tab import watching
from test_notebooks import KNOWN, paths

SHORT = {"00", "09", "13", "16", "19"}
CHOSEN = [path for path in paths("notebooks") if path.split("/")[1][:2] in SHORT]

pytestmark = pytest.mark.skipif(
    not FIREFOX.is_file(), reason=f"there is no {FIREFOX}; Debian's package is firefox-esr"
)


@pytest.fixture(scope="module")
def watch():
    """Give a proxy of its own: Firefox asks for services that Chromium must not ask for."""
    with watching() as watch:
        yield watch


@pytest.fixture(scope="module")
def visited(watch, tmp_path_factory):
    with firefox(watch, tmp_path_factory.mktemp("firefox") / "profile") as running:
        yield running


@pytest.mark.parametrize("path", CHOSEN)
def test_a_notebook_prints_what_is_stored(visited, served, watch, path):
    tab = FirefoxTab(visited, f"{served.url}live/", path)
    tab.run_all()
    cells = tab.cells()
    tab.close()
    assert errors(cells) == {}
    assert len(cells) == len(code_cells(path))
    found = differences(path, cells)[1]
    assert set(found) == set(KNOWN.get(path, {})), "\n".join(found.values())
    assert [host for host in watch.outside if not f".{host}".endswith(FIREFOXS_OWN)] == []
