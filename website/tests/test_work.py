"""What a student does in the tab is kept, can be taken away and brought back, and is graded."""

import csv
import json
import subprocess
import sys

from playwright.sync_api import expect
from stored import ROOT
from tab import Tab

#: Any exercise does; they are found, because their names may change.
EXERCISE = sorted((ROOT / "notebooks" / "exercises").glob("*.ipynb"))[4]
PATH = EXERCISE.relative_to(ROOT).as_posix()
SOLUTION = ROOT / "notebooks" / "solutions" / EXERCISE.name.replace("exercises", "solutions")

SET = """([number, source]) => {
    const model = jupyterapp.shell.currentWidget.content.model;
    model.cells.get(number).sharedModel.setSource(source);
    return jupyterapp.commands.execute('docmanager:save');
}"""


def source_of(cell):
    return "".join(cell["source"])


def answered(tab):
    """Answer an exercise as its solution does, and save it."""
    solved = {cell["id"]: source_of(cell) for cell in json.loads(SOLUTION.read_text())["cells"]}
    cells = json.loads(EXERCISE.read_text())["cells"]
    changed = 0
    for number, cell in enumerate(cells):
        answer = solved.get(cell.get("id"), source_of(cell))
        if answer != source_of(cell):
            tab.page.evaluate(SET, [number, answer])
            changed += 1
    assert changed >= 1
    return changed


def test_an_answer_is_kept_downloaded_graded_reset_and_uploaded(context, served, tmp_path):
    tab = Tab(context, f"{served.url}live/", PATH)
    answered(tab)
    tab.page.wait_for_timeout(1000)
    tab.close()

    page = context.new_page()
    page.goto(f"{served.url}live/work.html")
    row = page.locator("#own li", has_text=PATH)
    with page.expect_download() as download:
        row.get_by_role("button", name="Download").click()
    taken = tmp_path / "class" / "ada" / EXERCISE.name
    taken.parent.mkdir(parents=True)
    download.value.save_as(taken)

    report = tmp_path / "report.csv"
    command = [
        sys.executable,
        "-m",
        "flasklogin_tutorial.exercises",
        "grade",
        str(tmp_path / "class"),
    ]
    graded = subprocess.run([*command, "--report", str(report)], capture_output=True, text=True)
    assert graded.returncode == 0, graded.stdout + graded.stderr
    (graded_row,) = csv.DictReader(report.read_text(encoding="utf-8-sig").splitlines())
    assert graded_row["student"] == "ada"
    assert graded_row["points"] == graded_row["of"] != "0", graded_row

    page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Back to the original").click()
    expect(page.locator("#said")).to_contain_text("is the original again")
    expect(page.locator("#none")).to_be_visible()

    page.locator("#file").set_input_files(taken)
    expect(page.locator("#said")).to_contain_text("is now your copy")
    tab = Tab(context, f"{served.url}live/", PATH)
    model = tab.page.evaluate("() => jupyterapp.shell.currentWidget.context.model.toJSON()")
    uploaded = [source_of(cell) for cell in json.loads(taken.read_text())["cells"]]
    assert [source_of(cell) for cell in model["cells"]] == uploaded


def test_what_is_no_notebook_is_refused(context, served, tmp_path):
    wrong = tmp_path / "essay.ipynb"
    wrong.write_text("not a notebook")
    page = context.new_page()
    page.goto(f"{served.url}live/work.html")
    page.locator("#file").set_input_files(wrong)
    expect(page.locator("#said")).to_contain_text("is not a notebook")


def test_a_newer_version_is_said_to_whoever_has_a_copy(context, served):
    tab = Tab(context, f"{served.url}live/", PATH)
    answered(tab)
    tab.page.wait_for_timeout(1000)
    # As if the copy had been made of an earlier version.
    tab.page.evaluate("path => localStorage.setItem(`course:${path}`, 'an earlier one')", PATH)
    tab.close()
    tab = Tab(context, f"{served.url}live/", PATH)
    status = tab.page.locator("#course-status")
    expect(status).to_contain_text("newer version", timeout=60_000)
    expect(status.locator("a")).to_have_attribute("href", "../work.html")
