"""The second factor: codes that an app on the telephone makes (TOTP), and recovery codes.

Whoever has one logs in with the password and a code, and no login of theirs is fresh without both
(see `half_logins`). A code works once: of two requests with the same, only one moves the number of
the last one on. It is begun with a code that shows that the telephone has the seed, which is shown
for that and never again; it ends with a code too.

Source: RFC 6238; OWASP ASVS 5.0, 6.5; OWASP Multifactor Authentication Cheat Sheet.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pyotp
from flask import current_app

from . import audit, orders, recovery_codes, throttle
from .accounts import (
    Operator,
    end_again,
    forget_what_ended,
    in_epoch,
    look_again,
    require_recent,
    while_not_ended,
)
from .models import NewFactor, Passkey, User, hash_secret, now
from .refusals import (
    AnothersRecord,
    FactorNotOffered,
    FactorThere,
    NoFactor,
    NoNewFactor,
    NotFresh,
    NotWithToken,
    OwnPasswordFirst,
    PasswordFirst,
    TooManyCodes,
    WrongCode,
)
from .seeds import seal, unseal

#: Seconds for which one code is shown. Source: RFC 6238, section 5.2.
STEP = 30

#: Seconds that a code is good before it is shown, and after: for clocks that differ, and for
#: fingers. At no moment more than two codes are good. RFC 6238 (5.2) allows a whole step, with
#: which three would be.
DRIFT = 10

DIGITS = 6

#: What goes with a second factor, and with it all logins and API tokens.
_AWAY: dict[str, Any] = {
    "unset__totp_seed": True,
    "unset__totp_step": True,
    "unset__factor_since": True,
    "inc__login_epoch": 1,
}

#: Recovery codes go too, unless there are passkeys that may be lost.
_CODES_AWAY: dict[str, Any] = {"unset__recovery_hashes": True}

#: What a code may be, beside a code of the telephone.
RECOVERY_CODE = "recovery code"

#: For how long a new seed can be proved.
NEW_FACTOR_MINUTES = 15


def is_meant(user: User) -> bool:
    """Tell whether a user has to have a second factor, or a passkey, which is one too.

    Args:
        user: the user.

    Returns:
        Whether the settings say so.
    """
    who = current_app.config["SECOND_FACTOR"]
    return who == "everybody" or (who == "administrators" and user.is_admin)


def has_passkey(user: User) -> bool:
    """Tell whether a user can log in with a passkey. It takes one read.

    Args:
        user: the user.

    Returns:
        Whether they have one, in an app that takes them.
    """
    return bool(current_app.config["PASSKEYS"]) and bool(Passkey.objects(user=user.id).limit(1))


def is_demanded(user: User) -> bool:
    """Tell whether a user has to have a second factor or a passkey, and has neither.

    Args:
        user: the user, as loaded by a login or an API token, which remembers whether there was a
            passkey: one that is added or removed ends it, and so nothing more has to be read. Where
            passkeys were switched off since, it opens nothing, and so it is none.

    Returns:
        Whether a login of theirs opens nothing but the pages on which one is set up.
    """
    bearer = user.login or user.api_token
    by_passkey = bearer and bearer.with_passkey and current_app.config["PASSKEYS"]
    return is_meant(user) and not user.has_factor and not by_passkey


# ---- how one begins and ends


def propose(user: User, *, by: User) -> tuple[str, str]:
    """Make a seed for a user, to be shown this once. It is worth nothing until `begin`.

    Args:
        user: the user.
        by: who asks; the user, with a fresh login.

    Returns:
        The seed, and the address that an app on the telephone reads from a picture.

    Raises:
        AnothersRecord: somebody else asks.
        FactorNotOffered: the settings let nobody have one.
        FactorThere: the user has one.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
        OwnPasswordFirst: the user has a first password. Whoever else knows it would be first.
    """
    require_own(by, user)
    if user.has_factor:
        raise FactorThere
    if current_app.config["SECOND_FACTOR"] == "off":
        raise FactorNotOffered
    if user.first_password_until is not None:
        raise OwnPasswordFirst
    seed, made = pyotp.random_base32(), now()
    until = made + timedelta(minutes=NEW_FACTOR_MINUTES)
    look_again(by)
    _new_factor(by).update_one(
        upsert=True,
        user=user.id,
        epoch=user.login_epoch,
        made=made,
        seen=made,
        until=until,
        seed=seal(seed, user.id),
    )
    return seed, _address(user, seed)


def proposed(user: User, *, by: User) -> tuple[str, str]:
    """Return the seed that a login was shown a few minutes ago, as long as it is worth nothing.

    Args:
        user: the user.
        by: who asks; the user.

    Returns:
        As for `propose`.

    Raises:
        NoNewFactor: this login was shown none, or too long ago.
    """
    seed = unseal(_find_new_factor(by).seed, user.id)[0]
    return seed, _address(user, seed)


def begin(user: User, code: str, *, by: User) -> tuple[User, list[str]]:
    """Give a user the second factor whose seed this login was shown.

    All logins and API tokens of the user end: a password alone was enough for them.

    Args:
        user: the user.
        code: what the telephone shows. It opens nothing more afterwards.
        by: who asks; the user, with the same login, which is still fresh.

    Returns:
        The user as stored now, and the recovery codes, which are kept nowhere.

    Raises:
        AnothersRecord: somebody else asks.
        FactorThere: the user has one.
        NoNewFactor: this login was shown no seed, or too long ago.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
        WrongCode: it is none of this seed.
    """
    require_own(by, user)
    new = _find_new_factor(by)
    step = _step_of(unseal(new.seed, user.id)[0], recovery_codes.plain(code))
    if step is None:
        raise WrongCode
    codes, hashes = recovery_codes.make()
    look_again(by)
    changed: User | None = User.objects(id=user.id, totp_seed=None, **while_not_ended(by)).modify(
        new=True,
        totp_seed=new.seed,
        totp_step=step,
        factor_since=now(),
        recovery_hashes=hashes,
        inc__login_epoch=1,
    )
    if changed is None:
        raise FactorThere if User.objects(id=user.id, totp_seed__ne=None) else NotFresh
    note("second_factor_on", changed, by)
    forget_what_ended(changed)
    return changed, codes


def end(user: User, code: str, *, by: User, device: str | None) -> User:
    """Take a user's second factor away, and end all of their logins and API tokens.

    Args:
        user: the user.
        code: a code of it, or a recovery code: who has an open browser has neither.
        by: who asks; the user, with a fresh login.
        device: the number of the browser, if the user has given a code there before.

    Returns:
        The user as stored now.

    Raises:
        AnothersRecord: somebody else asks.
        NoFactor: the user has none.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
        SeedNotReadable: see `seeds`.
        TooManyCodes: the code was not looked at.
        WrongCode: it is none that is good.
    """
    require_own(by, user)
    found = _look_at(user, code, device)
    away = _AWAY | _CODES_AWAY
    if has_passkey(user):
        away = {**_AWAY, **(found.used if found.kind == RECOVERY_CODE else {})}
    look_again(by)
    changed = _spend(user, found, away, while_not_ended(by))
    note("second_factor_off", changed, by)
    forget_what_ended(changed)
    return changed


def end_by_operator(user: User, proof: str, *, by: Operator) -> User:
    """Take away the second factor of somebody who has lost it: passkeys and recovery codes too.

    Source: OWASP ASVS 5.0, 6.4.4: then who they are is shown as well as when they enrolled.

    Args:
        user: the user.
        proof: how they showed it, in words, for the audit log.
        by: whoever runs the command.

    Returns:
        The user as stored now.

    Raises:
        NoFactor: the user has none.
    """
    passkeys = Passkey.objects(user=user.id)
    same = User.objects(id=user.id, **({} if passkeys else {"totp_seed__ne": None}))
    changed: User | None = same.modify(new=True, **_AWAY, **_CODES_AWAY)
    if changed is None:
        raise NoFactor
    ended = end_again(changed) if passkeys.delete() else changed
    note("second_factor_off", ended or changed, by, proof=proof)
    if ended is not None:
        forget_what_ended(ended)
    return ended or changed


def renew_recovery_codes(user: User, code: str, *, by: User, device: str | None) -> list[str]:
    """Make new recovery codes for a user. None of the former ones works any more.

    Args:
        user: the user.
        code: as for `end`.
        by: as for `end`.
        device: as for `end`.

    Returns:
        The codes, which are kept nowhere.

    Raises:
        Refusal: as for `end`.
    """
    require_own(by, user)
    found = _look_at(user, code, device)
    codes, hashes = recovery_codes.make()
    kept = {"recovery_hashes": hashes}
    look_again(by)
    note("recovery_codes_renewed", _spend(user, found, kept, while_not_ended(by)), by)
    return codes


# ---- codes


@dataclass(frozen=True)
class _Code:
    """A code that was right when it was looked at.

    Attributes:
        kind: `code` or `recovery code`.
        unused: what is so of its user as long as nobody has used it.
        used: what changes when it is used.
    """

    kind: str
    unused: Mapping[str, Any]
    used: Mapping[str, Any]


def use_code(user: User, code: str, *, device: str | None) -> str:
    """Let only somebody through who has the second factor of a user now, or a recovery code.

    Whoever has a passkey, and no seed, has recovery codes alone here.

    Either works once. A recovery code is not counted, because nobody guesses 120 bits: whoever is
    kept waiting by a stranger with the password comes in with one.

    Args:
        user: the user.
        code: what was typed.
        device: the number of the browser, if the user has given a code there before.

    Returns:
        What it was: `code` or `recovery code`.

    Raises:
        NoFactor: the user has none.
        PasswordFirst: all logins of the user were ended in between, and with them the half one.
        SeedNotReadable: see `seeds`.
        TooManyCodes: it was not looked at.
        WrongCode: it is none that is good, or was used already.
    """
    found = _look_at(user, code, device)
    try:
        _spend(user, found, found.used, in_epoch(user))
    except NotFresh:
        raise PasswordFirst from None
    return found.kind


def _look_at(user: User, code: str, device: str | None) -> _Code:
    """Return a code that is right, and not used as far as can be seen."""
    if not (user.has_factor or has_passkey(user)):
        raise NoFactor
    typed = recovery_codes.plain(code)
    if not user.has_factor or not (len(typed) == DIGITS and typed.isascii() and typed.isdigit()):
        kept = hash_secret(typed)
        if kept not in user.recovery_hashes:
            raise _refuse(user, "refused")
        return _Code(RECOVERY_CODE, {"recovery_hashes": kept}, {"pull__recovery_hashes": kept})
    try:
        throttle.spend_code(user.id, device=device)
    except TooManyCodes:
        _refuse(user, "throttled")
        raise
    seed, is_current = unseal(user.totp_seed or "", user.id)
    step = _step_of(seed, typed)
    if step is None or step <= (user.totp_step or 0):
        raise _refuse(user, "refused")
    throttle.forgive_code(user.id, device=device)
    newly = {} if is_current else {"totp_seed": seal(seed, user.id)}
    return _Code("code", {"totp_step__lt": step}, {"totp_step": step, **newly})


def _spend(
    user: User, code: _Code, updates: Mapping[str, Any], compared: Mapping[str, Any] | None = None
) -> User:
    """Use a code and do what it is used for, in one atomic step.

    Of two requests with one code at the same moment, the second finds that it was used.
    """
    same = User.objects(id=user.id, factor_since=user.factor_since)
    changed: User | None = same.filter(**code.unused, **(compared or {})).modify(
        new=True, **updates
    )
    if changed is None:
        if compared and not same.filter(**compared):
            raise NotFresh
        raise _refuse(user, "refused")
    if code.kind == RECOVERY_CODE:
        audit.record("recovery_code_used", user=str(user.id), name=user.name)
        orders.tell(user, "recovery_code_used")
    return changed


def _refuse(user: User, outcome: str) -> WrongCode:
    audit.record_at_most("code", outcome=outcome, user=str(user.id), name=user.name)
    return WrongCode()


def _step_of(seed: str, code: str) -> int | None:
    """Return the number of the 30 seconds that a code belongs to, if it is good now."""
    moment, codes = now().timestamp(), pyotp.HOTP(seed, digits=DIGITS)
    found = None
    for step in {int(moment + drift) // STEP for drift in (-DRIFT, DRIFT)}:
        if hmac.compare_digest(codes.at(step).encode(), code.encode(errors="replace")):
            found = step
    return found


# ---- what is shared


def require_own(by: User, user: User) -> None:
    """Let only a user through who has typed the password a short time ago.

    Args:
        by: who asks.
        user: whose second factor or passkey it is.

    Raises:
        AnothersRecord: somebody else asks.
        NotFresh: a login asks that is not fresh.
        NotWithToken: an API token asks.
    """
    if by.id != user.id:
        raise AnothersRecord
    require_recent(by)


def _new_factor(by: User) -> Any:
    if by.login is None or by.login.token is None:
        raise NotWithToken
    return NewFactor.objects(token_hash=hash_secret(by.login.token))


def _find_new_factor(by: User) -> NewFactor:
    new: NewFactor | None = _new_factor(by).filter(user=by.id, until__gt=now()).first()
    if new is None:
        raise NoNewFactor
    return new


def _address(user: User, seed: str) -> str:
    service = current_app.config["SERVICE_NAME"]
    address: str = pyotp.TOTP(seed).provisioning_uri(name=user.name, issuer_name=service)
    return address


def note(event: str, user: User, by: User | Operator, **about: Any) -> None:
    """Write down what was done to a second factor or a passkey, and tell its user by mail.

    Args:
        event: what was done, as the audit log and the mails call it.
        user: whose it is.
        by: who did it.
        **about: what else the audit log keeps.
    """
    who = str(by.id) if by.id is not None else None
    audit.record(event, user=str(user.id), name=user.name, by=who, **about)
    orders.tell(user, event)
