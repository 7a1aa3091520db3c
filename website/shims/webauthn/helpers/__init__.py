"""Reading and writing what passkeys are asked and what they answer."""

import json
from contextlib import contextmanager

from flasklogin_tutorial.visit import cbor, key_answers
from flasklogin_tutorial.visit.encoded import Malformed, from_text, to_text
from flasklogin_tutorial.visit.soft_key import (
    IS_COPIED,
    MAY_BE_COPIED,
    NEW_KEY,
    PRESENT,
    VERIFIED,
)

from . import structs
from .exceptions import (
    InvalidAuthenticatorDataStructure,
    InvalidJSONStructure,
    InvalidPublicKeyStructure,
)

#: The bits, by the names that the library gives them.
_FLAGS = {
    "up": PRESENT,
    "uv": VERIFIED,
    "be": MAY_BE_COPIED,
    "bs": IS_COPIED,
    "at": NEW_KEY,
    "ed": key_answers.EXTENSIONS,
}


def base64url_to_bytes(val):
    """Read bytes that are written as text, with or without padding."""
    return from_text(val.rstrip("="))


def bytes_to_base64url(val):
    """Write bytes as text."""
    return to_text(val)


def options_to_json_dict(options):
    """Return what a browser is handed."""
    return options.json


def options_to_json(options):
    """Return what a browser is handed, as JSON."""
    return json.dumps(options.json)


@contextmanager
def reading(kind):
    """Let what cannot be read be an error of the library."""
    try:
        yield
    except (Malformed, key_answers.NotAccepted) as error:
        raise kind(str(error)) from error


def _parsed(answer):
    if isinstance(answer, str):
        try:
            answer = json.loads(answer)
        except ValueError:
            raise InvalidJSONStructure("Unable to decode credential as JSON") from None
    if not isinstance(answer, dict) or not isinstance(answer.get("response"), dict):
        raise InvalidJSONStructure("Credential was not a JSON object")
    return answer


def _credential(answer, *names):
    answer = _parsed(answer)
    parts = answer["response"]
    with reading(InvalidJSONStructure):
        raw_id = key_answers.credential_id_of(answer)
        found = {name: from_text(parts.get(sent)) for sent, name in names}
        if "authenticator_data" in found and parts.get("userHandle") is not None:
            found["user_handle"] = from_text(parts["userHandle"])
    return structs.Credential(answer["id"], raw_id, structs.Response(**found), answer)


def parse_registration_credential_json(json_val):
    """Read the answer that brings a new passkey."""
    return _credential(
        json_val,
        ("clientDataJSON", "client_data_json"),
        ("attestationObject", "attestation_object"),
    )


def parse_authentication_credential_json(json_val):
    """Read the answer that logs in."""
    return _credential(
        json_val,
        ("clientDataJSON", "client_data_json"),
        ("authenticatorData", "authenticator_data"),
        ("signature", "signature"),
    )


def parse_client_data_json(val):
    """Read what the browser says of the page."""
    with reading(InvalidJSONStructure):
        said = key_answers.read_client_data({"response": {"clientDataJSON": to_text(val)}})
        challenge = from_text(said["challenge"])
    crossed = said.get("crossOrigin")
    return structs.CollectedClientData(said["type"], challenge, said["origin"], crossed)


def parse_authenticator_data(val):
    """Read what the key says of itself."""
    with reading(InvalidAuthenticatorDataStructure):
        found = key_answers.read_auth_data(val)
    flags = {name: bool(found.flags & bit) for name, bit in _FLAGS.items()}
    return structs.AuthenticatorData(
        found.site, structs.AuthenticatorDataFlags(**flags), found.count
    )


def parse_attestation_object(val):
    """Read what comes with a new passkey."""
    with reading(InvalidAuthenticatorDataStructure):
        said = cbor.decode(val)
        if not isinstance(said, dict) or not isinstance(said.get("authData"), bytes):
            raise Malformed("attestationObject has no authData")
    data = parse_authenticator_data(said["authData"])
    return structs.AttestationObject(said.get("fmt", "none"), data, said.get("attStmt", {}))


def decode_credential_public_key(key):
    """Read a public key, which is a point of the curve."""
    with reading(InvalidPublicKeyStructure):
        return key_answers.read_public_key(key)


def decoded_public_key_to_cryptography(public_key):
    """Return the key that signatures are checked with: here the point itself."""
    return public_key
