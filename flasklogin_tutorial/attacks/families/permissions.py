"""Who may do what: strangers, users with other people's records, users who make themselves more."""

import html
import itertools
import json
import re
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.attacks.racing import at_once
from flasklogin_tutorial.attacks.site import JSON
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Person, Reply, can_start_threads, read_session

_NOTEBOOK = "12_who_may_do_what"

#: Fields by which an app may know an admin, and values that would make one.
ADMIN_FIELDS: dict[str, Any] = {
    "is_admin": True,
    "admin": True,
    "is_superuser": True,
    "role": "admin",
    "roles": ["admin"],
}

#: Words in the name of a field that says what somebody may do. Others, such as `is_subscribed`, may
#: well be the user's own.
_RIGHTS = {
    *("admin", "administrator", "superuser", "super", "staff", "root", "moderator", "owner"),
    *("role", "roles", "permission", "permissions", "privilege", "privileges", "rights", "access"),
}

#: A name, and another that looks like it or is the same in another spelling. Both get one end.
LOOK_ALIKES = {
    "a blank behind": ("kim{end}", "kim{end} "),
    "a blank between": ("kim {end}", "kim  {end}"),
    "a no-break space": ("kim {end}", "kim\u00a0{end}"),
    "a NUL": ("kim{end}", "kim{end}\x00"),
    "an escape": ("kim{end}", "kim{end}\x1b[0m"),
    "a zero-width space": ("kim{end}", "kim{end}\u200b"),
    "a zero-width joiner": ("kim{end}", "ki\u200dm{end}"),
    "a byte order mark": ("kim{end}", "\ufeffkim{end}"),
    "a soft hyphen": ("kim{end}", "ki\u00adm{end}"),
    "a joiner of characters": ("kim{end}", "ki\u034fm{end}"),
    "a variation selector": ("kim{end}", "kim{end}\ufe0f"),
    "a filler": ("kim{end}", "kim{end}\u3164"),
    "a change of direction": ("kim{end}", "\u202akim{end}"),
    "capitals": ("kim{end}", "KIM{end}"),
    "one capital": ("kim{end}", "Kim{end}"),
    "full width": ("kim{end}", "\uff4b\uff49\uff4d{end}"),
    "the Kelvin sign": ("kim{end}", "\u212aim{end}"),
    "mathematical letters": ("kim{end}", "\U0001d424\U0001d422\U0001d426{end}"),
    "a Cyrillic letter": ("joe{end}", "j\u043ee{end}"),
    "a Greek letter": ("joe{end}", "j\u03bfe{end}"),
    "an Armenian letter": ("joe{end}", "j\u0585e{end}"),
    "a word in Cyrillic": ("joe{end}", "\u0458\u043e\u0435{end}"),
    "a combining dot": ("kim{end}", "ki\u0307m{end}"),
    "a combining accent": ("zo\u00eb{end}", "zoe\u0308{end}"),
}

#: Threads that ask for the same name at the same time, and how often.
RACERS, ROUNDS = 8, 20


@attack(
    "stranger-writes",
    "A stranger changes or deletes a record",
    who="Anyone who can reach the app; no account is needed.",
    source=sources.DECORATOR_ORDER,
    fixed_in=_NOTEBOOK,
    needs="decorators-upside-down",
)
def _stranger_writes(target: Target) -> Outcome:
    victim, stolen = target.people.member(), new_password()
    answers, routes = [], target.doors.that_open("update", "delete")
    if "update" in routes:
        changed = target.deeds.update(target.visitor(), victim, "not logged in", password=stolen)
        if target.senses.works(victim.name, stolen):
            return got_in("A stranger set a new password.", changed)
        address = f"stolen-{secrets.token_hex(4)}@example.org"
        moved = _write_address(target, victim, address)
        if _shows_to_owner(target, victim, address):
            return got_in("A stranger set a new e-mail address.", moved)
        answers += [changed, moved]
    if "delete" in routes:
        deleted = target.deeds.delete(target.visitor(), victim, "not logged in")
        if not target.senses.exists(victim):
            return got_in("A stranger deleted a user.", deleted)
        answers.append(deleted)
    return held("The record is as it was.", *answers)


def _write_address(target: Target, victim: Person, address: str) -> Reply:
    """Let a stranger send a new address alone, for there may be a rule for passwords only."""
    fields = target.names.fields
    body = {fields.name: victim.name, fields.email: address}
    return target.call(target.visitor(), "update", body, about=victim.name, who="not logged in")


def _shows_to_owner(target: Target, person: Person, text: str) -> bool:
    """Tell whether a text is in a user's record: in what they are shown, or in the database."""
    seen = [target.senses.whoami(person.browser)]
    if target.has("read"):
        seen.append(target.call(person.browser, "read", about=person.name))
    if any(text in html.unescape(one.response.text) for one in seen):
        return True
    records = target.inside.stored_records(person.name)
    return any(text in one.values.values() for one in records)


@attack(
    "anyone-edits-anyone",
    "A user sets another user's password, and has the account",
    who="Anyone with an account.",
    source=sources.ACCESS_ON_EVERY_REQUEST,
    fixed_in=_NOTEBOOK,
)
def _anyone_edits(target: Target) -> Outcome:
    target.doors.must_open("update")
    attacker, victim = target.people.member(), target.people.user()
    stolen, who = new_password(), f"as {attacker.name}"
    answer = target.deeds.update(attacker.browser, victim, who, password=stolen)
    field = target.names.fields.current_password
    if field and field in answer.response.text:  # an app may ask for that of whoever is calling
        body = target.deeds.record(victim, password=stolen) | {field: attacker.password}
        answer = target.call(attacker.browser, "update", body, about=victim.name, who=who)
    if target.senses.works(victim.name, stolen):
        return got_in("The victim's account opens with the attacker's password.", answer)
    return held("The victim's password is as it was.", answer)


@attack(
    "anyone-deletes-anyone",
    "A user deletes another user",
    who="Anyone with an account.",
    source=sources.ACCESS_ON_EVERY_REQUEST,
    fixed_in=_NOTEBOOK,
)
def _anyone_deletes(target: Target) -> Outcome:
    target.doors.must_open("delete")
    attacker, victim = target.people.member(), target.people.user()
    answer = target.deeds.delete(attacker.browser, victim, f"as {attacker.name}")
    if target.senses.exists(victim):
        return held("The record is still there.", answer)
    return got_in("The record is gone.", answer)


@attack(
    "anyone-creates-users",
    "A user makes accounts",
    who="Anyone with an account.",
    source=sources.LEAST_PRIVILEGE,
    fixed_in=_NOTEBOOK,
)
def _anyone_creates(target: Target) -> Outcome:
    target.doors.must_open("create")
    attacker, new = target.people.member(), target.people.stranger()
    answer = target.deeds.create(attacker.browser, new, f"as {attacker.name}")
    if target.senses.works(new.name, new.password):
        return got_in("The new account can log in.", answer)
    return held("There is no new account.", answer)


@attack(
    "stranger-reads-email",
    "A stranger reads the e-mail address of any user",
    who="Anyone who can reach the app and knows or guesses names.",
    source=sources.LEAST_PRIVILEGE,
    fixed_in=_NOTEBOOK,
)
def _reads_email(target: Target) -> Outcome:
    target.doors.must_open("read")
    victim = target.people.regular()
    answer = target.call(target.visitor(), "read", about=victim.name, who="not logged in")
    text = html.unescape(answer.response.text).lower()
    if victim.email.lower() in text:
        return got_in("The record that anyone can read holds the address.", answer)
    if not _shows_to_owner(target, victim, victim.email):
        raise NotTried("The address is not seen anywhere, so that it is not shown says nothing.")
    return held("The record that anyone can read does not hold the address.", answer)


@attack(
    "mass-assignment-admin",
    "A user makes themself an admin with one more field",
    who="Anyone with an account who can guess what the field is called.",
    source=sources.MASS_ASSIGNMENT,
    fixed_in=_NOTEBOOK,
    needs="mass-assignment",
)
def _makes_admin(target: Target) -> Outcome:
    routes = target.doors.that_open("update", "create")
    answers, accepted = [], False
    attacker = target.people.member()
    before = _seen_of(target, attacker)
    fields = _admin_fields(target, before)
    for key, value in fields.items():
        for route in routes:
            person = attacker if route == "update" else target.people.stranger()
            had = before.get(key) if route == "update" else None
            body = target.deeds.record(person) | _as_sent(target, key, value)
            who = f"as {attacker.name}"
            answer = target.call(attacker.browser, route, body, about=person.name, who=who)
            answers.append(answer)
            if not target.senses.refuses(answer):
                accepted = True
                after = _seen_of(target, person, answer)
                if not _is(had, value) and _is(after.get(key), value):
                    return got_in(f"The field {key} was taken over from the request.", answer)
            if route == "update" and not target.senses.is_in(attacker.browser, attacker):
                target.people.enter(attacker)  # a new password may have ended the login
    late = _seen_of(target, attacker)  # what was refused may have been done all the same
    for key, value in fields.items():
        if not _is(before.get(key), value) and _is(late.get(key), value):
            return got_in(f"The field {key} was taken over from a refused request.", *answers)
    if not accepted:
        return held("Every request with a field too many was refused.", *answers)
    if not target.inside.stored_records(attacker.name):
        raise NotTried("The fields were accepted, and the app does not show what came of them.")
    return held("The fields were accepted, and nothing came of them.", *answers)


def _admin_fields(target: Target, seen: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that may make somebody more than they are: first those that they have."""
    fields = target.names.fields
    own = {fields.name, fields.password, fields.email, fields.current_password}
    found: dict[str, Any] = {}
    for path, value in seen.items():
        if _words(path.rpartition(".")[2]) & _RIGHTS and path not in own:
            found[path] = _more_than(value)
    return found | {key: value for key, value in ADMIN_FIELDS.items() if key not in found}


def _words(name: str) -> set[str]:
    """Return the words of a name, whether they begin with capitals or are joined by lines."""
    return {word.lower() for word in re.findall("[A-Z]?[a-z]+|[A-Z]+", name)}


def _more_than(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value is not True
    if isinstance(value, int):
        return value + 90
    return "admin"


def _as_sent(target: Target, path: str, value: Any) -> dict[str, Any]:
    """Return a field as a request names it: one in another as an object in JSON."""
    if target.names.send == "form" or "." not in path:
        return {path: value}
    first, *rest = path.split(".")
    for key in reversed(rest):
        value = {key: value}
    return {first: value}


def _is(seen: Any, wanted: Any) -> bool:
    return seen == wanted or (seen is not None and str(seen) == str(wanted))


def _seen_of(target: Target, person: Person, *answers: Reply) -> dict[str, Any]:
    """Return all that the answers, and the database, show of a person, in one dictionary.

    What Flask-Login knows of them shows also the fields that are not stored yet.
    """
    replies = [*answers, target.senses.whoami(person.browser)]
    if target.has("read"):
        replies.append(target.call(person.browser, "read", about=person.name))
    seen = dict(target.senses.known_of_caller(replies[len(answers)]))
    records = target.inside.stored_records(person.name)
    for record in records:
        seen |= record.values
    for reply in [] if records else replies:  # an answer may repeat what was sent
        seen |= reply.data | (reply.data.get("data") or {})
    return seen


@attack(
    "mass-assignment-id",
    "A user writes a new record over another one, by its id",
    who="Anyone with an account who knows an id; every session cookie shows one.",
    source=sources.MASS_ASSIGNMENT,
    fixed_in=_NOTEBOOK,
    needs="mass-assignment",
)
def _takes_id(target: Target) -> Outcome:
    target.doors.must_open("create")
    attacker, victim = target.people.member(), target.people.member()
    said = read_session(victim.browser.cookies, target.session_cookie()) or {}
    known = [str(said.get("_user_id") or "")]
    known += [str(one.identity) for one in target.inside.stored_records(victim.name)]
    shown = list(filter(None, dict.fromkeys(known)))
    if not shown:
        raise NotTried("The session cookie shows no id to aim at.")
    values = [*shown, *(int(one) for one in shown if one.isdecimal())]
    answers = []
    for key, value in itertools.product(("id", "_id", "pk"), values):
        new = target.people.stranger()
        body = target.deeds.record(new) | {key: value}
        answer = target.call(attacker.browser, "create", body, who=f"as {attacker.name}")
        answers.append(answer)
        is_gone = not target.senses.works(victim.name, victim.password)
        if is_gone or target.senses.is_in(victim.browser, new):
            return got_in(f"The field {key} put a new record in the victim's place.", answer)
    return held("The victim's record is as it was.", *answers)


def _disable(target: Target, person: Person) -> None:
    """Close an account.

    Raises:
        NotTried: nothing closes one, or what does has changed nothing that can be seen.
    """
    before = [one.values for one in target.inside.records()]
    target.people.accounts.disable(person)
    if target.inside.shows_records() and before != [one.values for one in target.inside.records()]:
        return
    if target.senses.works(person.name, person.password):
        raise NotTried("What is to close an account was done, and nothing has changed by it.")


@attack(
    "disabled-user-stays-in",
    "A disabled user goes on with the session they have",
    who="Anyone whose account was closed while they were logged in.",
    source=sources.INACTIVE_USER,
    fixed_in="12d_close_an_account",
    needs="disabled-users",
)
def _disabled_stays(target: Target) -> Outcome:
    person = target.people.member()
    _disable(target, person)
    answer = target.senses.whoami(person.browser, f"as {person.name}, disabled by now")
    if target.senses.tells(answer, person):
        return got_in("The session outlives the account.", answer)
    return held("The session ended with the account.", answer)


@attack(
    "disabled-user-logs-in",
    "A disabled user logs in",
    who="Anyone whose account was closed.",
    source=sources.INACTIVE_USER,
    fixed_in="12d_close_an_account",
    needs="is-active-method",
)
def _disabled_logs_in(target: Target) -> Outcome:
    person, browser = target.people.member(), target.visitor()
    _disable(target, person)
    answer = target.deeds.log_in_as(person, "disabled by now", browser=browser)
    if target.senses.is_in(browser, person):
        return got_in("The login does not ask whether the account is open.", answer)
    return held("The login was refused.", answer)


@attack(
    "duplicate-names",
    "A second account gets the name of the first",
    who="Anyone who may create a record.",
    source=sources.UNIQUE_INDEX,
    fixed_in="12b_two_who_ask_at_once",
)
def _duplicate(target: Target) -> Outcome:
    target.doors.must_open("create")
    writer, victim = target.people.writer(), target.people.member()
    double = target.people.stranger(name=victim.name)
    before = _accounts_of(target, victim)
    answer = target.deeds.create(writer.browser, double, f"as {writer.name}")
    if target.senses.works(double.name, double.password):
        return got_in("The name now opens with the second password too.", answer)
    if _accounts_of(target, double) > before:
        return got_in("There are two accounts of the name, and one of them cannot log in.", answer)
    if not target.senses.refuses(answer) and not before:
        raise NotTried("The request was accepted, and whether there are two accounts is not seen.")
    return held("The name opens with the first password only.", answer)


def _accounts_of(target: Target, person: Person) -> int:
    """Count the accounts of a name, as far as the database shows them.

    Records of logins may hold the name too, and those of accounts have an address beside it.
    """
    named = target.inside.stored_records(person.name)
    whole = [one for one in named if person.email in one.values.values()]
    places = [one.place for one in whole or named]
    return max(map(places.count, set(places)), default=0)


@attack(
    "duplicate-names-by-a-race",
    "Two accounts get one name, because both asked before either was there",
    who="Anyone who may create a record and sends two requests at once.",
    source=sources.UNIQUE_INDEX,
    fixed_in="12b_two_who_ask_at_once",
    needs="check-then-insert",
)
def _race(target: Target) -> Outcome:
    if not can_start_threads():
        raise NotTried("There are no threads here.")
    target.doors.must_open("create")
    target.people.regular()
    most = 0
    for _ in range(ROUNDS):
        made, answers = _race_once(target)
        if len(made) > 1:
            return got_in(f"{len(made)} of {RACERS} requests at once got the name.", *made)
        most = max(most, len(made))
        if most and _is_unique(target):  # the database decides it: once is enough
            return held(f"{most} of {RACERS} requests at once got the name.", *answers[:2])
    if not most:
        raise NotTried("Whether one of several requests at once got a name is not seen here.")
    raise NotTried(
        f"The race was not won in {ROUNDS} rounds, and no unique index was seen that would decide "
        f"it."
    )


def _race_once(target: Target) -> tuple[list[Reply], list[Reply]]:
    """Ask for one name several times at once; return the answers that got it, and all."""
    writer, name = target.people.writer(), target.people.stranger().name
    racers = [target.people.stranger(name=name) for _ in range(RACERS)]
    browsers = [target.copy_of(writer.browser, address=writer.address) for _ in racers]
    who = f"as {writer.name}"
    by_racer = at_once(
        [
            partial(target.deeds.create, browser, racer, who)
            for browser, racer in zip(browsers, racers, strict=True)
        ]
    )
    answers = [*by_racer.values()]
    made = [answer for answer in answers if target.senses.shows(answer, racers[0])]
    if count := _accounts_of(target, racers[0]):  # what is there says more than what is answered
        accepted = [answer for answer in answers if not target.senses.refuses(answer)]
        made = (made or accepted or answers)[:count]
    elif target.names.send == "form" or not made:  # a page does not say whether it worked
        won = [n for n in by_racer if target.senses.works(name, racers[n].password)]
        made = [by_racer[number] for number in won]
    return made, answers


def _is_unique(target: Target) -> bool:
    """Tell whether the database itself lets no two accounts have one name."""
    person = target.people.user()
    spelled = {person.name, person.name.casefold(), person.name.lower()}
    return any(
        path in target.inside.unique_paths(record.place)
        for record in target.inside.stored_records(person.name)
        for path, value in record.values.items()
        if value in spelled
    )


@attack(
    "lookalike-names",
    "An account gets a name that looks like another one",
    who="Anyone who may create a record and wants to be taken for somebody else.",
    source=sources.USERNAMES,
    fixed_in="09b_what_comes_in_and_goes_out",
)
def _lookalike(target: Target) -> Outcome:
    target.doors.must_open("create")
    writer, had, answers = target.people.writer(), dict[str, Reply](), list[Reply]()
    password = new_password()
    # A victim for each form: an app may count what is tried with a name, however it is spelled.
    for number, (shown, (plain, look)) in enumerate(LOOK_ALIKES.items()):
        end = f"{secrets.randbelow(10**6):06}{number:02}"
        try:
            victim = target.people.user(name=plain.format(end=end))
        except NotTried:
            continue  # the app takes no such name, so there is none that looks like it
        double = target.people.stranger(name=look.format(end=end), password=password)
        answer = _create_alike(target, writer.browser, double, shown)
        answers.append(answer)
        is_there = target.senses.works(double.name, double.password)
        if is_there and not target.senses.works(victim.name, double.password):
            had[shown] = answer
    if not answers:
        raise NotTried("No user could be made, or logged in.")
    if had:
        says = f"{len(had)} of {len(answers)} forms of a name were had beside it: {', '.join(had)}."
        return got_in(says, *had.values())
    return held(f"None of {len(answers)} forms of a name was had beside it.", *answers)


def _create_alike(target: Target, browser: Browser, double: Person, shown: str) -> Reply:
    """Ask for a record under a name that must not be shown as it is."""
    if target.names.send == "form":
        return target.deeds.create(browser, double)
    method, path = target.route("create")
    data = json.dumps(target.deeds.record(double))
    return target.send(browser, method, path, data, JSON, shown=f"({shown})")
