"""After one visit the course runs without its server."""

from server import serving
from tab import Tab, chromium

NOTEBOOK = "notebooks/00_start_here.ipynb"
ANOTHER = "notebooks/exercises/05_exercises.ipynb"

KEPT = "() => document.querySelector('#course-status')?.textContent.includes('runs offline')"


def test_every_notebook_runs_after_the_server_has_gone(site, watch, tmp_path):
    with serving(site, port=0) as served:
        url = f"{served.url}live/"
        with chromium(watch, tmp_path / "profile") as context:
            tab = Tab(context, url, NOTEBOOK)
            assert tab.run("print(6 * 7)") == "42\n"
            tab.page.wait_for_function(KEPT, timeout=120_000)
            tab.close()
            served.stop()
            for notebook in (NOTEBOOK, ANOTHER):
                tab = Tab(context, url, notebook)
                assert tab.run("import flasklogin_tutorial.lab\nprint(6 * 7)") == "42\n"
                tab.close()
