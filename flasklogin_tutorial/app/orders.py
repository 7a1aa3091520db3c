"""The queue of mail: a request orders a letter, and a command writes and sends it.

An order says who is to be written to, and about what. It holds no link: the letter is written when
it is sent, so whoever reads the queue can use nothing, and a link has its whole time when it
arrives. A request for somebody whom nobody knows is the same order, so it takes the same work as
any other; that there is nobody to write to shows only here, where no visitor waits.

A server that is away loses nothing: the order stays, and is tried again, more and more seldom, for
KEEP_TRYING. What is given up then, and what the server refuses for good, is written to the audit
log. With the outbox, letters are sent at the end of the request that ordered them; in a test, when
somebody looks into it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from bson import ObjectId
from flask import Flask, current_app, g, has_request_context

from . import audit, letters, links, mail
from .addresses import key_of, read_address
from .failures import log_failure
from .mail import Letter
from .models import MailOrder, User, now
from .refusals import BadAddress

NOTICE = "notice"

#: How long an order is tried. A letter that comes later than that surprises whoever gets it.
KEEP_TRYING = timedelta(hours=24)

#: How long whoever has taken an order may work on it, before another sender takes it too.
LEASE = timedelta(minutes=5)

#: The longest pause between two tries of one order.
LONGEST_PAUSE = timedelta(hours=1)

#: How many accounts with one address are written to.
MOST_ACCOUNTS = 5

_SOON = "mail_was_ordered"


@dataclass
class Tally:
    """What came of the orders that were due.

    Attributes:
        sent: letters that were sent.
        waiting: orders that will be tried again.
        given_up: orders that are gone although no letter was sent.
    """

    sent: int = 0
    waiting: int = 0
    given_up: int = 0

    def __str__(self) -> str:
        return f"sent: {self.sent}, to be tried again: {self.waiting}, given up: {self.given_up}"


def register_orders(app: Flask) -> None:
    """Let an app with an outbox send what was ordered, at the end of each request.

    Not in a test: there the time between the question and the answer would be that of the letters.

    Args:
        app: the app.
    """
    if app.testing:
        return

    @app.teardown_request
    def send_after_the_answer(error: BaseException | None) -> None:
        if g.pop(_SOON, False):
            send_waiting()


def is_on() -> bool:
    """Tell whether this app sends mail."""
    return current_app.config["MAIL_SERVER"] is not None


def order(
    kind: str,
    email: str,
    *,
    user: ObjectId | None = None,
    epoch: int | None = None,
    about: str | None = None,
) -> None:
    """Order a letter. It takes one write, whoever it is for.

    Args:
        kind: what letter, a key of WRITERS.
        email: where to.
        user: whom it is about.
        epoch: the user's `login_epoch` now: a link in the letter is no good after it.
        about: what a notice is about.
    """
    placed = MailOrder(kind=kind, email=email, user=user, epoch=epoch, about=about)
    placed.save(force_insert=True)
    if current_app.config["MAIL_SERVER"] != mail.OUTBOX or current_app.testing:
        return
    if has_request_context():
        setattr(g, _SOON, True)
    else:
        send_waiting()


def read_outbox(app: Flask) -> list[EmailMessage]:
    """Return the letters in the outbox of an app, after those that wait have come into it.

    Args:
        app: the app.

    Returns:
        The letters, the first ones first; the list itself, which can be cleared.
    """
    with app.app_context():
        send_waiting()
    return mail.outbox_of(app)


def tell(user: User, about: str) -> None:
    """Order a notice to a user, if this app sends mail and the user has an address for it.

    Args:
        user: the user; the notice goes to the address that is stored now.
        about: what has changed, a key of `letters.NOTICES`.
    """
    if not is_on() or not user.email:
        return
    try:
        to = read_address(user.email).written
    except BadAddress:  # from before this app sent mail
        return
    order(NOTICE, to, user=user.id, about=about)


def send_waiting() -> Tally:
    """Write and send what is due.

    Several may do this at once: an order is taken by one atomic update. If its sender dies after
    the letter has left, it is sent a second time.

    Returns:
        What came of it.
    """
    tally = Tally()
    while (taken := _take()) is not None:
        if taken.made + KEEP_TRYING < now():
            _give_up(taken, "too late", tally)
            continue
        try:
            for letter in WRITERS[taken.kind](taken):
                mail.send(letter)
                tally.sent += 1
                _note("mail_sent", taken)
        except mail.MailAway as error:
            log_failure("the mail server took nothing: %s", error)
            pause = min(timedelta(minutes=2 ** min(taken.tries, 10)), LONGEST_PAUSE)
            MailOrder.objects(id=taken.id).update_one(set__after=now() + pause)
            tally.waiting += 1
        except mail.MailRefused as error:
            _give_up(taken, str(error), tally)
        else:
            taken.delete()
    return tally


def _take() -> MailOrder | None:
    due = MailOrder.objects(after__lte=now()).order_by("after")
    taken: MailOrder | None = due.modify(new=True, set__after=now() + LEASE, inc__tries=1)
    return taken


def _give_up(taken: MailOrder, why: str, tally: Tally) -> None:
    taken.delete()
    tally.given_up += 1
    _note("mail_given_up", taken, why=why)


def _note(event: str, taken: MailOrder, **about: str) -> None:
    whom = str(taken.user) if taken.user is not None else None
    audit.record(event, user=whom, kind=taken.kind, **about)


# ---- the letters of each kind of order


def _write_notice(taken: MailOrder) -> Iterator[Letter]:
    yield letters.write_notice(taken.email, str(taken.about))


def _write_reset(taken: MailOrder) -> Iterator[Letter]:
    """Write to each user who has confirmed the address that was typed, to the address as stored."""
    if taken.user is not None:
        users = User.objects(id=taken.user)
    else:
        users = User.objects(confirmed_email=key_of(taken.email)).limit(MOST_ACCOUNTS)
    for user in users:
        if user.is_active and user.has_confirmed_address:
            taken.user = user.id  # for the line of the log
            token = links.make(user.id, links.RESET, email=user.email, epoch=user.login_epoch)
            yield letters.write_reset(user, token)


def _write_confirmation(taken: MailOrder) -> Iterator[Letter]:
    user: User | None = User.objects(id=taken.user).first()
    if user is not None and user.is_active and user.login_epoch == taken.epoch:
        token = links.make(user.id, links.CONFIRM, email=taken.email, epoch=user.login_epoch)
        yield letters.write_confirmation(taken.email, token)


#: For each kind of order what makes its letters. There may be none, and nobody is told.
WRITERS: dict[str, Callable[[MailOrder], Iterator[Letter]]] = {
    NOTICE: _write_notice,
    links.RESET: _write_reset,
    links.CONFIRM: _write_confirmation,
}
