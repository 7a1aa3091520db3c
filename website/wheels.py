"""The wheels that the course needs in a browser tab.

The versions and hashes are those of requirements/lab.txt: a learner has the same packages in a tab
as after `make lab`. What only the tab needs is in requirements/site.txt. The set is the closure of
what the project, its notebooks and the kernel ask for, as the wheels themselves say it for a
browser.

Three of them are partly in C, with a way without. Of those the wheel for one fixed machine is
taken, and its compiled parts are left out: that needs no compiler, and gives the same bytes
everywhere.
"""

import re
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from parts import EPOCH, ROOT, Stop, run, write_zip

#: What a marker sees in the tab: the Python of Pyodide 314.
TAB = {
    "implementation_name": "cpython",
    "implementation_version": "3.14.2",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Emscripten",
    "platform_version": "",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
    "extra": "",
}

#: What of the extra `lab` a notebook imports. JupyterLab itself comes with JupyterLite.
OF_THE_LAB = ("freezegun", "pytest")

#: What the kernel imports before the first cell, besides its own wheels, which name little.
OF_THE_KERNEL = ("comm", "ipython", "jedi", "micropip", "tzdata")

#: Partly in C, and all there without it.
WITHOUT_C = ("markupsafe", "pymongo", "wrapt")
COMPILED = (".so", ".pyd", ".c", ".h", ".pyi")

PURE = ("--platform=any", "--implementation=py", "--abi=none")
ONE_MACHINE = (
    "--platform=manylinux2014_x86_64",
    "--platform=manylinux_2_28_x86_64",
    "--implementation=cp",
    "--abi=cp314",
)

#: Where the package of the kernel keeps the wheels that it puts into the tab.
KERNEL_WHEELS = "share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
KERNELS_OWN = ("ipykernel", "piplite", "pyodide_kernel")


def read_pins(path: Path) -> dict[str, str]:
    """Map each package that a lock has for the tab to its line, hashes and all."""
    found = {}
    for line in path.read_text(encoding="utf-8").replace("\\\n", "").splitlines():
        if not re.match(r"[a-z0-9]", line):
            continue
        written, *hashes = line.split("--hash=")
        requirement = Requirement(written)
        if requirement.marker is None or requirement.marker.evaluate(TAB):
            pinned = f"{requirement.name}{requirement.specifier}"
            lines = [pinned, *(f"--hash={each.strip()}" for each in hashes)]
            found[canonicalize_name(requirement.name)] = " ".join(lines)
    return found


def metadata_of(wheel: Path) -> Message:
    """Return what a wheel says of itself."""
    with zipfile.ZipFile(wheel) as file:
        name = next(each for each in file.namelist() if each.endswith(".dist-info/METADATA"))
        return Parser().parsestr(file.read(name).decode())


def name_of(wheel: Path) -> str:
    """Return the canonical name of what is in a wheel."""
    return parse_wheel_filename(wheel.name)[0]


def required_by(wheel: Path) -> set[str]:
    """List what a wheel needs in the tab."""
    requirements = map(Requirement, metadata_of(wheel).get_all("Requires-Dist") or [])
    return {
        canonicalize_name(each.name)
        for each in requirements
        if each.marker is None or each.marker.evaluate(TAB)
    }


def download(pins: list[str], folder: Path, machine: tuple[str, ...]) -> None:
    """Fetch wheels with the pip that is set up on this machine; it checks the hashes."""
    wanted = folder / "wanted.txt"
    wanted.write_text("\n".join(pins), encoding="utf-8")
    options = ["--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version=3.14"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", *options, *machine]
    run(*command, "-d", folder, "-r", wanted)
    wanted.unlink()


def without_compiled_parts(wheel: Path) -> Path:
    """Write a wheel again without what is in C, as one for any machine, and remove the old one."""
    name, version = wheel.name.split("-")[:2]
    pure = wheel.with_name(f"{name}-{version}-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as old:
        kept = [one for one in old.namelist() if not one.endswith((*COMPILED, "/RECORD", "/"))]
        write_zip(pure, {name: old.read(name) for name in kept})
    wheel.unlink()
    return pure


def collect(folder: Path) -> list[Path]:
    """Put every wheel into a folder, but for that of the project.

    Args:
        folder: an empty folder.

    Returns:
        The wheels.

    Raises:
        Stop: a package has no version for the tab in a lock, or could not be had.
    """
    locks = (ROOT / "requirements" / name for name in ("site.txt", "lab.txt"))
    pins = {name: pin for lock in locks for name, pin in read_pins(lock).items()}
    with open(ROOT / "pyproject.toml", "rb") as file:
        asked = tomllib.load(file)["project"]["dependencies"]
    wave = {canonicalize_name(Requirement(each).name) for each in asked}
    wave |= {*OF_THE_LAB, *OF_THE_KERNEL}
    have: dict[str, Path] = {}
    while wave:
        if missing := sorted(wave - pins.keys()):
            raise Stop(
                f"no lock has {', '.join(missing)} for a browser tab. Name it in the extra `site` "
                "of pyproject.toml, then run `make lock`."
            )
        compiled = sorted(wave & set(WITHOUT_C))
        if pure := sorted(wave - set(WITHOUT_C)):
            download([pins[name] for name in pure], folder, PURE)
        if compiled:
            download([pins[name] for name in compiled], folder, ONE_MACHINE)
            for wheel in list(folder.glob("*.whl")):
                if name_of(wheel) in compiled:
                    without_compiled_parts(wheel)
        have = {name_of(wheel): wheel for wheel in folder.glob("*.whl")}
        wave = {need for wheel in have.values() for need in required_by(wheel)} - have.keys()
    for wheel in (Path(sys.prefix) / KERNEL_WHEELS).glob("*.whl"):
        if wheel.name.split("-")[0] in KERNELS_OWN:
            (folder / wheel.name).write_bytes(wheel.read_bytes())
    return sorted(folder.glob("*.whl"))


def build_project(source: Path, folder: Path) -> Path:
    """Build the wheel of a folder with a pyproject.toml, with the flit of this environment."""
    options = ["--quiet", "--no-deps", "--no-build-isolation"]
    before = set(folder.glob("*.whl"))
    command = [sys.executable, "-m", "pip", "wheel", *options, "-w", folder, source]
    run(*command, SOURCE_DATE_EPOCH=EPOCH)
    (wheel,) = set(folder.glob("*.whl")) - before
    return wheel
