"""What stands in for `webauthn` in a browser tab says of every answer what the library says."""

import importlib.util
import json
import sys

import pytest
import webauthn
import webauthn.helpers.structs as real_structs
from webauthn.helpers.exceptions import WebAuthnException

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import add_user, log_in, make_passkey, use_passkey
from flasklogin_tutorial.lab.ada import who
from flasklogin_tutorial.visit import cbor, in_process, new_app, read_token
from flasklogin_tutorial.visit.encoded import from_text, to_text
from flasklogin_tutorial.visit.soft_key import SoftKey

from .checkout import ROOT

SITE, ORIGIN, CHALLENGE = "club.example", "https://club.example", b"a challenge"


def load(name):
    """Import the stand-in by a name of its own."""
    folder = ROOT / "website" / "shims" / "webauthn"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


stand_in = load("webauthn_in_the_tab")
BOTH = [
    (webauthn, real_structs),
    (stand_in, sys.modules["webauthn_in_the_tab.helpers.structs"]),
]


def ask_for_new(library, structs, **more):
    return library.generate_registration_options(
        rp_id=SITE,
        rp_name="Club",
        user_id=b"ada's handle",
        user_name="ada",
        challenge=CHALLENGE,
        timeout=300_000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=b"there")],
        **more,
    )


def ask_for_login(library, structs):
    return library.generate_authentication_options(
        rp_id=SITE,
        challenge=CHALLENGE,
        timeout=300_000,
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=b"there")],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )


@pytest.mark.parametrize("ask", [ask_for_new, ask_for_login])
def test_both_ask_the_same(ask):
    real, other = (json.loads(one.options_to_json(ask(one, its))) for one, its in BOTH)
    real.pop("pubKeyCredParams", None)  # the library names more algorithms
    assert other.pop("pubKeyCredParams", [{"alg": -7}])[0]["alg"] == -7
    assert {name: value for name, value in other.items() if value} == {
        name: value for name, value in real.items() if value
    }


def test_both_make_up_a_challenge_that_is_new():
    for one, _ in BOTH:
        asked = [one.generate_authentication_options(rp_id=SITE).challenge for _ in range(2)]
        assert len(set(asked)) == 2
        assert min(map(len, asked)) >= 16


KEY = SoftKey(seed=19)
CREATE = {"rp": {"id": SITE}, "user": {"id": to_text(b"ada")}, "challenge": to_text(CHALLENGE)}
GET = {"rpId": SITE, "challenge": to_text(CHALLENGE)}
MADE = KEY.register(CREATE, ORIGIN)
SIGNED = KEY.sign(GET, ORIGIN)
PUBLIC_KEY = KEY.credentials[0].public_key
EXPECTED = {
    "expected_challenge": CHALLENGE,
    "expected_rp_id": SITE,
    "expected_origin": ORIGIN,
    "require_user_verification": True,
}


def with_part(answer, name, raw):
    return answer | {"response": answer["response"] | {name: to_text(raw)}}


def changed_byte(answer, name, place):
    raw = bytearray(from_text(answer["response"][name]))
    raw[place] ^= 0x04
    return with_part(answer, name, bytes(raw))


def elsewhere(origin):
    return KEY.clone().sign(GET, origin, careless=True)


def without_finger():
    key = KEY.clone()
    key.verifies = False
    return key.sign(GET, ORIGIN, careless=True)


LOGINS = {
    "as it has to be": (SIGNED, {}),
    "as JSON": (json.dumps(SIGNED), {}),
    "one of several origins": (SIGNED, {"expected_origin": ["https://b.example", ORIGIN]}),
    "none of several origins": (SIGNED, {"expected_origin": ["https://b.example"]}),
    "another challenge": (SIGNED, {"expected_challenge": b"another"}),
    "another site": (SIGNED, {"expected_rp_id": "b.example"}),
    "another page": (elsewhere("https://c1ub.example"), {}),
    "a sister": (elsewhere("https://shop.club.example"), {}),
    "no finger": (without_finger(), {}),
    "no finger, none wanted": (without_finger(), {"require_user_verification": False}),
    "a count that stands still": (SIGNED, {"credential_current_sign_count": 1}),
    "a count that goes back": (SIGNED, {"credential_current_sign_count": 7}),
    "another key": (SIGNED, {"credential_public_key": "other"}),
    "another type": (MADE, {}),
    "the count changed": (changed_byte(SIGNED, "authenticatorData", 36), {}),
    "the signature changed": (changed_byte(SIGNED, "signature", 20), {}),
    "too short": (with_part(SIGNED, "authenticatorData", b"short"), {}),
    "no signature": (with_part(SIGNED, "signature", b"no"), {}),
    "no JSON inside": (with_part(SIGNED, "clientDataJSON", b"no"), {}),
    "no JSON": ("no", {}),
    "a list": ("[]", {}),
    "no response": (SIGNED | {"response": None}, {}),
    "two ids": (SIGNED | {"id": "b3RoZXI"}, {}),
}


def login(library, answer, change):
    other = SoftKey(seed=20)
    other.register(CREATE, ORIGIN)
    given = {"credential_public_key": PUBLIC_KEY, "credential_current_sign_count": 0}
    given |= EXPECTED | change
    if given["credential_public_key"] == "other":
        given["credential_public_key"] = other.credentials[0].public_key
    return library.verify_authentication_response(credential=answer, **given)


def outcome(call):
    """Return what came back, or that it was refused by an error of the library."""
    try:
        found = call()
    except Exception as error:
        assert isinstance(error, ValueError | TypeError | KeyError) or "WebAuthnException" in {
            one.__name__ for one in type(error).__mro__
        }
        return "refused"
    return found


@pytest.mark.parametrize("case", LOGINS)
def test_both_say_the_same_of_a_login(case):
    answer, change = LOGINS[case]
    real, other = (outcome(lambda one=one: login(one, answer, change)) for one, _ in BOTH)
    if real == "refused":
        assert other == "refused"
        return
    for name in ("credential_id", "new_sign_count", "user_verified", "credential_backed_up"):
        assert getattr(other, name) == getattr(real, name)
    assert other.credential_device_type == real.credential_device_type.value


REGISTRATIONS = {
    "as it has to be": (MADE, {}),
    "copied": (SoftKey(synced=True).register(CREATE, ORIGIN), {}),
    "another challenge": (MADE, {"expected_challenge": b"another"}),
    "another origin": (MADE, {"expected_origin": "https://c1ub.example"}),
    "another site": (MADE, {"expected_rp_id": "b.example"}),
    "no finger": (SoftKey(verifies=False).register(CREATE, ORIGIN), {}),
    "another type": (SIGNED, {}),
    "no attestation": (with_part(MADE, "attestationObject", b""), {}),
    "another attestation": (with_part(MADE, "attestationObject", cbor.encode({"fmt": 1})), {}),
}


@pytest.mark.parametrize("case", REGISTRATIONS)
def test_both_say_the_same_of_a_new_passkey(case):
    answer, change = REGISTRATIONS[case]
    real, other = (
        outcome(
            lambda one=one: one.verify_registration_response(
                credential=answer, **(EXPECTED | change)
            )
        )
        for one, _ in BOTH
    )
    if real == "refused":
        assert other == "refused"
        return
    for name in ("credential_id", "credential_public_key", "sign_count", "credential_backed_up"):
        assert getattr(other, name) == getattr(real, name)


def test_a_refusal_of_the_stand_in_has_the_name_of_that_of_the_library():
    for library, _ in BOTH:
        with pytest.raises(Exception) as refused:
            login(library, SIGNED, {"expected_challenge": b"another"})
        assert type(refused.value).__name__ == "InvalidAuthenticationResponse"
    assert issubclass(webauthn.helpers.exceptions.InvalidAuthenticationResponse, WebAuthnException)


# ---- the finished app, as the tab runs it

PASSWORD = "four words are enough"


@pytest.fixture
def app(monkeypatch):
    """Make the finished app, with Ada in it, on the stand-in."""
    monkeypatch.setitem(sys.modules, "webauthn", stand_in)
    for name, module in list(sys.modules.items()):
        if name.startswith("webauthn_in_the_tab."):
            monkeypatch.setitem(sys.modules, name.replace("_in_the_tab", "", 1), module)
    settings = {"SECRET_KEY": "k" * 40, "HTTPS": True, "TESTING": True}
    settings |= {"PASSKEYS": True, "PUBLIC_ADDRESS": ORIGIN}
    app = new_app(create_app, settings)
    add_user(app, "ada", PASSWORD)
    return app


def test_the_finished_app_takes_a_passkey_and_refuses_what_it_has_to(app):
    key = SoftKey()
    assert make_passkey(log_in(app, "ada", PASSWORD), key, ORIGIN).status_code == 201
    clone, browser = key.clone(), in_process(app)
    use_passkey(browser, key, ORIGIN)
    assert who(browser) == "ada"
    use_passkey(in_process(app), key, ORIGIN)
    for one, origin, said in (
        (key, "https://c1ub.example", "another address"),
        (clone, ORIGIN, "copy"),
    ):
        stranger = in_process(app)
        answer = use_passkey(stranger, one, origin, careless=True)
        assert answer.status_code == 401
        assert said in answer.text
        assert who(stranger) == "nobody"


@pytest.mark.parametrize("answer", ["", "no", "{}", "[]", '{"response": {}}', json.dumps(MADE)])
def test_the_finished_app_makes_no_error_of_what_cannot_be_read(app, answer):
    browser = in_process(app)
    page = browser.get("/login/passkey", headers={"Accept": "text/html"})
    sent = read_token(page.text) | {"answer": answer}
    assert browser.post("/login/passkey", data=sent).status_code in (401, 422)
