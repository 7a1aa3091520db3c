"""Build the site in _site: the course to read, and in _site/live the one to run in a tab.

    make site                     build it
    make site ARGS=--serve        and serve it on this machine

Everything comes from locks with hashes: wheels from requirements/lab.txt and site.txt, Pyodide's
core from website/package-lock.json. What did not change since the last build is kept in
build/site.
"""

import argparse
import json
import shutil
import sys
import time
from pathlib import Path

import live
import outside
import pyodide_lock
import rendered
import wheels
from parts import ROOT, SITE, WEBSITE, WORK, Stop, digest, is_made, mark_made, run

NEEDED_NODE = 18


def node_modules() -> Path:
    """Install what website/package-lock.json has; npm checks the hashes."""
    said = run("node", "--version").strip()
    if int(said.lstrip("v").partition(".")[0]) < NEEDED_NODE:
        raise Stop(f"node is {said}, and the site needs {NEEDED_NODE} or newer")
    files = [WEBSITE / "package.json", WEBSITE / "package-lock.json"]
    folder, key = WORK / "npm", digest(*files)
    if not is_made(folder, key):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder)
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=folder)
        mark_made(folder, key)
    return folder / "node_modules"


def collected_wheels() -> list[Path]:
    """Collect the wheels that the locks name."""
    locks = [ROOT / "requirements" / name for name in ("lab.txt", "site.txt")]
    folder, key = WORK / "wheels", digest(*locks, WEBSITE / "wheels.py")
    if not is_made(folder, key):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        wheels.collect(folder)
        mark_made(folder, key)
    return sorted(folder.glob("*.whl"))


def shims(modules: Path) -> Path:
    """Bundle the script of the shims, and write them into one folder."""
    bundle = WORK / "kdf.js"
    # The bundler resolves an import from where the importing file lies.
    entry = shutil.copy(WEBSITE / "shims" / "kdf.js", modules.parent / "entry.js")
    options = ["--bundle", "--minify", "--format=iife", "--global-name=__kdf", "--target=es2022"]
    run(modules / ".bin" / "esbuild", entry, *options, f"--outfile={bundle}")
    return pyodide_lock.lay_shims(bundle, WORK / "shims")


def packed_wheels(modules: Path, added: Path, found: list[Path]) -> Path:
    """Write the wheels as the tab gets them, by Pyodide's own Python, into one folder."""
    scripts = [WEBSITE / name for name in ("bytecode.mjs", "bytecode.py", "left_out.py")]
    others = [path for path in sorted(added.rglob("*")) if path.is_file()]
    folder, key = WORK / "packed", digest(*scripts, *others, *found)
    if not is_made(folder, key):
        shutil.rmtree(folder, ignore_errors=True)
        run("node", "--stack-size=4000", scripts[0], modules / "pyodide", added, folder, *found)
        mark_made(folder, key)
    return folder


def build(site: Path, with_course: bool = True) -> None:
    """Build the whole site.

    Args:
        site: the folder to write.
        with_course: False for an empty live site, which the course is measured against.

    Raises:
        Stop: something could not be had, or the site would ask another host.
    """
    modules = node_modules()
    version = json.loads((modules / "pyodide" / "package.json").read_text())["version"]
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    if version != PYODIDE_VERSION:
        raise Stop(
            f"the kernel was made for Pyodide {PYODIDE_VERSION}, and website/package.json names "
            f"{version}. Change that, and run `npm install` there."
        )
    found = collected_wheels()
    own = WORK / "own"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    found.append(wheels.build_project(ROOT, own))
    added = shims(modules)
    packed = packed_wheels(modules, added, sorted(found))
    pyodide_lock.lay_core(modules / "pyodide", added, sorted(found), packed, WORK / "pyodide")
    output = live.build(WORK / "pyodide", WORK / "live", with_course)
    shutil.rmtree(site, ignore_errors=True)
    if with_course:
        rendered.build(WORK / "rendered", site)
    shutil.copytree(output, site / "live")
    outside.refuse_other_hosts(site)


def main(arguments: list[str] | None = None) -> int:
    """Run the script.

    Args:
        arguments: the command line, without the name of the script.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--serve", action="store_true", help="serve the site on this machine")
    parser.add_argument("--out", type=Path, default=SITE, help="the folder to write")
    parser.add_argument("--control", action="store_true", help="an empty site, to measure against")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        build(options.out.resolve(), not options.control)
    except Stop as stop:
        print(f"make site: {stop}", file=sys.stderr)
        return 1
    files = [path for path in options.out.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    seconds = time.monotonic() - began
    print(f"{options.out}: {len(files)} files, {size:.1f} MB, {seconds:.0f} s")
    if options.serve:
        import server

        server.serve_for_ever(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
