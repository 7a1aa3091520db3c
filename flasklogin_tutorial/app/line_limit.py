"""How many lines visitors can cause in the audit log: so many a minute, and the rest is counted.

Each kind of line has its own part, and one visitor or account has a part of that: what costs nobody
anything, such as a request without a login, leaves room for what somebody with a login tries.
"""

from collections import Counter
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

#: What lines are told apart by: an attempt to sign in, a refusal of a stranger, and one of somebody
#: who is logged in.
KINDS = ("sign in", "stranger", "user")

#: The lines a minute that visitors can cause, in one process: of one kind from one network, or of
#: one account that is logged in; and from all of them, in equal parts for the kinds.
LINES_PER_NETWORK = 30
LINES_IN_ALL = 300
LINES_OF_A_KIND = LINES_IN_ALL // len(KINDS)


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
    """Counts the lines of the minute, by who causes them. There are never more than lines."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._written = {kind: Counter[str]() for kind in KINDS}
        self._left_out = 0
        self._begun: datetime | None = None

    def take_turn(self, kind: str, who: str, moment: datetime) -> Turn:
        """Count a line.

        Args:
            kind: one of KINDS.
            who: the network or the account that causes it.
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
                for written in self._written.values():
                    written.clear()
            written = self._written[kind]
            if written.total() < LINES_OF_A_KIND and written[who] < LINES_PER_NETWORK:
                written[who] += 1
                return Turn(True, False, before)
            self._left_out += 1
            return Turn(False, self._left_out == 1, before)
