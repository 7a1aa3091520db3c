"""Open the course in JupyterLab as a reader does, run it, and look at the page.

The other tests run the notebooks without a browser. Here JupyterLab is started with the options of
`make lab`, and what counts is what arrives in the page: diagrams that are drawn, no error in the
console, no request to another machine.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
START = "notebooks/00_start_here.ipynb"
GLOSSARY = "docs/glossary.md"
LINES = "notebooks/00b_the_app_line_by_line.ipynb"
DRAWS = "notebooks/04_user_loader.ipynb"

sys.path.insert(0, str(ROOT / "tools"))

from lab_browser import (  # noqa: E402
    NO_CHROMIUM,
    JupyterLab,
    NotebookPage,
    chromium,
    clear_outputs,
    copy_notebook,
    find_chromium,
    problems,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], NotebookPage]]:
    """Give a function that opens a notebook and runs its cells, each notebook once."""
    work = tmp_path_factory.mktemp("browser")
    root = work / "root"
    copy_notebook(ROOT / START, root)
    (root / GLOSSARY).parent.mkdir()
    shutil.copy(ROOT / GLOSSARY, root / GLOSSARY)
    pages: dict[str, NotebookPage] = {}
    # No asyncio in this module: Playwright's loop runs in this thread for as long as this lasts.
    with JupyterLab(root, work / "jupyter") as lab, chromium() as context:

        def run(path: str) -> NotebookPage:
            if path not in pages:
                clear_outputs(root / path)
                page = NotebookPage(context, lab, path, work / "screenshots")
                page.run_all(timeout=60)
                pages[path] = page
            return pages[path]

        yield run


@pytest.mark.parametrize("path", [START, DRAWS])
def test_a_reader_sees_it_run(run: Callable[[str], NotebookPage], path: str) -> None:
    page = run(path)
    wrong = problems(page.cells())
    assert not wrong, page.describe("\n".join([f"{path} after Run All Cells:", *wrong]))
    diagrams = page.diagrams()
    wrong = [f"not drawn: {diagram.text}" for diagram in diagrams if not diagram.svg]
    # Whatever was in the page has been scrolled into view by now.
    wrong += [f"console: {text}" for text in page.errors]
    wrong += [f"asked for {url}" for url in page.outside]
    asked = page.page.locator(".Toastify__toast").all_inner_texts()
    wrong += [f"JupyterLab says, over the page: {text}" for text in asked]
    assert not wrong, page.describe("\n".join([f"{path} in the page:", *wrong]))


def test_a_trace_is_drawn_as_a_diagram(run: Callable[[str], NotebookPage]) -> None:
    page = run(DRAWS)
    drawn = [diagram for diagram in page.diagrams() if diagram.svg]
    assert drawn, page.describe(f"no diagram in {DRAWS}")


@pytest.mark.parametrize("term", ["decorator", "JSON"])
def test_a_term_opens_the_glossary_at_its_place(
    run: Callable[[str], NotebookPage], term: str
) -> None:
    tab = run(LINES).page
    tab.get_by_role("tab", name=LINES.rpartition("/")[2]).click()
    link = tab.get_by_role("link", name=term, exact=True).first
    anchor = link.get_attribute("href").rpartition("#")[2]
    link.click()
    place = tab.locator(f".jp-MarkdownViewer [data-jupyter-id='{anchor}']").first
    place.wait_for(state="attached")
    tab.wait_for_timeout(500)
    assert 0 <= place.bounding_box()["y"] < tab.viewport_size["height"] / 2
