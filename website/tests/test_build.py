"""The site is built the same every time, of what the locks name, and lacks nothing."""

import hashlib
import json
import subprocess
import sys
import zipfile

import pytest
from stored import ROOT

SITE_PYTHON = (
    ROOT / ".venv-site" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
)


def digests(folder):
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_two_builds_are_the_same_byte_for_byte(site, tmp_path):
    again = tmp_path / "again"
    command = [SITE_PYTHON, "website/build.py", "--out", again]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    one, other = digests(site), digests(again)
    assert {name for name in one | other if one.get(name) != other.get(name)} == set()


@pytest.fixture(scope="module")
def lock(site):
    return json.loads((site / "live/static/pyodide/pyodide-lock.json").read_text())["packages"]


def test_the_lock_names_what_is_there_and_its_hash(site, lock):
    folder = site / "live" / "static" / "pyodide"
    assert {each["file_name"] for each in lock.values()} == {p.name for p in folder.glob("*.whl")}
    for each in lock.values():
        data = (folder / each["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == each["sha256"], each["name"]
        with zipfile.ZipFile(folder / each["file_name"]) as wheel:
            assert any(name.endswith("METADATA") for name in wheel.namelist()), each["name"]


def test_whatever_the_package_imports_is_loaded_with_it(lock):
    script = (
        "import json, sys; sys.path.insert(0, 'website'); import pyodide_lock;"
        "print(json.dumps(sorted(pyodide_lock.imported_by_the_package())))"
    )
    said = subprocess.check_output([SITE_PYTHON, "-c", script], cwd=ROOT, text=True)
    provided = {name: each["name"] for each in lock.values() for name in each["imports"]}
    closure, waiting = set(), ["flasklogin-tutorial"]
    while waiting:
        name = waiting.pop()
        if name not in closure:
            closure.add(name)
            waiting += lock[name]["depends"]
    missing = {name for name in json.loads(said) if provided.get(name) not in closure}
    # What a tab has no use for: a server, and what only tests or a teacher's machine have.
    of_other_machines = {
        "IPython",
        "js",
        "gunicorn",
        "jupyter_core",
        "nbformat",
        "pytest",
        "_pytest",
    }
    # What reads the source of a reader's app, what such an app keeps its users in, and what the
    # finished app needs for seeds that are encrypted at rest.
    of_other_apps = {"libcst", "sqlalchemy", "cryptography"}
    stands_in_the_library = {"webauthn"}  # website/shims
    assert missing <= of_other_machines | of_other_apps | stands_in_the_library


def test_versions_are_those_of_the_lab(lock):
    text = (ROOT / "requirements" / "lab.txt").read_text()
    pinned = dict(line.split(" ")[0].split("==") for line in text.splitlines() if "==" in line[:60])
    shared = lock.keys() & pinned.keys() - {"ipykernel"}  # the tab has its own, of the kernel
    assert len(shared) > 40
    assert {name: lock[name]["version"] for name in shared} == {
        name: pinned[name] for name in shared
    }
