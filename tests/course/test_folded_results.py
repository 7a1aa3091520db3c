"""A folded result gives nothing away: JupyterLab shows the first line of what is folded."""

import pytest

from .notebook_rules import PAGES, PART_2, Notebook, notebooks_in, outputs_of
from .test_excerpts import ROOT

FOUND = notebooks_in(ROOT / "notebooks")

#: So many lines are a trace or a table, whose first line is a head.
A_TABLE = 4


def first_lines(cell):
    """Yield the first line of each output of a cell, and how many lines it has."""
    texts = ["".join(output.get("text", "")) for output in cell["outputs"]]
    for text in filter(None, texts + outputs_of(cell, "text/plain")):
        lines = text.splitlines()
        yield lines[0], len(lines)


@pytest.mark.parametrize("number", [number for number in FOUND if number not in PAGES])
def test_the_first_line_of_a_folded_result_is_a_heading(number):
    folded = [
        cell
        for cell in Notebook.read(FOUND[number]).code
        if cell["metadata"].get("jupyter", {}).get("outputs_hidden")
    ]
    assert len(folded) >= (3 if int(number[:2]) >= PART_2 else 1)
    for cell in folded:
        for line, lines in first_lines(cell):
            assert line.endswith(":") or lines >= A_TABLE, f"this is seen while folded: {line}"
        for shown in outputs_of(cell, "text/html"):
            line = next(filter(None, shown.split("\n")))
            assert "<" not in line, f"this is seen while folded: {line}"
