"""A key for passkeys without a device, and the part of a browser that stands before it.

A passkey is a pair of keys for one site. The private half stays in an authenticator, and a browser
decides which page may ask for a signature. Both are here, in one object, so that a test, a lesson
and a page in a browser tab have them in process. **Not for keeping anything safe**: the private
keys are numbers in memory, and `p256` is not constant-time.

What is asked and answered is the JSON of WebAuthn (Level 3, 5.1): the options as a server sends
them, the answer as `PublicKeyCredential.toJSON()` gives it.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Self
from urllib.parse import urlsplit

from flasklogin_tutorial.visit import cbor, p256
from flasklogin_tutorial.visit.encoded import from_text, to_text

#: ES256, the one algorithm that this key knows, as COSE numbers it (RFC 9053).
ES256 = -7

#: The bits of the flags: somebody is there; it is who they say; the key may be copied to other
#: devices; it has been; a new key stands behind.
PRESENT, VERIFIED, MAY_BE_COPIED, IS_COPIED, NEW_KEY = 0x01, 0x04, 0x08, 0x10, 0x40

#: The model of an authenticator that does not tell which one it is.
_NO_MODEL = bytes(16)

Answer = dict[str, Any]


class BrowserRefuses(Exception):
    """A browser, or the key behind it, does not answer a page.

    Args:
        name: what the page's script is told: the name of a `DOMException`.
        why: the reason, in words.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name}: {why}")
        self.name, self.why = name, why


@dataclass
class Credential:
    """One passkey: a pair of keys for one account of one site.

    Attributes:
        id: by which the site finds it.
        rp_id: the site.
        user_handle: by which the site finds the account, as text.
        private_key: the half that nobody else has.
        count: how often it has signed.
    """

    id: bytes
    rp_id: str
    user_handle: str
    private_key: int = field(repr=False)
    count: int = 0

    @property
    def public_key(self) -> bytes:
        """The half that the site keeps, as COSE writes it."""
        x, y = p256.public_key_of(self.private_key)
        return cbor.encode({1: 2, 3: ES256, -1: 1, -2: x.to_bytes(32), -3: y.to_bytes(32)})


class SoftKey:
    """An authenticator with any number of passkeys, and the browser before it.

    Args:
        verifies: whether it asks for a finger or a PIN. Somebody touches it either way.
        synced: whether its passkeys are copied between devices, as a phone's are. Such a key has no
            count: it stays at 0.
        seed: makes all of its keys and ids from this number, the same each time. Without it they
            are random.

    Attributes:
        credentials: its passkeys, the newest last.
    """

    def __init__(
        self, *, verifies: bool = True, synced: bool = False, seed: int | None = None
    ) -> None:
        self.verifies, self.synced = verifies, synced
        self.credentials: list[Credential] = []
        self._seed = secrets.token_bytes(32) if seed is None else f"seed {seed}".encode()

    def register(
        self,
        options: Mapping[str, Any],
        origin: str,
        *,
        careless: bool = False,
        as_id: bytes | None = None,
    ) -> Answer:
        """Make a passkey for a site, and answer with its public half.

        Args:
            options: what the site asks for: `PublicKeyCredentialCreationOptionsJSON`.
            origin: where the page is that asks, such as `"https://club.example"`.
            careless: be a browser that lets any page ask, and says that it does what is asked. No
                real one is.
            as_id: claim this id, which may be somebody else's.

        Returns:
            The answer: `RegistrationResponseJSON`.

        Raises:
            BrowserRefuses: the page may not ask for this, or the key cannot do it.
        """
        rp_id = options["rp"].get("id") or _host(origin)
        wanted = options.get("authenticatorSelection", {}).get("userVerification")
        if not careless:
            self._require(rp_id, origin, wanted)
        algorithms = [one["alg"] for one in options.get("pubKeyCredParams", [])]
        if algorithms and ES256 not in algorithms:
            raise BrowserRefuses("NotSupportedError", f"{algorithms} is without ES256 ({ES256})")
        excluded = {one["id"] for one in options.get("excludeCredentials", [])}
        if excluded & {to_text(one.id) for one in self.credentials if one.rp_id == rp_id}:
            raise BrowserRefuses("InvalidStateError", f"there is a passkey for {rp_id} in this key")
        made = self._make(rp_id, options["user"]["id"], as_id)
        client_data = _client_data("webauthn.create", options["challenge"], origin)
        public_key = made.public_key
        auth_data = self._auth_data(
            made, NEW_KEY, _NO_MODEL + len(made.id).to_bytes(2) + made.id + public_key
        )
        attestation: cbor.Value = {"fmt": "none", "attStmt": {}, "authData": auth_data}
        return _answer(
            made,
            clientDataJSON=to_text(client_data),
            attestationObject=to_text(cbor.encode(attestation)),
            authenticatorData=to_text(auth_data),
            publicKeyAlgorithm=ES256,
            transports=["internal"],
        )

    def sign(self, options: Mapping[str, Any], origin: str, *, careless: bool = False) -> Answer:
        """Sign a challenge of a site with the newest passkey for it.

        Args:
            options: what the site asks for: `PublicKeyCredentialRequestOptionsJSON`.
            origin: where the page is that asks.
            careless: be a browser that lets any page ask, and says that it does what is asked. No
                real one is.

        Returns:
            The answer: `AuthenticationResponseJSON`.

        Raises:
            BrowserRefuses: the page may not ask for this, or there is no such passkey.
        """
        rp_id = options.get("rpId") or _host(origin)
        if not careless:
            self._require(rp_id, origin, options.get("userVerification"))
        allowed = {one["id"] for one in options.get("allowCredentials", [])}
        found = [
            one
            for one in self.credentials
            if one.rp_id == rp_id and (not allowed or to_text(one.id) in allowed)
        ]
        if not found:
            raise BrowserRefuses("NotAllowedError", f"no passkey for {rp_id} in this key")
        used = found[-1]
        used.count += not self.synced
        client_data = _client_data("webauthn.get", options["challenge"], origin)
        auth_data = self._auth_data(used)
        signed = auth_data + hashlib.sha256(client_data).digest()
        return _answer(
            used,
            clientDataJSON=to_text(client_data),
            authenticatorData=to_text(auth_data),
            signature=to_text(p256.sign(used.private_key, signed)),
            userHandle=used.user_handle,
        )

    def clone(self) -> Self:
        """Return a copy of the key with all that is in it. Real ones are made so that none can."""
        return deepcopy(self)

    def _require(self, rp_id: str, origin: str, verification: str | None) -> None:
        require_site(rp_id, origin)
        if verification == "required" and not self.verifies:
            raise BrowserRefuses("NotAllowedError", "this key asks for no finger and no PIN")

    def _make(self, rp_id: str, user_handle: str, as_id: bytes | None) -> Credential:
        seed = self._seed + f" key {len(self.credentials)}".encode()
        made = Credential(
            id=hashlib.sha256(seed).digest()[:16] if as_id is None else as_id,
            rp_id=rp_id,
            user_handle=user_handle,
            private_key=p256.private_key_of(seed),
        )
        self.credentials.append(made)
        return made

    def _auth_data(self, used: Credential, flags: int = 0, behind: bytes = b"") -> bytes:
        """Return what the key says of itself: the site's hash, the flags, the count, and more."""
        flags |= PRESENT
        flags |= VERIFIED if self.verifies else 0
        flags |= MAY_BE_COPIED | IS_COPIED if self.synced else 0
        site = hashlib.sha256(used.rp_id.encode()).digest()
        return site + bytes([flags]) + used.count.to_bytes(4) + behind


def require_site(rp_id: str, origin: str) -> None:
    """Raise `BrowserRefuses` unless a page may ask for the passkeys of a site.

    Its host has to be the site or end with it, and nobody in between may have changed the page
    (WebAuthn, 5.1.3 and 5.1.4; Secure Contexts). A real browser also knows a list of endings that
    are nobody's site, such as `co.uk`; here one without a dot is none, so `localhost` is a site and
    has none below it.

    Args:
        rp_id: the site.
        origin: where the page is.

    Raises:
        BrowserRefuses: it may not.
    """
    host = _host(origin)
    local = host == "localhost" or host.endswith(".localhost")
    if urlsplit(origin).scheme != "https" and not local:
        raise BrowserRefuses("SecurityError", f"{origin} is not encrypted")
    if _is_address(host):
        raise BrowserRefuses("SecurityError", f"{host} is an address and no name")
    below = "." in rp_id and host.endswith(f".{rp_id}")
    if not below and (host != rp_id or not ("." in rp_id or rp_id == "localhost")):
        raise BrowserRefuses("SecurityError", f"a page of {origin} may not ask for {rp_id!r}")


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    """Return what a browser says of the page that asks, as WebAuthn writes it (5.8.1.1)."""
    from_text(challenge)  # a browser gets bytes, and would not go on without them
    said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def _answer(used: Credential, **response: Any) -> Answer:
    return {
        "id": to_text(used.id),
        "rawId": to_text(used.id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": response,
    }
