"""Pyodide's core, our shims, and a lock of our own that lists the wheels beside it.

The lock that comes with the core names 350 packages on another host. Ours names the wheels of this
site and nothing else, so there is nothing that could be fetched from elsewhere. With it, `import`
alone loads a package: the kernel asks the lock what a cell imports.
"""

import ast
import hashlib
import json
import shutil
import sys
import zipfile
from pathlib import Path

from packaging.utils import canonicalize_name
from parts import ROOT, WEBSITE, Stop, write_zip
from wheels import metadata_of, name_of, required_by

#: All that a browser loads of the npm package.
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
PROJECT = "flasklogin-tutorial"


def imported_by_the_package() -> set[str]:
    """List the top names that the modules of the package import, standard library left out."""
    found = set()
    for path in (ROOT / "flasklogin_tutorial").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"flasklogin_tutorial"}


def describe(wheel: Path, packed: Path) -> dict:
    """Return a wheel's entry in the lock.

    Args:
        wheel: the wheel as it was collected.
        packed: what the tab gets of it, which hides its files.
    """
    with zipfile.ZipFile(wheel) as file:
        names = [name for name in file.namelist() if name.endswith(".py") and ".data/" not in name]
    return {
        "name": name_of(wheel),
        "version": metadata_of(wheel)["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(packed.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted({name.split("/")[0].removesuffix(".py") for name in names}),
        "depends": sorted(required_by(wheel)),
        "unvendored_tests": False,
    }


def describe_all(wheels: list[Path], packed: Path) -> dict[str, dict]:
    """Return the packages of the lock.

    Args:
        wheels: all wheels of the site, as they were collected.
        packed: the folder with the same wheels as the tab gets them.

    Returns:
        What the lock says of each, by its name.

    Raises:
        Stop: a package needs one that is not there.
    """
    described = [describe(wheel, packed / wheel.name) for wheel in wheels]
    packages = {each["name"]: each for each in described}
    provided = {name: each["name"] for each in packages.values() for name in each["imports"]}
    # Its metadata does not name what only the extra `lab` brings, and the kernel looks at what
    # cells import, not at what modules do.
    project = packages[PROJECT]
    direct = {provided[name] for name in imported_by_the_package() if name in provided}
    project["depends"] = sorted({*project["depends"], *direct} - {PROJECT, "pytest"})
    for each in packages.values():
        if missing := sorted(
            {canonicalize_name(name) for name in each["depends"]} - packages.keys()
        ):
            raise Stop(
                f"{each['name']} needs {', '.join(missing)}, and there is no wheel of it. "
                "website/wheels.py says where wheels come from."
            )
    return packages


def lay_shims(bundle: Path, out: Path) -> Path:
    """Write the folder of what is added to the standard library: our modules, and their script."""
    shutil.rmtree(out, ignore_errors=True)
    ignored = shutil.ignore_patterns("*.js", "__pycache__")
    shutil.copytree(WEBSITE / "shims", out, ignore=ignored)
    shutil.copyfile(bundle, out / "tab_shims" / "kdf.js")
    return out


def lay_library(library: Path, bytecode: Path, shims: Path, out: Path) -> None:
    """Write the standard library with bytecode, and with what is added to it."""
    files = {}
    for path in (library, bytecode):
        with zipfile.ZipFile(path) as file:
            files |= {name: file.read(name) for name in file.namelist() if name[-1] != "/"}
    for path in shims.rglob("*"):
        if path.is_file():
            files[path.relative_to(shims).as_posix()] = path.read_bytes()
    write_zip(out / library.name, files)


def lay_core(core: Path, shims: Path, wheels: list[Path], packed: Path, out: Path) -> None:
    """Write the folder that the kernel loads Pyodide from.

    Args:
        core: the npm package `pyodide`.
        shims: what `lay_shims` wrote.
        wheels: all wheels of the site, as they were collected.
        packed: the folder with the same wheels as the tab gets them, and the bytecode of the
            standard library.
        out: the folder to write.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name in CORE:
        shutil.copyfile(core / name, out / name)
    # What the kernel asks for by this name tells the page how far it is, and hands the rest on.
    (out / "pyodide.mjs").rename(out / "pyodide.core.mjs")
    shutil.copyfile(WEBSITE / "live" / "pyodide.mjs", out / "pyodide.mjs")
    for wheel in wheels:
        shutil.copyfile(packed / wheel.name, out / wheel.name)
    lay_library(core / "python_stdlib.zip", packed / "library.zip", shims, out)
    lock = json.loads((core / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = describe_all(wheels, packed)
    text = json.dumps(lock, indent=1, sort_keys=True)
    (out / "pyodide-lock.json").write_text(text + "\n", encoding="utf-8")
