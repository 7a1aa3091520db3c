"""A table that is documentation and test at once: what each command demands, and what it ends.

test_commands.py walks it. docs/app.md shows it: `tools/build.py` puts it there.
"""

from dataclasses import dataclass

from .access import CREDENTIALS

ACTING = (
    "login",
    "remember cookie",
    "half login",
    "API token",
    "reset link",
    "confirmation link",
)

NEW = "a quite different password"
TWICE = f"{NEW}\n{NEW}\n"

A_USER = "a user of that name"
A_PASSWORD = "a password that will do, typed twice"
NOT_THE_LAST = "another administrator"
A_FACTOR = "a second factor"
A_PROOF = "a sentence on how they showed who they are"
PROOF = ("--proof", "passport, seen by Ada")


@dataclass(frozen=True)
class Command:
    """What one command demands, and what it does to credentials.

    Attributes:
        name: its words.
        needs: what it demands, beside a shell on the server and the settings of the app; for each
            demand what is typed where it is not met: arguments, and lines.
        sent: the arguments with which it is run for bob.
        typed: what is typed into it.
        makes: what credential it makes.
        ends: which credentials of the user it ends.
        event: what it leaves in the audit log.
        database: what database it needs, if any.
    """

    name: str
    needs: dict[str, tuple[tuple[str, ...], str]]
    sent: tuple[str, ...] = ()
    typed: str = ""
    makes: str = "-"
    ends: tuple[str, ...] = ()
    event: str | None = None
    database: str = "the database"


def _deed(name, ends, event, *, last=False):
    needs = {A_USER: (("nobody",), "")}
    if last:
        needs[NOT_THE_LAST] = (("ada",), "")
    return Command(f"users {name}", needs, ("bob",), ends=ends, event=event)


COMMANDS = [
    Command(
        "users add",
        {
            "a name that is free": (("bob", "--email", "dora@example.org"), TWICE),
            "an e-mail address": (("dora", "--email", "nonsense"), TWICE),
            A_PASSWORD: (("dora", "--email", "dora@example.org"), "short\nshort\n"),
        },
        ("dora", "--email", "dora@example.org"),
        TWICE,
        makes="a first password",
        event="user_created",
    ),
    Command("users list", {}),
    Command(
        "users set-password",
        {A_USER: (("nobody",), TWICE), A_PASSWORD: (("bob",), "short\nshort\n")},
        ("bob",),
        TWICE,
        makes="a first password",
        ends=(*ACTING, "first password"),
        event="password_changed",
    ),
    _deed("disable", (*ACTING, "first password", "recovery code"), "user_disabled", last=True),
    _deed("enable", (), "user_enabled"),
    _deed("promote", (), "user_promoted"),
    _deed("demote", (), "user_demoted", last=True),
    _deed("sign-out", ACTING, "signed_out_everywhere"),
    Command(
        "users start-reset",
        {A_USER: (("nobody",), ""), "a confirmed address": (("cy",), "")},
        ("bob",),
        ends=("reset link",),
        event="reset_started",
    ),
    Command("users without-factor", {}),
    Command(
        "users remove-factor",
        {
            A_USER: (("nobody", *PROOF), ""),
            A_FACTOR: (("cy", *PROOF), ""),
            A_PROOF: (("bob", "--proof", "  "), ""),
        },
        ("bob", *PROOF),
        ends=(*ACTING, "recovery code"),
        event="second_factor_off",
    ),
    Command("users sign-out-everybody", {}, ends=ACTING, event="everybody_signed_out"),
    Command("users hash-plaintext", {}),
    Command(
        "users rename",
        {
            A_USER: (("nobody", "dora"), ""),
            "a name that is free": (("cy", "ada"), ""),
        },
        ("cy", "robert"),
        event="user_renamed",
    ),
    Command("users check-names", {}),
    Command("make-indexes", {}),
    Command("check-config", {}, database=""),
    Command("openapi", {}, database=""),
    Command("send-mail", {}),
    Command(
        "demo",
        {},
        makes="a password of a new administrator, if there is none called admin",
        event="user_created",
        database="the embedded database",
    ),
]


def commands_table() -> str:
    """Return the commands as Markdown."""
    rows = [
        "| command | demands | makes | ends, of the user | audit log |",
        "|:--|:--|:--|:--|:--|",
    ]
    for one in COMMANDS:
        needs = [one.database] * bool(one.database) + [*one.needs]
        ends = [credential for credential in CREDENTIALS if credential in one.ends]
        cells = ", ".join(needs) or "-", one.makes, ", ".join(ends) or "-"
        rows.append(f"| `{one.name}` | {' | '.join(cells)} | {one.event or '-'} |")
    return "\n".join(rows)
