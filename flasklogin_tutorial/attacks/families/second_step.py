"""The second factor: skipped, taken from somebody else, used twice, guessed, shown again."""

from functools import partial

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.factors import Factor, with_factor
from flasklogin_tutorial.attacks.limits import guess
from flasklogin_tutorial.attacks.mailbox import Mailbox
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.attacks.racing import at_once
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Reply, can_start_threads

_TWO_STEPS, _ONE_CODE = "18_a_second_thing_to_have", "18b_a_code_that_is_seen_or_guessed"
_AROUND = "18c_ways_around_a_code"

#: Wrong codes after which an app has to have stopped whoever has the password.
TRIES = 60

#: Wrong codes that show whether whoever has the password can keep the owner out.
LOCK_TRIES = 12

#: Browsers that send one code at once.
RACERS = 4


def _wrong(factor: Factor, number: int) -> str:
    """Return a code that is none of the telephone's now."""
    return f"{(int(factor.code()) + 500_000 + number) % 10**6:06}"


def _half(target: Target, factor: Factor) -> Browser:
    """Open the browser of somebody who has the password, and no more.

    Raises:
        NotTried: they are in.
    """
    browser = target.visitor()
    factor.begin_login(browser)
    return browser


@attack(
    "second-step-skipped",
    "Whoever has the password leaves the code out, and is in",
    who="Anyone who found the password out: by a page that looks like yours, or in a breach.",
    source=sources.SECOND_FACTOR,
    fixed_in=_TWO_STEPS,
    needs="code-after-login",
    on=("login_code",),
)
def _skipped(target: Target) -> Outcome:
    factor, browser = with_factor(target), target.visitor()
    typed = factor.type_password(browser)
    answer = target.senses.whoami(browser, "with the password alone")
    if target.senses.tells(answer, factor.person):
        return got_in("The code is asked for after the login, and nobody has to send one.", answer)
    factor.enter(target.visitor())  # the door opens for whoever has both
    return held("With the password alone nobody is logged in.", typed, answer)


@attack(
    "second-step-of-somebody-else",
    "Whoever knows a user's code, and not the password, is in by their own password",
    who="Anyone with an account, who has seen a code: on a telephone, or relayed by its owner.",
    source=sources.SAME_USER,
    fixed_in=_TWO_STEPS,
    needs="code-by-name",
    on=("login_code",),
)
def _of_somebody_else(target: Target) -> Outcome:
    victim, attacker = with_factor(target), with_factor(target)
    attacker.enter(target.visitor())
    answers = []
    for code in victim.unused_codes():
        browser, untouched = _half(target, attacker), victim.is_untouched(code)
        who = "after their own password, with the code of somebody else"
        answer = attacker.type_code(browser, code, who, of=victim.person)
        answers.append(answer)
        if target.senses.is_in(browser, victim.person):
            says = "The code says who logs in, whoever typed the password."
            return got_in(says, answer)
        if untouched:
            break
    return held("A code counts for whoever typed the password, and nobody else.", answers[-1])


@attack(
    "code-twice",
    "A code that somebody has used logs somebody else in",
    who="Anyone with the password who sees the code: over a shoulder, or as a site in the middle.",
    source=sources.CODES_ONCE,
    fixed_in=_ONE_CODE,
    needs="code-by-name",
    on=("login_code",),
)
def _twice(target: Target) -> Outcome:
    factor = with_factor(target)
    code, first = factor.enter_with_code(target.visitor(), "the owner")
    browser = _half(target, factor)
    answer = factor.type_code(browser, code, "with the same code")
    if target.senses.is_in(browser, factor.person):
        return got_in("The code that the owner had used was good again.", first, answer)
    return held("A code that was used is refused.", first, answer)


@attack(
    "code-guessed",
    "Whoever has the password tries codes without end",
    who="Anyone who found the password out; a million codes are few.",
    source=sources.THROTTLE_CODES,
    fixed_in=_ONE_CODE,
    needs="code-by-name",
    on=("login_code",),
)
def _guessed(target: Target) -> Outcome:
    factor = with_factor(target)
    factor.enter(target.visitor())

    def attempt(number: int) -> Reply:
        # The right password before each guess: an app may forget the wrong codes with it.
        return factor.type_code(_half(target, factor), _wrong(factor, number), "guessing")

    stopped, answers = guess(TRIES, attempt)
    if stopped:
        return held(f"Whoever guesses was stopped at code {len(answers)}.", stopped)
    if answers[-1].response.status_code == 403:
        return held("Whoever guesses was refused in the end.", answers[-1])
    says = f"{TRIES} codes were tried, with the right password before each."
    return got_in(says, answers[-1])


@attack(
    "code-in-a-race",
    "Of several requests with one code at once, more than one is let in",
    who="Anyone with the password who sees the code, and is as quick as its owner.",
    source=sources.CODES_ONCE,
    fixed_in=_ONE_CODE,
    needs="code-remembered",
    on=("login_code",),
)
def _race(target: Target) -> Outcome:
    if not can_start_threads():
        raise NotTried("There are no threads here.")
    factor, answers = with_factor(target), list[Reply]()
    for code in factor.unused_codes():
        browsers = [_half(target, factor) for _ in range(RACERS)]
        acts = [partial(factor.type_code, one, code, "at the same moment") for one in browsers]
        answers = [*at_once(acts).values()]
        won = [browser for browser in browsers if target.senses.is_in(browser, factor.person)]
        if len(won) > 1:
            says = f"{len(won)} of {RACERS} browsers were let in with one code, sent at once."
            return got_in(says, *answers[:2])
        if won:
            return held(f"One of {RACERS} browsers was let in with one code.", *answers[:2])
    raise NotTried(f"No code was taken: it was answered by {answers[-1].came_back}.")


@attack(
    "recovery-code-twice",
    "A recovery code that somebody has used logs somebody else in",
    who="Anyone with the password who found the paper, or the file, with the codes.",
    source=sources.CODES_ONCE,
    fixed_in=_AROUND,
    needs="code-by-name",
    on=("login_code",),
)
def _recovery_twice(target: Target) -> Outcome:
    factor = with_factor(target)
    if not factor.recovery_codes:
        raise NotTried("This app shows no recovery codes.")
    code = factor.recovery_codes[-1]
    first = factor.enter(target.visitor(), "the owner, with a recovery code")
    browser = _half(target, factor)
    answer = factor.type_code(browser, code, "with the same recovery code")
    if target.senses.is_in(browser, factor.person):
        return got_in("The recovery code was good again.", first, answer)
    return held("A recovery code that was used is refused.", first, answer)


@attack(
    "seed-shown-again",
    "Whoever finds an open browser is shown the seed, and makes codes from then on",
    who="Anyone who sits down at a browser that was left alone, or copied its cookie.",
    source=sources.SEED_IS_SECRET,
    fixed_in=_AROUND,
    needs="code-after-login",
    on=("login_code",),
)
def _shown_again(target: Target) -> Outcome:
    factor, seen = with_factor(target), list[Reply]()
    owner = target.visitor()
    factor.type_password(owner)
    if not target.senses.is_in(owner, factor.person):
        factor.enter(owner)
    for route in ("factor_page", "account"):
        if target.has(route):
            seen.append(target.call(owner, route, headers={"Accept": "text/html"}))
    seen.append(target.deeds.press_on("factor_page", owner, "new_factor", {}, who="later"))
    for answer in seen:
        if factor.seed in answer.response.text.replace(" ", ""):
            return got_in("The app shows the seed of a second factor that is in use.", answer)
    return held("The seed is shown to nobody once it is in use.", seen[-1])


@attack(
    "owner-locked-out-by-codes",
    "Whoever has the password keeps the owner out with wrong codes",
    who="Anyone who found the password out and wishes the owner ill.",
    source=sources.LOCKOUT,
    fixed_in=_ONE_CODE,
    needs="code-remembered",
    on=("login_code",),
)
def _locked_out(target: Target) -> Outcome:
    factor, known = with_factor(target), target.visitor()
    factor.enter(known, "the owner")
    target.deeds.log_out(known)
    for number in range(LOCK_TRIES):
        factor.type_code(_half(target, factor), _wrong(factor, number), "guessing")
    who = "the owner, in the browser of before"
    try:
        _, answer = factor.enter_with_code(known, who)
    except NotTried:
        answer = factor.type_code(known, factor.code(), who)
        says = f"After {LOCK_TRIES} wrong codes of somebody else the owner is refused."
        return got_in(says, answer)
    return held(f"After {LOCK_TRIES} wrong codes of somebody else the owner gets in.", answer)


@attack(
    "reset-goes-around",
    "Whoever reads the victim's mail leaves the code out, and is in",
    who="Anyone who reads the victim's mail; a mailbox is open in many a browser.",
    source=sources.RESET_AND_FACTOR,
    fixed_in=_AROUND,
    needs="reset-logs-in",
    on=("forgot", "login_code"),
)
def _around(target: Target) -> Outcome:
    mailbox = Mailbox(target)
    factor = with_factor(target, mailbox.member())
    victim, attacker = factor.person, target.visitor()
    mailbox.ask(victim.email, "whoever reads the mail", browser=attacker)
    link, theirs = mailbox.link(victim.email), new_password()
    reset = mailbox.follow(attacker, link, theirs, "whoever reads the mail")
    if target.senses.is_in(attacker, victim):
        return got_in("The reset logs in whoever has the link, and asks for no code.", reset)
    typed = target.deeds.log_in(attacker, victim.name, theirs, who="with the new password alone")
    if target.senses.is_in(attacker, victim):
        return got_in("After the reset the password alone is enough.", reset, typed)
    _must_let_in(target, factor, theirs)
    return held("With the link of a mail nobody is in without the code.", reset, typed)


def _must_let_in(target: Target, factor: Factor, theirs: str) -> None:
    """Make sure that the owner, who has the telephone, gets in, with one of the two passwords.

    Raises:
        NotTried: nobody gets in.
    """
    reasons = []
    for password in (theirs, factor.person.password):
        factor.person.password = password
        try:
            factor.enter(target.visitor())
        except NotTried as reason:
            reasons.append(str(reason))
        else:
            return
    raise NotTried(reasons[0])
