"""Counting: by what a guesser has plenty of, what takes a count back, and what nobody counts."""

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.families.guessing import NO_LIMIT
from flasklogin_tutorial.attacks.limits import (
    TRIES,
    guess,
    guess_at_one_name,
    worn_address,
    wrong,
)
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Person, Reply

_NOTEBOOK = "12c_stop_the_guesser"

#: Addresses of one network that are tried after the first was stopped.
NEIGHBOURS = 5

#: Wrong guesses between two right logins.
BETWEEN = 4

#: Logins of one user that nobody needs at once.
MANY = 60


@attack(
    "counted-by-address-alone",
    "A guesser with a network of addresses is counted anew at each of them",
    who="Anyone with IPv6: each customer of a provider has a network of addresses.",
    source=sources.IPV6_NETWORKS,
    fixed_in=_NOTEBOOK,
    needs="throttle-by-address",
)
def _by_address(target: Target) -> Outcome:
    if not target.is_in_process:
        raise NotTried("All requests to a running server come from one address.")
    victim, worn = target.people.regular(), worn_address(target)
    stopped, network = worn.stopped, worn.network
    if stopped is None:
        raise NotTried("There is no limit for an address to get around; see password-spraying.")
    answers = []
    for number in range(2, 2 + NEIGHBOURS):
        browser = target.visitor(f"{network}::{number}")
        answer = target.deeds.log_in_as(victim, "from the next address", browser=browser)
        answers.append(answer)
        if target.senses.is_in(browser, victim):
            says = "When one address was stopped, the next one of its network went on."
            return got_in(says, stopped, answer)
    elsewhere = target.visitor(f"{target.new_network()}::1")
    target.deeds.log_in_as(victim, "from another network", browser=elsewhere)
    if not target.senses.is_in(elsewhere, victim):
        raise NotTried("After that nobody gets in from anywhere, so nothing is counted by address.")
    return held("The other addresses of the network were stopped with the first.", *answers[:1])


@attack(
    "forgiven-by-a-right-login",
    "A guesser has the count taken back by a right login in between",
    who="Anyone with an account of their own, or whose victim's programs log in all day.",
    source=sources.RESET_BY_SUCCESS,
    fixed_in=_NOTEBOOK,
    needs="throttle-by-address",
)
def _forgiven(target: Target) -> Outcome:
    if guess_at_one_name(target).stopped is None:
        raise NotTried(NO_LIMIT)
    # From one address a guesser can log in to their own account. From many, only the count for the
    # name is in the way, and the victim takes that back.
    ends = []
    for whose in ("the guesser", "the victim"):
        own = whose == "the guesser"
        if not own and not _is_counted_anywhere(target):
            continue  # nothing stops this guesser anyhow
        victim = target.people.user()
        helper, address = (target.people.user(), target.new_address()) if own else (victim, None)
        stopped, answers = _guesses(target, victim, helper, address)
        if stopped is None:
            says = f"With right logins of {whose} in between {TRIES} guesses went through."
            return got_in(says, answers[-1])
        ends.append(stopped)
    if not ends:
        raise NotTried(NO_LIMIT)
    return held("No right login in between took the count of the guesses back.", *ends)


def _is_counted_anywhere(target: Target) -> bool:
    """Tell whether guesses at one name are stopped that come from many addresses."""
    known = guess_at_one_name(target)

    def elsewhere(number: int) -> Reply:
        return target.deeds.log_in(target.visitor(), known.victim.name, wrong(TRIES + number))

    if guess(1, elsewhere)[0] is not None:  # it is stopped already, and not at its address only
        return True
    return _guesses(target, target.people.user(), None, None)[0] is not None


def _guesses(
    target: Target, victim: Person, helper: Person | None, address: str | None
) -> tuple[Reply | None, list[Reply]]:
    """Guess a password, with right logins in between; from anywhere if no address is given.

    Raises:
        NotTried: none of the right logins was taken, so none can have taken the count back.
    """
    right = list[bool]()

    def attempt(number: int) -> Reply:
        if helper is not None and number % BETWEEN == 0:
            # A program keeps no cookies: nothing tells it from a stranger.
            here = target.visitor(victim.address if helper is victim else address)
            target.deeds.log_in_as(helper, browser=here)
            right.append(number > 0 and not any(right) and target.senses.is_in(here, helper))
        return target.deeds.log_in(target.visitor(address), victim.name, wrong(number))

    stopped, answers = guess(TRIES, attempt)
    if stopped is not None and helper is not None and len(right) > 1 and not any(right):
        raise NotTried("No right login in between was taken, so none can take the count back.")
    return stopped, answers


@attack(
    "bounded-by-nothing",
    "One account is logged in as often at once as somebody likes",
    who="Anyone who has a password; each login is a door that its owner does not know of.",
    source=sources.HOW_MANY_LOGINS,
    fixed_in=_NOTEBOOK,
)
def _unbounded_logins(target: Target) -> Outcome:
    person = target.people.member()
    browsers = []
    for number in range(1, MANY + 1):
        browser = target.visitor()
        answer = target.deeds.log_in_as(person, f"login {number}", browser=browser)
        if not target.senses.is_in(browser, person):
            if answer.crashed:
                raise NotTried(f"Login {number} of one user was answered by {answer.came_back}.")
            return held("The app stopped taking logins of one user.", answer)
        browsers.append(browser)
    seen = target.senses.whoami(browsers[0], f"the first of {MANY} browsers")
    alive = sum(target.senses.is_in(browser, person) for browser in browsers)
    if alive == MANY:
        return got_in(f"{MANY} logins of one user were open at once.", seen)
    return held(f"{MANY - alive} of {MANY} logins were ended by the later ones.", seen)
