"""docs/topics.md leads from every topic to a cell that runs it."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "topics.md"

sys.path.insert(0, str(ROOT / "tools"))
from generated import Wrong, topics  # noqa: E402


def links():
    return re.findall(r"\]\(\.\./notebooks/([^)#]+)#([^)]+)\)", PAGE.read_text("utf-8"))


def test_the_page_is_what_the_notebooks_say():
    found = topics.find_cells(ROOT / "notebooks")
    assert PAGE.read_text("utf-8") == topics.write_page(found)


@pytest.mark.parametrize("topic", topics.TOPICS)
def test_a_topic_has_a_link_to_a_heading_above_a_cell_that_runs_it(topic):
    places = topics.find_cells(ROOT / "notebooks")[topic]
    assert places
    for path, heading in places:
        assert (path.name, topics.anchor(heading)) in links()
        cells = nbformat.read(path, as_version=4).cells
        running = [
            number for number, cell in enumerate(cells) if topic in cell.metadata.get("topics", [])
        ]
        assert running
        for number in running:
            assert cells[number].cell_type == "code"
            assert cells[number].source.strip()
            assert cells[number].execution_count is not None


def folder(tmp_path, **metadata):
    cells = [nbformat.v4.new_markdown_cell("## `One` two"), nbformat.v4.new_code_cell("assert 1")]
    cells[1].metadata |= metadata
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, tmp_path / "03_three.ipynb")
    return tmp_path


def test_a_cell_is_found_with_the_heading_above_it(tmp_path):
    found = topics.find_cells(folder(tmp_path, topics=["login"]))
    assert found["login"] == [(tmp_path / "03_three.ipynb", "`One` two")]
    assert topics.anchor("`One` two") == "One-two"


def test_a_topic_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(Wrong, match="names the topic 'wish'"):
        topics.find_cells(folder(tmp_path, topics=["wish"]))


def test_a_topic_that_no_cell_runs_is_an_error(tmp_path):
    with pytest.raises(Wrong, match=r"No cell runs these topics: .*login, "):
        topics.write_page(topics.find_cells(folder(tmp_path)))


def test_a_cell_that_shows_and_asserts_nothing_runs_no_topic(tmp_path):
    folder(tmp_path, topics=["login"])
    path = tmp_path / "03_three.ipynb"
    path.write_text(path.read_text("utf-8").replace("assert 1", "x = 1"), "utf-8")
    with pytest.raises(Wrong, match="shows and asserts nothing"):
        topics.find_cells(tmp_path)
