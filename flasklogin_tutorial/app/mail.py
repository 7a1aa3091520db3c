"""How a letter leaves: one function, by SMTP or into an outbox.

The outbox is for development, for tests, and for a browser tab, which has no sockets: a list in the
memory of the process. Which of the two it is says MAIL_SERVER.
"""

import logging
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app

from .models import now

if TYPE_CHECKING:
    import smtplib

#: What MAIL_SERVER says for the outbox.
OUTBOX = "outbox"

_EXTENSION = "outbox"

#: The schemes of a server, with the port that each has if none is named. `smtp` changes to TLS
#: before anything is said (STARTTLS), and sends nothing where that does not work; `smtps` begins
#: with it; `smtp-plain` has none.
#: Source: RFC 8314, section 3.
_PORTS = {"smtp": 587, "smtps": 465, "smtp-plain": 25}

#: Seconds to wait for a server that does not answer.
PATIENCE = 10

#: Of a status of SMTP: the server will never take this. Source: RFC 5321, section 4.2.1.
_NEVER = 5


class MailAway(Exception):
    """The server took nothing now; it may do so later."""


class MailRefused(Exception):
    """The server will not take this letter, not even later."""


@dataclass(frozen=True)
class Letter:
    """What is sent.

    Attributes:
        to: one address.
        subject: one line.
        text: the text.
    """

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Server:
    """A server of SMTP, as MAIL_SERVER names it.

    Attributes:
        scheme: one of `smtp`, `smtps` and `smtp-plain`.
        host: its name.
        port: its port.
        user: who logs in there, if anybody does.
        password: with what.
    """

    scheme: str
    host: str
    port: int
    user: str | None
    password: str | None


def read_server(text: str) -> Server | None:
    """Read what MAIL_SERVER says.

    Args:
        text: the setting.

    Returns:
        The server, or None for the outbox.

    Raises:
        ValueError: it names neither.
    """
    if text == OUTBOX:
        return None
    parts = urlsplit(text)
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("no address of a server")
    user, password = ((one and unquote(one)) or None for one in (parts.username, parts.password))
    if (user is None) != (password is None):
        raise ValueError("a name without a password, or the other way round")
    port = parts.port or _PORTS[parts.scheme]
    return Server(parts.scheme, parts.hostname, port, user, password)


def register_mail(app: Flask) -> None:
    """Give an app its outbox, if it has one.

    Args:
        app: the app.
    """
    app.extensions[_EXTENSION] = []


def outbox_of(app: Flask) -> list[EmailMessage]:
    """Return the letters in the outbox of an app, the first ones first.

    Args:
        app: the app.

    Returns:
        The list itself, which can be cleared.
    """
    letters: list[EmailMessage] = app.extensions[_EXTENSION]
    return letters


def send(letter: Letter) -> None:
    """Send a letter, or put it into the outbox.

    Args:
        letter: the letter.

    Raises:
        MailAway: the server cannot be reached, or does not take it now.
        MailRefused: the server does not take it, now or later.
    """
    message = _message(letter)
    server = read_server(current_app.config["MAIL_SERVER"])
    if server is not None:
        _send_by_smtp(server, message)
        return
    outbox_of(current_app).append(message)
    level = logging.DEBUG if current_app.testing else logging.WARNING
    current_app.logger.log(level, "a mail to %s:\n%s", letter.to, letter.text)


def find_flaw_of_server() -> str | None:
    """Ask the server whether it would take letters.

    Returns:
        Why not, in one word, or None if it would, or there is none to be asked.
    """
    server = read_server(current_app.config["MAIL_SERVER"] or OUTBOX)
    if server is None:
        return None
    import smtplib

    try:
        with _connect(server) as connection:
            connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        return type(error).__name__
    return None


def _message(letter: Letter) -> EmailMessage:
    """Put a letter into the form of mail.

    The library refuses line breaks in a header. That there is one recipient is said with an object
    for one address: of a text it makes a list, if it holds a comma.

    Source: RFC 5322; RFC 3834, section 5, for letters that no person wrote.
    """
    from email.headerregistry import Address  # three thousand lines, for apps that send mail

    sender = current_app.config["MAIL_FROM"]
    message = EmailMessage()
    message["From"] = Address(current_app.config["SERVICE_NAME"], addr_spec=sender)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _connect(server: Server) -> "smtplib.SMTP":
    """Open a connection, with TLS unless the scheme says otherwise.

    The modules are imported when the first letter is sent: a tab has no sockets and no TLS.
    """
    import smtplib
    import ssl

    context = ssl.create_default_context()  # it compares the name of the server
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=PATIENCE, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.scheme == "smtp":
            connection.starttls(context=context)
        if server.user is not None and server.password is not None:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _send_by_smtp(server: Server, message: EmailMessage) -> None:
    import smtplib

    try:
        with _connect(server) as connection:
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        [(code, _)] = error.recipients.values()
        raise _trouble(code) from error
    except smtplib.SMTPDataError as error:
        raise _trouble(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        # What is wrong with the server or the settings is not the fault of the letter, even where
        # the server says "never", as to a wrong password: the letter waits.
        raise MailAway(type(error).__name__) from error


def _trouble(code: int) -> MailAway | MailRefused:
    kind = MailRefused if code // 100 == _NEVER else MailAway
    return kind(f"status {code}")
