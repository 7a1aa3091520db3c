"""docs/claims.md lists what the course says of other software, in its words, with sources."""

import ast
import sys
from pathlib import Path

import nbformat
import pytest

from flasklogin_tutorial.exercises import all_exercises
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.lines import all_lines
from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed
from flasklogin_tutorial.exercises.quiz import all_quizzes

ROOT = Path(__file__).parent.parent.parent

sys.path.insert(0, str(ROOT / "tools"))
from generated import Wrong, claims  # noqa: E402

FOUND = list(claims.find_claims(ROOT / "notebooks"))
TESTS = sorted({claim.test for claim in FOUND if claim.test})


def test_each_part_of_the_course_has_claims():
    lessons = {claim.path.name[:2] for claim in FOUND}
    assert lessons >= {f"{number:02d}" for number in range(1, 20)}


def test_each_claim_has_a_source_and_stands_in_its_lesson():
    for claim in FOUND:
        assert claim.source.startswith("https://"), claim
        assert claim.heading, claim
        if claim.told:
            continue
        cells = nbformat.read(claim.path, as_version=4).cells
        texts = [claims.plain(cell.source) for cell in cells if cell.cell_type == "markdown"]
        assert any(claim.says in text for text in texts), claim


TOLD = (
    {f"question {name}": one for name, one in all_quizzes().items()}
    | {f"lines {one.number}": one for one in all_lines()}
    | {f"exercise {one.number}": one for one in all_exercises()}
)


def test_each_claim_of_a_question_a_line_and_an_exercise_stands_in_its_words_and_on_the_page():
    there = {(claim.told, claim.says) for claim in FOUND}
    own = [(told, one, claim) for told, one in TOLD.items() for claim in one.claims]
    assert {told.partition(" ")[0] for told, _, _ in own} == {"question", "lines", "exercise"}
    for told, one, claim in own:
        assert any(claims.plain(claim.says) in claims.plain(text) for text in one.texts), claim
        assert (told, claims.plain(claim.says)) in there


def test_all_that_a_reader_is_told_by_a_question_can_hold_a_claim():
    chosen = Quiz("Who?", Choice("ada", "She is.", True), Choice("bob", "He too."))
    typed = Typed("How many?", 2, "Two.", wrong={1: "One more."}, otherwise="Count.")
    assert chosen.texts == ("Who?", "ada", "She is.", "bob", "He too.")
    assert typed.texts == ("How many?", "Two.", "One more.", "Count.")


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


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Give a function that saves a lesson which asks a question with a claim."""

    def make(says, source="https://flask.example"):
        one = Quiz(
            "Who signs?",
            Choice("Flask", "It signs the cookie.", True),
            Choice("nobody", "Somebody does."),
            claims=[Claim(says, source)],
        )
        monkeypatch.setattr(claims, "all_quizzes", lambda: {"03": one})
        cells = [
            nbformat.v4.new_markdown_cell("# A lesson\n\n## Signed"),
            nbformat.v4.new_code_cell('quiz("03")'),
        ]
        (tmp_path / "notebooks").mkdir()
        notebook = nbformat.v4.new_notebook(cells=cells)
        nbformat.write(notebook, tmp_path / "notebooks" / "03_three.ipynb")
        return tmp_path

    return make


def test_a_claim_of_a_question_is_listed_where_the_question_is_asked(ask):
    page = claims.make(ask("It signs the cookie."))["docs/claims.md"]
    assert page.splitlines()[-3] == (
        "| It signs the cookie. | [03 Signed](../notebooks/03_three.ipynb#Signed), question 03 | "
        "<https://flask.example> |"
    )


@pytest.mark.parametrize(
    ("says", "source", "said"),
    [
        ("It encrypts it.", "https://flask.example", "question 03: nothing there says 'It encr"),
        ("It signs the cookie.", "flask.example", "question 03: no address says 'It signs"),
    ],
)
def test_a_claim_of_a_question_in_other_words_or_without_a_source_is_an_error(
    ask, says, source, said
):
    root = ask(says, source)
    with pytest.raises(Wrong, match=said):
        claims.make(root)
