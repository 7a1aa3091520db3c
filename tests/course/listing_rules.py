"""Rules for code that a reader types: it is the code of the files that it is taken from.

A code cell with the metadata `listing`, a path, is compared with that file by syntax tree:
indentation, comments and docstrings are free, everything else is not. A line `# ...` stands for
statements of the file, or arguments of a call, that are left out; a listing with such a line is an
excerpt, and may leave out the annotations of its functions too. A code cell without `listing` that
defines something carries the tag `experiment`, so that nothing stays unchecked by mistake.
"""

import ast
import difflib
import re
from collections.abc import Iterator
from copy import deepcopy
from importlib.util import resolve_name
from pathlib import Path

from .notebook_rules import (
    PAGES,
    PART_2,
    Notebook,
    Problems,
    calls_of,
    notebooks_in,
    parsed,
    text_of,
    without_blocks,
)

ROOT = Path(__file__).parent.parent.parent

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

#: Methods that give a view or a loader to an app. They are decorators, and can be called as well.
REGISTERING = {"add_url_rule", "get", "post", "request_loader", "route", "user_loader"}


def without_docstrings(tree: ast.AST) -> ast.AST:
    """Return a copy of a syntax tree without docstrings."""
    tree = deepcopy(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, *DEFINITIONS)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or ([] if isinstance(node, ast.Module) else [ast.Pass()])
    return tree


def form_of(node: ast.AST) -> str:
    """Return what makes two pieces of code the same."""
    return ast.dump(without_docstrings(node))


def statements_of(tree: ast.AST) -> list[ast.stmt]:
    """Return all statements of a tree without docstrings and imports, in the order of the text."""
    found = [
        node
        for node in ast.walk(without_docstrings(tree))
        if isinstance(node, ast.stmt) and not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    placed = [node for node in found if hasattr(node, "lineno")]
    return sorted(placed, key=lambda node: (node.lineno, node.col_offset))


def imports_of(tree: ast.AST, package: str = "") -> set[tuple[str | None, str, str | None]]:
    """Return what a tree imports, wherever: module, name, and the name that it is given.

    The app's files import one another relatively, and a cell cannot: with the name of the package
    that a file is in, both are the same import.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {(None, alias.name, alias.asname) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            module = resolve_name(module, package) if package else module
            found |= {(module, alias.name, alias.asname) for alias in node.names}
    return found


# ---- an excerpt

ELIDED = "left_out_of_this_excerpt"


def with_elisions(source: str) -> str:
    """Return a cell with a name in place of each line `# ...`, which a syntax tree keeps."""
    return re.sub(r"^(\s*)# \.\.\.$", rf"\1{ELIDED}", source, flags=re.MULTILINE)


def is_elision(node: object) -> bool:
    node = node.value if isinstance(node, ast.Expr) else node
    return isinstance(node, ast.Name) and node.id == ELIDED


def fits(part: object, whole: object) -> bool:
    """Tell whether a tree is the other one, but for what is left out of it."""
    if isinstance(part, list) and isinstance(whole, list):
        if not part or not whole:
            return all(map(is_elision, part)) and not whole
        if is_elision(part[0]):
            return fits(part[1:], whole) or fits(part, whole[1:])
        return fits(part[0], whole[0]) and fits(part[1:], whole[1:])
    if not isinstance(part, ast.AST):
        return part == whole
    return type(part) is type(whole) and all(
        (name in {"annotation", "returns"} and getattr(part, name, None) is None)
        or fits(getattr(part, name, None), getattr(whole, name, None))
        for name in part._fields
    )


def first_line(node: ast.AST) -> str:
    return ast.unparse(without_docstrings(node)).partition("\n")[0]


# ---- a cell against a file


def differences(cell: str, file: str, package: str = "") -> Problems:
    """Yield what is in a cell and not, or not in this order, in a file.

    Args:
        cell: the source of the cell.
        file: the source of the file.
        package: the package that the file is in, if it imports relatively.

    Yields:
        One line for each statement that is not there.
    """
    tree, whole = ast.parse(with_elisions(cell)), ast.parse(file)
    excerpt = any(map(is_elision, ast.walk(tree)))
    statements = statements_of(whole)
    forms = [form_of(node) for node in statements]
    bare = [without_docstrings(node) for node in statements] if excerpt else []
    imported = imports_of(whole, package)
    typed = without_docstrings(tree).body if tree.body else []
    if not typed:
        yield "there is nothing in the cell to compare"
    last = -1
    for node in typed:
        if is_elision(node):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module, name, other in sorted(imports_of(node) - imported, key=str):
                yield f"the file does not import {name} from {module}, or not as {other or name}"
            continue
        form = form_of(node)
        places = [place for place, found in enumerate(forms) if found == form]
        places += [place for place, found in enumerate(bare) if fits(node, found)]
        later = [place for place in places if place > last]
        if later:
            last = later[0]
        elif places:
            yield f"in the file this stands before what the cell has above it: {first_line(node)}"
        else:
            yield f"this is not in the file: {first_line(node)}{closest(node, statements)}"


def closest(node: ast.stmt, statements: list[ast.stmt]) -> str:
    """Say where the nearest statement of the same kind differs, if there is one that is near."""
    source = ast.unparse(node)
    candidates = [ast.unparse(other) for other in statements if type(other) is type(node)]
    near = difflib.get_close_matches(source, candidates, n=1)
    if not near:
        return ""
    lines = difflib.ndiff(near[0].splitlines(), source.splitlines())
    changed = [line for line in lines if line[0] in "+-"]
    return "".join(f"\n    {line}" for line in changed)


# ---- the cells of a notebook


def listings_of(notebook: Notebook) -> Iterator[tuple[int, dict, str]]:
    """Yield the listings of a notebook: the number of the code cell, the cell, the file's path."""
    for number, cell in enumerate(notebook.code, 1):
        if "listing" in cell["metadata"]:
            yield number, cell, cell["metadata"]["listing"]


def listing_problems(notebook: Notebook, root: Path = ROOT) -> Problems:
    """Yield what is wrong with the listings of a notebook."""
    for number, cell, path in listings_of(notebook):
        file = root / path
        if not path.startswith("flasklogin_tutorial/") or not file.is_file():
            yield f"code cell {number} is a listing of {path}, which is no file of the package"
        elif parsed(text_of(cell)) is None:
            yield f"code cell {number} is no Python"
        else:
            package = ".".join(Path(path).parent.parts)
            for said in differences(text_of(cell), file.read_text(encoding="utf-8"), package):
                yield f"code cell {number}, {file.name}: {said}"
        if "experiment" in cell["metadata"].get("tags", []):
            yield f"code cell {number} is a listing and an experiment: one of the two is wrong"
        above = without_blocks(markdown_above(notebook, cell))
        if not {path, short_name(path)} & set(re.findall(r"`([^`]+)`", above)):
            yield f"code cell {number} is a listing, and the text above it does not name `{path}`"


#: The lessons that show the finished app in excerpts, and the most lines of one.
EXCERPTS = [
    number
    for number in notebooks_in(ROOT / "notebooks")
    if int(number[:2]) >= PART_2 or number in PAGES
]
MOST_LISTED = 12


def long_listings(notebook: Notebook) -> Problems:
    """Yield what a notebook shows of the finished app that is long, or a helper of its own."""
    for number, cell, path in listings_of(notebook):
        lines = text_of(cell).strip().splitlines()
        if path.startswith("flasklogin_tutorial/app/") and len(lines) > MOST_LISTED:
            yield f"code cell {number} lists {len(lines)} lines of {path}: show an excerpt"
    for call in calls_of(notebook, "show_source"):
        shown = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        if shown[0].startswith("app."):
            yield f"show_source{tuple(shown)} shows docstrings and helpers: list an excerpt"
        if len(shown) == 2 and shown[1].startswith("_"):
            yield f"show_source{tuple(shown)} names a private helper"


def whole_file_problems(markdown: str, file: str) -> Problems:
    """Yield what is wrong with a text that shows a whole file, and has a sentence for some lines.

    Args:
        markdown: the text. A number stands behind a line as a comment, and before its sentence.
        file: the source of the file; its docstrings and comments are free.
    """
    blocks = re.findall(r"^```python\n(.*?)^```$", markdown, re.M | re.S)
    if len(blocks) != 1:
        yield f"there are {len(blocks)} blocks of Python"
        return
    if form_of(ast.parse(blocks[0])) != form_of(ast.parse(file)):
        yield "the code is not that of the file"
    numbers = re.findall(r"  # (\d+)$", blocks[0], re.MULTILINE)
    sentences = re.findall(r"^(\d+)\. \S", markdown, re.MULTILINE)
    if not numbers == sentences == [str(number) for number in range(1, len(numbers) + 1)]:
        yield f"the lines have the numbers {numbers}, the sentences {sentences}"


def short_name(path: str) -> str:
    """Return what a text may call a file: its name, and for a package's first file the folder."""
    name = Path(path).name
    return f"{Path(path).parent.name}/{name}" if name == "__init__.py" else name


def markdown_above(notebook: Notebook, cell: dict) -> str:
    """Return the nearest Markdown above a cell, also if other code stands between them."""
    place = next(i for i, other in enumerate(notebook.cells) if other is cell)
    before = [other for other in notebook.cells[:place] if other["cell_type"] == "markdown"]
    return text_of(before[-1]) if before else ""


def unchecked_definitions(notebook: Notebook) -> Problems:
    """Yield the cells that define something, and are neither a listing nor an experiment."""
    for number, (cell, tree) in enumerate(zip(notebook.code, notebook.trees, strict=True), 1):
        tags = cell["metadata"].get("tags", [])
        if tree is None or "listing" in cell["metadata"] or "experiment" in tags:
            continue
        for node in ast.walk(tree):
            if isinstance(node, DEFINITIONS) or registers_lambda(node):
                yield f"code cell {number} defines something, and is no listing: {first_line(node)}"
                break


def registers_lambda(node: ast.AST) -> bool:
    """Tell whether a call gives an app a view or a loader that has no name."""
    if not isinstance(node, ast.Call):
        return False
    functions = [one for one in ast.walk(node) if isinstance(one, ast.Lambda)]
    called = [one.attr for one in ast.walk(node.func) if isinstance(one, ast.Attribute)]
    return bool(functions) and bool(REGISTERING & set(called))


# ---- what a step adds


def units_of(source: str) -> dict[object, str]:
    """Return the pieces of which a step is made, and a name for each.

    A piece is an imported name, a member of a class, a statement in `create_app`, such as a view,
    and any other statement of the file.
    """
    tree = without_docstrings(ast.parse(source))
    units: dict[object, str] = {item: f"import {item[1]}" for item in imports_of(tree)}
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            continue
        inner = isinstance(node, ast.ClassDef) or getattr(node, "name", "") == "create_app"
        for piece in node.body if inner else [node]:
            if not isinstance(piece, ast.Pass):
                units[form_of(piece)] = first_line(piece)
    return units


def typed_in(notebook: Notebook, path: str) -> set[object]:
    """Return the pieces that a reader types in the listings of a file."""
    typed: set[object] = set()
    for _, cell, listing in listings_of(notebook):
        tree = parsed(text_of(cell))
        if listing == path and tree is not None:
            typed |= imports_of(tree) | {form_of(node) for node in statements_of(tree)}
    return typed


def shows_diff(notebook: Notebook, before: str, after: str) -> bool:
    """Tell whether a cell calls show_diff for two steps, such as "step03" and "step04"."""
    for call in calls_of(notebook, "show_diff"):
        shown = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        if len(shown) == 2 and shown[0].startswith(before) and shown[1].startswith(after):
            return True
    return False


def untold_additions(notebook: Notebook, before: str, after: str, path: str) -> Problems:
    """Yield what a step adds that its notebook neither has typed nor shows as a diff.

    Args:
        notebook: the notebook.
        before: the source of the step before.
        after: the source of the step.
        path: the path of the step, as in `listing`.

    Yields:
        One line for each piece.
    """
    number = notebook.step
    if shows_diff(notebook, f"step{number - 1:02d}", f"step{number:02d}"):
        return
    old, new, typed = units_of(before), units_of(after), typed_in(notebook, path)
    for unit, name in new.items():
        if unit not in old and unit not in typed:
            yield f"{path} adds this, and the notebook does not tell: {name}"
