"""docs/claims.md: what the lessons say of other software, and where each of it can be checked.

A Markdown cell names its claims in its metadata, each in the words of the cell, with the address of
a source, and with the test that shows it, where there is one:

    "claims": [{"says": "Flask signs the cookie", "source": "https://…", "test": "tests/….py::…"}]
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import nbformat

from generated import Wrong, notebooks_in
from generated.topics import link

HEAD = """\
# What the course says of other software

<!-- made by tools/build.py -->

Most of what a lesson says, a cell next to it shows. These sentences are about software, browsers
and standards, and rest on something outside the course: here is where each can be checked. Where a
test of the course shows it as well, it is named.

| the lesson says | where | source |
|:--|:--|:--|
"""


class Claim(NamedTuple):
    """A claim about other software.

    Attributes:
        path: the notebook.
        heading: the heading above the claim.
        says: the claim, in the words of the lesson.
        source: the address of what says the same.
        test: the test that shows it, if there is one.
    """

    path: Path
    heading: str
    says: str
    source: str
    test: str


def make(root: Path) -> dict[str, str]:
    """Return the page.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: a claim is not in the words of its cell, or has no source.
    """
    found = list(find_claims(root / "notebooks"))
    tail = f"\n{len(found)} claims, each with its source.\n"
    return {"docs/claims.md": HEAD + "\n".join(map(write_row, found)) + "\n" + tail}


def find_claims(folder: Path) -> Iterator[Claim]:
    """Yield the claims of the notebooks in a folder, in the order of reading.

    Args:
        folder: the folder.

    Raises:
        Wrong: a claim is not in the words of its cell, or has no source.
    """
    for path in notebooks_in(folder).values():
        heading, in_code = "", False
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type != "markdown":
                continue
            left = {plain(row["says"]): row for row in cell.metadata.get("claims", [])}
            for paragraph in cell.source.split("\n\n"):
                for line in paragraph.splitlines():
                    in_code ^= line.startswith("```")
                    if line.startswith("#") and not in_code:
                        heading = line.lstrip("# ").strip()
                for says in [says for says in left if says in plain(paragraph)]:
                    row = left.pop(says)
                    if not row.get("source", "").startswith("https://"):
                        raise Wrong(f"{path.name}: no address says {says!r}.")
                    yield Claim(path, heading, says, row["source"], row.get("test", ""))
            if left:
                raise Wrong(f"{path.name}: cell {cell.id} does not say {next(iter(left))!r}.")


def plain(markdown: str) -> str:
    """Return a text without its links, its stars and its line breaks."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("*", "")
    return " ".join(text.split())


def write_row(claim: Claim) -> str:
    """Return the row of a claim."""
    says = claim.says.replace("|", "\\|")
    source = f"<{claim.source}>"
    if claim.test:
        file, _, name = claim.test.partition("::")
        source += f", [{name}](../{file})"
    return f"| {says} | {link(claim.path, claim.heading)} | {source} |"
