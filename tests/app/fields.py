"""A table that is documentation and test at once: who may read and who may set what of a user.

test_fields.py walks it. docs/app.md shows it: `tools/build.py` puts it there.
"""

from dataclasses import dataclass

EVERYBODY = "everybody"
OWNER = "its user"
ADMIN = "administrators"
NOBODY = "nobody"


@dataclass(frozen=True)
class Field:
    """The rules for one field of a user.

    Attributes:
        read: who reads it, on a page or over the API.
        set: who may choose what is in it over the API, by creating or changing a record.
        how: how else it changes.
    """

    read: tuple[str, ...]
    set: tuple[str, ...] = ()
    how: str = "-"


FIELDS = {
    "id": Field((ADMIN,), how="made by the database; administrators see it in addresses"),
    "name": Field(
        (EVERYBODY,),
        how="chosen by the administrator who creates the user; the command `users rename`",
    ),
    "name_key": Field((), how="made of the name: what it is compared by"),
    "name_looks": Field((), how="made of the name: what it may be taken for"),
    "email": Field((OWNER, ADMIN), (OWNER, ADMIN)),
    "confirmed_email": Field((), how="its user confirms an address; what `email` was then"),
    "password": Field(
        (),
        (OWNER, ADMIN),
        "its user sends the current one too; an administrator's is a first password",
    ),
    "password_hash": Field((), how="made of the password"),
    "given_password_hash": Field((), how="what `password_hash` was of a first password that went"),
    "first_password_until": Field((OWNER, ADMIN), how="comes and goes with a first password"),
    "is_admin": Field((OWNER, ADMIN), how="administrators promote and demote"),
    "disabled": Field((ADMIN,), how="administrators disable and enable"),
    "factor_since": Field((OWNER, ADMIN), how="comes and goes with a second factor"),
    "totp_seed": Field((), how="as above; its user is shown the seed once, before that"),
    "totp_step": Field((), how="goes up with each code"),
    "recovery_hashes": Field((), how="made of the recovery codes, which their user is shown once"),
    "login_epoch": Field((), how="goes up with whatever ends all logins"),
}


def fields_table() -> str:
    """Return the fields as Markdown."""
    rows = ["| field | who reads it | who sets it over the API | how else it changes |"]
    rows += ["|:--|:--|:--|:--|"]
    rows += [
        f"| `{name}` | {', '.join(field.read) or NOBODY} | {', '.join(field.set) or NOBODY} "
        f"| {field.how} |"
        for name, field in FIELDS.items()
    ]
    return "\n".join(rows)
