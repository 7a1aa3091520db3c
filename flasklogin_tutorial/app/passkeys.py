"""Passkeys: keys in the hands of a user, of which the app keeps the public half.

Whoever logs in with one has it, and showed it a PIN, a finger or a face: that is two factors, so no
code is asked for. A page that looks like ours gets nothing, because the browser lets a passkey
answer its own origin only, and writes into the answer which one that was.

From the first one on, the password alone opens nothing any more (see `second_step`); otherwise
whoever phishes it would walk past the passkey. Recovery codes come with it, for the day on which
all passkeys are lost. With the first as with every other, and with each that is removed, all
logins and API tokens of the user end.

The package `webauthn` is imported where an answer is made or read, so an app that has no passkeys
does without it. It raises many kinds of errors about what a stranger may send; all of them are one
refusal here.

Source: Web Authentication Level 3, 7.1 and 7.2; OWASP ASVS 5.0, 6.3.3, 6.5 and 6.7.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bson import ObjectId
from flask import current_app
from mongoengine import NotUniqueError

from . import audit, challenges, recovery_codes, throttle
from .accounts import end_again, forget_what_ended, look_again, while_not_ended
from .challenges import LOG_IN, REGISTER, TALK_MINUTES, as_text
from .factors import has_passkey, is_meant, note, require_own
from .models import Passkey, User, hash_secret, now
from .origins import Origin, read_origin
from .refusals import (
    FactorThere,
    FirstPasswordOver,
    LastWayIn,
    NoSuchPasskey,
    NotFresh,
    NotWithToken,
    OwnPasswordFirst,
    PasskeyCopied,
    PasskeyNotMade,
    PasskeyRefused,
    PasskeyTaken,
    Refusal,
    TooManyAttempts,
    TooManyPasskeys,
)

if TYPE_CHECKING:
    from webauthn.helpers.structs import AuthenticatorData, CollectedClientData

#: How many passkeys a user may have.
MOST_PASSKEYS = 20

#: Why an answer was not taken, for people and for the audit log.
NO_ANSWER = "What the browser sent is no answer of a passkey."
NOT_ASKED = "The question was asked too long ago, or in another browser, or was answered already."
ELSEWHERE = "The answer was given to a page of another address."
NOT_VERIFIED = "The passkey did not look whose hands it is in: it asked for no PIN, finger or face."
UNKNOWN = "This passkey is not known here."
NOT_RIGHT = "The answer is not right: another key signed it, or it was changed on its way."
NOT_OURS = "This kind of passkey is not taken here."


def site() -> Origin:
    """Return where the passkeys of this app are used."""
    return read_origin(current_app.config["PUBLIC_ADDRESS"])


def passkeys_of(user: User) -> Sequence[Passkey]:
    """Return the passkeys of a user, the latest first.

    Args:
        user: the user.

    Returns:
        The passkeys.
    """
    return list(Passkey.objects(user=user.id).order_by("-made"))


# ---- how one begins


def propose(user: User, *, by: User) -> str:
    """Return what a browser needs to make a passkey.

    Args:
        user: the user.
        by: who asks; the user, with a fresh login. Only its browser can answer.

    Returns:
        The options of `navigator.credentials.create`, as JSON.

    Raises:
        AnothersRecord: somebody else asks.
        NotFresh: a login asks that is not fresh.
        NotWithToken: an API token asks.
        OwnPasswordFirst: the user has a first password. Whoever else knows it would be first.
        TooManyAttempts: the user was asked too often, and did not answer.
        TooManyPasskeys: the user has MOST_PASSKEYS.
    """
    browser = _require_may_add(user, by)
    _count_question(str(user.id), user=str(user.id), name=user.name)
    import webauthn
    from webauthn.helpers import base64url_to_bytes, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    there = [base64url_to_bytes(one.credential_id) for one in passkeys_of(user)]
    options = webauthn.generate_registration_options(
        rp_id=site().host,
        rp_name=current_app.config["SERVICE_NAME"],
        user_id=_handle_of(user.id),
        user_name=user.name,
        challenge=challenges.issue(REGISTER, browser=browser),
        timeout=TALK_MINUTES * 60_000,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in there],
        supported_pub_key_algs=_algorithms(),
    )
    return options_to_json(options)


def add(user: User, answer: str, label: str, *, by: User) -> tuple[User, list[str]]:
    """Keep the public half of a new passkey.

    All logins and API tokens of the user end first. If the second write does not come about, the
    user has to log in again, and has no passkey.

    Args:
        user: the user.
        answer: what the browser made, as JSON.
        label: a name by which the user will know it.
        by: as for `propose`.

    Returns:
        The user as stored now, and new recovery codes, which are kept nowhere, if there were none
        that still worked.

    Raises:
        Refusal: as for `propose`.
        PasskeyNotMade: the answer will not do.
        PasskeyTaken: somebody has it already.
    """
    browser = _require_may_add(user, by)
    passkey = _read_new(answer, browser)
    passkey.user, passkey.label = user.id, label
    if Passkey.objects(credential_id=passkey.credential_id):
        raise PasskeyTaken
    codes: list[str] = []
    updates: dict[str, Any] = {"inc__login_epoch": 1}
    # Beside a telephone the codes are those of its page, which asks for a code.
    if not user.has_factor and not (user.recovery_hashes and has_passkey(user)):
        codes, updates["recovery_hashes"] = recovery_codes.make()
    look_again(by)
    changed: User | None = User.objects(id=user.id, **while_not_ended(by)).modify(
        new=True, **updates
    )
    if changed is None:
        raise NotFresh
    try:
        passkey.save(force_insert=True)
    except NotUniqueError:
        raise PasskeyTaken from None
    # Whoever logged in between the two writes was asked for no code.
    ended = end_again(changed)
    if ended is None:
        Passkey.objects(id=passkey.id).delete()
        raise NotFresh
    throttle.forgive_question(str(user.id))
    note("passkey_added", ended, by, label=label)
    forget_what_ended(ended)
    return ended, codes


def _require_may_add(user: User, by: User) -> str:
    """Let only a user through who may add a passkey, and return the secret of their browser."""
    require_own(by, user)
    if user.first_password_until is not None:
        raise OwnPasswordFirst
    if Passkey.objects(user=user.id).count() >= MOST_PASSKEYS:
        raise TooManyPasskeys(MOST_PASSKEYS)
    if by.login is None or by.login.token is None:
        raise NotWithToken
    return by.login.token


def _read_new(answer: str, browser: str) -> Passkey:
    """Return the passkey that an answer tells of, as far as it can be stored."""
    import webauthn
    from webauthn.helpers import (
        decode_credential_public_key,
        decoded_public_key_to_cryptography,
        parse_attestation_object,
        parse_client_data_json,
        parse_registration_credential_json,
    )

    with _whatever_is_raised(PasskeyNotMade(NO_ANSWER)):
        sent = parse_registration_credential_json(answer)
        said = parse_client_data_json(sent.response.client_data_json)
        data = parse_attestation_object(sent.response.attestation_object).auth_data
    problem = _find_problem(said, data, REGISTER, browser)
    if problem is not None:
        raise PasskeyNotMade(problem)
    with _whatever_is_raised(PasskeyNotMade(NOT_OURS)):
        made = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=said.challenge,
            expected_rp_id=site().host,
            expected_origin=site().whole,
            require_user_verification=True,
            supported_pub_key_algs=_algorithms(),
        )
        decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
    return Passkey(
        credential_id=as_text(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )


# ---- how one ends


def remove(user: User, passkey_id: ObjectId | None, *, by: User) -> User:
    """Take a passkey away, and end all logins and API tokens of the user.

    Whoever has found the device may be logged in there.

    Args:
        user: the user.
        passkey_id: which one.
        by: who asks; the user, with a fresh login.

    Returns:
        The user as stored now.

    Raises:
        AnothersRecord: somebody else asks.
        LastWayIn: without it the user could not come in.
        NoSuchPasskey: the user has none with this id.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_own(by, user)
    passkey: Passkey | None = Passkey.objects(id=passkey_id, user=user.id).first()
    if passkey is None:
        raise NoSuchPasskey
    if not Passkey.objects(user=user.id, id__ne=passkey.id):
        _require_another_way_in(user)
    look_again(by)
    # Of two requests that remove the last two at once, the second finds that its login has ended.
    changed: User | None = User.objects(id=user.id, **while_not_ended(by)).modify(
        new=True, inc__login_epoch=1
    )
    if changed is None:
        raise NotFresh
    Passkey.objects(id=passkey.id).delete()
    ended = end_again(changed)
    note("passkey_removed", ended or changed, by, label=passkey.label)
    if ended is not None:
        forget_what_ended(ended)
    return ended or changed


def renew_recovery_codes(user: User, *, by: User) -> list[str]:
    """Make new recovery codes for a user with passkeys. None of the former ones works any more.

    No code is asked for: whoever has a fresh login could add a passkey of their own as well. Beside
    a telephone its page makes them, and asks for a code.

    Args:
        user: the user.
        by: who asks; the user, with a fresh login.

    Returns:
        The codes, which are kept nowhere.

    Raises:
        AnothersRecord: somebody else asks.
        FactorThere: the user has a telephone too.
        NoSuchPasskey: the user has none, and so nothing to be recovered.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_own(by, user)
    if not has_passkey(user):
        raise NoSuchPasskey
    if user.has_factor:
        raise FactorThere
    codes, hashes = recovery_codes.make()
    look_again(by)
    same = User.objects(id=user.id, **while_not_ended(by))
    if same.modify(new=True, recovery_hashes=hashes) is None:
        raise NotFresh
    note("recovery_codes_renewed", user, by)
    return codes


def _require_another_way_in(user: User) -> None:
    if user.password_hash is None and user.plaintext_password is None:
        raise LastWayIn
    if is_meant(user) and not user.has_factor:  # the password would open nothing
        raise LastWayIn


# ---- logging in


def ask(*, browser: str, address: str | None) -> str:
    """Return what a browser needs to log in with a passkey. It says nothing about who has one.

    Args:
        browser: a secret of the browser. Only there the answer is good.
        address: where the browser is.

    Returns:
        The options of `navigator.credentials.get`, as JSON.

    Raises:
        TooManyAttempts: too many were asked from there, and did not answer.
    """
    _count_question(throttle.network_of(address))
    import webauthn
    from webauthn.helpers import options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=site().host,
        challenge=challenges.issue(LOG_IN, browser=browser),
        timeout=TALK_MINUTES * 60_000,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def check(answer: str, *, browser: str | None, address: str | None) -> User:
    """Return the user whose passkey has signed what it was asked.

    Args:
        answer: what the browser sent, as JSON.
        browser: the secret of the browser, if it has one.
        address: where the browser is.

    Returns:
        The user.

    Raises:
        FirstPasswordOver: an administrator gave the user a new password, and its time is over.
        PasskeyCopied: somebody has a copy of the passkey, or had one.
        PasskeyRefused: the answer will not do, or the user is disabled.
    """
    about: dict[str, Any] = {"user": None}
    try:
        user = _check(answer, browser, about)
    except Refusal as refusal:
        why = refusal.problem if isinstance(refusal, PasskeyRefused) else refusal.slug
        audit.record_at_most("sign_in", outcome="refused", factor="passkey", why=why, **about)
        raise
    throttle.forgive_question(throttle.network_of(address))
    return user


def _check(answer: str, browser: str | None, about: dict[str, Any]) -> User:
    import webauthn
    from webauthn.helpers import (
        parse_authentication_credential_json,
        parse_authenticator_data,
        parse_client_data_json,
    )

    with _whatever_is_raised(PasskeyRefused(NO_ANSWER)):
        sent = parse_authentication_credential_json(answer)
        said = parse_client_data_json(sent.response.client_data_json)
        data = parse_authenticator_data(sent.response.authenticator_data)
    problem = _find_problem(said, data, LOG_IN, browser)
    if problem is not None:
        raise PasskeyRefused(problem)
    passkey: Passkey | None = Passkey.objects(credential_id=as_text(sent.raw_id)).first()
    user: User | None = User.objects(id=passkey.user).first() if passkey is not None else None
    if passkey is None or user is None:
        raise PasskeyRefused(UNKNOWN)
    about.update(user=str(user.id), name=user.name)
    with _whatever_is_raised(PasskeyRefused(NOT_RIGHT)):
        seen = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=said.challenge,
            expected_rp_id=site().host,
            expected_origin=site().whole,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # compared below, with the one that is stored then
            require_user_verification=True,
        )
    if sent.response.user_handle != _handle_of(user.id) or not user.is_active:
        raise PasskeyRefused(UNKNOWN)
    if user.first_password_is_over:
        raise FirstPasswordOver
    _move_count_on(passkey, seen.new_sign_count)
    return user


def _move_count_on(passkey: Passkey, count: int) -> None:
    """Store how often a passkey has signed, in one atomic step.

    A copy does not know how often the other one has signed since. A passkey that is kept in several
    devices counts nothing, and stays at 0: of that one a copy is not noticed.

    Source: Web Authentication Level 3, 6.1.1.
    """
    same = Passkey.objects(id=passkey.id)
    before = same.filter(sign_count__lt=count) if count else same.filter(sign_count=0)
    if before.modify(new=True, sign_count=count, seen=now()) is None:
        raise PasskeyCopied


# ---- what is shared


def _count_question(asker: str, **about: str) -> None:
    """Count a question: it is a record that anybody can cause, and nobody answers without one."""
    try:
        throttle.spend_question(asker)
    except TooManyAttempts:
        audit.record_at_most("sign_in", outcome="throttled", factor="passkey", **about)
        raise


def _find_problem(
    said: "CollectedClientData", data: "AuthenticatorData", purpose: str, browser: str | None
) -> str | None:
    """Say what is wrong with an answer before anybody looks at its signature.

    The library compares the same once more, and says less. First the challenge is spent: a wrong
    answer uses it up too.
    """
    if not challenges.spend(said.challenge, purpose, browser=browser):
        return NOT_ASKED
    host = hashlib.sha256(site().host.encode()).digest()
    if said.origin != site().whole or said.cross_origin or data.rp_id_hash != host:
        return ELSEWHERE
    return None if data.flags.uv else NOT_VERIFIED


@contextmanager
def _whatever_is_raised(refusal: PasskeyNotMade | PasskeyRefused) -> Iterator[None]:
    """Refuse, whatever the library raises about bytes that a stranger sent.

    Its own exceptions are some of them; of base64, CBOR, keys and missing members come others.
    Nothing of ours is done in such a block, so no mistake of ours is hidden.
    """
    try:
        yield
    except Exception:
        raise refusal from None


def _algorithms() -> list[Any]:
    from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm

    return [
        Algorithm.ECDSA_SHA_256,
        Algorithm.EDDSA,
        Algorithm.RSASSA_PKCS1_v1_5_SHA_256,
    ]


def _handle_of(user_id: ObjectId) -> bytes:
    """Return what a passkey keeps of its user: the same for all of theirs, and never the id.

    Source: Web Authentication Level 3, 14.6.1: nothing that tells who somebody is.
    """
    return bytes.fromhex(hash_secret(f"passkeys of {user_id}"))
