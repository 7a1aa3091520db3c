"""Work that a small request makes for the app."""

import statistics

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Reply

#: Passwords of one length that are more work to judge than others, as some meters judge: signs that
#: stand for several letters each, repetition, rows of keys, dates.
LENGTH = 64
COSTLY = {
    "signs that stand for letters": ("4@8({[<3691!|70$5+%2" * 4)[:LENGTH],
    "one letter": "a" * LENGTH,
    "two letters in turn": "ab" * (LENGTH // 2),
    "keys side by side": ("qwertyuiop[]asdfghjkl" * 4)[:LENGTH],
    "digits": ("31121999" * 8)[:LENGTH],
}

#: Passwords of that length that people choose.
ORDINARY = (
    "seven swordfish in one net and a boat of paper on a calm old sea",
    "the countess of lovelace reads what an engine may weave at night",
    "compilers are my hobby and cobol was made for everybody to speak",
)

#: How many times the work for an ordinary password the costly one has to be.
MARGIN = 5.0


@attack(
    "costly-password",
    "One strange password is as much work for the app as many ordinary ones",
    who="Anyone who may set a password, as often as they like at once.",
    source=sources.COSTLY_PASSWORDS,
    fixed_in="08c_work_that_visitors_cause",
    needs="strength-meter",
)
def _costly(target: Target) -> Outcome:
    [route, *_] = target.doors.that_open("update", "create")

    def work(password: str) -> tuple[float, Reply]:
        # Whoever asks has just come: nothing that was asked for before gets in the way.
        asks = target.people.member() if route == "update" else target.people.writer()
        person = asks if route == "update" else target.people.stranger()

        def ask() -> Reply:
            if route == "update":
                return target.deeds.change_own_password(asks, password)
            return target.deeds.create(asks.browser, person, password=password)

        taken, answer = target.work_of(ask)
        if answer.response.status_code == 429:
            raise NotTried("A limit stops whoever sets a few passwords, before they are judged.")
        if password in ORDINARY and not target.senses.works(person.name, password):
            raise NotTried(f"An ordinary password was refused: {answer.came_back}.")
        return taken, answer

    work(ORDINARY[0])  # the first one loads things
    usual = statistics.median(work(password)[0] for password in ORDINARY)
    ratios: dict[str, float] = {}
    for shown, password in COSTLY.items():
        taken, answer = work(password)
        if taken > MARGIN * usual and not target.counts_work:
            taken = min(taken, work(password)[0])  # whatever else this machine did just then
        ratios[shown] = taken / usual
    worst = max(ratios, key=lambda shown: ratios[shown])
    # The figures are others in every run, so they stand with the evidence.
    measured = Exchange(
        f"passwords of {LENGTH} characters: {', '.join(ratios)}",
        f"at most {ratios[worst]:.1f} times the work of an ordinary one",
    )
    if ratios[worst] > MARGIN:
        says = (
            f"A password of {worst} takes more than {MARGIN:g} times the work of an ordinary one."
        )
        return got_in(says, measured)
    says = f"No password takes more than {MARGIN:g} times the work of an ordinary one."
    return held(says, measured, answer)
