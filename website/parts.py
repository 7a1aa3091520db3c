"""Where the parts of the site are, and how a command of the build is run."""

import hashlib
import os
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEBSITE = ROOT / "website"
#: What the build keeps for the next one; `make clean` removes it.
WORK = ROOT / "build" / "site"
SITE = ROOT / "_site"
#: The one page of docs/ that the lessons link to.
GLOSSARY = "docs/glossary.md"

#: The first day that a zip file can name. Every file of the site has it, so that two builds have
#: the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)
EPOCH = "315532800"


class Stop(Exception):
    """What ends a build, with what happened and what to do, for the person who started it."""


def run(*command: str | Path, cwd: Path = ROOT, **variables: str) -> str:
    """Run a command, and show what it said only when it fails.

    Args:
        command: the command line.
        cwd: where it runs.
        variables: environment variables that it gets besides.

    Returns:
        What it printed.

    Raises:
        Stop: it failed, or is not there.
    """
    line = [str(part) for part in command]
    try:
        process = subprocess.run(
            line, cwd=cwd, env=os.environ | variables, capture_output=True, text=True
        )
    except FileNotFoundError as error:
        raise Stop(
            f"{line[0]} is not on this machine. The site needs Node 18 or newer with npm, "
            "besides Python."
        ) from error
    if process.returncode:
        # Node shows the line of an error, which in a bundle is a megabyte long.
        lines = [line[:300] for line in (process.stdout + process.stderr).splitlines()]
        said = "\n".join(lines[-40:])
        raise Stop(f"{said}\n{' '.join(line[:4])} … failed; its own words are above")
    return process.stdout


def write_zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a zip file that has the same bytes each time.

    Args:
        path: where.
        files: their contents by their names.
    """
    with zipfile.ZipFile(path, "w") as target:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, DATE)
            # Given here: what a ZipFile is given does not hold for a ZipInfo.
            target.writestr(info, data, zipfile.ZIP_DEFLATED, compresslevel=9)


def digest(*contents: bytes | str | Path) -> str:
    """Return one digest of texts and of files."""
    found = hashlib.sha256()
    for content in contents:
        data = content.read_bytes() if isinstance(content, Path) else content
        data = data.encode() if isinstance(data, str) else data
        found.update(hashlib.sha256(data).digest())
    return found.hexdigest()


def is_made(folder: Path, key: str) -> bool:
    """Tell whether a folder was made whole, from what this digest stands for."""
    mark = folder.with_suffix(".made")
    return folder.is_dir() and mark.is_file() and mark.read_text() == key


def mark_made(folder: Path, key: str) -> None:
    """Note that a folder is whole."""
    folder.with_suffix(".made").write_text(key)
