"""Session cookies: forged, copied, planted, and still good when they should not be."""

import hashlib
import hmac
import uuid
from typing import Any

from flask.sessions import SecureCookieSessionInterface, TaggedJSONSerializer
from itsdangerous import BadSignature, URLSafeTimedSerializer

from flasklogin_tutorial.attacks import sources, web
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, read_session

_NOTEBOOK = "10_sessions_and_cookies"
_ON_COOKIES = "10c_where_cookies_go"

#: Secret keys that stand in books, in documentation and in half of all examples.
PUBLISHED_KEYS: tuple[str | bytes, ...] = (
    "some key",
    "secret",
    "secret key",
    "secret_key",
    "secret-key",
    "super secret",
    "super secret key",
    "super secret string",
    "my secret key",
    "mysecretkey",
    "change me",
    "changeme",
    "dev",
    "development",
    "dev-secret-key",
    "development key",
    "hard to guess string",
    "you-will-never-guess",
    "your-secret-key",
    "your-secret-key-here",
    "your_secret_key",
    "thisisasecretkey",
    "test",
    "a",
    b'_5#y2L"F4Q8z\n\xec]/',
    "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
    "5f352379324c22463451387a0aec5d2f",
)

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


@attack(
    "forged-session-cookie",
    "A stranger writes a session cookie for anyone",
    who="Anyone who can read the app's source, or guess what examples call a secret.",
    source=sources.SECRET_KEY,
    fixed_in="13_from_one_file_to_a_package",
)
def _forged_session(target: Target) -> Outcome:
    attacker, victim = target.people.member(), target.people.member()
    mine = _session_value(target, attacker.browser)
    seen = target.senses.whoami(attacker.browser, "with the attacker's own cookie")
    key = _published_key(mine)
    if key is None:
        says = f"None of {len(PUBLISHED_KEYS)} published keys has signed the cookie."
        return held(says, seen)
    theirs = read_session(victim.browser.cookies, target.session_cookie()) or {}
    own = read_session(attacker.browser.cookies, target.session_cookie()) or {}
    forged = _signer(key).dumps(own | {"_user_id": theirs.get("_user_id")})
    browser = _with_cookie(target, target.session_cookie(), forged)
    answer = target.senses.whoami(browser, f"with a cookie forged for {victim.name}")
    if target.senses.shows(answer, victim):
        return got_in(f"The secret key is {key!r}, and signs a cookie for anyone.", answer)
    return held(f"The secret key is {key!r}, and yet no cookie could be forged.", answer)


@attack(
    "forged-remember-cookie",
    "A stranger writes a remember cookie for anyone, in an app that remembers nobody",
    who="Anyone who can read the app's source, or guess what examples call a secret.",
    source=sources.SECRET_KEY,
    fixed_in="13_from_one_file_to_a_package",
)
def _forged_remember(target: Target) -> Outcome:
    victim = target.people.member()
    said = read_session(victim.browser.cookies, target.session_cookie()) or {}
    identity = str(said.get("_user_id", victim.name))
    for key in PUBLISHED_KEYS:
        secret = key.encode("latin-1") if isinstance(key, str) else key
        digest = hmac.new(secret, identity.encode(), hashlib.sha512).hexdigest()
        browser = _with_cookie(target, target.remember_cookie(), f"{identity}|{digest}")
        answer = target.senses.whoami(browser, f"with a remember cookie forged for {victim.name}")
        if target.senses.shows(answer, victim):
            return got_in(f"The secret key is {key!r}: no session is needed.", answer)
    return held(f"None of {len(PUBLISHED_KEYS)} published keys makes a remember cookie.", answer)


@attack(
    "broken-ids",
    "A cookie with an id that is no id makes the app crash",
    who="A visitor with a cookie from before the ids were changed; a forger.",
    source=sources.BAD_ID,
    fixed_in="09b_what_comes_in_and_goes_out",
)
def _broken_ids(target: Target) -> Outcome:
    person = target.people.member()
    value = _session_value(target, person.browser)
    # Signed with the app's own key: what is tried is the user loader, not the signature.
    serializer = target.inside.session_signer()
    if serializer is None and (key := _published_key(value)) is not None:
        serializer = _signer(key)
    if serializer is None:
        raise NotTried("The app's sessions are not signed cookies, or the key is not known here.")
    own = read_session(person.browser.cookies, target.session_cookie()) or {}
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
    thief = target.copy_of(victim.browser)
    left = target.deeds.log_out(victim.browser, victim.name)
    answer = target.senses.whoami(thief, "with the copied cookie, after the logout")
    if target.senses.shows(answer, victim):
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
    victim = target.people.member()
    thief = target.copy_of(victim.browser)
    target.doors.must_open("update")
    changed = target.people.change_password(victim)
    answer = target.senses.whoami(thief, "with the copied cookie, after the new password")
    if target.senses.shows(answer, victim):
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
    person = target.people.member()
    first = read_session(person.browser.cookies, target.session_cookie()) or {}
    again = target.visitor()
    answer = target.deeds.log_in_as(person, "a second time", browser=again)
    second = read_session(again.cookies, target.session_cookie()) or {}
    identity = first.get("_user_id")
    if identity and identity == second.get("_user_id"):
        return got_in(f"Every login of one user has one id in its cookie: {identity}.", answer)
    return held("No id that stays the same can be read from the cookie.", answer)


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
    missing = []
    for cookie in person.browser.cookies:
        if cookie.name not in (target.session_cookie(), target.remember_cookie()):
            continue
        flags = {
            "Secure": cookie.secure,
            "HttpOnly": cookie.has_nonstandard_attr("HttpOnly"),
            "SameSite": web.same_site(cookie) in ("lax", "strict"),
        }
        missing += [f"{cookie.name} without {flag}" for flag, there in flags.items() if not there]
    if not person.browser.cookies:
        raise NotTried("A login sets no cookie.")
    if missing:
        return got_in(f"The login sets {', '.join(missing)}.", answer)
    return held("The login's cookies have Secure, HttpOnly and SameSite.", answer)


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
    seen = target.senses.whoami(attacker, "the attacker, with the same cookie")
    if target.senses.shows(seen, victim):
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
    if target.senses.shows(plain, victim):
        raise NotTried("This app does not tie a session to an address.")
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
        thief = target.copy_of(victim.browser)
        value = f"for={victim.address}" if header == "Forwarded" else victim.address
        who = f"from elsewhere, with {header}: {value}"
        spoofed = target.call(thief, "whoami", who=who, headers={header: value})
        if target.senses.shows(spoofed, victim):
            return got_in(f"The header {header} passes for the address.", plain, spoofed)
    return held("No header passes for the address.", plain, spoofed)


@attack(
    "deleted-users-cookie",
    "The cookie of a deleted user opens the account of the next user of that name",
    who="A former user who kept the cookie.",
    source=sources.END_SESSIONS,
    fixed_in="12c_stop_the_guesser",
    needs="name-as-id",
)
def _deleted_users_cookie(target: Target) -> Outcome:
    target.doors.must_open("delete")
    former = target.people.member()
    kept = target.copy_of(former.browser)
    gone = target.people.remove(former)
    seen = target.senses.whoami(kept, "with a deleted user's cookie")
    if seen.crashed:
        return got_in("The cookie of a deleted user causes a server error.", gone, seen)
    heir = target.people.user(name=former.name)
    seen = target.senses.whoami(kept, "with the cookie, after the name was given away again")
    if target.senses.shows(seen, heir):
        return got_in("The old cookie is logged in to the new account.", gone, seen)
    return held("The cookie of a deleted user belongs to nobody.", gone, seen)
