"""docs/attack-your-app.md: its commands, its workflow and its tests do what the page says."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from flasklogin_tutorial.attacks import ATTACKS
from flasklogin_tutorial.attacks.baseline import read_baseline
from flasklogin_tutorial.attacks.options import GOT_IN, HELD, USAGE, make_parser
from flasklogin_tutorial.attacks.severity import Grade
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06
from flasklogin_tutorial.visit import forget

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "attack-your-app.md").read_text(encoding="utf-8")
COMMAND = "python -m flasklogin_tutorial.attacks "


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]
WORKFLOW = yaml.safe_load(blocks("yaml")[0])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Go to a folder with an app of a reader's, under the name that the page has for it."""
    source = Path(step06.__file__).read_text(encoding="utf-8")
    (tmp_path / "mypackage.py").write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(__import__("sys").modules, "mypackage", raising=False)
    return tmp_path


def test_all_commands_are_of_the_kind_that_is_run_here():
    assert len(COMMANDS) == 6
    assert all(line.startswith(COMMAND) for line in COMMANDS)


@pytest.mark.slow
def test_the_commands_do_what_the_page_says(folder, run):
    statuses, texts = {}, {}
    for line in COMMANDS:
        *_, last = rest = shlex.split(line.removeprefix(COMMAND))
        forget()
        statuses[last], texts[last], _ = run(*rest)
        if last.endswith((".html", ".sarif", ".json")):
            assert (folder / last).stat().st_size > 100, line
    assert statuses == {
        "mypackage:create_app": GOT_IN,
        "attacks.html": GOT_IN,
        "attacks.sarif": GOT_IN,
        "--json": GOT_IN,
        "attacks.json": HELD,  # of the two that name it, the last is the gate
    }
    assert len(json.loads(texts["--json"])["attacks"]) == len(ATTACKS)
    accepted = read_baseline(folder / "attacks.json")
    assert f"0 new, {len(accepted)} known" in texts["attacks.json"] and len(accepted) > 30
    assert set(accepted.values()) == {""}
    assert "mypackage.py" in (folder / "attacks.sarif").read_text(encoding="utf-8")


def test_the_workflow_has_ten_lines_and_runs_the_gate():
    assert len(blocks("yaml")[0].splitlines()) == 10
    [job] = WORKFLOW["jobs"].values()
    told = [step["run"] for step in job["steps"] if "run" in step]
    [command] = [line for line in told if line.startswith(COMMAND)]
    options = make_parser().parse_args(shlex.split(command.removeprefix(COMMAND)))
    assert (options.app, options.baseline) == ("mypackage:create_app", Path("attacks.json"))
    last = job["steps"][-1]
    # The command ends with 1 where something is new, and its result is wanted just then.
    assert last["if"] == "always()" and Path(last["with"]["sarif_file"]) == options.sarif
    assert job["permissions"]["security-events"] == "write"


@pytest.mark.slow
def test_the_workflow_fails_on_what_is_new(folder, run):
    [job] = WORKFLOW["jobs"].values()
    [line] = [s["run"] for s in job["steps"] if s.get("run", "").startswith(COMMAND)]
    (folder / "attacks.json").write_text('{"version": 1, "accepted": []}')
    few = ["--only", "id-in-cookie", "--only", "debug-mode"]
    assert run(*shlex.split(line.removeprefix(COMMAND)), *few)[0] == GOT_IN
    log = json.loads((folder / "attacks.sarif").read_text(encoding="utf-8"))
    assert [one["baselineState"] for one in log["runs"][0]["results"]] == ["new"]


def test_the_tests_of_the_page_make_a_class(folder):
    [source] = blocks("python")
    names = {}
    exec(compile(source, "the page", "exec"), names)
    assert hasattr(names["TestAttacks"], "test_attack")


def test_the_tables_name_what_there_is():
    rows = re.findall(r"^\| (\w+) \|", PAGE, re.MULTILINE)
    assert {HELD, GOT_IN, USAGE} == {int(one) for one in rows if one.isdigit()}
    assert [grade.value for grade in Grade] == [one for one in rows if one in set(Grade)]


def test_the_options_of_the_page_are_options_of_the_command():
    named = set(re.findall(r"`(--[\w-]+)`", PAGE)) - {"--help"}
    assert named <= set(make_parser()._option_string_actions)
