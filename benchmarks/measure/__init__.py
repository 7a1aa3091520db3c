"""What `make bench` measures, a module for each kind of row; benchmarks/run.py runs them.

Each has a function `measure(scale)`, which returns a row or several. In a row the sides are
measured in turn, A B C A B C …, so that a machine that becomes slower does so for all of them, and
only the ratio of one round is ever compared.
"""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Scale:
    """How much is measured.

    Attributes:
        rounds: how often each side of a row is measured.
        load_rounds: how often, where one time is short.
        seconds: how long one load lasts.
        users: how many users there are, for the curve of the logins.
        at_once: how many log in at the same moment, with the hash that is slow on purpose.
        hash_rounds: how often they do.
        notebooks: which of the course's notebooks run.
    """

    rounds: int
    load_rounds: int
    seconds: int
    users: tuple[int, ...]
    at_once: int
    hash_rounds: int
    notebooks: tuple[str, ...]


FULL = Scale(
    rounds=5,
    load_rounds=11,
    seconds=2,
    users=(10, 1_000, 100_000, 1_000_000),
    at_once=64,
    hash_rounds=3,
    notebooks=("01", "04", "06", "09"),
)
#: Enough to see that every part works, and no figure to quote.
TINY = Scale(
    rounds=2, load_rounds=2, seconds=1, users=(10, 100), at_once=4, hash_rounds=2, notebooks=("01",)
)


@dataclass
class Row:
    """One thing that was measured.

    Attributes:
        what: what it is.
        unit: the unit of the values.
        values: for each side, one value a round.
        ratios: what is compared, as (side, against, aim); the aim is text such as ">= 0.9".
        notes: anything else that was counted, by name.
    """

    what: str
    unit: str
    values: dict[str, list[float]]
    ratios: list[tuple[str, str, str]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def in_turn(rounds: int, sides: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Measure each side once a round, in turn.

    Args:
        rounds: how often.
        sides: for each side, what measures it once.

    Returns:
        For each side, one value a round.
    """
    values: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, once in sides.items():
            values[name].append(once())
    return values


def ratio(values: Mapping[str, list[float]], side: str, against: str) -> tuple[float, float, float]:
    """Compare two sides round by round.

    Returns:
        The smallest ratio, the median and the largest.
    """
    ratios = [one / other for one, other in zip(values[side], values[against], strict=True)]
    return min(ratios), statistics.median(ratios), max(ratios)
