"""The key signs what real ones sign, and the browser before it refuses what real ones refuse."""

import hashlib
import json

import pytest

from flasklogin_tutorial.visit import p256
from flasklogin_tutorial.visit.encoded import Malformed, from_text, to_text
from flasklogin_tutorial.visit.soft_key import BrowserRefuses, Credential, SoftKey

from . import webauthn_vectors as example

SITE, ORIGIN = "club.example", "https://club.example"
CREATE = {"rp": {"id": SITE}, "user": {"id": to_text(b"ada")}, "challenge": to_text(b"one")}
GET = {"rpId": SITE, "challenge": to_text(b"two")}


def flags_of(answer):
    return from_text(answer["response"]["authenticatorData"])[32]


def count_of(answer):
    return int.from_bytes(from_text(answer["response"]["authenticatorData"])[33:37])


@pytest.fixture
def key():
    """Give a key with one passkey for the site."""
    key = SoftKey()
    key.register(CREATE, ORIGIN)
    return key


def test_it_signs_the_example_of_the_standard_byte_for_byte():
    key = SoftKey(verifies=False, synced=True)
    site = example.RP_ID
    known = Credential(bytes.fromhex(example.CREDENTIAL_ID), site, "", example.PRIVATE_KEY)
    key.credentials.append(known)
    challenge = to_text(bytes.fromhex(example.LOGIN["challenge"]))
    answer = key.sign({"rpId": example.RP_ID, "challenge": challenge}, example.ORIGIN)
    for name in ("authenticatorData", "clientDataJSON", "signature"):
        assert from_text(answer["response"][name]).hex() == example.LOGIN[name]
    assert known.public_key.hex() in example.REGISTRATION["attestationObject"]


def test_what_it_signs_is_what_the_browser_and_the_key_say(key):
    answer = key.sign(GET, ORIGIN)
    response = {name: from_text(text) for name, text in answer["response"].items()}
    assert json.loads(response["clientDataJSON"]) == {
        "type": "webauthn.get",
        "challenge": to_text(b"two"),
        "origin": ORIGIN,
        "crossOrigin": False,
    }
    assert response["authenticatorData"][:32] == hashlib.sha256(SITE.encode()).digest()
    signed = response["authenticatorData"] + hashlib.sha256(response["clientDataJSON"]).digest()
    (passkey,) = key.credentials
    public = p256.public_key_of(passkey.private_key)
    assert p256.verify(public, signed, response["signature"])
    assert (answer["rawId"], response["userHandle"]) == (to_text(passkey.id), b"ada")


@pytest.mark.parametrize(
    ("made", "flags", "counts"),
    [
        ({}, 0b00101, [1, 2]),
        ({"verifies": False}, 0b00001, [1, 2]),
        ({"synced": True}, 0b11101, [0, 0]),
    ],
)
def test_a_key_says_whether_it_asks_for_a_finger_and_is_copied_and_counts(made, flags, counts):
    key = SoftKey(**made)
    assert flags_of(key.register(CREATE, ORIGIN)) == flags | 0x40
    answers = [key.sign(GET, ORIGIN) for _ in counts]
    assert [count_of(one) for one in answers] == counts
    assert {flags_of(one) for one in answers} == {flags}


def test_keys_of_one_seed_are_the_same_and_others_are_not():
    def made(**how):
        key = SoftKey(**how)
        return [key.register(CREATE, ORIGIN), key.register(CREATE, ORIGIN), key.sign(GET, ORIGIN)]

    assert made(seed=1) == made(seed=1) != made(seed=2)
    assert made() != made()
    assert made(seed=1)[0]["id"] != made(seed=1)[1]["id"]


def test_a_clone_goes_on_by_itself_from_where_the_key_was(key):
    key.sign(GET, ORIGIN)
    clone = key.clone()
    assert [count_of(key.sign(GET, ORIGIN)) for _ in range(2)] == [2, 3]
    assert count_of(clone.sign(GET, ORIGIN)) == 2


def test_the_site_chooses_among_several_passkeys_and_else_the_newest_signs(key):
    key.register(CREATE, ORIGIN)
    first, second = (to_text(one.id) for one in key.credentials)
    assert key.sign(GET, ORIGIN)["id"] == second
    assert key.sign(GET | {"allowCredentials": [{"id": first}]}, ORIGIN)["id"] == first


def test_it_can_claim_the_id_of_somebody_else():
    assert SoftKey().register(CREATE, ORIGIN, as_id=b"hers")["rawId"] == to_text(b"hers")


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("club.example", "https://club.example"),
        ("club.example", "https://club.example:8443"),
        ("club.example", "https://sister.club.example"),
        ("localhost", "http://localhost:5000"),
    ],
)
def test_a_page_may_ask_for_the_keys_of_its_own_site(site, origin):
    key = SoftKey()
    key.register(CREATE | {"rp": {"id": site}}, origin)
    assert json.loads(
        from_text(key.sign(GET | {"rpId": site}, origin)["response"]["clientDataJSON"])
    )["origin"] == (origin)


@pytest.mark.parametrize(
    ("site", "origin", "said"),
    [
        ("club.example", "https://c1ub.example", "may not ask"),
        ("club.example", "https://evilclub.example", "may not ask"),
        ("club.example", "https://club.example.evil.test", "may not ask"),
        ("sister.club.example", "https://club.example", "may not ask"),
        ("example", "https://club.example", "may not ask"),
        ("localhost", "http://evil.localhost", "may not ask"),
        ("club.example", "http://club.example", "not encrypted"),
        ("127.0.0.1", "https://127.0.0.1", "no name"),
        ("::1", "https://[::1]", "no name"),
        ("club.example", "", "not encrypted"),
    ],
)
def test_a_page_may_not_ask_for_the_keys_of_another(site, origin, said):
    key = SoftKey()
    key.register(CREATE | {"rp": {"id": site}}, origin, careless=True)
    for ask, options in (
        (key.register, CREATE | {"rp": {"id": site}}),
        (key.sign, GET | {"rpId": site}),
    ):
        with pytest.raises(BrowserRefuses, match=f"SecurityError: .*{said}"):
            ask(options, origin)
    assert key.sign(GET | {"rpId": site}, origin, careless=True)["type"] == "public-key"


def test_a_site_that_names_none_means_the_host_of_its_page():
    key = SoftKey()
    key.register(CREATE | {"rp": {}}, ORIGIN)
    assert key.credentials[0].rp_id == SITE
    answer = key.sign({"challenge": to_text(b"two")}, ORIGIN)
    assert answer["id"] == to_text(key.credentials[0].id)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"rpId": "shop.example"}, "SecurityError"),
        ({"allowCredentials": [{"id": to_text(b"other")}]}, "NotAllowedError"),
    ],
)
def test_a_key_without_the_passkey_signs_nothing(key, change, name):
    with pytest.raises(BrowserRefuses) as refused:
        key.sign(GET | change, ORIGIN)
    assert refused.value.name == name
    assert count_of(key.sign(GET, ORIGIN)) == 1


def test_a_key_that_asks_for_no_finger_is_not_asked_where_one_is_required():
    key = SoftKey(verifies=False)
    wanted = {"authenticatorSelection": {"userVerification": "required"}}
    with pytest.raises(BrowserRefuses, match="NotAllowedError"):
        key.register(CREATE | wanted, ORIGIN)
    key.register(CREATE, ORIGIN)
    with pytest.raises(BrowserRefuses, match="NotAllowedError"):
        key.sign(GET | {"userVerification": "required"}, ORIGIN)
    careless = key.sign(GET | {"userVerification": "required"}, ORIGIN, careless=True)
    assert flags_of(careless) == 0b00001


def test_a_key_makes_no_second_passkey_where_the_first_is_named(key):
    named = {"excludeCredentials": [{"id": to_text(key.credentials[0].id)}]}
    with pytest.raises(BrowserRefuses, match="InvalidStateError"):
        key.register(CREATE | named, ORIGIN)
    SoftKey().register(CREATE | named, ORIGIN)


def test_a_key_signs_with_es256_only(key):
    with pytest.raises(BrowserRefuses, match="NotSupportedError"):
        key.register(CREATE | {"pubKeyCredParams": [{"alg": -8}]}, ORIGIN)
    key.register(CREATE | {"pubKeyCredParams": [{"alg": -8}, {"alg": -7}]}, ORIGIN)


def test_a_challenge_that_is_no_text_of_bytes_is_malformed(key):
    with pytest.raises(Malformed):
        key.sign(GET | {"challenge": "no bytes!"}, ORIGIN)


def test_a_private_key_is_not_shown(key):
    assert str(key.credentials[0].private_key) not in repr(key.credentials)
