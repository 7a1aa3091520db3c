"""What a reader types is what stands in the files, and a notebook tells all that its step adds."""

from contextlib import suppress
from pathlib import Path

import pytest

from .listing_rules import (
    EXCERPTS,
    differences,
    listing_problems,
    listings_of,
    long_listings,
    shows_diff,
    unchecked_definitions,
    units_of,
    untold_additions,
    whole_file_problems,
)
from .notebook_rules import LAST_STEP, Notebook, notebooks_in, text_of

ROOT = Path(__file__).parent.parent.parent
FOUND = notebooks_in(ROOT / "notebooks")
STEPS = sorted((ROOT / "flasklogin_tutorial" / "steps").glob("step[0-9][0-9]_*.py"))

#: The eight notebooks of part 1 have to be there; those of the other parts join when they are.
NUMBERS = sorted({*(f"{number:02d}" for number in range(LAST_STEP + 2)), *FOUND})

each_notebook = pytest.mark.parametrize("number", NUMBERS, ids="notebook {}".format)


def notebook_with(number):
    assert number in FOUND, f"there is no notebook {number}_….ipynb"
    return Notebook.read(FOUND[number])


# ---- the notebooks


@each_notebook
def test_what_a_reader_types_is_in_the_file_that_the_cell_names(number):
    assert list(listing_problems(notebook_with(number))) == []


@each_notebook
def test_a_text_that_shows_a_whole_file_shows_it_as_it_is_and_numbers_its_sentences(number):
    for cell in notebook_with(number).cells:
        if cell["cell_type"] == "markdown" and cell["metadata"].get("whole"):
            file = (ROOT / cell["metadata"]["listing"]).read_text(encoding="utf-8")
            assert list(whole_file_problems(text_of(cell), file)) == []


@each_notebook
def test_what_is_defined_and_in_no_file_is_marked_as_an_experiment(number):
    assert list(unchecked_definitions(notebook_with(number))) == []


@pytest.mark.parametrize("number", EXCERPTS)
def test_of_the_finished_app_a_lesson_shows_a_few_lines_and_no_private_helper(number):
    assert list(long_listings(notebook_with(number))) == []


@pytest.mark.parametrize("step", range(1, LAST_STEP + 1))
def test_a_notebook_has_typed_or_shows_all_that_its_step_adds(step):
    before, after = (path.read_text(encoding="utf-8") for path in STEPS[step - 1 : step + 1])
    path = STEPS[step].relative_to(ROOT).as_posix()
    assert list(untold_additions(notebook_with(f"{step:02d}"), before, after, path)) == []


@pytest.mark.parametrize("step", range(1, LAST_STEP + 1))
def test_a_notebook_has_something_of_its_step_typed(step):
    path = STEPS[step].relative_to(ROOT).as_posix()
    parts = [notebook_with(number) for number in FOUND if int(number[:2]) == step]
    assert path in [listed for part in parts for _, _, listed in listings_of(part)]


# ---- the comparison, on examples

FILE = '''\
"""A file."""

import json
from flask import Flask, request as sent

KEY = "some key"


class User:
    """A user."""

    name = "ada"

    @property
    def is_active(self) -> bool:
        """Whether."""
        return True


def create_app():
    app = Flask(__name__)
    app.secret_key = KEY

    @app.route("/login", methods=["POST"])
    def login():
        info = json.loads(sent.data)
        if info is None:
            return {"error": "x"}
        return info

    return app
'''

LOGIN = """\
@app.route("/login", methods=["POST"])
def login():
    info = json.loads(sent.data)
    if info is None:
        return {"error": "x"}
    return info
"""

USER = """\
class User:
    name = "ada"

    @property
    def is_active(self) -> bool:
        return True
"""


@pytest.mark.parametrize(
    "cell",
    [
        LOGIN,
        "# a comment\n" + LOGIN.replace("    ", "  "),
        LOGIN.replace("():\n", "():\n    '''What it does.'''\n"),
        LOGIN.replace('"', "'"),
        "app.secret_key = KEY",
        "app = Flask(__name__)\n\n" + LOGIN,
        "@property\ndef is_active(self) -> bool:\n    return True",
        USER,
        "import json",
        "from flask import Flask",
        "from flask import (\n    request as sent,\n    Flask,\n)",
        "app = Flask(__name__)\nimport json\napp.secret_key = KEY",
        FILE,
    ],
)
def test_code_that_is_in_the_file_is_accepted(cell):
    assert list(differences(cell, FILE)) == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (LOGIN.replace("/login", "/logim"), "not in the file: @app.route('/logim'"),
        (LOGIN.replace("sent.data", "sent.date"), "+     info = json.loads(sent.date)"),
        (LOGIN.replace("is None", "is not None"), "not in the file"),
        (LOGIN.replace('"x"', '"y"'), "not in the file"),
        (LOGIN.replace("    return info\n", ""), "not in the file"),
        (LOGIN.replace('@app.route("/login", methods=["POST"])\n', ""), "not in the file: def log"),
        (LOGIN.replace("login()", "login(self)"), "not in the file"),
        (LOGIN.replace("def login", "async def login"), "not in the file"),
        ("app.secret_key = key", "not in the file: app.secret_key = key"),
        ("@property\ndef is_active(self):\n    return True", "not in the file"),
        ("def is_active(self) -> bool:\n    return True", "not in the file"),
        ("app = Flask(__name__)\nx = 1\n" + LOGIN, "not in the file: x = 1"),
        ("app.secret_key = KEY\napp = Flask(__name__)", "stands before what the cell has above"),
        (LOGIN + "app.secret_key = KEY", "stands before what the cell has above"),
        ("KEY = 'some key'\nKEY = 'some key'", "stands before what the cell has above"),
        ("import os", "does not import os from None"),
        ("import json as j", "does not import json from None, or not as j"),
        ("from flask import Flask, jsonify", "does not import jsonify from flask"),
        ("from flask_login import Flask", "does not import Flask from flask_login"),
        ("from flask import request", "does not import request from flask"),
        ("", "nothing in the cell to compare"),
        ("# only a comment", "nothing in the cell to compare"),
        ("'''only a docstring'''", "nothing in the cell to compare"),
    ],
)
def test_code_that_is_not_in_the_file_is_found(cell, said):
    found = list(differences(cell, FILE))
    assert len(found) == 1
    assert said in found[0]


EXCERPT = """\
@app.route("/login", methods=["POST"])
def login():
    # ...
    if info is None:
        return {"error": "x"}
    # ...
"""

ANNOTATED = """\
def find(self, name: str, *, most: int = 3) -> list[str]:
    \"\"\"Find.\"\"\"
    look(name)
    if name:
        raise Refused(403, "code", "said", at=name)
    return [name]
"""


@pytest.mark.parametrize(
    ("cell", "file"),
    [
        (EXCERPT, FILE),
        ("# ...\n" + EXCERPT, FILE),
        (EXCERPT.replace("    # ...\n    if", "    info = json.loads(sent.data)\n    if"), FILE),
        ("def find(self, name, *, most=3):\n    # ...\n    return [name]", ANNOTATED),
        ("def find(self, name: str, *, most=3):\n    look(name)\n    # ...", ANNOTATED),
        (
            "def find(self, name, *, most=3):\n    # ...\n    if name:\n"
            "        raise Refused(\n            403,\n            # ...\n        )\n    # ...",
            ANNOTATED.replace(", at=name", ""),
        ),
        ("# ...\napp.secret_key = KEY", FILE),
    ],
)
def test_an_excerpt_leaves_out_lines_where_it_says_so(cell, file):
    assert list(differences(cell, file)) == []


@pytest.mark.parametrize(
    ("cell", "file"),
    [
        (EXCERPT.replace('"x"', '"y"'), FILE),
        (EXCERPT.replace('@app.route("/login", methods=["POST"])\n', ""), FILE),
        (EXCERPT.replace("login()", "login(self)"), FILE),
        (EXCERPT.removesuffix("    # ...\n"), FILE),
        (EXCERPT.replace("    # ...\n    if", "    if"), FILE),
        (EXCERPT.replace("    # ...\n    if", "    # …\n    if"), FILE),
        ("def find(self, name, *, most=3):\n    return [name]", ANNOTATED),
        ("def find(self, name: int, *, most=3):\n    # ...\n    return [name]", ANNOTATED),
        ("def find(self, name, *, most=4):\n    # ...\n    return [name]", ANNOTATED),
        ("def find(self, name, *, most=3):\n    return [name]\n    # ...", ANNOTATED),
        ("# ...\napp.secret_key = key", FILE),
        ("app.secret_key = KEY\n# ...\napp = Flask(__name__)", FILE),
    ],
)
def test_an_excerpt_that_changes_or_forgets_something_is_found(cell, file):
    assert len(list(differences(cell, file))) == 1


def test_a_listing_without_a_mark_may_leave_out_nothing():
    assert list(differences(ANNOTATED.replace(": str", ""), ANNOTATED))


def test_every_changed_letter_of_the_code_is_found():
    compared = 0
    for place, letter in enumerate(LOGIN):
        if not letter.isalnum():
            continue
        changed = LOGIN[:place] + ("z" if letter != "z" else "y") + LOGIN[place + 1 :]
        with suppress(SyntaxError):
            assert list(differences(changed, FILE)), changed
            compared += 1
    assert compared > 60


# ---- the cells, on examples


def cell(kind, source, **metadata):
    return {"cell_type": kind, "source": source, "metadata": metadata, "outputs": []}


@pytest.fixture
def root(tmp_path):
    """Give a folder with a package that has one file."""
    (tmp_path / "flasklogin_tutorial").mkdir()
    (tmp_path / "flasklogin_tutorial" / "app.py").write_text(FILE, encoding="utf-8")
    (tmp_path / "other.py").write_text(FILE, encoding="utf-8")
    return tmp_path


def listed(root, *cells):
    return list(listing_problems(Notebook(root / "04_it.ipynb", list(cells)), root))


PATH = "flasklogin_tutorial/app.py"


@pytest.mark.parametrize(
    "cells",
    [
        [cell("markdown", f"In `{PATH}`"), cell("code", LOGIN, listing=PATH)],
        [cell("markdown", "See `app.py`:"), cell("code", LOGIN, listing=PATH)],
        [
            cell("markdown", "In `app.py`"),
            cell("code", "app = create_app()"),
            cell("code", LOGIN, listing=PATH),
        ],
        [cell("code", "x = 1")],
    ],
    ids=["path", "name", "code between", "no listing"],
)
def test_a_good_listing_has_no_problems(root, cells):
    assert listed(root, *cells) == []


@pytest.mark.parametrize(
    ("text", "source", "metadata", "said"),
    [
        ("In `app.py`", LOGIN.replace("x", "y"), {"listing": PATH}, "code cell 1, app.py: this is"),
        ("In `app.py`", "%time x", {"listing": PATH}, "code cell 1 is no Python"),
        ("In `b.py`", LOGIN, {"listing": "flasklogin_tutorial/b.py"}, "no file of the package"),
        ("In `other.py`", LOGIN, {"listing": "other.py"}, "no file of the package"),
        ("In app.py", LOGIN, {"listing": PATH}, f"does not name `{PATH}`"),
        ("In `their_app.py`", LOGIN, {"listing": PATH}, f"does not name `{PATH}`"),
        ("In `app.py`", LOGIN, {"listing": PATH, "tags": ["experiment"]}, "and an experiment"),
    ],
)
def test_a_bad_listing_is_found(root, text, source, metadata, said):
    found = listed(root, cell("markdown", text), cell("code", source, **metadata))
    assert [one for one in found if said in one]


@pytest.mark.parametrize(
    ("source", "metadata", "said"),
    [
        ("x = 1\n" * 13, {"listing": "flasklogin_tutorial/app/login.py"}, "lists 13 lines"),
        ('show_source("app.login", "load_user")', {}, "list an excerpt"),
        ('show_source("steps.variants", "_hashed")', {}, "names a private helper"),
    ],
)
def test_a_long_listing_and_a_private_helper_are_found(tmp_path, source, metadata, said):
    notebook = Notebook(tmp_path / "08_it.ipynb", [cell("code", source, **metadata)])
    (found,) = long_listings(notebook)
    assert said in found


@pytest.mark.parametrize(
    ("source", "metadata"),
    [
        ("x = 1\n" * 12, {"listing": "flasklogin_tutorial/app/login.py"}),
        ("x = 1\n" * 13, {"listing": "flasklogin_tutorial/steps/variants.py"}),
        ('show_source("steps.variants", "remember-me")', {}),
        ('show_source("step06", "login")', {}),
    ],
)
def test_a_short_listing_and_a_step_are_fine(tmp_path, source, metadata):
    notebook = Notebook(tmp_path / "08_it.ipynb", [cell("code", source, **metadata)])
    assert list(long_listings(notebook)) == []


def test_the_name_of_a_file_counts_for_the_text_that_says_it_and_not_for_the_next(root):
    found = listed(
        root,
        cell("markdown", "In `app.py`"),
        cell("code", "app = Flask(__name__)", listing=PATH),
        cell("markdown", "And then"),
        cell("code", LOGIN, listing=PATH),
    )
    assert found == [f"code cell 2 is a listing, and the text above it does not name `{PATH}`"]


@pytest.mark.parametrize(
    ("source", "metadata", "found"),
    [
        ('@app.get("/")\ndef view():\n    return {}', {}, True),
        ("def helper():\n    pass", {}, True),
        ("if True:\n    async def helper():\n        pass", {}, True),
        ("class Thing:\n    pass", {}, True),
        ('app.add_url_rule("/", view_func=lambda: {})', {}, True),
        ("login_manager.user_loader(lambda user_id: None)", {}, True),
        ('app.route("/")(lambda: {})', {}, True),
        ("def helper():\n    pass", {"tags": ["experiment"]}, False),
        ("def helper():\n    pass", {"tags": ["other"]}, True),
        ("def helper():\n    pass", {"listing": PATH}, False),
        ("sorted(names, key=lambda name: name.lower())", {}, False),
        ('answer = ada.get("/")\nlogin_manager.user_loader(load_user)', {}, False),
    ],
)
def test_a_definition_that_nothing_checks_is_found(tmp_path, source, metadata, found):
    notebook = Notebook(tmp_path / "04_it.ipynb", [cell("code", source, **metadata)])
    assert bool(list(unchecked_definitions(notebook))) == found


# ---- a whole file in a text, on examples

SHOWN = "```python\nKEY = 1  # 1\n\n\ndef view():\n    return KEY  # 2\n```\n\n1. One.\n2. Two.\n"
WHOLE = '"""A file."""\n\nKEY = 1\n\n\ndef view():\n    """Do."""\n    return KEY\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", None),
        ("return KEY", "return 2", "the code is not that of the file"),
        ("    return KEY", "    pass\n    return KEY", "the code is not that of the file"),
        ("KEY = 1", "KEY = 2", "the code is not that of the file"),
        ("# 2", "# 3", "the lines have the numbers ['1', '3'], the sentences ['1', '2']"),
        ("2. Two.\n", "", "the lines have the numbers ['1', '2'], the sentences ['1']"),
        ("```python", "```", "there are 0 blocks of Python"),
    ],
)
def test_a_text_that_shows_a_file_otherwise_is_found(old, new, said):
    found = list(whole_file_problems(SHOWN.replace(old, new), WHOLE))
    assert found == ([] if said is None else [said])


# ---- what a step adds, on examples

NEW = (
    FILE.replace("import json\n", "import json\nimport os\n")
    .replace("import Flask,", "import Flask, jsonify,")
    .replace('    name = "ada"\n', '    name = "ada"\n    email = "a@b.c"\n')
    .replace("    return app\n", "    app.debug = os.name\n\n    return app\n")
    .replace('    @app.route("/login"', '    @guard\n    @app.route("/login"')
    .replace('KEY = "some key"', 'KEY = "some key"\nLIMIT = 3')
)
ADDED = {
    "import os",
    "import jsonify",
    "email = 'a@b.c'",
    "app.debug = os.name",
    "@guard",
    "LIMIT = 3",
}


def untold(*cells):
    notebook = Notebook(Path("04_it.ipynb"), list(cells))
    found = untold_additions(notebook, FILE, NEW, PATH)
    return {one.partition("does not tell: ")[2] for one in found}


def test_the_pieces_of_a_file_are_its_imports_members_and_what_create_app_does():
    assert len(set(units_of(NEW)) - set(units_of(FILE))) == len(ADDED)
    assert set(units_of(FILE).values()) == {
        "import json",
        "import Flask",
        "import request",
        "KEY = 'some key'",
        "name = 'ada'",
        "@property",
        "app = Flask(__name__)",
        "app.secret_key = KEY",
        "@app.route('/login', methods=['POST'])",
        "return app",
    }


def test_all_that_is_added_has_to_be_told():
    assert untold() == ADDED
    assert untold(cell("code", "app.debug = os.name")) == ADDED  # which is no listing
    assert untold(cell("code", "app.debug = os.name", listing="another.py")) == ADDED


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("app.debug = os.name", {"app.debug = os.name"}),
        ("import os\nfrom flask import jsonify", {"import os", "import jsonify"}),
        ("LIMIT = 3\nimport os", {"LIMIT = 3", "import os"}),
        ("@guard\n" + LOGIN, {"@guard"}),
        (LOGIN, set()),
        ('email = "a@b.c"', {"email = 'a@b.c'"}),
        (USER.replace('"ada"', '"ada"\n    email = "a@b.c"'), {"email = 'a@b.c'"}),
    ],
)
def test_what_is_typed_in_a_listing_is_told(typed, told):
    assert untold(cell("code", typed, listing=PATH)) == ADDED - told


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('show_diff("step03", "step04")', True),
        ('show_diff("step03_user_model", "step04_user_loader")', True),
        ('changes = show_diff("step03", "step04")', True),
        ('show_diff("step04", "step03")', False),
        ('show_diff("step03", "step05")', False),
        ('show_diff("step02", "step04")', False),
        ('show_source("step04")', False),
        ('# show_diff("step03", "step04")', False),
        ("show_diff(before, after)", False),
    ],
)
def test_a_diff_of_the_two_steps_tells_everything(source, shown):
    notebook = Notebook(Path("04_it.ipynb"), [cell("code", source)])
    assert shows_diff(notebook, "step03", "step04") == shown
    assert (untold(cell("code", source)) == set()) == shown
