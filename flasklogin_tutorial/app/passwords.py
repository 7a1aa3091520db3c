"""Passwords: which ones are taken, and how they are kept.

Everything that hashes or compares a password is here, so that another hash is a change to one
function.
"""

import hmac
import os
import secrets
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import prod

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash
from zxcvbn import zxcvbn
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable
from zxcvbn.time_estimates import guesses_to_score

from . import audit
from .models import User

#: Source: OWASP Authentication Cheat Sheet, "Implement Proper Password Strength Controls", after
#: NIST SP 800-63B: without a second factor fewer than 15 characters are weak; at least 64 have to
#: be allowed; no rule about which characters.
SHORTEST = 15
LONGEST = 128

#: zxcvbn's scale goes from 0 to 4; below 3 it knows the password, or how it was put together.
WEAKEST_SCORE = 3

#: Characters that zxcvbn looks at: its time grows faster than their number.
_ESTIMATED = 64

#: Readings of one piece of a password, with its digits and signs as letters, that zxcvbn tries. A
#: text of digits alone has six.
_MOST_READINGS = 12

#: Passwords that one process hashes at the same time; the others wait. Each takes memory on
#: purpose, 32 MiB with the default, and a server with many threads would take it for each of them,
#: to be no faster than its processors are.
_hashing = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))

#: zxcvbn keeps what it is told of a user in a variable of its module, for all threads.
_one_at_a_time = threading.Lock()


def hash_password(password: str) -> str:
    """Return what is stored in place of a password.

    Source: OWASP Password Storage Cheat Sheet, scrypt: N=2^15, r=8, p=3 is among the settings that
    it names, and the one that needs the memory of Werkzeug's default. The setting PASSWORD_METHOD
    holds them in Werkzeug's notation.

    Args:
        password: the password.

    Returns:
        The method, the salt and the hash in one text.
    """
    with _hashing:
        return generate_password_hash(_normal(password), current_app.config["PASSWORD_METHOD"])


def is_right(user: User | None, password: str) -> bool:
    """Tell whether a password is the user's, with the same work whether or not there is a user.

    Source: OWASP Authentication Cheat Sheet, "Authentication Responses": a quick exit for unknown
    names tells by its speed which names exist.

    Args:
        user: the user, or None where nobody has the name.
        password: what was typed.

    Returns:
        True only for an existing user and the right password.
    """
    stored = user.password_hash if user is not None else None
    config = current_app.config
    compared = stored or _nobodys_hash(config["PASSWORD_METHOD"])
    matches = _matches(compared, password)
    # While hashes of several methods are stored, the work of one would tell who has which, and that
    # a name with no hash at all is nobody's.
    for method in dict.fromkeys([config["PASSWORD_METHOD"], *config["FORMER_PASSWORD_METHODS"]]):
        if not compared.startswith(f"{method}$"):
            _matches(_nobodys_hash(method), password)
    if user is not None and not stored and user.plaintext_password:
        # A record of the article's app. Compared here and never in a query, where an operator in
        # place of the text would do the comparing.
        return hmac.compare_digest(user.plaintext_password.encode(), password.encode())
    return bool(stored) and matches


def _matches(stored: str, password: str) -> bool:
    with _hashing:
        return check_password_hash(stored, _normal(password))


def needs_new_hash(user: User) -> bool:
    """Tell whether the stored password is plaintext, or hashed with parameters that have aged.

    Args:
        user: the user.

    Returns:
        Whether to hash the password again, now that it is known.
    """
    method = current_app.config["PASSWORD_METHOD"]
    return not user.password_hash or not user.password_hash.startswith(f"{method}$")


def store_new_hash(user: User, password: str) -> None:
    """Store a new hash of the same password, unless the password was changed in between.

    Args:
        user: the user.
        password: the password, which is known to be right.
    """
    unchanged = User.objects(
        id=user.id,
        password_hash=user.password_hash,
        plaintext_password=user.plaintext_password,
    )
    unchanged.update_one(set__password_hash=hash_password(password), unset__plaintext_password=True)
    audit.record("password_upgraded", user=str(user.id), name=user.name)


def make_password() -> str:
    """Return a new random password of 144 bits, for somebody who cannot choose one here."""
    return secrets.token_urlsafe(18)


def find_problem(password: str, *personal: str | None) -> str | None:
    """Say what is wrong with a new password.

    Source: OWASP Authentication Cheat Sheet, "Implement Proper Password Strength Controls": length,
    no composition rules, and no common password. The list of common ones, and the rules by which
    people vary them, are those of zxcvbn.

    Args:
        password: the new password.
        *personal: what everybody knows about the user, such as the name.

    Returns:
        A sentence, or None if nothing is wrong.
    """
    if len(password) < SHORTEST:
        return f"This has {len(password)} characters. Use at least {SHORTEST}, such as four words."
    if len(password) > LONGEST:
        return f"This has {len(password)} characters. Use at most {LONGEST}."
    known = [text for text in personal if text]
    if guesses_to_score(_guesses(password[:_ESTIMATED], known)) < WEAKEST_SCORE:
        return (
            "This is easy to guess: it is common, repeats itself or contains the name. Use words."
        )
    return None


def _guesses(password: str, known: Sequence[str]) -> float:
    """Estimate how many guesses a password takes, with work that its characters cannot multiply.

    zxcvbn reads `4` as a, `1` as i or l, and so on, and looks for words in every combination: 736
    of them in a text of twenty signs. So a password that has too many is cut into pieces that have
    few, and whoever guesses it has to guess each.
    """
    pieces = list(_readable_pieces(password))
    with _one_at_a_time:
        return prod(float(zxcvbn(piece, user_inputs=known)["guesses"]) for piece in pieces)


def _readable_pieces(password: str) -> Iterator[str]:
    """Cut a password before each character that would give a piece too many readings."""
    start = 0
    for end in range(1, len(password) + 1):
        if _readings(password[start:end]) > _MOST_READINGS:
            yield password[start : end - 1]
            start = end - 1
    yield password[start:]


def _readings(text: str) -> int:
    return len(enumerate_l33t_subs(relevant_l33t_subtable(text, L33T_TABLE)))


def _normal(password: str) -> str:
    """Return one spelling for one look, as the OpaqueString profile of RFC 8265 does (NFC)."""
    return unicodedata.normalize("NFC", password)


@lru_cache
def _nobodys_hash(method: str) -> str:
    return generate_password_hash("nobody has this password", method)
