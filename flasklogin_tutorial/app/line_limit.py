"""How many lines visitors can cause in the audit log: so many a minute, and the rest is counted."""

from collections import Counter
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

#: The lines a minute that visitors can cause, in one process: from one network, and from all.
LINES_PER_NETWORK = 30
LINES_IN_ALL = 300


class Turn(NamedTuple):
    """What becomes of one line.

    Attributes:
        has_room: whether to write it.
        begins: whether it is the first of its minute that is left out.
        left_out: how many were left out in the minute before, where this is the first line since.
    """

    has_room: bool
    begins: bool
    left_out: int


class LineLimit:
    """Counts the lines of the minute, by network. There are never more networks than lines."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._written: Counter[str] = Counter()
        self._left_out = 0
        self._begun: datetime | None = None

    def take_turn(self, network: str, moment: datetime) -> Turn:
        """Count a line.

        Args:
            network: who causes it.
            moment: when.

        Returns:
            What becomes of it.
        """
        with self._lock:
            before = 0
            passed = None if self._begun is None else moment - self._begun
            if passed is None or not timedelta() <= passed < timedelta(minutes=1):
                before, self._left_out = self._left_out, 0
                self._begun = moment
                self._written.clear()
            if self._written.total() < LINES_IN_ALL and self._written[network] < LINES_PER_NETWORK:
                self._written[network] += 1
                return Turn(True, False, before)
            self._left_out += 1
            return Turn(False, self._left_out == 1, before)
