"""Passwords: how they are kept and compared. Which new ones are taken is in `new_passwords`.

Everything that hashes or compares a password is here, so that another hash is a change to one
function.
"""

import hmac
import os
import secrets
import threading
import unicodedata
from functools import lru_cache

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash

from . import audit
from .models import User

#: Passwords that one process hashes at the same time; the others wait. Each takes memory on
#: purpose, 32 MiB with the default, and a server with many threads would take it for each of them,
#: to be no faster than its processors are.
_hashing = threading.BoundedSemaphore(max(2, os.cpu_count() or 1))


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
        return generate_password_hash(normal_form(password), current_app.config["PASSWORD_METHOD"])


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


def was_given(user: User, password: str) -> bool:
    """Tell whether a password is the last one that somebody else chose for a user.

    Source: OWASP ASVS 5.0, 6.4.1: an initial password must not become the long-term one, not even
    after another in between.

    Args:
        user: the user.
        password: a new password.

    Returns:
        Whether it is the first password that is in force, or that was before others.
    """
    is_first = user.first_password_until is not None
    given = user.password_hash if is_first else user.given_password_hash
    return given is not None and _matches(given, password)


def _matches(stored: str, password: str) -> bool:
    with _hashing:
        return check_password_hash(stored, normal_form(password))


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


def normal_form(password: str) -> str:
    """Return one spelling for one look, as the OpaqueString profile of RFC 8265 does (NFC).

    Args:
        password: a password as it was typed.

    Returns:
        What is hashed.
    """
    return unicodedata.normalize("NFC", password)


@lru_cache
def _nobodys_hash(method: str) -> str:
    return generate_password_hash("nobody has this password", method)
