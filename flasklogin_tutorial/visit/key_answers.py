"""Read and check what a passkey answers, in plain Python: each check that WebAuthn wants, by name.

For lessons, for tests, and for the browser tab; the finished app uses `webauthn` for it. The checks
are those of WebAuthn Level 3, 7.1 and 7.2, for keys that sign with ES256 and attest nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flasklogin_tutorial.visit import cbor, p256
from flasklogin_tutorial.visit.encoded import Malformed, from_text
from flasklogin_tutorial.visit.soft_key import (
    ES256,
    IS_COPIED,
    MAY_BE_COPIED,
    NEW_KEY,
    PRESENT,
    VERIFIED,
)

#: Of the bits of the flags, the one that says that extensions stand at the end.
EXTENSIONS = 0x80

#: How long an id may be (WebAuthn, 7.1).
_LONGEST_ID = 1023


class NotAccepted(Exception):
    """An answer can be read, and a check refuses it.

    Args:
        check: which one: `type`, `challenge`, `origin`, `rp id`, `presence`, `verification`,
            `count`, `signature` or `algorithm`.
        why: what it found.
    """

    def __init__(self, check: str, why: str) -> None:
        super().__init__(f"{check}: {why}")
        self.check, self.why = check, why


@dataclass(frozen=True)
class Expected:
    """What a server expects of an answer.

    Attributes:
        challenge: what it gave to be signed, as text.
        origin: where its pages are, such as `"https://club.example"`.
        rp_id: the site that its keys are for, such as `"club.example"`.
        verification: whether the key has to ask for a finger or a PIN.
    """

    challenge: str
    origin: str
    rp_id: str
    verification: bool = True


@dataclass(frozen=True)
class AuthData:
    """What a key says of itself, taken apart.

    Attributes:
        site: the SHA-256 of the rp id.
        flags: eight bits; see `soft_key`.
        count: how often the key has signed; 0 for one that does not count.
        credential_id: the id of a new passkey; empty where none was made.
        public_key: the public half of a new passkey, as COSE writes it; empty where none was made.
    """

    site: bytes
    flags: int
    count: int
    credential_id: bytes = b""
    public_key: bytes = b""


@dataclass(frozen=True)
class NewPasskey:
    """What a server keeps of a passkey.

    Attributes:
        credential_id: its id.
        public_key: its public half, as COSE writes it.
        count: how often it has signed.
        synced: whether it is copied between devices.
    """

    credential_id: bytes
    public_key: bytes
    count: int
    synced: bool


def read_client_data(answer: Any) -> dict[str, Any]:
    """Return what the browser says of the page that asked.

    Args:
        answer: the answer of a key, as `SoftKey` gives it.

    Returns:
        The dictionary with `type`, `challenge` and `origin`.

    Raises:
        Malformed: there is none in the answer.
    """
    raw = from_text(_part(answer, "clientDataJSON"))
    try:
        said = json.loads(raw.decode())
    except (ValueError, RecursionError):
        raise Malformed("clientDataJSON is no JSON") from None
    if not isinstance(said, dict):
        raise Malformed("clientDataJSON is no JSON object")
    for name in ("type", "challenge", "origin"):
        if not isinstance(said.get(name), str):
            raise Malformed(f"clientDataJSON has no {name}")
    return said


def read_auth_data(raw: bytes) -> AuthData:
    """Take apart what a key says of itself.

    Args:
        raw: the bytes: 32 of a hash, one of flags, four of a count, and a new key if there is one.

    Returns:
        Its parts.

    Raises:
        Malformed: the bytes are too few, or too many.
    """
    if len(raw) < 37:
        raise Malformed(f"authenticatorData has 37 bytes or more, and this one has {len(raw)}")
    site, flags, count, rest = raw[:32], raw[32], int.from_bytes(raw[33:37]), raw[37:]
    if flags & IS_COPIED and not flags & MAY_BE_COPIED:
        raise Malformed("authenticatorData says that a key is copied which may not be")
    credential_id = public_key = b""
    if flags & NEW_KEY:
        length = int.from_bytes(rest[16:18])
        credential_id, rest = rest[18 : 18 + length], rest[18 + length :]
        if not 0 < len(credential_id) == length <= _LONGEST_ID:
            raise Malformed("authenticatorData has no whole credential id")
        _, behind = cbor.decode_first(rest)
        public_key, rest = rest[: len(rest) - len(behind)], behind
    if flags & EXTENSIONS:
        _, rest = cbor.decode_first(rest)
    if rest:
        raise Malformed(f"authenticatorData has {len(rest)} bytes too many")
    return AuthData(site, flags, count, credential_id, public_key)


def read_public_key(raw: bytes) -> p256.Point:
    """Return the point that a public key is.

    Args:
        raw: the public key, as COSE writes it.

    Returns:
        The point.

    Raises:
        Malformed: it is none.
        NotAccepted: it is for another algorithm than ES256.
    """
    key = cbor.decode(raw)
    if not isinstance(key, dict):
        raise Malformed("the public key is no dictionary")
    if (key.get(1), key.get(3), key.get(-1)) != (2, ES256, 1):
        raise NotAccepted("algorithm", f"the key is for {key.get(3)!r:.20}, not for {ES256}")
    x, y = key.get(-2), key.get(-3)
    if not (isinstance(x, bytes) and isinstance(y, bytes) and len(x) == len(y) == 32):
        raise Malformed("the public key has no two numbers of 32 bytes")
    point = int.from_bytes(x), int.from_bytes(y)
    p256.require_point(point)
    return point


def check_registration(answer: Any, expected: Expected) -> NewPasskey:
    """Check an answer that brings a new passkey.

    Whether its id is somebody else's already only the server can tell, which has them all.

    Args:
        answer: the answer, as `SoftKey.register` gives it.
        expected: what the server expects.

    Returns:
        What to keep of it.

    Raises:
        Malformed: it cannot be read.
        NotAccepted: a check refuses it.
    """
    _check_client_data(answer, "webauthn.create", expected)
    attestation = cbor.decode(from_text(_part(answer, "attestationObject")))
    raw = attestation.get("authData") if isinstance(attestation, dict) else None
    if not isinstance(raw, bytes):
        raise Malformed("attestationObject has no authData")
    found = read_auth_data(raw)
    _check_auth_data(found, expected)
    if not found.credential_id or found.credential_id != credential_id_of(answer):
        raise Malformed("the answer brings no new key, or another one than it says")
    read_public_key(found.public_key)
    synced = bool(found.flags & IS_COPIED)
    return NewPasskey(found.credential_id, found.public_key, found.count, synced)


def check_login(answer: Any, expected: Expected, public_key: bytes, count: int) -> int:
    """Check an answer that signs a challenge.

    Args:
        answer: the answer, as `SoftKey.sign` gives it.
        expected: what the server expects.
        public_key: the public half of the passkey, as it is kept.
        count: how often it had signed by then, as it is kept.

    Returns:
        The new count, to be kept.

    Raises:
        Malformed: it cannot be read.
        NotAccepted: a check refuses it.
    """
    _check_client_data(answer, "webauthn.get", expected)
    raw = from_text(_part(answer, "authenticatorData"))
    found = read_auth_data(raw)
    _check_auth_data(found, expected)
    signed = raw + hashlib.sha256(from_text(_part(answer, "clientDataJSON"))).digest()
    signature = from_text(_part(answer, "signature"))
    if not p256.verify(read_public_key(public_key), signed, signature):
        raise NotAccepted("signature", "it was made with another key, or of something else")
    if (found.count or count) and found.count <= count:
        raise NotAccepted("count", f"{found.count} is not more than {count}: there are two keys")
    return found.count


def credential_id_of(answer: Any) -> bytes:
    """Return the id of the passkey that an answer says it is from.

    Args:
        answer: the answer of a key.

    Returns:
        The id.

    Raises:
        Malformed: it says none, or two.
    """
    if not isinstance(answer, Mapping) or answer.get("type") != "public-key":
        raise Malformed("the answer is not that of a passkey")
    found = from_text(answer.get("rawId"))
    if not found or answer.get("id") != answer.get("rawId"):
        raise Malformed("the answer has no id, or two")
    return found


def _part(answer: Any, name: str) -> Any:
    response = answer.get("response") if isinstance(answer, Mapping) else None
    if not isinstance(response, Mapping) or name not in response:
        raise Malformed(f"the answer has no {name}")
    return response[name]


def _check_client_data(answer: Any, kind: str, expected: Expected) -> None:
    said = read_client_data(answer)
    if said["type"] != kind:
        raise NotAccepted("type", f"{said['type']!r:.40} is not {kind!r}")
    if said["challenge"] != expected.challenge:
        raise NotAccepted("challenge", "another one was signed")
    if said["origin"] != expected.origin:
        raise NotAccepted("origin", f"{said['origin']!r:.60} is not {expected.origin!r}")
    if said.get("crossOrigin"):
        raise NotAccepted("origin", "the page stood in a page of another origin")


def _check_auth_data(found: AuthData, expected: Expected) -> None:
    if found.site != hashlib.sha256(expected.rp_id.encode()).digest():
        raise NotAccepted("rp id", f"the key is not one for {expected.rp_id}")
    if not found.flags & PRESENT:
        raise NotAccepted("presence", "nobody touched the key")
    if expected.verification and not found.flags & VERIFIED:
        raise NotAccepted("verification", "the key asked for no finger and no PIN")
