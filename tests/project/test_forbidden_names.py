"""What no file may name: the host of a registry, a folder of one machine."""

import re
import subprocess

import pytest

from .checkout import ROOT

# Put together here, so that this file does not name them either.
HOSTS = "|".join((r"py" r"pi\.org", r"python" r"hosted\.org", r"npm" r"js\.(?:org|com)"))
HOME = r"(?:ro" r"ot|home/(?!jovyan\b)[\w.-]+|Us" r"ers/[\w.-]+|wo" r"rk|tm" r"p/[\w.-]+)"
FORBIDDEN = re.compile(rf"{HOSTS}|(?<![\w.}}])/{HOME}/[\w./-]*|\b[A-Z]:\\Users\\", re.IGNORECASE)


def files():
    """List the files of the project as git sees them, or, without git, as they lie there."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        process = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        process = None
    if process and process.returncode == 0:
        names = sorted(set(process.stdout.split("\0")) - {""})
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    made = {".venv", ".git", "node_modules", "__pycache__", "_output"}
    return [path for path in ROOT.rglob("*") if path.is_file() and made.isdisjoint(path.parts)]


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    said = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for match in FORBIDDEN.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            said.append(f"{path.relative_to(ROOT)}:{line}: {match[0]}")
    assert said == []


@pytest.mark.parametrize(
    "text",
    [
        "https://py" + "pi.org/simple",
        "https://registry.npm" + "js.org/x",
        "see /ro" + "ot/x",
        "'/ho" + "me/ada/course/x'",
        "/Us" + "ers/ada/x",
        "/tm" + "p/scratch/x",
    ],
)
def test_the_search_for_such_names_finds_them(text):
    assert FORBIDDEN.search(text)
