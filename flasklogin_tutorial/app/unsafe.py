"""Settings that weaken the app: some are refused in production, the others named by a command.

What is refused leaves nothing to weigh: a key that can be guessed, or a protection that is off.
What is named may have a reason that only whoever runs the app knows.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from limits import parse_many

from .mail import OUTBOX

#: The fewest characters of a secret key that production takes: 128 random bits written as hex.
SHORTEST_SECRET = 32

#: The fewest different characters in one. Of 32 random hex digits about 14 are different.
_FEWEST_CHARACTERS = 8

#: The least that OWASP names. For scrypt the cost is N·p, with N at least 2^13 and r at least 8.
#: Source: OWASP Password Storage Cheat Sheet.
_SCRYPT = {"n": 2**13, "r": 8, "cost": 2**14 * 5}
_PBKDF2 = {"sha1": 1_300_000, "sha256": 600_000, "sha512": 210_000}

#: The most that a setting may be before it is named, and what it would mean.
_MOST: dict[str, tuple[float, str]] = {
    "LOGIN_HOURS": (24, "whoever finds an open browser is logged in for so long"),
    "IDLE_MINUTES": (60, "a browser that was left alone stays logged in for so long"),
    "REMEMBER_DAYS": (90, "a copied remember cookie works for so long"),
    "FRESH_MINUTES": (60, "dangerous things can be done so long after the password was typed"),
    "API_TOKEN_DAYS": (730, "a token that was lost works for so long"),
    "CONFIRMATION_HOURS": (168, "a mailbox that changed hands confirms an address for so long"),
    "FIRST_PASSWORD_HOURS": (168, "a password that two people know works for so long"),
    "MAX_CONTENT_LENGTH": (1024 * 1024, "each request may make the app read so many bytes"),
}

#: The most attempts a day that a limit may allow before it is named.
_MOST_A_DAY = {
    "SIGN_IN_LIMIT_PER_NAME": 5_000,
    "SIGN_IN_LIMIT_PER_ADDRESS": 50_000,
    "NEW_PASSWORD_LIMIT": 2_000,
    "MAIL_LIMIT_PER_RECIPIENT": 500,
    "MAIL_LIMIT_PER_ADDRESS": 5_000,
    "CODE_LIMIT": 100,
}

#: Settings of Flask and its extensions that switch a protection off, and what is lost.
_SWITCHES: dict[str, tuple[Any, str]] = {
    "LOGIN_DISABLED": (True, "every page is open to everybody"),
    "WTF_CSRF_ENABLED": (False, "pages of other sites can send the forms"),
    "RATELIMIT_ENABLED": (False, "nobody counts attempts to sign in"),
    "PROPAGATE_EXCEPTIONS": (True, "an error reaches the server instead of the app's own answer"),
    "TRAP_HTTP_EXCEPTIONS": (True, "a refusal reaches the server as an error"),
    "TRAP_BAD_REQUEST_ERRORS": (True, "a bad request reaches the server as an error"),
}


def refused_in_production(config: Mapping[str, Any]) -> Iterator[str]:
    """Say which settings are never right in production.

    Args:
        config: the settings.

    Yields:
        A sentence for each, without its value.
    """
    for key in config["SECRET_KEY_FALLBACKS"]:
        if is_weak_key(key):
            yield (
                f"A key in SECRET_KEY_FALLBACKS is shorter than {SHORTEST_SECRET} characters or "
                "made of few: whoever guesses it writes their own cookies. Take it out."
            )
    yield from _seeds(config)
    form_key = config.get("WTF_CSRF_SECRET_KEY")
    if form_key is not None and is_weak_key(form_key):
        yield "WTF_CSRF_SECRET_KEY can be guessed. Without it, forms are signed with SECRET_KEY."
    if config["MAIL_SERVER"] == OUTBOX:
        yield (
            "MAIL_SERVER is outbox, so no letter leaves, and each is in the log with its link. "
            "Name a server."
        )
    if "POST" not in config.get("WTF_CSRF_METHODS", ["POST"]):
        yield (
            "WTF_CSRF_METHODS has no POST, so pages of other sites can send the forms. Take the "
            "setting away."
        )
    for name, (wrong, lost) in _SWITCHES.items():
        if name in config and config[name] is not None and bool(config[name]) is wrong:
            yield f"{name} is {config[name]!r}, so {lost}. Take the setting away."


def _seeds(config: Mapping[str, Any]) -> Iterator[str]:
    key = config["SECOND_FACTOR_KEY"]
    if key is None and config["SECOND_FACTOR"] != "off":
        yield (
            "SECOND_FACTOR_KEY is not set: the seeds of second factors are stored as they are, and "
            "whoever reads the database or a backup makes everybody's codes. Set it to a text of "
            "its own, made as SECRET_KEY is."
        )
    keys = [] if key is None else [key]
    if any(map(is_weak_key, [*keys, *config["SECOND_FACTOR_KEY_FALLBACKS"]])):
        yield (
            f"A key among SECOND_FACTOR_KEY and its fallbacks is shorter than {SHORTEST_SECRET} "
            "characters or made of few: whoever guesses it reads the seeds of second factors."
        )
    if key is not None and key == config["SECRET_KEY"]:
        yield (
            "SECOND_FACTOR_KEY is the SECRET_KEY: whoever is to change one has to change both. "
            "Make another."
        )


def named_by_check_config(config: Mapping[str, Any]) -> Iterator[str]:
    """Say which settings are weaker than they need to be.

    Args:
        config: the settings.

    Yields:
        A sentence for each.
    """
    for name, (most, meaning) in _MOST.items():
        value = config[name]
        if value is None or value > most:
            yield f"{name} is {value}: {meaning}. More than {most} is unusual."
    for name, per_day in _MOST_A_DAY.items():
        allowed = min(
            limit.amount * timedelta(days=1).total_seconds() / limit.get_expiry()
            for limit in parse_many(config[name])
        )
        if allowed > per_day:
            yield f"{name} allows {allowed:.0f} attempts a day. More than {per_day} is no limit."
    if not _is_strong(config["PASSWORD_METHOD"]):
        yield (
            f"PASSWORD_METHOD is {config['PASSWORD_METHOD']}: fewer rounds than OWASP names, so "
            "whoever has the database tries passwords quickly. The default is enough."
        )
    if str(config["MAIL_SERVER"]).startswith("smtp-plain:"):
        yield (
            "MAIL_SERVER is spoken to without TLS: whoever is on the way reads the links in the "
            "letters. Use smtp:// or smtps://, unless the server is on this machine."
        )
    yield from _cookies(config)


def _cookies(config: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("SESSION", "REMEMBER", "DEVICE"):
        if config["HTTPS"] and not config[f"{kind}_COOKIE_NAME"].startswith("__Host-"):
            yield f"{kind}_COOKIE_NAME does not begin with __Host-: other hosts can plant one."
    for kind in ("SESSION", "REMEMBER"):
        name = f"{kind}_COOKIE_SAMESITE"
        if config[name] not in ("Lax", "Strict"):
            yield f"{name} is {config[name]!r}: pages of other sites can send requests with it."
        if config["HTTPS"] and not config[f"{kind}_COOKIE_SECURE"]:
            yield f"{kind}_COOKIE_SECURE is false: the cookie is sent over plain HTTP."
        if not config[f"{kind}_COOKIE_HTTPONLY"]:
            yield f"{kind}_COOKIE_HTTPONLY is false: a script can read the cookie."
        if config.get(f"{kind}_COOKIE_DOMAIN"):
            yield f"{kind}_COOKIE_DOMAIN is set: other hosts get the cookie, and can plant one."
    if config.get("REMEMBER_COOKIE_REFRESH_EACH_REQUEST"):
        yield (
            "REMEMBER_COOKIE_REFRESH_EACH_REQUEST is true: a browser gets a remember cookie for a "
            "login that did not ask for one."
        )
    path = config.get("SESSION_COOKIE_PATH")
    if path not in (None, "/") and config["SESSION_COOKIE_NAME"].startswith("__Host-"):
        yield f"SESSION_COOKIE_PATH is {path!r}: a browser drops a cookie __Host- with a path."
    if config.get("WTF_CSRF_SSL_STRICT") is False:
        yield "WTF_CSRF_SSL_STRICT is false: forms are taken without a look at their Referer."


def is_weak_key(key: str | bytes) -> bool:
    """Tell whether a secret key can be guessed.

    Args:
        key: the key.

    Returns:
        Whether it is short, or one of few characters again and again.
    """
    return len(key) < SHORTEST_SECRET or len(set(key)) < _FEWEST_CHARACTERS


def is_password_method(method: Any) -> bool:
    """Tell whether passwords can be hashed with a method, written out in Werkzeug's notation.

    Werkzeug also takes a short form, such as `scrypt`. It writes another into the hash, by which
    nobody could tell that the hash is up to date.

    Args:
        method: the setting.

    Returns:
        Whether it has a meaning.
    """
    kind, numbers = _take_apart(method)
    if kind == "scrypt":
        n, r, p = numbers
        if n < 2 or n & (n - 1) or not 0 < r * p < 2**30 or n * r >= 2**23:
            return False
        return 128 * (n + p + 2) <= 132 * n * p  # the memory that Werkzeug allows
    return kind in hashlib.algorithms_available and 0 < numbers[0] < 2**31


def _is_strong(method: str) -> bool:
    kind, numbers = _take_apart(method)
    if kind == "scrypt":
        n, r, p = numbers
        return n >= _SCRYPT["n"] and r >= _SCRYPT["r"] and n * p >= _SCRYPT["cost"]
    return kind in _PBKDF2 and numbers[0] >= _PBKDF2[kind]


def _take_apart(method: Any) -> tuple[str, list[int]]:
    """Return the name of a method and its numbers; the digest is the name of pbkdf2's."""
    text = method if isinstance(method, str) else ""
    found = re.fullmatch(r"(scrypt)((?::\d{1,10}){3})|pbkdf2:(\w+)((?::\d{1,10}))", text, re.ASCII)
    if found is None:
        return "", [0]
    kind, numbers = found[1] or found[3], found[2] or found[4]
    return kind, [int(number) for number in numbers.split(":")[1:]]
