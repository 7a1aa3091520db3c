"""Write the generated parts of the repository, or say which of them are stale.

    python tools/build.py [PART...]            write them: all, or those that are named
    python tools/build.py --check [PART...]    write nothing, exit with 1 if one is stale

`--help` lists the parts. Each is made by the module of its name in tools/generated/, from sources
that people edit. A part is a file, or what stands between two marks in one:

    <!-- attacks: made by tools/build.py -->
    <!-- end of attacks -->
"""

import argparse
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from generated import Wrong

ROOT = Path(__file__).resolve().parent.parent


class Part(NamedTuple):
    """A generated part.

    Attributes:
        what: what it is, and what it is made from.
        varies: what differs from one making to the next, and so makes nothing stale.
    """

    what: str
    varies: re.Pattern[str] | None = None


#: The name of each part is that of the module in tools/generated/ which makes it.
PARTS = {
    # First, because others are made from the minutes.
    "minutes": Part("the minutes in the notebooks, from what is in them"),
    "first_look": Part("the house and the map in notebook 07b, from the lessons and the attacks"),
    "picture": Part(
        "the picture in README.md, drawn from a request to the finished app",
        varies=re.compile(r"…[0-9a-f]{4}\b"),  # the end of an id or of a token
    ),
    "contents": Part("the notebooks in README.md, from the map in notebook 00"),
    "attacks": Part("docs/attacks.md and the count in README.md, from the attacks"),
    "exercises": Part("notebooks/exercises, from notebooks/solutions"),
    "topics": Part("docs/topics.md, from the metadata of the notebooks' cells"),
    "claims": Part("docs/claims.md, from the notebooks' cells, the questions and the exercises"),
    "glossary": Part("docs/glossary.md, from tests/course/terms.toml"),
    "access": Part("the tables in docs/app.md, from tables in tests/app that tests walk"),
    "traps": Part("the table of old spellings in docs/app.md, from the traps that are looked for"),
    "faults": Part("the table in docs/faults.md, from tests/app/faults.py and what its tests saw"),
    "asvs": Part("docs/asvs.md, from tests/app/asvs.toml"),
    "benchmarks": Part("docs/benchmarks.md and its pictures, from benchmarks/results.json"),
    "plan": Part("the plans in docs/teaching/README.md, from the notebooks' minutes"),
}


def changes(name: str, root: Path = ROOT) -> dict[Path, str | None]:
    """Make a part, and compare it with what is there.

    Args:
        name: the name of the part.
        root: the folder of the checkout.

    Returns:
        Each file that is stale, and what has to be in it; None if it has to go.

    Raises:
        Wrong: the part cannot be made.
    """
    old: dict[Path, str | None] = {}
    new: dict[Path, str | None] = {}
    for place, made in import_module(f"generated.{name}").make(root).items():
        path, _, mark = place.partition("#")
        file = root / path
        if file not in old:
            old[file] = file.read_text(encoding="utf-8") if file.exists() else None
        new[file] = put_between(mark, new.get(file, old[file]) or "", made, path) if mark else made
    return {
        file: text
        for file, text in new.items()
        if comparable(text, name) != comparable(old[file], name)
    }


def comparable(text: str | None, name: str) -> str | None:
    """Return a text without what may differ in a part."""
    varies = PARTS[name].varies
    return varies.sub("…", text) if varies and text else text


def put_between(mark: str, text: str, made: str, path: str) -> str:
    """Put what was made between the two marks of a text.

    Args:
        mark: the name in the marks.
        text: the text as it is.
        made: what has to stand between them.
        path: where the text is from, for the message.

    Raises:
        Wrong: the two marks are not there, or not once.
    """
    begin, end = f"<!-- {mark}: made by tools/build.py -->", f"<!-- end of {mark} -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    if text.count(begin) != 1 or text.count(end) != 1 or end not in rest:
        raise Wrong(f"{path} has no part between {begin!r} and {end!r}. Put the two lines back.")
    return f"{before}{begin}\n\n{made}\n\n{end}{after}"


def write(path: Path, text: str | None) -> None:
    """Write a file, or remove it if there is no text for it."""
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write the parts, or check them.

    Args:
        arguments: the command line, if it is not that of the process.
        root: the folder of the checkout.

    Returns:
        The exit status.
    """
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        epilog="\n".join(["parts:", *(f"  {name:10} {one.what}" for name, one in PARTS.items())]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    parser.add_argument("parts", nargs="*", metavar="PART", help="all if none is named")
    given = parser.parse_args(arguments)
    if unknown := sorted(set(given.parts) - set(PARTS)):
        parser.error(f"there is no part {', '.join(unknown)}. There are: {', '.join(PARTS)}")
    wrong, stale = False, []
    for name in given.parts or PARTS:
        try:
            found = changes(name, root)
        except Wrong as error:
            print(f"{name}: {error}", file=sys.stderr)
            wrong = True
            continue
        for path, text in found.items():
            if given.check:
                print(f"{name}: {path.relative_to(root)} is stale", file=sys.stderr)
            else:
                write(path, text)
                print(f"{name}: {path.relative_to(root)} is {'written' if text else 'removed'}")
        if found:
            stale.append(name)
    if stale and given.check:
        print(f"Run: python tools/build.py {' '.join(stale)}", file=sys.stderr)
    return int(wrong or (given.check and bool(stale)))


if __name__ == "__main__":
    sys.exit(main())
