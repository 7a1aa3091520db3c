"""Run by bytecode.mjs, inside Pyodide."""

import contextlib
import importlib
import importlib._bootstrap_external as loader
import importlib.util
import io
import pkgutil
import re
import sys
import zipfile

DATE = (1980, 1, 1, 0, 0, 0)

#: What unpacking would only cost time for: jedi's stubs of libraries that are not here, 4,800
#: files.
LEFT_OUT = re.compile(r"jedi/third_party/(django-stubs|typeshed/stubs)/")

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


def imported_modules():
    """Import what the course does, and return the files of all that was imported."""
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
    return {file.partition("site-packages/")[2] for file in files} - {""}


def entry(name):
    """Return the entry of a file in a wheel."""
    info = zipfile.ZipInfo(name, DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def with_bytecode(wheel, used):
    """Write a wheel again with the bytecode of what is used."""
    source, made = zipfile.ZipFile(io.BytesIO(wheel.to_py())), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name in sorted(source.namelist()):
            if name.endswith("/") or LEFT_OUT.match(name):
                continue
            text = source.read(name)
            target.writestr(entry(name), text)
            if name in used and name.endswith(".py"):
                path = f"/lib/python3.14/site-packages/{name}"
                code = compile(text, path, "exec", dont_inherit=True)
                data = loader._code_to_hash_pyc(code, importlib.util.source_hash(text), False)
                folder, _, file = name.rpartition("/")
                cached = f"__pycache__/{file[:-3]}.{sys.implementation.cache_tag}.pyc"
                target.writestr(entry(f"{folder}/{cached}" if folder else cached), data)
    return made.getvalue()
