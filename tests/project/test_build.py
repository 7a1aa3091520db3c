"""Each generated part is stale when its source has changed; tools/build.py makes it anew."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from flasklogin_tutorial.steps import step06_logout_and_user_info as article

ROOT = Path(__file__).resolve().parent.parent.parent

sys.path.insert(0, str(ROOT / "tools"))
import build  # noqa: E402
from generated import access, asvs, attacks, faults, glossary, picture, plan, traps  # noqa: E402

each_part = pytest.mark.parametrize("part", build.PARTS)

#: The files that each part is in.
PLACES = {
    "minutes": {"notebooks/05_protect_routes.ipynb"},
    "first_look": {"notebooks/07b_a_first_look.ipynb"},
    "picture": {"README.md"},
    "contents": {"README.md"},
    "attacks": {"README.md", "docs/attacks.md"},
    "exercises": {"notebooks/exercises/05_exercises.ipynb"},
    "topics": {"docs/topics.md"},
    "claims": {"docs/claims.md"},
    "access": {"docs/app.md"},
    "traps": {"docs/app.md"},
    "asvs": {"docs/asvs.md"},
    "faults": {"docs/faults.md"},
    "benchmarks": {"docs/benchmarks.md", "docs/benchmarks/imports.svg"},
    "plan": {"docs/teaching/README.md"},
    "glossary": {"docs/glossary.md"},
}


@pytest.fixture
def checkout(tmp_path):
    """Copy the files that the parts are in, and those that they are made from."""
    for folder in ("docs", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "README.md", tmp_path)
    for table in (asvs.TABLE, glossary.TABLE):
        (tmp_path / table).parent.mkdir(parents=True)
        shutil.copy(ROOT / table, tmp_path / table)
    (tmp_path / "benchmarks").mkdir()
    shutil.copy(ROOT / "benchmarks/results.json", tmp_path / "benchmarks")
    return tmp_path


def edit(path, pattern, new):
    """Replace the only match of a pattern in a file."""
    text, times = re.subn(pattern, new, path.read_text("utf-8"))
    assert times == 1, f"{times} times in {path.name}: {pattern}"
    path.write_text(text, "utf-8")


def name_a_topic_more(path):
    """Let a cell of a notebook that shows something say that it runs a topic more."""
    notebook = json.loads(path.read_text("utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell.get("outputs"))
    cell["metadata"].setdefault("topics", []).append("host-prefix")
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def change_the_source(part, checkout, monkeypatch):
    """Change what a part is made from, and nothing that another is made from."""
    notebooks = checkout / "notebooks"
    if part == "first_look":
        edit(notebooks / "07_the_whole_app.ipynb", "9. One name can belong", "9. A name can belong")
    elif part == "picture":
        monkeypatch.setattr(picture, "create_app", article.create_app)
    elif part == "contents":
        edit(notebooks / "00_start_here.ipynb", r"guarding a view, and ", "")
    elif part == "attacks":
        monkeypatch.setattr(attacks, "ATTACKS", attacks.ATTACKS[:-1])
    elif part == "exercises":
        edit(notebooks / "solutions" / "05_solutions.ipynb", r"Read \[05 ", "Read again [05 ")
    elif part == "topics":
        name_a_topic_more(notebooks / "05_protect_routes.ipynb")
    elif part == "claims":
        edit(notebooks / "01_bind_login_manager.ipynb", "flask/blob/main/CHANGES", "CHANGES")
    elif part == "access":
        monkeypatch.setattr(access.access, "CALLS", access.access.CALLS[:-1])
    elif part == "traps":
        monkeypatch.setattr(traps, "TRAPS", traps.TRAPS[:-1])
    elif part == "faults":
        monkeypatch.setattr(faults.faults, "FAULTS", dict([*faults.faults.FAULTS.items()][:-1]))
    elif part == "asvs":
        edit(checkout / asvs.TABLE, 'says = "idle time-out"', 'says = "time-out without use"')
    elif part == "glossary":
        edit(checkout / glossary.TABLE, "Sending a copy of something", "Sending what")
    elif part == "benchmarks":
        measured = checkout / "benchmarks/results.json"
        parts = json.loads(measured.read_text("utf-8"))
        values = parts["imports"]["rows"][0]["values"]["the app"]
        values[:] = [2 * value for value in values]
        measured.write_text(json.dumps(parts), "utf-8")
    elif part == "minutes":
        edit(
            notebooks / "05_protect_routes.ipynb", r"· (\d+) minutes to read", "· 3 minutes to read"
        )
    elif part == "plan":
        monkeypatch.setattr(plan, "WEEK", 91)


@each_part
def test_nothing_is_stale(part):
    assert build.changes(part) == {}


@each_part
def test_a_part_is_stale_when_its_source_has_changed(part, checkout, monkeypatch, capsys):
    change_the_source(part, checkout, monkeypatch)
    assert build.main(["--check"], checkout) == 1
    *stale, cure = capsys.readouterr().err.splitlines()
    assert set(stale) == {f"{part}: {place} is stale" for place in PLACES[part]}
    assert cure == f"Run: python tools/build.py {part}"

    assert build.main([part], checkout) == 0
    assert capsys.readouterr().out.splitlines() == [
        line.replace("is stale", "is written") for line in stale
    ]
    assert build.main(["--check", part], checkout) == 0


def test_a_check_writes_nothing(checkout):
    readme = checkout / "README.md"
    edit(readme, r"\*\*\d+ attacks\.", "**0 attacks.")
    before = readme.read_bytes()
    assert build.main(["--check", "attacks"], checkout) == 1
    assert readme.read_bytes() == before


def test_a_picture_that_differs_in_ids_alone_is_not_stale(checkout):
    readme = checkout / "README.md"
    text = readme.read_text("utf-8")
    (shown,) = set(re.findall(r"load_user\('…([0-9a-f]{4})'\)", text))
    other = "0000" if shown != "0000" else "1111"
    readme.write_text(text.replace(f"…{shown}", f"…{other}"), "utf-8")
    assert build.changes("picture", checkout) == {}


def test_an_exercise_without_a_solution_goes(checkout, capsys):
    orphan = checkout / "notebooks/exercises/99_nothing.ipynb"
    orphan.write_text("{}", "utf-8")
    assert build.main(["--check", "exercises"], checkout) == 1
    assert build.main(["exercises"], checkout) == 0
    assert "99_nothing.ipynb is removed" in capsys.readouterr().out
    assert not orphan.exists()


@pytest.mark.parametrize(
    "line", ["<!-- attacks: made by tools/build.py -->", "<!-- end of attacks -->"]
)
@pytest.mark.parametrize("instead", ["", "{line}\n{line}"], ids=["gone", "twice"])
def test_a_lost_mark_is_named_and_nothing_is_written(checkout, capsys, line, instead):
    readme = checkout / "README.md"
    edit(readme, re.escape(line), instead.format(line=line))
    before = readme.read_bytes()
    assert build.main(["attacks"], checkout) == 1
    assert "attacks: README.md has no part between" in capsys.readouterr().err
    assert readme.read_bytes() == before


def test_a_part_that_cannot_be_made_says_why_and_keeps_no_other_back(checkout, capsys):
    path = next(checkout.glob("notebooks/05_*.ipynb"))
    edit(path, r"· (\d+) minutes to read", "· a while to read")
    edit(checkout / "docs/attacks.md", "# The attacks", "# Attacks")
    assert build.main(["minutes", "attacks"], checkout) == 1
    said = capsys.readouterr()
    assert (
        said.err == "minutes: 05_protect_routes.ipynb: the second line has no minutes to replace\n"
    )
    assert said.out == "attacks: docs/attacks.md is written\n"


def test_a_part_that_is_not_there_is_refused_with_those_that_are(capsys):
    with pytest.raises(SystemExit):
        build.main(["topcs"])
    assert (
        "there is no part topcs. There are: minutes, first_look, picture, contents, "
        in capsys.readouterr().err
    )


def test_a_term_of_a_notebook_that_is_not_there_is_named(checkout, capsys):
    edit(checkout / glossary.TABLE, r"(\[term.replay\]\nintroduced = )\"10\"", r'\1"99"')
    assert build.main(["glossary"], checkout) == 1
    assert "replay is introduced in 99, and there is none" in capsys.readouterr().err


def test_each_module_of_generated_is_a_part():
    found = (ROOT / "tools" / "generated").glob("*.py")
    modules = {path.stem for path in found if "\ndef make(" in path.read_text("utf-8")}
    assert modules == set(build.PARTS) == set(PLACES)
