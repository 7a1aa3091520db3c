"""Rules for the notebooks that a reader opens, each a function that yields what is wrong."""

import ast
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from flasklogin_tutorial.exercises.lines import find_line

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tools"))
from generated import notebooks_in, without_blocks

LAST_STEP = 6
#: The first notebook of each part that comes after the steps, and the last one of all.
PART_2, PART_3, LAST = 8, 13, 16
#: What is no lesson: it says where one stands, and nothing is written there. Each has its place.
PAGES = {"07b": "Between the parts", "10d": "Halfway through part 2"}
MOST_MINUTES_OF_A_PAGE = 6

MOST_LINES, MOST_COLUMNS, MEAN_LINES = 16, 91, 8
MOST_OUTPUT_LINES, MOST_OUTPUT_COLUMNS = 60, 110
MOST_CODE_CELLS_IN_A_ROW = 3

#: The tag of a cell whose output nbval does not compare.
IGNORED = "nbval-ignore-output"

#: Words that tell a reader who is stuck that nobody else is.
UNKIND = re.compile(
    r"\b(simple|simply|easy|easily|obvious|obviously|just|of\s+course)\b", re.IGNORECASE
)

OPENING = re.compile(
    r"\*\*(?P<place>[^*]+)\*\* · (?P<read>\d+) minutes? to read, (?P<do>\d+) to try"
    r"(?: · before this: (?P<before>.+))?"
)
LINK = re.compile(r"(?<!!)\[(?P<text>[^\]]*)\]\(\s*(?P<target>[^)\s]+)[^)]*\)")

Problems = Iterator[str]


@dataclass
class Notebook:
    """A notebook as it is stored, for rules to look at."""

    path: Path
    cells: list[dict]

    @classmethod
    def read(cls, path: Path) -> "Notebook":
        """Read a notebook; where the reader writes lines, the solution stands in their place."""
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if number := cell["metadata"].get("write"):
                cell["source"] = find_line(number).solution
        return cls(path, cells)

    @property
    def number(self) -> str:
        """What its name begins with: "04", or "00b" for one that came between two others."""
        return self.path.name.partition("_")[0]

    @property
    def step(self) -> int:
        """Its number without the letter."""
        return int(self.number[:2])

    @property
    def title(self) -> str:
        first = text_of(self.cells[0]).partition("\n")[0]
        return first.removeprefix("# ").strip()

    @property
    def minutes(self) -> int | None:
        """Minutes to read and to try, together; None if the opening does not tell."""
        found = OPENING.search(text_of(self.cells[0]))
        return int(found["read"]) + int(found["do"]) if found else None

    @cached_property
    def code(self) -> list[dict]:
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    @cached_property
    def markdown(self) -> list[str]:
        return [text_of(cell) for cell in self.cells if cell["cell_type"] == "markdown"]

    @cached_property
    def trees(self) -> list[ast.Module | None]:
        """The code cells, parsed; None for what is no Python, such as a line with a %magic."""
        return [parsed(text_of(cell)) for cell in self.code]

    def neighbours(self) -> tuple[Path | None, Path | None]:
        """Return the notebook of this folder that comes before this one, and the one after it."""
        there = notebooks_in(self.path.parent) | {self.number: self.path}
        names = [None, *(there[number] for number in sorted(there)), None]
        place = names.index(self.path)
        return names[place - 1], names[place + 1]


def text_of(cell: dict) -> str:
    return "".join(cell["source"])


def parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def without_code(markdown: str) -> str:
    """Return Markdown without code blocks, code spans and comments."""
    markdown = without_blocks(re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL))
    return re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown, flags=re.DOTALL)


def prose_of(markdown: str) -> str:
    """Return what a reader reads of Markdown: no code, no targets of links, no mark of an image."""
    text = re.sub(r"\]\([^)]*\)", "]", without_code(markdown))
    return text.replace("![", "[")


def headings_of(markdown: str) -> list[tuple[int, str]]:
    """Return the level and the text of each heading."""
    blocks = re.sub(r"^ {0,3}(```+|~~~+).*?^ {0,3}\1[`~]*\s*$", "", markdown, flags=re.M | re.S)
    found = re.findall(r"^(#{1,6})\s+(.+?)\s*#*$", blocks, re.MULTILINE)
    return [(len(marks), re.sub(r"[*`]|\]\([^)]*\)|\[", "", text)) for marks, text in found]


def bullets_after(line: str, markdown: str) -> list[str]:
    """Return the list that stands directly below a line."""
    found = re.search(rf"^{re.escape(line)}:?\n((?:[-*] .*\n?|  .*\n?)+)", markdown, re.MULTILINE)
    return re.findall(r"^[-*] (.*)$", found[1], re.MULTILINE) if found else []


def targets_of(markdown: str) -> list[str]:
    """Return where the links and images of Markdown lead."""
    text = without_code(markdown)
    found = re.findall(r"\]\(\s*<?([^)\s>]+)", text)
    found += re.findall(r"^\s*\[[^\]]+\]:\s*<?([^\s>]+)", text, re.MULTILINE)
    return found + re.findall(r"""\b(?:href|src)\s*=\s*["']([^"']+)""", text)


def anchors_of(path: Path) -> set[str]:
    """Return the anchors that the headings of a notebook or a Markdown file have."""
    if path.suffix == ".ipynb":
        texts = [
            text for markdown in Notebook.read(path).markdown for _, text in headings_of(markdown)
        ]
        return {text.replace(" ", "-") for text in texts}
    if path.suffix == ".md":
        texts = [text.lower() for _, text in headings_of(path.read_text(encoding="utf-8"))]
        return {re.sub(r"[^\w\- ]", "", text).replace(" ", "-") for text in texts}
    return set()


def broken_links(markdown: str, path: Path) -> Problems:
    """Yield the relative links in a file's Markdown that lead nowhere."""
    for target in targets_of(markdown):
        if re.match(r"[a-z][a-z+.-]*:", target):
            if not target.startswith(("http:", "https:", "mailto:")):
                yield f"a link to {target}, which is no address on the web"
            continue
        file, _, anchor = target.partition("#")
        found = path.parent / unquote(file) if file else path
        if target.startswith("/") or not found.exists():
            yield f"a link to {target}, which does not exist"
        elif anchor and unquote(anchor) not in anchors_of(found):
            yield f"a link to {target}, where no heading has this anchor"


def outputs_of(cell: dict, kind: str) -> list[str]:
    """Return the outputs of a cell that have a form of a kind, such as text/plain."""
    found = [output.get("data", {}).get(kind) for output in cell["outputs"]]
    return ["".join(text) for text in found if text is not None]


# ---- the rules

Rule = Callable[[Notebook], Problems]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


def place_of(notebook: Notebook) -> str:
    """Return what the second line of a notebook says of its place in the course."""
    number = notebook.step
    if notebook.number in PAGES:
        return PAGES[notebook.number]
    if number == 0:
        return "Start here" if notebook.number == "00" else "Before step 1"
    if number <= LAST_STEP:
        return f"Step {number} of {LAST_STEP}"
    if number < PART_2:
        return f"After step {LAST_STEP}"
    name = notebook.number.removeprefix("0")
    return f"Part {2 if number < PART_3 else 3}, lesson {name} of {LAST}"


@rule
def it_opens_with_a_title_its_place_and_minutes(notebook: Notebook) -> Problems:
    lines = text_of(notebook.cells[0]).splitlines()
    if notebook.cells[0]["cell_type"] != "markdown" or not re.match(r"# \S", lines[0]):
        yield "the first cell does not begin with a line '# Title'"
    if re.search(r"[.,:;!?…]$", notebook.title):
        yield f"the title ends with punctuation: {notebook.title}"
    found = OPENING.fullmatch(lines[1]) if len(lines) > 1 else None
    if found is None:
        yield (
            f"the second line is not '**{place_of(notebook)}** · A minutes to read, B to "
            "try · before this: […](…)'"
        )
        return
    place = place_of(notebook)
    if found["place"] != place:
        said = f"the second line says {found['place']}, and the file is number {notebook.number}"
        yield f"{said}: {place}"
    before = targets_of(found["before"] or "")
    there, _ = notebook.neighbours()
    expected = [there.name] if there else []
    if before != expected:
        yield f"before this: {before}, and not {expected}"


@rule
def it_promises_two_to_four_things_and_says_at_the_end_that_they_are_done(
    notebook: Notebook,
) -> Problems:
    will = bullets_after("You will", text_of(notebook.cells[0]))
    have = bullets_after("You have", text_of(notebook.cells[-1]))
    if not 2 <= len(will) <= 4:
        yield f"'You will' stands above {len(will)} points in the first cell, not 2 to 4"
    if len(will) != len(have):
        yield f"'You will' has {len(will)} points, 'You have' in the last cell has {len(have)}"


@rule
def it_ends_with_links_to_its_neighbours(notebook: Notebook) -> Problems:
    lines = text_of(notebook.cells[-1]).strip().splitlines()
    targets = targets_of(lines[-1])
    for path in notebook.neighbours():
        if path is not None and path.name not in targets:
            yield f"the last line has no link to {path.name}"


@rule
def its_links_lead_somewhere(notebook: Notebook) -> Problems:
    for markdown in notebook.markdown:
        yield from broken_links(markdown, notebook.path)


@rule
def its_links_name_other_notebooks_as_they_are_called(notebook: Notebook) -> Problems:
    """A link whose text begins with a number says the title, or the title up to its colon."""
    for markdown in notebook.markdown:
        for link in LINK.finditer(without_code(markdown)):
            path = notebook.path.parent / link["target"]
            if not re.match(r"\d\d[a-z]? ", link["text"]) or not path.is_file():
                continue
            named = Notebook.read(path)
            title = f"{named.number} {named.title}"
            if link["text"] not in {title, title.partition(":")[0]}:
                yield f"a link says '{link['text']}', and that notebook is called '{title}'"


@rule
def its_headings_go_down_one_level_at_a_time(notebook: Notebook) -> Problems:
    levels = [level for markdown in notebook.markdown for level, _ in headings_of(markdown)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1"
    for before, after in zip([0, *levels], levels, strict=False):
        if after > before + 1:
            yield f"a heading of level {after} below one of level {before}"


@rule
def its_code_cells_are_small(notebook: Notebook) -> Problems:
    sizes = []
    for number, cell in enumerate(notebook.code, 1):
        lines = text_of(cell).splitlines()
        sizes.append(len(lines))
        if len(lines) > MOST_LINES:
            yield f"code cell {number} has {len(lines)} lines, more than {MOST_LINES}"
        for line in lines:
            if len(line) > MOST_COLUMNS:
                yield f"code cell {number} has {len(line)} columns, not {MOST_COLUMNS}: {line}"
    if sum(sizes) >= MEAN_LINES * max(1, len(sizes)):
        yield f"the code cells have {sum(sizes) / len(sizes):.1f} lines in the mean, not under 8"


@rule
def its_code_cells_were_run_in_order(notebook: Notebook) -> Problems:
    counts = [cell["execution_count"] for cell in notebook.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"the execution counts are {counts}: run `make outputs`"


@rule
def it_stores_no_error_and_no_message_on_stderr(notebook: Notebook) -> Problems:
    for number, cell in enumerate(notebook.code, 1):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                yield f"code cell {number} stores an error: {output['ename']}"
            if output.get("name") == "stderr":
                yield f"code cell {number} stores a message on stderr"


@rule
def it_stores_no_diagram(notebook: Notebook) -> Problems:
    for number, cell in enumerate(notebook.code, 1):
        if outputs_of(cell, "text/vnd.mermaid"):
            yield f"code cell {number} stores a diagram, which some pages show as nothing"


@rule
def its_outputs_are_small(notebook: Notebook) -> Problems:
    for number, cell in enumerate(notebook.code, 1):
        texts = ["".join(output.get("text", "")) for output in cell["outputs"]]
        texts += outputs_of(cell, "text/plain")
        lines = [line for text in texts for line in text.splitlines()]
        if len(lines) > MOST_OUTPUT_LINES:
            yield f"the output of code cell {number} has {len(lines)} lines, not at most 60"
        for line in lines:
            if len(line) > MOST_OUTPUT_COLUMNS:
                yield f"the output of code cell {number} has {len(line)} columns: {line}"


@rule
def its_images_have_a_text_for_those_who_do_not_see_them(notebook: Notebook) -> Problems:
    shown = [without_code(markdown) for markdown in notebook.markdown]
    for number, cell in enumerate(notebook.code, 1):
        shown += outputs_of(cell, "text/html") + outputs_of(cell, "text/markdown")
        for kinds in (output.get("data", {}).keys() for output in cell["outputs"]):
            if any(kind.startswith("image/") for kind in kinds) and "text/html" not in kinds:
                yield f"code cell {number} shows an image, which has no place for a text"
    for text in shown:
        if re.search(r"!\[\s*\]", text):
            yield "an image has no text between its brackets"
        for tag in re.findall(r"<img\b[^>]*>", text):
            if not re.search(r"""\balt\s*=\s*["'][^"']*\w""", tag):
                yield f"an image has no alt: {tag[:60]}"


@rule
def its_words_are_kind(notebook: Notebook) -> Problems:
    for markdown in notebook.markdown:
        text = prose_of(markdown)
        for found in UNKIND.finditer(text):
            around = " ".join(text[max(0, found.start() - 30) : found.end() + 30].split())
            yield f"the word '{found[0]}': {around}"
        if "!" in text:
            yield f"an exclamation mark: {' '.join(text.partition('!')[0][-40:].split())}!"


@rule
def its_code_is_python(notebook: Notebook) -> Problems:
    for number, tree in enumerate(notebook.trees, 1):
        if tree is None:
            yield f"code cell {number} is no Python that runs everywhere (a magic, perhaps)"


@rule
def every_attack_is_seen_to_succeed_and_then_to_fail(notebook: Notebook) -> Problems:
    """`assert attack(app, "name").got_in`, and further down the same with `.held`."""
    verdicts: dict[str, list[str]] = {}
    asserted = set()
    for tree in filter(None, notebook.trees):
        for node in ast.walk(tree):
            match node:
                case ast.Assert(
                    test=ast.Attribute(
                        value=ast.Call(
                            func=ast.Name("attack"), args=[_, ast.Constant(str(name))]
                        ) as call,
                        attr=verdict,
                    )
                ):
                    verdicts.setdefault(name, []).append(verdict)
                    asserted.add(call)
    for call in calls_of(notebook, "attack"):
        if call not in asserted:
            yield f"{ast.unparse(call)} stands in no assert with .got_in or .held"
    for name, seen in verdicts.items():
        if "got_in" not in seen or "held" not in seen[seen.index("got_in") :]:
            yield f"the attack {name} is not seen to succeed and then to fail: {seen}"
    if PART_2 <= notebook.step < PART_3 and not verdicts and notebook.number not in PAGES:
        yield "no cell calls attack()"


@rule
def it_checks_the_app_of_its_step(notebook: Notebook) -> Problems:
    if notebook.step >= PART_2 or notebook.number in PAGES:
        return
    calls = calls_of(notebook, "check")
    if not calls:
        yield "no cell calls check()"
    if notebook.step <= LAST_STEP:
        steps = {ast.unparse(word.value) for call in calls for word in call.keywords}
        if calls and str(notebook.step) not in steps:
            yield f"no cell calls check(…, step={notebook.step})"


@rule
def it_imports_the_lab_in_one_line(notebook: Notebook) -> Problems:
    if notebook.step >= PART_2:
        return
    lines = [
        node
        for tree in notebook.trees
        if tree is not None
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "flasklogin_tutorial.lab"
    ]
    if len(lines) > 1:
        yield f"{len(lines)} lines import from the lab: {', '.join(map(ast.unparse, lines))}"


@rule
def its_code_is_explained(notebook: Notebook) -> Problems:
    in_a_row = 0
    for cell in notebook.cells:
        in_a_row = in_a_row + 1 if cell["cell_type"] == "code" else 0
        if in_a_row == MOST_CODE_CELLS_IN_A_ROW + 1:
            yield f"more than 3 code cells in a row, up to: {text_of(cell).partition(chr(10))[0]}"


@rule
def its_outputs_are_compared_or_the_text_says_why_not(notebook: Notebook) -> Problems:
    said = ""
    for cell in notebook.cells:
        if cell["cell_type"] == "markdown":
            said = text_of(cell)
        elif IGNORED in cell["metadata"].get("tags", []) and IGNORED not in said:
            yield f"the text above does not say why a cell has the tag {IGNORED}"


def calls_of(notebook: Notebook, name: str) -> list[ast.Call]:
    """Return the calls of a function that is called by its name alone."""
    return [
        node
        for tree in notebook.trees
        if tree is not None
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == name
    ]


# ---- the table of the course


def table_problems(markdown: str, notebooks: list[Notebook], source: Path) -> Problems:
    """Yield what is wrong with a table of all notebooks.

    A row is `| [NN Title](link) | … | minutes |`. A notebook's own row in its own table has no
    link.
    """
    rows = re.findall(r"^\|(.+?)\|.*?\|\s*(\d+)\s*\|\s*$", markdown, re.MULTILINE)
    found = {}
    for first, minutes in rows:
        link = LINK.search(first)
        text = link["text"] if link else first.strip(" *")
        target = (source.parent / link["target"]).resolve() if link else source.resolve()
        found[target] = (text, int(minutes))
    expected = {
        notebook.path.resolve(): (f"{notebook.number} {notebook.title}", notebook.minutes)
        for notebook in notebooks
    }
    for path in [*expected, *(path for path in found if path not in expected)]:
        if found.get(path) != expected.get(path):
            yield f"{path.name}: the table says {found.get(path)}, not {expected.get(path)}"
    if list(found) != sorted(found):
        yield "the notebooks are not in order"
