"""The commands: `flask --app myapp users add ada --email ada@example.org`.

A password is asked for twice. It is never an argument, because arguments show in the list of
processes and stay in the history of the shell.
"""

import json
import sys
import time
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo
from marshmallow import Schema, ValidationError
from pymongo.errors import ConnectionFailure
from werkzeug.serving import make_server

from . import accounts, factors, mail, orders, passwords
from .accounts import OPERATOR
from .database import ensure_indexes
from .errors import explain
from .models import DOCUMENTS, User, as_object_id
from .name_check import check_names, mend_names, shown
from .names import read_name
from .openapi import describe_api
from .refusals import Refusal
from .schemas import ProofInput, RecordInput, name_field
from .unsafe import SHORTEST_SECRET, is_weak_key, named_by_check_config, refused_in_production

users = AppGroup("users", help="Manage the users.")

#: The first administrator of `demo`.
DEMO_ADMIN = "admin"


def register_commands(app: Flask) -> None:
    """Add the commands to an app.

    Args:
        app: the app.
    """
    app.cli.add_command(users)
    app.cli.command("make-indexes")(make_indexes)
    app.cli.command("check-config")(check_config)
    app.cli.command("openapi")(print_openapi)
    app.cli.command("send-mail")(send_mail)
    app.cli.command("demo")(demo)


def _as_name(text: str) -> str:
    """Read the name of a user as the API does, so that what is looked for is what is stored."""
    try:
        name: str = name_field().deserialize(text)
    except ValidationError as error:
        raise click.ClickException(f"name: {' '.join(map(str, error.messages))}") from None
    return name


_name = click.argument("name", type=_as_name)


def _says_why(command: Callable[..., None]) -> Callable[..., None]:
    """Turn a refusal into a message of the command line."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Refusal as refusal:
            told = explain(refusal)
            whole = f"{told.error}. {told.reason} {told.advice}"
            raise click.ClickException(_about(told.fields or {}) or whole) from None
        except ConnectionFailure as error:
            raise click.ClickException(
                f"The database cannot be reached. Check MONGODB_URI, and whether the server runs. "
                f"{type(error).__name__}."
            ) from None

    return run


def _compares_names(command: Callable[..., None]) -> Callable[..., None]:
    """Refuse a command that looks for a name while names cannot be compared."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        ensure_indexes()
        command(*args, **kwargs)

    return _says_why(run)


def _about(fields: Mapping[str, Sequence[str]]) -> str:
    """Put what is said about each field into one line."""
    return " ".join(f"{name}: {' '.join(said)}" for name, said in fields.items())


def _password_options(command: Callable[..., None]) -> Callable[..., None]:
    from_stdin = click.option(
        "--password-stdin", is_flag=True, help="Read the password from standard input."
    )
    generate = click.option(
        "--generate-password", is_flag=True, help="Make a password and print it, this once."
    )
    return from_stdin(generate(command))


def _get_password(password_stdin: bool, generate_password: bool) -> str:
    if password_stdin and generate_password:
        raise click.UsageError("Give --password-stdin or --generate-password, not both.")
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if generate_password:
        password = passwords.make_password()
        click.echo(f"password: {password}")
        return password
    return click.prompt("Password", hide_input=True, confirmation_prompt=True)


def _say_until(user: User) -> None:
    """Say when a first password ends."""
    if user.first_password_until is not None:
        click.echo(
            f"The password works until {user.first_password_until:%d %b %Y, %H:%M} UTC. By then "
            f"{user.name} has to have chosen another on the account page."
        )


def _check(schema: Schema, **given: str) -> None:
    try:
        schema.load(given, partial=True)
    except ValidationError as error:
        raise click.ClickException(_about(error.messages_dict)) from None


@users.command("add")
@_name
@click.option("--email", required=True, help="The e-mail address.")
@click.option("--admin", is_flag=True, help="Make an administrator.")
@click.option(
    "--for-myself",
    is_flag=True,
    help="The user is you, and the password yours: it does not end. Without this it is a first "
    "password, because two people know it.",
)
@_password_options
@_compares_names
def add(
    name: str,
    email: str,
    admin: bool,
    for_myself: bool,
    password_stdin: bool,
    generate_password: bool,
) -> None:
    """Add a user, with a first password, which ends."""
    if for_myself and generate_password:
        raise click.UsageError(
            "Give --for-myself or --generate-password, not both: a password that was shown on a "
            "screen is a first password."
        )
    _check(RecordInput(), email=email)
    accounts.require_free_name(read_name(name))  # before a password is asked for
    password = _get_password(password_stdin, generate_password)
    _check(RecordInput(), password=password)
    made = accounts.create(
        name, email, password, is_admin=admin, by=OPERATOR, is_first=not for_myself
    )
    _say_until(made)
    click.echo(f"added {name}{', an administrator' if admin else ''}")


@users.command("list")
@_says_why
def list_users() -> None:
    """List the users."""
    for user in User.objects.order_by("name"):
        marks = [
            word
            for word, is_so in [
                ("administrator", user.is_admin),
                ("disabled", user.disabled),
                ("name not compared: users check-names", not user.name_key),
                ("password in plain text: users hash-plaintext", user.plaintext_password),
            ]
            if is_so
        ]
        # The article's app stored what it was sent, and a terminal does what some characters say.
        name, email = (
            one if str(one).isprintable() else ascii(one) for one in (user.name, user.email)
        )
        click.echo(f"{name}\t{email}\t{', '.join(marks)}".rstrip())


@users.command("set-password")
@_name
@_password_options
@_compares_names
def set_password(name: str, password_stdin: bool, generate_password: bool) -> None:
    """Give a user a new password, and end all of the user's logins and API tokens."""
    user = accounts.find(name)
    password = _get_password(password_stdin, generate_password)
    _check(RecordInput(), password=password)
    changed = accounts.change(user, by=OPERATOR, password=password)
    _say_until(changed)
    click.echo(f"{changed.name} has a new password, and is logged out everywhere")


@users.command("rename")
@click.argument("who", metavar="NAME_OR_ID")
@click.argument("new_name", type=_as_name, metavar="NEW_NAME")
@_says_why
def rename(who: str, new_name: str) -> None:
    """Give a user another name; two with one name are told apart by the id of check-names."""
    user = User.objects(id=as_object_id(who)).first()
    if user is None:
        ensure_indexes()
        user = accounts.find(_as_name(who))
    elif User.objects(name=who, id__ne=user.id):
        raise click.ClickException(
            f"{who} is the id of {shown(user.name)} and the name of somebody else. Give the id of "
            "the one that you mean."
        )
    former = shown(user.name)
    changed = accounts.rename(user, new_name, by=OPERATOR)
    click.echo(f"{former} is {shown(changed.name)} now")


@users.command("check-names")
@click.option("--mend", is_flag=True, help="Store what leaves no choice.")
@_says_why
def check_all_names(mend: bool) -> None:
    """Say which names people take for one, or nobody may have; exit with 1 if there are any."""
    findings = check_names()
    if mend:
        click.echo(f"mended: {mend_names(findings)}")
    elif findings.to_mend:
        click.echo(f"stored without a key, or with an old one: {len(findings.to_mend)}")
        click.echo("To store the keys, run this again with --mend.")
    for group in findings.alike:
        click.echo(f"✗ look alike: {', '.join(map(str, group))}")
    for stored, problem in findings.refused:
        click.echo(f"✗ may not be: {stored}. {problem}")
    if findings.is_for_people:
        click.echo(
            "Rename all but one of those that look alike, and each that may not be, with\n"
            "users rename ID NEW_NAME\nThen run this again with --mend."
        )
    if findings.is_for_people or (findings.to_mend and not mend):
        raise SystemExit(1)
    click.echo("✓ every name can be told from every other")


@users.command("hash-plaintext")
@_says_why
def hash_plaintext() -> None:
    """Hash every password that the article's app stored, and say whose is too weak."""
    number, weak = 0, []
    for user in User.objects(plaintext_password__exists=True):
        if user.plaintext_password and not user.password_hash:
            if accounts.find_problem_of_old_password(user):
                weak.append(user)
            passwords.store_new_hash(user, user.plaintext_password)
            number += 1
    click.echo(f"hashed {number} password{'' if number == 1 else 's'}")
    for user in weak:
        click.echo(f"would not be taken today: that of {shown(user.name)}")
    if weak:
        click.echo("It still works. To give somebody another: users set-password NAME")


def _add_deed(word: str, do: Callable[..., User], said: str, help: str) -> None:
    @users.command(word, help=help)
    @_name
    @_compares_names
    def run(name: str) -> None:
        user = accounts.find(name)
        do(user, by=OPERATOR)
        click.echo(f"{user.name} {said}")


_add_deed("disable", accounts.disable, "is disabled, and logged out everywhere", "Keep a user out.")
_add_deed("enable", accounts.enable, "is enabled", "Let a disabled user in again.")
_add_deed("promote", accounts.promote, "is an administrator", "Make a user an administrator.")
_add_deed(
    "sign-out",
    accounts.sign_out_everywhere,
    "is logged out everywhere",
    "End all logins and API tokens of a user.",
)
_add_deed(
    "start-reset",
    accounts.start_reset,
    "gets a mail with which to choose a new password",
    "Let a user choose a new password by mail; nobody else learns it.",
)
_add_deed("demote", accounts.demote, "is no administrator", "Make an administrator a user.")


@users.command("without-factor")
@_says_why
def without_factor() -> None:
    """List the users who have no second factor."""
    for user in User.objects(totp_seed=None).order_by("name"):
        marks = [user.is_admin and "administrator", user.disabled and "disabled"]
        click.echo(f"{shown(user.name)}\t{', '.join(filter(None, marks))}".rstrip())


@users.command("remove-factor")
@_name
@click.option(
    "--proof",
    required=True,
    help="How they showed who they are, such as “passport, seen by Grace”. It is written to the "
    "audit log.",
)
@_compares_names
def remove_factor(name: str, proof: str) -> None:
    """Take away the second factor of somebody who has lost it, once they showed who they are."""
    _check(ProofInput(), proof=proof)
    changed = factors.end_by_operator(accounts.find(name), proof, by=OPERATOR)
    click.echo(f"{changed.name} has no second factor any more, and is logged out everywhere")


@users.command("sign-out-everybody")
@_says_why
def sign_out_everybody() -> None:
    """End all logins and API tokens of everybody."""
    accounts.sign_out_everybody(by=OPERATOR)
    click.echo("everybody is logged out everywhere")


@_compares_names
def make_indexes() -> None:
    """Make the indexes of the database, and list them.

    The first request does the same. With many users it takes a while, and this says when it is
    done, and whether two users have one name.
    """
    for document in DOCUMENTS:
        collection = document._get_collection()
        for name, index in sorted(collection.index_information().items()):
            unique = ", unique" if index.get("unique") else ""
            click.echo(f"{collection.name}: {name}{unique}")


def check_config() -> None:
    """Say what is unsafe for production; exit with 1 if anything is."""
    found = unsafe_settings(current_app)
    for sentence in found:
        click.echo(f"✗ {sentence}")
    if current_app.config["HTTPS"] and not current_app.config["TRUSTED_PROXIES"]:
        click.echo(
            "? TRUSTED_PROXIES is 0. That is right only if the server itself speaks TLS; behind a "
            "proxy every visitor would seem to have its address."
        )
    if current_app.config["SECOND_FACTOR"] == "off":
        click.echo(
            "? SECOND_FACTOR is off: whoever finds out a password has the account. It can be "
            "offered, or demanded of administrators or of everybody."
        )
    if not current_app.config["BREACHED_PASSWORDS_FILE"]:
        click.echo(
            "? BREACHED_PASSWORDS_FILE is not set: new passwords are compared with ten thousand "
            "common ones, and not with those of breaches. The list of Have I Been Pwned, ordered "
            "by hash, has them."
        )
    flaw = mail.find_flaw_of_server()
    if flaw is not None:
        found.append(f"The server of MAIL_SERVER takes no mail: {flaw}.")
        click.echo(f"✗ {found[-1]}")
    if found:
        raise SystemExit(1)
    click.echo("✓ nothing is unsafe for production")


def unsafe_settings(app: Flask) -> list[str]:
    """Say what about the settings of an app is unsafe for production.

    Args:
        app: the app.

    Returns:
        One sentence for each thing.
    """
    config = app.config
    secret = config["SECRET_KEY"]
    embedded = "mongo_client_class" in config["MONGODB_SETTINGS"]
    checks = [
        (
            config["ENVIRONMENT"] != "production",
            "ENVIRONMENT is development: set MONGODB_URI, or ENVIRONMENT=production.",
        ),
        (
            is_weak_key(secret),
            f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters or made of few: it can be "
            "guessed.",
        ),
        (embedded, "MONGODB_URI is not set: all data is lost when the process ends."),
        (
            not config["HTTPS"],
            "HTTPS is false: passwords and cookies can be read on their way, and the cookies have "
            "no Secure flag.",
        ),
        (
            not config["TRUSTED_HOSTS"],
            "TRUSTED_HOSTS is not set: the app answers to any name. Set the list of its names.",
        ),
        (
            config["RATELIMIT_STORAGE_URI"].startswith("memory:"),
            "RATELIMIT_STORAGE_URI is memory://: each worker process counts attempts to sign in "
            "for itself. Name a storage that all share, such as the MongoDB server.",
        ),
        (app.debug, "Debug mode is on: it runs code for whoever causes an error."),
        (app.testing, "TESTING is on: passwords are hashed cheaply."),
    ]
    return [
        *(sentence for is_unsafe, sentence in checks if is_unsafe),
        *refused_in_production(config),
        *named_by_check_config(config),
    ]


def print_openapi() -> None:
    """Print the OpenAPI document of the API."""
    click.echo(json.dumps(describe_api(current_app), indent=2))


@click.option(
    "--every",
    metavar="SECONDS",
    type=click.IntRange(1),
    help="Go on for ever, and look again after so many seconds.",
)
@_says_why
def send_mail(every: int | None) -> None:
    """Send the mail that is waiting; exit with 1 if some has to wait on."""
    if not orders.is_on():
        raise click.ClickException("MAIL_SERVER is not set, so this app sends no mail.")
    while True:
        tally = orders.send_waiting()
        if every is None:
            break
        if tally != orders.Tally():
            click.echo(str(tally))
        time.sleep(every)
    click.echo(str(tally))
    if tally.waiting or tally.given_up:
        raise SystemExit(1)


def _script() -> ScriptInfo:
    return click.get_current_context().ensure_object(ScriptInfo)


def _called() -> str:
    """Return what the app is called at the command line."""
    return _script().app_import_path or current_app.import_name


@click.option("--port", default=5000, show_default=True, help="The port to listen on.")
@click.option("--open", "opens", is_flag=True, help="Open the login page in a browser.")
def demo(port: int, opens: bool) -> None:
    """Serve the app on this machine, with a first administrator.

    The embedded database lives in this process, so the administrator has to be made here too.
    """
    if "mongo_client_class" not in current_app.config["MONGODB_SETTINGS"]:
        raise click.ClickException(
            "The demo is for the embedded database, and MONGODB_URI names a server. Make the first "
            f"administrator with: flask --app {_called()} users add NAME --email E --admin "
            "--for-myself"
        )
    if not current_app.config["TRUSTED_HOSTS"]:
        # A page of another site, whose name leads to this machine, gets nothing.
        current_app.config["TRUSTED_HOSTS"] = ["127.0.0.1", "localhost"]
    server = make_server("127.0.0.1", port, _script().load_app(), threaded=True)
    ensure_indexes()
    address = f"http://127.0.0.1:{server.server_port}/login"
    if User.objects(name=DEMO_ADMIN).first() is None:
        password = passwords.make_password()
        email = f"{DEMO_ADMIN}@example.org"
        accounts.create(DEMO_ADMIN, email, password, is_admin=True, by=OPERATOR)
        click.echo(f"name: {DEMO_ADMIN}\npassword: {password}  (shown this once)")
    click.echo(f"log in at {address} (this machine only); Ctrl-C ends it, and all data with it")
    if opens:
        webbrowser.open(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("stopped")
