"""The findings as a page: what it tells, and that an app's answer stays a text on it."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from flasklogin_tutorial.attacks import ATTACKS, Report, Row, run_attacks
from flasklogin_tutorial.attacks.cures import CURES, excerpts_of
from flasklogin_tutorial.attacks.findings import find
from flasklogin_tutorial.attacks.formats.page import as_html
from flasklogin_tutorial.attacks.outcome import held
from flasklogin_tutorial.attacks.severity import severity_of
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import forget, new_app

from .hostile import IMAGE, SCRIPT, hostile_findings

#: The tags that the template has; any other comes from somebody else's text.
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "code", "p", "nav", "ul",
    "li", "a", "main", "section", "h2", "article", "h3", "span", "ol", "pre", "dl", "dt", "dd",
    "details", "summary", "footer", "strong",
}  # fmt: skip


class Read(HTMLParser):
    """What a browser makes of a page.

    Attributes:
        tags: each tag with its attributes.
        text: all text outside of the style.
        open: the tags that are open at the end.
    """

    def __init__(self, page):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text += data


@pytest.fixture(scope="module")
def findings():
    """Give what came of all attacks on the article's app."""
    app = new_app(step06.create_app)
    try:
        return find(run_attacks(app), app, f"{step06.__name__}:create_app")
    finally:
        forget()


@pytest.fixture(scope="module")
def page(findings):
    return as_html(findings)


def one_line(text):
    return " ".join(text.split())


def test_every_attack_is_told_with_what_was_sent_and_what_came_back(findings, page):
    text = one_line(Read(page).text)
    for one in findings.all:
        attack, outcome = one.row.attack, one.row.outcome
        for said in (attack.title, attack.who, one_line(outcome.says), severity_of(attack).reason):
            assert said in text, attack.name
        for exchange in outcome.exchanges:
            assert one_line(exchange.called) in text and one_line(exchange.came_back) in text
        assert f"notebooks/{attack.fixed_in}.ipynb" in text


def test_every_attack_shows_the_lines_that_close_it(page):
    text = one_line(Read(page).text)
    for attack in ATTACKS:
        assert CURES[attack.name].says in text
        for excerpt in excerpts_of(attack):
            assert f"{excerpt.path}, line {excerpt.line} {one_line(excerpt.text)}" in text


def test_what_got_in_stands_first(findings, page):
    names = [a["id"] for tag, a in Read(page).tags if a.get("id") in {x.name for x in ATTACKS}]
    assert names == [one.row.attack.name for one in findings.all]
    assert page.index('id="got-in"') < page.index('id="not-tried"') < page.index('id="held"')


@pytest.mark.parametrize("gated", [False, True])
def test_what_an_app_answers_stays_a_text(gated):
    page = as_html(hostile_findings(gated=gated))
    read = Read(page)
    assert {tag for tag, _ in read.tags} <= TAGS
    assert read.open == []
    assert not [name for _, a in read.tags for name in a if name.startswith("on")]
    assert read.text.count(SCRIPT) >= 8 and IMAGE in read.text and "{{ 7 * 191 }}" in read.text
    assert all(one.isprintable() or one == "\n" for one in page)
    assert ("the baseline accepts it" in page) is gated
    page.encode()


def test_the_page_asks_nobody_for_anything(page):
    read = Read(page)
    assert {tag for tag, _ in read.tags} <= TAGS
    loads = {"src", "srcset", "action", "data", "poster", "background", "style", "ping"}
    assert not [a for _, a in read.tags if loads & set(a)]
    links = [a["href"] for tag, a in read.tags if tag == "a"]
    assert all(link.startswith("#") or urlsplit(link).scheme == "https" for link in links)
    assert {"@import", "url("}.isdisjoint(re.findall(r"@import|url\(", page))


def test_links_lead_to_a_part_of_the_page_or_to_the_rule(page):
    read = Read(page)
    ids = [a["id"] for _, a in read.tags if "id" in a]
    assert len(ids) == len(set(ids))
    links = [a["href"] for tag, a in read.tags if tag == "a"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert set(filter(lambda link: link[0] != "#", links)) == {one.source.url for one in ATTACKS}


def test_the_policy_allows_the_one_style_and_nothing_else(page):
    [policy] = [a["content"] for _, a in Read(page).tags if a.get("http-equiv")]
    said = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    assert said.pop("style-src").startswith("'sha256-")
    assert said == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


def test_a_report_in_which_nothing_got_in():
    report = Report([Row(ATTACKS[0], held("It held."))])
    text = one_line(Read(as_html(find(report, "http://127.0.0.1:1", "there"))).text)
    assert "No attack got in." in text and "Nothing was sent." in text
