"""Which guesser an app stops: found out once, for all attacks that have to know it.

Each guess makes the app hash a password, so looking for a limit is what an attack costs most with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Person, Reply

#: Wrong guesses after which an app has to have stopped the guesser.
TRIES = 100

#: What is tried with every name: a password that is nobody's.
ONE_PASSWORD = "one guess for every name"


def guess(tries: int, attempt: Callable[[int], Reply]) -> tuple[Reply | None, list[Reply]]:
    """Guess until somebody stops it.

    Args:
        tries: how often.
        attempt: sends one guess, by its number.

    Returns:
        The answer that stopped the guesser, if one did, and all answers.
    """
    answers: list[Reply] = []
    for number in range(tries):
        answer = attempt(number)
        answers.append(answer)
        if answer.response.status_code in (423, 429):
            return answer, answers
    return None, answers


def wrong(number: int) -> str:
    """Return a password that is nobody's."""
    return f"guess number {number:06}"


@dataclass(frozen=True)
class Guessed:
    """A user whose password was guessed from one address.

    Attributes:
        victim: the user.
        address: where the guesses came from.
        stopped: the answer that stopped the guesser; None if none did.
        answers: all answers.
    """

    victim: Person
    address: str
    stopped: Reply | None
    answers: list[Reply]


@dataclass(frozen=True)
class Worn:
    """An address that has guessed with one name after the other.

    Attributes:
        network: the first half of the address; the same network has others.
        stopped: the answer that stopped it; None if none did.
        answers: all answers that it got.
    """

    network: str
    stopped: Reply | None
    answers: list[Reply]

    @property
    def address(self) -> str:
        """The address."""
        return f"{self.network}::1"


@dataclass
class _Known:
    guessed: Guessed | None = None
    worn: Worn | None = None


_known: WeakKeyDictionary[Target, _Known] = WeakKeyDictionary()


def guess_at_one_name(target: Target) -> Guessed:
    """Guess the password of one user from one address, until that is stopped if it is.

    The user has logged in before, so that the right password is known to be taken.
    """
    known = _known.setdefault(target, _Known())
    if known.guessed is None:
        victim, address = target.people.member(), target.new_address()

        def attempt(number: int) -> Reply:
            return target.deeds.log_in(target.visitor(address), victim.name, wrong(number))

        known.guessed = Guessed(victim, address, *guess(TRIES, attempt))
    return known.guessed


def worn_address(target: Target) -> Worn:
    """Return an address from which many names were tried, until it was stopped if it was.

    One is enough for all attacks on an app, as long as it is still refused.
    """
    known = _known.setdefault(target, _Known())
    if known.worn is None or (
        known.worn.stopped is not None and not _is_stopped(target, known.worn)
    ):
        new = Worn(target.new_network() if target.is_in_process else "", None, [])
        stopped, answers = guess(2 * TRIES, lambda number: try_a_name(target, new))
        known.worn = Worn(new.network, stopped, answers)
    return known.worn


def try_a_name(target: Target, worn: Worn, headers: Mapping[str, str] | None = None) -> Reply:
    """Try a name that nobody has, from that address."""
    name, browser = target.people.stranger().name, target.visitor(worn.address)
    return target.deeds.log_in(browser, name, ONE_PASSWORD, headers=headers)


def _is_stopped(target: Target, worn: Worn) -> bool:
    return guess(1, lambda number: try_a_name(target, worn))[0] is not None
