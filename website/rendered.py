"""The course to read: the notebooks as pages, with their stored outputs, by Sphinx.

Nothing is run. Besides the notebooks there are a front page and the lists of pages, which are
written here, so that a lesson that is added is there too.
"""

import json
import re
import shutil
import sys
from pathlib import Path

from parts import EPOCH, GLOSSARY, ROOT, WEBSITE, run

PARTS = re.compile(r"^\| \*\*(Part .*?)\*\* \|")
LESSON = re.compile(r"^\| \[(.*?)\]\(notebooks/([\w-]+)\.ipynb\) \| (.*?) \| *(\d+) *\|")


def title_of(path: Path) -> str:
    """Return the first heading of a notebook."""
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
    return "".join(first).splitlines()[0].lstrip("# ")


def lessons() -> dict[str, list[tuple[str, str, str, str]]]:
    """Map each part to its lessons, as the table of contents in README.md has them.

    A lesson is its title, the name of its file, what it teaches and its minutes.
    """
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines():
        if part := PARTS.match(line):
            found[part[1]] = []
        elif lesson := LESSON.match(line):
            found[list(found)[-1]].append(lesson.groups())
    return found


def tree(caption: str, entries: list[str], hidden: bool = True) -> str:
    """Write a list of pages for the navigation."""
    options = [":maxdepth: 1", f":caption: '{caption}'", *([":hidden:"] if hidden else [])]
    return "\n".join(["```{toctree}", *options, "", *entries, "```", ""])


def lay_glossary(source: Path) -> None:
    """Put the glossary beside the notebooks, and let the links between them say so."""
    text = (ROOT / GLOSSARY).read_text(encoding="utf-8").replace("](../notebooks/", "](")
    text = re.sub(r'^<a id="[^"]*"></a>\n', "", text, flags=re.MULTILINE)  # Sphinx has its own
    (source / "glossary.md").write_text(text, encoding="utf-8")
    for path in source.glob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(f"](../{GLOSSARY}", "](glossary.md"), encoding="utf-8")


def front_page(source: Path) -> str:
    """Write the front page."""
    text = (WEBSITE / "rendered" / "index.md").read_text(encoding="utf-8")
    tables, trees = [], []
    for part, rows in lessons().items():
        tables += [f"## {part}", "", "| lesson | what you learn | minutes |", "|:--|:--|--:|"]
        tables += [
            f"| [{title}]({name}.ipynb) | {what} | {time} |" for title, name, what, time in rows
        ]
        tables.append("")
        trees.append(tree(part, [f"{title} <{name}>" for title, name, _, _ in rows]))
    trees.append(tree("Words", ["glossary"]))
    for folder in ("exercises", "solutions"):
        paths = sorted((source / folder).glob("*.ipynb"))
        entries = [f"{title_of(path)} <{folder}/{path.stem}>" for path in paths]
        trees.append(tree(folder.capitalize(), entries))
    return "\n".join([text, *tables, *trees])


def build(work: Path, site: Path) -> None:
    """Build the rendered course.

    Args:
        work: a folder for the build.
        site: the folder to write.
    """
    shutil.rmtree(work, ignore_errors=True)
    source = work / "source"
    ignored = shutil.ignore_patterns(".ipynb_checkpoints", "progress.json")
    shutil.copytree(ROOT / "notebooks", source, ignore=ignored)
    shutil.copytree(WEBSITE / "rendered", source, dirs_exist_ok=True)
    lay_glossary(source)
    (source / "index.md").write_text(front_page(source), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--builder", "html"]
    # MyST-NB leaves copies of the notebooks beside its output.
    output = work / "html"
    command += ["--doctree-dir", work / "doctrees", source, output]
    run(*command, cwd=source, PYTHONPATH=str(source), SOURCE_DATE_EPOCH=EPOCH, TZ="UTC")
    # What only a build needs.
    for name in (".buildinfo", "objects.inv"):
        (output / name).unlink(missing_ok=True)
    shutil.copytree(output, site)
