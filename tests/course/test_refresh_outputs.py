"""`make outputs`: what it stores, what it leaves as it is, and what it refuses."""

import importlib.util
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from flasklogin_tutorial.show import html_text

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
TOOL = ROOT / "tools" / "refresh_outputs.py"

MERMAID = "text/vnd.mermaid"

#: Shows an id that is new in every run, in the way of a trace.
RANDOM = "import os\nprint('id \\N{HORIZONTAL ELLIPSIS}' + os.urandom(2).hex())"


def load_tool():
    spec = importlib.util.spec_from_file_location("refresh_outputs", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tool = load_tool()
RULES = tool.read_rules()


def refresh(folder, *arguments):
    """Run the script in a folder, as a person does."""
    return subprocess.run(
        [sys.executable, str(TOOL), *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "FLASK_SECRET_KEY": "of this machine"},
    )


def save(path, *sources, **metadata):
    """Write a notebook that was never run, with an introduction and one code cell a source."""
    cells = [new_markdown_cell("# A notebook", id="intro")]
    for number, source in enumerate(sources):
        cells.append(new_code_cell(source, id=f"code-{number}", metadata=metadata))
    write(path, new_notebook(cells=cells))


def write(path, notebook):
    text = nbformat.writes(nbformat.from_dict(notebook))
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def printed(cells):
    """Return what each cell has stored as text."""
    return [
        "".join(
            "".join(output["text"] if "text" in output else output["data"]["text/plain"])
            for output in cell["outputs"]
        )
        for cell in cells
    ]


# ---- a whole run


GOOD = {
    "first": [
        "x = 1",
        "x + 1",
        "print(x, flush=True)\nprint(x, flush=True)\nx",
        "",
        " \n",
        "import os\nopen('beside.txt').read(), [name for name in os.environ if 'FLASK_' in name]",
    ],
    "second": [
        "'x' in globals()",
        RANDOM,
        "from IPython.display import display\n"
        f"display({{{MERMAID!r}: 'graph', 'text/plain': 'a  ──▶ <b>'}}, raw=True)",
    ],
    "third": [],
}
BAD = {
    "error": ["1", "1 / 0", "print('never')"],
    "stderr": ["1", "import sys\nprint('careful', file=sys.stderr)"],
    "ends": ["import os\nos._exit(1)"],
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run the script once over good and bad notebooks; give the folder and what it said."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "beside.txt").write_text("found")
    for name, sources in {**GOOD, **BAD}.items():
        save(folder / f"{name}.ipynb", *sources)
    save(folder / "permitted.ipynb", "1 / 0", tags=["raises-exception", "skip-execution"])
    before = {path.name: path.read_bytes() for path in folder.glob("*.ipynb")}
    return folder, before, refresh(folder, *sorted(before))


def test_outputs_and_counts_are_stored(run):
    cells = code(load(run[0] / "first.ipynb"))
    assert printed(cells[:3]) == ["", "2", "1\n1\n1"]
    assert [cell["execution_count"] for cell in cells[:3]] == [1, 2, 3]
    stream, result = cells[2]["outputs"]
    assert (stream["output_type"], result["output_type"]) == ("stream", "execute_result")
    assert result["execution_count"] == 3


def test_a_cell_without_code_is_not_counted(run):
    cells = code(load(run[0] / "first.ipynb"))
    assert [cell["execution_count"] for cell in cells[3:]] == [None, None, 4]


def test_a_notebook_runs_in_its_own_folder_without_the_settings_of_this_machine(run):
    assert printed(code(load(run[0] / "first.ipynb"))[-1:]) == ["('found', [])"]


def test_every_notebook_has_a_kernel_of_its_own(run):
    assert printed(code(load(run[0] / "second.ipynb"))[:1]) == ["False"]


def test_a_diagram_is_not_stored_and_the_text_beside_it_is_in_a_box_that_scrolls(run):
    (output,) = code(load(run[0] / "second.ipynb"))[2]["outputs"]
    assert set(output["data"]) == {"text/plain", "text/html"}
    assert output["data"]["text/plain"] == ["a  ──▶ <b>"]
    assert output["data"]["text/html"] == [" \n", html_text("a  ──▶ <b>").strip()]


@pytest.mark.parametrize("name", GOOD)
def test_a_stored_notebook_says_nothing_about_the_machine(run, name):
    notebook = load(run[0] / f"{name}.ipynb")
    assert notebook["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert [cell["metadata"] for cell in notebook["cells"]] == [{}] * len(notebook["cells"])
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids == ["intro", *(f"code-{n}" for n in range(len(GOOD[name])))]


@pytest.mark.parametrize("name", GOOD)
def test_a_stored_notebook_is_laid_out_as_jupyter_lays_it_out(run, name):
    text = (run[0] / f"{name}.ipynb").read_bytes().decode()
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert text == nbformat.writes(notebook) + "\n"
    assert text.startswith('{\n "cells"')
    assert "\r" not in text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("error", "code cell 2: ZeroDivisionError: division by zero."),
        ("stderr", "code cell 2 writes to stderr: careful."),
        ("ends", "code cell 1: the kernel ended."),
        ("permitted", "code cell 1: ZeroDivisionError: division by zero."),
    ],
)
def test_a_cell_that_fails_is_named_and_its_notebook_stays_as_it_was(run, name, said):
    folder, before, done = run
    assert done.returncode == 1
    assert f"{name}.ipynb: {said} It was not changed." in done.stderr.splitlines()
    assert (folder / f"{name}.ipynb").read_bytes() == before[f"{name}.ipynb"]


def test_nothing_else_is_left_in_the_folder(run):
    folder, before, _ = run
    assert {path.name for path in folder.iterdir()} == {*before, "beside.txt"}


def test_check_says_what_would_change_and_changes_nothing(run, tmp_path):
    stored = load(run[0] / "second.ipynb")  # shows an id, which is another one in the next run
    write(tmp_path / "same.ipynb", stored)
    code(stored)[0]["outputs"][0]["data"]["text/plain"] = "'old'"
    write(tmp_path / "old.ipynb", stored)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    done = refresh(tmp_path, "--check", "old.ipynb", "same.ipynb")
    assert done.returncode == 1
    assert done.stdout == "same.ipynb: as it was\n"
    said, *diff = done.stderr.splitlines()
    assert said == "old.ipynb: would change (output of code cell 1)"
    lines = [line for line in diff if line[0] in "+-"]
    assert lines == ["-       \"'old'\"", '+       "False"']
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_cell_that_takes_too_long_is_named(tmp_path):
    save(tmp_path / "slow.ipynb", "1", "import time\ntime.sleep(60)")
    before = (tmp_path / "slow.ipynb").read_bytes()
    done = refresh(tmp_path, "--timeout", "1", "slow.ipynb")
    assert done.returncode == 1
    assert "slow.ipynb: code cell 2: it took more than 1 seconds." in done.stderr
    assert (tmp_path / "slow.ipynb").read_bytes() == before


def test_what_is_stored_passes_nbval_and_what_was_changed_fails_it(run, tmp_path):
    stored = load(run[0] / "second.ipynb")
    code(stored)[0]["outputs"][0]["data"]["text/plain"] = "True"
    write(tmp_path / "it.ipynb", stored)
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env"]
    command += [f"--nbval-sanitize-with={ROOT / 'tests' / 'sanitize.cfg'}", "-c", os.devnull]
    done = subprocess.run(
        [*command, f"--confcutdir={tmp_path}", "-p", "no:cacheprovider", "it.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    # The diagram is missing in what is stored: conftest.py tells nbval that it may be.
    failed = re.findall(r"^FAILED it.ipynb::(Cell \d+)", done.stdout, re.MULTILINE)
    assert failed == ["Cell 0", "Cell 2"], done.stdout


# ---- what is no notebook


NO_NOTEBOOKS = {
    "text": (b"not JSON", "this is not JSON"),
    "nothing": (b"", "this is not JSON"),
    "bytes": (b"\xff\xfe\x00", "this is not JSON"),
    "half": (b'{"cells": [', "this is not JSON"),
    "list": (b"[]", "no notebook: it has no list of cells"),
    "object": (b'{"nbformat": 4}', "no notebook: it has no list of cells"),
    "texts": (b'{"cells": ["a"], "nbformat": 4}', "no notebook: it has no list of cells"),
    "old": (b'{"cells": [], "nbformat": 3, "metadata": {}}', "notebook format 3, not 4"),
    "wrong": (b'{"cells": [{"a": 1}], "nbformat": 4, "metadata": {}}', "no valid notebook"),
    "kind": (
        b'{"cells": [{"id": "a", "cell_type": "b", "metadata": {}, "source": ""}],'
        b' "nbformat": 4, "metadata": {}}',
        "no valid notebook",
    ),
    "ids": (
        b'{"cells": [{"id": [1], "cell_type": "raw"}], "nbformat": 4, "metadata": {}}',
        "no valid notebook",
    ),
    "bare": (b'{"cells": [], "nbformat": 4}', "no valid notebook"),
}


@pytest.mark.parametrize("name", NO_NOTEBOOKS)
def test_what_is_no_notebook_gets_one_clear_line_and_stays_as_it_was(tmp_path, capsys, name):
    content, said = NO_NOTEBOOKS[name]
    path = tmp_path / "it.ipynb"
    path.write_bytes(content)
    assert tool.main([str(path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{path}: this is ")
    assert said in line
    assert path.read_bytes() == content


def test_a_notebook_that_is_not_there_gets_one_clear_line(tmp_path, capsys):
    assert tool.main([str(tmp_path / "none.ipynb")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "none.ipynb: it cannot be read" in line


def test_without_notebooks_there_is_nothing_to_be_content_with(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    assert tool.main([]) == 1
    assert "there are no notebooks" in capsys.readouterr().err


# ---- reading


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([None, "own", None], ["cell-0", "own", "cell-2"]),
        (["own", "own"], ["own", "cell-1"]),
        (["cell-1", None, "cell-2"], ["cell-1", "cell-3", "cell-2"]),
        (["cell-1", "cell-1"], ["cell-1", "cell-2"]),
    ],
)
def test_cells_without_an_id_of_their_own_get_one_that_is_the_same_every_time(before, after):
    cells = [{"cell_type": "raw", "metadata": {}, "source": "", "id": name} for name in before]
    cells = [{k: v for k, v in cell.items() if v is not None} for cell in cells]
    content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    assert [cell.id for cell in tool.read_notebook(content.encode()).cells] == after


# ---- storing


def test_metadata_of_the_course_stays_and_that_of_editors_goes():
    metadata = {"listing": "a.py", "tags": ["experiment"], "collapsed": True, "scrolled": True}
    metadata |= {"execution": {"iopub.execute_input": "2026-01-01"}, "ExecuteTime": {}}
    notebook = new_notebook(cells=[new_code_cell("1", metadata=metadata)])
    notebook.metadata = {
        "authors": [{"name": "Ada"}],
        "kernelspec": {"display_name": "My Python 3.12.1", "name": "mine", "language": "python"},
        "language_info": {"name": "python", "version": "3.12.1"},
    }
    tool.normalise(notebook)
    assert notebook.cells[0].metadata == {"listing": "a.py", "tags": ["experiment"]}
    assert notebook.metadata.authors == [{"name": "Ada"}]
    assert "3.12.1" not in nbformat.writes(notebook)


def test_outputs_of_a_cell_whose_code_is_gone_go_too():
    notebook = new_notebook(cells=[new_code_cell(" ", outputs=[new_output("stream", text="x")])])
    tool.normalise(notebook)
    assert notebook.cells[0].outputs == []


def with_outputs(*texts):
    cells = [
        new_code_cell("f()", id=f"c{n}", outputs=[new_output("stream", text=text)])
        for n, text in enumerate(texts)
    ]
    return new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("stored", "new", "kept", "changed"),
    [
        (["id …1111", "a"], ["id …2222", "a"], ["id …1111", "a"], []),
        (["id …1111", "a"], ["id …2222", "b"], ["id …1111", "b"], [2]),
        (["id …1111", "a"], ["no id", "a"], ["no id", "a"], [1]),
        # One story has one set of ids: a changed cell shows a new one, so all of them are new.
        (["id …1111", "a"], ["id …2222", "now …2222"], ["id …2222", "now …2222"], [1, 2]),
        (["'…1111'", ""], ["…1111", ""], ["…1111", ""], [1]),
    ],
)
def test_only_ids_that_changed_are_no_reason_to_store(stored, new, kept, changed):
    stored, new = with_outputs(*stored), with_outputs(*new)
    assert tool.keep_known_outputs(stored, new, RULES) == changed
    assert [cell.outputs[0].text for cell in new.cells] == kept


def test_a_second_output_and_a_lost_one_are_changes():
    one, none = with_outputs("a"), with_outputs("a")
    none.cells[0].outputs = []
    assert tool.keep_known_outputs(one, none, RULES) == [1]
    assert none.cells[0].outputs == []
    assert tool.keep_known_outputs(none, with_outputs("a"), RULES) == [1]


# ---- writing


def test_a_file_that_was_saved_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "it.ipynb"
    path.write_text("saved meanwhile")
    with pytest.raises(tool.Refused, match="somebody saved it"):
        tool.write(path, "new", unless_changed_from=b"as it was read")
    assert path.read_text() == "saved meanwhile"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "it.ipynb"
    path.write_text("old")

    def fail(*arguments):
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="the disk is full"):
        tool.write(path, "new", unless_changed_from=b"old")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="links and modes are others there")
def test_a_link_stays_a_link_and_the_mode_stays(tmp_path):
    path, link = tmp_path / "it.ipynb", tmp_path / "link.ipynb"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    tool.write(link, "new", unless_changed_from=b"old")
    assert link.is_symlink()
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
