"""A lesson uses nothing that a later one introduces, and links each term where it comes first."""

import tomllib
from pathlib import Path

import pytest

from flasklogin_tutorial import lab

from .notebook_rules import Notebook, anchors_of, notebooks_in
from .term_rules import (
    TABLE,
    Thing,
    Things,
    codes,
    features_in,
    names_in,
    read_things,
    sooner,
    unlinked,
    untold,
)

ROOT = Path(__file__).parent.parent.parent
NOTEBOOKS = {
    number: Notebook.read(path) for number, path in notebooks_in(ROOT / "notebooks").items()
}
THINGS = read_things()
SOLUTIONS = sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb"))
#: The lesson that has been read before the exercises to one: its last part, where it was divided.
LAST_READ = {number[:2]: number for number in NOTEBOOKS}


# ---- the notebooks


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_a_lesson_uses_nothing_that_a_later_one_introduces(number):
    found = {
        name: where
        for name, where in sooner(NOTEBOOKS[number], THINGS)
        if (name, number) not in THINGS.too_early
    }
    assert found == {}, (
        f"Explain it here, or do not use it, or say in {TABLE.name} why it comes too early."
    )


def test_what_the_table_calls_too_early_is_too_early():
    found = {
        (name, number)
        for number, notebook in NOTEBOOKS.items()
        for name, _ in sooner(notebook, THINGS)
    }
    gone = THINGS.too_early - found
    assert gone == set(), f"These come too early no more. Take them out of {TABLE.name}."


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_a_lesson_links_each_term_that_it_introduces_at_its_first_mention(number):
    assert list(unlinked(NOTEBOOKS[number], THINGS)) == []


@pytest.mark.parametrize("number", NOTEBOOKS)
def test_a_lesson_names_what_its_code_introduces_above_its_first_use(number):
    assert list(untold(NOTEBOOKS[number], THINGS)) == []


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_needs_no_word_and_no_part_of_python_of_a_later_lesson(path):
    last = LAST_READ[path.name[:2]]
    as_read = Notebook(Path(f"{last}_.ipynb"), Notebook.read(path).cells)
    things = Things(THINGS.terms, [], THINGS.features)
    assert list(sooner(as_read, things)) == []


def of_lesson(number):
    """Return the notebooks of a lesson, which are several where it was divided."""
    return [one for name, one in NOTEBOOKS.items() if name[:2] == number[:2]]


@pytest.mark.parametrize(
    ("kind", "uses"),
    [(THINGS.names, names_in), (THINGS.features, features_in)],
    ids=["names", "features"],
)
def test_what_the_table_says_of_code_is_used_in_the_lesson_that_introduces_it(kind, uses):
    for thing in kind:
        if thing.introduced:
            trees = [tree for one in of_lesson(thing.introduced) for _, tree in codes(one)]
            assert any(thing.name in uses(tree) for tree in trees), thing.name


def test_the_table_knows_every_helper_of_the_lab():
    assert set(lab.__all__) - {one.name for one in THINGS.names} == set()


def test_each_term_has_its_place_in_the_glossary():
    assert {one.anchor for one in THINGS.terms} < anchors_of(ROOT / "docs" / "glossary.md")


@pytest.mark.parametrize(("name", "row"), tomllib.loads(TABLE.read_text("utf-8"))["term"].items())
def test_a_term_is_explained_in_one_to_three_sentences(name, row):
    assert row["says"].endswith(".")
    assert 1 <= row["says"].count(". ") + 1 <= 3
    assert len(row["says"].split()) < 45
    assert ("source" in row) == ("url" in row)
    assert row.get("url", "https://").startswith("https://")


# ---- the rules, on examples


def text(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source, **metadata):
    return {"cell_type": "code", "metadata": metadata, "outputs": [], "source": source}


def quiz(question):
    shown = {"output_type": "execute_result", "data": {"text/plain": question}, "metadata": {}}
    return code('quiz("04")') | {"outputs": [shown]}


OPENING = text("# A fork\n**Step 4 of 6** · forks\n\nYou will\n- see a fork,\n- see forks.\n\nGo.")
FORK = Thing("fork", "05", ("forks?",), "fork")
TOOLS = Things(
    [FORK],
    [Thing("cut", "05", told=r"`[^`\n]*\bcut\b[^`\n]*`")],
    [Thing("lambda", "05", told="`lambda"), Thing(":=", None)],
)


def lesson(number, *cells):
    return Notebook(Path(f"{number}_it.ipynb"), [OPENING, *cells])


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (text("Here is a fork."), {"fork"}),
        (text("Two Forks. And more"), {"fork"}),
        (text("## A fork\n\nNo."), set()),
        (text("`fork`, forked, pitchfork, fork-lift\n\n```\nfork\n```"), set()),
        (text("| [04 The fork](04_fork.ipynb) | about the fork | 20 |"), set()),
        (text("see [05 The fork](05_fork.ipynb)"), set()),
        (text("see [a fork](https://example.org)"), {"fork"}),
        (text("see [this](https://example.org/fork)"), set()),
        (text("see [a fork](../docs/glossary.md#fork)"), {"fork"}),
        (text("see [this](../docs/glossary.md#fork)"), set()),
        (quiz("Is it a fork?"), {"fork"}),
        (code("cut(1)"), {"cut"}),
        (code("knife.cut"), {"cut"}),
        (code("eat(cut=1)"), {"cut"}),
        (code("from lab import cut"), set()),
        (code("def cut():\n    pass"), set()),
        (code("1", **{"try": {"solution": "cut(1)"}}), {"cut"}),
        (code("%magic cut"), set()),
        (code("f = lambda: 1"), {"lambda"}),
        (code("(x := 1)"), {":="}),
    ],
)
def test_what_comes_too_early_is_found(cell, found):
    assert {name for name, _ in sooner(lesson("04", cell), TOOLS)} == found
    assert {name for name, _ in sooner(lesson("05", cell), TOOLS)} == found & {":="}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([text("A [**fork**](../docs/glossary.md#fork). A fork.")], []),
        ([text("A fork. A [fork](../docs/glossary.md#fork).")], ["is no link"]),
        ([text("A fork."), text("A [fork](../docs/glossary.md#fork).")], ["is no link"]),
        ([text("A [fork](../docs/glossary.md#knife).")], ["is no link"]),
        ([text("A [knife](../docs/glossary.md#fork) and a fork.")], ["is no link"]),
        ([text("Nothing.")], ["never says it"]),
    ],
)
def test_a_first_mention_without_a_link_is_found(cells, said):
    found = list(unlinked(lesson("05", *cells), TOOLS))
    assert [part for one, part in zip(found, said, strict=True) if part not in one] == []
    assert list(unlinked(lesson("06", *cells), TOOLS)) == []


USED = [code("cut(1)"), code("f = lambda: 1")]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([text("`cut` cuts, `lambda: 1` is a function."), *USED], []),
        ([text("We cut. `lambda: 1` is a function."), *USED], ["cut: no text above"]),
        ([text("`cut(x)` and lambda."), *USED], ["lambda: no text above"]),
        ([*USED, text("`cut` and `lambda`.")], ["cut: no text above", "lambda: no text above"]),
        ([text("```\n`cut` `lambda`\n```"), *USED], ["cut: no text", "lambda: no text"]),
        ([text("`cut` `lambda`"), USED[0]], ["lambda: the notebook that introduces it never"]),
    ],
)
def test_what_is_used_without_a_word_is_found(cells, said):
    found = list(untold(lesson("05", *cells), TOOLS))
    assert [part for one, part in zip(found, said, strict=True) if part not in one] == []
    assert list(untold(lesson("04", *cells), TOOLS)) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("@once\ndef f():\n    pass", {"decorator"}),
        ("with open(x) as f:\n    pass", {"with"}),
        ("a | {'b': 1}", {"|"}),
        ("def f(x: int | None) -> str | None:\n    y: int | str = 1", set()),
        ("text.rpartition(' ')", {"partition"}),
        ("patch('x')", {"patch"}),
        ("patch.object(x, 'y')", {"patch"}),
        ("[x for x in y]", set()),
        ("{x for y in z for x in y}", {"two for"}),
        ("[*x, 1]", {"*"}),
        ("f(**x)", {"**"}),
        ("f(x=1)", set()),
        ("def f():\n    yield 1", {"yield"}),
    ],
)
def test_each_part_of_python_is_told(source, found):
    (tree,) = [tree for _, tree in codes(lesson("04", code(source)))]
    assert features_in(tree) == found


def test_the_table_is_read_with_its_exceptions(tmp_path):
    table = tmp_path / "terms.toml"
    table.write_text(
        "[term.fork]\nintroduced = '05'\nsays = 'It forks.'\n"
        "[term.'a (b) c']\nintroduced = '06'\nsays = 'It.'\nwords = []\n"
        "[names]\n'05' = ['cut']\n"
        "[python.lambda]\nwhat = 'a'\nintroduced = '05'\ntold = '`lambda'\n"
        "[python.':=']\nwhat = 'b'\n"
        "[[too_early]]\nwhat = 'cut'\nnotebooks = ['02', '03']\nwhy = 'c'\n"
    )
    read = read_things(table)
    assert read.terms == [FORK, Thing("a (b) c", "06", (), "a-b-c")]
    assert (read.names, read.features) == (TOOLS.names, TOOLS.features)
    assert read.too_early == {("cut", "02"), ("cut", "03")}
