"""docs/attacks.md, the list of the attacks, and the count of them in README.md.

Everything in it is read from the attacks themselves. That each of them gets in on the article's app
and none on the finished one is what tests/attacks asserts, attack by attack.
"""

from pathlib import Path

from flasklogin_tutorial.attacks import ATTACKS, Attack
from flasklogin_tutorial.attacks.severity import severity_of
from flasklogin_tutorial.steps.variants import VARIANTS


def make(root: Path) -> dict[str, str]:
    """Return the page and the count.

    Args:
        root: the folder of the checkout, with the notebooks that the page links to.
    """
    return {"docs/attacks.md": page(root), "README.md#attacks": counted()}


def page(root: Path) -> str:
    """Return the list of the attacks, by the notebook that closes what they use."""
    lines = [
        "# The attacks",
        "",
        "<!-- made by tools/build.py -->",
        "",
        counted(),
        "",
        "Each is a function over HTTP in `flasklogin_tutorial/attacks/`. "
        "`python -m flasklogin_tutorial.attacks mypackage:create_app` tries them on an app of "
        "your own. *On* says what the attack is seen to get in on: the article's app as it "
        "stands (step 06), or that app with one feature that it lacks, written as a library's "
        "documentation or a tutorial writes it. How bad it is if an attack gets in is a word and "
        "its reason; [attack-your-app.md](attack-your-app.md) says what the words mean, and how to "
        "read and gate what the command finds.",
    ]
    for notebook in dict.fromkeys(one.fixed_in for one in ATTACKS):
        lines += [
            "",
            f"## {linked(notebook, root)}",
            "",
            "| attack | how bad | who | on | the rule |",
        ]
        lines += ["|:--|:--|:--|:--|:--|"]
        lines += [row(one) for one in ATTACKS if one.fixed_in == notebook]
    return "\n".join(lines) + "\n"


def linked(notebook: str, root: Path) -> str:
    """Return the name of a notebook, with a link if it is there."""
    path = root / "notebooks" / f"{notebook}.ipynb"
    return f"[{notebook}](../notebooks/{path.name})" if path.exists() else notebook


def row(one: Attack) -> str:
    """Return the line of one attack."""
    on = f"step 06, changed: {VARIANTS[one.needs].feature}" if one.needs else "step 06"
    rule = f"[{one.source.title}]({one.source.url})"
    severity = severity_of(one)
    bad = f"{severity.grade.value}: {severity.reason}"
    cells = (f"**{one.name}**: {one.title}", bad, one.who, on, rule)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def counted() -> str:
    """Return the result of all attacks in one sentence."""
    bare = sum(not one.needs for one in ATTACKS)
    return (
        f"**{len(ATTACKS)} attacks. {len(ATTACKS)} get in on the article's app** ({bare} on the "
        f"app as it stands, {len(ATTACKS) - bare} on the app with one more feature in its usual "
        "form). **0 get in on the finished app.**"
    )
