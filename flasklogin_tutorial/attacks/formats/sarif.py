"""The findings in SARIF 2.1.0, which code hosts show beside the code.

A result is an attack that got in, at the view where it did. What was not tried is a notification of
the run and not a result, and what held is neither: a host would show both as faults.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import quote

from flasklogin_tutorial.attacks.findings import Finding, Findings, visible
from flasklogin_tutorial.attacks.outcome import Verdict
from flasklogin_tutorial.attacks.places import Place
from flasklogin_tutorial.attacks.severity import Grade

#: The schema that the file follows.
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

#: What SARIF calls the folder that the source is in.
_ROOT = "%SRCROOT%"

#: SARIF has three levels.
_LEVELS = {
    Grade.CRITICAL: "error",
    Grade.SERIOUS: "error",
    Grade.MODERATE: "warning",
    Grade.MINOR: "note",
}

#: GitHub orders alerts by a number in the property `security-severity`: from 9.0 on it says
#: critical, from 7.0 high, from 4.0 medium, and low below.
_NUMBERS = {
    Grade.CRITICAL: "9.5",
    Grade.SERIOUS: "8.0",
    Grade.MODERATE: "5.5",
    Grade.MINOR: "3.0",
}


def as_sarif(findings: Findings) -> dict[str, Any]:
    """Return the findings as plain values, for a file in SARIF.

    Args:
        findings: the findings.

    Returns:
        The log.
    """
    rules = {one.row.attack.name: number for number, one in enumerate(findings.all)}
    driver = {
        "name": "flasklogin_tutorial.attacks",
        **_version(),
        "rules": [_rule(one) for one in findings.all],
    }
    not_tried = [
        {
            "level": "note",
            "message": {"text": f"Not tried: {visible(one.row.outcome.says)}"},
            "associatedRule": _reference(one, rules),
        }
        for one in findings.having(Verdict.NOT_TRIED)
    ]
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "flasklogin_tutorial.attacks/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not findings.report.trouble,
                "endTimeUtc": findings.when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "toolExecutionNotifications": not_tried,
            }
        ],
        "results": [_result(one, rules, findings) for one in findings.having(Verdict.GOT_IN)],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _version() -> dict[str, str]:
    """Return the version, where that is known: the package need not be installed."""
    try:
        return {"version": version("flasklogin_tutorial")}
    except PackageNotFoundError:
        return {}


def _rule(one: Finding) -> dict[str, Any]:
    attack, severity = one.row.attack, one.severity
    help_text = f"{attack.who} {severity.reason} The notebook that closes it: {attack.fixed_in}."
    link = f"[{attack.source.title}]({attack.source.url})"
    return {
        "id": attack.name,
        "shortDescription": {"text": attack.title},
        "fullDescription": {"text": f"{attack.title}. {severity.reason}"},
        "help": {
            "text": f"{help_text} The rule: {attack.source.title}, {attack.source.url}",
            "markdown": f"{help_text}\n\nThe rule: {link}",
        },
        "helpUri": attack.source.url,
        "defaultConfiguration": {"level": _LEVELS[severity.grade]},
        "properties": {
            "tags": ["security"],
            "precision": "high",
            "security-severity": _NUMBERS[severity.grade],
        },
    }


def _reference(one: Finding, rules: dict[str, int]) -> dict[str, Any]:
    name = one.row.attack.name
    return {"id": name, "index": rules[name]}


def _result(one: Finding, rules: dict[str, int], findings: Findings) -> dict[str, Any]:
    attack, place = one.row.attack, one.place
    seen = [f"{each.called}: {each.came_back}" for each in one.row.outcome.exchanges]
    result: dict[str, Any] = {
        "ruleId": attack.name,
        "ruleIndex": rules[attack.name],
        "kind": "fail",
        "level": _LEVELS[one.severity.grade],
        "message": {"text": visible(f"{attack.title}. {one.row.outcome.says}")},
        "locations": [_location(place, findings)],
        # The same alert as long as the attack gets in at the same view, whatever line it is on.
        "partialFingerprints": {
            "attackAndView/v1": f"{attack.name}:{place.name if place else findings.target}"
        },
        "properties": {
            "severity": one.severity.grade.value,
            "why": one.severity.reason,
            "evidence": [visible(line) for line in seen],
        },
    }
    if findings.gated:
        result["baselineState"] = "unchanged" if one.known else "new"
    return result


def _location(place: Place | None, findings: Findings) -> dict[str, Any]:
    """Say where: in a file of the source, or in another process, of which no file is known."""
    if place is None:
        return {"logicalLocations": [{"fullyQualifiedName": findings.target, "kind": "module"}]}
    artifact: dict[str, Any] = {"uri": place.path.as_uri()}
    if place.path.is_relative_to(findings.root):
        below = place.path.relative_to(findings.root)
        artifact = {"uri": quote(below.as_posix()), "uriBaseId": _ROOT}
    return {
        "physicalLocation": {
            "artifactLocation": artifact,
            "region": {"startLine": place.first, "endLine": place.last},
        },
        "logicalLocations": [{"fullyQualifiedName": place.name, "kind": "function"}],
    }
