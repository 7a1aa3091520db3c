"""Passwords where they should not be: in the database as they were typed, and in answers."""

import base64
import contextlib
import hashlib
import re

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Person, cut

_NOTEBOOK = "08b_hashed_passwords"

#: Hash functions that are quick, and so of no use against guessing.
_QUICK = ("md5", "sha1", "sha256", "sha512")

#: How the usual password hashes begin.
_HASH = re.compile(r"(scrypt:|pbkdf2:|\$2[aby]\$|\$argon2|\$pbkdf2|\$scrypt)[\w:$,=./+-]{20,}")


def _stored(target: Target, person: Person) -> list[str]:
    """Return what is stored beside a person's name."""
    if not target.inside.shows_records():
        raise NotTried("How this app stores its records is not known here.")
    values = target.inside.stored_texts(person.name)
    if not values:
        raise NotTried("The record of a new user was not found in the database.")
    return values


def _kept(person: Person, values: list[str]) -> Exchange:
    """Tell what was found in the database."""
    shown = [cut(value, 24) for value in values]
    called = f"the database was asked for the record of {person.name}"
    return Exchange(called, ", ".join(shown))


@attack(
    "plaintext-at-rest",
    "Whoever reads the database reads the passwords",
    who="Anyone who gets hold of the database or of a backup.",
    source=sources.STORE_PASSWORDS,
    fixed_in=_NOTEBOOK,
)
def _plaintext(target: Target) -> Outcome:
    person = target.people.user()
    values = _stored(target, person)
    if says := _readable(person, values):
        return got_in(says, _kept(person, values))
    if target.has("update"):  # which may store otherwise than what makes a user
        with contextlib.suppress(NotTried):
            target.people.enter(person)
            target.people.change_password(person)
            values = _stored(target, person)
    if says := _readable(person, values):
        return got_in(says, _kept(person, values))
    return held("The password was not found in the database.", _kept(person, values))


def _readable(person: Person, values: list[str]) -> str:
    """Say how a password can be read in what is stored; nothing if it cannot."""
    typed = person.password.encode()
    digests = [hashlib.new(name, typed).digest() for name in _QUICK]
    quick = [each for one in digests for each in (one.hex(), base64.b64encode(one).decode())]
    written = [person.password, typed.hex(), base64.b64encode(typed).decode()]
    if any(one in value for one in written for value in values):
        return "The password lies in the database as it was typed."
    if any(one in (value, value.lower()) for one in quick for value in values):
        return "A quick hash without a salt is guessed at once."
    return ""


@attack(
    "equal-passwords-look-equal",
    "The database tells who has the same password",
    who="Anyone who gets hold of the database and knows one password in it.",
    source=sources.STORE_PASSWORDS,
    fixed_in=_NOTEBOOK,
)
def _equal_passwords(target: Target) -> Outcome:
    first = target.people.user()
    second = target.people.user(password=first.password)
    mine, yours = _stored(target, first), _stored(target, second)
    common = {value for value in mine if value in yours and len(value) >= 16}
    looks = _kept(first, mine), _kept(second, yours)
    if common:
        return got_in("Two users with one password have one stored value: no salt.", *looks)
    return held("Two users with one password have different stored values.", *looks)


@attack(
    "password-in-answers",
    "The app sends passwords, or their hashes, to its clients",
    who="Anyone who can read a record, or the answer to a login.",
    source=sources.PASSWORD_IN_JSON,
    fixed_in="09b_what_comes_in_and_goes_out",
    needs="jsonify-document",
)
def _password_in_answers(target: Target) -> Outcome:
    person = target.people.user()
    answers = [target.people.enter(person)]
    answers.append(target.senses.whoami(person.browser, f"as {person.name}"))
    if target.has("read"):
        for browser in (target.visitor(), person.browser):
            answers.append(target.call(browser, "read", about=person.name))
    if target.has("update"):
        who = f"as {person.name}"
        answers.append(target.deeds.change_own_password(person, person.password, who))
    new, writer = target.people.stranger(password=person.password), target.people.writer()
    for route, act in (("create", target.deeds.create), ("delete", target.deeds.delete)):
        if target.has(route):
            answers.append(act(writer.browser, new, f"as {writer.name}"))
    for answer in answers:
        text = answer.response.text
        if person.password in text or _HASH.search(text):
            return got_in("The answer holds the password or its hash.", answer)
    return held("No answer holds the password or a hash.", *answers)
