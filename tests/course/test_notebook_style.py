"""The notebooks follow the rules of the house, and each rule finds what it is there for."""

import json
from pathlib import Path

import pytest

from flasklogin_tutorial.attacks import ATTACKS

from .notebook_rules import (
    MOST_MINUTES_OF_A_PAGE,
    PAGES,
    RULES,
    Notebook,
    broken_links,
    calls_of,
    notebooks_in,
    table_problems,
    without_code,
)

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
FOUND = notebooks_in(ROOT / "notebooks")

#: No notebook may be missing between two others.
NUMBERS = sorted({*(f"{number:02d}" for number in range(int(max(FOUND)[:2]) + 1)), *FOUND})

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
each_notebook = pytest.mark.parametrize("number", NUMBERS, ids="notebook {}".format)


def notebook_with(number):
    assert number in FOUND, f"there is no notebook {number}_….ipynb"
    return Notebook.read(FOUND[number])


# ---- the notebooks


@each_notebook
@each_rule
def test_a_notebook_follows_the_rule(number, rule):
    assert list(rule(notebook_with(number))) == []


@pytest.mark.parametrize("number", [number for number in NUMBERS if number in PAGES])
def test_a_page_takes_few_minutes(number):
    assert notebook_with(number).minutes <= MOST_MINUTES_OF_A_PAGE


def test_no_two_notebooks_have_one_number():
    assert FOUND
    assert len(FOUND) == len(list((ROOT / "notebooks").glob("*.ipynb")))


def test_the_map_in_the_first_notebook_lists_every_notebook_with_its_title_and_minutes():
    notebooks = [notebook_with(number) for number in NUMBERS]
    first = notebooks[0]
    assert list(table_problems("\n".join(first.markdown), notebooks, first.path)) == []


def test_the_readme_lists_every_notebook_with_its_title_and_minutes():
    notebooks = [notebook_with(number) for number in NUMBERS]
    assert list(table_problems(README.read_text(encoding="utf-8"), notebooks, README)) == []


def test_an_attack_says_that_it_is_closed_in_a_notebook_that_closes_it():
    closed = {}
    for number in NUMBERS:
        for call in calls_of(notebook_with(number), "attack"):
            closed.setdefault(call.args[1].value, set()).add(FOUND[number].stem)
    told = {one.name: one.fixed_in for one in ATTACKS}
    assert len(closed) > 30
    assert {name: told[name] for name, books in closed.items() if told[name] not in books} == {}
    assert set(told.values()) <= {path.stem for path in FOUND.values()}


def test_the_links_of_the_readme_lead_somewhere():
    assert list(broken_links(README.read_text(encoding="utf-8"), README)) == []


# ---- the rules, on examples

OPENING = """\
# Tell Flask-Login who is calling
**Step 4 of 6** · 10 minutes to read, 5 to try · before this: [03 The model](03_user_model.ipynb)

You will
- follow an id,
- write one function.
"""
ENDING = """\
## What you have now

You have
- followed an id,
- written one function.

Back: [03 The model](03_user_model.ipynb) · Next: [05 Protect: the routes](05_routes.ipynb)
"""


def markdown(source):
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source}


def code(source, count, *outputs):
    return {
        "cell_type": "code",
        "id": "c",
        "execution_count": count,
        "metadata": {},
        "outputs": list(outputs),
        "source": source,
    }


def shown(**data):
    """Return an output that has forms, named by what stands after the slash."""
    kinds = {"plain": "text/plain", "html": "text/html", "mermaid": "text/vnd.mermaid"}
    kinds |= {"png": "image/png", "markdown": "text/markdown"}
    data = {kinds[kind]: text for kind, text in data.items()}
    return {"output_type": "display_data", "data": data, "metadata": {}}


@pytest.fixture
def cells():
    """Give the cells of a notebook that follows all rules."""
    return [
        markdown(OPENING),
        code("app = 1", 1),
        markdown(
            "## One function\n\nSee [above](#One-function) and [the first](03_user_model.ipynb)."
        ),
        code("check(app, step=4)", 2, shown(plain="fine", html="<b>fine</b>")),
        markdown(ENDING),
    ]


@pytest.fixture
def save(tmp_path):
    """Give a function that saves cells as notebook 04, between its neighbours, and reads it."""

    def write(name, cells):
        (tmp_path / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")

    def make(cells):
        write("03_user_model.ipynb", [markdown("# The model\n## A part")])
        write("05_routes.ipynb", [markdown("# Protect: the routes")])
        write("04_user_loader.ipynb", cells)
        return Notebook.read(tmp_path / "04_user_loader.ipynb")

    return make


def problems(notebook):
    return [f"{rule.__name__}: {said}" for rule in RULES for said in rule(notebook)]


def test_a_good_notebook_has_no_problems(save, cells):
    assert problems(save(cells)) == []


def replace(place, old, new):
    """Return a change of the text of one cell."""

    def change(cells):
        assert old in cells[place]["source"]
        cells[place]["source"] = cells[place]["source"].replace(old, new)

    return change


def output(**data):
    """Return a change that adds an output to the second code cell."""
    return lambda cells: cells[3]["outputs"].append(shown(**data))


def raw_output(**fields):
    return lambda cells: cells[3]["outputs"].append(fields)


def say(text):
    """Return a change that adds a text to the middle."""
    return lambda cells: cells.insert(2, markdown(text))


def add_code(*sources):
    """Return a change that adds code cells before the check, and counts anew."""

    def change(cells):
        cells[3:3] = [code(source, 0) for source in sources]
        for count, cell in enumerate((c for c in cells if c["cell_type"] == "code"), 1):
            cell["execution_count"] = count

    return change


def tag(place, name):
    """Return a change that gives one cell a tag."""
    return lambda cells: cells[place]["metadata"].update(tags=[name])


BAD = {
    "it_opens_with_a_title_its_place_and_minutes": [
        (replace(0, "# Tell Flask-Login who is calling", "Tell"), "does not begin with a line"),
        (replace(0, "# Tell Flask-Login who is calling", "# "), "does not begin with a line"),
        (replace(0, "is calling", "is calling?"), "ends with punctuation"),
        (replace(0, "is calling", "is calling."), "ends with punctuation"),
        (replace(0, "**Step", "Step"), "the second line is not"),
        (replace(0, "10 minutes", "some minutes"), "the second line is not"),
        (replace(0, ", 5 to try", ""), "the second line is not"),
        (replace(0, "calling\n", "calling\n\n"), "the second line is not"),
        (replace(0, "Step 4", "Step 5"), "the file is number 04: Step 4 of 6"),
        (replace(0, "of 6", "of 7"), "the file is number 04: Step 4 of 6"),
        (replace(0, "(03_user_model", "(05_routes"), "before this: ['05_routes.ipynb']"),
        (replace(0, " · before this: [03 The model](03_user_model.ipynb)", ""), "before this"),
        (replace(0, "**Step", "Now **Step"), "the second line is not"),
        (lambda cells: cells.insert(0, code("# Title", 1)), "the first cell does not begin"),
    ],
    "it_promises_two_to_four_things_and_says_at_the_end_that_they_are_done": [
        (replace(0, "You will\n", ""), "above 0 points"),
        (replace(0, "- write one function.\n", ""), "above 1 points"),
        (replace(0, "You will\n", "You will\n- a,\n- b,\n- c,\n"), "above 5 points"),
        (replace(-1, "- followed an id,\n", ""), "has 2 points, 'You have' in the last cell has 1"),
        (replace(-1, "You have\n", "You have now\n"), "has 2 points, 'You have' in the last cell"),
        (lambda cells: cells.append(markdown("[03](03_user_model.ipynb)")), "last cell has 0"),
    ],
    "it_ends_with_links_to_its_neighbours": [
        (replace(-1, "(03_user_model.ipynb)", "(05_routes.ipynb)"), "no link to 03_user_model"),
        (replace(-1, "Next: [05 Protect: the routes](05_routes.ipynb)", ""), "no link to 05_rou"),
        (replace(-1, "Back:", "\nBack: ["), None),
        (replace(-1, " · Next", "\n\nNext"), "no link to 03_user_model"),
    ],
    "its_links_lead_somewhere": [
        (say("[a](missing.ipynb)"), "missing.ipynb, which does not exist"),
        (say("[a](missing.ipynb#Part)"), "which does not exist"),
        (say('[a](missing.ipynb "its title")'), "which does not exist"),
        (say("![a](missing.png)"), "missing.png"),
        (say("[![a](missing.png)](03_user_model.ipynb)"), "missing.png"),
        (say("[![a](https://a.example/b.png)](missing.md)"), "missing.md"),
        (say('<a href="missing.html">a</a>'), "missing.html"),
        (say('<img src="missing.png" alt="a picture">'), "missing.png"),
        (say("[a][b]\n\n[b]: missing.md"), "missing.md"),
        (say("[a](#No-such-part)"), "#No-such-part, where no heading has this anchor"),
        (say("[a](03_user_model.ipynb#No-such-part)"), "no heading has this anchor"),
        (say("[a](/)"), "a link to /, which does not exist"),
        (say("[a](file:///03_user_model.ipynb)"), "no address on the web"),
        (say("[a](03_user_model.ipynb#A-part) [b](https://a.example/#c) `[d](e)`"), None),
    ],
    "its_links_name_other_notebooks_as_they_are_called": [
        (replace(-1, "[03 The model]", "[03 The user]"), "is called '03 The model'"),
        (replace(-1, "[03 The model]", "[02 The model]"), "a link says '02 The model"),
        (replace(0, "[03 The model]", "[03 A model]"), "a link says '03 A model'"),
        (replace(-1, "[05 Protect: the routes]", "[05 Protect]"), None),
    ],
    "its_headings_go_down_one_level_at_a_time": [
        (replace(2, "## One", "# One"), "2 headings of level 1"),
        (replace(2, "## One", "### One"), "a heading of level 3 below one of level 1"),
        (say("## A\n\ntext\n\n#### B"), "a heading of level 4 below one of level 2"),
        (say("## A\n\n### B\n\n## C\n\n```\n# a comment\n```"), None),
    ],
    "its_code_cells_are_small": [
        (add_code("x\n" * 17), "has 17 lines, more than 16"),
        (add_code("x\n" * 16), None),
        (add_code("x = 1  # " + "y" * 83), "has 92 columns, not 91"),
        (add_code("x = 1  # " + "y" * 82), None),
        (add_code(*["x\n" * 11] * 2), None),
        (add_code(*["x\n" * 15] * 2), "8.0 lines in the mean"),
    ],
    "its_code_cells_were_run_in_order": [
        (lambda cells: cells[3].update(execution_count=None), "[1, None]"),
        (lambda cells: cells[3].update(execution_count=3), "[1, 3]"),
        (lambda cells: cells[1].update(execution_count=2), "[2, 2]"),
    ],
    "it_stores_no_error_and_no_message_on_stderr": [
        (raw_output(output_type="error", ename="KeyError", evalue="x", traceback=[]), "KeyError"),
        (raw_output(output_type="stream", name="stderr", text="careful"), "message on stderr"),
        (raw_output(output_type="stream", name="stdout", text="fine"), None),
    ],
    "it_stores_no_diagram": [
        (output(plain="a", mermaid="sequenceDiagram"), "code cell 2 stores a diagram"),
    ],
    "its_outputs_are_small": [
        (output(plain="x\n" * 60), "has 61 lines"),
        (output(plain="x\n" * 59), None),
        (output(plain="x" * 111), "has 111 columns"),
        (output(plain="x" * 110), None),
        (raw_output(output_type="stream", name="stdout", text=["x\n"] * 60), "has 61 lines"),
        (raw_output(output_type="stream", name="stdout", text="x" * 111), "has 111 columns"),
    ],
    "its_images_have_a_text_for_those_who_do_not_see_them": [
        (say("![](03_user_model.ipynb)"), "no text between its brackets"),
        (say('<img src="03_user_model.ipynb">'), "an image has no alt"),
        (say('<img alt="" src="03_user_model.ipynb">'), "an image has no alt"),
        (output(plain="a", html='<img src="data:image/svg+xml;base64,">'), "an image has no alt"),
        (output(plain="a", html='<img src="data:," alt="a box">'), None),
        (output(plain="a", markdown="![ ](data:,)"), "no text between its brackets"),
        (output(plain="a", png="iVBO"), "code cell 2 shows an image"),
    ],
    "its_words_are_kind": [
        (say("This is simple."), "the word 'simple': This is simple."),
        (say("Simply do it."), "the word 'Simply'"),
        (say("It is easy, and **easily** done."), "the word 'easily'"),
        (say("Obviously."), "the word 'Obviously'"),
        (say("That is obvious"), "the word 'obvious'"),
        (say("You just\nrun it."), "the word 'just'"),
        (say("Of\ncourse it is."), "the word 'Of course'"),
        (say("| just |"), "the word 'just'"),
        (say("[just this](03_user_model.ipynb)"), "the word 'just'"),
        (say("Well done!"), "an exclamation mark: Well done!"),
        (say("> [!NOTE]"), "an exclamation mark"),
        (say("An adjustment of the course, simpler, uneasy, `just!` ``a ` just!`` ok."), None),
        (say("```\njust!\n```\n<!-- just! -->\n![a](03_user_model.ipynb)"), None),
        (say("~~~python\nx != just\n~~~"), None),
    ],
    "its_code_is_python": [
        (add_code("%time x"), "code cell 2 is no Python"),
        (add_code("!ls"), "code cell 2 is no Python"),
    ],
    "every_attack_is_seen_to_succeed_and_then_to_fail": [
        (
            add_code('assert attack(app, "a").got_in', 'assert attack(app, "a").held'),
            None,
        ),
        (
            add_code('assert attack(app, "a").held', 'assert attack(app, "a").got_in'),
            "the attack a is not seen to succeed and then to fail: ['held', 'got_in']",
        ),
        (
            add_code('assert attack(app, "a").got_in'),
            "the attack a is not seen to succeed and then to fail: ['got_in']",
        ),
        (
            add_code('attack(app, "a")'),
            "attack(app, 'a') stands in no assert with .got_in or .held",
        ),
    ],
    "it_checks_the_app_of_its_step": [
        (replace(3, "check(", "inspect("), "no cell calls check()"),
        (replace(3, "check(app", "# check(app"), "no cell calls check()"),
        (replace(3, "step=4", "step=3"), "no cell calls check(…, step=4)"),
    ],
    "its_outputs_are_compared_or_the_text_says_why_not": [
        (tag(3, "nbval-ignore-output"), "does not say why"),
    ],
    "it_imports_the_lab_in_one_line": [
        (
            add_code(*(f"from flasklogin_tutorial.lab import {name}" for name in "ab")),
            "2 lines import from the lab",
        ),
        (
            add_code("from flasklogin_tutorial.lab import a, b\nfrom flasklogin_tutorial import c"),
            None,
        ),
    ],
    "its_code_is_explained": [
        (add_code("1", "2", "3"), "more than 3 code cells in a row, up to: check(app, step=4)"),
        (add_code("1", "2"), None),
    ],
}


def test_every_rule_has_an_example():
    assert set(BAD) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "change", "said"),
    [(rule, *example) for rule, examples in BAD.items() for example in examples],
    ids=[f"{rule}-{n}" for rule, examples in BAD.items() for n, _ in enumerate(examples)],
)
def test_a_rule_finds_what_it_is_there_for(save, cells, rule, change, said):
    change(cells)
    found = [one.partition(": ") for one in problems(save(cells))]
    own = [text for name, _, text in found if name == rule]
    if said is None:
        assert own == []
    else:
        assert [text for text in own if said in " ".join(text.split())], found


@pytest.mark.parametrize(
    ("name", "place", "before", "good"),
    [
        ("00_start_here.ipynb", "Start here", None, True),
        ("00_start_here.ipynb", "Step 0 of 6", None, False),
        ("06b_between.ipynb", "Step 6 of 6", "06_logout.ipynb", True),
        ("06b_between.ipynb", "Step 6 of 6", None, False),
        ("00b_line_by_line.ipynb", "Before step 1", None, True),
        ("00b_line_by_line.ipynb", "Start here", None, False),
        ("00c_more_lines.ipynb", "Before step 1", None, True),
        ("07_the_whole_app.ipynb", "After step 6", "06_logout.ipynb", True),
        ("07_the_whole_app.ipynb", "Step 7 of 6", "06_logout.ipynb", False),
        ("07_the_whole_app.ipynb", "After step 6", None, False),
        ("07b_between.ipynb", "Between the parts", "06_logout.ipynb", True),
        ("07b_between.ipynb", "After step 6", "06_logout.ipynb", False),
        ("10d_between.ipynb", "Halfway through part 2", "06_logout.ipynb", True),
        ("08_it.ipynb", "Part 2, lesson 8 of 19", "06_logout.ipynb", True),
        ("08b_it.ipynb", "Part 2, lesson 8b of 19", "06_logout.ipynb", True),
        ("08b_it.ipynb", "Part 2, lesson 8 of 19", "06_logout.ipynb", False),
        ("13b_it.ipynb", "Part 3, lesson 13b of 19", "06_logout.ipynb", True),
        ("17_it.ipynb", "Part 4, lesson 17 of 19", "06_logout.ipynb", True),
        ("17_it.ipynb", "Part 3, lesson 17 of 19", "06_logout.ipynb", False),
    ],
)
def test_the_first_and_the_last_notebook_say_where_they_stand(tmp_path, name, place, before, good):
    (tmp_path / "06_logout.ipynb").write_text('{"cells": []}')
    opening = f"# Title\n**{place}** · 1 minute to read, 2 to try"
    if before:
        opening += f" · before this: [06 Log out]({before})"
    notebook = Notebook(tmp_path / name, [markdown(opening)])
    assert (list(RULES[0](notebook)) == []) == good


def test_code_in_code_and_code_in_text_are_told_apart():
    text = "a `b` c ``d ` e`` f\n\n```py\ng `h`\n```\ni\n\n````\n```\nj\n```\n````\nk <!-- l --> m"
    assert without_code(text).split() == ["a", "c", "f", "i", "k", "m"]


# ---- the table of the course

TABLE = """\
| notebook | what you learn | minutes |
|:--|:--|--:|
| [03 The model](03_user_model.ipynb) | a | 3 |
| **04 Tell Flask-Login who is calling** | b, with a [link](#x) | 15 |
"""


@pytest.fixture
def table(tmp_path):
    """Give a function that says what is wrong with a table in notebook 04."""
    first = "# The model\n**Step 3 of 6** · 1 minutes to read, 2 to try"
    notebooks = [
        Notebook(tmp_path / "03_user_model.ipynb", [markdown(first)]),
        Notebook(tmp_path / "04_user_loader.ipynb", [markdown(OPENING)]),
    ]
    return lambda text: list(table_problems(text, notebooks, notebooks[1].path))


def test_a_good_table_has_no_problems(table):
    assert table(TABLE) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (TABLE, "", "03_user_model.ipynb: the table says None"),
        ("| 3 |", "| 4 |", "03_user_model.ipynb: the table says ('03 The model', 4)"),
        ("| 15 |", "| 14 |", "04_user_loader.ipynb"),
        ("[03 The model]", "[03 The]", "03_user_model.ipynb"),
        ("[03 The", "[3 The", "03_user_model.ipynb"),
        ("(03_user_model.ipynb)", "(03_user.ipynb)", "03_user_model.ipynb: the table says None"),
        ("| **04", "| [05 More](05_more.ipynb) | c | 1 |\n| **04", "05_more.ipynb: the table says"),
        (
            "|:--|:--|--:|\n",
            "|:--|:--|--:|\n| **04 Tell Flask-Login who is calling** | c | 15 |\n",
            "order",
        ),
    ],
)
def test_a_table_that_is_wrong_is_found(table, old, new, said):
    assert old in TABLE
    assert [one for one in table(TABLE.replace(old, new)) if said in one]
