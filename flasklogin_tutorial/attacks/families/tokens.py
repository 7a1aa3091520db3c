"""API tokens: what else ends when somebody is shut out, and what does not."""

import re
from collections.abc import Callable

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Person, Reply

#: Texts in an answer that may be a token.
_LONG = re.compile(r"[A-Za-z0-9._~+/=-]{16,}")


def _call_with(target: Target, token: str, who: str = "") -> Reply:
    """Ask who is logged in, as a program that has a token and no cookie."""
    headers = {"Authorization": f"Bearer {token}"}
    return target.senses.whoami(target.visitor(), who, headers)


def _make_token(target: Target, person: Person) -> tuple[str, Reply]:
    """Let a person make an API token; return it, and the answer that shows it."""
    typed = {target.names.fields.label: "a script"}
    made = target.deeds.press(person.browser, "make_token", f"as {person.name}", **typed)
    for text in dict.fromkeys(_LONG.findall(made.response.text)):
        if target.senses.tells(_call_with(target, text), person):
            return text, made
    raise NotTried(
        f"Nothing in the answer to {target.written('make_token')} opens the account as a bearer "
        f"token; it was {made.came_back}."
    )


def _log_out_everywhere(target: Target, person: Person) -> None:
    target.doors.must_open("end_others")
    target.deeds.press(person.browser, "end_others")


#: What shuts out whoever has a copy of what a user can log in with.
_ENDS: dict[str, Callable[[Target, Person], object]] = {
    "the account was closed": lambda target, person: target.people.accounts.disable(person),
    "the password was changed": lambda target, person: target.people.change_password(person),
    "all logins were ended": _log_out_everywhere,
}


@attack(
    "credential-outlives-its-maker",
    "An API token opens an account whose owner was shut out",
    who="Anyone who made a token while they could, or had one made: a thief, a former employee.",
    source=sources.END_ALL_SESSIONS,
    fixed_in="14b_the_life_of_a_token",
    needs="api-tokens",
)
def _outlives(target: Target) -> Outcome:
    target.people.regular()
    ended: list[str] = []
    alive: list[str] = []
    answers: list[Reply] = []
    for event, happen in _ENDS.items():
        person = target.people.member()
        token, _ = _make_token(target, person)
        try:
            happen(target, person)
        except NotTried:
            continue
        answer = _call_with(target, token, f"with a token, after {event}")
        answers.append(answer)
        (alive if target.senses.tells(answer, person) else ended).append(event)
    if not answers:
        raise NotTried("No user could be disabled, logged out or given another password.")
    if alive:
        return got_in(f"The token still works after {' and after '.join(alive)}.", *answers)
    return held(f"The token was over after {' and after '.join(ended)}.", *answers)
