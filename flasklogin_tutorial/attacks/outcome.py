"""What an attack can end with."""

from dataclasses import dataclass
from enum import StrEnum

from flasklogin_tutorial.visit import Reply


class Verdict(StrEnum):
    """How an attack ended."""

    GOT_IN = "got in"
    HELD = "held"
    NOT_TRIED = "not tried"


class NotTried(Exception):
    """An attack cannot be tried on this app. The message says why, for the table."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, in words.

    Attributes:
        called: what was called, and by whom.
        came_back: what came back.
    """

    called: str
    came_back: str


@dataclass(frozen=True)
class Outcome:
    """What an attack ended with, and the evidence.

    Attributes:
        verdict: whether the attacker got in, the app held, or the attack could not be tried.
        says: the evidence in one sentence, or the reason why it was not tried.
        exchanges: the requests that show it.
    """

    verdict: Verdict
    says: str
    exchanges: tuple[Exchange, ...] = ()


def got_in(says: str, *replies: Reply | Exchange) -> Outcome:
    """Return the outcome of an attack that succeeded."""
    return Outcome(Verdict.GOT_IN, says, _in_words(replies))


def held(says: str, *replies: Reply | Exchange) -> Outcome:
    """Return the outcome of an attack that failed."""
    return Outcome(Verdict.HELD, says, _in_words(replies))


def _in_words(replies: tuple[Reply | Exchange, ...]) -> tuple[Exchange, ...]:
    return tuple(Exchange(reply.called, reply.came_back) for reply in replies)
