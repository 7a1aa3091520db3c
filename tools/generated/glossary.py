"""docs/glossary.md: the terms of the course, from tests/course/terms.toml."""

import tomllib
from pathlib import Path
from typing import Any

from generated import Wrong, notebooks_in, title_of

TABLE = "tests/course/terms.toml"

HEAD = """\
# The words of this course

<!-- made by tools/build.py -->

Each term of the field that a lesson uses, the notebook that introduces it, and where to read more.
"""


def make(root: Path) -> dict[str, str]:
    """Return the page.

    Args:
        root: the folder of the checkout.

    Raises:
        Wrong: a term is introduced in a notebook that is not there.
    """
    terms = tomllib.loads((root / TABLE).read_text(encoding="utf-8"))["term"]
    links = {
        number: f"[{number} {title_of(path)}](../notebooks/{path.name})"
        for number, path in notebooks_in(root / "notebooks").items()
    }
    parts = [HEAD]
    for name, row in sorted(terms.items(), key=lambda item: item[0].lower()):
        if row["introduced"] not in links:
            raise Wrong(f"{name} is introduced in {row['introduced']}, and there is none: {TABLE}")
        parts.append(entry(name, row, links[row["introduced"]]))
    parts.append(f"{len(terms)} terms.\n")
    return {"docs/glossary.md": "\n".join(parts)}


def entry(name: str, row: dict[str, Any], link: str) -> str:
    """Return the paragraph of a term.

    Args:
        name: the term.
        row: its row in the table.
        link: a link to the notebook that introduces it.
    """
    # JupyterLab's own anchor of a heading keeps its capitals, and no other page's does.
    anchor = name.lower().replace(" ", "-")
    place = f'<a id="{anchor}"></a>\n\n' if name != name.lower() else ""
    more = f" More: [{row['source']}]({row['url']})." if "url" in row else ""
    return f"{place}## {name}\n\n{row['says']} Introduced in {link}.{more}\n"
