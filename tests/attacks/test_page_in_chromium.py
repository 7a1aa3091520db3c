"""The page of the findings in a real browser: its policy holds, and it can be read by anybody.

`PAGE_SHOTS=folder` keeps a picture of each look.
"""

import os
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from flasklogin_tutorial.attacks import run_attacks
from flasklogin_tutorial.attacks.findings import find
from flasklogin_tutorial.attacks.formats.page import as_html
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import forget, new_app

from .hostile import hostile_findings

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from lab_browser import NO_CHROMIUM, chromium, find_chromium  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason=NO_CHROMIUM),
]


@pytest.fixture(scope="module")
def browser():
    # No asyncio in this module: Playwright's loop runs in this thread for as long as this lasts.
    with chromium() as context:
        yield context.browser


@pytest.fixture
def show(browser, tmp_path):
    """Give a function that opens a page from a file, with what it asked for and complained of."""
    contexts = []

    def open_it(html):
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        contexts.append(browser.new_context())
        page, noted = contexts[-1].new_page(), []
        page.on("console", lambda message: noted.append(message.text))
        page.on("pageerror", lambda error: noted.append(str(error)))
        page.on("request", lambda asked: noted.append(asked.url))
        page.goto(path.as_uri())
        assert noted.pop(0) == path.as_uri()
        return page, noted

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def findings():
    """Give what came of a few attacks on the article's app, of each verdict."""
    names = ["operator-logs-in", "id-in-cookie", "weak-password", "debug-mode", "open-redirect"]
    app = new_app(step06.create_app)
    try:
        return find(run_attacks(app, only=names), app, f"{step06.__name__}:create_app")
    finally:
        forget()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", [False, True])
def test_anybody_can_read_it(show, findings, width, scheme, opened):
    page, noted = show(as_html(findings))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wider)
    assert noted == []
    if os.environ.get("PAGE_SHOTS"):
        name = f"attacks-{width}-{scheme}{'-opened' if opened else ''}.png"
        page.screenshot(path=Path(os.environ["PAGE_SHOTS"], name), full_page=True)


def test_the_style_is_applied(show, findings):
    page, _ = show(as_html(findings))
    assert (
        page.evaluate("getComputedStyle(document.querySelector('article')).borderRadius") == "8px"
    )


def test_a_hostile_answer_does_nothing(show):
    page, noted = show(as_html(hostile_findings()))
    assert noted == []
    assert page.title().startswith("Attacks on app:<script>")
    assert page.evaluate("document.scripts.length + document.images.length") == 0
    assert page.locator("article").is_visible()


def test_the_policy_stops_what_an_escape_would_have_let_through(show, findings):
    hostile = "<script>document.title = 'taken over'</script><style>article{display:none}</style>"
    page, noted = show(as_html(findings).replace("<main>", f"<main>{hostile}"))
    assert page.title().startswith("Attacks on")
    assert page.locator("article").first.is_visible()
    assert len([text for text in noted if "Content Security Policy" in text]) == 2
