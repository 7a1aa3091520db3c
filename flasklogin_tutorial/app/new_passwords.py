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
from math import prod
from pathlib import Path
from typing import Any

from zxcvbn import matching
from zxcvbn.scoring import most_guessable_match_sequence
from zxcvbn.time_estimates import guesses_to_score

#: Source: OWASP Authentication Cheat Sheet, "Implement Proper Password Strength Controls", after
#: NIST SP 800-63B: without a second factor fewer than 15 characters are weak; at least 64 have to
#: be allowed; no rule about which characters.
SHORTEST = 15
LONGEST = 128

#: zxcvbn's scale goes from 0 to 4; below 3 it knows the password, or how it was put together.
WEAKEST_SCORE = 3

#: Characters that are looked at: the time for it grows faster than their number.
LOOKED_AT = 64

#: Readings of one piece of a password, with its digits and signs as letters, that zxcvbn tries. A
#: text of digits alone has six.
_MOST_READINGS = 12

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
    left, cut = _without_known_words(password[:LOOKED_AT], _context_words(personal))
    if guesses_to_score(_guesses(left)) >= WEAKEST_SCORE:
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
    known = {"common": common_passwords(), "context": context}
    gone = [False] * len(password)
    cut = []
    for start, match in sorted(_matches(password, known), key=_longest_first):
        place = slice(start + match["i"], start + match["j"] + 1)
        if not any(gone[place]):
            gone[place] = [True] * len(gone[place])
            cut.append(match["matched_word"])
    left = (character for character, is_gone in zip(password, gone, strict=True) if not is_gone)
    return "".join(left), cut


def _matches(
    password: str, known: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield what zxcvbn finds of known words, with where in the password its piece begins."""
    start = 0
    for piece in _readable_pieces(password):
        for find in (
            matching.dictionary_match,
            matching.reverse_dictionary_match,
            matching.l33t_match,
        ):
            for match in find(piece, _ranked_dictionaries=known):
                yield start, match
        start += len(piece)


def _longest_first(found: tuple[int, Mapping[str, Any]]) -> tuple[int, int]:
    start, match = found
    return match["i"] - match["j"], start + match["i"]


# ---- how hard the rest is to guess


def _guesses(password: str) -> float:
    """Estimate how many guesses a password takes, with work that its characters cannot multiply.

    zxcvbn reads `4` as a, `1` as i or l, and so on, and looks for words in every combination: 736
    of them in a text of twenty signs. So a password that has too many is cut into pieces that have
    few, and whoever guesses it has to guess each.
    """
    pieces = filter(None, _readable_pieces(password))  # nothing is left of a common one
    return prod(
        float(most_guessable_match_sequence(piece, matching.omnimatch(piece))["guesses"])
        for piece in pieces
    )


def _readable_pieces(password: str) -> Iterator[str]:
    """Cut a password before each character that would give a piece too many readings."""
    start = 0
    for end in range(1, len(password) + 1):
        if _readings(password[start:end]) > _MOST_READINGS:
            yield password[start : end - 1]
            start = end - 1
    yield password[start:]


def _readings(text: str) -> int:
    table = matching.relevant_l33t_subtable(text, matching.L33T_TABLE)
    return len(matching.enumerate_l33t_subs(table))
