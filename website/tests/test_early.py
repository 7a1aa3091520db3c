"""Python begins to load before JupyterLite asks for a kernel."""

from server import serving
from tab import Tab, chromium

NOTEBOOK = "notebooks/00_start_here.ipynb"
ASKED = "() => performance.getEntriesByType('resource').map((one) => one.name)"
RESTART = """async () => {
    await jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart();
}"""


def test_a_second_visit_has_one_python_which_began_before_the_kernel(site, watch, tmp_path):
    with serving(site, port=0) as served, chromium(watch, tmp_path / "profile") as context:
        tab = Tab(context, f"{served.url}live/", NOTEBOOK)
        assert tab.run("print(6 * 7)") == "42\n"
        tab.close()
        tab = Tab(context, f"{served.url}live/", NOTEBOOK)
        assert tab.run("kept = 6 * 7; print(kept)") == "42\n"
        (worker,) = tab.page.workers
        assert worker.url.endswith("/early.mjs")
        # A kernel that is started again has a Python of its own.
        tab.page.evaluate(RESTART)
        assert "NameError" in tab.run("try: kept\nexcept NameError as error: print(repr(error))")
        (worker,) = tab.page.workers
        assert "comlink.worker" in worker.url


def test_a_page_without_a_notebook_starts_no_python(site, watch, tmp_path):
    with serving(site, port=0) as served, chromium(watch, tmp_path / "profile") as context:
        tab = Tab(context, f"{served.url}live/", NOTEBOOK)
        assert tab.run("print(6 * 7)") == "42\n"
        tab.close()
        page = context.new_page()
        page.goto(f"{served.url}live/lab/index.html")
        page.wait_for_selector("#main", timeout=120_000)
        assert not any(name.endswith("/early.mjs") for name in page.evaluate(ASKED))
        assert not page.workers
