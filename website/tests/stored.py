"""What a notebook printed in a tab, beside what is stored of it."""

import difflib
import json
import re
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Cells whose output is not compared by the other tests either.
NOT_COMPARED = {"nbval-ignore-output", "nbval-skip"}

#: A diagram is not stored, and JupyterLab adds its picture to an output once it is shown.
DRAWN = {"text/vnd.mermaid", "image/svg+xml"}


def rules() -> list[tuple[str, str]]:
    """Read what may differ, as the other tests do."""
    text = (ROOT / "tests" / "sanitize.cfg").read_text(encoding="ascii")
    return re.findall(r"^regex: (.*)\nreplace: (.*)$", text, re.MULTILINE)


def in_a_box(data: dict) -> bool:
    """Tell whether the HTML of an output is its text in a box, as a trace is stored."""
    html, text = ("".join(data.get(kind, "")) for kind in ("text/html", "text/plain"))
    return html.startswith(" \n<pre ") and unescape(re.sub("<[^>]*>", "", html[2:])) == text


def comparable(outputs: list[dict]) -> str:
    """Return outputs as one text, without what may differ."""
    parts: list[list[str]] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            data = {output["name"]: output["text"]}
        elif kind == "error":
            data = {"error": f"{output['ename']}: {output['evalue']}"}
        else:
            left_out = DRAWN | ({"text/html"} if in_a_box(output["data"]) else set())
            data = {name: value for name, value in output["data"].items() if name not in left_out}
        for name, value in sorted(data.items()):
            text = "".join(value) if isinstance(value, list) else str(value)
            if parts and kind == "stream" and parts[-1][0] == f"stream {name}":
                parts[-1][1] += text  # it arrives in pieces
            else:
                parts.append([f"{'stream' if kind == 'stream' else 'data'} {name}", text])
    text = "\n".join(f"[{name}]\n{text.rstrip()}" for name, text in parts)
    for pattern, replacement in rules():
        text = re.sub(pattern, replacement, text)
    return text


def code_cells(path: str) -> list[dict]:
    """Return the code cells of a notebook of the project."""
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def error_of(cell: dict) -> str:
    """Return the error that a cell ended with, or an empty text."""
    errors = [one for one in cell["outputs"] if one["output_type"] == "error"]
    return f"{errors[0]['ename']}: {errors[0]['evalue']}" if errors else ""


def errors(cells: list[dict]) -> dict[int, str]:
    """Map the number of each cell that ended with an error to the error."""
    return {number: error for number, cell in enumerate(cells, 1) if (error := error_of(cell))}


def differences(path: str, ran: list[dict]) -> tuple[int, dict[int, str]]:
    """Compare what cells printed with what is stored.

    Args:
        path: the notebook, from the top folder of the project.
        ran: its code cells after a run.

    Returns:
        How many cells were compared, and the difference of each that differs, by its number.
    """
    compared, found = 0, {}
    for number, (was, now) in enumerate(zip(code_cells(path), ran, strict=True), 1):
        if NOT_COMPARED & set(was["metadata"].get("tags", [])):
            continue
        compared += 1
        stored, printed = comparable(was["outputs"]), comparable(now["outputs"])
        if stored != printed:
            lines = difflib.unified_diff(
                stored.splitlines(), printed.splitlines(), "stored", "in the tab", lineterm="", n=0
            )
            found[number] = "\n".join(lines)
    return compared, found
