"""What is left out of the wheels is not missed; that every notebook runs is another test."""

import json
import re
import zipfile

import pytest
from left_out import ALWAYS, UNLESS_IMPORTED
from stored import ROOT
from tab import Tab

ASK = """async ([method, code]) => {
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    const cursor_pos = code.length;
    const asked = { code, cursor_pos, detail_level: 0 };
    return (await kernel[method](asked)).content;
}"""


@pytest.fixture(scope="module")
def tab(visited, served):
    tab = Tab(visited, f"{served.url}live/", "notebooks/00_start_here.ipynb")
    tab.run("import json, flask\nfrom flask_login import login_user")
    return tab


@pytest.fixture(scope="module")
def collected():
    """List the files of the wheels as they were collected."""
    wheels = (ROOT / "build" / "site" / "wheels").glob("*.whl")
    return [name for wheel in wheels for name in zipfile.ZipFile(wheel).namelist()]


@pytest.mark.parametrize("pattern", [*ALWAYS, *UNLESS_IMPORTED])
def test_each_row_of_the_table_leaves_something_out(collected, pattern):
    assert any(re.match(pattern, name) for name in collected)


def test_what_is_left_out_is_not_in_the_tab(tab):
    listed = tab.run(
        "import json, pathlib, site\n"
        "folder = pathlib.Path(site.getsitepackages()[0])\n"
        "print(json.dumps([str(p.relative_to(folder)) for p in folder.rglob('*') if p.is_file()]))"
    )
    files = json.loads(listed)
    assert len(files) > 1000
    assert not [name for name in files if any(re.match(each, name) for each in ALWAYS)]
    assert not [name for name in files if name.endswith((".so", ".pyd", ".zst"))]
    lexers = [name for name in files if name.startswith("pygments/lexers/")]
    assert "pygments/lexers/python.py" in lexers
    assert "pygments/lexers/haskell.py" not in lexers


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("login_us", "login_user"),
        ("flask.redir", "redirect"),
        # Only jedi knows what a call returns that did not run.
        ("flask.Flask('x').test_cl", "test_client"),
        ("'text'.upp", "upper"),
        ("import dataclas", "dataclasses"),
    ],
)
def test_a_name_is_completed(tab, code, wanted):
    matches = tab.page.evaluate(ASK, ["requestComplete", code])["matches"]
    assert any(wanted in match for match in matches), matches


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("login_user", "Logs a user in"),
        ("flask.redirect", "Create a redirect response object"),
        ("json.loads", "Deserialize"),
    ],
)
def test_help_is_shown(tab, code, wanted):
    said = tab.page.evaluate(ASK, ["requestInspect", code])
    assert wanted in json.dumps(said["data"])


def test_a_traceback_shows_the_lines_of_a_package_and_of_the_standard_library(tab):
    tab.run("json.loads('{')")
    (error,) = tab.cells()[0]["outputs"]
    shown = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error["traceback"]))
    assert "return _default_decoder.decode(s)" in shown
    tab.run("flask.url_for('index')")
    (error,) = tab.cells()[0]["outputs"]
    shown = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error["traceback"]))
    assert "def url_for(" in shown


def test_time_zones_are_there(tab):
    said = tab.run(
        "import datetime, zoneinfo\n"
        "noon = datetime.datetime(2026, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin'))\n"
        "print(noon.utcoffset())"
    )
    assert said == "2:00:00\n"
