"""Rules for what a lesson may use: nothing that a later notebook introduces.

tests/course/terms.toml lists terms, names in code and parts of Python, each with the notebook that
introduces it. A term is looked for in the texts, in the questions and in the headings of no cell: a
heading and the promises at the top may name what the lesson is about.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .notebook_rules import (
    LINK,
    Notebook,
    outputs_of,
    parsed,
    text_of,
    without_blocks,
    without_code,
)

TABLE = Path(__file__).parent / "terms.toml"

GLOSSARY = re.compile(r"\[(?P<text>[^\]]*)\]\(\.\./docs/glossary\.md#(?P<anchor>[^)\s]+)\)")
BEGIN, MIDDLE, END = "\x01", "\x02", "\x03"


@dataclass(frozen=True)
class Thing:
    """Something that a notebook introduces.

    Attributes:
        name: what it is called.
        introduced: the number of the notebook; None if no lesson explains it.
        patterns: how it is found in a text.
        anchor: its place in the glossary, if it is there.
        told: what the text above its first use says, if it is a part of code.
    """

    name: str
    introduced: str | None
    patterns: tuple[str, ...] = ()
    anchor: str = ""
    told: str = ""


@dataclass(frozen=True)
class Things:
    """All that the table lists.

    Attributes:
        too_early: what comes before its introduction all the same: a name and a notebook.
    """

    terms: list[Thing]
    names: list[Thing]
    features: list[Thing]
    too_early: set[tuple[str, str]] = field(default_factory=set)


def read_things(path: Path = TABLE) -> Things:
    """Read the table."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    terms = [
        Thing(name, row["introduced"], tuple(row.get("words", default_words(name))), anchor(name))
        for name, row in table["term"].items()
    ]
    names = [
        Thing(name, number, told=rf"`[^`\n]*\b{name}\b[^`\n]*`")
        for number, found in table["names"].items()
        for name in found
    ]
    features = [
        Thing(name, row.get("introduced"), told=re.escape(row.get("told", "")))
        for name, row in table["python"].items()
    ]
    early = {
        (row["what"], number) for row in table.get("too_early", ()) for number in row["notebooks"]
    }
    return Things(terms, names, features, early)


def default_words(name: str) -> list[str]:
    """Return the pattern of a term that has no other: its name, and the plural."""
    return [re.escape(name) + "s?"]


def anchor(name: str) -> str:
    """Return the anchor of a term's heading in the glossary."""
    return re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


# ---- what a notebook says


def read_text(notebook: Notebook) -> Iterator[tuple[int, str]]:
    """Yield the texts of a notebook, each with the place of its cell, in the order of reading.

    A link to the glossary is kept as BEGIN anchor MIDDLE text END. Left out are code, headings, the
    promises in the first cell, the list of the notebooks and the names of other notebooks.
    """
    for place, cell in enumerate(notebook.cells):
        if cell["cell_type"] == "markdown":
            yield place, plain(text_of(cell), opening=place == 0)
        elif text_of(cell).startswith("quiz("):
            yield place, "\n".join(outputs_of(cell, "text/plain"))


def plain(markdown: str, opening: bool = False) -> str:
    """Return what `read_text` keeps of one text."""
    text = without_code(markdown)
    text = re.sub(r"^#.*$|^\|.*\| *\d+ *\|$|^\*\*.*\*\* · .*$", "", text, flags=re.MULTILINE)
    if opening:
        text = re.sub(r"^You will\n(- .*\n?)+", "", text, flags=re.MULTILINE)
    text = GLOSSARY.sub(rf"{BEGIN}\g<anchor>{MIDDLE}\g<text>{END}", text)
    return LINK.sub(lambda link: "" if ".ipynb" in link["target"] else link["text"], text)


def mentions(thing: Thing, text: str) -> Iterator[str]:
    """Yield for each mention of a term where it links to: an anchor, or nothing."""
    if not thing.patterns:
        return
    pattern = rf"(?<![\w-])(?:{'|'.join(thing.patterns)})(?![\w-])"
    without_anchors = re.compile(f"{BEGIN}([^{MIDDLE}]*){MIDDLE}")
    for found in re.finditer(pattern, text, re.IGNORECASE):
        before = text[: found.start()]
        if before.rfind(BEGIN) > before.rfind(MIDDLE):
            continue  # this is in an anchor
        linked = before.rfind(BEGIN) > before.rfind(END)
        yield without_anchors.search(before, before.rfind(BEGIN))[1] if linked else ""


def codes(notebook: Notebook) -> Iterator[tuple[int, ast.Module]]:
    """Yield the code of a notebook, parsed, with the place of its cell; solutions too."""
    for place, cell in enumerate(notebook.cells):
        if cell["cell_type"] != "code":
            continue
        for source in (text_of(cell), cell["metadata"].get("try", {}).get("solution", "")):
            tree = parsed(source)
            if tree is not None and tree.body:
                yield place, tree


def names_in(tree: ast.Module) -> set[str]:
    """Return the names that code uses; to import or to define a name is not to use it."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                found.add(name)
    return found


def features_in(tree: ast.Module) -> set[str]:
    """Return the parts of Python that code uses, by their names in the table."""
    found = set()
    types = {
        id(one) for node in ast.walk(tree) for hint in hints_of(node) for one in ast.walk(hint)
    }
    for node in ast.walk(tree):
        if getattr(node, "decorator_list", None):
            found.add("decorator")
        match node:
            case ast.With():
                found.add("with")
            case ast.Lambda():
                found.add("lambda")
            case ast.NamedExpr():
                found.add(":=")
            case ast.BinOp(op=ast.BitOr()) if id(node) not in types:
                found.add("|")
            case ast.Attribute(attr="partition" | "rpartition"):
                found.add("partition")
            case ast.Name(id="patch"):
                found.add("patch")
            case ast.Starred():
                found.add("*")
            case ast.Call(keywords=given) if any(one.arg is None for one in given):
                found.add("**")
            case ast.Yield() | ast.YieldFrom():
                found.add("yield")
            case (
                ast.ListComp(generators=loops)
                | ast.SetComp(generators=loops)
                | ast.DictComp(generators=loops)
                | ast.GeneratorExp(generators=loops)
            ) if len(loops) > 1:
                found.add("two for")
    return found


def hints_of(node: ast.AST) -> list[ast.AST]:
    """Return the type hints of a node, in which `|` joins types."""
    found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
    return [one for one in found if one is not None]


# ---- the rules


def sooner(notebook: Notebook, things: Things) -> Iterator[tuple[str, str]]:
    """Yield what a notebook uses and a later one introduces: its name, and where it stands."""
    text = list(read_text(notebook))
    for thing in things.terms:
        for place, said in text:
            if is_later(thing, notebook) and any(True for _ in mentions(thing, said)):
                yield thing.name, f"cell {place}: {said.strip()[:60]}"
    for kind, uses in ((things.names, names_in), (things.features, features_in)):
        for place, tree in codes(notebook):
            used = uses(tree)
            for thing in kind:
                if thing.name in used and is_later(thing, notebook):
                    yield thing.name, f"cell {place}: {ast.unparse(tree)[:60]}"


def is_later(thing: Thing, notebook: Notebook) -> bool:
    """Tell whether something is introduced after a notebook, or nowhere."""
    return thing.introduced is None or thing.introduced > notebook.number


def unlinked(notebook: Notebook, things: Things) -> Iterator[str]:
    """Yield the terms that a notebook introduces and whose first mention is no link to them."""
    for thing in things.terms:
        if thing.introduced == notebook.number and thing.patterns:
            links = [link for _, said in read_text(notebook) for link in mentions(thing, said)]
            if not links:
                yield f"{thing.name}: the notebook that introduces it never says it"
            elif links[0] != thing.anchor:
                yield f"{thing.name}: its first mention is no link to the glossary"


def untold(notebook: Notebook, things: Things) -> Iterator[str]:
    """Yield the names and the parts of Python that a notebook introduces without a word.

    The word has to stand in a text above their first use.
    """
    cases: list[tuple[list[Thing], Callable[[ast.Module], set[str]]]] = [
        (things.names, names_in),
        (things.features, features_in),
    ]
    for kind, uses in cases:
        for thing in kind:
            if thing.introduced != notebook.number:
                continue
            places = [place for place, tree in codes(notebook) if thing.name in uses(tree)]
            if not places:
                yield f"{thing.name}: the notebook that introduces it never uses it"
                continue
            above = notebook.cells[: places[0]]
            texts = [
                without_blocks(text_of(cell)) for cell in above if cell["cell_type"] == "markdown"
            ]
            if not re.search(thing.told, "\n".join(texts)):
                yield f"{thing.name}: no text above its first use names it"
