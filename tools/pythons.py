"""Run what a Python can change on every other Python that this machine has.

    python3 tools/dev.py pythons

A dependency, a message or a rule of the standard library may differ from one Python to the next.
`make test` runs everything, on one of them. This runs the notebooks and the tests that can tell the
difference on one CPython of each other version, each in an environment of its own.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

OLDEST = 11  # of Python 3, as pyproject.toml has it
NEWEST = 30

#: What a Python can change: what is stored of the notebooks, what goes over HTTP, and what depends
#: on the standard library's reading of addresses, cookies and dates.
MAY_DIFFER = [
    "notebooks",
    "tests/visit",
    "tests/app/test_cookies.py",
    "tests/app/test_cross_site.py",
    "tests/app/test_errors.py",
    "tests/app/test_login.py",
    "tests/app/test_new_passwords.py",
    "tests/app/test_pages.py",
    "tests/app/test_passwords.py",
    "tests/app/test_schemas.py",
    "tests/checks/test_checks.py",
    "tests/exercises/test_framework.py",
]

#: What a Python says of itself. One that cannot make environments is of no use here.
QUESTION = """
import ensurepip, json, sys, venv
base = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps([sys.implementation.name, list(sys.version_info[:3]), base]))
"""


def main() -> int:
    """Find the Pythons and run each.

    Returns:
        The exit status: 0 if there was none, or all were green.
    """
    missing = [path for path in MAY_DIFFER if not (ROOT / path).exists()]
    if missing:
        print(f"tools/pythons.py names what is not there: {', '.join(missing)}", file=sys.stderr)
        return 1
    this = sys.version_info[:3]
    others = [one for one in find_pythons(candidates()) if one[0][1] != this[1]]
    print(f"This Python is {in_words(this)}. It is the one that `make test` runs everything on.")
    if not others:
        print("There is no other CPython here that is new enough, so nothing more is run.")
        return 0
    for version, path in others:
        print(f"Also here: {in_words(version)}, {path}")
    red = [in_words(version) for version, path in others if run(version, path) != 0]
    if red:
        sys.stdout.flush()
        print(f"not green on Python {' and '.join(red)} (see above)", file=sys.stderr)
    return 1 if red else 0


def candidates() -> list[str]:
    """Return where Pythons may be: on the PATH, and among those that pyenv has installed."""
    names = [f"python3.{minor}" for minor in range(OLDEST, NEWEST)]
    folders = os.environ.get("PATH", "").split(os.pathsep)
    pyenv = os.environ.get("PYENV_ROOT") or str(Path.home() / ".pyenv")
    if shutil.which("pyenv"):
        said = subprocess.run(["pyenv", "root"], capture_output=True, text=True)
        pyenv = said.stdout.strip() or pyenv
    folders += glob.glob(os.path.join(glob.escape(pyenv), "versions", "*", "bin"))
    paths = [os.path.join(folder, name) for name in names for folder in folders if folder]
    return [path for path in paths if os.access(path, os.X_OK)]


def find_pythons(paths: list[str]) -> list[tuple[tuple[int, ...], str]]:
    """Ask what the Pythons are.

    Each is run, because some version managers put a stand-in on the PATH for a Python that they
    have not selected.

    Args:
        paths: where they may be.

    Returns:
        The version and the path of the newest CPython of each minor version that is new enough,
        the oldest first.
    """
    found: dict[int, tuple[tuple[int, ...], str]] = {}
    for path in paths:
        try:
            asked = subprocess.run(
                [path, "-c", QUESTION], capture_output=True, text=True, timeout=30, check=True
            )
            name, version, base = json.loads(asked.stdout)
        except (OSError, subprocess.SubprocessError, ValueError):
            continue
        new_enough = version[0] == 3 and version[1] >= OLDEST
        if name == "cpython" and new_enough:
            one = (tuple(version), base)
            known = found.get(version[1])
            if known is None or known[0] < one[0]:
                found[version[1]] = one
    return [found[minor] for minor in sorted(found)]


def run(version: tuple[int, ...], path: str) -> int:
    """Run what may differ on one Python.

    Args:
        version: its version.
        path: where it is.

    Returns:
        The exit status.
    """
    folder = f".venv-{version[0]}.{version[1]}"
    print(f"\n--- Python {in_words(version)}, in {folder}: {' '.join(MAY_DIFFER)}")
    sys.stdout.flush()
    processes = ["--numprocesses", str(os.cpu_count() or 1), "--dist", "loadfile"]
    command = [path, "tools/dev.py", "test", "--quiet", *processes, *MAY_DIFFER]
    return subprocess.call(command, cwd=ROOT, env={**os.environ, "COURSE_VENV": folder})


def in_words(version: tuple[int, ...]) -> str:
    """Write a version as people do."""
    return ".".join(map(str, version))


if __name__ == "__main__":
    sys.exit(main())
