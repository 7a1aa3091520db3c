"""docs/claims.md lists what the lessons say of other software, in their words, with sources."""

import ast
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent.parent

sys.path.insert(0, str(ROOT / "tools"))
from generated import Wrong, claims  # noqa: E402

FOUND = list(claims.find_claims(ROOT / "notebooks"))
TESTS = sorted({claim.test for claim in FOUND if claim.test})


def test_each_part_of_the_course_has_claims():
    lessons = {claim.path.name[:2] for claim in FOUND}
    assert lessons >= {f"{number:02d}" for number in range(1, 17)}


def test_each_claim_has_a_source_and_stands_in_its_lesson():
    for claim in FOUND:
        cells = nbformat.read(claim.path, as_version=4).cells
        texts = [claims.plain(cell.source) for cell in cells if cell.cell_type == "markdown"]
        assert any(claim.says in text for text in texts), claim
        assert claim.source.startswith("https://"), claim
        assert claim.heading, claim


@pytest.mark.parametrize("named", TESTS)
def test_the_test_that_shows_a_claim_is_there(named):
    file, _, name = named.partition("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


# ---- on examples

TEXT = """\
# A lesson

Flask **signs** the
[cookie](../docs/glossary.md#cookie).

## The second part

```python
# no heading

1
```

RFC 1 says `a | b`."""

SIGNS = {"says": "Flask signs the cookie.", "source": "https://flask.example"}
SAYS = {"says": "RFC 1 says `a | b`", "source": "https://rfc.example", "test": "tests/a.py::test_b"}


@pytest.fixture
def save(tmp_path):
    """Give a function that saves a lesson with some claims."""

    def make(*rows):
        cell = nbformat.v4.new_markdown_cell(TEXT, metadata={"claims": list(rows)})
        (tmp_path / "notebooks").mkdir()
        path = tmp_path / "notebooks" / "03_three.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
        return tmp_path

    return make


def test_a_claim_is_listed_below_the_heading_that_is_above_it(save):
    page = claims.make(save(SAYS, SIGNS))["docs/claims.md"]
    assert page.splitlines()[-4:] == [
        "| Flask signs the cookie. | [03 A lesson](../notebooks/03_three.ipynb#A-lesson) | "
        "<https://flask.example> |",
        "| RFC 1 says `a \\| b` "
        "| [03 The second part](../notebooks/03_three.ipynb#The-second-part) "
        "| <https://rfc.example>, [test_b](../tests/a.py) |",
        "",
        "2 claims, each with its source.",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"says": "Flask encrypts the cookie."}, "does not say 'Flask encrypts the cookie.'"),
        ({"source": "http://flask.example"}, "no address says 'Flask signs the cookie.'"),
        ({"source": ""}, "no address says 'Flask signs the cookie.'"),
    ],
)
def test_a_claim_in_other_words_or_without_a_source_is_an_error(save, change, said):
    root = save(SIGNS | change)
    with pytest.raises(Wrong, match=said):
        claims.make(root)
