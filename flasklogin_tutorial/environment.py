"""Tell whether this Python has what the course needs, with a clear message for each thing missing.

Nothing but the standard library is imported on loading, so that this also runs where everything is
missing.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from importlib import metadata
from typing import Any

from flasklogin_tutorial.show import html_table

DISTRIBUTION = "flasklogin_tutorial"
OLDEST_PYTHON = (3, 11)
ADVICE = (
    "Close this notebook and run `make lab` in the course's folder: it installs what is needed."
)


@dataclass(frozen=True)
class Finding:
    """One thing that the course needs.

    Attributes:
        what: the thing.
        problem: what is wrong with it, and what to do; empty if nothing is.
    """

    what: str
    problem: str = ""

    def __str__(self) -> str:
        return f"✗ {self.what}: {self.problem}" if self.problem else f"✓ {self.what}"


class Report:
    """What was found; true if nothing is missing.

    Args:
        findings: one for each thing that the course needs.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = list(findings)

    def __bool__(self) -> bool:
        return not self.missing

    @property
    def conclusion(self) -> str:
        """The findings in one line."""
        if self:
            return "✓ Everything is here: Python, and each package that the course needs."
        return f"{len(self.missing)} of {len(self.findings)} things are missing. {ADVICE}"

    @property
    def missing(self) -> list[Finding]:
        """What is not as the course needs it."""
        return [finding for finding in self.findings if finding.problem]

    def __repr__(self) -> str:
        return "\n".join([*map(str, self.missing), self.conclusion])

    def _repr_html_(self) -> str:
        rows = [("✗", one.what, one.problem) for one in self.missing]
        return (html_table(rows) if rows else "") + f"<p>{escape(self.conclusion)}</p>"


def check_environment() -> Report:
    """Look at this Python and at every package that the course depends on.

    Returns:
        What was found. It shows itself as one line, or as a table of what is missing.
    """
    oldest = ".".join(map(str, OLDEST_PYTHON))
    found = ".".join(map(str, sys.version_info[:3]))
    problem = "" if sys.version_info >= OLDEST_PYTHON else f"this is Python {found}"
    return Report([Finding(f"Python {oldest} or newer", problem), *_packages()])


def _packages() -> list[Finding]:
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return [Finding("packaging", "it is not installed, so no version can be compared")]
    try:
        needed = [Requirement(line) for line in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        return [Finding(DISTRIBUTION, "the course's own package is not installed in this Python")]
    base = (one for one in needed if one.marker is None or one.marker.evaluate({"extra": ""}))
    return [_package(one.name, one.specifier) for one in base]


def _package(name: str, versions: Any) -> Finding:
    wanted = ",".join(sorted(str(versions).split(","), reverse=True))
    what = f"{name} {wanted}"
    try:
        installed = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(what, "it is not installed")
    if not versions.contains(installed, prereleases=True):
        return Finding(what, f"version {installed} is installed")
    return Finding(what)
