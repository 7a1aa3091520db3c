"""Nothing leaves this machine, and the check would see it."""

import pytest
from tab import Tab, chromium, watching

FETCH = "import pyodide.http; await pyodide.http.pyfetch('{url}')"


def test_a_worker_that_asks_another_host_is_seen(site, tmp_path, monkeypatch):
    import server

    # Without the policy, which would stop it before.
    headers = {k: v for k, v in server.HEADERS.items() if k != "Content-Security-Policy"}
    monkeypatch.setattr(server, "HEADERS", headers)
    with server.serving(site) as served, watching() as watch, chromium(watch, tmp_path) as context:
        tab = Tab(context, f"{served.url}live/", "notebooks/00_start_here.ipynb")
        tab.run(FETCH.format(url="https://elsewhere.example/x"))
        assert watch.outside == ["elsewhere.example"]


def test_the_policy_stops_a_cell_that_asks_another_host(open_tab, watch):
    tab = open_tab()
    said = tab.run(FETCH.format(url="https://elsewhere.example/x"))
    assert "Failed to fetch" in said
    assert "elsewhere.example" not in watch.asked


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://elsewhere.example/x.js"></script>',
        '<link rel="stylesheet" href="//elsewhere.example/x.css" />',
        '<img src="http://elsewhere.example/x.png" />',
        '<p style="background: url(https://elsewhere.example/x.png)">x</p>',
        # What a formula would bring.
        '<script async src="https://elsewhere.example/mathjax/tex.js"></script>',
    ],
)
def test_a_page_that_loads_from_another_host_ends_the_build(tmp_path, page):
    import outside
    from parts import Stop

    (tmp_path / "index.html").write_text('<a href="https://elsewhere.example">a link</a>')
    outside.refuse_other_hosts(tmp_path)
    (tmp_path / "index.html").write_text(page)
    with pytest.raises(Stop, match=r"index\.html: .*elsewhere"):
        outside.refuse_other_hosts(tmp_path)


@pytest.mark.parametrize("name", ["jupyter-lite.json", "pyodide-lock.json"])
def test_a_setting_that_names_another_host_ends_the_build(tmp_path, name):
    import outside
    from parts import Stop

    (tmp_path / name).write_text('{"a": [{"pyodideUrl": "https://elsewhere.example/pyodide.mjs"}]}')
    with pytest.raises(Stop, match="elsewhere"):
        outside.refuse_other_hosts(tmp_path)
