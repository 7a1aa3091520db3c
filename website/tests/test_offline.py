"""After the first visit the course runs without its server."""

from server import serving
from tab import Tab, chromium

NOTEBOOK = "notebooks/00_start_here.ipynb"


def test_a_notebook_runs_after_the_server_has_gone(site, watch, tmp_path):
    with serving(site, port=0) as served:
        url = f"{served.url}live/"
        with chromium(watch, tmp_path / "profile") as context:
            tab = Tab(context, url, NOTEBOOK)
            # The worker takes over after the page has begun: a second look fills what it missed.
            assert tab.run("print(6 * 7)") == "42\n"
            tab.page.reload()
            tab.close()
            tab = Tab(context, url, NOTEBOOK)
            assert tab.run("print(6 * 7)") == "42\n"
            tab.close()
            served.stop()
            tab = Tab(context, url, NOTEBOOK)
            assert tab.run("import flasklogin_tutorial.lab\nprint(6 * 7)") == "42\n"
