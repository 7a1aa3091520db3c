"""Accounts that people make for themselves, without telling anybody who has one.

Whoever asks is told the same, whatever name and address they gave, for the same work; the mail
tells the rest, to whoever reads what comes to the address. The account is made with the link in it.

Source: OWASP Authentication Cheat Sheet, "Authentication and Error Messages", on account creation.
"""

from collections.abc import Iterator
from datetime import timedelta

from flask import current_app

from . import accounts, audit, letters, orders, throttle
from .addresses import key_of, read_address
from .mail import Letter
from .models import MailOrder, Registration, User, hash_secret, new_secret, now, put_in_place
from .names import read_name
from .refusals import LinkOver, NameLooksTaken, NameTaken

REGISTER = "register"


def ask(name: str, email: str, *, address: str | None) -> None:
    """Order the mail with which an account is made. Nothing is looked up.

    Args:
        name: the name that is wanted.
        email: the address that was typed.
        address: where the visitor is.

    Raises:
        BadAddress: nobody can have it.
        BadName: nobody can have it.
        TooManyMails: too many were asked for.
    """
    wanted, read = read_name(name), read_address(email)
    throttle.spend_mail(read.key, asker=throttle.network_of(address), kind=REGISTER)
    audit.record_at_most("registration_asked")
    orders.order(REGISTER, read.written, about=wanted.written)


def find(token: str) -> Registration:
    """Look up what the link of a mail is for, without using it.

    Args:
        token: what it carries.

    Returns:
        The registration.

    Raises:
        LinkOver: there is none, or it is over.
    """
    found: Registration | None = Registration.objects(
        token_hash=hash_secret(token), until__gt=now()
    ).first()
    if found is None:
        raise LinkOver
    return found


def finish(token: str, password: str) -> User:
    """Make the account. Nobody is logged in by it.

    Args:
        token: what the link carries.
        password: the password, not yet looked at.

    Returns:
        The user.

    Raises:
        BadPassword: the password will not do.
        LinkOver: there is no such link any more.
        NameLooksTaken: another user's name looks like it.
        NameTaken: another user has the name.
        TooManyPasswords: too many were tried with this link.
    """
    wanted = find(token)
    throttle.spend_new_password(wanted.id, wanted.until)
    try:
        user = accounts.create_own(wanted.name, wanted.email, password)
    except NameTaken:
        if Registration.objects(id=wanted.id):
            raise
        raise LinkOver from None  # another request with this link was as quick
    wanted.delete()
    return user


def write(taken: MailOrder) -> Iterator[Letter]:
    """Write to whoever wants an account: how to make it, or why not.

    Args:
        taken: the order.

    Yields:
        The letter.
    """
    has = User.objects(confirmed_email=key_of(taken.email))
    mine = [user for user in has if user.has_confirmed_address]
    if mine:
        yield letters.write_has_account(mine[0])
        return
    name = str(taken.about)
    try:
        accounts.require_free_name(read_name(name))
    except (NameTaken, NameLooksTaken):
        yield letters.write_taken_name(taken.email)
        return
    yield letters.write_welcome(taken.email, keep(name, taken.email))


def keep(name: str, email: str) -> str:
    """Keep what somebody wants, in place of what was wanted for the address before.

    Args:
        name: the name.
        email: the address.

    Returns:
        The token of the link, which is kept nowhere.
    """
    token = new_secret()
    put_in_place(
        Registration.objects(email_key=key_of(email)),
        token_hash=hash_secret(token),
        name=name,
        email=email,
        until=now() + timedelta(hours=current_app.config["CONFIRMATION_HOURS"]),
    )
    return token


orders.WRITERS[REGISTER] = write
