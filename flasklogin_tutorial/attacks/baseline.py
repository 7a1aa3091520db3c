"""What a project knows of and accepts for now, so that only what is new makes its build fail.

The file is JSON, is kept beside the source, and is read by people too:

    {"version": 1, "accepted": [{"attack": "bounded-by-nothing", "why": "until the next release"}]}
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flasklogin_tutorial.attacks.attack import ATTACKS
from flasklogin_tutorial.attacks.outcome import Verdict
from flasklogin_tutorial.attacks.report import Report

#: The version of the file.
VERSION = 1


class BadBaseline(Exception):
    """A file is no baseline; the message says why."""


@dataclass(frozen=True)
class Comparison:
    """What came of the attacks, beside a baseline.

    Attributes:
        known: the attacks that got in and are accepted.
        new: those that got in and are not.
        gone: those that are accepted and held.
        not_tried: those that are accepted and were not tried, so that nothing is known of them.
        no_attack: names in the baseline that no attack has.
    """

    known: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    not_tried: list[str] = field(default_factory=list)
    no_attack: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, list[str]]:
        """Return the comparison as plain values, for JSON."""
        return dict(vars(self))

    def as_lines(self) -> list[str]:
        """Return the comparison in sentences."""
        lines = [f"Beside the baseline: {len(self.new)} new, {len(self.known)} known."]
        for names, said in (
            (self.new, "New: {}."),
            (self.gone, "No longer gets in: {}. Take it out of the baseline."),
            (self.not_tried, "In the baseline and not tried: {}."),
            (self.no_attack, "In the baseline, and no attack has this name: {}."),
        ):
            if names:
                lines.append(said.format(", ".join(names)))
        return lines


def read_baseline(path: Path) -> dict[str, str]:
    """Read a baseline.

    Args:
        path: the file.

    Returns:
        The name of each attack that may get in, with the reason that somebody wrote there.

    Raises:
        BadBaseline: the file cannot be read, or is none.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadBaseline(f"{path} cannot be read: {type(error).__name__}: {error}") from error
    if not isinstance(told, dict) or told.get("version") != VERSION:
        raise BadBaseline(f'{path} is no baseline: it does not begin with "version": {VERSION}.')
    return dict(_entry(path, one) for one in _listed(path, told))


def _listed(path: Path, told: dict[str, Any]) -> list[Any]:
    accepted = told.get("accepted")
    if not isinstance(accepted, list):
        raise BadBaseline(f'{path} is no baseline: "accepted" has to be a list.')
    return accepted


def _entry(path: Path, one: Any) -> tuple[str, str]:
    name, why = (one.get("attack"), one.get("why", "")) if isinstance(one, dict) else (None, "")
    if not (isinstance(name, str) and isinstance(why, str)):
        raise BadBaseline(
            f"{path} is no baseline: each entry has to look like "
            '{"attack": "open-redirect", "why": "a reason"}, and one does not.'
        )
    return name, why


def compare(report: Report, accepted: Mapping[str, str]) -> Comparison:
    """Compare what came of the attacks with what is accepted.

    Args:
        report: what came of them.
        accepted: the baseline.

    Returns:
        What is new, what is known, and what of the baseline is not so any more.
    """
    got_in = [row.attack.name for row in report.having(Verdict.GOT_IN)]
    held = {row.attack.name for row in report.having(Verdict.HELD)}
    attacks = {one.name for one in ATTACKS} | {row.attack.name for row in report.rows}
    return Comparison(
        known=[name for name in got_in if name in accepted],
        new=[name for name in got_in if name not in accepted],
        gone=[name for name in accepted if name in held],
        not_tried=[n for n in accepted if n in attacks and n not in held and n not in got_in],
        no_attack=[name for name in accepted if name not in attacks],
    )


def as_baseline(report: Report, former: Mapping[str, str]) -> str:
    """Return the baseline that accepts what got in now.

    Args:
        report: what came of the attacks.
        former: the baseline before: its reasons stay, and its entries that were not tried this
            time. Nothing is known of those, so nothing is taken out.

    Returns:
        The text of the file.
    """
    beside = compare(report, former)
    names = sorted({*beside.known, *beside.new, *beside.not_tried})
    accepted = [{"attack": name, "why": former.get(name, "")} for name in names]
    return json.dumps({"version": VERSION, "accepted": accepted}, indent=2) + "\n"
