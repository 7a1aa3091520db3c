"""What can be done to an account, and who may do it.

The API, the pages and the commands all come through here, and say who asks: the rule stands beside
the deed. Each change is one atomic write to the user, so nobody ever sees half of it; tidying up
after it may fail without harm, because a login whose epoch is over opens nothing. Only where two
administrators remove each other at the same moment does a second write take back the first.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from flask import current_app
from mongoengine import NotUniqueError

from . import audit, breached, links, new_passwords, orders, passwords, throttle
from .addresses import key_of, read_address
from .models import BEARERS, OWNED, Login, MailedLink, User, now
from .names import Name, read_name
from .refusals import (
    AddressNotConfirmed,
    AdministratorsOnly,
    AnothersRecord,
    BadPassword,
    CurrentPasswordMissing,
    CurrentPasswordNotAsked,
    CurrentPasswordWrong,
    LastAdministrator,
    LinkOver,
    ListNotReadable,
    NameLooksTaken,
    NameTaken,
    NoMail,
    NoSuchLogin,
    NoSuchUser,
    NotFresh,
    NothingToChange,
    NotWithToken,
    TokenOver,
)


@dataclass(frozen=True)
class Operator:
    """Whoever runs the commands on the server: has no account, and may do everything."""

    id: None = None
    is_admin: bool = True


OPERATOR = Operator()


def find(name: str) -> User:
    """Return the user with a name.

    Args:
        name: the name, in any spelling.

    Returns:
        The user.

    Raises:
        BadName: nobody can have it.
        NoSuchUser: nobody has it.
    """
    user = _find_by_key(read_name(name).key)
    if user is None:
        raise NoSuchUser
    return user


def _find_by_key(key: str) -> User | None:
    """Return the user whose name has a key.

    Args:
        key: the key.

    Returns:
        The user, or None.
    """
    user: User | None = User.objects(name_key=key).first()
    return user


def require_free_name(name: Name) -> None:
    """Refuse a name that somebody has, or that people would take for somebody's.

    For whoever wants to know before a password is asked for. It promises nothing: somebody else may
    get the name in between.

    Args:
        name: the name.

    Raises:
        NameLooksTaken: a user's looks like it.
        NameTaken: a user has it.
    """
    if _find_by_key(name.key) is not None:
        raise NameTaken
    _require_no_look_alike(name)


def _require_no_look_alike(name: Name, besides: User | None = None) -> None:
    """Refuse a name that people would take for that of another user.

    MongoDB's index says the same while it writes. The embedded database compares lists as wholes.
    """
    alike = User.objects(name_looks__in=name.looks, name_key__ne=name.key)
    if besides is not None:
        alike = alike.filter(id__ne=besides.id)
    if alike.first() is not None:
        raise NameLooksTaken


# ---- who may


def require_admin(by: User | Operator) -> None:
    """Let only an administrator through.

    Args:
        by: who asks.

    Raises:
        AdministratorsOnly: they are none.
    """
    if not by.is_admin:
        raise AdministratorsOnly


def require_owner_or_admin(by: User | Operator, user: User) -> None:
    """Let only the user and administrators through.

    Args:
        by: who asks.
        user: whose record it is.

    Raises:
        AnothersRecord: they are neither.
    """
    if not by.is_admin and by.id != user.id:
        raise AnothersRecord


def require_recent(by: User | Operator, *, or_token: bool = False) -> None:
    """Let only somebody through who typed their password a short time ago.

    Source: OWASP ASVS 5.0, 7.5.1 to 7.5.3: another proof before an address or a password changes,
    before logins are ended, and before anything else that is very sensitive.

    Args:
        by: who asks.
        or_token: whether an API token will do, because programs are to do this too.

    Raises:
        NotFresh: it was too long ago, or at another address.
        NotWithToken: an API token asks, with which nobody typed a password.
    """
    if isinstance(by, Operator):
        return
    if by.login is None:
        if or_token:
            return
        raise NotWithToken
    if not by.login.fresh:
        raise NotFresh


def look_again(by: User | Operator) -> User | Operator:
    """Return who asks as they are stored now, right before what they asked for is written.

    They were let in when the request began. Since then a password was hashed, or another question
    asked, and meanwhile their login may have been ended, and they may be no administrator any more.
    So every deed asks this last, and asks the rule about rights again of what comes back. Between
    this and the write lies no other operation.

    Args:
        by: who asks.

    Returns:
        The same user, read anew.

    Raises:
        NotFresh: the login has ended in between.
        TokenOver: the API token has.
    """
    if isinstance(by, Operator):
        return by
    bearer = by.login if by.login is not None else by.api_token
    again = bearer.find_user() if bearer is not None else None
    if again is None:
        raise TokenOver if by.api_token is not None else NotFresh
    return again


# ---- what can be done


def invite(name: str, email: str, *, by: User | Operator) -> tuple[User, str]:
    """Make a new user with a random first password, to be handed over.

    Whoever hands it over has seen it, so it works for FIRST_PASSWORD_HOURS only. By then the user
    has to have chosen another.

    Source: OWASP ASVS 5.0, 6.4.1: initial passwords are random and expire after a short time, and
    must not become the long-term password.

    Args:
        name: the name, which nobody else may have.
        email: the e-mail address.
        by: who invites; an administrator.

    Returns:
        The user, and the password, which is kept nowhere.

    Raises:
        AdministratorsOnly: somebody else invites.
        BadName: the name will not do.
        NameLooksTaken: another user's name looks like it.
        NameTaken: another user has the name.
        NotFresh: they do, with a login that is not fresh, or has ended in between.
        TokenOver: an API token asks that has ended in between.
    """
    password = passwords.make_password()
    return create(name, email, password, by=by, is_first=True), password


def create(
    name: str,
    email: str,
    password: str,
    is_admin: bool = False,
    *,
    by: User | Operator = OPERATOR,
    is_first: bool = False,
) -> User:
    """Make a new user.

    A password that an administrator chose is a first password: it ends.

    Args:
        name: the name, which nobody else may have.
        email: the e-mail address.
        password: the password, not yet looked at.
        is_admin: whether to make an administrator.
        is_first: whether it is a first password where a command makes the user. Without it, whoever
            runs the command is taken for the user, as the first administrator is one.
        by: who makes the user; an administrator. Nobody could make the first one but a command.

    Returns:
        The user.

    Raises:
        AdministratorsOnly: somebody else asks.
        BadAddress: the app sends mail, and would send none there.
        BadName: the name will not do.
        BadPassword: the password will not do.
        NameLooksTaken: another user's name looks like it.
        NameTaken: another user has the name.
        NotFresh: an administrator asks, with a login that is not fresh, or has ended in between.
        TokenOver: an API token asks that has ended in between.
    """
    require_admin(by)
    require_recent(by, or_token=True)
    read = read_name(name)
    if orders.is_on():
        read_address(email)
    _require_no_look_alike(read)
    _require_good_password(password, read.written, email)
    user = User(
        name=read.written,
        email=email,
        password_hash=passwords.hash_password(password),
        is_admin=is_admin,
        first_password_until=None if by is OPERATOR and not is_first else _first_password_end(),
    )
    require_admin(look_again(by))
    try:
        user.save(force_insert=True)
    except NotUniqueError:
        raise NameTaken from None
    _note("user_created", user, by, admin=is_admin)
    if orders.is_on():
        orders.order(links.CONFIRM, email, user=user.id, epoch=user.login_epoch)
    return user


def create_own(name: str, email: str, password: str) -> User:
    """Make a user who has shown that they read what comes to an address, and chose a password.

    Args:
        name: the name, which nobody else may have.
        email: the address, which counts as confirmed.
        password: the password, not yet looked at.

    Returns:
        The user.

    Raises:
        BadName: the name will not do.
        BadPassword: the password will not do.
        NameLooksTaken: another user's name looks like it.
        NameTaken: another user has the name.
    """
    read = read_name(name)
    require_free_name(read)
    _require_good_password(password, read.written, email)
    user = User(
        name=read.written,
        email=email,
        confirmed_email=key_of(email),
        password_hash=passwords.hash_password(password),
    )
    try:
        user.save(force_insert=True)
    except NotUniqueError:
        raise NameTaken from None
    _note("user_registered", user, user)
    return user


def change(
    user: User,
    *,
    by: User | Operator,
    email: str | None = None,
    password: str | None = None,
    current_password: str | None = None,
) -> User:
    """Give a user a new e-mail address, a new password or both.

    In an app that sends mail a new address counts only when its user has confirmed it: a link goes
    there, and a notice to the former one.

    A new password ends every login and every API token of the user. One's own takes the current one
    too. One that somebody else chose is a first password: it ends, and by then the user has to have
    chosen another.

    Source: OWASP ASVS 5.0, 6.2.3: changing a password takes the current one and the new one; 6.4.6:
    an administrator can begin the reset of a password, and never chooses the one that stays.

    Args:
        user: the user.
        by: who asks; the user or an administrator, who typed their own password a short time ago.
        email: the new e-mail address, if it changes.
        password: the new password, if it changes; not yet looked at.
        current_password: the current one, where a user changes their own password, and nowhere
            else. Each is counted, right or wrong.

    Returns:
        The user as stored now.

    Raises:
        AnothersRecord: somebody else asks.
        BadAddress: the app sends mail, and would send none there.
        BadPassword: the password will not do.
        CurrentPasswordMissing: a user changes their own password, and did not say the current one.
        CurrentPasswordNotAsked: the current one came with another change.
        CurrentPasswordWrong: it is another, or was changed in between.
        NoSuchUser: the user was deleted in between.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NothingToChange: neither is new.
        NotWithToken: an API token asks.
        TooManyMails: whoever asks has asked for too many, or too many went there.
        TooManyPasswords: whoever asks has asked for too many.
    """
    require_owner_or_admin(by, user)
    if email is None and password is None:
        raise NothingToChange
    require_recent(by)
    own = by.id == user.id
    if current_password is not None and (password is None or not own):
        raise CurrentPasswordNotAsked
    updates: dict[str, Any] = {}
    if email is not None and orders.is_on():
        throttle.spend_mail(read_address(email).key, asker=str(by.id), kind=links.CONFIRM)
    elif email is not None:
        updates["set__email"] = email
    if password is not None:
        if isinstance(by, User) and by.login is not None:
            throttle.spend_new_password(by.id, by.login.made)
        if own:
            _require_current_password(user, current_password, by)
        _require_good_password(password, user.name, email or user.email)
        updates |= _own_password(user, password) if own else _given_password(password)
        updates["inc__login_epoch"] = 1
    compared: dict[str, Any] = {}
    if own and password is not None:
        # Somebody may have changed it while the new one was hashed: then what was compared is no
        # longer the current one, and the change that was answered first stays.
        compared = while_not_ended(by) | {"password_hash": user.password_hash}
    require_owner_or_admin(look_again(by), user)
    try:
        changed = _modify(user, compared, **updates) if updates else user
    except NotFresh:
        if User.objects(id=user.id, password_hash=user.password_hash):
            raise
        _note("current_password_wrong", user, by)
        raise CurrentPasswordWrong from None
    if email is not None and orders.is_on():
        _ask_to_confirm(changed, email, by)
    elif email is not None:
        _note("email_changed", changed, by)
    if password is not None:
        _note("password_changed", changed, by)
        forget_what_ended(changed)
        orders.tell(changed, "password_changed")
    return changed


def _ask_to_confirm(user: User, email: str, by: User | Operator) -> None:
    """Send a link to an address that is to be a user's, and a notice to the one that is."""
    _note("email_change_asked", user, by)
    if email != user.email:
        orders.tell(user, "email_asked")
    orders.order(links.CONFIRM, email, user=user.id, epoch=user.login_epoch)


def find_link(token: str, purpose: str) -> tuple[MailedLink, User]:
    """Look up a link of a mail, without using it.

    Args:
        token: what it carries.
        purpose: what it is to be good for, one of those in `links`.

    Returns:
        The link, and its user.

    Raises:
        LinkOver: there is no such link, or it is over, or for something else.
    """
    found = links.find(token, purpose)
    if found is None:
        raise LinkOver
    link, user = found
    if purpose == links.RESET and not _is_address_of(link, user):
        raise LinkOver  # somebody else may read that mailbox now
    return link, user


def _is_address_of(link: MailedLink, user: User) -> bool:
    return user.has_confirmed_address and user.confirmed_email == key_of(link.email)


def confirm_email(token: str, *, by: User) -> User:
    """Make the address that a link was sent to the confirmed address of its user.

    The link alone confirms nothing: it may have gone to a stranger, by a slip of whoever typed the
    address. And the login alone does not either.

    Args:
        token: what the link carries.
        by: who asks; its user, who typed the password a short time ago.

    Returns:
        The user as stored now.

    Raises:
        LinkOver: it is no such link, or another user's.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_recent(by)
    link, user = find_link(token, links.CONFIRM)
    if link.user != by.id:
        raise LinkOver
    look_again(by)
    key = key_of(link.email)
    set_both = {"set__email": link.email, "set__confirmed_email": key}
    former = _modify(user, while_not_ended(by), new=False, **set_both)
    links.forget(former, links.RESET)
    is_other = former.email != link.email
    # A link that is gone by now was used by a request that was as quick, or a newer one has taken
    # its place. So what is said goes by what this write has changed.
    if not (links.spend(link) or is_other or former.confirmed_email != key):
        return former
    _note("email_confirmed", former, by)
    if is_other:
        _note("email_changed", former, by)
        orders.tell(former, "email_changed")
    former.email, former.confirmed_email = link.email, key
    return former


def ask_reset(email: str, *, address: str | None) -> None:
    """Order a mail with which whoever has an address can choose a new password.

    Nothing is looked up here, so answer and work are the same whether or not somebody has it.

    Args:
        email: the address that was typed.
        address: where the visitor is.

    Raises:
        BadAddress: nobody can have it.
        TooManyMails: too many were asked for.
    """
    read = read_address(email)
    throttle.spend_mail(read.key, asker=throttle.network_of(address), kind=links.RESET)
    audit.record_at_most("reset_asked")
    orders.order(links.RESET, read.key)


def start_reset(user: User, *, by: User | Operator) -> User:
    """Send a user the mail with which they choose a new password themself.

    Source: OWASP ASVS 5.0, 6.4.6: an administrator can begin a reset, and learns no password.

    Args:
        user: the user.
        by: who asks; an administrator.

    Returns:
        The user.

    Raises:
        AddressNotConfirmed: the mail might go to somebody else.
        AdministratorsOnly: somebody else asks.
        NoMail: the app sends none.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_admin(by)
    require_recent(by)
    if not orders.is_on():
        raise NoMail
    if not user.has_confirmed_address:
        raise AddressNotConfirmed
    require_admin(look_again(by))
    _note("reset_started", user, by)
    orders.order(links.RESET, key_of(str(user.email)), user=user.id)
    return user


def reset_password(token: str, password: str) -> User:
    """Give a user the password that whoever has the link of a reset has chosen.

    Every login and every API token ends, as with any new password, and nobody is logged in by it.
    The new password is judged before the link is used up, so a bad one costs nothing. A second
    factor stays as it is: a mailbox is no telephone, and with the new password the code is asked
    for.

    Source: OWASP Forgot Password Cheat Sheet, "User Resets Password"; OWASP ASVS 5.0, 6.4.3: a
    reset does not go around the second factor.

    Args:
        token: what the link carries.
        password: the new password, not yet looked at.

    Returns:
        The user as stored now.

    Raises:
        BadPassword: the password will not do.
        LinkOver: there is no such link any more.
        TooManyPasswords: too many were tried with this link.
    """
    link, user = find_link(token, links.RESET)
    throttle.spend_new_password(user.id, link.made)
    _require_good_password(password, user.name, user.email)
    updates = _own_password(user, password) | {"inc__login_epoch": 1}
    # The write that changes the password uses the link up too, because a link ends with its epoch.
    unchanged = in_epoch(user) | {"confirmed_email": user.confirmed_email, "disabled__ne": True}
    try:
        changed = _modify(user, unchanged, **updates)
    except (NotFresh, NoSuchUser):
        raise LinkOver from None
    _note("password_reset", changed, changed)
    forget_what_ended(changed)
    orders.tell(changed, "password_reset")
    return changed


def rename(user: User, name: str, *, by: User | Operator) -> User:
    """Give a user another name.

    Args:
        user: the user.
        name: the new name.
        by: who asks; an administrator.

    Returns:
        The user as stored now.

    Raises:
        AdministratorsOnly: somebody else asks.
        BadName: the name will not do.
        NameLooksTaken: another user's name looks like it.
        NameTaken: another user has the name.
        NoSuchUser: the user was deleted in between.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_admin(by)
    require_recent(by)
    read = read_name(name)
    _require_no_look_alike(read, besides=user)
    holder = _find_by_key(read.key)
    if holder is not None and holder.id != user.id:  # where names are mended there is no index yet
        raise NameTaken
    require_admin(look_again(by))
    try:
        changed = _modify(
            user, set__name=read.written, set__name_key=read.key, set__name_looks=list(read.looks)
        )
    except NotUniqueError:
        raise NameTaken from None
    _note("user_renamed", changed, by, former=user.name)
    orders.tell(changed, "renamed")
    return changed


def sign_out_everywhere(user: User, *, by: User | Operator) -> User:
    """End every login of a user, and every API token.

    Args:
        user: the user.
        by: who asks; the user or an administrator.

    Returns:
        The user as stored now.

    Raises:
        AnothersRecord: somebody else asks.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_owner_or_admin(by, user)
    require_recent(by)
    compared = while_not_ended(by) if by.id == user.id else {}
    require_owner_or_admin(look_again(by), user)
    changed = _modify(user, compared, inc__login_epoch=1)
    _note("signed_out_everywhere", changed, by)
    forget_what_ended(changed)
    return changed


def sign_out_everybody(*, by: User | Operator) -> None:
    """End every login and every API token of everybody, the asker's too.

    Each user is one atomic write. If the database goes away in the middle, asking again does the
    rest.

    Source: OWASP ASVS 5.0, 7.4.5: administrators can end the sessions of one user or of all.

    Args:
        by: who asks; an administrator.

    Raises:
        AdministratorsOnly: somebody else asks.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_admin(by)
    require_recent(by)
    require_admin(look_again(by))
    User.objects.update(inc__login_epoch=1)
    who = str(by.id) if by.id is not None else None
    audit.record("everybody_signed_out", by=who)
    for kind in BEARERS:
        kind.objects.delete()


def sign_out_device(user: User, login_id: ObjectId | None, *, by: User) -> None:
    """End one login of a user.

    Args:
        user: the user.
        login_id: which one.
        by: who asks; the user. Their own login they may end at any time, another only if they typed
            the password a short time ago.

    Raises:
        AnothersRecord: somebody else asks.
        NoSuchLogin: the user has none with this id.
        NotFresh: a login asks that has ended in between, or is not fresh, for another.
        NotWithToken: an API token asks.
    """
    if by.id != user.id:
        raise AnothersRecord
    if by.login is None or by.login.id != login_id:
        require_recent(by)
    look_again(by)
    if not Login.objects(id=login_id, user=user.id).delete():
        raise NoSuchLogin
    _note("device_signed_out", user, by)


def disable(user: User, *, by: User | Operator) -> User:
    """Keep a user out: no login, no API token, until somebody enables the user again.

    Args:
        user: the user.
        by: who asks; an administrator.

    Returns:
        The user as stored now.

    Raises:
        AdministratorsOnly: somebody else asks.
        LastAdministrator: nobody else could manage the others.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_admin(by)
    require_recent(by)
    require_another_admin(user)
    require_admin(look_again(by))
    changed = _modify(user, set__disabled=True, inc__login_epoch=1)
    undo_unless_admins_are_left(user, lambda: _modify(user, set__disabled=False))
    _note("user_disabled", changed, by)
    forget_what_ended(changed)
    return changed


def enable(user: User, *, by: User | Operator) -> User:
    """Let a disabled user log in again.

    Args:
        user: the user.
        by: who asks; an administrator.

    Returns:
        The user as stored now.

    Raises:
        AdministratorsOnly: somebody else asks.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_admin(by)
    require_recent(by)
    require_admin(look_again(by))
    changed = _modify(user, set__disabled=False)
    _note("user_enabled", changed, by)
    return changed


def promote(user: User, *, by: User | Operator) -> User:
    """Make a user an administrator.

    Args:
        user: the user.
        by: who asks; an administrator.

    Returns:
        The user as stored now.

    Raises:
        AdministratorsOnly: somebody else asks.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_admin(by)
    require_recent(by)
    require_admin(look_again(by))
    changed = _modify(user, set__is_admin=True)
    _note("user_promoted", changed, by)
    return changed


def demote(user: User, *, by: User | Operator) -> User:
    """Make an administrator an ordinary user.

    Args:
        user: the user.
        by: who asks; an administrator.

    Returns:
        The user as stored now.

    Raises:
        AdministratorsOnly: somebody else asks.
        LastAdministrator: nobody else could manage the others.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_admin(by)
    require_recent(by)
    require_another_admin(user)
    require_admin(look_again(by))
    changed = _modify(user, set__is_admin=False)
    undo_unless_admins_are_left(user, lambda: _modify(user, set__is_admin=True))
    _note("user_demoted", changed, by)
    return changed


def delete(user: User, *, by: User | Operator) -> None:
    """Delete a user, with every login, every API token and every passkey.

    Args:
        user: the user.
        by: who asks; the user or an administrator.

    Raises:
        AnothersRecord: somebody else asks.
        LastAdministrator: nobody else could manage the others.
        NoSuchUser: the user was deleted in between.
        NotFresh: a login asks that is not fresh, or that has ended in between.
        NotWithToken: an API token asks.
    """
    require_owner_or_admin(by, user)
    require_recent(by)
    require_another_admin(user)
    records = User._get_collection()
    require_owner_or_admin(look_again(by), user)
    deleted = records.find_one_and_delete({"_id": user.id})
    if deleted is None:
        raise NoSuchUser
    undo_unless_admins_are_left(user, lambda: records.insert_one(deleted))
    _note("user_deleted", user, by)
    for kind in OWNED:
        kind.objects(user=user.id).delete()


def require_another_admin(user: User) -> None:
    """Refuse if a user is the last administrator.

    Args:
        user: the user who is about to stop being one.

    Raises:
        LastAdministrator: no other is left.
    """
    if user.is_admin and user.is_active and not _admins().filter(id__ne=user.id).count():
        raise LastAdministrator


def undo_unless_admins_are_left(user: User, undo: Callable[[], object]) -> None:
    """Refuse after the fact: two administrators may have removed each other at the same time.

    Args:
        user: the user who has stopped being one.
        undo: takes that back.

    Raises:
        LastAdministrator: nobody is left. It was taken back.
    """
    if user.is_admin and not _admins().count():
        undo()
        raise LastAdministrator


def _admins() -> Any:
    return User.objects(is_admin=True, disabled__ne=True)


def while_not_ended(by: User | Operator) -> dict[str, Any]:
    """Return what is so of a user whose login asks, as long as that login has not ended.

    A login goes on in a new one after its user ended all of them. If somebody else does so while
    the request of a thief is on its way, that one must not go on too.

    Args:
        by: who asks.

    Returns:
        The conditions, for a query.
    """
    if isinstance(by, Operator) or by.login is None:
        return {}
    return in_epoch(by)


def in_epoch(user: User) -> dict[str, Any]:
    """Return what is so of a user as long as nobody has ended all of their logins.

    Args:
        user: the user, as loaded before.

    Returns:
        The conditions, for a query.
    """
    # The records of the article's app have no such field until it goes up.
    return {"login_epoch__in": [user.login_epoch, *([] if user.login_epoch else [None])]}


def _modify(
    user: User, only_if: Mapping[str, Any] | None = None, /, *, new: bool = True, **updates: Any
) -> User:
    """Change a user in one atomic step that never brings a deleted one back.

    Args:
        user: the user.
        only_if: what has to be so.
        new: whether to return the user as changed; as found otherwise.
        **updates: what changes.

    Returns:
        The user as stored.

    Raises:
        NoSuchUser: the user was deleted in between.
        NotFresh: what had to be so is so no longer.
    """
    changed: User | None = User.objects(id=user.id, **(only_if or {})).modify(new=new, **updates)
    if changed is None:
        raise NotFresh if only_if and User.objects(id=user.id) else NoSuchUser
    return changed


def forget_what_ended(user: User) -> None:
    """Delete the logins, API tokens and links whose epoch is over. They open nothing any more.

    Args:
        user: whose, as stored now.
    """
    for kind in BEARERS:
        kind.objects(user=user.id, epoch__ne=user.login_epoch).delete()


def end_again(user: User) -> User | None:
    """End what began between two writes, of which the first one ended all logins of a user.

    Whoever logged in between them was let in by what the second write has taken away, or past what
    it has put there.

    Args:
        user: the user, as the first write left them.

    Returns:
        The user as stored now. None if somebody else has ended all logins in between, or deleted
        the user: then whoever asks goes on in no new login.
    """
    ended: User | None = User.objects(id=user.id).modify(new=True, inc__login_epoch=1)
    return ended if ended is not None and ended.login_epoch == user.login_epoch + 1 else None


def _own_password(user: User, password: str) -> dict[str, Any]:
    """Return what changes when a user chooses a password, which was judged before."""
    if passwords.was_given(user, password):
        raise BadPassword("This is the password that you were given. Choose another.")
    updates: dict[str, Any] = {
        "set__password_hash": passwords.hash_password(password),
        "unset__plaintext_password": True,
        "unset__first_password_until": True,
    }
    if user.first_password_until is not None:
        updates["set__given_password_hash"] = user.password_hash
    return updates


def _given_password(password: str) -> dict[str, Any]:
    """Return what changes when somebody else chooses a user's password, which then ends."""
    return {
        "set__password_hash": passwords.hash_password(password),
        "unset__plaintext_password": True,
        "set__first_password_until": _first_password_end(),
    }


def _first_password_end() -> datetime:
    return now() + timedelta(hours=current_app.config["FIRST_PASSWORD_HOURS"])


def _require_current_password(user: User, password: str | None, by: User | Operator) -> None:
    """Let only somebody through who knows the password that is about to go."""
    if password is None:
        raise CurrentPasswordMissing
    if not passwords.is_right(user, password):
        _note("current_password_wrong", user, by)
        raise CurrentPasswordWrong


def _require_good_password(password: str, *personal: str | None) -> None:
    config = current_app.config
    known = (config["SERVICE_NAME"], *config["PASSWORD_WORDS"], *personal)
    problem = new_passwords.find_problem(password, *known)
    if problem:
        raise BadPassword(problem)
    if config["BREACHED_PASSWORDS_FILE"] and _is_breached(password):
        raise BadPassword(
            "This password was found in a breach of another service, so it is among the first that "
            "are tried. Choose another."
        )


def find_problem_of_old_password(user: User) -> str | None:
    """Say why the password that the article's app stored of a user would not be taken today.

    Args:
        user: the user, whose password is still in plain text.

    Returns:
        A sentence, or None if it would be taken.
    """
    try:
        _require_good_password(user.plaintext_password or "", user.name, user.email)
    except BadPassword as refusal:
        return refusal.problem
    except ListNotReadable:  # it must not keep a password in plain text
        return None
    return None


def _is_breached(password: str) -> bool:
    try:
        return breached.contains(current_app.config["BREACHED_PASSWORDS_FILE"], password)
    except OSError:
        current_app.logger.exception("BREACHED_PASSWORDS_FILE cannot be read")
        raise ListNotReadable from None


def _note(event: str, user: User, by: User | Operator, **about: Any) -> None:
    who = str(by.id) if by.id is not None else None
    audit.record(event, user=str(user.id), name=user.name, by=who, **about)
