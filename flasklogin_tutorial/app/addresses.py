"""E-mail addresses that mail may be sent to: one mailbox each, in letters that nobody mistakes.

Without mail an address is a text about a user. With mail it is a way to the account, so it has to
be one address and no list, and none that looks like another one. It is compared by its key.
"""

import re
from dataclasses import dataclass

from .names import looks_plain, read_name
from .refusals import BadAddress, BadName

_WORD = r"[A-Za-z0-9#$&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"

#: A mailbox in its plain form. Quoted ones, and `%` and `!`, by which old servers were told to pass
#: a letter on, are no one's address today.
#: Source: RFC 5321, section 4.1.2; RFC 5321, appendix C, on source routes.
_MAILBOX = re.compile(rf"{_WORD}(?:\.{_WORD})*@(?P<domain>{_LABEL}(?:\.{_LABEL})+)")

#: What a label begins with that stands for one in other letters. Source: RFC 5890, section 2.3.2.1.
_ENCODED = "xn--"


@dataclass(frozen=True)
class Address:
    """An address in the forms that are stored.

    Attributes:
        written: as it was written. Letters go there.
        key: what it is compared by.
    """

    written: str
    key: str


def read_address(text: str) -> Address:
    """Make an address of what somebody typed.

    Args:
        text: what was typed.

    Returns:
        The address.

    Raises:
        BadAddress: it is no single address in plain letters, or looks like another one.
    """
    for character in text:
        if not character.isascii():
            raise BadAddress(
                f"This holds the character U+{ord(character):04X}. Mail goes to addresses in plain "
                "letters, digits and signs only, because others look like them."
            )
    found = _MAILBOX.fullmatch(text)
    if found is None:
        raise BadAddress("This is not one e-mail address. It looks like name@example.org.")
    for label in found["domain"].lower().split("."):
        if label.startswith(_ENCODED):
            _require_own_looks(label)
    return Address(text, key_of(text))


def key_of(text: str) -> str:
    """Return what an address is compared by. Nobody has `Ada@` beside `ada@` at one host."""
    return text.lower()


def _require_own_looks(label: str) -> None:
    """Refuse a part of a domain that shows letters of several scripts, or looks like plain ones."""
    try:
        shown = label.encode().decode("idna")
        read_name(shown)
    except (UnicodeError, BadName):
        raise BadAddress(f"The part {label} of this address cannot be read.") from None
    if looks_plain(shown):
        raise BadAddress(f"The part {label} of this address looks like other letters.")
