"""Run by bytecode.mjs, inside Pyodide."""

import contextlib
import importlib
import importlib._bootstrap_external as loader
import importlib.util
import io
import pathlib
import pkgutil
import sys
import zipfile

from left_out import is_left_out
from tab_shims.packed import PACKED, pack

DATE = (1980, 1, 1, 0, 0, 0)
SITE = "/lib/python3.14/site-packages"
LIBRARY = "/lib/python314.zip"

#: What the kernel imports besides the course, to answer a cell and to complete a name.
KERNEL = """
import micropip, piplite, pyodide_kernel, IPython.core.interactiveshell, jedi, tzdata
from pygments.formatters import HtmlFormatter, Terminal256Formatter
from pygments.lexers import get_lexer_by_name
for name in ("python", "ipython3", "pytb", "pycon", "json", "diff", "html", "css", "bash", "http"):
    try: get_lexer_by_name(name)
    except Exception: pass
jedi.Interpreter("import flask; flask.", [{}]).complete(1, 20)
"""

#: What notebook 15 runs.
TESTS = """
import pathlib, pytest
pathlib.Path("test_used.py").write_text(
    "import pytest\\n@pytest.fixture\\ndef one(): return 1\\ndef test_one(one): assert one == 1"
)
pytest.main(["-q", "-p", "no:cacheprovider", "test_used.py"])
"""

#: What is imported when it is first used.
COURSE = """
from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import *
app = new_app(create_app, {"TESTING": True})
app.test_client().get("/")
app.test_client().get("/openapi.json")
app.test_client().post("/login", json={"username": "ada", "password": "x"})
"""


def lay(wheel):
    """Unpack a wheel where Python finds it, so that it is tried without what is left out."""
    source = zipfile.ZipFile(io.BytesIO(wheel.to_py()))
    source.extractall(SITE, [name for name in source.namelist() if not is_left_out(name)])


def imported_modules():
    """Import what the course does, and return the files of all that was imported.

    They are paths in a wheel, or in the zip file of the standard library.
    """
    hidden = io.StringIO()
    for source in (KERNEL, COURSE, TESTS):
        with contextlib.redirect_stdout(hidden), contextlib.redirect_stderr(hidden):
            exec(source, {"__name__": "__main__"})
    import flasklogin_tutorial

    for module in pkgutil.walk_packages(flasklogin_tutorial.__path__, "flasklogin_tutorial."):
        # A module that cannot be imported here, such as one that needs gunicorn, is compiled later.
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(module.name)
    files = [getattr(module, "__file__", None) or "" for module in list(sys.modules.values())]
    folders = (f"{SITE}/", f"{LIBRARY}/")
    return {file.removeprefix(each) for file in files for each in folders if file.startswith(each)}


def beside(name):
    """Return a key that sorts bytecode next to its source: what is alike packs better."""
    folder, is_cached, file = name.partition("__pycache__/")
    return (folder + file.replace(f".{sys.implementation.cache_tag}.pyc", ".py"), bool(is_cached))


def entry(name):
    """Return the entry of a file in a wheel."""
    info = zipfile.ZipInfo(name, DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def bytecode(text, path):
    """Return the bytecode of a module, which says that it need not be compared with its source."""
    code = compile(text, path, "exec", dont_inherit=True)
    return loader._code_to_hash_pyc(code, importlib.util.source_hash(text), False)


def library_bytecode(used):
    """Return a zip file with the bytecode of what is used of the standard library.

    Pyodide brings it as source, and Python reads bytecode in a zip file beside the source.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(LIBRARY) as library, zipfile.ZipFile(made, "w") as target:
        for name in sorted(used & set(library.namelist())):
            data = bytecode(library.read(name), f"{LIBRARY}/{name}")
            target.writestr(entry(f"{name}c"), data)
    return made.getvalue()


def with_bytecode(wheel, used):
    """Write a wheel again: with the bytecode of what is used, and packed in one piece."""
    source, files = zipfile.ZipFile(io.BytesIO(wheel.to_py())), {}
    for name in source.namelist():
        if name.endswith("/") or is_left_out(name, used):
            continue
        files[name] = text = source.read(name)
        if name in used and name.endswith(".py"):
            path = pathlib.PurePosixPath(name)
            cached = f"{path.stem}.{sys.implementation.cache_tag}.pyc"
            compiled = bytecode(text, f"{SITE}/{name}")
            files[str(path.parent / "__pycache__" / cached)] = compiled
    # Who reads the wheel without unpacking it finds these.
    apart = {name for name in files if name.endswith((".dist-info/METADATA", ".dist-info/WHEEL"))}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in sorted(apart):
            target.writestr(entry(name), files.pop(name))
        packed = pack({name: files[name] for name in sorted(files, key=beside)})
        target.writestr(entry(PACKED), packed, compress_type=zipfile.ZIP_STORED)
    return made.getvalue()
