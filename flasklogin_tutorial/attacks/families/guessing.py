"""Guessing: passwords without end, and which names exist."""

import itertools
import statistics
from collections.abc import Callable

from flasklogin_tutorial.attacks import sources, web
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Reply

_PASSWORDS, _WORK = "08b_hashed_passwords", "08c_work_that_visitors_cause"
_RULES = "12c_stop_the_guesser"

#: Wrong guesses after which an app has to have stopped the guesser.
TRIES = 100

#: Wrong guesses that show whether an account can be locked.
LOCK_TRIES = 30

#: Users whose logins are measured, and how often each.
MEASURED, ROUNDS = 8, 2

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
)

#: Headers by which an app may take a visitor for somebody else.
_CLAIMS = (
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "User-Agent",
)


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


@attack(
    "unbounded-guessing",
    "A guesser tries passwords without end",
    who="Anyone who knows a user's name.",
    source=sources.HUNDRED_TRIES,
    fixed_in=_RULES,
)
def _unbounded(target: Target) -> Outcome:
    victim, address = target.people.user(), target.new_address()

    def attempt(number: int) -> Reply:
        return target.deeds.log_in(target.visitor(address), victim.name, wrong(number))

    stopped, answers = guess(TRIES, attempt)
    if stopped:
        return held(f"The guesser was stopped at try {len(answers)}.", stopped)
    browser = target.visitor(address)
    answer = target.deeds.log_in_as(victim, f"after {TRIES} wrong tries", browser=browser)
    if target.senses.is_in(browser, victim):
        return got_in(f"After {TRIES} wrong tries the right one was taken.", answers[-1], answer)
    return held(f"After {TRIES} wrong tries the right one was refused.", answers[-1], answer)


@attack(
    "password-spraying",
    "A guesser tries one password with every name",
    who="Anyone with a list of names.",
    source=sources.AUTOMATED,
    fixed_in=_RULES,
)
def _spraying(target: Target) -> Outcome:
    victim, address = target.people.user(), target.new_address()

    def attempt(number: int) -> Reply:
        name = target.people.stranger().name
        return target.deeds.log_in(target.visitor(address), name, victim.password)

    stopped, answers = guess(2 * TRIES, attempt)
    if stopped:
        return held(f"The address was stopped at name {len(answers)}.", stopped)
    browser = target.visitor(address)
    who = f"after {2 * TRIES} other names from one address"
    answer = target.deeds.log_in_as(victim, who, browser=browser)
    if target.senses.is_in(browser, victim):
        return got_in(f"One address tried {2 * TRIES} names, and one more.", answers[-1], answer)
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
    address = target.new_address()
    victim = target.people.user()

    def plain(number: int) -> Reply:
        return target.deeds.log_in(target.visitor(address), victim.name, wrong(number))

    stopped, _ = guess(TRIES, plain)
    if stopped is None:
        raise NotTried("There is no limit to get around; see unbounded-guessing.")
    other, address = target.people.user(), target.new_address()

    def spoofed(number: int) -> Reply:
        claimed = f"203.0.113.{number % 250 + 1}"
        headers = dict.fromkeys(_CLAIMS, claimed) | {"Forwarded": f"for={claimed}"}
        browser = target.visitor(address)
        return target.deeds.log_in(browser, other.name, wrong(number), headers=headers)

    again, answers = guess(TRIES, spoofed)
    if again is None:
        says = f"With new headers, such as X-Forwarded-For, {TRIES} tries went through."
        return got_in(says, stopped, answers[-1])
    return held(f"No header changed anything: stopped at try {len(answers)}.", stopped, again)


@attack(
    "victim-locked-out",
    "A stranger locks a user out for good with wrong passwords",
    who="Anyone who knows a user's name and wishes them ill.",
    source=sources.LOCKOUT,
    fixed_in=_RULES,
    needs="lockout-for-good",
)
def _locked_out(target: Target) -> Outcome:
    victim = target.people.user()
    for number in range(LOCK_TRIES):
        target.deeds.log_in(target.visitor(), victim.name, wrong(number))
    answer = target.deeds.log_in_as(victim, "the right password")
    if target.senses.is_in(victim.browser, victim):
        return held(f"After {LOCK_TRIES} wrong tries of others the user gets in.", answer)
    if answer.response.status_code == 429 and "Retry-After" in answer.response.headers:
        return held("The user has to wait, and is told how long.", answer)
    return got_in(f"After {LOCK_TRIES} wrong tries of others the user is refused.", answer)


@attack(
    "names-found-by-answer",
    "The login tells which names exist",
    who="Anyone who can reach the login.",
    source=sources.SAME_ANSWER,
    fixed_in=_WORK,
    needs="talkative-login",
)
def _by_answer(target: Target) -> Outcome:
    def ask(name: str) -> tuple[tuple[int, str], Reply]:
        browser = target.visitor()
        answer = target.deeds.log_in(browser, name, "not the password", who="wrong")
        text = answer.response.text
        if answer.response.is_redirect:  # the message stands on the next page
            text = browser.get(answer.response.headers["Location"]).text
        return (answer.response.status_code, web.visible_text(text).replace(name, "NAME")), answer

    there = [ask(target.people.user().name) for _ in range(2)]
    nowhere = [ask(target.people.stranger().name) for _ in range(2)]
    steady = there[0][0] == there[1][0] and nowhere[0][0] == nowhere[1][0]
    if steady and there[0][0] != nowhere[0][0]:
        says = "A name that exists is answered differently from one that does not."
        return got_in(says, there[0][1], nowhere[0][1])
    return held("Names that exist and names that do not get one answer.", there[0][1])


@attack(
    "names-found-by-work",
    "The time that the login takes tells which names exist",
    who="Anyone who can reach the login and has a clock.",
    source=sources.SAME_ANSWER,
    fixed_in=_WORK,
    needs="quick-exit",
)
def _by_work(target: Target) -> Outcome:
    clock = target.clock()

    def work(name: str) -> float:
        browser = target.visitor()
        began = clock()
        target.deeds.log_in(browser, name, "not the password")
        return clock() - began

    people = [target.people.user().name for _ in range(MEASURED)]
    nobody = [target.people.stranger().name for _ in range(MEASURED)]
    for name in (target.people.user().name, target.people.stranger().name):
        work(name)  # the first login loads things
    pairs = []
    for known, unknown in [*zip(people, nobody, strict=True)] * ROUNDS:
        pairs.append((work(known), work(unknown)))  # side by side: both feel the same load
    there, not_there = (statistics.median(column) for column in zip(*pairs, strict=True))
    there, not_there = max(there, 1e-9), max(not_there, 1e-9)
    more, less = "exists", "does not exist"
    if there < not_there:
        more, less = less, more
    says = f"A name that {more} takes more than {MARGIN:g} times the work of one that {less}."
    ratio = max(there, not_there) / min(there, not_there)
    # The figure is another one in every run, so it stands with the evidence.
    stranger = target.people.stranger()
    answer = target.deeds.log_in(stranger.browser, stranger.name, "wrong", who="no such name")
    measured = Exchange(
        f"{len(pairs)} logins with a name that exists and as many with one that does not",
        f"{there / not_there:.1f} times the work for a name that exists",
    )
    if ratio > MARGIN:
        return got_in(says, answer, measured)
    says = "Names that exist and names that do not take about the same work."
    return held(says, answer, measured)


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
    for route, weak in itertools.product(routes, WEAK_PASSWORDS):
        if route == "create":
            person = target.people.stranger()
            answer = target.deeds.create(writer.browser, person, password=weak)
        else:
            person = target.people.member()
            answer = target.deeds.change_own_password(person, weak)
        answers.append(answer)
        if target.senses.works(person.name, weak):
            return got_in(f"The password {weak!r} was accepted.", answer)
    return held(f"None of {len(WEAK_PASSWORDS)} weak passwords was accepted.", *answers)
