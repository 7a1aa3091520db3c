"""Write docs/attacks.md, the list of the attacks, and the count of them in README.md.

    python tools/build_attacks.py [--check]

Everything in it is read from the attacks themselves. That each of them gets in on the article's app
and none on the finished one is what tests/test_attacks.py and
tests/test_attacks_on_the_finished_app.py assert, attack by attack. With `--check` nothing is
written, and the exit status is 1 if something would change.
"""

import argparse
import re
import sys
from pathlib import Path

from flasklogin_tutorial.attacks import ATTACKS, Attack
from flasklogin_tutorial.steps.variants import VARIANTS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "attacks.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- attacks: made by tools/build_attacks.py -->", "<!-- end of attacks -->"


def page() -> str:
    """Return the list of the attacks, by the notebook that closes what they use."""
    lines = [
        "# The attacks",
        "",
        "<!-- made by tools/build_attacks.py -->",
        "",
        counted(),
        "",
        "Each is a function over HTTP in `flasklogin_tutorial/attacks/`. "
        "`python -m flasklogin_tutorial.attacks mypackage:create_app` tries them on an app of "
        "your own. *On* says what the attack is seen to get in on: the article's app as it "
        "stands (step 06), or that app with one feature that it lacks, written as a library's "
        "documentation or a tutorial writes it.",
    ]
    for notebook in dict.fromkeys(one.fixed_in for one in ATTACKS):
        lines += ["", f"## {linked(notebook)}", "", "| attack | who | on | the rule |"]
        lines += ["|:--|:--|:--|:--|"]
        lines += [row(one) for one in ATTACKS if one.fixed_in == notebook]
    return "\n".join(lines) + "\n"


def linked(notebook: str) -> str:
    """Return the name of a notebook, with a link if it is there."""
    path = ROOT / "notebooks" / f"{notebook}.ipynb"
    return f"[{notebook}](../notebooks/{path.name})" if path.exists() else notebook


def row(one: Attack) -> str:
    """Return the line of one attack."""
    on = f"step 06, changed: {VARIANTS[one.needs].feature}" if one.needs else "step 06"
    rule = f"[{one.source.title}]({one.source.url})"
    cells = (f"**{one.name}**: {one.title}", one.who, on, rule)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def counted() -> str:
    """Return the result of all attacks in one sentence."""
    bare = sum(not one.needs for one in ATTACKS)
    return (
        f"**{len(ATTACKS)} attacks. {len(ATTACKS)} get in on the article's app** ({bare} on the "
        f"app as it stands, {len(ATTACKS) - bare} on the app with one more feature in its usual "
        "form). **0 get in on the finished app.**"
    )


def readme(text: str) -> str:
    """Replace the count in a README.

    Args:
        text: the README as it is.

    Returns:
        The README as it has to be.
    """
    part = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(part.findall(text)) != 1:
        sys.exit(f"README.md has no part between {BEGIN!r} and {END!r}. Put the two lines back.")
    return part.sub(lambda _: f"{BEGIN}\n\n{counted()}\n\n{END}", text)


def main() -> None:
    """Write both files, or check them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    check = parser.parse_args().check
    old = README.read_text(encoding="utf-8")
    for path, new in ((PAGE, page()), (README, readme(old))):
        if path.exists() and path.read_text(encoding="utf-8") == new:
            continue
        if check:
            sys.exit(f"{path.relative_to(ROOT)} is stale. Run: python tools/build_attacks.py")
        path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
