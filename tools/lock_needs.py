"""Whether a lock holds everything that its packages require, on each system and with each Python.

pip installs a lock with --no-deps, so that it never looks for a requirement by itself. Then nothing
but this check notices a requirement that the lock does not meet.

It reads what the installed packages say they require, with their extras, and asks for every Python
and system that the course promises. What it cannot see: a package that only other systems install
is not here to be read, and a package may say something else in its file for another system. So each
system has to run this check for what it installs itself; the public workflow does.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from itertools import product
from typing import NamedTuple

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_machine": "x86_64", "os_name": "posix"},
    "Linux on ARM": {"sys_platform": "linux", "platform_machine": "aarch64", "os_name": "posix"},
    "macOS": {"sys_platform": "darwin", "platform_machine": "arm64", "os_name": "posix"},
    "macOS on Intel": {"sys_platform": "darwin", "platform_machine": "x86_64", "os_name": "posix"},
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"},
}
PLATFORM_SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}


class Pin(NamedTuple):
    """One package of a lock.

    Attributes:
        name: its canonical name.
        version: the version that the lock has.
        requirement: the same as a requirement, with extras and marker.
        hashes: the digests of its files, each as `sha256:…`.
    """

    name: str
    version: str
    requirement: Requirement
    hashes: frozenset[str]


def pins(text: str) -> list[Pin]:
    """List what is pinned in the text of a lock."""
    found = []
    for line in text.replace("\\\n", "").splitlines():
        if re.match(r"[a-z0-9]", line):
            written, *hashes = line.split("--hash=")
            requirement = Requirement(written)
            (version,) = requirement.specifier
            digests = frozenset(digest.strip() for digest in hashes)
            found.append(
                Pin(canonicalize_name(requirement.name), version.version, requirement, digests)
            )
    return found


def machine(python: str, system: str) -> dict[str, str]:
    """Return what the markers of a requirement look at.

    Args:
        python: a release of Python, such as "3.11.0".
        system: a key of `SYSTEMS`.

    Returns:
        The variables of a marker.
    """
    return {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "implementation_name": "cpython",
        "implementation_version": python,
        "platform_python_implementation": "CPython",
        "platform_system": PLATFORM_SYSTEMS[SYSTEMS[system]["sys_platform"]],
        "platform_release": "",
        "platform_version": "",
        "extra": "",
        **SYSTEMS[system],
    }


def pythons(pyproject: dict) -> list[str]:
    """List releases of the Pythons that pyproject.toml promises, as "3.11.0".

    Of each the first and a late one, because some packages drop the first few.
    """
    lines = pyproject["project"]["classifiers"]
    promised = [line.rpartition(" ")[2] for line in lines if ":: Python :: 3." in line]
    return [f"{python}.{patch}" for python in promised for patch in (0, 99)]


@cache
def evaluate(marker: str, variables: frozenset[tuple[str, str]], extra: str) -> bool:
    """Evaluate a marker; thousands of packages and machines ask the same few questions."""
    return Marker(marker).evaluate({**dict(variables), "extra": extra})


def applies(requirement: Requirement, variables: frozenset[tuple[str, str]], extra: str) -> bool:
    """Tell whether a requirement counts on a machine, for whoever asked for an extra."""
    return requirement.marker is None or evaluate(str(requirement.marker), variables, extra)


@cache
def required_by(name: str, version: str) -> list[Requirement] | None:
    """Return what an installed package requires, or None when this version is not installed."""
    try:
        package = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    if package.version != version:
        return None
    return [Requirement(line) for line in package.requires or ()]


def unmet_on(locked: list[Pin], asked: Iterable[str], variables: dict[str, str]) -> Iterator[str]:
    """Follow all requirements from what was asked for, on one machine.

    Args:
        locked: the lock.
        asked: what pyproject.toml asks for.
        variables: the machine, as `machine` gives it.

    Yields:
        A sentence for each requirement that the lock does not meet there.
    """
    here = frozenset(variables.items())
    versions = {pin.name: pin.version for pin in locked if applies(pin.requirement, here, "")}
    waiting = [("pyproject.toml", requirement) for requirement in map(Requirement, asked)]
    waiting = [each for each in waiting if applies(each[1], here, "")]
    followed = set()
    while waiting:
        asker, requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        version = versions.get(name)
        if version is None:
            yield f"{asker} requires {requirement}, and {name} is not in it. Run `make lock`"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{asker} requires {requirement}, and {version} is in it. Run `make lock`"
        else:
            for extra in {"", *requirement.extras}:
                if (name, extra) in followed:
                    continue
                followed.add((name, extra))
                waiting += [
                    (f"{name}[{extra}]" if extra else name, further)
                    for further in required_by(name, version) or ()
                    if applies(further, here, extra)
                ]


def unmet(text: str, asked: Iterable[str], pyproject: dict) -> list[str]:
    """Say what a lock lacks.

    Args:
        text: the text of the lock.
        asked: what pyproject.toml asks for.
        pyproject: pyproject.toml, parsed.

    Returns:
        A sentence for each requirement that is not met on some machine. A package that belongs on
        this machine and is not installed in the version of the lock counts too: it cannot be read.
    """
    locked = pins(text)
    unread = [
        f"{pin.name} {pin.version} is not installed here, so what it requires is not known. "
        "Run `make test`"
        for pin in locked
        if (pin.requirement.marker is None or pin.requirement.marker.evaluate())
        and required_by(pin.name, pin.version) is None
    ]
    found: dict[str, None] = dict.fromkeys(unread)
    for python, system in product(pythons(pyproject), SYSTEMS):
        for sentence in unmet_on(locked, asked, machine(python, system)):
            found.setdefault(sentence, None)
    return list(found)


def unseen(text: str) -> list[str]:
    """List what a lock holds for other systems and Pythons only, so that it cannot be read here."""
    return [
        f"{pin.name} {pin.version}"
        for pin in pins(text)
        if required_by(pin.name, pin.version) is None
    ]
