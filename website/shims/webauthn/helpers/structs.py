"""What is asked and what is answered, with the names that the library gives its parts."""

from dataclasses import dataclass, field
from enum import StrEnum


class ResidentKeyRequirement(StrEnum):
    """Whether a passkey has to be found without its id."""

    DISCOURAGED = "discouraged"
    PREFERRED = "preferred"
    REQUIRED = "required"


class UserVerificationRequirement(StrEnum):
    """Whether a passkey has to ask for a finger or a PIN."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    DISCOURAGED = "discouraged"


class PublicKeyCredentialType(StrEnum):
    """The one kind of credential that there is."""

    PUBLIC_KEY = "public-key"


class CredentialDeviceType(StrEnum):
    """Whether a passkey may be copied to other devices."""

    SINGLE_DEVICE = "single_device"
    MULTI_DEVICE = "multi_device"


@dataclass
class AuthenticatorSelectionCriteria:
    """What a new passkey has to be able to do."""

    authenticator_attachment: str | None = None
    resident_key: str | None = None
    require_resident_key: bool | None = False
    user_verification: str | None = "preferred"


@dataclass
class PublicKeyCredentialDescriptor:
    """A passkey, by its id."""

    id: bytes
    type: str = "public-key"
    transports: list | None = None


@dataclass
class Options:
    """What a page asks: its challenge, and all of it as the browser is handed it."""

    challenge: bytes
    json: dict


@dataclass
class CollectedClientData:
    """What the browser says of the page."""

    type: str
    challenge: bytes
    origin: str
    cross_origin: bool | None = None


@dataclass
class AuthenticatorDataFlags:
    """The eight bits, each by its name."""

    up: bool
    uv: bool
    be: bool
    bs: bool
    at: bool
    ed: bool


@dataclass
class AuthenticatorData:
    """What the key says of itself."""

    rp_id_hash: bytes
    flags: AuthenticatorDataFlags
    sign_count: int


@dataclass
class AttestationObject:
    """What comes with a new passkey."""

    fmt: str
    auth_data: AuthenticatorData
    att_stmt: dict = field(default_factory=dict)


@dataclass
class Response:
    """The parts of an answer, as bytes; a login and a new passkey have different ones."""

    client_data_json: bytes
    attestation_object: bytes = b""
    authenticator_data: bytes = b""
    signature: bytes = b""
    user_handle: bytes | None = None


@dataclass
class Credential:
    """An answer, and the JSON that it was read of."""

    id: str
    raw_id: bytes
    response: Response
    json: dict
    type: str = "public-key"


@dataclass
class VerifiedRegistration:
    """A new passkey that was accepted."""

    credential_id: bytes
    credential_public_key: bytes
    sign_count: int
    user_verified: bool
    credential_device_type: str
    credential_backed_up: bool
    fmt: str = "none"
    credential_type: str = "public-key"
    aaguid: str = "00000000-0000-0000-0000-000000000000"


@dataclass
class VerifiedAuthentication:
    """A login that was accepted."""

    credential_id: bytes
    new_sign_count: int
    user_verified: bool
    credential_device_type: str
    credential_backed_up: bool
