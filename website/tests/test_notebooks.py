"""Every notebook runs to its last cell in a tab, unchanged, and prints what is stored of it."""

import pytest
from stored import ROOT, code_cells, differences, errors
from tab import Tab

#: Cells that print something else in a tab, and why.
KNOWN = {
    "notebooks/16b_go_live.ipynb": {
        4: "the app counts sign-ins without threads in a tab, so check-config has less to say",
        13: "a race between two threads is not tried, because there are none",
    },
}


def paths(folder):
    return [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / folder).glob("*.ipynb"))]


def ran(visited, served, path):
    tab = Tab(visited, f"{served.url}live/", path)
    try:
        tab.run_all()
        return tab.cells()
    finally:
        tab.close()


@pytest.mark.parametrize("path", [*paths("notebooks"), *paths("notebooks/solutions")])
def test_a_notebook_prints_what_is_stored(visited, served, watch, path, record_property):
    cells = ran(visited, served, path)
    assert errors(cells) == {}
    assert len(cells) == len(code_cells(path))
    compared, found = differences(path, cells)
    record_property("cells", len(cells))
    record_property("outputs compared", compared)
    record_property("outputs equal", compared - len(found))
    known = KNOWN.get(path, {})
    unexpected = {number: text for number, text in found.items() if number not in known}
    assert unexpected == {}, "\n".join(unexpected.values())
    assert set(found) == set(known), "a cell is listed as different, and is not: take it out"
    assert watch.outside == []


@pytest.mark.parametrize("path", paths("notebooks/exercises"))
def test_an_untouched_exercise_runs_to_its_end(visited, served, watch, path, record_property):
    cells = ran(visited, served, path)
    assert errors(cells) == {}
    assert len(cells) == len(code_cells(path))
    record_property("cells", len(cells))
    assert watch.outside == []
