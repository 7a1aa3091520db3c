"""Session cookies: forged, copied, planted, and still good when they should not be."""

import base64
import contextlib
import hashlib
import hmac
import re
import uuid
from typing import Any

from flask.sessions import SecureCookieSessionInterface, TaggedJSONSerializer
from itsdangerous import BadSignature, URLSafeTimedSerializer

from flasklogin_tutorial.attacks import sources, web
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.keys import PUBLISHED, PUBLISHED_KEYS, Key
from flasklogin_tutorial.attacks.outcome import Exchange, NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Person, Reply, cut, read_session

_NOTEBOOK = "10_sessions_and_cookies"
_ON_COOKIES = "10c_where_cookies_go"

#: Ids that no user has.
BROKEN_IDS: dict[str, Any] = {
    "a short number": "22",
    "nothing": "",
    "null": None,
    "a number": 22,
    "a list": ["22"],
    "an operator": {"$ne": None},
    "a name": "ada",
    "a long text": "f" * 3000,
    "control characters": "\x00\x07",
    "a lone surrogate": "\ud800",
}


#: What may stand beside an id: nothing, or a short number.
_COUNT = re.compile(r"(\W?[0-9]{1,6}\W?)?")


def _signer(key: str | bytes) -> URLSafeTimedSerializer:
    """Return what Flask signs its session cookies with."""
    return URLSafeTimedSerializer(
        key,
        salt=SecureCookieSessionInterface.salt,
        serializer=TaggedJSONSerializer(),
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha1},
    )


def _session_value(target: Target, browser: Browser) -> str:
    value = browser.cookies.get(target.session_cookie())
    if not value:
        raise NotTried(f"A login sets no cookie named {target.session_cookie()}.")
    return value


def _published_key(value: str) -> str | bytes | None:
    """Return the published key that signed a cookie; None if none did."""
    for key in PUBLISHED_KEYS:
        try:
            _signer(key).loads(value)
        except BadSignature:
            continue
        return key
    return None


def _with_cookie(target: Target, name: str, value: str) -> Browser:
    browser = target.visitor()
    browser.cookies.set(name, value, domain=target.domain)
    return browser


def _said(target: Target, person: Person) -> dict[str, Any]:
    return read_session(person.browser.cookies, target.session_cookie()) or {}


def _guessable_identity(target: Target, victim: Person) -> str | None:
    """Return what the app's cookies know a user by, where an attacker can know it too.

    An id of the database stands in addresses and answers, and a name is known. A random text that
    every login or every user gets is known to nobody else.
    """
    identity = _said(target, victim).get("_user_id")
    if identity is None or not _is_known(target, victim, str(identity)):
        return None
    return str(identity)


def _is_known(target: Target, person: Person, identity: str) -> bool:
    """Tell whether a text is a user's name, or the id of their record in the database.

    A short number may stand beside it, which counts the logins or the passwords so far.
    """
    for known in (person.name, person.email, *_ids_of(target, person)):
        before, is_in, behind = identity.partition(known)
        if is_in and _COUNT.fullmatch(before) and _COUNT.fullmatch(behind):
            return True
    if not _looks_like_an_id(identity):
        return False
    again = target.visitor()
    target.deeds.log_in_as(person, "a second time", browser=again)
    said = read_session(again.cookies, target.session_cookie()) or {}
    return str(said.get("_user_id")) == identity


def _ids_of(target: Target, person: Person) -> set[str]:
    """Return the id of a user's record in the database, as far as it is shown."""
    named = target.inside.stored_records(person.name)
    reached = target.inside.stored_records(person.email)
    whole = [one for one in named if one in reached]
    return {str(one.identity) for one in whole or named or reached}


def _in_plain(value: str) -> str:
    """Return a cookie with all that can be read in it without a key, as in a JSON Web Token."""
    read = [value]
    for part in value.split("."):
        with contextlib.suppress(ValueError):
            padded = part + "=" * (-len(part) % 4)
            read.append(base64.urlsafe_b64decode(padded).decode("utf-8", "replace"))
    return " ".join(read)


def _looks_like_an_id(text: str) -> bool:
    """Tell whether a text is a number or an ObjectId, as databases give them."""
    return re.fullmatch(rf"([0-9]+|[0-9a-f]{{24}})({_COUNT.pattern})", text) is not None


def _known_keys(target: Target, value: str = "") -> tuple[list[Key], str]:
    """Return the keys of an app that a stranger can know, and why the others are none of these.

    Args:
        target: the app.
        value: a session cookie of an app in another process.

    Raises:
        NotTried: nothing is known of where the key comes from.
    """
    if not target.is_in_process:
        key = _published_key(value) if value else None
        if key is not None:
            return [Key(key, PUBLISHED, "")], ""
        raise NotTried(
            f"None of {len(PUBLISHED_KEYS)} published keys has signed the cookie, and whether the "
            f"key stands in the source is not seen from here."
        )
    keys = target.inside.signing_keys()
    known = [key for key in keys if key.known_from]
    if not known and not all(key.origin for key in keys):
        raise NotTried("The source of this app is not known here, nor where its key comes from.")
    return known, " ".join(key.origin for key in keys)


@attack(
    "forged-session-cookie",
    "A stranger writes a session cookie for anyone",
    who="Anyone who can read the app's source, or guess what examples call a secret.",
    source=sources.SECRET_KEY,
    fixed_in="13_keys_and_settings",
)
def _forged_session(target: Target) -> Outcome:
    attacker, victim = target.people.regular(), target.people.member()
    mine = _session_value(target, attacker.browser)
    seen = target.senses.whoami(attacker.browser, "with the attacker's own cookie")
    if target.is_in_process and target.inside.session_signer() is None:
        raise NotTried("The app's session cookie is not signed with its key.")
    known, origin = _known_keys(target, mine)
    if not known:
        return held(origin, seen)
    identity = _guessable_identity(target, victim)
    if identity is None:
        says = f"The secret key {known[0].known_from}, and yet nobody knows what to write with it: "
        return held(f"{says}the cookie holds a random text.", seen)
    said = _said(target, attacker) | {"_user_id": identity}
    for key in known:
        signer = target.inside.session_signer(key.value) or _signer(key.value)
        browser = _with_cookie(target, target.session_cookie(), signer.dumps(said))
        answer = target.senses.whoami(browser, f"with a cookie forged for {victim.name}")
        if target.senses.tells(answer, victim):
            says = f"The secret key is {key.value!r}, and signs a cookie for anyone."
            if key.known_from != PUBLISHED:
                says = f"The secret key {key.known_from}, and signs a cookie for anyone."
            return got_in(says, answer)
    return held(f"The secret key {known[0].known_from}, and yet no cookie could be forged.", answer)


@attack(
    "forged-remember-cookie",
    "A stranger writes a remember cookie for anyone, in an app that remembers nobody",
    who="Anyone who can read the app's source, or guess what examples call a secret.",
    source=sources.SECRET_KEY,
    fixed_in="13_keys_and_settings",
)
def _forged_remember(target: Target) -> Outcome:
    victim = target.people.regular()
    identity = str(_said(target, victim).get("_user_id", victim.name))

    def forge(key: str | bytes) -> Reply:
        secret = key.encode("latin-1") if isinstance(key, str) else key
        digest = hmac.new(secret, identity.encode(), hashlib.sha512).hexdigest()
        browser = _with_cookie(target, target.remember_cookie(), f"{identity}|{digest}")
        return target.senses.whoami(browser, f"with a remember cookie forged for {victim.name}")

    if not target.is_in_process:
        for key in PUBLISHED_KEYS:
            answer = forge(key)
            if target.senses.tells(answer, victim):
                return got_in(f"The secret key is {key!r}: no session is needed.", answer)
        _known_keys(target)
    # With the app's own key it is seen whether a cookie made like this opens anything at all.
    opening = [
        key for key in target.inside.signing_keys() if target.senses.tells(forge(key.value), victim)
    ]
    answer = forge(opening[0].value if opening else "no key")
    if not opening:
        return held("Not even the app's own key makes a remember cookie that opens it.", answer)
    known, origin = _known_keys(target)
    if not any(key in known for key in opening):
        return held(origin, forge("no key"))
    if _guessable_identity(target, victim) is None:
        says = f"The secret key {known[0].known_from}, and yet nobody knows what to write with it: "
        return held(f"{says}the cookie holds a random text.", forge("no key"))
    used = next(key for key in opening if key in known)
    if used.known_from == PUBLISHED:
        return got_in(f"The secret key is {used.value!r}: no session is needed.", answer)
    return got_in(f"The secret key {used.known_from}: no session is needed.", answer)


@attack(
    "broken-ids",
    "A cookie with an id that is no id makes the app crash",
    who="A visitor with a cookie from before the ids were changed; a forger.",
    source=sources.BAD_ID,
    fixed_in="09b_what_comes_in_and_goes_out",
)
def _broken_ids(target: Target) -> Outcome:
    person = target.people.regular()
    value = _session_value(target, person.browser)
    # Signed with the app's own key: what is tried is the user loader, not the signature.
    serializer = target.inside.session_signer()
    if serializer is None and (key := _published_key(value)) is not None:
        serializer = _signer(key)
    if serializer is None:
        raise NotTried("The app's sessions are not signed cookies, or the key is not known here.")
    own = _said(target, person)
    right = _with_cookie(target, target.session_cookie(), serializer.dumps(own))
    if not target.senses.is_in(right, person):
        raise NotTried("A cookie that is signed here opens nothing, even with a right id in it.")
    replies = []
    for shown, broken in BROKEN_IDS.items():
        for said in (own | {"_user_id": broken}, {"_user_id": broken, "_fresh": True}):
            browser = _with_cookie(target, target.session_cookie(), serializer.dumps(said))
            replies.append(target.senses.whoami(browser, f"with a cookie whose id is {shown}"))
    crashed = [reply for reply in replies if reply.crashed]
    if crashed:
        says = f"{len(crashed)} of {len(replies)} cookies caused a server error."
        return got_in(says, *crashed[:5])
    return held(f"None of {len(replies)} cookies caused a server error.", replies[0])


def _copy_that_works(target: Target, victim: Person) -> Browser:
    """Open the browser of somebody who has copied a login, where the victim is.

    Raises:
        NotTried: the copy opens nothing even now, so that it opens nothing later says nothing.
    """
    thief = target.copy_of(victim.browser, address=victim.address)
    if not target.senses.is_in(thief, victim):
        raise NotTried("A copied session cookie opens nothing, even while its owner is logged in.")
    return thief


@attack(
    "replay-after-logout",
    "A copied session cookie works after its owner has logged out",
    who="Anyone who copied the cookie: from a shared computer, a log, a stolen backup.",
    source=sources.REPLAY,
    fixed_in=_NOTEBOOK,
)
def _replay_after_logout(target: Target) -> Outcome:
    target.doors.must_open("logout")
    victim = target.people.member()
    thief = _copy_that_works(target, victim)
    left = target.deeds.log_out(victim.browser, victim.name)
    answer = target.senses.whoami(thief, "with the copied cookie, after the logout")
    if target.senses.tells(answer, victim):
        return got_in("The logout ended nothing but the owner's own cookie.", left, answer)
    return held("The copied cookie died with the logout.", left, answer)


@attack(
    "replay-after-password-change",
    "A copied session cookie works after its owner has changed the password",
    who="Anyone who copied the cookie; the new password was meant to shut them out.",
    source=sources.RENEW_SESSION,
    fixed_in=_NOTEBOOK,
)
def _replay_after_password_change(target: Target) -> Outcome:
    target.doors.must_open("update")
    victim = target.people.member()
    thief = _copy_that_works(target, victim)
    changed = target.people.change_password(victim)
    answer = target.senses.whoami(thief, "with the copied cookie, after the new password")
    if target.senses.tells(answer, victim):
        return got_in("A new password ended none of the old sessions.", changed, answer)
    return held("The copied cookie died with the old password.", changed, answer)


@attack(
    "id-in-cookie",
    "The session cookie tells the user's id in the database to whoever holds it",
    who="Anyone who sees the cookie; no key is needed to read it.",
    source=sources.SESSION_CONTENT,
    fixed_in=_NOTEBOOK,
)
def _id_in_cookie(target: Target) -> Outcome:
    person = target.people.regular()
    first = _said(target, person)
    again = target.visitor()
    answer = target.deeds.log_in_as(person, "a second time", browser=again)
    second = read_session(again.cookies, target.session_cookie()) or {}
    identity = first.get("_user_id")
    if identity and identity == second.get("_user_id"):
        if _is_known(target, person, str(identity)):
            says = f"Every login of one user has one id in its cookie: {identity}."
            return got_in(says, answer)
        if not _ids_of(target, person):
            raise NotTried(
                f"Every login of one user has one text in its cookie, {cut(str(identity), 40)}; "
                f"whether that is the id in the database is not seen here."
            )
    plain = [str(first), *(_in_plain(cookie.value or "") for cookie in person.browser.cookies)]
    ids = [one for one in sorted(_ids_of(target, person)) if len(one) > 8]
    if found := [one for one in ids if any(one in text for text in plain)]:
        return got_in(f"A cookie of the login holds the user's id: {found[0]}.", answer)
    return held("No id of the database can be read from the cookie.", answer)


@attack(
    "missing-cookie-flags",
    "The login's cookie goes where it should not: over plain HTTP, to scripts, from other sites",
    who="Anyone on the same network; any script on the page; any other site.",
    source=sources.COOKIE_OPTIONS,
    fixed_in=_ON_COOKIES,
)
def _missing_flags(target: Target) -> Outcome:
    person = target.people.user()
    try:
        answer = target.people.enter(person, remember=True)
    except NotTried:  # an app that remembers nobody may refuse to be asked
        answer = target.people.enter(person)
    if not person.browser.cookies:
        raise NotTried("A login sets no cookie.")
    missing = [
        f"{cookie.name} without {flag}"
        for cookie in person.browser.cookies
        if _opens(target, person, cookie.name)
        for flag, is_there in web.flags_of(cookie).items()
        if not is_there
    ]
    if missing:
        return got_in(f"The login sets {', '.join(missing)}.", answer)
    # An app that can remember, and was not asked as it wants to be: its settings say the rest.
    is_remembered = person.browser.cookies.get(target.remember_cookie())
    lacking = [] if is_remembered else _remember_flags_that_lack(target)
    if lacking and target.inside.remembers():
        says = f"The remember cookie would be without {' and '.join(lacking)}."
        setting = Exchange("the app was asked for its settings REMEMBER_COOKIE_…", says)
        return got_in(says, answer, setting)
    return held("The login's cookies have Secure, HttpOnly and SameSite.", answer)


def _opens(target: Target, person: Person, name: str) -> bool:
    """Tell whether a cookie is one by which somebody is logged in."""
    if name in (target.session_cookie(), target.remember_cookie()):
        return True
    alone = target.copy_of(person.browser, name, address=person.address)
    return target.senses.is_in(alone, person)


def _remember_flags_that_lack(target: Target) -> list[str]:
    """Return the flags that Flask-Login gives no remember cookie, by the app's settings."""
    setting = target.inside.setting
    flags = {
        "Secure": setting("REMEMBER_COOKIE_SECURE", False),
        "HttpOnly": setting("REMEMBER_COOKIE_HTTPONLY", True),
        "SameSite": str(setting("REMEMBER_COOKIE_SAMESITE") or "").lower() in ("lax", "strict"),
    }
    return [flag for flag, is_there in flags.items() if not is_there]


@attack(
    "session-fixation",
    "A session that the attacker planted is the victim's after the login",
    who="Anyone who can set a cookie in the victim's browser, as a sister site can.",
    source=sources.RENEW_SESSION,
    fixed_in=_ON_COOKIES,
    needs="server-side-sessions",
)
def _fixation(target: Target) -> Outcome:
    victim, attacker = target.people.user(), target.visitor()
    target.senses.whoami(attacker)
    for route in ("login_page", "delete"):  # whatever makes the app start a session
        if target.has(route):
            target.call(attacker, route, about="nobody")
    if not attacker.cookies.get(target.session_cookie()):
        made_up = str(uuid.uuid4())
        attacker.cookies.set(target.session_cookie(), made_up, domain=target.domain)
    planted = target.copy_of(attacker, address=victim.address)
    answer = target.deeds.log_in_as(victim, "with a planted cookie", browser=planted)
    if not target.senses.is_in(planted, victim):
        raise NotTried(f"With a planted cookie nobody can log in: {answer.came_back}.")
    seen = target.senses.whoami(attacker, "the attacker, with the same cookie")
    if target.senses.tells(seen, victim):
        return got_in("The login kept the session that was there before it.", answer, seen)
    return held("The planted cookie did not become the victim's session.", answer, seen)


@attack(
    "session-protection-spoofed",
    "A header passes the check that ties a session to an address",
    who="Anyone who copied the cookie and knows the victim's address.",
    source=sources.FORWARDED_FOR,
    fixed_in=_ON_COOKIES,
    needs="strong-session-protection",
)
def _protection_spoofed(target: Target) -> Outcome:
    if not target.is_in_process:
        raise NotTried("All requests to a running server come from one address.")
    victim = target.people.member()
    thief = target.copy_of(victim.browser)
    plain = target.senses.whoami(thief, "with a copied cookie, from elsewhere")
    if target.senses.tells(plain, victim):
        raise NotTried("This app does not tie a session to an address.")
    if not target.senses.is_in(target.copy_of(victim.browser, address=victim.address), victim):
        raise NotTried("A copied session cookie opens nothing, from the victim's address either.")
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        thief = target.copy_of(victim.browser)
        value = f"for={victim.address}" if header == "Forwarded" else victim.address
        who = f"from elsewhere, with {header}: {value}"
        spoofed = target.senses.whoami(thief, who, {header: value})
        if target.senses.tells(spoofed, victim):
            return got_in(f"The header {header} passes for the address.", plain, spoofed)
    return held("No header passes for the address.", plain, spoofed)


@attack(
    "deleted-users-cookie",
    "The cookie of a deleted user opens the account of the next user of that name",
    who="A former user who kept the cookie.",
    source=sources.END_SESSIONS,
    fixed_in="12d_close_an_account",
    needs="name-as-id",
)
def _deleted_users_cookie(target: Target) -> Outcome:
    target.doors.must_open("delete")
    former = target.people.member()
    kept = _copy_that_works(target, former)
    gone = target.people.remove(former)
    seen = target.senses.whoami(kept, "with a deleted user's cookie")
    if seen.crashed:
        return got_in("The cookie of a deleted user causes a server error.", gone, seen)
    heir = target.people.user(name=former.name)
    seen = target.senses.whoami(kept, "with the cookie, after the name was given away again")
    if target.senses.tells(seen, heir):
        return got_in("The old cookie is logged in to the new account.", gone, seen)
    return held("The cookie of a deleted user belongs to nobody.", gone, seen)
