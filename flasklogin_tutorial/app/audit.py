"""The audit log: who signed in, who failed to, what was changed about an account, what was refused.

Each event is one line of JSON on the logger of this module. It holds no password, no token and no
e-mail address. A name that nobody has is left out, because people type their password into the
wrong field.

The rules of the app say what happened, and know of no request. From where it was asked for is added
here, if a request is being answered, so that no rule has to be told for the sake of the log alone.

What anybody can cause as often as they like, such as a refusal, gets so many lines a minute and no
more (see `record_at_most`): a stranger must not be able to fill the disk, nor to bury a line among
a million others.
"""

import json
import logging
import re
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user
from pymongo.errors import PyMongoError
from werkzeug.exceptions import HTTPException

from .line_limit import LineLimit
from .models import LONGEST_AGENT, User, as_object_id, now
from .throttle import network_of

logger = logging.getLogger(__name__)

_EXTENSION = "audit_lines"

#: What JSON writes with up to six characters in place of one. No browser has it in its name.
_SPELLED_OUT = re.compile(r"[^ !#-\[\]-~]")

#: A verb or a path that is written as it came. Others are left out.
_PLAIN = re.compile(r"[A-Za-z0-9/._-]{1,100}")


def record(event: str, **about: Any) -> None:
    """Write one event.

    Source: OWASP Logging Cheat Sheet, "Data to exclude" and "Event attributes": when, where, who
    and what, encoded so that input cannot forge a line; no passwords and no tokens.

    Args:
        event: what happened, such as `sign_in`.
        **about: what else to say; nothing secret.
    """
    said = {"time": now().isoformat(), "event": event, **about}
    if has_request_context():
        said |= {"address": request.remote_addr, "agent": _SPELLED_OUT.sub("?", user_agent())}
    logger.info(json.dumps(said))


def record_at_most(event: str, **about: Any) -> None:
    """Write an attempt to sign in that failed, unless there were too many.

    How many are too many stands in `line_limit`. They are counted: one line says that lines are
    left out as soon as that begins, and before the next one stands how many there were.

    Args:
        event: as for `record`.
        **about: as for `record`.
    """
    if _has_room("sign in", _network()):
        record(event, **about)


def record_refusal(code: str, reason: str) -> None:
    """Write that the request that is being answered was refused: who asked for what, and on whom.

    Source: OWASP ASVS 5.0, 16.3.2: failed attempts at what somebody may not do are logged; OWASP
    Logging Cheat Sheet, "Which events to log".

    Args:
        code: why, for programs.
        reason: why, in a sentence of ours that holds nothing of the input.
    """
    # First: whoever is to be named may have to be looked up in the database.
    known = _known()
    if not (_has_room("user", known) if known else _has_room("stranger", _network())):
        return
    by = _who()
    record(
        "refused",
        code=code,
        reason=reason,
        call=" ".join(map(_plain, (request.method, request.path))),
        **_whom(),
        by=str(by.id) if by is not None else None,
        known_by=None if by is None else "token" if by.api_token is not None else "login",
    )


def is_about(user: User) -> None:
    """Note whom the request that is being answered is about, in case that it is refused.

    Args:
        user: the user, as found in the database.
    """
    setattr(g, _EXTENSION, {"user": str(user.id), "name": user.name})


def _plain(text: str) -> str:
    """Return a verb or a path that is written as it came, and nothing of any other."""
    return text if _PLAIN.fullmatch(text) else "?"


def _whom() -> dict[str, Any]:
    """Return whom the request is about: as found, or else as the address names them."""
    if _EXTENSION in g:
        found: dict[str, Any] = g.get(_EXTENSION)
        return found
    named = as_object_id(str((request.view_args or {}).get("user_id")))
    return {"user": str(named) if named is not None else None}


def _who() -> User | None:
    """Return whoever sent the request, if that can be found out while it is refused."""
    try:
        user = current_user._get_current_object()
    except (HTTPException, PyMongoError):  # a bad token; a database that is away
        return None
    return user if isinstance(user, User) else None


def _known() -> str | None:
    """Return the id of whoever is logged in, where that has been found out for this request."""
    user = g.get("_login_user")  # where Flask-Login keeps whom it has loaded
    return str(user.id) if isinstance(user, User) else None


def _network() -> str:
    return network_of(request.remote_addr if has_request_context() else None)


def _has_room(kind: str, who: str) -> bool:
    """Count a line that a visitor caused, and tell whether to write it."""
    limit: LineLimit = current_app.extensions[_EXTENSION]
    turn = limit.take_turn(kind, who, now())
    if turn.left_out:
        record("lines_left_out", number=turn.left_out)
    if turn.begins:
        record("leaving_lines_out")
    return turn.has_room


def user_agent() -> str:
    """Return what the browser says it is, shortened."""
    return request.user_agent.string[:LONGEST_AGENT]


def show_audit_log(app: Flask) -> None:
    """Send the events to stderr, unless the server has decided where they go.

    Args:
        app: the app.
    """
    app.extensions[_EXTENSION] = LineLimit()
    if app.testing or logger.hasHandlers():
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
