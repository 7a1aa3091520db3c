"""Show the course's own files in a notebook: the source of a piece, and what changed in a step."""

import ast
import difflib
from collections.abc import Iterable
from html import escape
from pathlib import Path
from types import ModuleType

import flasklogin_tutorial
from flasklogin_tutorial.show import BAD, GOOD, html_lines, markdown_table, text_table

_PACKAGE = Path(flasklogin_tutorial.__file__).parent

_COLOURS = {"+": GOOD, "-": BAD}


class Titled:
    """Lines with a title above.

    Attributes:
        title: the names of the files that they are from.
        text: the lines.
    """

    def __init__(self, title: str, text: str) -> None:
        self.title, self.text = title, text

    def __repr__(self) -> str:
        return f"{self.title}\n\n{self.text}"


class Listing(Titled):
    """Lines of a file; shows itself as code."""

    def _repr_markdown_(self) -> str:
        return f"`{self.title}`\n\n```python\n{self.text}\n```"


class Diff(Titled):
    """The lines that differ between two files, each marked with `+` or `-`, and coloured."""

    def _repr_html_(self) -> str:
        lines = "\n".join(map(self._colour, self.text.splitlines()))
        return f"<p><code>{escape(self.title)}</code></p>\n{html_lines(lines)}"

    @staticmethod
    def _colour(line: str) -> str:
        colour = _COLOURS.get(line[:1])
        shown = escape(line, quote=False)
        return f'<span style="background:{colour}">{shown}</span>' if colour else shown


def show_source(where: str | ModuleType, name: str | None = None) -> Listing:
    """Show a file of the package, or one piece of it.

    Args:
        where: a step such as `"step04"`, a file of the package such as `"checks"`, or a module.
        name: a function or class in it, also one inside another: `"load_user"`. In the file of the
            variants also the name of a variant, `"remember-me"`, for what it adds to the app.

    Returns:
        The lines, with the file's name above.

    Raises:
        LookupError: there is no such file or no such name in it; the message lists those there are.
    """
    path = _path(where)
    source = path.read_text(encoding="utf-8")
    if name is None:
        return Listing(_title(path), source.rstrip())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)}
    variants = _variants_in(found.values())
    if name not in found and name not in variants:
        raise LookupError(
            f"{path.name} has no function or class {name!r}. It has: {', '.join(sorted(found))}."
        )
    title = _title(path) if name in found else f"{_title(path)}, {name}"
    shown = [found[name]] if name in found else variants[name].body
    above = getattr(shown[0], "decorator_list", [])
    first = min(node.lineno for node in (shown[0], *above))
    lines = source.splitlines()[first - 1 : shown[-1].end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return Listing(title, "\n".join(line[indent:] for line in lines))


_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _variants_in(definitions: Iterable[_Definition]) -> dict[str, _Definition]:
    """Return the functions that add a variant's feature to an app, by the variant's name."""
    found = {}
    for node in definitions:
        for decorator in node.decorator_list:
            match decorator:
                case ast.Call(func=ast.Name("_variant"), args=[ast.Constant(str(name)), *_]):
                    found[name] = node
    return found


def show_diff(before: str | ModuleType, after: str | ModuleType) -> Diff:
    """Show what changed from one file to another, and one line around each change.

    The text at the top of each file, which tells about the whole file, is left out.

    Args:
        before: a step such as `"step03"`, a file of the package, or a module.
        after: the same for the other side.

    Returns:
        The changed lines, `-` for those that went and `+` for those that came.

    Raises:
        LookupError: there is no such file; the message lists those there are.
    """
    old, new = _path(before), _path(after)
    lines = difflib.unified_diff(_code_lines(old), _code_lines(new), n=1, lineterm="")
    shown = ["…" if line.startswith("@@") else line for line in lines][2:]
    text = "\n".join(shown) or "no difference"
    return Diff(f"{_title(old)} → {new.name}", text)


class Pieces:
    """The pieces of the last step, each with the step that added it.

    Attributes:
        rows: for each piece its name, and the file of the step that added it.
    """

    def __init__(self, rows: list[tuple[str, str]]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        return "\n".join(text_table(self.rows))

    def _repr_markdown_(self) -> str:
        rows = ((f"`{name}`", f"[{step}]({_notebook(step)})") for name, step in self.rows)
        return markdown_table(("piece", "added by"), rows)


def _notebook(step: str) -> str:
    """Return the file name of the notebook that adds a step."""
    name = step.removeprefix("step")
    return "00_start_here.ipynb" if name.startswith("00") else f"{name}.ipynb"


def show_pieces() -> Pieces:
    """Show every function, class and member of the last step with the step that added it.

    Returns:
        A table, read from the files of the steps, with a link to the notebook of each step.
    """
    added: dict[str, str] = {}
    for path in sorted((_PACKAGE / "steps").glob("step*.py")):
        for name in _piece_names(ast.parse(path.read_text(encoding="utf-8"))):
            added.setdefault(name, path.stem)
    return Pieces(list(added.items()))


def _piece_names(tree: ast.AST) -> list[str]:
    """Return what a file defines, settings of the login manager and guarded views included."""
    names = []
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef() | ast.FunctionDef():
                names.append(node.name)
                guards = [d.id for d in node.decorator_list if isinstance(d, ast.Name)]
                names += [f"@{guard} on {node.name}" for guard in guards if guard != "property"]
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(owner), attr=attribute)]):
                names.append(f"{owner}.{attribute}")
            case ast.Call(func=ast.Attribute(value=ast.Name(owner), attr="init_app")):
                names.append(f"{owner}.init_app")
    return names


def _code_lines(path: Path) -> list[str]:
    """Return the lines of a file after its docstring."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    has_docstring = ast.get_docstring(tree) is not None
    start = (tree.body[0].end_lineno or 0) + 1 if has_docstring else 0
    return source.splitlines()[start:]


def _title(path: Path) -> str:
    return path.relative_to(_PACKAGE.parent).as_posix()


def _path(where: str | ModuleType) -> Path:
    if isinstance(where, ModuleType):
        where = where.__name__.removeprefix(f"{_PACKAGE.name}.")
    known = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        name = path.relative_to(_PACKAGE).with_suffix("").as_posix().replace("/", ".")
        known[name.removesuffix(".__init__")] = path
        if path.parent.name == "steps" and path.stem.startswith("step"):
            known[path.stem.partition("_")[0]] = path
    if where not in known:
        names = ", ".join(sorted(known))
        raise LookupError(f"There is no file {where!r} in the package. There are: {names}.")
    return known[where]
