"""The files of an app, and what is old in each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper

from flasklogin_tutorial.migrate import templates
from flasklogin_tutorial.migrate.hit import Hit
from flasklogin_tutorial.migrate.rules import RULES, Rule

#: Where nobody's own source is.
_NOT_OURS = {"__pycache__", "node_modules", "site-packages", "dist-packages"}


class Unreadable(Exception):
    """A file cannot be read or parsed; the message says why, and in which line."""


@dataclass
class Read:
    """A file, and what is old in it.

    Attributes:
        path: the file.
        before: its bytes.
        hits: what is old, in the order of the lines.
        after: its bytes with all that is mechanical written anew.
    """

    path: Path
    before: bytes
    hits: list[Hit] = field(default_factory=list)
    after: bytes = b""


def files_below(path: Path) -> Iterator[Path]:
    """Yield the files that may hold an app's code: Python, and templates.

    Args:
        path: a file or a folder. Hidden folders, environments and what was installed are left out.

    Yields:
        The files, in the order of their names.
    """
    if path.is_file():
        yield path
        return
    for folder, below, names in os.walk(path):
        below[:] = sorted(name for name in below if _is_ours(Path(folder, name)))
        for name in sorted(names):
            file = Path(folder, name)
            if file.suffix == ".py" or templates.is_template(file):
                yield file


def _is_ours(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name in _NOT_OURS
    return not hidden and not (folder / "pyvenv.cfg").exists()


def read(path: Path) -> Read:
    """Find what is old in a file.

    Args:
        path: the file. Nothing is written to it.

    Returns:
        What was found, and what `--fix` makes of the file.

    Raises:
        Unreadable: it cannot be read, or is no Python that can be parsed.
    """
    try:
        before = path.read_bytes()
        if templates.is_template(path):
            hits, text = templates.read(before.decode("utf-8"))
            return Read(path, before, hits, text.encode("utf-8"))
        module = cst.parse_module(before)
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read: {error.strerror}.") from error
    except (UnicodeError, LookupError, SyntaxError) as error:
        raise Unreadable(f"{path}: cannot be read as text: {error}") from error
    except cst.ParserSyntaxError as error:
        said = error.message.partition("\n")[0]
        raise Unreadable(f"{path}:{error.raw_line}: cannot be parsed: {said}") from error
    seen = _seen(module)
    found = sorted((hit for rule in seen for hit in rule.hits), key=lambda hit: hit.line)
    writing = [type(rule) for rule in seen if any(hit.fixed for hit in rule.hits)]
    return Read(path, before, found, _written(module, writing).bytes)


def _seen(module: cst.Module) -> list[Rule]:
    """Return every rule after it has seen a module as it stands, so that its lines are the file's.

    What a rule makes of the module is thrown away. A module that was parsed holds no node twice, so
    it need not be copied for this.
    """
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    rules = [rule_class(module) for rule_class in RULES]
    for rule in rules:
        wrapper.visit(rule)
    return rules


def _written(module: cst.Module, writing: list[type[Rule]]) -> cst.Module:
    """Return a module with all that is mechanical written anew, by one rule after the other."""
    for rule_class in writing:
        module = MetadataWrapper(module).visit(rule_class(module))
    return module
