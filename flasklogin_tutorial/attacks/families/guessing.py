"""Guessing: passwords without end, and which names exist."""

import datetime
import itertools
import statistics

from flasklogin_tutorial.attacks import sources, web
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.limits import (
    TRIES,
    guess,
    guess_at_one_name,
    try_a_name,
    worn_address,
    wrong,
)
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Person, Reply

_PASSWORDS, _WORK = "08b_hashed_passwords", "08c_work_that_visitors_cause"
_RULES = "12c_stop_the_guesser"

#: Why nothing can be tried that gets around a limit.
NO_LIMIT = "There is no limit to get around; see unbounded-guessing."

#: Tries with new headers that an address gets which was stopped.
FRESH = 3

#: Wrong guesses that show whether an account can be locked.
LOCK_TRIES = 30

#: After which a lock that ends by itself has ended.
LATER = datetime.timedelta(days=1)

#: Names of each kind whose answers are compared.
COMPARED = 4

#: Pairs of logins that are measured at first, and how often as many again where that is not clear.
PAIRS, ROUNDS = 4, 4

#: How many times the work for one kind of name has to be that for the other.
MARGIN = 2.0

#: Passwords that everybody tries first, and some that are too short.
WEAK_PASSWORDS = (
    "",
    "a",
    "12345678",
    "password",
    "qwertyuiop",
    "passwordpassword",
    "aaaaaaaaaaaaaaaaaaaa",
    "1234567890123456",
    "qwertyuiopasdfghjkl",
    "Password1!",
    "Passw0rd2026",
)

#: Headers by which an app may take a visitor for somebody else.
_CLAIMS = (
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "X-Forwarded",
    "X-Cluster-Client-IP",
    "X-Originating-IP",
    "X-Remote-Addr",
    "Fastly-Client-IP",
    "User-Agent",
)


@attack(
    "unbounded-guessing",
    "A guesser tries passwords without end",
    who="Anyone who knows a user's name.",
    source=sources.HUNDRED_TRIES,
    fixed_in=_RULES,
)
def _unbounded(target: Target) -> Outcome:
    found = guess_at_one_name(target)
    victim, stopped, answers = found.victim, found.stopped, found.answers
    browser = target.visitor(found.address)
    answer = target.deeds.log_in_as(victim, f"after {len(answers)} wrong tries", browser=browser)
    if target.senses.is_in(browser, victim):
        if stopped:
            says = "Wrong tries are refused as too many, and the right one is taken all the same."
            return got_in(says, stopped, answer)
        return got_in(f"After {TRIES} wrong tries the right one was taken.", answers[-1], answer)
    if answer.crashed:
        raise NotTried(f"After {len(answers)} wrong tries the login fails: {answer.came_back}.")
    if not stopped:
        return held(f"After {TRIES} wrong tries the right one was refused.", answers[-1], answer)
    for spelled in (victim.name.upper(), f"{victim.name} ", f" {victim.name}"):
        browser = target.visitor(found.address)
        again = target.deeds.log_in(browser, spelled, victim.password, who="spelled otherwise")
        if target.senses.is_in(browser, victim):
            says = "A name that is spelled otherwise is counted anew, and opens the same account."
            return got_in(says, stopped, again)
    return held(f"The guesser was stopped at try {len(answers)}.", stopped)


@attack(
    "password-spraying",
    "A guesser tries one password with every name",
    who="Anyone with a list of names.",
    source=sources.AUTOMATED,
    fixed_in=_RULES,
)
def _spraying(target: Target) -> Outcome:
    victim = target.people.regular()  # so that the right one is known to be taken
    worn = worn_address(target)
    stopped, answers = worn.stopped, worn.answers
    browser = target.visitor(worn.address)
    who = f"after {len(answers)} other names from one address"
    answer = target.deeds.log_in_as(victim, who, browser=browser)
    if target.senses.is_in(browser, victim):
        if stopped:
            says = (
                "The other names are refused as too many, and the right one is taken all the same."
            )
            return got_in(says, stopped, answer)
        return got_in(f"One address tried {2 * TRIES} names, and one more.", answers[-1], answer)
    if answer.crashed:
        raise NotTried(f"After {len(answers)} names the login fails: {answer.came_back}.")
    if stopped:
        return held(f"The address was stopped at name {len(answers)}.", stopped)
    return held("The address was refused in the end.", answers[-1], answer)


@attack(
    "throttle-fooled-by-header",
    "A guesser is taken for somebody else at every try",
    who="Anyone who can send a header.",
    source=sources.LIMITER_KEY,
    fixed_in=_RULES,
    needs="throttle-by-header",
)
def _fooled(target: Target) -> Outcome:
    ends, says = list[Reply](), "No header changed anything."
    # A limit may count the tries with one name, or those of one address with any name.
    if guess_at_one_name(target).stopped is not None:
        stopped, answers = _guess_with_headers(target)
        if stopped is None:
            says = f"With new headers, such as X-Forwarded-For, {TRIES} tries went through."
            return got_in(says, answers[-1])
        ends.append(stopped)
        says = f"No header changed anything: stopped at try {len(answers)}."
    worn = worn_address(target)
    if worn.stopped is not None:
        stopped, answers = guess(FRESH, lambda number: try_a_name(target, worn, _claims(number)))
        if stopped is None:
            says = "An address that was stopped goes on with new headers, such as X-Forwarded-For."
            return got_in(says, worn.stopped, answers[-1])
        ends.append(stopped)
    if not ends:
        raise NotTried(NO_LIMIT)
    return held(says, *ends)


def _guess_with_headers(target: Target) -> tuple[Reply | None, list[Reply]]:
    """Guess a password from one address, with new headers each time."""
    victim, address = target.people.user(), target.new_address()

    def attempt(number: int) -> Reply:
        browser, headers = target.visitor(address), _claims(number)
        return target.deeds.log_in(browser, victim.name, wrong(number), headers=headers)

    return guess(TRIES, attempt)


def _claims(number: int) -> dict[str, str]:
    """Return headers by which somebody claims to be somebody else, another one each time."""
    claimed = f"203.0.113.{number % 250 + 1}"
    return dict.fromkeys(_CLAIMS, claimed) | {"Forwarded": f"for={claimed}"}


@attack(
    "victim-locked-out",
    "A stranger locks a user out for good with wrong passwords",
    who="Anyone who knows a user's name and wishes them ill.",
    source=sources.LOCKOUT,
    fixed_in=_RULES,
    needs="lockout-for-good",
)
def _locked_out(target: Target) -> Outcome:
    victim = target.people.member()
    for number in range(LOCK_TRIES):
        target.deeds.log_in(target.visitor(), victim.name, wrong(number))
    browser = target.visitor()
    answer = target.deeds.log_in_as(victim, "the right password", browser=browser)
    if target.senses.is_in(browser, victim):
        return held(f"After {LOCK_TRIES} wrong tries of others the user gets in.", answer)
    if answer.crashed:
        raise NotTried(f"After {LOCK_TRIES} wrong tries the login fails: {answer.came_back}.")
    if answer.response.status_code in (429, 503) and "Retry-After" in answer.response.headers:
        return held("The user has to wait, and is told how long.", answer)
    if not target.is_in_process:
        raise NotTried("The user is refused, and whether that ends by itself was not waited for.")
    with target.inside.put_forward(LATER):
        late = target.visitor()
        again = target.deeds.log_in_as(victim, "a day later", browser=late)
        if target.senses.is_in(late, victim):
            return held("The user has to wait, and gets in when the clock has gone on.", answer)
    return got_in(
        f"After {LOCK_TRIES} wrong tries of others the user is refused, and a day later still.",
        answer,
        again,
    )


@attack(
    "names-found-by-answer",
    "The login tells which names exist",
    who="Anyone who can reach the login.",
    source=sources.SAME_ANSWER,
    fixed_in=_WORK,
    needs="talkative-login",
)
def _by_answer(target: Target) -> Outcome:
    target.people.regular()
    there, nowhere = list[Reply](), list[Reply]()
    of_there, of_nowhere = list[frozenset[str]](), list[frozenset[str]]()
    for _ in range(COMPARED):  # in turn: what the time of day changes, it changes in both
        for person, replies, traits in (
            (target.people.user(), there, of_there),
            (target.people.stranger(), nowhere, of_nowhere),
        ):
            answer, found = _ask_for(target, person)
            if answer.response.status_code != 429:
                replies.append(answer)
                traits.append(found)
    if min(len(there), len(nowhere)) < 2:
        raise NotTried("A limit stops the first wrong logins, whatever the name.")
    if web.telling(of_there, of_nowhere):
        says = "A name that exists is answered differently from one that does not."
        return got_in(says, there[0], nowhere[0])
    return held("Names that exist and names that do not get one answer.", there[0])


def _ask_for(target: Target, person: Person) -> tuple[Reply, frozenset[str]]:
    """Send a wrong password; return the answer, and what it can be told from others by."""
    browser = target.visitor()
    answer = target.deeds.log_in(browser, person.name, "not the password", who="wrong")
    text = answer.response.text
    if answer.response.is_redirect:  # the message stands on the next page
        text = browser.get(answer.response.headers["Location"]).text
    for own in (person.name, person.email):
        text = text.replace(own, "NAME")
    return answer, web.traits(answer.response, text)


@attack(
    "names-found-by-work",
    "The time that the login takes tells which names exist",
    who="Anyone who can reach the login and has a clock.",
    source=sources.SAME_ANSWER,
    fixed_in=_WORK,
    needs="quick-exit",
)
def _by_work(target: Target) -> Outcome:
    answers = list[Reply]()

    def work(name: str) -> float:
        browser = target.visitor()
        taken, answer = target.work_of(
            lambda: target.deeds.log_in(browser, name, "not the password")
        )
        if answer.response.status_code == 429:
            raise NotTried("A limit stops wrong logins before anything is looked up.")
        answers.append(answer)
        return taken

    target.people.regular()
    for name in (target.people.user().name, target.people.stranger().name):
        work(name)  # the first login loads things
    pairs = list[tuple[float, float]]()
    for _ in range(ROUNDS):
        for _ in range(PAIRS):  # side by side: both feel the same load
            known, unknown = target.people.user().name, target.people.stranger().name
            pairs.append((work(known), work(unknown)))
        if _is_clear(pairs):
            break
    there, not_there = (statistics.median(column) for column in zip(*pairs, strict=True))
    more, less = "exists", "does not exist"
    if there < not_there:
        more, less = less, more
    says = f"A name that {more} takes more than {MARGIN:g} times the work of one that {less}."
    ratio = max(there, not_there) / min(there, not_there)
    # The figures are others in every run, so they stand with the evidence.
    measured = Exchange(
        f"{len(pairs)} logins with a name that exists and as many with one that does not",
        f"{there / not_there:.1f} times the work for a name that exists",
    )
    if ratio > MARGIN:
        return got_in(says, answers[-1], measured)
    says = "Names that exist and names that do not take about the same work."
    return held(says, answers[-1], measured)


def _is_clear(pairs: list[tuple[float, float]]) -> bool:
    """Tell whether every pair says the same, and none of them is near the margin."""
    ratios = [there / not_there for there, not_there in pairs]
    far, near = MARGIN**2, MARGIN**0.5
    is_same = all(1 / near < ratio < near for ratio in ratios)
    return is_same or min(ratios) > far or max(ratios) < 1 / far


@attack(
    "weak-password",
    "A user may choose a password that is guessed at once",
    who="Anyone who tries the most common passwords.",
    source=sources.PASSWORD_STRENGTH,
    fixed_in=_PASSWORDS,
)
def _weak(target: Target) -> Outcome:
    routes = target.doors.that_open("create", "update")
    writer, answers = target.people.writer(), []
    for route, password in itertools.product(routes, (*WEAK_PASSWORDS, None)):
        if route == "create":
            person = target.people.stranger()
            weak = person.name if password is None else password
            answer = target.deeds.create(writer.browser, person, password=weak)
        else:
            person = target.people.member()
            weak = person.name if password is None else password
            answer = target.deeds.change_own_password(person, weak)
        answers.append(answer)
        if answer.response.status_code != 429 and _opens(target, person, weak, route):
            said = repr(password) if password is not None else "that is the user's own name"
            return got_in(f"The password {said} was accepted.", answer)
    if any(answer.response.status_code == 429 for answer in answers):
        raise NotTried("A limit stops whoever sets some passwords, before they are judged.")
    return held(f"None of {len(WEAK_PASSWORDS) + 1} weak passwords was accepted.", *answers)


def _opens(target: Target, person: Person, weak: str, route: str) -> bool:
    """Tell whether a weak password is now a person's, and no longer the one that they had."""
    if route == "update" and target.senses.works(person.name, person.password):
        return False
    return target.senses.works(person.name, weak)
