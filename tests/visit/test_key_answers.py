"""Each check of an answer holds: the example of the standard passes, and each change is refused."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flasklogin_tutorial.visit import cbor, p256
from flasklogin_tutorial.visit.encoded import Malformed, from_text, to_text
from flasklogin_tutorial.visit.key_answers import (
    Expected,
    NotAccepted,
    check_login,
    check_registration,
    credential_id_of,
    read_auth_data,
    read_client_data,
    read_public_key,
)
from flasklogin_tutorial.visit.soft_key import SoftKey

from . import webauthn_vectors as example

SITE, ORIGIN, CHALLENGE = "club.example", "https://club.example", to_text(b"a challenge")
CREATE = {"rp": {"id": SITE}, "user": {"id": to_text(b"ada")}, "challenge": CHALLENGE}
GET = {"rpId": SITE, "challenge": CHALLENGE}
EXPECTED = Expected(CHALLENGE, ORIGIN, SITE)

KEY = SoftKey(seed=19)
MADE = KEY.register(CREATE, ORIGIN)
SIGNED = KEY.sign(GET, ORIGIN)
PUBLIC_KEY = KEY.credentials[0].public_key


def of_the_standard(said, **more):
    """Return an example as an answer in JSON, and what is expected of it."""
    response = {name: to_text(bytes.fromhex(value)) for name, value in said.items()}
    challenge = response.pop("challenge")
    rp_id, origin = example.RP_ID, example.ORIGIN
    credential_id = to_text(bytes.fromhex(example.CREDENTIAL_ID))
    answer = {"id": credential_id, "rawId": credential_id, "type": "public-key"}
    return answer | {"response": response}, Expected(challenge, origin, rp_id, verification=False)


def test_the_example_of_the_standard_is_accepted():
    made = check_registration(*of_the_standard(example.REGISTRATION))
    assert made.credential_id.hex() == example.CREDENTIAL_ID
    assert (made.count, made.synced) == (0, True)
    assert read_public_key(made.public_key) == p256.public_key_of(example.PRIVATE_KEY)
    assert check_login(*of_the_standard(example.LOGIN), made.public_key, 0) == 0


def test_the_example_of_the_standard_asked_for_no_finger():
    answer, expected = of_the_standard(example.LOGIN)
    with pytest.raises(NotAccepted, match="verification"):
        check_login(answer, replace(expected, verification=True), PUBLIC_KEY, 0)


def test_what_is_kept_of_a_new_passkey_opens_the_login():
    made = check_registration(MADE, EXPECTED)
    assert made.public_key == PUBLIC_KEY
    assert made.credential_id == credential_id_of(SIGNED)
    assert check_login(SIGNED, EXPECTED, made.public_key, made.count) == 1


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"challenge": to_text(b"another")}, "challenge"),
        ({"challenge": ""}, "challenge"),
        ({"origin": "https://c1ub.example"}, "origin"),
        ({"origin": "https://club.example:8443"}, "origin"),
        ({"origin": "https://sister.club.example"}, "origin"),
        ({"rp_id": "example"}, "rp id"),
    ],
)
def test_another_expectation_refuses_both_answers(change, check):
    expected = replace(EXPECTED, **change)
    for refuse in (
        lambda: check_login(SIGNED, expected, PUBLIC_KEY, 0),
        lambda: check_registration(MADE, expected),
    ):
        with pytest.raises(NotAccepted) as refused:
            refuse()
        assert refused.value.check == check


def test_an_answer_of_a_login_is_none_of_a_registration_nor_the_other_way_round():
    with pytest.raises(NotAccepted, match=r"type: 'webauthn.create'"):
        check_login(MADE, EXPECTED, PUBLIC_KEY, 0)
    with pytest.raises(NotAccepted, match=r"type: 'webauthn.get'"):
        check_registration(SIGNED, EXPECTED)


@pytest.mark.parametrize(
    ("signed", "kept", "accepted"),
    [(0, 0, True), (1, 0, True), (5, 4, True), (4, 4, False), (3, 4, False), (0, 4, False)],
)
def test_the_count_has_to_go_up_unless_the_key_does_not_count(signed, kept, accepted):
    key = KEY.clone()
    key.synced, key.credentials[0].count = signed == 0, signed - (signed > 0)
    answer = key.sign(GET, ORIGIN)
    if accepted:
        assert check_login(answer, EXPECTED, PUBLIC_KEY, kept) == signed
    else:
        with pytest.raises(NotAccepted, match="count"):
            check_login(answer, EXPECTED, PUBLIC_KEY, kept)


def test_another_key_and_a_changed_count_are_refused_by_the_signature():
    other = SoftKey(seed=20)
    other.register(CREATE, ORIGIN)
    changed = bytearray(from_text(SIGNED["response"]["authenticatorData"]))
    changed[36] = 200
    for answer, public_key in (
        (SIGNED, other.credentials[0].public_key),
        (with_part(SIGNED, "authenticatorData", bytes(changed)), PUBLIC_KEY),
    ):
        with pytest.raises(NotAccepted, match="signature"):
            check_login(answer, EXPECTED, public_key, 0)


def test_nobody_there_is_refused():
    absent = bytearray(from_text(SIGNED["response"]["authenticatorData"]))
    absent[32] = 0
    with pytest.raises(NotAccepted, match="presence"):
        check_login(with_part(SIGNED, "authenticatorData", bytes(absent)), EXPECTED, PUBLIC_KEY, 0)


def test_a_key_that_asks_for_no_finger_is_accepted_where_none_has_to():
    key = SoftKey(verifies=False)
    made = check_registration(key.register(CREATE, ORIGIN), replace(EXPECTED, verification=False))
    answer = key.sign(GET, ORIGIN)
    assert check_login(answer, replace(EXPECTED, verification=False), made.public_key, 0) == 1
    with pytest.raises(NotAccepted, match="verification"):
        check_login(answer, EXPECTED, made.public_key, 0)


def test_a_page_within_a_page_of_another_origin_is_refused():
    said = read_client_data(SIGNED) | {"crossOrigin": True}
    answer = with_part(SIGNED, "clientDataJSON", json.dumps(said).encode())
    with pytest.raises(NotAccepted, match="origin: the page stood in"):
        check_login(answer, EXPECTED, PUBLIC_KEY, 0)


# ---- what cannot be read


def with_part(answer, name, raw):
    return answer | {"response": answer["response"] | {name: to_text(raw)}}


def with_attested(auth_data):
    attestation = {"fmt": "none", "attStmt": {}, "authData": auth_data}
    return with_part(MADE, "attestationObject", cbor.encode(attestation))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "text",
        {},
        SIGNED | {"response": None},
        SIGNED | {"response": []},
        SIGNED | {"response": {}},
        with_part(SIGNED, "clientDataJSON", b""),
        with_part(SIGNED, "clientDataJSON", b"[]"),
        with_part(SIGNED, "clientDataJSON", b"{}"),
        with_part(SIGNED, "clientDataJSON", b"\xff"),
        with_part(SIGNED, "clientDataJSON", b"[" * 100_000),
        with_part(SIGNED, "clientDataJSON", b'{"type":1,"challenge":{},"origin":[]}'),
        with_part(SIGNED, "authenticatorData", b""),
        with_part(SIGNED, "authenticatorData", bytes(36)),
        with_part(SIGNED, "authenticatorData", bytes(38)),
        with_part(SIGNED, "signature", b"no"),
        SIGNED | {"response": SIGNED["response"] | {"signature": 5}},
    ],
)
def test_an_answer_that_cannot_be_read_is_malformed(answer):
    with pytest.raises(Malformed):
        check_login(answer, EXPECTED, PUBLIC_KEY, 0)


SITE_HASH = from_text(SIGNED["response"]["authenticatorData"])[:32]
HEAD = SITE_HASH + bytes([0x45]) + bytes(4) + bytes(16)


@pytest.mark.parametrize(
    "answer",
    [
        with_part(MADE, "attestationObject", b""),
        with_part(MADE, "attestationObject", cbor.encode([])),
        with_part(MADE, "attestationObject", cbor.encode({"authData": "text"})),
        with_attested(SITE_HASH + bytes([0x05]) + bytes(4)),  # no key in it
        with_attested(HEAD),
        with_attested(HEAD + b"\x00\x00" + PUBLIC_KEY),
        with_attested(HEAD + b"\xff\xff" + bytes(1200) + PUBLIC_KEY),
        with_attested(HEAD + b"\x00\x02ab" + PUBLIC_KEY),  # another id than the answer says
        MADE | {"rawId": "", "id": ""},
        MADE | {"id": "other"},
        MADE | {"type": "password"},
    ],
)
def test_a_new_passkey_that_cannot_be_read_is_malformed(answer):
    with pytest.raises(Malformed):
        check_registration(answer, EXPECTED)


def test_a_key_that_is_copied_and_may_not_be_is_malformed():
    with pytest.raises(Malformed, match="copied"):
        read_auth_data(bytes(32) + bytes([0x11]) + bytes(4))


def test_extensions_are_read_over():
    raw = bytes(32) + bytes([0x81]) + bytes(4)
    assert read_auth_data(raw + cbor.encode({"credProtect": 2})).flags == 0x81
    with pytest.raises(Malformed):
        read_auth_data(raw)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({3: -8}, NotAccepted),
        ({1: 3}, NotAccepted),
        ({-1: 2}, NotAccepted),
        ({-2: b"short"}, Malformed),
        ({-3: bytes(32)}, Malformed),
        ({-2: 5}, Malformed),
    ],
)
def test_a_public_key_of_another_kind_is_refused(change, error):
    with pytest.raises(error):
        read_public_key(cbor.encode(cbor.decode(PUBLIC_KEY) | change))


def test_a_public_key_that_is_no_dictionary_is_malformed():
    with pytest.raises(Malformed):
        read_public_key(cbor.encode([1]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(JSON, st.sampled_from(["id", "rawId", "type", "response"]))
def test_nothing_in_the_place_of_a_part_makes_another_error(value, name):
    for answer, check in (
        (MADE, lambda sent: check_registration(sent, EXPECTED)),
        (SIGNED, lambda sent: check_login(sent, EXPECTED, PUBLIC_KEY, 0)),
    ):
        with suppress(Malformed, NotAccepted):
            check(answer | {name: value})


@settings(max_examples=50)
@given(st.binary(max_size=80) | JSON, st.sampled_from(sorted(SIGNED["response"])))
def test_nothing_in_the_response_makes_another_error(value, name):
    sent = to_text(value) if isinstance(value, bytes) else value
    answer = SIGNED | {"response": SIGNED["response"] | {name: sent}}
    with suppress(Malformed, NotAccepted):
        check_login(answer, EXPECTED, PUBLIC_KEY, 0)
