"""How hard a password is to guess: zxcvbn, with work that no password can multiply.

This is imported when the first password is looked at. The lists of words in zxcvbn take longer to
read than most of the app, and many a process never needs them.
"""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from zxcvbn import matching
from zxcvbn.scoring import most_guessable_match_sequence
from zxcvbn.time_estimates import guesses_to_score

#: zxcvbn's scale goes from 0 to 4; below 3 it knows the password, or how it was put together.
WEAKEST_SCORE = 3

#: Readings of one piece of a password, with its digits and signs as letters, that zxcvbn tries. A
#: text of digits alone has six.
_MOST_READINGS = 12


def is_hard(password: str) -> bool:
    """Tell whether a password is hard enough to guess."""
    return bool(guesses_to_score(_guesses(password)) >= WEAKEST_SCORE)


def find_words(
    password: str, known: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Find known words in a password, also as people disguise them.

    Args:
        password: the password.
        known: lists of words, each with the rank of a word.

    Yields:
        Where the piece of the password begins, and zxcvbn's match in that piece.
    """
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
