"""Remember cookies: what Flask-Login writes, id and signature, has no end."""

import datetime

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import NotTried, Outcome, got_in, held
from flasklogin_tutorial.attacks.people import new_password
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import Browser, Person

_NOTEBOOK = "10b_remembered_logins"


#: After which every remember cookie has ended that ends at all.
LONG = datetime.timedelta(days=3653)


def _lasting(browser: Browser) -> dict[str, str]:
    """Return the cookies that outlive the browser."""
    return {cookie.name: cookie.value or "" for cookie in browser.cookies if cookie.expires}


def _remembered(target: Target, **options: str) -> tuple[Person, dict[str, str]]:
    """Log a user in who asks to be remembered."""
    person = target.people.member(remember=True, **options)
    lasting = _lasting(person.browser)
    if not lasting:
        raise NotTried("No cookie of a login outlives the browser: nobody is remembered.")
    return person, lasting


def _copied(target: Target, victim: Person, lasting: dict[str, str]) -> Browser:
    """Open the browser of somebody who has copied the lasting cookies, where the victim is.

    Raises:
        NotTried: these cookies alone open nothing even now, so that they open nothing later says
            nothing.
    """
    first = target.copy_of(victim.browser, *lasting, address=victim.address)
    if not target.senses.is_in(first, victim):
        raise NotTried("The remember cookie alone opens nothing, whoever has it.")
    return target.copy_of(victim.browser, *lasting, address=victim.address)


def _remembered_apart(target: Target) -> tuple[Person, dict[str, str]]:
    """The same, in an app whose remembered logins can be told from those of a moment ago."""
    victim, lasting = _remembered(target)
    if target.session_cookie() in lasting:
        raise NotTried("One cookie is session and memory; to see it grow old takes days.")
    return victim, lasting


@attack(
    "remember-after-logout",
    "A copied remember cookie works after its owner has logged out",
    who="Anyone who copied the cookie: from a shared computer, a log, a stolen backup.",
    source=sources.REMEMBER_COOKIE,
    fixed_in=_NOTEBOOK,
    needs="remember-me",
)
def _after_logout(target: Target) -> Outcome:
    target.doors.must_open("logout")
    victim, lasting = _remembered(target)
    thief = _copied(target, victim, lasting)
    left = target.deeds.log_out(victim.browser, victim.name)
    answer = target.senses.whoami(thief, "with the copied remember cookie, after the logout")
    if target.senses.tells(answer, victim):
        return got_in("The logout deleted the owner's cookie, and no other.", left, answer)
    return held("The remember cookie died with the logout.", left, answer)


@attack(
    "remember-after-password-change",
    "A copied remember cookie works after its owner has changed the password",
    who="Anyone who copied the cookie; the new password was meant to shut them out.",
    source=sources.REMEMBER_COOKIE,
    fixed_in=_NOTEBOOK,
    needs="remember-me",
)
def _after_password_change(target: Target) -> Outcome:
    victim, lasting = _remembered(target)
    thief = _copied(target, victim, lasting)
    target.doors.must_open("update")
    changed = target.people.change_password(victim)
    answer = target.senses.whoami(thief, "with the copied remember cookie, after the new password")
    if target.senses.tells(answer, victim):
        return got_in("The cookie holds an id, and no password changes that.", changed, answer)
    return held("The remember cookie died with the old password.", changed, answer)


@attack(
    "remember-for-ever",
    "A remember cookie never expires on the server",
    who="Anyone who copied the cookie, however long ago.",
    source=sources.END_SESSIONS,
    fixed_in=_NOTEBOOK,
    needs="remember-me",
)
def _for_ever(target: Target) -> Outcome:
    person, first = _remembered(target)
    again = target.visitor()
    answer = target.deeds.log_in_as(person, "a second time", browser=again, remember=True)
    second = _lasting(again)
    same = [name for name, value in first.items() if second.get(name) == value]
    if same:
        says = f"{same[0]} is the same at every login: nothing in it can grow old."
        return got_in(says, answer)
    if not target.is_in_process:
        raise NotTried(
            "Every login gets a remember cookie of its own, and whether that ends on the server "
            "was not waited for."
        )
    thief = _copied(target, person, first)
    with target.inside.put_forward(LONG):
        late = target.senses.whoami(thief, "with a copied remember cookie, ten years later")
    if target.senses.tells(late, person):
        return got_in("A copied remember cookie is good for ten years and more.", answer, late)
    return held("Every login gets a remember cookie of its own, and it ends.", answer, late)


@attack(
    "old-login-changes-password",
    "A remember cookie alone is enough to set a new password",
    who="Anyone who copied the cookie; the account is then theirs.",
    source=sources.FRESH_LOGIN,
    fixed_in=_NOTEBOOK,
    needs="remember-me",
)
def _changes_password(target: Target) -> Outcome:
    victim, lasting = _remembered_apart(target)
    target.doors.must_open("update")
    thief = _copied(target, victim, lasting)
    stolen = new_password()
    answer = target.deeds.update(thief, victim, "with the remember cookie alone", password=stolen)
    if target.senses.works(victim.name, stolen):
        return got_in("Nobody asked for the old password or a new login.", answer)
    return held("A remembered login may not set a password.", answer)


@attack(
    "renewed-login-is-fresh",
    "Whoever copied a remember cookie logs out everywhere else, and may then set a new password",
    who="Anyone who copied the cookie; the account is then theirs.",
    source=sources.SAME_STRENGTH,
    fixed_in=_NOTEBOOK,
    needs="log-out-everywhere",
)
def _renewed_is_fresh(target: Target) -> Outcome:
    victim, lasting = _remembered_apart(target)
    target.doors.must_open("update")
    target.doors.must_open("end_others")
    thief = _copied(target, victim, lasting)
    stolen = new_password()
    who = "with the remember cookie alone"
    before = target.deeds.update(thief, victim, who, password=stolen)
    if target.senses.works(victim.name, stolen):
        raise NotTried("A remember cookie sets a password here; see old-login-changes-password.")
    pressed = target.deeds.press(thief, "end_others", who)
    after = target.deeds.update(thief, victim, "after that", password=stolen)
    if target.senses.works(victim.name, stolen):
        says = "The login that began when all others ended is fresh, and nobody typed a password."
        return got_in(says, before, pressed, after)
    return held("A remembered login is no fresher after all others were ended.", pressed, after)
