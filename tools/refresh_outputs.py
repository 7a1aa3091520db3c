"""Run notebooks and store what they print; `make outputs` does it for all of them.

    python tools/refresh_outputs.py                 notebooks/*.ipynb and those in solutions/
    python tools/refresh_outputs.py NOTEBOOK...     these only
    python tools/refresh_outputs.py --check         write nothing, say what would change

Each notebook runs from top to bottom in a new kernel of the Python that runs this script, as nbval
runs it in the tests. What is stored is small and the same on every machine:

- An output stays as it is when it differs only in what tests/sanitize.cfg allows, such as ids. But
  when another cell of the notebook has changed and shows an id, all are stored anew: an id that a
  reader follows from cell to cell has to be one id.
- Diagrams (text/vnd.mermaid) are not stored. nbconvert and JupyterLab both prefer a diagram to the
  text beside it, and nbconvert draws one only with a script from the network: without it a reader
  of an exported page would see nothing. Whoever runs the cell sees the diagram. In its place the
  text beside it is stored as HTML too, in a box that scrolls: JupyterLab breaks a line of plain
  text that is wider than the window, and then the columns fall apart.
- Execution counts are 1, 2, 3, …; there are no times, no versions, no state of the editor.

An error or a message on stderr is never stored: the cell is named, the file stays as it was, and
the exit status is 1. So it is with --check when something would change.
"""

import argparse
import difflib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns

from flasklogin_tutorial.show import html_text

ROOT = Path(__file__).resolve().parent.parent
SANITIZE = ROOT / "tests" / "sanitize.cfg"

#: The same on every machine: nothing about the Python that ran the notebook.
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}

#: The kind of output that is not stored; the text at the top says why.
DIAGRAM = "text/vnd.mermaid"

#: What editors and runners leave in a cell's metadata.
TRANSIENT = ("ExecuteTime", "autoscroll", "collapsed", "execution", "scrolled", "trusted")

#: Lines of a difference that --check shows of one notebook.
DIFF_LINES = 40

Rules = list[tuple[str, str]]


class Refused(Exception):
    """A notebook that cannot be run, or whose outputs are not to be stored; says why in a line."""


class ThisPython(AsyncKernelManager):
    """Starts the kernel of the Python that runs this script, whatever kernels are installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """How to start it."""
        return KernelSpec(**get_kernel_dict())


def read_rules(path: Path = SANITIZE) -> Rules:
    """Read what may differ between two runs.

    Args:
        path: a file as nbval reads it.

    Returns:
        Pairs of a pattern and what stands in its place, in the order in which they are applied.
    """
    return list(dict(get_sanitize_patterns(path.read_text(encoding="utf-8"))).items())


def sanitize(text: str, rules: Rules) -> str:
    """Replace in a text what may differ between two runs.

    Args:
        text: an output, or a part of one.
        rules: what may differ.

    Returns:
        The text to compare.
    """
    for pattern, replacement in rules:
        text = re.sub(pattern, replacement, text)
    return text


def read_notebook(content: bytes) -> NotebookNode:
    """Read a notebook and give every cell an id that stays.

    Args:
        content: what is in the file.

    Returns:
        The notebook, in format 4.5.

    Raises:
        Refused: it is no notebook.
    """
    try:
        data = json.loads(content)
    except ValueError as error:
        raise Refused(f"this is not JSON ({error})") from None
    cells = data.get("cells") if isinstance(data, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Refused("this is JSON, but no notebook: it has no list of cells")
    if data.get("nbformat") != 4:
        found = data.get("nbformat")
        raise Refused(f"this is notebook format {found}, not 4: save it once in JupyterLab")
    data["nbformat_minor"] = 5
    try:
        _give_ids(cells)
        notebook = nbformat.reads(json.dumps(data), as_version=4)
        nbformat.validate(notebook)
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError) as error:
        raise Refused(f"this is no valid notebook ({_first_line(error)})") from None
    return notebook


def _give_ids(cells: list[dict[str, Any]]) -> None:
    """Give an id to each cell that has none, or one that a cell above it has."""
    taken, above = {cell.get("id") for cell in cells}, set()
    for number, cell in enumerate(cells):
        if not cell.get("id") or cell["id"] in above:
            free = (f"cell-{n}" for n in count(number))
            cell["id"] = next(name for name in free if name not in taken)
            taken.add(cell["id"])
        above.add(cell["id"])


def run(notebook: NotebookNode, folder: Path, timeout: float, progress: Path | None = None) -> None:
    """Run all cells of a notebook in a new kernel; the outputs go into the notebook.

    Args:
        notebook: the notebook.
        folder: where it runs.
        timeout: seconds that a cell may take.
        progress: the file of the learner's progress; without it there is none.

    Raises:
        Refused: a cell raised an error, wrote to stderr, took too long or ended its kernel.
    """
    cells = code_cells(notebook)
    for cell in cells:
        cell.outputs = []
    started: list[str] = []
    client = NotebookClient(
        notebook,
        kernel_manager_class=ThisPython,
        resources={"metadata": {"path": str(folder)}},
        timeout=timeout,
        coalesce_streams=True,
        record_timing=False,
        skip_cells_with_tag="",
        extra_arguments=["--log-level=CRITICAL"],
        on_cell_start=lambda cell, cell_index: started.append(cell.id),
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("FLASK_")}
    failure = ""
    # No profile, history or startup files of whoever runs this.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        try:
            # In a folder that does not exist, so that nobody's progress is shown or changed.
            place = progress or os.path.join(profile, "none", "progress.json")
            more = {"IPYTHONDIR": profile, "FLASKLOGIN_TUTORIAL_PROGRESS": str(place)}
            client.execute(env=kept | more)
        except CellExecutionError:
            pass  # the output of the cell tells
        except CellTimeoutError:
            failure = f"it took more than {timeout:g} seconds"
        except RuntimeError:  # nbclient's DeadKernelError, or jupyter_client's before the start
            failure = "the kernel ended" if started else "the kernel did not start"
    numbers = {cell.id: number for number, cell in enumerate(cells, 1)}
    if failure:
        where = f"code cell {numbers[started[-1]]}: " if started else ""
        raise Refused(f"{where}{failure}")
    for cell in cells:
        for output in cell.outputs:
            if output.output_type == "error":
                said = f"{output.ename}: {output.evalue}"
                raise Refused(f"code cell {numbers[cell.id]}: {said}")
            if output.get("name") == "stderr":
                raise Refused(f"code cell {numbers[cell.id]} writes to stderr: {output.text}")


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of a notebook that can be run, which are those with a line of code.

    Args:
        notebook: the notebook.

    Returns:
        The cells, in order.
    """
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def normalise(notebook: NotebookNode) -> None:
    """Take out of a notebook what is not stored, and number its code cells.

    Args:
        notebook: the notebook, which has been run.
    """
    notebook.metadata |= {"kernelspec": KERNEL, "language_info": LANGUAGE}
    for cell in notebook.cells:
        for key in TRANSIENT:
            cell.metadata.pop(key, None)
        if cell.cell_type == "code" and not cell.source.strip():
            cell.execution_count, cell.outputs = None, []
    for number, cell in enumerate(code_cells(notebook), 1):
        cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
            data = output.get("data", {})
            if data.pop(DIAGRAM, None):
                data.setdefault("text/html", html_text(data["text/plain"]))


def keep_known_outputs(stored: NotebookNode, new: NotebookNode, rules: Rules) -> list[int]:
    """Put stored outputs in place of new ones that differ only in what may differ.

    Args:
        stored: the notebook as it was, normalised.
        new: the same notebook after a run, normalised.
        rules: what may differ.

    Returns:
        The numbers of the code cells that have other outputs than before.
    """

    def comparable(cell: NotebookNode) -> list[Any]:
        return map_texts(cell.outputs, lambda text: sanitize(text, rules))

    pairs = list(zip(code_cells(stored), code_cells(new), strict=True))
    same = [comparable(was) == comparable(now) for was, now in pairs]
    changed = [now for (_, now), is_same in zip(pairs, same, strict=True) if not is_same]
    if all(comparable(cell) == cell.outputs for cell in changed):
        for (was, now), is_same in zip(pairs, same, strict=True):
            if is_same:
                now.outputs = was.outputs
    return [n for n, (was, now) in enumerate(pairs, 1) if was.outputs != now.outputs]


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of a JSON value with every text in it changed.

    Args:
        value: the value.
        change: makes the new text.

    Returns:
        The copy.
    """
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [map_texts(item, change) for item in value]
    if isinstance(value, dict):
        return {key: map_texts(item, change) for key, item in value.items()}
    return value


def refresh(path: Path, rules: Rules, timeout: float, check: bool = False) -> tuple[str, str]:
    """Run one notebook and store its outputs.

    Args:
        path: the notebook.
        rules: what may differ between two runs.
        timeout: seconds that a cell may take.
        check: write nothing.

    Returns:
        What has changed, in words, and the change as a diff; both empty if nothing has.

    Raises:
        Refused: the outputs are not to be stored; the file is as it was.
    """
    try:
        before = path.read_bytes()
    except OSError as error:
        raise Refused(f"it cannot be read ({error.strerror})") from None
    stored = read_notebook(before)
    new = deepcopy(stored)
    run(new, path.parent, timeout)
    normalise(stored)
    normalise(new)
    changed = keep_known_outputs(stored, new, rules)
    after = nbformat.writes(new, version=4) + "\n"
    if after.encode() == before:
        return "", ""
    if not check:
        write(path, after, unless_changed_from=before)
    numbers = ", ".join(map(str, changed))
    what = f"output of code cell {numbers}" if changed else "counts and metadata only"
    lines = difflib.unified_diff(before.decode().splitlines(), after.splitlines(), n=1, lineterm="")
    return what, "\n".join(_at_most(DIFF_LINES, list(lines)[2:]))


def write(path: Path, text: str, unless_changed_from: bytes) -> None:
    """Replace a file as a whole, so that nobody ever finds half of it.

    Args:
        path: the file.
        text: its new content.
        unless_changed_from: the content that was read. If there is other content now, somebody has
            saved the file meanwhile.

    Raises:
        Refused: somebody has.
    """
    path = path.resolve()  # a link stays a link
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.stem}-", delete=False
    ) as file:
        file.write(text.encode())
    try:
        shutil.copymode(path, file.name)
        if path.read_bytes() != unless_changed_from:
            raise Refused("somebody saved it while it ran")
        os.replace(file.name, path)
    except BaseException:
        os.unlink(file.name)
        raise


def _at_most(most: int, lines: list[str]) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"… and {len(lines) - most} lines more"


def _first_line(error: object) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def main(arguments: list[str] | None = None) -> int:
    """Run the script.

    Args:
        arguments: the command line, without the name of the script.

    Returns:
        The exit status: 0 when all is well, 1 when a notebook was refused, when there is none, or
        when --check found a difference.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    parser.add_argument(
        "--timeout", type=float, default=60, help="of one cell (%(default)s seconds)"
    )
    options = parser.parse_args(arguments)
    folders = (ROOT / "notebooks", ROOT / "notebooks" / "solutions")
    notebooks = options.notebooks or [
        path for folder in folders for path in sorted(folder.glob("*.ipynb"))
    ]
    if not notebooks:
        print("refresh_outputs: there are no notebooks in notebooks/", file=sys.stderr)
        return 1
    rules = read_rules()
    failed = False
    for path in notebooks:
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        try:
            what, diff = refresh(path, rules, options.timeout, options.check)
        except Refused as refused:
            failed = True
            print(f"{name}: {_first_line(refused)}. It was not changed.", file=sys.stderr)
            continue
        if not what:
            print(f"{name}: as it was")
        elif options.check:
            failed = True
            print(f"{name}: would change ({what})\n{diff}", file=sys.stderr)
        else:
            print(f"{name}: stored ({what})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
