"""The findings as one HTML page that asks nobody for anything: no script, no picture, no font.

All that it says of an app is somebody else's text, and an app answers what it likes: the template
escapes everything, and the page's policy lets a browser run nothing and load nothing.
"""

import base64
import hashlib
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from flasklogin_tutorial.attacks.cures import CURES, excerpts_of
from flasklogin_tutorial.attacks.findings import Findings, visible
from flasklogin_tutorial.attacks.outcome import Verdict
from flasklogin_tutorial.attacks.severity import Grade

_HERE = files(__package__ or __name__)


def as_html(findings: Findings) -> str:
    """Return the findings as a page.

    Args:
        findings: the findings.

    Returns:
        The page, whole.
    """
    style = _HERE.joinpath("page.css").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    # As text: a character that nobody sees could turn a line of the evidence round.
    environment.filters |= {"visible": visible, "lesson": _lesson}
    template = environment.from_string(_HERE.joinpath("page.html").read_text(encoding="utf-8"))
    page = template.render(
        findings=findings,
        report=findings.report,
        got_in=findings.having(Verdict.GOT_IN),
        others=[
            ("not-tried", "Not tried", findings.having(Verdict.NOT_TRIED)),
            ("held", "Held", findings.having(Verdict.HELD)),
        ],
        counted=_counted(findings),
        cures=CURES,
        excerpts_of=excerpts_of,
        policy=_policy(style),
        style=Markup(style),
        when=findings.when.strftime("%Y-%m-%d %H:%M UTC"),
    )
    return page.lstrip()


def _policy(style: str) -> str:
    """Return what a browser may do with the page: apply this one style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _counted(findings: Findings) -> list[tuple[str, int]]:
    """Return how many got in of each grade, the worst first."""
    grades = [one.severity.grade for one in findings.having(Verdict.GOT_IN)]
    return [(grade.value, grades.count(grade)) for grade in Grade if grade in grades]


def _lesson(name: str) -> dict[str, Any]:
    """Return the number and the title of a notebook, from its file name."""
    number, _, title = name.partition("_")
    return {
        "number": number.removeprefix("0"),
        "title": title.replace("_", " "),
        "file": f"{name}.ipynb",
    }
