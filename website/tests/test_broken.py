"""What is broken on purpose says so on the page."""

import json
import shutil

import pytest
from playwright.sync_api import TimeoutError, expect
from server import serving
from tab import Tab, chromium

NOTEBOOK = "notebooks/00_start_here.ipynb"
PYODIDE = "live/static/pyodide"


def a_wheel(folder):
    return next((folder / PYODIDE).glob("flask-*.whl"))


def without_a_wheel(folder):
    wheel = a_wheel(folder)
    wheel.unlink()
    return wheel.name


def with_another_file(folder):
    wheel = a_wheel(folder)
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    return wheel.name


def with_a_package_that_is_not_listed(folder):
    path = folder / PYODIDE / "pyodide-lock.json"
    lock = json.loads(path.read_text())
    del lock["packages"]["flasklogin-tutorial"]
    path.write_text(json.dumps(lock))
    return "flasklogin-tutorial"


def without_the_core(folder):
    (folder / PYODIDE / "pyodide.asm.wasm").unlink()
    return "pyodide.asm.wasm"


@pytest.mark.parametrize(
    "spoil",
    [without_a_wheel, with_another_file, with_a_package_that_is_not_listed, without_the_core],
)
def test_a_site_that_is_not_whole_says_what_is_missing(site, watch, tmp_path, spoil):
    folder = tmp_path / "site"
    shutil.copytree(site / "live", folder / "live")
    name = spoil(folder)
    with serving(folder) as served, chromium(watch, tmp_path / "profile") as context:
        tab = Tab(context, f"{served.url}live/", NOTEBOOK)
        status = tab.page.locator("#course-status[data-kind=failed]")
        expect(status).to_contain_text("The kernel cannot start", timeout=120_000)
        expect(status).to_contain_text(name)


#: Python may be there before the notebook is drawn, so what the line said is noted from the start.
NOTE = """
window.said = [];
const note = () => said.push(document.querySelector("#course-status")?.textContent);
new MutationObserver(note).observe(document, { childList: true, subtree: true });
"""


def test_the_line_counts_the_packages_and_goes_away(context, open_tab):
    context.add_init_script(NOTE)
    tab = open_tab()
    tab.page.wait_for_function("said.some((line) => /packages \\d+ of \\d+/.test(line))")
    expect(tab.page.locator("#course-status")).to_be_hidden(timeout=120_000)


def test_a_browser_that_keeps_nothing_is_told_so_and_runs(context, served):
    context.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError'); };"
    )
    tab = Tab(context, f"{served.url}live/", NOTEBOOK)
    status = tab.page.locator("#course-status[data-kind=notice]")
    expect(status).to_contain_text("lets the page keep nothing")
    assert tab.run("print(6 * 7)") == "42\n"


def test_full_storage_is_said(context, served):
    context.add_init_script(
        "navigator.storage.estimate = async () => ({ quota: 1e8, usage: 1e8 - 1000 });"
    )
    tab = Tab(context, f"{served.url}live/", NOTEBOOK)
    status = tab.page.locator("#course-status[data-kind=notice]")
    expect(status).to_contain_text("storage is full")


NESTED = "x = []\n    for _ in range(2_000): x = [x]\n    "


@pytest.mark.parametrize(
    "source",
    [
        "import json; json.loads('[' * 100_000)",
        "import json; json.loads('{\"a\":' * 100_000)",
        NESTED + "repr(x)",
        NESTED + "import pickle; pickle.dumps(x)",
        NESTED + "import json; json.dumps(x)",
        "import re; re.compile('(' * 5_000 + ')' * 5_000)",
        "import ast; ast.parse('(' * 100_000)",
        "import ast; ast.parse('-' * 100_000 + '1')",
    ],
)
def test_what_is_nested_too_deep_ends_a_cell_and_not_the_kernel(visited, served, source):
    tab = Tab(visited, f"{served.url}live/", NOTEBOOK)
    caught = "except Exception as error:\n    print(type(error).__name__)"
    # What is nested stays alive: to free it in one go is what the tab does not survive.
    tried = f"try:\n    {source}\n{caught}"
    # 2,000 lists in one another are few enough for some of these.
    assert tab.run(tried).strip() in ("", "RecursionError", "SyntaxError", "MemoryError")
    assert tab.run("print(6 * 7)") == "42\n"
    tab.close()


def test_the_end_of_python_is_said_on_the_page(visited, served):
    tab = Tab(visited, f"{served.url}live/", NOTEBOOK)
    assert tab.run("x = ()\nfor _ in range(100_000): x = (x,)\nprint('there')") == "there\n"
    with pytest.raises(TimeoutError):
        tab.run("hash(x)", seconds=20)
    status = tab.page.locator("#course-status[data-kind=failed]")
    expect(status).to_contain_text("Python has come to its end in this tab")
    expect(status).to_contain_text("Restart Kernel")
