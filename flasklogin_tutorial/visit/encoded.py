"""Bytes written as text, as WebAuthn writes them in JSON: Base64 for addresses, without padding."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode


class Malformed(ValueError):
    """Something that came from outside cannot be read: it is not in the form that it has to have.

    `encoded`, `cbor`, `p256` and `key_answers` raise this and nothing else for input of any kind.
    """


def to_text(raw: bytes) -> str:
    """Write bytes as text.

    Args:
        raw: the bytes.

    Returns:
        Letters, digits, `-` and `_`.
    """
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: object) -> bytes:
    """Read bytes that `to_text` has written.

    Args:
        text: the text, or anything else that somebody sent in its place.

    Returns:
        The bytes.

    Raises:
        Malformed: it is no text, or not written so.
    """
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise Malformed(f"Base64 for addresses was expected, and this came: {text!r:.40}")
    if len(text) % 4 == 1:
        raise Malformed(f"Base64 of {len(text)} characters has lost one: no bytes are that long")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
