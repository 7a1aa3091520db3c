"""Open the course in JupyterLab as a reader does, run it, and look at the page.

The other tests run the notebooks without a browser. Here JupyterLab is started with the options of
`make lab`, and what counts is what arrives in the page: diagrams that are drawn, no error in the
console, no request to another machine.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
START = "notebooks/00_start_here.ipynb"
GLOSSARY = "docs/glossary.md"
TERMS = "notebooks/00b_from_a_request_to_its_answer.ipynb"
DRAWS = "notebooks/04_user_loader.ipynb"
STORES = "notebooks/05_protect_routes.ipynb"
MAILS = "notebooks/17_send_a_link.ipynb"
PICTURE = "notebooks/07b_a_first_look.ipynb"

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


#: For each trace: how much of it is hidden, how far it scrolls, and how many lines are broken.
BOXES = """() => [...document.querySelectorAll('.jp-OutputArea-output pre')]
    .filter(box => box.textContent.startsWith('browser '))
    .map(box => {
        box.scrollLeft = box.scrollWidth;
        const lines = box.textContent.trimEnd().split('\\n').length;
        const high = parseFloat(getComputedStyle(box).lineHeight);
        return {
            hidden: box.scrollWidth - box.clientWidth, moved: box.scrollLeft,
            broken: Math.round(box.scrollHeight / high) - lines,
            right: box.closest('.jp-OutputArea-output').getBoundingClientRect().right,
        };
    })"""
WIDTH = "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"


#: The pixels between a closed solution and the text that stands below it.
SPACES = """() => [...document.querySelectorAll('.jp-RenderedMarkdown details:not([open])')]
    .filter(it => it.nextElementSibling)
    .map(it => it.nextElementSibling.getBoundingClientRect().top
        - it.querySelector('summary').getBoundingClientRect().bottom)"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., NotebookPage]]:
    """Give a function that opens a notebook, as it is stored or without its outputs."""
    work = tmp_path_factory.mktemp("browser")
    root = work / "root"
    copy_notebook(ROOT / START, root)
    (root / GLOSSARY).parent.mkdir()
    shutil.copy(ROOT / GLOSSARY, root / GLOSSARY)
    # No asyncio in this module: Playwright's loop runs in this thread for as long as this lasts.
    with JupyterLab(root, work / "jupyter") as lab, chromium() as context:

        def visit(path: str, *, stored: bool) -> NotebookPage:
            if not stored:
                clear_outputs(root / path)
            return NotebookPage(context, lab, path, work / "screenshots", side_bar=not stored)

        yield visit


@pytest.fixture(scope="module")
def run(visit: Callable[..., NotebookPage]) -> Callable[[str], NotebookPage]:
    """Give a function that opens a notebook and runs its cells, each notebook once."""

    @cache
    def run(path: str) -> NotebookPage:
        page = visit(path, stored=False)
        page.run_all(timeout=60)
        return page

    return run


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


@pytest.mark.parametrize("width", [800, 390])
@pytest.mark.parametrize("path", [STORES, MAILS])
def test_a_stored_trace_scrolls_inside_its_box(
    visit: Callable[..., NotebookPage], path: str, width: int
) -> None:
    page = visit(path, stored=True)
    page.page.set_viewport_size({"width": width, "height": 900})
    for _ in page.scroll():
        boxes = page.page.evaluate(BOXES)
        if any(box["hidden"] for box in boxes):
            break
    wide = [box for box in boxes if box["hidden"]]
    assert wide, page.describe(f"no trace in {path} is wider than a window of {width} px")
    assert all(box["moved"] == box["hidden"] for box in wide), page.describe(f"{wide}")
    assert all(box["broken"] == 0 and box["right"] <= width for box in boxes)
    assert page.page.evaluate(WIDTH) == width, page.describe(f"wider than {width} px")


@pytest.mark.parametrize("width", [800, 390])
def test_there_is_space_below_a_closed_solution(
    visit: Callable[..., NotebookPage], width: int
) -> None:
    page = visit(STORES, stored=True)
    page.page.set_viewport_size({"width": width, "height": 900})
    found: list[float] = []
    for _ in page.scroll():
        found += page.page.evaluate(SPACES)
    assert found, page.describe(f"no text below a solution in {STORES}")
    assert min(found) >= 8, page.describe(f"{found} pixels")


def test_a_stored_picture_of_a_page_is_shown(visit: Callable[..., NotebookPage]) -> None:
    page = visit(PICTURE, stored=True)
    image = page.page.locator("img[alt^='The page']").first
    image.scroll_into_view_if_needed()
    page.settle()
    seen = image.evaluate("it => [it.complete, it.naturalWidth]")
    assert seen == [True, 720], page.describe("the picture is not drawn")


@pytest.mark.parametrize("term", ["decorator", "JSON"])
def test_a_term_opens_the_glossary_at_its_place(
    run: Callable[[str], NotebookPage], term: str
) -> None:
    tab = run(TERMS).page
    tab.get_by_role("tab", name=TERMS.rpartition("/")[2]).click()
    link = tab.get_by_role("link", name=term, exact=True).first
    anchor = link.get_attribute("href").rpartition("#")[2]
    link.click()
    place = tab.locator(f".jp-MarkdownViewer [data-jupyter-id='{anchor}']").first
    place.wait_for(state="attached")
    tab.wait_for_timeout(500)
    assert 0 <= place.bounding_box()["y"] < tab.viewport_size["height"] / 2
