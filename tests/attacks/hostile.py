"""Findings whose evidence was written by somebody who means harm: an app answers what it likes."""

from datetime import UTC, datetime
from pathlib import Path

from flasklogin_tutorial.attacks import ATTACKS, Exchange, Outcome, Report, Row, Verdict
from flasklogin_tutorial.attacks.findings import Finding, Findings
from flasklogin_tutorial.attacks.places import Place
from flasklogin_tutorial.attacks.severity import severity_of

SCRIPT = "<script>document.title = 'taken over'</script>"
IMAGE = "<img src=https://evil.example/x onerror=alert(1)>"
OUT_OF_A_TAG = "\"'></pre></article></main><style>*{display:none}</style>"
OUT_OF_STYLE = "</style></title><script>1</script>{{ 7 * 191 }}{% raw %}"

#: Moves the cursor up and clears the line, turns the text round, ends it, and is half a character.
UNSEEN = "\x1b[1A\x1b[2K\r\x07 \u202e drow \x00 \u2028 \ud800"

ALL = f"{SCRIPT} {IMAGE} {OUT_OF_A_TAG} {OUT_OF_STYLE} {UNSEEN}"


def hostile_findings(*, gated=False):
    """Return findings with one attack of each verdict, and hostile text wherever an app speaks."""
    verdicts = [Verdict.GOT_IN, Verdict.NOT_TRIED, Verdict.HELD]
    exchange = Exchange(f"GET /{ALL}", f"200 OK {ALL}")
    rows = [
        Row(one, Outcome(verdict, ALL, (exchange,)))
        for one, verdict in zip(ATTACKS, verdicts, strict=False)
    ]
    report = Report(rows, trouble=ALL, remark=f"Attacked with {SCRIPT}")
    place = Place(Path("/src/a folder/<b>.py"), 3, 9, "<lambda>")
    found = [
        Finding(row, severity_of(row.attack), place if row.got_in else None, gated and row.got_in)
        for row in rows
    ]
    when = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    return Findings(report, f"app:{SCRIPT}", found, Path("/src"), when, gated)
