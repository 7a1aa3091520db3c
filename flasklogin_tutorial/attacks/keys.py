"""Where an app's secret key comes from, as far as its process tells.

Whether a key is secret cannot be found out by guessing: a key that nobody published may stand in
the app's own source, which anyone reads who gets hold of it.
"""

import ast
import contextlib
import getpass
import hashlib
import os
import platform
import socket
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask

from flasklogin_tutorial.visit import is_installed

#: Secret keys that stand in books, in documentation and in half of all examples.
PUBLISHED_KEYS: tuple[str | bytes, ...] = (
    "some key",
    "secret",
    "secret key",
    "secret_key",
    "secret-key",
    "super secret",
    "super secret key",
    "super secret string",
    "my secret key",
    "mysecretkey",
    "change me",
    "changeme",
    "dev",
    "development",
    "dev-secret-key",
    "development key",
    "hard to guess string",
    "you-will-never-guess",
    "your-secret-key",
    "your-secret-key-here",
    "your_secret_key",
    "thisisasecretkey",
    "test",
    "a",
    b'_5#y2L"F4Q8z\n\xec]/',
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    "5f352379324c22463451387a0aec5d2f",
)

#: How a stranger comes by one of them.
PUBLISHED = "has been published in examples"

#: Bytes below which a key can be guessed: 128 bits, if they are random at all.
ENOUGH = 16

#: Files beside the source in which settings stand. `.env` is left out: it is meant to stay at home.
_SETTINGS = (".cfg", ".conf", ".ini", ".json", ".py", ".toml", ".yaml", ".yml", ".flaskenv")

#: Hash functions by which a key may be made of something else.
_DIGESTS = ("md5", "sha1", "sha256", "sha512")

#: Bytes of a file that are read.
_MOST = 500_000


@dataclass(frozen=True)
class Key:
    """A key that signs cookies.

    Attributes:
        value: the key.
        known_from: how a stranger comes by it, as the end of a sentence; empty if in no known way.
        origin: where it comes from, if that is somewhere safe.
    """

    value: str | bytes
    known_from: str
    origin: str


def keys_of(app: Flask) -> list[Key]:
    """Return the keys that an app takes for its own: the secret key, and those of before."""
    former = app.config.get("SECRET_KEY_FALLBACKS") or []
    return [_judge(app, key) for key in (app.secret_key, *former) if key]


def _judge(app: Flask, key: str | bytes) -> Key:
    raw = _raw(key)
    if any(raw == _raw(one) for one in PUBLISHED_KEYS):
        return Key(key, PUBLISHED, "")
    if place := _stands_in(app, raw):
        return Key(key, f"stands in the source, {place}", "")
    if raw in _facts(app):
        return Key(key, "is a name or number of this machine or this app", "")
    if len(raw) < ENOUGH:
        return Key(key, f"has only {len(raw)} bytes, which can be guessed", "")
    if any(raw == os.fsencode(value) for value in os.environ.values()):
        return Key(key, "", f"The key has {len(raw)} bytes and comes from the environment.")
    if not own_files(app):
        return Key(key, "", "")
    return Key(key, "", f"The key has {len(raw)} bytes and stands in no source file of the app.")


def _raw(key: str | bytes) -> bytes:
    return key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass")


def _facts(app: Flask) -> set[bytes]:
    """Return what everybody knows or can ask of a machine and of an app."""
    node = uuid.getnode()
    facts = {app.name, app.import_name, app.root_path, os.getcwd(), str(node), f"{node:x}"}
    facts |= {socket.gethostname(), platform.node()}
    with contextlib.suppress(KeyError, OSError, ImportError):  # a process without a user
        facts.add(getpass.getuser())
    return {_raw(one) for one in facts} | {_raw(digest) for one in facts for digest in _made(one)}


def _made(text: str | bytes) -> Iterator[str | bytes]:
    """Yield the keys that are commonly made of a text."""
    for name in _DIGESTS:
        digest = hashlib.new(name, _raw(text), usedforsecurity=False)
        yield digest.hexdigest()
        yield digest.digest()


# ---- the source


def own_files(app: Flask) -> dict[str, Path]:
    """Return the files of an app's own modules, by the modules' names.

    Args:
        app: the app.

    Returns:
        The modules of its package and of its views, and what of the same project these import.
    """
    found: dict[str, Path] = {}
    package = app.import_name.partition(".")[0]
    views = (getattr(view, "__module__", "") for view in app.view_functions.values())
    waiting = [app.import_name, *sorted(set(filter(None, views)))]
    while waiting:
        name = waiting.pop()
        path = _path_of(name)
        is_apps = name.partition(".")[0] == package  # its own, also where it is installed
        if name in found or path is None or (is_installed(path) and not is_apps):
            continue
        found[name] = path
        _, whole, relative = _read(path)
        waiting += whole
        waiting += [name.rpartition(".")[0]] if "." in name else []
        waiting += [_from(name, path, one) for one in relative]
    return found


def _path_of(module: str) -> Path | None:
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file) if file and file.endswith(".py") and Path(file).is_file() else None


def _from(module: str, path: Path, written: str) -> str:
    """Return the whole name of a module that is imported by a relative one."""
    level = len(written) - len(written.lstrip("."))
    parts = module.split(".") if path.stem == "__init__" else module.split(".")[:-1]
    kept = parts[: len(parts) - level + 1]
    return ".".join([*kept, *filter(None, [written.lstrip(".")])])


def _stands_in(app: Flask, raw: bytes) -> str:
    """Say where a key stands in an app's own files; nothing if it does not."""
    files = sorted(set(own_files(app).values()))
    for path in files:
        line = _read(path)[0].get(raw)
        if line:
            return f"{path.name}, line {line}"
    if len(raw) < ENOUGH:
        return ""  # a short text stands somewhere in every file
    for folder in sorted({path.parent for path in files}):
        for path in sorted(folder.iterdir()):
            is_setting = path.suffix in _SETTINGS or path.name in _SETTINGS
            if is_setting and path.is_file() and raw in path.read_bytes()[:_MOST]:
                return path.name
    return ""


@lru_cache(maxsize=512)
def _read(path: Path) -> tuple[dict[bytes, int], tuple[str, ...], tuple[str, ...]]:
    """Read a source file.

    Args:
        path: the file.

    Returns:
        The keys that its literals make, each with its line; the modules that it imports, by their
        whole names; and those that it imports by relative ones.
    """
    try:
        tree = ast.parse(path.read_bytes()[:_MOST])
    except (OSError, SyntaxError, ValueError):
        return {}, (), ()
    keys: dict[bytes, int] = {}
    whole: list[str] = []
    relative: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            whole += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            name = "." * node.level + (node.module or "")
            names = [name, *(_below(name, one.name) for one in node.names)]
            (relative if node.level else whole).extend(names)
        elif isinstance(node, ast.expr) and (text := _literal(node)):
            keys.setdefault(_raw(text), node.lineno)
            if isinstance(text, str) and _is_dotted(text):  # such as from_object("config.Test")
                whole += [text, text.rpartition(".")[0]]
            for digest in _made(text):
                keys.setdefault(_raw(digest), node.lineno)
    return keys, tuple(whole), tuple(relative)


def _is_dotted(text: str) -> bool:
    return len(text) < 100 and all(part.isidentifier() for part in text.split("."))


def _below(module: str, name: str) -> str:
    return f"{module}{name}" if module.endswith(".") else f"{module}.{name}"


def _literal(node: ast.expr) -> str | bytes | None:
    """Return the text that an expression of literals alone makes; None if it is no such thing."""
    match node:
        case ast.Constant(value=str() | bytes() as text):
            return text
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            one, other = _literal(left), _literal(right)
            if isinstance(one, str) and isinstance(other, str):
                return one + other
            return one + other if isinstance(one, bytes) and isinstance(other, bytes) else None
        case ast.BinOp(op=ast.Mult(), left=left, right=ast.Constant(value=int() as times)):
            piece = _literal(left)
            return None if piece is None or not 0 < times < 1000 else piece * times
        case _:
            return None
