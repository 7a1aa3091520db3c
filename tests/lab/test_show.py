"""The course's own files, shown in a notebook: a piece of one, and what a step changes."""

import re
import sys
import textwrap
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

import flasklogin_tutorial
from flasklogin_tutorial import checks
from flasklogin_tutorial.lab import show_diff, show_pieces, show_source
from flasklogin_tutorial.steps import step03_user_model as step03
from flasklogin_tutorial.steps import step04_user_loader as step04
from flasklogin_tutorial.visit import server

PACKAGE = Path(flasklogin_tutorial.__file__).parent
STEPS = sorted((PACKAGE / "steps").glob("step*.py"))

LOAD_USER = """\
@login_manager.user_loader
def load_user(user_id):
    return User.objects(id=user_id).first()"""


def read(path):
    return path.read_text(encoding="utf-8").rstrip()


# ---- a file, or a piece of it


@pytest.mark.parametrize("path", STEPS, ids=lambda path: path.stem[:6])
def test_a_step_is_shown_whole_by_its_number(path):
    listing = show_source(path.stem[:6])
    assert listing.title == f"flasklogin_tutorial/steps/{path.name}"
    assert listing.text == read(path)


@pytest.mark.parametrize(
    ("where", "file"),
    [
        ("checks", "checks/__init__.py"),
        ("visit.server", "visit/server.py"),
        ("steps.step04_user_loader", "steps/step04_user_loader.py"),
        (checks, "checks/__init__.py"),
        (server, "visit/server.py"),
        (step04, "steps/step04_user_loader.py"),
    ],
)
def test_a_file_is_found_by_its_name_and_by_its_module(where, file):
    listing = show_source(where)
    assert listing.title == f"flasklogin_tutorial/{file}"
    assert listing.text == read(PACKAGE / file)


def test_a_variant_is_shown_by_its_name_without_what_makes_it_a_variant():
    listing = show_source("steps.variants", "logout-by-get")
    assert listing.title == "flasklogin_tutorial/steps/variants.py, logout-by-get"
    assert listing.text == (
        '@app.get("/logout")\n@login_required\ndef logout_link() -> Any:\n'
        '    logout_user()\n    return redirect("/")'
    )
    assert show_source("steps.variants", "strong-session-protection").text == (
        'app.login_manager.session_protection = "strong"'
    )


def test_a_function_inside_another_is_shown_with_its_decorators_and_without_its_indentation():
    assert show_source("step04", "load_user").text == LOAD_USER


def test_a_method_is_shown_with_its_decorators():
    assert show_source(step03, "is_active").text == (
        "@property\n"
        "def is_active(self) -> bool:\n"
        '    """Whether `login_user` may log this user in."""\n'
        "    return True"
    )


def test_a_class_is_shown_whole():
    text = show_source("step03", "User").text
    assert text.startswith("class User(db.Document):\n")
    assert text.endswith("return str(self.id)")
    assert text in read(PACKAGE / "steps/step03_user_model.py")


@pytest.mark.parametrize("where", ["step07", "step4", "server", "", "steps/step04", 4, None])
def test_a_file_that_is_not_there_is_answered_with_those_that_are(where):
    with pytest.raises(LookupError) as raised:
        show_source(where)
    message = str(raised.value)
    assert f"no file {where!r}" in message
    for name in ("step00", "step06", "checks", "visit.server"):
        assert name in message


def test_a_name_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(LookupError) as raised:
        show_source("step04", "load_users")
    message = str(raised.value)
    assert "step04_user_loader.py has no function or class 'load_users'" in message
    for name in ("User", "create_app", "get_id", "load_user"):
        assert name in message


@pytest.mark.parametrize("module", [textwrap, sys])
def test_a_module_from_elsewhere_is_refused_by_name(module):
    with pytest.raises(LookupError, match=module.__name__):
        show_source(module)


def test_a_listing_shows_its_files_name_and_its_lines():
    listing = show_source("step04", "load_user")
    title = "flasklogin_tutorial/steps/step04_user_loader.py"
    assert repr(listing) == f"{title}\n\n{LOAD_USER}"
    assert listing._repr_markdown_() == f"`{title}`\n\n```python\n{LOAD_USER}\n```"


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_no_file_ends_its_own_listing_early(path):
    name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    lines = show_source(name)._repr_markdown_().splitlines()
    assert [number for number, line in enumerate(lines) if line.startswith("```")] == [
        2,
        len(lines) - 1,
    ]


# ---- what changed


def test_a_diff_shows_the_lines_that_a_step_adds_with_what_stands_around_them():
    diff = show_diff("step03", "step04")
    assert diff.title == "flasklogin_tutorial/steps/step03_user_model.py → step04_user_loader.py"
    added = [line for line in diff.text.splitlines() if line.startswith(("+", "-"))]
    assert added == [*(f"+    {line}" for line in LOAD_USER.splitlines()), "+"]
    assert diff.text.splitlines()[0] == "…"
    assert '     @app.route("/login", methods=["POST"])' in diff.text.splitlines()


def test_a_diff_takes_modules_and_names_alike():
    assert show_diff(step03, step04).text == show_diff("step03", "step04").text


def test_a_diff_backwards_swaps_what_came_and_what_went():
    there = show_diff("step03", "step04").text.splitlines()
    back = show_diff("step04", "step03").text.splitlines()
    assert sorted(line[1:] for line in there if line[:1] == "+") == sorted(
        line[1:] for line in back if line[:1] == "-"
    )
    assert not any(line.startswith("+") for line in back)


@pytest.mark.parametrize(("before", "after"), list(pairwise(STEPS)))
def test_the_text_at_the_top_of_a_file_is_left_out(before, after):
    text = show_diff(before.stem[:6], after.stem[:6]).text
    assert "Step " not in text
    assert "Run it" not in text
    assert '"""S' not in text
    assert not re.search(r"^(---|\+\+\+|@@)", text, re.MULTILINE)
    for sign, path in (("-", before), ("+", after)):
        lines = read(path).splitlines()
        changed = [line for line in text.splitlines() if line.startswith(sign)]
        assert all(line[1:] in lines for line in changed)


def test_a_file_that_did_not_change_says_so():
    diff = show_diff("step04", "step04")
    assert diff.text == "no difference"
    assert "no difference" in diff._repr_html_()


@pytest.mark.parametrize("names", [("step03", "step7"), ("step7", "step03")])
def test_a_diff_with_a_file_that_is_not_there_lists_those_that_are(names):
    with pytest.raises(LookupError, match=r"no file 'step7'.*step00.*step06"):
        show_diff(*names)


def test_a_diff_is_coloured_by_what_came_and_what_went_and_is_a_text_without_colours():
    diff = show_diff("step04", "step05")
    page = diff._repr_html_()
    lines = re.search(r"<pre [^>]*>(.*)</pre>", page, re.DOTALL)[1].splitlines()
    colours = {"+": "46,160,67", "-": "248,81,73"}
    for line, shown in zip(diff.text.splitlines(), lines, strict=True):
        colour = colours.get(line[:1])
        assert re.sub(r"</?span[^>]*>", "", unescape(shown)) == line
        assert (colour in shown) if colour else ("<span" not in shown)
    assert repr(diff) == f"{diff.title}\n\n{diff.text}"


def test_what_looks_like_markup_is_escaped_on_the_page():
    page = show_diff("step00", "visit.server")._repr_html_()
    assert "-&gt; BaseWSGIServer" in page or "-&gt; bool" in page
    assert "-> bool" not in page


# ---- where every piece comes from


def test_every_piece_of_the_last_step_names_the_step_that_added_it():
    added = dict(show_pieces().rows)
    assert added["query_record"] == "step00_records_api"
    assert added["login_manager.init_app"] == "step01_bind_login_manager"
    assert added["login_manager.login_view"] == "step02_login_view"
    assert added["get_id"] == "step03_user_model"
    assert added["load_user"] == "step04_user_loader"
    assert added["@login_required on create_record"] == "step05_protect_routes"
    assert added["logout"] == "step06_logout_and_user_info"


def test_a_piece_that_a_step_defines_is_listed_once():
    names = [name for name, _ in show_pieces().rows]
    assert len(names) == len(set(names))
    for path in STEPS:
        for function in re.findall(r"^ *def (\w+)", read(path), re.MULTILINE):
            assert function in names


def test_the_pieces_are_shown_as_aligned_text_and_as_a_table_with_links_to_the_notebooks():
    pieces = show_pieces()
    lines = repr(pieces).splitlines()
    assert len({line.index(step) for line, (_, step) in zip(lines, pieces.rows, strict=True)}) == 1
    links = dict(re.findall(r"\[(step\w+)\]\(([^)]*)\)", pieces._repr_markdown_()))
    assert links == {path.stem: path.stem.removeprefix("step") + ".ipynb" for path in STEPS} | {
        "step00_records_api": "00_start_here.ipynb"
    }
