"""The names that a database holds already: which two people take for one, and which none may have.

The article's app stored names as they came, and this app did until it kept apart what looks alike.
Neither left the forms by which names are compared (see `names`). What can be told from a name alone
is mended here; who has to take another name is for people to say.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .models import User
from .names import Name, read_name
from .refusals import BadName


@dataclass(frozen=True)
class Stored:
    """A user as the database holds them.

    Attributes:
        id: the database id, as text.
        name: the name as it is stored, which need not be one.
    """

    id: str
    name: Any

    def __str__(self) -> str:
        return f"{shown(self.name)} (id {self.id})"


@dataclass
class Findings:
    """What is to be done about the names of a database.

    Attributes:
        to_mend: those whose name leaves no choice, with what is to be stored.
        alike: groups of users whose names people take for one.
        refused: those whose name nobody may have, and why.
    """

    to_mend: list[tuple[Stored, Name]] = field(default_factory=list)
    alike: list[Sequence[Stored]] = field(default_factory=list)
    refused: list[tuple[Stored, str]] = field(default_factory=list)

    @property
    def is_for_people(self) -> bool:
        """Whether somebody has to decide."""
        return bool(self.alike or self.refused)


def check_names() -> Findings:
    """Compare all names with one another. Nothing is changed.

    Returns:
        What was found.
    """
    findings = Findings()
    read: dict[Stored, tuple[Name, bool]] = {}
    fields = ("name", "name_key", "name_looks")
    for record in User._get_collection().find({}, dict.fromkeys(fields, True)).sort("_id"):
        stored = Stored(str(record["_id"]), record.get("name"))
        try:
            name = read_name(stored.name if isinstance(stored.name, str) else "")
        except BadName as refusal:
            findings.refused.append((stored, refusal.problem))
        else:
            as_now = [record.get(each) for each in fields]
            read[stored] = name, as_now == [name.written, name.key, list(name.looks)]
    findings.alike = list(_alike({stored: name for stored, (name, _) in read.items()}))
    clashing = {stored for group in findings.alike for stored in group}
    findings.to_mend = [
        (stored, name)
        for stored, (name, is_right) in read.items()
        if not is_right and stored not in clashing
    ]
    return findings


def mend_names(findings: Findings) -> int:
    """Store what leaves no choice.

    Args:
        findings: what `check_names` found.

    Returns:
        How many users were changed. One who was renamed or deleted in between is left alone.
    """
    number = 0
    for stored, name in findings.to_mend:
        user = User.objects(id=stored.id, name=stored.name)
        number += user.update_one(
            set__name=name.written, set__name_key=name.key, set__name_looks=list(name.looks)
        )
    return number


def shown(name: Any) -> str:
    """Return a name so that it can be told from one that looks the same.

    Args:
        name: what is stored as a name.

    Returns:
        The name, followed by its characters as numbers where it is not of ASCII alone.
    """
    if not isinstance(name, str) or not name.isprintable() or name != name.strip():
        return ascii(name)
    return name if name.isascii() else f"{name} {name!a}"


def _alike(names: dict[Stored, Name]) -> Iterator[Sequence[Stored]]:
    """Yield each group of users whose names look alike, over however many others."""
    having = defaultdict(list)
    for stored, name in names.items():
        for look in name.looks:
            having[look].append(stored)
    seen: set[Stored] = set()
    for stored in names:
        group, ahead = [], [stored]
        while ahead:
            one = ahead.pop()
            if one not in seen:
                seen.add(one)
                group.append(one)
                ahead += [other for look in names[one].looks for other in having[look]]
        if len(group) > 1:
            yield group
