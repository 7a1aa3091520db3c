"""Stands in for the library `webauthn` in the tab, for which nobody has built `cryptography`.

It has the functions that the finished app and the variants of the article's app call, with the
names and the errors of the library. What they do is done by `flasklogin_tutorial.visit`, in plain
Python: good for reading and for attacking, and not for keeping anything safe. It takes keys that
sign with ES256 and attest nothing.
"""

import secrets

from flasklogin_tutorial.visit import key_answers
from flasklogin_tutorial.visit.encoded import to_text

from .helpers import (
    base64url_to_bytes,
    options_to_json,
    parse_attestation_object,
    parse_authentication_credential_json,
    parse_authenticator_data,
    parse_registration_credential_json,
    reading,
    structs,
)
from .helpers.cose import COSEAlgorithmIdentifier
from .helpers.exceptions import InvalidAuthenticationResponse, InvalidRegistrationResponse

__all__ = [
    "base64url_to_bytes",
    "generate_authentication_options",
    "generate_registration_options",
    "options_to_json",
    "verify_authentication_response",
    "verify_registration_response",
]

_MINUTE = 60_000


def generate_registration_options(
    *,
    rp_id,
    rp_name,
    user_name,
    user_id=None,
    user_display_name=None,
    challenge=None,
    timeout=_MINUTE,
    attestation="none",
    authenticator_selection=None,
    exclude_credentials=None,
    supported_pub_key_algs=(COSEAlgorithmIdentifier.ECDSA_SHA_256,),
    hints=None,
):
    """Return what a page asks for a new passkey."""
    challenge = challenge or secrets.token_bytes(64)
    asked = {
        "rp": {"id": rp_id, "name": rp_name},
        "user": {
            "id": to_text(user_id or secrets.token_bytes(64)),
            "name": user_name,
            "displayName": user_display_name or user_name,
        },
        "challenge": to_text(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": int(a)} for a in supported_pub_key_algs],
        "timeout": timeout,
        "excludeCredentials": _described(exclude_credentials),
        "attestation": str(attestation),
    }
    if authenticator_selection is not None:
        asked["authenticatorSelection"] = {
            "residentKey": str(authenticator_selection.resident_key or "discouraged"),
            "requireResidentKey": authenticator_selection.resident_key == "required",
            "userVerification": str(authenticator_selection.user_verification),
        }
    return structs.Options(challenge, asked)


def generate_authentication_options(
    *,
    rp_id,
    challenge=None,
    timeout=_MINUTE,
    allow_credentials=None,
    user_verification="preferred",
):
    """Return what a page asks for a login."""
    challenge = challenge or secrets.token_bytes(64)
    asked = {
        "challenge": to_text(challenge),
        "timeout": timeout,
        "rpId": rp_id,
        "allowCredentials": _described(allow_credentials),
        "userVerification": str(user_verification),
    }
    return structs.Options(challenge, asked)


def _described(credentials):
    return [{"id": to_text(one.id), "type": "public-key"} for one in credentials or ()]


def verify_registration_response(
    *,
    credential,
    expected_challenge,
    expected_rp_id,
    expected_origin,
    require_user_presence=True,
    require_user_verification=False,
    supported_pub_key_algs=(COSEAlgorithmIdentifier.ECDSA_SHA_256,),
    pem_root_certs_bytes_by_fmt=None,
):
    """Check the answer that brings a new passkey."""
    sent = _read(credential, parse_registration_credential_json)
    with reading(InvalidRegistrationResponse):
        expected = _expected(
            sent, expected_challenge, expected_rp_id, expected_origin, require_user_verification
        )
        made = key_answers.check_registration(sent.json, expected)
    flags = parse_attestation_object(sent.response.attestation_object).auth_data.flags
    return structs.VerifiedRegistration(
        made.credential_id, made.public_key, made.count, *_told(flags)
    )


def verify_authentication_response(
    *,
    credential,
    expected_challenge,
    expected_rp_id,
    expected_origin,
    credential_public_key,
    credential_current_sign_count,
    require_user_verification=False,
):
    """Check the answer that logs in."""
    sent = _read(credential, parse_authentication_credential_json)
    with reading(InvalidAuthenticationResponse):
        expected = _expected(
            sent, expected_challenge, expected_rp_id, expected_origin, require_user_verification
        )
        count = key_answers.check_login(
            sent.json, expected, credential_public_key, credential_current_sign_count
        )
    flags = parse_authenticator_data(sent.response.authenticator_data).flags
    return structs.VerifiedAuthentication(sent.raw_id, count, *_told(flags))


def _read(credential, parse):
    return credential if isinstance(credential, structs.Credential) else parse(credential)


def _expected(sent, challenge, rp_id, origins, verification):
    """Return what is expected; of several origins the one that came, if it is among them."""
    said = key_answers.read_client_data(sent.json)["origin"]
    if isinstance(origins, str):
        origins = [origins]
    origin = said if said in origins else origins[0]
    return key_answers.Expected(to_text(challenge), origin, rp_id, verification)


def _told(flags):
    return flags.uv, "multi_device" if flags.be else "single_device", flags.bs
