"""What an attack is, what it can end with, and the list that all attacks stand in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flasklogin_tutorial.attacks.sources import Source
from flasklogin_tutorial.checks import Reply

if TYPE_CHECKING:
    from flasklogin_tutorial.attacks.target import Target

#: The notebooks that fix what the attacks find.
NOTEBOOKS = (
    "08_passwords_and_injection",
    "09_bad_input_and_honest_errors",
    "10_sessions_and_cookies",
    "11_cross_site_requests",
    "12_who_may_do_what",
    "13_from_one_file_to_a_package",
    "14_apis_and_tokens",
    "16_on_a_real_database",
)


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


@dataclass(frozen=True)
class Attack:
    """One thing that an app must not allow.

    Attributes:
        name: a short name, unique in the list.
        title: what the attacker achieves, as a sentence.
        who: who could do it.
        source: the rule that an app breaks where the attack gets in.
        fixed_in: the notebook that closes the hole.
        needs: the feature that is attacked, where the article's app lacks it: a name in
            `flasklogin_tutorial.attacks.variants.VARIANTS`. Empty if step 06 itself is open.
        run: carries the attack out, over HTTP; raises `NotTried` where that is impossible.
    """

    name: str
    title: str
    who: str
    source: Source
    fixed_in: str
    needs: str
    run: Callable[["Target"], Outcome]


#: Every attack, in the order of the notebooks that fix what it finds.
ATTACKS: list[Attack] = []


def attack(
    name: str, title: str, *, who: str, source: Source, fixed_in: str, needs: str = ""
) -> Callable[[Callable[["Target"], Outcome]], Callable[["Target"], Outcome]]:
    """Put a function into the list of attacks; for the arguments see `Attack`."""

    def register(run: Callable[["Target"], Outcome]) -> Callable[["Target"], Outcome]:
        ATTACKS.append(Attack(name, title, who, source, fixed_in, needs, run))
        return run

    return register


def got_in(says: str, *replies: Reply | Exchange) -> Outcome:
    """Return the outcome of an attack that succeeded."""
    return Outcome(Verdict.GOT_IN, says, _in_words(replies))


def held(says: str, *replies: Reply | Exchange) -> Outcome:
    """Return the outcome of an attack that failed."""
    return Outcome(Verdict.HELD, says, _in_words(replies))


def _in_words(replies: tuple[Reply | Exchange, ...]) -> tuple[Exchange, ...]:
    return tuple(Exchange(reply.called, reply.came_back) for reply in replies)
