"""The course to read: whole, found by a search, at home on a phone, linked to the live one."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from stored import ROOT
from tab import Tab

NOTEBOOKS = [
    path.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    for folder in ("notebooks", "notebooks/exercises", "notebooks/solutions")
    for path in sorted((ROOT / folder).glob("*.ipynb"))
]
#: What the WCAG asks for, without advice that goes beyond it: the search box of the theme stands
#: outside of its landmarks.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LOOKED_AT = ["index", NOTEBOOKS[4], NOTEBOOKS[9], NOTEBOOKS[20], "search", "live/work"]


@pytest.fixture(scope="module")
def page(visited, served):
    """Give one page, which notes what it complains of."""
    page = visited.new_page()
    page.errors = []
    page.on("console", lambda each: each.type == "error" and page.errors.append(each.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(page, served, watch, width):
    page.set_viewport_size({"width": width, "height": 844})
    wider = {}
    for name in ["index", *NOTEBOOKS, "glossary", "search", "live/work"]:
        page.goto(f"{served.url}{name}.html")
        if sideways := page.evaluate("() => document.documentElement.scrollWidth - innerWidth"):
            wider[name] = sideways
    assert wider == {}
    assert page.errors == []
    assert watch.outside == []


def test_every_notebook_is_a_page_with_a_link_to_its_live_one(site):
    for name in NOTEBOOKS:
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        assert text.count('class="run"') == 1, name
        (link,) = re.findall(r'class="run" href="([^"]+)"', text)
        live = urlsplit(link)
        assert ((site / name).parent / live.path).resolve().is_file(), name
        (path,) = parse_qs(live.query)["path"]
        assert (site / "live" / "files" / path).is_file(), name


def test_a_term_leads_from_a_lesson_to_its_place_in_the_glossary_and_back(page, served):
    page.goto(f"{served.url}00b_from_a_request_to_its_answer.html")
    page.get_by_role("link", name="decorator", exact=True).first.click()
    heading = page.locator("#decorator").get_by_role("heading", name="decorator")
    expect(heading).to_be_in_viewport()
    page.locator("#decorator").get_by_role("link", name="00b From a request to its answer").click()
    expect(page).to_have_title(re.compile("From a request to its answer"))


def test_a_term_leads_from_a_live_lesson_to_its_place_in_the_glossary(visited, served):
    tab = Tab(visited, f"{served.url}live/", "notebooks/00b_from_a_request_to_its_answer.ipynb")
    with visited.expect_page() as opened:
        tab.page.get_by_role("link", name="decorator", exact=True).first.click()
    heading = opened.value.locator("#decorator").get_by_role("heading", name="decorator")
    expect(heading).to_be_in_viewport()


class Links(HTMLParser):
    """Collects where the links of a page lead."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a" and dict(attrs).get("href"):
            self.found.append(urlsplit(dict(attrs)["href"]))


def test_every_link_to_a_page_of_the_site_leads_somewhere(site):
    broken = set()
    for page in [
        *site.glob("*.html"),
        *site.glob("exercises/*.html"),
        *site.glob("solutions/*.html"),
    ]:
        links = Links()
        links.feed(page.read_text(encoding="utf-8"))
        for link in links.found:
            inside = not link.scheme and not link.netloc and link.path
            if inside and not (page.parent / link.path).exists():
                broken.add(f"{page.relative_to(site)}: {link.path}")
    assert broken == set()


def test_every_page_says_what_it_is(site):
    for name in ["index", *NOTEBOOKS, "glossary"]:
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        assert re.search(r"<title>[^<]{5,}</title>", text), name
        assert re.search(r'<meta name="description" content="[^"]{20,}"', text), name
        assert "favicon.svg" in text, name


def test_a_stored_trace_is_on_the_page_in_columns(page, served):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served.url}{NOTEBOOKS[4]}.html")
    trace = page.locator(".cell_output pre", has_text="──▶").first
    expect(trace).to_be_visible()
    assert trace.evaluate("pre => getComputedStyle(pre).whiteSpace") == "pre"


def test_the_search_finds_a_word(page, served):
    page.goto(f"{served.url}search.html?q=user_loader")
    expect(page.locator("#search-results li").first).to_be_visible(timeout=30_000)
    assert page.locator("#search-results li").count() > 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(visited, served, scheme, width):
    page = visited.new_page()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    found = {}
    for name in LOOKED_AT:
        page.goto(f"{served.url}{name}.html")
        page.wait_for_timeout(300)
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        for each in violations:
            where = [node["html"][:200] for node in each["nodes"]]
            found.setdefault(name, []).append((each["id"], where[:3]))
    page.close()
    assert found == {}
