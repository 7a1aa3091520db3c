"""How each refusal of the app's rules is told: its status, its sentences and its headers.

The rules know neither (see `refusals`). A view sends all of it, a command prints the sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import refusals
from .refusals import Refusal

#: Who asks for credentials, in the words of RFC 9110, section 11.5.
REALM = "flasklogin"


def challenge(**about: str) -> str:
    """Return the value of WWW-Authenticate.

    Source: RFC 6750, section 3; a realm is always written in quotes (RFC 9110, section 11.5).

    Args:
        **about: `error` and `error_description`, where a token was sent.

    Returns:
        The value of the header.
    """
    parts = [f'{name}="{value}"' for name, value in {"realm": REALM, **about}.items()]
    return f"Bearer {', '.join(parts)}"


@dataclass(frozen=True)
class Answer:
    """How a refusal of the app's rules is told; the facts of the refusal go into the braces.

    Attributes:
        status: the HTTP status.
        error: what happened.
        reason: why.
        advice: what to do next.
        fields: for each field of the input a sentence about it.
        headers: more headers of the answer.
    """

    status: int
    error: str
    reason: str
    advice: str
    fields: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


#: What is said of every input that will not do.
INVALID = (
    "invalid input",
    "The input is not what this takes.",
    "Correct what is listed under fields, and send it again.",
)

#: Every refusal of the app's rules, and how it is told.
ANSWERS: dict[type[Refusal], Answer] = {
    refusals.NoSuchUser: Answer(
        404, "data not found", "No user has this name.", "Check the spelling."
    ),
    refusals.NoSuchLogin: Answer(
        404, "data not found", "You have no such login.", "Reload the account page."
    ),
    refusals.NoSuchToken: Answer(
        404, "data not found", "You have no such API token.", "Reload the account page."
    ),
    refusals.AdministratorsOnly: Answer(
        403, "forbidden", "Only an administrator may do this.", "Ask an administrator."
    ),
    refusals.AnothersRecord: Answer(
        403, "forbidden", "The record is another user's.", "Ask an administrator."
    ),
    refusals.NotWithToken: Answer(
        403,
        "forbidden",
        "An API token cannot do this.",
        "Log in with the password, and repeat the request.",
        headers={
            "WWW-Authenticate": challenge(
                error="insufficient_scope", error_description="not with an API token"
            )
        },
    ),
    refusals.OwnPasswordFirst: Answer(
        403,
        "forbidden",
        "You still have the password that you were given, and somebody else has seen it.",
        "Choose a password of your own first.",
    ),
    refusals.NotFresh: Answer(
        401,
        "fresh login required",
        "This needs a login with the password in the last minutes, from this address.",
        "Log in again, then repeat the request.",
    ),
    refusals.TokenOver: Answer(
        401,
        "login required",
        "The API token is unknown, revoked or expired.",
        "Create a new token on the account page.",
        headers={
            "WWW-Authenticate": challenge(
                error="invalid_token", error_description="unknown, revoked or expired"
            )
        },
    ),
    refusals.NothingToChange: Answer(
        422, *INVALID, fields={"email": "Send a new one here, or a new password."}
    ),
    refusals.BadPassword: Answer(422, *INVALID, fields={"password": "{problem}"}),
    refusals.CurrentPasswordMissing: Answer(
        422,
        *INVALID,
        fields={"current_password": "This field is missing. Send your current password too."},
    ),
    refusals.CurrentPasswordWrong: Answer(
        422, *INVALID, fields={"current_password": "This is not your current password."}
    ),
    refusals.CurrentPasswordNotAsked: Answer(
        422,
        *INVALID,
        fields={"current_password": "This belongs to a new password of your own. Leave it out."},
    ),
    refusals.BadName: Answer(422, *INVALID, fields={"name": "{problem}"}),
    refusals.NameTaken: Answer(
        409,
        "name taken",
        "Another user has this name.",
        "Choose another name, or change the existing record.",
    ),
    refusals.NameLooksTaken: Answer(
        409,
        "name taken",
        "Another user has a name that looks like this one.",
        "Choose another name.",
    ),
    refusals.LastAdministrator: Answer(
        409,
        "last administrator",
        "Without this user nobody could manage the others.",
        "Make another user an administrator first.",
    ),
    refusals.TooManyTokens: Answer(
        409,
        "too many tokens",
        "You have {most} API tokens.",
        "Revoke those that nothing uses any more.",
    ),
    refusals.BadAddress: Answer(422, *INVALID, fields={"email": "{problem}"}),
    refusals.LinkOver: Answer(
        404,
        "link over",
        "This link was used, or is over, or a newer one took its place.",
        "Ask for another mail, and use the link of the latest one.",
    ),
    refusals.AddressNotConfirmed: Answer(
        409,
        "address not confirmed",
        "The user has not confirmed an e-mail address, so it may be somebody else's.",
        "Give a first password instead, or let the user confirm the address on the account page.",
    ),
    refusals.NoMail: Answer(
        409,
        "no mail",
        "This app sends no mail.",
        "Whoever runs the app sets MAIL_SERVER.",
    ),
    refusals.TooManyMails: Answer(
        429,
        "too many mails",
        "There were too many requests for a mail to this address, or from where you are.",
        "Wait {seconds} seconds, then try again. The link of the latest mail still works.",
        headers={"Retry-After": "{seconds}"},
    ),
    refusals.TooManyAttempts: Answer(
        429,
        "too many attempts",
        "There were too many attempts to sign in with this name or from this address.",
        "Wait {seconds} seconds, then try again.",
        headers={"Retry-After": "{seconds}"},
    ),
    refusals.TooManyPasswords: Answer(
        429,
        "too many new passwords",
        "You asked for too many new passwords in a short time.",
        "Wait {seconds} seconds, then try again.",
        headers={"Retry-After": "{seconds}"},
    ),
    refusals.FirstPasswordOver: Answer(
        401,
        "login refused",
        "This password was for the first days, and nobody chose another in time.",
        "Ask an administrator for a new one.",
    ),
    refusals.PasswordFirst: Answer(
        401,
        "login required",
        "The password comes first, and the code a few minutes later at most.",
        "Log in with name and password, then send the code.",
    ),
    refusals.WrongCode: Answer(
        401,
        "login refused",
        "The code is wrong, or too old, or was used already.",
        "Wait for the next code, if a telephone makes yours, or use an unused recovery code.",
    ),
    refusals.TooManyCodes: Answer(
        429,
        "too many attempts",
        "There were too many codes that were wrong.",
        "Wait {seconds} seconds, or use a recovery code.",
        headers={"Retry-After": "{seconds}"},
    ),
    refusals.FactorDemanded: Answer(
        403,
        "second factor required",
        "Your account needs a second factor, and has none yet.",
        "Set one up in a browser, on the page of your account.",
    ),
    refusals.FactorNotOffered: Answer(
        403,
        "forbidden",
        "There are no second factors here.",
        "Whoever runs this app can offer them, with SECOND_FACTOR.",
    ),
    refusals.FactorThere: Answer(
        409,
        "second factor is there",
        "You have a second factor already.",
        "Its page makes new recovery codes, and removes it. Then you can set up another.",
    ),
    refusals.NoFactor: Answer(
        409, "no second factor", "There is no second factor.", "Set one up first."
    ),
    refusals.NoNewFactor: Answer(
        409,
        "no new second factor",
        "No picture was shown to this login, or it was shown too long ago.",
        "Begin again.",
    ),
    refusals.SeedNotReadable: Answer(
        503,
        "service unavailable",
        "Codes cannot be compared at the moment.",
        "Use a recovery code. Whoever runs this app finds out why in its log.",
        headers={"Retry-After": "60"},
    ),
    refusals.PasskeyRefused: Answer(
        401, "login refused", "{problem}", "Try again, or log in with the password."
    ),
    refusals.PasskeyCopied: Answer(
        401,
        "login refused",
        "This passkey has signed before what it signs now, so there is a copy of it.",
        "Log in in another way, remove it, and make a new one.",
    ),
    refusals.PasskeyNotMade: Answer(422, "passkey not made", "{problem}", "Try again."),
    refusals.PasskeyTaken: Answer(
        409, "passkey taken", "This passkey is in use already.", "Make another one."
    ),
    refusals.TooManyPasskeys: Answer(
        409,
        "too many passkeys",
        "You have {most} passkeys.",
        "Remove those that you do not use any more.",
    ),
    refusals.NoSuchPasskey: Answer(
        404, "data not found", "You have no such passkey.", "Reload the page of your passkeys."
    ),
    refusals.LastWayIn: Answer(
        409,
        "last way in",
        "Without this passkey you could not come in any more.",
        "Add another passkey first, or a second factor beside the password.",
    ),
    refusals.ListNotReadable: Answer(
        503,
        "service unavailable",
        "New passwords cannot be compared with those of breaches at the moment.",
        "Try again later. Whoever runs this app finds out why in its log.",
        headers={"Retry-After": "60"},
    ),
    refusals.NamesNotChecked: Answer(
        503,
        "service unavailable",
        "The database holds users whose names have not been compared with one another.",
        "Whoever runs this app runs the command: users check-names --mend",
    ),
}
