"""What the rules of the app say no to, each with what somebody has to know who explains it.

Nothing here knows who asked, or how. A view answers a refusal with a status and a command with a
sentence, and both take them from the table in `answers`.
"""

from dataclasses import dataclass
from typing import ClassVar


class Refusal(Exception):
    """A rule of the app says no.

    Attributes:
        slug: which refusal it is, for programs. Several may share one.
    """

    slug: ClassVar[str]

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{self.slug}: {facts}" if facts else self.slug


# ---- what is not there


class NoSuchUser(Refusal):
    """Nobody has this name, or the user was deleted in the meantime."""

    slug = "not_found"


class NoSuchLogin(Refusal):
    """The user has no such login, or it has ended."""

    slug = "not_found"


class NoSuchToken(Refusal):
    """The user has no such API token."""

    slug = "not_found"


# ---- who may


class AdministratorsOnly(Refusal):
    """Whoever asks is no administrator."""

    slug = "forbidden"


class AnothersRecord(Refusal):
    """The record belongs to another user, and whoever asks is no administrator."""

    slug = "forbidden"


class NotWithToken(Refusal):
    """This needs somebody who typed a password, and an API token asks."""

    slug = "forbidden"


class OwnPasswordFirst(Refusal):
    """This needs a password that nobody else has seen, and the user has a first password."""

    slug = "own_password_required"


class NotFresh(Refusal):
    """The password was typed too long ago, or from another address, or the login has ended."""

    slug = "fresh_login_required"


class TokenOver(Refusal):
    """An API token asks that opens nothing: nobody made it, or it has ended."""

    slug = "invalid_token"


# ---- what cannot be done


class NothingToChange(Refusal):
    """A change was asked for, and nothing that is to be new."""

    slug = "invalid_input"


@dataclass(eq=False)
class BadPassword(Refusal):
    """A new password will not do.

    Attributes:
        problem: a sentence that says why.
    """

    slug = "invalid_input"
    problem: str


class CurrentPasswordMissing(Refusal):
    """Whoever changes their own password did not say the current one."""

    slug = "invalid_input"


class CurrentPasswordWrong(Refusal):
    """Whoever changes their own password said another than the current one."""

    slug = "invalid_input"


class CurrentPasswordNotAsked(Refusal):
    """A current password came with what is no change of one's own password."""

    slug = "invalid_input"


@dataclass(eq=False)
class BadName(Refusal):
    """A name will not do.

    Attributes:
        problem: a sentence that says why.
    """

    slug = "invalid_input"
    problem: str


class NameTaken(Refusal):
    """Another user has this name."""

    slug = "name_taken"


class NameLooksTaken(Refusal):
    """Another user has a name that people would take for this one."""

    slug = "name_taken"


class LastAdministrator(Refusal):
    """Without this user nobody could manage the others."""

    slug = "last_admin"


@dataclass(eq=False)
class TooManyTokens(Refusal):
    """The user has as many API tokens as anybody may have.

    Attributes:
        most: how many that is.
    """

    slug = "too_many_tokens"
    most: int


# ---- mail


@dataclass(eq=False)
class BadAddress(Refusal):
    """No mail is sent to such an address.

    Attributes:
        problem: a sentence that says why.
    """

    slug = "invalid_input"
    problem: str


class LinkOver(Refusal):
    """A link of a mail is unknown, was used, is over, or is for something else."""

    slug = "link_over"


class AddressNotConfirmed(Refusal):
    """The user has no address that they have confirmed."""

    slug = "address_not_confirmed"


class NoMail(Refusal):
    """This app sends no mail."""

    slug = "no_mail"


@dataclass(eq=False)
class TooManyMails(Refusal):
    """There were too many requests for a mail.

    Attributes:
        seconds: how long to wait.
    """

    slug = "too_many_mails"
    seconds: int


# ---- signing in


@dataclass(eq=False)
class TooManyAttempts(Refusal):
    """There were too many attempts to sign in.

    Attributes:
        seconds: how long to wait.
    """

    slug = "too_many_attempts"
    seconds: int


@dataclass(eq=False)
class TooManyPasswords(Refusal):
    """Whoever asks has asked for too many new passwords.

    Attributes:
        seconds: how long to wait.
    """

    slug = "too_many_passwords"
    seconds: int


class FirstPasswordOver(Refusal):
    """The password was for the first days, and these are over."""

    slug = "first_password_over"


# ---- the second factor


class PasswordFirst(Refusal):
    """A code came without a right password before it, or too long after one."""

    slug = "password_first"


class WrongCode(Refusal):
    """The code is none that is good now, or it was used already."""

    slug = "wrong_code"


@dataclass(eq=False)
class TooManyCodes(Refusal):
    """There were too many codes for this user.

    Attributes:
        seconds: how long to wait.
    """

    slug = "too_many_codes"
    seconds: int


class FactorDemanded(Refusal):
    """The user has to have a second factor, and has none yet."""

    slug = "second_factor_required"


class FactorNotOffered(Refusal):
    """The settings of the app let nobody begin a second factor."""

    slug = "second_factor_off"


class FactorThere(Refusal):
    """The user has a second factor already."""

    slug = "second_factor_there"


class NoFactor(Refusal):
    """The user has no second factor that could be changed."""

    slug = "no_second_factor"


class NoNewFactor(Refusal):
    """This login was shown no seed, or too long ago."""

    slug = "no_new_second_factor"


class SeedNotReadable(Refusal):
    """The seed is encrypted with a key that is not among the settings."""

    slug = "seed_not_readable"


# ---- passkeys


@dataclass(eq=False)
class PasskeyRefused(Refusal):
    """Nobody is logged in by this answer of a passkey.

    Attributes:
        problem: a sentence that says why.
    """

    slug = "passkey_refused"
    problem: str


class PasskeyCopied(Refusal):
    """The answer is right, and the passkey has signed less often than one with the same key."""

    slug = "passkey_copied"


@dataclass(eq=False)
class PasskeyNotMade(Refusal):
    """No passkey is kept because of this answer.

    Attributes:
        problem: a sentence that says why.
    """

    slug = "passkey_not_made"
    problem: str


class PasskeyTaken(Refusal):
    """There is a passkey that calls itself the same, whosever it is."""

    slug = "passkey_taken"


@dataclass(eq=False)
class TooManyPasskeys(Refusal):
    """The user has as many passkeys as anybody may have.

    Attributes:
        most: how many that is.
    """

    slug = "too_many_passkeys"
    most: int


class NoSuchPasskey(Refusal):
    """The user has no such passkey."""

    slug = "not_found"


class LastWayIn(Refusal):
    """Without this passkey its user could not come in."""

    slug = "last_way_in"


# ---- what the server keeps


class ListNotReadable(Refusal):
    """The list of breached passwords was there when the app started, and cannot be read now."""

    slug = "list_not_readable"


class NamesNotChecked(Refusal):
    """Users are stored without the keys that names are compared by, or two have the same key."""

    slug = "database_not_ready"
