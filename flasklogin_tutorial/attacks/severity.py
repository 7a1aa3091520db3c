"""How bad it is if an attack gets in: a word, and the reason in one sentence.

The word says what the attacker ends up with, and what they had to have before:

- critical: whoever has nothing, or an account of their own, gets other accounts or the server.
- serious: an account or what it holds is lost, once the attacker has something that people do lose:
  a copied cookie, a click of the victim, a backup of the database.
- moderate: a way to other harm: it saves the attacker work, or keeps what should have ended.
- minor: it annoys, or tells little.
"""

from dataclasses import dataclass
from enum import StrEnum

from flasklogin_tutorial.attacks.attack import Attack


class Grade(StrEnum):
    """How bad it is, the worst first."""

    CRITICAL = "critical"
    SERIOUS = "serious"
    MODERATE = "moderate"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        """Its place in the order: 0 for the worst."""
        return list(Grade).index(self)


@dataclass(frozen=True)
class Severity:
    """How bad it is if an attack gets in.

    Attributes:
        grade: the word.
        reason: why, in one sentence.
    """

    grade: Grade
    reason: str


#: What is said of an attack that is not in the table: one that somebody wrote themself.
NOT_JUDGED = Severity(Grade.MODERATE, "Nobody has judged it yet.")


def severity_of(one: Attack) -> Severity:
    """Return how bad it is if an attack gets in."""
    return SEVERITIES.get(one.name, NOT_JUDGED)


_C, _S, _M, _L = Grade.CRITICAL, Grade.SERIOUS, Grade.MODERATE, Grade.MINOR

#: By the name of the attack.
SEVERITIES = {
    # ---- passwords and injection
    "plaintext-at-rest": Severity(
        _S, "One copy of the database is every password, and people use theirs elsewhere too."
    ),
    "equal-passwords-look-equal": Severity(
        _M, "It takes a copy of the database, and then one guess opens many accounts."
    ),
    "costly-password": Severity(_M, "A few requests keep the app from answering anybody."),
    "names-found-by-answer": Severity(
        _M, "The names of the users are half of what a guesser needs."
    ),
    "names-found-by-work": Severity(
        _M, "The names of the users are half of what a guesser needs, and a clock is enough."
    ),
    "weak-password": Severity(
        _S, "The first passwords that everybody tries open the accounts of those who took them."
    ),
    "operator-logs-in": Severity(
        _C, "One request without a name or a password is a login, often that of the first admin."
    ),
    "operator-picks-a-user": Severity(
        _C, "One request opens any account whose name is known, and needs no password."
    ),
    "regex-oracle": Severity(_C, "Some hundred requests spell out the password of any user."),
    "operator-in-a-record": Severity(
        _C, "One request deletes records that its sender may not touch, all of them if they like."
    ),
    # ---- bad input
    "password-in-answers": Severity(
        _C, "Whoever may read a record reads a password, or the hash that stands for it."
    ),
    "malformed-bodies": Severity(
        _L, "A request fails and the log fills, and nobody gets anything that is not theirs."
    ),
    "wrongly-typed-fields": Severity(
        _L, "A request fails and the log fills; it also shows that no type is checked."
    ),
    "oversize-body": Severity(_M, "A few visitors at once take all the memory of the server."),
    "refusal-says-200": Severity(
        _L, "Guessing goes unnoticed by whatever counts refusals: logs, alarms, proxies."
    ),
    "header-crashes": Severity(
        _L, "A request fails and the log fills, and nobody gets anything that is not theirs."
    ),
    "lookalike-names": Severity(
        _M, "Whoever has such a name is taken for somebody else by people, and not by the app."
    ),
    "broken-ids": Severity(
        _L, "Whoever has an old cookie sees an error until they delete it, and nobody else does."
    ),
    # ---- sessions and cookies
    "remember-after-logout": Severity(
        _S, "A copied cookie opens the account, and its owner has no way to end that."
    ),
    "remember-after-password-change": Severity(
        _S, "The new password, which was to shut the thief out, does not."
    ),
    "remember-for-ever": Severity(_M, "A copy of the cookie is a key that never gets old."),
    "old-login-changes-password": Severity(
        _S, "A copied cookie becomes the account itself: its owner is shut out."
    ),
    "renewed-login-is-fresh": Severity(
        _S, "A copied cookie becomes the account itself, past the check that was to stop it."
    ),
    "replay-after-logout": Severity(
        _S, "A copied cookie opens the account, and its owner has no way to end that."
    ),
    "replay-after-password-change": Severity(
        _S, "The new password, which was to shut the thief out, does not."
    ),
    "id-in-cookie": Severity(_L, "An id alone opens nothing, but other attacks ask for one."),
    "missing-cookie-flags": Severity(
        _S, "A network, a script or another site gets at the cookie, and the cookie is the login."
    ),
    "session-fixation": Severity(
        _S, "The attacker has the victim's session from the moment of the login on."
    ),
    "session-protection-spoofed": Severity(
        _M, "It takes a copied cookie; the check that was to make it worthless is passed."
    ),
    # ---- cross-site requests
    "cross-site-write": Severity(
        _S, "One page that the victim opens gives the attacker the account."
    ),
    "login-csrf": Severity(
        _M, "The victim works in the attacker's account, and leaves there what they type."
    ),
    "cross-site-logout": Severity(_L, "The victim has to log in again, and loses nothing else."),
    "logout-by-link": Severity(_L, "The victim has to log in again, and loses nothing else."),
    "framed-or-misread": Severity(
        _M, "A page can lead the victim's own clicks to buttons that they do not see."
    ),
    "private-answer-cached": Severity(
        _M, "The next person reads what the cache kept, and can do nothing with it in the app."
    ),
    "open-redirect": Severity(
        _M, "The victim trusts the address of the link, and types the password somewhere else."
    ),
    # ---- who may do what
    "unbounded-guessing": Severity(
        _S, "Every password that can be guessed is guessed; it is only a question of time."
    ),
    "password-spraying": Severity(
        _S, "Among many users somebody has the password that is tried with every name."
    ),
    "throttle-fooled-by-header": Severity(
        _S, "The limit on guesses is there and holds nobody back who can write a header."
    ),
    "victim-locked-out": Severity(
        _M, "A stranger decides who may work, and gets into no account by it."
    ),
    "counted-by-address-alone": Severity(
        _M, "Guessing goes on from new addresses, of which one customer of a provider has many."
    ),
    "forgiven-by-a-right-login": Severity(
        _M, "Guessing goes on as long as a right login comes in between."
    ),
    "bounded-by-nothing": Severity(
        _L, "It takes the password; a login of a thief goes unnoticed among many."
    ),
    "stranger-writes": Severity(
        _C, "Whoever reaches the app changes its data, and needs no account."
    ),
    "anyone-edits-anyone": Severity(
        _C, "Every user can take every account, an administrator's too."
    ),
    "anyone-deletes-anyone": Severity(_C, "Every user can delete every account."),
    "anyone-creates-users": Severity(
        _M, "Whoever is shut out has another account at once, made by a friend or by themself."
    ),
    "stranger-reads-email": Severity(
        _M, "Personal data leaves the app, and is what the next mail to the victim is made of."
    ),
    "mass-assignment-admin": Severity(_C, "Every user can make themself an administrator."),
    "mass-assignment-id": Severity(_C, "Every user can write over the account of another."),
    "disabled-user-stays-in": Severity(
        _S, "Closing an account does not stop whoever is using it at that moment."
    ),
    "duplicate-names": Severity(
        _S, "Two users share a name, and what is looked up by the name is given to the wrong one."
    ),
    "deleted-users-cookie": Severity(
        _S, "A former user gets the account of the next one who has the name."
    ),
    # ---- how the app runs
    "debug-mode": Severity(_C, "Whoever passes the PIN runs any code on the server."),
    "traceback-in-answers": Severity(
        _M, "Source, paths and values tell an attacker where to look, and sometimes a secret."
    ),
    "disabled-user-logs-in": Severity(
        _S, "Closing an account closes nothing; the password still opens it."
    ),
    "forged-session-cookie": Severity(
        _C, "Whoever has the key is any user they like, without a password."
    ),
    "forged-remember-cookie": Severity(
        _C, "Whoever has the key is any user they like, without a password."
    ),
    # ---- APIs and tokens
    "foreign-page-reads": Severity(
        _S, "One page that the victim opens reads all that the app shows to them."
    ),
    "credential-outlives-its-maker": Severity(
        _S, "Whoever was shut out goes on with the token that they made before."
    ),
    # ---- a forgotten password
    "reset-poisoned-by-host": Severity(
        _S, "The victim follows the link of a true mail, and the attacker has the account."
    ),
    "reset-twice": Severity(_S, "Whoever finds an old mail has the account."),
    "reset-after-change": Severity(
        _S, "The new password, which was to shut the thief of a mail out, does not."
    ),
    "reset-tells-who-exists": Severity(
        _M, "The addresses of the users are half of what a guesser needs."
    ),
    "reset-tells-by-work": Severity(
        _M, "The addresses of the users are half of what a guesser needs, and a clock is enough."
    ),
    "link-spent-by-scanner": Severity(
        _M, "Whoever has such a filter gets no new password, or the filter acts in their place."
    ),
    "token-of-another-purpose": Severity(
        _S, "A mail that nobody guards as a key opens the account."
    ),
    "email-changed-then-reset": Severity(
        _S, "A minute at an open browser becomes the account itself: its owner is shut out."
    ),
    # ---- a second factor
    "second-step-skipped": Severity(
        _S, "A password that was found out is enough, as if there were no second factor."
    ),
    "second-step-of-somebody-else": Severity(
        _S, "Whoever has an account and sees one code of the victim has the victim's account."
    ),
    "code-twice": Severity(_S, "A password and one look at a telephone are enough."),
    "code-guessed": Severity(
        _S, "A password that was found out is enough; the code is only a question of time."
    ),
    "code-in-a-race": Severity(
        _M, "It takes the password, and a code in the same moment as its owner."
    ),
    "recovery-code-twice": Severity(
        _M, "It takes the password, and a code that its owner has crossed out."
    ),
    "seed-shown-again": Severity(
        _S, "A minute at an open browser is the victim's telephone, for good."
    ),
    "challenge-from-the-answer": Severity(
        _S, "One answer that was seen once is the account, for good."
    ),
    "challenge-in-the-cookie": Severity(
        _S, "One request that was seen on its way is the account, as often as somebody likes."
    ),
    "origin-not-checked": Severity(
        _C, "A page at another name gets in, and that it could not is what passkeys are for."
    ),
    "presence-is-not-verification": Severity(
        _S, "Whoever finds the key has the account, as if there had never been a PIN."
    ),
    "cloned-key": Severity(_M, "It takes the key itself for a while, and what copies it."),
    "key-taken-over": Severity(
        _S, "Whoever has an account takes a passkey away from another, or puts theirs in its place."
    ),
    "downgrade-to-password": Severity(
        _S, "A password that was found out is enough, as if there were no passkey."
    ),
    "owner-locked-out-by-codes": Severity(
        _M, "Whoever has the password decides whether the owner may work, and does not get in."
    ),
    "reset-goes-around": Severity(
        _S, "Whoever reads the mailbox has the account, as if there were no second factor."
    ),
    # ---- on a real database
    "duplicate-names-by-a-race": Severity(
        _S, "Two users share a name, and what is looked up by the name is given to the wrong one."
    ),
}
