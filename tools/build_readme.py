"""Write the generated parts of README.md: the picture of a trace and the table of the notebooks.

    python tools/build_readme.py [--check]

The picture is drawn from a real exchange. The table is the map of the course in
notebooks/00_start_here.ipynb, with its links made to work from the top of the repository. With
`--check` nothing is written, and the exit status is 1 if something would change.
"""

import argparse
import itertools
import json
import re
import sys
from pathlib import Path

from flasklogin_tutorial.lab import new_app, serve, trace
from flasklogin_tutorial.steps.step06_logout_and_user_info import create_app

ROOT = Path(__file__).resolve().parent.parent
START = "00_start_here.ipynb"

#: The end of a database id, which differs from run to run and says nothing to a reader.
ID = re.compile(r"…[0-9a-f]{4}\b")


def picture() -> str:
    """Draw Ada's protected request, after her login.

    Returns:
        A fenced Mermaid block, which code-hosting pages draw.
    """
    app = new_app(create_app)
    command = ["add-user", "ada", "ada@example.org", "--password", "lovelace"]
    app.test_cli_runner().invoke(args=command)
    with serve(app) as ada:
        ada.post("/login", json={"username": "ada", "password": "lovelace"})
        drawn = trace(ada).delete("/", json={"name": "grace"})
    return f"```mermaid\n{drawn._repr_mimebundle_()['text/vnd.mermaid']}\n```"


def table() -> str:
    """Read the map of the course from the first notebook.

    Returns:
        The rows, with links from the top of the repository.
    """
    notebook = json.loads((ROOT / "notebooks" / START).read_text(encoding="utf-8"))
    lines = "\n".join("".join(cell["source"]) for cell in notebook["cells"]).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("| notebook |"))
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines[first:])
    linked = (re.sub(r"\*\*(00 .*?)\*\*", rf"[\1]({START})", row) for row in rows)
    return "\n".join(re.sub(r"\]\((\d\d_)", r"](notebooks/\1", row) for row in linked)


def build(text: str) -> str:
    """Replace the generated parts of a README.

    Args:
        text: the README as it is.

    Returns:
        The README as it has to be. A picture that differs in ids alone is left as it is.
    """
    for name, made in (("trace", picture()), ("notebooks", table())):
        begin, end = f"<!-- {name}: made by tools/build_readme.py -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        old, _, after = rest.partition(end)
        if not after:
            sys.exit(
                f"README.md has no part between {begin!r} and {end!r}. Put the two lines back."
            )
        if ID.sub("…", old.strip()) != ID.sub("…", made):
            text = f"{before}{begin}\n\n{made}\n\n{end}{after}"
    return text


def main() -> None:
    """Write README.md, or check it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    arguments = parser.parse_args()
    path = ROOT / "README.md"
    old = path.read_text(encoding="utf-8")
    new = build(old)
    if old == new:
        return
    if arguments.check:
        sys.exit("README.md is stale. Run: make outputs")
    path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
