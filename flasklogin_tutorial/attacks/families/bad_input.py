"""Bodies that nobody should send, and answers that do not say what happened."""

import json
from collections.abc import Iterator

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.site import JSON
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Person, Reply

_NOTEBOOK = "09_bad_input_and_honest_errors"

#: Bodies that are no JSON object.
MALFORMED = {
    "nothing": b"",
    "half an object": b'{"name": ',
    "no JSON": b"name=ada",
    "null": b"null",
    "a text": b'"ada"',
    "a number": b"7",
    "a list": b"[]",
    "a list of objects": b"[{}]",
    "no fields": b"{}",
    "not a number": b"NaN",
    "no UTF-8": b'{"name": "\xff\xfe"}',
    "UTF-16": '{"name": "nobody has this name"}'.encode("utf-16"),  # Python reads it as JSON
    "a very deep list": b"[" * 100_000,
    "a number of 5000 digits": b"9" * 5000,
}

#: Values that a field of text must not have, as JSON.
WRONG_VALUES = {
    "null": "null",
    "true": "true",
    "a number": "7",
    "a huge number": "1" + "0" * 400,
    "an infinite number": "1e999",
    "a list": '["ada"]',
    "an object": '{"first": "ada"}',
    "an operator": '{"$regex": "^nobody has this name$"}',  # the app may have real users
    "a huge text": json.dumps("a" * 200_000),
    "nothing in it": '""',
    "control characters": json.dumps("a\x00b\x07c\x1b[2J"),
    "a lone surrogate": r'"\ud800"',
}

#: Values of a field of a form that nobody types; None leaves the field out.
WRONG_TEXTS = {
    "missing": None,
    "nothing in it": "",
    "a huge text": "a" * 200_000,
    "control characters": "a\x00b\x07c\x1b[2J",
    "no UTF-8": b"\xff\xfe",
    "a lone surrogate": b"\xed\xa0\x80",
}

#: Bytes of the body that is too large.
OVERSIZE = 8 * 1024 * 1024


def _crash_report(routes: list[str], replies: list[Reply]) -> Outcome:
    crashed = [reply for reply in replies if reply.crashed]
    calls = f"{len(replies)} calls of {', '.join(routes)}"
    if not crashed:
        stopped = [reply for reply in replies if reply.response.status_code == 429]
        if len(stopped) > len(replies) // 2:
            raise NotTried(f"{len(stopped)} of {calls} were stopped by a limit, and so not read.")
        return held(f"None of {calls} caused a server error.", replies[-1])
    says = f"{len(crashed)} of {calls} caused a server error."
    return got_in(says, *crashed[:5])


def _writing_routes(target: Target) -> list[str]:
    """Return the routes that take a body and do what they should.

    Raises:
        NotTried: none does.
    """
    person, routes = target.people.regular(), list[str]()
    if target.names.send == "form" or logs_in_by_json(target, person):
        routes.append("login")
    try:
        return [*routes, *target.doors.that_open("create", "update", "delete")]
    except NotTried:
        if not routes:
            raise
        return routes


def logs_in_by_json(target: Target, person: Person) -> bool:
    """Tell whether the login reads a bare JSON body: whether a right one logs somebody in."""
    method, path = target.route("login")
    body = json.dumps(target.deeds.credentials(person.name, person.password))
    browser = target.visitor()
    target.send(browser, method, path, body, JSON, who=person.name)
    return target.senses.is_in(browser, person)


def _takes_body(target: Target, route: str) -> bool:
    return target.has(route) and target.route(route)[0] != "GET"


@attack(
    "malformed-bodies",
    "A body that is no JSON object makes the app crash",
    who="Anyone who can reach the login; no account is needed.",
    source=sources.VALIDATE_INPUT,
    fixed_in=_NOTEBOOK,
)
def _malformed(target: Target) -> Outcome:
    if target.names.send == "form":
        raise NotTried("This app takes forms; for their fields see wrongly-typed-fields.")
    routes, writer = _writing_routes(target), target.people.writer()
    replies: list[Reply] = []
    routes += [route for route in ("whoami", "logout") if _takes_body(target, route)]
    for route in routes:
        method, path = target.route(route, writer.name)
        browser = target.visitor() if route in ("login", "logout") else writer.browser
        for shown, body in MALFORMED.items():
            replies.append(target.send(browser, method, path, body, JSON, shown=f"({shown})"))
    return _crash_report(routes, replies)


@attack(
    "wrongly-typed-fields",
    "A field of the wrong type makes the app crash",
    who="Anyone who can reach the login; no account is needed.",
    source=sources.VALIDATE_INPUT,
    fixed_in=_NOTEBOOK,
)
def _wrongly_typed(target: Target) -> Outcome:
    routes, writer = _writing_routes(target), target.people.writer()
    replies: list[Reply] = []
    for route in routes:
        other = target.people.user()
        if target.names.send == "form":
            replies += _wrong_forms(target, route, other)
            continue
        for body, shown in _wrong_bodies(target, route, other):
            browser = target.visitor() if route == "login" else writer.browser
            method, path = target.route(route, other.name)
            replies.append(target.send(browser, method, path, body, JSON, shown=shown))
    return _crash_report(routes, replies)


def _good_body(target: Target, route: str, other: Person) -> dict[str, str]:
    """Return a body that there is nothing wrong with."""
    return {
        "login": target.deeds.credentials(other.name, other.password),
        "delete": {target.names.fields.name: other.name},
    }.get(route, target.deeds.record(other))


def _wrong_forms(target: Target, route: str, other: Person) -> Iterator[Reply]:
    """Send forms with one wrong field, or one field missing, from the user's own browser."""
    good = _good_body(target, route, other)
    for wrong in good:
        rest = {key: value for key, value in good.items() if key != wrong}
        for shown, value in WRONG_TEXTS.items():
            person = target.people.user()
            body = rest if value is None else rest | {wrong: value}
            if route == "login":
                answer = target.deeds.fill_login_form(person.browser, body, whole=True)
            else:
                target.people.enter(person)
                answer = target.call(person.browser, route, body, about=person.name)
            if answer is not None:
                answer.called = f"{target.written(route)} ({wrong}: {shown})"
                yield answer


def _wrong_bodies(target: Target, route: str, other: Person) -> Iterator[tuple[str, str]]:
    """Yield bodies with one wrong field, or one field missing, and how to show them."""
    good = _good_body(target, route, other)
    for wrong in good:
        # A new name each time: a limit on the logins of one name must not hide the rest.
        name = target.people.stranger().name if route in ("login", "create") else other.name
        rest = {key: name if value == other.name else value for key, value in good.items()}
        del rest[wrong]
        yield json.dumps(rest), f"(without {wrong})"
        for shown, value in WRONG_VALUES.items():
            head = json.dumps(rest)[1:-1]
            body = f"{{{head}{', ' if head else ''}{json.dumps(wrong)}: {value}}}"
            yield body, f"({wrong} is {shown})"


@attack(
    "oversize-body",
    "The app reads a body of any size",
    who="Anyone who can reach the login, as often as they like at once.",
    source=sources.VALIDATE_INPUT,
    fixed_in=_NOTEBOOK,
)
def _oversize(target: Target) -> Outcome:
    person = target.people.user()
    size = f"{OVERSIZE // 1024 // 1024} MiB of blanks"
    small, _ = _padded_login(target, person, 16, "16 blanks")
    if not target.senses.is_in(small, person):
        raise NotTried("A login with anything beside it is refused, however small that is.")
    browser, answer = _padded_login(target, person, OVERSIZE, size)
    if target.senses.is_in(browser, person):
        return got_in(f"A login behind {size} was read to its end and accepted.", answer)
    return held("The body was refused.", answer)


def _padded_login(target: Target, person: Person, size: int, said: str) -> tuple[Browser, Reply]:
    """Log in from a new browser, with blanks besides."""
    browser, body = target.visitor(), target.deeds.credentials(person.name, person.password)
    if target.names.send != "form":
        method, path = target.route("login")
        data = b" " * size + json.dumps(body).encode()
        return browser, target.send(browser, method, path, data, JSON, shown=f"({said})")
    answer = target.deeds.fill_login_form(browser, body | {"padding": " " * size})
    if answer is None:
        raise NotTried("The app shows no login form.")
    answer.called = f"POST {target.route('login')[1]} with {said} in a field"
    return browser, answer


@attack(
    "refusal-says-200",
    "A refused login looks like a success to everything that counts refusals",
    who="Anyone who guesses passwords and does not want to be noticed.",
    source=sources.STATUS_401,
    fixed_in=_NOTEBOOK,
)
def _refusal_says_200(target: Target) -> Outcome:
    person = target.people.member()
    nobody = target.people.stranger().name
    answers = [
        target.deeds.log_in(target.visitor(), person.name, "wrong", who="with a wrong password"),
        target.deeds.log_in(target.visitor(), nobody, "wrong", who="with a name that nobody has"),
    ]
    for answer in answers:
        if answer.response.status_code >= 400:
            continue
        if not answer.data:
            raise NotTried("The login answers with a page for people, not with JSON.")
        return got_in("The status of a refused login is that of a success.", answer)
    return held("The status of a refused login says so.", *answers)
