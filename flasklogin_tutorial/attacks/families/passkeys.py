"""Passkeys: an answer sent twice, given to another page, by a copy, by a touch; and ways around."""

from flasklogin_tutorial.attacks import sources
from flasklogin_tutorial.attacks.attack import attack
from flasklogin_tutorial.attacks.outcome import Outcome, got_in, held
from flasklogin_tutorial.attacks.passkeys import add, with_passkey
from flasklogin_tutorial.attacks.target import Target
from flasklogin_tutorial.visit import SoftKey

_READ, _KEPT = "19b_what_a_key_says", "19c_send_it_twice_lose_all_keys"

#: What an app has that has passkeys.
_ON = ("passkey_page", "passkey_login", "new_passkey_page", "new_passkey")


@attack(
    "challenge-from-the-answer",
    "An old answer of a passkey logs somebody else in, because it brings its own challenge",
    who="Anyone who has seen one answer of the victim's: in a log, or on its way.",
    source=sources.CHALLENGE_COMPARED,
    fixed_in=_KEPT,
    needs="passkeys-echoed",
    on=_ON,
)
def _from_the_answer(target: Target) -> Outcome:
    holder, owner, thief = with_passkey(target, synced=True), target.visitor(), target.visitor()
    question = holder.question(owner)
    answer = holder.sign(question)
    first = holder.send(owner, question, answer, "the owner")
    again = holder.send(
        thief, holder.question(thief), answer, "in another browser, the same answer"
    )
    if holder.is_in(thief):
        return got_in("An answer to another question was taken, a second time.", first, again)
    return held("An answer has to be one to the question that was asked.", first, again)


@attack(
    "challenge-in-the-cookie",
    "A copy of the cookie and of the answer logs in once more",
    who="Anyone who has seen a whole login go by: in a log of requests, or as a proxy.",
    source=sources.CHALLENGE_KEPT,
    fixed_in=_KEPT,
    needs="passkeys",
    on=_ON,
)
def _in_the_cookie(target: Target) -> Outcome:
    holder, owner = with_passkey(target, synced=True), target.visitor()
    question = holder.question(owner)
    thief, answer = target.copy_of(owner), holder.sign(question)
    first = holder.send(owner, question, answer, "the owner")
    again = holder.send(thief, question, answer, "with the cookie of before, and the same answer")
    if holder.is_in(thief):
        return got_in("The copied cookie still had the challenge, so all was right again.", again)
    return held(
        "What was answered once is not asked any more, whatever a cookie says.", first, again
    )


@attack(
    "origin-not-checked",
    "A page at another name has the victim's passkey sign, and passes the answer on",
    who="Anyone who has a page at a host beside the app's, or at one that looks like it.",
    source=sources.ORIGIN_COMPARED,
    fixed_in="19_keys_that_cannot_be_phished",
    needs="passkeys",
    on=_ON,
)
def _origin(target: Target) -> Outcome:
    holder, answers = with_passkey(target), []
    scheme, _, host = holder.origin.partition("://")
    # A browser lets a host below the app's ask too. That it lets no other is the browser's doing.
    for origin in (f"{scheme}://evil.{host}", f"{scheme}://evil.example"):
        relay = target.visitor()
        question = holder.question(relay)
        answer = holder.sign(question, origin=origin)
        answers.append(holder.send(relay, question, answer, f"with what was signed at {origin}"))
        if holder.is_in(relay):
            return got_in(f"An answer was taken that was given to {origin}.", answers[-1])
    return held("An answer that was given to another page is refused.", *answers)


@attack(
    "presence-is-not-verification",
    "Whoever has the victim's key in their hands touches it, and needs no PIN",
    who="Anyone who finds the key, or sits down at the computer that it is in.",
    source=sources.VERIFIED_USER,
    fixed_in=_READ,
    needs="passkeys",
    on=_ON,
)
def _presence(target: Target) -> Outcome:
    holder, finder = with_passkey(target), target.visitor()
    holder.key.verifies = False
    answer = holder.log_in(finder, "with a touch alone")
    if holder.is_in(finder):
        return got_in(
            "The key said that it had asked for no PIN and no finger, and was taken.", answer
        )
    return held("An answer without a PIN or a finger is refused.", answer)


@attack(
    "cloned-key",
    "A copy of the victim's key logs in, though it has signed less often than the key itself",
    who="Anyone who could copy the key once.",
    source=sources.SIGN_COUNT,
    fixed_in=_READ,
    needs="passkeys",
    on=_ON,
)
def _cloned(target: Target) -> Outcome:
    holder, thief = with_passkey(target), target.visitor()
    clone = holder.key.clone()
    for _ in range(2):
        holder.log_in(target.visitor(), "the owner")
    answer = holder.log_in(thief, "with the copy", clone)
    if holder.is_in(thief):
        return got_in("The copy said a number that the key had said before, and was taken.", answer)
    return held("A number of signatures that was there before is refused.", answer)


@attack(
    "key-taken-over",
    "Whoever knows the id of a victim's passkey registers it for themself",
    who="Anyone with an account who has seen the id, which is no secret.",
    source=sources.CREDENTIAL_TAKEN,
    fixed_in=_KEPT,
    needs="passkeys",
    on=_ON,
)
def _taken_over(target: Target) -> Outcome:
    holder, attacker, key = with_passkey(target), target.people.member(), SoftKey()
    claimed = add(target, attacker, key, holder.origin, as_id=holder.credential_id)
    key.credentials[-1].user_handle = holder.key.credentials[-1].user_handle
    thief = target.visitor()
    answer = holder.log_in(thief, "with the attacker's key, under the victim's id", key)
    if holder.is_in(thief):
        return got_in("The attacker's key opens the victim's account.", claimed, answer)
    owner = target.visitor()
    answer = holder.log_in(owner, "the victim, with their own key")
    if not holder.is_in(owner):
        return got_in("The victim's own key opens their account no more.", claimed, answer)
    return held("An id that somebody has is given to nobody else.", claimed, answer)


@attack(
    "downgrade-to-password",
    "Whoever has the victim's password walks past the passkey",
    who="Anyone whose page looks like yours: it asks for the password, and never for the passkey.",
    source=sources.SECOND_FACTOR,
    fixed_in=_KEPT,
    needs="passkeys",
    on=_ON,
)
def _downgrade(target: Target) -> Outcome:
    holder, thief = with_passkey(target), target.visitor()
    answer = target.deeds.log_in_as(holder.person, "with the password alone", browser=thief)
    if holder.is_in(thief):
        return got_in("The password alone opens the account, as if there were no passkey.", answer)
    return held("With the password alone nobody is logged in who has a passkey.", answer)
