"""Recovery codes: for whoever has lost what they log in with. Each opens the account once.

They are shown once. What is stored is the hash of each.
"""

import base64
import secrets

from .models import hash_secret

#: How many there are, and the random bytes of each: 120 bits, so that a plain hash is enough.
#: Source: OWASP ASVS 5.0, 6.5.2: from 112 bits on.
NUMBER, _BYTES = 10, 15


def make() -> tuple[list[str], list[str]]:
    """Make new ones.

    Returns:
        The codes as they are shown, in groups, and the hashes that are stored of them.
    """
    made = [base64.b32encode(secrets.token_bytes(_BYTES)).decode() for _ in range(NUMBER)]
    return [_in_groups(one) for one in made], [hash_secret(one) for one in made]


def plain(code: str) -> str:
    """Return a code as it is compared: people write it in groups, and in small letters.

    Args:
        code: what was typed.

    Returns:
        What `make` took the hash of, if it is one of these.
    """
    return code.replace("-", "").replace(" ", "").upper()


def _in_groups(code: str) -> str:
    return "-".join(code[place : place + 6] for place in range(0, len(code), 6))
