"""Passwords where they should not be: in the database as they were typed, and in answers."""

import base64
import contextlib
import hashlib
import re
from collections.abc import Iterator

from werkzeug.security import check_password_hash

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Person, cut, read_session

_NOTEBOOK = "08b_hashed_passwords"

#: Hash functions that are quick, and so of no use against guessing.
_QUICK = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")

#: How the usual password hashes begin.
_HASH = re.compile(r"(scrypt:|pbkdf2:|\$2[abxy]\$|\$argon2|\$pbkdf2|\$scrypt)[\w:$,=./+-]{20,}")

#: Bytes of something in which a password may lie in a form that nobody here can read.
_OPAQUE = 16


def _stored(target: Target, person: Person) -> list[str]:
    """Return what is stored for a person."""
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


def _must_hold_the_password(person: Person, values: list[str]) -> None:
    """Make sure that the password lies among what is looked at, in whatever form.

    Raises:
        NotTried: nothing there can be it: it is kept where this cannot look.
    """
    known = {person.name, person.email, person.email.lower()}
    rest = [value for value in values if value not in known]
    if not any(_is_opaque(value) or _is_made_of(person.password, value) for value in rest):
        raise NotTried(
            "Nothing that is stored for a new user can be made of the password: it is kept "
            "somewhere else, and how is not seen here."
        )


def _is_made_of(password: str, value: str) -> bool:
    with contextlib.suppress(Exception):  # whatever a text that is no hash does to it
        return check_password_hash(value, password)
    return False


def _is_opaque(value: str) -> bool:
    return len(value) >= _OPAQUE and not re.search(r"\s|@|://|\d{4}-\d\d-\d\d", value)


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
    if says := _readable(target, person, values):
        return got_in(says, _kept(person, values))
    _must_hold_the_password(person, values)
    target.people.enter(person)  # which may store it otherwise than what makes a user
    if target.has("update"):
        with contextlib.suppress(NotTried):
            target.people.change_password(person)
    values = _stored(target, person)
    if says := _readable(target, person, values):
        return got_in(says, _kept(person, values))
    return held("The password was not found in the database.", _kept(person, values))


def _readable(target: Target, person: Person, values: list[str]) -> str:
    """Say how a password can be read in the database; nothing if it cannot.

    It may lie in any record, also in one that does not name its owner.
    """
    typed = person.password.encode()
    every = {text for record in target.inside.records() for text in record.texts}
    written = [person.password, typed.hex(), base64.b64encode(typed).decode()]
    written += [person.password[::-1], person.password.upper(), person.password.swapcase()]
    if any(one in text for one in written for text in every):
        return "The password lies in the database as it was typed."
    if every & set(_digests(typed)) or {text.lower() for text in every} & set(_digests(typed)):
        return "A quick hash without a salt is guessed at once."
    salts = {piece for value in values for piece in (value, *re.split(r"[$:.|,]", value)) if piece}
    for salt in salts:
        for mixed in (salt.encode() + typed, typed + salt.encode()):
            if any(digest in value for digest in _digests(mixed) for value in values):
                return "A quick hash is guessed soon, with the salt that lies beside it."
    return ""


def _digests(data: bytes) -> Iterator[str]:
    for name in _QUICK:
        digest = hashlib.new(name, data, usedforsecurity=False).digest()
        yield digest.hex()
        yield base64.b64encode(digest).decode()


@attack(
    "equal-passwords-look-equal",
    "The database tells who has the same password",
    who="Anyone who gets hold of the database and knows one password in it.",
    source=sources.STORE_PASSWORDS,
    fixed_in=_NOTEBOOK,
)
def _equal_passwords(target: Target) -> Outcome:
    first = target.people.user()
    other = target.people.user()  # in between: what time alone makes equal, these two have too
    second = target.people.user(password=first.password)
    mine, yours = _stored(target, first), _stored(target, second)
    common = {value for value in mine if value in yours and len(value) >= 8}
    common -= set(_stored(target, other))
    looks = _kept(first, mine), _kept(second, yours)
    if common:
        return got_in("Two users with one password have one stored value: no salt.", *looks)
    _must_hold_the_password(first, mine)
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
    secrets = _secrets(target, person)
    for answer in answers:
        text = answer.response.text
        if person.password in text or _HASH.search(text) or any(one in text for one in secrets):
            return got_in("The answer holds the password or its hash.", answer)
    said = read_session(person.browser.cookies, target.session_cookie()) or {}
    if any(one in str(said) for one in (person.password, *secrets)):
        return got_in("The session cookie holds the password or its hash.", answers[0])
    return held("No answer holds the password or a hash.", *answers)


def _secrets(target: Target, person: Person) -> list[str]:
    """Return what the app may have made of a password: quick hashes, and what it has stored."""
    stored = target.inside.stored_texts(person.name)
    kept = [value for value in stored if _is_made_of(person.password, value)]
    return [*_digests(person.password.encode()), *kept]
