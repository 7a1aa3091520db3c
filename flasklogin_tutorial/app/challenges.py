"""What a passkey is asked to sign: a random number, for one purpose, in one browser, once.

It is a record on the server. In Flask's session it would be in the browser's cookie: whoever has a
copy of that cookie and of the answer would send both again and be logged in, because the copy still
holds the number.

Source: Web Authentication Level 3, 13.4.3, "Cryptographic Challenges".
"""

import base64
import secrets
from datetime import timedelta

from .models import Challenge, hash_secret, now

#: The purposes.
REGISTER, LOG_IN = "register", "log in"

#: How long a page that asks is good, and for how long its browser may then talk to the passkey.
#: Source: Web Authentication Level 3, 15.1: five minutes at least, for people who are slow.
PAGE_MINUTES, TALK_MINUTES = 5, 5

#: Source: Web Authentication Level 3, 13.4.3: 16 at least.
_BYTES = 32


def issue(purpose: str, *, browser: str) -> bytes:
    """Make a challenge.

    Args:
        purpose: REGISTER or LOG_IN. It is good for nothing else.
        browser: a secret of the browser that is asked. It is good in no other.

    Returns:
        The challenge, which is kept as a hash only.
    """
    challenge = secrets.token_bytes(_BYTES)
    Challenge(
        challenge_hash=hash_secret(as_text(challenge)),
        purpose=purpose,
        browser_hash=hash_secret(browser),
        until=now() + timedelta(minutes=PAGE_MINUTES + TALK_MINUTES),
    ).save(force_insert=True)
    return challenge


def spend(challenge: bytes, purpose: str, *, browser: str | None) -> bool:
    """Use up the challenge that an answer names.

    The answer may name what it likes: only a challenge that this app made is found, and of two
    answers to one challenge only the first finds it.

    Args:
        challenge: what the answer names.
        purpose: what the answer is about to be used for.
        browser: the secret of the browser that sent it, if it has one.

    Returns:
        Whether it was asked for this, here, a short time ago, and not answered yet.
    """
    if browser is None:
        return False
    asked = Challenge.objects(
        challenge_hash=hash_secret(as_text(challenge)),
        purpose=purpose,
        browser_hash=hash_secret(browser),
        until__gt=now(),
    )
    return bool(asked.delete())


def as_text(raw: bytes) -> str:
    """Write bytes as passkeys do: in base64url, without an equals sign.

    Args:
        raw: the bytes.

    Returns:
        The text.
    """
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
