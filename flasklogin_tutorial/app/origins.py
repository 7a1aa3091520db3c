"""Whose passkeys are used here: the host and the origin that PUBLIC_ADDRESS names.

A browser binds a passkey to a host, and writes into each answer which origin asked. Neither is ever
taken from a request: whoever sends one chooses its header Host.

Source: Web Authentication Level 3, 4, "Relying Party Identifier", and 13.4.9.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """Where people reach the app, as a browser tells it to a passkey.

    Attributes:
        host: the host: what a passkey is bound to.
        whole: scheme, host and port: what stands in each answer.
    """

    host: str
    whole: str


def read_origin(address: str) -> Origin:
    """Read the origin of an address.

    Args:
        address: what PUBLIC_ADDRESS says.

    Returns:
        The origin, in the one form in which browsers write it.

    Raises:
        ValueError: it has none.
    """
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("no address of a page")
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return Origin(parts.hostname, f"{parts.scheme}://{parts.hostname}{port}")


def find_flaw_of_origin(address: str) -> str | None:
    """Say why no browser makes a passkey for an address.

    Args:
        address: what PUBLIC_ADDRESS says.

    Returns:
        A sentence, or None if browsers do.
    """
    origin = read_origin(address)
    if _is_number(origin.host):
        return "Browsers bind a passkey to a name, and this is the number of a machine."
    is_here = origin.host == "localhost" or origin.host.endswith(".localhost")
    if not origin.whole.startswith("https://") and not is_here:
        return "Browsers use passkeys over https only, except at localhost."
    return None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
