"""Which new passwords are taken, and what is said of the others.

What everybody would try first is worth nothing here: the name of the service, of the user, and the
passwords that most people have. They are cut out, and what is left has to be hard to guess.
"""

import gzip
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import dropwhile
from pathlib import Path
from typing import Any

#: Source: OWASP Authentication Cheat Sheet, "Implement Proper Password Strength Controls", after
#: NIST SP 800-63B: without a second factor fewer than 15 characters are weak; at least 64 have to
#: be allowed; no rule about which characters.
SHORTEST = 15
LONGEST = 128

#: Characters that are looked at: the time for it grows faster than their number.
LOOKED_AT = 64

#: Words that somebody tries first at any service.
EVERYWHERE = ("admin", "administrator", "changeme", "letmein", "login", "password", "welcome")

#: Letters that lose nothing by losing their accents, because they have none.
_LEFT_OUT = str.maketrans(
    {"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ł": "l", "œ": "oe", "ß": "ss"}
    | {"\u0131": "i"}  # the one without a dot
)

#: What the languages of the north write in place of an accent.
_WRITTEN_OUT = _LEFT_OUT | str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

#: Shorter words are a part of too many others.
_SHORTEST_WORD = 3

#: Where its list of common passwords is, which says where it comes from.
_COMMON = Path(__file__).with_name("common_passwords.txt.gz")


def find_problem(password: str, *personal: str | None) -> str | None:
    """Say what is wrong with a new password.

    Source: OWASP Authentication Cheat Sheet, "Implement Proper Password Strength Controls": length,
    no composition rules, and no common password. OWASP ASVS 5.0, 6.2.4 and 6.2.11: neither one of
    the 3,000 most common that are long enough, nor words of the context. The rules by which people
    vary them are those of zxcvbn.

    Args:
        password: the new password.
        *personal: what everybody knows about the user and the service, such as names and the e-mail
            address.

    Returns:
        A sentence, or None if nothing is wrong.
    """
    if len(password) < SHORTEST:
        return f"This has {len(password)} characters. Use at least {SHORTEST}, such as four words."
    if len(password) > LONGEST:
        return f"This has {len(password)} characters. Use at most {LONGEST}."
    from . import guesses

    left, cut = _without_known_words(password[:LOOKED_AT], _context_words(personal))
    if guesses.is_hard(left):
        return None
    if not cut:
        return "This is easy to guess: it is common or repeats itself. Use words."
    word = cut[0]
    if word in common_passwords():
        return f"This is easy to guess: “{word}” is what many people take. Use other words."
    return f"This is easy to guess: “{word}” is tried first, and little is left. Use other words."


@cache
def common_passwords() -> Mapping[str, int]:
    """Return the common passwords that are long enough to be taken otherwise.

    Returns:
        The rank of each, from 1 on.
    """
    with gzip.open(_COMMON, "rt", encoding="utf-8") as lines:
        listed = dropwhile(lambda line: line.startswith("#"), lines)
        return {line.rstrip("\n"): rank for rank, line in enumerate(listed, 1)}


# ---- words that are worth nothing


def _context_words(personal: tuple[str | None, ...]) -> dict[str, int]:
    """Return the words that have to do with the user and the service, as zxcvbn's dictionaries."""
    told = {word for text in (*personal, *EVERYWHERE) if text for word in _words_of(text)}
    words = {spelling for word in told for spelling in _spellings(word)}
    return {word: 1 for word in words if len(word) >= _SHORTEST_WORD}


def _words_of(text: str) -> Iterator[str]:
    """Yield a name or an address, and what it is made of. A domain's last label is everybody's."""
    text = unicodedata.normalize("NFC", text).lower()
    local, _, domain = text.rpartition("@")
    yield from (text, local, domain)
    for part in (local, domain.rpartition(".")[0]) if local else (text,):
        words = re.split(r"[\W_]+", part)
        yield from (part, "".join(words), *words)
        yield from part.split(".")


def _spellings(word: str) -> Iterator[str]:
    """Yield a word, and how it is typed by people who leave its accents out, or write them out."""
    yield word
    for table in (_WRITTEN_OUT, _LEFT_OUT):
        plain = unicodedata.normalize("NFD", word.translate(table))
        yield "".join(one for one in plain if not unicodedata.combining(one))


def _without_known_words(password: str, context: Mapping[str, int]) -> tuple[str, list[str]]:
    """Cut known words out of a password, the longest first, also as people disguise them.

    Returns:
        What is left, and the words.
    """
    from . import guesses

    known = {"common": common_passwords(), "context": context}
    gone = [False] * len(password)
    cut = []
    for start, match in sorted(guesses.find_words(password, known), key=_longest_first):
        place = slice(start + match["i"], start + match["j"] + 1)
        if not any(gone[place]):
            gone[place] = [True] * len(gone[place])
            cut.append(match["matched_word"])
    left = (character for character, is_gone in zip(password, gone, strict=True) if not is_gone)
    return "".join(left), cut


def _longest_first(found: tuple[int, Mapping[str, Any]]) -> tuple[int, int]:
    start, match = found
    return match["i"] - match["j"], start + match["i"]
