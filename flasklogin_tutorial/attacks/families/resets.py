"""A forgotten password: who gets the link, and what it is good for."""

import statistics

from flasklogin_tutorial.attacks import sources, web
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.mailbox import Mailbox, with_token_of
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Person, Reply

_RESET = "17_send_a_link"
_ADDRESS = "17b_whose_address_it_is"

#: A host that is the attacker's.
EVIL = "evil.example"

#: Headers by which an app may take the attacker's host for its own.
_HOSTS = (
    {"Host": EVIL},
    {"X-Forwarded-Host": EVIL},
    {"Forwarded": f"host={EVIL}", "X-Host": EVIL, "X-Forwarded-Server": EVIL},
)

#: Addresses whose requests are measured, and how many times the work for one kind has to be that
#: for the other.
MEASURED, MARGIN = 12, 2.0


@attack(
    "reset-poisoned-by-host",
    "The link in a victim's mail leads to the attacker's host",
    who="Anyone who knows the victim's address and can send a header Host.",
    source=sources.RESET_LINK,
    fixed_in=_RESET,
    needs="reset-by-mail",
    on=("forgot",),
)
def _poisoned(target: Target) -> Outcome:
    mailbox = Mailbox(target)
    victim, answers = mailbox.member(), []
    for headers in _HOSTS:
        answer = mailbox.ask(victim.email, "with another host", headers=headers)
        answers.append(answer)
        if EVIL in mailbox.link(victim.email):
            says = f"The link that was sent to the victim leads to {EVIL}, with its token."
            return got_in(says, answer)
    return held("No header changes where the link leads.", answers[0])


@attack(
    "reset-twice",
    "A link that was used changes the password once more",
    who="Anyone who finds an old mail: in a mailbox, a backup, the history of a browser.",
    source=sources.RESET_TOKEN,
    fixed_in=_RESET,
    needs="reset-by-mail",
    on=("forgot",),
)
def _twice(target: Target) -> Outcome:
    mailbox = Mailbox(target)
    victim, mine, theirs = mailbox.member(), new_password(), new_password()
    mailbox.ask(victim.email)
    link = mailbox.link(victim.email)
    first = mailbox.follow(target.visitor(), link, mine, "the user")
    if not target.senses.works(victim.name, mine):
        raise NotTried(f"The link did not work the first time: {first.came_back}.")
    second = mailbox.follow(target.visitor(), link, theirs, "an attacker, later")
    if target.senses.works(victim.name, theirs):
        return got_in("The link worked a second time.", first, second)
    return held("The link worked once.", first, second)


@attack(
    "reset-after-change",
    "A link outlives the password that it was asked for",
    who="Anyone who got at a mail before its owner noticed, and changed the password.",
    source=sources.RESET_TOKEN,
    fixed_in=_RESET,
    needs="reset-by-mail",
    on=("forgot",),
)
def _after_change(target: Target) -> Outcome:
    mailbox = Mailbox(target)
    victim, theirs = mailbox.member(), new_password()
    mailbox.ask(victim.email)
    link = mailbox.link(victim.email)
    changed = target.people.change_password(victim)
    answer = mailbox.follow(target.visitor(), link, theirs, "an attacker, with the former mail")
    if target.senses.works(victim.name, theirs):
        return got_in("The password was changed, and the link still worked.", changed, answer)
    return held("The link ended when the password was changed.", changed, answer)


@attack(
    "reset-tells-who-exists",
    "The answer to a request for a link tells which addresses have an account",
    who="Anyone who can reach the form.",
    source=sources.RESET_ANSWER,
    fixed_in=_ADDRESS,
    needs="reset-by-mail",
    on=("forgot",),
)
def _by_answer(target: Target) -> Outcome:
    mailbox = Mailbox(target)

    def ask(address: str) -> tuple[tuple[int, str], Reply]:
        answer = mailbox.ask(address)
        text = web.visible_text(answer.response.text).replace(address, "ADDRESS")
        return (answer.response.status_code, text), answer

    known = [ask(mailbox.member().email) for _ in range(2)]
    unknown = [ask(target.people.stranger().email) for _ in range(2)]
    steady = known[0][0] == known[1][0] and unknown[0][0] == unknown[1][0]
    if steady and known[0][0] != unknown[0][0]:
        says = "An address with an account is answered differently from one without."
        return got_in(says, known[0][1], unknown[0][1])
    return held("Addresses with an account and without get one answer.", known[0][1])


@attack(
    "reset-tells-by-work",
    "The time that a request for a link takes tells which addresses have an account",
    who="Anyone who can reach the form and has a clock.",
    source=sources.RESET_ANSWER,
    fixed_in=_ADDRESS,
    needs="reset-by-mail",
    on=("forgot",),
)
def _by_work(target: Target) -> Outcome:
    mailbox, answers = Mailbox(target), list[Reply]()

    def work(address: str) -> float:
        browser = target.visitor()
        taken, answer = target.work_of(lambda: mailbox.ask(address, browser=browser))
        answers.append(answer)
        return taken

    people = [mailbox.member().email for _ in range(MEASURED)]
    nobody = [target.people.stranger().email for _ in range(MEASURED)]
    pairs = [(work(known), work(unknown)) for known, unknown in zip(people, nobody, strict=True)]
    known, unknown = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = known / unknown
    # The figure is another one in every run, so it stands with the evidence.
    measured = Exchange(
        f"{len(pairs)} requests for an address with an account and as many for one without",
        f"{ratio:.1f} times the work for an address with an account",
    )
    if max(ratio, 1 / ratio) > MARGIN:
        says = f"With an account a request takes more than {MARGIN:g} times the work, or so less."
        return got_in(says, answers[-1], measured)
    says = "Addresses with an account and without take about the same work."
    return held(says, answers[-1], measured)


@attack(
    "link-spent-by-scanner",
    "A program that looks at the links of a mail uses them up, or acts with them",
    who="Nobody ill-meaning: the filter for harmful mail in front of a mailbox.",
    source=sources.SAFE_METHODS,
    fixed_in=_ADDRESS,
    needs="reset-on-sight",
    on=("forgot",),
)
def _scanned(target: Target) -> Outcome:
    mailbox = Mailbox(target)
    victim, new = mailbox.member(), new_password()
    mailbox.ask(victim.email)
    link, scanner = mailbox.link(victim.email), target.visitor()
    looked = [mailbox.look_at(scanner, link, "the filter", verb) for verb in ("HEAD", "GET")]
    if target.senses.is_in(scanner, victim):
        return got_in("Whoever opens the link is logged in, the filter too.", *looked)
    answer = mailbox.follow(target.visitor(), link, new, "the user, afterwards")
    if target.senses.works(victim.name, new):
        return held("Looking at the link used nothing up.", *looked, answer)
    return got_in("After a look at the link it worked no more.", *looked, answer)


@attack(
    "token-of-another-purpose",
    "What was sent to confirm an address changes a password",
    who="Anyone who sees a mail that nobody guards as one that opens an account.",
    source=sources.RESET_TOKEN,
    fixed_in=_RESET,
    needs="reset-by-mail",
    on=("forgot",),
)
def _another_purpose(target: Target) -> Outcome:
    mailbox = Mailbox(target)
    victim, sample, theirs = mailbox.member(), mailbox.member(), new_password()
    mailbox.ask(sample.email)
    address = target.people.stranger().email
    changed = _change_address(target, victim, address)
    other = mailbox.link(address)
    if not other:
        raise NotTried("This app sends no other mail with a link.")
    link = with_token_of(mailbox.link(sample.email), other)
    answer = mailbox.follow(target.visitor(), link, theirs, "with the token of another link")
    if target.senses.works(victim.name, theirs):
        return got_in("The token of another mail was taken for that of a reset.", changed, answer)
    return held("A token is good for what it was made for, and for nothing else.", changed, answer)


@attack(
    "email-changed-then-reset",
    "A minute at an open browser is enough to take an account for good",
    who="Anyone who finds a browser in which somebody is logged in.",
    source=sources.CONFIRM_ADDRESS,
    fixed_in=_ADDRESS,
    needs="reset-by-mail",
    on=("forgot",),
)
def _changed_address(target: Target) -> Outcome:
    mailbox = Mailbox(target)
    victim, theirs = mailbox.member(), new_password()
    mallory = target.people.stranger()
    changed = _change_address(target, victim, mallory.email, "at the victim's browser")
    asked = mailbox.ask(mallory.email, "the attacker, at home", browser=mallory.browser)
    link = mailbox.link(mallory.email)
    if not link:
        return held("No mail came to the new address.", changed, asked)
    answer = mailbox.follow(mallory.browser, link, theirs, "the attacker, at home")
    if target.senses.works(victim.name, theirs):
        return got_in("The new address got the link of a reset at once.", changed, asked, answer)
    return held("The new address got no link that changes a password.", changed, asked, answer)


def _change_address(target: Target, person: Person, address: str, who: str = "") -> Reply:
    """Ask for another address for a person, from their browser, and send nothing else."""
    fields = target.names.fields
    body = {fields.name: person.name, fields.email: address}
    return target.call(person.browser, "update", body, about=person.name, who=who)
