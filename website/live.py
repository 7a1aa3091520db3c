"""The live course: JupyterLite, with our Pyodide, our wheels and the notebooks of the project."""

import json
import re
import shutil
import sys
from pathlib import Path

from parts import ROOT, WEBSITE, Stop, digest, run

#: What the kernel loads before the first cell. What a cell imports besides is loaded then.
OF_THE_KERNEL = (
    "comm",
    "ipykernel",
    "ipython",
    "jedi",
    "micropip",
    "piplite",
    "pyodide-kernel",
    "tzdata",
)
COURSE = "flasklogin-tutorial"
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"

BUILD = {
    "LiteBuildConfig": {
        "contents": ["content"],
        "output_dir": "../output",
        "apps": ["lab", "notebooks"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
}


def settings(packages: list[str]) -> dict:
    """Return what jupyter-lite.json says."""
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "Access control in Flask",
            # The tests read a notebook's model, and our own script looks whether a kernel is there.
            "exposeAppInBrowser": True,
            # A private window refuses to keep anything: then a change lives as long as the tab.
            "enableMemoryStorage": True,
            # The service worker keeps what it has fetched, so the course runs without a network.
            "enableServiceWorkerCache": True,
            # Light or dark as the reader's system is, and as the rendered pages are.
            "settingsOverrides": {
                "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True}
            },
            "litePluginSettings": {
                KERNEL: {
                    "pyodideUrl": "./static/pyodide/pyodide.mjs",
                    "disablePyPIFallback": True,
                    "loadPyodideOptions": {"packages": packages},
                }
            },
        },
    }


def joined(notebook: dict) -> dict:
    """Return a notebook with each text in one piece.

    In a file a text is a list of lines, which a Jupyter server joins. JupyterLite shows the list as
    it is, with commas between the lines.
    """

    def join(text: object) -> object:
        is_text = isinstance(text, list) and all(isinstance(line, str) for line in text)
        return "".join(text) if is_text else text

    for cell in notebook["cells"]:
        cell["source"] = join(cell["source"])
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = join(output["text"])
            if "data" in output:
                output["data"] = {kind: join(value) for kind, value in output["data"].items()}
    return notebook


def notebooks() -> list[Path]:
    """List the notebooks of the course, from the top folder of the project."""
    found = sorted((ROOT / "notebooks").rglob("*.ipynb"))
    return [path.relative_to(ROOT) for path in found if ".ipynb_checkpoints" not in path.parts]


def control() -> dict:
    """Return the one notebook of an empty site, which the course is measured against."""
    cell = {"cell_type": "code", "id": "one", "metadata": {}, "source": "1 + 1"}
    return {
        "cells": [cell | {"outputs": [], "execution_count": None}],
        "metadata": {"kernelspec": {"name": "python", "display_name": "Python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def lay_contents(folder: Path, with_course: bool) -> dict[str, str]:
    """Write what the file browser shows.

    Args:
        folder: where.
        with_course: False for the site that the course is measured against.

    Returns:
        A digest of each notebook, so that a page can say when there is a newer one.
    """
    texts = {}
    if with_course:
        for path in notebooks():
            found = json.loads((ROOT / path).read_text(encoding="utf-8"))
            texts[path.as_posix()] = joined(found)
    else:
        texts["control.ipynb"] = control()
    digests = {}
    for name, notebook in texts.items():
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        digests[name] = digest(text)[:16]
    return digests


def undate(output: Path) -> None:
    """Take the time of the build out of the lists of files."""
    dated = re.compile(r'("(?:created|last_modified)": )"[^"]*"')
    for listing in output.glob("api/contents/**/all.json"):
        text = dated.sub(r'\1"1980-01-01T00:00:00Z"', listing.read_text(encoding="utf-8"))
        listing.write_text(text, encoding="utf-8")


def add_script(output: Path) -> None:
    """Let each page load our script before JupyterLite's own."""
    for name in ("course.js", "course.css", "early.mjs", "store.js", "work.html", "work.js"):
        shutil.copyfile(WEBSITE / "live" / name, output / name)
    shutil.copyfile(WEBSITE / "rendered" / "_static" / "favicon.svg", output / "favicon.svg")
    for page in (output / "lab" / "index.html", output / "notebooks" / "index.html"):
        text = page.read_text(encoding="utf-8")
        added = (
            '<link rel="icon" href="../favicon.svg" />\n'
            '    <link rel="stylesheet" href="../course.css" />\n'
            '    <script src="../store.js"></script>\n'
            '    <script src="../course.js"></script>\n  </head>'
        )
        if text.count("</head>") != 1:
            raise Stop(f"{page} of JupyterLite is not as website/live.py expects it")
        page.write_text(text.replace("</head>", added), encoding="utf-8")


def build(pyodide: Path, work: Path, with_course: bool = True) -> Path:
    """Build the live site.

    Args:
        pyodide: the folder that `lay_core` wrote.
        work: a folder for the build.
        with_course: False for an empty site with the same Pyodide and kernel.

    Returns:
        The folder with the site.

    Raises:
        Stop: JupyterLite could not build it, or made something else than was asked for.
    """
    # Both, always: JupyterLite notes what it has done, and the next build would skip a part, which
    # leaves the site on another host without a word.
    shutil.rmtree(work, ignore_errors=True)
    source, output = work / "source", work / "output"
    source.mkdir(parents=True)
    packages = [*OF_THE_KERNEL, *([COURSE] if with_course else [])]
    listed = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    if unknown := sorted(set(packages) - listed.keys()):
        raise Stop(f"the kernel is to load {', '.join(unknown)}, which is not among the wheels")
    (source / "jupyter-lite.json").write_text(json.dumps(settings(packages)), encoding="utf-8")
    (source / "jupyter_lite_config.json").write_text(json.dumps(BUILD), encoding="utf-8")
    shutil.copytree(pyodide, source / "static" / "pyodide")
    digests = lay_contents(source / "content", with_course)
    jupyter = Path(sys.executable).with_name("jupyter")
    for verb in ("build", "check"):
        run(jupyter, "lite", verb, cwd=source)
    undate(output)
    if (
        '"pyodideUrl": "./static/pyodide/pyodide.mjs'
        not in (output / "jupyter-lite.json").read_text()
    ):
        raise Stop(
            "the built site would load Python from another host: jupyter-lite.json lost ours"
        )
    add_script(output)
    (output / "course.json").write_text(json.dumps(digests, indent=1) + "\n", encoding="utf-8")
    return output
