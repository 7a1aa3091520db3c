"""Make the lock files in requirements/ from pyproject.toml, or check them.

    python tools/lock.py              keep the pins that still fit, add what is missing
    python tools/lock.py --upgrade    take the newest versions that pyproject.toml allows
    python tools/lock.py --check      fail when a lock is stale, or lacks what its packages require

Each lock holds exact versions with hashes for every Python and system that the project supports.
Whoever installs from one needs pip and nothing else; only this script needs uv, and fetches it into
a folder that it deletes afterwards when there is none. The check needs neither uv nor a network,
but the packages: run it with the Python of .venv after `make test` has filled it.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

#: The uv that is fetched when none is installed.
UV = "uv>=0.13,<0.14"

#: What keeps a package that pyproject.toml does not name at a version which installs everywhere.
CONSTRAINTS = (
    # 26.2.0 has no wheel for Macs with an Intel processor, so a learner would need a compiler.
    "argon2-cffi-bindings<26",
)


class Lock(NamedTuple):
    """One lock file.

    Attributes:
        path: the file, from the top folder of the project.
        extras: the optional dependencies of pyproject.toml that it holds.
        within: the lock whose versions it has to share.
        command: what installs it.
        without: what the package and its build backend ask for, and this lock leaves out.
        venv: the environment that it is installed into.
    """

    path: str
    extras: tuple[str, ...]
    within: str | None
    command: str
    without: tuple[str, ...] = ()
    venv: str = ".venv"


#: What the course needs and the finished app does not, whose folder is copied and never built.
COURSE_ONLY = ("flit-core", "mongomock", "packaging", "requests")


#: In the order in which they are made: the others take their versions from `test`.
LOCKS = (
    Lock(
        "requirements/test.txt",
        ("lab", "production", "passkeys", "migrate", "test", "bench"),
        None,
        "make test",
    ),
    Lock("requirements/lab.txt", ("lab",), "requirements/test.txt", "make lab"),
    Lock(
        "requirements/production.txt",
        ("production", "passkeys"),
        "requirements/test.txt",
        "docker compose build",
        COURSE_ONLY,
    ),
    Lock(
        "requirements/site.txt",
        ("site",),
        "requirements/test.txt",
        "make site",
        venv=".venv-site",
    ),
)


def requirements(lock: Lock, pyproject: dict) -> list[str]:
    """List what pyproject.toml asks for.

    Args:
        lock: the lock in question.
        pyproject: pyproject.toml, parsed.

    Returns:
        The requirements of the package, of the extras, and of the build backend, sorted, but for
        what the lock leaves out. The build backend is among them because the project is installed
        without build isolation.
    """
    project = pyproject["project"]
    left_out = {name_of(project["name"]), *lock.without}
    found = {*project["dependencies"], *pyproject["build-system"]["requires"]}
    for extra in lock.extras:
        found.update(project["optional-dependencies"][extra])
    return sorted(line for line in found if name_of(line) not in left_out)


def name_of(requirement: str) -> str:
    """Return the name of the package that a requirement is about, in its usual spelling."""
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-")


def inputs_digest(lock: Lock, pyproject: dict) -> str:
    """Return the digest that tells whether a lock was made from this pyproject.toml."""
    python = pyproject["project"]["requires-python"]
    inputs = json.dumps([python, requirements(lock, pyproject), CONSTRAINTS])
    return hashlib.sha256(inputs.encode()).hexdigest()


def pins_digest(pins: str) -> str:
    """Return the digest that tells whether somebody edited a lock by hand."""
    return hashlib.sha256(pins.encode()).hexdigest()


def header(lock: Lock, pyproject: dict, pins: str) -> str:
    """Return the comment lines that a lock begins with."""
    return (
        f"# Made by `make lock` from pyproject.toml; `{lock.command}` installs it. Do not edit.\n"
        f"# inputs sha256:{inputs_digest(lock, pyproject)}\n"
        f"# pins sha256:{pins_digest(pins)}\n"
    )


def problem(lock: Lock, pyproject: dict, root: Path = ROOT) -> str | None:
    """Say what is wrong with a lock.

    Args:
        lock: the lock in question.
        pyproject: pyproject.toml, parsed.
        root: the top folder of the project.

    Returns:
        One sentence, or None when the lock is as this script left it and pyproject.toml asks for
        the same things as then.
    """
    try:
        text = (root / lock.path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return f"{lock.path} is missing"
    match = re.match(r"#.*\n# inputs sha256:(\w+)\n# pins sha256:(\w+)\n", text)
    if match is None:
        return f"{lock.path} does not begin with the three lines that tools/lock.py writes"
    if match[1] != inputs_digest(lock, pyproject):
        return f"{lock.path} was made from other requirements than pyproject.toml has now"
    if match[2] != pins_digest(text[match.end() :]):
        return f"{lock.path} was edited by hand"
    return None


def unmet(lock: Lock, pyproject: dict, root: Path = ROOT) -> list[str]:
    """Say which requirements of its own packages a lock does not meet.

    Args:
        lock: the lock in question.
        pyproject: pyproject.toml, parsed.
        root: the top folder of the project.

    Returns:
        One sentence for each; tools/lock_needs.py says what it cannot see.
    """
    import lock_needs  # needs `packaging`, which whoever makes the first lock may not have

    text = (root / lock.path).read_text(encoding="utf-8")
    found = lock_needs.unmet(text, requirements(lock, pyproject), pyproject)
    return [f"{lock.path}: {said}" for said in found]


def is_installed_here(lock: Lock) -> bool:
    """Tell whether the Python that runs this is in the environment that a lock fills."""
    return (Path(sys.prefix).name == ".venv-site") == (lock.venv == ".venv-site")


def unread_here() -> list[str]:
    """List the packages of the locks whose requirements cannot be read on this machine."""
    import lock_needs

    here = filter(is_installed_here, LOCKS)
    texts = [(ROOT / lock.path).read_text(encoding="utf-8") for lock in here]
    return sorted({package for text in texts for package in lock_needs.unseen(text)})


def check(pyproject: dict, root: Path = ROOT) -> list[str]:
    """Say all that is wrong with the locks, each with what to do.

    What the packages of a lock require can be read only where they are installed. `make site` runs
    this with the Python of its own environment, and `make check` with that of .venv.

    Args:
        pyproject: pyproject.toml, parsed.
        root: the top folder of the project.

    Returns:
        The sentences; none when all is well.
    """
    stale = [said for lock in LOCKS if (said := problem(lock, pyproject, root))]
    if stale:
        return [f"{said}. Run `make lock`, and commit what it writes." for said in stale]
    try:
        here = filter(is_installed_here, LOCKS)
        lacking = [said for lock in here for said in unmet(lock, pyproject, root)]
    except ModuleNotFoundError as error:
        return [f"{error.name} is not installed in this Python. Run the check with that of .venv."]
    return [f"{said}." for said in lacking]


def find_uv(scratch: Path) -> str:
    """Return a uv that can be called, fetching one into `scratch` when there is none."""
    beside = shutil.which("uv", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("uv")
    if found:
        return found
    venv.create(scratch, with_pip=True)
    bin_dir = scratch / ("Scripts" if os.name == "nt" else "bin")
    python = str(bin_dir / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", UV], check=True)
    return str(bin_dir / "uv")


def resolve(uv: str, lock: Lock, pyproject: dict, upgrade: bool) -> str:
    """Resolve one lock.

    Args:
        uv: the uv to call.
        lock: the lock in question.
        pyproject: pyproject.toml, parsed.
        upgrade: take the newest versions instead of those in the file.

    Returns:
        The pins, with hashes and without a header.
    """
    lowest = pyproject["project"]["requires-python"].removeprefix(">=")
    with tempfile.TemporaryDirectory() as folder:
        # uv keeps the versions that it finds in its output file.
        output = Path(folder, "lock.txt")
        if (ROOT / lock.path).exists() and not upgrade:
            output.write_bytes((ROOT / lock.path).read_bytes())
        command = [uv, "pip", "compile", "-", "--universal", "--generate-hashes"]
        command += ["--python-version", lowest, "--output-file", str(output)]
        command += ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet"]
        command += ["--no-config", "--annotation-style", "line"]
        limits = Path(folder, "limits.txt")
        limits.write_text("\n".join(CONSTRAINTS), encoding="utf-8")
        command += ["--constraints", str(limits)]
        if lock.within:
            command += ["--constraints", lock.within]
        subprocess.run(
            command,
            input="\n".join(requirements(lock, pyproject)),
            text=True,
            encoding="utf-8",
            check=True,
            cwd=ROOT,
        )
        pins = output.read_text(encoding="utf-8")
    return without_constraints(pins)


def without_constraints(pins: str) -> str:
    """Take constraints out of the comments: none is a reason why a package is there."""
    lines = []
    for line in pins.splitlines():
        start, via, reasons = line.partition("# via ")
        kept = [reason for reason in reasons.split(", ") if not reason.startswith("-c ")]
        if kept:
            lines.append(start + via + ", ".join(kept))
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the script.

    Args:
        arguments: the command line, without the name of the script.

    Returns:
        The exit status: 0 when all is well, 1 when a lock is stale or could not be made.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail when a lock is stale")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    options = parser.parse_args(arguments)
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    if options.check:
        problems = check(pyproject)
        for said in problems:
            print(f"lock: {said}", file=sys.stderr)
        if problems:
            return 1
        unseen = unread_here()
        print(f"lock: what {', '.join(unseen)} require was not read: they are for other machines")
        return 0

    with tempfile.TemporaryDirectory() as folder:
        try:
            uv = find_uv(Path(folder))
            for lock in LOCKS:
                pins = resolve(uv, lock, pyproject, options.upgrade)
                text = header(lock, pyproject, pins) + pins
                (ROOT / lock.path).parent.mkdir(exist_ok=True)
                (ROOT / lock.path).write_text(text, encoding="utf-8", newline="\n")
                print(f"lock: wrote {lock.path}, {len(re.findall('^[a-z]', pins, re.M))} pins")
        except subprocess.CalledProcessError as error:
            # Not the whole command line: it is long, and names folders that are gone by now.
            print(
                f"lock: {Path(error.cmd[0]).name} failed (its own words are above), so a lock "
                "was not written. Without a network there is no lock; otherwise the requirements "
                "of pyproject.toml cannot be met together.",
                file=sys.stderr,
            )
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
