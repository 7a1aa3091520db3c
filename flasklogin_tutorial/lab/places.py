"""Where each piece of the one file of part 1 stands in the finished package."""

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import flasklogin_tutorial
from flasklogin_tutorial.show import markdown_table, text_table

_PACKAGE = Path(flasklogin_tutorial.__file__).parent
_ONE_FILE = _PACKAGE / "steps" / "step06_logout_and_user_info.py"

#: For each piece of the one file, named by its first line without what stands in brackets, the
#: file of the package and the name in it that do its work now.
PLACES: dict[str, tuple[str, str]] = {
    "db = MongoEngine": ("app/extensions.py", "db"),
    "class User": ("app/models.py", "User"),
    "name = db.StringField": ("app/models.py", "User.name"),
    "password = db.StringField": ("app/models.py", "User.password_hash"),
    "email = db.StringField": ("app/models.py", "User.email"),
    "def public": ("app/schemas.py", "Record"),
    "def is_authenticated": ("app/models.py", "User.is_authenticated"),
    "def is_active": ("app/models.py", "User.is_active"),
    "def is_anonymous": ("app/models.py", "User.is_anonymous"),
    "def get_id": ("app/models.py", "User.get_id"),
    "def create_app": ("app/__init__.py", "create_app"),
    "app = Flask": ("app/__init__.py", "create_app"),
    "app.config['SECRET_KEY'] = 'some key'": ("app/config.py", "_check_secret"),
    "app.config['MONGODB_SETTINGS'] =": ("app/config.py", "_database"),
    "app.config.from_prefixed_env": ("app/config.py", "_from_environment"),
    "app.config.update": ("app/config.py", "load_config"),
    "db.init_app": ("app/database.py", "connect_database"),
    "login_manager = LoginManager": ("app/login.py", "login_manager"),
    "login_manager.init_app": ("app/__init__.py", "create_app"),
    "login_manager.login_view = 'login'": ("app/login.py", "login_manager.login_view"),
    "def load_user": ("app/login.py", "load_user"),
    "def add_user": ("app/cli.py", "add"),
    "def login": ("app/views/auth.py", "login"),
    "def logout": ("app/views/auth.py", "logout"),
    "def user_info": ("app/views/auth.py", "user_info"),
    "def query_record": ("app/views/records.py", "query_record"),
    "def create_record": ("app/views/records.py", "create_record"),
    "def update_record": ("app/views/records.py", "update_record"),
    "def delete_record": ("app/views/records.py", "delete_record"),
    "return app": ("app/__init__.py", "create_app"),
}


@dataclass(frozen=True)
class Place:
    """One piece of the one file, and where it went.

    Attributes:
        lines: the lines of the one file that it takes, first and last.
        piece: what it is.
        file: the file of the package.
        name: the name in that file.
    """

    lines: tuple[int, int]
    piece: str
    file: str
    name: str


class Places:
    """Every piece of the one file with its place in the package; shows itself as a table.

    Attributes:
        rows: the pieces, in the order of the one file.
    """

    def __init__(self, rows: list[Place]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        rows = [(_span(row), row.piece, row.file, row.name) for row in self.rows]
        return "\n".join(text_table(rows, right=[0]))

    def _repr_markdown_(self) -> str:
        rows = (
            (
                _span(row),
                f"`{row.piece}`",
                f"[{row.file}](../{_PACKAGE.name}/{row.file})",
                f"`{row.name}`",
            )
            for row in self.rows
        )
        return markdown_table(("lines", "in the one file", "now in", "as"), rows)


def show_places() -> Places:
    """Show where every line of the app of part 1 went in the package.

    Both sides are read from the files: each statement of the one file has to have a place, and the
    place has to exist.

    Returns:
        A table.

    Raises:
        LookupError: a piece of the one file has no place, or its place does not exist.
    """
    rows, names = [], {}
    for node in pieces_of(ast.parse(_ONE_FILE.read_text(encoding="utf-8"))):
        piece = _name_of(node)
        if piece not in PLACES:
            raise LookupError(f"{_ONE_FILE.name} has {piece!r}, and nobody said where that went.")
        file, name = PLACES[piece]
        if file not in names:
            names[file] = names_in(ast.parse((_PACKAGE / file).read_text(encoding="utf-8")))
        if name not in names[file]:
            raise LookupError(f"{piece!r} went to {name} in {file}, and that is not there.")
        rows.append(Place(_lines_of(node), piece, file, name))
    return Places(rows)


def pieces_of(tree: ast.Module) -> list[ast.stmt]:
    """Return the pieces that one file of an app is made of.

    Args:
        tree: the file.

    Returns:
        Every statement apart from imports and texts, and those inside a class and `create_app`.
    """
    found: list[ast.stmt] = []
    for node in tree.body:
        found += [node, *node.body] if _is_opened(node) else [node]
    return [node for node in found if not _says_nothing(node)]


def _is_opened(node: ast.stmt) -> TypeGuard[ast.ClassDef | ast.FunctionDef]:
    """Tell whether the pieces inside a statement count for themselves."""
    return isinstance(node, ast.ClassDef) or getattr(node, "name", "") == "create_app"


def _lines_of(node: ast.stmt) -> tuple[int, int]:
    if _is_opened(node):
        return node.lineno, node.lineno
    above = [decorator.lineno for decorator in getattr(node, "decorator_list", [])]
    return min([node.lineno, *above]), node.end_lineno or node.lineno


def _says_nothing(node: ast.stmt) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or isinstance(node, ast.Import | ast.ImportFrom)


def names_in(tree: ast.Module | ast.ClassDef) -> set[str]:
    """Return the names that a file defines.

    Args:
        tree: the file.

    Returns:
        Functions, classes and what is assigned at the top; members with the class before a dot.
    """
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{name}" for name in names_in(node)}
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {ast.unparse(target) for target in targets}
    return found


def _name_of(node: ast.stmt) -> str:
    """Return the first line of a statement without what stands in brackets."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return f"{'def' if isinstance(node, ast.FunctionDef) else 'class'} {node.name}"
    source = ast.unparse(node)
    called = node.value if isinstance(node, ast.Assign | ast.Expr) else None
    if isinstance(called, ast.Call):
        return source.partition("(")[0]
    return source.partition(" {")[0]


def _span(row: Place) -> str:
    first, last = row.lines
    return str(first) if first == last else f"{first} to {last}"
