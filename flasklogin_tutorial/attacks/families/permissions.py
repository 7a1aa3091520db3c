"""Who may do what: strangers, users with other people's records, users who make themselves more."""

import itertools
import json
import secrets
import sys
import threading
from typing import Any

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.attacks.site import JSON
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Person, Reply, read_session

_NOTEBOOK = "12_who_may_do_what"

#: Fields by which an app may know an admin, and values that would make one.
ADMIN_FIELDS: dict[str, Any] = {
    "is_admin": True,
    "admin": True,
    "is_superuser": True,
    "role": "admin",
    "roles": ["admin"],
}

#: A name, and another that looks like it or is the same in another spelling. Both get one end.
LOOK_ALIKES = {
    "a blank behind": ("kim-{end}", "kim-{end} "),
    "a blank between": ("kim {end}", "kim  {end}"),
    "a no-break space": ("kim {end}", "kim\u00a0{end}"),
    "a NUL": ("kim-{end}", "kim-{end}\x00"),
    "an escape": ("kim-{end}", "kim-{end}\x1b[0m"),
    "a zero-width space": ("kim-{end}", "kim-{end}\u200b"),
    "a zero-width joiner": ("kim-{end}", "ki\u200dm-{end}"),
    "a byte order mark": ("kim-{end}", "\ufeffkim-{end}"),
    "a soft hyphen": ("kim-{end}", "ki\u00adm-{end}"),
    "a joiner of characters": ("kim-{end}", "ki\u034fm-{end}"),
    "a variation selector": ("kim-{end}", "kim-{end}\ufe0f"),
    "a filler": ("kim-{end}", "kim-{end}\u3164"),
    "a change of direction": ("kim-{end}", "\u202akim-{end}"),
    "capitals": ("kim-{end}", "KIM-{end}"),
    "one capital": ("kim-{end}", "Kim-{end}"),
    "full width": ("kim-{end}", "\uff4b\uff49\uff4d-{end}"),
    "the Kelvin sign": ("kim-{end}", "\u212aim-{end}"),
    "mathematical letters": ("kim-{end}", "\U0001d424\U0001d422\U0001d426-{end}"),
    "a Cyrillic letter": ("joe-{end}", "j\u043ee-{end}"),
    "a Greek letter": ("joe-{end}", "j\u03bfe-{end}"),
    "an Armenian letter": ("joe-{end}", "j\u0585e-{end}"),
    "a word in Cyrillic": ("joe-{end}", "\u0458\u043e\u0435-{end}"),
    "a combining dot": ("kim-{end}", "ki\u0307m-{end}"),
    "a combining accent": ("zo\u00eb-{end}", "zoe\u0308-{end}"),
}

#: Threads that ask for the same name at the same time.
RACERS = 8


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
    seen = [target.senses.whoami(person.browser)]
    if target.has("read"):
        seen.append(target.call(person.browser, "read", about=person.name))
    return any(text in one.response.text for one in seen)


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
    stolen = new_password()
    answer = target.deeds.update(attacker.browser, victim, f"as {attacker.name}", password=stolen)
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
    victim = target.people.user()
    answer = target.call(target.visitor(), "read", about=victim.name, who="not logged in")
    if victim.email in answer.response.text:
        return got_in("The record that anyone can read holds the address.", answer)
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
    for key, value in ADMIN_FIELDS.items():
        for route in routes:
            attacker = target.people.member()
            person = attacker if route == "update" else target.people.stranger()
            before = _seen_of(target, person)
            body = target.deeds.record(person) | {key: value}
            who = f"as {attacker.name}"
            answer = target.call(attacker.browser, route, body, about=person.name, who=who)
            answers.append(answer)
            if before.get(key) != value and _seen_of(target, person, answer).get(key) == value:
                return got_in(f"The field {key} was taken over from the request.", answer)
            accepted |= not target.senses.refuses(answer)
    if not accepted:
        return held("Every request with a field too many was refused.", *answers)
    if not target.inside.shows_records():
        raise NotTried("The fields were accepted, and the app does not show what came of them.")
    return held("The fields were accepted, and nothing came of them.", *answers)


def _seen_of(target: Target, person: Person, *answers: Reply) -> dict[str, Any]:
    """Return all that the answers, and the database, show of a person, in one dictionary."""
    replies = [*answers, target.senses.whoami(person.browser)]
    if target.has("read"):
        replies.append(target.call(person.browser, "read", about=person.name))
    seen: dict[str, Any] = {}
    for record in target.inside.stored_records(person.name):
        seen |= record
    for reply in replies:
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
    identity = said.get("_user_id")
    if not isinstance(identity, str):
        raise NotTried("The session cookie shows no id to aim at.")
    values = [identity, int(identity)] if identity.isdecimal() else [identity]
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


@attack(
    "disabled-user-stays-in",
    "A disabled user goes on with the session they have",
    who="Anyone whose account was closed while they were logged in.",
    source=sources.INACTIVE_USER,
    fixed_in="12c_stop_the_guesser",
    needs="disabled-users",
)
def _disabled_stays(target: Target) -> Outcome:
    person = target.people.member()
    target.people.accounts.disable(person)
    answer = target.senses.whoami(person.browser, f"as {person.name}, disabled by now")
    if target.senses.shows(answer, person):
        return got_in("The session outlives the account.", answer)
    return held("The session ended with the account.", answer)


@attack(
    "disabled-user-logs-in",
    "A disabled user logs in",
    who="Anyone whose account was closed.",
    source=sources.INACTIVE_USER,
    fixed_in="12c_stop_the_guesser",
    needs="is-active-method",
)
def _disabled_logs_in(target: Target) -> Outcome:
    person = target.people.user()
    target.people.accounts.disable(person)
    answer = target.deeds.log_in_as(person, "disabled by now")
    if target.senses.is_in(person.browser, person):
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
    writer, victim = target.people.writer(), target.people.user()
    double = target.people.stranger(name=victim.name)
    answer = target.deeds.create(writer.browser, double, f"as {writer.name}")
    if target.senses.works(double.name, double.password):
        return got_in("The name now opens with the second password too.", answer)
    return held("The name opens with the first password only.", answer)


@attack(
    "duplicate-names-by-a-race",
    "Two accounts get one name, because both asked before either was there",
    who="Anyone who may create a record and sends two requests at once.",
    source=sources.UNIQUE_INDEX,
    fixed_in="12b_two_who_ask_at_once",
    needs="check-then-insert",
)
def _race(target: Target) -> Outcome:
    if sys.platform in ("emscripten", "wasi"):
        raise NotTried("There are no threads here.")
    target.doors.must_open("create")
    writer, name = target.people.writer(), target.people.stranger().name
    racers = [target.people.stranger(name=name) for _ in range(RACERS)]
    browsers = [target.copy_of(writer.browser) for _ in racers]
    start, by_racer = threading.Barrier(RACERS), dict[int, Reply]()

    def run(number: int) -> None:
        start.wait()
        by_racer[number] = target.deeds.create(
            browsers[number], racers[number], f"as {writer.name}"
        )

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = [by_racer[number] for number in sorted(by_racer)]
    made = [answer for answer in answers if target.senses.shows(answer, racers[0])]
    if target.names.send == "form":  # a page does not say whether it worked
        won = [n for n in sorted(by_racer) if target.senses.works(name, racers[n].password)]
        made = [by_racer[number] for number in won]
    if len(made) > 1:
        return got_in(f"{len(made)} of {RACERS} requests at once got the name.", *made)
    return held(f"{len(made)} of {RACERS} requests at once got the name.", *answers[:2])


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
    # A victim for each form: an app may count what is tried with a name, however it is spelled.
    for number, (shown, (plain, look)) in enumerate(LOOK_ALIKES.items()):
        end = f"{secrets.randbelow(10**6):06}{number:02}"
        try:
            victim = target.people.user(name=plain.format(end=end))
        except NotTried:
            continue  # the app takes no such name, so there is none that looks like it
        double = target.people.stranger(name=look.format(end=end))
        answer = _create_alike(target, writer.browser, double, victim, shown)
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


def _create_alike(
    target: Target, browser: Browser, double: Person, victim: Person, shown: str
) -> Reply:
    """Ask for a record under a name that must not be shown as it is."""
    if target.names.send == "form":
        return target.deeds.create(browser, double)
    method, path = target.route("create")
    data = json.dumps(target.deeds.record(double, email=victim.email))
    return target.send(browser, method, path, data, JSON, shown=f"({shown})")
