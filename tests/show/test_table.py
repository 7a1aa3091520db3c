"""One table in three forms, and a long text in lines."""

import subprocess
import sys
from html.parser import HTMLParser

import pytest

from flasklogin_tutorial.show import (
    BAD,
    GOOD,
    NEITHER,
    Cell,
    html_table,
    labelled,
    markdown_table,
    text_table,
    wrap,
)

HOSTILE = "<script>1</script> & \"quotes\" and 'more'"


class Page(HTMLParser):
    """Collects the tags of a page with their attributes, and its texts."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts += [data] if data.strip() else []


def test_a_text_stays_a_text_wherever_it_stands():
    head = [Cell(HOSTILE, tag="th", scope="col")]
    page = Page(html_table([[HOSTILE], [Cell(HOSTILE, code=True)]], caption=HOSTILE, head=head))
    assert "script" not in dict(page.tags)
    assert page.texts == [HOSTILE] * 4


def test_what_stands_between_backticks_is_code():
    page = html_table([["`a<b` and `c` in one `"], [Cell("`d`", code=True)]])
    assert (
        '<td style="text-align:left"><code>a&lt;b</code> and <code>c</code> in one `</td>' in page
    )
    assert "<code>`d`</code>" in page


def test_a_cell_has_what_it_is_given_and_nothing_else():
    page = Page(html_table([[Cell("a", colour=GOOD), Cell("b", span=2), Cell(style="")]]))
    left = "text-align:left"
    assert [one for tag, one in page.tags if tag == "td"] == [
        {"style": f"{left};background:{GOOD}"},
        {"colspan": "2", "style": left},
        {},
    ]


def test_heads_of_columns_and_rows_are_said_to_be_ones():
    heads = [Cell("name", tag="th", scope="col"), Cell("app", tag="th", scope="col")]
    page = Page(html_table([[Cell("ada", tag="th", scope="row"), "old"]], head=heads))
    assert [one["scope"] for tag, one in page.tags if tag == "th"] == ["col", "col", "row"]
    assert [tag for tag, _ in page.tags if tag in ("thead", "tbody")] == ["thead", "tbody"]


def test_a_table_without_heads_has_no_empty_ones():
    assert {tag for tag, _ in Page(html_table([["a"]])).tags} == {"table", "tr", "td"}


def test_a_markdown_table_has_its_rule_below_the_heads():
    rows = (("`a`", "1"), ("`b`", "2"))
    assert markdown_table(("what", "count"), rows).splitlines() == [
        "| what | count |",
        "|:--|:--|",
        "| `a` | 1 |",
        "| `b` | 2 |",
    ]


def test_the_columns_of_a_text_stand_below_one_another():
    rows = [("9", "name", "x"), ("10", "a longer name", "")]
    assert text_table(rows, right=[0]) == [" 9  name           x", "10  a longer name"]
    assert text_table([]) == []


def test_a_row_that_lacks_a_cell_is_no_row():
    with pytest.raises(ValueError, match="shorter"):
        text_table([("a", "b"), ("c",)])


def test_a_line_never_ends_inside_a_name_with_hyphens():
    lines = wrap("the header X-Forwarded-For is what a visitor writes", 20)
    assert any("X-Forwarded-For" in line for line in lines)
    assert max(map(len, lines)) <= 20


def test_a_word_longer_than_a_line_is_broken_unless_it_is_asked_to_stay():
    assert wrap("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert wrap("a" * 25, 10, whole_words=True) == ["a" * 25]


def test_a_labelled_text_goes_on_below_its_beginning():
    first, second = labelled("evidence", "word " * 20, room=10)
    assert first.startswith("  evidence  word")
    assert second.startswith(" " * 12 + "word")


def test_the_colours_are_three_and_let_the_page_shine_through():
    assert len({GOOD, BAD, NEITHER}) == 3
    for colour in (GOOD, BAD, NEITHER):
        assert 0 < float(colour.removesuffix(")").rpartition(",")[2]) < 0.5


def test_nothing_but_the_standard_library_is_loaded():
    code = (
        "import sys; from flasklogin_tutorial import show; "
        "print(sorted(set(map(lambda name: name.partition('.')[0], sys.modules)) "
        "- sys.stdlib_module_names - {'__main__'}))"
    )
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "['flasklogin_tutorial']"
