"""One place in a source at which something is old."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hit:
    """One place in a source at which something is old.

    Attributes:
        trap: the name of the trap.
        line: the number of the line.
        old: what stands there.
        new: what to write.
        fixed: whether `--fix` writes it.
    """

    trap: str
    line: int
    old: str
    new: str
    fixed: bool
